"""The misbehaving server: on a free port of 127.0.0.1, and it counts the creates it accepted."""

from __future__ import annotations

import contextlib
import select
import socket
import threading
from collections.abc import Callable, Sequence
from typing import Any, Self

from contract_tests.faults.behaviours import GOOD, Behaviour
from contract_tests.faults.exchange import Exchange
from overlays.openapi import CREATE_PATH

HOST = "127.0.0.1"
# No request of the tests takes longer to be sent, and no thread to end.
_PATIENCE = 10.0


class FaultServer:
    """A server that treats its requests by a list of behaviours, in turn. A context manager.

    Attributes:
        url: Its base URL.
        requests: Requests that came, as method and path; empty for those it did not read.
        headers: The headers of each, in lower case.
        bodies: The body of each.
        accepted: Create calls that were, or may have been, accepted.
    """

    def __init__(self, *behaviours: Behaviour, endless: bool = False, refuse: bool = False) -> None:
        """Set it up.

        Args:
            behaviours: What happens to each request; after the last, it answers well.
            endless: Whether the last behaviour goes on.
            refuse: Whether no connection is taken at all.
        """
        self.requests: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.bodies: list[bytes] = []
        self.accepted = 0
        self._behaviours: Sequence[Behaviour] = behaviours
        self._endless = endless
        self._met = 0
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []
        self._stopped, self._stop = socket.socketpair()
        self._listener = socket.socket()
        self._listener.bind((HOST, 0))
        self.url = f"http://{HOST}:{self._listener.getsockname()[1]}"
        self._refuse = refuse

    def __enter__(self) -> Self:
        if not self._refuse:
            self._listener.listen(256)
            self._start(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        """End it; what it was still reading is counted before this returns."""
        self._stopping.set()
        self._stop.close()
        while self._threads:
            # The first is the one that starts the others.
            self._threads.pop(0).join(_PATIENCE)
        self._listener.close()
        self._stopped.close()

    def _accept(self) -> None:
        while self._listener in select.select([self._listener, self._stopped], [], [])[0]:
            connection, _ = self._listener.accept()
            self._start(self._handle, connection)

    def _handle(self, connection: socket.socket) -> None:
        connection.settimeout(_PATIENCE)
        with connection, contextlib.suppress(OSError, ValueError):
            exchange = Exchange(connection, self._stopping)
            behaviour = self._next()
            if behaviour.early:
                behaviour.act(exchange)
                self._count(exchange, behaviour, b"")
            else:
                exchange.read_head()
                self._count(exchange, behaviour, exchange.read_body())
                behaviour.act(exchange)

    def _count(self, exchange: Exchange, behaviour: Behaviour, body: bytes) -> None:
        with self._lock:
            self.requests.append(f"{exchange.method} {exchange.path}".strip())
            self.headers.append(exchange.headers)
            self.bodies.append(body)
            is_create = exchange.path.endswith(CREATE_PATH)
            if is_create and not behaviour.refuses:
                self.accepted += 1

    def _next(self) -> Behaviour:
        with self._lock:
            index, self._met = self._met, self._met + 1
        if index < len(self._behaviours):
            return self._behaviours[index]
        return self._behaviours[-1] if self._endless and self._behaviours else GOOD

    def _start(self, target: Callable[..., None], *arguments: Any) -> None:
        thread = threading.Thread(target=target, args=arguments, daemon=True)
        with self._lock:  # so that whoever ends the threads finds them started
            thread.start()
            self._threads.append(thread)
