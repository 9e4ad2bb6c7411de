"""Downloads: whole or not at all, resumed after a break, and never where they must not go."""

from __future__ import annotations

import asyncio
import os
import resource
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from contract_tests.faults.behaviours import Behaviour, refusal, silence
from contract_tests.faults.exchange import VIDEO, Exchange
from contract_tests.faults.server import FaultServer
from contract_tests.tests.package.conftest import KEY, QUICK, Fetch
from foxapi_video import (
    AsyncFoxAPI,
    ConfigurationError,
    DownloadError,
    FoxAPI,
    LinkExpired,
    NotFoundError,
    Task,
)


def part(length: int, etag: str = '"1"') -> Behaviour:
    """Break off after some bytes."""

    def act(exchange: Exchange) -> None:
        exchange.send(exchange.head(200, len(VIDEO), {"ETag": etag}) + VIDEO[:length])

    return Behaviour(f"breaks off after {length}", act)


def answering(status: int, body: bytes, headers: dict[str, str]) -> Behaviour:
    def act(exchange: Exchange) -> None:
        exchange.answer(status, body, headers)

    return Behaviour(f"answers {status}", act)


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
    with pytest.raises(DownloadError, match="has results 0 to 1, and no result 2"):
        fox.videos.download(task, target.with_name("x"), result=2)
    pending = Task.from_dict({"id": "t", "status": "pending"})
    with pytest.raises(DownloadError, match="'pending': wait for it first"):
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


OTHER = bytes(len(VIDEO))
REST = f"bytes 5000-{len(VIDEO) - 1}/{len(VIDEO)}"
DATED = {"Last-Modified": "Thu, 01 Jan 2026 00:00:00 GMT"}


@pytest.mark.parametrize(
    "marks", [{}, {"ETag": 'W/"1"'}, {"ETag": "1"}, DATED, {"ETag": 'W/"1"', **DATED}], ids=str
)
def test_what_no_strong_etag_names_is_taken_from_its_start(
    marks: dict[str, str], serve: Callable[..., FaultServer], fetch: Fetch, target: Path
) -> None:
    """The file was replaced within a second, by one of the same length: no other mark tells."""

    def first(exchange: Exchange) -> None:
        exchange.send(exchange.head(200, len(VIDEO), marks) + VIDEO[:5000])

    def then(exchange: Exchange) -> None:
        if "range" in exchange.headers:
            exchange.answer(206, OTHER[5000:], {"Content-Range": REST, **marks})
        else:
            exchange.answer(200, OTHER, marks)

    server = serve(Behaviour("breaks off", first), Behaviour("has another", then))
    fetch(server.url, target)
    assert target.read_bytes() == OTHER
    assert "range" not in server.headers[1] and "if-range" not in server.headers[1]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"ETag": '"2"'},
        {"ETag": 'W/"1"'},
        DATED,
        {"ETag": '"1"', "Content-Range": f"bytes 5000-{len(VIDEO) - 1}/*"},
    ],
    ids=str,
)
def test_a_part_that_does_not_name_the_same_version_is_not_glued_on(
    headers: dict[str, str], serve: Callable[..., FaultServer], fetch: Fetch, target: Path
) -> None:
    """Not every server heeds If-Range; what the part says of itself counts."""
    rest = answering(206, OTHER[5000:], {"Content-Range": REST, **headers})
    server = serve(part(5000), rest, answering(200, OTHER, {"ETag": '"2"'}))
    fetch(server.url, target)
    assert target.read_bytes() == OTHER
    assert len(server.requests) == 3


def test_starting_anew_each_time_has_an_end(
    serve: Callable[..., FaultServer], fetch: Fetch, target: Path
) -> None:
    server = serve(part(5000, etag='W/"1"'), endless=True)
    with pytest.raises(DownloadError, match="broke off"):
        fetch(server.url, target)
    assert len(server.requests) == QUICK.retries + 2, "the first bytes were progress, once"


HTML = b"<!DOCTYPE html><title>Please log in</title>"


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("text/html", HTML),
        ("text/HTML; charset=utf-8", b"Please log in"),
        ("application/xhtml+xml", VIDEO),
        ("video/mp4", HTML),
        ("video/mp4", b"\xef\xbb\xbf\r\n <html><body>x"),
        ("application/octet-stream", b"<?xml version='1.0'?><Error><Code>NoSuchKey</Code></Error>"),
        ("application/json", b'{"error": {"message": "no such file"}}'),
        ("video/mp4", b'\n{\n  "error": "no such file"}'),
        ("video/mp4", b"{}"),
        ("video/mp4", b'[{"error": "expired"}]'),
        ("application/json", b'[{"error": "expired"}]'),
        ("application/json", b'"expired"'),
        ("application/json", b"null"),
        ("application/problem+json; charset=utf-8", b"null"),
        ("application/xml", VIDEO),
        ("application/rss+xml", VIDEO),
        ("text/plain", b"Not found"),
        ("video/mp4", HTML.decode().encode("utf-16")),
        ("video/mp4", b"\xfe\xff" + HTML.decode().encode("utf-16-be")),
        ("text/html; charset=utf-16", HTML.decode().encode("utf-16")),
        ("video/mp4", b""),
        ("video/mp4", b"\r\n"),
        ("application/octet-stream", b"null"),
        ("", b'"expired"\n'),
        ("video/mp4", b"[1, 2]"),
        ("application/yaml", VIDEO),
        ("application/vnd.apple.mpegurl", VIDEO),
    ],
)
def test_a_page_or_nothing_at_all_is_not_saved(
    kind: str,
    body: bytes,
    serve: Callable[..., FaultServer],
    fetch: Fetch,
    target: Path,
) -> None:
    server = serve(answering(200, body, {"Content-Type": kind}), endless=True)
    with pytest.raises(DownloadError, match="the link leads to"):
        fetch(server.url, target)
    assert not target.exists() and len(server.requests) == 1


@pytest.mark.parametrize("kind", ["video/webm", "image/png", "application/octet-stream", ""])
def test_a_result_is_of_many_types_or_none(
    kind: str, serve: Callable[..., FaultServer], fetch: Fetch, target: Path
) -> None:
    fetch(serve(answering(200, VIDEO, {"Content-Type": kind})).url, target)
    assert target.read_bytes() == VIDEO


def test_it_gives_up_when_the_same_comes_again_and_again(
    serve: Callable[..., FaultServer], fetch: Fetch, target: Path
) -> None:
    """The server breaks off at one place each time, and knows nothing of the rest."""

    def act(exchange: Exchange) -> None:
        if "range" in exchange.headers:
            exchange.answer(416, b"")
        else:
            part(5000).act(exchange)

    server = serve(Behaviour("breaks off, has no rest", act), endless=True)
    with pytest.raises(DownloadError, match="broke off"):
        fetch(server.url, target, timeout=5)
    assert len(server.requests) < 10


def test_more_than_the_whole_is_not_read_to_its_end(
    serve: Callable[..., FaultServer], fetch: Fetch, target: Path
) -> None:
    def act(exchange: Exchange) -> None:
        head = exchange.head(206, 0, {"Content-Range": REST, "ETag": '"1"'})
        exchange.send(head.replace(b"Content-Length: 0", b"Transfer-Encoding: chunked"))
        while True:  # until the client goes
            exchange.send(b"1000\r\n" + bytes(0x1000) + b"\r\n")

    with pytest.raises(DownloadError, match="sends more than"):
        fetch(serve(part(5000), Behaviour("has no end", act)).url, target, timeout=5)


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


@pytest.mark.parametrize("name", ["n" * 250, "ü" * 120], ids=["ASCII", "two bytes each"])
def test_a_name_may_be_as_long_as_the_file_system_allows(
    name: str, serve: Callable[..., FaultServer], fetch: Fetch, tmp_path: Path
) -> None:
    assert fetch(serve().url, tmp_path / name).read_bytes() == VIDEO


@pytest.mark.parametrize("name", ["n" * 300, "nul\0", "", ".", "/"], ids=repr)
def test_a_target_that_can_t_be_one_is_told_before_anything_is_asked_for(
    name: str, serve: Callable[..., FaultServer], fetch: Fetch, tmp_path: Path
) -> None:
    server = serve()
    with pytest.raises(DownloadError):
        fetch(server.url, tmp_path / name, overwrite=True)
    assert server.requests == [] and list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("size", [7000, len(VIDEO)], ids=["in the buffer", "beyond the buffer"])
def test_a_full_disk_is_told_and_nothing_is_left(
    size: int, serve: Callable[..., FaultServer], fetch: Fetch, target: Path
) -> None:
    """A limit on the size of files stands for the disk; a buffer meets it only at the end."""
    server = serve(answering(200, VIDEO[:size], {}))
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (6000, before[1]))
    try:
        with pytest.raises(DownloadError, match="can't be written"):
            fetch(server.url, target)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert not target.exists()


def test_a_cancelled_download_leaves_nothing(
    serve: Callable[..., FaultServer], target: Path
) -> None:
    """Even when it is cancelled while the file is being made."""
    made = threading.Event()
    gone = threading.Event()
    opened = Path.open

    def slow(path: Path, *arguments: Any, **options: Any) -> Any:
        if threading.current_thread() is not threading.main_thread():
            made.set()
            gone.wait(5)
        return opened(path, *arguments, **options)

    async def cancel(url: str) -> None:
        async with AsyncFoxAPI(KEY, base_url=url) as fox:
            work = asyncio.create_task(fox.videos.download(f"{url}/video.mp4", target))
            # Until it is opening the file beside the loop, or asks the silent server.
            while not made.is_set() and not server.requests:
                await asyncio.sleep(0)
            work.cancel()
            with pytest.raises(asyncio.CancelledError):
                await work
            gone.set()

    server = serve(Behaviour("silence", silence), endless=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, "open", slow)
        asyncio.run(cancel(server.url))
    assert list(target.parent.iterdir()) == []


@pytest.mark.parametrize("seconds", [float("nan"), "5"], ids=repr)
def test_a_time_that_is_none_is_refused(seconds: Any, fetch: Fetch, target: Path) -> None:
    with pytest.raises(ConfigurationError, match="a number of seconds"):
        fetch("http://127.0.0.1:9", target, timeout=seconds)


def test_what_is_no_file_is_not_replaced(fetch: Fetch, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(DownloadError, match="is a device or a pipe"):
        fetch("http://127.0.0.1:9/video.mp4", pipe, overwrite=True)
    assert pipe.is_fifo() and [*tmp_path.iterdir()] == [pipe]


def test_one_result_that_can_t_be_had_keeps_no_other_from_being_saved(
    connect: Callable[..., FoxAPI], serve: Callable[..., FaultServer], tmp_path: Path
) -> None:
    server = serve(Behaviour("not found", refusal(404)))  # to the first that asks

    def task(name: str, **more: Any) -> Task:
        link = {"url": f"{server.url}/{name}.mp4?/video.mp4"}
        return Task.from_dict({"id": name, "status": "completed", "results": [link], **more})

    failed = task("failed", status="failed", results=[])
    given: list[Task | str] = ["unknown", task("a"), failed, task("b"), task("a")]
    with pytest.raises(NotFoundError) as caught:
        connect(server.url).videos.download(given, tmp_path / "videos")
    told = str(caught.value)
    assert "task failed failed" in told and f"The other results, 2, are in {tmp_path}" in told
    assert sorted(path.name for path in (tmp_path / "videos").iterdir()) == ["a.mp4", "b.mp4"]


def test_a_query_of_a_client_of_one_s_own_is_not_sent_in_the_place_of_the_link_s(
    target: Path,
) -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return httpx.Response(200, content=VIDEO)

    link = "https://files.example.com/v.mp4?X-Signature=1"
    with httpx.Client(transport=httpx.MockTransport(answer), params={"tenant": "7"}) as own:
        FoxAPI(KEY, http_client=own).videos.download(link, target, allow_internal=True)
    assert asked == [link]


def test_an_error_names_the_task_whose_result_it_was(
    serve: Callable[..., FaultServer], connect: Callable[..., FoxAPI], target: Path
) -> None:
    server = serve(Behaviour("gone", refusal(404)))
    result = {"url": f"{server.url}/video.mp4"}
    for results in ([result], []):
        task = Task.from_dict({"id": "task-5", "status": "completed", "results": results})
        with pytest.raises(DownloadError) as caught:
            connect(server.url).videos.download(task, target)
        assert caught.value.task_id == "task-5", "what is paid for is not lost"


def test_the_credentials_of_a_client_of_ones_own_are_not_sent_along(
    serve: Callable[..., FaultServer], target: Path
) -> None:
    server = serve()
    secret = {"Authorization": f"Bearer {KEY}"}
    with (
        httpx.Client(headers=secret, auth=("user", "secret")) as own,
        FoxAPI(KEY, base_url=server.url, http_client=own) as fox,
    ):
        fox.videos.download(f"{server.url}/video.mp4", target)
    assert "authorization" not in server.headers[0]

    async def run() -> None:
        async with (
            httpx.AsyncClient(headers=secret, auth=("user", "secret")) as own,
            AsyncFoxAPI(KEY, base_url=server.url, http_client=own) as fox,
        ):
            await fox.videos.download(f"{server.url}/video.mp4", target, overwrite=True)

    asyncio.run(run())
    assert "authorization" not in server.headers[1]


def test_it_keeps_to_its_time(
    serve: Callable[..., FaultServer], fetch: Fetch, target: Path
) -> None:
    def drip(exchange: Exchange) -> None:
        exchange.send(exchange.head(200, len(VIDEO)))
        exchange.trickle(VIDEO)

    with pytest.raises(DownloadError, match="not complete in time"):
        fetch(serve(Behaviour("drips", drip), endless=True).url, target, timeout=0.3)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


@pytest.mark.parametrize("kind", [FoxAPI, AsyncFoxAPI])
def test_a_transport_may_answer_with_plain_content(kind: Any, target: Path) -> None:
    """httpx.MockTransport(content=) has it read before anybody asks."""
    content = bytes(range(256)) * 1000
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200, content=content)

    fox = kind(KEY, transport=httpx.MockTransport(answer))
    download = fox.videos.download("https://203.0.114.9/video.mp4", target)
    saved = asyncio.run(download) if kind is AsyncFoxAPI else download
    assert saved.read_bytes() == content and len(asked) == 1
