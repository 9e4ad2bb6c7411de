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
import socket
import ssl
import threading
import time
from collections import Counter
from socketserver import BaseRequestHandler, ThreadingTCPServer
from typing import Any
from urllib.parse import urlsplit

from contract_tests.faults import behaviours
from contract_tests.faults.behaviours import Act, refusal
from contract_tests.faults.exchange import Exchange
from contract_tests.faults.proxies.situations import BY_SLUG
from contract_tests.faults.proxies.tunnel import Tunnel, slow
from contract_tests.faults.server import HOST

_numbers = itertools.count()
_met: Counter[str] = Counter()
_counting = threading.Lock()


def _marked(exchange: Exchange) -> None:
    """Answer well, with a mark for the rules of a proxy."""
    exchange.answer(200, exchange.good_body(), {"X-Fault": "yes"})


def _slow(exchange: Exchange) -> None:
    time.sleep(0.15)
    exchange.good()


def _closing(exchange: Exchange) -> None:
    """Answer as if the connection stayed, and close it: the next request on it runs into that."""
    exchange.good()
    time.sleep(0.001)


def _half_packed(exchange: Exchange) -> None:
    body = gzip.compress(exchange.good_body())
    exchange.send(exchange.head(200, len(body), {"Content-Encoding": "gzip"}) + body[:30])


def _says(data: bytes) -> Act:
    return lambda exchange: exchange.send(data)


# What the API does with a request after which the connection stays.
_STAYS: dict[str, Act] = {
    "answers": behaviours.good,
    "answers marked": _marked,
    "answers slowly": _slow,
    "answers packed": behaviours.gzip_once,
    "no gzip": behaviours.gzip_in_name_only,
    "500": refusal(500, "server_error"),
    "503": refusal(503, "server_error"),
    "refuses with 503": refusal(503, "server_error", {"Retry-After": "0"}),
    "refuses with 429": refusal(429, "server_error"),
    "refuses with 422": refusal(422, "server_error"),
}
_DOES = _STAYS | {
    "answers and closes": _closing,
    "closes": behaviours.close_silently,
    "resets": behaviours.reset,
    "hangs": behaviours.silence,
    "garbage": behaviours.no_http,
    "bad head": _says(b"HTTP/1.1 200 OK\r\n\x00\x16 what?\r\n\r\n"),
    "half a head": _says(b"HTTP/1.1 200 OK\r\nContent-Ty"),
    "half a body": behaviours.truncated_body,
    "half packed": _half_packed,
    "too short": behaviours.length_too_large,
    "no last chunk": behaviours.no_last_chunk,
}


def _serve(connection: socket.socket) -> None:
    """Treat the requests of a connection as their situations say, until one ends it."""
    does = "answers"
    with connection, contextlib.suppress(OSError, ValueError):
        while does in _STAYS:
            exchange = Exchange(connection, threading.Event(), stays=True)
            exchange.read_head()
            exchange.read_body()
            _, slug, call, times, _ = urlsplit(exchange.path).path.split("/", 4)
            exchange.created = f"task-{call}"
            does = _what(slug, call, int(times), exchange.method)
            if exchange.method == "POST" and not does.startswith("refuses"):
                sending = exchange.headers.get("x-sending") or str(next(_numbers))
                tell({"call": call, "sending": sending})
            _DOES[does](exchange)


def _what(slug: str, call: str, times: int, method: str) -> str:
    """What the API does with a request of a call."""
    situation = BY_SLUG[slug]
    either = situation.does == "answers and closes"
    if not either and (method == "GET") != situation.queried:
        return "answers"
    with _counting:
        _met[call] += 1
        return situation.does if not times or _met[call] <= times else "answers"


def tell(line: object) -> None:
    """Write a line of JSON at once: it is there even if this process is killed next."""
    os.write(1, json.dumps(line).encode() + b"\n")


class _Server(ThreadingTCPServer):
    allow_reuse_port = True
    daemon_threads = True
    request_queue_size = 512

    def __init__(self, port: int, context: ssl.SSLContext | None = None) -> None:
        """Serve on a port, any where it is 0; in TLS where a context is given."""

        class Handler(BaseRequestHandler):
            def handle(self) -> None:
                connection: Any = self.request
                with contextlib.suppress(OSError):
                    if context is not None:
                        connection = context.wrap_socket(connection, server_side=True)
                    _serve(connection)

        super().__init__((HOST, port), Handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def port(self) -> int:
        return int(self.server_address[1])


async def _main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--certificate")
    arguments = parser.parse_args()
    ports = {"api": _Server(arguments.port).port}
    if arguments.certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(arguments.certificate)
        tunnel = Tunnel(_Server(0, context).port)
        for name, serve in ("tunnel", tunnel.serve), ("slow", slow):
            server = await asyncio.start_server(serve, HOST, 0)
            ports[name] = server.sockets[0].getsockname()[1]
    tell(ports)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_main())
