"""What the misbehaving server can do with a request, and what that means for a create call."""

from __future__ import annotations

import gzip
import json
import socket
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import formatdate
from functools import cache
from typing import Any

from contract_tests.faults.exchange import Exchange

Act = Callable[[Exchange], None]


@dataclass(frozen=True)
class Behaviour:
    """One way to treat a request.

    Attributes:
        name: What it is called in the table.
        act: What the server does on the connection.
        refuses: Whether a create call is certainly not accepted by it. Whatever else a server does
            with a create call that reached it counts as accepted: the worst case.
        early: Whether it acts before the request was read.
        names: Whether its answer to a create call tells the id of the task, in JSON that is whole.
        tunnel: Whether it is a proxy's way to treat CONNECT, so that nothing gets to the API.
    """

    name: str
    act: Act
    refuses: bool = False
    early: bool = False
    names: bool = False
    tunnel: bool = False


def reset(exchange: Exchange) -> None:
    """Break the connection hard: with no time to linger, closing sends a reset."""
    linger = struct.pack("ii", 1, 0)
    exchange.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)


def reset_during(exchange: Exchange) -> None:
    exchange.read_head()
    reset(exchange)


def close_silently(exchange: Exchange) -> None:
    """End the connection without a word."""


def silence(exchange: Exchange) -> None:
    exchange.wait_until_gone()


def slow_headers(exchange: Exchange) -> None:
    exchange.trickle(b"HTTP/1.1 200 OK\r\nX-Slow: " + b"x" * 4096)


def slow_body(exchange: Exchange) -> None:
    exchange.send(
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9000\r\n\r\n{"
    )
    exchange.trickle(b" " * 8999)


def truncated_body(exchange: Exchange) -> None:
    body = exchange.good_body()
    exchange.send(exchange.head(200, len(body)) + body[: len(body) // 2])


def length_too_small(exchange: Exchange) -> None:
    body = exchange.good_body()
    exchange.send(exchange.head(200, max(0, len(body) - 7)) + body)


def length_no_number(exchange: Exchange) -> None:
    exchange.send(b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n" + exchange.good_body())


def gzip_garbage(exchange: Exchange) -> None:
    exchange.answer(200, b"\x1f\x8b not gzip at all", {"Content-Encoding": "gzip"})


def gzip_bomb(exchange: Exchange) -> None:
    """64 KiB on the wire, and 64 MiB without its layer."""
    exchange.answer(200, zeros_in_gzip(), {"Content-Encoding": "gzip"})


def gzip_twice(exchange: Exchange) -> None:
    """Some hundred bytes on the wire, and 64 MiB without its two layers."""
    twice = gzip.compress(zeros_in_gzip(), 9)
    exchange.answer(200, twice, {"Content-Encoding": "gzip, gzip"})


@cache
def zeros_in_gzip() -> bytes:
    return gzip.compress(bytes(64 * 2**20), 9)


def gzip_once(exchange: Exchange) -> None:
    exchange.answer(200, gzip.compress(exchange.good_body()), {"Content-Encoding": "gzip"})


def gzip_cut(exchange: Exchange) -> None:
    """All of the JSON, and no end of the gzip around it."""
    packed = gzip.compress(exchange.good_body())[:-8]
    exchange.answer(200, packed, {"Content-Encoding": "gzip"})


def gzip_in_name_only(exchange: Exchange) -> None:
    exchange.answer(200, exchange.good_body(), {"Content-Encoding": "gzip"})


def names_and_hangs(exchange: Exchange) -> None:
    """All of an answer but its end."""
    body = exchange.good_body()
    exchange.send(exchange.head(200, len(body) + 1) + body)
    exchange.wait_until_gone()


def no_last_chunk(exchange: Exchange) -> None:
    body = exchange.good_body()
    exchange.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    exchange.send(b"%x\r\n%b\r\n" % (len(body), body))


def length_too_large(exchange: Exchange) -> None:
    body = exchange.good_body()
    exchange.send(exchange.head(200, len(body) + 7) + body)


def nested(levels: int) -> Act:
    """The good answer with lists in lists as a last member."""

    def act(exchange: Exchange) -> None:
        lists = b"[" * levels + b"]" * levels
        exchange.answer(200, exchange.good_body()[:-1] + b', "more": ' + lists + b"}")

    return act


def informational(exchange: Exchange) -> None:
    for line in (b"100 Continue", b"102 Processing", b"103 Early Hints"):
        exchange.send(b"HTTP/1.1 " + line + b"\r\n\r\n")
    exchange.good()


def switching(exchange: Exchange) -> None:
    exchange.send(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n")


def no_http(exchange: Exchange) -> None:
    exchange.send(b"\x00\x16\x03 what?\r\n\r\n")


def endless_headers(exchange: Exchange) -> None:
    exchange.send(b"HTTP/1.1 200 OK\r\n" + b"X-More: y\r\n" * 40_000 + b"\r\n")


def redirect_loop(status: int) -> Act:
    def act(exchange: Exchange) -> None:
        exchange.answer(status, b"", {"Location": exchange.path})

    return act


def refusal(status: int, kind: str | None = None, headers: dict[str, str] | None = None) -> Act:
    def act(exchange: Exchange) -> None:
        error = {"message": f"refused with {status}", "type": kind}
        exchange.answer(status, json.dumps({"error": error}).encode(), headers)

    return act


def retry_date(exchange: Exchange) -> None:
    when = formatdate(time.time(), usegmt=True)
    refusal(429, "rate_limit_error", {"Retry-After": when})(exchange)


def page(status: int, **headers: str) -> Act:
    def act(exchange: Exchange) -> None:
        body = b"<html><body><h1>Something</h1></body></html>"
        named = {name.replace("_", "-"): content for name, content in headers.items()}
        exchange.answer(status, body, {"Content-Type": "text/html", **named})

    return act


def gateway(status: int, **headers: str) -> Act:
    """JSON that is not an error as the API documents it."""

    def act(exchange: Exchange) -> None:
        named = {name.replace("_", "-"): content for name, content in headers.items()}
        exchange.answer(status, b'{"message": "API rate limit exceeded"}', named)

    return act


def connected(then: Act) -> Act:
    """Say that the tunnel is there, and then something else than the API would."""

    def act(exchange: Exchange) -> None:
        exchange.send(b"HTTP/1.1 200 Connection established\r\n\r\n")
        then(exchange)

    return act


def text(body: bytes) -> Act:
    def act(exchange: Exchange) -> None:
        exchange.answer(200, body)

    return act


def value(body: Any) -> Act:
    return text(json.dumps(body).encode())


def changed(**members: Any) -> Act:
    """The good answer with members changed, and those that are None left out."""

    def act(exchange: Exchange) -> None:
        body = json.loads(exchange.good_body() or b"{}") | members
        exchange.answer(200, json.dumps({k: v for k, v in body.items() if v != "-"}).encode())

    return act


def good(exchange: Exchange) -> None:
    exchange.good()


GOOD = Behaviour("answers well", good)

_BROKEN = [
    Behaviour("reset before the request", reset, early=True),
    Behaviour("reset during the request", reset_during, early=True),
    Behaviour("reset after the request", reset),
    Behaviour("closed without an answer", close_silently),
    Behaviour("silence", silence),
    Behaviour("slow headers", slow_headers),
    Behaviour("slow body", slow_body),
    Behaviour("truncated body", truncated_body),
    Behaviour("Content-Length too small", length_too_small),
    Behaviour("Content-Length no number", length_no_number),
    Behaviour("gzip garbage", gzip_garbage),
    Behaviour("gzip bomb", gzip_bomb),
    Behaviour("gzip, twice", gzip_twice),
    Behaviour("gzip, once", gzip_once, names=True),
    Behaviour("gzip without an end", gzip_cut, names=True),
    Behaviour("gzip in name only", gzip_in_name_only, names=True),
    Behaviour("no last chunk", no_last_chunk, names=True),
    Behaviour("Content-Length too large", length_too_large, names=True),
    Behaviour("silence before the end", names_and_hangs),
    Behaviour("1xx, then a good answer", informational),
    Behaviour("101", switching),
    Behaviour("no HTTP", no_http),
    Behaviour("endless headers", endless_headers),
]
_STATUSES = [
    *(Behaviour(f"{s} loop", redirect_loop(s)) for s in (301, 302, 303, 307, 308)),
    Behaviour("302 to no name", refusal(302, None, {"Location": "http://xn--/"})),
    Behaviour("429, a task", lambda exchange: exchange.answer(429, exchange.good_body())),
    Behaviour("401", refusal(401, "authentication_error"), refuses=True),
    Behaviour("402", refusal(402, "insufficient_quota"), refuses=True),
    Behaviour("403", refusal(403), refuses=True),
    Behaviour("404", refusal(404, "not_found"), refuses=True),
    Behaviour("408", refusal(408)),
    Behaviour("422", refusal(422, "invalid_request_error"), refuses=True),
    Behaviour("429", refusal(429, "rate_limit_error"), refuses=True),
    Behaviour("429, Retry-After: 0", refusal(429, None, {"Retry-After": "0"}), refuses=True),
    Behaviour("429, Retry-After: date", retry_date, refuses=True),
    *(Behaviour(str(status), refusal(status, "server_error")) for status in range(500, 505)),
    Behaviour("503, Retry-After: 0", refusal(503, None, {"Retry-After": "0"}), refuses=True),
    Behaviour("503, Retry-After: soon", refusal(503, None, {"Retry-After": "soon"})),
    Behaviour("520", refusal(520)),
    Behaviour("299", refusal(299)),
    Behaviour("204", lambda exchange: exchange.send(b"HTTP/1.1 204 No Content\r\n\r\n")),
]
_BODIES = [
    Behaviour("HTML, 200", page(200)),
    # A proxy answers so also when the API has accepted, unless it can't have read the request.
    *(Behaviour(f"HTML, {s}", page(s)) for s in (400, 402, 403, 404, 405, 408, 418, 422, 429)),
    *(Behaviour(f"HTML, {s}", page(s), refuses=True) for s in (401, 407, 413, 414, 431)),
    *(Behaviour(f"HTML, {s}", page(s)) for s in (302, 303, 500, 502, 503, 504)),
    Behaviour("HTML, 302, Location", page(302, Location="/sorry")),
    Behaviour("HTML, 429, Retry-After: 0", page(429, Retry_After="0")),
    Behaviour("HTML, 503, Retry-After: 0", page(503, Retry_After="0")),
    Behaviour("gateway, 429", gateway(429), refuses=True),
    Behaviour("gateway, 503, Retry-After: 0", gateway(503, Retry_After="0")),
    Behaviour("empty, 200", text(b"")),
    Behaviour("half of UTF-8", text(b'{"id": "\xff\xfe"}')),
    Behaviour("nested too deeply", text(b"[" * 100_000)),
    Behaviour("nested in 700 levels", nested(700), names=True),
    Behaviour("nested in 100,000 levels", nested(100_000), names=True),
    Behaviour("a list", value([])),
    Behaviour("null", value(None)),
    Behaviour("a task without id", changed(id="-", url="-")),
    Behaviour("an id of dots", changed(id="..", url="..")),
    Behaviour("an id that is a number", changed(id=5, url=5)),
    Behaviour("all of the wrong type", value({"id": {}, "status": 1, "results": "", "url": []})),
    Behaviour("no status", changed(status="-"), names=True),
    Behaviour("status unknown", changed(status="dreaming")),
    Behaviour("status an object", changed(status={"is": "fine"})),
    Behaviour("progress 101", changed(progress=101)),
    Behaviour("progress NaN", changed(progress=float("nan"), task_info={"estimated_time": 1e999})),
    Behaviour("results null", changed(results=None)),
    Behaviour("results without url", changed(results=[{"width": 5}, 7, None])),
    Behaviour("error as text", changed(error="it failed", status="failed")),
    Behaviour("failed", changed(status="failed", error={"code": 7, "message": "no"})),
    Behaviour("cancelled", changed(status="cancelled")),
]
_TUNNELS = [
    Behaviour("CONNECT: closed", close_silently, tunnel=True),
    Behaviour("CONNECT: reset", reset, tunnel=True),
    Behaviour("CONNECT: silence", silence, tunnel=True),
    Behaviour("CONNECT: no HTTP", no_http, tunnel=True),
    Behaviour("CONNECT: 407", page(407), tunnel=True),
    Behaviour("CONNECT: 502", page(502), tunnel=True),
    Behaviour("CONNECT: 200, closed", connected(close_silently), tunnel=True),
    Behaviour("CONNECT: 200, silence", connected(silence), tunnel=True),
    Behaviour("CONNECT: 200, no TLS", connected(no_http), tunnel=True),
]
FAULTS = [*_BROKEN, *_STATUSES, *_BODIES, *_TUNNELS]
