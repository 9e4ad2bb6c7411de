"""What a checked create call costs over a raw httpx POST of the same body on loopback.

A create call has a connection of its own, so it is held to a POST that has one too.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import httpx

from contract_tests.bench.fast_server import BenchServer
from contract_tests.bench.figures import Figure, ratio
from contract_tests.bench.sdks import BODY, FOXAPI, HTTPX, KEY
from contract_tests.bench.turns import Times, take_turns, take_turns_async

ROUNDS = 300


def measure() -> Iterator[Figure]:
    """The ratios, in rounds of calls that take turns; the request is made anew for each."""
    with BenchServer() as server:
        for way, times in ("sync", _sync(server.url)), ("async", asyncio.run(_async(server.url))):
            raw, kept = times["raw"], times["kept"]
            yield ratio(f"create / raw httpx POST, {way}", times["create"], raw, 1.10)
            yield ratio(f"raw httpx POST / itself, {way} (the noise)", times["raw again"], raw)
            yield ratio(
                f"create / raw httpx POST on a kept connection, {way}", times["create"], kept
            )


# What each client is made with that opens a connection for each call, as create calls have it.
_ONCE: dict[str, Any] = {
    "headers": {"Authorization": f"Bearer {KEY}"},
    "limits": httpx.Limits(max_keepalive_connections=0),
}


def _sync(url: str) -> Times:
    client = httpx.Client(**_ONCE)

    def raw() -> httpx.Response:
        return client.post(url + HTTPX.path, json=BODY)

    calls = {"create": FOXAPI.call(url), "raw": raw, "raw again": raw, "kept": HTTPX.call(url)}
    return take_turns(calls, ROUNDS)


async def _async(url: str) -> Times:
    client = httpx.AsyncClient(**_ONCE)

    async def raw() -> httpx.Response:
        return await client.post(url + HTTPX.path, json=BODY)

    create, kept = FOXAPI.async_call(url), HTTPX.async_call(url)
    calls = {"create": create, "raw": raw, "raw again": raw, "kept": kept}
    return await take_turns_async(calls, ROUNDS)
