"""Hold a blocking call to its deadline.

httpx limits the wait for each part of an answer, so a server that sends a byte now and then holds
a blocking call for ever. Here each wait is also limited to what is left of the call as a whole.
Only clients that this package makes are fitted with it; async calls have a deadline of asyncio.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from typing import Any

import httpcore
import httpx


class _Clock(threading.local):
    """When the call that this thread is in has to be over, in seconds of time.monotonic."""

    ends_at: float | None = None


_clock = _Clock()


@contextmanager
def deadline(seconds: float | None) -> Generator[None]:
    """Limit what this thread reads and writes inside to that many seconds in all."""
    before = _clock.ends_at
    _clock.ends_at = None if seconds is None else time.monotonic() + seconds
    try:
        yield
    finally:
        _clock.ends_at = before


def fit(client: httpx.Client) -> None:
    """Make a client keep to deadlines: its own connections and those through proxies."""
    # httpx has no public way to its pools' backend. Without it a call still has httpx's timeouts.
    transports = [getattr(client, "_transport", None), *getattr(client, "_mounts", {}).values()]
    for transport in transports:
        pool = getattr(transport, "_pool", None)
        backend = getattr(pool, "_network_backend", None)
        if pool is not None and isinstance(backend, httpcore.NetworkBackend):
            vars(pool)["_network_backend"] = _Backend(backend)


def _left(timeout: float | None) -> float | None:
    if _clock.ends_at is None:
        return timeout
    left = _clock.ends_at - time.monotonic()
    return left if timeout is None else min(timeout, left)


class _Stream(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        left = _left(timeout)
        if left is not None and left <= 0:
            raise httpcore.ReadTimeout("the call took too long in all")
        return self._stream.read(max_bytes, left)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        left = _left(timeout)
        if left is not None and left <= 0:
            raise httpcore.WriteTimeout("the call took too long in all")
        self._stream.write(buffer, left)

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: Any,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        left = _left(timeout)
        if left is not None and left <= 0:
            raise httpcore.ConnectTimeout("the call took too long in all")
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, left))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class _Backend(httpcore.NetworkBackend):
    def __init__(self, backend: httpcore.NetworkBackend) -> None:
        self._backend = backend

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        left = _left(timeout)
        if left is not None and left <= 0:
            raise httpcore.ConnectTimeout("the call took too long in all")
        stream = self._backend.connect_tcp(host, port, left, local_address, socket_options)
        return _Stream(stream)

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[Any] | None = None
    ) -> httpcore.NetworkStream:
        stream = self._backend.connect_unix_socket(path, _left(timeout), socket_options)
        return _Stream(stream)

    def sleep(self, seconds: float) -> None:
        self._backend.sleep(seconds)
