"""When a call is sent again, and above all when a create call is not."""

from __future__ import annotations

import random
from email.utils import formatdate

import pytest

from contract_tests.package.virtual import World, answer, broken, late, task, unsent
from contract_tests.samples import BODY
from foxapi_video import FoxAPIError, OutcomeUnknown, RetryPolicy, calls
from foxapi_video.retries import retry_after
from foxapi_video.steps import Failure, Outcome

HTML = b"<html>Bad gateway</html>"

RESENT = [unsent(), answer(429), answer(429, retry_after="0"), answer(503, retry_after="1")]
UNKNOWN = [
    broken(),
    late(),
    *(answer(status) for status in (500, 501, 502, 504, 505, 520, 408, 299, 202, 204, 303, 101)),
    answer(503),
    answer(503, retry_after="soon"),
    answer(502, HTML),
    answer(200, HTML),
    answer(200, {}),
    answer(200, b""),
]
REFUSED = [answer(status) for status in (400, 401, 402, 403, 404, 405, 413, 422, 301, 302, 307)]


def _name(outcome: Outcome) -> str:
    if isinstance(outcome, Failure):
        return outcome.kind
    return f"{outcome.status}{'+RA' if outcome.headers else ''}"


@pytest.mark.parametrize("outcome", RESENT, ids=_name)
def test_a_create_is_resent_only_when_it_was_not_accepted(outcome: Outcome) -> None:
    world = World(outcome, outcome, task("pending"))
    assert world.run(calls.create(world.settings(), BODY)).status == "pending"
    assert len(world.sends) == 3


@pytest.mark.parametrize("outcome", UNKNOWN, ids=_name)
def test_a_create_that_may_be_accepted_is_never_resent(outcome: Outcome) -> None:
    world = World(outcome, task("pending"))
    with pytest.raises(OutcomeUnknown) as caught:
        world.run(calls.create(world.settings(), BODY))
    assert len(world.sends) == 1
    assert caught.value.request.body == BODY, "the request is kept"
    assert isinstance(caught.value.__cause__, FoxAPIError), "and so is the reason"


@pytest.mark.parametrize("outcome", REFUSED, ids=_name)
def test_a_refused_create_is_neither_resent_nor_unknown(outcome: Outcome) -> None:
    world = World(outcome, task("pending"))
    with pytest.raises(FoxAPIError) as caught:
        world.run(calls.create(world.settings(), BODY))
    assert len(world.sends) == 1
    assert not isinstance(caught.value, OutcomeUnknown)


def test_an_unknown_outcome_keeps_the_task_that_the_answer_names() -> None:
    world = World(answer(202, {"id": "task-7"}))
    with pytest.raises(OutcomeUnknown, match="names the task task-7") as caught:
        world.run(calls.create(world.settings(), BODY))
    assert caught.value.task_id == "task-7"


def test_a_resend_that_gets_no_answer_is_unknown() -> None:
    world = World(answer(429), broken(), task("pending"))
    with pytest.raises(OutcomeUnknown):
        world.run(calls.create(world.settings(), BODY))
    assert len(world.sends) == 2


@pytest.mark.parametrize(
    "outcome",
    [unsent(), broken(), late(), *(answer(s) for s in (408, 429, 500, 502, 503, 504, 520))],
    ids=_name,
)
def test_a_query_is_repeated_freely(outcome: Outcome) -> None:
    world = World(outcome, outcome, task("completed"))
    assert world.run(calls.get(world.settings(), "x")).status == "completed"


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 422, 301, 299])
def test_a_refused_query_is_not_repeated(status: int) -> None:
    world = World(answer(status), task("completed"))
    with pytest.raises(FoxAPIError):
        world.run(calls.get(world.settings(), "x"))
    assert len(world.sends) == 1


def test_it_gives_up_after_the_retries_that_were_asked_for() -> None:
    world = World(broken())
    with pytest.raises(FoxAPIError):
        world.run(calls.get(world.settings(retries=3), "x"))
    assert len(world.sends) == 4


def test_backoff_doubles_up_to_a_limit_with_full_jitter(seed: int) -> None:
    policy = RetryPolicy(first_delay=0.5, longest_delay=8)
    most = [policy.delay(attempt, None, lambda: 1.0) for attempt in range(7)]
    assert most == [0.5, 1, 2, 4, 8, 8, 8]
    assert policy.delay(10_000, None, lambda: 1.0) == 8
    draw = random.Random(seed)
    drawn = [policy.delay(4, None, draw.random) for _ in range(1000)]
    assert min(drawn) < 0.8 and max(drawn) > 7.2, "from nothing to the limit"


def test_the_server_s_wish_to_be_left_alone_is_obeyed_up_to_a_limit() -> None:
    policy = RetryPolicy(longest_retry_after=60)
    assert 7 <= policy.delay(0, 7) <= 8
    assert 60 <= policy.delay(9, 86_400) <= 61


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("0", 0),
        ("120", 120),
        (formatdate(1_000_030, usegmt=True), 30),
        (formatdate(999_000, usegmt=True), 0),
        ("Mon, 12 Jan 1970 13:47:00", 20),
        ("soon", None),
        ("-5", None),
        ("", None),
        ("1.5", None),
        ("٣", None),
        ("9" * 500, 999_999_999_999),
        ("Fri, 99 Foo 99999 99:99:99 GMT", None),
    ],
)
def test_retry_after_as_seconds_and_as_a_date(header: str, seconds: float | None) -> None:
    assert retry_after({"retry-after": header}, lambda: 1_000_000.0) == seconds


def test_a_long_wish_does_not_stop_a_query_for_ever() -> None:
    world = World(answer(429, retry_after="86400"), task("completed"))
    world.run(calls.get(world.settings(longest_retry_after=60), "x"))
    assert 60 <= world.now <= 61
