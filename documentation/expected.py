"""What the settled facts of a page ask of each of its request variants, parameters and answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from documentation.conditions import (
    Mode,
    barred,
    both,
    fault,
    inputs_of,
    named_only,
    selector_of,
)
from documentation.fact import Place
from documentation.settled import Settlement
from documentation.spec import Keywords


@dataclass(slots=True)
class Asked:
    """One side of one page: keywords for each field, and the rules between fields."""

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
class Variant:
    """One request variant that a page describes: the model ids, the mode, and every field.

    The field without a name is the body as a whole.
    """

    models: list[str]
    mode: Any
    fields: dict[str, Keywords]


def asked_by(settled: Settlement, place: Place) -> Asked:
    """The settled facts of one side of a page, sorted by field."""
    mentioned = settled.file.mentioned.get(place, [])
    asked = Asked({name: {} for name in mentioned}, mentioned)
    modes: list[Mode] = []
    for fact in settled.facts:
        if fact.place != place:
            continue
        name, keyword, value = fact.field, fact.keyword, fact.value
        if keyword == "status":
            asked.statuses.add(str(value))
            continue
        keywords = asked.fields.setdefault(name, {})
        if keyword == "example":
            asked.shown.setdefault(name, []).append(value)
            if fact.stated == "sample":
                asked.sample[name] = value
        elif keyword == "onlyFor":
            asked.only_for[name] = value
        elif keyword == "mode":
            modes.append((name, value["name"], value["needs"]))
        elif keyword == "excludes":
            asked.excludes.append((name, value))
        elif keyword == "https":
            asked.https.add(name)
        elif keyword == "forbiddenHosts":
            asked.hosts[name] = value
        else:
            keywords[keyword] = value
    if place == "path":  # none is without its parameters, whatever a page says
        for keywords in asked.fields.values():
            keywords["required"] = True
    enums = {name: keywords.get("enum") or [] for name, keywords in asked.fields.items()}
    selector = selector_of(modes, enums)
    asked.conditions = [mode for mode in modes if mode[0] != selector]
    asked.modes = [mode for mode in modes if mode[0] == selector]
    return asked


def variants_of(asked: Asked) -> list[Variant]:
    """The request variants of a page: one for each group of model ids with the same fields, and in
    it one for each mode."""
    groups: dict[tuple[str, ...], list[str]] = {}
    for model in asked.fields.get("model", {}).get("enum") or []:
        absent = tuple(name for name, ids in asked.only_for.items() if model not in ids)
        groups.setdefault(absent, []).append(model)
    modes = asked.fields[asked.selector].get("enum") or [] if asked.selector else [None]
    return [
        Variant(models, mode, _fields(asked, models, set(absent), mode))
        for absent, models in (groups or {(): []}).items()
        for mode in modes
    ]


def _fields(asked: Asked, models: list[str], absent: set[str], mode: Any) -> dict[str, Keywords]:
    needs: dict[str, Keywords] = {}
    touched: set[str] = set()
    for _, name, limits in asked.modes:
        touched |= set(limits)
        needs |= inputs_of(limits) if name == mode else {}
    touched |= barred(asked.excludes, set(needs))
    fields: dict[str, Keywords] = {}
    # Members after their objects, without which they are not there.
    for name, keywords in sorted(asked.fields.items(), key=lambda item: item[0].count(".")):
        mine = dict(keywords)
        head = name.split(".")[0]
        if name in absent or (
            head != name and (head not in fields or head in touched - set(needs))
        ):
            continue
        if name == "model" and models:
            mine = _only(mine, models)
        elif asked.selector and name == asked.selector:
            mine = _only(mine, [mode])
            if named_only(asked.modes, keywords["enum"], mode):
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
    if rules := exclusion(asked, fields):
        fields[""] = fields.get("", {}) | rules
    return fields


def _only(keywords: Keywords, values: list[Any]) -> Keywords:
    """The keywords of a field of which one variant has some of the values."""
    default = {k: v for k, v in keywords.items() if k == "default" and v in values}
    return {k: v for k, v in keywords.items() if k != "default"} | {"enum": values} | default


def exclusion(asked: Asked, fields: dict[str, Keywords]) -> Keywords:
    """`not` for what the fields of a variant must not be together; nothing where nothing is."""
    pairs = {
        tuple(sorted(pair))
        for pair in asked.excludes
        if all("type" in fields.get(name, {}) for name in pair)
    }
    listed = [both(*pair) for pair in sorted(pairs)]
    listed += [fault(mode) for mode in asked.conditions if holds_for(mode, fields)]
    if not listed:
        return {}
    return {"not": listed[0] if len(listed) == 1 else {"anyOf": listed}}


def holds_for(mode: Mode, fields: dict[str, Keywords]) -> bool:
    """Whether a variant has every field that a condition is about."""
    return all(name.split(".")[0] in fields for name in (mode[0], *mode[2]))
