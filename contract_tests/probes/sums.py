"""Lists whose items have a number each, made so that the numbers add up."""

from __future__ import annotations

from typing import Any

MOST = 20  # items, where nothing limits them


def adding_up(
    example: object, member: str, total: float, limits: dict[str, Any], most: int = MOST
) -> list[Any] | None:
    """A list like an example whose items' member adds up to a total; None where none can.

    It has as many items as the example, if it can.

    Args:
        example: A list with an item at least.
        member: The name of the number in each item.
        total: What the numbers add up to.
        limits: The keywords of the member.
        most: How many items there may be.
    """
    if not isinstance(example, list) or not example or not isinstance(example[0], dict):
        return None
    counts = [len(example), *range(1, most + 1)]
    parts = next((parts for n in counts if (parts := _parts(total, limits, n))), [])
    return [{**example[0], member: part} for part in parts] or None


def _parts(total: float, limits: dict[str, Any], count: int) -> list[float]:
    """A number as the sum of so many that are within limits; none where there are none."""
    options = limits.get("enum")
    high = max(options) if options else limits.get("maximum", total)
    low = min(options) if options else limits.get("minimum", 0)
    last = total - high * (count - 1)
    parts = [high] * (count - 1)
    for place, part in enumerate(parts):  # what the last one lacks the others give
        give = min(part - low, max(0, low - last))
        parts[place], last = part - give, last + give
    parts.append(last)
    right = all(low <= part <= high and (not options or part in options) for part in parts)
    return parts if right else []
