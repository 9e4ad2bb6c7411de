"""All mutants of a spec: of each field, each object, each variant and each answer."""

from __future__ import annotations

import copy
import itertools
from collections.abc import Iterator
from typing import Any

from contract_tests.mutation.api_operations import of_operations
from contract_tests.mutation.mutant import Document, Edit, Mutant, at
from contract_tests.mutation.value_schemas import Change, Schema, changes, type_changes
from documentation.checking.algebra import equal
from foxapi_video.totals import RULE
from overlays.openapi import (
    CREATE,
    SCHEMAS,
    body_schemas,
    create_body,
    create_operation,
    operations,
    references,
)

# Mistakes that count although nothing is refused for them: programs read names and defaults.
READ = {"default", "field dropped", "field renamed"}
# What the algebra does not see: each changes the verdict on some body.
TOTALS = {"total dropped", "total changed"}
# So many whole numbers that another variant allows are each tried.
FEW = 20


def all_mutants(spec: Document) -> list[Mutant]:
    """Every single-constraint mutant of the request side and of the answers."""
    schemas = spec["components"]["schemas"]
    requests = {name for _, operation in operations(spec) for name in body_schemas(operation)}
    requests |= {
        each.removeprefix(SCHEMAS) for name in requests for each in references(schemas[name])
    }
    found: list[Mutant] = []
    for name, schema in schemas.items():
        location = "request" if name in requests else "response"
        found += _of_schema(spec, name, schema, location)
    found += _of_variants(spec)
    found += of_operations(spec)
    return found


def _of_schema(spec: Document, name: str, schema: Schema, location: str) -> Iterator[Mutant]:
    for change in _object_changes(spec, name, schema):
        yield _mutant(spec, f"{name}: {change.label}", change, location, (name,))
    if "properties" not in schema:
        for change in changes(schema, []):
            field = _field_of(spec, name)
            yield _mutant(spec, f"{name}: {change.label}", change, location, (name,), field)
    for field, subschema in schema.get("properties", {}).items():
        for change in changes(subschema, _elsewhere(spec, name, field)):
            label = f"{name}.{field}: {change.label}"
            yield _mutant(spec, label, change, location, (name, "properties", field), field)


def _object_changes(spec: Document, name: str, schema: Schema) -> Iterator[Change]:
    fields = schema.get("properties")
    if fields is None:
        return
    required = schema.get("required", [])
    for field in fields:
        rest = {key: subschema for key, subschema in fields.items() if key != field}
        less = [each for each in required if each != field]
        if field in required:
            yield Change("required dropped", f"{field} optional", schema | {"required": less})
        else:
            more = {"required": [*required, field]}
            yield Change("required added", f"{field} required", schema | more)
        # The requirement goes along, else nothing could be valid and the mistake would be two.
        lacking = schema | {"properties": rest} | ({"required": less} if required else {})
        yield Change("field dropped", f"no {field}", lacking)
        renamed = {
            (f"{key}s" if key == field else key): subschema for key, subschema in fields.items()
        }
        names = [f"{each}s" if each == field else each for each in required]
        together = schema | {"properties": renamed} | ({"required": names} if required else {})
        yield Change("field renamed", f"{field}s for {field}", together)
    for field, subschema in _foreign(spec, name, fields).items():
        wider = schema | {"properties": {**fields, field.split()[0]: subschema}}
        yield Change("field added", f"with {field}", wider)
    if schema.get("additionalProperties") is False:
        opened = {key: value for key, value in schema.items() if key != "additionalProperties"}
        yield Change("closed made open", "other fields allowed", opened)
    else:
        closed = schema | {"additionalProperties": False}
        yield Change("open made closed", "other fields refused", closed)
    yield from type_changes(schema)
    if "if" in schema:
        yield from _conditional_changes(schema)
    if "not" in schema:
        yield from rule_changes(schema)
    if RULE in schema:
        yield from total_changes(schema)


def rule_changes(schema: Schema) -> Iterator[Change]:
    """Mistakes in what holds between fields: a rule dropped, or one that asks for no condition."""
    rules = schema["not"].get("anyOf", [schema["not"]])
    for number, rule in enumerate(rules):
        others = [each for at, each in enumerate(rules) if at != number]
        bare = {key: value for key, value in schema.items() if key != "not"}
        less = bare | ({"not": {"anyOf": others}} if others else {})
        yield Change("rule dropped", f"no rule {number}", less)
        parts = rule.get("allOf", [])
        for nth in range(len(parts) - 1):
            left = [part for n, part in enumerate(parts) if n != nth]
            wider = schema | {"not": {"anyOf": [*others, {"allOf": left}]}}
            label = f"rule {number} for all" + (f", whatever {nth} says" if nth else "")
            yield Change("rule without its condition", label, wider)


def total_changes(schema: Schema) -> Iterator[Change]:
    """Mistakes in counts and sums over several fields: one dropped, a limit that is off by one."""
    rules = schema[RULE]
    for number, rule in enumerate(rules):
        others = [each for at, each in enumerate(rules) if at != number]
        bare = {key: value for key, value in schema.items() if key != RULE}
        less = bare | ({RULE: others} if others else {})
        yield Change("total dropped", f"no total {number}", less)
        if {"with", "without"} & {*rule}:
            free = {key: value for key, value in rule.items() if key not in ("with", "without")}
            yield Change("total changed", f"{number} for all", schema | {RULE: [*others, free]})
        for key in ("minimum", "maximum"):
            for step in (-1, 1) if key in rule else ():
                off = [*others, rule | {key: rule[key] + step}]
                yield Change("total changed", f"{key} {rule[key] + step}", schema | {RULE: off})


def _conditional_changes(schema: Schema) -> Iterator[Change]:
    """Mistakes in the rule that one of two fields is needed: with the one, else the other."""
    bare = {key: value for key, value in schema.items() if key not in ("if", "else")}
    [one], [other] = schema["if"]["required"], schema["else"]["required"]
    yield Change("required dropped", "no if", bare)
    for field in (one, other):
        needed = [*schema["required"], field]
        yield Change("required added", f"only {field} will do", bare | {"required": needed})
    loose = {key: value for key, value in schema["else"].items() if key != "required"}
    yield Change("required dropped", "nothing in else", schema | {"else": loose})
    exchanged = {key: value for key, value in schema.items() if key != "else"}
    yield Change("required added", "then for else", exchanged | {"then": schema["else"]})
    narrow = schema["if"] | {"properties": {one: {"type": "null"}}}
    yield Change("required added", f"if {one} is null", schema | {"if": narrow})


def _foreign(spec: Document, name: str, fields: dict[str, Any]) -> dict[str, Schema]:
    """A field of no page, and of a request every field that only other ones have, by its label."""
    added: dict[str, Schema] = {"undocumented": {"type": "string"}}
    for other in _fellows(spec, name):
        for field, subschema in spec["components"]["schemas"][other]["properties"].items():
            known = [each for label, each in added.items() if label.split()[0] == field]
            if field not in fields and subschema not in known:
                added[f"{field} as in {other}" if known else field] = subschema
    return added


def _elsewhere(spec: Document, name: str, field: str) -> list[Any]:
    """The values that other schemas of the same side allow for a field, where they are few."""
    values: list[Any] = []
    for other in _fellows(spec, name) or ["VideoTask", "TaskDetail"]:
        subschema = spec["components"]["schemas"][other].get("properties", {}).get(field, {})
        values += subschema.get("enum", [subschema["const"]] if "const" in subschema else [])
        values += _within(subschema)
    return list(dict.fromkeys(value for value in values if value is not None))


def _within(subschema: Schema) -> list[int]:
    """The integers between two bounds, or the bounds where they lie far apart."""
    if not {"minimum", "maximum"} <= subschema.keys():
        return []
    least, most = subschema["minimum"], subschema["maximum"]
    whole = isinstance(least, int) and isinstance(most, int)
    return list(range(least, most + 1)) if whole and most - least <= FEW else [least, most]


def _fellows(spec: Document, name: str) -> list[str]:
    """The requests that one could be mistaken for: the variants, or the uploads."""
    create = body_schemas(create_operation(spec))
    if name in create:
        return create
    uploads = [each for _, operation in operations(spec) for each in body_schemas(operation)]
    return [each for each in uploads if each not in create] if name in uploads else []


def _of_variants(spec: Document) -> Iterator[Mutant]:
    """A variant dropped, and two variants of one page or model merged into one."""
    schemas = spec["components"]["schemas"]
    names = body_schemas(create_operation(spec))
    for name in names:
        yield Mutant(f"{CREATE}: no {name}", "variant dropped", "request", "", _drop_variant(name))
    for one, *others in _taken_for_one(schemas, names):
        label = f"{CREATE}: {' and '.join([one, *others])} in one"
        edit = _merge_variants(one, others)
        yield Mutant(label, "variants merged", "request", "", edit)


def _taken_for_one(schemas: Document, names: list[str]) -> Iterator[tuple[str, ...]]:
    """The variants, two or more, that share a model id or a page."""

    def shared(name: str) -> set[str]:
        model, page = schemas[name]["properties"]["model"], schemas[name]["x-documentation-page"]
        return {page, *model.get("enum", [model.get("const")])}

    for count in range(2, len(names) + 1):
        for group in itertools.combinations(names, count):
            if set.intersection(*map(shared, group)):
                yield group


def _drop_variant(name: str) -> Edit:
    def edit(document: Document) -> None:
        schema = create_body(document)["schema"]
        schema["oneOf"] = [each for each in schema["oneOf"] if each["$ref"] != f"{SCHEMAS}{name}"]

    return edit


def _merge_variants(one: str, others: list[str]) -> Edit:
    def edit(document: Document) -> None:
        schemas = document["components"]["schemas"]
        for other in others:
            schemas[one] = _merged(schemas[one], schemas[other])
            _drop_variant(other)(document)

    return edit


def _merged(one: Schema, other: Schema) -> Schema:
    """One schema for two variants, as somebody writes who takes them for one."""
    fields: dict[str, Any] = {}
    for field in one["properties"] | other["properties"]:
        schemas = [
            each["properties"][field] for each in (one, other) if field in each["properties"]
        ]
        fields[field] = _merged_field(*schemas) if len(schemas) == 2 else schemas[0]
    required = [field for field in one["required"] if field in other["required"]]
    merged = {key: value for key, value in one.items() if key not in ("if", "else")}
    return merged | {"properties": fields, "required": required}


def _merged_field(one: Schema, other: Schema) -> Schema:
    if one == other:
        return one
    if any("$ref" in schema for schema in (one, other)):
        return one
    merged = {key: value for key, value in one.items() if other.get(key) == value}
    types = [_types(schema) for schema in (one, other)]
    merged["type"] = list(dict.fromkeys([*types[0], *types[1]]))
    listed = [
        schema.get("enum", [schema["const"]] if "const" in schema else [])
        for schema in (one, other)
    ]
    if all(listed):
        merged["enum"] = list(dict.fromkeys([*listed[0], *listed[1]]))
    for keyword, widest in {"minItems": min, "maxItems": max, "maxLength": max}.items():
        limits = [schema[keyword] for schema in (one, other) if keyword in schema]
        if limits:
            merged[keyword] = widest(limits)
    items = [schema["items"] for schema in (one, other) if "items" in schema]
    return merged | ({"items": items[0]} if items else {})


def _types(schema: Schema) -> list[str]:
    types = schema.get("type", "null")  # only what is null alone has none
    return types if isinstance(types, list) else [types]


def _field_of(spec: Document, name: str) -> str:
    """The field that has a schema of its own."""
    for schema in spec["components"]["schemas"].values():
        for field, subschema in schema.get("properties", {}).items():
            if subschema.get("$ref") == f"{SCHEMAS}{name}":
                return str(field)
    return ""


def with_referred(spec: Document, schema: Schema) -> Schema:
    """A schema with those that it refers to: to read all of them takes longer than to compare."""
    behind: dict[str, Schema] = {}
    waiting = [schema]
    while waiting:
        for name in (each.removeprefix(SCHEMAS) for each in references(waiting.pop())):
            if name not in behind:
                behind[name] = spec["components"]["schemas"][name]
                waiting.append(behind[name])
    return schema | {"components": {"schemas": behind}}


def _mutant(
    spec: Document,
    label: str,
    change: Change,
    location: str,
    path: tuple[str, ...],
    about: str = "",
) -> Mutant:
    """A mutant of the schema at a path."""
    schemas = spec["components"]["schemas"]
    pair = (at(schemas, path), change.schema)
    same = change.kind not in READ | TOTALS and equal(*(with_referred(spec, each) for each in pair))

    def edit(document: Document) -> None:
        at(document["components"]["schemas"], path[:-1])[path[-1]] = copy.deepcopy(change.schema)

    equivalent = "proven to accept the same" if same else ""
    return Mutant(label, change.kind, location, path[0], edit, equivalent, about)
