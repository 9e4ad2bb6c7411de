"""Receive callbacks: read one, confirm one, and an ASGI app that takes them.

The service posts a task to the request's callback_url once it ended, waits 10 s for a 2xx, and
tries 3 more times. No signature is documented: whoever knows the address can post to it, so what a
callback says is a hint, and the task query has the truth.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from foxapi_video.errors import InvalidCallback
from foxapi_video.json_values import parsed
from foxapi_video.tasks import Task

if TYPE_CHECKING:
    from foxapi_video.async_client import AsyncFoxAPI
    from foxapi_video.callback_app import CallbackApp, Handler
    from foxapi_video.settings import Settings
    from foxapi_video.steps import Plan

# A task with its results is a few hundred bytes.
MOST_BYTES = 256 * 2**10


def parse(body: bytes | str) -> Task:
    """Read the body of a callback.

    Args:
        body: The body as it came.

    Returns:
        The task, as the callback tells it; unknown members are in `raw`.

    Raises:
        InvalidCallback: It is larger than 256 KiB, not JSON, or no task with an id.
    """
    if not isinstance(body, bytes | bytearray | str):
        raise InvalidCallback("the body of a callback is bytes or text, as it came")
    size = len(body.encode(errors="replace")) if isinstance(body, str) else len(body)
    if size > MOST_BYTES:
        raise InvalidCallback(f"a callback of {size} bytes is larger than {MOST_BYTES}")
    try:
        value = parsed(body, parse_constant=_no_json)
    except ValueError as error:
        raise InvalidCallback(f"the callback is {error}") from None
    try:
        return Task.from_dict(value)
    except ValueError as error:
        raise InvalidCallback(f"the callback is not a task: {error}") from None


def confirm(settings: Settings, body: bytes | str) -> Plan[Task]:
    """The plan of Callbacks.confirm."""
    from foxapi_video import calls

    claimed = parse(body)
    return (yield from calls.get(settings, settings.key.redact(claimed.id)))


def asgi(handler: Handler, *, client: AsyncFoxAPI | None = None) -> CallbackApp:
    """An ASGI app that takes callbacks on any path.

    It answers before the handler runs, hands each ended task over once however often the service
    tries, and takes no more than it can work on: for the rest it answers 503, and the service tries
    again. On shutdown it lets running handlers finish.

    Args:
        handler: Called with each task, a function or a coroutine function. A function runs in a
            thread. What it raises is logged.
        client: Confirms each callback with a task query first, so that the handler gets the
            server's word; without it the handler gets the hint as it came. 20 are confirmed at
            once, and up to 10,000 wait for that, in turn by the address that sent them, of which
            none takes more places than it leaves free. So who forges callbacks shuts out no other
            address. Behind a proxy, set the ASGI server up to tell the sender's address.
    """
    from foxapi_video.callback_app import CallbackApp

    return CallbackApp(handler, client)


def _no_json(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")
