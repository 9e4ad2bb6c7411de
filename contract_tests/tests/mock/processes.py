"""The processes of a mock, as a test ends them and sees them end."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable

from contract_tests.mock.prism import Prism


def kill(prism: Prism) -> None:
    """End a Prism as a crash would."""
    killed = prism.pid
    os.kill(killed, signal.SIGKILL)
    wait_until(lambda: not is_running(killed), "Prism is gone")


def is_running(pid: int) -> bool:
    """Whether there is such a process, and it has not ended."""
    listed = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True)
    return bool(listed.stdout.strip()) and not listed.stdout.startswith("Z")


def wait_until(holds: Callable[[], bool], what: str) -> None:
    """Wait for what comes true in its own time, and fail where it never does."""
    deadline = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < deadline, f"still waiting until {what}"
        time.sleep(0.05)
