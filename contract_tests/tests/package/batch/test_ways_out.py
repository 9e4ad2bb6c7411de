"""How a run ends that something went wrong with, and the way on from there."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from contract_tests.tests.package.batch.pretended import Made, named
from foxapi_video import FoxAPIError
from foxapi_video.batch.sqlite_ledger import SQLiteLedger
from foxapi_video.testing import PretendAPI


@pytest.fixture
def made(tmp_path: Path) -> Made:
    return Made(tmp_path / "videos")


class Broken(PretendAPI):
    """A transport with a mistake of its user's: each query raises what no network does."""

    def __init__(self, error: BaseException) -> None:
        super().__init__()
        self._error = error

    async def handle_async_request(self, request: Any) -> Any:
        if request.method == "GET":
            await asyncio.sleep(0)
            raise self._error
        return await super().handle_async_request(request)


def test_a_cancellation_of_a_transport_is_no_end_of_the_program(made: Made) -> None:
    made.api = Broken(asyncio.CancelledError("not ours"))
    with pytest.raises(FoxAPIError, match=r"CancelledError: not ours(.|\n)*The batch: "):
        made.run(named("a", "b", "c"), concurrency=2)


def test_what_breaks_several_workers_is_what_the_run_raises(
    made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those that wait for their turn or their task are told to end once, not once by each."""
    plain = SQLiteLedger.move
    others: list[str] = []
    waiting = asyncio.Event()

    async def move(ledger: SQLiteLedger, video: Any, to: Any, **facts: Any) -> Any:
        if to == "running" and video.custom_id in "ab":
            await waiting.wait()
            raise TypeError("a slip")
        moved = await plain(ledger, video, to, **facts)
        others.extend([video.custom_id] * (to == "running"))
        if len(others) == 6:
            asyncio.get_running_loop().call_later(0.01, waiting.set)
        return moved

    monkeypatch.setattr(SQLiteLedger, "move", move)
    for _ in range(8):
        made.api.next_task("processing")
    with pytest.raises(FoxAPIError, match=r"TypeError: a slip(.|\n)*The batch: "):
        made.run(named(*"abcdefgh"), concurrency=8)
