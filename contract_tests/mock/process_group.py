"""Processes that end with the one that started them, however that ends."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Any, Self

# It reads until whoever holds the other end is gone, killed or not, and then ends its whole group.
_WATCH = ["sh", "-c", "read -r _; kill -KILL 0"]


class ProcessGroup:
    """Commands in a group of their own. All of it ends with the context, or with this process.

    A watcher leads the group and reads a pipe that only this process holds open: the system closes
    it when this process is killed too, so nothing that was started stays behind.
    """

    def __enter__(self) -> Self:
        self._watcher = subprocess.Popen(
            _WATCH,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            process_group=0,
        )
        self._started: list[subprocess.Popen[bytes]] = []
        return self

    @property
    def id(self) -> int:
        """The id of the group, for programs that start a process by themselves."""
        return self._watcher.pid

    def start(
        self, command: list[str], output: Path | None = None, **options: Any
    ) -> subprocess.Popen[bytes]:
        """Start a command without input in this group.

        Args:
            command: The program and its arguments.
            output: The file that all its output goes to; nowhere when left out.
            options: Further arguments of `subprocess.Popen`.

        Raises:
            OSError: There is no such program.
        """
        with output.open("wb") if output else contextlib.nullcontext() as log:
            started = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log or subprocess.DEVNULL,
                stderr=subprocess.STDOUT,
                process_group=self.id,
                **options,
            )
        self._started.append(started)
        return started

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        # The watcher is not waited for yet, so its id still is the group's and nobody else's.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.id, signal.SIGKILL)
        for process in (*self._started, self._watcher):
            process.wait()
        if self._watcher.stdin:
            self._watcher.stdin.close()
