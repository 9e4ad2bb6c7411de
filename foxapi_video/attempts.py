"""One attempt of a call: whether its request ever left, and what came of its answer.

Both runners send with it. httpcore tells by the request extension `trace` when the head of a
request is written; the class of an error can't tell that from a proxy that fails before.
"""

from __future__ import annotations

import zlib
from typing import Any

import httpx

from foxapi_video.errors import ConfigurationError
from foxapi_video.settings import Key
from foxapi_video.steps import MOST_BYTES, Answer, Call, Failure, TooLargeError, failure

# zlib's number for a stream with the head of gzip or of zlib.
_ANY_HEAD = 47


class Attempt:
    """What is known of one attempt.

    A transport of the user's may tell nothing by `trace`: then the class of an error decides.
    """

    def __init__(self, call: Call, key: Key) -> None:
        self._method = call.method.encode()
        self._key = key
        self._traced = False
        self._begun = False
        self._head: httpx.Response | None = None
        self._is_read = False
        self._body = bytearray()

    def trace(self, event: str, info: dict[str, Any]) -> None:
        """Look at an event of a blocking client."""
        self._traced = True
        # A tunnel through a proxy is asked for with a request as well, whose method is CONNECT.
        if event.endswith(".send_request_headers.started"):
            request = info["request"]
            if request.method == self._method:
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
        """
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

    def failure(self, error: Exception) -> Failure:
        """What an error of the transport means for this attempt."""
        kind, error, _ = failure(error, self._key)
        if self._begun or self._head is not None:
            late = isinstance(error, httpx.TimeoutException | TimeoutError)
            kind = "timeout" if late else "broken"
        elif self._traced and kind != "unusable":
            kind = "unsent"
        if self._head is None:
            return Failure(kind=kind, error=error)
        try:
            body, _ = self._unpacked(self._head)
        except (httpx.HTTPError, httpx.StreamError, TooLargeError):
            body = bytes(self._body)
        return Failure(kind=kind, error=error, heard=_answer(self._head, body))

    def _unpacked(self, head: httpx.Response) -> tuple[bytes, bool]:
        """The body without the one layer that it may be compressed in, and whether it ended."""
        if self._is_read:
            return head.content, True
        told = head.headers.get("content-encoding", "").lower()
        layers = [each for each in told.replace(",", " ").split() if each != "identity"]
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
    return ConfigurationError(f"the connections can't be set up: {key.blotted(str(error))}")


def _answer(head: httpx.Response, body: bytes) -> Answer:
    return Answer(status=head.status_code, headers=head.headers, body=body)
