"""What the tests of the package share: a client of each kind for a server of the tests' own."""

from __future__ import annotations

import asyncio
import json
import os
import traceback
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from contract_tests.faults.behaviours import Behaviour
from contract_tests.faults.server import FaultServer
from contract_tests.tests.documentation.base import base_spec
from foxapi_video import AsyncFoxAPI, FoxAPI, FoxAPIError, Polling, RetryPolicy, Task, checking
from foxapi_video.cli.app import app
from overlays.generate import write_schemas

KEY = "sk-package-tests-0815"
QUICK = RetryPolicy(retries=2, first_delay=0.01, longest_delay=0.02, longest_retry_after=0.05)
Fetch = Callable[..., Path]
POLLING = Polling(shortest=0.01, longest=0.02)


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is set up on this machine for a user says nothing to the tests."""
    for name in [name for name in os.environ if name in ("FOXAPI_API_KEY", "FOXAPI_BASE_URL")]:
        monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def schemas_of_base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The schemas that a client of the base would ship."""
    schemas = tmp_path_factory.mktemp("base") / "schemas"
    write_schemas(base_spec(), schemas)
    return schemas


@pytest.fixture
def of_base(schemas_of_base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests are judged by the base, whose models, fields and figures a test may name."""

    def read(name: str) -> Any:
        return json.loads((schemas_of_base / f"{name}.json").read_bytes())

    monkeypatch.setattr(checking, "_read", read)
    monkeypatch.setattr(checking, "_index", {})
    monkeypatch.setattr(checking, "_variants", {})


@pytest.fixture
def serve() -> Iterator[Callable[..., FaultServer]]:
    """Start a server that behaves as it is told, and end it after the test."""
    with ExitStack() as stack:

        def start(*behaviours: Behaviour, **options: Any) -> FaultServer:
            return stack.enter_context(FaultServer(*behaviours, **options))

        yield start


@pytest.fixture
def connect() -> Iterator[Callable[..., FoxAPI]]:
    """Make a client of a server, and close it after the test."""
    with ExitStack() as stack:

        def make(url: str, **options: Any) -> FoxAPI:
            options = {"timeout": 5.0, "retries": QUICK, **options}
            return stack.enter_context(FoxAPI(KEY, base_url=url, **options))

        yield make


@pytest.fixture(params=["sync", "async"])
def fetch(request: pytest.FixtureRequest, connect: Callable[..., FoxAPI]) -> Fetch:
    """Download with one client and the other."""

    def both(url: str, target: Path, link: Task | str = "", **options: Any) -> Path:
        link = link or f"{url}/video.mp4"
        if request.param == "sync":
            return connect(url).videos.download(link, target, **options)

        async def run() -> Path:
            async with AsyncFoxAPI(KEY, base_url=url, retries=QUICK) as fox:
                return await fox.videos.download(link, target, **options)

        return asyncio.run(run())

    return both


@pytest.fixture
def target(tmp_path: Path) -> Iterator[Path]:
    """Where to save; whatever happens, nothing is left beside it."""
    yield tmp_path / "out.mp4"
    assert {path.name for path in tmp_path.iterdir()} <= {"out.mp4"}


Run = Callable[..., Any]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command with a placeholder for the key, and give what came of it."""

    def command(
        *arguments: str, url: str = "http://127.0.0.1:9", stdin: str = "", columns: int = 200
    ) -> Any:
        monkeypatch.setenv("FOXAPI_API_KEY", "placeholder")
        monkeypatch.setenv("FOXAPI_BASE_URL", url)
        monkeypatch.setenv("COLUMNS", str(columns))
        return CliRunner().invoke(app, list(arguments), input=stdin)

    return command


def shown(error: FoxAPIError) -> str:
    """All that a report about an error may show: the locals of our frames, members and causes."""
    told = traceback.TracebackException.from_exception(error, capture_locals=True)
    # The locals of the tests hold the key, and servers with the headers that they were sent.
    frames = [frame for frame in told.stack if "foxapi_video" in frame.filename]
    shown = [str(frame.locals) for frame in frames] + traceback.format_exception(error)
    cause = error.__cause__
    shown += [repr(vars(error)), repr(cause), repr(cause and cause.__cause__)]
    return "".join(shown)
