"""What a batch costs: beside a bare loop over the same client, in memory, and in requests.

python -m contract_tests.bench.batches note LINES
python -m contract_tests.bench.batches make URL VIDEOS bare|batch
python -m contract_tests.bench.batches hold URL TASKS
python -m contract_tests.bench.batches share URL VIDEOS IN_FLIGHT SECONDS FOLDER DATABASE
print what was measured, each in a process of its own.
"""

from __future__ import annotations

import asyncio
import gc
import json
import logging
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from contract_tests.bench.figures import Figure, of
from contract_tests.bench.memory import megabytes
from contract_tests.bench.sdks import KEY
from contract_tests.faults import postgres_server
from contract_tests.faults.postgres_server import Running, running_postgres
from contract_tests.referees.samples import saying
from foxapi_video import AsyncFoxAPI, Polling
from foxapi_video.batch import AsyncBatch, Database, Limits, Status, pace

IN_FLIGHT = 200
VIDEOS = 10_000
HELD = 1_000
ROUNDS = 5
WORKERS, SHARED, SHARED_ROUNDS = 3, 300, 3


def measure() -> Iterator[Figure]:
    """Noting, memory, throughput, and requests for each video."""
    for lines, limit in ((1_000, None), (10_000, 10.0), (100_000, None)):
        noted = _measured("note", str(lines))
        seconds, most = noted["seconds"], noted["megabytes"]
        yield Figure(
            f"{lines} lines checked and noted down", seconds, seconds, seconds, limit, " s"
        )
        at_most = 150.0 if lines == 100_000 else None
        yield Figure(f"memory of {lines} lines, at most", most, most, most, at_most, " MB")
    with _server("pending", "processing") as url:
        held = _measured("hold", url, str(HELD))
    kilobytes = held["kilobytes"]
    yield Figure(f"memory of a task, {HELD} in flight", kilobytes, kilobytes, kilobytes, 60, " KB")
    for told in (False, True):
        count = _requests_of(told)
        way = "a callback tells of" if told else "in flight with 19 others"
        yield Figure(f"requests of a video of a minute, {way}", count, count, count, None, "")
    bare: list[float] = []
    batch: list[float] = []
    for _ in range(ROUNDS):  # in turns, so that what else the machine does falls on both
        bare.append(_throughput("bare", VIDEOS // ROUNDS))
        batch.append(_throughput("batch", VIDEOS // ROUNDS))
    yield of(f"videos a second, {IN_FLIGHT} in flight, bare loop", bare, None, "")
    yield of(f"videos a second, {IN_FLIGHT} in flight, batch", batch, None, "")
    times = [a / b for a, b in zip(bare, batch, strict=True)]
    yield of("bare loop / batch, videos a second", times, 2.0)
    yield from _of_several_machines()


def _of_several_machines() -> Iterator[Figure]:
    """Three workers beside one, where the machine is the limit, and where the tasks are."""
    if missing := postgres_server.missing():
        print(f"several machines: {missing}", file=sys.stderr)
        return
    with running_postgres() as postgres:
        for in_flight, seconds, what in (
            (IN_FLIGHT, 0.0, "answers at once"),
            (20, 1.0, "tasks take a second, 20 in flight on each"),
        ):
            measured: dict[int, list[float]] = {1: [], WORKERS: []}
            for _ in range(SHARED_ROUNDS):
                for workers, rates in measured.items():
                    rates.append(_shared(postgres, workers, in_flight, seconds))
            for workers, rates in measured.items():
                yield of(f"videos a second, {workers} on Postgres, {what}", rates, None, "")
            times = [three / one for one, three in zip(*measured.values(), strict=True)]
            yield of(f"{WORKERS} workers / 1 on Postgres, {what}", times, None)


def _shared(postgres: Running, workers: int, in_flight: int, seconds: float) -> float:
    """Videos a second that so many workers make of one batch."""
    states = ("pending", "processing", "completed") if seconds else ("pending", "completed")
    with (
        _server(*states) as url,
        tempfile.TemporaryDirectory() as folder,
        ThreadPoolExecutor(workers) as pool,
    ):
        arguments = [url, str(SHARED), str(in_flight), str(seconds), folder, postgres.url()]
        runs = [pool.submit(_measured, "share", *arguments) for _ in range(workers)]
        ended = [run.result() for run in runs]
        made = len(list(Path(folder).glob("*.mp4")))
    assert made == SHARED, made
    took: float = max(each["ended"] for each in ended) - min(each["began"] for each in ended)
    return SHARED / took


def _throughput(kind: str, videos: int) -> float:
    with _server("pending", "completed") as url:
        return float(_measured("make", url, str(videos), kind)["a_second"])


@contextmanager
def _server(*states: str) -> Iterator[str]:
    """One that answers at once, with tasks that pass through these states."""
    with subprocess.Popen(
        [sys.executable, "-m", "contract_tests.faults.pretend_server", *states],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.kill()


def _measured(*arguments: str) -> dict[str, Any]:
    ended = subprocess.run(
        [sys.executable, "-m", "contract_tests.bench.batches", *arguments],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        timeout=1800,
    )
    measured: dict[str, Any] = json.loads(ended.stdout)
    return measured


def _requests(count: int) -> Iterator[dict[str, Any]]:
    for number in range(count):
        yield saying(f"The fox runs on, {number}")


async def _note(count: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        batch = AsyncBatch(Path(folder) / "videos")
        began = time.monotonic()
        ended = await batch.run(_requests(count), confirm=lambda order: False)
        seconds = time.monotonic() - began
    assert ended.counts["ready"] == count
    return {"seconds": seconds, "megabytes": _most_megabytes()}


async def _make(url: str, count: int, kind: str) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        into = Path(folder)
        polling = Polling(shortest=0.001, longest=0.001)
        async with AsyncFoxAPI(KEY, base_url=url, polling=polling) as fox:
            began = time.monotonic()
            if kind == "bare":
                await _bare(fox, into, count)
            else:
                limits = Limits(concurrency=IN_FLIGHT)
                await AsyncBatch(into, client=fox, limits=limits).run(_requests(count))
            seconds = time.monotonic() - began
        made = len(list(into.glob("*.mp4")))
    assert made == count, made
    return {"a_second": count / seconds, "megabytes": _most_megabytes()}


async def _share(
    url: str, count: int, in_flight: int, seconds: float, folder: str, database: str
) -> dict[str, Any]:
    polling = Polling(shortest=seconds / 2 or 0.001, longest=seconds / 2 or 0.001)
    async with AsyncFoxAPI(KEY, base_url=url, polling=polling) as fox:
        at = Database(url=database, name=folder)
        batch = AsyncBatch(folder, client=fox, limits=Limits(concurrency=in_flight), database=at)
        began = time.time()
        ended = await batch.run(_requests(count))
    assert ended.is_done, ended
    return {"began": began, "ended": time.time()}


async def _bare(fox: AsyncFoxAPI, into: Path, count: int) -> None:
    """What people write without it: so many at once, and no note of anything."""
    requests = enumerate(_requests(count))

    async def work() -> None:
        for number, request in requests:
            task = await fox.videos.generate(request)
            await fox.videos.download(task, into / f"{number}.mp4")

    await asyncio.gather(*(work() for _ in range(IN_FLIGHT)))


async def _hold(url: str, count: int) -> dict[str, Any]:
    """What tasks take that run, and do not end."""
    after = 0.0

    def look(status: Status) -> None:
        nonlocal after
        if status.counts["running"] >= count:
            gc.collect()
            after = megabytes()
            batch.stop()

    with tempfile.TemporaryDirectory() as folder:
        async with AsyncFoxAPI(KEY, base_url=url) as fox:
            warm = AsyncBatch(Path(folder) / "warm", client=fox, limits=Limits(timeout=0.1))
            await warm.run(_requests(20))
            gc.collect()
            before = megabytes()
            limits = Limits(concurrency=count)
            batch = AsyncBatch(Path(folder) / "all", client=fox, limits=limits, on_status=look)
            await batch.run(_requests(count))
    return {"kilobytes": 1024 * (after - before) / count}


def _requests_of(is_told: bool) -> int:
    """The create call, the download, and the queries of a minute."""
    if is_told:
        return 3
    polling, seconds, number = pace.polling_of(None, 20, False), 0.0, 0
    while seconds < 60:
        seconds += polling.interval(number, None, lambda: 0.5)
        number += 1
    return 2 + number


def _most_megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    logging.getLogger("foxapi_video").setLevel(logging.ERROR)
    what, *rest = sys.argv[1:]
    if what == "hold":
        print(json.dumps(asyncio.run(_hold(rest[0], int(rest[1])))))
    elif what == "share":
        at, count, in_flight, seconds, *where = rest
        shared = _share(at, int(count), int(in_flight), float(seconds), *where)
        print(json.dumps(asyncio.run(shared)))
    elif what == "note":
        print(json.dumps(asyncio.run(_note(int(rest[0])))))
    else:
        print(json.dumps(asyncio.run(_make(rest[0], int(rest[1]), rest[2]))))
