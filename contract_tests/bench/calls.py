"""What a checked create call costs over a raw httpx POST of the same body on loopback."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Awaitable, Callable, Iterator
from time import perf_counter

import httpx

from contract_tests.bench.figures import Figure, ratio
from contract_tests.bench.server import BenchServer
from foxapi_video import AsyncFoxAPI, FoxAPI, Wan27ImageToVideoRequest

KEY = "sk-benchmark-0000"
PATH = "/v1/videos/generations"
ROUNDS = 300
CALLS = 10
REQUEST = Wan27ImageToVideoRequest(
    image_urls=["https://example.com/start.jpg"],
    prompt="The fox runs through the snow. " * 10,
    duration=5,
    resolution="1080p",
)


def measure() -> Iterator[Figure]:
    """The ratios, in rounds of calls that take turns."""
    with BenchServer() as server:
        ours, raw, nothing = _sync(server.url)
        yield ratio("create / raw httpx POST, sync", ours, raw, 1.10)
        yield ratio("raw httpx POST / itself, sync (the noise)", nothing, raw)
        ours, raw, nothing = asyncio.run(_async(server.url))
        yield ratio("create / raw httpx POST, async", ours, raw, 1.10)
        yield ratio("raw httpx POST / itself, async (the noise)", nothing, raw)


def _sync(url: str) -> tuple[list[float], list[float], list[float]]:
    headers = {"Authorization": f"Bearer {KEY}"}
    with FoxAPI(KEY, base_url=url) as fox, httpx.Client(headers=headers) as http:

        def ours() -> None:
            fox.videos.create(REQUEST)

        def raw() -> None:
            http.post(url + PATH, json=REQUEST.to_dict())

        def timed(call: Callable[[], None]) -> float:
            began = perf_counter()
            for _ in range(CALLS):
                call()
            return perf_counter() - began

        times: tuple[list[float], list[float], list[float]] = ([], [], [])
        timed(ours), timed(raw)
        gc.collect()
        for _ in range(ROUNDS):
            for kept, call in zip(times, (ours, raw, raw), strict=True):
                kept.append(timed(call))
    return times


async def _async(url: str) -> tuple[list[float], list[float], list[float]]:
    headers = {"Authorization": f"Bearer {KEY}"}
    async with AsyncFoxAPI(KEY, base_url=url) as fox, httpx.AsyncClient(headers=headers) as http:

        async def ours() -> None:
            await fox.videos.create(REQUEST)

        async def raw() -> None:
            await http.post(url + PATH, json=REQUEST.to_dict())

        async def timed(call: Callable[[], Awaitable[None]]) -> float:
            began = perf_counter()
            for _ in range(CALLS):
                await call()
            return perf_counter() - began

        times: tuple[list[float], list[float], list[float]] = ([], [], [])
        await timed(ours), await timed(raw)
        gc.collect()
        for _ in range(ROUNDS):
            for kept, call in zip(times, (ours, raw, raw), strict=True):
                kept.append(await timed(call))
    return times
