"""The tree of errors: every status and every body ends in it, and the key shows nowhere."""

from __future__ import annotations

import asyncio
import json
import logging
import pickle
import traceback
from collections.abc import Callable
from operator import attrgetter
from pathlib import Path
from typing import Any

import attrs
import httpx
import pytest

import foxapi_video
from contract_tests.faults.behaviours import Behaviour, page, refusal, text, value
from contract_tests.faults.server import FaultServer
from contract_tests.package.conftest import KEY, POLLING, QUICK
from contract_tests.package.virtual import TASK_ID, World, answer, broken, task
from contract_tests.samples import BODY
from foxapi_video import (
    AddressRefused,
    APIConnectionError,
    APIStatusError,
    AsyncFoxAPI,
    AuthenticationError,
    BadRequestError,
    ConfigurationError,
    DownloadError,
    FoxAPI,
    FoxAPIError,
    InsufficientQuotaError,
    InvalidRequest,
    LinkExpired,
    NotFoundError,
    OutcomeUnknown,
    RateLimitError,
    RedirectError,
    ServerError,
    ServiceUnavailableError,
    StorageFullError,
    Task,
    TaskFailed,
    TaskTimeout,
    UnprocessableError,
    UnreadableAnswerError,
    callbacks,
    calls,
    errors,
    uploads,
    waiting,
)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, BadRequestError),
        (401, AuthenticationError),
        (402, InsufficientQuotaError),
        (403, StorageFullError),
        (404, NotFoundError),
        (418, APIStatusError),
        (422, UnprocessableError),
        (429, RateLimitError),
        (500, ServerError),
        (503, ServiceUnavailableError),
        (520, ServerError),
        (599, ServerError),
        (302, RedirectError),
        (299, APIStatusError),
    ],
)
def test_each_status_has_its_class(status: int, kind: type[APIStatusError]) -> None:
    told = {"message": "in the server's words", "type": "some_error", "code": [1]}
    world = World(answer(status, {"error": told}, retry_after="3"))
    with pytest.raises(APIStatusError) as caught:
        world.run(calls.get(world.settings(retries=0), "x"))
    error = caught.value
    assert type(error) is kind
    assert (error.status, error.type, error.code) == (status, "some_error", [1])
    assert error.message == "in the server's words" and error.body == {"error": told}
    assert error.retry_after == 3
    assert error.request.method == "GET" and error.request.url.endswith("/v1/tasks/x")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b'{"error": ',
        b"\xff\xfe",
        b"[" * 50_000,
        b"null",
        b"7",
        b'"x"',
        b"[]",
        b"{}",
    ],
)
@pytest.mark.parametrize("status", [200, 404, 500])
def test_any_body_ends_in_the_tree(status: int, body: bytes) -> None:
    world = World(answer(status, body))
    with pytest.raises(APIStatusError) as caught:
        world.run(calls.get(world.settings(retries=0), "x"))
    assert caught.value.status == status and str(caught.value)
    assert isinstance(caught.value, UnreadableAnswerError) == (status == 200)


def test_an_answer_of_any_depth_is_read_or_refused_and_nothing_else() -> None:
    """What is read can be redacted, printed, compared and pickled."""
    for levels in (1, 63, 64, 700, 5000, 100_000):
        lists = b"[" * (levels - 1) + b"]" * (levels - 1) if levels > 1 else b"0"
        body = b'{"id": "t", "more": ' + lists + b"}"
        world = World(answer(200, body), answer(422, body))
        for status in (200, 422):
            try:
                found = world.run(calls.get(world.settings(retries=0), "t"))
            except UnprocessableError as error:
                assert status == 422 and isinstance(error.body, dict) == (levels <= 64)
                assert pickle.loads(pickle.dumps(error)).body == error.body  # noqa: S301
            except UnreadableAnswerError as error:
                assert status == 200 and levels > 64 and "nested too deeply" in str(error)
            else:
                assert status == 200 and levels <= 64
                assert pickle.loads(pickle.dumps(found)) == found  # noqa: S301
                assert json.loads(json.dumps(found.to_model().to_dict())) == found.to_dict()


@pytest.mark.parametrize("error", ["text", 7, None, [], {"message": 5}, {"type": {}}, {"code": {}}])
def test_an_error_of_another_shape_is_told_all_the_same(error: Any) -> None:
    world = World(answer(422, {"error": error}))
    with pytest.raises(UnprocessableError) as caught:
        world.run(calls.get(world.settings(), "x"))
    assert caught.value.message and caught.value.body == {"error": error}


def test_the_server_s_words_are_shown_on_one_line_and_cut() -> None:
    told = "\x1b[31mred\x1b[0m\r\nFORGED LOG LINE " + "x" * 5000
    world = World(answer(422, {"error": {"message": told}}))
    with pytest.raises(UnprocessableError) as caught:
        world.run(calls.get(world.settings(), "x"))
    assert "\x1b" not in str(caught.value) and "\n" not in str(caught.value)
    assert len(str(caught.value)) < 700


def test_a_redirect_says_where_to(serve: Callable[..., FaultServer], connect: Any) -> None:
    location = {"Location": "https://api.example.com/v1?token=x"}
    server = serve(Behaviour("moved", refusal(301, None, location)), endless=True)
    with pytest.raises(RedirectError, match=r"https://api\.example\.com/v1;") as caught:
        connect(server.url).tasks.get("x")
    assert "token" not in str(caught.value) and len(server.requests) == 1


def test_what_a_task_does_not_document_survives() -> None:
    told = {"id": "t", "status": "resting", "type": "hologram", "mood": {"is": [1]}, "object": 5}
    found = Task.from_dict(told)
    assert found.to_dict() == told and found.status == "resting"
    assert found.to_model().to_dict() == told, "the generated model keeps them too"
    assert pickle.loads(pickle.dumps(found)) == found  # noqa: S301


@pytest.mark.parametrize(
    "told",
    [
        {"progress": 101},
        {"progress": True},
        {"progress": 1e999},
        {"progress": 10**400},
        {"progress": "half"},
        {"created": float("nan")},
        {"results": "none"},
        {"results": [None, 5, {"url": 7}, {}]},
        {"error": "text"},
        {"error": [1]},
        {"task_info": []},
        {"status": {}},
        {"model": 1},
    ],
    ids=str,
)
def test_a_member_of_another_type_reads_as_none(told: dict[str, Any]) -> None:
    found = Task.from_dict({"id": "t", **told})
    assert isinstance(found.status, str) and found.url is None
    assert found.progress is None or isinstance(found.progress, int)
    assert repr(found) and found.to_dict()["id"] == "t"


@pytest.mark.parametrize("identifier", [None, 5, "", "a\nb", "x" * 5000, ["t"]])
def test_an_id_that_can_t_be_one_is_no_task(identifier: Any) -> None:
    with pytest.raises(ValueError, match="id"):
        Task.from_dict({"id": identifier})


def _every_error() -> list[FoxAPIError]:
    request = errors.SentRequest("POST", "http://127.0.0.1:9/x", dict(BODY))
    failed = Task.from_dict({"id": "t", "status": "failed", "error": {"code": 1, "message": "m"}})
    made: list[FoxAPIError] = [
        InvalidRequest(foxapi_video.check({"model": "x"})),
        OutcomeUnknown("why", request=request, status=500, task_id="t"),
        TaskFailed(failed),
        errors.TaskCancelled(failed),
        TaskTimeout("t", task=failed, waited=5.0),
    ]
    for name in errors.__all__:
        kind = getattr(errors, name)
        if not issubclass(kind, FoxAPIError) or kind in map(type, made):
            continue
        if issubclass(kind, APIStatusError):
            made.append(kind("m", status=400, request=request, code={"a": 1}, body=[1]))
        elif issubclass(kind, errors.APIConnectionError):
            made.append(kind("m", request=request))
        else:
            made.append(kind("m"))
    return made


@pytest.mark.parametrize("error", _every_error(), ids=lambda error: type(error).__name__)
def test_every_error_is_documented_and_can_be_pickled(error: FoxAPIError) -> None:
    assert type(error).__doc__ and type(error).__name__ in errors.__all__
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301
    assert type(copy) is type(error) and str(copy) == str(error)
    assert {k: v for k, v in vars(copy).items() if k != "task"} == {
        k: v for k, v in vars(error).items() if k != "task"
    }
    assert copy.task_id == error.task_id


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
        assert KEY not in _shown(caught.value)
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


Called = Callable[..., Any]


@pytest.fixture(params=["sync", "async"])
def called(request: pytest.FixtureRequest) -> Called:
    """Call a method by its path, such as tasks.get, with one client and the other.

    With hooks the client sends with an httpx client that has them for answers.
    """

    def sync(url: str, path: str, *arguments: Any, hooks: Any = None, **more: Any) -> Any:
        own = httpx.Client(event_hooks={"response": hooks}) if hooks else None
        with FoxAPI(KEY, base_url=url, retries=QUICK, http_client=own) as fox:
            return attrgetter(path)(fox)(*arguments, **more)

    async def run(url: str, path: str, *arguments: Any, hooks: Any = None, **more: Any) -> Any:
        own = (
            httpx.AsyncClient(event_hooks={"response": [*map(_awaited, hooks)]}) if hooks else None
        )
        async with AsyncFoxAPI(KEY, base_url=url, retries=QUICK, http_client=own) as fox:
            return await attrgetter(path)(fox)(*arguments, **more)

    return sync if request.param == "sync" else lambda *a, **more: asyncio.run(run(*a, **more))


def _awaited(hook: Callable[[httpx.Response], object]) -> Any:
    async def awaited(response: httpx.Response) -> None:
        if hook is _read:
            await response.aread()
        else:
            hook(response)

    return awaited


def _read(response: httpx.Response) -> None:
    response.read()


@pytest.mark.parametrize(
    ("path", "arguments", "kind"),
    [
        ("videos.create", [BODY], OutcomeUnknown),
        ("tasks.get", ["x"], APIConnectionError),
        ("tasks.wait", ["x"], TaskTimeout),
        ("files.upload", [b"bytes"], APIConnectionError),
        ("videos.download", [], DownloadError),
    ],
)
def test_a_location_that_is_no_name_ends_in_the_tree(
    path: str,
    arguments: list[Any],
    kind: type[FoxAPIError],
    serve: Callable[..., FaultServer],
    called: Called,
    tmp_path: Path,
) -> None:
    moved = Behaviour("moved", refusal(302, None, {"Location": "http://xn--/"}))
    server = serve(moved, endless=True)
    more = {"timeout": 0.2, "polling": POLLING} if path == "tasks.wait" else {}
    if path == "videos.download":
        arguments = [f"{server.url}/video.mp4", tmp_path / "out.mp4"]
    with pytest.raises(kind):
        called(server.url, path, *arguments, **more)
    assert path != "videos.create" or len(server.requests) == 1


def test_a_link_that_is_no_name_is_refused(called: Called, tmp_path: Path) -> None:
    with pytest.raises(AddressRefused):
        called("http://127.0.0.1:9", "videos.download", "http://xn--/", tmp_path / "out.mp4")


_RAISE = httpx.Response.raise_for_status


def _elsewhere(response: httpx.Response) -> None:
    """Another call of the hook's own, whose answer it raises."""
    other = httpx.Request("GET", "http://127.0.0.1:9", headers=response.request.headers)
    httpx.Response(401, request=other).raise_for_status()


@pytest.mark.parametrize(
    ("path", "argument", "status", "hooks", "kind"),
    [
        ("videos.create", BODY, 401, [_RAISE], AuthenticationError),
        ("videos.create", BODY, 402, [_RAISE], OutcomeUnknown),
        ("videos.create", BODY, 402, [_read, _RAISE], InsufficientQuotaError),
        ("videos.create", BODY, 200, [_elsewhere], OutcomeUnknown),
        ("tasks.get", "x", 404, [_RAISE], NotFoundError),
        ("tasks.get", "x", 401, [_elsewhere], APIConnectionError),
    ],
)
def test_an_answer_that_a_hook_raises_is_an_answer_and_does_not_show_the_key(
    path: str,
    argument: Any,
    status: int,
    hooks: list[Any],
    kind: type[FoxAPIError],
    serve: Callable[..., FaultServer],
    called: Called,
) -> None:
    server = serve(Behaviour("refuses", refusal(status)), endless=True)
    with pytest.raises(kind) as caught:
        called(server.url, path, argument, hooks=hooks)
    assert hooks == [_elsewhere] or getattr(caught.value, "status", None) == status
    error: BaseException | None = caught.value
    assert KEY not in _shown(caught.value)
    while error is not None:
        assert not any(vars(error).get(name) for name in ("_request", "response"))
        error = error.__cause__ or error.__context__


def test_a_status_of_a_link_that_a_hook_raises_is_told(
    serve: Callable[..., FaultServer], called: Called, tmp_path: Path
) -> None:
    server = serve(Behaviour("gone", refusal(404)), endless=True)
    link = f"{server.url}/video.mp4"
    with pytest.raises(LinkExpired, match="status 404"):
        called(server.url, "videos.download", link, tmp_path / "out.mp4", hooks=[_RAISE])


def _shown(error: FoxAPIError) -> str:
    """All that a report about an error may show: the locals of our frames, members and causes."""
    told = traceback.TracebackException.from_exception(error, capture_locals=True)
    # The locals of the tests hold the key, and servers with the headers that they were sent.
    frames = [frame for frame in told.stack if "foxapi_video" in frame.filename]
    shown = [str(frame.locals) for frame in frames] + traceback.format_exception(error)
    cause = error.__cause__
    shown += [repr(vars(error)), repr(cause), repr(cause and cause.__cause__)]
    return "".join(shown)


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
        assert KEY[:12] not in _shown(caught.value) + caplog.text


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
        lambda: waiting.generate(settings, BODY, **waits),
        lambda: waiting.wait(settings, "x", **waits),
        lambda: callbacks.confirm(settings, json.dumps(ECHOING)),
        lambda: uploads.upload_url(settings, "u", file_name=None, auto_cleanup=None),
    ]
    for plan in plans:
        try:
            told.append(world.run(plan()))
        except FoxAPIError as error:
            told += [error, _shown(error), vars(error)]
    assert len(told) >= len(plans)
    shown = "".join(map(repr, told)) + "".join(
        repr(attrs.asdict(t)) for t in told if attrs.has(type(t))
    )
    assert "[key]" in shown and ECHOED[:12] not in shown + caplog.text
    assert ECHOED.encode() not in pickle.dumps(told)


def test_a_key_that_a_failed_create_echoes_as_an_id_is_blotted_out() -> None:
    world = World(answer(500, ECHOING))
    with pytest.raises(OutcomeUnknown) as caught:
        world.run(calls.create(world.settings(), BODY))
    assert caught.value.task_id == "task-[key]"
    assert ECHOED not in str(caught.value) + _shown(caught.value)


def test_every_error_about_a_task_names_it() -> None:
    for outcome in (answer(404), answer(200, b"<html>"), broken()):
        world = World(outcome)
        with pytest.raises(FoxAPIError) as caught:
            world.run(calls.get(world.settings(retries=0), "task-3"))
        assert caught.value.task_id == "task-3"


def test_the_code_of_a_failed_task_is_shown_on_one_line() -> None:
    told = {"code": "\x1b[31mred\n", "message": "m"}
    failed = Task.from_dict({"id": "t", "status": "failed", "error": told})
    assert str(TaskFailed(failed)).isprintable() and TaskFailed(failed).code == told["code"]


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


def test_a_completed_task_is_no_error() -> None:
    world = World(task("completed", results=[{"url": "https://example.com/v.mp4"}]))
    assert world.run(calls.get(world.settings(), TASK_ID)).url == "https://example.com/v.mp4"
