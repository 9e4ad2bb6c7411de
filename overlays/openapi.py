"""What an OpenAPI document holds: its operations, the variants of a body, and its references."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from overlays.errors import BrokenReferenceError

CREATE_PATH = "/v1/videos/generations"
CREATE = f"POST {CREATE_PATH}"
SCHEMAS = "#/components/schemas/"


def operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each operation with its method and path."""
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if isinstance(operation, dict) and "operationId" in operation:
                yield f"{method.upper()} {path}", operation


def request_schemas(document: dict[str, Any]) -> list[str]:
    """The names of the schemas that a request body may have, in the order of the paths."""
    return [name for _, operation in operations(document) for name in body_schemas(operation)]


def body_schemas(operation: dict[str, Any]) -> list[str]:
    """The names of the schemas that the body of an operation may have."""
    contents = operation.get("requestBody", {}).get("content", {}).values()
    schemas = [content["schema"] for content in contents]
    branches = [branch for schema in schemas for branch in schema.get("oneOf", [schema])]
    return [branch["$ref"].removeprefix(SCHEMAS) for branch in branches]


def create_operation(document: dict[str, Any]) -> dict[str, Any]:
    """The operation of the create call."""
    operation: dict[str, Any] = document["paths"][CREATE_PATH]["post"]
    return operation


def create_body(document: dict[str, Any]) -> dict[str, Any]:
    """The body of the create call: its schema, and a sample of each variant under examples."""
    body: dict[str, Any] = create_operation(document)["requestBody"]["content"]["application/json"]
    return body


def create_variants(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The schema of each variant of the create call, as a document of its own."""
    names = body_schemas(create_operation(document))
    return {name: self_contained(document, name) for name in names}


def self_contained(document: dict[str, Any], name: str) -> dict[str, Any]:
    """A schema of components as a JSON Schema document without any reference."""
    schema = dereferenced(document, document["components"]["schemas"][name])
    return {"$schema": document["jsonSchemaDialect"], "title": name, **schema}


def referred(document: dict[str, Any], reference: str) -> dict[str, Any]:
    """The object that a reference points to, which may be a reference itself.

    Raises:
        BrokenReferenceError: It leaves the document, or there is no object.
    """
    if not reference.startswith("#/"):
        raise BrokenReferenceError("refers to another document")
    found: Any = document
    for step in reference[2:].split("/"):
        step = step.replace("~1", "/").replace("~0", "~")
        found = found.get(step) if isinstance(found, dict) else None
    if not isinstance(found, dict):
        raise BrokenReferenceError("has a reference that leads nowhere")
    return found


def dereferenced(document: dict[str, Any], node: Any) -> Any:
    """A copy of a part of a document, with what it refers to in place of every reference.

    What stands beside a reference is said on top of what it points to. (`dereference` of
    jsonschema-rs drops that, and leaves a reference that leads in a circle as it is.)

    Raises:
        BrokenReferenceError: A reference leaves the document, leads nowhere, or leads in a circle.
    """
    return written_out(partial(referred, document), node)


def written_out(find: Callable[[str], Any], node: Any, above: tuple[str, ...] = ()) -> Any:
    """The same, what a reference points to being found by a function."""
    if isinstance(node, list):
        return [written_out(find, item, above) for item in node]
    if not isinstance(node, dict):
        return node
    reference = node.get("$ref")
    if not isinstance(reference, str):
        return {key: written_out(find, value, above) for key, value in node.items()}
    if reference in above:
        raise BrokenReferenceError("has references that lead in a circle")
    target = written_out(find, find(reference), (*above, reference))
    beside = {key: value for key, value in node.items() if key != "$ref"}
    return {**target, **written_out(find, beside, above)}


def references(node: Any) -> Iterator[str]:
    """Every reference in a part of a document, not those behind them."""
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for value in node.values():
            yield from references(value)
    elif isinstance(node, list):
        for item in node:
            yield from references(item)
