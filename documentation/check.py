"""All facts against `openapi.yaml`, both ways: nothing left out, nothing added."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from documentation import facts_files
from documentation.conflicts import FILE, Conflicts, load_conflicts, same
from documentation.expected import Asked, Variant, asked_by, holds_for, variants_of
from documentation.fact import BOUNDS, Fact, PageError, Place, show
from documentation.facts_files import FactsFile
from documentation.hosts import url_faults
from documentation.settled import NO_CHOICE, Settlement, folded, settle
from documentation.spec import SPEC, Keywords, Shape, Spec, load_spec
from overlays.openapi import CREATE


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where a page and the spec part."""

    page: str
    field: str
    keyword: str
    says: str
    spec: str

    def is_of(self, page: str) -> bool:
        """Whether it is about a page; it may be about several."""
        return page in self.page.split(", ")

    def __str__(self) -> str:
        where = " ".join(f"{self.page} {self.field} {self.keyword}".split())
        return f"{where}: {self.says}; {self.spec}"


@dataclass(slots=True)
class Report:
    """What a comparison found: a line a page, the differences, the choices that were used."""

    sides: list[Side] = field(default_factory=list)
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
    sides = sides_of(files, spec, conflicts)
    report = Report(sides)
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
    report.differences += _untraced(sides, spec)
    report.differences += _statuses(sides, spec)
    stated = [folded(fact) for file in files for fact in file.facts]
    filled = {pair for side in sides for pair in side.settled.used}
    for entry in conflicts.settled:
        kind = "silence" if entry.silence else "contradiction"
        report.settled.append(f"settled {kind}: {entry}: {entry.reason}")
        for name in entry.stale(stated, filled):
            text = "conflicts.yaml settles it"
            gone = f"this {kind} no longer exists"
            report.differences.append(
                Difference(", ".join(entry.pages), name, entry.keyword, text, gone)
            )
    return report


# What a shared answer keeps only if every page that shows the field states it.
_OF_ALL = (*BOUNDS, "required")
_PLACES: tuple[Place, ...] = ("request", "response", "path", "query")


def sides_of(files: list[FactsFile], spec: Spec, conflicts: Conflicts) -> list[Side]:
    """Every side of every page, its facts settled."""
    settled = [settle(file, conflicts) for file in files]
    sides = [Side(each, place, spec) for each in settled for place in _PLACES]
    for side in sides:
        side.peers = sides
    return sides


class Side:
    """One side of one page: what is asked, and the shapes that have to answer."""

    def __init__(self, settled: Settlement, place: Place, spec: Spec) -> None:
        self.settled, self.file, self.place = settled, settled.file, place
        self.page = self.file.page
        known = any(spec.of(self.page, each, self.file.operation) for each in _PLACES)
        operation = self.file.operation if known else ""
        self.shapes = spec.of(self.page, place, operation)
        self.peers: list[Side] = []
        self.asked: Asked = asked_by(settled, place)
        wanted = variants_of(self.asked) if place == "request" and self.asked.fields else []
        self.variants, self.lacking = _matched(self.shapes, wanted)

    def wanted(self, shape: Shape) -> dict[str, Keywords]:
        """The keywords that this page asks of each field of one shape."""
        if self.place != "request":
            return self.asked.fields
        variant = self.variants.get(shape.name)
        return variant.fields if variant else {}

    def together(self, shape: Shape) -> dict[str, Keywords]:
        """What all pages that describe a shape ask of it; what they differ in stays as it is."""
        fields: dict[str, Keywords] = {}
        for side in self._sharing(shape):
            for name, keywords in side.wanted(shape).items():
                own, mine = shape.fields.get(name, {}), fields.setdefault(name, {})
                for keyword, value in keywords.items():
                    if keyword in own or not self._another_is_silent(shape, name, keyword):
                        against = side._against(shape, name, keyword, value)
                        if not against:
                            mine[keyword] = value
                        elif keyword in own:
                            mine[keyword] = own[keyword]
        return fields

    def differences(self) -> list[Difference]:
        found = [
            self._differ(said[0].field, said[0].keyword, f"the page says {_each(said)}", NO_CHOICE)
            for said in self.settled.unsettled
            if said[0].place == self.place
        ]
        for shape in self.shapes:
            found += self._shape(shape)
        if self.shapes:
            for variant in self.lacking:
                text = f"the page says {show(variant.mode or variant.models)}"
                name = self.asked.selector or "model"
                found.append(self._differ(name, "enum", text, "no variant has it"))
            creates = self.place == "request" and self.shapes[0].operation == CREATE
            if creates and "model" not in self.asked.fields:
                text = "the page lists none"
                found.append(self._differ("model", "field", text, "it tells variants apart"))
        elif self.asked.fields:
            text = f"lists {len(self.asked.fields)} {self.place} fields"
            found.append(self._differ("", self.place, text, "the spec has none"))
        return list(dict.fromkeys(found))

    def _shape(self, shape: Shape) -> list[Difference]:
        wanted = self.wanted(shape)
        if self.place == "request" and not wanted:
            return [
                self._differ("", "variant", "no variant is like it", f"the spec has {shape.name}")
            ]
        found: list[Difference] = []
        for name, keywords in wanted.items():
            own = shape.fields.get(name, None if name else {})
            if own is not None:
                found += self._field(shape, name, keywords, own)
            elif self.place != "response" or keywords or name in self.asked.mentioned:
                found.append(
                    self._differ(name, "field", "the page lists it", f"{shape.name} lacks it")
                )
        for name, ids in self.asked.only_for.items():
            if name in shape.fields and name not in wanted:
                text = f"only {show(ids)} has it"
                found.append(self._differ(name, "onlyFor", text, f"{shape.name} has it"))
        return found

    def _field(self, shape: Shape, name: str, wanted: Keywords, own: Keywords) -> list[Difference]:
        found = []
        for keyword, value in wanted.items():
            if keyword in own and same(own[keyword], value):
                continue
            if keyword not in own and self._another_is_silent(shape, name, keyword):
                continue
            if (name, keyword) == ("", "not"):
                found += self._rules(shape)
                continue
            has = (
                f"{shape.name} says {show(own[keyword])}"
                if keyword in own
                else f"{shape.name} is silent"
            )
            has = self._against(shape, name, keyword, value) or has
            found.append(self._differ(name, keyword, f"the page says {show(value)}", has))
        if name in self.asked.https or name in self.asked.hosts:
            hosts = self.asked.hosts.get(name, [])
            for keyword, does in url_faults(own.get("pattern"), name in self.asked.https, hosts):
                text = f"the page says {show(hosts if keyword == 'forbiddenHosts' else True)}"
                found.append(self._differ(name, keyword, text, f"{shape.name} {does}"))
        return found

    def _rules(self, shape: Shape) -> list[Difference]:
        """What holds between the fields of a variant, where its `not` says something else."""
        fields = self.wanted(shape)
        found = [
            self._differ(one, "excludes", f"the page says {other}", f"{shape.name} accepts both")
            for one, other in self.asked.excludes
            if one in fields and other in fields
        ]
        for condition in self.asked.conditions:
            if holds_for(condition, fields):
                text = f"the page says {show(condition[1])} needs {show(condition[2])}"
                has = f"{shape.name} does not ask for it"
                found.append(self._differ(condition[0], "mode", text, has))
        return found

    def _sharing(self, shape: Shape) -> list[Side]:
        """The sides that describe one schema, be it as the answer of different operations."""
        return [
            peer
            for peer in self.peers
            if peer.place == self.place and any(map(shape.same, peer.shapes))
        ]

    def _another_is_silent(self, shape: Shape, name: str, keyword: str) -> bool:
        """A shared answer admits what any page admits: a bound has to be on all that show it."""
        if self.place != "response" or keyword not in _OF_ALL:
            return False
        return any(
            keyword not in peer.asked.fields.get(name, {keyword: None})
            for peer in self._sharing(shape)
        )

    def _against(self, shape: Shape, name: str, keyword: str, value: Any) -> str:
        """What another page says instead of a schema that both describe."""
        for peer in self._sharing(shape) if self.place == "response" else []:
            other = peer.asked.fields.get(name, {}).get(keyword, value)
            if not same(other, value):
                return f"{peer.page} says {show(other)}, {NO_CHOICE}"
        return ""

    def _differ(self, name: str, keyword: str, says: str, spec: str) -> Difference:
        return Difference(self.page, name, keyword, says, spec)

    def states(self, shape: Shape, name: str, keyword: str, value: Any) -> bool:
        """Whether this page is where a statement of the spec comes from."""
        if keyword == "pattern" and (name in self.asked.https or name in self.asked.hosts):
            return True
        wanted = self.wanted(shape)
        if keyword == "field":
            return name in wanted
        stated = wanted.get(name, {})
        return keyword in stated and same(stated[keyword], value)


def _each(said: list[Fact]) -> str:
    return " and ".join(f"{show(fact.value)} ({fact.stated})" for fact in said)


def _matched(
    shapes: list[Shape], variants: list[Variant]
) -> tuple[dict[str, Variant], list[Variant]]:
    """Each variant with the shape that is most like it, by name; and those left without one."""
    pairs = [(variant, shape) for variant in variants for shape in shapes]
    pairs.sort(key=lambda pair: _likeness(*pair), reverse=True)
    found: dict[str, Variant] = {}
    lacking = list(variants)
    for variant, shape in pairs:
        if variant in lacking and shape.name not in found:
            found[shape.name] = variant
            lacking.remove(variant)
    return found, lacking


def _likeness(variant: Variant, shape: Shape) -> int:
    return sum(
        keyword in keywords and keywords[keyword] == value
        for name, keywords in shape.fields.items()
        if name in variant.fields
        for keyword, value in variant.fields[name].items()
    )


def _untraced(sides: list[Side], spec: Spec) -> list[Difference]:
    """What the spec says and no page does; request schemas have to name their page."""
    found = []
    for shape in spec.shapes:
        mine = [side for side in sides if any(map(shape.same, side.shapes))]
        pages = ", ".join(dict.fromkeys(side.page for side in mine)) or ", ".join(shape.pages)
        if not mine:
            where = shape.name or shape.operation
            text = "no page has facts of it"
            found.append(Difference(pages, where, shape.place, text, "the spec has it"))
            continue
        for name, keywords in shape.fields.items():
            said = ({"field": True} if name else {}) | keywords
            for keyword, value in said.items():
                if value is None or any(side.states(shape, name, keyword, value) for side in mine):
                    continue
                if any(_named(side, shape, name, keyword) for side in mine):
                    continue  # a difference that the page's own side already names
                text = f"{shape.name or shape.operation} says {show(value)}"
                found.append(Difference(pages, name, keyword, "no page states it", text))
    return list(dict.fromkeys(found))


def _named(side: Side, shape: Shape, name: str, keyword: str) -> bool:
    wanted = side.wanted(shape)
    if side.place == "request" and not wanted:
        return True
    return keyword in wanted.get(name, {}) or (keyword == "field" and name in side.asked.only_for)


def _statuses(sides: list[Side], spec: Spec) -> list[Difference]:
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
