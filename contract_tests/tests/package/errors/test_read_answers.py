"""What is read of an answer: no more than its limit, and every id that it names."""

from __future__ import annotations

import asyncio
import gzip
import tracemalloc
import zlib
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from contract_tests.faults.behaviours import (
    FAULTS,
    Behaviour,
    changed,
    gzip_bomb,
    gzip_once,
    gzip_twice,
)
from contract_tests.faults.exchange import TASK_ID, Exchange
from contract_tests.faults.server import FaultServer
from contract_tests.referees.samples import REQUEST as BODY
from contract_tests.tests.package.conftest import KEY, POLLING
from foxapi_video import APIConnectionError, AsyncFoxAPI, FoxAPI, OutcomeUnknown
from foxapi_video.steps import MOST_BYTES
from foxapi_video.testing.behaviours import zeros_in_gzip


def deflated(exchange: Exchange) -> None:
    packed = zlib.compress(exchange.good_body())
    exchange.answer(200, packed, {"Content-Encoding": "deflate"})


@pytest.mark.parametrize(
    ("bomb", "words"),
    [(gzip_bomb, "larger than 16 MiB"), (gzip_twice, "encoded as gzip, gzip")],
)
def test_no_answer_takes_more_memory_than_its_limit(
    bomb: Any, words: str, serve: Callable[..., FaultServer], connect: Callable[..., FoxAPI]
) -> None:
    """Of 64 MiB, packed once or twice, no more is unpacked than an answer may have."""
    server = serve(Behaviour("gzip bomb", bomb), endless=True)
    fox = connect(server.url, retries=0)

    async def create() -> None:
        async with AsyncFoxAPI(KEY, base_url=server.url, retries=0) as other:
            await other.videos.create(BODY)

    calls: list[Callable[[], object]] = [
        lambda: fox.tasks.get("x"),
        lambda: fox.videos.create(BODY),
        lambda: asyncio.run(create()),
    ]
    zeros_in_gzip()  # the server's part is no part of the figure
    for call in calls:
        tracemalloc.start()
        try:
            with pytest.raises((APIConnectionError, OutcomeUnknown), match=words):
                call()
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert peak < 3 * MOST_BYTES


@pytest.mark.parametrize("act", [gzip_once, deflated])
def test_an_answer_packed_once_is_read_though_none_was_asked_for(
    act: Any, serve: Callable[..., FaultServer], connect: Callable[..., FoxAPI]
) -> None:
    server = serve(Behaviour("packed", act), endless=True)
    assert connect(server.url, headers={"Accept-Encoding": "br"}).tasks.get("x").id
    assert server.headers[0]["accept-encoding"] == "identity"


def test_an_answer_that_a_hook_has_read_already_is_read() -> None:
    """A hook or a transport of the user's may read and unpack an answer before."""

    def answer(request: httpx.Request) -> httpx.Response:
        packed = gzip.compress(b'{"id": "mine"}')
        return httpx.Response(
            200, headers={"Content-Encoding": "gzip"}, stream=httpx.ByteStream(packed)
        )

    with (
        httpx.Client(
            transport=httpx.MockTransport(answer),
            event_hooks={"response": [lambda response: response.read() and None]},
        ) as own,
        FoxAPI(KEY, http_client=own) as fox,
    ):
        assert fox.tasks.get("mine").id == "mine"


@pytest.mark.parametrize(
    "fault", [each for each in FAULTS if each.names], ids=lambda each: each.name
)
def test_no_id_that_was_answered_is_lost(
    fault: Behaviour, serve: Callable[..., FaultServer], connect: Callable[..., FoxAPI]
) -> None:
    """With JSON that is whole: in a task, or in the error where the rest of the answer is not."""
    timeout = 1.0 if "silence" in fault.name else 5.0  # a silence is waited for to its end

    async def create(url: str) -> str | None:
        async with AsyncFoxAPI(KEY, base_url=url, timeout=timeout) as fox:
            return (await fox.videos.create(BODY)).id

    makers: list[Callable[[str], str | None]] = [
        lambda url: connect(url, timeout=timeout).videos.create(BODY).id,
        lambda url: asyncio.run(create(url)),
    ]
    for make in makers:
        server = serve(fault)
        try:
            named = make(server.url)
        except OutcomeUnknown as error:
            named = error.task_id
            assert error.status == 200
        assert named == TASK_ID and server.accepted == 1


def test_a_task_created_without_a_status_is_waited_for(
    serve: Callable[..., FaultServer], connect: Callable[..., FoxAPI]
) -> None:
    server = serve(Behaviour("no status", changed(status="-")))
    seen: list[str] = []
    task = connect(server.url).videos.generate(
        BODY, polling=POLLING, on_progress=lambda task: seen.append(task.status)
    )
    assert task.status == "completed" and seen == ["unknown", "completed"]


@pytest.mark.parametrize("identifier", ["..", ".", " ", "a\nb"])
def test_an_id_that_can_t_be_asked_for_is_no_invalid_request_once_it_is_paid_for(
    identifier: str, serve: Callable[..., FaultServer], connect: Callable[..., FoxAPI]
) -> None:
    server = serve(Behaviour("no id", changed(id=identifier)))
    with pytest.raises(OutcomeUnknown, match="whose id can't be one"):
        connect(server.url).videos.generate(BODY, polling=POLLING)
    assert len(server.requests) == 1
