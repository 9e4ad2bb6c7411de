"""A deadline bounds a call with all its attempts, and says no more of a payment than is known."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from contract_tests.faults.behaviours import Behaviour, refusal, silence
from contract_tests.faults.server import FaultServer
from contract_tests.referees.samples import BODY, SAMPLES, SPEC, field_with
from contract_tests.tests.package.conftest import KEY
from contract_tests.tests.package.virtual import World, answer, broken, late, task, unsent
from foxapi_video import (
    APIConnectionError,
    APITimeoutError,
    AsyncFoxAPI,
    ConfigurationError,
    FoxAPI,
    OutcomeUnknown,
    RateLimitError,
    calls,
    local_files,
)
from foxapi_video.violations import takes_address

ERROR = {"error": {"message": "later", "type": "rate_limit_error"}}
BUSY = answer(429, ERROR, retry_after="300")


def test_a_wait_that_the_deadline_would_cut_off_is_not_begun() -> None:
    world = World(BUSY)
    with pytest.raises(RateLimitError, match="not sent again: deadline=20 ") as caught:
        world.run(calls.create(world.settings(deadline=20), BODY))
    assert (world.now, world.sleeps, caught.value.retry_after) == (0, [], 300)


def test_without_a_deadline_a_call_waits_as_it_is_asked_to() -> None:
    world = World(BUSY)
    with pytest.raises(RateLimitError):
        world.run(calls.create(world.settings(), BODY))
    assert world.now > 200


def test_each_attempt_has_what_is_left() -> None:
    world = World(answer(500), answer(500), task("pending"), takes=7)
    settings = world.settings(deadline=20, first_delay=2, longest_delay=2)
    world.run(calls.get(settings, "task-unified-1757165031-virtual"))
    assert world.limits == [10, 10, 4], "the timeout of an attempt is 10"


def test_a_wait_that_takes_longer_than_asked_leaves_no_time() -> None:
    world = World(answer(500), takes=1)
    settings = world.settings(deadline=20)
    plan = calls.get(settings, "task-1")
    next(plan)
    plan.send(answer(500))
    world.now = 21
    with pytest.raises(Exception, match="not sent again"):
        plan.send(None)


@pytest.mark.parametrize("outcomes", [[broken()], [late()], [BUSY, broken()], [unsent(), late()]])
def test_what_may_be_accepted_stays_unknown(outcomes: list[Any]) -> None:
    world = World(*outcomes)
    settings = world.settings(deadline=20, longest_retry_after=1)
    with pytest.raises(OutcomeUnknown):
        world.run(calls.create(settings, BODY))


def test_what_was_never_sent_is_not_unknown() -> None:
    world = World(unsent(), takes=1)
    with pytest.raises(APIConnectionError, match="not sent again: deadline=20 "):
        world.run(calls.create(world.settings(deadline=20, retries=99), BODY))
    assert world.now < 20 and len(world.sends) > 2


def test_a_deadline_ends_an_attempt(
    serve: Callable[..., FaultServer], connect: Callable[..., FoxAPI]
) -> None:
    server = serve(Behaviour("silence", silence), endless=True)
    fox = connect(server.url, timeout=None, retries=0).with_options(deadline=0.2)
    with pytest.raises(APITimeoutError, match=r"the whole call had deadline=0\.2 seconds"):
        fox.tasks.get("x")
    with pytest.raises(OutcomeUnknown, match=r"deadline=0\.2"):
        fox.videos.create(BODY)

    async def run() -> None:
        async with AsyncFoxAPI(KEY, base_url=server.url, timeout=None, deadline=0.2) as fox:
            with pytest.raises(OutcomeUnknown, match=r"deadline=0\.2"):
                await fox.videos.create(BODY)

    asyncio.run(run())
    assert server.accepted == 2


def test_a_deadline_of_a_client_holds_for_each_of_its_calls(
    serve: Callable[..., FaultServer], connect: Callable[..., FoxAPI]
) -> None:
    busy = Behaviour("busy", refusal(429, "rate_limit_error", {"Retry-After": "300"}))
    fox = connect(serve(busy, endless=True).url, deadline=5, retries=4)
    for call in (
        lambda: fox.videos.create(BODY),
        lambda: fox.tasks.get("x"),
        lambda: fox.files.upload(b"bytes"),
        lambda: fox.request("POST", "/v1/other"),
    ):
        with pytest.raises(RateLimitError, match="deadline=5 "):
            call()


def test_one_call_can_have_a_deadline_of_its_own(
    serve: Callable[..., FaultServer], connect: Callable[..., FoxAPI]
) -> None:
    busy = Behaviour("busy", refusal(429, "rate_limit_error", {"Retry-After": "300"}))
    server = serve(busy, endless=True)
    fox = connect(server.url, deadline=3000, retries=4)
    keywords: Any = fox.videos.create
    for call in (
        lambda: fox.videos.create(BODY, deadline=5),
        lambda: keywords(**BODY, deadline=5),
        lambda: fox.videos.generate(BODY, deadline=5),
        lambda: fox.with_options(deadline=5).videos.create(BODY),
    ):
        with pytest.raises(RateLimitError, match="deadline=5 "):
            call()

    async def run() -> None:
        async with AsyncFoxAPI(KEY, base_url=server.url) as other:
            with pytest.raises(RateLimitError, match="deadline=5 "):
                await other.videos.generate(BODY, deadline=5)

    asyncio.run(run())
    slow = Behaviour("silence", silence)
    hasty = connect(serve(slow, endless=True).url, timeout=0.8, retries=0, deadline=0.1)
    with pytest.raises(OutcomeUnknown, match=r"timeout=0\.8 "):
        hasty.videos.create(BODY, deadline=None)


def test_uploads_and_their_create_call_share_a_deadline(tmp_path: Path) -> None:
    photo = tmp_path / "photo.png"
    photo.write_bytes(b"PNG")
    variant, field = field_with(SPEC, lambda _, s: "items" in s and takes_address(s))
    body = SAMPLES[variant] | {field: [photo]}
    stored = answer(200, {"url": "https://example.com/a.png"})
    world = World(stored, task("pending"), takes=4)
    world.run(local_files.create(world.settings(deadline=9), body))
    assert world.limits == [9, 5]
    world = World(stored, takes=9)
    with pytest.raises(APITimeoutError, match="deadline=9 was over before the create") as caught:
        world.run(local_files.create(world.settings(deadline=9), body))
    assert len(world.sends) == 1 and "Uploaded before: photo.png" in str(caught.value)


@pytest.mark.parametrize("deadline", [0, -1, "5", float("nan"), float("inf"), True], ids=repr)
def test_what_can_t_be_a_deadline_is_refused(deadline: Any) -> None:
    with pytest.raises(ConfigurationError, match="deadline"):
        FoxAPI(KEY, deadline=deadline)
    with pytest.raises(ConfigurationError, match="deadline"):
        FoxAPI(KEY).with_options(deadline=deadline)
    with pytest.raises(ConfigurationError, match="deadline"):
        FoxAPI(KEY).videos.create(BODY, deadline=deadline)


def test_a_timeout_says_what_to_raise(
    serve: Callable[..., FaultServer], connect: Callable[..., FoxAPI]
) -> None:
    server = serve(Behaviour("silence", silence), endless=True)
    fox = connect(server.url, timeout=0.2, retries=0)
    with pytest.raises(APITimeoutError, match=r"had timeout=0\.2 seconds: raise it"):
        fox.tasks.get("x")
    with pytest.raises(APITimeoutError, match=r"its answer take, timeout=0\.2 seconds: raise it"):
        fox.files.upload(b"bytes")
