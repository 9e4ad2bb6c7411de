"""What asyncio does in its own way. threads.py has the same names, so that one text does for both.

The blocking runner is made from the one for asyncio (overlays/blocking.py), and imports from there.
"""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import os
from collections.abc import AsyncGenerator, Callable
from typing import Any, TypeAlias

from foxapi_video.errors import ConfigurationError
from foxapi_video.http import httpx
from foxapi_video.owners import making

_Owner: TypeAlias = tuple[int, asyncio.AbstractEventLoop]

OWNER = "event loop"
OtherClient = httpx.Client
aside = asyncio.to_thread
deadline = asyncio.timeout
new_client = httpx.AsyncClient
sleep = asyncio.sleep


def owner() -> _Owner:
    """Whose a connection is that is made now."""
    return os.getpid(), asyncio.get_running_loop()


async def call(function: Callable[[Any], object], argument: object) -> None:
    """Call a function of the user's; an awaitable that comes back is awaited."""
    told = function(argument)
    if inspect.isawaitable(told):
        await told


def renew(limit: asyncio.Timeout, seconds: float | None) -> None:
    """Let a deadline be that many seconds from now, unless it has passed."""
    if not limit.expired():
        now = asyncio.get_running_loop().time()
        limit.reschedule(None if seconds is None else now + seconds)


class Clients:
    """An httpx client for each event loop, whose end closes it.

    A child of a fork neither uses nor closes its parent's.
    """

    def __init__(self) -> None:
        self._of: dict[_Owner, tuple[httpx.AsyncClient, AsyncGenerator[None]]] = {}
        self._closed = False

    def get(self, make: Callable[[], httpx.AsyncClient]) -> httpx.AsyncClient:
        """The client of the running event loop; one is made where there is none.

        Raises:
            ConfigurationError: They are closed.
        """
        if self._closed:
            raise ConfigurationError("the client is closed")
        client, _ = self._of.get(owner(), (None, None))
        # A loop that was told to end, and goes on all the same, has closed it.
        if client is not None and not client.is_closed:
            return client
        with making:
            made = make()
        return self._keep(made)

    async def close(self) -> None:
        """Close that of this loop. Those of others are closed when they end: they may be in use."""
        self._closed = True
        _, ending = self._of.pop(owner(), (None, None))
        if ending is not None:
            await ending.aclose()

    def interrupted(self) -> None:
        """Keep that of this loop: a task is cancelled where it waits, and lets go of all it has."""

    def _keep(self, client: httpx.AsyncClient) -> httpx.AsyncClient:
        mine = owner()
        for process, loop in list(self._of):
            if process == mine[0] and loop.is_closed():
                self._of.pop((process, loop), None)
        ending = _until_the_loop_ends(client)
        with contextlib.suppress(StopIteration):
            anext(ending).send(None)  # as far as its yield
        self._of[mine] = client, ending
        return client


async def _until_the_loop_ends(client: httpx.AsyncClient) -> AsyncGenerator[None]:
    """Close the client when its loop ends, as asyncio.run and the servers end one.

    They first end the generators that are under way in it. Once it is closed nothing can be.
    """
    try:
        yield
    finally:
        await client.aclose()
