"""When a call is sent again. Nothing here sends or sleeps.

A create call costs money, so it has a rule of its own: it goes out again only when the server
certainly did not accept it. Every other call may be repeated freely.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from foxapi_video.json_values import is_object, member

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

# What whoever answers so has not passed on: no key, no way through the proxy, too large to be read.
_NOT_TAKEN = frozenset({401, 407, 413, 414, 431})
_TRANSIENT = frozenset({408, 425, 429})


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
