"""When the next create call may leave: the rate that is asked for, and what the service bears."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass

from foxapi_video.options import RetryPolicy, check_number
from foxapi_video.waiting import Polling

# A kill leaves as many outcomes unknown, at most, as create calls are on their way.
CREATING = 16
# Videos that are saved at once: more would share the same line, and time out together.
SAVING = 16
# All tasks of a batch together are not asked for more often than this.
QUERIES_A_SECOND = 10.0
# What a callback tells of is asked for then; else as seldom as this, since one may be lost.
_UNTOLD = Polling(shortest=300.0, longest=1200.0, growth=2.0)
# Between two create calls, once the service has said that they are too many.
_FIRST_SPACING, _LONGEST_SPACING = 0.1, 30.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """How much a batch does at once, and where it stops.

    Attributes:
        concurrency: Tasks in flight, at most.
        rate: Create calls a minute, at most; None for as many as the service takes.
        most: Create calls of this run, at most; None for all.
        max_failures: Stop creating once so many videos of this run failed; None for never.
        timeout: Seconds that a video is waited for; None for no limit. It stays in the ledger as
            running, and the next run goes on with it.
        creating: Create calls on their way at once, at most: as many outcomes may be unknown when
            the program is killed.
    """

    concurrency: int = 20
    rate: float | None = None
    most: int | None = None
    max_failures: int | None = None
    timeout: float | None = 86400.0
    creating: int = CREATING

    def __post_init__(self) -> None:
        for name in ("concurrency", "creating"):
            check_number(self, name, "from 1", lambda n: n >= 1, kind=int)
        for name in ("most", "max_failures"):
            if getattr(self, name) is not None:
                check_number(self, name, "from 1, or None", lambda n: n >= 1, kind=int)
        for name in ("rate", "timeout"):
            if getattr(self, name) is not None:
                check_number(self, name, "above 0, or None", lambda n: n > 0)


class Pace:
    """Lets create calls leave one by one. After a refusal for their number, all wait."""

    def __init__(
        self,
        rate: float | None,
        policy: RetryPolicy,
        clock: Callable[[], float],
        draw: Callable[[], float] = random.random,
    ) -> None:
        self._least = 60.0 / rate if rate else 0.0
        self._policy = policy
        self._clock = clock
        self._draw = draw
        self._spacing = 0.0
        self._next = 0.0
        self._slowed_at = -1.0
        self.refused = 0

    async def turn(self) -> float:
        """Wait until a call may leave, and say when that is."""
        while (now := self._clock()) < self._next:
            await asyncio.sleep(self._next - now)
        self._next = now + max(self._least, self._spacing)
        return now

    def slow(self, left_at: float, retry_after: float | None) -> None:
        """A call that left then was refused, for there are too many or the service is busy."""
        now = self._clock()
        if left_at > self._slowed_at:  # those that were on their way together count once
            self._slowed_at = now
            self.refused += 1
            spacing = max(_FIRST_SPACING, self._least, 2 * self._spacing)
            self._spacing = min(spacing, _LONGEST_SPACING)
        delay = self._policy.delay(self.refused - 1, retry_after, self._draw)
        self._next = max(self._next, now + delay)

    def went_well(self) -> None:
        """A call was accepted."""
        self.refused = 0
        self._spacing = 0.9 * self._spacing if self._spacing > _FIRST_SPACING / 2 else 0.0


def polling_of(given: Polling | None, in_flight: int, is_told: bool) -> Polling:
    """How often a task is asked for, while so many are in flight.

    Args:
        given: How often the user has said, or None.
        in_flight: How many there are.
        is_told: Whether a callback is expected.
    """
    if is_told:
        return _UNTOLD
    usual = given or Polling()
    share = in_flight / QUERIES_A_SECOND
    if given is not None or share <= usual.shortest:
        return usual
    # The first questions of a task are the closest: they are stretched, up to the longest wait.
    return Polling(shortest=min(share, usual.longest), longest=max(share, usual.longest))
