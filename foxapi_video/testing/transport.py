"""The pretend API as a transport of httpx, for the blocking client and the one for asyncio."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Any, Literal, TypeAlias, get_args

from foxapi_video import owners
from foxapi_video.errors import ConfigurationError
from foxapi_video.http import httpx
from foxapi_video.testing.behaviours import GOOD, REFUSED, Asked, Behaviour, Reply, named
from foxapi_video.testing.service import Received, Service
from foxapi_video.testing.states import STATES, PretendTask, checked
from foxapi_video.waiting import Polling

# For clients that wait for pretended tasks: as good as no pause.
QUICK = Polling(shortest=0.001, longest=0.001)
Call: TypeAlias = Literal["create", "get", "upload", "download", "other"]


class PretendAPI(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """An API pretended in this process: the transport of a FoxAPI, an AsyncFoxAPI, or both.

    It takes any key, judges each request by the documentation, and answers as that says: 422 for a
    body that is not allowed, a task with an id of its own for one that is. Each time a task is
    asked for, it is one state further. A completed task leads to a small video that plays.

    It may be used by any number of clients, threads and event loops.

    Attributes:
        received: The requests that came, in order.
    """

    def __init__(self, states: Sequence[str] = STATES, *, check: bool = True) -> None:
        """Set it up.

        Args:
            states: The states that a task is in, one after the other: the first is told by the
                create call, each next one by a query. It stays in the last.
            check: Whether bodies are held to the documentation. Without, any object passes.

        Raises:
            ConfigurationError: The states can't be those of a task.
        """
        self.received: list[Received] = []
        self._service = Service(checked(states), checks=check)
        self._behaviours: list[tuple[Behaviour, Call | None]] = []
        self._lock = threading.Lock()

    @property
    def tasks(self) -> dict[str, PretendTask]:
        """The tasks that were created, and would be paid for, by their ids."""
        return self._service.tasks

    def next_task(
        self, *states: str, message: str | None = None, code: Any = "generation_failed"
    ) -> None:
        """Have the next task pass through these states; called again, the one after it.

        Args:
            states: Such as "pending", "failed".
            message: Why it failed, for people, where it does.
            code: Why it failed, for programs.

        Raises:
            ConfigurationError: They can't be those of a task.
        """
        error = None if message is None else {"code": code, "message": message}
        self._service.next_task(checked(states), error)

    def next_answers(self, *names: str, call: Call | None = None) -> None:
        """Have the next requests treated so, one after the other; then it answers well again.

        A create call that is treated badly has made a task all the same, as it may have at the real
        API: unless the behaviour is a refusal, or no connection.

        Args:
            names: Names of behaviours, of foxapi_video.testing.NAMES. "answers well" leaves one
                request out.
            call: Which requests are meant: create, get, upload or download; else all.

        Raises:
            ConfigurationError: There is no behaviour of a name, or no such call.
        """
        if call not in (None, *get_args(Call)):
            calls = ", ".join(get_args(Call))
            raise ConfigurationError(f"a call is one of {calls}, not {call!r}")
        self._behaviours.extend((named(name), call) for name in names)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer a request of a blocking client."""
        return self._answer(request, request.read())

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer a request of a client for asyncio."""
        return self._answer(request, await request.aread())

    def _answer(self, request: httpx.Request, body: bytes) -> httpx.Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        signed = headers.pop("authorization", "").startswith("Bearer ")
        received = Received(request.method, str(request.url), headers, body, signed)
        with self._lock:
            reply = self._treat(received)
        return _response(reply, "video/mp4" if received.call == "download" else "application/json")

    def _treat(self, received: Received) -> Reply:
        behaviour = self._next_behaviour(received.call)
        if behaviour is REFUSED:
            return Reply(0, ending="refused")
        self.received.append(received)
        asked = Asked(received.path, lambda: self._service.answer(received))
        # Whatever is answered, the API may have made the task before.
        if received.call == "create" and not behaviour.refuses and asked.good.status != 200:
            return asked.good
        return behaviour.answer(asked)

    def _next_behaviour(self, call: str) -> Behaviour:
        for number, (behaviour, meant) in enumerate(self._behaviours):
            if meant in (None, call):
                del self._behaviours[number]
                return behaviour
        return GOOD


class _Stream(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A body that may break, for both kinds of client."""

    def __init__(self, reply: Reply) -> None:
        self._reply = reply

    def __iter__(self) -> Iterator[bytes]:
        yield self._reply.body[: len(self._reply.body) + min(0, self._reply.missing)]
        if self._reply.ending != "whole":
            raise _broken(self._reply)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for chunk in self:
            yield chunk


# As httpx says it of a connection. What is silent is as if the client had waited long enough.
_BREAKS: dict[str, tuple[type[httpx.TransportError], str]] = {
    "refused": (httpx.ConnectError, "[Errno 111] Connection refused"),
    "reset": (httpx.ReadError, "[Errno 104] Connection reset by peer"),
    "closed": (httpx.RemoteProtocolError, "peer closed connection without a complete answer"),
    "silence": (httpx.ReadTimeout, "The read operation timed out"),
}


def _broken(reply: Reply) -> httpx.TransportError:
    kind, message = _BREAKS[reply.ending]
    return kind(message)


def _response(reply: Reply, kind: str) -> httpx.Response:
    """The answer as a transport gives it.

    Raises:
        TransportError: None comes.
    """
    if not reply.status:
        raise _broken(reply)
    length = {} if reply.status == 204 else {"Content-Length": str(len(reply.body) + reply.missing)}
    headers = {"Content-Type": kind, **length, **reply.headers}
    return httpx.Response(reply.status, headers=headers, stream=_Stream(reply))


# So that a call is told rightly that was not sent, and no name is looked up.
owners.PRETENDING.append(PretendAPI)
