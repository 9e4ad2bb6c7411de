"""The mock: a small front on loopback, and Prism behind it, which judges every request.

The front keeps from Prism what would end it, has it started again when it ended all the same, and
gives each task an id, a state and a video of its own.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

import h11

from contract_tests.mock.checks import check_refuses
from contract_tests.mock.exchange import Answer, ProtocolError, Request, Upstream, converse
from contract_tests.mock.prism import CALL_SECONDS, HOST, InfrastructureError, MockError, Prism
from contract_tests.mock.routes import Routes
from contract_tests.mock.sanitized import RefusedError, Sanitized, sanitized
from contract_tests.mock.tasks import RESULTS, Tasks
from foxapi_video.testing import VIDEO
from overlays.bundle import bundle

PULSE_SECONDS = 0.2
# A page of any site may read what the front answers by itself, as it may what Prism answers.
_OPEN = (b"access-control-allow-origin", b"*")
# What concerns a connection to Prism, and not the answer.
_OF_CONNECTION = {b"connection", b"keep-alive", b"transfer-encoding", b"content-length", b"date"}


class Mock:
    """The mock of a spec. As a context manager it is ready on entry and gone on exit.

    Attributes:
        prism: The Prism behind it.
        spec: The OpenAPI document that it serves.
        port: Where it listens on 127.0.0.1.
        url: Its base URL.
    """

    def __init__(
        self,
        spec: Path,
        port: int | None = None,
        *,
        pace: int = 1,
        compiled: bool = True,
        requests: int = 0,
        say: Callable[[str], None] = lambda _: None,
    ) -> None:
        """Set it up, and take the port.

        Args:
            spec: The OpenAPI document that it serves.
            port: Where to listen; a free port when left out.
            pace: How many queries it takes until a task is completed.
            compiled: Whether every schema has to compile; see Prism.
            requests: About how many it is sent, where they are many.
            say: Told in one line what made Prism start again.

        Raises:
            MockError: The port is in use.
        """
        try:
            self._listener = socket.create_server((HOST, port or 0))
        except OSError:
            message = f"port {port} is in use: choose another one with PORT="
            raise MockError(message) from None
        self.prism = Prism(spec, compiled=compiled, requests=requests, say=say)
        self.spec = spec
        self.port: int = self._listener.getsockname()[1]
        self.url = f"http://{HOST}:{self.port}"
        self._pace = pace
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ready = threading.Event()
        self._broken = threading.Event()
        self._why_broken: MockError | None = None

    @property
    def faults(self) -> list[str]:
        """What made Prism restart, one line each."""
        return self.prism.faults

    @property
    def connections(self) -> list[str]:
        """Whom Prism tried to call. None got through."""
        return self.prism.connections

    def wait(self) -> None:
        """Wait for as long as it serves.

        Raises:
            MockError: Prism ended and can't be started again.
        """
        self._broken.wait()
        assert self._why_broken
        raise self._why_broken

    def __enter__(self) -> Self:
        with contextlib.ExitStack() as stack:
            stack.callback(self._listener.close)
            stack.enter_context(self.prism)
            document = json.loads(self.spec.read_bytes())
            self._routes = Routes(document)
            self._tasks = Tasks(document, self.url, self._pace)
            self._thread.start()
            self._ready.wait()
            stack.callback(self._stop)
            self._running = stack.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._running.close()

    def _stop(self) -> None:
        assert self._loop
        self._loop.call_soon_threadsafe(self._stopped.set)
        self._thread.join()

    async def _serve(self) -> None:
        """Answer until it is stopped; what is still open then is cancelled."""
        self._loop = asyncio.get_running_loop()
        self._stopped = asyncio.Event()
        self._upstream = Upstream(HOST)
        server = await asyncio.start_server(
            lambda reader, writer: converse(reader, writer, self._answer), sock=self._listener
        )
        watch = asyncio.create_task(self._watch())
        self._ready.set()
        await self._stopped.wait()
        watch.cancel()
        server.close()
        self._upstream.close()

    async def _watch(self) -> None:
        """Notice that Prism ended when nobody asks it, too."""
        while not self._broken.is_set():
            seen = self.prism.starts
            if self.prism.ended:
                await self._restart("it ended", seen)
            await asyncio.sleep(PULSE_SECONDS)

    async def _answer(self, request: Request | ProtocolError) -> Answer:
        if isinstance(request, ProtocolError):
            return refusal(400, f"This is no HTTP request: {request}.")
        try:
            asked = sanitized(request)
        except RefusedError as error:
            return refusal(400, str(error))
        is_result = len(asked.segments) == 2 and asked.segments[0] == RESULTS
        if is_result and request.method in ("GET", "HEAD"):
            return Answer(200, [_OPEN, (b"content-type", b"video/mp4")], VIDEO)
        path, methods = self._routes.of(asked.segments)
        label = f"{request.method} {path}" if request.method in methods else ""
        answer = await self._judged(label, asked)
        if answer.status == 405:
            return Answer(
                405, [*answer.headers, (b"allow", ", ".join(methods).encode())], answer.body
            )
        return self._tasks.answered(label, asked, answer)

    async def _judged(self, label: str, asked: Sanitized) -> Answer:
        """What Prism answers. Should it end, it is asked once more."""
        headers = [header for header in asked.headers if header[0] != b"prefer"]
        if preferred := self._tasks.preferred(label, asked):
            headers.append((b"prefer", preferred))
        name = f"{asked.method} {asked.target}"
        anew = restarted = False
        while True:
            seen = self.prism.starts
            try:
                async with asyncio.timeout(CALL_SECONDS):
                    answer = await self._upstream.ask(
                        self.prism.port, asked.method, asked.target, headers, asked.body
                    )
                kept = [header for header in answer.headers if header[0] not in _OF_CONNECTION]
                return Answer(answer.status, kept, answer.body)
            except TimeoutError:
                await self._restart(f"{name}: it did not answer in {CALL_SECONDS:g} s", seen)
                break
            except (OSError, h11.RemoteProtocolError) as error:
                self._upstream.close()
                if not anew and not self.prism.ended:
                    # It was a connection that Prism closed while it was used again.
                    anew = True
                    continue
                await self._restart(f"{name}: {type(error).__name__}", seen)
                if restarted:
                    break
                restarted = True
        return refusal(503, "The mock could not judge this request: Prism does not survive it.")

    async def _restart(self, reason: str, seen: int) -> None:
        try:
            await asyncio.to_thread(self.prism.restart, reason, seen)
        except InfrastructureError:
            return
        except MockError as error:
            self._why_broken = error
            self._broken.set()


def refusal(status: int, message: str) -> Answer:
    """An answer of the front's own, as the pages document a refusal."""
    kind = {400: "invalid_request_error", 503: "service_unavailable_error"}[status]
    body = json.dumps({"error": {"message": message, "type": kind}}).encode()
    return Answer(status, [_OPEN, (b"content-type", b"application/json")], body)


@contextlib.contextmanager
def running_mock(
    port: int | None = None,
    *,
    pace: int = 1,
    say: Callable[[str], None] = lambda _: None,
    probes: int = 0,
) -> Iterator[Mock]:
    """The mock of openapi.yaml, ready and checked. The other arguments are those of Mock.

    Args:
        port: Where it listens.
        pace: By which query a task is completed.
        say: Told what made it restart.
        probes: How many probes are sent to it, of which each variant that is asked about has one
            that it must refuse for the same reason as the check.

    Raises:
        BuildError: The spec or an overlay is broken.
        MockError: A schema does not compile or refuses nothing, or Prism does not run.
    """
    spec = bundle()["mock.openapi.json"]
    with Mock(spec, port, pace=pace, requests=probes, say=say) as mock:
        if not probes:
            check_refuses(mock.prism)
        yield mock
