"""A small, fast server for benchmarks, in a process of its own on a free port of 127.0.0.1."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from typing import Self

from contract_tests.bench.sdks import PEERS
from contract_tests.faults.pretend_server import HTTPConnection

HOST = "127.0.0.1"
TASK = {
    "id": "task-unified-1757165031-bench",
    "object": "video.generation.task",
    "type": "video",
    "model": "a-model",
    "status": "processing",
    "progress": 40,
    "created": 1757165031,
    "results": None,
    "error": None,
    "task_info": {"can_cancel": True, "estimated_time": 45},
}


def _answer(value: object) -> bytes:
    body = json.dumps(value).encode()
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
    return head.encode() + b"\r\n\r\n" + body


_TASK = _answer(TASK)
# What the other SDKs expect of their own servers.
_OTHERS = {peer.path: _answer(peer.answer) for peer in PEERS}


class _Answering(HTTPConnection):
    """Answers each request by its path: with a task, wherever it is not known."""

    def asked(self, method: str, path: str, headers: dict[str, str], body: bytes) -> None:
        self.transport.write(_OTHERS.get(path, _TASK))


class BenchServer:
    """The server's process. A context manager."""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "contract_tests.bench.fast_server"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        self.url = self._process.stdout.readline().strip()
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()


async def _serve() -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(_Answering, HOST, 0, backlog=512)
    print(f"http://{HOST}:{server.sockets[0].getsockname()[1]}", flush=True)
    # It ends with the process that started it, however that ends.
    await loop.run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(_serve())
