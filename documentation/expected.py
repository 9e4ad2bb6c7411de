"""What a page asks of each of its request variants, once its contradictions are settled."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from documentation.conditions import Mode, barred, both, fault, named_only, selector_of
from documentation.conflicts import Conflicts, contradictions
from documentation.fact import Fact, Place
from documentation.facts_files import FactsFile
from documentation.spec import Keywords, Shape


@dataclass(slots=True)
class Asked:
    """One side of one page: keywords for each field, and the rules between fields."""

    fields: dict[str, Keywords] = field(default_factory=dict)
    shown: dict[str, list[Any]] = field(default_factory=dict)
    only_for: dict[str, list[str]] = field(default_factory=dict)
    modes: list[Mode] = field(default_factory=list)
    conditions: list[Mode] = field(default_factory=list)
    excludes: list[tuple[str, str]] = field(default_factory=list)
    https: set[str] = field(default_factory=set)
    hosts: dict[str, list[str]] = field(default_factory=dict)
    statuses: set[str] = field(default_factory=set)


def asked_by(
    file: FactsFile, place: Place, conflicts: Conflicts, unsettled: list[tuple[Fact, list[Fact]]]
) -> Asked:
    """The page's facts of one side as one statement a keyword; contradictions by their choice."""
    asked = Asked()
    for name in file.mentioned.get(place, []):
        asked.fields.setdefault(name, {})
    clash = contradictions(file.facts)
    for fact in file.facts:
        if fact.place != place:
            continue
        keyword = "enum" if fact.keyword == "const" else fact.keyword
        value = [fact.value] if fact.keyword == "const" else fact.value
        said = clash.get((place, fact.field, keyword))
        if said is not None:
            values = [[f.value] if f.keyword == "const" else f.value for f in said]
            try:
                value = conflicts.choice(file.page, place, fact.field, keyword, values)
            except KeyError:
                if fact is said[0]:
                    unsettled.append((fact, said))
        _take(asked, fact, keyword, value)
    enums = {name: keywords.get("enum") or [] for name, keywords in asked.fields.items()}
    selector = selector_of(asked.modes, enums)
    asked.conditions = [mode for mode in asked.modes if mode[0] != selector]
    asked.modes = [mode for mode in asked.modes if mode[0] == selector]
    return asked


def _take(asked: Asked, fact: Fact, keyword: str, value: Any) -> None:
    name = fact.field
    if keyword == "status":
        asked.statuses.add(str(value))
        return
    keywords = asked.fields.setdefault(name, {})
    if keyword == "example":
        asked.shown.setdefault(name, []).append(value)
    elif keyword == "onlyFor":
        asked.only_for[name] = value
    elif keyword == "mode":
        asked.modes.append((name, value["name"], value["needs"]))
    elif keyword == "excludes":
        asked.excludes.append((name, value))
    elif keyword == "https":
        asked.https.add(name)
    elif keyword == "forbiddenHosts":
        asked.hosts[name] = value
    elif keyword == "type" and "type" in keywords and keywords["type"] != value:
        known = keywords["type"]
        keywords["type"] = [*(known if isinstance(known, list) else [known]), value]
    else:
        keywords[keyword] = value


def for_variant(asked: Asked, shape: Shape) -> dict[str, Keywords | None]:
    """The keywords each field must have in one variant; None for a field it must not have."""
    ids = shape.ids()
    wanted: dict[str, Keywords | None] = {}
    needs = needs_of(asked, shape)
    for name, keywords in asked.fields.items():
        only = asked.only_for.get(name)
        if only is not None and not set(only) & set(ids):
            wanted[name] = None
            continue
        if name not in shape.fields and name not in needs and _of_other_modes(asked, name, needs):
            wanted[name] = None
            continue
        mine = dict(keywords)
        own = shape.fields.get(name, {})
        if name == "model" or any(name == mode for mode, _, _ in asked.modes):
            listed, allowed = own.get("enum"), keywords.get("enum")
            if set(listed or ["?"]) <= set(allowed or []):
                mine["enum"] = listed
            if "default" in mine and isinstance(listed, list) and mine["default"] not in listed:
                del mine["default"]
            if _named(asked, name, listed, allowed):
                mine.pop("nullable", None)
                mine["required"] = True
        if name in needs:
            mine |= {k: v for k, v in needs[name].items() if k != "required"}
            mine["required"] = True
            mine.pop("nullable", None)
        elif unused(asked, shape, name) and own.get("type") is None and own.get("nullable"):
            mine = {"nullable": True}
        wanted[name] = mine
    return wanted


def _named(asked: Asked, name: str, listed: Any, allowed: Any) -> bool:
    """Whether a field names the one mode of a variant, which without it would be another's."""
    one = isinstance(listed, list) and len(listed) == 1
    selects = one and bool(asked.modes) and name == asked.modes[0][0]
    return selects and named_only(asked.modes, allowed or [], listed[0])


def needs_of(asked: Asked, shape: Shape) -> dict[str, Keywords]:
    """What the modes of a variant need of other fields; needing none of one is not a need."""
    found: dict[str, Keywords] = {}
    for mode, name, needs in asked.modes:
        if name in (shape.fields.get(mode, {}).get("enum") or []):
            for other, limits in needs.items():
                if limits.get("maxItems") != 0:
                    found.setdefault(other, {}).update(limits)
    return found


def exclusion(asked: Asked, fields: dict[str, Keywords]) -> Keywords:
    """`not` for what the fields of a variant must not be together; nothing where nothing is."""
    pairs = {
        tuple(sorted(pair))
        for pair in asked.excludes
        if all(_typed(asked, fields, name) for name in pair)
    }
    listed = [both(*pair) for pair in sorted(pairs)]
    listed += [fault(mode) for mode in asked.conditions if holds_for(mode, fields)]
    if not listed:
        return {}
    return {"not": listed[0] if len(listed) == 1 else {"anyOf": listed}}


def _typed(asked: Asked, fields: dict[str, Keywords], name: str) -> bool:
    """Whether a variant has a field for more than null; members come with their object."""
    head = name.split(".")[0]
    known = asked.fields.get(name, {}) if head in fields and head != name else fields.get(name, {})
    return "type" in known


def holds_for(mode: Mode, fields: dict[str, Keywords]) -> bool:
    """Whether a variant has every field that a condition is about."""
    return all(name.split(".")[0] in fields for name in (mode[0], *mode[2]))


def _of_other_modes(asked: Asked, name: str, mine: dict[str, Keywords]) -> bool:
    """Whether only other modes have a field that may not be null: this mode's variant lacks it."""
    if asked.fields[name].get("nullable"):
        return False
    others = any(name in needs for _, _, needs in asked.modes)
    return others or name in barred(asked.excludes, set(mine))


def unused(asked: Asked, shape: Shape, name: str) -> bool:
    """Whether a variant's mode leaves a field without use, so that only null may be in it."""
    by_others = any(name in needs for _, _, needs in asked.modes)
    excluded = any(name in pair for pair in asked.excludes)
    return bool(asked.fields.get(name, {}).get("nullable")) and (by_others or excluded)
