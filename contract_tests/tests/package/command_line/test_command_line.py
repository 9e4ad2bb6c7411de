"""The command line: what each command does, and what it exits with."""

from __future__ import annotations

import io
import json
import os
import re
import shlex
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest
from rich.console import Console
from typer.testing import CliRunner

from contract_tests.faults.behaviours import GOOD, Behaviour, changed, refusal
from contract_tests.faults.exchange import TASK_ID, VIDEO
from contract_tests.faults.server import FaultServer
from contract_tests.mock.mock import Mock
from contract_tests.referees.samples import (
    BODY,
    SAMPLES,
    SOME,
    SPEC,
    VARIANTS,
    arguments_of,
    field_with,
)
from contract_tests.tests.conftest import run_in
from contract_tests.tests.package.command_line.commands import ARGUMENTS, CLI, WORKING
from contract_tests.tests.package.conftest import Run
from foxapi_video import Task, catalog, checking
from foxapi_video.cli import endings, show
from foxapi_video.cli.app import app
from overlays.bundle import ROOT


def some_models() -> dict[str, list[str]]:
    """The models that a dozen variants are of, with the variants of each."""
    found = checking.index().items()
    return {model: names for model, names in found if {*names} & {*SOME}}


def test_models_lists_every_model_and_variant(run: Run) -> None:
    ended = run("models")
    assert ended.exit_code == 0
    for model, names in checking.index().items():
        assert model in ended.output and all(name in ended.output for name in names)


@pytest.mark.usefixtures("of_base")
def test_models_lists_the_fields_and_limits_of_one(run: Run) -> None:
    ended = run("models", "wan-2.7-image-to-video")
    assert "2 to 15" in ended.output and "at most 5000 characters" in ended.output
    listed = json.loads(run("models", "veo3.1-fast", "--output", "json").output)
    assert [variant["variant"] for variant in listed] == checking.index()["veo3.1-fast"]
    for variant in listed:
        schema = checking.schema(variant["variant"])
        assert {f["name"] for f in variant["fields"]} == set(schema["properties"]) - {"model"}
    assert run("models", "sora").exit_code == 2


def test_every_field_of_every_variant_is_an_option(run: Run) -> None:
    for model, names in some_models().items():
        for group in ("create", "generate"):
            shown = re.sub(r"\s+", " ", run(group, model, "--help").output)
            for name in names:
                for field, schema in checking.schema(name)["properties"].items():
                    if field != "model" and schema.get("type") != "null":
                        assert f"--{field.replace('_', '-')}" in shown, (model, field)


@pytest.mark.parametrize("width", [60, 80, 200])
def test_no_name_of_a_model_variant_or_field_is_broken_on_a_terminal(
    width: int, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal = io.StringIO()
    console = Console(file=terminal, force_terminal=True, no_color=True, width=width)
    monkeypatch.setattr(show, "_console", lambda: console)
    for model in (None, *some_models()):
        assert run("models", *filter(None, [model])).exit_code == 0
    shown = terminal.getvalue()
    for model, names in some_models().items():
        for name in (model, *names):
            assert re.search(rf"(?<![\w.-]){re.escape(name)}(?![\w.-])", shown), name
        for field in {f for name in names for f in checking.schema(name)["properties"]} - {"model"}:
            assert re.search(rf"(?<!\w){re.escape(field)}(?!\w)", shown), field


def test_models_of_one_family_stand_together(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    [one, other, *_] = VARIANTS
    ids = {"Fox-2": [one], "owl": [other], "fox3": [other], "1-elk": [one]}
    monkeypatch.setattr(checking, "_index", ids)
    rows = [line.split()[0] for line in run("models").stdout.splitlines()[1:]]
    assert rows == ["1-elk", "Fox-2", "fox3", "owl"]
    assert {each.id: each.family for each in catalog.models()} == {
        "Fox-2": "fox",
        "fox3": "fox",
        "owl": "owl",
        "1-elk": "1-elk",
    }


def test_models_are_searched_by_id_description_and_fields(run: Run) -> None:
    for model, names in some_models().items():
        bare = model.replace("-", " ").replace(".", "").upper()
        assert model in json.loads(run("models", "--search", bare, "--output", "json").output)
        field = [*checking.schema(names[0])["properties"]][-1]
        listed = run("models", "--search", f"{model} {field}").stdout.splitlines()[1:]
        assert any(line.split()[:2] == [model, names[0]] for line in listed)
    nothing = run("models", "--search", "veo no-such-word")
    assert nothing.exit_code == 2 and "no model has each of these words" in nothing.stderr
    both = run("models", next(iter(checking.index())), "--search", "x")
    assert both.exit_code == 2 and "goes with no model" in both.stderr


def test_many_models_are_counted_and_not_listed_in_a_message(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = {f"fox-{number}": [VARIANTS[0]] for number in range(100)}
    monkeypatch.setattr(checking, "_index", many)
    [found] = checking.check({"model": "fx-7"})
    words = "not one of the 100 models that foxapi-video models lists; did you mean fox-7?"
    assert words in str(found)
    [missing] = checking.check({"prompt": "x"})
    assert "it is one of the 100 models" in str(missing)
    said = re.sub(r"[\s│]+", " ", run("models", "fx-7").stderr)
    assert words in said


def test_a_deprecated_variant_is_marked(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    [(model, [name]), *_] = [each for each in checking.index().items() if len(each[1]) == 1]
    schemas, read = {name: checking.schema(name) | {"deprecated": True}}, checking._read
    monkeypatch.setattr(checking, "_read", lambda each: schemas.get(each) or read(each))
    for found in catalog.models():
        for variant in found.variants:
            assert variant.deprecated == (variant.name == name)
    lines = run("models").stdout.splitlines()
    assert [line.split()[1] for line in lines if "Deprecated." in line].count(name) > 0
    assert all(name in line for line in lines if "Deprecated." in line)
    assert f"{name}: Deprecated. " in run("models", model).stdout
    [told] = json.loads(run("models", model, "--output", "json").output)
    assert told["deprecated"] is True


@pytest.mark.usefixtures("of_base")
def test_check_judges_a_file_and_standard_input(run: Run, tmp_path: Path) -> None:
    body = tmp_path / "body.json"
    body.write_text('{"model": "veo3.1-fast", "prompt": "a fox"}')
    assert run("check", str(body)).output == "the request is valid\n"
    ended = run("check", "-", stdin='{"model": "veo3.1-fast", "size": "7:3"}')
    assert ended.exit_code == endings.INVALID
    assert (
        "size: '7:3' is not one of auto," in ended.stderr and "prompt: is missing" in ended.stderr
    )
    ended = run("check", "-", "--output", "json", stdin="{}")
    assert json.loads(ended.stderr)["error"]["violations"][0]["field"] == "model"
    assert run("check", "-", stdin="not json").exit_code == endings.INVALID
    assert run("check", str(tmp_path / "missing")).exit_code == 2


@pytest.mark.parametrize("variant", SOME)
def test_a_video_is_created_from_options(
    variant: str, serve: Callable[..., FaultServer], run: Run
) -> None:
    """A text, a number, a flag, an object, and a list by repeating its option."""
    server, body = serve(), SAMPLES[variant]
    ended = run("create", *arguments_of(body), "--output", "json", url=server.url)
    assert ended.exit_code == 0 and json.loads(ended.stdout)["id"] == TASK_ID
    assert json.loads(server.bodies[0]) == body


def test_a_video_is_created_from_json(
    serve: Callable[..., FaultServer], run: Run, tmp_path: Path
) -> None:
    (tmp_path / "body.json").write_text(json.dumps(BODY))
    server = serve()
    assert run("create", "--json", str(tmp_path / "body.json"), url=server.url).exit_code == 0
    assert run("create", "--json", "-", url=server.url, stdin=json.dumps(BODY)).exit_code == 0
    assert [json.loads(sent) for sent in server.bodies] == [BODY, BODY]
    assert run("create").exit_code == 2, "nothing to do"


@pytest.mark.parametrize(
    "before",
    [["--download", "out.mp4"], ["--output", "json"], ["--timeout", "5"], ["--json", "body.json"]],
    ids=lambda options: options[0],
)
def test_an_option_before_the_model_is_not_lost(
    before: list[str], serve: Callable[..., FaultServer], run: Run
) -> None:
    """A video would be paid for, and not be saved."""
    server = serve()
    ended = run("generate", *before, *ARGUMENTS, url=server.url)
    assert ended.exit_code == 2 and before[0] in ended.stderr and server.requests == []


def test_an_invalid_request_is_told_and_not_sent(
    serve: Callable[..., FaultServer], run: Run
) -> None:
    server = serve()
    variant, field = field_with(
        SPEC, lambda _, schema: "maximum" in schema and "integer" in schema["type"]
    )
    most = SPEC["components"]["schemas"][variant]["properties"][field]["maximum"]
    body = SAMPLES[variant] | {field: most + 1}
    ended = run("generate", *arguments_of(body), url=server.url)
    assert ended.exit_code == endings.INVALID and server.requests == []
    assert f"{field}: {most + 1} is more than {most} (" in ended.stderr


def test_a_video_is_generated_and_saved(
    serve: Callable[..., FaultServer], run: Run, tmp_path: Path
) -> None:
    files = serve()
    done = changed(results=[{"url": f"{files.url}/video.mp4"}])
    server = serve(GOOD, WORKING, Behaviour("done", done))
    target = tmp_path / "out.mp4"
    ended = run("generate", *ARGUMENTS, "--poll", "0.01", "--download", str(target), url=server.url)
    assert ended.exit_code == 0, ended.stderr
    assert target.read_bytes() == VIDEO and f"{files.url}/video.mp4" in ended.stdout
    assert "pending 0%" in ended.stderr and "processing 40%" in ended.stderr
    assert ended.stdout.endswith(f"saved {target}\n")


def test_it_is_said_where_results_are_saved_and_how_many_there_are(
    serve: Callable[..., FaultServer], run: Run, tmp_path: Path
) -> None:
    files = serve()
    links = [{"url": f"{files.url}/video.mp4"}, {"url": f"{files.url}/poster.jpg?x=/video.mp4"}]
    server = serve(Behaviour("done", changed(results=links)), endless=True)
    one = tmp_path / "one.mp4"
    ended = run("wait", "t/1", "--download", str(one), url=server.url)
    assert ended.stdout.endswith(f"saved {one}\n1 of 2 results; --download FOLDER saves all\n"), (
        ended.output
    )
    ended = run("wait", "t/1", "--download", str(tmp_path), url=server.url)
    saved = [tmp_path / "t_1-0.mp4", tmp_path / "t_1-1.jpg"]
    assert ended.stdout.endswith("".join(f"saved {path}\n" for path in saved)), ended.output
    assert [path.read_bytes() for path in saved] == [VIDEO, VIDEO]
    ended = run(
        "wait", "t/1", "--download", str(one), "--overwrite", "--output", "json", url=server.url
    )
    assert json.loads(ended.stderr) == {"saved": [str(one)], "results": 2}


def test_errors_speak_the_command_line_s_words(
    serve: Callable[..., FaultServer], run: Run, tmp_path: Path
) -> None:
    """What one types there, not what one would write in Python."""
    server = serve(WORKING, endless=True)
    target = tmp_path / "out.mp4"
    late = run("wait", "x", "--timeout", "0.01", "--poll", "0.01", url=server.url)
    assert "foxapi-video wait x waits for it again" in late.stderr
    target.touch()
    there = run("wait", "x", "--download", str(target), url=server.url)
    keyless = run("get", "x", url="ftp://example.com")
    said = late.stderr + there.stderr + keyless.stderr
    assert "--overwrite" in said and "see FOXAPI_BASE_URL" in said
    assert not re.search(r"\w\(|=True|base_url|api_key", said), said


def test_a_target_that_is_there_is_told_before_it_is_paid_for(
    serve: Callable[..., FaultServer], run: Run, tmp_path: Path
) -> None:
    server = serve()
    for target in (tmp_path / "missing" / "out.mp4", tmp_path / ("n" * 300)):
        for more in ([], ["--overwrite"]):
            ended = run("generate", *ARGUMENTS, "--download", str(target), *more, url=server.url)
            assert ended.exit_code == endings.OTHER and server.requests == []
            assert isinstance(ended.exception, SystemExit), ended.exception


def test_a_task_is_got_and_waited_for(serve: Callable[..., FaultServer], run: Run) -> None:
    server = serve(WORKING, WORKING)
    assert run("get", "x", url=server.url).stdout == "x  processing 40%\n"
    ended = run("wait", "x", "--poll", "0.01", url=server.url)
    assert ended.stdout.splitlines() == [
        "x  completed 100%",
        "https://example.com/video.mp4",
    ]


def test_brackets_of_the_server_s_are_no_markup(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal, where there are bars: an id is not theirs to fail at."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    watched = endings.Watched(endings.Output.TEXT)
    with show.progress(watched, endings.Output.TEXT) as bars:
        assert isinstance(bars, show.Bars)
        for status in ("pending [/b]", "completed"):
            bars.generation(Task.from_dict({"id": "t[/b]", "status": status}))
    assert watched.task_id == "t[/b]"


def test_a_file_is_uploaded(serve: Callable[..., FaultServer], run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"picture")
    server = serve()
    ended = run("upload", str(tmp_path / "a.png"), url=server.url)
    assert ended.stdout == "https://example.com/files/a.png\n"
    assert run("upload", str(tmp_path / "b.png"), url=server.url).exit_code == endings.INVALID


def test_it_works_with_the_mock(mock: Mock, run: Run) -> None:
    ended = run("generate", *ARGUMENTS, "--poll", "0.01", url=mock.url)
    assert ended.exit_code == 0 and "completed 100%" in ended.stdout


@pytest.mark.parametrize(
    ("arguments", "behaviour", "code"),
    [
        (["create", *ARGUMENTS], Behaviour("500", refusal(500)), endings.UNKNOWN),
        (
            ["create", *ARGUMENTS],
            Behaviour("402", refusal(402, "insufficient_quota")),
            endings.REFUSED,
        ),
        (["get", "x"], Behaviour("401", refusal(401)), endings.REFUSED),
        (["wait", "x"], Behaviour("failed", changed(status="failed")), endings.FAILED),
        (["wait", "x"], Behaviour("cancelled", changed(status="cancelled")), endings.FAILED),
        (["wait", "x", "--timeout", "0.05", "--poll", "0.01"], WORKING, endings.LATE),
        (["wait", "x", "--poll", "soon"], WORKING, 2),
    ],
    ids=lambda value: getattr(value, "name", None) or str(value)[:24],
)
def test_the_exit_code_says_how_it_ended(
    arguments: list[str],
    behaviour: Behaviour,
    code: int,
    serve: Callable[..., FaultServer],
    run: Run,
) -> None:
    ended = run(*arguments, url=serve(behaviour, endless=True).url)
    assert ended.exit_code == code, ended.stderr
    if code == endings.LATE:
        assert "go on with: foxapi-video wait x" in ended.stderr


@pytest.mark.parametrize("width", [40, 80])
def test_a_narrow_terminal_loses_nothing(
    width: int, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    for model in some_models():
        assert "\u2026" not in run("models", model, columns=width).output, "nothing is cut off"


def test_no_answer_has_a_code_of_its_own(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("foxapi_video.threads.sleep", lambda seconds: None)
    with FaultServer(refuse=True) as server:
        assert run("get", "x", url=server.url).exit_code == endings.UNREACHED


def test_without_a_key_it_says_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FOXAPI_API_KEY", raising=False)
    ended = CliRunner().invoke(app, ["get", "x"])
    assert ended.exit_code == endings.OTHER and "FOXAPI_API_KEY" in ended.stderr


@pytest.mark.parametrize("task_id", ["x; touch f #", "--help", "$(touch f)", "it's"])
def test_the_command_to_go_on_with_is_safe_to_paste(
    task_id: str, serve: Callable[..., FaultServer], run: Run
) -> None:
    server = serve(
        Behaviour("names it", changed(id=task_id, status="pending")),
        Behaviour("names it", changed(id=task_id, status="processing")),
        Behaviour("names it", changed(id=task_id, status="completed")),
    )
    ended = run("generate", *ARGUMENTS, "--poll", "0.05", "--timeout", "0.06", url=server.url)
    assert ended.exit_code == endings.LATE, ended.stderr
    command = ended.stderr.splitlines()[-1].partition("go on with: ")[2]
    program, wait, *words = shlex.split(command)
    again = run(wait, "--poll", "0.01", *words, url=server.url)
    assert program == "foxapi-video" and again.exit_code == 0, again.output
    assert server.requests[-1] == f"GET /v1/tasks/{quote(task_id, safe='')}"


def test_the_codes_are_in_the_help(run: Run) -> None:
    shown = re.sub(r"\s+", " ", run("--help").output)
    signals = {128 + number for number in endings.SIGNALS}
    for code in sorted({code for _, code in endings.CODES} | signals):
        assert re.search(rf"\b{code} [a-z]", shown), code


def test_without_its_extra_it_says_what_to_install(tmp_path: Path) -> None:
    for name in ("typer", "rich"):
        (tmp_path / f"{name}.py").write_text(f"raise ModuleNotFoundError(name={name!r})")
    paths = os.pathsep.join([str(tmp_path), str(ROOT), str(ROOT / "generated")])
    ended = run_in(tmp_path, *CLI[1:], PYTHONPATH=paths)
    assert ended.returncode == 1 and "pip install typer rich" in ended.stderr
