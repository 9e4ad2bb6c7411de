"""What a client and its calls are told: refused where it can't be, before money is spent."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import httpx
import pytest

from contract_tests.faults.server import FaultServer
from contract_tests.referees.samples import BODY
from contract_tests.tests.package.conftest import KEY
from foxapi_video import AsyncFoxAPI, ConfigurationError, FoxAPI, InvalidRequest

NO_OPTIONS: list[dict[str, Any]] = [
    {"base_url": "example.com"},
    {"base_url": "ftp://example.com"},
    {"base_url": "https://user:pass@example.com"},
    {"base_url": "https://example.com?x=1"},
    {"base_url": "http://xn--/"},
    {"timeout": 0},
    {"timeout": -1},
    {"timeout": float("inf")},
    {"retries": -1},
    {"timeout": "5"},
    {"timeout": httpx.Timeout(5)},
    {"timeout": float("nan")},
    {"retries": "3"},
    {"retries": 1.5},
    {"retries": float("nan")},
    {"headers": {"X-Team": "f\u00fcchse"}},
    {"headers": {"X-Team": "a\r\nX-Other: b"}},
    {"headers": {"X-Team": 5}},
    {"headers": {"Content-Length": "5"}},
    {"headers": {"transfer-encoding": "chunked"}},
    {"headers": {"X Team": "a"}},
    {"headers": {"": "a"}},
]


@pytest.mark.parametrize("kind", [FoxAPI, AsyncFoxAPI])
@pytest.mark.parametrize("options", NO_OPTIONS, ids=str)
def test_what_can_t_be_an_option_is_refused(options: dict[str, Any], kind: Any) -> None:
    with pytest.raises(ConfigurationError):
        kind(KEY, **options)
    with pytest.raises(ConfigurationError):
        kind(KEY).with_options(**options)


@pytest.mark.parametrize("kind", [FoxAPI, AsyncFoxAPI])
@pytest.mark.parametrize("key", [f"{KEY} x", f"{KEY}\u00fc", f"{KEY}\x00", KEY.encode()], ids=str)
def test_a_key_that_can_t_be_one_is_not_shown_by_a_traceback(key: Any, kind: Any) -> None:
    fox = kind("another-key-4711")
    for make in (lambda: kind(key), lambda: fox.with_options(api_key=key)):
        assert KEY not in _shown(make)


@pytest.mark.parametrize("kind", [FoxAPI, AsyncFoxAPI])
def test_another_option_that_is_refused_does_not_show_the_key(kind: Any) -> None:
    fox = kind("another-key-4711")
    for make in (
        lambda: kind(KEY, base_url="ftp://example.com"),
        lambda: kind(KEY, timeout=-1),
        lambda: fox.with_options(api_key=KEY, timeout=-1),
    ):
        assert KEY not in _shown(make)


def _shown(make: Callable[[], object]) -> str:
    """What a reporter of errors shows: the frames of the package with their locals."""
    with pytest.raises(ConfigurationError) as caught:
        make()
    trace = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
    frames = [frame for frame in trace.stack if "test_options" not in frame.filename]
    assert any("self" in (frame.locals or {}) for frame in frames)
    return "".join([*(str(frame.locals) for frame in frames), *trace.format_exception_only()])


def test_a_header_of_a_copy_replaces_the_one_of_that_name(
    serve: Callable[..., FaultServer], connect: Callable[..., FoxAPI]
) -> None:
    """Whatever the case it is written in; two would go out otherwise."""
    server = serve()
    sent: list[list[str]] = []

    def note(request: httpx.Request) -> None:
        sent.append(request.headers.get_list("x-team") + request.headers.get_list("content-type"))

    with httpx.Client(event_hooks={"request": [note]}) as own:
        fox = FoxAPI(KEY, base_url=server.url, http_client=own, headers={"X-Team": "fox"})
        fox.with_options(headers={"x-team": "owl", "content-type": "x"}).videos.create(BODY)
        fox.videos.create(BODY)
    assert sent == [["owl", "application/json"], ["fox", "application/json"]]


def test_a_client_of_the_other_kind_is_refused_before_it_sends() -> None:
    other: Any = httpx.Client()
    with pytest.raises(ConfigurationError, match=r"httpx\.AsyncClient"):
        AsyncFoxAPI(KEY, http_client=other)
    other = httpx.AsyncClient()
    with pytest.raises(ConfigurationError, match=r"httpx\.Client"):
        FoxAPI(KEY, http_client=other)


def test_a_client_and_a_transport_at_once_are_refused() -> None:
    transport = httpx.MockTransport(lambda request: httpx.Response(200))
    with pytest.raises(ConfigurationError, match="one of the two"):
        FoxAPI(KEY, http_client=httpx.Client(), transport=transport)


@pytest.mark.parametrize(
    ("kind", "transport"),
    [(FoxAPI, httpx.AsyncHTTPTransport), (AsyncFoxAPI, httpx.HTTPTransport), (FoxAPI, object)],
)
def test_a_transport_of_the_other_kind_is_refused(kind: Any, transport: type) -> None:
    with pytest.raises(ConfigurationError, match=transport.__name__):
        kind(KEY, transport=transport())


def test_a_client_of_ones_own_that_is_closed_says_so() -> None:
    own = httpx.Client()
    fox = FoxAPI(KEY, http_client=own)
    own.close()
    with pytest.raises(ConfigurationError, match="closed"):
        fox.videos.create(BODY)

    async def run() -> None:
        own = httpx.AsyncClient()
        fox = AsyncFoxAPI(KEY, http_client=own)
        await own.aclose()
        await fox.videos.create(BODY)

    with pytest.raises(ConfigurationError, match="closed"):
        asyncio.run(run())


@pytest.mark.parametrize(
    "options",
    [
        {"timeout": "5"},
        {"timeout": float("nan")},
        {"timeout": -1},
        {"polling": 5},
        {"on_progress": "print"},
    ],
    ids=str,
)
def test_a_wait_that_can_t_be_is_refused_before_the_video_is_paid_for(
    options: dict[str, Any], serve: Callable[..., FaultServer], connect: Callable[..., FoxAPI]
) -> None:
    server = serve()
    with pytest.raises(ConfigurationError):
        connect(server.url).videos.generate(BODY, **options)
    with pytest.raises(ConfigurationError):
        connect(server.url).tasks.wait("t", **options)
    assert server.requests == []


@pytest.mark.parametrize("method", ["GE T\r\n", "", "G\u00ca", 5], ids=repr)
def test_what_is_no_method_is_refused_before_it_is_sent(
    method: Any, serve: Callable[..., FaultServer], connect: Callable[..., FoxAPI]
) -> None:
    server = serve()
    with pytest.raises(ConfigurationError, match="a method is a word such as GET"):
        connect(server.url).request(method, "/v1/tasks/x")
    unlisted: Any = 5
    with pytest.raises(ConfigurationError, match="params are a mapping"):
        connect(server.url).request("GET", "/v1/tasks/x", params=unlisted)
    with pytest.raises(ConfigurationError, match="give all of it as params"):
        connect(server.url).request("GET", "/v1/tasks/x?a=b", params={"c": "d"})
    with pytest.raises(ConfigurationError, match="a path starts with a slash"):
        connect(server.url).request("GET", "/v1/tasks/x\r\ny")
    assert server.requests == []


@pytest.mark.parametrize("task_id", [5, None, "\ud800"], ids=repr)
def test_what_is_no_task_id_is_refused(task_id: Any, connect: Callable[..., FoxAPI]) -> None:
    with pytest.raises(InvalidRequest, match="is not the id of a task"):
        connect("http://127.0.0.1:9").tasks.get(task_id)


@pytest.mark.parametrize("file", ["nul\0", None, 5, "as text", "closed"], ids=repr)
def test_what_can_t_be_read_is_not_uploaded(
    file: Any, connect: Callable[..., FoxAPI], tmp_path: Path
) -> None:
    (tmp_path / "a.png").write_bytes(b"x")
    with (tmp_path / "a.png").open("rb") as closed, (tmp_path / "a.png").open() as text:
        closed.close()
        given = {"as text": text, "closed": closed}.get(file, file)
        with pytest.raises(InvalidRequest, match="can't be read"):
            connect("http://127.0.0.1:9").files.upload(given)


def test_text_that_can_t_be_sent_is_not_uploaded(connect: Callable[..., FoxAPI]) -> None:
    files = connect("http://127.0.0.1:9").files
    with pytest.raises(InvalidRequest, match="file_data"):
        files.upload_base64("\ud800")
    for upload in (files.upload_url, files.upload_base64, lambda _, **o: files.upload(b"x", **o)):
        with pytest.raises(InvalidRequest, match="file_name"):
            upload("x", file_name="\ud800")


def test_a_file_whose_name_is_no_text_is_uploaded(
    serve: Callable[..., FaultServer], connect: Callable[..., FoxAPI], tmp_path: Path
) -> None:
    image = tmp_path / "\udcff.png"
    image.write_bytes(b"picture")
    server = serve()
    fox = connect(server.url)
    fox.files.upload(image)
    fox.files.upload(cast("Any", bytearray(b"picture")))
    assert all(b"picture" in body for body in server.bodies) and b"?.png" in server.bodies[0]
