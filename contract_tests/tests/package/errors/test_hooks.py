"""What a redirect raises, or a hook of a client of the user's, ends in the tree of errors."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from operator import attrgetter
from pathlib import Path
from typing import Any

import httpx
import pytest

from contract_tests.faults.behaviours import Behaviour, refusal
from contract_tests.faults.server import FaultServer
from contract_tests.referees.samples import BODY
from contract_tests.tests.package.conftest import KEY, POLLING, QUICK, shown
from foxapi_video import (
    AddressRefused,
    APIConnectionError,
    AsyncFoxAPI,
    AuthenticationError,
    DownloadError,
    FoxAPI,
    FoxAPIError,
    InsufficientQuotaError,
    LinkExpired,
    NotFoundError,
    OutcomeUnknown,
    TaskTimeout,
)

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
    assert KEY not in shown(caught.value)
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
