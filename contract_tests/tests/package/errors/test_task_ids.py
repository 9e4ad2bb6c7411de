"""The id of a task is found in whatever ends a call, also in errors that are not ours."""

from __future__ import annotations

import asyncio
import pickle
from collections.abc import Awaitable, Callable

import pytest

from contract_tests.faults.behaviours import Behaviour, changed, names_and_hangs
from contract_tests.faults.exchange import TASK_ID
from contract_tests.faults.server import FaultServer
from contract_tests.referees.samples import BODY
from contract_tests.tests.package.conftest import KEY
from foxapi_video import AsyncFoxAPI, FoxAPI, OutcomeUnknown, Task, TaskTimeout, task_id_of
from foxapi_video.attempts import Attempt
from foxapi_video.errors import SentRequest

WORKING = Behaviour("under way", changed(status="processing"))
NAMES = Behaviour("names it and hangs", names_and_hangs)


async def _with_timeout(call: Awaitable[object], seconds: float) -> None:
    async with asyncio.timeout(seconds):
        await call


async def _in_a_group(call: Awaitable[object], seconds: float) -> None:
    async with asyncio.TaskGroup() as group:
        group.create_task(_with_timeout(call, seconds))


@pytest.mark.parametrize("limit", [_with_timeout, asyncio.wait_for, _in_a_group])
@pytest.mark.parametrize("behaviour", [WORKING, NAMES], ids=lambda behaviour: behaviour.name)
def test_a_timeout_of_asyncio_leads_to_the_task(
    limit: Callable[..., Awaitable[object]],
    behaviour: Behaviour,
    serve: Callable[..., FaultServer],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """While it is waited for, and while the answer to its create call comes."""
    server = serve(behaviour, endless=True)
    take = Attempt.take

    async def run() -> BaseException:
        loop = asyncio.get_running_loop()
        now, later = loop.time, 0.0
        monkeypatch.setattr(loop, "time", lambda: now() + later)

        def time_is_up(*_: object) -> None:
            nonlocal later
            later = 1000.0

        def taken(attempt: Attempt, chunk: bytes) -> None:
            take(attempt, chunk)
            time_is_up()

        if behaviour is NAMES:
            monkeypatch.setattr(Attempt, "take", taken)
        async with AsyncFoxAPI(KEY, base_url=server.url, timeout=None) as fox:
            call = fox.videos.generate(BODY, timeout=None, on_progress=time_is_up)
            with pytest.raises((TimeoutError, ExceptionGroup)) as caught:
                await limit(call, 600.0)
            return caught.value

    error = asyncio.run(run())
    assert task_id_of(error) == TASK_ID and not hasattr(error, "task_id")


def test_the_log_has_the_id_of_what_a_group_cancels_and_whose_error_it_drops(
    serve: Callable[..., FaultServer], caplog: pytest.LogCaptureFixture
) -> None:
    """Two are made in a group, and the one that can't be is why the other is cancelled."""
    server = serve(WORKING, endless=True)

    async def run() -> BaseException:
        created = asyncio.Event()

        async def fail() -> None:
            await created.wait()
            raise ValueError("of the other")

        async with AsyncFoxAPI(KEY, base_url=server.url) as fox:
            with pytest.raises(ExceptionGroup) as caught:
                async with asyncio.TaskGroup() as group:
                    group.create_task(fail())
                    group.create_task(
                        fox.videos.generate(BODY, on_progress=lambda _: created.set())
                    )
            return caught.value

    assert task_id_of(asyncio.run(run())) is None, "a group drops it"
    assert f"Task {TASK_ID} goes on; tasks.wait('{TASK_ID}') waits for it." in caplog.text


def test_ctrl_c_leads_to_the_task(
    serve: Callable[..., FaultServer], connect: Callable[..., FoxAPI]
) -> None:
    def interrupt(task: Task) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt) as caught:
        connect(serve().url).videos.generate(BODY, on_progress=interrupt)
    assert task_id_of(caught.value) == TASK_ID


def test_an_error_of_the_user_keeps_what_it_has_of_its_own(
    serve: Callable[..., FaultServer], connect: Callable[..., FoxAPI]
) -> None:
    class QueueError(Exception):
        task_id = 5

    def fail(task: Task) -> None:
        error = QueueError()
        error.task_id = 7
        raise error

    with pytest.raises(QueueError) as caught:
        connect(serve().url).videos.generate(BODY, on_progress=fail)
    assert caught.value.task_id == 7 and TASK_ID in caught.value.__notes__[0]


def test_causes_and_groups_are_looked_through() -> None:
    ours = TaskTimeout("task-5", task=None, waited=1)
    outer = ValueError("of a program")
    outer.__cause__ = RuntimeError("of its library")
    outer.__cause__.__cause__ = ours
    ours.__cause__ = outer  # a circle ends too
    group = ExceptionGroup("of several", [KeyError("x"), ExceptionGroup("inner", [outer])])
    for error in (ours, outer, group, pickle.loads(pickle.dumps(ours))):  # noqa: S301
        assert task_id_of(error) == "task-5"


def test_where_no_task_is_named_there_is_none() -> None:
    unknown = OutcomeUnknown("why", request=SentRequest("POST", "http://127.0.0.1:9/x"))
    stranger = ValueError("has one of its own")
    vars(stranger)["task_id"] = "of a queue"
    # What was handled before is about another call.
    unrelated = ValueError("later")
    unrelated.__context__ = TaskTimeout("task-5", task=None, waited=1)
    for error in (None, unknown, stranger, unrelated, KeyboardInterrupt()):
        assert task_id_of(error) is None
