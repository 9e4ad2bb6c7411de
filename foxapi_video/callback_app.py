"""An ASGI app that takes callbacks: it answers at once and works afterwards."""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, MutableMapping
from typing import TYPE_CHECKING, Any, TypeAlias

from foxapi_video import callbacks
from foxapi_video.errors import FoxAPIError, InvalidCallback

if TYPE_CHECKING:
    from foxapi_video.async_client import AsyncFoxAPI
    from foxapi_video.tasks import Task

Handler: TypeAlias = Callable[["Task"], "object | Awaitable[object]"]
Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]

log = logging.getLogger("foxapi_video")
# The service waits 10 s for an answer; a body that takes longer than this is not the service's.
_BODY_SECONDS = 5.0
_MOST_AT_WORK = 100
_MOST_REMEMBERED = 10_000
_SHUTDOWN_SECONDS = 30.0


class CallbackApp:
    """What callbacks.asgi makes. Mount it, or serve it alone; it belongs to one event loop."""

    def __init__(self, handler: Handler, client: AsyncFoxAPI | None) -> None:
        self._handler = handler
        self._client = client
        self._at_work: dict[str, asyncio.Task[None]] = {}
        self._came_again: set[str] = set()
        self._done: OrderedDict[str, None] = OrderedDict()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            status = 405
            if scope["method"] == "POST":
                status = await self._take(receive)
            headers = [(b"content-length", b"0")]
            if status == 405:
                headers.append((b"allow", b"POST"))
            with contextlib.suppress(OSError):  # who asked may be gone
                await send({"type": "http.response.start", "status": status, "headers": headers})
                await send({"type": "http.response.body", "body": b""})
        else:
            raise ValueError(f"callbacks come over http, not {scope['type']}")

    async def finish(self) -> None:
        """Wait until every handler that runs has ended."""
        while self._at_work:
            await asyncio.wait(list(self._at_work.values()))

    async def _take(self, receive: Receive) -> int:
        """Take one callback, and say how to answer it."""
        try:
            async with asyncio.timeout(_BODY_SECONDS):
                body = await _body(receive)
        except TimeoutError:
            return 408
        if body is None:
            return 413
        try:
            claimed = callbacks.parse(body)
        except InvalidCallback as error:
            log.info("refused a callback: %s", error)
            return 400
        if not claimed.is_final and self._client is None:
            log.info("ignored a callback: task %s has not ended", claimed.id)
            return 200
        if claimed.id in self._done:
            return 200
        if claimed.id in self._at_work:
            # The one at work may be forged, and this one true.
            self._came_again.add(claimed.id)
            return 200
        if len(self._at_work) >= _MOST_AT_WORK:
            return 503
        work = asyncio.get_running_loop().create_task(self._work(claimed))
        self._at_work[claimed.id] = work
        work.add_done_callback(lambda _: self._at_work.pop(claimed.id, None))
        return 200

    async def _work(self, claimed: Task) -> None:
        task = None
        while task is None:
            self._came_again.discard(claimed.id)
            task = await self._confirmed(claimed)
            if task is None and claimed.id not in self._came_again:
                return
        # Only what is to be believed is remembered, so that no forged callback hides a true one.
        self._remember(claimed.id)
        try:
            if inspect.iscoroutinefunction(self._handler):
                await self._handler(task)
            else:
                told = await asyncio.to_thread(self._handler, task)
                if inspect.isawaitable(told):
                    await told
        except Exception:
            log.exception("the handler of callbacks failed for task %s", claimed.id)

    async def _confirmed(self, claimed: Task) -> Task | None:
        """The task as far as it is to be believed; None where it is not."""
        if self._client is None:
            return claimed
        try:
            task = await self._client.tasks.get(claimed.id)
        except FoxAPIError as error:
            log.warning("could not confirm the callback of task %s: %s", claimed.id, error)
            return None
        if not task.is_final:
            log.warning("a callback says that task %s ended; the server does not", claimed.id)
            return None
        return task

    def _remember(self, task_id: str) -> None:
        self._done[task_id] = None
        while len(self._done) > _MOST_REMEMBERED:
            self._done.popitem(last=False)

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                await send({"type": "lifespan.startup.complete"})
            else:
                try:
                    async with asyncio.timeout(_SHUTDOWN_SECONDS):
                        await self.finish()
                except TimeoutError:
                    log.warning("%d handlers of callbacks were still running", len(self._at_work))
                await send({"type": "lifespan.shutdown.complete"})
                return


async def _body(receive: Receive) -> bytes | None:
    """The body of a request, or None where it is too large or breaks off."""
    chunks: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        chunk: bytes = message.get("body", b"")
        size += len(chunk)
        if size > callbacks.MOST_BYTES:
            return None
        chunks.append(chunk)
        if not message.get("more_body", False):
            return b"".join(chunks)
