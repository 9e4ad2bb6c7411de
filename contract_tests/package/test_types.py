"""A user's own code, checked strictly by mypy and pyright."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from overlays.bundle import ROOT

TYPED = Path(__file__).with_name("typed")
WRONG = [
    number
    for number, line in enumerate(
        (TYPED / "user_mistakes.py").read_text(encoding="utf-8").splitlines(), 1
    )
    if "# WRONG" in line
]


def _run(command: list[str], directory: Path) -> subprocess.CompletedProcess[str]:
    paths = os.pathsep.join([str(ROOT), str(ROOT / "generated")])
    return subprocess.run(
        command,
        cwd=directory,
        env=os.environ | {"MYPYPATH": paths},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def _copied(directory: Path) -> list[str]:
    """A user's files are not in the package's folder."""
    names = sorted(path.name for path in TYPED.glob("*.py"))
    for name in names:
        shutil.copy(str(TYPED / name), directory)
    return names


@pytest.fixture(scope="module")
def by_mypy(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[int]]:
    """The lines that mypy complains of, by file."""
    directory = tmp_path_factory.mktemp("mypy")
    files = _copied(directory)
    options = ["--strict", "--config-file=", "--cache-dir", str(ROOT / ".mypy_cache")]
    options += ["--no-error-summary", "--python-executable", sys.executable]
    ended = _run([sys.executable, "-m", "mypy", *options, *files], directory)
    assert not ended.stderr, ended.stderr
    found: dict[str, list[int]] = {}
    for line in ended.stdout.splitlines():
        path, _, rest = line.partition(":")
        if " error: " in rest:
            found.setdefault(Path(path).name, []).append(int(rest.partition(":")[0]))
    return found


@pytest.fixture(scope="module")
def by_pyright(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[int]]:
    """The lines that pyright complains of, by file."""
    directory = tmp_path_factory.mktemp("pyright")
    _copied(directory)
    options = {
        "extraPaths": [str(ROOT), str(ROOT / "generated")],
        "typeCheckingMode": "strict",
        "pythonVersion": "3.11",
    }
    (directory / "pyrightconfig.json").write_text(json.dumps(options))
    pyright = str(ROOT / "node_modules" / ".bin" / "pyright")
    command = [pyright, "--outputjson", "--pythonpath", sys.executable, "-p", str(directory)]
    told = json.loads(_run(command, directory).stdout)
    assert told["summary"]["filesAnalyzed"] >= 2
    found: dict[str, list[int]] = {}
    for each in told["generalDiagnostics"]:
        if each["severity"] == "error":
            line = each["range"]["start"]["line"] + 1
            found.setdefault(Path(each["file"]).name, []).append(line)
    return found


def test_mypy_finds_nothing_in_right_code(by_mypy: dict[str, list[int]]) -> None:
    assert by_mypy.get("user_code.py") is None


def test_mypy_finds_each_mistake(by_mypy: dict[str, list[int]]) -> None:
    assert sorted(set(by_mypy["user_mistakes.py"])) == WRONG


def test_pyright_finds_nothing_in_right_code(by_pyright: dict[str, list[int]]) -> None:
    assert by_pyright.get("user_code.py") is None


def test_pyright_finds_each_mistake(by_pyright: dict[str, list[int]]) -> None:
    assert sorted(set(by_pyright["user_mistakes.py"])) == WRONG
