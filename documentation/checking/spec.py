"""`openapi.yaml` as the pages see it: for each page, its request variants and its answers.

A schema belongs to the pages that its `x-documentation-page` names; what it refers to belongs to
them too. Every field becomes the keywords that facts have, members dotted; whatever else a schema
says is kept under its own keyword, so that nothing in the spec escapes the comparison.
"""

from __future__ import annotations

import functools
import marshal
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jsonschema_rs
import yaml

from documentation.checking.algebra import accepts
from documentation.checking.url_patterns import says_uri
from documentation.fact import Location, PageError
from documentation.reading.layouts.openapi import Document
from overlays import yaml_text
from overlays.bundle import SPEC

PAGE_KEY, NAME_KEY = "x-documentation-page", "x-name"
_ANNOTATIONS = {"description", "examples", "example", "title", "summary", "deprecated", "$comment"}
_ANY_MEMBER = ("additionalProperties", True)  # says nothing that its absence doesn't
_STRUCTURE = {"type", "properties", "required", "items", "nullable", "enum"}
MOST_DEPTH = 8

Keywords = dict[str, Any]


@dataclass(eq=False, slots=True)
class SpecSchema:
    """One schema of one location: a request variant, an answer, or parameters.

    Attributes:
        operations: What it is of; an answer with a name of its own may be that of several.
        schema: The schema itself, its references written out; what parameters are held to is that
            of an object.
        fields: What it says of each field, in the keywords that facts have.
    """

    name: str
    location: Location
    pages: list[str]
    operations: list[str]
    schema: dict[str, Any]
    fields: dict[str, Keywords] = field(default_factory=dict)


@dataclass(slots=True)
class Spec:
    """All schemas of the spec, and the statuses that its operations answer with."""

    schemas: list[SpecSchema]
    statuses: dict[str, set[str]]

    def of(self, page: str, location: Location, operation: str = "") -> list[SpecSchema]:
        """The schemas of one page on one location."""
        return [
            spec_schema
            for spec_schema in self.schemas
            if page in spec_schema.pages
            and spec_schema.location == location
            and (not operation or operation in spec_schema.operations)
        ]


def load_spec(path: Path = SPEC) -> Spec:
    try:
        data = yaml_text.load(path.read_text("utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise PageError(f"{path.name} can't be read: {str(error).splitlines()[0]}") from None
    return read_spec(data)


def read_spec(data: Any) -> Spec:
    """The schemas of an OpenAPI document that is already parsed; nobody changes what is read."""
    try:
        return _read(marshal.dumps(data, 2))
    except ValueError as error:
        raise PageError(f"the spec can't be followed: {error}") from None


@functools.lru_cache(maxsize=8)
def _read(key: bytes) -> Spec:
    """The same, once for a document: whoever proposes asks several times for the same one."""
    data = marshal.loads(key)  # noqa: S302 - made by read_spec
    document = Document(_written_out(data) if isinstance(data, dict) else {})
    spec = Spec([], {})
    paths = document.data.get("paths")
    for path, item in (paths if isinstance(paths, dict) else {}).items():
        for method, operation in item.items():
            if isinstance(operation, dict):
                _operation(document, f"{method.upper()} {path}", operation, spec)
    return spec


def _written_out(data: dict[str, Any]) -> dict[str, Any]:
    """The document in one spelling, and without references: a schema that had a name keeps it."""
    components = data.get("components") or {}
    schemas = {
        name: _plain_addresses(schema) | {NAME_KEY: name} if isinstance(schema, dict) else schema
        for name, schema in (components.get("schemas") or {}).items()
    }
    try:
        return jsonschema_rs.dereference(data | {"components": {**components, "schemas": schemas}})
    except (jsonschema_rs.ReferencingError, ValueError) as error:
        raise PageError(f"the spec's references can't be followed: {error}") from None


def _plain_addresses(node: Any) -> Any:
    """A part of a document without `format: uri` where a pattern says as much."""
    if isinstance(node, list):
        return [_plain_addresses(entry) for entry in node]
    if not isinstance(node, dict):
        return node
    said = node.get("format") == "uri" and says_uri(node.get("pattern"))
    return {k: _plain_addresses(v) for k, v in node.items() if not (said and k == "format")}


def _operation(document: Document, name: str, operation: dict[str, Any], spec: Spec) -> None:
    body = document.resolve(operation.get("requestBody"))
    for media in _media(body):
        for schema in _body_schemas(media.get("schema")):
            spec_schema = _spec_schema(document, schema, "request", name)
            if body.get("required") is not True and schema.get("required"):
                # Without a body nothing of it is checked, so what it requires is not required.
                spec_schema.fields.setdefault("", {})["required"] = False
            spec.schemas.append(spec_schema)
    pages: list[str] = []
    responses = operation.get("responses")
    for status, response in (responses if isinstance(responses, dict) else {}).items():
        spec.statuses.setdefault(name, set()).add(str(status))
        for media in _media(document.resolve(response)):
            for schema in _body_schemas(media.get("schema")):
                named = (s for s in spec.schemas if s.location == "response" and s.name)
                known = next((s for s in named if s.name == schema.get(NAME_KEY)), None)
                if known is None:
                    spec_schema = _spec_schema(document, schema, "response", name)
                    spec.schemas.append(spec_schema)
                else:
                    spec_schema = known
                    spec_schema.operations.append(name)
                pages += spec_schema.pages if str(status).startswith("2") else []
    for location in ("path", "query"):
        entries = [e for e in operation.get("parameters") or [] if e.get("in") == location]
        schema = {
            "type": "object",
            "properties": {str(e.get("name")): e.get("schema") or {} for e in entries},
            "required": [str(e.get("name")) for e in entries if e.get("required") is True],
        }
        if entries:
            spec_schema = _spec_schema(document, schema, location, name)
            spec_schema.name, spec_schema.pages = f"{location} parameters", pages
            spec.schemas.append(spec_schema)


def _media(holder: dict[str, Any]) -> list[dict[str, Any]]:
    content = holder.get("content")
    return [m for m in (content if isinstance(content, dict) else {}).values() if m]


def _body_schemas(schema: Any) -> list[dict[str, Any]]:
    """The branches of a body's `oneOf`, or the body itself."""
    branches = schema.get("oneOf") if isinstance(schema, dict) else None
    listed = branches if isinstance(branches, list) else [schema]
    return [branch for branch in listed if isinstance(branch, dict)]


def _spec_schema(
    document: Document, schema: dict[str, Any], location: Location, operation: str
) -> SpecSchema:
    pages = schema.get(PAGE_KEY)
    pages = [pages] if isinstance(pages, str) else list(pages or [])
    spec_schema = SpecSchema(schema.get(NAME_KEY, ""), location, pages, [operation], schema)
    own, members = _keywords(document, schema, 0)
    # Every body is an object, which no page says and every page shows.
    extra = {key: value for key, value in own.items() if key != "type"}
    if own.get("type") != "object":
        extra["type"] = own.get("type", "any")
    spec_schema.fields = ({"": extra} if extra else {}) | members
    return spec_schema


def _keywords(document: Document, value: Any, depth: int) -> tuple[Keywords, dict[str, Keywords]]:
    """What a schema says of its own value, and of its members."""
    schema = document.flat(value)
    stated = schema.get("type")
    types = [t for t in (stated if isinstance(stated, list) else [stated]) if t is not None]
    said: Keywords = {}
    plain = [t for t in types if t != "null"]
    if plain:
        said["type"] = plain[0] if len(plain) == 1 else plain
    enum = schema.get("enum")
    raw = document.resolve(value)
    perhaps = "null" in types or schema.get("nullable") is True or (enum and not types)
    if perhaps and accepts(raw, None):
        said["nullable"] = True
    if isinstance(enum, list):
        said["enum"] = [entry for entry in enum if entry is not None]
    if "const" in schema and schema["const"] is None:
        said["nullable"] = True
        schema = {key: entry for key, entry in schema.items() if key != "const"}
    for key, entry in schema.items():
        if key in _STRUCTURE or (key, entry) == _ANY_MEMBER:
            continue
        if key not in _ANNOTATIONS and not key.startswith("x-"):
            known = said.get("enum", [entry])
            said["enum" if key == "const" else key] = (
                [value for value in known if value == entry] if key == "const" else entry
            )
    if says_uri(said.get("pattern")):
        said.setdefault("format", "uri")
    for key in ("anyOf", "oneOf"):
        if key in raw and key not in schema and "nullable" not in said:
            said[key] = raw[key]
    members: dict[str, Keywords] = {}
    inner = schema
    if isinstance(schema.get("items"), dict):
        items = document.flat(schema["items"])
        below, _ = _keywords(document, schema["items"], depth + 1)
        said["items"] = below.pop("type", None)
        said |= {key: entry for key, entry in below.items() if key not in ("enum", "nullable")}
        said |= {"enum": below["enum"]} if "enum" in below else {}
        said |= {"nullable items": True} if "nullable" in below else {}
        inner = items
    properties = inner.get("properties")
    required = [str(key) for key in inner.get("required") or []]
    if depth >= MOST_DEPTH or not isinstance(properties, dict):
        return said, members
    for key, member in properties.items():
        own, deeper = _keywords(document, member, depth + 1)
        members[key] = own | ({"required": True} if key in required else {})
        members |= {f"{key}.{name}": entry for name, entry in deeper.items()}
    for key in required:
        members.setdefault(key, {"required": True})
    return said, members
