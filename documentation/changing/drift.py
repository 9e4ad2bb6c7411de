"""What changed on a page between two readings, in words, and what that means to users."""

from __future__ import annotations

import contextlib
import itertools
from typing import Any

from documentation.checking import algebra
from documentation.checking.expected import expected_by, variants_of
from documentation.checking.variant_schema import addressed, schema_of
from documentation.conflicts import Conflicts, spell
from documentation.fact import Location, show
from documentation.facts_files import FactsFile
from documentation.settled import settle

_SAME = ("type", "required", "items", "format", "default")
_PLACES: tuple[Location, ...] = ("request", "response", "path", "query")


def changes(old: FactsFile, new: FactsFile) -> list[str]:
    """One line a change; a field that left beside one like it that came was renamed."""
    lines: list[str] = []
    for location in _PLACES:
        before, after = _fields(old, location), _fields(new, location)
        gone = [name for name in before if name not in after]
        came = [name for name in after if name not in before]
        for name in list(gone):
            twin = _twin(before[name], {n: after[n] for n in came if _siblings(n, name)})
            if twin:
                gone.remove(name)
                came.remove(twin)
                lines.append(f"{location} field renamed: {name} is now {twin}")
                lines += _keywords(location, twin, before[name], after[twin])
        lines += [f"{location} field gone: {name}" for name in gone]
        lines += [f"new {location} field: {name}{_summary(after[name])}" for name in came]
        for name in before:
            if name in after:
                lines += _keywords(location, name, before[name], after[name])
    return lines


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
        lines.append(f"{location} {' and '.join(found) or 'neither wider nor narrower'}")
    return lines


def _meaning(file: FactsFile, location: Location, conflicts: Conflicts) -> dict[str, Any]:
    """What a page says of one side, all its variants together."""
    asked = expected_by(settle(file, conflicts), location)
    if location != "request":
        return schema_of(asked.fields)
    return {"anyOf": [schema_of(addressed(asked, v.fields)) for v in variants_of(asked)]}


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


def _twin(
    gone: dict[str, list[object]], candidates: dict[str, dict[str, list[object]]]
) -> str | None:
    """The one new field that is what the old one was, if there is just one."""
    alike = [
        name
        for name, said in candidates.items()
        if all(gone.get(key) == said.get(key) for key in _SAME)
    ]
    marked = gone.get("required") or gone.get("default") or len(gone) > 2
    return alike[0] if len(alike) == 1 and marked else None


def _siblings(one: str, other: str) -> bool:
    return one.rpartition(".")[0] == other.rpartition(".")[0]


def _keywords(
    location: str, name: str, before: dict[str, list[object]], after: dict[str, list[object]]
) -> list[str]:
    lines = []
    for keyword in [*before, *(k for k in after if k not in before)]:
        old, new = before.get(keyword, []), after.get(keyword, [])
        if list(map(spell, old)) == list(map(spell, new)):
            continue
        lines += [f"{location} {name}: {line}" for line in _change(keyword, old, new)]
    return lines


def _change(keyword: str, old: list[object], new: list[object]) -> list[str]:
    if keyword == "enum" and len(old) == len(new) == 1:
        have, want = old[0], new[0]
        if isinstance(have, list) and isinstance(want, list):
            gone = [f"option gone: {show(v)}" for v in have if v not in want]
            return gone + [f"new option: {show(v)}" for v in want if v not in have]
    was, now = (" and ".join(map(show, values)) for values in (old, new))
    if old and new:
        return [f"{keyword} moved from {was} to {now}"]
    return [f"{keyword} gone: {was}"] if old else [f"new {keyword}: {now}"]


def _summary(said: dict[str, list[object]]) -> str:
    each = ", ".join(f"{key} {show(value)}" for key, values in said.items() for value in values)
    return f" ({each})" if each else ""
