"""Hold a blocking call to its deadline.

httpx limits the wait for each part of an answer, so a server that sends a byte now and then holds
a blocking call for ever. Here each wait is also limited to what is left of the call as a whole, on
the connections that this package makes. Async calls have a deadline of asyncio.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Generator
from contextlib import contextmanager


class _Clock(threading.local):
    """When the call that this thread is in has to be over, in seconds of time.monotonic."""

    ends_at: float | None = None


_clock = _Clock()


@contextmanager
def deadline(seconds: float | None) -> Generator[None]:
    """Limit what this thread reads and writes inside to that many seconds in all."""
    before = _clock.ends_at
    _clock.ends_at = None if seconds is None else time.monotonic() + seconds
    try:
        yield
    finally:
        _clock.ends_at = before


def renew(seconds: float | None) -> None:
    """Have the deadline of this thread be that many seconds from now."""
    _clock.ends_at = None if seconds is None else time.monotonic() + seconds


def left(timeout: float | None) -> float | None:
    """The timeout, or what is left of the call as a whole where that is less."""
    if _clock.ends_at is None:
        return timeout
    seconds = _clock.ends_at - time.monotonic()
    return seconds if timeout is None else min(timeout, seconds)
