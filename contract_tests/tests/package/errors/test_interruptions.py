"""Calls that are interrupted, cancelled or out of time say what may be paid for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from contract_tests.faults.behaviours import (
    Behaviour,
    changed,
    names_and_hangs,
    silence,
    slow_body,
    slow_headers,
)
from contract_tests.faults.exchange import TASK_ID
from contract_tests.faults.server import FaultServer
from contract_tests.referees.samples import REQUEST as BODY
from contract_tests.tests.package.conftest import KEY, POLLING
from contract_tests.tests.package.virtual import World, answer
from foxapi_video import APITimeoutError, AsyncFoxAPI, FoxAPI, OutcomeUnknown, Task, calls
from foxapi_video.attempts import Attempt
from foxapi_video.steps import Send, Sleep

SILENT = Behaviour("silence", silence)
WORKING = Behaviour("under way", changed(status="processing"))


@pytest.mark.parametrize("act", [silence, slow_headers])
def test_no_call_outlasts_its_timeout(
    act: Any, serve: Callable[..., FaultServer], connect: Callable[..., FoxAPI]
) -> None:
    server = serve(Behaviour("late", act), endless=True)
    with pytest.raises(APITimeoutError):
        connect(server.url, timeout=0.2, retries=0).tasks.get("x")
    with pytest.raises(OutcomeUnknown):
        connect(server.url, timeout=0.2).videos.create(BODY)
    assert server.accepted == 1


def test_no_body_outlasts_the_timeout_by_a_transport_of_ones_own(
    serve: Callable[..., FaultServer], connect: Callable[..., FoxAPI]
) -> None:
    server = serve(Behaviour("slow body", slow_body), endless=True)
    fox = connect(server.url, timeout=0.2, retries=0, transport=httpx.HTTPTransport())
    with pytest.raises(APITimeoutError, match="too long in all"):
        fox.tasks.get("x")


def test_an_interrupted_wait_says_how_to_go_on(
    serve: Callable[..., FaultServer], connect: Callable[..., FoxAPI]
) -> None:
    def interrupt(task: Task) -> None:
        raise KeyboardInterrupt

    server = serve(WORKING, endless=True)
    with pytest.raises(KeyboardInterrupt) as caught:
        connect(server.url).tasks.wait("task-9", on_progress=interrupt)
    assert "tasks.wait('task-9')" in caught.value.__notes__[0]


def test_a_wait_can_be_cancelled(serve: Callable[..., FaultServer]) -> None:
    server = serve(WORKING, endless=True)

    async def cancel() -> None:
        async with AsyncFoxAPI(KEY, base_url=server.url) as fox:
            asked = asyncio.Event()
            wait = asyncio.create_task(
                fox.tasks.wait("task-9", polling=POLLING, on_progress=lambda _: asked.set())
            )
            await asyncio.wait_for(asked.wait(), 5)
            wait.cancel()
            with pytest.raises(asyncio.CancelledError) as caught:
                await wait
            assert "task-9" in caught.value.__notes__[0]
            assert (await fox.tasks.get("x")).id, "and the client works on"

    asyncio.run(cancel())


def test_a_cancelled_create_says_that_it_may_be_paid_for(serve: Callable[..., FaultServer]) -> None:
    server = serve(SILENT, endless=True)

    async def cancel() -> None:
        async with AsyncFoxAPI(KEY, base_url=server.url) as fox:
            with pytest.raises(TimeoutError) as caught:
                async with asyncio.timeout(0.2):
                    await fox.videos.create(BODY)
            cancelled = caught.value.__cause__
            assert cancelled is not None and "may have been accepted" in cancelled.__notes__[0]
            assert f"Sent: POST {server.url}" in cancelled.__notes__[0]

    asyncio.run(cancel())


def test_a_create_that_is_cancelled_after_a_refusal_is_paid_by_nobody() -> None:
    world = World(answer(429, {}))
    plan = calls.create(world.settings(), BODY)
    assert isinstance(next(plan), Send)
    assert isinstance(plan.send(answer(429, {})), Sleep)
    with pytest.raises(asyncio.CancelledError) as caught:
        plan.throw(asyncio.CancelledError())
    assert caught.value.__notes__ == ["No create call was under way: nothing is paid for."]


def test_a_cancelled_create_names_the_task_that_came(
    serve: Callable[..., FaultServer], monkeypatch: pytest.MonkeyPatch
) -> None:
    server = serve(Behaviour("names it and hangs", names_and_hangs))
    take = Attempt.take

    async def cancel() -> None:
        came = asyncio.Event()

        def noticed(attempt: Attempt, chunk: bytes) -> None:
            take(attempt, chunk)
            came.set()

        monkeypatch.setattr(Attempt, "take", noticed)
        async with AsyncFoxAPI(KEY, base_url=server.url) as fox:
            create = asyncio.create_task(fox.videos.create(BODY))
            await asyncio.wait_for(came.wait(), 5)
            create.cancel()
            with pytest.raises(asyncio.CancelledError) as caught:
                await create
        assert f"names the task {TASK_ID}" in " ".join(caught.value.__notes__)

    asyncio.run(cancel())


@pytest.mark.parametrize("interruption", [KeyboardInterrupt, MemoryError])
def test_what_interrupts_the_reading_of_a_whole_answer_names_its_task(
    interruption: type[BaseException],
    serve: Callable[..., FaultServer],
    connect: Callable[..., FoxAPI],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    server = serve()

    def interrupted(*_: object) -> Task:
        raise interruption

    monkeypatch.setattr(Task, "from_dict", interrupted)
    with pytest.raises(interruption) as caught:
        connect(server.url).videos.create(BODY)
    assert "may have been accepted" in caught.value.__notes__[0]
    assert f"names the task {TASK_ID}" in caught.value.__notes__[1]
    assert vars(caught.value)["task_id"] == TASK_ID
