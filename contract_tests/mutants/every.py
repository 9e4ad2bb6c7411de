"""All mutants of a spec: of each field, each object, each variant and each answer."""

from __future__ import annotations

import copy
import itertools
from collections.abc import Callable, Iterator
from typing import Any

from contract_tests.mutants.mutant import Document, Mutant
from contract_tests.mutants.values import Change, Schema, changes
from contract_tests.referees import CREATE
from overlays.generate import body_schemas, operations

Edit = Callable[[Document], None]
REF = "#/components/schemas/"


def all_mutants(spec: Document) -> list[Mutant]:
    """Every single-constraint mutant of the request side and of the answers."""
    schemas = spec["components"]["schemas"]
    requests = {name for _, operation in operations(spec) for name in body_schemas(operation)}
    requests |= {name for request in requests for name in _referred(schemas[request])}
    found: list[Mutant] = []
    for name, schema in schemas.items():
        side = "request" if name in requests else "response"
        found += _of_schema(spec, name, schema, side)
    found += _of_variants(spec)
    found += _of_operations(spec)
    return found


def _of_schema(spec: Document, name: str, schema: Schema, side: str) -> Iterator[Mutant]:
    for change in _object_changes(spec, name, schema):
        yield _mutant(f"{name}: {change.label}", change, side, name, ())
    if "properties" not in schema:
        for change in changes(schema, []):
            field = _field_of(spec, name)
            yield _mutant(f"{name}: {change.label}", change, side, name, (), field)
    for field, words in schema.get("properties", {}).items():
        for change in changes(words, _elsewhere(spec, name, field)):
            label = f"{name}.{field}: {change.label}"
            yield _mutant(label, change, side, name, ("properties", field), field)


def _object_changes(spec: Document, name: str, schema: Schema) -> Iterator[Change]:
    fields = schema.get("properties")
    if fields is None:
        return
    required = schema.get("required", [])
    for field in fields:
        rest = {key: words for key, words in fields.items() if key != field}
        less = [each for each in required if each != field]
        if field in required:
            yield Change("required dropped", f"{field} optional", schema | {"required": less})
        else:
            more = {"required": [*required, field]}
            yield Change("required added", f"{field} required", schema | more)
        # The requirement goes along, else nothing could be valid and the mistake would be two.
        lacking = schema | {"properties": rest} | ({"required": less} if required else {})
        yield Change("field dropped", f"no {field}", lacking)
        renamed = {(f"{key}s" if key == field else key): words for key, words in fields.items()}
        names = [f"{each}s" if each == field else each for each in required]
        together = schema | {"properties": renamed} | ({"required": names} if required else {})
        yield Change("field renamed", f"{field}s for {field}", together)
    for field, words in _foreign(spec, name, fields).items():
        wider = schema | {"properties": {**fields, field: words}}
        yield Change("field added", f"with {field}", wider)
    if schema.get("additionalProperties") is False:
        opened = {key: value for key, value in schema.items() if key != "additionalProperties"}
        yield Change("closed made open", "other fields allowed", opened)
    for index, branch in enumerate(schema.get("anyOf", [])):
        rest_of = [other for other in schema["anyOf"] if other is not branch]
        label = f"without {branch['required'][0]} in anyOf"
        yield Change("required added", label, schema | {"anyOf": rest_of or [{}]})
        assert index < 2
    if "anyOf" in schema:
        free = {key: value for key, value in schema.items() if key != "anyOf"}
        yield Change("required dropped", "no anyOf", free)


def _foreign(spec: Document, name: str, fields: dict[str, Any]) -> dict[str, Schema]:
    """A field of no page, and of a request every field that only other variants have."""
    added: dict[str, Schema] = {"undocumented": {"type": "string"}}
    create = body_schemas(dict(operations(spec))[CREATE])
    if name in create:
        for other in create:
            for field, words in spec["components"]["schemas"][other]["properties"].items():
                if field not in fields:
                    added.setdefault(field, words)
    return added


def _elsewhere(spec: Document, name: str, field: str) -> list[Any]:
    """The values that other schemas of the same side allow for a field."""
    create = body_schemas(dict(operations(spec))[CREATE])
    others = create if name in create else ["VideoTask", "TaskDetail"]
    values: list[Any] = []
    for other in others:
        words = spec["components"]["schemas"][other].get("properties", {}).get(field, {})
        values += words.get("enum", [words["const"]] if "const" in words else [])
    return list(dict.fromkeys(value for value in values if value is not None))


def _of_variants(spec: Document) -> Iterator[Mutant]:
    """A variant dropped, and two variants of one page or model merged into one."""
    schemas = spec["components"]["schemas"]
    names = body_schemas(dict(operations(spec))[CREATE])
    for name in names:
        yield Mutant(f"{CREATE}: no {name}", "variant dropped", "request", "", _drop_branch(name))
    for one, other in itertools.combinations(names, 2):
        first, second = schemas[one], schemas[other]
        same_model = first["properties"]["model"] == second["properties"]["model"]
        if same_model or first["x-documentation-page"] == second["x-documentation-page"]:
            label = f"{CREATE}: {one} and {other} in one"
            edit = _merge_branches(one, other)
            yield Mutant(label, "variants merged", "request", "", edit)


def _drop_branch(name: str) -> Edit:
    def edit(document: Document) -> None:
        content = document["paths"]["/v1/videos/generations"]["post"]["requestBody"]["content"]
        schema = content["application/json"]["schema"]
        schema["oneOf"] = [each for each in schema["oneOf"] if each["$ref"] != f"{REF}{name}"]

    return edit


def _merge_branches(one: str, other: str) -> Edit:
    def edit(document: Document) -> None:
        schemas = document["components"]["schemas"]
        schemas[one] = _merged(schemas[one], schemas[other])
        _drop_branch(other)(document)

    return edit


def _merged(one: Schema, other: Schema) -> Schema:
    """One schema for two variants, as somebody writes who takes them for one."""
    fields: dict[str, Any] = {}
    for field in one["properties"] | other["properties"]:
        sides = [each["properties"][field] for each in (one, other) if field in each["properties"]]
        fields[field] = _merged_field(*sides) if len(sides) == 2 else sides[0]
    required = [field for field in one["required"] if field in other["required"]]
    merged = {key: value for key, value in one.items() if key != "anyOf"}
    return merged | {"properties": fields, "required": required}


def _merged_field(one: Schema, other: Schema) -> Schema:
    if one == other:
        return one
    if any("$ref" in side for side in (one, other)):
        return one
    merged = {key: value for key, value in one.items() if other.get(key) == value}
    types = [_types(side) for side in (one, other)]
    merged["type"] = list(dict.fromkeys([*types[0], *types[1]]))
    listed = [side.get("enum", [side["const"]] if "const" in side else []) for side in (one, other)]
    if all(listed):
        merged["enum"] = list(dict.fromkeys([*listed[0], *listed[1]]))
    for keyword, widest in {"minItems": min, "maxItems": max, "maxLength": max}.items():
        limits = [side[keyword] for side in (one, other) if keyword in side]
        if limits:
            merged[keyword] = widest(limits)
    items = [side["items"] for side in (one, other) if "items" in side]
    return merged | ({"items": items[0]} if items else {})


def _types(schema: Schema) -> list[str]:
    types = schema["type"]
    return types if isinstance(types, list) else [types]


def _of_operations(spec: Document) -> Iterator[Mutant]:
    """Statuses dropped and added, and what is wrong with parameters."""
    for label, operation in operations(spec):
        yield Mutant(
            f"{label}: no status 200", "status dropped", "response", "", _drop_status("200", label)
        )
        for index, parameter in enumerate(operation.get("parameters", [])):
            for change in changes(parameter["schema"], []):
                name = f"{label} {parameter['name']}: {change.label}"
                edit = _parameter(label, index, change)
                yield Mutant(name, change.kind, "request", "", edit)
    # The page about errors speaks of the service as a whole, so each status is one statement.
    refusals = {status for _, found in operations(spec) for status in found["responses"]} - {"200"}
    for status in sorted(refusals):
        name = f"refusals: no status {status}"
        yield Mutant(name, "status dropped", "response", "", _drop_status(status))
    yield Mutant("refusals: a status 418", "status added", "response", "", _add_status)


def _drop_status(status: str, label: str = "") -> Edit:
    def edit(document: Document) -> None:
        for name, operation in operations(document):
            if label in ("", name):
                operation["responses"].pop(status, None)

    return edit


def _add_status(document: Document) -> None:
    for _, operation in operations(document):
        operation["responses"]["418"] = {"description": "No page names it."}


def _parameter(label: str, index: int, change: Change) -> Edit:
    def edit(document: Document) -> None:
        operation = dict(operations(document))[label]
        operation["parameters"][index]["schema"] = copy.deepcopy(change.schema)

    return edit


def _field_of(spec: Document, name: str) -> str:
    """The field that has a schema of its own."""
    for schema in spec["components"]["schemas"].values():
        for field, words in schema.get("properties", {}).items():
            if words.get("$ref") == f"{REF}{name}":
                return str(field)
    return ""


def _mutant(
    label: str, change: Change, side: str, name: str, place: tuple[str, ...], about: str = ""
) -> Mutant:
    def edit(document: Document) -> None:
        holder = document["components"]["schemas"]
        for step in (name, *place)[:-1]:
            holder = holder[step]
        holder[(name, *place)[-1]] = copy.deepcopy(change.schema)

    return Mutant(label, change.kind, side, name, edit, change.equivalent, about)


def _referred(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if "$ref" in node:
            yield node["$ref"].removeprefix(REF)
        for value in node.values():
            yield from _referred(value)
    elif isinstance(node, list):
        for value in node:
            yield from _referred(value)
