"""The key is in no error, cause, log or pickle, also where a server echoes it."""

from __future__ import annotations

import json
import logging
import pickle
import traceback
from collections.abc import Callable
from dataclasses import asdict, is_dataclass
from typing import Any

import httpx
import pytest

from contract_tests.faults.behaviours import Behaviour, page, refusal, text, value
from contract_tests.faults.server import FaultServer
from contract_tests.referees.samples import BODY
from contract_tests.tests.package.conftest import KEY, shown
from contract_tests.tests.package.virtual import World, answer
from foxapi_video import (
    ConfigurationError,
    FoxAPI,
    FoxAPIError,
    OutcomeUnknown,
    Task,
    callbacks,
    calls,
    uploads,
    waiting,
)

ECHO = Behaviour("echoes the key", value({"error": {"message": f"wrong key {KEY}", "code": KEY}}))


@pytest.mark.parametrize(
    "behaviour",
    [
        Behaviour("echoes it in JSON", refusal(401, f"key {KEY} is wrong")),
        Behaviour("echoes it in text", text(f"<p>{KEY}</p>".encode())),
        Behaviour("echoes it in a redirect", refusal(302, None, {"Location": f"/{KEY}"})),
        Behaviour("an HTML page", page(500)),
        ECHO,
    ],
    ids=lambda behaviour: behaviour.name,
)
def test_the_key_shows_in_no_error_log_or_pickle(
    behaviour: Behaviour,
    serve: Callable[..., FaultServer],
    connect: Callable[..., FoxAPI],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    server = serve(behaviour, endless=True)
    fox = connect(server.url)
    made: list[Callable[[], Task]] = [
        lambda: fox.tasks.get("x"),
        lambda: fox.videos.create(BODY),
    ]
    for call in made:
        with pytest.raises(FoxAPIError) as caught:
            call()
        assert KEY not in shown(caught.value)
        assert KEY.encode() not in pickle.dumps(caught.value)
    assert server.headers[0]["authorization"] == f"Bearer {KEY}", "it was sent"
    # httpcore writes the server's headers down as they came, at DEBUG: they are the server's words.
    logged = [record for record in caplog.records if "receive_response" not in record.getMessage()]
    assert logged and not any(KEY in record.getMessage() for record in logged)
    assert KEY not in repr(fox) + repr(vars(fox)) + str(fox.videos)


def test_a_failed_connection_does_not_show_the_key(connect: Callable[..., FoxAPI]) -> None:
    with FaultServer(refuse=True) as server, pytest.raises(FoxAPIError) as caught:
        connect(server.url).tasks.get("x")
    told = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
    assert KEY not in "".join(told.format())
    cause = caught.value.__cause__
    assert isinstance(cause, httpx.ConnectError) and cause.__traceback__ is None
    with pytest.raises(RuntimeError, match="not been set"):
        _ = cause.request  # it would hold the key


@pytest.mark.parametrize("at", [0, 480, 4080], ids=["at once", "where words", "where bodies"])
@pytest.mark.parametrize("way", ["header", "body", "reason"])
def test_a_key_that_a_broken_answer_echoes_is_blotted_out(
    at: int,
    way: str,
    serve: Callable[..., FaultServer],
    connect: Callable[..., FoxAPI],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Also where the words are cut, in the cause, and in the log."""
    caplog.set_level(logging.DEBUG, "foxapi_video")
    words = b"x" * at + KEY.encode()
    answers = {
        "header": b"HTTP/1.1 200 OK\r\nno header " + words + b"\r\n\r\n",
        "body": b"HTTP/1.1 500 No\r\nConnection: close\r\n\r\n" + words,
        "reason": b"HTTP/9.9 " + words + b"\r\n\r\n",
    }
    echo = Behaviour("echoes it", lambda exchange: exchange.send(answers[way]))
    fox = connect(serve(echo, echo).url, retries=0)
    made: list[Callable[[], object]] = [
        lambda: fox.tasks.get("x"),
        lambda: fox.videos.create(BODY),
    ]
    for call in made:
        with pytest.raises(FoxAPIError) as caught:
            call()
        assert KEY[:12] not in shown(caught.value) + caplog.text


ECHOED = "sk-virtual-12345678"
ECHOING = {
    "id": f"task-{ECHOED}",
    "model": ECHOED,
    "error": {"code": [ECHOED], "message": "x" * 490 + ECHOED},
    "results": [{"url": f"https://example.com/{ECHOED}", ECHOED: 1}],
    "url": f"https://example.com/{ECHOED}",
}


@pytest.mark.parametrize("status", ["failed", "cancelled", "completed", f"asleep {ECHOED}"])
def test_a_key_that_a_task_echoes_is_blotted_out(
    status: str, caplog: pytest.LogCaptureFixture
) -> None:
    """In what is given, raised, pickled, logged and told on the way."""
    caplog.set_level(logging.DEBUG, "foxapi_video")
    world = World(answer(200, {**ECHOING, "status": status}))
    settings, told = world.settings(retries=0), list[Any]()
    waits: dict[str, Any] = {"timeout": 60, "polling": None, "on_progress": told.append}
    plans: list[Callable[[], Any]] = [
        lambda: calls.create(settings, BODY),
        lambda: calls.get(settings, "x"),
        lambda: waiting.generate(settings, calls.create(settings, BODY), **waits),
        lambda: waiting.wait(settings, "x", **waits),
        lambda: callbacks.confirm(settings, json.dumps(ECHOING)),
        lambda: uploads.upload_url(settings, "u", file_name=None, auto_cleanup=None),
    ]
    for plan in plans:
        try:
            told.append(world.run(plan()))
        except FoxAPIError as error:
            told += [error, shown(error), vars(error)]
    assert len(told) >= len(plans)
    everything = "".join(map(repr, told)) + "".join(
        repr(asdict(t)) for t in told if is_dataclass(t) and not isinstance(t, type)
    )
    assert "[key]" in everything and ECHOED[:12] not in everything + caplog.text
    assert ECHOED.encode() not in pickle.dumps(told)


@pytest.mark.parametrize(
    "spelled",
    [
        lambda body: body.encode(),
        lambda body: body.replace(ECHOED, "".join(f"\\u{ord(c):04x}" for c in ECHOED)).encode(),
        lambda body: body.encode("utf-16"),
        lambda body: body.encode("utf-32-le"),
    ],
    ids=["as it is", "escapes", "UTF-16", "UTF-32"],
)
def test_a_key_is_found_however_json_spells_it(spelled: Callable[[str], bytes]) -> None:
    body = spelled(json.dumps({"id": "t", "more": [ECHOED]}))
    world = World(answer(200, body))
    assert world.run(calls.get(world.settings(), "t")).raw["more"] == ["[key]"]


def test_a_key_that_a_failed_create_echoes_as_an_id_is_blotted_out() -> None:
    world = World(answer(500, ECHOING))
    with pytest.raises(OutcomeUnknown) as caught:
        world.run(calls.create(world.settings(), BODY))
    assert caught.value.task_id == "task-[key]"
    assert ECHOED not in str(caught.value) + shown(caught.value)


def test_a_client_is_not_pickled(connect: Callable[..., FoxAPI]) -> None:
    with pytest.raises(TypeError, match="not pickled"):
        pickle.dumps(connect("http://127.0.0.1:9"))


@pytest.mark.parametrize("key", ["", "  ", "sk-with\nnewline-4711", "schlüssel", "two words"])
def test_a_key_that_can_t_be_one_is_refused_and_not_shown(key: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        FoxAPI(key)
    assert not key.strip() or key.strip() not in str(caught.value)


def test_a_task_that_answers_is_logged_without_its_body(
    serve: Callable[..., FaultServer],
    connect: Callable[..., FoxAPI],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG, "foxapi_video")
    connect(serve().url).videos.create(BODY)
    ours = [record.getMessage() for record in caplog.records if record.name == "foxapi_video"]
    assert ours and all("status 200" in line for line in ours)
    assert not [name for name in BODY.keys() - {"model"} if str(BODY[name]) in caplog.text]
