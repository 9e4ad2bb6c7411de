"""What errors say to people: what was wrong, and what to do about it."""

from __future__ import annotations

import asyncio
import pickle
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from contract_tests.faults.server import FaultServer
from contract_tests.referees.samples import BODY
from contract_tests.tests.package.conftest import KEY
from contract_tests.tests.package.virtual import TASK_ID, World, answer, broken
from foxapi_video import (
    APIConnectionError,
    APIStatusError,
    AsyncFoxAPI,
    FoxAPI,
    InvalidRequest,
    OutcomeUnknown,
    calls,
    check,
)

_KEY = "sk-virtual-12345678"  # of World


def _refused(status: int, body: Any, **headers: str) -> APIStatusError:
    world = World(answer(status, body, **headers))
    with pytest.raises(APIStatusError) as caught:
        world.run(calls.get(world.settings(retries=0), "x"))
    return caught.value


def _unknown(world: World, body: Any = BODY) -> OutcomeUnknown:
    with pytest.raises(OutcomeUnknown) as caught:
        world.run(calls.create(world.settings(retries=0), body))
    return caught.value


def test_tasks_and_errors_have_the_headers_and_the_request_id() -> None:
    sent = {"X-Request-Id": f"r-1 {_KEY}", "Set-Cookie": "session=1", "Server": "x"}
    kept = {"x-request-id": "r-1 [key]", "server": "x"}
    world = World(answer(200, {"id": TASK_ID}, **sent))
    found = world.run(calls.get(world.settings(), TASK_ID))
    refused = _refused(422, {"error": {"message": "no"}}, **sent)
    unreadable = _refused(200, b"<html>", **sent)
    unknown = _unknown(World(answer(502, b"<html>", **sent)))
    for each in (found, refused, unreadable, unknown):
        again: Any = pickle.loads(pickle.dumps(each))  # noqa: S301 -- our own
        assert again.headers == each.headers == kept and again.request_id == "r-1 [key]"
    assert "request r-1 [key]" in str(refused)
    nothing = _unknown(World(broken()))
    assert nothing.headers == {} and nothing.request_id is None
    assert _refused(404, {}, Server="x").request_id is None


def test_an_unknown_outcome_says_what_was_sent_when_and_where_to_look(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("foxapi_video.exchange.time.time", lambda: 1_800_000_000.5)
    error = _unknown(World(broken()))
    said = str(error)
    assert error.request.at == 1_800_000_000.5
    assert f"model {BODY['model']!r}" in said and "at 2027-01-15 08:00:00 UTC" in said
    assert "in your account" in said and "no page documents a list of tasks" in said
    again: Any = pickle.loads(pickle.dumps(error))  # noqa: S301 -- our own
    assert str(again) == said and again.request.at == error.request.at
    named = str(_unknown(World(answer(502, {"id": TASK_ID, "status": "pending"}))))
    assert f"tasks.wait({TASK_ID!r}) waits for it" in named and "account" not in named


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (422, {"detail": "the prompt is empty"}, "the prompt is empty"),
        (422, {"detail": [{"loc": ["body", "a"], "msg": "needed"}]}, "body.a: needed"),
        (401, {"message": "no such token"}, "no such token"),
        (401, {"message": "no such token"}, "check the API key"),
        (500, {}, "the server says no more (status 500, GET"),
        (500, {}, "the service has trouble: try again later"),
        (402, {"error": "too few"}, "add credits"),
        (422, {"detail": [5, {"loc": 5}, {}], "error": {"message": ""}}, ": None"),
        (422, [], "the server says no more"),
    ],
    ids=str,
)
def test_the_words_of_others_are_found_too(status: int, body: Any, said: str) -> None:
    assert said in str(_refused(status, body))


@pytest.mark.parametrize("body", [{"error": {"message": "Invalid URL"}}, b"<html>"], ids=str)
def test_a_base_url_that_ends_in_v1_is_told(body: Any) -> None:
    world = World(answer(404, body))
    settings = replace(world.settings(), base_url="https://api.example/v1")
    with pytest.raises(APIStatusError, match="the base URL ends in /v1, which every path"):
        world.run(calls.get(settings, "x"))
    with pytest.raises((APIStatusError, OutcomeUnknown), match="/v1"):
        world.run(calls.create(settings, BODY))
    assert "base URL" not in str(_refused(404, {"error": {"message": "no task"}}))


def test_a_proxy_that_can_t_be_reached_is_named_and_its_password_is_not(
    connect: Callable[..., FoxAPI], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("no_proxy", "NO_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("http_proxy", "http://me:word@127.0.0.1:9")
    with pytest.raises(APIConnectionError) as caught:
        connect("http://example.com", retries=0).tasks.get("x")
    assert "names the proxy 127.0.0.1:9: can it be reached?" in str(caught.value)
    assert "word" not in str(caught.value).replace("words", "")


def test_a_failed_connection_gives_its_reason_on_both_clients(
    serve: Callable[..., FaultServer], connect: Callable[..., FoxAPI]
) -> None:
    server = serve(refuse=True)

    async def ask() -> None:
        async with AsyncFoxAPI(KEY, base_url=server.url, retries=0) as fox:
            await fox.tasks.get("x")

    for call in (
        lambda: connect(server.url, retries=0).tasks.get("x"),
        lambda: asyncio.run(ask()),
    ):
        with pytest.raises(APIConnectionError, match="Errno"):
            call()


@pytest.mark.usefixtures("of_base")
def test_a_field_of_another_form_of_the_model_says_whose_it_is() -> None:
    body = {"model": "veo3.1-fast", "prompt": "x", "size": "auto", "aspect_ratio": "16:9"}
    (wrong,) = check(body)
    said = "no such field beside the others given: it belongs to Veo31FastFramesRequest"
    assert (wrong.field, wrong.problem) == ("aspect_ratio", said)
    with pytest.raises(InvalidRequest, match="it belongs to Veo31FastFramesRequest") as caught:
        FoxAPI(KEY).videos.create(body)
    assert "newer" not in str(caught.value), "it is documented"
    with pytest.raises(InvalidRequest, match=r"newer than .* extra_body={'lens'"):
        FoxAPI(KEY).videos.create({**body, "lens": 35})
