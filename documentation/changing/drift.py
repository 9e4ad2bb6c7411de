"""What changed on a page between two readings, in words, and what that means to users."""

from __future__ import annotations

import contextlib
import difflib
import itertools
from typing import Any

from documentation.checking import algebra
from documentation.checking.expected import expected_by, variants_of
from documentation.checking.rule_words import of_fact
from documentation.checking.spec import TOTALS_KEY, Keywords
from documentation.checking.variant_schema import addressed, schema_of
from documentation.conflicts import Conflicts, spell
from documentation.fact import Location, show
from documentation.facts_files import FactsFile
from documentation.settled import settle

# How sure it has to be that a field is another one under a new name, and from where on it is.
_PERHAPS, _LIKELY, _SURE = 0.6, 0.7, 0.85
_PLACES: tuple[Location, ...] = ("request", "response", "path", "query")


def changes(old: FactsFile, new: FactsFile) -> list[str]:
    """One line a change; a field that left beside one like it that came was renamed."""
    lines: list[str] = []
    for location in _PLACES:
        before, after = _fields(old, location), _fields(new, location)
        twins = renamed(old, new, location)
        came = [name for name in after if name not in before]
        stated = fields_of(new, location)
        for name, (twin, sure) in twins.items():
            came.remove(twin)
            moved = "renamed" if _siblings(name, twin) else "moved"
            lines.append(f"{location} field {moved}: {name} is now {twin} ({sure})")
            lines += _keywords(location, twin, before[name], after[twin], stated)
        gone = [name for name in before if name not in after and name not in twins]
        lines += [f"{location} field gone: {name}" for name in gone]
        lines += [
            f"new {location} field: {name}{_summary(name, after[name], stated)}" for name in came
        ]
        for name in before:
            if name in after:
                lines += _keywords(location, name, before[name], after[name], stated)
    return lines


def renamed(old: FactsFile, new: FactsFile, location: Location) -> dict[str, tuple[str, str]]:
    """Each field that has another name now, with that name and how sure this is."""
    before, after = _fields(old, location), _fields(new, location)
    came = [name for name in after if name not in before]
    twins: dict[str, tuple[str, str]] = {}
    for name in [name for name in before if name not in after]:
        likely = _twin(name, before[name], {n: after[n] for n in came})
        if likely:
            twins[name] = likely
            came.remove(likely[0])
    return twins


def likeness(old: FactsFile, new: FactsFile) -> float:
    """How much of the fields of two requests is the same, a field renamed being the same."""
    before, after = _fields(old, "request"), _fields(new, "request")
    common = before.keys() & after.keys()
    twins = renamed(old, new, "request")
    return (len(common) + len(twins)) / max(1, min(len(before), len(after)))


def effects(old: FactsFile, new: FactsFile, conflicts: Conflicts) -> list[str]:
    """For each side that changed, whether it is wider or narrower now, with a body that shows it.

    A narrower request and a wider answer are what breaks programs of users.
    """
    lines = []
    for location in _PLACES:
        if _fields(old, location) == _fields(new, location):
            continue
        before, after = (_meaning(file, location, conflicts) for file in (old, new))
        found = [
            f"{word}: {body} is {does}" if (body := _example(one, other)) else f"perhaps {word}"
            for word, one, other, does in (
                ("wider", after, before, "valid now"),
                ("narrower", before, after, "no longer valid"),
            )
            if not algebra.covers(other, one)
        ]
        if not found and _totals(before) != _totals(after):  # which no schema shows
            found = ["perhaps wider or narrower"]
        lines.append(f"{location} {' and '.join(found) or 'neither wider nor narrower'}")
    return lines


def _meaning(file: FactsFile, location: Location, conflicts: Conflicts) -> dict[str, Any]:
    """What a page says of one side, all its variants together."""
    asked = expected_by(settle(file, conflicts), location)
    if location != "request":
        return schema_of(asked.fields)
    return {"anyOf": [schema_of(addressed(asked, v.fields)) for v in variants_of(asked)]}


def _totals(schema: dict[str, Any]) -> list[Any]:
    """The counts and sums over several fields of each variant."""
    return [variant.get(TOTALS_KEY) for variant in schema.get("anyOf", [])]


def _example(one: dict[str, Any], other: dict[str, Any]) -> str:
    """A body of one side that is none of the other, of the first variant that has one."""
    pairs = itertools.product(one.get("anyOf", [one]), other.get("anyOf", [other]))
    for schema, twin in pairs:
        with contextlib.suppress(algebra.NoValueError):
            return algebra.shown(algebra.only_in(schema, twin, other))
    return ""


def _fields(file: FactsFile, location: Location) -> dict[str, dict[str, list[object]]]:
    """Per field and keyword the different values stated; examples state nothing."""
    fields: dict[str, dict[str, list[object]]] = {
        name: {} for name in file.mentioned.get(location, [])
    }
    for fact in file.facts:
        if fact.location == location and fact.keyword != "example":
            values = fields.setdefault(fact.field, {}).setdefault(fact.keyword, [])
            if spell(fact.value) not in map(spell, values):
                values.append(fact.value)
    return fields


def fields_of(file: FactsFile, location: Location) -> dict[str, Keywords]:
    """The keywords of each field as a page states them, the last of several values."""
    return {
        name: {keyword: values[-1] for keyword, values in said.items()}
        for name, said in _fields(file, location).items()
    }


def _twin(
    gone: str, said: dict[str, list[object]], candidates: dict[str, dict[str, list[object]]]
) -> tuple[str, str] | None:
    """The new field that the old one most likely is, if one is, and in words how sure that is."""
    last = gone.rpartition(".")[2]
    found = []
    for name, says in candidates.items():
        keys = said.keys() | says.keys()
        same = [key for key in keys if said.get(key) == says.get(key)]
        named = difflib.SequenceMatcher(None, last, name.rpartition(".")[2]).ratio()
        facts = len(same) / max(1, len(keys))
        if not _siblings(gone, name) and named < 1:
            continue
        if said.get("type") != says.get("type") or not says.get("type"):
            continue
        found.append((0.5 * facts + 0.5 * named, facts, named, name))
    found.sort(reverse=True)
    if not found or (len(found) > 1 and found[1][0] > found[0][0] - 0.1):
        return None
    sure, facts, named, name = found[0]
    marked = said.get("required") or said.get("default") or len(said) > 2
    if facts == 1 and marked and len(found) == 1:
        sure = max(sure, _LIKELY)
    if sure < _PERHAPS:
        return None
    how = "almost surely" if sure >= _SURE else "probably" if sure >= _LIKELY else "perhaps"
    why = "it says the same" if facts == 1 else f"{facts:.0%} of what it says is the same"
    return name, f"{how}: {why}, and the name is {named:.0%} alike"


def _siblings(one: str, other: str) -> bool:
    return one.rpartition(".")[0] == other.rpartition(".")[0]


def _keywords(
    location: str,
    name: str,
    before: dict[str, list[object]],
    after: dict[str, list[object]],
    stated: dict[str, Keywords],
) -> list[str]:
    lines = []
    for keyword in [*before, *(k for k in after if k not in before)]:
        old, new = before.get(keyword, []), after.get(keyword, [])
        if list(map(spell, old)) == list(map(spell, new)):
            continue
        rules = _rules(name, keyword, old, new, stated)
        lines += [f"{location} {name}: {line}" for line in rules or _change(keyword, old, new)]
    return lines


def _rules(
    name: str,
    keyword: str,
    old: list[object],
    new: list[object],
    stated: dict[str, Keywords],
) -> list[str]:
    """The rules between fields that came and went, in words; none of any other keyword."""
    kept = {*map(spell, old)} & {*map(spell, new)}
    return [
        f"{word}: {rule}"
        for word, values in (("no longer", old), ("now", new))
        for value in values
        if spell(value) not in kept and (rule := of_fact(name, keyword, value, stated))
    ]


def _change(keyword: str, old: list[object], new: list[object]) -> list[str]:
    if keyword == "enum" and len(old) == len(new) == 1:
        have, want = old[0], new[0]
        if isinstance(have, list) and isinstance(want, list):
            gone = [f"lost the option {show(v)}" for v in have if v not in want]
            return gone + [f"gained the option {show(v)}" for v in want if v not in have]
    if keyword in _MARKS and [*old, *new] == [True]:
        return [_MARKS[keyword][bool(new)]]
    was, now = (" and ".join(map(show, values)) for values in (old, new))
    limit, unit = _LIMITS.get(keyword, (keyword, ""))
    if old and new:
        return [f"{limit} {now}{unit} now, {was} before"]
    return [f"no longer {limit} {was}{unit}"] if old else [f"now {limit} {now}{unit}"]


_MARKS = {
    "required": ("no longer required", "required now"),
    "nullable": ("may no longer be null", "may be null now"),
}
_LIMITS = {
    "minimum": ("at least", ""),
    "maximum": ("at most", ""),
    "minLength": ("at least", " characters"),
    "maxLength": ("at most", " characters"),
    "minItems": ("at least", " entries"),
    "maxItems": ("at most", " entries"),
}


def _summary(name: str, said: dict[str, list[object]], stated: dict[str, Keywords]) -> str:
    each = ", ".join(
        of_fact(name, key, value, stated) or f"{key} {show(value)}"
        for key, values in said.items()
        for value in values
    )
    return f" ({each})" if each else ""
