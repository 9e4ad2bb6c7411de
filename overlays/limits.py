"""The limits of a schema in words, for docstrings, commands and the rules between fields."""

from __future__ import annotations

from typing import Any

# What the limits with each ending are of; the value itself has no name.
_COUNTED = {"Length": "character", "imum": "", "Items": "item"}


def say_limits(schema: Any) -> None:
    """Write the limits of a schema and of those in it beside them, in words."""
    for inner in (*schema.get("properties", {}).values(), schema.get("items")):
        if isinstance(inner, dict):
            say_limits(inner)
    words = limits_in_words(schema)
    if words:
        schema["x-limits"] = words


def limits_in_words(schema: dict[str, Any]) -> list[str]:
    """What the limits of a schema say, such as `at most 9 characters`."""
    return [
        _between(schema.get(f"min{ending}"), schema.get(f"max{ending}"), what)
        for ending, what in _COUNTED.items()
        if {f"min{ending}", f"max{ending}"} & schema.keys()
    ]


def _between(least: float | None, most: float | None, what: str) -> str:
    if least is None or most is None:
        words = f"at most {most}" if least is None else f"at least {least}"
    else:
        words = f"exactly {least}" if least == most else f"{least} to {most}"
    count = least if most is None else most
    return f"{words} {what}{'' if count == 1 else 's'}" if what else words
