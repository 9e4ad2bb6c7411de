"""A signal ends a command at once, whatever it is doing, and loses no task that is paid for."""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from contract_tests.faults.behaviours import GOOD, Behaviour, names_and_hangs, silence
from contract_tests.faults.exchange import TASK_ID, Exchange
from contract_tests.faults.lasting import LastingServer
from contract_tests.faults.server import FaultServer
from contract_tests.tests.package.command_line.commands import ARGUMENTS, WORKING, run_each, start
from contract_tests.tests.package.conftest import Run
from foxapi_video.attempts import Attempt
from foxapi_video.cli import endings


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    """A command that a signal ended ignores further ones, as nothing comes after it."""
    before = {number: signal.getsignal(number) for number in endings.SIGNALS}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", endings.SIGNALS, ids=lambda number: number.name)
def test_a_signal_that_interrupts_no_wait_is_heard_all_the_same(number: signal.Signals) -> None:
    """The system may hand a signal to another thread, or before the wait: neither ends the wait."""
    here, there = socket.socketpair()

    def elsewhere() -> None:
        there.recv(1)
        signal.pthread_kill(threading.get_ident(), number)

    thread = threading.Thread(target=elsewhere)
    thread.start()
    here.settimeout(20)
    with here, there:
        with pytest.raises(typer.Exit) as ended, endings.ending(endings.Output.TEXT):
            here.sendall(b".")
            here.recv(1)
        assert ended.value.exit_code == 128 + number
        thread.join()


@pytest.mark.parametrize("number", endings.SIGNALS, ids=lambda number: number.name)
def test_a_signal_before_a_command_does_anything_has_its_code(
    number: signal.Signals, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It comes in the moment between hearing signals and the command itself."""
    heard = endings._heard

    def at_once(caught: list[signal.Signals]) -> Any:
        signal.raise_signal(number)
        return heard(caught)

    monkeypatch.setattr(endings, "_heard", at_once)
    with pytest.raises(typer.Exit) as ended, endings.ending(endings.Output.TEXT):
        pass
    assert ended.value.exit_code == 128 + number


def test_a_signal_outside_of_a_command_has_its_code() -> None:
    """typer takes Ctrl-C for itself, and would end all of them as that."""
    interrupted = """
from foxapi_video.cli import endings
def interrupt(*_, **__):
    raise endings.Interrupted(int(sys.argv[-1]))
app.ending = interrupt
"""
    commands = [["get", str(int(number))] for number in endings.SIGNALS]
    ended = run_each("http://127.0.0.1:9", commands, broken="1>/dev/null", prepared=interrupted)
    for number, (code, said) in zip(endings.SIGNALS, ended, strict=True):
        assert code == 128 + number and "Traceback" not in said, (number.name, said)


@pytest.mark.parametrize("module", ["httpcore", "typer", "foxapi_video.client"])
def test_ctrl_c_while_it_is_loaded_leaves_no_traceback(module: str) -> None:
    program = f"""
import sys
class Interrupts:
    def find_spec(self, name, *_):
        if name == {module!r}:
            raise KeyboardInterrupt
sys.meta_path.insert(0, Interrupts())
from foxapi_video.cli import main
main()
"""
    words = [sys.executable, "-c", program]
    with start("http://127.0.0.1:9", "get", "x", program=words) as process:
        printed, said = process.communicate(timeout=20)
    assert (process.returncode, printed, said) == (128 + signal.SIGINT, "", "")


def test_a_command_leaves_the_signals_as_it_found_them() -> None:
    threads, handlers = threading.active_count(), [signal.getsignal(n) for n in endings.SIGNALS]
    with endings.ending(endings.Output.TEXT):
        assert [signal.getsignal(number) for number in endings.SIGNALS] != handlers
    assert [signal.getsignal(number) for number in endings.SIGNALS] == handlers
    assert signal.set_wakeup_fd(-1) == -1 and threading.active_count() == threads


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


@pytest.mark.parametrize("number", endings.SIGNALS, ids=lambda number: number.name)
@pytest.mark.parametrize("script", [[], ["--output", "json"]], ids=["text", "json"])
def test_a_signal_prints_the_task_to_go_on_with(
    number: signal.Signals, script: list[str], serve: Callable[..., FaultServer]
) -> None:
    server = serve(GOOD, WORKING, endless=True)
    options = [*script, "--poll", "0.01", "--timeout", "20"]
    with start(server.url, "generate", *ARGUMENTS, *options) as process:
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
    reached = threading.Event()

    def act(exchange: Exchange) -> None:
        reached.set()
        silence(exchange)

    server = serve(Behaviour("silence", act), endless=True)
    for script in ([], ["--output", "json"]):
        reached.clear()
        with start(server.url, "create", *ARGUMENTS, *script) as process:
            assert reached.wait(20)
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
        start(server.url, "wait", "t", "--poll", "0.01", "--download", str(target)) as process,
    ):
        while not list(tmp_path.iterdir()):
            assert process.poll() is None and not over.wait(0.01)
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
        with start(server.url, "generate", *ARGUMENTS, "--poll", "0.01") as process:
            assert process.stderr is not None and TASK_ID in process.stderr.readline()
            process.send_signal(signal.SIGHUP)
            printed, _ = process.communicate(timeout=20)
    finally:
        signal.signal(signal.SIGHUP, before)
    assert process.returncode == 0 and "completed" in printed


def test_a_signal_ends_as_it_does_without_standard_error(tmp_path: Path) -> None:
    over = threading.Event()
    download = ["--download", str(tmp_path / "out.mp4")]
    with (
        LastingServer(pace=lambda what: what == "part" and over.wait(20)) as server,
        start(server.url, "wait", "t", *download, broken="2>/dev/full") as process,
    ):
        while not list(tmp_path.iterdir()):
            assert process.poll() is None and not over.wait(0.01)
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
    with start(server.url, *words, broken=shown_on, TERM="xterm") as process:
        os.read(master, 1)
        os.close(terminal)
        os.close(master)
        process.send_signal(signal.SIGHUP)
        printed, _ = process.communicate(timeout=20)
    assert process.returncode == 128 + signal.SIGHUP and printed == ""
