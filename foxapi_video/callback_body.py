"""What a callback carries, read from its body."""

from __future__ import annotations

from typing import Any

from foxapi_video.errors import InvalidCallback
from foxapi_video.json_values import parsed
from foxapi_video.tasks import Task

# A task with its results is a few hundred bytes.
MOST_BYTES = 256 * 2**10


def parse(body: bytes | str) -> Task:
    """Read the body of a callback.

    Args:
        body: The body as it came.

    Returns:
        The task, as the callback tells it; unknown members are in `raw`.

    Raises:
        InvalidCallback: It is larger than 256 KiB, not JSON, or no task with an id.
    """
    if not isinstance(body, bytes | bytearray | str):
        raise InvalidCallback("the body of a callback is bytes or text, as it came")
    size = len(body.encode(errors="replace")) if isinstance(body, str) else len(body)
    if size > MOST_BYTES:
        raise InvalidCallback(f"a callback of {size} bytes is larger than {MOST_BYTES}")
    try:
        value = parsed(body, parse_constant=_no_json)
    except ValueError as error:
        raise InvalidCallback(f"the callback is {error}") from None
    try:
        return Task.from_dict(value)
    except ValueError as error:
        raise InvalidCallback(f"the callback is {error}") from None


def _no_json(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")
