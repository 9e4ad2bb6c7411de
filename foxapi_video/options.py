"""What the numbers and flags may be that users set."""

from __future__ import annotations

from collections.abc import Callable
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


def check_flag(name: str, value: object) -> None:
    """See that an option is True or False.

    Raises:
        ConfigurationError: It is neither.
    """
    if not isinstance(value, bool):
        raise ConfigurationError(f"{name} is True or False, not {value!r}")
