"""Takes out limits that can't be meant, for they leave a field no value for some requests.

Such a limit was misread, or another one was: it binds nothing, and people are asked about it. So
are options of an address none of which is one, a default that is no option, a limit of texts that
the default breaks, a least above the most, and what bars a field that every request has.
"""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Iterator
from math import inf
from typing import Any

from documentation.fact import BOUNDS, Fact, Reading, Remark

Limits = dict[str, Any]
Wrong = dict[tuple[int, str], str]
IMPOSSIBLE = "the field has no such value"
_PAIRS = (("minimum", "maximum"), ("minItems", "maxItems"), ("minLength", "maxLength"))
NO_ADDRESS = "the field is an address"
AT_ODDS = "at odds with what else is said of such requests"


def without_impossible(reading: Reading, facts: list[Fact]) -> list[Fact]:
    """The facts without such limits; the reading gets a question about each."""
    wrong: Wrong = {}
    known: dict[str, list[tuple[int, Limits]]] = {}
    for at, condition, name, limits in _limits(facts):
        if not _is_possible(limits, facts, name):
            wrong[at, name] = IMPOSSIBLE
            continue
        others = known.setdefault(f"{condition} {name}", [])
        for other in (number for number, said in others if _are_at_odds(limits, said)):
            wrong[at, name] = wrong[other, name] = AT_ODDS
        others.append((at, limits))
    for why, numbers in (
        (NO_ADDRESS, _no_addresses(facts)),
        (IMPOSSIBLE, _other_defaults(facts)),
        (AT_ODDS, _crossed(facts)),
        (AT_ODDS, _unlike_the_default(facts)),
    ):
        wrong |= {(at, facts[at].field): why for at in numbers}
    wrong |= dict.fromkeys(_never_there(facts), AT_ODDS)
    wrong |= {(at, facts[at].field): AT_ODDS for at in _of_the_same(wrong, reading, facts)}
    for (at, name), why in wrong.items():
        told = reading.told.get(facts[at].identity, str(facts[at]))
        reading.unread.append(Remark("request", name, told, why))
    kept = []
    for at, fact in enumerate(facts):
        out = {name for number, name in wrong if number == at}
        needs = {n: limits for n, limits in _needs(fact).items() if n not in out}
        if out and needs:
            kept.append(dataclasses.replace(fact, value=fact.value | {"needs": needs}))
        elif not out:
            kept.append(fact)
    return kept


def _other_defaults(facts: list[Fact]) -> Iterator[int]:
    """The defaults that are none of the values which the field may have."""
    for at, fact in enumerate(facts):
        value = fact.value
        plain = not (value is None or isinstance(value, list | dict))
        if (fact.location, fact.keyword) != ("request", "default") or not plain:
            continue
        own = [f for f in facts if (f.location, f.field) == ("request", fact.field)]
        limits = {f.keyword: f.value for f in own if f.keyword in ("minimum", "maximum")}
        options = [each for f in own if f.keyword == "enum" for each in f.value]
        mine = {"minimum": value, "maximum": value} if type(value) in (int, float) else {}
        if (options and value not in options) or _are_at_odds(limits, mine):
            yield at


def _of_the_same(wrong: Wrong, reading: Reading, facts: list[Fact]) -> Iterator[int]:
    """What a sentence says to be required that says something impossible, too: it was misread."""
    told = {reading.told.get(facts[at].identity) for at, _ in wrong} - {None}
    for at, fact in enumerate(facts):
        same = reading.told.get(fact.identity) in told and (at, fact.field) not in wrong
        if same and (fact.keyword, fact.stated) == ("required", "prose"):
            yield at


def _unlike_the_default(facts: list[Fact]) -> Iterator[int]:
    """The limits of texts in prose that the field's default is not within: they are of others."""
    asked = [(at, fact) for at, fact in enumerate(facts) if fact.location == "request"]
    defaults = {f.field: f.value for _, f in asked if f.keyword == "default"}
    for at, fact in asked:
        text = defaults.get(fact.field)
        if fact.stated != "prose" or type(text) is not str:
            continue
        mine = {"minLength": len(text), "maxLength": len(text)}
        spelled = fact.keyword != "pattern" or re.search(fact.value, text)
        if not spelled or _are_at_odds({fact.keyword: fact.value}, mine):
            yield at


def _no_addresses(facts: list[Fact]) -> Iterator[int]:
    """The facts of prose that list options of an address none of which is one."""
    own = [(at, fact) for at, fact in enumerate(facts) if fact.location == "request"]
    addresses = {f.field for _, f in own if (f.keyword, f.value) == ("format", "uri")}
    for at, fact in own:
        listed = fact.field in addresses and (fact.keyword, fact.stated) == ("enum", "prose")
        if listed and not any(":" in str(option) for option in fact.value):
            yield at


def _crossed(facts: list[Fact]) -> Iterator[int]:
    """The bounds in prose of a field of which the least is above the most, or which has one value.

    `Clips of exactly 7 s can be chained up to 148 s` limits something else.
    """
    bounds: dict[str, dict[str, int]] = {}
    fixed = {f.field for f in facts if (f.location, f.keyword) == ("request", "const")}
    for at, fact in enumerate(facts):
        if fact.location == "request" and fact.stated == "prose" and fact.keyword in BOUNDS:
            bounds.setdefault(fact.field, {})[fact.keyword] = at
    for name, own in bounds.items():
        yield from own.values() if name in fixed else ()
        for low, high in _PAIRS:
            if {low, high} <= own.keys() and facts[own[low]].value > facts[own[high]].value:
                yield from (own[low], own[high])


def _never_there(facts: list[Fact]) -> Iterator[tuple[int, str]]:
    """What prose bars that every request has, or that excludes it: the fact, and its field."""
    own = [(at, fact) for at, fact in enumerate(facts) if fact.location == "request"]
    nullable = {fact.field for _, fact in own if fact.keyword == "nullable"}
    needed = {f.field for _, f in own if f.keyword == "required"} - nullable
    always = {name for name in needed if "." not in name}
    for at, fact in own:
        if fact.keyword == "excludes":
            own_member = fact.value.startswith(f"{fact.field}.")
            beside = fact.field.rpartition(".")[0] == fact.value.rpartition(".")[0]
            if own_member or {fact.field, fact.value} & (needed if beside else always):
                yield at, fact.field
        for name, limits in _needs(fact).items():
            barred = limits == {"maxItems": 0}
            if barred and name in always and fact.field != "model":
                yield at, name
            elif barred and fact.field.startswith(f"{name}.") and "beside" not in fact.value:
                yield at, name  # what has the member is there


def _needs(fact: Fact) -> dict[str, Limits]:
    return fact.value["needs"] if fact.keyword == "mode" and fact.location == "request" else {}


def _limits(facts: list[Fact]) -> Iterator[tuple[int, str, str, Limits]]:
    """Each limit that holds for some requests only: which fact, for whom, its field, what it is."""
    for at, fact in enumerate(facts):
        for name, limits in _needs(fact).items():
            who = {key: value for key, value in fact.value.items() if key != "needs"}
            yield at, f"{fact.field} {json.dumps(who, sort_keys=True)}", name, limits


def _is_possible(limits: Limits, facts: list[Fact], name: str) -> bool:
    """Whether some of the values that a field may have are within limits, or it is left out."""
    own = [f for f in facts if (f.location, f.field) == ("request", name)]
    options = {_key(value) for f in own if f.keyword == "enum" for value in f.value}
    if options and not {_key(value) for value in limits.get("enum", ())} <= options:
        return False
    bounds = (f for f in own if f.keyword in BOUNDS)
    out = limits.get("maxItems") == 0
    return out or not any(_are_at_odds(limits, {f.keyword: f.value}) for f in bounds)


def _are_at_odds(one: Limits, other: Limits) -> bool:
    """Whether nothing is within both limits."""
    for low, high in _PAIRS:
        least = [said[low] for said in (one, other) if low in said]
        most = [said[high] for said in (one, other) if high in said]
        if least and most and max(least) > min(most):
            return True
    values = [said["enum"] for said in (one, other) if "enum" in said]
    if len(values) == 2:
        return not {*map(_key, values[0])} & {*map(_key, values[1])}
    bounds = one | other
    numbers = [value for listed in values for value in listed if type(value) in (int, float)]
    low, high = bounds.get("minimum", -inf), bounds.get("maximum", inf)
    return bool(numbers) and not any(low <= number <= high for number in numbers)


def _key(value: Any) -> str:
    return json.dumps(value)
