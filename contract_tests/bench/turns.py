"""Calls that take turns, so that what else the machine does falls on all of them."""

from __future__ import annotations

import gc
from collections.abc import Awaitable, Callable, Mapping
from time import perf_counter

CALLS = 10

Times = dict[str, list[float]]


def take_turns(calls: Mapping[str, Callable[[], object]], rounds: int) -> Times:
    """The seconds that each call took in each round, ten times in a row."""

    def timed(call: Callable[[], object]) -> float:
        began = perf_counter()
        for _ in range(CALLS):
            call()
        return perf_counter() - began

    for call in calls.values():
        timed(call)
    times: Times = {name: [] for name in calls}
    gc.collect()
    for _ in range(rounds):
        for name, call in calls.items():
            times[name].append(timed(call))
    return times


async def take_turns_async(
    calls: Mapping[str, Callable[[], Awaitable[object]]], rounds: int
) -> Times:
    """The same of coroutines, each awaited before the next."""

    async def timed(call: Callable[[], Awaitable[object]]) -> float:
        began = perf_counter()
        for _ in range(CALLS):
            await call()
        return perf_counter() - began

    for call in calls.values():
        await timed(call)
    times: Times = {name: [] for name in calls}
    gc.collect()
    for _ in range(rounds):
        for name, call in calls.items():
            times[name].append(await timed(call))
    return times
