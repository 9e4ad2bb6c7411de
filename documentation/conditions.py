"""Modes as rules: what one value of a field needs of other fields, as a schema that is the fault.

One field of a page may split it into variants: the selector. What the values of any other field
need stays a rule inside each variant, a branch of its `not`.
"""

from __future__ import annotations

from typing import Any

Mode = tuple[str, Any, dict[str, dict[str, Any]]]


def selector_of(modes: list[Mode], enums: dict[str, list[Any]]) -> str:
    """The field whose modes are variants: options of it, two or more, each with its own needs."""
    counts: dict[str, int] = {}
    for name, value, _ in modes:
        if "." not in name and value in enums.get(name, []):
            counts[name] = counts.get(name, 0) + 1
    likely = [name for name, count in counts.items() if count > 1]
    return max(likely, key=lambda name: counts[name], default="")


def both(one: str, other: str) -> dict[str, Any]:
    """A body that has two fields, one of which may be a member of an object."""
    if "." not in one + other:
        return {"required": [one, other]}
    return {"allOf": [_inside(one, {}), _inside(other, {})]}


def fault(mode: Mode) -> dict[str, Any]:
    """A body that has the value without what the value needs."""
    name, value, needs = mode
    lacking = [_lacking(other, limits) for other, limits in needs.items()]
    wrong = lacking[0] if len(lacking) == 1 else {"anyOf": lacking}
    return _inside(name, {"const": value}) | {"allOf": [wrong]}


def _lacking(name: str, limits: dict[str, Any]) -> dict[str, Any]:
    if limits.get("maxItems") == 0:
        return _inside(name, {"type": "array", "minItems": 1})
    bounds = {key: limit for key, limit in limits.items() if key != "required"}
    return {"not": _inside(name, {**bounds, "not": {"type": "null"}})}


def _inside(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    """A field that is there and fits; the name may be dotted."""
    head, _, rest = name.partition(".")
    inner = {"type": "object", **_inside(rest, schema)} if rest else schema
    return {"required": [head], "properties": {head: inner}}
