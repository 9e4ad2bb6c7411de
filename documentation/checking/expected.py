"""What the settled facts of a page ask of each of its request variants, parameters and answers."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from typing import Any

from documentation.checking.conditions import (
    Mode,
    barred,
    both,
    fault,
    inputs_of,
    named_only,
    selector_of,
)
from documentation.checking.spec import Keywords
from documentation.checking.url_patterns import WEB
from documentation.fact import Location
from documentation.settled import Settlement


@dataclass(eq=False, slots=True)
class Expected:
    """One section of one page: keywords for each field, and the rules between fields."""

    fields: dict[str, Keywords] = field(default_factory=dict)
    mentioned: list[str] = field(default_factory=list)
    shown: dict[str, list[Any]] = field(default_factory=dict)
    sample: dict[str, Any] = field(default_factory=dict)
    only_for: dict[str, list[str]] = field(default_factory=dict)
    modes: list[Mode] = field(default_factory=list)
    conditions: list[Mode] = field(default_factory=list)
    excludes: list[tuple[str, str]] = field(default_factory=list)
    https: set[str] = field(default_factory=set)
    hosts: dict[str, list[str]] = field(default_factory=dict)
    statuses: set[str] = field(default_factory=set)

    @property
    def selector(self) -> str:
        """The field that names the mode, where modes split the page into variants."""
        return self.modes[0][0] if self.modes else ""


@dataclass(eq=False, slots=True)
class ExpectedVariant:
    """One request variant that a page describes: the model ids, the mode, and every field.

    The field without a name is the body as a whole.
    """

    models: list[str]
    mode: Any
    fields: dict[str, Keywords]


@functools.lru_cache(maxsize=1024)
def expected_by(settled: Settlement, location: Location) -> Expected:
    """The settled facts of one section of a page, sorted by field."""
    mentioned = settled.file.mentioned.get(location, [])
    expected = Expected({name: {} for name in mentioned}, mentioned)
    modes: list[Mode] = []
    for fact in settled.facts:
        if fact.location != location:
            continue
        name, keyword, value = fact.field, fact.keyword, fact.value
        if keyword == "status":
            expected.statuses.add(str(value))
            continue
        keywords = expected.fields.setdefault(name, {})
        if keyword == "example":
            expected.shown.setdefault(name, []).append(value)
            if fact.stated == "sample":
                expected.sample[name] = value
        elif keyword == "onlyFor":
            expected.only_for[name] = value
        elif keyword == "mode":
            modes.append((name, value["name"], value["needs"]))
        elif keyword == "excludes":
            expected.excludes.append((name, value))
        elif keyword == "https":
            expected.https.add(name)
        elif keyword == "forbiddenHosts":
            expected.hosts[name] = value
        elif keyword == "web":
            keywords["pattern"] = WEB
        else:
            keywords[keyword] = value
    if location == "path":  # none is without its parameters, whatever a page says
        for keywords in expected.fields.values():
            keywords["required"] = True
    enums = {name: keywords.get("enum") or [] for name, keywords in expected.fields.items()}
    selector = selector_of(modes, enums)
    expected.conditions = [mode for mode in modes if mode[0] != selector]
    expected.modes = [mode for mode in modes if mode[0] == selector]
    return expected


@functools.lru_cache(maxsize=1024)
def variants_of(expected: Expected) -> list[ExpectedVariant]:
    """The request variants of a page: one for each group of model ids with the same fields, and in
    it one for each mode."""
    groups: dict[tuple[str, ...], list[str]] = {}
    for model in expected.fields.get("model", {}).get("enum") or []:
        absent = tuple(name for name, ids in expected.only_for.items() if model not in ids)
        groups.setdefault(absent, []).append(model)
    modes = expected.fields[expected.selector].get("enum") or [] if expected.selector else [None]
    return [
        ExpectedVariant(models, mode, _fields(expected, models, set(absent), mode))
        for absent, models in (groups or {(): []}).items()
        for mode in modes
    ]


def _fields(
    expected: Expected, models: list[str], absent: set[str], mode: Any
) -> dict[str, Keywords]:
    needs: dict[str, Keywords] = {}
    touched: set[str] = set()
    for _, name, limits in expected.modes:
        touched |= set(limits)
        needs |= inputs_of(limits) if name == mode else {}
    touched |= barred(expected.excludes, set(needs))
    fields: dict[str, Keywords] = {}
    # Members after their objects, without which they are not there.
    for name, keywords in sorted(expected.fields.items(), key=lambda item: item[0].count(".")):
        mine = dict(keywords)
        head = name.split(".")[0]
        if name in absent or (
            head != name and (head not in fields or head in touched - set(needs))
        ):
            continue
        if name == "model" and models:
            mine = _only(mine, models)
        elif expected.selector and name == expected.selector:
            mine = _only(mine, [mode])
            if named_only(expected.modes, keywords["enum"], mode):
                mine.pop("nullable", None)
                mine["required"] = True
        elif name in needs:
            mine |= {**needs[name], "required": True}
            mine.pop("nullable", None)
        elif name in touched:
            if not mine.get("nullable"):
                continue
            mine = {"nullable": True}
        fields[name] = mine
    if rules := exclusion(expected, fields):
        fields[""] = fields.get("", {}) | rules
    return fields


def _only(keywords: Keywords, values: list[Any]) -> Keywords:
    """The keywords of a field of which one variant has some of the values."""
    default = {k: v for k, v in keywords.items() if k == "default" and v in values}
    return {k: v for k, v in keywords.items() if k != "default"} | {"enum": values} | default


def exclusion(expected: Expected, fields: dict[str, Keywords]) -> Keywords:
    """`not` for what the fields of a variant must not be together; nothing where nothing is."""
    pairs = {
        tuple(sorted(pair))
        for pair in expected.excludes
        if all("type" in fields.get(name, {}) for name in pair)
    }
    listed = [both(*pair) for pair in sorted(pairs)]
    listed += [fault(mode) for mode in expected.conditions if holds_for(mode, fields)]
    if not listed:
        return {}
    return {"not": listed[0] if len(listed) == 1 else {"anyOf": listed}}


def holds_for(mode: Mode, fields: dict[str, Keywords]) -> bool:
    """Whether a variant has every field that a condition is about."""
    return all(name.split(".")[0] in fields for name in (mode[0], *mode[2]))
