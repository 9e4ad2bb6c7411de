"""How the command line is called: its names, its version, completion, and what is wrong usage."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import typer

from contract_tests.faults.behaviours import Behaviour, silence
from contract_tests.faults.server import FaultServer
from contract_tests.referees.samples import BODY, SAMPLES, SPEC, field_with
from contract_tests.tests.package.command_line.commands import CLI
from contract_tests.tests.package.conftest import Run
from foxapi_video import FoxAPI, FoxAPIError, TaskTimeout, __version__, checking
from foxapi_video.catalog import family
from foxapi_video.cli import endings
from foxapi_video.violations import takes_address
from overlays.bundle import ROOT


def _run(*words: str, program: list[str] = CLI, **environment: str) -> tuple[int, str, str]:
    paths = os.pathsep.join([str(ROOT), str(ROOT / "generated")])
    ended = subprocess.run(
        [*program, *words],
        env=os.environ | {"PYTHONPATH": paths} | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return ended.returncode, ended.stdout, ended.stderr


def test_the_package_itself_can_be_run_and_tells_its_version() -> None:
    program = [sys.executable, "-m", "foxapi_video"]
    assert _run("--version", program=program) == (0, f"foxapi-video {__version__}\n", "")


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        (["get"], "MissingParameter"),
        (["get", "x", "--no-such-option"], "NoSuchOption"),
        (["no-such-command"], "UsageError"),
        (["wait", "x", "--poll", "soon"], "BadParameter"),
        (["create"], "BadParameter"),
        (["models", "no-such-model"], "BadParameter"),
    ],
)
@pytest.mark.parametrize("asked", [["--output", "json"], ["--output=json"]], ids=["two", "one"])
def test_wrong_usage_is_json_for_scripts(
    words: list[str], kind: str, asked: list[str], run: Run
) -> None:
    ended = run(*words, *asked)
    assert ended.exit_code == 2 and ended.stdout == ""
    error = json.loads(ended.stderr)["error"]
    assert error["type"] == kind and error["message"] and error["task_id"] is None
    ended = run(*words)
    assert ended.exit_code == 2 and not ended.stderr.startswith("{")


def test_what_stands_on_the_wrong_side_of_the_model_is_told(run: Run) -> None:
    model = str(BODY["model"])
    ended = run("create", "--prompt", "x", model, "--output", "json")
    assert ended.exit_code == 2 and "behind it: MODEL --prompt" in ended.stderr
    ended = run("create", model, "--json", "request.json", "--output", "json")
    assert ended.exit_code == 2 and "give it without a model" in ended.stderr


def test_json_that_is_asked_for_changes_no_exit_code(
    serve: Callable[..., FaultServer], run: Run
) -> None:
    assert run("models", "--output", "json").exit_code == 0
    assert run("get", "x", "--output", "json", url=serve().url).exit_code == 0
    assert run("check", "-", "--output", "json", stdin="{}").exit_code == endings.INVALID


def _completed(*words: str) -> list[str]:
    """What a shell offers after some words, the last of which is being typed."""
    named = "import sys; sys.argv[0] = 'foxapi-video'; from foxapi_video.cli import main; main()"
    _, offered, _ = _run(
        program=[sys.executable, "-c", named],
        COMP_WORDS=" ".join(["foxapi-video", *words]),
        COMP_CWORD=str(len(words)),
        _FOXAPI_VIDEO_COMPLETE="complete_bash",
    )
    return offered.split()


def test_values_are_completed() -> None:
    variant, field = field_with(SPEC, lambda _, schema: len(schema.get("enum", ())) > 1)
    options = checking.schema(variant)["properties"][field]["enum"]
    known = [str(each) for each in options if each is not None]
    words = "create", SAMPLES[variant]["model"], f"--{field.replace('_', '-')}"
    assert set(known) <= set(_completed(*words, ""))
    begun = _completed(*words, known[0][0])
    assert known[0] in begun and all(each.startswith(known[0][0]) for each in begun)
    assert _completed("models", "") == list(checking.index())


@pytest.mark.parametrize("columns", [20, 80])
def test_no_line_of_a_list_is_broken_for_a_program(columns: int, run: Run) -> None:
    lines = run("models", columns=columns).stdout.splitlines()
    rows = [line.split() for line in lines[1:]]
    found = [(row[0], row[1]) for row in rows]
    listed = [(model, name) for model, names in checking.index().items() for name in names]
    assert found == sorted(listed, key=lambda each: family(each[0]))
    fields = run("models", BODY["model"], columns=columns).stdout
    for name in checking.index()[BODY["model"]]:
        for each in checking.schema(name)["properties"]:
            assert each == "model" or re.search(rf"^\[?{each}\]? ", fields, re.MULTILINE)


def _raised(call: Callable[[], object]) -> FoxAPIError:
    with pytest.raises(FoxAPIError) as caught:
        call()
    return caught.value


@pytest.mark.parametrize("output", list(endings.Output))
def test_what_is_said_on_the_command_line_names_no_argument_of_python(
    output: endings.Output, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fox = FoxAPI("sk-key-12345678", timeout=1)
    there = tmp_path / "there.mp4"
    there.touch()
    variant, field = field_with(SPEC, lambda _, s: "pattern" in s and takes_address(s))
    with FaultServer(Behaviour("silence", silence), endless=True) as server:
        asked = fox.with_options(base_url=server.url, retries=0, timeout=0.01)
        late = _raised(lambda: asked.tasks.get("t"))
    errors = [
        late,
        _raised(FoxAPI),
        _raised(lambda: fox.videos.create(BODY | {"no_such_field": 1})),
        _raised(lambda: fox.videos.create(BODY | {"model": "no-such-model"})),
        _raised(lambda: fox.videos.create(SAMPLES[variant] | {field: "photo.png"})),
        _raised(lambda: fox.videos.create(BODY, extra_body=BODY)),
        _raised(lambda: fox.videos.download("http://127.0.0.1:9/v.mp4", tmp_path / "v.mp4")),
        _raised(lambda: fox.videos.download("https://example.com/", there)),
        TaskTimeout("t", task=None, waited=1),
    ]
    python = re.compile(r"\b[a-z_]+=(?!JSON)\S|\w\(['\")]|pathlib|api_key|extra_body")
    for error in errors:
        assert python.search(str(error)), f"nothing to put in other words: {error}"
        with pytest.raises(typer.Exit), endings.ending(output):
            raise error
        said = capsys.readouterr().err
        assert said and not python.search(said), said
