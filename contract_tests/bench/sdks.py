"""The SDKs of the field, and one call of each that makes a video from the same prompt.

One that wants an image too gets one. They live in an environment of their own, so this module
imports none of them before it is asked to, and as little else as it can: what it imports first,
the SDK measured gets for nothing.

python -m contract_tests.bench.sdks URL ROUNDS
prints, as JSON, the seconds that the calls of every SDK took against the stub at URL, in turns.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, NamedTuple

KEY = "placeholder-for-benchmarks"
PROMPT = "The fox runs through the snow. " * 10
IMAGE = "https://example.com/start.jpg"

Call = Callable[[], object]
AsyncCall = Callable[[], Awaitable[object]]


class SDK(NamedTuple):
    """A package that makes videos.

    Attributes:
        name: Its name on PyPI.
        importing: The import with which its users begin.
        path: Where its create call goes.
        answer: What its own server answers, or None for the answer of FoxAPI.
        make: Makes a client for a base URL, that for asyncio where asked, and gives its create
            call.
    """

    name: str
    importing: str
    path: str
    answer: dict[str, Any] | None
    make: Callable[[str, bool], Any]

    def call(self, url: str) -> Call:
        """The create call of a new client for a base URL."""
        call: Call = self.make(url, False)
        return call

    def async_call(self, url: str) -> AsyncCall:
        """The same of its client for asyncio."""
        call: AsyncCall = self.make(url, True)
        return call


def _httpx(url: str, is_async: bool) -> Any:
    import httpx

    client = (httpx.AsyncClient if is_async else httpx.Client)(
        headers={"Authorization": f"Bearer {KEY}"}
    )
    return lambda: client.post(url + HTTPX.path, json=BODY)


def _least() -> tuple[str, dict[str, Any]]:
    """The first variant that the package ships and what it needs, its texts the prompt."""
    folder = Path(__file__).parents[2] / "generated" / "foxapi_video_client" / "schemas"
    (variant, *_), *_ = json.loads((folder / "index.json").read_bytes()).values()
    schema = json.loads((folder / f"{variant}.json").read_bytes())
    body = {}
    for name in schema["required"]:
        words = schema["properties"][name]
        is_free = words["type"] == "string" and not words.keys() & {"enum", "const", "pattern"}
        body[name] = PROMPT if is_free and "format" not in words else words["examples"][0]
    return variant, body


VARIANT, BODY = _least()


def _foxapi(url: str, is_async: bool) -> Any:
    import foxapi_video

    fox = (foxapi_video.AsyncFoxAPI if is_async else foxapi_video.FoxAPI)(KEY, base_url=url)
    return lambda: fox.videos.create(getattr(foxapi_video, VARIANT).from_dict(BODY))


_RUNWAY = {
    "model": "gen4_turbo",
    "prompt_image": IMAGE,
    "prompt_text": PROMPT,
    "ratio": "1280:720",
    "duration": 5,
}


def _runway(url: str, is_async: bool) -> Any:
    import runwayml

    client = (runwayml.AsyncRunwayML if is_async else runwayml.RunwayML)(api_key=KEY, base_url=url)
    return lambda: client.image_to_video.create(**_RUNWAY)


_LUMA = {
    "model": "ray-2",
    "keyframes": {"frame0": {"type": "image", "url": IMAGE}},
    "prompt": PROMPT,
    "duration": "5s",
    "resolution": "1080p",
}


def _luma(url: str, is_async: bool) -> Any:
    import lumaai

    client = (lumaai.AsyncLumaAI if is_async else lumaai.LumaAI)(auth_token=KEY, base_url=url)
    return lambda: client.generations.video.create(**_LUMA)


_OPENAI = {
    "model": "sora-2",
    "prompt": PROMPT,
    "seconds": "4",
    "size": "1280x720",
}  # without the image, of which it takes the bytes only


def _openai(url: str, is_async: bool) -> Any:
    import openai

    client = (openai.AsyncOpenAI if is_async else openai.OpenAI)(api_key=KEY, base_url=url)
    return lambda: client.videos.create(**_OPENAI)


_REPLICATE = {
    "model": "wan-video/wan-2.7-i2v",
    "input": {"image": IMAGE, "prompt": PROMPT, "duration": 5, "resolution": "1080p"},
}


def _replicate(url: str, is_async: bool) -> Any:
    from replicate import Client

    predictions = Client(api_token=KEY, base_url=url).models.predictions
    create = predictions.async_create if is_async else predictions.create
    return lambda: create(**_REPLICATE)


_FAL = {
    "application": "fal-ai/wan/v2.7/image-to-video",
    "arguments": {"image_url": IMAGE, "prompt": PROMPT, "duration": 5, "resolution": "1080p"},
}


def _fal(url: str, is_async: bool) -> Any:
    import fal_client.client

    # It takes a host from the environment, and always puts https:// before it.
    fal_client.client.QUEUE_URL_FORMAT = f"{url}/"
    client = (fal_client.AsyncClient if is_async else fal_client.SyncClient)(key=KEY)
    return lambda: client.submit(**_FAL)


HTTPX = SDK("httpx", "import httpx", "/v1/videos/generations", None, _httpx)
FOXAPI = SDK(
    "foxapi-video",
    f"from foxapi_video import FoxAPI, {VARIANT}",
    HTTPX.path,
    None,
    _foxapi,
)
PEERS = (
    SDK(
        "runwayml",
        "from runwayml import RunwayML",
        "/v1/image_to_video",
        {"id": "17f20503-6c24-4c16-946b-35dbbce2af2f", "estimatedCost": {"credits": 25}},
        _runway,
    ),
    SDK(
        "lumaai",
        "from lumaai import LumaAI",
        "/generations/video",
        {
            "id": "17f20503-6c24-4c16-946b-35dbbce2af2f",
            "generation_type": "video",
            "state": "queued",
            "failure_reason": None,
            "created_at": "2026-09-06T13:37:11.402000Z",
            "assets": None,
            "model": "ray-2",
            "request": {"generation_type": "video", **_LUMA},
        },
        _luma,
    ),
    SDK(
        "openai",
        "from openai import OpenAI",
        "/videos",
        {
            "id": "video_17f20503",
            "object": "video",
            "created_at": 1757165031,
            "completed_at": None,
            "expires_at": None,
            "status": "queued",
            "progress": 0,
            "model": "sora-2",
            "prompt": PROMPT,
            "seconds": "4",
            "size": "1280x720",
            "error": None,
            "remixed_from_video_id": None,
        },
        _openai,
    ),
    SDK(
        "replicate",
        "from replicate import Client",
        "/v1/models/wan-video/wan-2.7-i2v/predictions",
        {
            "id": "17f205036c24",
            "model": "wan-video/wan-2.7-i2v",
            "version": "hidden",
            "status": "starting",
            "input": _REPLICATE["input"],
            "output": None,
            "logs": "",
            "error": None,
            "metrics": None,
            "created_at": "2026-09-06T13:37:11.402Z",
            "started_at": None,
            "completed_at": None,
            "urls": {"get": "https://example.com/get", "cancel": "https://example.com/cancel"},
        },
        _replicate,
    ),
    SDK(
        "fal-client",
        "from fal_client import SyncClient",
        "/fal-ai/wan/v2.7/image-to-video",
        {
            "status": "IN_QUEUE",
            "request_id": "17f20503-6c24-4c16-946b-35dbbce2af2f",
            "response_url": "https://example.com/response",
            "status_url": "https://example.com/status",
            "cancel_url": "https://example.com/cancel",
            "queue_position": 0,
        },
        _fal,
    ),
)
SDKS = {sdk.name: sdk for sdk in (HTTPX, FOXAPI, *PEERS)}


def create_once(name: str, url: str) -> None:
    """Make a client of an SDK, and one task with it."""
    SDKS[name].call(url)()


def _main() -> None:
    import asyncio
    import gc
    import sys

    from contract_tests.bench.turns import Times, take_turns, take_turns_async

    url, rounds = sys.argv[1], int(sys.argv[2])

    async def wait_for_all() -> Times:
        calls = {name: sdk.async_call(url) for name, sdk in SDKS.items()}
        return await take_turns_async(calls, rounds)

    calls = {name: sdk.call(url) for name, sdk in SDKS.items()}
    for call in calls.values():
        call()  # some import the rest of themselves at the first call
    gc.collect()
    gc.freeze()  # what one of them imported is no work of the others
    times = {"sync": take_turns(calls, rounds), "async": asyncio.run(wait_for_all())}
    print(json.dumps(times))


if __name__ == "__main__":
    _main()
