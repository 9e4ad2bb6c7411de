"""How a run ends that something went wrong with, and the way on from there."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from contract_tests.tests.package.batch.pretended import Made, named
from foxapi_video import ConfigurationError, FoxAPIError, LedgerError, Task
from foxapi_video.batch import AsyncBatch, Batch
from foxapi_video.batch.sqlite_ledger import SQLiteLedger
from foxapi_video.testing import VIDEO, PretendAPI


@pytest.fixture
def made(tmp_path: Path) -> Made:
    return Made(tmp_path / "videos")


class Broken(PretendAPI):
    """A transport with a mistake of its user's: each query raises what no network does."""

    def __init__(self, error: BaseException) -> None:
        super().__init__()
        self._error = error

    async def handle_async_request(self, request: Any) -> Any:
        if request.method == "GET":
            await asyncio.sleep(0)
            raise self._error
        return await super().handle_async_request(request)


def test_a_cancellation_of_a_transport_is_no_end_of_the_program(made: Made) -> None:
    made.api = Broken(asyncio.CancelledError("not ours"))
    with pytest.raises(FoxAPIError, match=r"CancelledError: not ours(.|\n)*The batch: "):
        made.run(named("a", "b", "c"), concurrency=2)


def test_what_breaks_several_workers_is_what_the_run_raises(
    made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those that wait for their turn or their task are told to end once, not once by each."""
    plain = SQLiteLedger.move
    others: list[str] = []
    waiting = asyncio.Event()

    async def move(ledger: SQLiteLedger, video: Any, to: Any, **facts: Any) -> Any:
        if to == "running" and video.custom_id in "ab":
            await waiting.wait()
            raise TypeError("a slip")
        moved = await plain(ledger, video, to, **facts)
        others.extend([video.custom_id] * (to == "running"))
        if len(others) == 6:
            asyncio.get_running_loop().call_later(0.01, waiting.set)
        return moved

    monkeypatch.setattr(SQLiteLedger, "move", move)
    for _ in range(8):
        made.api.next_task("processing")
    with pytest.raises(FoxAPIError, match=r"TypeError: a slip(.|\n)*The batch: "):
        made.run(named(*"abcdefgh"), concurrency=8)


def settle(made: Made, custom_id: str, **said: Any) -> Task | None:
    """Settle a video with a client of the API."""

    async def main() -> Task | None:
        async with made.client() as fox:
            return await AsyncBatch(made.folder, client=fox).settle(custom_id, **said)

    return asyncio.run(main())


def test_what_people_said_of_a_video_can_be_corrected_until_it_is_saved(made: Made) -> None:
    made.api.next_answers(*["reset after the request"] * 2, call="create")
    made.run(named("a", "b"), concurrency=1)
    of_a, of_b = made.api.tasks
    for wrong in (".", " ", "a\nb"):
        with pytest.raises(ConfigurationError, match="is not the id of a task"):
            settle(made, "a", task_id=wrong)
    with pytest.raises(LedgerError, match="the service knows no task 'no-such'"):
        settle(made, "a", task_id="no-such")
    assert made.states["a"] == "unknown", "nothing was noted"
    task = settle(made, "a", task_id=of_b)
    assert task is not None and task.id == of_b
    settle(made, "a", not_created=True)
    settle(made, "a", task_id=of_a)
    made.api.next_answers("refused connection", call="get")
    assert settle(made, "b", task_id=of_b) is None, "no answer is no refusal"
    assert made.run().is_done and made.created == {"a": 1, "b": 1}
    for said in ({"task_id": of_b}, {"not_created": True}):
        with pytest.raises(LedgerError, match="'saved': there is nothing to settle"):
            settle(made, "a", **said)


def test_a_video_that_was_settled_and_then_sent_is_settled_no_more(made: Made) -> None:
    made.api.next_answers("silence", call="create")
    made.run(named("a"))
    settle(made, "a", not_created=True)
    made.api.next_task("pending", "failed")
    made.run()
    with pytest.raises(LedgerError, match="'failed': there is nothing to settle"):
        settle(made, "a", not_created=True)


def test_a_task_that_the_service_does_not_know_is_unknown_with_its_id(made: Made) -> None:
    made.api.next_answers(*["404"] * 5, call="get")
    ended = made.run(named("a"))
    (unknown,) = ended.unknown
    assert unknown["task_id"] in made.api.tasks and "NotFoundError" in str(unknown["error"])
    made.api.next_answers(*["404"] * 5, call="get")
    assert made.run().counts["unknown"] == 1
    assert made.run().is_done and made.created == {"a": 1}, "each run asks for it once more"


def test_an_expired_link_is_a_failure_a_day_after_the_create_call(made: Made) -> None:
    made.api.next_answers(*["404"] * 4, call="download")
    assert made.run(named("a")).counts["completed"] == 1, "links live for a day: it is tried again"
    made.query("UPDATE videos SET sent_at = sent_at - 90000")
    assert made.run().counts["failed"] == 1 and made.results[0]["error"]["type"] == "LinkExpired"
    assert Batch(made.folder).retry(failed=True) == 1
    assert made.run().is_done and made.created == {"a": 2}


def test_a_file_that_is_not_what_was_saved_is_said_and_fetched_again(made: Made) -> None:
    made.run(named(*"abcdef"))
    files = {name: made.folder / f"{name}.mp4" for name in "abcdef"}
    files["a"].unlink()
    files["b"].write_bytes(b"")
    files["c"].write_bytes(b"half of it")
    files["d"].unlink()
    files["d"].mkdir()
    files["e"].rename(made.folder / "elsewhere")
    files["e"].symlink_to(made.folder / "elsewhere")
    made.api.received.clear()
    ended = made.run()
    told = dict(zip("abcde", ended.lost, strict=True))
    for name, words in {
        "a": "is gone: its video is fetched again",
        "b": f"has 0 bytes, and had {len(VIDEO)}",
        "c": "has 10 bytes",
        "d": "is a folder now, not the video: move it away, and run it again",
        "e": "is a symbolic link now",
    }.items():
        assert str(files[name]) in told[name] and words in told[name], told
    assert [files[name].read_bytes() for name in "abc"] == [VIDEO] * 3 and files["d"].is_dir()
    assert sum(each.call == "download" for each in made.api.received) == 3
    assert sum(made.created.values()) == 6, "nothing is paid for again"
    files["d"].rmdir()
    files["a"].unlink()
    made.query("UPDATE videos SET sent_at = sent_at - 90000 WHERE custom_id = 'a'")
    made.api.next_answers(*["404"] * 2, call="download")
    ended = made.run(concurrency=1)
    assert made.states["a"] == "completed" and made.states["d"] == "saved", ended
    error = made.results[0]["error"]
    assert error["type"] == "LinkExpired" and "put it back, or settle it" in error["message"]
    assert Batch(made.folder).retry(failed=True) == 0, "who has moved it away pays for nothing"
    files["a"].write_bytes(VIDEO)
    assert made.run().is_done, "it was put back"
    files["a"].unlink()
    made.api.next_answers(*["404"] * 2, call="download")
    made.run()
    settle(made, "a", not_created=True)
    assert made.run().is_done and made.created["a"] == 2
