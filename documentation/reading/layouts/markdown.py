"""The markdown edition of a page: the operation's OpenAPI document in a fenced `yaml` block."""

from __future__ import annotations

import re
from dataclasses import dataclass
from textwrap import dedent
from typing import Any

import yaml
from markdown_it import MarkdownIt

from documentation.fact import Location, PageError
from documentation.reading.layouts.draft import Draft
from documentation.reading.layouts.openapi import (
    Document,
    body_drafts,
    markdown_lines,
    parameter_draft,
)
from documentation.reading.layouts.rendered import Layout
from documentation.reading.layouts.text import bounded
from overlays import yaml_text

# It is given lines without their indentation: inside components, fences stand at any depth.
_MARKDOWN = MarkdownIt("zero").enable("fence").disable("inline")
_INFO = re.compile(r"ya?ml\b ?(.*)", re.IGNORECASE)
_METHODS = ("get", "post", "put", "patch", "delete", "head", "options")
_OPENAPI = re.compile(r"^(?:openapi|swagger|paths) ?:", re.MULTILINE)
MOST_NODES = 50_000
MOST_DEPTH = 100


def openapi_block(text: str) -> tuple[str, str, str] | None:
    """The block's YAML, its info words, and the text above it; None on a page without one."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for fence in _MARKDOWN.parse("\n".join(line.strip() for line in lines)):
        found = _INFO.fullmatch(fence.info.strip())
        if found is None or fence.map is None:
            continue
        start = fence.map[0] + 1
        block = dedent("\n".join(lines[start : start + fence.content.count("\n")]))
        if _OPENAPI.search(block):
            return block, found[1], "\n".join(lines[: fence.map[0]])
    return None


def load_yaml(text: str) -> Any:
    """YAML as plain data; what is too deep, too large or endless is refused before it is built."""
    try:
        _measure(text)
        return yaml_text.load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" (line {mark.line + 1} of the block)" if mark else ""
        raise PageError(f"the yaml of the page can't be parsed{where}") from None


@dataclass(slots=True)
class _Node:
    """A list or mapping with its aliases written out: how large it is so far, and how deep."""

    anchor: str | None = None
    size: int = 1
    depth: int = 1


def _measure(text: str) -> None:
    whole: dict[str | None, _Node] = {}
    inside: list[_Node] = [_Node()]
    for event in yaml.parse(text, Loader=yaml_text.CoreLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            inside.append(_Node(event.anchor))
            done = _Node(size=0, depth=0)
        elif isinstance(event, yaml.CollectionEndEvent):
            done = inside.pop()
            whole[done.anchor] = done
        elif isinstance(event, yaml.ScalarEvent):
            lines = [bounded(line) for line in event.value.split("\n")]
            done = whole[event.anchor] = _Node(size=len(lines) + len(event.value) // 32, depth=0)
        elif isinstance(event, yaml.AliasEvent):
            if any(node.anchor == event.anchor for node in inside):
                raise PageError("the yaml of the page contains itself")
            done = whole.get(event.anchor) or _Node()
        else:
            continue
        around = inside[-1]
        around.size += done.size
        around.depth = max(around.depth, done.depth + 1)
        if len(inside) + done.depth > MOST_DEPTH:
            raise PageError("the yaml of the page is nested too deeply")
        if around.size > MOST_NODES:
            raise PageError("the yaml of the page is too large once its aliases are written out")


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
    for location in ("path", "query"):
        layout.drafts += [
            draft
            for parameter in parameters
            if parameter.get("in") == location
            and (draft := parameter_draft(document, parameter, location)) is not None
        ]
    body = document.resolve(operation.get("requestBody"))
    whole = [document.resolve(each.get("schema")) for each in _media(document, body)]
    for told in (operation, body, *whole):
        text = told.get("description")
        lines = markdown_lines(text) if isinstance(text, str) else []
        layout.notes += [re.sub(r"^(?:[*+-]|\d{1,2}[.)]) +", "", line) for line in lines]
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


def _content(
    document: Document, holder: dict[str, Any], location: Location, layout: Layout
) -> None:
    for entry in _media(document, holder):
        drafts: list[Draft] = body_drafts(document, entry.get("schema"), location)
        layout.drafts += drafts
        sample = _sample(document, entry)
        if isinstance(sample, dict):
            layout.samples[location] = sample


def _media(document: Document, holder: dict[str, Any]) -> list[dict[str, Any]]:
    """The first kind of content, JSON if there is any; none where there is none."""
    content = holder.get("content")
    media = list(content.items()) if isinstance(content, dict) else []
    media.sort(key=lambda entry: "json" not in str(entry[0]))
    return [document.resolve(entry) for _, entry in media[:1]]


def _sample(document: Document, media: dict[str, Any]) -> Any:
    if "example" in media:
        return media["example"]
    examples = media.get("examples")
    for example in examples.values() if isinstance(examples, dict) else ():
        return document.resolve(example).get("value")
    return document.resolve(media.get("schema")).get("example")


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
