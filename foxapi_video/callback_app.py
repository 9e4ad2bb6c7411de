"""An ASGI app that takes callbacks: it answers at once and works afterwards."""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import ipaddress
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Coroutine, Iterator, MutableMapping
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from foxapi_video import callback_body
from foxapi_video.errors import (
    APIConnectionError,
    APIStatusError,
    ConfigurationError,
    FoxAPIError,
    InvalidCallback,
    UnreadableAnswerError,
)
from foxapi_video.options import check_async_client
from foxapi_video.retries import may_pass

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
# While the API does not answer, each id is asked for again this often, for an hour.
_AGAIN_SECONDS = 30.0
_MOST_ROUNDS = 120
_MOST_NAMED = 20


class CallbackApp:
    """What callbacks.asgi makes. Mount it, or serve it alone; it belongs to one event loop."""

    def __init__(self, handler: Handler, client: AsyncFoxAPI | None) -> None:
        if not callable(handler):
            raise ConfigurationError(f"the handler is a function, not {handler!r}")
        check_async_client(client)
        self._handler = handler
        self._client = client
        self._pending = _Pending()
        self._again = _Pending()
        self._next_round: asyncio.TimerHandle | None = None
        self._ending = False
        self._given_up: list[str] = []
        self._confirming: list[str] = []
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

    async def finish(self) -> list[str]:
        """Wait until all that was taken is looked at, and every handler that runs has ended.

        To be called before the program ends, where the ASGI server does not tell the app of it: a
        framework that has mounted the app does not.

        Returns:
            The ids that could not be confirmed, also now: ask for their tasks when the program
            runs again. They are logged too.
        """
        self._ending = True
        try:
            self._begin_round()
            while self._at_work:
                await asyncio.wait(list(self._at_work))
                self._begin_round()
        finally:
            self._ending = False
        given_up, self._given_up = self._given_up, []
        return given_up

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
        if not claimed.is_final:
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
        while len(self._confirming) < _MOST_CONFIRMING and len(self._at_work) < _MOST_AT_WORK:
            waiting = self._pending.take()
            if waiting is None:
                return
            if waiting.task_id not in self._done:
                self._confirming.append(waiting.task_id)
                self._start(self._work(client, waiting))

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._at_work.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._at_work.discard(task)
        if self._client is not None and not task.cancelled():
            self._go_on(self._client)

    async def _work(self, client: AsyncFoxAPI, waiting: _Waiting) -> None:
        task: Task | None = None
        try:
            task = await _confirmed(client, waiting.task_id)
        except _NoAnswerError as error:
            self._ask_again(waiting, str(error))
        finally:
            self._confirming.remove(waiting.task_id)
        self._go_on(client)
        # Only what is to be believed is remembered, so that no forged callback hides a true one.
        if task is not None and waiting.task_id not in self._done:
            self._remember(waiting.task_id)
            await self._hand_over(task)

    def _ask_again(self, waiting: _Waiting, reason: str) -> None:
        """Ask for a task in the next round, if there is one and a place in it."""
        rounds = waiting.rounds + 1
        is_over = self._ending or rounds > _MOST_ROUNDS
        if is_over or not self._again.put(waiting.sender, waiting.task_id, rounds):
            log.error(
                "could not confirm the callback of task %s, asked for %d times; look at it by "
                "tasks.wait: %s",
                waiting.task_id,
                rounds,
                reason,
            )
            self._given_up = [*self._given_up, waiting.task_id][-_MOST_PENDING:]
        elif self._next_round is None:
            log.warning("the API does not confirm callbacks yet, and is asked again: %s", reason)
            loop = asyncio.get_running_loop()
            self._next_round = loop.call_later(_AGAIN_SECONDS, self._begin_round)

    def _begin_round(self) -> None:
        """Put what is to be asked for again in line, behind what waits there."""
        if self._next_round is not None:
            self._next_round.cancel()
            self._next_round = None
        while (waiting := self._again.take()) is not None:
            if not self._pending.put(waiting.sender, waiting.task_id, waiting.rounds):
                self._again.put(waiting.sender, waiting.task_id, waiting.rounds)
                break
        if self._client is not None:
            self._go_on(self._client)

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
                    lost = [*self._confirming, *self._given_up, *self._pending, *self._again]
                    log.error(
                        "the end came before %d handlers, and before %d callbacks were confirmed; "
                        "look at these tasks by tasks.wait: %s",
                        len(self._at_work) - len(self._confirming),
                        len(lost),
                        ", ".join(lost[:_MOST_NAMED]) + ", ..." * (len(lost) > _MOST_NAMED),
                    )
                await send({"type": "lifespan.shutdown.complete"})
                return


class _Waiting(NamedTuple):
    """An id that waits to be confirmed.

    Attributes:
        sender: Who sent it.
        task_id: The id.
        rounds: How many times it was asked for without an answer.
    """

    sender: str
    task_id: str
    rounds: int


class _NoAnswerError(Exception):
    """The API did not say whether a task has ended, and may say so later."""


class _Pending:
    """The ids that wait to be confirmed, in turn by who sent them.

    There are at most 10,000, and of one sender no more than there are places left: one who makes
    ids up leaves half of the places to the others, two leave a third, and so on. Each sender has
    one id taken before any has its next. So an id waits, at most, for as many ids of each other
    sender as its own sender has up to it, however many those others send.
    """

    def __init__(self) -> None:
        self._of: OrderedDict[str, OrderedDict[str, int]] = OrderedDict()
        self._size = 0

    def __len__(self) -> int:
        return self._size

    def __iter__(self) -> Iterator[str]:
        return (task_id for ids in self._of.values() for task_id in ids)

    def put(self, sender: str, task_id: str, rounds: int = 0) -> bool:
        """Add an id, unless it waits already; whether there was a place for it."""
        ids = self._of.get(sender, OrderedDict[str, int]())
        if task_id in ids:
            return True
        if len(ids) >= _MOST_PENDING - self._size:
            return False
        ids[task_id] = rounds
        self._of[sender] = ids
        self._size += 1
        return True

    def take(self) -> _Waiting | None:
        """Remove the next id, or None where there is none."""
        if not self._of:
            return None
        sender, ids = self._of.popitem(last=False)
        task_id, rounds = ids.popitem(last=False)
        if ids:
            self._of[sender] = ids
        self._size -= 1
        return _Waiting(sender, task_id, rounds)


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
    """The task as far as it is to be believed; None where it is not.

    Raises:
        _NoAnswerError: It is worth asking again later.
    """
    try:
        task = await client.tasks.get(task_id)
    except FoxAPIError as error:
        if _may_pass(error):
            raise _NoAnswerError(error) from None
        log.warning("could not confirm the callback of task %s: %s", task_id, error)
        return None
    if not task.is_final:  # the copy of the service that was asked may be late
        raise _NoAnswerError(f"task {task_id} ended by its callback, and is {task.status!r}")
    return task


def _may_pass(error: FoxAPIError) -> bool:
    if isinstance(error, APIStatusError):
        is_read = isinstance(error, UnreadableAnswerError)
        return is_read or may_pass(error.status, error.body)
    return isinstance(error, APIConnectionError)


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
