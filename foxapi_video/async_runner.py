"""Carry out plans in asyncio."""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import os
from collections.abc import AsyncGenerator, AsyncIterator
from typing import Any, TypeAlias, TypeVar

import httpx

from foxapi_video.attempts import Attempt, Believed, believed, not_made
from foxapi_video.errors import ConfigurationError, FoxAPIError
from foxapi_video.owners import HandedIn
from foxapi_video.settings import Key, Settings
from foxapi_video.steps import (
    BREAKS,
    Answer,
    Blocking,
    Close,
    Failure,
    Open,
    Outcome,
    Plan,
    Read,
    Report,
    Resolve,
    Send,
    Sleep,
    Step,
    answer_raised,
    client_arguments,
    failure,
    limits_of,
    one_of,
    parsed,
)
from foxapi_video.sync_runner import resolve

T = TypeVar("T")
_Owner: TypeAlias = tuple[int, asyncio.AbstractEventLoop]


class AsyncConnections:
    """The httpx clients of an AsyncFoxAPI and of the copies made of it: one for each event loop.

    The end of a loop closes its client. A child of a fork neither uses nor closes its parent's.

    Attributes:
        believed: What shows that an attempt with them was not sent.
    """

    def __init__(
        self, client: httpx.AsyncClient | None, transport: httpx.AsyncBaseTransport | None
    ) -> None:
        one_of(client, transport, not_a=httpx.Client)
        self._given = client
        self._transport = transport
        self._handed_in = HandedIn(client, transport)
        self.believed: Believed = "nothing" if client is None else believed(client)
        self._clients: dict[_Owner, tuple[httpx.AsyncClient, AsyncGenerator[None]]] = {}
        self._closed = False

    def client(self) -> httpx.AsyncClient:
        """The httpx client of the running event loop.

        Raises:
            ConfigurationError: It is closed, or was handed in and used in another loop.
        """
        owner = _owner()
        self._handed_in.check(owner, "event loop")
        if self._closed or (self._given and self._given.is_closed):
            raise ConfigurationError("the client is closed")
        if self._given:
            return self._given
        client, _ = self._clients.get(owner, (None, None))
        # A loop that was told to end, and goes on all the same, has closed it.
        return self._made(owner) if client is None or client.is_closed else client

    async def close(self) -> None:
        """Close what was made here for this loop; a client that was handed in stays open.

        Those of other loops are closed when their loops end: they may be in use.
        """
        if self._given is None:
            self._closed = True
            _, ending = self._clients.pop(_owner(), (None, None))
            if ending is not None:
                await ending.aclose()

    def _made(self, owner: _Owner) -> httpx.AsyncClient:
        for process, loop in list(self._clients):
            if process == owner[0] and loop.is_closed():
                self._clients.pop((process, loop), None)
        client = httpx.AsyncClient(**client_arguments(self._transport))
        self.believed = believed(client)  # whatever has put its own into httpx
        ending = _until_the_loop_ends(client)
        with contextlib.suppress(StopIteration):
            anext(ending).send(None)  # as far as its yield
        self._clients[owner] = client, ending
        return client


def _owner() -> _Owner:
    return os.getpid(), asyncio.get_running_loop()


async def _until_the_loop_ends(client: httpx.AsyncClient) -> AsyncGenerator[None]:
    """Close the client when its loop ends, as asyncio.run and the servers end one.

    They first end the generators that are under way in it. Once it is closed nothing can be.
    """
    try:
        yield
    finally:
        await client.aclose()


class AsyncRunner:
    """Carries out plans with connections and settings.

    Attributes:
        connections: What it sends with.
        settings: What its plans are made with.
    """

    def __init__(self, connections: AsyncConnections, settings: Settings) -> None:
        self.connections = connections
        self.settings = settings

    async def run(self, plan: Plan[T]) -> T:
        """Carry out a plan in this task, and give what it gives."""
        running = _Running(self.connections, self.settings.key)
        try:
            step = next(plan)
            while True:
                try:
                    given = await running.perform(step)
                except BaseException as error:  # the plan says what a cancellation leaves behind
                    step = plan.throw(error)
                else:
                    step = plan.send(given)
        except StopIteration as end:
            value: T = end.value
            return value


class _Running:
    """The state of one plan: what it has open."""

    def __init__(self, connections: AsyncConnections, key: Key) -> None:
        self._connections = connections
        self._key = key
        self._opened: httpx.Response | None = None
        self._chunks: AsyncIterator[bytes] | None = None

    async def perform(self, step: Step) -> Any:
        match step:
            case Send():
                return await self._send(step)
            case Sleep():
                await asyncio.sleep(step.seconds)
            case Report():
                told = step.callback(step.task)
                if inspect.isawaitable(told):
                    await told
            case Open():
                return await self._open(step)
            case Read():
                return await self._read(step)
            case Close():
                await self._close()
            case Resolve():
                return await asyncio.to_thread(resolve, step.host)
            case Blocking():
                return await asyncio.to_thread(step.run)
        return None

    async def _send(self, step: Send) -> Outcome:
        client = self._client()
        call = step.call
        attempt = Attempt(call, self._key, self._connections.believed)
        try:
            async with asyncio.timeout(step.timeout):
                request = client.build_request(
                    call.method,
                    parsed(call.url),
                    content=call.content,
                    headers=call.headers,
                    timeout=limits_of(step.timeout),
                    **call.arguments,
                )
                attempt.sends(request, attempt.atrace)
                response = await client.send(
                    request, auth=self._key, stream=True, follow_redirects=False
                )
                try:
                    if attempt.answered(response):
                        async for chunk in response.aiter_raw():
                            attempt.take(chunk)
                finally:
                    await response.aclose()
                return attempt.answer(response)
        except (*BREAKS, TimeoutError) as error:
            return attempt.outcome(error)
        except BaseException as error:
            attempt.interrupted(error)
            raise

    def _client(self) -> httpx.AsyncClient:
        try:
            return self._connections.client()
        except FoxAPIError:
            raise
        except Exception as error:  # such as a proxy of the environment that httpx can't use
            raise not_made(error, self._key) from None

    async def _open(self, step: Open) -> Outcome:
        client = self._client()
        request = None
        try:
            async with asyncio.timeout(step.timeout):
                request = client.build_request(
                    "GET", step.url, headers=step.headers, timeout=limits_of(step.timeout)
                )
                # What a client of the user's signs its requests with is not for the link's host.
                request.headers.pop("Authorization", None)
                if step.meets is not None:
                    from foxapi_video.arrivals import Arrival  # only downloads need it

                    arrival = Arrival(step.url, step.meets)
                    request.extensions["trace"] = arrival.atrace
                response = await client.send(
                    request, auth=None, stream=True, follow_redirects=False
                )
        except (*BREAKS, TimeoutError) as error:
            return answer_raised(error, request) or failure(error)
        self._opened = response
        self._chunks = response.aiter_raw()
        return Answer(status=response.status_code, headers=response.headers)

    async def _read(self, step: Read) -> bytes | Failure:
        if self._chunks is None:
            return b""
        try:
            async with asyncio.timeout(step.timeout):
                return await anext(self._chunks, b"")
        except (*BREAKS, TimeoutError) as error:
            return failure(error)

    async def _close(self) -> None:
        response, self._opened = self._opened, None
        self._chunks = None
        if response is not None:
            with contextlib.suppress(*BREAKS):
                await response.aclose()
