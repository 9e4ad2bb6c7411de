"""Proxies that neither nginx nor haproxy can play: a CONNECT proxy, and one on a slow line."""

from __future__ import annotations

import asyncio
import contextlib
import re
import socket
import struct
from collections import Counter
from urllib.parse import urlsplit

from contract_tests.faults.proxies.situations import BY_SLUG
from contract_tests.faults.server import HOST

_MET = b"HTTP/1.1 200 Connection established\r\n\r\n"
# What it says at CONNECT; whatever is no answer of a proxy is its own words, cut short.
_SAYS = {
    "closes": b"",
    "resets": b"",
    "hangs": b"",
    "talks nonsense": b"\x00\x16\x03 what?\r\n\r\n",
    "half an answer": b"HTTP/1.1 200 Connec",
    "closes inside": _MET,
    "resets inside": _MET,
    "hangs inside": _MET,
    "nonsense inside": _MET + b"<h1>what?</h1>",
}


class Tunnel:
    """A CONNECT proxy. The host that is asked for, situation--call--times, says what it does."""

    def __init__(self, port: int) -> None:
        """Lead to a port."""
        self._port = port
        self._met: Counter[str] = Counter()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, EOFError):
            head = await reader.readuntil(b"\r\n\r\n")
            host = head.split(b" ", 2)[1].decode().partition(".")[0]
            slug, call, times = host.split("--")
            self._met[call] += 1
            does = BY_SLUG[slug].config
            if not does or (int(times) and self._met[call] > int(times)):
                other = await asyncio.open_connection(HOST, self._port)
                writer.write(_MET)
                await _both_ways((reader, writer), other)
            elif status := re.fullmatch(r"answers (\d+)", does):
                page = b"<h1>The proxy is sorry</h1>"
                head = b"HTTP/1.1 %b Sorry\r\nRetry-After: 0\r\n" % status[1].encode()
                writer.write(head + b"Content-Length: %d\r\n\r\n" % len(page) + page)
            else:
                writer.write(_SAYS[does])
                if does.startswith("hangs"):
                    await _gone(reader)
            await writer.drain()
            if does.startswith("resets"):
                _reset(writer)
        writer.close()


async def slow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Forward the head of a request and half of its body, the rest never, and what is answered."""
    with contextlib.suppress(OSError, EOFError):
        head = await reader.readuntil(b"\r\n\r\n")
        there, forward = await asyncio.open_connection(HOST, urlsplit(head.split(b" ", 2)[1]).port)
        forward.write(head + await reader.readexactly(9))
        await _pass_on(there, writer)
        forward.close()
    writer.close()


def _reset(writer: asyncio.StreamWriter) -> None:
    """Break a connection hard: with no time to linger, closing sends a reset."""
    connection = writer.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


async def _gone(reader: asyncio.StreamReader) -> None:
    """Say nothing until the other end goes."""
    while await reader.read(65536):
        pass


_Ends = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def _both_ways(one: _Ends, other: _Ends) -> None:
    await asyncio.gather(_pass_on(one[0], other[1]), _pass_on(other[0], one[1]))


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()
