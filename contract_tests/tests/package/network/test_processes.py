"""The fault runs with processes in small, and that they would notice what they look for."""

from __future__ import annotations

import random
import signal
from collections.abc import Callable

import pytest

from contract_tests.faults import processes
from contract_tests.faults.lasting import LastingServer
from contract_tests.faults.processes import KINDS, Ended, rows, run_all, run_fork

RUNS = 8


def test_no_fork_mixes_tasks_up_and_no_signal_loses_an_id(
    seed: int, record_property: Callable[[str, object], None]
) -> None:
    ended = run_all(RUNS, seed, workers=2)
    complaints = [f"{each.name}: {each.complaint}" for each in ended if each.complaint]
    assert not complaints, "\n".join([f"seed {seed}", *complaints])
    assert {each.name for each in ended} >= {f"fork, {kind}" for kind in KINDS}
    assert len(rows(ended).splitlines()) == len({each.name for each in ended})
    record_property("fault runs with processes", f"{len(ended)}; lost 0, mixed up 0")


def test_a_task_that_is_another_call_s_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that takes every second call for the one before, as sockets that are shared do."""
    answer = LastingServer.answer
    before: list[bytes] = []

    def mixed(self: LastingServer, connection: int, request: str, body: bytes) -> bytes | None:
        before.append(body)
        return answer(self, connection, request, before[-2] if len(before) > 1 else body)

    monkeypatch.setattr(LastingServer, "answer", mixed)
    ended = run_fork("sync", random.Random(1))
    assert ended.mixed and ended.complaint


@pytest.mark.parametrize(
    ("code", "said", "left"),
    [
        (1, "go on with: foxapi-video wait task-signal", []),
        (143, "ended by SIGTERM", []),
        (0, "", [".out.mp4.0.part"]),
        (143, "go on with: foxapi-video wait task-signal", []),
    ],
    ids=["code", "no command", "part", "no JSON"],
)
def test_a_signal_that_ends_otherwise_than_promised_is_found_out(
    code: int, said: str, left: list[str]
) -> None:
    assert processes._wrong(signal.SIGTERM, code, said, left, script=True, created=True)


def test_a_lost_id_is_a_complaint() -> None:
    assert Ended("SIGTERM", "exit code 143", 1, lost=1, mixed=0, seconds=1.0).complaint
    assert Ended("SIGTERM", "exit code 143", 1, lost=0, mixed=0, seconds=1.0).complaint is None
