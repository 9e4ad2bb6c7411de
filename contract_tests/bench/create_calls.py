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
        for way in ("sync", "async"):
            times = _times(server.url, is_async=way == "async")
            raw, kept = times["raw"], times["kept"]
            yield ratio(f"create / raw httpx POST, {way}", times["create"], raw, 1.10)
            yield ratio(f"raw httpx POST / itself, {way} (the noise)", times["raw again"], raw)
            yield ratio(
                f"create / raw httpx POST on a kept connection, {way}", times["create"], kept
            )


def _times(url: str, *, is_async: bool) -> Times:
    # One that opens a connection for each call, as create calls have it.
    client = (httpx.AsyncClient if is_async else httpx.Client)(
        headers={"Authorization": f"Bearer {KEY}"},
        limits=httpx.Limits(max_keepalive_connections=0),
    )

    def raw() -> Any:
        return client.post(url + HTTPX.path, json=BODY)

    create, kept = FOXAPI.make(url, is_async), HTTPX.make(url, is_async)
    calls = {"create": create, "raw": raw, "raw again": raw, "kept": kept}
    if is_async:
        return asyncio.run(take_turns_async(calls, ROUNDS))
    return take_turns(calls, ROUNDS)
