"""How a command ends: its exit code, and what it says on standard error."""

from __future__ import annotations

import json
import sys
from collections.abc import Generator
from contextlib import contextmanager
from enum import StrEnum
from typing import Any

import typer

from foxapi_video import errors
from foxapi_video.tasks import Task

# Documented in the README, and by `foxapi-video --help`.
OTHER, INVALID, FAILED, LATE, UNKNOWN, REFUSED, UNREACHED, INTERRUPTED = 1, 3, 4, 5, 6, 7, 8, 130
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
    "accepted, 7 the server refused, 8 no answer came, 130 interrupted."
)


class Output(StrEnum):
    """What is printed: words for people, or JSON for scripts."""

    TEXT = "text"
    JSON = "json"


class Watched:
    """The task that a command is about, to tell its id whatever happens."""

    def __init__(self) -> None:
        self.task: Task | None = None
        self.task_id: str | None = None

    def saw(self, task: Task) -> None:
        """Note how the task stands."""
        self.task, self.task_id = task, task.id


@contextmanager
def ending(output: Output, watched: Watched | None = None) -> Generator[Watched]:
    """End the command as its errors say."""
    watched = watched or Watched()
    try:
        yield watched
    except errors.FoxAPIError as error:
        code = next(code for kind, code in CODES if isinstance(error, kind))
        _say(output, _told(error, watched), [*str(error).splitlines(), *_resume(error, watched)])
        raise typer.Exit(code) from None
    except KeyboardInterrupt as error:
        lines = ["interrupted", *getattr(error, "__notes__", [])]
        told = _plain("KeyboardInterrupt", "\n".join(lines), watched)
        _say(output, told, [*lines, *_resume(error, watched)])
        raise typer.Exit(INTERRUPTED) from None
    except typer.BadParameter as error:
        if output is not Output.JSON:
            raise
        _say(output, _plain("BadParameter", error.message, watched), [])
        raise typer.Exit(error.exit_code) from None
    except OSError as error:  # what was to be printed could not be
        if watched.task_id is None:
            raise
        lines = [f"can't print the task: {error.strerror}", f"the task is {watched.task_id}"]
        _say(output, _plain(type(error).__name__, lines[0], watched), lines)
        raise


def _resume(error: BaseException, watched: Watched) -> list[str]:
    """How to go on waiting, where there is a task that goes on."""
    task_id = getattr(error, "task_id", None) or watched.task_id
    if task_id is None or isinstance(error, errors.TaskFailed | errors.NotFoundError):
        return []
    if watched.task is not None and watched.task.is_final:
        return [f"the task is {task_id}"]
    return [f"go on with: foxapi-video wait {task_id}"]


def _plain(kind: str, message: str, watched: Watched) -> dict[str, Any]:
    return {"type": kind, "message": message, "task_id": watched.task_id}


def _told(error: errors.FoxAPIError, watched: Watched) -> dict[str, Any]:
    told = _plain(type(error).__name__, str(error), watched)
    told["task_id"] = error.task_id or watched.task_id
    if isinstance(error, errors.InvalidRequest):
        told["violations"] = [
            {"field": v.field, "allowed": v.allowed, "given": v.given, "page": v.page}
            for v in error.violations
        ]
    if isinstance(error, errors.APIStatusError):
        told |= {"status": error.status, "code": error.code}
    return told


def _say(output: Output, told: dict[str, Any], lines: list[str]) -> None:
    if output is Output.JSON:
        print(json.dumps({"error": told}, default=str), file=sys.stderr)
        return
    print(f"error: {lines[0]}", file=sys.stderr)
    for line in lines[1:]:
        print(line, file=sys.stderr)
