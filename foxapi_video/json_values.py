"""Read what nobody vouches for: tell the shapes of JSON values apart, and show texts and values."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, TypeGuard

# The API nests five levels. Whatever walks a value calls itself for each level, so that a limit
# here keeps redaction, printing and pickling from running out of stack.
MOST_LEVELS = 64
_REQUEST_ID = ("x-request-id", "request-id", "x-oneapi-request-id", "x-amzn-requestid", "cf-ray")


def parsed(
    text: bytes | str,
    parse_constant: Callable[[str], Any] | None = None,
    object_pairs_hook: Callable[[list[tuple[str, object]]], object] | None = None,
) -> object:
    """The value of a JSON text.

    Args:
        text: The text.
        parse_constant: Called with NaN, Infinity and -Infinity, which are numbers otherwise.
        object_pairs_hook: Called with the members of each object; a dict without it.

    Raises:
        ValueError: It is not JSON, or nested deeper than 64 levels.
    """
    try:
        value: object = json.loads(
            text, parse_constant=parse_constant, object_pairs_hook=object_pairs_hook
        )
    except RecursionError:
        raise ValueError("nested too deeply") from None
    except ValueError:
        raise ValueError("not JSON") from None
    # It has no more levels than brackets: most need no closer look.
    opening = ("[", "{") if isinstance(text, str) else (b"[", b"{")
    if sum(map(text.count, opening)) <= MOST_LEVELS:  # type: ignore[arg-type]  # both of its kind
        return value
    level: list[Any] = [value]
    for _ in range(MOST_LEVELS + 1):
        containers = [each for each in level if isinstance(each, dict | list)]
        if not containers:
            return value
        level = [
            inner for each in containers for inner in (each.values() if is_object(each) else each)
        ]
    raise ValueError("nested too deeply")


def is_object(value: object) -> TypeGuard[dict[str, Any]]:
    """Whether it is a JSON object."""
    return isinstance(value, dict)


def is_list(value: object) -> TypeGuard[list[Any]]:
    """Whether it is a JSON array."""
    return isinstance(value, list)


def is_text(value: object) -> TypeGuard[str]:
    """Whether it is text that can be sent: no half of a character in it."""
    if not isinstance(value, str):
        return False
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def is_name(value: object) -> TypeGuard[str]:
    """Whether it can name something at the service: text of one line that is not too long."""
    return isinstance(value, str) and 0 < len(value) <= 4096 and value.isprintable()


def is_id(value: object) -> TypeGuard[str]:
    """Whether it can be the id of a task: dots and blanks alone would be another address."""
    return is_name(value) and bool(value.strip(". "))


def member(value: object, name: str) -> Any:
    """A member of an object, or None where it is no object or has no such member."""
    return value.get(name) if is_object(value) else None


def readable(text: str | None, most: int = 500) -> str | None:
    """A server's words on one line, without control characters and not too long, to be shown."""
    if text is None:
        return None
    shown = " ".join("".join(c if c.isprintable() else " " for c in text[: 4 * most]).split())
    return shown if len(shown) <= most else shown[: most - 3] + "..."


def shortened(value: object, most: int = 40) -> str:
    """A value as it would be written in JSON, cut where it is long."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, str):
        return repr(value if len(value) <= most else value[: most - 3] + "...")
    if is_object(value):
        return f"an object of {counted(len(value), 'member')}"
    if is_list(value) or isinstance(value, tuple):
        return f"a list of {counted(len(value), 'item')}"
    try:
        text = str(value)
    except ValueError:  # an integer of more digits than Python writes out
        return "a very long number"
    return text if len(text) <= most else text[: most - 3] + "..."


def counted(count: int, what: str) -> str:
    """A number of things, in words."""
    return f"{count} {what}{'' if count == 1 else 's'}"


def request_id_of(headers: Mapping[str, str]) -> str | None:
    """The id of a request in the headers of its answer: no page names one, so by usual names."""
    found = (readable(headers[name], 100) for name in _REQUEST_ID if headers.get(name))
    return next(found, None)
