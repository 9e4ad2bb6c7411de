"""Runs: one create call through a proxy, and what its end says beside what the API accepted."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import random
import ssl
import tempfile
import threading
import time
import traceback
from collections import Counter
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

import httpx

from contract_tests.faults.proxies.servers import Servers
from contract_tests.faults.proxies.situations import SITUATIONS, TUNNEL, Situation
from contract_tests.faults.server import HOST
from contract_tests.referees.samples import BODY
from foxapi_video import (
    APIConnectionError,
    APIStatusError,
    AsyncFoxAPI,
    ConfigurationError,
    FoxAPI,
    FoxAPIError,
    InvalidRequest,
    OutcomeUnknown,
    Polling,
    RetryPolicy,
    Task,
)

KEY = "sk-proxy-runs-0815"
RETRIES = RetryPolicy(retries=3, first_delay=0.01, longest_delay=0.02, longest_retry_after=0.05)
POLLING = Polling(shortest=0.01, longest=0.03)
WAIT = 30.0
T = TypeVar("T")
# What the README's table says of them for a create call: nothing is paid for.
NOTHING_PAID = (InvalidRequest, ConfigurationError, APIConnectionError, APIStatusError)


@dataclass(frozen=True)
class Plan:
    """What a run is to be.

    Attributes:
        number: Its number, which names its call to the API.
        situation: What the call meets.
        times: How many of its requests meet it; 0 for all.
        is_async: Which client.
        forward: Whether the client takes the proxy for one that forwards to any host.
        idle: Seconds that the connection of a first query is idle before the call; 0 for none.
    """

    number: int
    situation: Situation
    times: int
    is_async: bool
    forward: bool
    idle: float

    def __str__(self) -> str:
        times = f"{self.times} times" if self.times else "always"
        way = ", forwarding" if self.forward else ""
        return f"{self.situation}: {times}, {'async' if self.is_async else 'sync'}{way}"

    @property
    def task_id(self) -> str:
        """The id that the API gives its task."""
        return f"task-{self.number}"


@dataclass(frozen=True)
class Ended:
    """What came of a run.

    Attributes:
        plan: What it was to be.
        result: "Task", the error with its status, or "undocumented: ..." and the traceback.
        nothing_paid: Whether the error says that nothing is paid for.
        named: The task that was named, or None.
        accepted: Sendings of the client that the API accepted.
        doubled: What it accepted beyond that, since the proxy sent one again.
    """

    plan: Plan
    result: str
    nothing_paid: bool
    named: str | None
    accepted: int = 0
    doubled: int = 0

    @property
    def undocumented(self) -> bool:
        """Whether it ended in neither a result nor a documented error."""
        return self.result.startswith("undocumented")

    @property
    def wrong_words(self) -> str | None:
        """What its end says wrongly about payment, or None."""
        if self.accepted and self.nothing_paid:
            return f"{self.result} says that nothing is paid for"
        if self.result == "Task" and not self.accepted:
            return "a task that was never accepted"
        if self.named not in (None, self.plan.task_id):
            return f"it names the task of another call, {self.named}"
        if self.plan.situation.names and self.named is None:
            return "the answer named the task, the end does not"
        return None

    @property
    def unpromised(self) -> str | None:
        """What it ended in although the situation promises another end, or None."""
        situation, end = self.plan.situation, self.result
        if situation.again and self.plan.times:
            return None if end == "Task" else f"{end}, where sending again ends in a task"
        return None if end in situation.ends else f"{end}, not {' or '.join(situation.ends)}"

    @property
    def complaint(self) -> str | None:
        """What is wrong with it, or None."""
        if self.undocumented:
            return self.result
        if self.accepted > 1:
            return f"{self.accepted} sendings accepted"
        return self.wrong_words or self.unpromised


def plans(count: int, seed: int, situations: tuple[Situation, ...] = SITUATIONS) -> Iterator[Plan]:
    """Runs that put both clients into every situation, in an order by chance, again and again.

    They meet a race more often.
    """
    draw = random.Random(seed)
    often = [each for each in situations for _ in range(4 if each.is_race else 1)]
    grid = [(situation, is_async) for situation in often for is_async in (False, True)]
    for number in range(count):
        if number % len(grid) == 0:
            draw.shuffle(grid)
        situation, is_async = grid[number % len(grid)]
        # No query is repeated for ever.
        times = draw.choice((1, 2, 3) if situation.queried else (0, 1, 2))
        idle = situation.idle * draw.uniform(0.5, 1.5)
        yield Plan(number, situation, times, is_async, draw.random() < 0.25, idle)


def run_all(
    count: int, seed: int, situations: tuple[Situation, ...] = SITUATIONS, workers: int = 12
) -> list[Ended]:
    """Carry the runs out, several at once, and count afterwards what was accepted."""
    with tempfile.TemporaryDirectory(prefix="foxapi-proxies-") as directory:
        with Servers(Path(directory), situations) as servers, _Clients(servers) as clients:
            pool = ThreadPoolExecutor(workers)
            try:
                # Few at a time: a signal while the pool takes one may leave its lock taken.
                waiting, ended = iter(plans(count, seed, situations)), list[Ended]()
                while batch := list(itertools.islice(waiting, 500)):
                    ended += pool.map(clients.run, batch)
            finally:
                pool.shutdown(cancel_futures=True)
        accepted = servers.accepted()
    sendings = Counter(call for call, _ in accepted)
    every: Counter[str] = Counter()
    for (call, _), copies in accepted.items():
        every[call] += copies
    return [_counted(each, sendings, every) for each in ended]


def _counted(each: Ended, sendings: Counter[str], every: Counter[str]) -> Ended:
    call = str(each.plan.number)
    values = {**vars(each), "accepted": sendings[call]}
    return Ended(**values | {"doubled": every[call] - sendings[call]})


class _Clients:
    """Clients of all runs, one for each way they take, so that connections are used again."""

    def __init__(self, servers: Servers) -> None:
        self._servers = servers
        self._context = ssl.create_default_context(cafile=str(servers.certificate))
        self._loop = asyncio.new_event_loop()
        self._sync: dict[int, FoxAPI] = {}
        self._async: dict[int, AsyncFoxAPI] = {}
        self._lock = threading.Lock()
        self._stack = contextlib.ExitStack()
        self._async_stack = contextlib.AsyncExitStack()

    def __enter__(self) -> _Clients:
        thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        thread.start()
        self._stack.callback(self._loop.close)
        self._stack.callback(thread.join)
        self._stack.callback(self._loop.call_soon_threadsafe, self._loop.stop)
        self._stack.callback(lambda: self._wait(self._async_stack.aclose()))
        return self

    def __exit__(self, *error: object) -> None:
        self._stack.close()

    def run(self, plan: Plan) -> Ended:
        """Carry one run out."""
        nothing_paid, named = False, None
        try:
            task = self._call(plan)
            result, named = "Task", task.id
        except FoxAPIError as error:
            status = getattr(error, "status", None)
            result = " ".join(filter(None, [type(error).__name__, str(status or "")]))
            named = error.task_id
            nothing_paid = isinstance(error, NOTHING_PAID) and named is None
            if not isinstance(error, (*NOTHING_PAID, OutcomeUnknown)):
                result = "undocumented: " + "".join(traceback.format_exception(error))
        except Exception as error:
            result = "undocumented: " + "".join(traceback.format_exception(error))
        return Ended(plan, result, nothing_paid, named)

    def _call(self, plan: Plan) -> Task:
        situation = plan.situation
        port = self._servers.port(situation)
        path = f"{situation.slug}/{plan.number}/{plan.times}"
        address, proxy = f"http://{HOST}:{port}/{path}", 0
        if situation.proxy == TUNNEL:
            host = f"{situation.slug}--{plan.number}--{plan.times}.proxies.invalid"
            address, proxy = f"https://{host}/{path}", port
        elif situation.client == "slow":
            proxy = self._servers.slow
        elif plan.forward:
            address, proxy = f"http://api.proxies.invalid/{path}", port
        options: dict[str, Any] = {"base_url": address, "timeout": situation.patience}
        if situation.trusts:
            options["retries"] = replace(RETRIES, trust_proxy=True)
        if plan.is_async:
            return self._wait(self._create_async(plan, proxy, options))
        return self._create(plan, proxy, options)

    def _create(self, plan: Plan, proxy: int, options: dict[str, Any]) -> Task:
        with contextlib.ExitStack() as stack:
            if plan.situation.is_new:
                fox = self._client(stack, proxy)
            else:
                with self._lock:
                    if proxy not in self._sync:
                        self._sync[proxy] = self._client(self._stack, proxy)
                    fox = self._sync[proxy]
            fox = fox.with_options(**options)
            if plan.situation.queried:
                return fox.videos.generate(BODY, timeout=WAIT, polling=POLLING)
            if plan.idle:
                fox.tasks.get(plan.task_id)
                time.sleep(plan.idle)
            return fox.videos.create(BODY)

    async def _create_async(self, plan: Plan, proxy: int, options: dict[str, Any]) -> Task:
        async with contextlib.AsyncExitStack() as stack:
            if plan.situation.is_new:
                fox = await self._async_client(stack, proxy)
            else:
                if proxy not in self._async:
                    self._async[proxy] = await self._async_client(self._async_stack, proxy)
                fox = self._async[proxy]
            fox = fox.with_options(**options)
            if plan.situation.queried:
                return await fox.videos.generate(BODY, timeout=WAIT, polling=POLLING)
            if plan.idle:
                await fox.tasks.get(plan.task_id)
                await asyncio.sleep(plan.idle)
            return await fox.videos.create(BODY)

    def _client(self, stack: contextlib.ExitStack, proxy: int) -> FoxAPI:
        own = stack.enter_context(httpx.Client(**self._through(proxy))) if proxy else None
        return stack.enter_context(FoxAPI(KEY, http_client=own, retries=RETRIES))

    async def _async_client(self, stack: contextlib.AsyncExitStack, proxy: int) -> AsyncFoxAPI:
        own = httpx.AsyncClient(**self._through(proxy)) if proxy else None
        if own is not None:
            await stack.enter_async_context(own)
        fox = AsyncFoxAPI(KEY, http_client=own, retries=RETRIES)
        return await stack.enter_async_context(fox)

    def _through(self, proxy: int) -> dict[str, Any]:
        return {"proxy": f"http://{HOST}:{proxy}", "verify": self._context}

    def _wait(self, doing: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(doing, self._loop).result()


def table(ended: list[Ended]) -> str:
    """The runs by situation: how many, what was accepted and how they ended."""
    by_situation: dict[str, list[Ended]] = {each.slug: [] for each in SITUATIONS}
    for each in ended:
        by_situation[each.plan.situation.slug].append(each)
    rows = [
        f"{'situation':<44}{'runs':>5}{'accepted':>9}{'twice':>6}{'wrong':>6}{'undoc.':>7}"
        f"{'doubt':>6}{'by proxy':>9}  how they ended"
    ]
    for runs in filter(None, by_situation.values()):
        ways = Counter(each.result.splitlines()[0] for each in runs).most_common()
        figures = counts(runs)
        rows.append(
            f"{runs[0].plan.situation!s:<44}{len(runs):>5}{figures['accepted']:>9}"
            f"{figures['twice']:>6}{figures['wrong']:>6}{figures['undocumented']:>7}"
            f"{figures['doubt']:>6}{figures['by proxy']:>9}  "
            + ", ".join(f"{way} {count}" for way, count in ways)
        )
    return "\n".join(rows)


def counts(ended: list[Ended]) -> dict[str, int]:
    """How many runs were accepted, accepted twice, ended in wrong words, and so on."""
    return {
        "accepted": sum(each.accepted > 0 for each in ended),
        "twice": sum(each.accepted > 1 for each in ended),
        "wrong": sum(each.wrong_words is not None for each in ended),
        "undocumented": sum(each.undocumented for each in ended),
        "unpromised": sum(each.unpromised is not None for each in ended),
        "doubt": sum(each.result.startswith("Outcome") and not each.accepted for each in ended),
        "by proxy": sum(each.doubled > 0 for each in ended),
    }
