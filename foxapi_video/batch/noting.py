"""What noting a line of the input comes to: the rule, for every ledger."""

from __future__ import annotations

import os
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from foxapi_video.batch.ledger import Noted, State, file_of
from foxapi_video.batch.lines import Line
from foxapi_video.violations import Violation


@dataclass(frozen=True, slots=True)
class Known:
    """The video that has the name of a line already.

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


def counts(
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
            problem = f"{file} is there already, and this batch has not made it"
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
