"""HTTP on both sides of the front: requests are read within limits, and passed on to Prism."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import h11

MOST_BYTES = 10 * 1024 * 1024  # Prism waits for ever on a longer body
MOST_HEAD_BYTES = 16 * 1024  # what Node takes
_MOST_ANSWER_HEAD_BYTES = 128 * 1024  # Prism's list of violations, with every character escaped
READ_SECONDS = 30.0
IDLE_SECONDS = 60.0
FRESH_SECONDS = 2.0  # Node closes what is idle for 5 s
_CHUNK = 64 * 1024

Headers = Sequence[tuple[bytes, bytes]]
Reader: TypeAlias = asyncio.StreamReader
Writer: TypeAlias = asyncio.StreamWriter


@dataclass(frozen=True)
class Request:
    """A whole request, as it came.

    Attributes:
        method: The method.
        target: The path with its query.
        headers: Their names are in lower case.
        body: The bytes of the body, or None where it is larger than MOST_BYTES.
    """

    method: str
    target: str
    headers: dict[bytes, bytes]
    body: bytes | None


@dataclass(frozen=True)
class Answer:
    """A whole answer. Its length is told by whoever sends it."""

    status: int
    headers: Headers
    body: bytes


class ProtocolError(Exception):
    """What was sent is no HTTP request."""


async def converse(
    reader: Reader,
    writer: Writer,
    answer: Callable[[Request | ProtocolError], Awaitable[Answer]],
) -> None:
    """Answer the requests of one connection until it is closed, breaks, or is idle for too long.

    Args:
        reader: What comes in.
        writer: What goes out.
        answer: Answers a request, or what is none.
    """
    connection = h11.Connection(h11.SERVER, max_incomplete_event_size=MOST_HEAD_BYTES)
    try:
        while True:
            request = await _read(connection, reader, writer)
            if request is None:
                return
            answered = await answer(request)
            bare = isinstance(request, Request) and request.method == "HEAD"
            headers = [*answered.headers, (b"content-length", b"%d" % len(answered.body))]
            sent = connection.send(h11.Response(status_code=answered.status, headers=headers))
            body = b"" if bare else connection.send(h11.Data(answered.body))
            writer.write(sent + body + connection.send(h11.EndOfMessage()))
            async with asyncio.timeout(READ_SECONDS):
                await writer.drain()
            if connection.our_state is not h11.DONE or connection.their_state is not h11.DONE:
                return
            connection.start_next_cycle()
    except (OSError, TimeoutError, asyncio.CancelledError):
        return  # cancelled where the mock ends, which asyncio would print
    finally:
        writer.close()


async def _read(
    connection: h11.Connection, reader: Reader, writer: Writer
) -> Request | ProtocolError | None:
    """The next request; None where the other side is gone."""
    try:
        async with asyncio.timeout(IDLE_SECONDS):
            head = await _event(connection, reader, writer)
        if not isinstance(head, h11.Request):
            return None
        chunks, size = [], 0
        async with asyncio.timeout(READ_SECONDS):
            while isinstance(event := await _event(connection, reader, writer), h11.Data):
                size += len(event.data)
                if size <= MOST_BYTES:
                    chunks.append(bytes(event.data))
    except h11.RemoteProtocolError as error:
        # Behind the colon is what came, as Python spells bytes.
        return ProtocolError(str(error).partition(": ")[0])
    return Request(
        head.method.decode("ascii"),
        head.target.decode("latin-1"),
        dict(head.headers),
        b"".join(chunks) if size <= MOST_BYTES else None,
    )


async def _event(
    connection: h11.Connection, reader: Reader, writer: Writer
) -> h11.Event | type[h11.NEED_DATA] | type[h11.PAUSED]:
    """What comes next; more is read until there is something."""
    while (event := connection.next_event()) is h11.NEED_DATA:
        if connection.they_are_waiting_for_100_continue:
            go_on = h11.InformationalResponse(status_code=100, headers=[])
            writer.write(connection.send(go_on))
        connection.receive_data(await reader.read(_CHUNK))
    return event


class Upstream:
    """Connections to a server on this machine, which are used again while they are fresh."""

    def __init__(self, host: str) -> None:
        self._host = host
        self._free: list[tuple[float, h11.Connection, Reader, Writer]] = []

    async def ask(
        self, port: int, method: str, target: str, headers: Headers, body: bytes
    ) -> Answer:
        """Send a request and read the whole answer.

        Raises:
            OSError: There is no server, or it broke the connection.
            h11.RemoteProtocolError: The same, or what it sent is no answer.
        """
        now = asyncio.get_running_loop().time()
        while self._free:
            since, connection, reader, writer = self._free.pop()
            if now - since < FRESH_SECONDS:
                break
            writer.close()
        else:
            reader, writer = await asyncio.open_connection(self._host, port)
            connection = h11.Connection(
                h11.CLIENT, max_incomplete_event_size=_MOST_ANSWER_HEAD_BYTES
            )
        try:
            headers = [(b"host", self._host.encode()), *headers]
            headers.append((b"content-length", b"%d" % len(body)))
            sent = connection.send(h11.Request(method=method, target=target, headers=headers))
            sent += connection.send(h11.Data(body))
            writer.write(sent + connection.send(h11.EndOfMessage()))
            head = await _event(connection, reader, writer)
            assert isinstance(head, h11.Response), head
            chunks = []
            while isinstance(event := await _event(connection, reader, writer), h11.Data):
                chunks.append(bytes(event.data))
        except BaseException:
            writer.close()
            raise
        if connection.our_state is h11.DONE and connection.their_state is h11.DONE:
            connection.start_next_cycle()
            self._free.append((now, connection, reader, writer))
        else:
            writer.close()
        return Answer(head.status_code, list(head.headers), b"".join(chunks))

    def close(self) -> None:
        while self._free:
            self._free.pop()[3].close()
