"""The commands of `foxapi-video batch`: what they print, what they exit with, what ends them."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from contract_tests.faults import batches
from contract_tests.faults.batch_runs import Ended
from contract_tests.faults.pretend_server import Pretending, PretendServer
from contract_tests.tests.package.batch.pretended import named
from contract_tests.tests.package.command_line.commands import start
from contract_tests.tests.package.conftest import Run
from foxapi_video.testing import VIDEO
from foxapi_video.testing.behaviours import GOOD
from foxapi_video.testing.behaviours import named as behaviour
from foxapi_video.testing.service import Received


class Served(Pretending):
    """A service whose next create calls are treated as they are named, and that counts them."""

    def __init__(self, *states: str) -> None:
        self.next: list[str] = []
        super().__init__(states=states, misbehaves=self._choose)

    def _choose(self, received: Received) -> Any:
        is_next = received.call == "create" and self.next
        return behaviour(self.next.pop(0)) if is_next else GOOD


@pytest.fixture
def served() -> Iterator[PretendServer]:
    with PretendServer(Served("completed")) as server:
        yield server


@pytest.fixture
def lines(tmp_path: Path) -> str:
    file = tmp_path / "requests.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in named("a", "b", "c")))
    return str(file)


def test_a_batch_is_made_by_one_command_and_gone_on_with_by_the_same(
    run: Run, served: PretendServer, lines: str, tmp_path: Path
) -> None:
    into = tmp_path / "videos"
    command = ["batch", "run", lines, "--into", str(into)]
    dry = run(*command, "--dry-run", url=served.url)
    assert dry.exit_code == 0 and "3 videos to create:" in dry.stdout and not into.exists()
    asked = run(*command, url=served.url, stdin="n\n")
    assert asked.exit_code == 1 and "Create 3? [y/N]" in asked.stderr
    unasked = run(*command, url=served.url)
    assert unasked.exit_code == 1 and "nobody answers: --yes" in unasked.stderr
    assert not served.pretending.accepted
    dry = run(*command, "--max", "2", "--dry-run", url=served.url)
    assert "2 videos to create now, and 1 in later runs:" in dry.stdout
    made = run(*command, "--max", "2", url=served.url, stdin="y\n")
    assert "2 videos to create now" in made.stderr and "Create 2? [y/N]" in made.stderr
    assert made.exit_code == 0 and "3 videos: 2 saved, 1 ready" in made.stdout
    assert (
        "stopped after 2, as many as this run may create; still ready: 1; the next run goes on"
        in made.stdout
    )
    ended = run(*command, "--yes", "--output", "json", url=served.url)
    assert ended.exit_code == 0 and json.loads(ended.stdout)["counts"]["saved"] == 3
    assert all(
        "order" in said or "progress" in said for said in map(json.loads, ended.stderr.splitlines())
    )
    assert [(into / f"{name}.mp4").read_bytes() for name in "abc"] == [VIDEO] * 3
    assert set(served.pretending.accepted.values()) == {1}
    again = run("batch", "run", "--into", str(into), url=served.url)
    assert again.exit_code == 0 and "3 saved" in again.stdout, "without a file it goes on"
    assert run("batch", "run", "--into", str(into), "--dry-run").exit_code == 2
    stands = run("batch", "status", str(into))
    assert stands.exit_code == 0 and stands.stdout == "3 videos: 3 saved\n"


def test_how_a_batch_ends_is_its_exit_code_and_what_is_unknown_is_told(
    run: Run, served: PretendServer, lines: str, tmp_path: Path
) -> None:
    served.pretending.next = ["reset after the request", "422"]  # type: ignore[attr-defined]
    into = str(tmp_path / "videos")
    command = ["batch", "run", lines, "--into", into, "--yes", "--concurrency", "1"]
    ended = run(*command, url=served.url)
    assert ended.exit_code == 6, ended.stderr
    assert "foxapi-video batch settle ID --task-id TASK" in ended.stdout
    assert "  a  sent 2" in ended.stdout, ended.stdout
    unasked = run("batch", "retry", into, "--unknown", url=served.url, stdin="n\n")
    assert unasked.exit_code == 1 and "1 may be paid for a second time" in unasked.stderr
    task = ["--task-id", served.pretending.tasks["a"], "--into", into]
    assert run("batch", "settle", "a", *task).exit_code == 0
    failed = run(*command, url=served.url)
    assert failed.exit_code == 4 and "1 failed" in failed.stdout
    stands = run("batch", "status", into)
    for said in (failed.stdout, stands.stdout):
        assert "  b  failed: " in said and f"each is in {into}/results.jsonl" in said, said
        assert f"foxapi-video batch retry {into} --failed\n" in said
    again = run("batch", "retry", into, "--failed", "--yes", url=served.url)
    assert again.exit_code == 0 and "3 videos: 3 saved" in again.stdout
    assert set(served.pretending.accepted.values()) == {1}


def test_the_command_to_go_on_with_after_a_retry_pays_for_nothing_again(
    run: Run, served: PretendServer, lines: str, tmp_path: Path
) -> None:
    served.pretending.next = ["reset after the request"]  # type: ignore[attr-defined]
    into = str(tmp_path / "videos")
    run("batch", "run", lines, "--into", into, "--yes", "--concurrency", "1", url=served.url)
    served.pretending.next = ["402"]  # type: ignore[attr-defined]
    ended = run("batch", "retry", into, "--unknown", "--yes", url=served.url)
    assert f"go on with: foxapi-video batch run --into {into}\n" in ended.stderr
    assert "retry" not in ended.stderr and "--yes" not in ended.stderr


def test_what_stops_a_batch_is_an_error_that_says_how_to_go_on(
    run: Run, served: PretendServer, lines: str, tmp_path: Path
) -> None:
    served.pretending.next = ["answers well", "402"]  # type: ignore[attr-defined]
    into = str(tmp_path / "videos")
    command = ["batch", "run", lines, "--into", into, "--yes", "--concurrency", "1"]
    ended = run(*command, url=served.url)
    assert ended.exit_code == 7 and "add credits" in ended.stderr
    assert "1 saved, 2 ready" in ended.stderr and "go on with: foxapi-video batch" in ended.stderr
    wrong = run("batch", "run", str(tmp_path / "none.jsonl"), "--into", into)
    assert wrong.exit_code == 2 and "can't be read" in wrong.stderr
    (tmp_path / "bad.jsonl").write_text("{}\n")
    bad = run("batch", "run", str(tmp_path / "bad.jsonl"), "--into", into, "--output", "json")
    error = json.loads(bad.stderr)["error"]
    assert bad.exit_code == 3 and error["violations"][0]["field"] == "line 1, model"
    assert run("batch", "retry", into).exit_code == 2
    assert run("batch", "settle", "a", "--into", into).exit_code == 2
    assert run("batch", "status", str(tmp_path / "none")).exit_code == 1


def test_a_signal_ends_a_batch_soon_with_the_command_to_go_on(lines: str, tmp_path: Path) -> None:
    into = tmp_path / "videos"
    with PretendServer(Served("processing")) as served:
        with start(served.url, "batch", "run", lines, "--into", str(into), "--yes") as process:
            deadline = time.monotonic() + 30
            while len(served.pretending.accepted) < 3 and time.monotonic() < deadline:
                time.sleep(0.02)
            process.send_signal(signal.SIGTERM)
            _, said = process.communicate(timeout=30)
        assert process.returncode == 143, said
        assert f"go on with: foxapi-video batch run {lines} --into {into} --yes" in said
        assert "tasks.wait" not in said, "the ledger has each of them"
        stands = subprocess.run(
            [sys.executable, "-m", "foxapi_video.cli", "batch", "status", str(into)],
            capture_output=True,
            text=True,
            env=os.environ | {"FOXAPI_API_KEY": "placeholder"},
            timeout=30,
            check=False,
        )
    assert stands.stdout.startswith("3 videos: 3 running\nNobody waits for the 3 that are running")
    assert f"the next run does: foxapi-video batch run --into {into}\n" in stands.stdout


def test_killed_batches_pay_for_nothing_twice_and_lose_nothing() -> None:
    """A few of what `make faults-batch` does."""
    draw = random.Random(7)
    ended: list[Ended] = []
    while not sum(each.kills for each in ended) and len(ended) < 10:  # a short one may end before
        ended.append(batches.run_batch(2, draw, videos=8))
    assert [each.complaint for each in ended if each.complaint] == []
    assert ended[-1].kills and "accepted twice" in batches.table(ended)
