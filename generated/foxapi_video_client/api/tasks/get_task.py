from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import httpx

from ... import models
from ...errors import UnexpectedStatus
from ...types import UNSET, Response, Unset, parse

if TYPE_CHECKING:
    from ...client import Client
    from ...models.error_response import ErrorResponse
    from ...models.task_detail import TaskDetail


def get_kwargs(
    task_id: str,
    *,
    sync_upstream: bool | Unset = UNSET,
) -> dict[str, Any]:
    """What httpx's request takes for this operation."""
    kwargs: dict[str, Any] = {"method": "GET"}
    kwargs["url"] = "/v1/tasks/{task_id}".format(
        task_id=quote(task_id, safe=""),
    )
    parameters = {
        "sync_upstream": sync_upstream,
    }
    kwargs["params"] = {name: value for name, value in parameters.items() if value is not UNSET}
    return kwargs


def _response(client: Client, response: httpx.Response) -> Response[ErrorResponse | TaskDetail]:
    answers = {
        200: models.TaskDetail,
        400: models.ErrorResponse,
        401: models.ErrorResponse,
        404: models.ErrorResponse,
        422: models.ErrorResponse,
        429: models.ErrorResponse,
        500: models.ErrorResponse,
        503: models.ErrorResponse,
    }
    if client.raise_on_unexpected_status and response.status_code not in answers:
        raise UnexpectedStatus(response.status_code, response.content)
    return Response(
        status_code=response.status_code,
        content=response.content,
        headers=response.headers,
        parsed=parse(response, answers),
    )


def sync_detailed(
    task_id: str,
    *,
    client: Client,
    sync_upstream: bool | Unset = UNSET,
) -> Response[ErrorResponse | TaskDetail]:
    """Query a task.

    Answers with the state of a task, and its results once it completed.

    Args:
        task_id: The id from the answer of the create call.
        sync_upstream: Whether to refresh a running task from the model's provider before
            answering.
        client: Where the API is and who asks.

    Returns:
        The answer with its status, headers and body. The parsed body is None where the status is
        not documented or the body is no JSON object.

    Raises:
        UnexpectedStatus: The status is not documented, and the client was told to raise.
        httpx.HTTPError: No answer came.
    """
    kwargs = get_kwargs(
        task_id,
        sync_upstream=sync_upstream,
    )
    return _response(client, client.get_httpx_client().request(**kwargs))


def sync(
    task_id: str,
    *,
    client: Client,
    sync_upstream: bool | Unset = UNSET,
) -> ErrorResponse | TaskDetail | None:
    """As sync_detailed, but just the parsed body."""
    return sync_detailed(task_id, sync_upstream=sync_upstream, client=client).parsed


async def asyncio_detailed(
    task_id: str,
    *,
    client: Client,
    sync_upstream: bool | Unset = UNSET,
) -> Response[ErrorResponse | TaskDetail]:
    """As sync_detailed, for asyncio."""
    kwargs = get_kwargs(
        task_id,
        sync_upstream=sync_upstream,
    )
    return _response(client, await client.get_async_httpx_client().request(**kwargs))


async def asyncio(
    task_id: str,
    *,
    client: Client,
    sync_upstream: bool | Unset = UNSET,
) -> ErrorResponse | TaskDetail | None:
    """As asyncio_detailed, but just the parsed body."""
    return (await asyncio_detailed(task_id, sync_upstream=sync_upstream, client=client)).parsed
