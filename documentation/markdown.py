"""The markdown edition of a page: the operation's OpenAPI document in a fenced `yaml` block."""

from __future__ import annotations

import re
from typing import Any

import yaml

from documentation import yaml_text
from documentation.draft import Draft
from documentation.fact import PageError, Place
from documentation.openapi import Document, body_drafts, parameter_draft
from documentation.rendered import Layout

_FENCE = re.compile(r"(`{3,}|~{3,}) ?ya?ml\b ?(.*)", re.IGNORECASE)
_METHODS = ("get", "post", "put", "patch", "delete", "head", "options")
_OPENAPI = re.compile(r"(?:openapi|swagger|paths) ?:")
MOST_NODES = 50_000
MOST_DEPTH = 100


def openapi_block(text: str) -> tuple[str, str, str] | None:
    """The block's YAML, its info words, and the text above it; None on a page without one."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    at = 0
    while at < len(lines):
        found = _FENCE.fullmatch(lines[at].strip())
        if found is None:
            at += 1
            continue
        indent = len(lines[at]) - len(lines[at].lstrip())
        end = at + 1
        while end < len(lines) and not _closes(lines[end], found[1]):
            end += 1
        block = [line[indent:] if line[:indent].isspace() else line for line in lines[at + 1 : end]]
        if any(_OPENAPI.match(line) for line in block):
            return "\n".join(block), found[2], "\n".join(lines[:at])
        at = end + 1
    return None


def _closes(line: str, fence: str) -> bool:
    stripped = line.strip()
    return len(stripped) >= len(fence) and set(stripped) == {fence[0]}


def load_yaml(text: str) -> Any:
    """YAML as plain data; what aliases would blow up, and what never ends, is refused."""
    try:
        data = yaml_text.load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" (line {mark.line + 1} of the block)" if mark else ""
        raise PageError(f"the yaml of the page can't be parsed{where}") from None
    except (RecursionError, ValueError):
        raise PageError("the yaml of the page is nested too deeply or has an odd value") from None
    _measure(data, {}, 0)
    return data


def _measure(value: Any, known: dict[int, int], depth: int) -> int:
    """How many nodes a value has once its aliases are written out."""
    if not isinstance(value, dict | list):
        return 1
    if depth > MOST_DEPTH:
        raise PageError("the yaml of the page is nested too deeply")
    if id(value) in known:
        if known[id(value)] < 0:
            raise PageError("the yaml of the page contains itself")
        return known[id(value)]
    known[id(value)] = -1
    parts = value.values() if isinstance(value, dict) else value
    size = 1 + sum(_measure(part, known, depth + 1) for part in parts)
    if size > MOST_NODES:
        raise PageError("the yaml of the page is too large once its aliases are written out")
    known[id(value)] = size
    return size


def read_openapi(block: str, info: str, above: str) -> Layout:
    """The operation's parameters, body and successful answer, as fields of the page."""
    data = load_yaml(block)
    if not isinstance(data, dict) or not isinstance(data.get("paths"), dict):
        raise PageError("the yaml block of the page has no paths")
    document = Document(data)
    path, method, operation, shared = _operation(document, data["paths"], info)
    layout = Layout(method=method.upper(), path=path)
    layout.intro = [line for line in above.split("\n") if not line.startswith((">", "#", "<"))]
    parameters = [document.resolve(p) for p in [*shared, *_list(operation.get("parameters"))]]
    for place in ("path", "query"):
        layout.drafts += [
            draft
            for parameter in parameters
            if parameter.get("in") == place
            and (draft := parameter_draft(document, parameter, place)) is not None
        ]
    body = document.resolve(operation.get("requestBody"))
    _content(document, body, "request", layout)
    responses = operation.get("responses")
    for status, response in responses.items() if isinstance(responses, dict) else ():
        if str(status).startswith("2"):
            _content(document, document.resolve(response), "response", layout)
            break
    return layout


def _operation(
    document: Document, paths: dict[str, Any], info: str
) -> tuple[str, str, dict[str, Any], list[Any]]:
    """The operation that the block's info line names, else the only or first one."""
    found: list[tuple[str, str, dict[str, Any], list[Any]]] = []
    for path, item in paths.items():
        item = document.resolve(item)
        for method in _METHODS:
            if isinstance(item.get(method), dict):
                found.append((str(path), method, item[method], _list(item.get("parameters"))))
    if not found:
        raise PageError("the yaml block of the page has no operation")
    words = info.lower().split()
    for entry in found:
        if entry[1] in words and entry[0].lower() in words:
            return entry
    return found[0]


def _content(document: Document, holder: dict[str, Any], place: Place, layout: Layout) -> None:
    content = holder.get("content")
    media = list(content.items()) if isinstance(content, dict) else []
    media.sort(key=lambda entry: "json" not in str(entry[0]))
    for _, entry in media[:1]:
        entry = document.resolve(entry)
        drafts: list[Draft] = body_drafts(document, entry.get("schema"), place)
        layout.drafts += drafts
        sample = _sample(document, entry)
        if isinstance(sample, dict):
            layout.samples[place] = sample


def _sample(document: Document, media: dict[str, Any]) -> Any:
    if "example" in media:
        return media["example"]
    examples = media.get("examples")
    for example in examples.values() if isinstance(examples, dict) else ():
        return document.resolve(example).get("value")
    return document.resolve(media.get("schema")).get("example")


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
