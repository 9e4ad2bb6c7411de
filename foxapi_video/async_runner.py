"""Carry out plans in asyncio. What asyncio does in its own way is in event_loops.py."""

from __future__ import annotations

import contextlib
import os
from collections.abc import AsyncIterator
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from foxapi_video import event_loops as world
from foxapi_video.attempts import Attempt, Believed, believed, not_made
from foxapi_video.errors import ConfigurationError, FoxAPIError
from foxapi_video.http import httpx
from foxapi_video.owners import HandedIn, pretends
from foxapi_video.settings import Key, Settings
from foxapi_video.steps import (
    KEPT,
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
    Use,
    answer_raised,
    check_client_options,
    client_arguments,
    failure,
    limits_of,
    parsed,
    request_of_call,
)

if TYPE_CHECKING:
    import ssl

T = TypeVar("T")


class AsyncConnections:
    """What an AsyncFoxAPI and the copies made of it send with.

    Attributes:
        believed: What shows that an attempt with them was not sent.
        are_own: Whether the httpx clients are made here, rather than handed in.
    """

    def __init__(
        self, client: httpx.AsyncClient | None, transport: httpx.AsyncBaseTransport | None
    ) -> None:
        check_client_options(client, transport, not_a=world.OtherClient)
        self._given = client
        self.are_own = client is None
        self._transport = transport
        self._handed_in = HandedIn(client, transport)
        self.believed: Believed = "nothing" if client is None else believed(client)
        self._contexts: dict[int, ssl.SSLContext] = {}
        self._clients: dict[Use, world.Clients] = {use: world.Clients() for use in KEPT}

    def client(self, use: Use) -> httpx.AsyncClient:
        """The httpx client of who asks.

        A call that costs money gets a connection of its own. On one that was used before, whatever
        a server sent behind its last answer would be taken for the answer to this call, and the
        server may be closing it. Downloads have connections apart, too: httpcore looks at all that
        are open for each call.

        Raises:
            ConfigurationError: It is closed, or was handed in and used by another owner.
        """
        self._handed_in.check(world.owner(), world.OWNER)
        if self._given is None:
            if self._transport is not None:  # which is one for all
                use = "call"
            return self._clients[use].get(lambda: self._make(KEPT[use]))
        if self._given.is_closed:
            raise ConfigurationError("the client is closed")
        return self._given

    async def close(self) -> None:
        """Close what was made here; a client that was handed in stays open."""
        if self._given is None:
            for clients in self._clients.values():
                await clients.close()

    def interrupted(self) -> None:
        """Have the next call make new connections, where an interruption may have left a lock."""
        for clients in self._clients.values():
            clients.interrupted()

    def _make(self, kept: int) -> httpx.AsyncClient:
        arguments = client_arguments(self._transport, kept)
        if self._transport is None:
            arguments["verify"] = self._context()
        made = world.new_client(**arguments)
        # A cookie would go out with other keys too, no page asks for one, and to look for them
        # takes a tenth of a call.
        made.cookies.extract_cookies = _ignored  # type: ignore[method-assign]
        self.believed = believed(made)  # whatever has put its own into httpx
        return made

    def _context(self) -> ssl.SSLContext:
        """What TLS needs, once for all clients: to read the certificates takes longest.

        A child of a fork has its own: another thread may have held a lock of its parent's.
        """
        context = self._contexts.get(os.getpid())
        if context is None:
            context = self._contexts[os.getpid()] = httpx.create_ssl_context()
        return context


def _ignored(response: httpx.Response) -> None:
    """Keep no cookie of an answer."""


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
        """Carry out a plan, and give what it gives."""
        running = _Running(self.connections, self.settings.key)
        try:
            step = next(plan)
            while True:
                try:
                    given = await running.perform(step)
                except BaseException as error:  # the plan says what an interruption leaves behind
                    if not isinstance(error, Exception):
                        self.connections.interrupted()
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
                await world.sleep(step.seconds)
            case Report():
                await world.call(step.callback, step.task)
            case Open():
                return await self._open(step)
            case Read():
                return await self._read(step)
            case Close():
                await self._close()
            case Resolve():
                if pretends(self._client("download")):
                    return []
                from foxapi_video.addresses import resolve  # only downloads need it

                return await world.aside(resolve, step.host)
            case Blocking():
                return await world.aside(step.run)
        return None

    async def _send(self, step: Send) -> Outcome:
        call = step.call
        client = self._client("paid" if call.paid else "call")
        attempt = Attempt(call, self._key, self._connections.believed)
        try:
            async with world.deadline(step.timeout) as limit:
                request = request_of_call(
                    client, call, step.timeout, is_own=self._connections.are_own
                )
                if step.moved is not None:
                    attempt.watches(request, step.moved, partial(world.renew, limit))
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
        except Exception as error:
            return attempt.outcome(error)
        except BaseException as error:
            attempt.interrupted(error)
            raise

    def _client(self, use: Use) -> httpx.AsyncClient:
        try:
            return self._connections.client(use)
        except FoxAPIError:
            raise
        except Exception as error:  # such as a proxy of the environment that httpx can't use
            raise not_made(error, self._key) from None

    async def _open(self, step: Open) -> Outcome:
        client = self._client("download")
        request = None
        try:
            async with world.deadline(step.timeout):
                request = client.build_request(
                    "GET", parsed(step.url), headers=step.headers, timeout=limits_of(step.timeout)
                )
                # What a client of the user's signs its requests with is not for the link's host,
                # and a query of its own would be sent in the place of the link's.
                request.headers.pop("Authorization", None)
                request.url = parsed(step.url)
                if step.check_peer is not None:
                    from foxapi_video.peer_address import PeerAddressCheck

                    peer_check = PeerAddressCheck(step.url, step.check_peer)
                    request.extensions["trace"] = peer_check.atrace
                response = await client.send(
                    request, auth=None, stream=True, follow_redirects=False
                )
        except FoxAPIError:  # the address must not be reached
            raise
        except Exception as error:
            return answer_raised(error, request) or failure(error)
        self._opened = response
        # A transport or a hook of the user's may have read it already.
        was_read = response.is_stream_consumed
        self._chunks = response.aiter_bytes() if was_read else response.aiter_raw()
        return Answer(status=response.status_code, headers=response.headers)

    async def _read(self, step: Read) -> bytes | Failure:
        if self._chunks is None:
            return b""
        try:
            async with world.deadline(step.timeout):
                return await anext(self._chunks, b"")
        except Exception as error:
            return failure(error)

    async def _close(self) -> None:
        response, self._opened = self._opened, None
        self._chunks = None
        if response is not None:
            with contextlib.suppress(Exception):
                await response.aclose()
