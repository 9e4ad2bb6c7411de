"""When a call is sent again, and above all when a create call is not."""

from __future__ import annotations

import random
from email.utils import formatdate

import pytest

from contract_tests.referees.samples import BODY
from contract_tests.tests.package.virtual import TASK_ID, World, answer, broken, late, task, unsent
from foxapi_video import FoxAPIError, OutcomeUnknown, RetryPolicy, calls
from foxapi_video.retries import retry_after
from foxapi_video.steps import Failure, Outcome

HTML = b"<html>Bad gateway</html>"
ERROR = {"error": {"message": "later", "type": "server_error"}}
TASKS = [
    {"id": "task-7", **more}
    for more in (
        {"status": "failed", **ERROR},
        {"object": "video.generation.task"},
        {"progress": 0},
    )
]
GATEWAY = {"message": "API rate limit exceeded"}

RESENT = [
    unsent(),
    answer(429, ERROR),
    answer(429, ERROR, retry_after="0"),
    answer(429, GATEWAY),
    answer(503, ERROR, retry_after="1"),
]
# What a proxy may answer, with a page or with nothing, when the API has accepted.
PAGES = [
    answer(status, body)
    for status in (302, 307, 400, 402, 403, 404, 405, 422, 429, 500, 502, 503, 504)
    for body in (HTML, b"", b"no upstream")
]
UNKNOWN = [
    broken(),
    late(),
    *(answer(status, ERROR) for status in (500, 501, 502, 504, 505, 520, 408, 299, 202, 204)),
    *(answer(status, ERROR) for status in (101, 301, 302, 303, 307)),
    *PAGES,
    answer(400, [ERROR]),
    answer(429, HTML, retry_after="1"),
    answer(503, ERROR),
    answer(503, ERROR, retry_after="soon"),
    answer(503, HTML, retry_after="1"),
    answer(503, GATEWAY, retry_after="1"),
    answer(200, HTML),
    answer(200, {}),
    answer(200, {"id": ".."}),
    answer(200, b""),
    *(
        answer(status, body, retry_after="1")
        for status in (401, 402, 422, 429, 503)
        for body in TASKS
    ),
]
REFUSED = [
    *(answer(status, ERROR) for status in (400, 401, 402, 403, 404, 405, 413, 422)),
    answer(403, GATEWAY),
    answer(403, {"id": "request-7", **ERROR}),
    *(answer(status, HTML) for status in (401, 407, 413, 414, 431)),
]


def _name(outcome: Outcome) -> str:
    if isinstance(outcome, Failure):
        return outcome.kind
    return f"{outcome.status}{'+RA' if outcome.headers else ''} {outcome.body[:12]!r}"


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


@pytest.mark.parametrize(
    "outcome",
    [
        answer(429, HTML),
        answer(429, b""),
        answer(503, HTML),
        answer(503, b"", retry_after="1"),
        answer(503, GATEWAY),
    ],
    ids=_name,
)
def test_who_knows_a_proxy_can_have_its_429_and_503_resent(outcome: Outcome) -> None:
    world = World(outcome, task("pending"))
    settings = world.settings(trust_proxy=True)
    assert world.run(calls.create(settings, BODY)).status == "pending"
    assert len(world.sends) == 2


@pytest.mark.parametrize(
    "outcome",
    [
        answer(503, ERROR),
        answer(502, HTML),
        answer(404, HTML),
        broken(),
        *(answer(status, TASKS[0]) for status in (429, 503)),
    ],
    ids=_name,
)
def test_a_trusted_proxy_changes_nothing_else(outcome: Outcome) -> None:
    world = World(outcome, task("pending"))
    with pytest.raises(OutcomeUnknown):
        world.run(calls.create(world.settings(trust_proxy=True), BODY))
    assert len(world.sends) == 1


@pytest.mark.parametrize("outcome", PAGES, ids=_name)
def test_any_other_call_that_may_cost_follows_the_same_rules(outcome: Outcome) -> None:
    world = World(outcome, task("pending"))
    settings = world.settings()
    call = calls.raw_call(settings, "POST", "/v1/other", json={}, params=None)
    with pytest.raises(OutcomeUnknown):
        world.run(calls.raw(settings, call))
    assert len(world.sends) == 1


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (
            b"<html><style>h1 {}</style><h1>502 Bad&nbsp;Gateway</h1>\n\n<hr>nginx",
            "502 Bad Gateway nginx",
        ),
        (b"<!-- a\ncomment --><script>alert(1)</script>gone\x1b[31m", "gone [31m"),
        (b'{"message": "no route"}', '{"message": "no route"}'),
        (b"upstream " + b"x" * 10_000, "upstream xxx"),
        (b"the key is sk-virtual-12345678", "the key is [key]"),
        (b"the key is sk-virtual&#45;12345678", "the key is [key]"),
    ],
)
def test_an_unknown_outcome_says_how_a_page_begins(body: bytes, words: str) -> None:
    world = World(answer(502, body))
    with pytest.raises(OutcomeUnknown) as caught:
        world.run(calls.create(world.settings(), BODY))
    said = str(caught.value)
    assert f"status 502 and '{words}" in said and said.isprintable() and len(said) < 600
    assert "is the base URL http://127.0.0.1:9 right?" in said
    assert caught.value.status == 502


def test_an_unknown_outcome_says_that_nothing_came_or_where_it_leads() -> None:
    for outcome, words in [
        (answer(404, b""), "status 404 and nothing; is the base URL"),
        (
            answer(302, b"", location="http://a/b?secret"),
            "status 302, which leads to http://a/b, and",
        ),
        (answer(500, ERROR), "The reason: later (status 500)."),
    ]:
        world = World(outcome)
        with pytest.raises(OutcomeUnknown) as caught:
            world.run(calls.create(world.settings(), BODY))
        assert words in str(caught.value)


@pytest.mark.parametrize(
    ("body", "names"),
    [
        (b'{"id": "task-7"}', "task-7"),
        (b' {"more": {"id": "other", "x": "\\"id\\": \\""}, "id" : "task-7"}', "task-7"),
        (b'{"id": "task-7", "status": "pend', "task-7"),
        (b'{"id": "task-7", "more": ' + b"[" * 100_000, "task-7"),
        (b'{"id": "task-\\u0037"}', "task-7"),
        (b'{"more": {"id": "other"}, "status": "id"}', None),
        (b'{"id": "task-', None),
        (b'{"id": 7, "name": "id"}', None),
        (b'{"id": ".."}', None),
        (b'{"id": "\\ud800"}', None),
        (b'{"id": "\xff"}', None),
        (b'[{"id": "task-7"}]', None),
        (b"<b>Warning</b>: it's in {closure}() on \"line 3\n" + b'{"id": "task-7", "st', "task-7"),
        (b'{"more": "' + b"x" * 2**18 + b'", "id": "task-7"}', "task-7"),
        (b'{"id": "task-6", "id": "task-7"}', "task-7"),
        (b'{"more": ' + b"[" * 70 + b"]" * 70 + b', "id": "task-7"}', "task-7"),
        ('{"id": "task-7"}'.encode("utf-8-sig"), "task-7"),
        ('{"id": "task-7"}'.encode("utf-16"), "task-7"),
        ('{"id": "task-7", "st'.encode("utf-16") + b"a", "task-7"),
        ('{"id": "task-7"}'.encode("utf-32-be"), "task-7"),
        (b'{"' + b'\\"' * 500_000, None),
    ],
    ids=lambda each: repr(each)[:40],
)
def test_an_unknown_outcome_names_the_task_of_whatever_came(body: bytes, names: str | None) -> None:
    world = World(answer(500, body))
    with pytest.raises(OutcomeUnknown) as caught:
        world.run(calls.create(world.settings(), BODY))
    assert caught.value.task_id == names
    assert names is None or f"names the task {names}" in str(caught.value)


def test_an_answer_that_is_a_task_is_unknown_and_names_it() -> None:
    for outcome in (answer(202, {"id": "task-7"}), *(answer(429, body) for body in TASKS)):
        world = World(outcome)
        with pytest.raises(OutcomeUnknown, match="names the task task-7") as caught:
            world.run(calls.create(world.settings(), BODY))
        assert caught.value.task_id == "task-7"


def test_a_resend_that_gets_no_answer_is_unknown() -> None:
    world = World(answer(429, ERROR), broken(), task("pending"))
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
    assert world.run(calls.get(world.settings(), TASK_ID)).status == "completed"


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 422, 301, 299])
def test_a_refused_query_is_not_repeated(status: int) -> None:
    world = World(answer(status), task("completed"))
    with pytest.raises(FoxAPIError):
        world.run(calls.get(world.settings(), TASK_ID))
    assert len(world.sends) == 1


def test_it_gives_up_after_the_retries_that_were_asked_for() -> None:
    world = World(broken())
    with pytest.raises(FoxAPIError):
        world.run(calls.get(world.settings(retries=3), TASK_ID))
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
    world.run(calls.get(world.settings(longest_retry_after=60), TASK_ID))
    assert 60 <= world.now <= 61
