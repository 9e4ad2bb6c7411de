"""The tree of errors: every status and every body ends in it."""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable
from typing import Any

import pytest

import foxapi_video
from contract_tests.faults.behaviours import Behaviour, refusal
from contract_tests.faults.server import FaultServer
from contract_tests.referees.samples import BODY
from contract_tests.tests.package.virtual import TASK_ID, World, answer, broken, task
from foxapi_video import (
    APIStatusError,
    AuthenticationError,
    BadRequestError,
    FoxAPIError,
    InsufficientQuotaError,
    InvalidRequest,
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
    calls,
    errors,
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
    api_error = {"message": "in the server's words", "type": "some_error", "code": [1]}
    world = World(answer(status, {"error": api_error}, retry_after="3"))
    with pytest.raises(APIStatusError) as caught:
        world.run(calls.get(world.settings(retries=0), "x"))
    error = caught.value
    assert type(error) is kind
    assert (error.status, error.type, error.code) == (status, "some_error", [1])
    assert error.message == "in the server's words" and error.body == {"error": api_error}
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
    message = "\x1b[31mred\x1b[0m\r\nFORGED LOG LINE " + "x" * 5000
    world = World(answer(422, {"error": {"message": message}}))
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
    sent = {"id": "t", "status": "resting", "type": "hologram", "mood": {"is": [1]}, "object": 5}
    found = Task.from_dict(sent)
    assert found.to_dict() == sent and found.status == "resting"
    assert found.to_model().to_dict() == sent, "the generated model keeps them too"
    assert pickle.loads(pickle.dumps(found)) == found  # noqa: S301


@pytest.mark.parametrize(
    "members",
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
def test_a_member_of_another_type_reads_as_none(members: dict[str, Any]) -> None:
    found = Task.from_dict({"id": "t", **members})
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
        errors.InvalidBatch(foxapi_video.check({"model": "x"}), 1),
        OutcomeUnknown("why", request=request, status=500, task_id="t"),
        TaskFailed(failed),
        errors.TaskCancelled(failed),
        TaskTimeout("t", task=failed, waited=5.0),
    ]
    for name in errors.__all__:
        kind = getattr(errors, name)
        if not isinstance(kind, type) or not issubclass(kind, FoxAPIError):
            continue  # what they are about, and what looks at them
        if kind in map(type, made):
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


def test_every_error_about_a_task_names_it() -> None:
    for outcome in (answer(404), answer(200, b"<html>"), broken()):
        world = World(outcome)
        with pytest.raises(FoxAPIError) as caught:
            world.run(calls.get(world.settings(retries=0), "task-3"))
        assert caught.value.task_id == "task-3"


def test_the_code_of_a_failed_task_is_shown_on_one_line() -> None:
    api_error = {"code": "\x1b[31mred\n", "message": "m"}
    failed = Task.from_dict({"id": "t", "status": "failed", "error": api_error})
    assert str(TaskFailed(failed)).isprintable() and TaskFailed(failed).code == api_error["code"]


def test_a_completed_task_is_no_error() -> None:
    world = World(task("completed", results=[{"url": "https://example.com/v.mp4"}]))
    assert world.run(calls.get(world.settings(), TASK_ID)).url == "https://example.com/v.mp4"
