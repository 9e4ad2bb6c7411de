"""What a checked create call costs over a raw httpx POST of the same body on loopback."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

from contract_tests.bench.fast_server import BenchServer
from contract_tests.bench.figures import Figure, ratio
from contract_tests.bench.sdks import FOXAPI, HTTPX
from contract_tests.bench.turns import Times, take_turns, take_turns_async

ROUNDS = 300


def measure() -> Iterator[Figure]:
    """The ratios, in rounds of calls that take turns; the request is made anew for each."""
    with BenchServer() as server:
        for way, times in ("sync", _sync(server.url)), ("async", asyncio.run(_async(server.url))):
            raw = times["raw"]
            yield ratio(f"create / raw httpx POST, {way}", times["create"], raw, 1.10)
            yield ratio(f"raw httpx POST / itself, {way} (the noise)", times["raw again"], raw)


def _sync(url: str) -> Times:
    create, raw = FOXAPI.call(url), HTTPX.call(url)
    return take_turns({"create": create, "raw": raw, "raw again": raw}, ROUNDS)


async def _async(url: str) -> Times:
    create, raw = FOXAPI.async_call(url), HTTPX.async_call(url)
    return await take_turns_async({"create": create, "raw": raw, "raw again": raw}, ROUNDS)
