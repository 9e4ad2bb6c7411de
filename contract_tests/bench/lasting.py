"""Whether a process that makes many calls keeps the files and the memory that it has at first.

python -m contract_tests.bench.lasting URL CALLS
prints, as JSON, how many open files and megabytes there were more at the end than after a tenth.
"""

from __future__ import annotations

import asyncio
import gc
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from contract_tests.bench.fast_server import TASK, BenchServer
from contract_tests.bench.figures import Figure
from contract_tests.bench.memory import megabytes
from contract_tests.bench.sdks import BODY, KEY

CALLS = 20_000
# What the allocator may keep; a call that left 1 KB behind would take 18 MB.
MEGABYTES = 4.0


def measure() -> Iterator[Figure]:
    """What is left behind by creates and queries, blocking and with asyncio, a quarter each."""
    with BenchServer() as server:
        grown = growth(server.url, CALLS)
    files, taken = grown["files"], grown["megabytes"]
    yield Figure(f"files open after {CALLS} calls, more than at first", files, files, files, 0, "")
    yield Figure(f"memory after {CALLS} calls, more", taken, taken, taken, MEGABYTES, " MB")


def growth(url: str, calls: int) -> dict[str, Any]:
    """What many calls leave behind in a process of their own."""
    ended = subprocess.run(
        [sys.executable, "-m", "contract_tests.bench.lasting", url, str(calls)],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        timeout=900,
    )
    grown: dict[str, Any] = json.loads(ended.stdout)
    return grown


async def _grown(url: str, calls: int) -> dict[str, Any]:
    from foxapi_video import AsyncFoxAPI, FoxAPI

    task_id = str(TASK["id"])
    with FoxAPI(KEY, base_url=url) as fox:
        async with AsyncFoxAPI(KEY, base_url=url) as other:

            async def call(times: int) -> None:
                for _ in range(times // 4):
                    fox.videos.create(BODY)
                    fox.tasks.get(task_id)
                    await other.videos.create(BODY)
                    await other.tasks.get(task_id)

            await call(calls // 10)
            files, taken = _files(), _settled()
            await call(calls - calls // 10)
            return {"files": _files() - files, "megabytes": _settled() - taken}


def _files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def _settled() -> float:
    gc.collect()
    return megabytes()


if __name__ == "__main__":
    print(json.dumps(asyncio.run(_grown(sys.argv[1], int(sys.argv[2])))))
