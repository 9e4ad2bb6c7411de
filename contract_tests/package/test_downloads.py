"""Downloads: whole or not at all, resumed after a break, and never where they must not go."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from contract_tests.faults.behaviours import Act, Behaviour, refusal
from contract_tests.faults.exchange import VIDEO, Exchange
from contract_tests.faults.server import FaultServer
from contract_tests.package.conftest import KEY, QUICK
from foxapi_video import (
    AddressRefused,
    AsyncFoxAPI,
    DownloadError,
    FoxAPI,
    LinkExpired,
    Task,
    addresses,
)
from foxapi_video.steps import Resolve

Fetch = Callable[..., Path]


def part(length: int, etag: str = '"1"') -> Behaviour:
    """Break off after some bytes."""

    def act(exchange: Exchange) -> None:
        exchange.send(exchange.head(200, len(VIDEO), {"ETag": etag}) + VIDEO[:length])

    return Behaviour(f"breaks off after {length}", act)


def answering(status: int, body: bytes, headers: dict[str, str]) -> Behaviour:
    def act(exchange: Exchange) -> None:
        exchange.answer(status, body, headers)

    return Behaviour(f"answers {status}", act)


@pytest.fixture(params=["sync", "async"])
def fetch(request: pytest.FixtureRequest, connect: Callable[..., FoxAPI]) -> Fetch:
    """Download with one client and the other."""

    def both(url: str, target: Path, path: str = "/video.mp4", **options: Any) -> Path:
        if request.param == "sync":
            return connect(url).videos.download(url + path, target, **options)

        async def run() -> Path:
            async with AsyncFoxAPI(KEY, base_url=url, retries=QUICK) as fox:
                return await fox.videos.download(url + path, target, **options)

        return asyncio.run(run())

    return both


@pytest.fixture
def target(tmp_path: Path) -> Iterator[Path]:
    """Where to save; whatever happens, nothing is left beside it."""
    yield tmp_path / "out.mp4"
    assert {path.name for path in tmp_path.iterdir()} <= {"out.mp4"}


def test_it_is_saved_whole_without_the_key(
    serve: Callable[..., FaultServer], fetch: Fetch, target: Path
) -> None:
    server = serve()
    seen: list[tuple[int, int | None]] = []
    fetch(server.url, target, on_bytes=lambda have, total: seen.append((have, total)))
    assert target.read_bytes() == VIDEO
    assert seen[-1] == (len(VIDEO), len(VIDEO))
    assert "authorization" not in server.headers[0]
    assert target.stat().st_mode & 0o777 == 0o666 & ~_umask()


def test_a_task_tells_its_link(
    serve: Callable[..., FaultServer], connect: Callable[..., FoxAPI], target: Path
) -> None:
    server = serve()
    fox = connect(server.url)
    links = [{"url": f"{server.url}/other"}, {"url": f"{server.url}/video.mp4"}]
    task = Task.from_dict({"id": "t", "status": "completed", "results": links})
    fox.videos.download(task, target, result=1)
    assert target.read_bytes() == VIDEO
    with pytest.raises(DownloadError, match="2 results"):
        fox.videos.download(task, target.with_name("x"), result=2)
    pending = Task.from_dict({"id": "t", "status": "pending"})
    with pytest.raises(DownloadError, match="'pending' and has no result"):
        fox.videos.download(pending, target.with_name("x"))


def test_it_goes_on_where_it_broke_off(
    serve: Callable[..., FaultServer], fetch: Fetch, target: Path
) -> None:
    server = serve(part(5000), Behaviour("busy", refusal(503)), part(0), part(9000))
    fetch(server.url, target)
    assert target.read_bytes() == VIDEO
    assert [headers.get("range") for headers in server.headers[:3]] == [
        None,
        "bytes=5000-",
        "bytes=5000-",
    ]
    assert server.headers[1]["if-range"] == '"1"', "another file would be sent from its start"


def test_a_file_that_changed_meanwhile_is_taken_from_its_start(
    serve: Callable[..., FaultServer], fetch: Fetch, target: Path
) -> None:
    other = answering(200, b"another video", {"ETag": '"2"'})
    server = serve(part(5000), other)
    fetch(server.url, target)
    assert target.read_bytes() == b"another video"


def test_a_part_that_was_not_asked_for_is_not_glued_on(
    serve: Callable[..., FaultServer], fetch: Fetch, target: Path
) -> None:
    wrong = answering(206, b"x" * 10, {"Content-Range": f"bytes 7-16/{len(VIDEO)}"})
    fetch(serve(part(5000), wrong).url, target)
    assert target.read_bytes() == VIDEO


def test_it_gives_up_when_nothing_more_comes(
    serve: Callable[..., FaultServer], fetch: Fetch, target: Path
) -> None:
    server = serve(part(0), endless=True)
    with pytest.raises(DownloadError, match="broke off"):
        fetch(server.url, target)
    assert len(server.requests) == QUICK.retries + 1 and not target.exists()


def test_a_file_that_is_there_is_not_replaced_unless_told(
    serve: Callable[..., FaultServer], fetch: Fetch, target: Path
) -> None:
    target.write_bytes(b"precious")
    server = serve()
    with pytest.raises(DownloadError, match="overwrite=True"):
        fetch(server.url, target)
    assert target.read_bytes() == b"precious" and server.requests == []
    fetch(server.url, target, overwrite=True)
    assert target.read_bytes() == VIDEO


def test_a_file_that_comes_up_meanwhile_is_not_replaced(
    serve: Callable[..., FaultServer], fetch: Fetch, target: Path
) -> None:
    def act(exchange: Exchange) -> None:
        target.write_bytes(b"precious")
        exchange.good()

    with pytest.raises(DownloadError, match="there already"):
        fetch(serve(Behaviour("a file comes up", act)).url, target)
    assert target.read_bytes() == b"precious"


@pytest.mark.parametrize("status", [403, 404, 410])
def test_an_expired_link_says_so(
    status: int, serve: Callable[..., FaultServer], fetch: Fetch, target: Path
) -> None:
    server = serve(Behaviour("gone", refusal(status)), endless=True)
    with pytest.raises(LinkExpired, match="24 hours"):
        fetch(server.url, target)
    assert len(server.requests) == 1


def test_a_folder_that_is_not_there_is_told(
    serve: Callable[..., FaultServer], fetch: Fetch, target: Path
) -> None:
    with pytest.raises(DownloadError, match="can't be written"):
        fetch(serve().url, target.parent / "missing" / "out.mp4")


def test_it_keeps_to_its_time(
    serve: Callable[..., FaultServer], fetch: Fetch, target: Path
) -> None:
    def drip(exchange: Exchange) -> None:
        exchange.send(exchange.head(200, len(VIDEO)))
        exchange.trickle(VIDEO)

    with pytest.raises(DownloadError, match="not complete in time"):
        fetch(serve(Behaviour("drips", drip), endless=True).url, target, timeout=0.3)


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


@pytest.mark.parametrize("location", ["file:///etc/passwd", "ftp://example.com/x", "http://"])
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
    assert next(plan) == Resolve("innocent.example.com")
    with pytest.raises(AddressRefused):
        plan.send(["8.8.8.8", "10.0.0.1"])
    plan = addresses.admit("https://innocent.example.com/x", allow_internal=False)
    next(plan)
    with pytest.raises(StopIteration):
        plan.send(["8.8.8.8"])


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
