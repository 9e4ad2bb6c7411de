"""Rules between fields in words: one plain sentence each, as people read it who broke the rule."""

from __future__ import annotations

import json
import re
from typing import Any

from documentation.checking.conditions import (
    Fields,
    Limits,
    Mode,
    below,
    broken_needs,
    is_barred,
    list_of,
    needs_of,
    required_by,
)
from documentation.fact import show
from overlays.limits import limits_in_words

_BARE = re.compile(r"[\w./:+-]+")
_COUNTED = ("minItems", "maxItems", "minLength", "maxLength")
_MOST_LISTED = 12  # options of one need


def of_fact(name: str, keyword: str, value: Any, fields: Fields) -> str:
    """Of what a fact says; empty where that is no rule between fields."""
    if keyword == "mode":
        return of_mode(Mode.of_fact(name, value), fields)
    if keyword == "excludes":
        return of_pair(name, value, fields)
    if keyword == "together":
        return of_needing(name, value, fields)
    return of_needed(value, fields) if keyword == "oneNeeded" else ""


def of_pair(one: str, other: str, fields: Fields) -> str:
    """Of two fields that exclude each other."""
    where, (first, second) = _within([one, other], fields)
    return f"{where}{first} and {second} exclude each other"


def of_needing(name: str, others: list[str], fields: Fields) -> str:
    """Of a field, and those of which one has to be there with it."""
    where, (first, *rest) = _within([name, *others], fields)
    return f"{where}{first} needs {' or '.join(rest)}"


def of_needed(names: list[str], fields: Fields) -> str:
    """Of fields of which one has to be there, in their object where they are members."""
    where, known = _within(names, fields)
    parent = known[0].rpartition(".")[0]
    where = where or (f"with {parent}, " if parent else "")
    if len(known) == 1:
        return f"{where}{known[0]} is needed"
    return f"{where}at least one of {', '.join(known)} is needed"


def of_mode(mode: Mode, fields: Fields) -> str:
    """Of what other fields have to be where a field has a value, is given or is left out."""
    head = mode.list_of(fields)
    if head:
        return f"in each item of {head}, {of_mode(mode.below(head), below(head, fields))}"
    models = f"for model {' or '.join(mode.models)}, " if mode.models else ""
    when = " and ".join(dict.fromkeys(_when(each, fields) for each in (mode, *mode.beside)))
    needs = [_need(name, mode.needs[name]) for name in broken_needs(mode, fields) or mode.needs]
    return f"{models}{when}, {', and '.join(needs)}"


def of_unnamed(selector: str, modes: list[Mode], fields: Fields) -> str:
    """Of a field that may be left out only where the others are as one of its values needs."""
    kinds = [
        " and ".join(_need(name, limits) for name, limits in needs.items())
        for value in fields[selector].get("enum") or []
        if not required_by((needs := needs_of(modes, value)).get(selector, {}))
    ]
    return f"without {selector}, {'; or '.join(dict.fromkeys(kinds))}"


def of_absent(name: str) -> str:
    """Of a member that only other models have."""
    return f"{name} has to be left out"


def _within(names: list[str], fields: Fields) -> tuple[str, list[str]]:
    """The list of whose items fields are members, in words, and what they are called there."""
    head = list_of(names, fields)
    if not head:
        return "", names
    return f"in each item of {head}, ", [name.removeprefix(f"{head}.") for name in names]


def _when(mode: Mode, fields: Fields) -> str:
    name = mode.field
    if mode.like:
        counts = {key: mode.like[key] for key in _COUNTED if key in mode.like}
        words = [f"is not {_bare(mode.like['unlike'])}"] if "unlike" in mode.like else []
        return (
            f"where {name} {' and '.join([*words, *(f'has {w}' for w in limits_in_words(counts))])}"
        )
    if mode.given is not None:
        return f"{'with' if mode.given else 'without'} {name}"
    if name == "model":
        return f"for model {_bare(mode.value)}"
    default = fields.get(name, {}).get("default") if mode.assumed else None
    counts_as_it = default is not None and default == mode.value
    return f"with {name} {_bare(mode.value)}{' or without it' if counts_as_it else ''}"


def _need(name: str, limits: Limits) -> str:
    """What a field has to be."""
    if is_barred(limits):
        return f"{name} has to be left out"
    needed, options = required_by(limits), limits.get("enum")
    if needed and {*limits} <= {"required", "enum"} and options and not options[1:]:
        return f"{name} {_bare(options[0])} is needed"
    least = 2 if needed else 1  # what is needed has one item
    values: Limits = {key: limits[key] for key in ("minimum", "maximum") if key in limits}
    counts = {
        key: value
        for key, value in limits.items()
        if key in _COUNTED and not (key == "minItems" and value < least)
    }
    words = ["is needed"] if needed else []
    words += [f"is {_one_of(options)}"] if options is not None else []
    words += [f"is {each}" for each in limits_in_words(values)]
    words += [f"has {each}" for each in limits_in_words(counts)]
    others = {*limits} - {"required", "enum", *values, *_COUNTED}
    words += [f"has {key} {show(limits[key])}" for key in sorted(others)]
    return f"{name} {' and '.join(words)}"


def _one_of(options: list[Any]) -> str:
    shown = [_bare(option) for option in options[:_MOST_LISTED]]
    more = len(options) - len(shown)
    return (
        f"{'one of ' if shown[1:] else ''}{', '.join(shown)}{f' and {more} more' if more else ''}"
    )


def _bare(value: Any) -> str:
    """A value in a sentence: in quotes where it is more than a word."""
    plain = isinstance(value, str) and _BARE.fullmatch(value)
    return value if plain else json.dumps(value, ensure_ascii=False)
