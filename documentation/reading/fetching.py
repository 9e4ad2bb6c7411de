"""Pages over the web: https only, public hosts only, bounded in redirects, size and time.

Each hop's host is looked up once, every address it has is judged, and the connection is made to
a judged address, so that a name can't change its mind between the check and the call. No single
wait lasts beyond the deadline of the whole, so a server that drips gains nothing. For tests,
FOXAPI_DOCS_ALLOW_LOOPBACK=1 admits loopback hosts, over http too.
"""

from __future__ import annotations

import ipaddress
import os
import socket
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpcore
import httpx

from documentation.fact import PageError
from documentation.reading.layouts.text import MOST_BYTES
from foxapi_video.addresses import is_internal

MOST_HOPS = 5
MOST_SECONDS = 30.0
MOST_WAIT = 10.0  # seconds, for one step of the exchange
AGENT = "foxapi-video-documentation-reader"
LOOPBACK_SWITCH = "FOXAPI_DOCS_ALLOW_LOOPBACK"


@dataclass(frozen=True, slots=True)
class Answer:
    """What an address gave: `content` is empty when the page is the one already known."""

    content: bytes
    etag: str = ""
    unchanged: bool = False
    modified: str = ""


def fetch(
    address: str, etag: str = "", modified: str = "", pace: Callable[[], None] | None = None
) -> Answer:
    """Get a page, following a few redirects, or raise a one-line error."""
    end = time.monotonic() + MOST_SECONDS
    url = _parse(address)
    for _ in range(MOST_HOPS + 1):
        if pace:
            pace()
        try:
            found = _exchange(url, etag, modified, end)
        except httpcore.TimeoutException:
            raise PageError("the address does not answer in time") from None
        except (httpcore.NetworkError, httpcore.ProtocolError, httpx.InvalidURL, ValueError):
            raise PageError("the address can't be fetched") from None
        if isinstance(found, Answer):
            return found
        url = found
    raise PageError(f"the address redirects more than {MOST_HOPS} times")


def _exchange(url: httpx.URL, etag: str, modified: str, end: float) -> Answer | httpx.URL:
    """The answer of one address, or where it redirects to."""
    headers: dict[str | bytes, str | bytes] = {
        "Host": url.netloc.decode("ascii"),
        "User-Agent": AGENT,
        "Accept": "text/markdown, text/plain;q=0.9, */*;q=0.1",
        "Accept-Encoding": "identity",
        **({"If-None-Match": etag} if etag else {}),
        **({"If-Modified-Since": modified} if modified else {}),
    }
    where = httpcore.URL(
        scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
    )
    network = _Network(public_address(url), end)
    with (
        httpcore.ConnectionPool(network_backend=network) as pool,
        pool.stream("GET", where, headers=headers) as response,
    ):
        given = {name.lower(): value for name, value in response.headers}
        if response.status in (301, 302, 303, 307, 308) and b"location" in given:
            return _parse(str(url.join(given[b"location"].decode(errors="replace"))))
        if response.status == 304 and (etag or modified):
            return Answer(b"", etag, unchanged=True, modified=modified)
        if response.status != 200:
            raise PageError(f"the address answers {response.status}")
        content = bytearray()
        for chunk in response.iter_stream():
            content += chunk
            if len(content) > MOST_BYTES:
                raise PageError(f"the page is larger than {MOST_BYTES >> 10} KiB")
        marks = [
            given.get(name, b"").decode("ascii", "ignore")[:200]
            for name in (b"etag", b"last-modified")
        ]
        return Answer(bytes(content), marks[0], modified=marks[1])


class _Network(httpcore.NetworkBackend):
    """Connects to one address, whatever name is asked for, and waits for it until a deadline."""

    def __init__(self, address: str, end: float) -> None:
        self.address, self.end = address, end

    def connect_tcp(self, host: str, port: int, *_: Any, **__: Any) -> httpcore.NetworkStream:
        backend = httpcore.SyncBackend()
        return _Stream(backend.connect_tcp(self.address, port, _wait(self.end)), self.end)


class _Stream(httpcore.NetworkStream):
    """A connection whose every step ends at the deadline."""

    def __init__(self, stream: httpcore.NetworkStream, end: float) -> None:
        self.stream, self.end = stream, end

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self.stream.read(max_bytes, _wait(self.end))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self.stream.write(buffer, _wait(self.end))

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        stream = self.stream.start_tls(ssl_context, server_hostname, _wait(self.end))
        return _Stream(stream, self.end)

    def close(self) -> None:
        self.stream.close()

    def get_extra_info(self, info: str) -> Any:
        return self.stream.get_extra_info(info)


def _wait(end: float) -> float:
    """How long the next step may take."""
    left = end - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout
    return min(left, MOST_WAIT)


def _parse(address: str) -> httpx.URL:
    try:
        url = httpx.URL(address)
    except (httpx.InvalidURL, ValueError):
        raise PageError("not an address") from None
    allowed = ("https", "http") if _loopback_allowed() else ("https",)
    if url.scheme not in allowed or not url.host:
        raise PageError("the address is not https")
    if url.userinfo:
        raise PageError("the address has a user name or a password in it")
    return url


def public_address(url: httpx.URL) -> str:
    """One address of the host, once all of them are known to be public."""
    try:
        found = socket.getaddrinfo(url.host, url.port or 443, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise PageError("the host of the address is not known") from None
    addresses = [str(entry[4][0]).split("%")[0] for entry in found]
    for address in addresses:
        loopback = _loopback_allowed() and _is_loopback(address)
        if not loopback and is_internal(address):
            raise PageError("the host of the address is internal")
        if url.scheme == "http" and not loopback:
            raise PageError("the address is not https")
    if not addresses:
        raise PageError("the host of the address is not known")
    return addresses[0]


def _is_loopback(text: str) -> bool:
    address = ipaddress.ip_address(text)
    return (getattr(address, "ipv4_mapped", None) or address).is_loopback


def _loopback_allowed() -> bool:
    return os.environ.get(LOOPBACK_SWITCH) == "1"
