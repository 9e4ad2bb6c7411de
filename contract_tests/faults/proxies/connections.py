"""What the API and the tunnels do with a connection of theirs."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct

HOST = "127.0.0.1"
# No client and no proxy of the runs is more patient.
_LONG = 20.0


def reset(writer: asyncio.StreamWriter) -> None:
    """Break a connection hard: with no time to linger, closing sends a reset."""
    connection = writer.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


async def gone(reader: asyncio.StreamReader) -> None:
    """Say nothing until the other end goes, or much later."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_LONG):
            while await reader.read(65536):
                pass
