"""The network of a blocking client, fitted with deadlines.

It is imported when a client is first used: httpx loads httpcore no sooner either.
"""

from __future__ import annotations

import socket
from collections.abc import Iterable
from typing import Any

import httpcore
import httpx

from foxapi_video.deadlines import left
from foxapi_video.owners import transports_of


def fit(client: httpx.Client) -> None:
    """Make a client keep to deadlines: its own connections and those through proxies."""
    # httpx has no public way to its pools' backend. Without it a call still has httpx's timeouts.
    for transport in transports_of(client):
        pool = getattr(transport, "_pool", None)
        backend = getattr(pool, "_network_backend", None)
        if pool is not None and isinstance(backend, httpcore.NetworkBackend):
            vars(pool)["_network_backend"] = fitted(backend)


def fitted(backend: httpcore.NetworkBackend) -> httpcore.NetworkBackend:
    """The network with deadlines."""
    return _Backend(backend)


def _addresses(host: str, port: int) -> list[str]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        # With the zone of a link-local address, which the first member of it may lack.
        numbers = socket.NI_NUMERICHOST | socket.NI_NUMERICSERV
        return list(dict.fromkeys(socket.getnameinfo(each[4], numbers)[0] for each in found))
    except (OSError, UnicodeError) as error:
        raise httpcore.ConnectError(str(error)) from None


class _Stream(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        seconds = left(timeout)
        if seconds is not None and seconds <= 0:
            raise httpcore.ReadTimeout("the call took too long in all")
        return self._stream.read(max_bytes, seconds)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        seconds = left(timeout)
        if seconds is not None and seconds <= 0:
            raise httpcore.WriteTimeout("the call took too long in all")
        self._stream.write(buffer, seconds)

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: Any,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        seconds = left(timeout)
        if seconds is not None and seconds <= 0:
            raise httpcore.ConnectTimeout("the call took too long in all")
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, seconds))

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
        # One address after the other: given a name, the socket would grant each the whole time.
        problem: Exception = httpcore.ConnectTimeout("the call took too long in all")
        for address in _addresses(host, port):
            seconds = left(timeout)
            if seconds is not None and seconds <= 0:
                break
            try:
                return _Stream(
                    self._backend.connect_tcp(address, port, seconds, local_address, socket_options)
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                problem = error
        raise problem

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[Any] | None = None
    ) -> httpcore.NetworkStream:
        stream = self._backend.connect_unix_socket(path, left(timeout), socket_options)
        return _Stream(stream)

    def sleep(self, seconds: float) -> None:
        self._backend.sleep(seconds)
