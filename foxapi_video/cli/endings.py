"""How a command ends: its exit code, and what it says on standard error."""

from __future__ import annotations

import json
import math
import re
import shlex
import signal
import socket
import sys
import threading
from collections.abc import Generator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from types import FrameType
from typing import Any

import typer

from foxapi_video import errors
from foxapi_video.json_values import is_list, is_object
from foxapi_video.tasks import Task, readable

# Documented in the README, and by `foxapi-video --help`.
OTHER, INVALID, FAILED, LATE, UNKNOWN, REFUSED, UNREACHED = 1, 3, 4, 5, 6, 7, 8
# Each ends the program with 128 and its number, as shells tell it.
SIGNALS = [
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
]
CODES: list[tuple[type[errors.FoxAPIError], int]] = [
    (errors.InvalidRequest, INVALID),
    (errors.TaskFailed, FAILED),
    (errors.TaskTimeout, LATE),
    (errors.OutcomeUnknown, UNKNOWN),
    (errors.APIStatusError, REFUSED),
    (errors.APIConnectionError, UNREACHED),
    (errors.FoxAPIError, OTHER),
]
HELP = (
    "Exit codes: 0 done, 1 another error, 2 wrong usage, 3 the request is not valid, 4 the task "
    "failed or was cancelled, 5 it did not end in time, 6 it is unknown whether a create call was "
    "accepted, 7 the server refused, 8 no answer came, 129 ended by SIGHUP, 130 interrupted, "
    "143 ended by SIGTERM."
)


# Words of Python that errors of the package say, and what stands for them on the command line.
_WORDS = (
    (re.compile(r"\bwait for it first, with tasks\.wait\('([^']*)'\)"), r"foxapi-video wait \1"),
    (re.compile(r"\btasks\.wait\('([^']*)'\) waits"), r"foxapi-video wait \1 waits"),
    (re.compile(r"\boverwrite=True\b"), "--overwrite"),
    (re.compile(r"\bpass api_key, or set\b"), "set"),
    (re.compile(r"\bsee base_url and\b"), "see"),
    (re.compile(r"; allow_internal=True lets it pass"), ""),
    (re.compile(r"\bextra_body=.*, or (?=--extra)"), ""),
    (re.compile(r"\bin the request and in extra_body\b"), "in the request and in --extra"),
    (re.compile(r"\bcheck=False, or "), ""),
    (re.compile(r"\btimeout=(\S+) seconds: raise it if that is too short"), r"\1 seconds"),
    (
        re.compile(r"\bfor a file of this machine pass a pathlib\.Path"),
        "the field's own option takes a file of this machine",
    ),
)


class Output(StrEnum):
    """What is printed: words for people, or JSON for scripts."""

    TEXT = "text"
    JSON = "json"


class Watched:
    """The task that a command is about, to tell its id whatever happens.

    Attributes:
        task: How it last stood, or None.
        task_id: Its id, or None where it is still to be created.
        is_paying: Whether a create call is under way, or was.
        options: What else to go on with: where to save the video.
        go_on: The command to go on with, where that is no wait for one task.
    """

    def __init__(self, output: Output, task_id: str | None = None) -> None:
        self.task: Task | None = None
        self.task_id = task_id
        self.is_paying = False
        self.options: list[str] = []
        self.go_on: list[str] = []
        self._output = output

    def saw(self, task: Task) -> None:
        """Note how the task stands; say the id of one that was created before anything else."""
        is_new = self.task_id is None
        self.task, self.task_id = task, task.id
        if is_new:
            line = as_json({"task_id": task.id}) if self._output is Output.JSON else None
            print(line or f"created {task.id}", file=sys.stderr, flush=True)

    def saves(self, download: Path | None, overwrite: bool) -> None:
        """Note where the video is to be saved."""
        if download is not None:
            self.options = ["--download", str(download), *["--overwrite"] * overwrite]

    @property
    def urls(self) -> list[str]:
        """The links of the task, once it is complete."""
        return self.task.urls if self.task and self.task.status == "completed" else []


class Interrupted(BaseException):
    """A signal that ends the program. It is no KeyboardInterrupt: typer would end that its way."""

    def __init__(self, number: int) -> None:
        self.signal = signal.Signals(number)
        super().__init__(self.signal.name)


@contextmanager
def _interruptible() -> Generator[None]:
    """Have the first signal that ends the program raise Interrupted; the end takes a moment."""

    def interrupt(number: int, frame: FrameType | None) -> None:
        for each in SIGNALS:
            signal.signal(each, signal.SIG_IGN)
        raise Interrupted(number)

    # What is ignored stays ignored: nohup and shells mean it.
    before = {each: signal.getsignal(each) for each in SIGNALS}
    caught = [each for each in SIGNALS if before[each] not in (signal.SIG_IGN, None)]
    if threading.current_thread() is not threading.main_thread():
        caught = []  # signals are not this thread's
    for each in caught:
        signal.signal(each, interrupt)
    try:
        with _heard(caught):
            yield
    finally:
        for each in caught:
            if signal.getsignal(each) is interrupt:
                signal.signal(each, before[each])


@contextmanager
def _heard(caught: list[signal.Signals]) -> Generator[None]:
    """Send a signal again until it is handled.

    Python handles a signal between two steps of the main thread. One that comes after the last
    step before a wait does not end the wait, and would be handled when the wait is over.
    """
    if not caught or not hasattr(signal, "pthread_kill"):
        yield
        return
    main, is_over = threading.get_ident(), threading.Event()
    reader, writer = socket.socketpair()
    writer.setblocking(False)

    def listen() -> None:
        while number := reader.recv(1):  # each signal that came, as the system tells it
            while number[0] in caught and not is_over.wait(0.05):
                if signal.getsignal(number[0]) is signal.SIG_IGN:
                    break  # handled
                signal.pthread_kill(main, number[0])

    thread = threading.Thread(target=listen, daemon=True)
    before = signal.set_wakeup_fd(writer.fileno(), warn_on_full_buffer=False)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        signal.set_wakeup_fd(before)
        writer.close()
        thread.join()
        reader.close()


@contextmanager
def ending(output: Output, watched: Watched | None = None) -> Generator[Watched]:
    """End the command as its errors and signals say."""
    # In this order, so that a signal in a moment before or after the command is told as well.
    with _exit(output, watched or Watched(output)) as shown, _interruptible():
        yield shown


@contextmanager
def _exit(output: Output, watched: Watched) -> Generator[Watched]:
    try:
        yield watched
        sys.stdout.flush()
    except errors.FoxAPIError as error:
        code = next(code for kind, code in CODES if isinstance(error, kind))
        lines = [*_in_commands(str(error)).splitlines(), *_resume(error, watched)]
        _say(output, _as_data(error, watched), lines)
        raise typer.Exit(code) from None
    except Interrupted as error:
        is_ctrl_c = error.signal is signal.SIGINT
        lines = ["interrupted" if is_ctrl_c else f"ended by {error.signal.name}"]
        notes = getattr(error, "__notes__", None)
        lines += map(_in_commands, notes) if notes else _perhaps_paid(watched)
        lines += _resume(error, watched)
        kind = "KeyboardInterrupt" if is_ctrl_c else error.signal.name
        data = _plain(kind, "\n".join(lines), watched)
        data["task_id"] = getattr(error, "task_id", None) or watched.task_id
        _say(output, data, lines)
        raise typer.Exit(128 + error.signal) from None


def say_wrong_usage(kind: str, message: str) -> None:
    """Tell scripts what is wrong with the words of a command."""
    _say(Output.JSON, _plain(kind, message, Watched(Output.JSON)), [])


def _in_commands(text: str) -> str:
    """What an error says, in the words of the command line."""
    for words, others in _WORDS:
        text = words.sub(others, text)
    return text


def _resume(error: BaseException, watched: Watched) -> list[str]:
    """How to go on waiting, where there is a task that goes on."""
    if watched.go_on:
        return [f"go on with: {shlex.join(watched.go_on)}"]
    task_id = getattr(error, "task_id", None) or watched.task_id
    if task_id is None or isinstance(error, errors.TaskFailed | errors.NotFoundError):
        return []
    words = [task_id, *watched.options]
    if task_id.startswith("-"):
        words = [*watched.options, "--", task_id]
    links = [f"its link is valid for 24 hours: {readable(url, 4096)}" for url in watched.urls]
    return [*links, f"go on with: foxapi-video wait {shlex.join(words)}"]


def _perhaps_paid(watched: Watched) -> list[str]:
    if watched.is_paying and watched.task_id is None:
        return ["a create call was under way: it may have been accepted, and so be paid for"]
    return []


def _plain(kind: str, message: str, watched: Watched) -> dict[str, Any]:
    data = {"type": kind, "message": message, "task_id": watched.task_id}
    return data | ({"url": watched.urls[0]} if watched.urls else {})


def _as_data(error: errors.FoxAPIError, watched: Watched) -> dict[str, Any]:
    data = _plain(type(error).__name__, _in_commands(str(error)), watched)
    data["task_id"] = error.task_id or watched.task_id
    if isinstance(error, errors.InvalidRequest):
        data["violations"] = [
            {"field": v.field, "allowed": v.allowed, "given": v.given, "page": v.page}
            for v in error.violations
        ]
    if isinstance(error, errors.APIStatusError):
        data |= {"status": error.status, "code": error.code}
    return data


def _say(output: Output, data: dict[str, Any], lines: list[str]) -> None:
    if output is Output.JSON:
        print(as_json({"error": data}), file=sys.stderr)
        return
    print(f"error: {lines[0]}", file=sys.stderr)
    for line in lines[1:]:
        print(line, file=sys.stderr)


def as_json(value: Any) -> str:
    """The value as JSON, also where a server sent NaN or an infinite number: those are null."""
    try:
        return json.dumps(value, allow_nan=False, default=str)
    except ValueError:
        return json.dumps(_finite(value), allow_nan=False, default=str)


def _finite(value: Any) -> Any:
    if is_object(value):
        return {name: _finite(member) for name, member in value.items()}
    if is_list(value):
        return [_finite(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
