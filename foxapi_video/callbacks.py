"""Receive callbacks: read one, confirm one, and an ASGI app that takes them.

The service posts a task to the request's callback_url once it ended, waits 10 s for a 2xx, and
tries 3 more times. No signature is documented: whoever knows the address can post to it, so what a
callback says is a hint, and the task query has the truth.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from foxapi_video.callback_body import parse as parse

if TYPE_CHECKING:
    from foxapi_video.async_client import AsyncFoxAPI
    from foxapi_video.callback_app import CallbackApp, Handler
    from foxapi_video.settings import Settings
    from foxapi_video.steps import Plan
    from foxapi_video.tasks import Task

__all__ = ["asgi", "parse"]


def confirm(settings: Settings, body: bytes | str) -> Plan[Task]:
    """The plan of Callbacks.confirm."""
    from foxapi_video import calls

    claimed = parse(body)
    return (yield from calls.get(settings, settings.key.redact(claimed.id)))


def asgi(handler: Handler, *, client: AsyncFoxAPI | None = None) -> CallbackApp:
    """An ASGI app that takes callbacks on any path.

    It answers before the handler runs, hands each ended task over once in each process however
    often the service tries, and takes no more than it can work on: for the rest it answers 503, and
    the service tries again. On shutdown it lets running handlers finish; where it is not told of
    one, since a framework has mounted it, call its `finish()`.

    Args:
        handler: Called with each task, a function or a coroutine function. A function runs in a
            thread. What it raises is logged.
        client: Confirms each callback with a task query first, so that the handler gets the
            server's word; without it the handler gets the hint as it came. While the API does not
            answer it is asked again every 30 s for an hour. 20 are confirmed at once, and up to
            10,000 wait for that, in turn by the address that sent them, of which none takes more
            places than it leaves free. So who forges callbacks shuts out no other address. Behind
            a proxy, set the ASGI server up to tell the sender's address.

    Raises:
        ConfigurationError: The handler is no function, or the client no AsyncFoxAPI.
    """
    from foxapi_video.callback_app import CallbackApp

    return CallbackApp(handler, client)
