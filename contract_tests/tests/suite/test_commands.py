"""The make targets say in one line what is missing, too old, in use or out of reach."""

from __future__ import annotations

import os
import runpy
import shutil
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from contract_tests.accepting.project_copy import paths_of
from contract_tests.seed import seed_of_run
from contract_tests.tests.documentation.base import take_base_to
from contract_tests.tests.documentation.reading.expectation import PAGES
from contract_tests.tests.suite.make import make
from documentation.changing.accept import ENDINGS
from overlays.bundle import ROOT


def program(directory: Path, name: str, script: str) -> Path:
    """A program that does what a shell script says."""
    path = directory / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def said(ended: subprocess.CompletedProcess[str]) -> str:
    """The error line of a make that failed, without make's own."""
    assert ended.returncode != 0
    (line,) = [line for line in ended.stderr.splitlines() if not line.startswith("make: ***")]
    return line


def test_help_lists_every_target_that_people_use() -> None:
    listed = make(ROOT, "help").stdout
    for target in ("all", "test", "mock", "generate", "check", "contract", "clean"):
        assert f"make {target} " in listed


def test_seed_is_that_of_the_environment_or_of_the_whole_run(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("FOXAPI_SEED", "7")
    assert seed_of_run() == 7
    monkeypatch.setenv("FOXAPI_SEED", "")
    assert seed_of_run() == seed_of_run() == int(os.environ["FOXAPI_SEED"])
    monkeypatch.setenv("FOXAPI_SEED", "seven")
    with pytest.raises(SystemExit, match="FOXAPI_SEED is a whole number, not 'seven'"):
        seed_of_run()


HOSTILE = (
    *("it's.txt", "a b.txt", "$(shell touch made).txt", "`touch made`", "x'; touch made; '"),
    *('x"; touch made; "', "$${IFS}touch made", "-n", "--help", "x && touch made #", "*"),
)
GIVEN = {
    "docs-diff": ("PAGE", "{}"),
    "docs-accept": ("PAGE", "{}"),
    "docs-accept PAGE=page.txt": ("EDITION_OF", "--edition-of={}"),
    "docs-accept PAGE=page.txt REASON=x": ("TAKE", "--take={}"),
    "docs-accept PAGE=page.txt TAKE=x": ("REASON", "--reason={}"),
    "docs-retire": ("PAGE", "{}"),
    "probes": ("PAGE", "--page={}"),
    "mock": ("PORT", "--port={}"),
    "contract": ("BASE_URL", "--base-url={}"),
    "contract BASE_URL=x": ("FOXAPI_API_KEY", "{}"),
    "agreement": ("N", "--count={}"),
}


@pytest.fixture
def recipes(tmp_path: Path) -> Path:
    """The Makefile alone, set up with a Python that prints what it is given, a line each."""
    python = tmp_path / ".venv" / "bin"
    python.mkdir(parents=True)
    shutil.copy(ROOT / "Makefile", tmp_path)
    program(python, "python", 'printf "%s\\n" "$@" "$FOXAPI_API_KEY"')
    for name in ("requirements.lock", "package-lock.json", ".venv/ready", "node_modules/ready"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    return tmp_path


@pytest.mark.parametrize("target", GIVEN)
def test_what_people_set_is_handed_on_as_it_is_and_never_run(recipes: Path, target: str) -> None:
    name, shown = GIVEN[target]
    before = sorted(recipes.rglob("*"))
    for value in HOSTILE:
        on_the_line = make(recipes, *target.split(), f"{name}={value}")
        in_the_environment = make(recipes, *target.split(), variables={name: value})
        for ended in (on_the_line, in_the_environment):
            assert shown.format(value) in ended.stdout.splitlines(), ended.stderr
    assert sorted(recipes.rglob("*")) == before


def test_money_is_spent_only_where_it_is_said(recipes: Path) -> None:
    for said, spent in (("SPEND=1", True), ("SPEND=0", False), ("SPEND=", False), ("N=1", False)):
        told = make(recipes, "contract", "BASE_URL=x", said).stdout.splitlines()
        assert "--base-url=x" in told and ("--spend" in told) == spent, said


def test_python_is_named_as_it_was_set_and_never_run_by_make(recipes: Path) -> None:
    (recipes / ".venv" / "ready").unlink()
    for value in ("$(shell touch made)", "x'; touch made; '", "`touch made`"):
        wanted = f"error: {value} is not installed: Python 3.11 or newer is needed"
        assert said(make(recipes, ".venv/ready", f"PYTHON={value}")) == wanted
    assert not (recipes / "made").exists()


def test_set_up_is_not_done_twice(copy_of_project: Callable[..., Path]) -> None:
    assert (
        make(copy_of_project(), "-n", "setup").stdout == "make: Nothing to be done for 'setup'.\n"
    )


def test_changed_lock_sets_up_anew(copy_of_project: Callable[..., Path]) -> None:
    project = copy_of_project()
    for lock, command in (("requirements.lock", "-m venv"), ("package-lock.json", "npm ci")):
        os.utime(project / lock)
        assert command in make(project, "-n", "setup").stdout


@pytest.mark.parametrize(
    ("version_check", "error"),
    [
        pytest.param(
            "exit 1",
            "error: Python 3.9.2 is too old: Python 3.11 or newer is needed; "
            "choose one with PYTHON=",
            id="old",
        ),
        pytest.param(
            None, "error: nopython is not installed: Python 3.11 or newer is needed", id="missing"
        ),
    ],
)
def test_python_that_will_not_do_is_named(
    copy_of_project: Callable[..., Path], tmp_path: Path, version_check: str | None, error: str
) -> None:
    project = copy_of_project()
    (project / ".venv").unlink()
    python = "nopython"
    if version_check:
        script = f'[ "$1" = --version ] && echo "Python 3.9.2" && exit\n{version_check}'
        python = str(program(tmp_path, "python-3.9", script))
    assert said(make(project, ".venv/ready", f"PYTHON={python}")) == error
    assert not (project / ".venv").exists()


NODE = "Node 24 or newer is needed, or a late 22 (22.13) or 20 (20.19)"


def test_node_that_is_too_old_is_named(
    copy_of_project: Callable[..., Path], tmp_path: Path
) -> None:
    project = copy_of_project()
    (project / "node_modules").unlink()
    program(tmp_path, "node", '[ "$1" = --version ] && echo v18.20.0 && exit\nexit 1')
    ended = make(project, "node_modules/ready", path=tmp_path)
    assert said(ended) == f"error: Node v18.20.0 will not do: {NODE}"


def test_node_that_is_missing_is_named(
    copy_of_project: Callable[..., Path], tmp_path: Path
) -> None:
    project = copy_of_project()
    (project / "node_modules").unlink()
    # Only what the recipe itself runs: a PATH without node.
    for name in ("sh", "make"):
        (tmp_path / name).symlink_to(Path("/bin" if name == "sh" else "/usr/bin") / name)
    ended = subprocess.run(
        ["/usr/bin/make", "--no-print-directory", "node_modules/ready"],
        cwd=project,
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert said(ended).startswith(f"error: Node is not installed: {NODE}")


def test_mock_on_a_port_in_use_says_so(copy_of_project: Callable[..., Path]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ended = make(copy_of_project(), "mock", f"PORT={port}")
    assert said(ended) == f"error: port {port} is in use: choose another one with PORT="


def test_accepting_that_is_ended_leaves_everything_as_it_was(
    copy_of_project: Callable[..., Path],
) -> None:
    project = copy_of_project()
    take_base_to(project)

    def state() -> dict[Path, bytes]:
        kept = [project / "openapi.yaml", *(project / "documentation").rglob("*.yaml")]
        kept += (project / "generated").rglob("*.py")
        return {path: path.read_bytes() for path in kept}

    before = state()
    with subprocess.Popen(
        [sys.executable, "-m", "documentation", "accept", PAGES / "sora-2.txt"],
        cwd=project,
        env=os.environ | paths_of(project),
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        while (project / "openapi.yaml").read_bytes() == before[project / "openapi.yaml"]:
            with pytest.raises(subprocess.TimeoutExpired):
                process.wait(0.01)
        process.send_signal(signal.SIGTERM)
        _, printed = process.communicate(timeout=60)
    assert (process.returncode, printed.count("\n")) == (130, 1) and "as they were" in printed
    assert state() == before


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGHUP])
def test_every_other_signal_ends_the_command_in_the_same_way(
    ending: signal.Signals, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def command() -> int:
        signal.raise_signal(ending)
        pytest.fail("it goes on")

    monkeypatch.setattr("documentation.commands.check_command", command)
    monkeypatch.setattr(sys, "argv", ["documentation", "check"])
    before = {each: signal.signal(each, signal.default_int_handler) for each in ENDINGS}
    if ending != signal.SIGINT:
        signal.signal(ending, lambda *_: None)
    try:
        with pytest.raises((SystemExit, KeyboardInterrupt)) as ended:
            runpy.run_path(str(ROOT / "documentation" / "__main__.py"), run_name="__main__")
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
    printed = capsys.readouterr().err
    assert ended.value.args == (130,) and printed.count("\n") == 1 and "as they were" in printed


def test_mock_of_a_schema_that_prism_can_not_compile_says_so(
    copy_of_project: Callable[..., Path],
) -> None:
    project = copy_of_project()
    spec = project / "openapi.yaml"
    spec.write_text(spec.read_text().replace('pattern: "^[Hh]', 'pattern: "(?i)^[Hh]'))
    error = said(make(project, "mock", "PORT=0"))
    assert error.startswith(
        "error: Prism can't compile a schema: POST /v1/videos/generations request body: "
    )


def test_lint_finds_a_fault_that_only_redocly_knows(copy_of_project: Callable[..., Path]) -> None:
    """One that only spectral knows is made where a page is accepted, in test_readme.py."""
    project = copy_of_project()
    spec = project / "openapi.yaml"
    text = spec.read_text()
    spec.write_text(
        text.replace("      operationId: getTask\n", "      operationId: createVideo\n")
    )
    linted = make(project, "lint")
    assert linted.returncode != 0 and "operation-operationId-unique" in linted.stdout
