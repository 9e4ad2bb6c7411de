"""What blocking calls do in their own way. event_loops.py has the same names for asyncio."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from foxapi_video import deadlines
from foxapi_video.deadlines import deadline as deadline
from foxapi_video.errors import ConfigurationError
from foxapi_video.http import httpx
from foxapi_video.owners import making

P = ParamSpec("P")
T = TypeVar("T")

OWNER = "process"
OtherClient = httpx.AsyncClient
owner = os.getpid
sleep = time.sleep


def call(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call a function; asyncio awaits what comes back, or does so beside its loop."""
    return function(*args, **kwargs)


aside = call


def callback(function: Callable[P, T] | None) -> Callable[P, T] | None:
    """What is to be told of a task's progress.

    Raises:
        ConfigurationError: It is a coroutine function: nothing would await it here.
    """
    from inspect import iscoroutinefunction

    # A call of one that is an object runs its method.
    if iscoroutinefunction(function) or iscoroutinefunction(getattr(function, "__call__", None)):  # noqa: B004
        raise ConfigurationError(
            "on_progress is a coroutine function, which only AsyncFoxAPI awaits: pass a function"
        )
    return function


def renew(limit: None, seconds: float | None) -> None:
    """Let a deadline be that many seconds from now.

    Raises:
        WriteTimeout: It has passed.
    """
    late = deadlines.left(None)
    if late is not None and late <= 0:
        raise httpx.WriteTimeout("the call stood still for too long")
    deadlines.renew(seconds)


def new_client(**arguments: Any) -> httpx.Client:
    """An httpx client that keeps to deadlines, unless it gets a transport of the user's."""
    if "transport" not in arguments:
        from foxapi_video.deadline_network import transports

        arguments |= transports(arguments["limits"], arguments["verify"])
    return httpx.Client(**arguments)


class Clients:
    """An httpx client for each process. A child of a fork neither uses nor closes its parent's."""

    def __init__(self) -> None:
        self._of: dict[int, httpx.Client] = {}
        self._closed = False

    def get(self, make: Callable[[], httpx.Client]) -> httpx.Client:
        """The client of this process; one is made where there is none.

        Raises:
            ConfigurationError: They are closed.
        """
        client = None if self._closed else self._of.get(owner())
        if client is None and not self._closed:
            with making:  # of threads that begin together, one makes it and the others wait
                client = self._of.get(owner())
                if client is None:
                    client = self._of[owner()] = make()
        if client is None or self._closed:  # perhaps by another thread, meanwhile
            self.close()
            raise ConfigurationError("the client is closed")
        return client

    def close(self) -> None:
        """Close that of this process."""
        self._closed = True
        client = self._of.pop(owner(), None)
        if client is not None:
            client.close()

    def interrupted(self) -> None:
        """Leave that of this process to the calls that still use it.

        A signal may come between any two steps of httpcore, also before it would free a lock.
        """
        self._of.pop(owner(), None)
