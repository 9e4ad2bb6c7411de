"""A user's own code, checked strictly by mypy and pyright."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from contract_tests.referees.samples import SAMPLES, SPEC, least
from foxapi_video import checking
from foxapi_video.violations import takes_address
from foxapi_video_client import UNSET, models
from overlays.bundle import ROOT

TYPED = Path(__file__).with_name("typed")
RIGHT = ("user_code.py", "variants.py")
MISTAKES = ("user_mistakes.py", "variant_mistakes.py")


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


def _program(lines: list[str]) -> str:
    """Lines that make requests, below an import of what they name."""
    names = set(re.findall(r"\b([A-Z]\w+)\(", "\n".join(lines)))
    heading = ["from pathlib import Path"] * ("Path" in names) + [
        "from foxapi_video import UNSET, FoxAPI",
        f"from foxapi_video_client.models import {', '.join(sorted(names - {'Path'}))}",
        "fox = FoxAPI()",
    ]
    return "\n".join([*heading, *lines, ""])


def _files(schema: dict[str, Any]) -> list[str]:
    """How files are given to a field, as Python."""
    files = ['Path("a.png")', 'open("a.png", "rb")']
    both = f'({files[0]}, "https://example.com/a.png")'
    return [*(f"[{file}]" for file in files), both] if "items" in schema else files


def _variants(directory: Path) -> None:
    """Write every variant's sample as a user would, and with mistakes, all made of the spec."""
    right, wrong = [], []
    for name, sample in SAMPLES.items():
        request = getattr(models, name).from_dict(sample)
        written = repr(request)
        bare = getattr(models, name).from_dict(least(SPEC, name))
        omitted = [each for each in bare.__slots__ if getattr(bare, each, 0) is UNSET]
        right.append(f"fox.videos.create({written})")
        right.append(f"{repr(bare)[:-1]}, {', '.join(f'{each}=UNSET' for each in omitted)})")
        wrong.append(f'{written[:-1]}, undocumented="x")  # WRONG: no such field')
        wrong.append(f"{name}(model=5)  # WRONG: no id, and what is required is missing")
        for field, schema in checking.schema(name)["properties"].items():
            option = f"{field}={sample.get(field)!r}"
            if takes_address(schema) and option in written:
                given = [written.replace(option, f"{field}={file}") for file in _files(schema)]
                right += [f"fox.videos.create({each})" for each in given]
                wrong_value = written.replace(option, f"{field}=[5]")
                wrong.append(f"{wrong_value}  # WRONG: no address and no file")
            if "enum" in schema and option in written:
                changed = written.replace(option, f"{field}='no option'")
                wrong.append(f"{changed}  # WRONG: no such option")
    wrong.append("fox.videos.create(UNSET)  # WRONG: no request")
    (directory / "variants.py").write_text(_program(right), encoding="utf-8")
    (directory / "variant_mistakes.py").write_text(_program(wrong), encoding="utf-8")


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A user's files, which are not in the package's folder."""
    directory = tmp_path_factory.mktemp("typed")
    for path in TYPED.glob("*.py"):
        shutil.copy(str(path), directory)
    _variants(directory)
    return directory


def _wrong(path: Path) -> list[int]:
    """The lines that have a mistake."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [number for number, line in enumerate(lines, 1) if "# WRONG" in line]


@pytest.fixture(scope="module")
def by_mypy(files: Path) -> dict[str, list[int]]:
    """The lines that mypy complains of, by file."""
    options = ["--strict", "--config-file=", "--cache-dir", str(ROOT / ".mypy_cache")]
    options += ["--no-error-summary", "--python-executable", sys.executable]
    ended = _run([sys.executable, "-m", "mypy", *options, *RIGHT, *MISTAKES], files)
    assert not ended.stderr, ended.stderr
    found: dict[str, list[int]] = {}
    for line in ended.stdout.splitlines():
        path, _, rest = line.partition(":")
        if " error: " in rest:
            found.setdefault(Path(path).name, []).append(int(rest.partition(":")[0]))
    return found


@pytest.fixture(scope="module")
def by_pyright(files: Path) -> dict[str, list[int]]:
    """The lines that pyright complains of, by file."""
    options = {
        "extraPaths": [str(ROOT), str(ROOT / "generated")],
        "typeCheckingMode": "strict",
        "pythonVersion": "3.11",
    }
    (files / "pyrightconfig.json").write_text(json.dumps(options))
    pyright = str(ROOT / "node_modules" / ".bin" / "pyright")
    command = [pyright, "--outputjson", "--pythonpath", sys.executable, "-p", str(files)]
    report = json.loads(_run(command, files).stdout)
    assert report["summary"]["filesAnalyzed"] >= len(RIGHT + MISTAKES)
    found: dict[str, list[int]] = {}
    for each in report["generalDiagnostics"]:
        if each["severity"] == "error":
            line = each["range"]["start"]["line"] + 1
            found.setdefault(Path(each["file"]).name, []).append(line)
    return found


@pytest.mark.parametrize("name", RIGHT)
def test_mypy_finds_nothing_in_right_code(by_mypy: dict[str, list[int]], name: str) -> None:
    assert by_mypy.get(name) is None


@pytest.mark.parametrize("name", MISTAKES)
def test_mypy_finds_each_mistake(by_mypy: dict[str, list[int]], files: Path, name: str) -> None:
    assert sorted(set(by_mypy[name])) == _wrong(files / name)


@pytest.mark.parametrize("name", RIGHT)
def test_pyright_finds_nothing_in_right_code(by_pyright: dict[str, list[int]], name: str) -> None:
    assert by_pyright.get(name) is None


@pytest.mark.parametrize("name", MISTAKES)
def test_pyright_finds_each_mistake(
    by_pyright: dict[str, list[int]], files: Path, name: str
) -> None:
    assert sorted(set(by_pyright[name])) == _wrong(files / name)
