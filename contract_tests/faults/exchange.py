"""One request on one connection of the misbehaving server: reading it and answering it."""

from __future__ import annotations

import json
import select
import socket
import threading
from urllib.parse import unquote

from foxapi_video.testing.behaviours import Reply
from foxapi_video.testing.states import PretendTask
from foxapi_video.testing.video import part_of

TASK_ID = "task-unified-1757165031-faults"
VIDEO = bytes(range(256)) * 64
_TICK = 0.02


class Exchange:
    """A connection, the request on it once it was read, and the means to answer well or badly.

    Attributes:
        connection: The socket.
        method: The HTTP method, once the head was read.
        path: The path with its run, such as /7/v1/tasks/x.
        headers: The headers, in lower case.
        created: The id of the task that a create call makes.
    """

    def __init__(
        self, connection: socket.socket, stopping: threading.Event, *, stays: bool = False
    ) -> None:
        """Begin with a connection, which lasts beyond the exchange where it `stays`."""
        self.connection = connection
        self.created = TASK_ID
        self._ending = {} if stays else {"Connection": "close"}
        self.method = ""
        self.path = ""
        self.headers: dict[str, str] = {}
        self._stopping = stopping
        self._buffer = b""

    def read_head(self) -> None:
        """Read up to the end of the headers."""
        while b"\r\n\r\n" not in self._buffer:
            self._buffer += self._receive()
        head, _, self._buffer = self._buffer.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        self.method, self.path, _ = first.split(" ", 2)
        for line in lines:
            name, _, content = line.partition(":")
            self.headers[name.strip().lower()] = content.strip()

    def read_body(self) -> bytes:
        """Read the body, with a length or in chunks."""
        if self.headers.get("transfer-encoding") == "chunked":
            while not self._buffer.endswith(b"0\r\n\r\n"):
                self._buffer += self._receive()
        else:
            while len(self._buffer) < int(self.headers.get("content-length", "0")):
                self._buffer += self._receive()
        return self._buffer

    def good_body(self) -> bytes:
        """What a well-behaved server would answer this request with."""
        if self.path.endswith("/video.mp4"):
            return VIDEO
        if "/files/upload/" in self.path:
            stored = {"id": "file-1", "filename": "a.png", "size": 3, "created": 1757165031}
            return json.dumps({**stored, "url": "https://example.com/files/a.png"}).encode()
        status = "pending" if self.method == "POST" else "completed"
        task_id = unquote(self.path.partition("?")[0].rpartition("/")[2])
        task = PretendTask(
            self.created if status == "pending" else task_id,
            {"model": "a-model"},
            (status,),
            url="https://example.com/video.mp4",
        ).to_json()
        return json.dumps(task).encode()

    def good_reply(self) -> Reply:
        """What a well-behaved server would answer this request with: a file also in part."""
        body = self.good_body()
        begin, end = 0, len(body)
        if body is VIDEO:
            begin, end = part_of(body, self.headers.get("range")) or (begin, end)
        if (begin, end) == (0, len(body)):
            return Reply(200, body, {"ETag": '"1"'})
        covers = f"bytes {begin}-{end - 1}/{len(body)}"
        return Reply(206, body[begin:end], {"Content-Range": covers, "ETag": '"1"'})

    def good(self) -> None:
        """Answer as a well-behaved server would."""
        reply = self.good_reply()
        self.answer(reply.status, reply.body, reply.headers)

    def answer(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        """Send a whole answer."""
        self.send(self.head(status, len(body), headers) + body)

    def head(self, status: int, length: int, headers: dict[str, str] | None = None) -> bytes:
        """The head of an answer, up to and with the empty line."""
        kind = "video/mp4" if self.path.endswith("/video.mp4") else "application/json"
        fields = {"Content-Type": kind, **self._ending, **(headers or {})}
        lines = [f"HTTP/1.1 {status} Whatever", f"Content-Length: {length}"]
        lines += [f"{name}: {content}" for name, content in fields.items()]
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")

    def send(self, data: bytes) -> None:
        """Send bytes as they are."""
        self.connection.sendall(data)

    def trickle(self, data: bytes) -> None:
        """Send a byte now and then, until the client goes or the server stops."""
        for byte in data:
            if self._stopping.wait(_TICK) or self._gone():
                return
            self.connection.sendall(bytes([byte]))

    def wait_until_gone(self) -> None:
        """Say nothing until the client goes or the server stops."""
        while not self._stopping.wait(_TICK) and not self._gone():
            pass

    def wait_until_stopped(self) -> None:
        """Take nothing more of what the client sends until the server stops."""
        self._stopping.wait()

    def _gone(self) -> bool:
        readable, _, _ = select.select([self.connection], [], [], 0)
        return bool(readable) and not self.connection.recv(65536)

    def _receive(self) -> bytes:
        data = self.connection.recv(65536)
        if not data:
            raise ConnectionError("the client went away")
        return data
