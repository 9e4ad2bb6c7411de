"""Mistakes in one value's schema: bounds, options, types, formats, patterns, null."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from contract_tests.mutation.patterns import loosened
from documentation.checking.url_patterns import says_uri

Schema = dict[str, Any]
LOWER, UPPER = ("minimum", "minLength", "minItems"), ("maximum", "maxLength", "maxItems")
NULL = "null"
# What somebody might take a type for, who did not look.
OTHER_TYPE = {
    "string": "integer",
    "integer": "string",
    "number": "string",
    "boolean": "string",
    "array": "string",
    "object": "string",
}


class Change(NamedTuple):
    """A schema with one thing wrong.

    Attributes:
        kind: The sort of mistake.
        label: What it is, within the field.
        schema: The schema with the mistake.
    """

    kind: str
    label: str
    schema: Schema


def changes(schema: Schema, elsewhere: list[Any]) -> Iterator[Change]:
    """Every single mistake in the schema of one value.

    Args:
        schema: The right schema.
        elsewhere: The values that other variants allow for the field.
    """
    for keyword in (*LOWER, *UPPER):
        if keyword in schema:
            limit = schema[keyword]
            for wrong in (limit - 1, limit + 1):
                if wrong >= 0 or not keyword.endswith(("Length", "Items")):
                    yield Change(
                        "bound off by one", f"{keyword}={wrong}", schema | {keyword: wrong}
                    )
            yield Change("bound dropped", f"no {keyword}", _without(schema, keyword))
    if "const" in schema:
        yield from _constant(schema, elsewhere)
    elif "enum" in schema:
        yield from _options(schema, elsewhere)
    if "default" in schema:
        yield Change("default", "no default", _without(schema, "default"))
        other = _other_default(schema)
        yield Change("default", f"default={other}", schema | {"default": other})
    if "format" in schema:
        yield Change("format loosened", "no format", _without(schema, "format"))
    if "pattern" in schema:
        parts = loosened(schema["pattern"]) if says_uri(schema["pattern"]) else ()
        for label, pattern in parts:
            yield Change("pattern loosened", label, schema | {"pattern": pattern})
        yield Change("pattern loosened", "no pattern", _without(schema, "pattern"))
    if "$ref" in schema or "oneOf" in schema:
        yield from _of_reference(schema)
    elif schema.get("const", "") is None and "type" not in schema:
        return
    elif "type" in schema:
        yield from type_changes(schema)
    else:
        yield Change("type changed", "a string", schema | {"type": "string"})
    if isinstance(schema.get("items"), dict):
        for change in changes(schema["items"], []):
            inner = schema | {"items": change.schema}
            yield Change(change.kind, f"items {change.label}", inner)


def near_misses(value: str) -> list[str]:
    """Values that look like a right one."""
    return [
        miss for miss in dict.fromkeys((value.upper(), f"{value}0", value[:-1])) if miss != value
    ]


def _options(schema: Schema, elsewhere: list[Any]) -> Iterator[Change]:
    options = schema["enum"]
    named = [option for option in options if option is not None]
    for option in named:
        rest = [other for other in options if other != option]
        if rest:
            yield Change("enum value dropped", f"enum without {option}", schema | {"enum": rest})
    misses = [near_misses(option)[0] for option in named if isinstance(option, str)]
    kinds = {type(option) for option in named}
    for value in dict.fromkeys([*elsewhere, *misses]):
        if type(value) not in kinds or value in options:
            continue
        yield Change("enum value added", f"enum with {value}", schema | {"enum": [*options, value]})
    yield Change("enum dropped", "no enum", _without(schema, "enum"))


def _constant(schema: Schema, elsewhere: list[Any]) -> Iterator[Change]:
    """Mistakes in a constant, and in the enum of one value that stands beside it."""
    value = schema["const"]
    free = _without(_without(schema, "const"), "enum")
    yield Change("const loosened", "no const", free)
    others = [other for other in elsewhere if type(other) is type(value) and other != value]
    if value is None:
        others = ["x"]
    else:
        others += [value + 1, value - 1] if isinstance(value, int) else near_misses(value)[:1]
    for other in dict.fromkeys(others):
        label = f"{value} or {other}"
        yield Change("const loosened", label, free | {"enum": [value, other]})
    wrong = others[0]
    yield Change("const changed", f"const={wrong}", free | {"const": wrong})
    if "enum" in schema:
        yield Change("const changed", f"const={wrong} beside enum", schema | {"const": wrong})
        yield Change("const changed", f"enum={wrong} beside const", schema | {"enum": [wrong]})
        for key in ("const", "enum"):
            yield Change("const loosened", f"no {key} alone", _without(schema, key))


def _of_reference(schema: Schema) -> Iterator[Change]:
    """Mistakes of who refers to a schema; those within it are made where it stands."""
    alternatives = [branch for branch in schema.get("oneOf", [schema]) if branch != {"type": NULL}]
    types: list[str] = ["integer"]
    if alternatives == [schema]:
        yield Change("null allowed", "or null", {"oneOf": [schema, {"type": NULL}]})
    else:
        yield Change("null forbidden", "no null", {"oneOf": alternatives})
        types.append(NULL)
    yield Change("type widened", "any type", {})
    yield Change("type changed", "integer", {"type": _one(types)})


def type_changes(schema: Schema) -> Iterator[Change]:
    """Null allowed or forbidden, and the type widened and changed."""
    types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    plain = [name for name in types if name != NULL]
    if NULL in types and plain:
        forbidden = schema | {"type": plain[0] if len(plain) == 1 else plain}
        if "enum" in schema:
            forbidden["enum"] = [option for option in schema["enum"] if option is not None]
        yield Change("null forbidden", "no null", forbidden)
    elif plain:
        allowed = schema | {"type": [*types, NULL]}
        if "enum" in schema:
            allowed["enum"] = [*schema["enum"], None]
        if "const" in schema:
            allowed = _without(allowed, "const") | {"enum": [schema["const"], None]}
        yield Change("null allowed", "or null", allowed)
    if not plain:
        yield Change("type widened", "any type", _without(schema, "type"))
        yield Change("type widened", "or a string", schema | {"type": ["string", NULL]})
        yield Change("type changed", "string", schema | {"type": "string"})
        return
    yield Change("type widened", "any type", _without(schema, "type"))
    if plain == ["integer"]:
        wider = [*(name for name in types if name != "integer"), "number"]
        yield Change("type widened", "a number", schema | {"type": _one(wider)})
    other = [OTHER_TYPE[plain[0]], *(name for name in types if name == NULL)]
    yield Change("type changed", OTHER_TYPE[plain[0]], schema | {"type": _one(other)})


def _other_default(schema: Schema) -> Any:
    value = schema["default"]
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    return next((option for option in schema.get("enum", []) if option != value), f"{value}0")


def _without(schema: Schema, keyword: str) -> Schema:
    return {key: value for key, value in schema.items() if key != keyword}


def _one(types: list[str]) -> str | list[str]:
    return types[0] if len(types) == 1 else types
