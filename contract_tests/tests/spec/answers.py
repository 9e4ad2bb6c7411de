"""The answers that a spec documents."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import jsonschema_rs

from foxapi_video.tasks import KNOWN
from overlays.openapi import dereferenced, operations

STATUS_TYPES = {
    "400": "invalid_request_error",
    "401": "authentication_error",
    "402": "insufficient_quota",
    "404": "not_found",
    "422": "invalid_request_error",
    "429": "rate_limit_error",
    "500": "server_error",
    "503": "service_unavailable_error",
}


def statuses(spec: dict[str, Any]) -> list[str]:
    """The statuses of a task that are documented, of those that the package knows."""
    documented = spec["components"]["schemas"]["TaskDetail"]["properties"]["status"]["enum"]
    return [status for status in documented if status in KNOWN]


def answers(spec: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Each documented answer: its operation, status and JSON content."""
    for label, operation in operations(spec):
        for status, response in operation["responses"].items():
            yield label, status, dereferenced(spec, response)["content"]["application/json"]


def validator(spec: dict[str, Any], operation_id: str, status: int) -> Any:
    """Judges the answers of an operation with a status that it documents."""
    label = next(
        label for label, operation in operations(spec) if operation["operationId"] == operation_id
    )
    documented = {status: content for name, status, content in answers(spec) if name == label}
    schema = {
        "$schema": spec["jsonSchemaDialect"],
        **documented[str(status)]["schema"],
        "components": spec["components"],
    }
    return jsonschema_rs.Draft202012Validator(schema, validate_formats=True)


def conforms(spec: dict[str, Any], operation_id: str, answer: httpx.Response) -> None:
    """Assert that an answer is one that its operation documents."""
    validator(spec, operation_id, answer.status_code).validate(answer.json())
