from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import httpx

from ... import models
from ...errors import UnexpectedStatus
from ...types import Response, parse

if TYPE_CHECKING:
    from ...client import Client
    from ...models.error_response import ErrorResponse
    from ...models.file_base_64_upload import FileBase64Upload
    from ...models.uploaded_file import UploadedFile

    Body: TypeAlias = FileBase64Upload


def get_kwargs(
    *,
    body: Body,
) -> dict[str, Any]:
    """What httpx's request takes for this operation."""
    kwargs: dict[str, Any] = {"method": "POST"}
    kwargs["url"] = "/v1/files/upload/base64"
    kwargs["json"] = body.to_dict()
    return kwargs


def _response(client: Client, response: httpx.Response) -> Response[ErrorResponse | UploadedFile]:
    answers = {
        200: models.UploadedFile,
        400: models.ErrorResponse,
        401: models.ErrorResponse,
        403: models.ErrorResponse,
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
    *,
    client: Client,
    body: Body,
) -> Response[ErrorResponse | UploadedFile]:
    """Upload base64 text.

    Stores a file given as base64 text and answers with an address that a request can name.

    Args:
        body: The body of the request.
        client: Where the API is and who asks.

    Returns:
        The answer with its status, headers and body. The parsed body is None where the status is
        not documented or the body is no JSON object.

    Raises:
        UnexpectedStatus: The status is not documented, and the client was told to raise.
        httpx.HTTPError: No answer came.
    """
    kwargs = get_kwargs(
        body=body,
    )
    return _response(client, client.get_httpx_client().request(**kwargs))


def sync(
    *,
    client: Client,
    body: Body,
) -> ErrorResponse | UploadedFile | None:
    """As sync_detailed, but just the parsed body."""
    return sync_detailed(body=body, client=client).parsed


async def asyncio_detailed(
    *,
    client: Client,
    body: Body,
) -> Response[ErrorResponse | UploadedFile]:
    """As sync_detailed, for asyncio."""
    kwargs = get_kwargs(
        body=body,
    )
    return _response(client, await client.get_async_httpx_client().request(**kwargs))


async def asyncio(
    *,
    client: Client,
    body: Body,
) -> ErrorResponse | UploadedFile | None:
    """As asyncio_detailed, but just the parsed body."""
    return (await asyncio_detailed(body=body, client=client)).parsed
