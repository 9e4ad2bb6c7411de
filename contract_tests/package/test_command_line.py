"""The command line: what it prints, what it exits with, and how it is interrupted."""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from typer.testing import CliRunner

from contract_tests.faults.behaviours import (
    GOOD,
    Behaviour,
    changed,
    names_and_hangs,
    nested,
    refusal,
    silence,
)
from contract_tests.faults.exchange import TASK_ID, VIDEO
from contract_tests.faults.lasting import LastingServer
from contract_tests.faults.server import FaultServer
from contract_tests.mock import Mock
from contract_tests.samples import BODY, SAMPLES, SPEC, VARIANTS, arguments_of, field_with
from foxapi_video import Task, checking
from foxapi_video.attempts import Attempt
from foxapi_video.cli import endings, show
from foxapi_video.cli.app import app
from overlays.bundle import ROOT

ARGUMENTS = arguments_of(BODY)
LINK = "https://example.com/video.mp4"
WORKING = Behaviour("under way", changed(status="processing", progress=40, results=None))
CLI = [sys.executable, "-m", "foxapi_video.cli"]
# What becomes of a stream: no space left, nobody who reads it, and closed from the start.
GONE = ">gone"
BROKEN = [">/dev/full", GONE, ">&-"]
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


def test_models_lists_every_model_and_variant(run: Run) -> None:
    ended = run("models")
    assert ended.exit_code == 0
    for model, names in checking.index().items():
        assert model in ended.output and all(name in ended.output for name in names)


@pytest.mark.usefixtures("of_base")
def test_models_lists_the_fields_and_limits_of_one(run: Run) -> None:
    ended = run("models", "wan-2.7-image-to-video")
    assert "2 to 15" in ended.output and "at most 5000 characters" in ended.output
    told = json.loads(run("models", "veo3.1-fast", "--output", "json").output)
    assert [variant["variant"] for variant in told] == checking.index()["veo3.1-fast"]
    for variant in told:
        schema = checking.schema(variant["variant"])
        assert {f["name"] for f in variant["fields"]} == set(schema["properties"]) - {"model"}
    assert run("models", "sora").exit_code == 2


def test_every_field_of_every_variant_is_an_option(run: Run) -> None:
    for model, names in checking.index().items():
        for group in ("create", "generate"):
            shown = re.sub(r"\s+", " ", run(group, model, "--help").output)
            for name in names:
                for field, schema in checking.schema(name)["properties"].items():
                    if field != "model" and schema.get("type") != "null":
                        assert f"--{field.replace('_', '-')}" in shown, (model, field)


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


@pytest.mark.parametrize("variant", VARIANTS)
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


def test_a_target_that_is_there_is_told_before_it_is_paid_for(
    serve: Callable[..., FaultServer], run: Run, tmp_path: Path
) -> None:
    server = serve()
    for target in (tmp_path, tmp_path / "missing" / "out.mp4", tmp_path / ("n" * 300)):
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


def test_what_is_printed_for_scripts_is_json_whatever_the_server_sends(
    serve: Callable[..., FaultServer], run: Run
) -> None:
    strange = changed(progress=float("nan"), more=[{"x": float("inf")}])
    ended = run("get", "x", "--output", "json", url=serve(Behaviour("NaN", strange)).url)

    def refuse(name: str) -> None:
        raise AssertionError(f"{name} is no JSON")

    printed = json.loads(ended.stdout, parse_constant=refuse)
    assert printed["progress"] is None and printed["more"] == [{"x": None}]
    error = {"code": float("nan"), "message": "no"}
    refuses = Behaviour(
        "NaN", lambda exchange: exchange.answer(401, json.dumps({"error": error}).encode())
    )
    ended = run("get", "x", "--output", "json", url=serve(refuses).url)
    printed = json.loads(ended.stderr, parse_constant=refuse)
    assert printed["error"]["code"] is None and printed["error"]["status"] == 401


def test_errors_for_scripts_are_json_and_name_the_task(
    serve: Callable[..., FaultServer], run: Run, tmp_path: Path
) -> None:
    script = ["--output", "json"]
    server = serve(Behaviour("no link", changed(status="completed", results=[])))
    download = ["--download", str(tmp_path / "out.mp4")]
    ended = run("generate", *ARGUMENTS, *download, *script, url=server.url)
    assert ended.exit_code == endings.OTHER and ended.stdout == ""
    created, error = map(json.loads, ended.stderr.splitlines())
    assert created == {"task_id": TASK_ID} and error["error"]["task_id"] == TASK_ID
    ended = run("check", str(tmp_path / "missing"), *script)
    assert ended.exit_code == 2 and "can't be read" in json.loads(ended.stderr)["error"]["message"]


@pytest.mark.parametrize("width", [40, 80])
def test_a_narrow_terminal_loses_nothing(width: int, run: Run) -> None:
    for model in checking.index():
        assert "\u2026" not in run("models", model, columns=width).output, "nothing is cut off"


def test_no_answer_has_a_code_of_its_own(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    with FaultServer(refuse=True) as server:
        assert run("get", "x", url=server.url).exit_code == endings.UNREACHED


def test_without_a_key_it_says_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FOXAPI_API_KEY", raising=False)
    ended = CliRunner().invoke(app, ["get", "x"])
    assert ended.exit_code == endings.OTHER and "FOXAPI_API_KEY" in ended.stderr


def _start(
    url: str, *arguments: str, broken: str = "", **environment: str
) -> subprocess.Popen[str]:
    """Start a command; `broken` is a redirection, such as 2>/dev/full, 1>&- or 1>gone."""
    paths = os.pathsep.join([str(ROOT), str(ROOT / "generated")])
    environment |= {"FOXAPI_API_KEY": "placeholder", "FOXAPI_BASE_URL": url, "PYTHONPATH": paths}
    is_gone = broken.endswith(GONE)
    reader, writer = os.pipe()
    os.close(reader)
    try:
        return subprocess.Popen(
            ["sh", "-c", f'exec "$@" {"" if is_gone else broken}', "sh", *CLI, *arguments],
            env=os.environ | environment,
            stdout=writer if is_gone and broken[0] == "1" else subprocess.PIPE,
            stderr=writer if is_gone and broken[0] == "2" else subprocess.PIPE,
            text=True,
        )
    finally:
        os.close(writer)


@pytest.mark.parametrize("command", ["create", "generate"])
def test_a_signal_before_the_end_of_the_answer_prints_the_task_that_it_names(
    command: str, serve: Callable[..., FaultServer], run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    take = Attempt.take

    def interrupted(attempt: Attempt, chunk: bytes) -> None:
        take(attempt, chunk)
        raise endings.Interrupted(signal.SIGTERM)

    monkeypatch.setattr(Attempt, "take", interrupted)
    for script in ([], ["--output", "json"]):
        server = serve(Behaviour("names it and hangs", names_and_hangs))
        ended = run(command, *ARGUMENTS, *script, url=server.url)
        assert ended.exit_code == 128 + signal.SIGTERM
        assert f"go on with: foxapi-video wait {TASK_ID}" in ended.stderr
        assert not script or json.loads(ended.stderr)["error"]["task_id"] == TASK_ID


@pytest.mark.parametrize("script", [[], ["--output", "json"]], ids=["text", "json"])
@pytest.mark.parametrize("command", ["create", "generate"])
def test_the_id_of_a_created_task_is_told_at_once_on_standard_error(
    command: str, script: list[str], serve: Callable[..., FaultServer]
) -> None:
    """Whatever becomes of the wait, or of what reads standard output."""
    server = serve(GOOD, WORKING, endless=True)
    limit = ["--timeout", "20"] if command == "generate" else []
    with _start(server.url, command, *ARGUMENTS, *script, *limit) as process:
        assert process.stderr is not None
        said = process.stderr.readline()
        process.kill()
    assert (json.loads(said) == {"task_id": TASK_ID}) if script else (TASK_ID in said)


@pytest.mark.parametrize("number", endings.SIGNALS, ids=lambda number: number.name)
@pytest.mark.parametrize("script", [[], ["--output", "json"]], ids=["text", "json"])
def test_a_signal_prints_the_task_to_go_on_with(
    number: signal.Signals, script: list[str], serve: Callable[..., FaultServer]
) -> None:
    server = serve(GOOD, WORKING, endless=True)
    options = [*script, "--poll", "0.01", "--timeout", "20"]
    with _start(server.url, "generate", *ARGUMENTS, *options) as process:
        assert process.stderr is not None and TASK_ID in process.stderr.readline()
        for _ in range(2):  # again and again, as people and supervisors do
            process.send_signal(number)
        printed, rest = process.communicate(timeout=20)
    assert process.returncode == 128 + number and printed == "", rest
    assert f"go on with: foxapi-video wait {TASK_ID}" in rest and "Traceback" not in rest
    if script:
        assert json.loads(rest)["error"]["task_id"] == TASK_ID


@pytest.mark.parametrize("number", endings.SIGNALS, ids=lambda number: number.name)
def test_a_signal_in_a_create_call_says_that_it_may_be_paid_for(
    number: signal.Signals, serve: Callable[..., FaultServer]
) -> None:
    reached = Behaviour("silence", silence)
    server = serve(reached, endless=True)
    for script in ([], ["--output", "json"]):
        server.requests.clear()
        with _start(server.url, "create", *ARGUMENTS, *script) as process:
            while not server.requests:
                assert process.poll() is None
            process.send_signal(number)
            _, said = process.communicate(timeout=20)
        assert process.returncode == 128 + number and "may have been accepted" in said
    assert "may have been" in json.loads(said)["error"]["message"]


@pytest.mark.parametrize("number", endings.SIGNALS, ids=lambda number: number.name)
def test_a_signal_in_a_download_leaves_no_file_behind(
    number: signal.Signals, tmp_path: Path
) -> None:
    over = threading.Event()
    target = tmp_path / "out.mp4"
    with (
        LastingServer(pace=lambda what: what == "part" and over.wait(20)) as server,
        _start(server.url, "wait", "t", "--poll", "0.01", "--download", str(target)) as process,
    ):
        while not list(tmp_path.iterdir()):
            assert process.poll() is None
        process.send_signal(number)
        _, said = process.communicate(timeout=20)
        over.set()
    assert process.returncode == 128 + number and not list(tmp_path.iterdir())
    assert "go on with: foxapi-video wait t" in said


def test_a_signal_that_is_ignored_stays_so(serve: Callable[..., FaultServer]) -> None:
    """As nohup has it."""
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        server = serve(GOOD, WORKING, WORKING)
        with _start(server.url, "generate", *ARGUMENTS, "--poll", "0.01") as process:
            assert process.stderr is not None and TASK_ID in process.stderr.readline()
            process.send_signal(signal.SIGHUP)
            printed, _ = process.communicate(timeout=20)
    finally:
        signal.signal(signal.SIGHUP, before)
    assert process.returncode == 0 and "completed" in printed


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


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_what_a_terminal_can_t_write_is_escaped(
    encoding: str, serve: Callable[..., FaultServer]
) -> None:
    """Rather than that a paid task is lost to a UnicodeEncodeError."""
    link = "https://example.com/\u6f22.mp4"
    server = serve(GOOD, Behaviour("done", changed(status="completed", results=[{"url": link}])))
    terminal = {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    start = _start(server.url, "generate", *ARGUMENTS, "--poll", "0.01", **terminal)
    with start as process:
        printed, said = process.communicate(timeout=20)
    assert process.returncode == 0, said
    assert printed.splitlines()[1] == "https://example.com/\\u6f22.mp4"


@pytest.mark.parametrize("how", BROKEN)
@pytest.mark.parametrize(
    ("arguments", "code", "printed"),
    [
        (["generate", *ARGUMENTS, "--poll", "0.01"], 0, f"{TASK_ID}  completed 100%\n{LINK}\n"),
        (["create", *ARGUMENTS], endings.REFUSED, ""),
        (["get"], 2, ""),
    ],
    ids=["done", "refused", "usage"],
)
def test_no_trouble_of_standard_error_changes_what_a_command_does(
    how: str, arguments: list[str], code: int, printed: str, serve: Callable[..., FaultServer]
) -> None:
    """A paid task is waited for and printed all the same, and nothing else is."""
    server = serve(*[Behaviour("402", refusal(402))] * (code == endings.REFUSED))
    with _start(server.url, *arguments, broken=f"2{how}") as process:
        found, _ = process.communicate(timeout=20)
    assert (process.returncode, found) == (code, printed)


def test_a_signal_ends_as_it_does_without_standard_error(tmp_path: Path) -> None:
    over = threading.Event()
    download = ["--download", str(tmp_path / "out.mp4")]
    with (
        LastingServer(pace=lambda what: what == "part" and over.wait(20)) as server,
        _start(server.url, "wait", "t", *download, broken="2>/dev/full") as process,
    ):
        while not list(tmp_path.iterdir()):
            assert process.poll() is None
        process.terminate()
        process.communicate(timeout=20)
        over.set()
    assert process.returncode == 128 + signal.SIGTERM and not list(tmp_path.iterdir())


def test_a_terminal_that_is_closed_ends_as_its_signal_says(
    serve: Callable[..., FaultServer],
) -> None:
    """With bars, which are drawn on it to the end."""
    master, terminal = os.openpty()
    server = serve(GOOD, WORKING, endless=True)
    words = ["generate", *ARGUMENTS, "--poll", "0.01"]
    shown_on = f"2>{os.ttyname(terminal)}"
    with _start(server.url, *words, broken=shown_on, TERM="xterm") as process:
        os.read(master, 1)
        os.close(terminal)
        os.close(master)
        process.send_signal(signal.SIGHUP)
        printed, _ = process.communicate(timeout=20)
    assert process.returncode == 128 + signal.SIGHUP and printed == ""


@pytest.mark.parametrize("how", BROKEN)
@pytest.mark.parametrize(
    "arguments",
    [
        ["models"],
        ["models", BODY["model"], "--output", "json"],
        ["check", "BODY"],
        ["get", "x", "--output", "json"],
        ["upload", "BODY"],
        ["generate", "--help"],
    ],
    ids=lambda arguments: arguments[0],
)
def test_standard_output_that_can_t_be_written_is_one_line(
    how: str, arguments: list[str], serve: Callable[..., FaultServer], tmp_path: Path
) -> None:
    body = tmp_path / "body.json"
    body.write_text(json.dumps(BODY))
    words = [str(body) if word == "BODY" else word for word in arguments]
    with _start(serve().url, *words, broken=f"1{how}") as process:
        _, said = process.communicate(timeout=20)
    assert process.returncode == endings.OTHER and len(said.splitlines()) == 1, said
    if "json" in arguments:
        said = "error: " + json.loads(said)["error"]["message"]
    assert said.startswith("error: standard output can't be written: ")


@pytest.mark.parametrize("how", BROKEN)
@pytest.mark.parametrize("script", [[], ["--output", "json"]], ids=["text", "json"])
def test_a_task_that_can_t_be_printed_is_told_on_standard_error(
    how: str, script: list[str], serve: Callable[..., FaultServer]
) -> None:
    """A reader that went away, as head does, takes no paid task with it."""
    options = [*script, "--poll", "0.01"]
    with _start(serve().url, "generate", *ARGUMENTS, *options, broken=f"1{how}") as process:
        _, said = process.communicate(timeout=20)
    first, *_ = said.splitlines()
    assert process.returncode == endings.OTHER and TASK_ID in first and "Traceback" not in said
    if script:
        error = json.loads(said.splitlines()[1])["error"]
        assert error["task_id"] == TASK_ID and error["url"] == LINK
    else:
        assert f"go on with: foxapi-video wait {TASK_ID}" in said and LINK in said


@pytest.mark.parametrize("task_id", ["t", "-t"])
@pytest.mark.parametrize("command", [["generate", *ARGUMENTS], ["wait"]], ids=lambda c: c[0])
def test_a_video_that_can_t_be_saved_is_told_with_its_link(
    command: list[str],
    task_id: str,
    serve: Callable[..., FaultServer],
    run: Run,
    tmp_path: Path,
) -> None:
    """Which is valid for a day, and paid for; the command that is told saves it."""
    link = f"{serve(Behaviour('404', refusal(404))).url}/video.mp4"
    task = changed(id=task_id, status="completed", results=[{"url": link}])
    server = serve(Behaviour("done", task), endless=True)
    target = tmp_path / "the fox.mp4"
    words = ["--poll", "0.01", "--overwrite", "--download", str(target)]
    words += ["--", task_id] if command == ["wait"] else []
    ended = run(*command, *words, url=server.url)
    assert ended.exit_code == endings.OTHER and ended.stdout == "" and link in ended.stderr
    program, *again = shlex.split(ended.stderr.splitlines()[-1].partition("go on with: ")[2])
    assert program == "foxapi-video" and "--overwrite" in again
    ended = run(*again, url=server.url)
    assert ended.exit_code == 0 and target.read_bytes() == VIDEO, ended.stderr


def test_the_link_of_a_video_that_can_t_be_saved_is_in_the_json(
    serve: Callable[..., FaultServer], run: Run, tmp_path: Path
) -> None:
    link = f"{serve(Behaviour('404', refusal(404))).url}/video.mp4"
    server = serve(Behaviour("done", changed(status="completed", results=[{"url": link}])))
    words = ["--output", "json", "--download", str(tmp_path / "out.mp4")]
    ended = run("wait", TASK_ID, *words, url=server.url)
    assert ended.exit_code == endings.OTHER and json.loads(ended.stderr)["error"]["url"] == link


def test_the_codes_are_in_the_help(run: Run) -> None:
    shown = re.sub(r"\s+", " ", run("--help").output)
    signals = {128 + number for number in endings.SIGNALS}
    for code in sorted({code for _, code in endings.CODES} | signals):
        assert re.search(rf"\b{code} [a-z]", shown), code


def test_without_its_extra_it_says_what_to_install(tmp_path: Path) -> None:
    for name in ("typer", "rich"):
        (tmp_path / f"{name}.py").write_text(f"raise ModuleNotFoundError(name={name!r})")
    paths = os.pathsep.join([str(tmp_path), str(ROOT), str(ROOT / "generated")])
    ended = subprocess.run(
        CLI,
        env=os.environ | {"PYTHONPATH": paths},
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    assert ended.returncode == 1 and "foxapi-video[cli]" in ended.stderr


@pytest.mark.parametrize("levels", [700, 100_000])
@pytest.mark.parametrize("command", ["create", "generate"])
@pytest.mark.parametrize("output", ["text", "json"])
def test_an_answer_nested_too_deeply_does_not_keep_the_id_from_being_told(
    levels: int, command: str, output: str, serve: Callable[..., FaultServer], run: Run
) -> None:
    server = serve(Behaviour("nested", nested(levels)))
    ended = run(command, *ARGUMENTS, "--output", output, url=server.url)
    assert ended.exit_code == endings.UNKNOWN and TASK_ID in ended.stderr
    assert server.accepted == len(server.requests) == 1
