"""Errors that are not httpx's end in the tree of errors, and say what may be paid for."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from operator import attrgetter
from pathlib import Path
from typing import Any

import httpx
import pytest

from contract_tests.faults.exchange import TASK_ID
from contract_tests.referees.samples import BODY
from contract_tests.tests.package.conftest import KEY, POLLING, QUICK, shown
from foxapi_video import (
    APIConnectionError,
    APITimeoutError,
    AsyncFoxAPI,
    ConfigurationError,
    DownloadError,
    FoxAPI,
    FoxAPIError,
    OutcomeUnknown,
    Polling,
    RetryPolicy,
)

ERRORS = [
    ConnectionResetError(104, "reset by peer"),
    OSError(5, f"lost Bearer {KEY}"),
    TimeoutError(110, f"late {KEY}"),
    RuntimeError("the pool is broken"),
    ConfigurationError("of another client"),
    KeyError("x"),
]
Called = Callable[..., Any]


class Breaking(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """A transport of a user's that raises whatever it meets, and holds the request in it.

    Attributes:
        sent: How many requests it got.
    """

    def __init__(self, error: Exception, then: dict[str, Any] | None = None) -> None:
        self.sent = 0
        self._error = error
        self._then = then

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.sent += 1
        if self.sent == 1 or self._then is None:
            vars(self._error)["asked"] = request
            raise self._error
        return httpx.Response(200, json=self._then)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return self.handle_request(request)


@pytest.fixture(params=["sync", "async"])
def called(request: pytest.FixtureRequest) -> Called:
    """Call a method by its path with one client and the other, over a transport."""

    def sync(transport: Any, path: str, *arguments: Any, **more: Any) -> Any:
        with FoxAPI(KEY, base_url="http://127.0.0.1:9", retries=QUICK, transport=transport) as fox:
            return attrgetter(path)(fox)(*arguments, **more)

    async def run(transport: Any, path: str, *arguments: Any, **more: Any) -> Any:
        async with AsyncFoxAPI(
            KEY, base_url="http://127.0.0.1:9", retries=QUICK, transport=transport
        ) as fox:
            return await attrgetter(path)(fox)(*arguments, **more)

    return sync if request.param == "sync" else lambda *a, **more: asyncio.run(run(*a, **more))


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_what_a_transport_raises_leaves_a_create_call_unknown(
    error: Exception, called: Called
) -> None:
    transport = Breaking(error)
    with pytest.raises(OutcomeUnknown) as caught:
        called(transport, "videos.create", BODY)
    assert transport.sent == 1 and isinstance(caught.value.__cause__, APIConnectionError)
    assert isinstance(caught.value.__cause__, APITimeoutError) == isinstance(error, TimeoutError)
    assert type(error).__name__ in str(caught.value) or "late" in str(caught.value)
    assert KEY not in shown(caught.value)
    cause: BaseException | None = caught.value
    while cause is not None:
        assert "asked" not in vars(cause)
        cause = cause.__cause__ or cause.__context__


@pytest.mark.parametrize(
    ("path", "arguments", "kind"),
    [
        ("tasks.get", ["x"], APIConnectionError),
        ("files.upload", [b"bytes"], APIConnectionError),
        ("files.upload_url", ["https://example.com/a.png"], APIConnectionError),
        ("callbacks.confirm", [json.dumps({"id": "x"})], APIConnectionError),
        ("videos.download", ["https://203.0.114.9/video.mp4"], DownloadError),
    ],
)
def test_what_a_transport_raises_is_retried_where_it_costs_nothing(
    path: str, arguments: list[Any], kind: type[FoxAPIError], called: Called, tmp_path: Path
) -> None:
    transport = Breaking(ERRORS[0])
    more = [tmp_path / "out.mp4"] if path == "videos.download" else []
    with pytest.raises(kind, match="reset by peer"):
        called(transport, path, *arguments, *more)
    assert transport.sent == 1 + QUICK.retries


def test_a_wait_outlasts_what_a_transport_raises(called: Called) -> None:
    transport = Breaking(ERRORS[0], then={"id": TASK_ID, "status": "completed"})
    assert called(transport, "tasks.wait", TASK_ID, polling=POLLING).status == "completed"


def test_a_wait_does_not_outlast_a_mistake_of_a_transport(called: Called) -> None:
    transport = Breaking(RuntimeError("of a hook"))
    with pytest.raises(APIConnectionError, match="RuntimeError: of a hook") as caught:
        called(transport, "tasks.wait", "task-1", polling=POLLING, timeout=None)
    assert transport.sent == 5 and caught.value.task_id == "task-1"


@pytest.mark.parametrize(
    ("path", "arguments", "kind"),
    [
        ("request", ["GET", None], ConfigurationError),
        ("request", [5, "/v1/tasks/x"], ConfigurationError),
        ("request", ["GET", "/\ud800"], ConfigurationError),
        ("videos.download", ["https://203.0.114.9/video.mp4", 5], DownloadError),
    ],
)
def test_an_argument_of_another_type_is_refused(
    path: str, arguments: list[Any], kind: type[FoxAPIError], called: Called
) -> None:
    transport = Breaking(RuntimeError("sent"))
    with pytest.raises(kind):
        called(transport, path, *arguments)
    assert transport.sent == 0


def test_a_body_that_is_no_json_is_no_surprise(connect: Callable[..., FoxAPI]) -> None:
    with pytest.raises(ConfigurationError, match="not JSON serializable"):
        connect("http://127.0.0.1:9").request("POST", "/v1/other", json={"x": object()})


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        (Polling, {"shortest": 0}),
        (Polling, {"longest": -1}),
        (Polling, {"growth": 0.5}),
        (Polling, {"share": 2}),
        (Polling, {"jitter": 1}),
        (Polling, {"jitter": "0.1"}),
        (Polling, {"longest": float("nan")}),
        (RetryPolicy, {"retries": 1.5}),
        (RetryPolicy, {"retries": True}),
        (RetryPolicy, {"retries": -1}),
        (RetryPolicy, {"first_delay": float("nan")}),
        (RetryPolicy, {"longest_delay": float("inf")}),
        (RetryPolicy, {"longest_retry_after": "60"}),
        (RetryPolicy, {"trust_proxy": "yes"}),
    ],
    ids=lambda value: str(value),
)
def test_a_policy_that_can_t_be_is_refused(kind: Any, options: dict[str, Any]) -> None:
    (name,) = options
    with pytest.raises(ConfigurationError, match=name):
        kind(**options)


def test_the_edges_of_a_policy_are_allowed() -> None:
    assert (
        RetryPolicy(retries=0, first_delay=0, longest_delay=0, longest_retry_after=0).retries == 0
    )
    assert Polling(shortest=0.001, growth=1, share=1, jitter=0).jitter == 0
    with pytest.raises(ConfigurationError, match="shortest of Polling is 2 and longest 1: give"):
        Polling(longest=1)


@pytest.mark.parametrize("headers", ["X-Team: fox", 5, [("a", "b")]], ids=repr)
def test_headers_that_are_no_mapping_are_refused(headers: Any) -> None:
    with pytest.raises(ConfigurationError, match="mapping"):
        FoxAPI(KEY, headers=headers)
