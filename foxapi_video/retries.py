"""When a call is sent again, and after how long. Nothing here sends or sleeps.

A create call costs money, so it has a rule of its own: it goes out again only when the server
certainly did not accept it. Every other call may be repeated freely.
"""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING

from attrs import field, frozen, validators

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

# Redirects that say nothing was done. 303 says that something was.
_MOVED = frozenset({301, 302, 307, 308})
_TRANSIENT = frozenset({408, 425, 429})


@frozen
class RetryPolicy:
    """How often and how patiently a call is sent again.

    Attributes:
        retries: How many times at most after the first.
        first_delay: Seconds that the first wait takes at most; each next one may take double.
        longest_delay: Seconds that such a wait takes at most.
        longest_retry_after: Seconds that a Retry-After of the server is obeyed at most.
    """

    retries: int = field(default=4, validator=validators.ge(0))
    first_delay: float = field(default=0.5, validator=validators.ge(0))
    longest_delay: float = field(default=8.0, validator=validators.ge(0))
    longest_retry_after: float = field(default=60.0, validator=validators.ge(0))

    def delay(
        self,
        attempt: int,
        retry_after: float | None = None,
        draw: Callable[[], float] = random.random,
    ) -> float:
        """Seconds to wait after an attempt, by exponential backoff with full jitter.

        Args:
            attempt: The number of the attempt that failed, from 0.
            retry_after: Seconds that the server asked for; it is waited for at least that long, up
                to the limit.
            draw: A number from 0 to 1, by chance.
        """
        most = min(self.longest_delay, self.first_delay * 2.0 ** min(attempt, 60))
        backoff = draw() * most
        if retry_after is None:
            return backoff
        # Those who were sent away together come back apart.
        return min(retry_after, self.longest_retry_after) + min(backoff, 1.0)


def certainly_refused(status: int, retry_after: float | None) -> bool:
    """Whether an answer shows that a create call was not accepted, so that nothing is paid for."""
    if status == 503:
        return retry_after is not None
    return status in _MOVED or (400 <= status < 500 and status != 408)


def may_resend_create(status: int, retry_after: float | None) -> bool:
    """Whether a create call may be sent again after an answer."""
    return status == 429 or (status == 503 and retry_after is not None)


def may_resend(status: int) -> bool:
    """Whether a call that costs nothing may be sent again after an answer."""
    return status in _TRANSIENT or status >= 500


def retry_after(headers: Mapping[str, str], now: Callable[[], float] = time.time) -> float | None:
    """Seconds that a Retry-After header asks for, given as seconds or as a date; None without one.

    Args:
        headers: The headers of an answer.
        now: Seconds since 1970.
    """
    value = headers.get("retry-after", "").strip()
    if value.isascii() and value.isdigit():
        return float(value[:12])
    if not value or len(value) > 64:
        return None
    from datetime import UTC
    from email.utils import parsedate_to_datetime

    try:
        date = parsedate_to_datetime(value)
        return max(0.0, (date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp() - now())
    except (ValueError, OverflowError, TypeError):
        return None
