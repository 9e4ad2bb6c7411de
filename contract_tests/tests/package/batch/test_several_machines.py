"""A batch that several machines share by a Postgres: at most once, whichever of them dies."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psycopg
import pytest

from contract_tests.faults import batch_runs
from contract_tests.faults.batch_runs import Kept, Nursery
from contract_tests.faults.postgres_server import PASSWORD, Running
from contract_tests.faults.pretend_server import Pretending, PretendServer
from contract_tests.tests.package.batch.pretended import KEY, SOON, named
from contract_tests.tests.package.conftest import Run
from foxapi_video import AsyncFoxAPI, ConfigurationError, InsufficientQuotaError, LedgerError
from foxapi_video.batch import AsyncBatch, Batch, Database, Limits, Status
from foxapi_video.batch.database import without_secrets
from foxapi_video.testing import QUICK, VIDEO, PretendAPI
from foxapi_video.testing.behaviours import GOOD
from foxapi_video.testing.behaviours import named as behaviour
from foxapi_video.testing.service import Received

NAMES = [f"v{number}" for number in range(12)]


class Machines:
    """Some that share a batch, each with a folder of its own.

    Attributes:
        api: The API.
        database: The database.
        folders: The folder of each.
    """

    def __init__(self, database: Database, *folders: Path) -> None:
        self.api = PretendAPI()
        self.database = database
        self.folders = folders

    def run(self, *inputs: Any, **limits: Any) -> list[Status]:
        """Run it to the end on all of them, each with an input."""

        async def main() -> list[Status]:
            options: Any = {"transport": self.api, "polling": QUICK, "retries": SOON}
            async with AsyncFoxAPI(KEY, **options) as fox:
                batches = [
                    AsyncBatch(folder, client=fox, limits=Limits(**limits), database=self.database)
                    for folder in self.folders
                ]
                runs = [batch.run(given) for batch, given in zip(batches, inputs, strict=True)]
                return await asyncio.gather(*runs)

        return asyncio.run(main())

    @property
    def files(self) -> list[str]:
        """The videos in all folders together."""
        return sorted(path.stem for folder in self.folders for path in folder.glob("*.mp4"))


@pytest.fixture
def machines(postgres: Running, tmp_path: Path) -> Machines:
    database = Database(url=postgres.url(), name=str(tmp_path)[-200:])
    return Machines(database, tmp_path / "one", tmp_path / "two")


def test_two_machines_share_a_batch_and_each_video_is_made_by_one(machines: Machines) -> None:
    ended = machines.run(named(*NAMES), named(*NAMES), concurrency=4)
    assert all(status.is_done and status.total == 12 for status in ended)
    assert len(machines.api.tasks) == 12 and machines.files == sorted(NAMES)
    for folder in machines.folders:
        results = [json.loads(text) for text in (folder / "results.jsonl").open()]
        assert [result["custom_id"] for result in results] == NAMES
        assert all(result["status"] == "saved" for result in results)
    more = [*NAMES, "more"]
    first, _ = machines.run(named(*more), None)  # the other may end before there is more
    assert first.is_done
    assert len(machines.api.tasks) == 13, "nothing is made twice, and what is new is added"


def test_what_stops_one_machine_leaves_its_videos_to_the_next_run(machines: Machines) -> None:
    machines.api.next_answers("402", call="create")
    machines.folders = machines.folders[:1]
    with pytest.raises(InsufficientQuotaError, match="12 ready"):
        machines.run(named(*NAMES), concurrency=1)
    (ended,) = machines.run(named(*NAMES), most=7, concurrency=4)
    assert ended.stopped and ended.counts["saved"] == 7 == len(machines.api.tasks)
    machines.api.next_task("pending", "failed")
    (ended,) = machines.run(None, concurrency=4)
    assert ended.counts["failed"] == 1 and ended.counts["saved"] == 11
    batch = Batch(machines.folders[0], database=machines.database)
    assert batch.status().counts == ended.counts and batch.retry(failed=True) == 1
    (ended,) = machines.run(None)
    assert ended.is_done and len(machines.api.tasks) == 13


class Held(Pretending):
    """A service whose tasks complete when it is said, and that never answers its first creates."""

    def __init__(self, silent: int) -> None:
        self.is_over = False
        self._silent = silent
        super().__init__(states=("pending",), misbehaves=self._choose)

    def _choose(self, received: Received) -> Any:
        if self.is_over:
            for task in self._service.tasks.values():
                task.move_to("completed")
        if received.call == "create" and self._silent:
            self._silent -= 1
            return behaviour("silence")
        return GOOD


def test_what_a_machine_that_dies_has_in_hand_is_taken_over(
    postgres: Running, tmp_path: Path
) -> None:
    """What it was creating is unknown, what ran is waited for, and the rest is made."""
    pretending = Held(silent=2)
    database = Database(url=postgres.url(), name=str(tmp_path)[-200:], stalled_after=2.0)
    with PretendServer(pretending) as served, Nursery() as nursery:
        kept = Kept(url=served.url, folder=tmp_path / "videos", videos=12, database=database)
        process = nursery.start(kept)
        found: list[str] = []
        deadline = time.monotonic() + 30
        while found.count("running") < 6 and time.monotonic() < deadline:
            time.sleep(0.05)
            with contextlib.suppress(psycopg.Error):
                found = list(kept.column().values())
        os.kill(process, signal.SIGKILL)
        assert nursery.end() == "-9" and found.count("sending") == 2, found
        pretending.is_over = True
        began = time.monotonic()
        asyncio.run(batch_runs.run(kept))
        assert time.monotonic() - began < 3 * 2.0 + 20, "and not after an hour"
        states = kept.column()
        unknown = [name for name, state in states.items() if state == "unknown"]
        assert len(unknown) == 2 and {*states.values()} == {"unknown", "saved"}, states
        batch = Batch(kept.folder, database=database)
        (told, _) = batch.status().unknown
        assert told["custom_id"] in unknown and told["sent_at"] and "on its way" in str(told)
        for name in unknown:
            batch.settle(name, task_id=pretending.tasks[name])
        asyncio.run(batch_runs.run(kept))
        assert {*kept.column().values()} == {"saved"}
        assert set(pretending.accepted.values()) == {1} and len(pretending.accepted) == 12
    assert all((kept.folder / f"{name}.mp4").read_bytes() == VIDEO for name in kept.names)


def test_who_was_taken_for_dead_moves_nothing_that_went_on_without_him(
    postgres: Running, tmp_path: Path
) -> None:
    """But what he knows better is noted: the task that nobody else can know of."""
    from foxapi_video.batch.ledger import MovedError
    from foxapi_video.batch.postgres_ledger import opened

    async def main() -> None:
        database = Database(url=postgres.url(), name=str(tmp_path)[-200:])
        batch = AsyncBatch(tmp_path, database=database)
        await batch.run(named("a", "b"), confirm=lambda order: False)
        async with opened(database, tmp_path) as sleeper, opened(database, tmp_path) as other:
            first, second = await sleeper.page("ready")
            first = await sleeper.move(first, "sending", sent_at=1.5)
            second = await sleeper.move(second, "sending", sent_at=1.5)
            assert await other.abandoned() == 2
            assert (await sleeper.move(first, "running", task_id="t-1")).state == "running"
            await batch.settle("b", not_created=True)
            ready = await other.find("b")
            assert ready is not None
            again = await other.move(ready, "sending", sent_at=2.5)
            for late in ("ready", "running", "unknown"):
                with pytest.raises(MovedError):
                    await sleeper.move(second, late, error=None)
            await other.move(again, "running", task_id="t-2")

    asyncio.run(main())


def test_a_newer_ledger_is_refused_and_one_that_is_not_there_is_said(
    postgres: Running, tmp_path: Path
) -> None:
    url = postgres.made("newer")
    with pytest.raises(LedgerError, match="has no batch"):
        Batch(tmp_path, database=url).status()
    batch = Batch(tmp_path / "videos", database=url)
    batch.run(named("a"), confirm=lambda order: False)
    assert batch.status().counts["ready"] == 1, "it is called as its folder"
    with pytest.raises(LedgerError, match=r"has no batch 'other'; it has 'videos'"):
        Batch(tmp_path / "other", database=url).status()
    with psycopg.connect(url) as connection:
        connection.execute("UPDATE foxapi_video.ledger SET version = 2")
    with pytest.raises(LedgerError, match=r"newer foxapi-video .*nothing was changed"):
        batch.status()


def test_no_password_is_ever_shown(postgres: Running, tmp_path: Path, run: Run) -> None:
    from contract_tests.mock.prism import free_port

    url = postgres.url()
    away = url.replace(str(postgres.port), str(free_port()))
    lines = tmp_path / "lines.jsonl"
    lines.write_text("".join(json.dumps(line) + "\n" for line in named("a")))
    assert "@127.0.0.1" in repr(Database(url=url)) and PASSWORD not in str(Database(url=url))
    told = [repr(Database(url=each)) for each in (url, url.replace("%2F", "/").replace("%3F", "?"))]
    into = ["--into", str(tmp_path)]
    for address, words in {
        away: "can't be reached",
        url + "-that-is-not": "can't be reached",
        url.replace("fox:", "fox:wrong"): "can't be reached",
        url.replace("%2F", "%ZZ"): "can't be read",
        "mysql" + url: "is not of the form postgresql://USER:PASSWORD@HOST:PORT/NAME",
    }.items():
        ended = run("batch", "run", str(lines), *into, "--yes", "--database", address)
        assert ended.exit_code != 0 and words in ended.stderr, ended.stderr
        told += [ended.stdout, ended.stderr]
    told.append(without_secrets(f"--database={url}"))
    assert "@127.0.0.1" in told[-1]
    for text in told:
        assert "pass-word" not in text and "end-of-it" not in text, text


def test_without_the_extra_the_rest_works_and_loads_nothing_of_it(tmp_path: Path) -> None:
    code = (
        "import sys; sys.modules['psycopg'] = sys.modules['procrastinate'] = None\n"
        "import foxapi_video.cli, foxapi_video.batch as b\n"
        "b.Batch('here').run([{'model': 'veo3.1-fast', 'prompt': 'x'}], confirm=lambda o: False)\n"
        "try: b.Batch('here', database='postgresql://u:secret@127.0.0.1:1/x').status()\n"
        "except Exception as error: print(type(error).__name__, error)"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "ConfigurationError a batch of several machines needs two more" in ended.stdout
    assert "pip install procrastinate" in ended.stdout and "secret" not in ended.stdout


def test_a_database_is_named_as_it_can_be() -> None:
    for wrong in ({"url": "x"}, {"name": " "}, {"name": "x" * 201}, {"stalled_after": 0.5}):
        with pytest.raises(ConfigurationError):
            Database(**{"url": "postgresql://127.0.0.1/x", **wrong})  # type: ignore[arg-type]
