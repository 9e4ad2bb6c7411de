"""Kill one of three workers that share a batch on Postgres, and see that the others finish it."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import statistics
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg

from contract_tests.faults.batch_runs import Ended, Kept, Nursery, Server, judged
from contract_tests.faults.postgres_server import Running, running_postgres
from contract_tests.faults.pretend_server import PretendServer
from foxapi_video.batch import Database

WORKERS = 3
VIDEOS = 60
# After which a worker counts as dead; it gives a sign of life five times as often.
STALLED = 5.0
_PATIENCE = 60.0


def run_batch(
    postgres: Running, nurseries: list[Nursery], draw: random.Random, videos: int = VIDEOS
) -> Ended:
    """Have three workers share a batch, kill one of them, and see what came of it."""
    server = Server(draw)
    ended = Ended(videos=videos)
    name = f"batch {draw.randrange(10**12)}"
    database = Database(url=postgres.url(), name=name, stalled_after=STALLED)
    with (
        PretendServer(server.pretending) as served,
        tempfile.TemporaryDirectory() as directory,
    ):
        kept = Kept(
            url=served.url,
            folder=Path(directory) / "videos",
            videos=videos,
            database=database,
        )
        moment = server.after(draw.randrange(1, 3 * videos))
        processes = [nursery.start(kept) for nursery in nurseries]
        ended.runs += WORKERS
        moment.wait(_PATIENCE)
        time.sleep(draw.random() / 20)
        victim = draw.randrange(WORKERS)
        with contextlib.suppress(ProcessLookupError):
            os.kill(processes[victim], signal.SIGKILL)
        killed_at = time.monotonic()
        states = kept.column()
        held = _held(postgres)
        code = nurseries[victim].end()
        ended.kills = int(code == str(-signal.SIGKILL))
        ended.found.update({*states.values()} or {"no ledger"})
        on_their_way = {each for each, state in states.items() if state == "sending"}
        others = [each for number, each in enumerate(processes) if number != victim]
        ended.seconds = _until_taken_over(postgres, held, killed_at, others)
        for number, nursery in enumerate(nurseries):
            if number != victim and (said := nursery.end()) not in ("0", "3"):
                ended.wrong = f"a worker ended with {said}"
        judged(nurseries[0], server, kept, ended, on_their_way)
    return ended


def _held(postgres: Running) -> dict[int, float]:
    """When each worker that has videos in hand last gave a sign of life."""
    with psycopg.connect(postgres.url(), autocommit=True) as connection:
        found = connection.execute(
            "SELECT id, extract(epoch FROM last_heartbeat)::float "
            "FROM foxapi_video_jobs.procrastinate_workers WHERE id IN (SELECT worker_id "
            "FROM foxapi_video_jobs.procrastinate_jobs WHERE status = 'doing')"
        )
        return dict(found.fetchall())


def _until_taken_over(
    postgres: Running, held: dict[int, float], since: float, others: list[int]
) -> float | None:
    """Seconds until nobody has a video of the dead one any more; None where it had none.

    None too where the others end before, as the server refused what they asked for.
    """
    ends = since + 3 * STALLED + _PATIENCE
    silent: set[int] = set()
    while time.monotonic() < ends:
        is_anybody_there = any(map(_is_alive, others))
        now = _held(postgres)
        if time.monotonic() - since > STALLED / 2:  # who lives has given a sign by now
            silent = {each for each, at in held.items() if now.get(each) == at}
            if not silent:
                return time.monotonic() - since if time.monotonic() - since > STALLED else None
        if not is_anybody_there:
            return None
        time.sleep(0.1)
    return float("inf")


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def run_all(kills: int, seed: int, at_once: int = 3) -> Iterator[Ended]:
    """Batches until so many workers were killed."""
    if not kills:
        return
    draw = random.Random(seed)
    with (
        running_postgres() as postgres,
        contextlib.ExitStack() as stack,
        ThreadPoolExecutor(at_once) as pool,
    ):
        lanes = [[stack.enter_context(Nursery()) for _ in range(WORKERS)] for _ in range(at_once)]
        left = kills
        while left > 0:
            runs = [
                pool.submit(run_batch, postgres, nurseries, random.Random(draw.random()))
                for nurseries in lanes[:left]
            ]
            for run in runs:
                ended = run.result()
                left -= ended.kills
                yield ended


def taken_over(ended: list[Ended]) -> str:
    """How long it took until the videos of the dead were taken over."""
    seconds = [each.seconds for each in ended if each.seconds is not None]
    if not seconds:
        return "nothing was taken over: no killed worker had a video in hand"
    return (
        f"{len(seconds)} taken over after {min(seconds):.1f} to {max(seconds):.1f} s, half of them "
        f"within {statistics.median(seconds):.1f} s; a worker counts as dead after {STALLED:g} s"
    )
