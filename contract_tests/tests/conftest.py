"""What the tests share: one mock, one seed, and the figures printed at the end."""

from __future__ import annotations

import gc
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pytest

from contract_tests.accepting.project_copy import copy_project
from contract_tests.mock.mock import Mock, running_mock
from contract_tests.mock.prism import TOKEN
from contract_tests.seed import seed_of_run
from overlays.bundle import BUILD, PLAIN, bundle

CERTIFICATE = Path(__file__).parent / "localhost.pem"  # with its key: no secret
_started = time.monotonic()


def pytest_configure(config: pytest.Config) -> None:
    """One seed for the whole run: FOXAPI_SEED sets it, and every worker gets the same."""
    seed_of_run()
    # What a worker loads stays: to look through it ever again for what is garbage costs much.
    gc.set_threshold(100_000)
    # So do the system's certificates, which each client and each program that is started reads.
    os.environ["SSL_CERT_FILE"] = str(CERTIFICATE)
    # And what hypothesis loads for trio, which no strategy here is about.
    os.environ["HYPOTHESIS_NO_PLUGINS"] = "1"
    # A run in the background, or under nohup, ignores signals. What it starts must hear them, which
    # it does where they are handled here: programs inherit what is ignored, not what is handled.
    for number in (signal.SIGINT, signal.SIGHUP):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, lambda *_: None)


def pytest_collection_finish() -> None:
    """What was loaded is no garbage: pytest looks through everything else at its end, twice."""
    gc.freeze()


def pytest_report_header() -> str:
    return f"seed: {seed_of_run()} (set FOXAPI_SEED to run with it again)"


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print each figure that a test recorded, and what the mock died of."""
    figures: dict[str, str] = {}
    for reports in terminalreporter.stats.values():
        for report in reports:
            figures |= dict(getattr(report, "user_properties", ()))
    if figures:
        terminalreporter.section("figures")
        for name, figure in figures.items():
            terminalreporter.line(f"{name}: {figure}")
        terminalreporter.line(f"all tests: {time.monotonic() - _started:.0f} s")
        terminalreporter.line(f"seed: {seed_of_run()}")


def run_in(
    project: Path, *arguments: str, given: str = "", **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run Python in a project, as its make targets do, with a text to read and variables."""
    return subprocess.run(
        [sys.executable, *arguments],
        input=given,
        cwd=project,
        env=os.environ | variables,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def distribution(project: Path, target: str, directory: Path) -> Path:
    """A sdist or a wheel of a folder, made as `make package-check` makes it."""
    command = ("-m", "hatchling", "build", "--target", target, "--directory", str(directory))
    ended = run_in(project, *command)
    assert ended.returncode == 0, ended.stderr
    (made,) = directory.iterdir()
    return made


def of_each(cases: Sequence[Sequence[Any]]) -> Callable[[Callable[..., None]], object]:
    """One test of many small cases, which runs all of them and names each that fails."""

    def decorate(check: Callable[..., None]) -> Callable[[], None]:
        def test() -> None:
            failed = []
            for arguments in cases:
                try:
                    check(*arguments)
                except Exception as error:
                    failed.append(f"{str(arguments)[:300]}: {type(error).__name__}: {error}")
            assert not failed, "\n".join(failed)

        assert cases
        test.__doc__ = check.__doc__
        return test

    return decorate


Case = TypeVar("Case")


def some(cases: Iterable[Case], one_in: int) -> list[Case]:
    """One in so many cases, in their order, by the seed of the run; `make unseen` takes all."""
    known = list(cases)
    if "FOXAPI_ALL" in os.environ:
        return known
    chosen = random.Random(seed_of_run()).sample(range(len(known)), -(-len(known) // one_in))
    return [known[at] for at in sorted(chosen)]


@pytest.fixture(scope="session")
def seed() -> int:
    """The seed of this run."""
    return seed_of_run()


@pytest.fixture(scope="session")
def built() -> dict[str, Path]:
    """The bundled spec, and the spec with each overlay applied."""
    return bundle()


@pytest.fixture(scope="session")
def spec(built: dict[str, Path]) -> dict[str, Any]:
    """openapi.yaml as it is."""
    document: dict[str, Any] = json.loads((BUILD / PLAIN).read_bytes())
    return document


@pytest.fixture(scope="session")
def mock() -> Iterator[Mock]:
    """The mock of openapi.yaml. One that died or hung fails the run, restarted or not."""
    with running_mock() as started:
        yield started
        assert not started.faults, f"infrastructure: the mock had to be restarted: {started.faults}"


@pytest.fixture(scope="session")
def http(mock: Mock) -> Iterator[httpx.Client]:
    """A client of the mock that has a key."""
    headers = {"Authorization": f"Bearer {TOKEN}"}
    with httpx.Client(base_url=mock.url, headers=headers, timeout=10) as client:
        yield client


@pytest.fixture
def copy_of_project(tmp_path: Path) -> Callable[..., Path]:
    """Copy the project into a directory of its own, so that a test can break it."""

    def copy() -> Path:
        return copy_project(tmp_path / "project")

    return copy
