"""What a checked create call costs over a raw httpx POST of the same body on loopback.

A create call has a connection of its own, so it is held to a POST that has one too.
"""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

import httpx

from contract_tests.bench.fast_server import BenchServer
from contract_tests.bench.figures import Figure, ratio
from contract_tests.bench.sdks import BODY, FOXAPI, HTTPX, KEY
from contract_tests.bench.turns import CALLS, Times, take_turns, take_turns_async
from foxapi_video import AsyncFoxAPI, FoxAPI
from foxapi_video.resources import Videos

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
            for name, limit in (("create", 1.05), ("create with keywords", 1.10)):
                if name in times:
                    yield from _at_best(f"{name}, {way}", times[name], raw, limit)


def _at_best(
    name: str, ours: Sequence[float], raw: Sequence[float], limit: float
) -> Iterator[Figure]:
    """What a call costs over raw httpx, by the best round of each: nothing else was done in it."""
    best, least = min(ours) / CALLS, min(raw) / CALLS
    more, times = 1e6 * (best - least), best / least
    yield Figure(f"{name}: over raw httpx, best of {len(ours)}", more, more, more, unit=" us")
    yield Figure(f"{name}: / raw httpx, best of {len(ours)}", times, times, times, limit)


def _takes_keywords() -> bool:
    """Whether the fields of a request can be given as keywords."""
    parameters = inspect.signature(Videos.create).parameters.values()
    return any(each.kind is each.VAR_KEYWORD for each in parameters)


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
    if _takes_keywords():
        fox = (AsyncFoxAPI if is_async else FoxAPI)(KEY, base_url=url)
        calls["create with keywords"] = partial(fox.videos.create, **BODY)
    if is_async:
        return asyncio.run(take_turns_async(calls, ROUNDS))
    return take_turns(calls, ROUNDS)
