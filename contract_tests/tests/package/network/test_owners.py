"""Whose connections are whose: each process and each event loop uses its own."""

from __future__ import annotations

import asyncio
import gc
import os
import textwrap
import threading
import warnings
from collections.abc import Coroutine, Iterator
from typing import Any

import httpcore
import httpx
import pytest

from contract_tests.faults.lasting import LastingServer
from contract_tests.referees.samples import saying
from contract_tests.tests.conftest import run_in
from contract_tests.tests.package.conftest import KEY
from foxapi_video import AsyncFoxAPI, ConfigurationError, FoxAPI, callbacks
from overlays.bundle import ROOT
from overlays.openapi import CREATE


@pytest.fixture
def lasting() -> Iterator[LastingServer]:
    with LastingServer() as server:
        yield server


def _run_alone(body: Coroutine[Any, Any, Any]) -> Any:
    """Run it in a loop that ends without a word to its generators, as older programs do."""
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(body)
    finally:
        loop.close()


@pytest.mark.parametrize("run", [asyncio.run, _run_alone])
def test_a_client_of_a_module_works_in_one_event_loop_after_the_other(
    lasting: LastingServer, run: Any
) -> None:
    fox = AsyncFoxAPI(KEY, base_url=lasting.url)
    for number in range(3):
        assert run(fox.videos.create(saying(f"{number}"))).id == f"task-{number}"
    assert lasting.accepted == ["task-0", "task-1", "task-2"]
    assert len(set(lasting.connections(CREATE))) == 3, "each loop its own"


def test_the_end_of_an_event_loop_closes_its_connections(lasting: LastingServer) -> None:
    gc.collect()  # what other tests left
    fox = AsyncFoxAPI(KEY, base_url=lasting.url)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        asyncio.run(fox.videos.create(saying("a")))
        asyncio.run(fox.videos.create(saying("b")))
        asyncio.run(fox.aclose())
        del fox
        gc.collect()
    assert [str(each.message) for each in caught] == []


def test_one_event_loop_makes_one_connection_after_the_other_but_once(
    lasting: LastingServer,
) -> None:
    async def twice() -> None:
        async with AsyncFoxAPI(KEY, base_url=lasting.url) as fox:
            await fox.tasks.get("a")
            await fox.with_options(timeout=5).tasks.get("b")

    asyncio.run(twice())
    assert len(set(lasting.connections())) == 1


STRAY = {"200 OK": b'{"id": "of-another", "status": "pending"}', "429 Too Many Requests": b"{}"}


@pytest.mark.parametrize("status", STRAY)
@pytest.mark.parametrize("way", ["sync", "async"])
def test_bytes_behind_an_answer_are_never_the_answer_to_a_create_call(
    way: str, status: str
) -> None:
    """Taken for one, they would lose the id that is paid for, or have it paid for twice."""
    body = STRAY[status]
    behind = f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body

    def blocking(url: str) -> str:
        with FoxAPI(KEY, base_url=url) as fox:
            fox.tasks.get("before")
            return fox.videos.create(saying("1")).id

    async def in_loop(url: str) -> str:
        async with AsyncFoxAPI(KEY, base_url=url) as fox:
            await fox.tasks.get("before")
            return (await fox.videos.create(saying("1"))).id

    with LastingServer(behind=behind) as server:
        given = blocking(server.url) if way == "sync" else asyncio.run(in_loop(server.url))
        assert (given, server.accepted) == ("task-1", ["task-1"])


def test_after_an_interruption_a_call_waits_for_no_lock_that_was_left(
    lasting: LastingServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a notebook goes on after its cell was interrupted."""
    used: list[httpcore.ConnectionPool] = []
    send = httpcore.ConnectionPool.handle_request

    def interrupted_once(pool: httpcore.ConnectionPool, request: httpcore.Request) -> Any:
        used.append(pool)
        if len(used) == 1:
            raise KeyboardInterrupt
        return send(pool, request)

    monkeypatch.setattr(httpcore.ConnectionPool, "handle_request", interrupted_once)
    with FoxAPI(KEY, base_url=lasting.url) as fox:
        with pytest.raises(KeyboardInterrupt):
            fox.tasks.get("a")
        fox.tasks.get("a")
    assert used[0] is not used[1]


def test_two_event_loops_at_once_have_each_their_own_connections(lasting: LastingServer) -> None:
    fox = AsyncFoxAPI(KEY, base_url=lasting.url)
    first_used, second_ended = threading.Event(), threading.Event()

    async def first() -> None:
        await fox.tasks.get("first")
        first_used.set()
        await asyncio.to_thread(second_ended.wait, 20)
        await fox.tasks.get("first")

    thread = threading.Thread(target=lambda: asyncio.run(first()))
    thread.start()
    assert first_used.wait(20)
    asyncio.run(fox.tasks.get("second"))
    second_ended.set()
    thread.join()
    first_connection, second_connection, again = lasting.connections()
    assert first_connection == again != second_connection


def test_closing_in_another_event_loop_raises_nothing_and_says_closed(
    lasting: LastingServer,
) -> None:
    for run in (asyncio.run, _run_alone):
        fox = AsyncFoxAPI(KEY, base_url=lasting.url)
        run(fox.tasks.get("x"))
        asyncio.run(fox.aclose())
        with pytest.raises(ConfigurationError, match="closed"):
            asyncio.run(fox.tasks.get("x"))


def test_a_loop_that_was_told_to_end_and_goes_on_is_served(lasting: LastingServer) -> None:
    """As a generator of the user's is that asks for a task while the loop ends."""

    async def run() -> None:
        fox = AsyncFoxAPI(KEY, base_url=lasting.url)
        await fox.tasks.get("x")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ResourceWarning)
            await asyncio.get_running_loop().shutdown_asyncgens()
            await fox.tasks.get("x")
        await fox.aclose()

    asyncio.run(run())
    assert len(set(lasting.connections())) == 2


def test_a_client_of_the_user_s_is_refused_in_another_event_loop(lasting: LastingServer) -> None:
    """Before anything is sent: its connections may be those of the first."""
    for options in (
        {"http_client": httpx.AsyncClient()},
        {"transport": httpx.AsyncHTTPTransport()},
    ):
        fox = AsyncFoxAPI(KEY, base_url=lasting.url, **options)
        _run_alone(fox.tasks.get("x"))
        before = len(lasting.requests)
        with pytest.raises(ConfigurationError, match="in another event loop"):
            asyncio.run(fox.videos.create(saying("x")))
        assert len(lasting.requests) == before


def test_a_transport_without_connections_serves_every_event_loop() -> None:
    """So that tests can share one."""
    transport = httpx.MockTransport(lambda _: httpx.Response(200, json={"id": "x"}))
    for fox in (
        AsyncFoxAPI(KEY, transport=transport),
        AsyncFoxAPI(KEY, http_client=httpx.AsyncClient(transport=transport)),
    ):
        for _ in range(2):
            assert asyncio.run(fox.tasks.get("x")).id == "x"


def test_callbacks_are_confirmed_in_one_event_loop_after_the_other(
    lasting: LastingServer,
) -> None:
    seen: list[str] = []
    app = callbacks.asgi(
        lambda task: seen.append(task.id), client=AsyncFoxAPI(KEY, base_url=lasting.url)
    )

    async def post(task_id: str) -> None:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://hook") as http:
            await http.post("/", json={"id": task_id, "status": "completed"})
        await app.finish()

    asyncio.run(post("a"))
    asyncio.run(post("b"))
    assert seen == ["a", "b"]


_PROGRAM = """
import asyncio, json, os, sys, threading
import httpx
from foxapi_video import AsyncFoxAPI, ConfigurationError, FoxAPI
from foxapi_video_client import Client
from foxapi_video_client.api.tasks import get_task

url = os.environ["FOXAPI_BASE_URL"]
{program}
"""


def _forked(url: str, program: str) -> list[str]:
    """Run a program that forks, and give its lines."""
    paths = os.pathsep.join([str(ROOT), str(ROOT / "generated")])
    code = _PROGRAM.format(program=textwrap.dedent(program))
    given = {"FOXAPI_API_KEY": "placeholder", "FOXAPI_BASE_URL": url, "PYTHONPATH": paths}
    ended = run_in(ROOT, "-W", "error", "-c", code, **given)
    assert ended.returncode == 0 and not ended.stderr, ended.stderr
    return ended.stdout.splitlines()


CLIENTS = {
    "sync": """
        fox = FoxAPI()
        get, close = fox.tasks.get, fox.close
    """,
    "async": """
        fox = AsyncFoxAPI()
        def get(task_id):
            return loop.run_until_complete(fox.tasks.get(task_id))
        def close():
            loop.run_until_complete(fox.aclose())
    """,
    "generated": """
        client = Client(base_url=url, token="x").__enter__()
        def get(task_id):
            return get_task.sync(task_id, client=client)
        def close():
            client.__exit__(None, None, None)
    """,
    "generated async": """
        client = Client(base_url=url, token="x")
        def get(task_id):
            return loop.run_until_complete(get_task.asyncio(task_id, client=client))
        def close():
            loop.run_until_complete(client.__aexit__(None, None, None))
    """,
}
_FORKS = """
loop = asyncio.new_event_loop()
assert get("parent").id == "parent"
child = os.fork()
if not child:
    parents, loop = loop, asyncio.new_event_loop()  # kept, or it would be said to be unclosed
    assert get("child").id == get("child").id == "child"
    close()
    os._exit(0)
assert os.waitpid(child, 0)[1] == 0
assert get("parent").id == "parent"
close()
loop.close()
"""


@pytest.mark.parametrize("kind", CLIENTS)
def test_a_child_uses_and_closes_no_connection_of_its_parent(
    kind: str, lasting: LastingServer
) -> None:
    assert _forked(lasting.url, textwrap.dedent(CLIENTS[kind]) + _FORKS) == []
    parent, child = lasting.connections("parent"), lasting.connections("child")
    assert len(parent) == len(child) == 2
    assert len({*parent}) == len({*child}) == 1 and parent != child


def test_a_fork_while_other_threads_make_calls_leaves_a_child_that_works(
    lasting: LastingServer,
) -> None:
    """A lock that another thread holds at the fork stays locked in the child for ever."""
    program = """
        fox = FoxAPI()
        fox.tasks.get("first")  # Python's own locks, of imports, are not ours to open
        stop = threading.Event()
        def ask():
            while not stop.is_set():
                fox.tasks.get("thread")
        threads = [threading.Thread(target=ask) for _ in range(4)]
        for thread in threads:
            thread.start()
        for number in range(10):
            child = os.fork()
            if not child:
                fox.tasks.get(f"child-{number}")
                os._exit(0)
            assert os.waitpid(child, 0)[1] == 0
        stop.set()
        for thread in threads:
            thread.join()
        fox.close()
    """
    _forked(lasting.url, program)
    children = lasting.connections("child")
    assert len({*children}) == 10 and not {*children} & {*lasting.connections("thread")}


def test_a_fork_waits_until_another_thread_has_made_its_client(lasting: LastingServer) -> None:
    """OpenSSL's own locks, held while a context is made, would stay locked in the child."""
    program = """
        from foxapi_video import threads
        begun, forking, made = threading.Event(), threading.Event(), []
        def slow(make=threads.new_client, **options):
            begun.set()
            assert forking.wait(20)
            made.append(make(**options))
            return made[0]
        threads.new_client = slow
        fox = FoxAPI()  # what it registers for a fork runs after this
        os.register_at_fork(before=forking.set)
        thread = threading.Thread(target=fox.tasks.get, args=["parent"])
        thread.start()
        assert begun.wait(20)
        child = os.fork()
        if not child:
            os._exit(0 if made else 3)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        thread.join()
        fox.close()
    """
    _forked(lasting.url, program)
    assert len(lasting.connections("parent")) == 1


def test_no_call_waits_for_the_connection_of_another_one() -> None:
    """A queue of calls takes time that grows with its square, and answers come too late."""
    count = 300
    everybody = threading.Barrier(count)

    async def create(url: str) -> list[Any]:
        async with AsyncFoxAPI(KEY, base_url=url, timeout=20) as fox:
            calls = (fox.videos.create(saying(f"{number}")) for number in range(count))
            return await asyncio.gather(*calls, return_exceptions=True)

    with LastingServer(pace=lambda what: everybody.wait(20)) as server:
        ended = asyncio.run(create(server.url))
        assert {each.id for each in ended} == {*server.accepted}
    assert len(ended) == count


@pytest.mark.parametrize("own", ["http_client=httpx.Client()", "transport=httpx.HTTPTransport()"])
def test_a_client_of_the_user_s_is_refused_in_a_child_once_it_was_used(
    own: str, lasting: LastingServer
) -> None:
    """What was only made before the fork serves the process that uses it first."""
    program = f"""
        used, unused = FoxAPI({own}), FoxAPI({own})
        used.tasks.get("parent")
        if not os.fork():
            unused.tasks.get("child")
            try:
                used.tasks.get("refused")
            except ConfigurationError as error:
                print(error, flush=True)
            os._exit(0)
        os.wait()
        os._exit(0)
    """
    (said,) = _forked(lasting.url, program)
    assert "used in another process" in said
    assert [path.rpartition("/")[2] for _, path in lasting.requests] == ["parent", "child"]
