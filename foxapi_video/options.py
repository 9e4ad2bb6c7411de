"""What the numbers and flags may be that users set, and how often a call is sent again."""

from __future__ import annotations

import inspect
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeGuard

from foxapi_video.errors import ConfigurationError

# Seconds that every system can count; of anything else there is no use for as much.
MOST = 1e6


def is_number(value: object, kind: type = float) -> TypeGuard[float]:
    """Whether it is a number, or a whole one where the kind is int; NaN, True and False are not."""
    is_kind = isinstance(value, int) or (kind is float and isinstance(value, float))
    return is_kind and not isinstance(value, bool) and value == value  # NaN is not itself


def check_number(
    owner: object, name: str, words: str, fits: Callable[[float], bool], *, kind: type = float
) -> None:
    """See that an attribute is a number that fits.

    Args:
        owner: What has the attribute.
        name: The attribute.
        words: What it may be, in words.
        fits: Whether it may be that one.
        kind: int for a whole number.

    Raises:
        ConfigurationError: It is none.
    """
    value = getattr(owner, name)
    if not is_number(value, kind) or not fits(value) or value > MOST:
        what = "a whole number" if kind is int else "a number"
        raise ConfigurationError(
            f"{name} of {type(owner).__name__} is {what} {words}, not {value!r}"
        )


def check_async_client(client: object) -> None:
    """See that a client is one that can be awaited, or None.

    Raises:
        ConfigurationError: It is none, such as the blocking one.
    """
    confirm = getattr(getattr(client, "callbacks", None), "confirm", None)
    if client is not None and not inspect.iscoroutinefunction(confirm):
        raise ConfigurationError(f"the client is an AsyncFoxAPI, not {client!r}")


def check_flag(name: str, value: object) -> None:
    """See that an option is True or False.

    Raises:
        ConfigurationError: It is neither.
    """
    if not isinstance(value, bool):
        raise ConfigurationError(f"{name} is True or False, not {value!r}")


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
