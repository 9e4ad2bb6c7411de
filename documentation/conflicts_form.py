"""What an entry of `conflicts.yaml` looks like, and where one that people wrote does not."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, get_args

import yaml

from documentation.fact import KEYWORDS, Location, PageError, Source, show
from overlays import yaml_text

LOCATIONS = get_args(Location)
STATED = tuple(source for source in get_args(Source) if source in ("schema", "prose"))
OPEN = "wider"  # what `open` says of a choice that nobody has made yet


class Key(NamedTuple):
    """One key of an entry: what is right, and how that is said."""

    is_right: Callable[[Any], bool]
    expected: str
    needed: bool = True


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_text_list(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(map(_is_text, value))


def _is_statement(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and "value" in value
        and value.keys() <= {"page", "stated", "value"}
        and bool(value.keys() & {"page", "stated"})
        and value.get("stated", STATED[0]) in STATED
        and _is_text(value.get("page", "page"))
    )


def _are_statements(value: Any) -> bool:
    return isinstance(value, list) and len(value) > 1 and all(map(_is_statement, value))


def _is_pattern(value: Any) -> bool:
    try:
        return _is_text(value) and re.compile(value) is not None
    except re.error:
        return False


_PAGE = Key(_is_text, "the name of a page, as in documentation/facts/")
_IN = Key(lambda v: v in LOCATIONS, f"one of {', '.join(LOCATIONS)}", needed=False)
_FIELD = Key(_is_text, "the name of a field, a member of an object with a dot", needed=False)
_SENTENCE = Key(
    lambda v: isinstance(v, str) and re.fullmatch("[0-9a-f]{12}", v) is not None,
    "the 12 digits that docs-accept names the sentence by, in quotes where all of them are decimal",
)
_REASON = Key(_is_text, "a sentence that says why")
_ANY = Key(lambda _: True, "a value, as JSON or YAML writes it")
# By section: the keys of an entry, what the entry is called, and an entry that is right.
FORMS: dict[str, tuple[str, dict[str, Key], str]] = {
    "contradictions": (
        "a contradiction",
        {
            "page": _PAGE._replace(needed=False),
            "in": _IN,
            "field": _FIELD._replace(needed=True),
            "keyword": Key(lambda v: v in KEYWORDS, f"one of {', '.join(KEYWORDS)}"),
            "statements": Key(
                _are_statements,
                "a list of two or more of {stated: schema, value: 1} or {page: name, value: 1};"
                " stated is schema or prose",
            ),
            "choice": Key(lambda v: v is not None, "the value that holds"),
            "open": Key(lambda v: v == OPEN, f"{OPEN}, or no such line", needed=False),
            "reason": _REASON,
        },
        "{page: name, field: duration, keyword: maximum, statements: [{stated: schema, value: 1},"
        " {stated: prose, value: 2}], choice: 2, reason: why}",
    ),
    "silences": (
        "a silence",
        {
            "page": _PAGE._replace(expected=f'{_PAGE.expected}, or "*" for all'),
            "in": _IN,
            "field": _FIELD,
            "fields": Key(_is_text_list, "a list of names of fields", needed=False),
            "keyword": Key(_is_text, "a keyword of a fact or of a JSON Schema"),
            "spec": _ANY._replace(expected="the value of that keyword"),
            "sentence": _SENTENCE._replace(needed=False),
            "reason": _REASON,
        },
        "{page: name, field: duration, keyword: maximum, spec: 15, reason: why}",
    ),
    "unread": (
        "an unread sentence",
        {
            "sentence": _SENTENCE,
            "reason": _REASON,
        },
        "{sentence: 0123abcd4567, reason: why}",
    ),
    "recurring": (
        "a kind of sentence",
        {
            "pattern": Key(_is_pattern, "a regular expression of whole sentences"),
            "example": Key(_is_text, "a sentence of that kind"),
            "reason": _REASON,
        },
        "{pattern: links .*, example: links last, reason: why}",
    ),
}


def read_form(text: str, name: str) -> tuple[dict[str, list[Any]], dict[str, list[int]]]:
    """The entries by section, and the line that each of them begins in.

    Raises:
        PageError: One of them is not as it has to be: which line, what is there, what is expected.
    """
    try:
        data = yaml_text.load(text)
        root = yaml.compose(text, Loader=yaml_text.CoreLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{name} line {mark.line + 1}" if mark else name
        problem = getattr(error, "problem", None) or type(error).__name__
        raise PageError(f"{where} is no YAML: {problem}") from None
    if not isinstance(data, dict) or not isinstance(root, yaml.MappingNode):
        raise PageError(f"{name} line 1: expected: sections {', '.join(FORMS)}, each a list")
    lines: dict[str, list[int]] = {}
    for key, node in root.value:
        section, line = key.value, key.start_mark.line + 1
        if section in lines:
            raise PageError(f"{name} line {line}: {section} stands twice; expected: all in one")
        if section not in FORMS:
            raise PageError(f"{name} line {line}: {section} is none of {', '.join(FORMS)}")
        entries = data[section] = data[section] or []
        kind, _, right = FORMS[section]
        if not isinstance(entries, list):
            raise PageError(
                f"{name} line {line}: {section} is {_short(entries)}; expected: a list of entries"
                f" like {right}"
            )
        nodes = node.value if entries else []
        lines[section] = [each.start_mark.line + 1 for each in nodes]
        for entry, each in zip(entries, nodes, strict=True):
            for at, fault in _faults(section, entry, each):
                raise PageError(f"{name} line {at}: {kind}{fault}")
    return data, lines


def _faults(section: str, entry: Any, node: yaml.Node) -> Iterator[tuple[int, str]]:
    """What is wrong with one entry, with the line."""
    _, keys, right = FORMS[section]
    line = node.start_mark.line + 1
    if not isinstance(entry, dict) or not isinstance(node, yaml.MappingNode):
        yield line, f" is {_short(entry)}; expected: {right}"
        return
    at = {key.value: key.start_mark.line + 1 for key, _ in node.value}
    for name, value in entry.items():
        if name not in keys:
            yield at.get(name, line), f" has no {name[:40]}; expected: {', '.join(keys)}"
        elif not keys[name].is_right(value):
            yield at[name], f": {name} is {_short(value)}; expected: {keys[name].expected}"
    for name, key in keys.items():
        if key.needed and name not in entry:
            yield line, f" lacks {name}; expected: {key.expected}"
    if section == "contradictions" and "page" not in entry:
        for statement in entry["statements"]:
            if "page" not in statement:
                yield at["statements"], " lacks page; expected: page, or one in every statement"


def _short(value: Any) -> str:
    shown = show(value)
    return shown if len(shown) <= 60 else f"{shown[:57]}..."
