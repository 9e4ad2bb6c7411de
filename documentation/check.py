"""All facts against `openapi.yaml`, both ways: nothing left out, nothing added."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from documentation import facts_files
from documentation.conflicts import FILE, Conflicts, load_conflicts, spell
from documentation.expected import (
    Asked,
    asked_by,
    exclusion,
    for_variant,
    holds_for,
    needs_of,
)
from documentation.fact import Fact, PageError, Place, show
from documentation.facts_files import FactsFile
from documentation.hosts import url_faults
from documentation.spec import SPEC, Keywords, Shape, Spec, load_spec


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where a page and the spec part."""

    page: str
    field: str
    keyword: str
    says: str
    spec: str

    def __str__(self) -> str:
        where = " ".join(f"{self.page} {self.field} {self.keyword}".split())
        return f"{where}: {self.says}; {self.spec}"


@dataclass(slots=True)
class Report:
    """What a comparison found: a line a page, the differences, the choices that were used."""

    pages: list[str] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    settled: list[str] = field(default_factory=list)


def check(
    folder: Path = facts_files.FACTS, spec_file: Path = SPEC, conflicts_file: Path = FILE
) -> Report:
    """Compare everything that is committed."""
    files = facts_files.load_all(folder)
    if not files:
        raise PageError(f"no facts in {folder.name}/")
    return compare(files, load_spec(spec_file), load_conflicts(conflicts_file))


def compare(files: list[FactsFile], spec: Spec, conflicts: Conflicts) -> Report:
    """Each page against its schemas, then the schemas against all pages, then the choices."""
    report = Report()
    sides = [_Side(file, place, spec, conflicts) for file in files for place in _PLACES]
    for side in sides:
        side.peers = sides
    for file in files:
        mine = [side for side in sides if side.file is file]
        found = [difference for side in mine for difference in side.differences()]
        if not any(side.shapes for side in mine):
            found.append(Difference(file.page, "", "", "has facts", "the spec has no schema of it"))
        report.differences += found
        name = file.path.stem if file.path else file.page
        variants = sum(len(side.shapes) for side in mine if side.place == "request")
        report.pages.append(
            f"{name}: {len(file.facts)} facts, {variants} request variants, "
            f"{len(found)} difference{'' if len(found) == 1 else 's'}"
        )
    report.differences += _untraced(sides, spec, conflicts)
    report.differences += _statuses(sides, spec)
    for entry in conflicts.settled:
        kind = "silence" if entry.silence else "contradiction"
        report.settled.append(f"settled {kind}: {entry}: {entry.reason}")
        for name in entry.stale([fact for file in files for fact in file.facts]):
            text = "conflicts.yaml settles it"
            gone = f"this {kind} no longer exists"
            report.differences.append(
                Difference(", ".join(entry.pages), name, entry.keyword, text, gone)
            )
    return report


_BOUNDS = ("minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems")
_PLACES: tuple[Place, ...] = ("request", "response", "path", "query")


class _Side:
    """One side of one page: what is asked, and the shapes that have to answer."""

    def __init__(self, file: FactsFile, place: Place, spec: Spec, conflicts: Conflicts) -> None:
        self.file, self.page, self.place, self.conflicts = file, file.page, place, conflicts
        known = any(spec.of(file.page, each, file.operation) for each in _PLACES)
        operation = file.operation if known else ""
        self.shapes = spec.of(file.page, place, operation)
        self.unsettled: list[tuple[Fact, list[Fact]]] = []
        self.peers: list[_Side] = []
        self.asked: Asked = asked_by(file, place, conflicts, self.unsettled)
        self._wanted: dict[int, dict[str, Keywords | None]] = {}

    def wanted(self, shape: Shape) -> dict[str, Keywords | None]:
        """The keywords each field must have in one shape; made once, and asked for often."""
        if id(shape) not in self._wanted:
            self._wanted[id(shape)] = for_variant(self.asked, shape)
        return self._wanted[id(shape)]

    def differences(self) -> list[Difference]:
        found = [self._unsettled(fact, said) for fact, said in self.unsettled]
        for shape in self.shapes:
            found += self._shape(shape)
        if self.shapes and self.place == "request":
            found += self._unions()
        if not self.shapes and self.asked.fields:
            text = f"lists {len(self.asked.fields)} {self.place} fields"
            found.append(Difference(self.page, "", self.place, text, "the spec has none"))
        return list(dict.fromkeys(found))

    def _unsettled(self, fact: Fact, said: list[Fact]) -> Difference:
        text = " and ".join(f"{show(f.value)} ({f.stated})" for f in said)
        return Difference(
            self.page, fact.field, fact.keyword, f"the page says {text}", "no choice is settled"
        )

    def _shape(self, shape: Shape) -> list[Difference]:
        found: list[Difference] = []
        open_shape = self.place == "response"
        for name, wanted in self.wanted(shape).items():
            own = shape.fields.get(name)
            if wanted is None and own is not None:
                text = f"only {show(self.asked.only_for[name])} has it"
                found.append(self._differ(name, "onlyFor", text, f"{shape.name} has it"))
            elif wanted is not None and own is None:
                if not open_shape or wanted or name in self.file.mentioned.get(self.place, []):
                    found.append(
                        self._differ(name, "field", "the page lists it", f"{shape.name} lacks it")
                    )
            elif wanted is not None and own is not None:
                found += self._field(shape, name, wanted, own)
        if self.place == "request" and "additionalProperties" not in shape.fields.get("", {}):
            found.append(
                self._differ("", "additionalProperties", "other fields are refused", shape.name)
            )
        return found

    def _field(self, shape: Shape, name: str, wanted: Keywords, own: Keywords) -> list[Difference]:
        found = []
        for keyword, value in wanted.items():
            if keyword in own and spell(own[keyword]) == spell(value):
                continue
            value = self._across(name, keyword, value)
            if keyword not in own and self._another_is_silent(shape, name, keyword):
                continue
            if keyword not in own or spell(own[keyword]) != spell(value):
                has = (
                    f"{shape.name} says {show(own[keyword])}"
                    if keyword in own
                    else (f"{shape.name} is silent")
                )
                found.append(self._differ(name, keyword, f"the page says {show(value)}", has))
        if name in self.asked.https or name in self.asked.hosts:
            hosts = list(self.asked.hosts.get(name, []))
            hosts += self.conflicts.further(self.page, self.place, name, "forbiddenHosts")
            for keyword, does in url_faults(own.get("pattern"), name in self.asked.https, hosts):
                text = f"the page says {show(hosts if keyword == 'forbiddenHosts' else True)}"
                found.append(self._differ(name, keyword, text, f"{shape.name} {does}"))
        return found

    def _another_is_silent(self, shape: Shape, name: str, keyword: str) -> bool:
        """A shared answer admits what any page admits: a bound has to be on all that show it."""
        if self.place != "response" or keyword not in _BOUNDS:
            return False
        return any(
            keyword not in peer.asked.fields.get(name, {keyword: None})
            for peer in self.peers
            if peer.place == self.place and shape in peer.shapes
        )

    def _across(self, name: str, keyword: str, value: Any) -> Any:
        """Where pages contradict each other, what was chosen for all of them."""
        try:
            return self.conflicts.choice(self.page, self.place, name, keyword, [value])
        except KeyError:
            return value

    def _unions(self) -> list[Difference]:
        """What holds over all variants together: model ids, named modes, fields that exclude."""
        found = []
        modes = {mode for mode, _, _ in self.asked.modes}
        for name in ("model", *sorted(modes)):
            stated = self.asked.fields.get(name, {}).get("enum")
            listed = [v for s in self.shapes for v in s.fields.get(name, {}).get("enum") or []]
            if stated is not None and set(map(spell, listed)) != set(map(spell, stated)):
                text = f"the page says {show(stated)}"
                found.append(self._differ(name, "enum", text, f"the spec says {show(listed)}"))
        default = self.asked.fields.get("model", {}).get("default")
        defaults = {s.fields.get("model", {}).get("default") for s in self.shapes} - {None}
        if default is not None and defaults != {default}:
            text = f"the spec says {show(sorted(map(str, defaults)))}"
            found.append(self._differ("model", "default", f"the page says {default}", text))
        for one, other in self.asked.excludes:
            for shape in self.shapes:
                stated = shape.fields.get("", {}).get("not")
                if stated and stated == exclusion(self.asked, shape.fields).get("not"):
                    continue
                if all("type" in shape.fields.get(name, {}) for name in (one, other)):
                    text = f"{shape.name} accepts both"
                    found.append(self._differ(one, "excludes", f"the page says {other}", text))
        for condition in self.asked.conditions:
            for shape in self.shapes:
                stated = shape.fields.get("", {}).get("not")
                if not holds_for(condition, shape.fields):
                    continue
                if stated != exclusion(self.asked, shape.fields).get("not"):
                    text = f"the page says {show(condition[1])} needs {show(condition[2])}"
                    has = f"{shape.name} does not ask for it"
                    found.append(self._differ(condition[0], "mode", text, has))
        for mode, name, _ in self.asked.modes:
            if not any(name in (s.fields.get(mode, {}).get("enum") or []) for s in self.shapes):
                text = f"the page has mode {show(name)}"
                found.append(self._differ(mode, "mode", text, "no variant has it"))
        return found

    def _differ(self, name: str, keyword: str, says: str, spec: str) -> Difference:
        return Difference(self.page, name, keyword, says, spec)

    def states(self, shape: Shape, name: str, keyword: str, value: Any) -> bool:
        """Whether this page is where a statement of the spec comes from."""
        if keyword == "field":
            return name in self.asked.fields
        if keyword == "not" and not name:
            return bool(value == exclusion(self.asked, shape.fields).get("not"))
        if keyword == "pattern":
            return name in self.asked.https or name in self.asked.hosts
        wanted = self.wanted(shape).get(name) or {}
        stated = wanted.get(keyword)
        if keyword == "required" and name in needs_of(self.asked, shape):
            return True
        return keyword in wanted and (
            spell(stated) == spell(value)
            or spell(self._across(name, keyword, stated)) == spell(value)
        )


def _untraced(sides: list[_Side], spec: Spec, conflicts: Conflicts) -> list[Difference]:
    """What the spec says and no page does; request schemas have to name their page."""
    found = []
    for shape in spec.shapes:
        mine = [
            side
            for side in sides
            if side.page in shape.pages and side.place == shape.place and shape in side.shapes
        ]
        pages = ", ".join(dict.fromkeys(side.page for side in mine)) or ", ".join(shape.pages)
        if not mine:
            where = shape.name or shape.operation
            text = "no page has facts of it"
            found.append(Difference(pages, where, shape.place, text, "the spec has it"))
            continue
        for name, keywords in shape.fields.items():
            said = ({"field": True} if name else {}) | keywords
            for keyword, value in said.items():
                found += _trace(mine, shape, name, keyword, value, conflicts)
    return list(dict.fromkeys(found))


def _trace(
    mine: list[_Side], shape: Shape, name: str, keyword: str, value: Any, conflicts: Conflicts
) -> list[Difference]:
    if value is None:
        return []
    # A page stays silent of what another page comes to state: each silence is asked after.
    silent = [side for side in mine if not side.states(shape, name, keyword, value)]
    known = [conflicts.silent(s.page, shape.place, name, keyword, value) for s in silent]
    if any(known) or len(silent) < len(mine):
        return []
    said = any(
        keyword in (side.wanted(shape).get(name) or {})
        or (keyword == "field" and name in side.asked.only_for)
        for side in mine
    )
    if said:
        return []  # a difference that the page's own side already names
    pages = ", ".join(dict.fromkeys(side.page for side in mine))
    text = f"{shape.name or shape.operation} says {show(value)}"
    return [Difference(pages, name, keyword, "no page states it", text)]


def _statuses(sides: list[_Side], spec: Spec) -> list[Difference]:
    """The statuses of refusals: each that a page names is in the spec, and the other way round."""
    stated = {status: side for side in sides for status in side.asked.statuses}
    listed = {s for statuses in spec.statuses.values() for s in statuses if s[0] in "45d"}
    found = [
        Difference(stated[s].page, "", "status", f"the page names {s}", "no operation answers so")
        for s in sorted(set(stated) - listed)
    ]
    return found + [
        Difference("error-codes", "", "status", "no page names it", f"the spec answers {s}")
        for s in sorted(listed - set(stated))
    ]
