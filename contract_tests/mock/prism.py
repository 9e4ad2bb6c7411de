"""The mock: Prism serving openapi.yaml on loopback, started, watched and always stopped.

    python -m contract_tests.mock.prism [--port 4010]

Prism accepts every body when a schema does not compile, so no mock starts before each schema
compiled in Prism's own validator, and none is handed out before each request schema refused a body.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

from contract_tests.mock.process_group import ProcessGroup
from overlays.bundle import ROOT, bundle
from overlays.errors import BuildError
from overlays.openapi import operations

HOST = "127.0.0.1"
TOKEN = "test-key"  # noqa: S105 - Prism takes any token
PRISM = ROOT / "node_modules" / "@stoplight" / "prism-cli" / "dist" / "index.js"
PRELOADED = [
    f"--require={Path(__file__).with_name(name)}"
    for name in ("record_connections.cjs", "escape_headers.cjs")
]
START_SECONDS = 30.0
CALL_SECONDS = 10.0


class MockError(Exception):
    """Why there is no mock, in one line for people."""


class InfrastructureError(Exception):
    """The mock died or hung: an infrastructure fault, which says nothing about the request."""


class Mock:
    """One Prism. As a context manager it is ready on entry and gone on exit, whoever is killed.

    Threads may share it: whoever finds it dead or hanging has it restarted, once.

    Attributes:
        spec: The OpenAPI document that it serves.
        port: Where it listens on 127.0.0.1.
        faults: What made it restart, one line each.
        starts: How often it was started, which tells one Prism from the next.
    """

    def __init__(self, spec: Path, port: int | None = None) -> None:
        self.spec = spec
        self.port = port or free_port()
        self.faults: list[str] = []
        self.starts = 0
        self._lock = threading.Lock()
        self._running = contextlib.ExitStack()
        self._broken: MockError | None = None
        self._directory = Path(tempfile.mkdtemp(prefix="foxapi-mock-"))
        self._connections = self._directory / "connections"
        self._log = self._directory / "log"

    @property
    def connections(self) -> list[str]:
        """Whom the mock tried to call: nobody, unless its spec has callbacks. None got through."""
        if not self._connections.exists():
            return []
        return self._connections.read_text().splitlines()

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    def request(
        self, client: httpx.Client, method: str, path: str, **options: Any
    ) -> httpx.Response:
        """Send a request; should the mock die or hang, restart it once and say so.

        Raises:
            InfrastructureError: It died, hung or was ended. The request got no verdict.
            MockError: It can't be restarted.
        """
        seen = self.starts
        try:
            return client.request(method, self.url + path, timeout=CALL_SECONDS, **options)
        except httpx.TransportError as error:
            reason = f"{method} {path}: {type(error).__name__}"
            self.restart(reason, seen)
            raise InfrastructureError(reason) from error

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
            try:
                self._start()
            except MockError as error:
                self._broken = MockError(f"the mock can't be restarted: {error}")
                raise self._broken from error

    def __enter__(self) -> Self:
        with self._lock:
            self._start()
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
        """Start Prism and wait until it answered a request.

        Raises:
            MockError: The port is in use, or Prism ended or stayed silent.
        """
        if _in_use(self.port):
            raise MockError(f"port {self.port} is in use: choose another one with PORT=")
        command = ["node", *PRELOADED, str(PRISM), "mock", str(self.spec)]
        command += ["--host", HOST, "--port", str(self.port), "--multiprocess", "false"]
        environment = os.environ | {"FOXAPI_MOCK_CONNECTIONS": str(self._connections)}
        with contextlib.ExitStack() as running:
            group = running.enter_context(ProcessGroup())
            process = group.start([*command, "-v", "fatal"], self._log, cwd=ROOT, env=environment)
            deadline = time.monotonic() + START_SECONDS
            while not _answers(self.port):
                if process.poll() is not None:
                    raise MockError(f"Prism ended before it was ready: {self._last_words()}")
                if time.monotonic() > deadline:
                    raise MockError(f"Prism did not answer within {START_SECONDS:.0f} s")
                time.sleep(0.05)
            self._running = running.pop_all()
        self.starts += 1

    def _last_words(self) -> str:
        lines = self._log.read_text(errors="replace").splitlines()
        return next((line.strip() for line in reversed(lines) if line.strip()), "it said nothing")


def check_compiles(spec: Path) -> None:
    """Compile every schema of a spec in Prism's own validator.

    Raises:
        MockError: One does not compile, so Prism would accept everything in its place.
    """
    command = ["node", "contract_tests/mock/compile_schemas.cjs", str(spec)]
    ended = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    if ended.returncode:
        problems = (ended.stdout or ended.stderr).strip().splitlines() or ["it said nothing"]
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        raise MockError(f"Prism can't compile a schema: {problems[0]}{more}")


def check_refuses(mock: Mock) -> int:
    """Send each request schema a body that it must refuse, and count them.

    Raises:
        MockError: One was accepted: the mock does not check that schema.
    """
    count = 0
    with httpx.Client(headers={"Authorization": f"Bearer {TOKEN}"}) as client:
        for label, method, path, body in refusals(json.loads(mock.spec.read_bytes())):
            status = mock.request(client, method, path, **body).status_code
            if status != 422:
                raise MockError(f"the mock does not check {label}: it answered {status} to it")
            count += 1
    return count


def refusals(document: dict[str, Any]) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    """For each request schema its label, method, path and a body with a field of no page.

    Of a form Prism looks at the documented fields only, so a form lacks its required one.
    """
    extra = {"undocumented": "1"}
    for label, operation in operations(document):
        method, path = label.split(" ", 1)
        for media_type, content in operation.get("requestBody", {}).get("content", {}).items():
            if media_type == "multipart/form-data":
                yield label, method, path, {"files": {"undocumented": (None, "1")}}
            elif "examples" in content:
                for name, example in content["examples"].items():
                    yield name, method, path, {"json": {**example["value"], **extra}}
            else:
                yield label, method, path, {"json": extra}


@contextlib.contextmanager
def running_mock(port: int | None = None) -> Iterator[Mock]:
    """The mock of openapi.yaml, ready and checked.

    Raises:
        BuildError: The spec or an overlay is broken.
        MockError: A schema does not compile or refuses nothing, or Prism does not run.
    """
    spec = bundle()["mock.openapi.json"]
    check_compiles(spec)
    with Mock(spec, port) as mock:
        check_refuses(mock)
        yield mock


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def _in_use(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return True
        return False


def _answers(port: int) -> bool:
    # Asked twenty times a second: an httpx client would read the certificates of this machine.
    connection = http.client.HTTPConnection(HOST, port, timeout=CALL_SECONDS)
    with contextlib.closing(connection):
        try:
            connection.request("GET", "/v1/tasks/ready")
            connection.getresponse().read()
        except (OSError, http.client.HTTPException):
            return False
    return True


def main() -> int:
    parser = argparse.ArgumentParser(description="Serve the mock of openapi.yaml until Ctrl-C.")
    parser.add_argument("--port", type=int, default=4010)
    port = parser.parse_args().port
    # A plain `kill` ends it as Ctrl-C does, and Prism with it.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        if not 0 <= port < 2**16:
            raise MockError(f"PORT= is a number up to 65535, not {port}")
        with running_mock(port) as mock:
            print(f"The mock listens on {mock.url}; any key will do. Ctrl-C ends it.", flush=True)
            signal.pause()
    except (BuildError, MockError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print()
    return 0


if __name__ == "__main__":
    sys.exit(main())
