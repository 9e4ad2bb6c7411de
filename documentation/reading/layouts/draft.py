"""A field before its prose is read; every layout of a page is turned into such fields."""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass, field
from typing import Any

from documentation.fact import Fact, Location, PageError
from documentation.reading.layouts.text import bounded

MOST_DEPTH = 100
IDENTIFIER = r"[A-Za-z_][A-Za-z0-9_-]*"
NAME = re.compile(rf"{IDENTIFIER}(?:(?:\[\d*\])?\.{IDENTIFIER})*(?:\[\d*\])?")
_PLACEHOLDER = re.compile(r"<[\w\[\]| -]*>")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")


@dataclass(slots=True)
class Draft:
    """One field: its statements from the type line and labels, its prose, its examples."""

    location: Location
    name: str
    types: tuple[str, ...] = ()
    items: str = ""
    schema: list[tuple[str, Any]] = field(default_factory=list)
    prose: list[str] = field(default_factory=list)
    examples: list[Any] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)

    @property
    def type(self) -> str:
        """The JSON type that prose is understood by; empty where the layout lost it."""
        return self.types[0] if self.types else ""

    @property
    def may_differ(self) -> bool:
        """Whether what prose says of the field may hold for some requests only."""
        return self.location == "request" and self.name != "model"

    def member(self, name: str, kind: str) -> Draft:
        """A field of this object, or of each item of this list, of a type."""
        return Draft(self.location, f"{self.name}.{name}", (kind,), schema=[("type", kind)])

    def opening(self) -> str:
        """The first line of the prose that has any words: what the field is."""
        return next((line for line in self.prose if line.strip()), "")

    def value_of(self, keyword: str) -> Any:
        """What the schema lines say for a keyword, None where they are silent."""
        return next((value for key, value in self.schema if key == keyword), None)

    def options(self) -> list[Any]:
        """The allowed values that the schema lines list, without null."""
        return [value for value in self.value_of("enum") or [] if value is not None]

    def shown(self) -> set[str]:
        """What the options, the default and the examples of the page look like in a sentence."""
        values = [*self.options(), self.value_of("default"), *self.examples]
        return {str(value) for value in values if isinstance(value, str | int | float)}


_LITERALS = {"True": "true", "False": "false", "None": "null"}


def as_json(text: str) -> str:
    """A text in which what a Python program shows as a request is JSON."""
    plain = re.sub(r"\b(?:True|False|None)\b(?=\s*[,}\]])", lambda w: _LITERALS[w[0]], text)
    return re.sub(r",(?=\s*[}\]])", "", plain)


def request_shown(text: str) -> dict[str, Any] | None:
    """The first request with a model that a text shows, in JSON or as Python has it."""
    text = as_json(text)
    for start in re.finditer(r"\{(?=\s*\"model\")", text):
        try:
            value, _ = json_at(text, start.start())
        except ValueError:
            continue
        if isinstance(value, dict):
            return value
    return None


MOST_PATTERN = 300
# What validators read differently, and repetitions inside repetitions, which may take for ever.
_ODD_PATTERN = re.compile(
    r"\\[^dDwWsSbBnrtfvux0-9.*+?^${}()|\[\]\\/]|\(\?(?![:=!])|[+*}]\)[+*{]|\\[1-9pP]"
)


def is_plain(pattern: str) -> bool:
    """Whether every validator reads a pattern alike."""
    try:
        re.compile(pattern)
    except (re.error, RecursionError, OverflowError):
        return False
    return len(pattern) <= MOST_PATTERN and not _ODD_PATTERN.search(pattern)


def dotted(name: str) -> str:
    """Members of objects and of array items alike are written with a dot alone."""
    return re.sub(r"\[\d*\]", "", name)


def typed(text: str, kind: str) -> Any:
    """The JSON value that a label's bare text stands for, given the field's type."""
    text = text.strip().strip("`")
    if kind == "string" or not kind:
        return text[1:-1] if len(text) > 1 and text[0] == text[-1] in "\"'" else text
    return loose_json(text)


def loose_json(text: str) -> Any:
    """JSON where the text is JSON, the text itself where it is not."""
    lowered = text.strip().lower()
    if lowered in ("true", "false", "null"):
        return {"true": True, "false": False, "null": None}[lowered]
    if _NUMBER.fullmatch(lowered):
        return number(lowered)
    if text[:1] in '"[{':
        try:
            return json_value(text)
        except ValueError:
            return text
    return text


def number(text: str) -> int | float:
    """A number as JSON has it: whole ones are integers."""
    bare = bounded(text.replace(",", ""))
    if re.fullmatch(r"-?\d+", bare):
        return int(bare)
    value = _finite(bare)
    return int(value) if value.is_integer() and abs(value) < 1e15 else value


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise PageError("the page has a number that is too large")
    return value


def _no_number(text: str) -> float:
    raise ValueError(f"{text} is not JSON")


_DECODER = json.JSONDecoder(parse_int=number, parse_float=_finite, parse_constant=_no_number)


def json_at(text: str, start: int = 0) -> tuple[Any, int]:
    """The JSON value that starts at a place, and where it ends; a ValueError if none does."""
    try:
        value, end = _DECODER.raw_decode(text, start)
        json.dumps(value, ensure_ascii=False).encode()
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if _depth(value) > MOST_DEPTH:
        raise ValueError("nested too deeply")
    return value, end


def json_value(text: str) -> Any:
    """A text that is JSON as a whole; a ValueError if it is not."""
    text = text.strip()
    value, end = json_at(text)
    if end < len(text):
        raise ValueError("more than one value")
    return value


def _depth(value: Any, above: int = 0) -> int:
    parts = value.values() if isinstance(value, dict) else value
    if not isinstance(value, dict | list) or above > MOST_DEPTH:
        return above
    return max((_depth(part, above + 1) for part in parts), default=above + 1)


def sample_facts(page: str, location: Location, sample: object, prefix: str = "") -> list[Fact]:
    """What a sample body shows: an example a member, members of objects dotted."""
    if not isinstance(sample, dict) or prefix.count(".") > 8:
        return []
    facts = []
    for key, value in sample.items():
        name = f"{prefix}{key}"
        if not NAME.fullmatch(name):
            continue
        if isinstance(value, dict) and value:
            facts += sample_facts(page, location, value, f"{name}.")
        elif not is_placeholder(value):
            facts.append(Fact(page, location, name, "example", value, "sample"))
    return facts


def is_placeholder(value: object) -> bool:
    """`"<string>"` stands where the page has no example."""
    if isinstance(value, list):
        return bool(value) and all(is_placeholder(entry) for entry in value)
    return isinstance(value, str) and bool(_PLACEHOLDER.fullmatch(value))


def schema_facts(page: str, draft: Draft) -> list[Fact]:
    """The statements of the type line and the labels, in the order the page has them.

    Of a field that may be a value or a list or an object, the type is none: it is asked about.
    """
    location, name = draft.location, draft.name
    said = [pair for pair in draft.schema if pair[0] != "items"] if mixed(draft) else draft.schema
    said = [pair for pair in said if pair[0] != "type"] if mixed(draft) else said
    return [
        Fact(page, location, name, key, value, "schema")
        for key, value in said
        if not (key == "default" and _is_a_word(value, draft))
    ]


def _is_a_word(value: Any, draft: Draft) -> bool:
    """Whether a word stands for what happens without a value: `random`, of a number."""
    kinds = {"integer", "number", "boolean", "array", "object"}
    return isinstance(value, str) and bool(draft.types) and {*draft.types} <= kinds


def mixed(draft: Draft) -> bool:
    """Whether a field may be a plain value, and a list or an object as well."""
    kinds = {value for key, value in draft.schema if key == "type"}
    return len(kinds) > 1 and bool(kinds & {"array", "object"})
