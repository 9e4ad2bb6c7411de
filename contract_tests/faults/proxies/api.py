"""The API behind the proxies, as a process of its own: it says what it accepts before it answers.

python -m contract_tests.faults.proxies.api [--port N] [--certificate FILE]

It prints one line of JSON with its ports, then one for each create call that it accepted, with the
call and the sending that brought it. The path of a request, /situation/call/times/v1/..., says what
happens to it: the fault of the situation meets the first so many requests of the call, or all of
them where times is 0.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import gzip
import itertools
import json
import os
import ssl
from collections import Counter
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from contract_tests.faults.proxies.connections import HOST, gone, reset
from contract_tests.faults.proxies.situations import BY_SLUG
from contract_tests.faults.proxies.tunnel import Tunnel, slow

_ERROR = {"message": "try again", "type": "server_error", "code": "busy"}
_numbers = itertools.count()
_met: Counter[str] = Counter()


class _Request:
    """A request that was read, and the connection to answer it on."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer
        self.method = self.slug = self.call = self.sending = ""
        self.times = 0

    async def read(self) -> None:
        head = await self.reader.readuntil(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").strip().split("\r\n")
        self.method, address, _ = first.split(" ", 2)
        _, self.slug, self.call, times, _ = urlsplit(address).path.split("/", 4)
        self.times = int(times)
        headers = {
            name.lower(): value.strip() for name, _, value in (x.partition(":") for x in lines)
        }
        self.sending = headers.get("x-sending") or str(next(_numbers))
        if headers.get("transfer-encoding") == "chunked":
            await self.reader.readuntil(b"0\r\n\r\n")
        else:
            await self.reader.readexactly(int(headers.get("content-length", "0")))

    @property
    def task(self) -> bytes:
        """The task as the API tells it: begun by a POST, done in a query."""
        pending = self.method == "POST"
        return json.dumps(
            {
                "id": f"task-{self.call}",
                "object": "video.generation.task",
                "type": "video",
                "model": "a-model",
                "status": "pending" if pending else "completed",
                "progress": 0 if pending else 100,
                "created": 1757165031,
                "results": None if pending else [{"url": "https://example.com/video.mp4"}],
            }
        ).encode()

    def send(self, status: int, body: bytes, *headers: str, length: int | None = None) -> None:
        """Send an answer; with a length that is a lie, the connection has to be closed after it."""
        size = len(body) if length is None else length
        lines = [f"HTTP/1.1 {status} Whatever", "Content-Type: application/json", *headers]
        self.writer.write("\r\n".join([*lines, f"Content-Length: {size}", "", ""]).encode() + body)


async def _good(request: _Request) -> bool:
    request.send(200, request.task)
    return True


async def _marked(request: _Request) -> bool:
    """Answer well, with a mark for the rules of a proxy."""
    request.send(200, request.task, "X-Fault: yes")
    return True


async def _slow(request: _Request) -> bool:
    await asyncio.sleep(0.15)
    return await _good(request)


async def _closing(request: _Request) -> bool:
    """Answer as if the connection stayed, and close it: the next request on it runs into that."""
    await _good(request)
    await request.writer.drain()
    await asyncio.sleep(0.001)
    return False


async def _close(request: _Request) -> bool:
    return False


async def _reset(request: _Request) -> bool:
    reset(request.writer)
    return False


async def _hang(request: _Request) -> bool:
    await gone(request.reader)
    return False


async def _garbage(request: _Request) -> bool:
    request.writer.write(b"\x00\x16\x03 what?\r\n\r\n")
    return False


async def _bad_head(request: _Request) -> bool:
    request.writer.write(b"HTTP/1.1 200 OK\r\n\x00\x16 what?\r\n\r\n")
    return False


async def _half_head(request: _Request) -> bool:
    request.writer.write(b"HTTP/1.1 200 OK\r\nContent-Ty")
    return False


async def _half_body(request: _Request) -> bool:
    request.send(200, request.task[:20], length=len(request.task))
    return False


async def _packed(request: _Request) -> bool:
    request.send(200, gzip.compress(request.task), "Content-Encoding: gzip")
    return True


async def _half_packed(request: _Request) -> bool:
    body = gzip.compress(request.task)
    request.send(200, body[:30], "Content-Encoding: gzip", length=len(body))
    return False


async def _too_short(request: _Request) -> bool:
    """All of the JSON, and less than the length that was announced."""
    request.send(200, request.task, length=len(request.task) + 9)
    return False


async def _no_last_chunk(request: _Request) -> bool:
    head = (
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    request.writer.write(head + b"%x\r\n%b\r\n" % (len(request.task), request.task))
    return False


async def _no_gzip(request: _Request) -> bool:
    """JSON as it is under a header that says it is packed."""
    request.send(200, request.task, "Content-Encoding: gzip")
    return True


def _error(status: int, *headers: str) -> Callable[[_Request], Awaitable[bool]]:
    async def act(request: _Request) -> bool:
        request.send(status, json.dumps({"error": _ERROR}).encode(), *headers)
        return True

    return act


# What the API does with a request; whether the connection stays.
_DOES: dict[str, Callable[[_Request], Awaitable[bool]]] = {
    "answers": _good,
    "answers marked": _marked,
    "answers slowly": _slow,
    "answers and closes": _closing,
    "closes": _close,
    "resets": _reset,
    "hangs": _hang,
    "garbage": _garbage,
    "bad head": _bad_head,
    "half a head": _half_head,
    "half a body": _half_body,
    "answers packed": _packed,
    "half packed": _half_packed,
    "too short": _too_short,
    "no last chunk": _no_last_chunk,
    "no gzip": _no_gzip,
    "500": _error(500),
    "503": _error(503),
    "refuses with 503": _error(503, "Retry-After: 0"),
    "refuses with 429": _error(429),
    "refuses with 422": _error(422),
}


async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Treat the requests of a connection as their situations say, until one ends it."""
    stays = True
    with contextlib.suppress(OSError, EOFError, asyncio.LimitOverrunError):
        while stays:
            request = _Request(reader, writer)
            await request.read()
            situation = BY_SLUG[request.slug]
            does = "answers"
            either = situation.does == "answers and closes"
            if either or (request.method == "GET") == situation.queried:
                _met[request.call] += 1
                if not request.times or _met[request.call] <= request.times:
                    does = situation.does
            if request.method == "POST" and not does.startswith("refuses"):
                tell({"call": request.call, "sending": request.sending})
            stays = await _DOES[does](request)
            await writer.drain()
    writer.close()


def tell(line: object) -> None:
    """Write a line of JSON at once: it is there even if this process is killed next."""
    os.write(1, json.dumps(line).encode() + b"\n")


async def _main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--certificate")
    arguments = parser.parse_args()
    plain = await asyncio.start_server(serve, HOST, arguments.port, reuse_port=True)
    ports = {"api": plain.sockets[0].getsockname()[1]}
    if arguments.certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(arguments.certificate)
        secret = await asyncio.start_server(serve, HOST, 0, ssl=context)
        tunnel = Tunnel(secret.sockets[0].getsockname()[1])
        proxy = await asyncio.start_server(tunnel.serve, HOST, 0)
        relay = await asyncio.start_server(slow, HOST, 0)
        ports |= {
            "tunnel": proxy.sockets[0].getsockname()[1],
            "slow": relay.sockets[0].getsockname()[1],
        }
    tell(ports)
    await plain.serve_forever()


if __name__ == "__main__":
    asyncio.run(_main())
