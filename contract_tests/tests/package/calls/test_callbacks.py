"""Callbacks: read strictly, confirmed with the server, and taken by an ASGI app."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Awaitable, Callable
from typing import Any, cast

import httpx
import pytest

from contract_tests.faults.behaviours import Behaviour, changed
from contract_tests.faults.server import FaultServer
from contract_tests.tests.package.conftest import KEY, QUICK
from foxapi_video import AsyncFoxAPI, ConfigurationError, FoxAPI, InvalidCallback, Task, callbacks
from foxapi_video.callback_app import CallbackApp

DONE = {"id": "task-1", "status": "completed", "results": [{"url": "https://e.com/v"}], "x": 1}


def test_a_callback_is_read_leniently_about_members() -> None:
    task = callbacks.parse(json.dumps(DONE))
    assert task.url == "https://e.com/v" and task.raw["x"] == 1
    content = json.dumps({"id": "t", "status": 5}).encode()
    for body in (content, cast("Any", bytearray(content))):
        assert callbacks.parse(body).status == "unknown"


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"null", b"{}", b'{"id": 5}', b"\xff", b'{"id": NaN}', b"[" * 99_999,
     {"id": "t"}, None,
     json.dumps({"id": "t", "pad": "x" * 300_000})],
    ids=lambda body: str(body)[:12],
)  # fmt: skip
def test_a_callback_is_read_strictly_about_size_and_json(body: Any) -> None:
    with pytest.raises(InvalidCallback):
        callbacks.parse(body)


def test_a_callback_is_confirmed_with_the_server(
    serve: Callable[..., FaultServer], connect: Callable[..., FoxAPI]
) -> None:
    server = serve(Behaviour("knows better", changed(status="processing")))
    forged = json.dumps({"id": "task-1", "status": "completed"})
    assert connect(server.url).callbacks.confirm(forged).status == "processing"
    assert server.requests == ["GET /v1/tasks/task-1"]


def _serve(app: CallbackApp, talk: Callable[[httpx.AsyncClient], Awaitable[None]]) -> None:
    async def run() -> None:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://hook") as http:
            await talk(http)

    asyncio.run(asyncio.wait_for(run(), 20))


def test_each_ended_task_is_handed_over_once_and_answered_before_that() -> None:
    seen: list[Task] = []

    async def talk(http: httpx.AsyncClient) -> None:
        release = asyncio.Event()
        waiting.append(release)
        for _ in range(4):
            assert (await http.post("/hook", json=DONE)).status_code == 200
        assert seen == [], "the handler is still at work, and the service has its answer"
        assert (await http.post("/hook", json=DONE | {"id": "task-2"})).status_code == 200
        release.set()
        await app.finish()
        assert (await http.post("/hook", json=DONE)).status_code == 200
        await app.finish()

    waiting: list[asyncio.Event] = []

    async def handle(task: Task) -> None:
        await waiting[0].wait()
        seen.append(task)

    app = callbacks.asgi(handle)
    _serve(app, talk)
    assert [task.id for task in seen] == ["task-1", "task-2"]


def test_a_function_that_blocks_runs_in_a_thread() -> None:
    threads: list[threading.Thread] = []
    app = callbacks.asgi(lambda task: threads.append(threading.current_thread()))

    async def talk(http: httpx.AsyncClient) -> None:
        await http.post("/", json=DONE)
        await app.finish()

    _serve(app, talk)
    assert threads and threads[0] is not threading.main_thread()


def test_what_a_handler_raises_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    def handle(task: Task) -> None:
        raise RuntimeError("the disk is full")

    app = callbacks.asgi(handle)

    async def talk(http: httpx.AsyncClient) -> None:
        assert (await http.post("/", json=DONE)).status_code == 200
        await app.finish()

    _serve(app, talk)
    assert "the disk is full" in caplog.text and "task-1" in caplog.text


@pytest.mark.parametrize(
    ("method", "body", "status"),
    [
        ("GET", b"", 405),
        ("POST", b"", 400),
        ("POST", b"not json", 400),
        ("POST", b'{"id": "t"}', 200),
        ("POST", b"x" * 300_000, 413),
        ("POST", json.dumps({"id": "t" * 1000, "status": "completed"}).encode(), 400),
    ],
)
def test_what_is_no_callback_is_refused(method: str, body: bytes, status: int) -> None:
    seen: list[Task] = []
    app = callbacks.asgi(seen.append)

    async def talk(http: httpx.AsyncClient) -> None:
        assert (await http.request(method, "/", content=body)).status_code == status
        await app.finish()

    _serve(app, talk)
    assert seen == []


def test_a_forged_callback_neither_counts_nor_hides_the_true_one(
    serve: Callable[..., FaultServer],
) -> None:
    server = serve(Behaviour("under way", changed(status="processing")))
    seen: list[Task] = []

    async def talk(http: httpx.AsyncClient) -> None:
        async with AsyncFoxAPI(KEY, base_url=server.url, retries=QUICK) as fox:
            app = callbacks.asgi(seen.append, client=fox)
            transport = httpx.ASGITransport(app)
            async with httpx.AsyncClient(transport=transport, base_url="http://hook") as hook:
                for expected in (0, 1, 1):
                    assert (await hook.post("/", json=DONE)).status_code == 200
                    await app.finish()
                    assert len(seen) == expected

    _serve(callbacks.asgi(seen.append), talk)
    assert seen[0].url == "https://example.com/video.mp4", "the server's word, not the callback's"


def test_a_forged_callback_that_is_being_confirmed_hides_no_true_one() -> None:
    """The true one comes while the server is asked, and says that the task goes on."""
    seen: list[str] = []
    states = ["processing", "completed"]

    async def talk(http: httpx.AsyncClient) -> None:
        confirming, goes_on = asyncio.Event(), asyncio.Event()

        async def answer(request: httpx.Request) -> httpx.Response:
            state = states.pop(0)
            if state == "processing":
                confirming.set()
                await goes_on.wait()
            return httpx.Response(200, json={"id": "task-1", "status": state})

        async with AsyncFoxAPI(KEY, transport=httpx.MockTransport(answer)) as fox:
            app = callbacks.asgi(lambda task: seen.append(task.status), client=fox)
            async with httpx.AsyncClient(
                transport=httpx.ASGITransport(app), base_url="http://hook"
            ) as http:
                assert (await http.post("/", json=DONE)).status_code == 200
                await confirming.wait()
                assert (await http.post("/", json=DONE)).status_code == 200
                goes_on.set()
                await app.finish()

    _serve(callbacks.asgi(print), talk)
    assert seen == ["completed"] and states == []


class Confirming:
    """An app whose confirmations wait until they are let go, and who is asked for what.

    Attributes:
        confirmed: The ids in the order in which they were asked for.
        most: The most queries at once.
        seen: The ids that were handed over.
        trouble: What the API answers meanwhile, or None where it does its work.
        go: Lets the queries be answered: tasks whose id starts with "true" have ended, there are no
            others.
    """

    def __init__(self) -> None:
        self.confirmed: list[str] = []
        self.most = 0
        self.seen: list[str] = []
        self.go = asyncio.Event()
        self.trouble: httpx.Response | None = None
        self._at_once = 0
        self._client = AsyncFoxAPI(KEY, transport=httpx.MockTransport(self._answer), retries=0)
        self.app = callbacks.asgi(lambda task: self.seen.append(task.id), client=self._client)

    async def post(self, task_id: str, sender: str = "127.0.0.1") -> int:
        """Send a callback; the status of its answer."""
        transport = httpx.ASGITransport(self.app, client=(sender, 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://hook") as http:
            return (await http.post("/", json=DONE | {"id": task_id})).status_code

    async def answered(self) -> None:
        """Let the queries be answered, and wait for what comes of them."""
        self.go.set()
        await self.app.finish()
        await self._client.aclose()

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        task_id = request.url.path.rpartition("/")[2]
        self.confirmed.append(task_id)
        self._at_once += 1
        self.most = max(self.most, self._at_once)
        await self.go.wait()
        self._at_once -= 1
        if self.trouble is not None:
            return self.trouble
        if task_id.startswith("true"):
            return httpx.Response(200, json={"id": task_id, "status": "completed"})
        return httpx.Response(404, json={"error": {"message": "no such task"}})


def _confirm(talk: Callable[[Confirming], Awaitable[None]]) -> None:
    async def run() -> None:
        await talk(Confirming())

    asyncio.run(asyncio.wait_for(run(), 60))


def test_forged_ids_that_are_being_confirmed_shut_no_true_one_out() -> None:
    async def talk(hook: Confirming) -> None:
        for number in range(300):
            assert await hook.post(f"forged-{number}") == 200
        assert await hook.post("true") == 200
        while len(hook.confirmed) < 20:
            await asyncio.sleep(0)
        await hook.answered()
        assert hook.seen == ["true"] and len(hook.confirmed) == 301
        assert hook.most == 20, "queries at once, with the user's key"

    _confirm(talk)


@pytest.mark.parametrize(
    "senders",
    [["198.51.100.7"], ["::ffff:198.51.100.7"], [f"2001:db8::{number}" for number in range(1, 9)]],
    ids=["IPv4", "IPv4 in IPv6", "one network of IPv6"],
)
def test_one_sender_never_takes_every_place(
    senders: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """And the true one of another sender is asked for after one of each."""
    monkeypatch.setattr("foxapi_video.callback_app._MOST_PENDING", 8)
    monkeypatch.setattr("foxapi_video.callback_app._MOST_CONFIRMING", 1)

    async def talk(hook: Confirming) -> None:
        assert await hook.post("first", "192.0.2.1") == 200
        statuses = [
            await hook.post(f"forged-{number}", senders[number % len(senders)])
            for number in range(9)
        ]
        assert statuses == [200] * 4 + [503] * 5, "half of the places"
        assert await hook.post("true-1", "::ffff:203.0.113.5") == 200
        assert await hook.post("true-2", "203.0.113.9") == 200
        await hook.answered()
        assert hook.confirmed[:4] == ["first", "forged-0", "true-1", "true-2"]
        assert hook.seen == ["true-1", "true-2"] and len(hook.confirmed) == 7

    _confirm(talk)


def test_an_id_that_waits_takes_one_place_and_is_asked_for_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("foxapi_video.callback_app._MOST_CONFIRMING", 1)

    async def talk(hook: Confirming) -> None:
        for task_id in ["first", "true", "true", "forged", "true", "forged"]:
            assert await hook.post(task_id) == 200
        await hook.answered()
        assert hook.confirmed == ["first", "true", "forged"] and hook.seen == ["true"]

    _confirm(talk)


def test_an_id_that_came_again_while_it_was_confirmed_is_not_kept_for_ever() -> None:
    async def talk(hook: Confirming) -> None:
        assert await hook.post("true") == 200
        while not hook.confirmed:
            await asyncio.sleep(0)
        assert [await hook.post("true"), await hook.post("true", "192.0.2.1")] == [200, 200]
        await hook.answered()
        assert hook.seen == ["true"], "handed over once"
        kept = {name: value for name, value in vars(hook.app).items() if name != "_done"}
        assert "'true'" not in repr(kept), "only the last 10,000 that ended are remembered"
        assert len(hook.app._pending) == 0

    _confirm(talk)


@pytest.mark.parametrize(
    "trouble",
    [
        httpx.Response(500),
        httpx.Response(503, html="<h1>busy</h1>"),
        httpx.Response(404, html="<h1>no backend</h1>"),
        httpx.Response(429, json={"error": {"message": "too many"}}),
        httpx.Response(200, text="not a task"),
    ],
    ids=lambda response: f"{response.status_code} {response.text[:12]}",
)
def test_a_callback_is_confirmed_again_while_the_api_is_down(
    trouble: httpx.Response, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("foxapi_video.callback_app._AGAIN_SECONDS", 0.001)

    async def talk(hook: Confirming) -> None:
        hook.trouble = trouble
        hook.go.set()
        assert await hook.post("true") == 200
        while len(hook.confirmed) < 3:
            await asyncio.sleep(0)
        assert hook.seen == []
        hook.trouble = None
        while not hook.seen:
            await asyncio.sleep(0.001)
        assert hook.seen == ["true"] and await hook.app.finish() == []

    _confirm(talk)


def test_a_callback_that_is_ahead_of_the_api_is_confirmed_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The copy of the service's data that answers may be late."""
    monkeypatch.setattr("foxapi_video.callback_app._AGAIN_SECONDS", 0.001)

    async def talk(hook: Confirming) -> None:
        hook.trouble = httpx.Response(200, json={"id": "true", "status": "processing"})
        hook.go.set()
        assert await hook.post("true") == 200
        while len(hook.confirmed) < 3:
            await asyncio.sleep(0)
        assert hook.seen == []
        hook.trouble = None
        while not hook.seen:
            await asyncio.sleep(0.001)
        assert hook.seen == ["true"] and await hook.app.finish() == []

    _confirm(talk)


def test_what_is_refused_is_asked_for_once() -> None:
    async def talk(hook: Confirming) -> None:
        hook.trouble = httpx.Response(401, json={"error": {"message": "no such key"}})
        await hook.post("true")
        await hook.answered()
        assert hook.confirmed == ["true"] and len(hook.app._again) == 0

    _confirm(talk)


def test_what_is_never_confirmed_is_told_at_the_end(caplog: pytest.LogCaptureFixture) -> None:
    """And before that it is asked for once more, without waiting for the next round."""

    async def talk(hook: Confirming) -> None:
        hook.trouble = httpx.Response(500)
        hook.go.set()
        assert [await hook.post(name) for name in ("true-1", "true-2")] == [200, 200]
        while len(hook.app._again) < 2:
            await asyncio.sleep(0)
        assert await hook.app.finish() == ["true-1", "true-2"]
        assert hook.confirmed == ["true-1", "true-2"] * 2
        assert await hook.app.finish() == [], "told once"

    _confirm(talk)
    assert all(f"task {name}, asked for 2 times" in caplog.text for name in ("true-1", "true-2"))


def test_what_a_shutdown_cuts_off_is_told(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("foxapi_video.callback_app._SHUTDOWN_SECONDS", 0)
    monkeypatch.setattr("foxapi_video.callback_app._MOST_CONFIRMING", 1)

    async def talk(hook: Confirming) -> None:
        for name in ("true-1", "true-2"):
            await hook.post(name)
        messages = iter([{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}])

        async def receive() -> Any:
            return next(messages)

        async def send(message: Any) -> None:
            assert message["type"].endswith(".complete")

        await hook.app({"type": "lifespan"}, receive, send)
        await hook.answered()

    _confirm(talk)
    assert "before 2 callbacks were confirmed" in caplog.text
    assert "tasks.wait: true-1, true-2" in caplog.text


def test_asking_again_ends(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("foxapi_video.callback_app._AGAIN_SECONDS", 0.001)
    monkeypatch.setattr("foxapi_video.callback_app._MOST_ROUNDS", 3)

    async def talk(hook: Confirming) -> None:
        hook.trouble = httpx.Response(500)
        hook.go.set()
        await hook.post("true")
        while "could not confirm" not in caplog.text:
            await asyncio.sleep(0.001)
        assert hook.confirmed == ["true"] * 4 and hook.app._next_round is None
        assert await hook.app.finish() == ["true"]

    _confirm(talk)


def test_what_is_asked_for_again_has_bounds_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who makes ids up while the API is down takes half of the places at most."""
    monkeypatch.setattr("foxapi_video.callback_app._MOST_PENDING", 8)

    async def talk(hook: Confirming) -> None:
        hook.trouble = httpx.Response(500)
        hook.go.set()
        for number in range(12):
            await hook.post(f"forged-{number}", "198.51.100.7")
            while hook.app._at_work:
                await asyncio.sleep(0)
        await hook.post("true", "203.0.113.9")
        while hook.app._at_work:
            await asyncio.sleep(0)
        assert list(hook.app._again) == [f"forged-{number}" for number in range(4)] + ["true"]
        hook.trouble = None
        await hook.app.finish()
        assert hook.seen == ["true"]

    _confirm(talk)


def test_a_client_that_went_away_is_no_failure() -> None:
    async def receive() -> Any:
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        raise OSError("the client is gone")

    app = callbacks.asgi(print)
    asyncio.run(app({"type": "http", "method": "POST"}, receive, send))


def test_it_takes_no_more_than_it_can_work_on() -> None:
    async def talk(http: httpx.AsyncClient) -> None:
        gate = asyncio.Event()
        gates.append(gate)
        statuses = [
            (await http.post("/", json=DONE | {"id": f"task-{number}"})).status_code
            for number in range(105)
        ]
        assert statuses == [200] * 100 + [503] * 5, "the service tries those again"
        gate.set()
        await app.finish()

    gates: list[asyncio.Event] = []

    async def handle(task: Task) -> None:
        await gates[0].wait()

    app = callbacks.asgi(handle)
    _serve(app, talk)


def test_on_shutdown_it_lets_handlers_finish() -> None:
    done: list[str] = []

    async def handle(task: Task) -> None:
        await asyncio.sleep(0.05)
        done.append(task.id)

    app = callbacks.asgi(handle)
    sent: list[str] = []

    async def send(message: Any) -> None:
        sent.append(message["type"])

    async def talk(http: httpx.AsyncClient) -> None:
        await http.post("/", json=DONE)
        messages = iter([{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}])

        async def receive() -> Any:
            return next(messages)

        await app({"type": "lifespan"}, receive, send)

    _serve(app, talk)
    assert done == ["task-1"]
    assert sent == ["lifespan.startup.complete", "lifespan.shutdown.complete"]


def test_a_body_that_never_ends_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("foxapi_video.callback_app._BODY_SECONDS", 0.1)
    statuses: list[int] = []

    async def receive() -> Any:
        await asyncio.sleep(60)

    async def send(message: Any) -> None:
        statuses.append(message.get("status", 0))

    async def run() -> None:
        app = callbacks.asgi(lambda task: None)
        await app({"type": "http", "method": "POST"}, receive, send)

    asyncio.run(asyncio.wait_for(run(), 10))
    assert statuses[0] == 408


@pytest.mark.parametrize(
    ("handler", "client", "words"),
    [
        (None, None, "the handler is a function, not None"),
        (print, "x", "the client is an AsyncFoxAPI, not 'x'"),
        (print, FoxAPI(KEY), "the client is an AsyncFoxAPI, not FoxAPI"),
    ],
)
def test_what_could_hand_over_no_task_is_refused_at_once(
    handler: Any, client: Any, words: str
) -> None:
    with pytest.raises(ConfigurationError, match=words):
        callbacks.asgi(handler, client=client)
