"""Pages over the web: https only, public hosts only, bounded in redirects, size and time.

Each hop's host is looked up once, every address it has is judged, and the connection is made to
a judged address, so that a name can't change its mind between the check and the call. For tests,
FOXAPI_DOCS_ALLOW_LOOPBACK=1 admits loopback hosts, over http too.
"""

from __future__ import annotations

import ipaddress
import os
import socket
import time
from dataclasses import dataclass

import httpx

from documentation.fact import PageError
from documentation.text import MOST_BYTES
from foxapi_video.addresses import is_internal

MOST_HOPS = 5
MOST_SECONDS = 30.0
TIMEOUT = httpx.Timeout(10.0)
AGENT = "foxapi-video-documentation-reader"
LOOPBACK_SWITCH = "FOXAPI_DOCS_ALLOW_LOOPBACK"


@dataclass(frozen=True, slots=True)
class Answer:
    """What an address gave: `content` is empty when the page is the one already known."""

    content: bytes
    etag: str = ""
    unchanged: bool = False


def fetch(address: str, etag: str = "") -> Answer:
    """Get a page, following a few redirects, or raise a one-line error."""
    end = time.monotonic() + MOST_SECONDS
    url = _parse(address)
    with httpx.Client(timeout=TIMEOUT, follow_redirects=False, trust_env=False) as client:
        for _ in range(MOST_HOPS + 1):
            headers = {"User-Agent": AGENT, "Accept": "text/markdown, text/plain;q=0.9, */*;q=0.1"}
            if etag:
                headers["If-None-Match"] = etag
            try:
                with _open(client, url, headers) as response:
                    if response.has_redirect_location:
                        url = _parse(str(url.join(response.headers.get("location", ""))))
                        continue
                    return _answer(response, etag, end)
            except httpx.TimeoutException:
                raise PageError("the address does not answer in time") from None
            except (httpx.HTTPError, httpx.InvalidURL, ValueError):
                raise PageError("the address can't be fetched") from None
    raise PageError(f"the address redirects more than {MOST_HOPS} times")


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


def _open(client: httpx.Client, url: httpx.URL, headers: dict[str, str]):  # type: ignore[no-untyped-def]
    """The request goes to the judged address; the name stays in Host and in the TLS handshake."""
    target = public_address(url)
    request_url = url.copy_with(host=target)
    return client.stream(
        "GET",
        request_url,
        headers={**headers, "Host": url.netloc.decode("ascii")},
        extensions={"sni_hostname": url.host},
    )


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


def _answer(response: httpx.Response, etag: str, end: float) -> Answer:
    if response.status_code == 304 and etag:
        return Answer(b"", etag, unchanged=True)
    if response.status_code != 200:
        raise PageError(f"the address answers {response.status_code}")
    content = bytearray()
    for chunk in response.iter_bytes(1 << 16):
        content += chunk
        if len(content) > MOST_BYTES:
            raise PageError(f"the page is larger than {MOST_BYTES >> 10} KiB")
        if time.monotonic() > end:
            raise PageError("the address does not answer in time")
    return Answer(bytes(content), response.headers.get("etag", "")[:200])


def _loopback_allowed() -> bool:
    return os.environ.get(LOOPBACK_SWITCH) == "1"
