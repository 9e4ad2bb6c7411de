"""foxapi_video.testing behind a server on loopback, which may misbehave. For many calls at once.

python -m contract_tests.faults.pretend_server
prints its address, and serves until its standard input ends.
"""

from __future__ import annotations

import asyncio
import random
import socket
import sys
import threading
from collections import Counter
from collections.abc import Callable
from typing import Any, Self

from foxapi_video.testing import behaviours
from foxapi_video.testing.behaviours import GOOD, Asked, Behaviour, Reply
from foxapi_video.testing.service import RESULTS, Received, Service
from foxapi_video.testing.states import STATES

HOST = "127.0.0.1"
_PATH = "/results/"
# What a connection can show of the behaviours that are described once, for every server.
MISBEHAVING = [*behaviours.BREAKS, *behaviours.STATUSES, *behaviours.BODIES]
# How long the answer is awaited that never comes; clients of these servers wait less.
_SILENCE = 30.0


class Pretending:
    """The service and what came to it.

    Attributes:
        accepted: How many create calls with each prompt were, or may have been, accepted.
        requests: How many calls there were of each kind.
        tasks: The id of the task that each prompt got.
    """

    def __init__(
        self,
        *,
        states: tuple[str, ...] = STATES,
        misbehaves: Callable[[Received], Behaviour] = lambda received: GOOD,
        checks: bool = True,
    ) -> None:
        self.accepted = Counter[str]()
        self.requests = Counter[str]()
        self.tasks: dict[str, str] = {}
        self.url = ""
        self._service = Service(states, checks=checks)
        self._misbehaves = misbehaves
        self._local = b""

    def at(self, port: int) -> None:
        """Be served at a port."""
        self.url = f"http://{HOST}:{port}"
        self._local = f"{self.url}{_PATH}".encode()

    def answer(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Reply:
        """What is answered to a request."""
        signed = headers.pop("authorization", "").startswith("Bearer ")
        is_result = path.startswith(_PATH)
        url = RESULTS + path.removeprefix(_PATH) if is_result else f"{self.url}{path}"
        received = Received(method, url, headers, body, signed)
        call = received.call
        self.requests[call] += 1
        behaviour = self._misbehaves(received)
        asked = Asked(path, lambda: self._good(received))
        if call == "create" and not behaviour.refuses:
            self._accept(received, asked.good)
        return behaviour.answer(asked)

    def _good(self, received: Received) -> Reply:
        reply = self._service.answer(received)
        return reply._replace(body=reply.body.replace(RESULTS.encode(), self._local))

    def _accept(self, received: Received, reply: Reply) -> None:
        if reply.status == 200:
            prompt = str(received.json["prompt"])
            self.accepted[prompt] += 1
            self.tasks[prompt] = next(reversed(self._service.tasks))


class HTTPConnection(asyncio.Protocol):
    """Reads the requests of a connection that lasts; what is answered, another class says."""

    def __init__(self) -> None:
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while b"\r\n\r\n" in self._buffer:
            head, _, rest = self._buffer.partition(b"\r\n\r\n")
            first, *lines = head.decode("latin-1").split("\r\n")
            headers = {
                name.lower(): value.strip()
                for name, _, value in (line.partition(":") for line in lines)
            }
            length = int(headers.get("content-length", "0"))
            if len(rest) < length:
                return
            body, self._buffer = rest[:length], rest[length:]
            method, path, _ = first.split(" ", 2)
            self.asked(method, path, headers, body)

    def asked(self, method: str, path: str, headers: dict[str, str], body: bytes) -> None:
        """Answer a request, by the transport."""
        raise NotImplementedError


class _Connection(HTTPConnection):
    def __init__(self, pretending: Pretending) -> None:
        super().__init__()
        self._pretending = pretending

    def asked(self, method: str, path: str, headers: dict[str, str], body: bytes) -> None:
        reply = self._pretending.answer(method, path, headers, body)
        if reply.status:
            kind = "video/mp4" if path.startswith(_PATH) else "application/json"
            fields = {"Content-Type": kind, **reply.headers}
            if reply.status != 204:
                fields["Content-Length"] = str(len(reply.body) + reply.missing)
            lines = [f"HTTP/1.1 {reply.status} Whatever"]
            lines += [f"{name}: {value}" for name, value in fields.items()]
            self.transport.write("\r\n".join([*lines, "", ""]).encode() + reply.body)
        if reply.ending == "reset":
            self.transport.abort()
        elif reply.ending == "silence":
            asyncio.get_running_loop().call_later(_SILENCE, self.transport.abort)
        elif reply.ending != "whole" or reply.missing:
            self.transport.close()


class PretendServer:
    """Serves it in a thread. A context manager.

    Attributes:
        pretending: The service.
        url: Where it is.
    """

    def __init__(self, pretending: Pretending) -> None:
        self.pretending = pretending
        self._listener = socket.create_server((HOST, 0), backlog=512)
        pretending.at(self._listener.getsockname()[1])
        self.url = pretending.url

    def __enter__(self) -> Self:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def _serve(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            self._server = runner.run(serving(self.pretending, self._listener))
            self._loop.run_forever()
            self._server.close()


async def serving(pretending: Pretending, listener: socket.socket) -> asyncio.Server:
    """The server of a listening socket."""
    loop = asyncio.get_running_loop()
    return await loop.create_server(lambda: _Connection(pretending), sock=listener)


def sometimes(draw: random.Random, share: float) -> Callable[[Received], Behaviour]:
    """Misbehave in that share of the calls, in every way that there is.

    Lies that nobody could see through are left out: another end of a task than it has, and for a
    video other bytes that are whole as they come.
    """
    ends = {"failed", "cancelled", "error as text"}
    of_tasks = [each for each in MISBEHAVING if each.name not in ends]
    pages = [each for each in behaviours.BODIES if each.name.startswith(("HTML", "empty"))]
    breaks = [each for each in behaviours.BREAKS if each.name != "Content-Length too small"]
    of_files = [*breaks, *behaviours.STATUSES, *pages]

    def choose(received: Received) -> Behaviour:
        if draw.random() >= share:
            return GOOD
        return draw.choice(of_files if received.call == "download" else of_tasks)

    return choose


async def _main() -> None:
    arguments: dict[str, Any] = {"states": tuple(sys.argv[1:])} if sys.argv[1:] else {}
    pretending = Pretending(**arguments)
    listener = socket.create_server((HOST, 0), backlog=512)
    pretending.at(listener.getsockname()[1])
    await serving(pretending, listener)
    print(pretending.url, flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(_main())
