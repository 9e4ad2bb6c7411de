"""When a call is sent again, and after how long. Nothing here sends or sleeps.

A create call costs money, so it has a rule of its own: it goes out again only when the server
certainly did not accept it. Every other call may be repeated freely.
"""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from foxapi_video.json_values import is_object, member
from foxapi_video.options import check_flag, check_number

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

# What whoever answers so has not passed on: no key, no way through the proxy, too large to be read.
_NOT_TAKEN = frozenset({401, 407, 413, 414, 431})
_TRANSIENT = frozenset({408, 425, 429})


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often and how patiently a call is sent again.

    Attributes:
        retries: How many times at most after the first.
        first_delay: Seconds that the first wait takes at most; each next one may take double.
        longest_delay: Seconds that such a wait takes at most.
        longest_retry_after: Seconds that a Retry-After of the server is obeyed at most.
        trust_proxy: Whether a 429 and a 503 that are not in the API's words (a page, nothing)
            come from a proxy that has not passed the call on. Then a create call is sent again
            after them, with or without a Retry-After. Only for those who know it of their proxy:
            many answer so after the API has accepted, and then each sending is paid for.
    """

    retries: int = 4
    first_delay: float = 0.5
    longest_delay: float = 8.0
    longest_retry_after: float = 60.0
    trust_proxy: bool = False

    def __post_init__(self) -> None:
        check_number(self, "retries", "from 0", lambda n: n >= 0, kind=int)
        for name in ("first_delay", "longest_delay", "longest_retry_after"):
            check_number(self, name, "from 0", lambda n: n >= 0)
        check_flag("trust_proxy", self.trust_proxy)

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


def is_own_error(said: object) -> bool:
    """Whether JSON values are an error as the API documents it: {"error": {"message": ...}}."""
    return isinstance(member(member(said, "error"), "message"), str)


def is_task(said: object) -> bool:
    """Whether JSON values are a task, and no error that happens to have an id."""
    names = ("status", "object", "progress")
    return isinstance(member(said, "id"), str) and any(member(said, n) is not None for n in names)


def certainly_refused(
    status: int, said: object, retry_after: float | None, *, trust_proxy: bool
) -> bool:
    """Whether an answer shows that a create call was not accepted, so that nothing is paid for.

    A page of a proxy does not: the API may have accepted before the proxy answered. Nor does a
    task, whatever the status.

    Args:
        status: The HTTP status.
        said: The JSON values of the body, or None where it is not JSON.
        retry_after: Seconds that the server asks for, or None.
        trust_proxy: As of RetryPolicy.
    """
    if is_task(said):
        return False
    if status == 503:
        return retry_after is not None if is_own_error(said) else trust_proxy
    if status == 429 and trust_proxy:
        return True
    is_word = is_object(said) and 400 <= status < 500 and status != 408
    return is_word or status in _NOT_TAKEN


def may_resend_create(
    status: int, said: object, retry_after: float | None, *, trust_proxy: bool
) -> bool:
    """Whether a create call may be sent again after an answer. The arguments are the same."""
    refused = certainly_refused(status, said, retry_after, trust_proxy=trust_proxy)
    return refused and status in (429, 503)


def may_resend(status: int) -> bool:
    """Whether a call that costs nothing may be sent again after an answer."""
    return status in _TRANSIENT or status >= 500


def may_pass(status: int, said: object) -> bool:
    """Whether a task is worth asking for again after an answer, while it is waited for.

    A proxy's page says nothing of the task, but where it says that one may not ask.
    """
    is_page = 400 <= status < 500 and status not in (401, 407) and not is_object(said)
    return is_page or may_resend(status)


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
