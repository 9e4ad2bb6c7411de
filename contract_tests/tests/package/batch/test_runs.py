"""What a run makes of its videos whatever the service answers, and what the next goes on with."""

from __future__ import annotations

import asyncio
import json
import time
from pathlib import Path
from typing import Any

import pytest

from contract_tests.referees.samples import SAMPLES, SPEC, WORDS, callback_field
from contract_tests.tests.package.batch.pretended import Made, named
from foxapi_video import (
    APIConnectionError,
    AsyncFoxAPI,
    AuthenticationError,
    ConfigurationError,
    InsufficientQuotaError,
    LedgerError,
    Polling,
    Task,
    callbacks,
)
from foxapi_video.batch import AsyncBatch, Batch, Limits, Status, pace
from foxapi_video.testing import QUICK, VIDEO, PretendAPI, PretendTask

LETTERS = list("abcdefgh")


@pytest.fixture
def made(tmp_path: Path) -> Made:
    return Made(tmp_path / "videos")


def test_each_line_becomes_a_file_and_a_result_in_the_order_of_the_input(made: Made) -> None:
    ended = made.run(named(*LETTERS), concurrency=3)
    assert ended.is_done and ended.counts["saved"] == 8
    for name, result in zip(LETTERS, made.results, strict=True):
        assert result["custom_id"] == name and result["status"] == "saved"
        assert result["request"][WORDS] == name and result["path"] == f"{name}.mp4"
        assert result["task_id"] in made.api.tasks and result["url"] and result["error"] is None
        assert result["seconds"] >= 0 and (made.folder / f"{name}.mp4").read_bytes() == VIDEO
    again = made.run(named(*LETTERS))
    assert again.is_done and len(made.api.tasks) == 8, "nothing is made twice"


def test_what_runs_when_a_program_dies_is_gone_on_with(made: Made) -> None:
    """As a killed one leaves it, and links do not last: the task is asked for again."""
    made.run(named("a", "b"))
    made.query("UPDATE videos SET state = 'running', path = NULL WHERE custom_id = 'a'")
    made.query("UPDATE videos SET state = 'completed', size = NULL WHERE custom_id = 'b'")
    (made.folder / ".b.mp4.01234567.part").write_bytes(b"half of it")
    made.api.received.clear()
    assert made.run().is_done
    assert sorted(each.call for each in made.api.received) == ["download", "download", "get", "get"]
    assert not list(made.folder.glob(".*part")), "what a crash left is swept up"


def test_what_was_being_sent_when_a_program_died_is_unknown_and_never_sent_again(
    made: Made,
) -> None:
    made.run(named("a", "b"), most=1)
    made.query("UPDATE videos SET state = 'sending', task_id = NULL WHERE custom_id = 'a'")
    for _ in range(2):
        ended = made.run(named("a", "b"))
    assert made.states == {"a": "unknown", "b": "saved"} and made.created == {"a": 1, "b": 1}
    (unknown,) = ended.unknown
    assert unknown["custom_id"] == "a" and unknown["sent_at"] and "on its way" in str(unknown)


def test_an_answer_that_is_lost_is_unknown_until_somebody_says_what_became_of_it(
    made: Made,
) -> None:
    made.api.next_answers("reset after the request", "closed without an answer", call="create")
    ended = made.run(named("a", "b"), concurrency=1)
    assert ended.counts["unknown"] == 2 and made.created == {"a": 1, "b": 1}
    first, second = made.api.tasks
    batch = Batch(made.folder)
    batch.settle("a", task_id=first)
    with pytest.raises(LedgerError, match="is that of 'a' already"):
        batch.settle("b", task_id=first)
    del made.api.tasks[second]  # it was never made
    batch.settle("b", not_created=True)
    with pytest.raises(ConfigurationError):
        batch.settle("a")
    assert made.run().is_done and made.created == {"a": 1, "b": 1}


def test_an_answer_that_names_the_task_is_believed(made: Made) -> None:
    made.api.next_answers("429, a task", "silence before the end", call="create")
    assert made.run(named("a", "b")).is_done and made.created == {"a": 1, "b": 1}


def test_two_answers_with_one_task_leave_one_unknown(made: Made) -> None:
    made.run(named("a"))
    made.query("UPDATE videos SET task_id = 'task-pretend-2'")
    made.run(named("a", "b"))
    assert made.states["b"] == "unknown"
    assert "is that of 'a' already" in made.results[1]["error"]["message"]


def test_what_failed_is_created_again_only_when_it_is_asked_for(made: Made) -> None:
    made.api.next_task("pending", "failed", message="too dark", code="dark")
    made.api.next_task("pending", "cancelled")
    made.api.next_answers("answers well", "answers well", "422", call="create")
    for _ in range(2):
        ended = made.run(named("a", "b", "c", "d"), concurrency=1)
    assert made.states == {"a": "failed", "b": "cancelled", "c": "failed", "d": "saved"}
    assert made.results[0]["error"] == {"type": "TaskFailed", "message": "too dark", "code": "dark"}
    assert ended.counts["failed"] == 2 and sum(made.created.values()) == 3
    assert Batch(made.folder).retry(failed=True) == 3
    assert made.run().is_done and made.created == {"a": 2, "b": 2, "c": 1, "d": 1}


def test_unknown_ones_are_created_again_only_when_it_is_asked_for_by_name(made: Made) -> None:
    made.api.next_answers("silence", call="create")
    made.run(named("a"))
    batch = Batch(made.folder)
    assert batch.retry(failed=True) == 0
    with pytest.raises(ConfigurationError, match="say what"):
        batch.retry()
    assert batch.retry(unknown=True) == 1
    assert made.run().is_done and made.created == {"a": 2}


@pytest.mark.parametrize(
    "name, kind", [("402", InsufficientQuotaError), ("401", AuthenticationError)]
)
def test_no_credit_stops_creating_and_loses_nothing(
    made: Made, name: str, kind: type[Exception]
) -> None:
    made.api.next_answers("answers well", name, call="create")
    with pytest.raises(kind, match="The batch: 1 saved, 3 ready"):
        made.run(named("a", "b", "c", "d"), concurrency=1)
    assert made.states == {"a": "saved", "b": "ready", "c": "ready", "d": "ready"}
    assert made.run(named("a", "b", "c", "d")).is_done and len(made.api.tasks) == 4


def test_too_many_requests_slow_the_batch_and_each_is_created_once(made: Made) -> None:
    busy = ["429", "refused connection", "503, Retry-After: 0", "gateway, 429"]
    made.api.next_answers(*busy, call="create")
    assert made.run(named(*LETTERS[:4]), concurrency=2).is_done
    assert made.created == dict.fromkeys(LETTERS[:4], 1)


def test_a_service_that_can_not_be_reached_is_said_after_a_while(
    made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pace, "_LONGEST_SPACING", 0.001)
    made.api.next_answers(*["refused connection"] * 100, call="create")
    with pytest.raises(APIConnectionError, match="connection was not made"):
        made.run(named("a"))
    assert made.states == {"a": "ready"}


def test_no_more_than_so_many_are_created_or_fail_in_a_run(made: Made) -> None:
    ended = made.run(named(*LETTERS), most=3, concurrency=2)
    assert len(made.api.tasks) == 3 and ended.counts["saved"] == 3
    assert ended.stopped and "stopped after 3" in ended.stopped
    for _ in range(2):
        made.api.next_task("pending", "failed")
    ended = made.run(named(*LETTERS), max_failures=2, concurrency=1)
    assert len(made.api.tasks) == 5 and ended.counts["ready"] == 3


def test_a_query_that_is_refused_leaves_the_task_for_the_next_run(made: Made) -> None:
    made.api.next_answers(*["403"] * 5, call="get")
    ended = made.run(named("a"))
    assert ended.counts["running"] == 1 and made.results[0]["error"]["type"] == "StorageFullError"
    assert made.run().is_done and made.created == {"a": 1}


def test_a_video_that_can_not_be_saved_is_saved_by_the_next_run(made: Made) -> None:
    made.api.next_answers("HTML, 200", "404", "404", "404", call="download")
    ended = made.run(named("a", "b"), concurrency=1)
    assert ended.counts["completed"] == 2, "the second link is gone, also when asked for again"
    assert [result["error"]["type"] for result in made.results] == ["DownloadError", "LinkExpired"]
    assert made.run().is_done and made.created == {"a": 1, "b": 1}


def test_all_results_of_a_task_are_saved(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Task, "urls", property(lambda task: [r["url"] for r in task.results] * 3))
    assert made.run(named("a")).is_done
    names = {path.relative_to(made.folder).as_posix() for path in made.folder.rglob("*.mp4")}
    assert names == {"a.mp4", "a.more/2.mp4", "a.more/3.mp4"}


def test_a_clock_that_is_set_back_makes_no_time_negative(
    made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = iter(range(2_000_000_000, 0, -100_000))
    monkeypatch.setattr(time, "time", lambda: float(next(clock)))
    assert made.run(named("a", "b")).is_done
    assert [result["seconds"] for result in made.results] == [0, 0]


def test_credits_that_the_service_tells_of_are_added_up(
    made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = PretendTask.to_json
    told = {"usage": {"credits_reserved": 2.5}}
    monkeypatch.setattr(PretendTask, "to_json", lambda task: plain(task) | told)
    made.api.next_task("pending", "failed")
    made.run(named("a", "b"), concurrency=1)
    Batch(made.folder).retry(failed=True)
    assert made.run().credits == 7.5


def test_a_run_that_is_cancelled_notes_what_is_on_its_way_and_leaves_the_rest(made: Made) -> None:
    made.api = Slow()

    async def main() -> None:
        async with made.client() as fox:
            batch = AsyncBatch(made.folder, client=fox, limits=Limits(concurrency=4, creating=2))
            running = asyncio.create_task(batch.run(named(*LETTERS)))
            await made.api.sent.wait()  # type: ignore[attr-defined]
            running.cancel()
            with pytest.raises(asyncio.CancelledError):
                await running

    asyncio.run(main())
    states = list(made.states.values())
    assert states.count("running") == 2 == len(made.api.tasks), states
    assert states.count("ready") == 6


def test_a_run_that_is_cancelled_twice_ends_at_once_and_says_what_is_unknown(made: Made) -> None:
    made.api = Slow(10.0)

    async def main() -> None:
        async with made.client() as fox:
            batch = AsyncBatch(made.folder, client=fox, limits=Limits(concurrency=4, creating=2))
            running = asyncio.create_task(batch.run(named(*LETTERS)))
            await made.api.sent.wait()  # type: ignore[attr-defined]
            assert batch.stop()
            await asyncio.sleep(0.05)
            running.cancel()
            async with asyncio.timeout(5):
                await asyncio.wait([running])
            assert running.cancelled()

    asyncio.run(main())
    assert list(made.states.values()).count("unknown") == 2


class Slow(PretendAPI):
    """An API whose create calls take their time; `sent` is set once two of them came."""

    def __init__(self, seconds: float = 0.1) -> None:
        super().__init__()
        self.sent = asyncio.Event()
        self._seconds = seconds
        self._creates = 0

    async def handle_async_request(self, request: Any) -> Any:
        if request.method == "POST":
            self._creates += 1
            if self._creates == 2:
                self.sent.set()
            answered = await super().handle_async_request(request)
            await asyncio.sleep(self._seconds)
            return answered
        return await super().handle_async_request(request)


def test_a_callback_has_its_task_asked_for_at_once(made: Made) -> None:
    """Three requests a video: the create call, one query, the download."""
    name, body = next((n, b) for n, b in SAMPLES.items() if callback_field(SPEC) in _fields(n))
    lines = [
        {"custom_id": each, "body": body | {callback_field(SPEC): "https://example.com/hook"}}
        for each in "ab"
    ]

    async def main() -> Status:
        async with made.client(polling=QUICK) as fox:
            batch = AsyncBatch(made.folder, client=fox, callbacks=True)
            running = asyncio.create_task(batch.run(lines))
            while len(made.api.tasks) < 2 or "completed" not in str(made.api.tasks):
                await asyncio.sleep(0.01)
                for task in made.api.tasks.values():
                    task.move_to("completed")
            hook = callbacks.asgi(batch.ended)
            for task in made.api.tasks.values():  # what it says is no truth, and it says it twice
                for _ in range(2):
                    assert await _posted(hook, {"id": task.id, "status": "failed"}) == 200
            return await running

    ended = asyncio.run(asyncio.wait_for(main(), 20))
    assert ended.is_done and name
    assert sorted(each.call for each in made.api.received) == sorted(
        ["create", "get", "download"] * 2
    )
    with pytest.raises(ConfigurationError, match="callbacks=True"):
        asyncio.run(AsyncBatch(made.folder).ended(Task(id="x", status="failed", raw={})))


async def _posted(hook: Any, body: dict[str, Any]) -> int:
    """What a callback is answered."""
    said: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": json.dumps(body).encode()}

    async def send(message: Any) -> None:
        said.append(message)

    await hook({"type": "http", "method": "POST", "client": ("127.0.0.1", 1)}, receive, send)
    return int(said[0]["status"])


def _fields(variant: str) -> Any:
    return SPEC["components"]["schemas"][variant]["properties"]


def test_the_blocking_batch_is_not_for_event_loops(made: Made) -> None:
    async def main() -> None:
        Batch(made.folder).status()

    with pytest.raises(ConfigurationError, match="await the calls of AsyncBatch"):
        asyncio.run(main())


def test_how_it_stands_is_told_while_it_runs(made: Made) -> None:
    told: list[Status] = []

    async def tell(status: Status) -> None:
        told.append(status)

    async def main() -> None:
        async with made.client() as fox:
            await AsyncBatch(made.folder, client=fox, on_status=tell).run(named("a"))

    asyncio.run(main())
    assert told[0].total == 1 and told[-1].is_done and told[-1].to_dict()["seconds_left"] == 0


def test_polls_grow_rarer_with_the_tasks_in_flight() -> None:
    polling_of = pace.polling_of
    few, many = polling_of(None, 5, False), polling_of(None, 10_000, False)
    assert few == Polling() and many.longest == 1000
    assert polling_of(QUICK, 10_000, False) is QUICK
    assert polling_of(None, 5, True).shortest >= 60, "a callback tells"


def test_limits_are_checked() -> None:
    for wrong in ({"concurrency": 0}, {"rate": 0}, {"most": 1.5}, {"timeout": "x"}):
        with pytest.raises(ConfigurationError):
            Limits(**wrong)


def test_the_client_belongs_to_whoever_gave_it(made: Made) -> None:
    async def main() -> None:
        async with made.client() as fox:
            for _ in range(2):
                await AsyncBatch(made.folder, client=fox).run(named("a"))
            assert isinstance(fox, AsyncFoxAPI)

    asyncio.run(main())
