"""An ASGI app that takes callbacks: it answers at once and works afterwards."""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import ipaddress
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Coroutine, MutableMapping
from typing import TYPE_CHECKING, Any, TypeAlias

from foxapi_video import callback_body
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
# Each is a query with the user's key, which whoever knows the address makes it send.
_MOST_CONFIRMING = 20
_MOST_PENDING = 10_000
_LONGEST_ID = 512
_MOST_REMEMBERED = 10_000
_SHUTDOWN_SECONDS = 30.0


class CallbackApp:
    """What callbacks.asgi makes. Mount it, or serve it alone; it belongs to one event loop."""

    def __init__(self, handler: Handler, client: AsyncFoxAPI | None) -> None:
        self._handler = handler
        self._client = client
        self._pending = _Pending()
        self._confirming = 0
        self._at_work: set[asyncio.Task[None]] = set()
        self._done: OrderedDict[str, None] = OrderedDict()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            status = 405
            if scope["method"] == "POST":
                status = await self._take(_sender(scope), receive)
            headers = [(b"content-length", b"0")]
            if status == 405:
                headers.append((b"allow", b"POST"))
            with contextlib.suppress(OSError):  # who asked may be gone
                await send({"type": "http.response.start", "status": status, "headers": headers})
                await send({"type": "http.response.body", "body": b""})
        else:
            raise ValueError(f"callbacks come over http, not {scope['type']}")

    async def finish(self) -> None:
        """Wait until all that was taken is looked at, and every handler that runs has ended."""
        while self._at_work:
            await asyncio.wait(list(self._at_work))

    async def _take(self, sender: str, receive: Receive) -> int:
        """Take one callback, and say how to answer it."""
        try:
            async with asyncio.timeout(_BODY_SECONDS):
                body = await _body(receive)
        except TimeoutError:
            return 408
        if body is None:
            return 413
        try:
            claimed = callback_body.parse(body)
        except InvalidCallback as error:
            log.info("refused a callback: %s", error)
            return 400
        if len(claimed.id) > _LONGEST_ID:
            log.info("refused a callback: its id has more than %d characters", _LONGEST_ID)
            return 400
        if not claimed.is_final and self._client is None:
            log.info("ignored a callback: task %s has not ended", claimed.id)
            return 200
        if claimed.id in self._done:
            return 200
        if self._client is not None:
            # Also while it is being confirmed: the one before may be forged, and this one true.
            if not self._pending.put(sender, claimed.id):
                return 503
            self._go_on(self._client)
            return 200
        if len(self._at_work) >= _MOST_AT_WORK:
            return 503
        self._remember(claimed.id)
        self._start(self._hand_over(claimed))
        return 200

    def _go_on(self, client: AsyncFoxAPI) -> None:
        """Confirm what is pending, as far as there is room."""
        while self._confirming < _MOST_CONFIRMING and len(self._at_work) < _MOST_AT_WORK:
            task_id = self._pending.take()
            if task_id is None:
                return
            if task_id not in self._done:
                self._confirming += 1
                self._start(self._work(client, task_id))

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._at_work.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._at_work.discard(task)
        if self._client is not None and not task.cancelled():
            self._go_on(self._client)

    async def _work(self, client: AsyncFoxAPI, task_id: str) -> None:
        try:
            task = await _confirmed(client, task_id)
        finally:
            self._confirming -= 1
        self._go_on(client)
        # Only what is to be believed is remembered, so that no forged callback hides a true one.
        if task is not None and task_id not in self._done:
            self._remember(task_id)
            await self._hand_over(task)

    async def _hand_over(self, task: Task) -> None:
        try:
            if inspect.iscoroutinefunction(self._handler):
                await self._handler(task)
            else:
                returned = await asyncio.to_thread(self._handler, task)
                if inspect.isawaitable(returned):
                    await returned
        except Exception:
            log.exception("the handler of callbacks failed for task %s", task.id)

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
                    log.warning(
                        "%d callbacks were still being worked on, and %d waited to be confirmed",
                        len(self._at_work),
                        len(self._pending),
                    )
                await send({"type": "lifespan.shutdown.complete"})
                return


class _Pending:
    """The ids that wait to be confirmed, in turn by who sent them.

    There are at most 10,000, and of one sender no more than there are places left: one who makes
    ids up leaves half of the places to the others, two leave a third, and so on. Each sender has
    one id taken before any has its next. So an id waits, at most, for as many ids of each other
    sender as its own sender has up to it, however many those others send.
    """

    def __init__(self) -> None:
        self._of: OrderedDict[str, OrderedDict[str, None]] = OrderedDict()
        self._size = 0

    def __len__(self) -> int:
        return self._size

    def put(self, sender: str, task_id: str) -> bool:
        """Add an id, unless it waits already; whether there was a place for it."""
        ids = self._of.get(sender, OrderedDict[str, None]())
        if task_id in ids:
            return True
        if len(ids) >= _MOST_PENDING - self._size:
            return False
        ids[task_id] = None
        self._of[sender] = ids
        self._size += 1
        return True

    def take(self) -> str | None:
        """Remove the next id, or None where there is none."""
        if not self._of:
            return None
        sender, ids = self._of.popitem(last=False)
        task_id, _ = ids.popitem(last=False)
        if ids:
            self._of[sender] = ids
        self._size -= 1
        return task_id


def _sender(scope: Message) -> str:
    """Who sends a request, as far as the server tells.

    Of IPv6 it is the network, since one machine may have any address there.
    """
    client = scope.get("client")
    try:
        address = ipaddress.ip_address(str(client[0]) if client else "")
    except ValueError:
        return ""
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is None:
        return address.packed[:8].hex()
    return str(address)


async def _confirmed(client: AsyncFoxAPI, task_id: str) -> Task | None:
    """The task as far as it is to be believed; None where it is not."""
    try:
        task = await client.tasks.get(task_id)
    except FoxAPIError as error:
        log.warning("could not confirm the callback of task %s: %s", task_id, error)
        return None
    if not task.is_final:
        log.warning("a callback says that task %s ended; the server does not", task_id)
        return None
    return task


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
        if size > callback_body.MOST_BYTES:
            return None
        chunks.append(chunk)
        if not message.get("more_body", False):
            return b"".join(chunks)
