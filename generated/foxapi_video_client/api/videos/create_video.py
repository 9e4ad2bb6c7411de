from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import httpx

from ... import models
from ...errors import UnexpectedStatus
from ...types import Response, parse

if TYPE_CHECKING:
    from ...client import Client
    from ...models.error_response import ErrorResponse
    from ...models.veo_31_extend_request import Veo31ExtendRequest
    from ...models.veo_31_fast_frames_request import Veo31FastFramesRequest
    from ...models.veo_31_fast_reference_to_video_request import Veo31FastReferenceToVideoRequest
    from ...models.veo_31_fast_request import Veo31FastRequest
    from ...models.veo_31_reference_to_video_request import Veo31ReferenceToVideoRequest
    from ...models.video_task import VideoTask
    from ...models.wan_27_first_last_frame_request import Wan27FirstLastFrameRequest
    from ...models.wan_27_image_to_video_request import Wan27ImageToVideoRequest
    from ...models.wan_27_video_continuation_request import Wan27VideoContinuationRequest

    Body: TypeAlias = (
        Veo31ExtendRequest
        | Veo31FastFramesRequest
        | Veo31FastReferenceToVideoRequest
        | Veo31FastRequest
        | Veo31ReferenceToVideoRequest
        | Wan27FirstLastFrameRequest
        | Wan27ImageToVideoRequest
        | Wan27VideoContinuationRequest
    )


def get_kwargs(
    *,
    body: Body,
) -> dict[str, Any]:
    """What httpx's request takes for this operation."""
    kwargs: dict[str, Any] = {"method": "POST"}
    kwargs["url"] = "/v1/videos/generations"
    kwargs["json"] = body.to_dict()
    return kwargs


def _response(client: Client, response: httpx.Response) -> Response[ErrorResponse | VideoTask]:
    answers = {
        200: models.VideoTask,
        400: models.ErrorResponse,
        401: models.ErrorResponse,
        402: models.ErrorResponse,
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
) -> Response[ErrorResponse | VideoTask]:
    """Create a video task.

    Starts one paid generation and answers at once with its task. The body is one of the request
    variants; the model and the fields that are present decide which.

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
) -> ErrorResponse | VideoTask | None:
    """As sync_detailed, but just the parsed body."""
    return sync_detailed(body=body, client=client).parsed


async def asyncio_detailed(
    *,
    client: Client,
    body: Body,
) -> Response[ErrorResponse | VideoTask]:
    """As sync_detailed, for asyncio."""
    kwargs = get_kwargs(
        body=body,
    )
    return _response(client, await client.get_async_httpx_client().request(**kwargs))


async def asyncio(
    *,
    client: Client,
    body: Body,
) -> ErrorResponse | VideoTask | None:
    """As asyncio_detailed, but just the parsed body."""
    return (await asyncio_detailed(body=body, client=client)).parsed
