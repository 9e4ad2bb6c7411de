"""Every answer of the mock is one that the pages document."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from contract_tests.mock.mock import Mock
from contract_tests.referees.samples import BODY, SPEC
from contract_tests.tests.spec.answers import STATUS_TYPES, conforms, statuses
from overlays.openapi import operations

CALLS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "createVideo": (
        "POST",
        "/v1/videos/generations",
        {"json": BODY},
    ),
    "getTask": ("GET", "/v1/tasks/task-1", {"params": {"sync_upstream": "true"}}),
    "uploadFileStream": (
        "POST",
        "/v1/files/upload/stream",
        {
            "files": {
                "file": ("start.jpg", b"\xff\xd8", "image/jpeg"),
                "auto_cleanup": (None, "true"),
            }
        },
    ),
    "uploadFileBase64": ("POST", "/v1/files/upload/base64", {"json": {"file_data": "AA=="}}),
    "uploadFileUrl": (
        "POST",
        "/v1/files/upload/url",
        {"json": {"file_url": "https://example.com/a"}},
    ),
}
STATUSES = ("400", "401", "402", "403", "404", "422", "429", "500", "503")


def test_every_operation_is_called_here(spec: dict[str, Any]) -> None:
    assert {operation["operationId"] for _, operation in operations(spec)} == set(CALLS)


@pytest.mark.parametrize("operation_id", CALLS)
def test_valid_call_is_answered_as_documented(
    http: httpx.Client, spec: dict[str, Any], operation_id: str
) -> None:
    method, path, arguments = CALLS[operation_id]
    answer = http.request(method, path, **arguments)
    assert answer.status_code == 200
    conforms(spec, operation_id, answer)


@pytest.mark.parametrize("operation_id", CALLS)
def test_call_without_a_token_is_answered_401(
    mock: Mock, spec: dict[str, Any], operation_id: str
) -> None:
    method, path, arguments = CALLS[operation_id]
    answer = httpx.request(method, mock.url + path, **arguments)
    assert answer.status_code == 401
    assert answer.json()["error"]["type"] == "authentication_error"
    conforms(spec, operation_id, answer)


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("operation_id", CALLS)
def test_documented_error_is_answered_with_its_type(
    http: httpx.Client, spec: dict[str, Any], operation_id: str, status: str
) -> None:
    documented = {
        operation["operationId"]: operation["responses"] for _, operation in operations(spec)
    }
    method, path, arguments = CALLS[operation_id]
    answer = http.request(method, path, headers={"Prefer": f"code={status}"}, **arguments)
    if status not in documented[operation_id]:
        # Prism has nothing to answer with: no page lists this status for this call.
        assert answer.status_code == 404
        assert answer.headers["Content-Type"] == "application/problem+json"
        return
    assert answer.status_code == int(status)
    if status in STATUS_TYPES:
        assert answer.json()["error"]["type"] == STATUS_TYPES[status]
    conforms(spec, operation_id, answer)


@pytest.mark.parametrize("status", statuses(SPEC))
def test_task_query_can_answer_every_status(
    http: httpx.Client, spec: dict[str, Any], status: str
) -> None:
    answer = http.get("/v1/tasks/task-1", headers={"Prefer": f"example={status}"})
    assert answer.json()["status"] == status
    conforms(spec, "getTask", answer)


def test_sync_upstream_that_is_no_boolean_is_refused(http: httpx.Client) -> None:
    answer = http.get("/v1/tasks/task-1", params={"sync_upstream": "perhaps"})
    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("path", "body"),
    [
        pytest.param("base64", {"file_name": "a"}, id="base64-without-file_data"),
        pytest.param("base64", {"file_data": 1}, id="base64-file_data-is-a-number"),
        pytest.param(
            "base64", {"file_data": "", "auto_cleanup": "yes"}, id="base64-auto_cleanup-is-text"
        ),
        pytest.param("url", {"file_name": "a"}, id="url-without-file_url"),
        pytest.param(
            "url", {"file_url": "https://a.b", "file_name": None}, id="url-file_name-is-null"
        ),
        pytest.param(
            "url", {"file_url": "https://a.b", "folder": "x"}, id="url-undocumented-field"
        ),
    ],
)
def test_upload_that_no_page_allows_is_refused(
    http: httpx.Client, path: str, body: dict[str, Any]
) -> None:
    assert http.post(f"/v1/files/upload/{path}", json=body).status_code == 422


def test_upload_form_without_a_file_is_refused(http: httpx.Client) -> None:
    answer = http.post("/v1/files/upload/stream", files={"file_name": (None, "a.jpg")})
    assert answer.status_code == 422
