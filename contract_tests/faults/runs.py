"""Runs: one call of the client against a server that misbehaves, and what came of it."""

from __future__ import annotations

import asyncio
import json
import random
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from contract_tests.faults.behaviours import FAULTS, GOOD, Behaviour
from contract_tests.faults.exchange import TASK_ID, VIDEO
from contract_tests.faults.server import FaultServer
from contract_tests.referees.samples import BODY
from foxapi_video import (
    APITimeoutError,
    AsyncFoxAPI,
    FoxAPI,
    FoxAPIError,
    OutcomeUnknown,
    Polling,
    RetryPolicy,
    Task,
)
from foxapi_video.testing import behaviours as described
from overlays.openapi import CREATE_PATH

KEY = "sk-fault-runs-4711"
REFUSED = Behaviour(described.REFUSED.name, GOOD.act)
PAID = ("create", "generate", "request")
CALLS = (*PAID, "get", "wait", "upload", "download")
RUNS = 5000
# What is behind a tunnel: nothing, since no tunnel of these gets there.
BEHIND = "https://127.0.0.1:9"
TIMEOUT = 0.25
WAIT = 0.6
RETRIES = RetryPolicy(retries=2, first_delay=0.01, longest_delay=0.02, longest_retry_after=0.05)
POLLING = Polling(shortest=0.01, longest=0.03)
# What no call may exceed: its attempts and their pauses, or its wait and a last attempt; plus what
# two busy cores add.
BOUND = 2 * (RETRIES.retries + 1) * (TIMEOUT + 0.1) + WAIT + 2.0


@dataclass(frozen=True)
class Plan:
    """What a run is to be.

    Attributes:
        number: Its number, which seeds its chances together with the seed.
        call: Which call of the client.
        fault: What happens to its requests.
        times: To how many of them; None for all.
        after: How many are answered well before.
        is_async: Which client.
    """

    number: int
    call: str
    fault: Behaviour
    times: int | None
    after: int
    is_async: bool


@dataclass(frozen=True)
class Ended:
    """What came of a run.

    Attributes:
        plan: What it was to be.
        result: "result", the name of the documented error, or "undocumented: ..." and the
            traceback.
        accepted: Create calls that were, or may have been, accepted.
        requests: Requests that came.
        seconds: How long it took.
        leaked: Whether the key shows in what was raised.
        misled: Whether what was raised says that nothing is paid for, though a create was accepted.
        lost: Whether what was raised does not name the task, though an answer did.
    """

    plan: Plan
    result: str
    accepted: int
    requests: int
    seconds: float
    leaked: bool
    misled: bool = False
    lost: bool = False

    @property
    def complaint(self) -> str | None:
        """What is wrong with it, or None."""
        if self.result.startswith("undocumented"):
            return self.result
        if self.accepted > 1:
            return f"{self.accepted} creates accepted"
        if self.misled:
            return f"{self.result} says that nothing is paid for"
        if self.lost:
            return f"{self.result} does not name the task"
        if self.seconds > BOUND:
            return f"took {self.seconds:.1f} s, more than {BOUND:.1f}"
        return "the key shows" if self.leaked else None


def plans(count: int, seed: int) -> Iterator[Plan]:
    """Runs in an order that covers every fault on every call, sync and async, then by chance."""
    draw = random.Random(seed)
    grid = [
        (call, fault, is_async)
        for call in CALLS
        for fault in [REFUSED, *FAULTS]
        for is_async in (False, True)
    ]
    for number in range(count):
        if number % len(grid) == 0:
            draw.shuffle(grid)
        call, fault, is_async = grid[number % len(grid)]
        times = draw.choice((1, 1, 2, 3, None))
        after = draw.choice((0, 0, 1, 2)) if call in ("generate", "wait") else 0
        yield Plan(number, call, fault, times, after, is_async)


def run_all(count: int, seed: int, workers: int = 16) -> list[Ended]:
    """Carry the runs out, several at once."""
    with (
        FoxAPI(KEY, timeout=TIMEOUT, retries=RETRIES) as fox,
        tempfile.TemporaryDirectory() as directory,
        ThreadPoolExecutor(workers) as pool,
    ):
        return list(pool.map(lambda plan: run(plan, fox, Path(directory)), plans(count, seed)))


def run(plan: Plan, fox: FoxAPI, directory: Path) -> Ended:
    """Carry one run out."""
    behaviours = [GOOD] * plan.after + [plan.fault] * (plan.times or 1)
    server = FaultServer(*behaviours, endless=plan.times is None, refuse=plan.fault is REFUSED)
    target = directory / f"{plan.number}.mp4"
    result, text = "result", ""
    raised: FoxAPIError | None = None
    with server, _client(plan, fox, server) as own:
        began = time.monotonic()
        try:
            if plan.is_async:
                value = asyncio.run(_async_call(plan, server, target))
            else:
                value = _call(plan, own, target)
            _check(plan, value)
            text = repr(value)
        except FoxAPIError as error:
            raised = error
            result = type(error).__name__
            text = "".join(
                traceback.TracebackException.from_exception(error, capture_locals=True).format()
            )
        except Exception as error:
            result = "undocumented: " + "".join(traceback.format_exception(error))
        seconds = time.monotonic() - began
    if not target.exists() and result == "result" and plan.call == "download":
        result = "undocumented: a download without a file"
    if any(directory.glob(f".{target.name}.*")):
        result = "undocumented: a temporary file stayed"
    paid = raised if plan.call in PAID else None
    known = isinstance(paid, OutcomeUnknown) or (paid is not None and paid.task_id is not None)
    return Ended(
        plan,
        result,
        server.accepted,
        len(server.requests),
        seconds,
        leaked=KEY in text,
        misled=paid is not None and server.accepted > 0 and not known,
        lost=plan.fault.names and server.accepted > 0 and _lost(paid),
    )


def _lost(error: FoxAPIError | None) -> bool:
    """Whether it drops the id that an answer named; one that came too late named nothing."""
    late = error is not None and isinstance(error.__cause__, APITimeoutError)
    return error is not None and not late and error.task_id != TASK_ID


def _client(plan: Plan, fox: FoxAPI, server: FaultServer) -> FoxAPI:
    """The blocking client of a run: a copy that closes nothing, or one that needs a tunnel."""
    if not plan.fault.tunnel:
        return fox.with_options(base_url=server.url)
    proxied = httpx.HTTPTransport(proxy=server.url, verify=False)
    return FoxAPI(KEY, base_url=BEHIND, timeout=TIMEOUT, retries=RETRIES, transport=proxied)


def _call(plan: Plan, fox: FoxAPI | AsyncFoxAPI, target: Path) -> Any:
    """Make the call; what comes of it, or a coroutine of that."""
    match plan.call:
        case "create":
            return fox.videos.create(BODY)
        case "generate":
            return fox.videos.generate(BODY, timeout=WAIT, polling=POLLING)
        case "request":
            return fox.request("POST", CREATE_PATH, json=BODY)
        case "get":
            return fox.tasks.get(TASK_ID)
        case "wait":
            return fox.tasks.wait(TASK_ID, timeout=WAIT, polling=POLLING)
        case "upload":
            return fox.files.upload(VIDEO, file_name="a.png")
        case _:
            return fox.videos.download(f"{fox.base_url}/video.mp4", target, timeout=WAIT)


async def _async_call(plan: Plan, server: FaultServer, target: Path) -> Any:
    url, proxied = server.url, None
    if plan.fault.tunnel:
        url = BEHIND
        proxied = httpx.AsyncHTTPTransport(proxy=server.url, verify=False)
    async with AsyncFoxAPI(
        KEY, base_url=url, timeout=TIMEOUT, retries=RETRIES, transport=proxied
    ) as fox:
        return await _call(plan, fox, target)


def _check(plan: Plan, value: Any) -> None:
    """A result is to be what the call promises, whatever the server said."""
    if isinstance(value, Task):
        assert value.id, "a task has an id"
        assert json.loads(json.dumps(value.to_dict())) is not None
        if plan.call in ("generate", "wait"):
            assert value.status == "completed", "a wait ends with a completed task"
    elif isinstance(value, Path) and plan.fault.name in BREAKS_OF_CONTENT:
        assert value.read_bytes() == VIDEO, "a download is the whole file"


# Faults after which a download that ends well must have the server's own bytes. The others answer
# with bodies of their own, which a download has no way to tell from a file.
BREAKS_OF_CONTENT = frozenset(
    {
        "reset before the request",
        "reset during the request",
        "reset after the request",
        "closed without an answer",
        "silence",
        "slow headers",
        "truncated body",
        "1xx, then a good answer",
        "no HTTP",
        "HTML, 200",
        "empty, 200",
        "502",
        "503",
        "429",
    }
)


def table(ended: list[Ended]) -> str:
    """The runs by fault: how many, creates accepted at most, wrong words, the longest, the ends."""
    head = ("fault", "runs", "most accepted", "wrong words", "longest", "how they ended")
    rows = ["{:<28}{:>5}  {:>13}  {:>11}  {:>8}  {}".format(*head)]
    order = [fault.name for fault in [REFUSED, *FAULTS]]
    by_fault: dict[str, list[Ended]] = {name: [] for name in order}
    for each in ended:
        by_fault[each.plan.fault.name].append(each)
    for name, runs in by_fault.items():
        if runs:
            ways = Counter(each.result.splitlines()[0] for each in runs).most_common()
            endings = ", ".join(f"{way} {count}" for way, count in ways)
            most = max(each.accepted for each in runs)
            longest = max(each.seconds for each in runs)
            wrong = sum(each.misled or each.lost for each in runs)
            rows.append(
                f"{name:<28}{len(runs):>5}  {most:>13}  {wrong:>11}  {longest:>7.2f}s  {endings}"
            )
    return "\n".join(rows)
