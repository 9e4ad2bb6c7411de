"""Mistakes in an operation itself: its statuses, its parameters, and whether it needs a body."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from contract_tests.mutation.mutant import Document, Edit, Mutant
from contract_tests.mutation.value_schemas import changes
from overlays.openapi import operations

Parameters = list[dict[str, Any]]


def of_operations(spec: Document) -> Iterator[Mutant]:
    """Every single mistake in an operation, but for the schemas that it names."""
    for label, operation in operations(spec):
        yield Mutant(
            f"{label}: no status 200", "status dropped", "response", "", _drop_status("200", label)
        )
        if operation.get("requestBody", {}).get("required"):
            name = f"{label}: body optional"
            yield Mutant(name, "required dropped", "request", "", _free_body(label))
        if "parameters" in operation:
            yield from _of_parameters(label, operation["parameters"])
    # The page about errors speaks of the service as a whole, so each status is one statement.
    refusals = {status for _, found in operations(spec) for status in found["responses"]} - {"200"}
    for status in sorted(refusals):
        name = f"refusals: no status {status}"
        yield Mutant(name, "status dropped", "response", "", _drop_status(status))
    yield Mutant("refusals: a status 418", "status added", "response", "", _add_status)


def _of_parameters(label: str, parameters: Parameters) -> Iterator[Mutant]:
    def mutant(kind: str, name: str, wrong: Parameters) -> Mutant:
        return Mutant(f"{label} {name}", kind, "request", "", _parameters(label, wrong))

    undocumented = {"name": "undocumented", "in": "query", "schema": {"type": "string"}}
    yield mutant("field added", "with undocumented", [*parameters, undocumented])
    for index, parameter in enumerate(parameters):
        name, schema = parameter["name"], parameter["schema"]

        def instead(*wrong: dict[str, Any], index: int = index) -> Parameters:
            return [*parameters[:index], *wrong, *parameters[index + 1 :]]

        yield mutant("field dropped", f"without {name}", instead())
        yield mutant("field renamed", f"{name}s", instead(parameter | {"name": f"{name}s"}))
        required = parameter.get("required", False)
        kind, word = ("dropped", "optional") if required else ("added", "required")
        changed = parameter | {"required": not required}
        yield mutant(f"required {kind}", f"{name} {word}", instead(changed))
        for change in changes(schema, []):
            changed = parameter | {"schema": change.schema}
            yield mutant(change.kind, f"{name}: {change.label}", instead(changed))


def _drop_status(status: str, label: str = "") -> Edit:
    def edit(document: Document) -> None:
        for name, operation in operations(document):
            if label in ("", name):
                operation["responses"].pop(status, None)

    return edit


def _add_status(document: Document) -> None:
    for _, operation in operations(document):
        operation["responses"]["418"] = {"description": "No page names it."}


def _free_body(label: str) -> Edit:
    def edit(document: Document) -> None:
        del dict(operations(document))[label]["requestBody"]["required"]

    return edit


def _parameters(label: str, wrong: Parameters) -> Edit:
    def edit(document: Document) -> None:
        dict(operations(document))[label]["parameters"] = copy.deepcopy(wrong)

    return edit
