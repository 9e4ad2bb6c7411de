"""Standard output and standard error: what each is told, whatever reads or breaks them."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest

from contract_tests.faults.behaviours import GOOD, Behaviour, changed, nested, refusal
from contract_tests.faults.exchange import TASK_ID, VIDEO
from contract_tests.faults.server import FaultServer
from contract_tests.referees.samples import BODY
from contract_tests.tests.package.command_line.commands import (
    ARGUMENTS,
    BROKEN,
    LINK,
    WORKING,
    run_each,
    start,
)
from contract_tests.tests.package.conftest import Run
from foxapi_video.cli import endings


@pytest.mark.parametrize("script", [[], ["--output", "json"]], ids=["text", "json"])
@pytest.mark.parametrize("command", ["create", "generate"])
def test_the_id_of_a_created_task_is_told_at_once_on_standard_error(
    command: str, script: list[str], serve: Callable[..., FaultServer]
) -> None:
    """Whatever becomes of the wait, or of what reads standard output."""
    server = serve(GOOD, WORKING, endless=True)
    limit = ["--timeout", "20"] if command == "generate" else []
    with start(server.url, command, *ARGUMENTS, *script, *limit) as process:
        assert process.stderr is not None
        said = process.stderr.readline()
        process.kill()
    assert (json.loads(said) == {"task_id": TASK_ID}) if script else (TASK_ID in said)


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


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_what_a_terminal_can_t_write_is_escaped(
    encoding: str, serve: Callable[..., FaultServer]
) -> None:
    """Rather than that a paid task is lost to a UnicodeEncodeError."""
    link = "https://example.com/\u6f22.mp4"
    server = serve(GOOD, Behaviour("done", changed(status="completed", results=[{"url": link}])))
    terminal = {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    started = start(server.url, "generate", *ARGUMENTS, "--poll", "0.01", **terminal)
    with started as process:
        printed, said = process.communicate(timeout=20)
    assert process.returncode == 0, said
    assert printed.splitlines()[1] == "https://example.com/\\u6f22.mp4"


@pytest.mark.parametrize("how", BROKEN)
def test_no_trouble_of_standard_error_changes_what_a_command_does(
    how: str, serve: Callable[..., FaultServer]
) -> None:
    """A paid task is waited for and printed all the same, and nothing else is."""
    server = serve(GOOD, GOOD, Behaviour("402", refusal(402)))
    commands = [["generate", *ARGUMENTS, "--poll", "0.01"], ["create", *ARGUMENTS], ["get"]]
    assert run_each(server.url, commands, broken=f"2{how}") == [
        (0, f"{TASK_ID}  completed 100%\n{LINK}\n"),
        (endings.REFUSED, ""),
        (2, ""),
    ]


UNTOLD = [["generate", *ARGUMENTS, "--poll", "0.01", *more] for more in ([], ["--output", "json"])]


@pytest.fixture(scope="module", params=BROKEN)
def unprinted(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> list[tuple[list[str], int, str]]:
    """Commands whose standard output can't be written: their code and standard error."""
    body = tmp_path_factory.mktemp("unprinted") / "body.json"
    body.write_text(json.dumps(BODY))
    commands = [
        ["models"],
        ["models", BODY["model"], "--output", "json"],
        ["check", str(body)],
        ["get", "x", "--output", "json"],
        ["upload", str(body)],
        ["generate", "--help"],
        *UNTOLD,
    ]
    with FaultServer() as server:
        ended = run_each(server.url, commands, broken=f"1{request.param}")
    return [(words, *end) for words, end in zip(commands, ended, strict=True)]


def test_standard_output_that_can_t_be_written_is_one_line(
    unprinted: list[tuple[list[str], int, str]],
) -> None:
    for arguments, code, said in unprinted[: -len(UNTOLD)]:
        assert code == endings.OTHER and len(said.splitlines()) == 1, (arguments, said)
        if "json" in arguments:
            said = "error: " + json.loads(said)["error"]["message"]
        assert said.startswith("error: standard output can't be written: "), (arguments, said)


def test_a_task_that_can_t_be_printed_is_told_on_standard_error(
    unprinted: list[tuple[list[str], int, str]],
) -> None:
    """A reader that went away, as head does, takes no paid task with it."""
    told = unprinted[-len(UNTOLD) :]
    for _, code, said in told:
        assert code == endings.OTHER and TASK_ID in said.splitlines()[0]
        assert "Traceback" not in said
    text, script = (said for _, _, said in told)
    assert f"go on with: foxapi-video wait {TASK_ID}" in text and LINK in text
    error = json.loads(script.splitlines()[1])["error"]
    assert error["task_id"] == TASK_ID and error["url"] == LINK


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


@pytest.mark.parametrize("command", ["create", "generate"])
def test_nothing_is_paid_for_that_could_be_told_nowhere(
    command: str, serve: Callable[..., FaultServer]
) -> None:
    server = serve()
    with start(server.url, command, *ARGUMENTS, broken=">&- 2>&-") as process:
        process.communicate(timeout=20)
    assert process.returncode == endings.OTHER and server.requests == []
