"""What waiting for 200 tasks at once takes of memory, in a process of its own."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from contract_tests.bench.fast_server import TASK, BenchServer
from contract_tests.bench.figures import Figure, of

TASKS = 200
RUNS = 5
POLLS = 10


def measure() -> Iterator[Figure]:
    """Megabytes above a process that has waited for one task, while all wait."""
    with BenchServer() as server:
        taken: list[float] = []
        for _ in range(RUNS):
            ended = subprocess.run(
                [sys.executable, "-m", "contract_tests.bench.memory", server.url],
                capture_output=True,
                text=True,
                check=True,
                timeout=120,
            )
            taken.append(float(ended.stdout))
    yield of(f"memory of {TASKS} waits at once, above the baseline", taken, 60, " MB")


async def _wait_for_many(url: str) -> float:
    from foxapi_video import AsyncFoxAPI, Polling, Task, TaskTimeout

    polls: dict[str, int] = {}
    everyone = asyncio.Event()

    def note(task_id: str) -> None:
        polls[task_id] = polls.get(task_id, 0) + 1
        if len(polls) == TASKS and min(polls.values()) >= POLLS:
            everyone.set()

    async def wait(fox: AsyncFoxAPI, name: str, timeout: float) -> None:
        def seen(task: Task) -> None:
            note(name)

        polling = Polling(shortest=0.05, longest=0.1)
        with contextlib.suppress(TaskTimeout):
            # The server knows this one alone.
            await fox.tasks.wait(
                str(TASK["id"]), timeout=timeout, polling=polling, on_progress=seen
            )

    async with AsyncFoxAPI("sk-benchmark-0000", base_url=url) as fox:
        await wait(fox, "task-0", 0.3)
        polls.clear()
        gc.collect()
        before = megabytes()
        waits = [asyncio.create_task(wait(fox, f"task-{n}", 100)) for n in range(TASKS)]
        await asyncio.wait_for(everyone.wait(), 100)
        taken = megabytes() - before
        for each in waits:
            each.cancel()
        await asyncio.gather(*waits, return_exceptions=True)
    return taken


def megabytes() -> float:
    """The memory that this process has."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise OSError("this system does not tell the memory of a process")


if __name__ == "__main__":
    print(asyncio.run(_wait_for_many(sys.argv[1])))
