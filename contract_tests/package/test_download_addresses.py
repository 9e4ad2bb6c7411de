"""Where a download may go: never inside, whatever a link, a redirect or a name server says."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from contract_tests.faults.behaviours import Act, Behaviour
from contract_tests.faults.exchange import VIDEO
from contract_tests.faults.server import FaultServer
from contract_tests.package.conftest import KEY, Fetch
from foxapi_video import AddressRefused, AsyncFoxAPI, DownloadError, FoxAPI, Task, addresses
from foxapi_video.steps import Resolve


def _redirect(location: str) -> Act:
    return lambda exchange: exchange.answer(302, b"", {"Location": location})


def test_a_redirect_to_an_internal_address_is_refused_unless_allowed(
    serve: Callable[..., FaultServer], fetch: Fetch, target: Path
) -> None:
    inner = serve()
    server = serve(Behaviour("redirects", _redirect(f"{inner.url}/video.mp4")), endless=True)
    with pytest.raises(AddressRefused, match="not a public host"):
        fetch(server.url, target)
    assert inner.requests == []
    fetch(server.url, target, allow_internal=True)
    assert target.read_bytes() == VIDEO


@pytest.mark.parametrize(
    "location", ["file:///etc/passwd", "ftp://example.com/x", "http://", "http://[::1"]
)
def test_a_redirect_to_what_is_no_web_address_is_refused(
    location: str, serve: Callable[..., FaultServer], fetch: Fetch, target: Path
) -> None:
    with pytest.raises(DownloadError):
        server = serve(Behaviour("redirects", _redirect(location)), endless=True)
        fetch(server.url, target, allow_internal=True)


def test_redirects_have_an_end(
    serve: Callable[..., FaultServer], fetch: Fetch, target: Path
) -> None:
    server = serve(Behaviour("loops", _redirect("/video.mp4")), endless=True)
    with pytest.raises(DownloadError, match="more than 5 times"):
        fetch(server.url, target, allow_internal=True)


@pytest.mark.parametrize(
    ("host", "internal"),
    [
        ("localhost", True),
        ("LOCALHOST.", True),
        ("a.localhost", True),
        ("127.0.0.1", True),
        ("10.1.2.3", True),
        ("172.31.0.1", True),
        ("172.32.0.1", False),
        ("192.168.1.1", True),
        ("169.254.169.254", True),
        ("100.64.0.1", True),
        ("0.0.0.0", True),  # noqa: S104
        ("224.0.0.1", True),
        ("::1", True),
        ("[fe80::1%eth0]", True),
        ("fd00::1", True),
        ("::ffff:10.0.0.1", True),
        ("2002:7f00:1::", True),
        ("64:ff9b::10.0.0.1", True),
        ("64:ff9b::8.8.8.8", False),
        ("::127.0.0.1", True),
        ("::ffff:0:10.0.0.1", True),
        ("fec0::1", True),
        ("2606:4700::1", False),
        ("8.8.8.8", False),
        ("10.example.com", False),
        ("example.com", False),
    ],
)
def test_internal_hosts(host: str, internal: bool) -> None:
    assert addresses.is_internal(host) is internal


def test_a_name_that_leads_inside_is_refused() -> None:
    plan = addresses.admit("https://innocent.example.com/x", allow_internal=False)
    asked = next(plan)
    assert isinstance(asked, Resolve) and asked.host == "innocent.example.com"
    with pytest.raises(AddressRefused):
        plan.send(["8.8.8.8", "10.0.0.1"])
    plan = addresses.admit("https://innocent.example.com/x", allow_internal=False)
    next(plan)
    with pytest.raises(StopIteration):
        plan.send(["8.8.8.8"])


@pytest.mark.parametrize(
    "link", ["http://[::1", "http://127.0.0.1/\ud800", "", "/video.mp4"], ids=repr
)
def test_a_link_that_is_no_address_is_refused(link: str, fetch: Fetch, target: Path) -> None:
    task = Task.from_dict({"id": "t", "status": "completed", "results": [{"url": link}]})
    with pytest.raises(AddressRefused):
        fetch("http://127.0.0.1:9", target, link=task)


def test_a_name_is_looked_up_as_it_is_connected_to() -> None:
    """Python's own look-up and httpx write some names in ASCII as different hosts."""
    asked = next(addresses.admit("https://fa\u00df.example/x", allow_internal=False))
    assert isinstance(asked, Resolve) and asked.host == "xn--fa-hia.example"


PUBLIC, INSIDE = "93.184.216.34", "127.0.0.1"


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """A name server of the tests' own: the addresses of each name, in turn."""
    known: dict[str, list[str]] = {}
    really = socket.getaddrinfo

    def look_up(host: Any, port: Any, *arguments: Any, **options: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        if name in known:
            host = known[name].pop(0) if len(known[name]) > 1 else known[name][0]
            if not host:
                raise socket.gaierror(socket.EAI_NONAME, "no such name")
        return really(host, port, *arguments, **options)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return known


@pytest.mark.parametrize("first", [PUBLIC, ""], ids=["public", "unknown"])
def test_a_name_that_leads_inside_once_it_was_looked_up_is_refused(
    first: str,
    names: dict[str, list[str]],
    serve: Callable[..., FaultServer],
    fetch: Fetch,
    target: Path,
) -> None:
    server = serve()
    names["rebound.example"] = [first, INSIDE]
    link = f"{server.url}/video.mp4".replace(INSIDE, "rebound.example")
    with pytest.raises(AddressRefused, match=r"rebound\.example, which is not a public host"):
        fetch("https://api.example.com", target, link=link)
    assert server.requests == [], "nothing was sent there"
    fetch("https://api.example.com", target, link=link, allow_internal=True)
    assert target.read_bytes() == VIDEO


def test_a_redirect_to_a_name_that_then_leads_inside_is_refused(
    names: dict[str, list[str]], serve: Callable[..., FaultServer], fetch: Fetch, target: Path
) -> None:
    inner = serve()
    names["rebound.example"] = [PUBLIC, INSIDE]
    away = f"{inner.url}/video.mp4".replace(INSIDE, "rebound.example")
    server = serve(Behaviour("redirects", _redirect(away)))
    with pytest.raises(AddressRefused):
        fetch(server.url, target)
    assert inner.requests == []


def test_the_address_that_was_reached_is_what_counts(
    names: dict[str, list[str]],
    monkeypatch: pytest.MonkeyPatch,
    serve: Callable[..., FaultServer],
    fetch: Fetch,
    target: Path,
) -> None:
    """With loopback taken for public, the same way leads to the file."""
    seen: list[str] = []

    def is_internal(host: str) -> bool:
        seen.append(host)
        return False

    monkeypatch.setattr(addresses, "is_internal", is_internal)
    server = serve()
    names["public.example"] = [PUBLIC, INSIDE]
    link = f"{server.url}/video.mp4".replace(INSIDE, "public.example")
    fetch("https://api.example.com", target, link=link)
    assert seen == ["public.example", PUBLIC, INSIDE]
    assert target.read_bytes() == VIDEO
    assert server.headers[0]["host"].startswith("public.example:")


def test_a_client_of_ones_own_keeps_its_proxy(
    names: dict[str, list[str]], serve: Callable[..., FaultServer], target: Path
) -> None:
    """The proxy looks names up by itself, and may be on an internal address."""
    proxy = serve()
    names["public.example"] = [""]
    link = "http://public.example/video.mp4"
    with (
        httpx.Client(proxy=proxy.url) as own,
        FoxAPI(KEY, base_url="https://api.example.com", http_client=own) as fox,
    ):
        fox.videos.download(link, target)

    async def run() -> None:
        async with (
            httpx.AsyncClient(proxy=proxy.url) as own,
            AsyncFoxAPI(KEY, base_url="https://api.example.com", http_client=own) as fox,
        ):
            await fox.videos.download(link, target, overwrite=True)

    asyncio.run(run())
    assert target.read_bytes() == VIDEO
    assert proxy.requests == [f"GET {link}"] * 2
