"""Processes that run a batch and may be killed, and what came of the batch in the end.

python -m contract_tests.faults.batch_runs
forks a process that runs a batch for each line that it reads.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import random
import sqlite3
import subprocess
import sys
import threading
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from contract_tests.faults.pretend_server import Pretending, sometimes
from contract_tests.referees.samples import WORDS, saying
from foxapi_video import AsyncFoxAPI, Polling, RetryPolicy
from foxapi_video.batch import AsyncBatch, Database, Limits
from foxapi_video.errors import FoxAPIError
from foxapi_video.testing import VIDEO
from foxapi_video.testing.behaviours import GOOD, Behaviour
from foxapi_video.testing.service import Received

VIDEOS = 24
_KEY = "sk-batches-0815-4711"
# More runs than any batch needs to its end.
MOST_RUNS = 40
# No good answer takes as long, also where the machine is busy.
_TIMEOUT = 5.0
SHARE = 0.1


@dataclass
class Ended:
    """What came of one batch.

    Attributes:
        kills: How many processes were killed.
        runs: How many were started.
        videos: How many videos it had.
        found: In how many kills a video was found in each state.
        twice: Prompts that were accepted more than once.
        lost: Prompts that were accepted, and of which the ledger did not know.
        broken: Files that were not whole.
        unknown: How many were unknown before they were settled.
        unfounded: How many of those had no create call on its way.
        wrong: What else was wrong, or None.
        seconds: Until others had taken over what a killed worker had in hand, or None.
    """

    kills: int = 0
    runs: int = 0
    videos: int = VIDEOS
    found: Counter[str] = field(default_factory=Counter)
    twice: int = 0
    lost: int = 0
    broken: int = 0
    unknown: int = 0
    unfounded: int = 0
    wrong: str | None = None
    seconds: float | None = None

    @property
    def complaint(self) -> str | None:
        """What is wrong with it, or None."""
        counted = {"accepted twice": self.twice, "lost": self.lost, "not whole": self.broken}
        counted["unknown without a create call"] = self.unfounded
        told = [f"{what}: {count}" for what, count in counted.items() if count]
        return ", ".join([*told, *([self.wrong] if self.wrong else [])]) or None


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A batch as it is kept while processes that run it are killed.

    Attributes:
        url: The service.
        folder: Its folder.
        videos: How many it has.
        database: Where it is noted down, if not in the folder.
    """

    url: str
    folder: Path
    videos: int
    database: Database | None = None

    @property
    def names(self) -> list[str]:
        """The ids of its lines, which are their prompts too."""
        return [f"shot-{number}" for number in range(self.videos)]

    def batch(self, **options: Any) -> AsyncBatch:
        """The batch, to be run or asked."""
        return AsyncBatch(self.folder, database=self.database, **options)

    def column(self, what: str = "state") -> dict[str, Any]:
        """A column of the ledger as a killed process left it, by the ids of the videos."""
        query = f"SELECT custom_id, {what} FROM videos"  # noqa: S608
        if self.database is not None:
            name = self.database.name
            query += f" JOIN batches ON batches.id = batch WHERE batches.name = '{name}'"
            with psycopg.connect(self.database.url) as connection:
                connection.execute("SET search_path = foxapi_video")
                return dict(connection.execute(query.encode()).fetchall())
        ledger = self.folder / "ledger.sqlite3"
        if not ledger.exists():
            return {}
        with contextlib.closing(sqlite3.connect(ledger)) as connection:
            return dict(connection.execute(query))

    def to_json(self) -> str:
        """The same for another process."""
        database = self.database
        at = database and (database.url, database.name, database.stalled_after)
        return json.dumps([self.url, str(self.folder), self.videos, at])

    @classmethod
    def from_json(cls, text: str) -> Kept:
        """What another process told."""
        url, folder, videos, at = json.loads(text)
        database = at and Database(url=at[0], name=at[1], stalled_after=at[2])
        return cls(url=url, folder=Path(folder), videos=videos, database=database)


class Nursery:
    """A process that has everything loaded, and forks one that runs a batch each time."""

    def __enter__(self) -> Nursery:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "contract_tests.faults.batch_runs"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()

    def start(self, kept: Kept) -> int:
        """Run a batch; the id of its process."""
        assert self._process.stdin is not None
        self._process.stdin.write(kept.to_json() + "\n")
        self._process.stdin.flush()
        return int(self._said())

    def end(self) -> str:
        """How the process has ended: its exit code, or what it raised."""
        return self._said()

    def _said(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()


def _nursery() -> None:
    """Fork for each line, tell the child's id, and how it ended."""
    for line in sys.stdin:
        kept = Kept.from_json(line)
        child = os.fork()
        if not child:
            code = 1
            try:
                asyncio.run(run(kept))
                code = 0
            except FoxAPIError:
                code = 3  # what the server keeps from being created
            finally:
                os._exit(code)
        print(child, flush=True)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


async def run(kept: Kept) -> None:
    """Run a batch as a process of a nursery does."""
    policy = RetryPolicy(retries=2, first_delay=0.005, longest_delay=0.02, longest_retry_after=0.02)
    polling = Polling(shortest=0.005, longest=0.02)
    client = AsyncFoxAPI(_KEY, base_url=kept.url, timeout=_TIMEOUT, retries=policy, polling=polling)
    async with client as fox:
        batch = kept.batch(client=fox, limits=Limits(concurrency=8, creating=4, timeout=30))
        await batch.run({"custom_id": each, "body": saying(each)} for each in kept.names)


class Server:
    """The service of one batch, which tells when so many calls came."""

    def __init__(self, draw: random.Random) -> None:
        self.troubled: set[str] = set()
        self.calls = 0
        self.is_good = False
        self._moment: tuple[int, threading.Event] | None = None
        self._choose = sometimes(draw, SHARE)
        states = ("pending", "processing", "completed")
        self.pretending = Pretending(states=states, misbehaves=self._misbehave)

    def after(self, calls: int) -> threading.Event:
        """What is set once so many more calls came."""
        event = threading.Event()
        self._moment = (self.calls + calls, event)
        return event

    def _misbehave(self, received: Received) -> Behaviour:
        self.calls += 1
        if self._moment is not None and self.calls >= self._moment[0]:
            self._moment[1].set()
        behaviour = GOOD if self.is_good else self._choose(received)
        if received.call == "create" and behaviour is not GOOD:
            with contextlib.suppress(ValueError):
                self.troubled.add(received.json[WORDS])
        return behaviour


def judged(
    nursery: Nursery, server: Server, kept: Kept, ended: Ended, on_their_way: set[str]
) -> None:
    """Run a batch to its end, settle what is unknown, and see what came of it.

    Args:
        nursery: What runs it.
        server: The service.
        kept: The batch.
        ended: What came of it; this is added to it.
        on_their_way: The videos whose create calls a killed process may have had on their way.
    """
    _to_the_end(nursery, server, kept, ended)
    found = kept.column()
    ids = kept.column("task_id")
    accepted, tasks = server.pretending.accepted, server.pretending.tasks
    unknown = [name for name, state in found.items() if state == "unknown"]
    ended.unknown = len(unknown)
    unfounded = set(unknown) - on_their_way - server.troubled
    ended.unfounded = len(unfounded)
    if unfounded:
        errors = kept.column("error")
        ended.wrong = f"unknown: {[errors[name] for name in unfounded]}"
    ended.lost = sum(
        ids.get(name) != tasks[name] and found.get(name) != "unknown" for name in accepted
    )
    server.is_good = True
    asyncio.run(_settle(kept, unknown, tasks))
    _to_the_end(nursery, server, kept, ended)
    left = {state for state in kept.column().values() if state != "saved"}
    if left:
        ended.wrong = f"not all are saved: {left}"
    ended.twice = sum(count > 1 for count in accepted.values())
    broken = [name for name in found if not _is_whole(kept.folder / f"{name}.mp4")]
    ended.broken = len(broken)
    for name in broken:
        began = (kept.folder / f"{name}.mp4").read_bytes()
        ended.wrong = f"{name}: {len(began)} bytes for {len(VIDEO)}, {began[:40]!r}"
    ended.wrong = ended.wrong or _wrong(kept, set(found), set(accepted))


def _to_the_end(nursery: Nursery, server: Server, kept: Kept, ended: Ended) -> None:
    """Run it until nothing more happens by itself; what was refused is tried again."""
    for _ in range(MOST_RUNS):
        ended.runs += 1
        nursery.start(kept)
        code = nursery.end()
        if code not in ("0", "3"):
            ended.wrong = f"a run ended with {code}"
            return
        states = set(kept.column().values())
        if states <= {"saved", "unknown"}:
            return
        if "failed" in states:
            asyncio.run(kept.batch().retry(failed=True))
    server.is_good = True


async def _settle(kept: Kept, unknown: list[str], tasks: dict[str, str]) -> None:
    batch = kept.batch()
    for name in unknown:
        task_id = tasks.get(name)
        await batch.settle(name, task_id=task_id, not_created=task_id is None)


def _is_whole(file: Path) -> bool:
    return not file.exists() or file.read_bytes() == VIDEO


def _wrong(kept: Kept, known: set[str], accepted: set[str]) -> str | None:
    """What is wrong with a folder at the end, or None."""
    files = {path.name for path in kept.folder.iterdir() if path.suffix == ".mp4"}
    lines = [json.loads(line) for line in (kept.folder / "results.jsonl").read_text().splitlines()]
    wanted = kept.names
    checks = {
        "a file for each video": files == {f"{name}.mp4" for name in wanted},
        "every video accepted": accepted == set(wanted) == known,
        "results in the order of the input": [line["custom_id"] for line in lines] == wanted,
        # Where others may be at work, they are swept up when they are old.
        "no part left": kept.database is not None or not list(kept.folder.glob(".*.part")),
    }
    return ", ".join(f"not {what}" for what, holds in checks.items() if not holds) or None


if __name__ == "__main__":
    logging.getLogger("foxapi_video").setLevel(logging.CRITICAL)
    _nursery()
