"""The fault runs in small, and that they would notice a client that pays twice."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import pytest

from contract_tests.faults import runs
from contract_tests.faults.behaviours import FAULTS
from contract_tests.faults.runs import CALLS, REFUSED, plans, run_all, table
from foxapi_video import exchange

RUNS = 200


@pytest.fixture(autouse=True)
def _quiet() -> Any:
    logger = logging.getLogger("foxapi_video")
    before, logger.disabled = logger.disabled, True
    yield
    logger.disabled = before


def test_no_fault_is_paid_for_twice_hangs_or_ends_undocumented(
    seed: int, record_property: Callable[[str, object], None]
) -> None:
    ended = run_all(RUNS, seed)
    complaints = [f"{each.plan}: {each.complaint}" for each in ended if each.complaint]
    assert not complaints, "\n".join([f"seed {seed}", *complaints])
    longest = max(each.seconds for each in ended)
    record_property(
        "fault runs",
        f"{len(ended)}; creates accepted twice 0, wrong words about payment 0, "
        f"undocumented ends 0, longest {longest:.1f} s",
    )
    assert {each.plan.is_async for each in ended} == {True, False}
    assert len(table(ended).splitlines()) > len(FAULTS) / 2


def test_every_fault_meets_every_call_of_both_clients() -> None:
    full = len(CALLS) * (len(FAULTS) + 1) * 2
    met = {(each.call, each.fault.name, each.is_async) for each in plans(full, 1)}
    assert len(met) == full <= runs.RUNS and any(name == REFUSED.name for _, name, _ in met)


def test_the_same_seed_makes_the_same_runs() -> None:
    assert list(plans(50, 7)) == list(plans(50, 7)) != list(plans(50, 8))


def test_a_client_that_resends_a_paid_call_is_found_out(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exchange, "_may_resend", lambda settings, call, outcome, retry_in: True)
    monkeypatch.setattr(runs, "CALLS", ("create",))
    assert any(each.accepted > 1 for each in run_all(60, seed))


@pytest.mark.parametrize("status", [302, 404, 405])
def test_a_client_that_takes_a_page_for_a_refusal_is_found_out(
    status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exchange, "certainly_refused", lambda *_, **__: True)
    (page,) = (each for each in FAULTS if each.name == f"HTML, {status}")
    monkeypatch.setattr(runs, "FAULTS", [page])
    monkeypatch.setattr(runs, "CALLS", ("create",))
    ended = [each for each in run_all(4, 1) if each.plan.fault is page]
    assert any("nothing is paid for" in (each.complaint or "") for each in ended)


def test_a_client_that_drops_an_id_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange, "named_task", lambda key, body: None)
    naming = [each for each in FAULTS if each.name == "no last chunk"]
    monkeypatch.setattr(runs, "FAULTS", naming)
    monkeypatch.setattr(runs, "CALLS", ("create",))
    ended = [each for each in run_all(4, 1) if each.plan.fault in naming]
    assert any("does not name" in (each.complaint or "") for each in ended)
