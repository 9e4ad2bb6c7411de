"""The two clients: alike in everything, safe to share, and never changed by a copy."""

from __future__ import annotations

import asyncio
import inspect
import json
import re
import sys
import threading
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

import foxapi_video
from contract_tests.faults.behaviours import GOOD, Behaviour
from contract_tests.faults.server import FaultServer
from contract_tests.mock.mock import Mock
from contract_tests.referees.samples import REQUEST as BODY
from contract_tests.referees.samples import VARIANTS
from contract_tests.tests.package.conftest import KEY, POLLING, QUICK
from foxapi_video import (
    AsyncFoxAPI,
    ConfigurationError,
    FoxAPI,
    InvalidRequest,
    OutcomeUnknown,
    Task,
    async_client,
    async_resources,
    client,
    resources,
    threads,
)
from overlays import blocking

RESOURCES = ("Videos", "Tasks", "Files", "Callbacks")


@pytest.mark.parametrize(
    "call",
    [
        lambda fox: fox.videos.create(BODY),
        lambda fox: fox.tasks.get("task-1"),
        lambda fox: fox.tasks.get("task-1", sync_upstream=True),
        lambda fox: fox.request("POST", "/v1/new"),
        lambda fox: fox.request("DELETE", "/v1/new"),
        lambda fox: fox.request("PUT", "/v1/new", json={"c": 1}, params={"d": "e"}),
        lambda fox: fox.with_options(
            headers={"Host": "other", "Accept": "text/plain"}, timeout=None
        ).videos.create(BODY),
    ],
    ids=["create", "get", "with a query", "no body", "delete", "json", "own headers"],
)
def test_a_client_sends_what_httpx_would_send(call: Callable[[FoxAPI], object]) -> None:
    """Requests are made without httpx's merging where there is nothing to merge."""
    sent: list[Any] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen = (request.method, str(request.url), dict(request.headers), request.content)
        sent.append((*seen, request.extensions["timeout"]))
        return httpx.Response(200, json={"id": "task-1", "status": "pending"})

    transport = httpx.MockTransport(answer)
    ours = FoxAPI(KEY, transport=transport)
    call(ours)
    headers = {"User-Agent": f"foxapi-video/{foxapi_video.__version__}"}
    with httpx.Client(transport=transport, headers=headers | {"Accept": "application/json"}) as own:
        call(FoxAPI(KEY, http_client=own))
    assert sent[0] == sent[1]


@pytest.mark.parametrize("source", blocking.MODULES)
def test_the_blocking_modules_are_made_from_those_for_asyncio(source: str) -> None:
    made = blocking.blocking(source)
    assert (blocking.PACKAGE / blocking.MODULES[source]).read_text() == made, "run make generate"
    assert not re.search(r"\b(async|await|asyncio)\b", made)


def test_no_rule_of_what_differs_is_left_over() -> None:
    texts = [(blocking.PACKAGE / source).read_text() for source in blocking.MODULES]
    for words, _ in blocking.WORDS:
        assert any(re.search(words, text) for text in texts), words


def test_the_http_library_is_named_in_one_place() -> None:
    """So that a move changes no more: `make test-httpx2` shows that httpx2 would do."""
    naming = re.compile(r"^\s*(?:import|from) (httpx|httpcore)\b", re.MULTILINE)
    found = {path.name: naming.findall(path.read_text()) for path in blocking.PACKAGE.rglob("*.py")}
    assert {name: libraries for name, libraries in found.items() if libraries} == {
        "http.py": ["httpx"],
        "deadline_network.py": ["httpcore"],
    }


@pytest.mark.parametrize("name", RESOURCES)
def test_every_call_of_the_client_for_asyncio_is_awaited(name: str) -> None:
    for call, member in inspect.getmembers(getattr(async_resources, f"Async{name}")):
        assert call.startswith("_") or inspect.iscoroutinefunction(member), call


@pytest.mark.parametrize("module", [client, resources, async_client, async_resources])
def test_every_public_call_says_what_it_does(module: Any) -> None:
    for kind in vars(module).values():
        if inspect.isclass(kind) and kind.__module__ == module.__name__:
            for name, member in vars(kind).items():
                if inspect.isfunction(member) and not name.startswith("_"):
                    assert member.__doc__, f"{kind.__name__}.{name}"


def test_a_video_is_made_on_the_mock(mock: Mock, connect: Callable[..., FoxAPI]) -> None:
    seen: list[Task] = []
    task = connect(mock.url).videos.generate(BODY, polling=POLLING, on_progress=seen.append)
    assert task.status == "completed" and task.url
    assert [each.status for each in seen] == ["pending", "completed"]


def test_a_video_is_made_on_the_mock_async(mock: Mock) -> None:
    seen: list[str] = []

    async def note(task: Task) -> None:
        await asyncio.sleep(0)
        seen.append(task.status)

    async def make() -> Task:
        async with AsyncFoxAPI(KEY, base_url=mock.url, retries=QUICK) as fox:
            return await fox.videos.generate(BODY, polling=POLLING, on_progress=note)

    assert asyncio.run(make()).url and seen == ["pending", "completed"]


def test_files_are_uploaded_to_the_mock(
    mock: Mock, connect: Callable[..., FoxAPI], tmp_path: Path
) -> None:
    image = tmp_path / "start.png"
    image.write_bytes(b"not really a picture")
    fox = connect(mock.url)
    with image.open("rb") as stream:
        stored = [
            fox.files.upload(image, auto_cleanup=False),
            fox.files.upload(str(image), file_name="other.png"),
            fox.files.upload(b"bytes"),
            fox.files.upload(stream),
            fox.files.upload_base64("Ynl0ZXM=", file_name="x.png"),
            fox.files.upload_url("https://example.com/a.png", auto_cleanup=True),
        ]
    assert all(each.url.startswith("https://") for each in stored)
    with pytest.raises(InvalidRequest, match="can't be read"):
        fox.files.upload(tmp_path / "missing.png")


def test_an_upload_is_repeated_whole(
    serve: Callable[..., FaultServer], connect: Callable[..., FoxAPI], tmp_path: Path
) -> None:
    image = tmp_path / "start.png"
    image.write_bytes(b"the whole picture")
    server = serve(Behaviour("closes", lambda exchange: None))
    connect(server.url).files.upload(image)
    assert len(server.bodies) == 2
    assert all(b"the whole picture" in body for body in server.bodies)


def test_only_what_is_set_is_sent(
    serve: Callable[..., FaultServer], connect: Callable[..., FoxAPI]
) -> None:
    server = serve()
    connect(server.url, headers={"X-Team": "fox"}).videos.create(BODY)
    assert json.loads(server.bodies[0]) == BODY.to_dict()
    assert server.headers[0]["content-type"] == "application/json"
    assert server.headers[0]["x-team"] == "fox"
    assert server.headers[0]["user-agent"].startswith("foxapi-video/")


def test_an_invalid_request_is_not_sent(
    serve: Callable[..., FaultServer], connect: Callable[..., FoxAPI]
) -> None:
    server = serve()
    with pytest.raises(InvalidRequest):
        connect(server.url).videos.create({"model": BODY.model})
    assert server.requests == []


def test_a_copy_with_other_options_changes_nothing(
    serve: Callable[..., FaultServer], connect: Callable[..., FoxAPI]
) -> None:
    first, second = serve(), serve()
    fox = connect(first.url, headers={"X-A": "1"})
    with fox.with_options(
        base_url=second.url, api_key="sk-another-12345", headers={"X-B": "2"}, timeout=1, retries=0
    ) as copy:
        copy.tasks.get("x")
    fox.tasks.get("x")
    assert second.headers[0]["authorization"] == "Bearer sk-another-12345"
    assert (second.headers[0]["x-a"], second.headers[0]["x-b"]) == ("1", "2")
    assert first.headers[0]["authorization"] == f"Bearer {KEY}"
    assert "x-b" not in first.headers[0], "and closing the copy left the client open"


def test_a_closed_client_says_so(connect: Callable[..., FoxAPI]) -> None:
    fox = connect("http://127.0.0.1:9")
    fox.close()
    with pytest.raises(ConfigurationError, match="closed"):
        fox.tasks.get("x")


def test_a_client_or_transport_of_ones_own_is_used_and_left_open() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"id": "x", "status": request.headers["x-own"]})

    with httpx.Client(transport=httpx.MockTransport(answer), headers={"X-Own": "a"}) as own:
        with FoxAPI(KEY, http_client=own) as fox:
            assert fox.tasks.get("x").status == "a"
        assert not own.is_closed
    transport = httpx.MockTransport(answer)
    with FoxAPI(KEY, transport=transport, headers={"X-Own": "b"}) as fox:
        assert fox.tasks.get("x").status == "b"


@pytest.mark.parametrize("kind", [FoxAPI, AsyncFoxAPI])
def test_no_cookie_of_an_answer_goes_out_with_another_key(kind: Any) -> None:
    sent: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return httpx.Response(200, json={}, headers={"Set-Cookie": "account=first; Path=/"})

    fox = kind(KEY, base_url="http://api.example", transport=httpx.MockTransport(answer))
    with asyncio.Runner() as runner:
        for each in (fox, fox.with_options(api_key="another")):
            asked = each.request("GET", "/v1/tasks/x")
            if kind is AsyncFoxAPI:
                runner.run(asked)
    assert len({each.headers["authorization"] for each in sent}) == 2
    assert not any("cookie" in each.headers for each in sent)


def test_the_key_and_the_address_come_from_the_environment(
    serve: Callable[..., FaultServer], monkeypatch: pytest.MonkeyPatch
) -> None:
    server = serve()
    monkeypatch.setenv("FOXAPI_API_KEY", KEY)
    monkeypatch.setenv("FOXAPI_BASE_URL", "")  # of a variable that is not set, perhaps
    with pytest.raises(ConfigurationError, match="see base_url and FOXAPI_BASE_URL"):
        FoxAPI()
    monkeypatch.setenv("FOXAPI_BASE_URL", server.url + "/")
    with FoxAPI() as fox:
        fox.tasks.get("a/b?c")
    assert server.requests == ["GET /v1/tasks/a%2Fb%3Fc"]
    assert server.headers[0]["authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize("proxy", ["socks5://127.0.0.1:9", "gopher://127.0.0.1:9"])
def test_a_proxy_that_can_t_be_used_is_said_before_anything_is_sent(
    proxy: str,
    serve: Callable[..., FaultServer],
    connect: Callable[..., FoxAPI],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    server = serve()
    monkeypatch.setenv("ALL_PROXY", proxy)
    monkeypatch.setitem(sys.modules, "socksio", None)

    async def create() -> None:
        async with AsyncFoxAPI(KEY, base_url=server.url) as fox:
            await fox.videos.create(BODY)

    calls: list[Callable[[], object]] = [
        lambda: connect(server.url).videos.create(BODY),
        lambda: asyncio.run(create()),
    ]
    for call in calls:
        with pytest.raises(ConfigurationError, match="can't be set up") as caught:
            call()
        assert "accepted" not in "".join(traceback.format_exception(caught.value))
    assert server.requests == []


def test_it_is_shared_by_threads(
    serve: Callable[..., FaultServer],
    connect: Callable[..., FoxAPI],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Those that begin together wait for one of them to set the connections up."""
    made: list[httpx.Client] = []

    def new_client(make: Callable[..., httpx.Client] = threads.new_client, **options: Any) -> Any:
        made.append(make(**options))
        return made[-1]

    monkeypatch.setattr(threads, "new_client", new_client)
    server = serve()
    fox = connect(server.url)
    gate = threading.Barrier(8)

    def create(_: int) -> str:
        gate.wait()
        return fox.videos.create(BODY).id

    with ThreadPoolExecutor(8) as pool:
        assert len(list(pool.map(create, range(40)))) == 40
    assert server.accepted == 40 and len(made) == 1


def test_any_other_call_can_be_made(
    serve: Callable[..., FaultServer], connect: Callable[..., FoxAPI]
) -> None:
    server = serve(GOOD, Behaviour("closes", lambda exchange: None))
    fox = connect(server.url)
    answer = fox.request("get", "/v1/tasks/x", params={"sync_upstream": True})
    assert answer.status == 200 and json.loads(answer.body)["status"] == "completed"
    with pytest.raises(OutcomeUnknown):
        fox.request("POST", "/v1/videos/generations", json={"unchecked": True})
    assert server.requests == [
        "GET /v1/tasks/x?sync_upstream=true",
        "POST /v1/videos/generations",
    ]
    with pytest.raises(ConfigurationError, match="slash"):
        fox.request("GET", "v1/tasks")


def test_the_public_names_are_there_and_each_comes_from_one_place() -> None:
    package: Any = foxapi_video  # type checkers know its names from another list
    assert len(set(package.__all__)) == len(package.__all__)
    for name in package.__all__:
        assert getattr(package, name) is not None
    assert set(dir(package)) == set(package.__all__)
    own = set(foxapi_video._MODULES) | set(foxapi_video._SUBMODULES)
    models = set(__import__("foxapi_video_client.models", fromlist=["__all__"]).__all__)
    assert models >= set(VARIANTS)
    trees = set(foxapi_video.errors.__all__)
    assert not (own & models or own & trees or trees & models)
    with pytest.raises(AttributeError):
        _ = package.NoSuchName
