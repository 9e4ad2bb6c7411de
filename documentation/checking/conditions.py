"""What one value of a field, a mode, needs of other fields.

The modes of one field, the selector, may split a page into variants. What the values of any other
field need is a rule inside each variant: a schema of the bodies that break it, under its `not`.
"""

from __future__ import annotations

from typing import Any

Mode = tuple[str, Any, dict[str, dict[str, Any]]]


def selector_of(modes: list[Mode], enums: dict[str, list[Any]]) -> str:
    """The field whose modes are variants: one with two or more options that need something."""
    counts: dict[str, int] = {}
    for name, value, _ in modes:
        if "." not in name and value in enums.get(name, []):
            counts[name] = counts.get(name, 0) + 1
    likely = [name for name, count in counts.items() if count > 1]
    return max(likely, key=lambda name: counts[name], default="")


def named_only(modes: list[Mode], values: list[Any], value: Any) -> bool:
    """Whether a body of this mode has to name it, since it would fit another mode without a name.

    Of two modes that need the same, only the later has to be named.
    """
    needs: dict[Any, dict[str, dict[str, Any]]] = {known: {} for known in values}
    for _, known, wanted in modes:
        needs.setdefault(known, {}).update(wanted)
    order = list(needs)
    for other in order:
        if other != value and _covers(needs[other], needs.get(value, {})):
            same = _covers(needs.get(value, {}), needs[other])
            if not same or order.index(other) < order.index(value):
                return True
    return False


def inputs_of(needs: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The fields that a mode needs, without those that have to be left out or empty."""
    return {name: limits for name, limits in needs.items() if limits.get("maxItems") != 0}


def _covers(wide: dict[str, dict[str, Any]], narrow: dict[str, dict[str, Any]]) -> bool:
    wide, narrow = inputs_of(wide), inputs_of(narrow)
    return set(wide) == set(narrow) and all(
        limits.get("minItems", 1) <= narrow[name].get("minItems", 1)
        and limits.get("maxItems", 1 << 30) >= narrow[name].get("maxItems", 1 << 30)
        for name, limits in wide.items()
    )


def barred(excludes: list[tuple[str, str]], needed: set[str]) -> set[str]:
    """The fields that may not stand beside an input that a mode has to have."""
    pairs = [*excludes, *((other, one) for one, other in excludes)]
    return {one for one, other in pairs if other in needed and one not in needed}


def both(one: str, other: str) -> dict[str, Any]:
    """The schema of bodies that have both fields; a dotted name is a member of an object."""
    if "." not in one + other:
        return {"required": [one, other]}
    return {"allOf": [_inside(one, {}), _inside(other, {})]}


def fault(mode: Mode) -> dict[str, Any]:
    """The schema of bodies that have the value without what it needs."""
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
    """The schema of bodies whose field is given and fits; the name may be dotted."""
    head, _, rest = name.partition(".")
    inner = {"type": "object", **_inside(rest, schema)} if rest else schema
    return {"required": [head], "properties": {head: inner}}
