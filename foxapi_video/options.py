"""What the numbers and flags may be that users set."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeGuard

from foxapi_video.errors import ConfigurationError

if TYPE_CHECKING:
    from attrs import Attribute

# Seconds that every system can count; of anything else there is no use for as much.
MOST = 1e6


def is_number(value: object, kind: type = float) -> TypeGuard[float]:
    """Whether it is a number, or a whole one where the kind is int; NaN, True and False are not."""
    is_kind = isinstance(value, int) or (kind is float and isinstance(value, float))
    return is_kind and not isinstance(value, bool) and value == value  # NaN is not itself


def number(
    words: str, fits: Callable[[float], bool], kind: type = float
) -> Callable[[object, Attribute[Any], object], None]:
    """A validator of attrs for a number.

    Args:
        words: What it may be, in words.
        fits: Whether it may be that one.
        kind: int for a whole number.
    """

    def validate(owner: object, attribute: Attribute[Any], value: object) -> None:
        if not is_number(value, kind) or not fits(value) or value > MOST:
            what = "a whole number" if kind is int else "a number"
            raise ConfigurationError(
                f"{attribute.name} of {type(owner).__name__} is {what} {words}, not {value!r}"
            )

    return validate


def flag(owner: object, attribute: Attribute[Any], value: object) -> None:
    """A validator of attrs for what is True or False.

    Raises:
        ConfigurationError: It is neither.
    """
    if not isinstance(value, bool):
        raise ConfigurationError(f"{attribute.name} is True or False, not {value!r}")
