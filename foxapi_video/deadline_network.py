"""The network of a blocking client, with deadlines: a transport over httpcore's public parts.

It does what httpx's own does, which takes no network of another's. httpx reads the proxies of the
environment only for its own, so they are read here too. All of this is imported when a client is
first used: httpx loads httpcore no sooner either.
"""

from __future__ import annotations

import contextlib
import importlib
import ipaddress
import socket
import ssl
from collections.abc import Generator, Iterable, Iterator
from typing import Any
from urllib.request import getproxies

import httpcore

from foxapi_video.deadlines import left
from foxapi_video.http import httpx

# Each has a namesake in httpx.
_ERRORS = (
    httpcore.TimeoutException,
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.ProxyError,
    httpcore.UnsupportedProtocol,
)


class DeadlineTransport(httpx.BaseTransport):
    """Connections that keep to deadlines: of their own, or through a proxy."""

    def __init__(
        self, limits: httpx.Limits, context: ssl.SSLContext, proxy: httpx.Proxy | None = None
    ) -> None:
        through: dict[str, Any] = {} if proxy is None else {"proxy": _proxy(proxy)}
        self._pool = httpcore.ConnectionPool(
            ssl_context=context,
            max_connections=limits.max_connections,
            max_keepalive_connections=limits.max_keepalive_connections,
            keepalive_expiry=limits.keepalive_expiry,
            network_backend=fitted(httpcore.SyncBackend()),
            **through,
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        sent = httpcore.Request(
            request.method,
            _url(request.url),
            headers=request.headers.raw,
            content=request.stream,
            extensions=request.extensions,
        )
        with _errors_of_httpx():
            answer = self._pool.handle_request(sent)
        return httpx.Response(
            answer.status,
            headers=answer.headers,
            stream=_Body(answer),
            extensions=answer.extensions,
        )

    def close(self) -> None:
        self._pool.close()


def transports(limits: httpx.Limits, context: ssl.SSLContext) -> dict[str, Any]:
    """What an httpx client is to be made with, to keep to deadlines."""
    mounts = {
        pattern: proxy and DeadlineTransport(limits, context, httpx.Proxy(proxy))
        for pattern, proxy in proxies_of_environment().items()
    }
    return {"transport": DeadlineTransport(limits, context), "mounts": mounts}


def proxies_of_environment() -> dict[str, str | None]:
    """The proxy for each pattern of addresses, None for no proxy: as httpx reads them."""
    told = getproxies()
    found: dict[str, str | None] = {}
    for scheme in ("http", "https", "all"):
        proxy = told.get(scheme)
        if proxy:
            found[f"{scheme}://"] = proxy if "://" in proxy else f"http://{proxy}"
    for host in map(str.strip, told.get("no", "").split(",")):
        if host == "*":
            return {}
        if host:
            found[_pattern(host)] = None
    return found


def _pattern(host: str) -> str:
    """The pattern of the addresses that a word of NO_PROXY is about."""
    if "://" in host:
        return host
    try:
        is_six = ipaddress.ip_address(host.partition("/")[0]).version == 6
        return f"all://[{host}]" if is_six else f"all://{host}"
    except ValueError:
        return f"all://{host}" if host.lower() == "localhost" else f"all://*{host}"


def _proxy(proxy: httpx.Proxy) -> httpcore.Proxy:
    if not hasattr(httpcore, "Proxy"):  # httpx takes any httpcore 1
        raise ImportError("a proxy needs `pip install 'httpcore>=1.0.6'`")
    if proxy.url.scheme.startswith("socks"):
        try:  # now: httpcore would miss it only when it sends
            importlib.import_module("socksio")
        except ImportError:
            raise ImportError("a SOCKS proxy needs `pip install httpx[socks]`") from None
    return httpcore.Proxy(_url(proxy.url), proxy.raw_auth, proxy.headers.raw, proxy.ssl_context)


def _url(url: httpx.URL) -> httpcore.URL:
    return httpcore.URL(
        scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
    )


@contextlib.contextmanager
def _errors_of_httpx() -> Generator[None]:
    try:
        yield
    except _ERRORS as error:
        raise getattr(httpx, type(error).__name__)(str(error)) from error


class _Body(httpx.SyncByteStream):
    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        with _errors_of_httpx():
            yield from self._answer.iter_stream()

    def close(self) -> None:
        self._answer.close()


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
