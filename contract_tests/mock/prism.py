"""Prism serving a spec on loopback: started, watched, started again, and always stopped.

Prism accepts every body when a schema does not compile, so none starts before each schema compiled
in Prism's own validator.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from http.client import HTTPException
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

from contract_tests.mock.process_group import ProcessGroup
from overlays.bundle import ROOT

HOST = "127.0.0.1"
TOKEN = "test-key"  # noqa: S105 - Prism takes any token
CLI = ROOT / "node_modules" / "@stoplight" / "prism-cli" / "dist" / "index.js"
COMPILE = Path(__file__).with_name("compile_schemas.cjs")
DOES_NOT_COMPILE = 3  # what it exits with
PRELOADED = [
    f"--require={Path(__file__).with_name(name)}"
    for name in (
        "load_less.cjs",
        "by_model.cjs",
        "record_connections.cjs",
        "say_once.cjs",
        "escape_headers.cjs",
        "tell_port.cjs",
    )
]
START_SECONDS = 30.0
CALL_SECONDS = 10.0
MOST_TRIES = 3
# Most are sent fewer requests, and V8 takes longer to optimise code than that spares.
WORTH_OPTIMISING = 1000


class MockError(Exception):
    """Why there is no mock, in one line for people."""


class InfrastructureError(Exception):
    """The mock died or hung: an infrastructure fault, which says nothing about the request."""


class Prism:
    """One Prism. As a context manager it is ready on entry and gone on exit, whoever is killed.

    Threads may share it: whoever finds it dead or hanging has it restarted, once.

    Attributes:
        spec: The OpenAPI document that it serves.
        port: Where it listens on 127.0.0.1; another port after each start.
        faults: What made it restart, one line each.
        starts: How often it was started, which tells one Prism from the next.
    """

    def __init__(
        self,
        spec: Path,
        *,
        compiled: bool = True,
        requests: int = 0,
        say: Callable[[str], None] = lambda _: None,
    ) -> None:
        """Set it up.

        Args:
            spec: The OpenAPI document that it serves.
            compiled: Whether every schema has to compile. Prism accepts everything in the place of
                one that does not.
            requests: About how many it is sent, where they are many.
            say: Told in one line what made it restart.
        """
        self.spec = spec
        self.port = 0
        self.faults: list[str] = []
        self.starts = 0
        self._compiled = compiled
        self._optimised = requests > WORTH_OPTIMISING
        self._say = say
        self._lock = threading.Lock()
        self._running = contextlib.ExitStack()
        self._process: subprocess.Popen[bytes] | None = None
        self._broken: MockError | None = None
        self._directory = Path(tempfile.mkdtemp(prefix="foxapi-mock-"))
        self._connections = self._directory / "connections"
        self._log = self._directory / "log"
        self._port = self._directory / "port"

    @property
    def connections(self) -> list[str]:
        """Whom the mock tried to call: nobody, unless its spec has callbacks. None got through."""
        if not self._connections.exists():
            return []
        return self._connections.read_text().splitlines()

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    @property
    def pid(self) -> int:
        """The id of the process that was started last."""
        assert self._process
        return self._process.pid

    @property
    def ended(self) -> bool:
        """Whether the process is gone though nobody ended it."""
        return self._process is not None and self._process.poll() is not None

    @contextlib.contextmanager
    def asked(self, operation: str) -> Iterator[None]:
        """Send it a request inside; should Prism die or hang, restart it once and say so.

        Raises:
            InfrastructureError: It died, hung or was ended. The request got no verdict.
            MockError: It can't be restarted.
        """
        seen = self.starts
        try:
            yield
        except (httpx.TransportError, HTTPException, OSError) as error:
            reason = f"{operation}: {type(error).__name__}"
            self.restart(reason, seen)
            raise InfrastructureError(reason) from error

    def request(
        self, client: httpx.Client, method: str, path: str, **options: Any
    ) -> httpx.Response:
        """Send a request by httpx, and raise what `asked` does."""
        with self.asked(f"{method} {path}"):
            return client.request(method, self.url + path, timeout=CALL_SECONDS, **options)

    def restart(self, reason: str, seen: int) -> None:
        """Replace a dead or hanging Prism, and keep the reason.

        Args:
            reason: What is wrong with it, in one line.
            seen: What `starts` was when it went wrong. Another one is left alone.

        Raises:
            InfrastructureError: The mock was ended meanwhile.
            MockError: It can't be restarted. It is not tried again.
        """
        with self._lock:
            if self._broken is not None:
                raise self._broken
            if not self.starts:
                raise InfrastructureError("the mock was ended")
            if seen != self.starts:
                return
            self.faults.append(reason)
            self._running.close()
            for tries in range(MOST_TRIES, 0, -1):
                try:
                    self._start()
                    break
                except MockError as error:
                    if tries == 1:
                        self._broken = MockError(f"the mock can't be restarted: {error}")
                        raise self._broken from error
        self._say(f"Prism was started again: {reason}")

    def __enter__(self) -> Self:
        with self._lock:
            try:
                self._start()
            except BaseException:
                shutil.rmtree(self._directory, ignore_errors=True)
                raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        with self._lock:
            self.starts = 0
            self._running.close()
        shutil.rmtree(self._directory, ignore_errors=True)

    def _start(self) -> None:
        """Start Prism and wait until it listens, on a port that the system gives it.

        Raises:
            MockError: A schema does not compile, or Prism ended or stayed silent.
        """
        # What compiled at the first start does so at the next.
        compiled = self._compiled and not self.starts
        program = [str(COMPILE), str(self.spec)] if compiled else [str(CLI)]
        options = [*PRELOADED] if self._optimised else ["--no-opt", *PRELOADED]
        command = ["node", *options, *program, "mock", str(self.spec)]
        command += ["--host", HOST, "--port", "0", "--multiprocess", "false"]
        told = {
            "FOXAPI_MOCK_CONNECTIONS": str(self._connections),
            "FOXAPI_MOCK_PORT": str(self._port),
        }
        self._port.unlink(missing_ok=True)
        with contextlib.ExitStack() as running:
            group = running.enter_context(ProcessGroup())
            process = group.start(
                [*command, "-v", "fatal"], self._log, cwd=ROOT, env=os.environ | told
            )
            deadline = time.monotonic() + START_SECONDS
            while not (port := self._told_port()):
                if process.poll() is not None:
                    raise MockError(self._why_it_ended(process.returncode))
                if time.monotonic() > deadline:
                    raise MockError(f"Prism did not listen within {START_SECONDS:.0f} s")
                time.sleep(0.05)
            self._running = running.pop_all()
            self._process, self.port = process, port
        self.starts += 1

    def _told_port(self) -> int:
        """The port that Prism wrote down, or 0."""
        text = self._port.read_text() if self._port.exists() else ""
        return int(text) if text.endswith("\n") else 0

    def _why_it_ended(self, code: int) -> str:
        text = self._log.read_text(errors="replace")
        said = [line.strip() for line in text.splitlines() if line.strip()] or ["it said nothing"]
        if code != DOES_NOT_COMPILE:
            return f"Prism ended before it was ready: {said[-1]}"
        more = f" (and {len(said) - 1} more)" if len(said) > 1 else ""
        return f"Prism can't compile a schema: {said[0]}{more}"


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port
