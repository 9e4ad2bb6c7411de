"""`openapi.yaml` as the pages see it: for each page, its request variants and its answers.

A schema belongs to the pages that its `x-documentation-page` names; what it refers to belongs to
them too. Every field becomes the keywords that facts have, members dotted; whatever else a schema
says is kept under its own keyword, so that nothing in the spec escapes the comparison.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from documentation.fact import PageError, Place
from documentation.openapi import Document
from overlays import yaml_text

ROOT = Path(__file__).parent.parent
SPEC = ROOT / "openapi.yaml"
PAGE_KEY = "x-documentation-page"
_ANNOTATIONS = {"description", "examples", "example", "title", "summary", "deprecated", "$comment"}
_STRUCTURE = {"type", "properties", "required", "items", "nullable", "enum"}
MOST_DEPTH = 8

Keywords = dict[str, Any]


@dataclass(eq=False, slots=True)
class Shape:
    """One schema of one side of an operation: a request variant, an answer, or parameters."""

    name: str
    place: Place
    pages: list[str]
    operation: str
    fields: dict[str, Keywords] = field(default_factory=dict)

    def same(self, other: Shape) -> bool:
        """Whether this is the same schema, be it for another operation."""
        answers = self.place == other.place == "response"
        return other is self or (answers and other.name == self.name != "")


@dataclass(slots=True)
class Spec:
    """All shapes of the spec, and the statuses that its operations answer with."""

    shapes: list[Shape]
    statuses: dict[str, set[str]]

    def of(self, page: str, place: Place, operation: str = "") -> list[Shape]:
        """The shapes of one page on one side."""
        return [
            shape
            for shape in self.shapes
            if page in shape.pages
            and shape.place == place
            and (not operation or shape.operation == operation)
        ]


def load_spec(path: Path = SPEC) -> Spec:
    try:
        data = yaml_text.load(path.read_text("utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise PageError(f"{path.name} can't be read: {str(error).splitlines()[0]}") from None
    return read_spec(data)


def read_spec(data: Any) -> Spec:
    """The shapes of an OpenAPI document that is already parsed."""
    document = Document(data if isinstance(data, dict) else {})
    spec = Spec([], {})
    paths = document.data.get("paths")
    for path, item in (paths if isinstance(paths, dict) else {}).items():
        for method, operation in item.items():
            if isinstance(operation, dict):
                _operation(document, f"{method.upper()} {path}", operation, spec)
    return spec


def _operation(document: Document, name: str, operation: dict[str, Any], spec: Spec) -> None:
    body = document.resolve(operation.get("requestBody"))
    for media in _media(body):
        for schema_name, schema in _variants(document, media.get("schema")):
            shape = _shape(document, schema_name, schema, "request", name)
            if body.get("required") is not True and document.resolve(schema).get("required"):
                # Without a body nothing of it is checked, so what it requires is not required.
                shape.fields.setdefault("", {})["required"] = False
            spec.shapes.append(shape)
    pages: list[str] = []
    responses = operation.get("responses")
    for status, response in (responses if isinstance(responses, dict) else {}).items():
        spec.statuses.setdefault(name, set()).add(str(status))
        for media in _media(document.resolve(response)):
            for schema_name, schema in _variants(document, media.get("schema")):
                shape = _shape(document, schema_name, schema, "response", name)
                spec.shapes.append(shape)
                pages += shape.pages if str(status).startswith("2") else []
    for place in ("path", "query"):
        shape = Shape(f"{place} parameters", place, pages, name)
        for entry in operation.get("parameters") or []:
            parameter = document.resolve(entry)
            if parameter.get("in") == place:
                keywords, _ = _keywords(document, parameter.get("schema"), 0)
                keywords |= {"required": True} if parameter.get("required") is True else {}
                shape.fields[str(parameter.get("name"))] = keywords
        if shape.fields:
            spec.shapes.append(shape)


def _media(holder: dict[str, Any]) -> list[dict[str, Any]]:
    content = holder.get("content")
    return [m for m in (content if isinstance(content, dict) else {}).values() if m]


def _variants(document: Document, schema: Any) -> list[tuple[str, Any]]:
    """The branches of a body's `oneOf`, or the body itself, with their names."""
    branches = schema.get("oneOf") if isinstance(schema, dict) else None
    named = branches if isinstance(branches, list) else [schema]
    return [(str(s.get("$ref", "")).rsplit("/", 1)[-1], s) for s in named if isinstance(s, dict)]


def _shape(document: Document, name: str, schema: Any, place: Place, operation: str) -> Shape:
    resolved = document.resolve(schema)
    pages = resolved.get(PAGE_KEY)
    shape = Shape(name, place, [pages] if isinstance(pages, str) else list(pages or []), operation)
    own, members = _keywords(document, schema, 0)
    # Every body is an object, which no page says and every page shows.
    extra = {key: value for key, value in own.items() if key != "type"}
    if own.get("type") != "object":
        extra["type"] = own.get("type", "any")
    shape.fields = ({"": extra} if extra else {}) | members
    return shape


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
    if "null" in types or schema.get("nullable") is True:
        said["nullable"] = True
    if isinstance(enum, list):
        said["enum"] = [entry for entry in enum if entry is not None]
    for key, entry in schema.items():
        if key not in _STRUCTURE and key not in _ANNOTATIONS and not key.startswith("x-"):
            said["enum" if key == "const" else key] = [entry] if key == "const" else entry
    raw = document.resolve(value)
    for key in ("anyOf", "oneOf"):
        if key in raw and key not in schema and "nullable" not in said:
            said[key] = raw[key]
    if sum(_allows_null(document.flat(branch)) for branch in raw.get("oneOf") or []) > 1:
        said.pop("nullable", None)  # two branches match null, so oneOf refuses it
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
    required = inner.get("required") or []
    if depth >= MOST_DEPTH or not isinstance(properties, dict):
        return said, members
    for key, member in properties.items():
        own, deeper = _keywords(document, member, depth + 1)
        members[key] = own | ({"required": True} if key in required else {})
        members |= {f"{key}.{name}": entry for name, entry in deeper.items()}
    for key in required:
        members.setdefault(key, {"required": True})
    return said, members


def _allows_null(schema: dict[str, Any]) -> bool:
    stated = schema.get("type")
    return schema.get("nullable") is True or "null" in (
        stated if isinstance(stated, list) else [stated]
    )
