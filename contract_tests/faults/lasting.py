"""A server whose connections last, so that it shows who shares one."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from contract_tests.faults.exchange import VIDEO
from contract_tests.referees.samples import WORDS
from overlays.openapi import CREATE

HOST = "127.0.0.1"
_PARTS = 64


class LastingServer:
    """Tasks are named after a text of their bodies, so that an answer shows whose it is.

    Attributes:
        url: Its base URL.
        accepted: The id of each task that was created.
        created_on: The connection of each.
        requests: Each request, as method and path, with the number of its connection.
    """

    def __init__(
        self,
        polls: int = 0,
        pace: Callable[[str], object] = lambda what: None,
        behind: bytes = b"",
    ) -> None:
        """Set it up.

        Args:
            polls: How many queries a task takes until it completes.
            pace: Called with each request before it is answered, and with "part" before each part
                of a video.
            behind: What it sends behind the answer to each query, with its last bytes.
        """
        self.accepted: list[str] = []
        self.created_on: list[int] = []
        self.requests: list[tuple[int, str]] = []
        self.arrived = threading.Condition()
        self._polls = polls
        self.pace = pace
        self.behind = behind
        self._asked: dict[str, int] = {}
        self._connections = 0

    def __enter__(self) -> Self:
        handler = type("Handler", (_Handler,), {"owner": self})
        self._server = _Server((HOST, 0), handler)
        self.url = f"http://{HOST}:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def connections(self, what: str = "") -> list[int]:
        """The connection of each request whose path has the text in it."""
        return [connection for connection, request in self.requests if what in request]

    def connected(self) -> int:
        """The number of a new connection."""
        with self.arrived:
            self._connections += 1
            return self._connections

    def answer(self, connection: int, request: str, body: bytes) -> bytes | None:
        """The answer to a request; None for the video."""
        with self.arrived:
            self.requests.append((connection, request))
            if request == CREATE:
                task_id = f"task-{json.loads(body)[WORDS]}"
                self.accepted.append(task_id)
                self.created_on.append(connection)
            else:
                task_id = request.rpartition("/")[2]
                self._asked[task_id] = self._asked.get(task_id, 0) + 1
            is_done = self._asked.get(task_id, 0) > self._polls
            self.arrived.notify_all()
        self.pace(request)
        if request == "GET /video.mp4":
            return None
        task: dict[str, Any] = {"id": task_id, "status": "pending", "progress": 0}
        if is_done:
            results = [{"url": f"{self.url}/video.mp4"}]
            task |= {"status": "completed", "progress": 100, "results": results}
        return json.dumps(task).encode()

    def parts(self) -> list[bytes]:
        """The video in parts."""
        size = len(VIDEO) // _PARTS
        return [VIDEO[start : start + size] for start in range(0, len(VIDEO), size)]


class _Server(ThreadingHTTPServer):
    request_queue_size = 512
    block_on_close = False  # connections last until the client goes


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    owner: LastingServer

    def setup(self) -> None:
        super().setup()
        self._number = self.owner.connected()

    def handle(self) -> None:
        try:
            super().handle()
        except OSError:
            self.close_connection = True  # the client was ended

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers["Content-Length"])))

    def do_GET(self) -> None:
        self._answer(b"")

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002
        """Say nothing."""

    def _answer(self, body: bytes) -> None:
        answer = self.owner.answer(self._number, f"{self.command} {self.path}", body)
        self.send_response(200)
        if answer is not None:
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer + (self.owner.behind if self.command == "GET" else b""))
            return
        self.send_header("Content-Length", str(len(VIDEO)))
        self.end_headers()
        for part in self.owner.parts():
            self.owner.pace("part")
            self.wfile.write(part)
