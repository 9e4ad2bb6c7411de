"""Waiting for a task, by a clock of the test's own: hours pass in no time."""

from __future__ import annotations

import json
from typing import Any

import pytest

from contract_tests.referees.samples import BODY
from contract_tests.tests.package.virtual import TASK_ID, World, answer, broken, late, task, unsent
from foxapi_video import (
    APIStatusError,
    FoxAPIError,
    NotFoundError,
    Polling,
    Task,
    TaskCancelled,
    TaskFailed,
    TaskTimeout,
    UnreadableAnswerError,
    callbacks,
    calls,
    waiting,
)
from foxapi_video.steps import Outcome

POLLING = Polling(jitter=0)


def _wait(world: World, timeout: float | None = 1800, **options: Any) -> Task:
    settings = world.settings()
    options = {"polling": POLLING, "on_progress": None, **options}
    return world.run(waiting.wait(settings, TASK_ID, timeout=timeout, **options))


def test_it_ends_when_the_task_completed() -> None:
    world = World(task("pending"), task("processing"), task("completed"))
    assert _wait(world).status == "completed"
    assert len(world.sends) == 3


def test_a_failed_task_raises_with_code_and_message() -> None:
    with pytest.raises(TaskFailed) as caught:
        _wait(World(task("failed", error={"code": "nsfw", "message": "not\nallowed"})))
    assert (caught.value.code, caught.value.message) == ("nsfw", "not allowed")
    assert caught.value.task_id == TASK_ID


def test_a_cancelled_task_raises() -> None:
    with pytest.raises(TaskCancelled):
        _wait(World(task("processing"), task("cancelled")))


def test_an_unknown_status_is_waited_on_and_reported(caplog: pytest.LogCaptureFixture) -> None:
    seen: list[str] = []
    world = World(
        task("dreaming"), task("dreaming"), answer(200, {"id": TASK_ID}), task("completed")
    )
    _wait(world, on_progress=lambda task: seen.append(task.status))
    assert seen == ["dreaming", "dreaming", "unknown", "completed"]
    assert len([record for record in caplog.records if "dreaming" in record.getMessage()]) == 1


@pytest.mark.parametrize(
    "trouble",
    [
        *(
            unsent(),
            broken(),
            late(),
            answer(429),
            answer(500),
            answer(502, b"<html>"),
            answer(520),
        ),
        *(answer(status, b"<html>") for status in (400, 402, 403, 404, 405, 410, 422)),
        *(answer(404, b""), answer(404, b"no upstream"), answer(404, [])),
    ],
    ids=str,
)
def test_it_survives_what_may_pass(trouble: Outcome) -> None:
    world = World(*[trouble] * 20, task("completed"))
    assert _wait(world).status == "completed"
    assert min(world.sleeps) >= POLLING.shortest, "and does not hammer a server in trouble"


def test_a_few_unreadable_answers_are_survived_and_many_are_not() -> None:
    _wait(World(*[answer(200, b"<html>")] * 4, task("completed")))
    with pytest.raises(UnreadableAnswerError) as caught:
        _wait(World(answer(200, b"<html>")))
    assert caught.value.task_id == TASK_ID, "what is paid for is not lost"


def test_a_page_that_is_waited_out_is_reported_once(caplog: pytest.LogCaptureFixture) -> None:
    _wait(World(*[answer(404, b"<html>")] * 3, task("completed")))
    warnings = [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]
    assert len(warnings) == 1 and "404" in warnings[0] and "is the base URL right?" in warnings[0]


def test_another_task_s_answer_is_waited_out_as_an_unreadable_one_is() -> None:
    seen: list[str] = []
    other = task("completed", id="task-other")
    world = World(other, task("processing"), *[other] * 4, task("completed"))
    assert _wait(world, on_progress=lambda task: seen.append(task.id)).id == TASK_ID
    assert set(seen) == {TASK_ID} and len(world.sends) == 7
    with pytest.raises(
        UnreadableAnswerError, match=f"'task-other', not about '{TASK_ID}'"
    ) as caught:
        _wait(World(other))
    assert caught.value.task_id == TASK_ID


def test_another_task_s_answer_to_a_query_or_a_confirmation_is_not_handed_on() -> None:
    world = World(task("completed", id="task-other"))
    callback = json.dumps({"id": TASK_ID, "status": "completed"})
    for plan in (
        calls.get(world.settings(), TASK_ID),
        callbacks.confirm(world.settings(), callback),
    ):
        with pytest.raises(UnreadableAnswerError, match="task-other") as caught:
            world.run(plan)
        assert caught.value.task_id == TASK_ID


@pytest.mark.parametrize(
    ("status", "body"),
    [
        *((status, {"error": {"message": "no"}}) for status in (401, 402, 403, 404, 422)),
        (401, b"<html>"),
        (407, b"<html>"),
    ],
)
def test_what_will_not_pass_ends_the_wait_and_names_the_task(status: int, body: object) -> None:
    with pytest.raises(APIStatusError) as caught:
        _wait(World(task("pending"), answer(status, body)))
    assert caught.value.task_id == TASK_ID
    assert isinstance(caught.value, NotFoundError) == (status == 404)


def test_the_timeout_holds_and_keeps_the_task() -> None:
    world = World(task("processing", progress=40))
    with pytest.raises(TaskTimeout, match=r"tasks\.wait") as caught:
        _wait(world, timeout=100)
    assert 100 <= world.now < 101
    assert caught.value.task_id == TASK_ID
    assert caught.value.task is not None and caught.value.task.progress == 40


def test_the_timeout_holds_when_nothing_answers() -> None:
    world = World(late(), takes=10)
    with pytest.raises(TaskTimeout, match="was never seen") as caught:
        _wait(world, timeout=100)
    assert 100 <= world.now <= 110
    assert isinstance(caught.value.__cause__, FoxAPIError), "the last trouble is told"


def test_without_a_timeout_it_waits_for_days() -> None:
    world = World(*[task("processing")] * 20_000, task("completed"))
    _wait(world, timeout=None)
    assert world.now > 86_400


def test_a_server_in_trouble_is_left_alone_as_long_as_it_asks() -> None:
    world = World(answer(503, retry_after="30"), task("completed"))
    _wait(world)
    assert 30 <= world.sleeps[0] <= 31


def test_a_task_of_before_is_asked_for_at_once_and_then_ever_less_often() -> None:
    world = World(*[task("processing")] * 12, task("completed"))
    _wait(world)
    assert world.sends[0] == 0, "it may have ended long ago"
    assert world.sleeps[:4] == [2 * 1.5, 2 * 1.5**2, 2 * 1.5**3, 2 * 1.5**4]
    assert world.sleeps == sorted(world.sleeps) and world.sleeps[-1] == 20


def test_intervals_adapt_to_the_estimated_time() -> None:
    slow = {"task_info": {"estimated_time": 70}}
    world = World(*[task("processing", **slow)] * 30, task("completed"))
    _wait(world)
    assert world.sleeps[0] == 70 / 4, "a part of what is left"
    assert world.sleeps[1] < world.sleeps[0], "less is left"


def test_a_new_task_is_looked_at_soon_for_early_refusals() -> None:
    world = World(task("pending", task_info={"estimated_time": 600}), task("failed"))
    plan = waiting.generate(
        world.settings(),
        calls.create(world.settings(), BODY),
        timeout=1800,
        polling=POLLING,
        on_progress=None,
    )
    with pytest.raises(TaskFailed):
        world.run(plan)
    assert world.sleeps == [2] and world.sends == [0, 2]


@pytest.mark.parametrize("estimate", [-1, "soon", None, True, 1e999, float("nan"), 10**400, [], {}])
def test_a_strange_estimate_is_ignored(estimate: Any) -> None:
    world = World(task("processing", task_info={"estimated_time": estimate}), task("completed"))
    _wait(world)
    assert world.sleeps == [3]


def test_jitter_keeps_many_waits_apart() -> None:
    polling = Polling(shortest=10, longest=10, jitter=0.2)
    assert polling.interval(0, None, lambda: 0.0) == pytest.approx(8)
    assert polling.interval(0, None, lambda: 1.0) == pytest.approx(12)


def test_progress_is_told_from_the_creation_on() -> None:
    seen: list[str] = []
    world = World(task("pending"), task("processing"), task("completed"))
    plan = waiting.generate(
        world.settings(),
        calls.create(world.settings(), BODY),
        timeout=None,
        polling=POLLING,
        on_progress=lambda task: seen.append(task.status),
    )
    world.run(plan)
    assert seen == ["pending", "processing", "completed"]


def test_an_id_that_can_t_be_one_is_refused_before_it_is_sent() -> None:
    for wrong in ("", " ", ".", ".."):
        world = World(task("completed"))
        with pytest.raises(ValueError, match="not the id of a task"):
            world.run(
                waiting.wait(world.settings(), wrong, timeout=1, polling=POLLING, on_progress=None)
            )
        assert not world.sends
