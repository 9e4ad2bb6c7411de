"""Where a download may go: never inside, whatever a link, a redirect or a name server says."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from contract_tests.faults.behaviours import Act, Behaviour
from contract_tests.faults.exchange import VIDEO
from contract_tests.faults.server import FaultServer
from contract_tests.tests.package.conftest import KEY, Fetch
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


INTERNAL = {
    "localhost": "this machine",
    "LOCALHOST.": "this machine",
    "a.localhost": "this machine",
    "0.0.0.0": "this network, RFC 791",  # noqa: S104
    "0.255.255.255": "this network, RFC 791",
    "10.1.2.3": "private, RFC 1918",
    "100.64.0.1": "shared by a provider's customers, RFC 6598",
    "100.100.100.200": "Alibaba's metadata",
    "127.0.0.1": "loopback, RFC 1122",
    "169.254.169.254": "link-local, RFC 3927: the metadata of most clouds",
    "172.16.0.0": "private, RFC 1918",
    "172.31.255.255": "private, RFC 1918",
    "192.0.0.8": "protocol assignments, RFC 6890",
    "192.0.0.9": "the nearest router, RFC 7723",
    "192.0.0.192": "Oracle's metadata",
    "192.0.2.1": "documentation, RFC 5737",
    "192.88.99.1": "relays of 6to4, RFC 7526",
    "192.168.1.1": "private, RFC 1918",
    "198.18.0.1": "benchmarks, RFC 2544",
    "198.19.255.255": "benchmarks, RFC 2544",
    "198.51.100.1": "documentation, RFC 5737",
    "203.0.113.1": "documentation, RFC 5737",
    "224.0.0.1": "multicast, RFC 5771",
    "239.255.255.255": "multicast, RFC 5771",
    "240.0.0.1": "reserved, RFC 1112",
    "255.255.255.255": "broadcast, RFC 919",
    "161.26.0.10": "IBM's servers for its cloud only",
    "166.9.14.5": "IBM's servers for its cloud only",
    "168.63.129.16": "Azure's metadata",
    "::": "unspecified, RFC 4291",
    "::1": "loopback, RFC 4291",
    "::127.0.0.1": "IPv4-compatible, given up by RFC 4291",
    "::ffff:10.0.0.1": "an IPv4 address, RFC 4291",
    "::ffff:168.63.129.16": "an IPv4 address, RFC 4291",
    "::ffff:0:10.0.0.1": "translated, RFC 7915",
    "64:ff9b::10.0.0.1": "what is behind a translator, RFC 6052",
    "64:ff9b::192.0.0.192": "what is behind a translator, RFC 6052",
    "64:ff9b:1::8.8.8.8": "a translator of one's own, RFC 8215",
    "100::1": "discarded, RFC 6666",
    "100:0:0:1::1": "a dummy, RFC 9780",
    "2001::1": "Teredo, RFC 4380",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2": "Teredo, RFC 4380",
    "2001:1::1": "the nearest router, RFC 7723",
    "2001:2::1": "benchmarks, RFC 5180",
    "2001:10::1": "identifiers, RFC 4843",
    "2001:20::1": "identifiers, RFC 7343",
    "2001:1ff:ffff::1": "protocol assignments, RFC 2928",
    "2001:db8::1": "documentation, RFC 3849",
    "2002:7f00:1::": "6to4 of 127.0.0.1, RFC 3056",
    "2002:c000:8::": "6to4 of 192.0.0.8, RFC 3056",
    "2002:808:808::1": "6to4, given up by RFC 7526",
    "3fff::1": "documentation, RFC 9637",
    "3fff:fff:ffff::1": "documentation, RFC 9637",
    "5f00::1": "segments of a route, RFC 9602",
    "fc00::1": "private, RFC 4193",
    "fd00:ec2::254": "AWS's metadata",
    "fd20:ce::254": "Google's metadata",
    "[fe80::1%eth0]": "link-local, RFC 4291",
    "fe80::1%25eth0": "link-local, RFC 4291",
    "fec0::1": "site-local, given up by RFC 3879",
    "ff02::1": "multicast, RFC 4291",
    "127.1": "127.0.0.1 to a resolver",
    "127.1.": "127.0.0.1 to a resolver",
    "0x7f000001": "127.0.0.1 to a resolver",
    "0x7F.1": "127.0.0.1 to a resolver",
    "0177.0.0.1": "127.0.0.1 to a resolver",
    "2130706433": "127.0.0.1 to a resolver",
    "0": "0.0.0.0 to a resolver",
}
PUBLIC_HOSTS = {
    "example.com": "a name",
    "10.example.com": "a name that starts like an address",
    "127.0.0.1.example.com": "a name that starts like an address",
    "localhost.example.com": "a name that starts like another",
    "1.0.0.0": "beside 0.0.0.0/8",
    "8.8.8.8": "public",
    "010.8.8.8": "8.8.8.8 to a resolver",
    "8.8.8.8.": "with the root's dot",
    "9.255.255.255": "beside 10.0.0.0/8",
    "11.0.0.0": "beside 10.0.0.0/8",
    "100.63.255.255": "beside 100.64.0.0/10",
    "100.128.0.0": "beside 100.64.0.0/10",
    "172.15.255.255": "beside 172.16.0.0/12",
    "172.32.0.1": "beside 172.16.0.0/12",
    "192.0.1.0": "beside 192.0.0.0/24",
    "192.88.98.1": "beside 192.88.99.0/24",
    "198.20.0.0": "beside 198.18.0.0/15",
    "223.255.255.255": "beside 224.0.0.0/4",
    "168.63.129.15": "beside Azure's",
    "::ffff:8.8.8.8": "a public IPv4 address",
    "64:ff9b::8.8.8.8": "a public IPv4 address behind a translator",
    "2001:200::1": "beside 2001::/23",
    "2001:db9::1": "beside 2001:db8::/32",
    "2003::1": "beside 2002::/16",
    "2606:4700::1": "public",
    "2a00:1450:4001::1": "public",
    "3ffe:ffff::1": "beside 3fff::/20",
}


@pytest.mark.parametrize(("host", "reason"), INTERNAL.items())
def test_an_internal_host_is_known(host: str, reason: str) -> None:
    assert addresses.is_internal(host), reason


@pytest.mark.parametrize(("host", "reason"), PUBLIC_HOSTS.items())
def test_a_public_host_passes(host: str, reason: str) -> None:
    assert not addresses.is_internal(host), reason


def test_no_verdict_depends_on_what_a_version_of_python_calls_public(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """3.11.7 takes 192.0.0.192 for public, 3.13 does not."""
    for kind in (ipaddress.IPv4Address, ipaddress.IPv6Address):
        for name in [name for name in dir(kind) if name.startswith("is_")]:
            monkeypatch.setattr(kind, name, None)
    assert all(map(addresses.is_internal, INTERNAL))
    assert not any(map(addresses.is_internal, PUBLIC_HOSTS))


@pytest.mark.parametrize("host", ["127.1", "0x7f000001", "2130706433", "[::1]"])
def test_what_a_resolver_makes_of_a_host_counts(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Were a spelling not known here, the address it leads to is looked at all the same."""
    known, found = addresses.is_internal, list[str]()
    monkeypatch.setattr(addresses, "is_internal", lambda each: each in found and known(each))
    plan = addresses.admit(f"http://{host}/", allow_internal=False)
    step = next(plan)
    assert isinstance(step, Resolve)
    found += addresses.resolve(step.host)
    with pytest.raises(AddressRefused):
        plan.send(found)


def test_a_name_that_leads_inside_is_refused() -> None:
    plan = addresses.admit("https://innocent.example.com/x", allow_internal=False)
    step = next(plan)
    assert isinstance(step, Resolve) and step.host == "innocent.example.com"
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
    step = next(addresses.admit("https://fa\u00df.example/x", allow_internal=False))
    assert isinstance(step, Resolve) and step.host == "xn--fa-hia.example"


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
