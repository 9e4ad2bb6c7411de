"""What a ledger of a batch is: the only truth about which video was sent, and what became of it.

Each video goes ready -> sending -> running -> completed, failed or cancelled -> saved. "sending" is
on the disk before the request leaves, so whoever finds a video there after a crash knows that it
may have been accepted: it becomes unknown, and is never sent again by itself.
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeAlias

from foxapi_video.errors import LedgerError
from foxapi_video.violations import Violation

if TYPE_CHECKING:
    from foxapi_video.batch.lines import Line

State: TypeAlias = Literal[
    "ready", "sending", "running", "completed", "failed", "cancelled", "saved", "unknown"
]
STATES: tuple[State, ...] = (
    "ready",
    "sending",
    "running",
    "completed",
    "failed",
    "cancelled",
    "saved",
    "unknown",
)
# All videos, those of the latest input, or those that it has no more.
Part: TypeAlias = Literal["all", "input", "gone"]
# From where a video may come to a state.
BEFORE: dict[State, tuple[State, ...]] = {
    # Refused without being paid for; tried again or settled by people.
    "ready": ("sending", "failed", "cancelled", "unknown", "running"),
    "sending": ("ready",),
    "running": ("sending", "running", "unknown"),
    "completed": ("running", "completed"),
    "failed": ("running", "sending", "completed"),
    "cancelled": ("running", "completed"),
    "saved": ("completed",),
    "unknown": ("sending", "running"),
}
# What people may settle once they have said something of it: all but what is on its way or saved.
_SETTLED: tuple[State, ...] = ("ready", "running", "completed", "failed", "cancelled", "unknown")
# What is wrong with a video that was being sent when its sender died.
INTERRUPTED = {
    "type": "Interrupted",
    "message": "the program ended while the create call was on its way",
}


def before_of(to: State, facts: dict[str, Any]) -> tuple[State, ...]:
    """From where a video may come to a state with these facts."""
    if facts.get("settled"):
        return _SETTLED
    if to == "completed" and "path" in facts:  # its file is gone: it is to be saved once more
        return ("saved",)
    return BEFORE[to]


class TaskTakenError(LedgerError):
    """The id of a task is another video's."""


class MovedError(LedgerError):
    """A video is not where it could come from: somebody else has it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Video:
    """A video as the ledger has it.

    Attributes:
        number: Its number in the ledger.
        custom_id: What it is called, which also names its file.
        body: The request, as JSON text.
        state: Where it stands.
        input: The number of the last input that had it.
        position: Its line there.
        task_id: Its task, or None.
        sent_at: When its request left last, in Unix seconds, or None.
        ended_at: When it was seen to have ended, in Unix seconds, or None.
        url: The link to its result as it was told last, or None.
        path: The name of its file in the folder, or None.
        size: How many bytes that had when it was saved last, or None.
        settled: Whether people have said what became of it since it was sent last.
        credits: The credits that the service told of its task, or None.
        error: What went wrong last: `type`, `message` and perhaps `code`; or None.
    """

    number: int
    custom_id: str
    body: str = field(repr=False)
    state: State
    input: int
    position: int
    task_id: str | None = None
    sent_at: float | None = None
    ended_at: float | None = None
    url: str | None = None
    path: str | None = None
    size: int | None = None
    settled: bool = False
    credits: float | None = None
    error: dict[str, Any] | None = None


@dataclass(slots=True)
class Noted:
    """What an input was found to hold, beside what the ledger had.

    Attributes:
        lines: Its lines.
        new: Those that the ledger did not have.
        duplicates: Those that were left out since they are equal to an earlier line.
        gone: Videos that the ledger has and the input does not; they are not created.
        gone_ids: What the first of them are called.
    """

    lines: int = 0
    new: int = 0
    duplicates: int = 0
    gone: int = 0
    gone_ids: tuple[str, ...] = ()


class Ledger(Protocol):
    """Where videos are noted down. What it says it has done is durable."""

    async def begin_input(self) -> None:
        """Begin to note the lines of an input. Until it ends, nothing of it counts."""
        ...

    async def note(self, lines: Sequence[Line], *, unique: bool) -> list[Violation]:
        """Note lines of the input, and give what is wrong with them."""
        ...

    async def end_input(self, *, keep: bool) -> Noted:
        """Let all of the input count, or nothing of it."""
        ...

    async def abandoned(self) -> int:
        """Make unknown what was being sent when its sender died; how many these are."""
        ...

    async def is_left(self) -> bool:
        """Whether whoever worked with it last is gone, as far as that can be told."""
        ...

    async def page(
        self, *states: State, after: int = 0, of: Part = "all", size: int = 200
    ) -> list[Video]:
        """The next videos in these states, after that number or, of the input, position."""
        ...

    async def find(self, custom_id: str) -> Video | None:
        """The video of that name."""
        ...

    async def move(self, video: Video, to: State, **facts: Any) -> Video:
        """Note where a video stands now, and what is known of it.

        Raises:
            MovedError: It is not where it could come from.
            TaskTakenError: Its task is another video's.
            LedgerError: It can't be noted.
        """
        ...

    async def again(self, *states: State) -> int:
        """Make ready what is in these states, to be created once more; how many these are."""
        ...

    async def counts(self) -> tuple[dict[State, int], float | None]:
        """How many videos are in each state, and the credits that the service told of all."""
        ...

    async def close(self) -> None:
        """Be done with it."""
        ...


async def each(ledger: Ledger, *states: State, of: Part = "all") -> AsyncIterator[Video]:
    """The videos in these states, page by page, each once: of an input in its order."""
    after = 0
    while page := await ledger.page(*states, after=after, of=of):
        for video in page:
            yield video
        after = page[-1].position if of == "input" else page[-1].number


def file_of(custom_id: str) -> str:
    """The name of a video's file."""
    return f"{custom_id}.mp4"


def more_of(folder: Path, custom_id: str, number: int) -> Path:
    """Where a further result of a task is saved: no video's own file is there."""
    return folder / f"{custom_id}.more" / f"{number}.mp4"


@dataclass(frozen=True, slots=True)
class Known:
    """The video that has the name of a line of the input already.

    Attributes:
        number: Its number in the ledger.
        custom_id: What it is called.
        digest: As of its line.
        state: Where it stands.
        position: Its line in the last input that had it.
        task_id: Its task, or None.
        is_of_input: Whether that is an earlier line of the same input.
    """

    number: int
    custom_id: str
    digest: str
    state: State
    position: int
    task_id: str | None
    is_of_input: bool


def id_of(line: Line, before: int) -> str:
    """What a line is called, after so many equal ones that have no id of their own."""
    if line.custom_id is not None:
        return line.custom_id
    return f"{line.digest}-{before + 1}" if before else line.digest


def name_of(custom_id: str) -> str:
    """The same for ids whose files some system takes for one."""
    return unicodedata.normalize("NFC", custom_id).casefold()


def is_to_note(
    line: Line, custom_id: str, known: Known | None, folder: Path, *, unique: bool, noted: Noted
) -> Violation | bool:
    """Whether a line is to be noted, or what is wrong with it.

    Args:
        line: The line.
        custom_id: What it is called.
        known: What has its name already.
        folder: Where its video is to be.
        unique: Whether a line that is equal to an earlier one is left out.
        noted: What the input was found to hold so far; the line is counted there.
    """
    noted.lines += 1
    if known is None:
        file = folder / file_of(custom_id)
        if os.path.lexists(file):
            problem = f"{file} is there already, and this batch has not made it: move it away"
            return Violation("custom_id", "an id of its own", custom_id, None, problem)
        noted.new += 1
        return True
    of = known.custom_id
    if known.is_of_input or of != custom_id:
        if unique and of == custom_id and known.digest == line.digest:
            noted.duplicates += 1
            return False
        where = f"of line {known.position}" if known.is_of_input else "of an earlier input"
        problem = f"{custom_id!r} names the same file as {of!r} {where}"
        return Violation("custom_id", "an id of its own", custom_id, None, problem)
    if known.digest != line.digest and known.state != "ready":
        sent = f"as task {known.task_id}" if known.task_id else "already"
        problem = f"{custom_id!r} was sent {sent} with another request: give this one a new id"
        return Violation("custom_id", "a new id", custom_id, None, problem)
    return True
