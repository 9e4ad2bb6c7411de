"""`openapi.yaml` as the pages see it: for each page, its request variants and its answers.

A schema belongs to the pages that its `x-documentation-page` names; what it refers to belongs to
them too. Every field becomes the keywords that facts have, members dotted; whatever else a schema
says is kept under its own keyword, so that nothing in the spec escapes the comparison.
"""

from __future__ import annotations

import functools
import marshal
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from documentation.checking.algebra import accepts
from documentation.checking.url_patterns import says_uri
from documentation.fact import Location, PageError
from documentation.reading.layouts.openapi import Document
from overlays import yaml_text
from overlays.bundle import SPEC
from overlays.errors import BrokenReferenceError
from overlays.openapi import references, referred, written_out

PAGE_KEY, NAME_KEY = "x-documentation-page", "x-name"
# Counts and sums over several fields, which no keyword of JSON Schema says.
TOTALS_KEY = "x-rule"
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

    def of(self, page: str, operation: str) -> list[SpecSchema]:
        """The schemas of one page: those of its operation, if there are any."""
        found = [spec_schema for spec_schema in self.schemas if page in spec_schema.pages]
        return [each for each in found if operation in each.operations] or found


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
    except BrokenReferenceError as error:
        raise PageError(f"the spec {error}") from None
    except ValueError as error:
        raise PageError(f"the spec can't be followed: {error}") from None


@functools.lru_cache(maxsize=8)
def _read(key: bytes) -> Spec:
    """The same, once for a document: whoever proposes asks several times for the same one."""
    data = marshal.loads(key)  # noqa: S302 - made by read_spec
    document = Document(_with_names(data) if isinstance(data, dict) else {})
    spec = Spec([], {})
    paths = document.data.get("paths")
    found: list[_Found] = []
    for path, item in (paths if isinstance(paths, dict) else {}).items():
        for method, operation in document.resolve(item).items():
            if isinstance(operation, dict):
                _operation(document, f"{method.upper()} {path}", operation, found, spec.statuses)
    for each in found:
        key = whole(document.data, each.schema)
        spec.schemas.append(_spec_schema(key, each.location, tuple(each.operations), each.needed))
    return spec


def _with_names(data: dict[str, Any]) -> dict[str, Any]:
    """The document, each schema of its components with its name."""
    components = data.get("components") or {}
    schemas = {
        name: schema | {NAME_KEY: name} if isinstance(schema, dict) else schema
        for name, schema in (components.get("schemas") or {}).items()
    }
    return data | {"components": {**components, "schemas": schemas}}


def _plain_addresses(node: Any) -> Any:
    """A part of a document without `format: uri` where a pattern says as much."""
    if isinstance(node, list):
        return [_plain_addresses(entry) for entry in node]
    if not isinstance(node, dict):
        return node
    said = node.get("format") == "uri" and says_uri(node.get("pattern"))
    return {k: _plain_addresses(v) for k, v in node.items() if not (said and k == "format")}


@dataclass(slots=True)
class _Found:
    """A schema where the document has it, which may be a reference."""

    location: Location
    schema: dict[str, Any]
    name: str
    operations: list[str]
    needed: bool = True


def _operation(
    document: Document,
    name: str,
    operation: dict[str, Any],
    found: list[_Found],
    statuses: dict[str, set[str]],
) -> None:
    body = document.resolve(operation.get("requestBody"))
    for schema in _schemas(document, body):
        found.append(_Found("request", schema, "", [name], body.get("required") is True))
    pages: list[str] = []
    responses = operation.get("responses")
    for status, response in (responses if isinstance(responses, dict) else {}).items():
        statuses.setdefault(name, set()).add(str(status))
        for schema in _schemas(document, document.resolve(response)):
            target = document.resolve(schema)
            own = target.get(NAME_KEY, "")
            named = (each for each in found if each.location == "response" and each.name)
            known = next((each for each in named if each.name == own), None)
            if known is None:
                found.append(_Found("response", schema, own, [name]))
            else:
                known.operations.append(name)
            pages += _pages(target) if str(status).startswith("2") else []
    parameters = [document.resolve(each) for each in operation.get("parameters") or []]
    locations: tuple[Location, ...] = ("path", "query")
    for location in locations:
        entries = [e for e in parameters if e.get("in") == location]
        schema = {
            "type": "object",
            NAME_KEY: f"{location} parameters",
            PAGE_KEY: pages,
            "properties": {str(e.get("name")): e.get("schema") or {} for e in entries},
            "required": [str(e.get("name")) for e in entries if e.get("required") is True],
        }
        if entries:
            found.append(_Found(location, schema, "", [name]))


def _schemas(document: Document, holder: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The schemas of a body, or the branches of its `oneOf`."""
    content = holder.get("content")
    for media in (content if isinstance(content, dict) else {}).values():
        schema = media.get("schema") if media else None
        branches = document.resolve(schema).get("oneOf")
        listed = branches if isinstance(branches, list) else [schema]
        yield from (branch for branch in listed if isinstance(branch, dict))


def _pages(schema: dict[str, Any]) -> list[str]:
    pages = schema.get(PAGE_KEY)
    return [pages] if isinstance(pages, str) else list(pages or [])


def whole(data: dict[str, Any], schema: dict[str, Any]) -> bytes:
    """A schema with all that it refers to in a document: where that is the same, it means the same.

    Raises:
        BrokenReferenceError: A reference leads nowhere.
    """
    behind: dict[str, Any] = {}
    waiting = [schema]
    while waiting:
        for reference in _references(marshal.dumps(waiting.pop(), 2)):
            if reference not in behind:
                behind[reference] = referred(data, reference)
                waiting.append(behind[reference])
    return marshal.dumps((schema, behind), 2)


def opened(key: bytes) -> dict[str, Any]:
    """Back from `whole`, without references."""
    schema, behind = marshal.loads(key)  # noqa: S302 - made by whole
    alone: dict[str, Any] = written_out(behind.__getitem__, schema)
    return alone


@functools.lru_cache(maxsize=1024)
def _references(part: bytes) -> list[str]:
    return list(references(marshal.loads(part)))  # noqa: S302 - made by whole


@functools.lru_cache(maxsize=1024)
def _spec_schema(
    key: bytes, location: Location, operations: tuple[str, ...], needed: bool
) -> SpecSchema:
    """One schema, in one spelling and without references: the same one wherever it is the same."""
    schema = _plain_addresses(opened(key))
    own, members = _keywords(Document({}), schema, 0)
    # Every body is an object, which no page says and every page shows.
    extra = {key: value for key, value in own.items() if key != "type"}
    if own.get("type") != "object":
        extra["type"] = own.get("type", "any")
    if not needed and schema.get("required"):
        # Without a body nothing of it is checked, so what it requires is not required.
        extra["required"] = False
    name, fields = schema.get(NAME_KEY, ""), ({"": extra} if extra else {}) | members
    return SpecSchema(name, location, _pages(schema), list(operations), schema, fields)


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
        if key not in _ANNOTATIONS and (key == TOTALS_KEY or not key.startswith("x-")):
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
