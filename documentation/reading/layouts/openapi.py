"""Reads the fields of an OpenAPI document on a page; variants of a body become one list."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from markdown_it import MarkdownIt

from documentation.fact import BOUNDS, Location, PageError
from documentation.reading.layouts.branches import (
    RULE_KEYS,
    RULES,
    dict_of,
    list_of,
    loosest,
    of_branches,
    of_rule,
    rules_of,
    rules_of_branches,
)
from documentation.reading.layouts.draft import NAME, Draft, is_plain
from documentation.reading.layouts.text import lines_of
from overlays.errors import BrokenReferenceError
from overlays.openapi import referred

_JSON_TYPES = {"string", "integer", "number", "boolean", "object", "array"}
MOST_FIELDS = 1000
MOST_DEPTH = 12
MOST_NODES = 200_000
MOST_CELLS = 20_000
_MARKDOWN = MarkdownIt("zero").enable(["fence", "table"]).disable("inline")
_LINK = re.compile(r"!?\[([^\]]{0,300})\]\([^)]{0,1000}\)")
_EMPHASIS = re.compile(r"(\*\*|__)(?=\S)(.{1,1000}?)(?<=\S)\1")
_TAG = re.compile(
    r"</?(?:br|p|b|i|strong|em|code|ul|ol|li|div|span|Note|Warning|Tip|Info)\b[^>]{0,300}>"
)


class Document:
    """An OpenAPI document whose references may be followed, inside it and nowhere else."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.data = data
        self.left = MOST_NODES

    def _spend(self, count: int) -> None:
        """References let a small document mean an endless one: all that is looked at is counted."""
        self.left -= count
        if self.left < 0:
            raise PageError("the page is too large once its references are written out")

    def resolve(self, value: Any) -> dict[str, Any]:
        """The mapping that a value is or refers to; an empty one for anything else."""
        for _ in range(20):
            if not isinstance(value, dict):
                return {}
            reference = value.get("$ref")
            if not isinstance(reference, str):
                self._spend(1 + len(value))
                return value
            try:
                target = referred(self.data, reference)
            except BrokenReferenceError as error:
                raise PageError(f"the page {error}") from None
            value = target | {k: v for k, v in value.items() if k != "$ref"}
        raise PageError("the page has references that lead in a circle")

    def flat(self, value: Any, depth: int = 0) -> dict[str, Any]:
        """A schema with `allOf` written out, and `anyOf` or `oneOf` with null as nullable."""
        schema = dict(self.resolve(value))
        if depth > MOST_DEPTH:
            return schema
        for part in list_of(schema.pop("allOf", None)):
            inner = self.flat(part, depth + 1)
            if inner_rules := rules_of(inner):
                inner = {key: inner[key] for key in inner if key not in RULE_KEYS}
                schema[RULES] = [*list_of(schema.get(RULES)), *inner_rules]
            schema = self.merged(inner, schema)
        for key in ("anyOf", "oneOf"):
            branches = [self.flat(part, depth + 1) for part in list_of(schema.get(key))]
            typed = [b for b in branches if not _is_null(b) and set(b) - {"required"}]
            if branches and not typed and len(branches) > 1:
                continue  # it says which fields are required, and is a rule
            for null in filter(_is_null, branches):
                schema["nullable"] = True
                if "default" in null:  # it is that of the whole
                    schema.setdefault("default", null["default"])
            if len(typed) > 1 and (values := _constants(typed)) is not None:
                del schema[key]
                kinds = {"type": typed[0]["type"]} if "type" in typed[0] else {}
                schema = self.merged({**kinds, "enum": values}, schema)
            elif branches and len(typed) == 1:
                del schema[key]
                schema = self.merged(typed[0], schema)
            elif typed:
                schema[key] = typed
            else:
                schema.pop(key, None)
        return schema

    def merged(self, base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
        """Two schemas that hold together: properties and required lists are united."""
        properties = {**dict_of(base.get("properties")), **dict_of(over.get("properties"))}
        required = [*list_of(base.get("required")), *list_of(over.get("required"))]
        merged = {**base, **over}
        if properties:
            merged["properties"] = properties
        if required:
            merged["required"] = required
        self._spend(len(properties) + len(required) + len(merged))
        return merged


def _is_null(branch: dict[str, Any]) -> bool:
    """Whether null is the only value of a branch."""
    return branch.get("type") == "null" or branch.get("const", "") is None


def _constants(branches: list[dict[str, Any]]) -> list[Any] | None:
    """The values of branches that are one value or a few each: together they are an enum."""
    lists = [[b["const"]] if "const" in b else list_of(b.get("enum")) for b in branches]
    return [value for values in lists for value in values] if all(lists) else None


def parameter_draft(
    document: Document, parameter: dict[str, Any], location: Location
) -> Draft | None:
    """A path or query parameter as a field."""
    name = parameter.get("name")
    if not isinstance(name, str) or not NAME.fullmatch(name):
        raise PageError(f"{str(name)[:40]!a} is no name for a parameter")
    schema = document.flat(parameter.get("schema"))
    description = parameter.get("description") or schema.get("description")
    example = {"example": parameter["example"]} if "example" in parameter else {}
    return _draft(
        {**schema, "description": description, **example}, location, name, parameter.get("required")
    )


def body_drafts(document: Document, schema: Any, location: Location) -> list[Draft]:
    """Every field of a body in page order; members follow their object, dotted."""
    drafts: dict[str, Draft] = {}
    _walk(document, schema, location, "", drafts, 0)
    return list(drafts.values())


def _walk(
    document: Document,
    value: Any,
    location: Location,
    prefix: str,
    drafts: dict[str, Draft],
    depth: int,
) -> None:
    schema = document.flat(value)
    branches = [branch for branch in _branches(schema) if set(branch) - {"required"}]
    for branch in branches or [schema]:
        both = document.merged(schema, branch)
        required = list_of(both.get("required"))
        for key, member in dict_of(both.get("properties")).items():
            name = f"{prefix}{key}"
            if not NAME.fullmatch(name) or "." in str(key):
                if location == "request":
                    raise PageError(f"{name[:40]!a} is no name for a field")
                continue
            flat = document.flat(member)
            if isinstance(flat.get("items"), dict):
                flat["items"] = document.flat(flat["items"])
            draft = _draft(flat, location, name, key in required)
            if name in drafts:
                drafts[name].schema = loosest(drafts[name].schema, draft.schema)
            else:
                drafts[name] = draft
            if len(drafts) > MOST_FIELDS:
                raise PageError(f"the page has more than {MOST_FIELDS} fields")
            if depth < MOST_DEPTH:
                inner = document.flat(flat.get("items")) if flat.get("items") else flat
                _walk(document, inner, location, f"{name}.", drafts, depth + 1)
    if branches and len(branches) > 1:
        _required_by_all([document.merged(schema, b) for b in branches], prefix, drafts)
    if location == "request" and drafts:
        _between_fields(document, schema, prefix, drafts)


def _between_fields(
    document: Document, schema: dict[str, Any], prefix: str, drafts: dict[str, Draft]
) -> None:
    """Add what a body, or an object in it, says of several of its fields."""
    lists = [drafts[name] for name in _above(prefix) if name in drafts]
    plain = all(draft.type != "array" for draft in lists)
    own = {name.removeprefix(prefix): d for name, d in drafts.items() if name.startswith(prefix)}
    holder = drafts.get(prefix.rstrip(".")) or next(iter(drafts.values()))
    branches = [document.merged(schema, b) for b in _branches(schema) if set(b) - {"required"}]
    said = of_branches([_opened(document, b) for b in branches]) if len(branches) > 1 else []
    own_rules, unread = rules_of_branches(
        [_opened(document, b) for b in _branches(schema) if set(b) - {"required"}], own
    )
    said += own_rules
    holder.unknown += [json.dumps(rule, ensure_ascii=False)[:200] for rule in unread]
    for rule in rules_of(schema):
        of_one = of_rule(rule, own) if plain else None
        if of_one is None:
            holder.unknown.append(json.dumps(rule, ensure_ascii=False)[:200])
        else:
            said += of_one
    for name, keyword, value in said if plain else ():
        drafts[f"{prefix}{name}"].schema.append((keyword, _prefixed(keyword, value, prefix)))


def _above(prefix: str) -> list[str]:
    parts = prefix.rstrip(".").split(".")
    return [".".join(parts[:end]) for end in range(1, len(parts) + 1)]


def _opened(document: Document, branch: dict[str, Any]) -> dict[str, Any]:
    """A variant of a body whose properties are written out."""
    properties = {k: document.flat(v) for k, v in dict_of(branch.get("properties")).items()}
    return {**branch, "properties": properties}


def _prefixed(keyword: str, value: Any, prefix: str) -> Any:
    """A statement's names as those of members."""
    if keyword == "mode":
        beside = [
            {**each, "field": f"{prefix}{each['field']}"} for each in list_of(value.get("beside"))
        ]
        needs = {f"{prefix}{name}": n for name, n in value["needs"].items()}
        return {**value, "needs": needs} | ({"beside": beside} if beside else {})
    if keyword == "excludes":
        return f"{prefix}{value}"
    return [f"{prefix}{name}" for name in value] if keyword != "onlyFor" else value


def _required_by_all(branches: list[Any], prefix: str, drafts: dict[str, Draft]) -> None:
    """Over variants of a body, a field is required when every one of them requires it."""
    lists = [set(map(str, list_of(branch.get("required")))) for branch in branches]
    for name, draft in drafts.items():
        key = name.removeprefix(prefix)
        own = name.startswith(prefix) and "." not in key
        if own and not all(key in required for required in lists):
            draft.schema = [pair for pair in draft.schema if pair != ("required", True)]


def _draft(schema: dict[str, Any], location: Location, name: str, required: Any) -> Draft:
    listed = _types(schema)
    enum = list_of(schema.get("enum"))
    nullable = schema.get("nullable") is True or "null" in listed or (None in enum)
    types = [t for t in listed if t in _JSON_TYPES] or _implied(schema, enum)
    for branch in _branches(schema):
        types += [t for t in _types(branch) if t in _JSON_TYPES and t not in types]
    inner = dict_of(schema.get("items"))
    kinds = [kind for kind in _types(inner) if kind in _JSON_TYPES]
    draft = Draft(location, name, tuple(types), kinds[0] if len(kinds) == 1 else "")
    draft.schema = [("type", kind) for kind in types]
    draft.schema += [("nullable", True)] if nullable else []
    draft.schema += [("items", draft.items)] if draft.items else []
    draft.schema += [("required", True)] if required is True else []
    for key, fits in _KEPT.items():
        strict = key.startswith("exclusive") and draft.type == "integer"
        if key in schema and fits(schema[key]) and not strict:
            draft.schema.append(_statement(draft, key, schema[key]))
    draft.schema += _strict(schema, draft)
    for key in ("format", "enum", "pattern", "minLength", "maxLength"):
        if key in inner and _KEPT[key](inner[key]):
            draft.schema.append(_statement(draft, key, inner[key]))
    known = [(k, v) for k, v in _unknown(schema, draft.type) if (k, v) not in draft.schema]
    draft.unknown = [
        f"{key}: {json.dumps(value, ensure_ascii=False)[:120]}" for key, value in known
    ]
    draft.unknown += [f"items {key}" for key, _ in _unknown(inner, draft.items)]
    draft.schema = [pair for pair in draft.schema if pair[1] is not None]
    description = schema.get("description")
    draft.prose = markdown_lines(description) if isinstance(description, str) else []
    shown = [schema.get("example"), *list_of(schema.get("examples"))]
    draft.examples = [example for example in shown if example is not None]
    return draft


def _implied(schema: dict[str, Any], enum: list[Any]) -> list[str]:
    """The type of a schema that names none: its properties, items or values show it."""
    if "properties" in schema:
        return ["object"]
    if "items" in schema:
        return ["array"]
    kinds = {type(v) for v in [*enum, *([schema["const"]] if "const" in schema else [])]}
    names = {str: "string", int: "integer", float: "number", bool: "boolean"}
    return [names[kind] for kind in kinds if kind in names] if len(kinds) == 1 else []


def _statement(draft: Draft, key: str, value: Any) -> tuple[str, Any]:
    if key == "enum":
        if any(isinstance(entry, dict | list) for entry in value):
            raise PageError("the page has an option that is a list or an object")
        return key, [entry for entry in list_of(value) if entry is not None] or None
    if key == "const" and draft.name == "model":
        return "enum", [value]
    return key, value


def _strict(schema: dict[str, Any], draft: Draft) -> list[tuple[str, Any]]:
    """Exclusive bounds of whole numbers, as the bounds that they leave."""
    facts: list[tuple[str, Any]] = []
    for key, plain, step in (
        ("exclusiveMinimum", "minimum", 1),
        ("exclusiveMaximum", "maximum", -1),
    ):
        bound = schema.get(key)
        if draft.type != "integer" or bound is None:
            continue
        if bound is True and isinstance(schema.get(plain), int):
            draft.schema = [pair for pair in draft.schema if pair[0] != plain]
            facts.append((plain, schema[plain] + step))
        elif isinstance(bound, int) and not isinstance(bound, bool):
            facts.append((plain, bound + step))
    return facts


def _branches(schema: dict[str, Any]) -> list[dict[str, Any]]:
    alternatives = [*list_of(schema.get("oneOf")), *list_of(schema.get("anyOf"))]
    return [branch for branch in alternatives if isinstance(branch, dict)]


def _types(schema: dict[str, Any]) -> list[str]:
    stated = schema.get("type")
    return [t for t in (stated if isinstance(stated, list) else [stated]) if isinstance(t, str)]


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_count(value: Any) -> bool:
    return _is_number(value) and value >= 0 and value == int(value)


# The keywords that become facts, and what a value has to be to say something.
_KEPT: dict[str, Callable[[Any], bool]] = {
    **dict.fromkeys(("default", "const"), lambda _: True),
    "enum": lambda value: isinstance(value, list),
    "format": lambda value: isinstance(value, str),
    "pattern": lambda value: isinstance(value, str) and is_plain(value),
    "multipleOf": lambda value: _is_number(value) and value > 0,
    "uniqueItems": lambda value: value is True,
    "additionalProperties": lambda value: value is False,
    "exclusiveMinimum": _is_number,
    "exclusiveMaximum": _is_number,
    **{key: _is_number if key.endswith("mum") else _is_count for key in BOUNDS},
}


# What a schema may say that no fact is made of; said as a question, and not dropped.
_BINDING = {
    *(
        "multipleOf",
        "uniqueItems",
        "not",
        "if",
        "dependentRequired",
        "dependentSchemas",
        "contains",
    ),
    *("patternProperties", "propertyNames", "minProperties", "maxProperties", "prefixItems"),
    *("unevaluatedProperties", "unevaluatedItems", "pattern", "exclusiveMinimum"),
    *("exclusiveMaximum", "additionalProperties", "dependencies"),
}


def _unknown(schema: dict[str, Any], kind: str) -> list[tuple[str, Any]]:
    """The keywords of a schema that bind a value, and of which no fact is made."""
    found = []
    handled = RULE_KEYS if "properties" in schema else set()
    for key in sorted(_BINDING & set(schema) - handled):
        value = schema[key]
        strict = key.startswith("exclusive") and (kind == "integer" or value is False)
        if strict or (key == "uniqueItems" and value is False):
            continue
        if key == "additionalProperties" and value is not False:
            continue
        if key not in _KEPT or not _KEPT[key](value):
            found.append((key, value))
    return found


def markdown_lines(text: str) -> list[str]:
    """A description's markdown as the lines a rendered page would show; table cells by tabs."""
    lines = dict(enumerate(re.sub(r"^> ?", "", line) for line in lines_of(text)))
    if max(line.count("|") for line in lines.values()) * len(lines) > MOST_CELLS:
        raise PageError(f"a description of the page has tables of more than {MOST_CELLS} cells")
    cells: dict[int, list[str]] = {}
    for token in _MARKDOWN.parse("\n".join(lines.values())):
        if token.map and token.type == "table_open":
            del lines[token.map[0] + 1]
        elif token.map and token.type == "inline" and token.level > 1:  # not of a paragraph
            cells.setdefault(token.map[0], []).append(token.content)
    lines |= {at: "\t".join(row).rstrip() for at, row in cells.items()}
    return [_plain(line) for line in lines.values()]


def _plain(line: str) -> str:
    """A line of markdown without the marks that a rendered page does not show."""
    line = _TAG.sub(" ", _EMPHASIS.sub(r"\2", _LINK.sub(r"\1", line)))
    line = re.sub(r"`([^`]*)`", r"\1", line).strip()
    return re.sub(r"^#{1,6} +", "", line)
