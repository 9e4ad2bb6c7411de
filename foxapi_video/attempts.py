"""One attempt of a call: whether its request ever left, and what came of its answer.

Both runners send with it. httpcore tells by the request extension `trace` when the head of a
request is written; the class of an error can't tell that from a proxy that fails before. Only
transports whose ways are known are believed that a paid call was not sent.
"""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any, Literal, TypeAlias

from foxapi_video.deadlines import left
from foxapi_video.errors import ConfigurationError
from foxapi_video.http import httpx
from foxapi_video.owners import PRETENDING, WITHOUT_CONNECTIONS, transports_of
from foxapi_video.settings import Key
from foxapi_video.steps import (
    MOST_BYTES,
    Answer,
    Call,
    Failure,
    Moved,
    Outcome,
    TooLargeError,
    answer_raised,
    failure,
    request_of,
)

# zlib's number for a stream with the head of gzip or of zlib.
_ANY_HEAD = 47
# Of an upload: what is written at once, and has to be taken in the time of a timeout.
_PART = 64 * 2**10

Believed: TypeAlias = Literal["trace", "class", "nothing"]


def believed(client: httpx.Client | httpx.AsyncClient) -> Believed:
    """What of an attempt shows that it was not sent: its trace, the class of its error, or nothing.

    Another client or transport, also one that inherits, may send again, send another request, or
    say of what it sent that there was no connection.
    """
    from foxapi_video.deadline_network import DeadlineTransport  # and with it httpcore

    kinds = {type(each) for each in transports_of(client)}
    traced = {DeadlineTransport, httpx.HTTPTransport, httpx.AsyncHTTPTransport}
    known = {*traced, *WITHOUT_CONNECTIONS, *PRETENDING}
    if type(client) not in (httpx.Client, httpx.AsyncClient) or not kinds or not kinds <= known:
        return "nothing"
    return "trace" if kinds <= traced else "class"


class Body(httpx.SyncByteStream, httpx.AsyncByteStream):
    """The body of an upload, which is sent in parts and tells when one was taken.

    Attributes:
        raised: What the function that is told raised, or None.
    """

    def __init__(
        self, request: httpx.Request, moved: Moved, renew: Callable[[float | None], None]
    ) -> None:
        self.raised: Exception | None = None
        self._stream: Any = request.stream
        length = request.headers.get("content-length", "")
        self._total = int(length) if length.isdigit() else None
        self._moved = moved
        self._renew = renew
        self._taken = 0

    def __iter__(self) -> Iterator[bytes]:
        self._taken = 0
        for chunk in self._stream:
            yield from self._parts(chunk)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        self._taken = 0
        async for chunk in self._stream:
            for part in self._parts(chunk):
                yield part

    def _parts(self, chunk: bytes) -> Iterator[bytes]:
        for start in range(0, len(chunk), _PART):
            part = chunk[start : start + _PART]
            yield part
            # The next one is asked for, so this one was taken.
            self._taken += len(part)
            try:
                seconds = self._moved(self._taken, self._total)
            except Exception as error:
                self.raised = error
                raise
            self._renew(seconds)


class Attempt:
    """What is known of one attempt."""

    def __init__(self, call: Call, key: Key, believed: Believed) -> None:
        self._method = call.method.encode()
        self._is_paid = call.paid
        self._key = key
        self._believed = believed
        self._request: httpx.Request | None = None
        self._tracer: Any = None
        self._traced = False
        self._begun = False
        self._head: httpx.Response | None = None
        self._is_read = False
        self._body = bytearray()
        self._sent_body: Body | None = None

    def watches(
        self, request: httpx.Request, moved: Moved, renew: Callable[[float | None], None]
    ) -> None:
        """Have a body tell how far it is taken, and the deadline begin anew each time."""
        request.stream = self._sent_body = Body(request, moved, renew)

    def sends(self, request: httpx.Request, tracer: Any) -> None:
        """Note that the request goes to the client now; the tracer is one of the two below."""
        self._request, self._tracer = request, tracer
        # What costs nothing is repeated whether it left or not.
        if self._is_paid and self._believed != "nothing":
            request.extensions["trace"] = tracer

    def trace(self, event: str, info: dict[str, Any]) -> None:
        """Look at an event of a blocking client."""
        self._traced = True
        # A tunnel through a proxy is asked for with a request as well, whose method is CONNECT. A
        # hook may have changed that of the call.
        if event.endswith(".send_request_headers.started"):
            request = info["request"]
            if request.method != b"CONNECT" or self._method == b"CONNECT":
                self._begun = True
                request.extensions.pop("trace", None)  # the rest is told to nobody, which is faster

    async def atrace(self, event: str, info: dict[str, Any]) -> None:
        """Look at an event of an async client."""
        self.trace(event, info)

    def answered(self, head: httpx.Response) -> bool:
        """Note the head of the answer; whether its body is still to be read."""
        self._head = head
        self._is_read = head.is_stream_consumed  # by a transport or a hook of the user's
        return not self._is_read

    def take(self, chunk: bytes) -> None:
        """Note bytes of the body as they came.

        Raises:
            TooLargeError: They are more than any answer has.
            ReadTimeout: They came too late; httpx's own transports look at each part alone.
        """
        seconds = left(None)
        if seconds is not None and seconds <= 0:
            raise httpx.ReadTimeout("the call took too long in all")
        if len(self._body) + len(chunk) > MOST_BYTES:
            raise TooLargeError
        self._body += chunk

    def answer(self, head: httpx.Response) -> Answer:
        """The whole answer.

        Raises:
            TooLargeError: It is larger than any answer is.
            DecodingError: It is compressed in another way than it says, or more than once.
        """
        body, is_whole = self._unpacked(head)
        if not is_whole:
            raise httpx.DecodingError("the compressed answer ends too early")
        return _answer(head, body)

    def outcome(self, error: Exception) -> Outcome:
        """What an error of the transport, or of a hook of the user's, means for this attempt.

        What the user's own function for the progress raised is raised.
        """
        if self._sent_body is not None and self._sent_body.raised is not None:
            raise self._sent_body.raised
        raised = answer_raised(error, self._request)
        if raised is not None:
            return raised
        may_be_sent = self._may_be_sent(error)
        kind, error, _ = failure(error, self._key)
        if self._request is None:
            kind = "unusable"
        elif may_be_sent:
            late = isinstance(error, httpx.TimeoutException | TimeoutError)
            kind = "timeout" if late else "broken"
        elif self._traced and self._believed == "trace" and kind != "unusable":
            kind = "unsent"
        return Failure(kind=kind, error=error, heard=self._heard())

    def interrupted(self, error: BaseException) -> None:
        """Have what interrupts a paid call name the task, where the answer so far names one."""
        heard = self._heard() if self._is_paid else None
        if heard:
            from foxapi_video.answers import note_task

            note_task(error, self._key, heard.body)

    def _may_be_sent(self, error: Exception) -> bool:
        """Whether an error is not believed to say that nothing was sent."""
        if self._request is None:
            return False
        if self._begun or self._head is not None:
            return True
        if not self._is_paid:
            return False
        if self._believed == "trace":  # unless a hook has put another in its place
            return bool(self._request.extensions.get("trace") != self._tracer)
        # httpx notes the request with what a transport raises; a hook fails after the answer too.
        is_own = request_of(error) is self._request
        return self._believed == "nothing" or not is_own

    def _heard(self) -> Answer | None:
        """What came of an answer so far."""
        if self._head is None:
            return None
        try:
            body, _ = self._unpacked(self._head)
        except (httpx.HTTPError, httpx.StreamError, TooLargeError):
            body = bytes(self._body)
        return _answer(self._head, body)

    def _unpacked(self, head: httpx.Response) -> tuple[bytes, bool]:
        """The body without the one layer that it may be compressed in, and whether it ended."""
        if self._is_read:
            return head.content, True
        encodings = head.headers.get("content-encoding", "").lower()
        layers = [each for each in encodings.replace(",", " ").split() if each != "identity"]
        if not layers:
            return bytes(self._body), True
        if layers not in (["gzip"], ["x-gzip"], ["deflate"]):
            raise httpx.DecodingError(f"the answer is encoded as {', '.join(layers)}")
        unpacking = zlib.decompressobj(_ANY_HEAD)
        try:
            body = unpacking.decompress(self._body, MOST_BYTES + 1)
        except zlib.error as error:
            raise httpx.DecodingError(str(error)) from None
        if len(body) > MOST_BYTES:
            raise TooLargeError
        return body, unpacking.eof


def not_made(error: Exception, key: Key) -> ConfigurationError:
    """What is said of an error while the httpx client is made: nothing can have been sent."""
    return ConfigurationError(f"the connections can't be set up: {key.redact(str(error))}")


def _answer(head: httpx.Response, body: bytes) -> Answer:
    return Answer(status=head.status_code, headers=head.headers, body=body)
