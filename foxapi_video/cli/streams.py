"""The standard streams of a command, and what becomes of it when they can't be written."""

from __future__ import annotations

import errno
import io
import os
import sys
from pathlib import Path
from typing import Any, TextIO

from foxapi_video.errors import FoxAPIError


class StandardOutputError(FoxAPIError):
    """The result can't be printed. It is raised once; what is printed after it is dropped."""


def guard() -> None:
    """Have standard output end the command by StandardOutputError, and standard error never."""
    sys.stdout = _guarded(sys.stdout, is_result=True)
    sys.stderr = _guarded(sys.stderr, is_result=False)


def check_told() -> None:
    """See that something of a paid task can be told to somebody.

    Raises:
        StandardOutputError: Both streams were closed from the start.
    """
    if {getattr(stream, "name", None) for stream in (sys.stdout, sys.stderr)} == {os.devnull}:
        raise StandardOutputError("the id of the task could be told nowhere: nothing was sent")


def _guarded(stream: TextIO | None, *, is_result: bool) -> TextIO:
    if stream is None:  # it was closed before the start: one that can't be written
        stream = Path(os.devnull).open()  # noqa: SIM115
    if not isinstance(stream, io.TextIOWrapper):
        return stream
    return io.TextIOWrapper(
        _Guard(stream, is_result),
        stream.encoding,
        # What a terminal can't write is no reason to lose the id of a paid task.
        errors="backslashreplace",
        line_buffering=stream.line_buffering or not is_result,
    )


class _Guard(io.BufferedIOBase):
    """Below all that writes, be it rich, typer or a log.

    It keeps nothing back: a signal between a write and its note would have it written twice.
    """

    def __init__(self, stream: TextIO, is_result: bool) -> None:
        self.name = stream.name
        self._stream = stream  # which would be closed with its last reference
        self._raw: Any = getattr(stream.buffer, "raw", stream.buffer)
        self._is_result = is_result
        self._is_over = False

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        number: int = self._raw.fileno()
        return number

    def isatty(self) -> bool:
        return bool(self._raw.isatty())

    def write(self, data: Any) -> int:
        left = memoryview(data)
        try:
            while left and not self._is_over:
                written: int | None = self._raw.write(left)
                if written is None:
                    raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))
                left = left[written:]
        except OSError as error:
            if self._is_result:
                self._is_over = True
                reason = error.strerror or "it is closed"
                raise StandardOutputError(f"standard output can't be written: {reason}") from None
        return len(data)
