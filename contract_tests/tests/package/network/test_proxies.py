"""The runs behind nginx and haproxy in small, and that they notice a client that pays twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from contract_tests.faults.proxies.runs import Ended, counts, plans, run_all, table
from contract_tests.faults.proxies.servers import START_SECONDS, missing
from contract_tests.faults.proxies.situations import BY_SLUG, HAPROXY, NGINX, SITUATIONS, Situation
from foxapi_video import exchange
from overlays.bundle import ROOT

needs_proxies = pytest.mark.skipif(bool(missing()), reason=missing())
# One of each kind, none of which depends on chance.
HANDFUL = tuple(
    BY_SLUG[slug]
    for slug in (
        "nginx-closes-503-with-retry-after",
        "nginx-429-with-retry-after",
        "nginx-to-an-address",
        "nginx-to-a-missing-file",
        "nginx-to-a-static-file",
        "nginx-to-a-denied-file",
        "nginx-no-last-chunk",
        "nginx-the-proxy-sends-again",
        "nginx-413-of-its-own",
        "nginx-queried-404",
        "haproxy-closes-503-with-retry-after",
        "haproxy-429-by-a-rule",
        "haproxy-503-by-a-rule-other-json",
        "haproxy-403-by-a-deny-rule",
        "haproxy-stick-table-json-twice",
        "haproxy-503-page-known-to-come-before",
        "haproxy-api-refuses-with-503",
        "connect-proxy-closes",
        "connect-proxy-closes-inside",
    )
)


@needs_proxies
def test_no_create_behind_a_proxy_is_paid_for_twice_or_wrongly_called_free(
    seed: int, record_property: Callable[[str, object], None]
) -> None:
    ended = run_all(2 * len(HANDFUL), seed, HANDFUL)
    complaints = [f"{each.plan}: {each.complaint}" for each in ended if each.complaint]
    assert not complaints, "\n".join([f"seed {seed}", *complaints])
    record_property("runs behind proxies", f"{len(ended)}; {counts(ended)}")
    assert len(table(ended).splitlines()) == len(HANDFUL) + 1
    assert counts(ended)["accepted"] > len(HANDFUL)


@needs_proxies
def test_a_client_that_resends_a_paid_call_is_found_out_behind_a_proxy(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exchange, "_may_resend", lambda *_: True)
    nginx, haproxy = (BY_SLUG[f"{each}-closes-502"] for each in (NGINX, HAPROXY))
    ended = run_all(8, seed, (nginx, haproxy))
    assert {each.plan.situation.proxy for each in ended if each.accepted > 1} == {NGINX, HAPROXY}
    assert all(each.complaint for each in ended)


@needs_proxies
def test_trusting_a_proxy_that_answers_after_the_api_pays_twice_and_is_found_out(seed: int) -> None:
    trusted = tuple(
        replace(BY_SLUG[slug], trusts=True)
        for slug in ("nginx-429-with-retry-after", "haproxy-503-by-a-rule")
    )
    ended = run_all(8, seed, trusted)
    assert all(each.accepted > 1 and each.complaint for each in ended)


@needs_proxies
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_all_that_was_started_ends_with_a_run_that_is_ended(
    number: signal.Signals, tmp_path: Path
) -> None:
    run = subprocess.Popen(
        [sys.executable, "-m", "contract_tests.faults.proxies", "--runs", "100000"],
        cwd=ROOT,
        env=os.environ | {"TMPDIR": str(tmp_path)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        # The last proxy to start is the one that is reloaded.
        _wait_until(lambda: bool(list(tmp_path.glob("*/haproxy-reloaded/log"))))
        assert len(_of_session(run.pid)) > 6
    finally:
        run.send_signal(number)
        run.wait(START_SECONDS)
    _wait_until(lambda: not _of_session(run.pid))
    assert bool(list(tmp_path.iterdir())) == (number == signal.SIGKILL)


def test_every_situation_meets_both_clients() -> None:
    met = {(each.situation, each.is_async) for each in plans(2000, 1)}
    assert met == {(each, is_async) for each in SITUATIONS for is_async in (False, True)}
    assert len(BY_SLUG) == len(SITUATIONS)


def test_the_same_seed_makes_the_same_runs_behind_proxies() -> None:
    assert list(plans(50, 7)) == list(plans(50, 7)) != list(plans(50, 8))


@pytest.mark.parametrize(
    ("result", "nothing_paid", "named", "accepted", "wrong"),
    [
        ("Task", False, "task-0", 1, False),
        ("Task", False, "task-0", 0, True),
        ("Task", False, "task-1", 1, True),
        ("NotFoundError 404", True, None, 1, True),
        ("NotFoundError 404", True, None, 0, False),
        ("OutcomeUnknown 404", False, None, 1, False),
        ("OutcomeUnknown 404", False, None, 0, False),
        ("OutcomeUnknown 404", False, "task-1", 1, True),
    ],
)
def test_words_about_payment_are_held_to_what_was_accepted(
    result: str, nothing_paid: bool, named: str | None, accepted: int, wrong: bool
) -> None:
    (plan,) = plans(1, 1, (Situation("any", NGINX, "answers", "", (result,)),))
    ended = Ended(plan, result, nothing_paid, named, accepted)
    assert bool(ended.wrong_words) == wrong == bool(ended.complaint)
    assert Ended(plan, result, nothing_paid, named, 2).complaint == "2 sendings accepted"


def _of_session(session: int) -> list[str]:
    """The processes of a session that still run."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, _, its, *_ = path.read_text().rpartition(")")[2].split()
        except OSError:  # it ended meanwhile
            continue
        if int(its) == session and state != "Z":
            found.append(path.parent.name)
    return found


def _wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)
