"""All facts against `openapi.yaml`, both ways: nothing left out, nothing added.

Whether a schema means what settled facts ask is decided by algebra, as a whole and then field by
field; only of a field that is proven to differ are keywords compared, to name the fact in words.
What means nothing for validity, such as a default, is compared as data, and a pattern as text.
"""

from __future__ import annotations

import contextlib
import copy
import functools
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from documentation import facts_files
from documentation.checking import algebra
from documentation.checking.expected import (
    Expected,
    ExpectedVariant,
    expected_by,
    holds_for,
    variants_of,
)
from documentation.checking.spec import Keywords, Spec, SpecSchema, load_spec
from documentation.checking.url_patterns import HTTPS, pattern_of, url_faults
from documentation.checking.variant_schema import schema_of
from documentation.conflicts import FILE, Conflicts, load_conflicts, same
from documentation.fact import BOUNDS, Fact, Location, PageError, show
from documentation.facts_files import FactsFile
from documentation.settled import NO_CHOICE, Settlement, folded, settle
from overlays.bundle import SPEC
from overlays.openapi import CREATE

Schema = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where a page and the spec part; `shows` is a body that shows it, if any."""

    page: str
    field: str
    keyword: str
    says: str
    spec: str
    shows: str = ""

    def is_of(self, page: str) -> bool:
        """Whether it is about a page; it may be about several."""
        return page in self.page.split(", ")

    def __str__(self) -> str:
        where = " ".join(f"{self.page} {self.field} {self.keyword}".split())
        return f"{where}: {self.says}; {self.spec}" + (
            f", so that {self.shows}" if self.shows else ""
        )


@dataclass(slots=True)
class Report:
    """What a comparison found: a line a page, the differences, the choices that were used.

    Of `pairs` of request variants all but the `overlaps` are proven to have no body in common.
    """

    sections: list[Section] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    settled: list[str] = field(default_factory=list)
    pairs: int = 0
    overlaps: list[Difference] = field(default_factory=list)


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
    sections = sections_of(files, spec, conflicts)
    report = Report(sections)
    for file in files:
        mine = [section for section in sections if section.file is file]
        found = [difference for section in mine for difference in section.differences()]
        if not any(section.schemas for section in mine):
            found.append(Difference(file.page, "", "", "has facts", "the spec has no schema of it"))
        report.differences += found
        name = file.path.stem if file.path else file.page
        variants = sum(len(section.schemas) for section in mine if section.location == "request")
        report.pages.append(
            f"{name}: {len(file.facts)} facts, {variants} request variants, "
            f"{len(found)} difference{'' if len(found) == 1 else 's'}"
        )
    report.differences += _untraced(sections, spec)
    report.differences += _statuses(sections, spec)
    report.pairs, report.overlaps = _overlaps(spec)
    report.differences += report.overlaps
    stated = [folded(fact) for file in files for fact in file.facts]
    filled = {pair for section in sections for pair in section.settled.used}
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
_OF_ALL = {*BOUNDS, "required"}
_UNIONS = ("anyOf", "oneOf", "allOf")
# What decides which values are valid; all else that a schema says is data.
_MEANT = {
    *_OF_ALL,
    *_UNIONS,
    *("type", "nullable", "enum", "items", "nullable items", "format", "pattern", "multipleOf"),
    *("exclusiveMinimum", "exclusiveMaximum", "uniqueItems", "contains", "minContains"),
    *("maxContains", "prefixItems", "unevaluatedItems", "unevaluatedProperties", "not", "if"),
    *("then", "else", "additionalProperties", "patternProperties", "propertyNames"),
    *("minProperties", "maxProperties", "dependentRequired", "dependentSchemas"),
}
_LOCATIONS: tuple[Location, ...] = ("request", "response", "path", "query")


def sections_of(files: list[FactsFile], spec: Spec, conflicts: Conflicts) -> list[Section]:
    """Every section of every page, its facts settled."""
    settled = [settle(file, conflicts) for file in files]
    expected = [expected_by(each, location) for each in settled for location in _LOCATIONS]
    hosts = tuple(pattern_of(hosts) for each in expected for hosts in each.hosts.values())
    sections = []
    for each in settled:
        page, operation = each.file.page, each.file.operation
        known = any(spec.of(page, location, operation) for location in _LOCATIONS)
        for location in _LOCATIONS:
            schemas = tuple(spec.of(page, location, operation if known else ""))
            make = Section if location == "response" else _section
            sections.append(make(each, location, schemas, hosts))
    answers = [section for section in sections if section.location == "response"]
    for section in answers:
        section.peers = answers
    return sections


@functools.lru_cache(maxsize=1024)
def _section(*arguments: Any) -> Section:
    """A section, which is made once: what is found of it is known where nothing of it changed."""
    return Section(*arguments)


class Section:
    """One section of one page: what is expected, and the schemas that have to answer.

    An answer has peers, the sections of all answers: several pages may describe one. `hosts` are
    the patterns of addresses that pages ask for.
    """

    def __init__(
        self,
        settled: Settlement,
        location: Location,
        schemas: tuple[SpecSchema, ...],
        hosts: tuple[str, ...],
    ) -> None:
        self.settled, self.location, self.schemas, self.hosts = settled, location, schemas, hosts
        self.file, self.page = settled.file, settled.file.page
        self.peers: list[Section] = []
        self.expected: Expected = expected_by(settled, location)
        wanted = (
            variants_of(self.expected) if location == "request" and self.expected.fields else []
        )
        self.variants, self.lacking = _matched(self.schemas, wanted)
        self.schema_of, self.apart = functools.cache(self._schema_of), functools.cache(self._apart)
        self.of_shape = functools.cache(self._of_shape)
        self.sharing = functools.cache(self._sharing)
        self.differences = functools.cache(self._differences)

    def wanted(self, spec_schema: SpecSchema) -> dict[str, Keywords]:
        """The keywords that this page asks of each field of one schema."""
        if self.location != "request":
            return self.expected.fields
        variant = self.variants.get(spec_schema.name)
        return variant.fields if variant else {}

    def together(self, spec_schema: SpecSchema) -> dict[str, Keywords]:
        """What all pages that describe a schema ask of it; what they differ in stays as it is."""
        fields: dict[str, Keywords] = {}
        for section in self.sharing(spec_schema):
            for name, keywords in section.wanted(spec_schema).items():
                own, mine = spec_schema.fields.get(name, {}), fields.setdefault(name, {})
                for keyword, value in keywords.items():
                    if keyword in own or not self._another_is_silent(spec_schema, name, keyword):
                        against = section._against(spec_schema, name, keyword, value)
                        if not against:
                            mine[keyword] = value
                        elif keyword in own:
                            mine[keyword] = own[keyword]
        return fields

    def _schema_of(self, spec_schema: SpecSchema) -> Schema:
        """The schema that this page, and any other that describes it too, asks of a shape."""
        fields = self.wanted(spec_schema)
        if self.location == "response":
            fields = self.together(spec_schema)
            for name, keywords in self.wanted(spec_schema).items():
                own = spec_schema.fields.get(name, {})
                fields.setdefault(name, {}).update(
                    (keyword, value)
                    for keyword, value in keywords.items()
                    if keyword in own or not self._another_is_silent(spec_schema, name, keyword)
                )
        patterns = {
            name: {"pattern": spec_schema.fields[name]["pattern"]}
            for name in (*self.expected.https, *self.expected.hosts)
            if name in fields and "pattern" in spec_schema.fields.get(name, {})
        }
        return schema_of({name: fields[name] | patterns.get(name, {}) for name in fields})

    def _apart(self, spec_schema: SpecSchema) -> frozenset[str]:
        """The fields, the body among them, that are not proven to mean what is expected."""
        schema, wanted = spec_schema.schema, self.schema_of(spec_schema)
        if algebra.equal(schema, wanted):
            return frozenset()
        names = dict.fromkeys(["", *spec_schema.fields, *self.wanted(spec_schema)])
        pairs = {name: (_at(schema, name), _at(wanted, name)) for name in names}
        return frozenset(
            name
            for name, (one, other) in pairs.items()
            if one is None or other is None or not algebra.equal(_shell(one), _shell(other))
        ) or frozenset([""])

    def differs(self, spec_schema: SpecSchema, name: str, keyword: str) -> bool:
        """Whether what is said by a keyword of a field is more than another spelling."""
        if self.location == "request" and not self.wanted(spec_schema):
            return True
        if keyword == "field":  # an answer lists what programs read, whether it is there or not
            return self.location != "request" or bool(self.apart(spec_schema))
        if keyword not in _MEANT:
            return True
        if keyword == "required":
            return not name or name.rpartition(".")[0] in self.apart(spec_schema)
        return name in self.apart(spec_schema)

    def shows(self, spec_schema: SpecSchema, name: str) -> str:
        """A body that shows what the spec makes of one field; empty where none was found."""
        spec, page = spec_schema.schema, self.schema_of(spec_schema)
        mixed = _with(page, spec, name)
        for does, one, other in (("accepted", mixed, page), ("refused", page, mixed)):
            with contextlib.suppress(algebra.NoValueError):
                body = algebra.only_in(one, other)
                verdicts = algebra.accepts(spec, body), algebra.accepts(page, body)
                if verdicts == (does == "accepted", does == "refused"):
                    return f"{algebra.shown(body)} is {does}"
        return ""

    def _differences(self) -> list[Difference]:
        found = [
            self._differ(said[0].field, said[0].keyword, f"the page says {_each(said)}", NO_CHOICE)
            for said in self.settled.unsettled
            if said[0].location == self.location
        ]
        for index, spec_schema in enumerate(self.schemas):
            if not any(map(spec_schema.same, self.schemas[:index])):
                found += self.of_shape(spec_schema)
        if self.schemas:
            for variant in self.lacking:
                text = f"the page says {show(variant.mode or variant.models)}"
                name = self.expected.selector or "model"
                found.append(self._differ(name, "enum", text, "no variant has it"))
            creates = self.location == "request" and self.schemas[0].operation == CREATE
            if creates and "model" not in self.expected.fields:
                text = "the page lists none"
                found.append(self._differ("model", "field", text, "it tells variants apart"))
        elif self.expected.fields:
            text = f"lists {len(self.expected.fields)} {self.location} fields"
            found.append(self._differ("", self.location, text, "the spec has none"))
        return list(dict.fromkeys(found))

    def _of_shape(self, spec_schema: SpecSchema) -> list[Difference]:
        wanted = self.wanted(spec_schema)
        if self.location == "request" and not wanted:
            return [
                self._differ(
                    "", "variant", "no variant is like it", f"the spec has {spec_schema.name}"
                )
            ]
        found: list[Difference] = []
        for name, keywords in wanted.items():
            own = spec_schema.fields.get(name, None if name else {})
            if own is not None:
                found += self._field(spec_schema, name, keywords, own)
            elif self.location == "response" and not (keywords or name in self.expected.mentioned):
                continue
            elif self.differs(spec_schema, name, "field"):
                text, shows = f"{spec_schema.name} lacks it", self.shows(spec_schema, name)
                found.append(self._differ(name, "field", "the page lists it", text, shows))
        for name, ids in self.expected.only_for.items():
            if name in spec_schema.fields and name not in wanted:
                text = f"only {show(ids)} has it"
                found.append(self._differ(name, "onlyFor", text, f"{spec_schema.name} has it"))
        return found

    def _field(
        self, spec_schema: SpecSchema, name: str, wanted: Keywords, own: Keywords
    ) -> list[Difference]:
        found = []
        for keyword, value in wanted.items():
            if keyword in own and same(own[keyword], value):
                continue
            if keyword not in own and self._another_is_silent(spec_schema, name, keyword):
                continue
            if not self.differs(spec_schema, name, keyword):
                continue
            if (name, keyword) == ("", "not"):
                found += self._rules(spec_schema)
                continue
            has = (
                f"{spec_schema.name} says {show(own[keyword])}"
                if keyword in own
                else f"{spec_schema.name} is silent"
            )
            has = self._against(spec_schema, name, keyword, value) or has
            shows = self.shows(spec_schema, name) if keyword in _MEANT else ""
            found.append(self._differ(name, keyword, f"the page says {show(value)}", has, shows))
        if name in self.expected.https or name in self.expected.hosts:
            found += self._pattern(spec_schema, name, own.get("pattern"))
        return found

    def _pattern(self, spec_schema: SpecSchema, name: str, own: object) -> Iterator[Difference]:
        """The pattern of an address: it is that of a page which forbids what this one does."""
        https, hosts = name in self.expected.https, self.expected.hosts.get(name, [])
        known = False
        for keyword, does in url_faults(own, https, hosts):
            text = f"the page says {show(hosts if keyword == 'forbiddenHosts' else True)}"
            known = True
            yield self._differ(name, keyword, text, f"{spec_schema.name} {does}")
        patterns = self.hosts if hosts else (HTTPS,)
        if not known and https and own not in patterns:
            keyword = "forbiddenHosts" if hosts else "https"
            text = f"the page asks for the pattern {pattern_of(hosts)}"
            yield self._differ(name, keyword, text, f"{spec_schema.name} says {own}")

    def _rules(self, spec_schema: SpecSchema) -> list[Difference]:
        """What holds between the fields of a variant, where its `not` says something else."""
        fields = self.wanted(spec_schema)
        found = [
            self._differ(
                one, "excludes", f"the page says {other}", f"{spec_schema.name} accepts both"
            )
            for one, other in self.expected.excludes
            if one in fields and other in fields
        ]
        for condition in self.expected.conditions:
            if holds_for(condition, fields):
                text = f"the page says {show(condition[1])} needs {show(condition[2])}"
                has = f"{spec_schema.name} does not ask for it"
                found.append(self._differ(condition[0], "mode", text, has))
        return found

    def _sharing(self, spec_schema: SpecSchema) -> list[Section]:
        """The sections that describe one schema, be it as the answer of different operations."""
        return [peer for peer in self.peers if any(map(spec_schema.same, peer.schemas))]

    def _another_is_silent(self, spec_schema: SpecSchema, name: str, keyword: str) -> bool:
        """A shared answer admits what any page admits: a bound has to be on all that show it."""
        if self.location != "response" or keyword not in _OF_ALL:
            return False
        return any(
            keyword not in peer.expected.fields.get(name, {keyword: None})
            for peer in self.sharing(spec_schema)
        )

    def _against(self, spec_schema: SpecSchema, name: str, keyword: str, value: Any) -> str:
        """What another page says instead of a schema that both describe."""
        for peer in self.sharing(spec_schema) if self.location == "response" else []:
            other = peer.expected.fields.get(name, {}).get(keyword, value)
            if not same(other, value):
                return f"{peer.page} says {show(other)}, {NO_CHOICE}"
        return ""

    def _differ(self, name: str, keyword: str, says: str, spec: str, shows: str = "") -> Difference:
        return Difference(self.page, name, keyword, says, spec, shows)

    def states(self, spec_schema: SpecSchema, name: str, keyword: str, value: Any) -> bool:
        """Whether this page is where a statement of the spec comes from."""
        if keyword == "pattern" and (name in self.expected.https or name in self.expected.hosts):
            return True
        wanted = self.wanted(spec_schema)
        if keyword == "field":
            return name in wanted
        stated = wanted.get(name, {})
        return keyword in stated and same(stated[keyword], value)


def _branches(schema: Schema) -> list[Schema]:
    """A schema, that of its items and those of its unions: where its members may stand."""
    below = [schema.get("items"), *(b for key in _UNIONS for b in schema.get(key) or [])]
    return [schema, *(each for b in below if isinstance(b, dict) for each in _branches(b))]


def _at(schema: Schema, name: str) -> Schema | None:
    """The schema of a dotted field, if it has one of its own; no name is the whole."""
    found: Schema | None = schema
    for step in name.split(".") if name else []:
        holders = [b.get("properties") or {} for b in _branches(found)] if found else []
        found = next((holder[step] for holder in holders if step in holder), None)
    return found


def _shell(schema: Schema) -> Schema:
    """A schema less what its members say: which there are, and which are required, stays."""
    shell = copy.copy(schema)
    if isinstance(schema.get("properties"), dict):
        shell["properties"] = {name: {} for name in schema["properties"]}
    if isinstance(schema.get("items"), dict):
        shell["items"] = _shell(schema["items"])
    for key in _UNIONS:
        if isinstance(schema.get(key), list):
            shell[key] = [_shell(b) if isinstance(b, dict) else b for b in schema[key]]
    return shell


def _with(schema: Schema, other: Schema, name: str) -> Schema:
    """A schema with one field as another schema has it; the other one where it can't be."""
    parent, _, last = name.rpartition(".")
    mixed = copy.deepcopy(schema)
    into, out_of = (
        [b for b in _branches(_at(each, parent) or {}) if "properties" in b]
        for each in (mixed, other)
    )
    if not name or len(into) != 1 or len(out_of) != 1:
        return other
    into[0]["properties"].pop(last, None)
    if last in out_of[0]["properties"]:
        into[0]["properties"][last] = out_of[0]["properties"][last]
    required = [each for each in into[0].get("required", []) if each != last]
    into[0]["required"] = required + [last] * (last in out_of[0].get("required", []))
    return mixed


def _each(said: list[Fact]) -> str:
    return " and ".join(f"{show(fact.value)} ({fact.stated})" for fact in said)


def _matched(
    schemas: Sequence[SpecSchema], variants: list[ExpectedVariant]
) -> tuple[dict[str, ExpectedVariant], list[ExpectedVariant]]:
    """Each variant with the schema that is most like it, by name; and those left without one."""
    pairs = [(variant, spec_schema) for variant in variants for spec_schema in schemas]
    pairs.sort(key=lambda pair: _likeness(*pair), reverse=True)
    found: dict[str, ExpectedVariant] = {}
    lacking = list(variants)
    for variant, spec_schema in pairs:
        if variant in lacking and spec_schema.name not in found:
            found[spec_schema.name] = variant
            lacking.remove(variant)
    return found, lacking


def _likeness(variant: ExpectedVariant, spec_schema: SpecSchema) -> int:
    return sum(
        keyword in keywords and keywords[keyword] == value
        for name, keywords in spec_schema.fields.items()
        if name in variant.fields
        for keyword, value in variant.fields[name].items()
    )


def _untraced(sections: list[Section], spec: Spec) -> list[Difference]:
    """What the spec says and no page does; request schemas have to name their page."""
    found = []
    for index, spec_schema in enumerate(spec.schemas):
        if any(map(spec_schema.same, spec.schemas[:index])):
            continue
        mine = [section for section in sections if any(map(spec_schema.same, section.schemas))]
        found += _untraced_of(spec_schema, tuple(mine))
    return list(dict.fromkeys(found))


@functools.lru_cache(maxsize=1024)
def _untraced_of(spec_schema: SpecSchema, mine: tuple[Section, ...]) -> list[Difference]:
    """What one schema says and none of the sections that describe it does."""
    pages = ", ".join(dict.fromkeys(section.page for section in mine) or spec_schema.pages)
    if not mine:
        where = spec_schema.name or spec_schema.operation
        text = "no page has facts of it"
        return [Difference(pages, where, spec_schema.location, text, "the spec has it")]
    found, named = [], set()
    for name, keywords in spec_schema.fields.items():
        said = ({"field": True} if name else {}) | keywords
        for keyword, value in said.items():
            if value is None or any(
                section.states(spec_schema, name, keyword, value) for section in mine
            ):
                continue
            if any(_named(section, spec_schema, name, keyword) for section in mine):
                continue  # a difference that the page's own section already names
            if not any(section.differs(spec_schema, name, keyword) for section in mine):
                continue
            named |= {name, name.rpartition(".")[0]}
            text = f"{spec_schema.name or spec_schema.operation} says {show(value)}"
            shows = mine[0].shows(spec_schema, name) if keyword in _MEANT | {"field"} else ""
            found.append(Difference(pages, name, keyword, "no page states it", text, shows))
    return found + _unnamed(mine, spec_schema, pages, named)


def _unnamed(
    mine: tuple[Section, ...], spec_schema: SpecSchema, pages: str, named: set[str]
) -> list[Difference]:
    """What is proven to differ, or not proven to be equal, and has no keyword to be named by."""
    section = next(
        (s for s in mine if s.location != "request" or spec_schema.name in s.variants), None
    )
    if section is None or not section.apart(spec_schema):
        return []
    for each in section.of_shape(spec_schema):
        named |= {each.field, each.field.rpartition(".")[0]}
    text = f"{spec_schema.name or spec_schema.operation} means something else"
    says = "what the facts mean"
    return [
        Difference(pages, name, "schema", says, text, section.shows(spec_schema, name))
        for name in sorted(section.apart(spec_schema) - named)
    ]


def _named(section: Section, spec_schema: SpecSchema, name: str, keyword: str) -> bool:
    wanted = section.wanted(spec_schema)
    if section.location == "request" and not wanted:
        return True
    return keyword in wanted.get(name, {}) or (
        keyword == "field" and name in section.expected.only_for
    )


def _overlaps(spec: Spec) -> tuple[int, list[Difference]]:
    """How many pairs of request variants there are, and those not proven to be apart."""
    requests = [spec_schema for spec_schema in spec.schemas if spec_schema.location == "request"]
    pairs = [
        pair
        for pair in itertools.combinations(requests, 2)
        if pair[0].operation == pair[1].operation
    ]
    found = []
    for one, other in pairs:
        if algebra.apart(one.schema, other.schema):
            continue
        pages = ", ".join(dict.fromkeys([*one.pages, *other.pages]))
        names = f"{one.name} and {other.name}"
        try:
            body = algebra.shown(algebra.in_both(one.schema, other.schema))
            text = f"{names} both accept {body}"
        except algebra.NoValueError:
            text = f"{names} are not proven to exclude each other"
        found.append(Difference(pages, "", "oneOf", "a body is of one variant", text))
    return len(pairs), found


def _statuses(sections: list[Section], spec: Spec) -> list[Difference]:
    """The statuses of refusals: each that a page names is in the spec, and the other way round."""
    stated = {status: section for section in sections for status in section.expected.statuses}
    listed = {s for statuses in spec.statuses.values() for s in statuses if s[0] in "45d"}
    found = [
        Difference(stated[s].page, "", "status", f"the page names {s}", "no operation answers so")
        for s in sorted(set(stated) - listed)
    ]
    return found + [
        Difference("error-codes", "", "status", "no page names it", f"the spec answers {s}")
        for s in sorted(listed - set(stated))
    ]
