"""What a ledger promises, be it in SQLite or in Postgres."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from foxapi_video import LedgerError
from foxapi_video.batch import Database
from foxapi_video.batch.ledger import Ledger, MovedError, Noted, TaskTakenError, Video, each
from foxapi_video.batch.lines import Line
from foxapi_video.batch.sqlite_ledger import SQLiteLedger

Check: TypeAlias = Callable[[Ledger], Awaitable[None]]
_numbers = itertools.count()


@pytest.fixture(params=["sqlite", "postgres"])
def holds(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[Check], None]:
    """Hold a new ledger of each kind to something."""

    @asynccontextmanager
    async def sqlite() -> AsyncGenerator[Ledger]:
        ledger = SQLiteLedger(tmp_path)
        try:
            yield ledger
        finally:
            await ledger.close()

    def postgres() -> AbstractAsyncContextManager[Ledger]:
        from foxapi_video.batch.postgres_ledger import opened

        url = request.getfixturevalue("postgres").url()
        name = f"ledger {next(_numbers)} of {tmp_path}"
        return opened(Database(url=url, name=name[:200]), tmp_path)

    opened: Callable[[], AbstractAsyncContextManager[Ledger]] = locals()[request.param]
    if request.param == "postgres":
        request.getfixturevalue("postgres")

    def hold(check: Check) -> None:
        async def main() -> None:
            async with opened() as ledger:
                await check(ledger)

        asyncio.run(main())

    return hold


def line(number: int, custom_id: str | None, digest: str) -> Line:
    return Line(number, custom_id, f'{{"said": "{digest} \\u0000"}}', digest)


async def noted(
    ledger: Ledger, *lines: tuple[str | None, str], unique: bool = False, keep: bool = True
) -> tuple[Noted, list[str]]:
    """Note an input; what it was found to hold, and what is wrong with it."""
    await ledger.begin_input()
    given = [line(number, *each) for number, each in enumerate(lines, 1)]
    wrong: list[str] = []
    for half in (given[: len(given) // 2], given[len(given) // 2 :]):
        wrong += [str(each) for each in await ledger.note(half, unique=unique)]
    return await ledger.end_input(keep=keep and not wrong), wrong


async def names(ledger: Ledger, *states: Any, of: Any = "all") -> list[str]:
    return [video.custom_id async for video in each(ledger, *states, of=of)]


async def found(ledger: Ledger, custom_id: str) -> Video:
    video = await ledger.find(custom_id)
    assert video is not None
    return video


async def sent(ledger: Ledger, custom_id: str, at: float = 1.1) -> Video:
    return await ledger.move(await found(ledger, custom_id), "sending", sent_at=at)


def test_a_video_goes_from_ready_to_saved_and_by_no_other_way(holds: Any) -> None:
    async def check(ledger: Ledger) -> None:
        await noted(ledger, ("a", "x"))
        video = await found(ledger, "a")
        assert video.state == "ready" and video.body == '{"said": "x \\u0000"}'
        for wrong in ("running", "completed", "saved", "unknown"):
            with pytest.raises(MovedError, match=f"'a' can't become '{wrong}'"):
                await ledger.move(video, wrong)
        video = await ledger.move(video, "sending", sent_at=1e9 / 3, error=None)
        with pytest.raises(MovedError):
            await ledger.move(replace(video, sent_at=None), "sending")
        video = await ledger.move(video, "running", task_id="t-1")
        video = await ledger.move(
            video, "completed", ended_at=2e9 / 3, url="https://x/?a=1", credits=2.5, error=None
        )
        video = await ledger.move(video, "completed", error={"type": "E", "message": "\ud800 ✓"})
        assert video == await found(ledger, "a")
        video = await ledger.move(video, "saved", path="a.mp4", error=None)
        assert video == await found(ledger, "a") and video.task_id == "t-1"
        with pytest.raises(MovedError):
            await ledger.move(video, "running", task_id="t-2")
        counts, told = await ledger.counts()
        assert counts["saved"] == 1 == sum(counts.values()) and told == 2.5

    holds(check)


def test_an_input_counts_as_a_whole_and_what_is_known_is_not_noted_again(holds: Any) -> None:
    async def check(ledger: Ledger) -> None:
        first, wrong = await noted(ledger, ("a", "x"), (None, "y"), (None, "y"), ("b", "z"))
        assert not wrong and (first.lines, first.new, first.gone) == (4, 4, 0)
        assert await names(ledger, "ready", of="input") == ["a", "y", "y-2", "b"]
        again, _ = await noted(ledger, ("a", "x"), (None, "y"), (None, "y"), ("b", "z"))
        assert (again.lines, again.new, again.gone) == (4, 0, 0)
        fewer, _ = await noted(ledger, ("c", "v"), ("a", "x"), keep=False)
        assert fewer.new == 1 and await names(ledger, "ready", of="input") == ["a", "y", "y-2", "b"]
        fewer, _ = await noted(ledger, ("c", "v"), ("a", "x"))
        assert (fewer.new, fewer.gone, fewer.gone_ids) == (1, 3, ("y", "y-2", "b"))
        assert await names(ledger, "ready", of="input") == ["c", "a"]
        assert await names(ledger, "ready", of="gone") == ["y", "y-2", "b"]
        unique, wrong = await noted(
            ledger, (None, "y"), (None, "y"), ("c", "v"), ("c", "v"), unique=True
        )
        assert not wrong and (unique.lines, unique.duplicates, unique.new) == (4, 2, 0)

    holds(check)


def test_lines_that_can_not_be_told_apart_or_were_sent_otherwise_are_wrong(holds: Any) -> None:
    async def check(ledger: Ledger) -> None:
        _, wrong = await noted(ledger, ("a", "x"), ("b", "y"), ("A", "z"), ("b", "v"))
        assert "line 3, custom_id: 'A' names the same file as 'a' of line 1" in wrong[0]
        assert "line 4, custom_id: 'b' names the same file as 'b' of line 2" in wrong[1]
        assert sum((await ledger.counts())[0].values()) == 0
        await noted(ledger, ("a", "x"), ("b", "y"))
        video = await sent(ledger, "a")
        _, wrong = await noted(ledger, ("a", "other"), ("b", "other"), ("B", "y"))
        assert "'a' was sent already with another request" in wrong[0]
        assert "'B' names the same file as 'b' of line 2" in wrong[1] and len(wrong) == 2
        await ledger.move(video, "running", task_id="t-1")
        _, wrong = await noted(ledger, ("a", "other"), ("B", "y"))
        assert "'a' was sent as task t-1 with another request" in wrong[0]
        assert "of an earlier input" in wrong[1]
        _, wrong = await noted(ledger, ("a", "x"), ("b", "other"))
        assert not wrong and "other" in (await found(ledger, "b")).body, "not sent yet"

    holds(check)


def test_a_file_that_the_batch_has_not_made_is_not_overwritten(holds: Any, tmp_path: Path) -> None:
    (tmp_path / "a.mp4").touch()

    async def check(ledger: Ledger) -> None:
        _, wrong = await noted(ledger, ("a", "x"))
        assert "a.mp4 is there already" in wrong[0]

    holds(check)


def test_what_a_dead_one_was_sending_is_unknown_until_it_is_settled(holds: Any) -> None:
    async def check(ledger: Ledger) -> None:
        await noted(ledger, *((name, name) for name in "abcd"))
        for name in "abc":
            await sent(ledger, name)
        assert await ledger.abandoned() == 3 and await ledger.abandoned() == 0
        assert await names(ledger, "unknown") == ["a", "b", "c"]
        video = await found(ledger, "a")
        assert video.error and "on its way" in video.error["message"] and video.sent_at == 1.1
        await ledger.move(video, "running", task_id="t-1", error=None)
        with pytest.raises(TaskTakenError, match="task t-1 is that of 'a' already"):
            await ledger.move(await found(ledger, "b"), "running", task_id="t-1")
        video = await found(ledger, "b")
        await ledger.move(video, "ready", task_id=None, sent_at=None, error=None)
        assert await ledger.again("unknown") == 1
        assert await names(ledger, "ready", of="input") == ["b", "c", "d"]

    holds(check)


def test_what_is_created_again_keeps_what_was_paid_before(holds: Any) -> None:
    async def check(ledger: Ledger) -> None:
        await noted(ledger, ("a", "x"), ("b", "y"))
        assert (await ledger.counts())[1] is None
        for task_id in ("t-1", "t-2", "t-3"):
            video = await ledger.move(await sent(ledger, "a"), "running", task_id=task_id)
            error = {"type": "TaskFailed", "message": "dark"}
            await ledger.move(video, "failed", credits=1.5, ended_at=2.0, error=error)
            assert await ledger.again("failed", "cancelled") == 1
            fresh = await found(ledger, "a")
            assert fresh.state == "ready" and fresh.task_id is None
            assert fresh.sent_at is None and fresh.error is None
        assert (await ledger.counts())[1] == 4.5

    holds(check)


def test_pages_give_each_video_once(holds: Any) -> None:
    async def check(ledger: Ledger) -> None:
        wanted = [f"v{number}" for number in range(450)]
        await noted(ledger, *((name, name) for name in reversed(wanted)))
        assert await names(ledger, "ready", of="input") == wanted[::-1]
        assert len(await ledger.page("ready", "saved", size=7)) == 7

    holds(check)


def test_what_is_asked_of_a_ledger_at_once_is_done_all(holds: Any) -> None:
    async def check(ledger: Ledger) -> None:
        await noted(ledger, *((f"v{number}", "x") for number in range(40)))
        videos = await ledger.page("ready")
        moves = [ledger.move(video, "sending", sent_at=1.0) for video in videos for _ in "ab"]
        ended = await asyncio.gather(*moves, return_exceptions=True)
        assert [isinstance(each, LedgerError) for each in ended].count(True) == 40
        assert len(await names(ledger, "sending")) == 40

    holds(check)
