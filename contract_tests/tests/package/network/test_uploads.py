"""An upload may take as long as it moves: what is limited is how long it stands still."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest

from contract_tests.faults.behaviours import Behaviour
from contract_tests.faults.exchange import Exchange
from contract_tests.faults.server import FaultServer
from contract_tests.tests.package.conftest import KEY
from foxapi_video import APITimeoutError, AsyncFoxAPI, FoxAPI

STORED = b'{"url": "https://e.com/a"}'
MANY = 2**20
Upload = Callable[..., Any]


class Slow(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """A network on which each part of a request takes a while, by a clock that only it moves.

    Its answer comes in parts, at which a blocking call looks at the clock.

    Attributes:
        now: Seconds that went by.
        sizes: The size of each part that came.
        begun: How many requests came.
    """

    def __init__(self, seconds: float) -> None:
        self.now = 0.0
        self.sizes: list[int] = []
        self.begun = 0
        self._seconds = seconds

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.begun += 1
        assert isinstance(request.stream, httpx.SyncByteStream)
        for part in request.stream:
            self._take(part)
        return httpx.Response(200, content=iter([STORED]))

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.begun += 1
        assert isinstance(request.stream, httpx.AsyncByteStream)
        async for part in request.stream:
            self._take(part)
            await asyncio.sleep(0)
            await asyncio.sleep(0)

        async def answer() -> AsyncIterator[bytes]:
            yield STORED

        return httpx.Response(200, content=answer())

    def _take(self, part: bytes) -> None:
        self.sizes.append(len(part))
        self.now += self._seconds


@pytest.fixture(params=["sync", "async"])
def upload(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Upload:
    """Call a method of files over a slow network with one client and the other."""
    options: dict[str, Any] = {"timeout": 3, "retries": 0, "base_url": "http://127.0.0.1:9"}

    def sync(network: Slow, method: str, *arguments: Any, **more: Any) -> Any:
        monkeypatch.setattr("foxapi_video.deadlines.time.monotonic", lambda: network.now)
        with FoxAPI(KEY, transport=network, **options) as fox:
            return getattr(fox.files, method)(*arguments, **more)

    async def run(network: Slow, method: str, *arguments: Any, **more: Any) -> Any:
        monkeypatch.setattr(asyncio.get_running_loop(), "time", lambda: network.now)
        async with AsyncFoxAPI(KEY, transport=network, **options) as fox:
            return await getattr(fox.files, method)(*arguments, **more)

    return sync if request.param == "sync" else lambda *a, **more: asyncio.run(run(*a, **more))


@pytest.mark.parametrize(
    ("method", "file"),
    [
        ("upload", b"x" * MANY),
        ("upload", io.BytesIO(b"x" * MANY)),
        ("upload_base64", "x" * MANY),
    ],
    ids=["bytes", "file", "base64"],
)
def test_an_upload_that_moves_is_not_ended(method: str, file: Any, upload: Upload) -> None:
    network = Slow(seconds=2)
    assert upload(network, method, file).url == "https://e.com/a"
    assert network.begun == 1 and sum(network.sizes) > MANY
    assert network.now > 20 and max(network.sizes) <= 64 * 2**10


def test_an_upload_that_stands_still_is_ended(upload: Upload) -> None:
    network = Slow(seconds=4)
    with pytest.raises(APITimeoutError, match="stand still, and its answer take, timeout=3 sec"):
        upload(network, "upload", b"x" * 100)
    assert len(network.sizes) == 1


def test_the_progress_of_an_upload_is_told(upload: Upload) -> None:
    told: list[tuple[int, int | None]] = []
    network = Slow(seconds=0)
    upload(network, "upload", b"x" * MANY, on_bytes=lambda *now: told.append(now))
    taken = [bytes_taken for bytes_taken, _ in told]
    assert taken == sorted(taken) and len(taken) == len(network.sizes)
    assert {total for _, total in told} == {sum(network.sizes)} == {taken[-1]}


def test_what_the_progress_raises_is_the_user_s(upload: Upload) -> None:
    def fail(taken: int, total: int | None) -> None:
        raise ZeroDivisionError("of the user's")

    network = Slow(seconds=0)
    with pytest.raises(ZeroDivisionError, match="of the user's"):
        upload(network, "upload", b"x", on_bytes=fail)
    assert network.begun == 1


def test_a_server_that_takes_nothing_ends_an_upload(
    serve: Callable[..., FaultServer], connect: Callable[..., FoxAPI]
) -> None:
    server = serve(
        Behaviour("takes nothing", Exchange.wait_until_stopped, early=True), endless=True
    )
    content = b"x" * 2**24  # more than the system takes for it
    with pytest.raises(APITimeoutError, match="timeout=1 "):
        connect(server.url, timeout=1, retries=0).files.upload(content)

    async def run() -> None:
        async with AsyncFoxAPI(KEY, base_url=server.url, timeout=1, retries=0) as fox:
            with pytest.raises(APITimeoutError, match="timeout=1 "):
                await fox.files.upload(content)

    asyncio.run(run())


def test_a_deadline_ends_an_upload_that_moves(connect: Callable[..., FoxAPI]) -> None:
    class Endless(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            assert isinstance(request.stream, httpx.AsyncByteStream)
            while True:
                async for _ in request.stream:
                    await asyncio.sleep(0.01)

    async def run() -> None:
        options: dict[str, Any] = {"timeout": 60, "deadline": 0.2, "transport": Endless()}
        async with AsyncFoxAPI(KEY, base_url="http://127.0.0.1:9", **options) as fox:
            with pytest.raises(APITimeoutError, match=r"deadline=0\.2"):
                await fox.files.upload(b"x" * MANY)

    asyncio.run(asyncio.wait_for(run(), 30))
