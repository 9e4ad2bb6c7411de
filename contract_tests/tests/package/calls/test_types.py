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
from overlays.keywords import can_be_keyword

TYPED = Path(__file__).with_name("typed")
RIGHT = ("user_code.py", "variants.py")
MISTAKES = ("user_mistakes.py", "variant_mistakes.py")


def _run(command: list[str], directory: Path) -> subprocess.CompletedProcess[str]:
    installed = str(directory / "site")
    return subprocess.run(
        command,
        cwd=directory,
        env=os.environ | {"MYPYPATH": installed, "PYTHONPATH": installed},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def _program(lines: list[str]) -> str:
    """Lines that make requests, below an import of what they name."""
    text = "\n".join(lines)
    names = {*re.findall(r"\b([A-Z]\w+)\(", text), *re.findall(r"\b(?:UNSET|check)\b", text)}
    heading = [
        "import asyncio",
        *["from pathlib import Path"] * ("Path" in names),
        f"from foxapi_video import AsyncFoxAPI, FoxAPI, {', '.join(sorted(names - {'Path'}))}",
        "fox = FoxAPI()",
        "async_fox = AsyncFoxAPI()",
        "asyncio.run(async_fox.aclose())",
    ]
    return "\n".join([*heading, *lines, ""])


def _files(schema: dict[str, Any]) -> list[str]:
    """How files are given to a field, as Python."""
    files = ['Path("a.png")', 'open("a.png", "rb")']
    both = f'{files[0]}, "https://example.com/a.png", {files[1]}'
    return (
        [*(f"[{file}]" for file in files), f"[{both}]", f"({both})"] if "items" in schema else files
    )


def _variants(directory: Path) -> None:
    """Write every variant's sample as a user would, and with mistakes, all made of the spec."""
    right, wrong = [], []
    for name, sample in SAMPLES.items():
        request = getattr(models, name).from_dict(sample)
        written = repr(request)
        bare = getattr(models, name).from_dict(least(SPEC, name))
        omitted = [each for each in bare.__slots__ if getattr(bare, each, 0) is UNSET]
        right.append(f"fox.videos.create({written})")
        right.append(f"check({repr(bare)[:-1]}, {', '.join(f'{each}=UNSET' for each in omitted)}))")
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
        right += [f"{call[:-2]})" for call in _by_keyword(sample)]
        wrong += [
            call[:-2] + f"undocumented=1)  # WRONG: no such field of {sample['model']!r}"
            for call in _by_keyword(sample)[:2]
        ]
        for field in sample:
            (call, *_) = _by_keyword({**sample, field: object})
            if "<class 'object'>" in call:
                wrong.append(f"{call.replace(repr(object), 'object()')[:-2]})  # WRONG: {field}=")
    wrong.append("fox.videos.create(UNSET)  # WRONG: no request")
    (directory / "variants.py").write_text(_program(right), encoding="utf-8")
    (directory / "variant_mistakes.py").write_text(_program(wrong), encoding="utf-8")


def _by_keyword(sample: dict[str, Any]) -> list[str]:
    """The calls that a sample makes by keyword, each open for another field at its end."""
    given = "".join(f"{name}={value!r}, " for name, value in sample.items() if can_be_keyword(name))
    model = f"model={sample['model']!r}, "
    return [
        f"fox.videos.create({model}{given}))",
        f"fox.videos.generate({model}timeout=5, {given}))",
        f"asyncio.run(async_fox.videos.create({model}{given})))",
    ]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A user's files, which are not in the package's folder, and the package as it is installed."""
    directory = tmp_path_factory.mktemp("typed")
    for path in TYPED.glob("*.py"):
        shutil.copy(str(path), directory)
    for package in (ROOT / "foxapi_video", ROOT / "generated" / "foxapi_video_client"):
        shutil.copytree(package, directory / "site" / package.name)
    _variants(directory)
    return directory


def _wrong(path: Path) -> list[int]:
    """The lines that have a mistake."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [number for number, line in enumerate(lines, 1) if "# WRONG" in line]


Found = dict[str, dict[int, str]]


@pytest.fixture(scope="module")
def by_mypy(files: Path) -> Found:
    """What mypy complains of, by file and line."""
    options = ["--strict", "--config-file=", "--cache-dir", str(ROOT / ".mypy_cache" / "typed")]
    options += ["--no-error-summary", "--python-executable", sys.executable]
    ended = _run([sys.executable, "-m", "mypy", *options, *RIGHT, *MISTAKES], files)
    assert not ended.stderr, ended.stderr
    found: Found = {}
    for line in ended.stdout.splitlines():
        path, number, said = line.split(":", 2)
        of_file = found.setdefault(Path(path).name, {})
        if " error: " in said or int(number) in of_file:
            of_file[int(number)] = of_file.get(int(number), "") + said
    return found


@pytest.fixture(scope="module")
def by_pyright(files: Path) -> Found:
    """What pyright complains of, by file and line."""
    options = {"typeCheckingMode": "strict", "pythonVersion": "3.11", "exclude": ["site"]}
    (files / "pyrightconfig.json").write_text(json.dumps(options))
    # V8 takes longer to optimise pyright than that spares it.
    pyright = ["node", "--no-opt", str(ROOT / "node_modules" / ".bin" / "pyright")]
    command = [*pyright, "--outputjson", "--pythonpath", sys.executable, "-p", str(files)]
    report = json.loads(_run(command, files).stdout)
    assert report["summary"]["filesAnalyzed"] >= len(RIGHT + MISTAKES)
    found: Found = {}
    for each in report["generalDiagnostics"]:
        if each["severity"] == "error":
            line = each["range"]["start"]["line"] + 1
            of_file = found.setdefault(Path(each["file"]).name, {})
            of_file[line] = of_file.get(line, "") + each["message"]
    return found


@pytest.fixture(params=["mypy", "pyright"])
def found(request: pytest.FixtureRequest) -> Found:
    """What a type checker complains of, by file and line."""
    of_checker: Found = request.getfixturevalue(f"by_{request.param}")
    return of_checker


@pytest.mark.parametrize("name", RIGHT)
def test_nothing_is_found_in_right_code(found: Found, name: str) -> None:
    assert found.get(name) is None


@pytest.mark.parametrize("name", MISTAKES)
def test_each_mistake_is_found(found: Found, files: Path, name: str) -> None:
    assert sorted(found[name]) == _wrong(files / name)


def test_an_error_of_keywords_names_what_is_wrong(found: Found, files: Path) -> None:
    """The field and what it may be, or with a field that no model has the call."""
    lines = (files / "variant_mistakes.py").read_text("utf-8").splitlines()
    told = [
        (line.rpartition("# WRONG: ")[2], found["variant_mistakes.py"][number])
        for number, line in enumerate(lines, 1)
        if "videos.create(model=" in line
    ]
    assert len(told) > len(SAMPLES)
    for wrong, said in told:
        field = wrong.removesuffix("=") if wrong.endswith("=") else "undocumented"
        assert re.search(rf"\b{field}\b|No overloads for \"create\"", said), (wrong, said)
    named = [wrong for wrong, said in told if wrong.endswith("=") and wrong[:-1] in said]
    assert len(named) > len(SAMPLES)
