"""What the misbehaving server can do with a request, and what that means for a create call.

What is answered, and how that ends, is described in foxapi_video.testing.behaviours; here it is put
on a connection. What only a connection can show is described here.
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import ParamSpec

from contract_tests.faults.exchange import Exchange
from foxapi_video.testing import behaviours as described

P = ParamSpec("P")
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


def acting(answer: described.Answering) -> Act:
    """Give an answer on the connection."""

    def act(exchange: Exchange) -> None:
        reply = answer(described.Asked(exchange.path, exchange.good_reply))
        if reply.status == 204:
            exchange.send(b"HTTP/1.1 204 No Content\r\n\r\n")
        elif reply.status:
            length = len(reply.body) + reply.missing
            exchange.send(exchange.head(reply.status, length, reply.headers) + reply.body)
        if reply.ending == "silence":
            exchange.wait_until_gone()
        elif reply.ending == "reset":
            reset(exchange)

    return act


def _making(make: Callable[P, described.Answering]) -> Callable[P, Act]:
    """The same for what is described with figures or words of its own."""

    def made(*args: P.args, **kwargs: P.kwargs) -> Act:
        return acting(make(*args, **kwargs))

    return made


def reset(exchange: Exchange) -> None:
    """Break the connection hard: with no time to linger, closing sends a reset."""
    linger = struct.pack("ii", 1, 0)
    exchange.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)


changed = _making(described.changed)
gateway = _making(described.gateway)
nested = _making(described.nested)
page = _making(described.page)
refusal = _making(described.refusal)
text = _making(described.text)
value = _making(described.value)
gzip_bomb = acting(described.named("gzip bomb").answer)
gzip_once = acting(described.named("gzip, once").answer)
gzip_twice = acting(described.named("gzip, twice").answer)
gzip_in_name_only = acting(described.named("gzip in name only").answer)
truncated_body = acting(described.truncated_body)
length_too_large = acting(described.length_too_large)
close_silently = acting(described.breaks("closed"))
names_and_hangs = acting(described.names_and_hangs)
silence = acting(described.breaks("silence"))


def reset_during(exchange: Exchange) -> None:
    exchange.read_head()
    reset(exchange)


def slow_headers(exchange: Exchange) -> None:
    exchange.trickle(b"HTTP/1.1 200 OK\r\nX-Slow: " + b"x" * 4096)


def slow_body(exchange: Exchange) -> None:
    exchange.send(
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9000\r\n\r\n{"
    )
    exchange.trickle(b" " * 8999)


def length_no_number(exchange: Exchange) -> None:
    exchange.send(b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n" + exchange.good_body())


def no_last_chunk(exchange: Exchange) -> None:
    body = exchange.good_body()
    exchange.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    exchange.send(b"%x\r\n%b\r\n" % (len(body), body))


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


def connected(then: Act) -> Act:
    """Say that the tunnel is there, and then something else than the API would."""

    def act(exchange: Exchange) -> None:
        exchange.send(b"HTTP/1.1 200 Connection established\r\n\r\n")
        then(exchange)

    return act


def good(exchange: Exchange) -> None:
    exchange.good()


GOOD = Behaviour("answers well", good)

_ON_A_CONNECTION = [
    Behaviour("reset before the request", reset, early=True),
    Behaviour("reset during the request", reset_during, early=True),
    Behaviour("slow headers", slow_headers),
    Behaviour("slow body", slow_body),
    Behaviour("Content-Length no number", length_no_number),
    Behaviour("no last chunk", no_last_chunk, names=True),
    Behaviour("1xx, then a good answer", informational),
    Behaviour("101", switching),
    Behaviour("no HTTP", no_http),
    Behaviour("endless headers", endless_headers),
]
_DESCRIBED = [
    Behaviour(each.name, acting(each.answer), refuses=each.refuses, names=each.names)
    for each in (*described.BREAKS, *described.STATUSES, *described.BODIES)
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
FAULTS = [*_ON_A_CONNECTION, *_DESCRIBED, *_TUNNELS]
