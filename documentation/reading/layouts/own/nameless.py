"""Reads pages whose saved text lost the names of fields.

Types, badges and labels are gone too. What is left is each field's description, the bare number or
list that its labels had, and its example, which ends the field. Fields are called `?1`, `?2` ...
until people give their names in the facts file.
"""

from __future__ import annotations

import re
from typing import Any

from documentation.fact import Location
from documentation.reading.layouts.draft import Draft, json_value, loose_json, number
from documentation.reading.layouts.options import BULLET
from documentation.reading.layouts.rendered import Layout
from documentation.reading.layouts.text import CJK, normal

_BODY = re.compile(r".*?(?:Body|请求体|请求正文)$")
_RESPONSE = re.compile(r"Response|响应|返回")
_EXAMPLE = re.compile(r"(?P<count>\d+)?(?P<json>\"(?:[^\"\\]|\\.)*\"|\[(?=[\"\d{\[]).*?\](?=\S|$))")
_OPTIONS = re.compile(r"(?P<list>[\w.:-]+(?:, [\w.:-]+)*)(?: (?P<rest>[\"A-Z].*))?$")
_RANGE = re.compile(r"(-?\d+) ?<= ?x ?<= ?(-?\d+)$")
_TYPES = {str: "string", int: "integer", float: "number", bool: "boolean", list: "array"}
_SENTENCE = re.compile(rf"(?:[A-Z]|[{CJK}])")


def read_nameless(lines: list[str], names: dict[str, list[str]]) -> Layout | None:
    """Fields in order, named as far as people named them; None where the text is no such page."""
    body = next((i for i, line in enumerate(lines) if _BODY.fullmatch(normal(line))), None)
    if body is None:
        return None
    layout = Layout()
    location: Location = "request"
    block: list[str] = []
    for line in [*lines[body + 1 :], ""]:
        if _RESPONSE.fullmatch(normal(line)):
            _finish(layout, location, block)
            location, block = "response", ["?"]
            continue
        if block == ["?"]:
            block = [] if line else block
            continue
        for part, ends in _parts(line, block):
            if block and _opens(part, block):
                _finish(layout, location, block)
                block = []
            if part:
                block.append(part)
            if ends:
                _finish(layout, location, block)
                block = []
    _finish(layout, location, block)
    for draft in layout.drafts:
        given, position = names.get(draft.location, []), int(draft.name[1:])
        draft.name = given[position - 1] if position <= len(given) else draft.name
    return layout if layout.drafts else None


def _parts(line: str, block: list[str]) -> list[tuple[str, bool]]:
    """A line cut after the examples that stand in it; whether each part ends its field."""
    if not block or BULLET.match(line):
        return [(line, False)]
    parts: list[tuple[str, bool]] = []
    rest = line
    options = _OPTIONS.fullmatch(rest)
    if options and options["rest"] and not _SENTENCE.match(rest):
        ends = options["rest"].startswith('"')
        if not ends:
            return [(options["list"], True), (options["rest"], False)]
        return [(rest, True)]
    found = _EXAMPLE.match(rest)
    if found:
        tail = rest[found.end() :]
        parts.append((found[0], True))
        return [*parts, (tail, False)] if tail else parts
    bare = re.fullmatch(r"-?\d+(?:\.\d+)?|true|false", rest)
    return [(rest, bool(bare) or bool(_RANGE.fullmatch(rest)))]


def _opens(part: str, block: list[str]) -> bool:
    """Whether a line starts the next field: a plain sentence after a finished or plain one."""
    if not part or BULLET.match(part) or part.endswith(":") or not _SENTENCE.match(part):
        return False
    last = block[-1]
    return not last.endswith((":", ",")) and not any(line.endswith(":") for line in block)


def _finish(layout: Layout, location: Location, block: list[str]) -> None:
    if not any(block) or block == ["?"]:
        return
    position = 1 + sum(draft.location == location for draft in layout.drafts)
    draft = Draft(location, f"?{position}")
    *prose, last = block
    if not _values(draft, last):
        prose.append(last)
    draft.prose = _joined(prose)
    draft.types = tuple(_TYPES[type(value)] for value in draft.examples if type(value) in _TYPES)
    layout.drafts.append(draft)


def _joined(lines: list[str]) -> list[str]:
    """Lines that a value in the middle of a sentence broke are one line again."""
    whole: list[str] = []
    for line in lines:
        broken = whole and line and not BULLET.match(line) and re.match(r"[\d.]", line)
        if broken:
            whole[-1] = f"{whole[-1]} {line}"
        else:
            whole.append(line)
    return [part for line in whole for part in re.split(r" (?=- [A-Z一-鿿])", line)]


def _values(draft: Draft, last: str) -> bool:
    """The number, list and example that a field's labels left behind."""
    limits = _RANGE.fullmatch(last)
    if limits:
        low, (high, examples) = number(limits[1]), _cut(number(limits[1]), limits[2])
        draft.schema = [("minimum", low), ("maximum", high)]
        draft.examples = list(examples)
        return True
    found = _EXAMPLE.fullmatch(last)
    if found:
        value = _json(found["json"])
        draft.examples = [value]
        if found["count"]:
            keyword = "maxItems" if isinstance(value, list) else "maxLength"
            draft.schema = [(keyword, number(found["count"]))]
        return True
    options = _OPTIONS.fullmatch(last)
    if options and (options["rest"] or "." in last or "," in last) and not _SENTENCE.match(last):
        draft.schema = [("enum", options["list"].split(", "))]
        if options["rest"]:
            draft.examples = [_json(options["rest"])]
        return True
    if re.fullmatch(r"-?\d+(?:\.\d+)?|true|false", last):
        draft.examples = [loose_json(last)]
        return True
    return False


def _cut(low: float, digits: str) -> tuple[int | float, list[int | float]]:
    """`0 <= x <= 1000` is the bound 100 and the example 0, the first split that is in range."""
    for end in range(1, len(digits)):
        high, example = digits[:end], digits[end:]
        if example.startswith("0") and example != "0":
            continue
        if low <= number(example) <= number(high) and low < number(high):
            return number(high), [number(example)]
    return number(digits), []


def _json(text: str) -> Any:
    try:
        return json_value(text)
    except ValueError:
        return text.strip('"')
