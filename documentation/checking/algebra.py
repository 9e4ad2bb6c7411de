"""What schemas mean, decided by algebra: whether two are equal, and a value that tells them apart.

Only what is proven counts: two schemas are equal where each covers the other. A value is made of
what the algebra leaves of one schema without the other, and tried on both before it is shown.
"""

from __future__ import annotations

import functools
import json
import marshal
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
from jsonschema_rs import CanonicalSchema
from jsonschema_rs.canonical import CanonicalizationError, Containment, Satisfiability

Schema = dict[str, Any]
LONGEST = 40
# Strings for a pattern or a format, which nothing is made from.
_TEXTS = ("https://example.com/", "http://example.com/", "https://10.0.0.1/", "2026-01-02")
_UNIONS = ("anyOf", "oneOf", "allOf")
_OF_TYPE: dict[str, tuple[Any, ...]] = {"null": (None,), "boolean": (True, False)}


class NoValueError(Exception):
    """No value was found."""


def _key(schema: Schema) -> bytes:
    """A schema as a key of a cache: its bytes, made in a fraction of the time of JSON text."""
    return marshal.dumps(schema, 2)


@functools.lru_cache(maxsize=4096)
def _canonical(key: bytes) -> CanonicalSchema | None:
    try:
        schema = marshal.loads(key)  # noqa: S302 - made by _key
        return jsonschema_rs.canonicalize(schema, validate_formats=True)
    except (jsonschema_rs.ValidationError, CanonicalizationError):
        return None


def canonical(schema: Schema) -> CanonicalSchema | None:
    """The canonical form; None for what is no valid schema, which equals nothing."""
    return _canonical(_key(schema))


def covers(wide: Schema, narrow: Schema) -> bool:
    """Whether one schema is proven to accept whatever the other one accepts."""
    one, other = canonical(wide), canonical(narrow)
    return bool(one and other and (one == other or _covers(one, other)))


@functools.lru_cache(maxsize=4096)
def _covers(wide: CanonicalSchema, narrow: CanonicalSchema) -> bool:
    return wide.covers(narrow) == Containment.YES


def equal(one: Schema, other: Schema) -> bool:
    """Whether two schemas are proven to accept the same."""
    first, second = canonical(one), canonical(other)
    if not first or not second:
        return False
    return first == second or (_covers(first, second) and _covers(second, first))


def _combined(one: Schema, other: Schema, operation: str) -> CanonicalSchema | None:
    """What an operation of the algebra makes of two schemas; None where it can't."""
    first, second = canonical(one), canonical(other)
    return _result(first, second, operation) if first and second else None


@functools.lru_cache(maxsize=4096)
def _result(
    first: CanonicalSchema, second: CanonicalSchema, operation: str
) -> CanonicalSchema | None:
    try:
        result: CanonicalSchema = getattr(first, operation)(second)
    except CanonicalizationError:
        return None
    return result


def apart(one: Schema, other: Schema) -> bool:
    """Whether two schemas are proven to have no value in common."""
    return disjoint(canonical(one), canonical(other))


def disjoint(one: CanonicalSchema | None, other: CanonicalSchema | None) -> bool:
    """The same of two canonical forms, for who compares each with many."""
    common = _result(one, other, "intersect") if one and other else None
    return common is not None and common.satisfiability() == Satisfiability.NO


def in_both(one: Schema, other: Schema) -> Any:
    """A value that both schemas accept, of the first one's examples where they do.

    Raises:
        NoValueError: There is none, or none was found.
    """
    common = _combined(one, other, "intersect")
    for value in _values(common.to_json_schema() if common else False):
        if accepts(one, value) and accepts(other, value):
            break
    else:
        raise NoValueError
    for name in value if isinstance(value, dict) else ():
        for example in one.get("properties", {}).get(name, {}).get("examples", []):
            known = value | {name: example}
            value = known if accepts(one, known) and accepts(other, known) else value
    return value


def only_in(one: Schema, other: Schema, besides: Schema | None = None) -> Any:
    """A value that the first schema accepts and the second refuses, and a third if there is one.

    Raises:
        NoValueError: There is none, or none was found.
    """
    left = _combined(one, other, "subtract")
    for value in _values(left.to_json_schema() if left else False):
        if accepts(one, value) and not accepts(besides or other, value):
            return value
    raise NoValueError


def accepts(schema: Schema, value: Any) -> bool:
    """Whether a schema accepts a value, formats checked; one that is not valid accepts nothing."""
    validator = _validator(_key(schema))
    return validator is not None and validator.is_valid(value)


@functools.lru_cache(maxsize=1024)
def _validator(key: bytes) -> jsonschema_rs.Draft202012Validator | None:
    try:
        schema = marshal.loads(key)  # noqa: S302 - made by _key
        return jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
    except jsonschema_rs.ValidationError:
        return None


def shown(value: Any) -> str:
    """A value in one line, long text cut short."""
    return json.dumps(_cut(value), ensure_ascii=False)


def _cut(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _cut(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [_cut(entry) for entry in value[:3]] + ["..."] * (len(value) > 3)
    if isinstance(value, str) and len(value) > LONGEST:
        return f"{value[:12]}... ({len(value)} characters)"
    return value


def _values(schema: Any) -> Iterator[Any]:
    """Some values that a canonical schema may accept, the plainest first."""
    if not isinstance(schema, dict):
        yield from ("text",) if schema else ()
    elif "const" in schema:
        yield schema["const"]
    elif "enum" in schema:
        yield from schema["enum"]
    else:
        rest = {key: value for key, value in schema.items() if key not in _UNIONS}
        for branch in (branch for key in _UNIONS for branch in schema.get(key, ())):
            yield from _values(rest | branch if isinstance(branch, dict) else branch)
        kinds = schema.get("type", [])
        for kind in [kinds] if isinstance(kinds, str) else kinds:
            yield from _of_type(kind, schema)
        if not kinds:
            yield from ("text", 1, None, {}, [])


def _of_type(kind: str, schema: Schema) -> Iterator[Any]:
    if kind == "string":
        least, most = schema.get("minLength", 0), schema.get("maxLength", 1 << 20)
        yield "text"[:most].ljust(least, "x")
        yield from (text.ljust(least, "x") for text in _TEXTS)
    elif kind in ("integer", "number"):
        limits = [schema[key] for key in ("minimum", "maximum") if key in schema]
        beyond = [schema[k] + d for k, d in _EXCLUSIVE.items() if k in schema]
        yield from (*limits, *beyond, 1, 0, *((n + 0.5) for n in (*limits[:1], 0)))
    elif kind == "array":
        yield from _arrays(schema)
    elif kind == "object":
        yield from _objects(schema)
    else:
        yield from _OF_TYPE.get(kind, ())


_EXCLUSIVE = {"exclusiveMinimum": 1, "exclusiveMaximum": -1}


def _arrays(schema: Schema) -> Iterator[list[Any]]:
    least = schema.get("minItems", 0)
    for wanted in (schema.get("contains"), schema.get("items", {})):
        entry = None if wanted is None else _first(wanted)
        if entry is not None:
            yield [entry[0]] * max(1, least)
    yield []


def _objects(schema: Schema) -> Iterator[dict[str, Any]]:
    properties = schema.get("properties", {})
    body = {}
    for name in schema.get("required", []):
        entry = _first(properties.get(name, schema.get("additionalProperties", True)))
        if entry is None:
            return
        body[name] = entry[0]
    yield body
    for name in [*properties, "undocumented"]:
        entry = _first(properties.get(name, True))
        if name not in body and entry is not None:
            yield body | {name: entry[0]}


def _first(schema: Any) -> tuple[Any] | None:
    """The first value that a schema accepts indeed."""
    for value in _values(schema):
        if schema is True or accepts(schema, value):
            return (value,)
    return None
