"""Kill a batch again and again, in every state, and count what was paid twice, lost or broken.

python -m contract_tests.faults.batches [--kills 500] [--seed N]

Each batch is run by a process that is killed by SIGKILL at a moment of chance, then by another one,
until so many were killed; then to its end. The server misbehaves in a tenth of the calls all the
while. What is unknown then is settled by what the server accepted, as a person would.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import logging
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from contract_tests.faults.pretend_server import Pretending, PretendServer, sometimes
from contract_tests.referees.samples import WORDS, saying
from contract_tests.seed import seed_of_run
from foxapi_video import AsyncFoxAPI, Polling, RetryPolicy
from foxapi_video.batch import AsyncBatch, Limits
from foxapi_video.batch.ledger import STATES
from foxapi_video.errors import FoxAPIError
from foxapi_video.testing import VIDEO, behaviours
from foxapi_video.testing.behaviours import GOOD, Behaviour
from foxapi_video.testing.service import Received

KILLS = 500
VIDEOS = 24
_KEY = "sk-batches-0815-4711"
# More runs than any batch needs to its end, and seconds that none of them takes.
_MOST_RUNS, _PATIENCE = 40, 60.0
# No good answer takes as long, also where the machine is busy.
_TIMEOUT = 5.0
_SHARE = 0.1


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

    @property
    def complaint(self) -> str | None:
        """What is wrong with it, or None."""
        counted = {"accepted twice": self.twice, "lost": self.lost, "not whole": self.broken}
        counted["unknown without a create call"] = self.unfounded
        told = [f"{what}: {count}" for what, count in counted.items() if count]
        return ", ".join([*told, *([self.wrong] if self.wrong else [])]) or None


class Nursery:
    """A process that has everything loaded, and forks one that runs a batch each time."""

    def __enter__(self) -> Nursery:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "contract_tests.faults.batches", "--nursery"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()

    def start(self, url: str, folder: Path, videos: int) -> int:
        """Run the batch of a folder; the id of its process."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps([url, str(folder), videos]) + "\n")
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
        url, folder, videos = json.loads(line)
        child = os.fork()
        if not child:
            code = 1
            try:
                asyncio.run(_run(url, Path(folder), videos))
                code = 0
            except FoxAPIError:
                code = 3  # what the server keeps from being created
            finally:
                os._exit(code)
        print(child, flush=True)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


def names(videos: int) -> list[str]:
    """The ids of a batch's lines, which are their prompts too."""
    return [f"shot-{number}" for number in range(videos)]


async def _run(url: str, folder: Path, videos: int) -> None:
    policy = RetryPolicy(retries=2, first_delay=0.005, longest_delay=0.02, longest_retry_after=0.02)
    polling = Polling(shortest=0.005, longest=0.02)
    client = AsyncFoxAPI(_KEY, base_url=url, timeout=_TIMEOUT, retries=policy, polling=polling)
    async with client as fox:
        batch = AsyncBatch(folder, client=fox, limits=Limits(concurrency=8, creating=4, timeout=30))
        await batch.run({"custom_id": each, "body": saying(each)} for each in names(videos))


class _Server:
    """The service of one batch, which tells when so many calls came."""

    def __init__(self, draw: random.Random) -> None:
        self.troubled: set[str] = set()
        self.calls = 0
        self.is_good = False
        self._moment: tuple[int, threading.Event] | None = None
        self._choose = sometimes(draw, _SHARE)
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


def run_batch(kills: int, draw: random.Random, videos: int = VIDEOS) -> Ended:
    """Kill one batch so many times, and see what came of it."""
    server = _Server(draw)
    ended = Ended(videos=videos)
    with (
        PretendServer(server.pretending) as served,
        tempfile.TemporaryDirectory() as directory,
        Nursery() as nursery,
    ):
        folder = Path(directory) / "videos"
        on_their_way: set[str] = set()
        while ended.kills < kills and ended.runs < _MOST_RUNS:
            ended.runs += 1
            if _killed(nursery, server, served.url, folder, draw, videos):
                ended.kills += 1
                states = _states(folder)
                ended.found.update({*states.values()} or {"no ledger"})
                on_their_way |= {name for name, state in states.items() if state == "sending"}
            elif set(_states(folder).values()) <= {"saved", "unknown", "failed"}:
                break
        _to_the_end(nursery, server, served.url, folder, ended)
        found = _states(folder)
        ids = _states(folder, "task_id")
        accepted, tasks = server.pretending.accepted, server.pretending.tasks
        unknown = [name for name, state in found.items() if state == "unknown"]
        ended.unknown = len(unknown)
        unfounded = set(unknown) - on_their_way - server.troubled
        ended.unfounded = len(unfounded)
        if unfounded:
            errors = _states(folder, "error")
            ended.wrong = f"unknown: {[errors[name] for name in unfounded]}"
        ended.lost = sum(
            ids.get(name) != tasks[name] and found.get(name) != "unknown" for name in accepted
        )
        server.is_good = True
        asyncio.run(_settle(folder, unknown, tasks))
        _to_the_end(nursery, server, served.url, folder, ended)
        left = {state for state in _states(folder).values() if state != "saved"}
        if left:
            ended.wrong = f"not all are saved: {left}"
        ended.twice = sum(count > 1 for count in accepted.values())
        broken = [name for name in found if not _is_whole(folder / f"{name}.mp4")]
        ended.broken = len(broken)
        for name in broken:
            began = (folder / f"{name}.mp4").read_bytes()
            ended.wrong = f"{name}: {len(began)} bytes for {len(VIDEO)}, {began[:40]!r}"
        ended.wrong = ended.wrong or _wrong(folder, videos, set(found), set(accepted))
    return ended


def _killed(
    nursery: Nursery,
    server: _Server,
    url: str,
    folder: Path,
    draw: random.Random,
    videos: int,
) -> bool:
    """Run it, and kill it at a moment of chance; whether it had not ended by then."""
    # After some calls and a bit later, or before any call: while the ledger is made, say.
    moment = server.after(draw.randrange(1, 3 * videos))
    process = nursery.start(url, folder, videos)
    over = threading.Event()
    codes: list[str] = []

    def wait() -> None:
        codes.append(nursery.end())
        over.set()

    thread = threading.Thread(target=wait)
    thread.start()
    if draw.random() < 0.1:
        over.wait(draw.random() / 10)
    else:
        ends = time.monotonic() + _PATIENCE
        while not moment.wait(0.02) and not over.is_set() and time.monotonic() < ends:
            pass
        over.wait(draw.random() / 20)
    with contextlib.suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)
    thread.join()
    return codes == [str(-signal.SIGKILL)]


def _to_the_end(nursery: Nursery, server: _Server, url: str, folder: Path, ended: Ended) -> None:
    """Run it until nothing more happens by itself; what was refused is tried again."""
    for _ in range(_MOST_RUNS):
        ended.runs += 1
        nursery.start(url, folder, ended.videos)
        code = nursery.end()
        if code not in ("0", "3"):
            ended.wrong = f"a run ended with {code}"
            return
        states = set(_states(folder).values())
        if states <= {"saved", "unknown"}:
            return
        if "failed" in states:
            asyncio.run(AsyncBatch(folder).retry(failed=True))
    server.is_good = True


async def _settle(folder: Path, unknown: list[str], tasks: dict[str, str]) -> None:
    batch = AsyncBatch(folder)
    for name in unknown:
        task_id = tasks.get(name)
        await batch.settle(name, task_id=task_id, not_created=task_id is None)


def _states(folder: Path, what: str = "state") -> dict[str, Any]:
    """A column of the ledger as a killed process left it, by the ids of the videos."""
    ledger = folder / "ledger.sqlite3"
    if not ledger.exists():
        return {}
    with contextlib.closing(sqlite3.connect(ledger)) as connection:
        return dict(connection.execute(f"SELECT custom_id, {what} FROM videos"))  # noqa: S608


def _is_whole(file: Path) -> bool:
    return not file.exists() or file.read_bytes() == VIDEO


def _wrong(folder: Path, videos: int, known: set[str], accepted: set[str]) -> str | None:
    """What is wrong with a folder at the end, or None."""
    files = {path.name for path in folder.iterdir() if path.suffix == ".mp4"}
    lines = [json.loads(line) for line in (folder / "results.jsonl").read_text().splitlines()]
    wanted = names(videos)
    checks = {
        "a file for each video": files == {f"{name}.mp4" for name in wanted},
        "every video accepted": accepted == set(wanted) == known,
        "results in the order of the input": [line["custom_id"] for line in lines] == wanted,
        "no part left": not list(folder.glob(".*.part")),
    }
    return ", ".join(f"not {what}" for what, holds in checks.items() if not holds) or None


def run_all(kills: int, seed: int, workers: int = 2) -> Iterator[Ended]:
    """Batches until so many processes were killed."""
    draw = random.Random(seed)
    with ThreadPoolExecutor(workers) as pool:
        left = kills
        while left > 0:
            shares = [draw.randrange(3, 9) for _ in range(workers)]
            runs = [
                pool.submit(run_batch, min(share, max(1, left)), random.Random(draw.random()))
                for share in shares
            ]
            for run in runs:
                ended = run.result()
                left -= ended.kills
                yield ended


def table(ended: list[Ended]) -> str:
    """What came of all."""
    found: Counter[str] = Counter()
    for each in ended:
        found += each.found
    where = ", ".join(f"{state} {found[state]}" for state in (*STATES, "no ledger"))
    rows = {
        "kills": sum(each.kills for each in ended),
        "runs": sum(each.runs for each in ended),
        "videos": sum(each.videos for each in ended),
        "accepted twice": sum(each.twice for each in ended),
        "lost": sum(each.lost for each in ended),
        "files that are not whole": sum(each.broken for each in ended),
        "unknown before they were settled": sum(each.unknown for each in ended),
        "unknown without a create call on its way": sum(each.unfounded for each in ended),
    }
    told = "\n".join(f"{name:<44}{count:>7}" for name, count in rows.items())
    return f"{told}\nkills that found a video in the state: {where}"


def main() -> int:
    parser = argparse.ArgumentParser(description="Kill batches at any moment.")
    parser.add_argument("--kills", type=int, default=KILLS)
    parser.add_argument("--seed", type=int, default=seed_of_run())
    parser.add_argument("--nursery", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    logging.getLogger("foxapi_video").setLevel(logging.CRITICAL)
    if arguments.nursery:
        _nursery()
        return 0
    began = time.monotonic()
    ended = list(run_all(arguments.kills, arguments.seed))
    print(table(ended))
    print(
        f"with a server that misbehaves in {_SHARE:.0%} of the calls, in "
        f"{len(behaviours.NAMES)} ways; {time.monotonic() - began:.0f} s, seed {arguments.seed}"
    )
    complaints = [each for each in ended if each.complaint]
    for each in complaints[:10]:
        print(f"\nWRONG: {each.complaint}\n{each}", file=sys.stderr)
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
