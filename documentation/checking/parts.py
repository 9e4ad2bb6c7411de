"""Parts of schemas: where a field stands, a schema without its members, or with another's field."""

from __future__ import annotations

import copy
from typing import Any

Schema = dict[str, Any]
UNIONS = ("anyOf", "oneOf", "allOf")


def _branches(schema: Schema) -> list[Schema]:
    """A schema, that of its items and those of its unions: where its members may stand."""
    below = [schema.get("items"), *(b for key in UNIONS for b in schema.get(key) or [])]
    return [schema, *(each for b in below if isinstance(b, dict) for each in _branches(b))]


def at(schema: Schema, name: str) -> Schema | None:
    """The schema of a dotted field, if it has one of its own; no name is the whole."""
    found: Schema | None = schema
    for step in name.split(".") if name else []:
        holders = [b.get("properties") or {} for b in _branches(found)] if found else []
        found = next((holder[step] for holder in holders if step in holder), None)
    return found


def shell(schema: Schema) -> Schema:
    """A schema less what its members say: which there are, and which are required, stays."""
    bare = copy.copy(schema)
    if isinstance(schema.get("properties"), dict):
        bare["properties"] = {name: {} for name in schema["properties"]}
    if isinstance(schema.get("items"), dict):
        bare["items"] = shell(schema["items"])
    for key in UNIONS:
        if isinstance(schema.get(key), list):
            bare[key] = [shell(b) if isinstance(b, dict) else b for b in schema[key]]
    return bare


def with_field(schema: Schema, other: Schema, name: str) -> Schema:
    """A schema with one field as another schema has it; the other one where it can't be."""
    parent, _, last = name.rpartition(".")
    mixed = copy.deepcopy(schema)
    into, out_of = (
        [b for b in _branches(at(each, parent) or {}) if "properties" in b]
        for each in (mixed, other)
    )
    if not name or len(into) != 1 or len(out_of) != 1:
        return other
    into[0]["properties"].pop(last, None)
    if last in out_of[0]["properties"]:
        into[0]["properties"][last] = out_of[0]["properties"][last]
    required = [each for each in into[0].get("required", []) if each != last]
    into[0]["required"] = required + [last] * (last in out_of[0].get("required", []))
    return mixed
