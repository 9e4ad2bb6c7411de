"""A ledger that is in use, damaged, newer, on a full disk; and the pace of create calls."""

from __future__ import annotations

import asyncio
import os
import selectors
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from contract_tests.tests.package.batch.pretended import Made, named
from foxapi_video import LedgerError, RetryPolicy
from foxapi_video.batch import Batch, sqlite_ledger
from foxapi_video.batch.folder import working_in
from foxapi_video.batch.pace import Pace


@pytest.fixture
def made(tmp_path: Path) -> Made:
    return Made(tmp_path / "videos")


def test_a_folder_in_use_is_refused_with_the_process_that_uses_it(made: Made) -> None:
    """Also once that was killed, it is free; and how it stands can be asked for all the while."""
    made.run(named("a"))
    code = (
        "import sys, time; from pathlib import Path; from foxapi_video.batch.folder import "
        "working_in\nwith working_in(Path(sys.argv[1])): print(1, flush=True); time.sleep(60)"
    )
    command = [sys.executable, "-c", code, str(made.folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None and other.stdout.readline()
        with pytest.raises(LedgerError, match=f"in use by process {other.pid}:"):
            made.run(named("a"))
        with pytest.raises(LedgerError, match="in use"):
            Batch(made.folder).retry(failed=True)
        assert Batch(made.folder).status().is_done
        other.kill()
    with working_in(made.folder):
        assert (made.folder / "ledger.lock").read_text() == f"process {os.getpid()}"


def _newer(ledger: Path) -> None:
    with sqlite3.connect(ledger) as connection:
        connection.execute("PRAGMA user_version = 2")
    connection.close()


def _foreign(ledger: Path) -> None:
    ledger.unlink()
    with sqlite3.connect(ledger) as connection:
        connection.execute("CREATE TABLE mine (a)")
    connection.close()


def _overwritten(ledger: Path) -> None:
    content = bytearray(ledger.read_bytes())
    content[4096 : 4 * 4096] = b"\xff" * 3 * 4096
    ledger.write_bytes(content)


DAMAGES: dict[str, tuple[Callable[[Path], Any], str]] = {
    "a newer version": (_newer, "was made by a newer foxapi-video .*nothing was changed"),
    "another program": (_foreign, "is no ledger of a batch"),
    "overwritten": (_overwritten, "is damaged .*left as it is"),
    "text": (lambda ledger: ledger.write_text("x" * 5000), "is damaged .*left as it is"),
    "empty": (lambda ledger: ledger.write_bytes(b""), "is damaged .*left as it is"),
    "gone": (lambda ledger: ledger.unlink(), "paid for again"),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_a_ledger_that_can_not_be_used_is_said_and_left_as_it_is(made: Made, name: str) -> None:
    damage, words = DAMAGES[name]
    made.run(named("a", "b"))
    ledger = made.folder / "ledger.sqlite3"
    damage(ledger)
    before = ledger.read_bytes() if ledger.exists() else None
    with pytest.raises(LedgerError, match=words):
        made.run(named("a", "b"))
    assert (ledger.read_bytes() if ledger.exists() else None) == before
    assert len(made.api.tasks) == 2


def test_a_full_disk_stops_creating_and_names_the_task_that_could_not_be_noted(
    made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("foxapi_video.batch.run._NOTING_AGAIN", (0.001,))
    work = sqlite_ledger.SQLiteLedger.move

    async def move(ledger: Any, video: Any, to: Any, **facts: Any) -> Any:
        if to == "running":
            await ledger._commits.do(
                lambda db: db.execute(
                    f"PRAGMA max_page_count = {db.execute('PRAGMA page_count').fetchone()[0]}"
                ),
                alone=True,
            )
            facts["error"] = {"message": "x" * 10_000}  # which takes more room than there is
        return await work(ledger, video, to, **facts)

    monkeypatch.setattr(sqlite_ledger.SQLiteLedger, "move", move)
    with pytest.raises(LedgerError, match="the disk is full") as caught:
        made.run(named("a", "b", "c"), concurrency=1)
    (task_id,) = made.api.tasks
    assert f"settle a --task-id {task_id} --into {made.folder}" in str(caught.value)
    assert made.states == {"a": "sending", "b": "ready", "c": "ready"}
    monkeypatch.undo()
    Batch(made.folder).settle("a", task_id=task_id)
    assert made.run().is_done and made.created == {"a": 1, "b": 1, "c": 1}


def test_a_folder_that_can_not_be_written_is_said_before_anything_is_sent(
    made: Made, tmp_path: Path
) -> None:
    made.folder = tmp_path / "file" / "videos"
    (tmp_path / "file").write_text("")
    with pytest.raises(LedgerError, match="can't be written: Not a directory"):
        made.run(named("a"))
    with pytest.raises(LedgerError, match="has no batch"):
        Batch(tmp_path).status()
    with pytest.raises(LedgerError, match="has no batch"):
        Batch(tmp_path).settle("a", not_created=True)
    assert not made.api.received


def test_how_it_stands_is_told_from_a_disk_that_can_not_be_written(
    made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    made.run(named("a"))
    connected = sqlite_ledger._connected

    def refusing(path: Path, mode: str) -> sqlite3.Connection:
        if mode == "ro":  # as SQLite says it there of a ledger that others may write
            raise sqlite3.OperationalError("unable to open database file")
        return connected(path, mode)

    monkeypatch.setattr(sqlite_ledger, "_connected", refusing)
    assert Batch(made.folder).status().is_done


class Virtual(asyncio.SelectorEventLoop):
    """An event loop in which waiting only moves the clock."""

    def __init__(self) -> None:
        self.now = 0.0
        loop = self

        class Selector(selectors.SelectSelector):
            def select(self, timeout: float | None = None) -> Any:
                loop.now += timeout or 0.0
                return super().select(0)

        super().__init__(Selector())

    def time(self) -> float:
        return self.now


def _left(rate: float | None, refused: Callable[[int], bool], calls: int) -> list[float]:
    """When each of some create calls leaves, where some of them are refused."""

    async def main() -> list[float]:
        loop = asyncio.get_running_loop()
        pace = Pace(rate, RetryPolicy(), loop.time, draw=lambda: 0.5)
        times: list[float] = []

        async def call(number: int) -> None:
            times.append(at := await pace.turn())
            await asyncio.sleep(0.01)
            if refused(number):
                pace.slow(at, 5.0)
            else:
                pace.went_well()

        async def worker(number: int) -> None:
            for turn in range(calls // 4):
                await call(4 * turn + number)

        await asyncio.gather(*map(worker, range(4)))
        return times

    with asyncio.Runner(loop_factory=Virtual) as runner:
        return runner.run(main())


def test_no_more_create_calls_leave_in_a_minute_than_asked_for() -> None:
    times = _left(30, lambda number: False, 40)
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert min(gaps) >= 2.0 - 1e-9 and times[-1] == pytest.approx(2.0 * 39)


def test_after_a_refusal_all_wait_as_long_as_asked_and_then_leave_one_by_one() -> None:
    times = _left(None, lambda number: number < 4, 40)
    assert times[3] == 0.0 and times[4] >= 5.0, "those on their way count once"
    gaps = [later - earlier for earlier, later in pairwise(times[4:])]
    assert gaps[0] >= 0.05 and gaps[-1] < 0.05, "and the pace comes back"
