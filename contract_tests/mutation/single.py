"""Single faults of the spec: each keyword of each schema lost, changed, or added.

The mutants of `every.py` are mistakes that people make; these are whatever one edit can do. An edit
that is proven to mean the same is no fault.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from contract_tests.mutation.mutant import Document, Path, at, copied
from documentation import facts_files
from documentation.checking.algebra import equal
from documentation.checking.check import compare
from documentation.checking.spec import read_spec
from documentation.conflicts import load_conflicts
from overlays.openapi import operations

Schema = dict[str, Any]
_WORDS = ("description", "examples", "title", "$ref")
# What a schema may have too much, of every kind of constraint.
ADDED: tuple[Schema, ...] = (
    {"minLength": 2},
    {"maxLength": 3},
    {"pattern": "^[a-c]"},
    {"format": "date"},
    {"minimum": 1},
    {"maximum": 1},
    {"exclusiveMinimum": 2},
    {"multipleOf": 2},
    {"minItems": 2},
    {"maxItems": 0},
    {"uniqueItems": True},
    {"contains": {"const": "a"}},
    {"prefixItems": [{"type": "integer"}]},
    {"minProperties": 1},
    {"maxProperties": 1},
    {"propertyNames": {"maxLength": 2}},
    {"patternProperties": {"^a": False}},
    {"dependentRequired": {"prompt": ["seed"]}},
    {"required": ["undocumented"]},
    {"const": "a"},
    {"enum": ["a", 1]},
    {"default": "a"},
    {"not": {"type": "string"}},
    {"not": {"required": ["prompt"]}},
    {"anyOf": [{"minLength": 2}, {"type": "integer"}]},
    {"allOf": [{"maxLength": 3, "maxItems": 0, "maximum": 1}]},
    {"oneOf": [{"type": "string"}, {"maxLength": 1}]},
    {"if": {"type": "string"}, "then": {"maxLength": 1}},
)


@dataclass(frozen=True)
class Fault:
    """One schema of a document with one edit."""

    path: Path
    what: str
    after: Schema = field(repr=False)

    def document(self, spec: Document) -> Document:
        """A copy of the spec with the edit in it."""
        made = copied(spec)
        holder = at(made, self.path[:-1])
        holder[self.path[-1]] = copy.deepcopy(self.after)
        return made

    def means_the_same(self, spec: Document) -> bool:
        """Whether it is proven that the same is accepted, by this schema or by the one it is in.

        Another default is a fault all the same.
        """
        after = self.document(spec)
        if at(spec, self.path).get("default") != self.after.get("default"):
            return False
        named = self.path[:3] if self.path[0] == "components" else self.path
        return any(
            equal(*(at(each, place) | {"components": spec["components"]} for each in (spec, after)))
            for place in (self.path, named)
        )

    def __str__(self) -> str:
        return f"{'.'.join(map(str, self.path))}: {self.what}"


def single_faults(spec: Document) -> Iterator[Fault]:
    """Every single edit of every schema of the spec, those of parameters among them."""
    for name, schema in spec["components"]["schemas"].items():
        yield from _of_schema(("components", "schemas", name), schema)
    for label, operation in operations(spec):
        method, path = label.split(" ")
        for index, parameter in enumerate(operation.get("parameters", [])):
            place = ("paths", path, method.lower(), "parameters", index, "schema")
            yield from _of_schema(place, parameter["schema"])


def unnoticed(spec: Document, count: int, seed: int) -> tuple[list[str], int]:
    """Of so many faults drawn by a seed those that docs-check does not notice, and how many more
    edits were drawn that mean the same."""
    files, conflicts = facts_files.load_all(), load_conflicts()
    drawn = list(single_faults(spec))
    random.Random(seed).shuffle(drawn)
    missed, held, same = [], 0, 0
    for fault in drawn:
        if held == count:
            break
        if fault.means_the_same(spec):
            same += 1
            continue
        held += 1
        if not compare(files, read_spec(fault.document(spec)), conflicts).differences:
            missed.append(str(fault))
    return missed, same


def _of_schema(path: Path, schema: Schema) -> Iterator[Fault]:
    for what, after in _edits(schema):
        if after != schema:
            yield Fault(path, what, after)
    for name, member in schema.get("properties", {}).items():
        yield from _of_schema((*path, "properties", name), member)
    if isinstance(schema.get("items"), dict):
        yield from _of_schema((*path, "items"), schema["items"])
    for key in ("anyOf", "oneOf"):
        for index, branch in enumerate(schema.get(key, [])):
            yield from _of_schema((*path, key, index), branch)


def _edits(schema: Schema) -> Iterator[tuple[str, Schema]]:
    for key, value in schema.items():
        if key in _WORDS or key.startswith("x-"):
            continue
        yield f"no {key}", {k: v for k, v in schema.items() if k != key}
        for other in _others(value):
            yield f"{key}={str(other)[:60]}", schema | {key: other}
    for added in ADDED:
        if not added.keys() & schema.keys() and "$ref" not in schema:
            yield f"with {added}", schema | added


def _others(value: Any) -> Iterator[Any]:
    """What else a keyword could say: one more, one less, one entry lost, one too many."""
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int | float):
        yield from (value + 1, value - 1) if value else (value + 1,)
    elif isinstance(value, str):
        yield from (f"{value}x", value[:-1])
        middle = len(value) // 2
        yield value[:middle] + value[middle + 1 :]
    elif isinstance(value, list):
        for index in range(len(value)):
            if len(value) > 1:
                yield value[:index] + value[index + 1 :]
        if all(entry is None or isinstance(entry, str | int) for entry in value):
            yield from ([*value, "another"], [*value, None])
    elif isinstance(value, dict):
        for lost in value:
            yield {key: entry for key, entry in value.items() if key != lost}
