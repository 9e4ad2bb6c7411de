"""One section of a page beside the schemas of the spec that answer it.

Whether a schema means what settled facts ask is decided by algebra, as a whole and then field by
field. What means nothing for validity, such as a default, differs where its data does.
"""

from __future__ import annotations

import contextlib
import functools
from typing import Any

from documentation.checking import algebra
from documentation.checking.expected import Expected, ExpectedVariant, expected_by, variants_of
from documentation.checking.parts import UNIONS, Schema, at, shell, with_field
from documentation.checking.spec import Keywords, Spec, SpecSchema
from documentation.checking.url_patterns import pattern_of
from documentation.checking.variant_schema import schema_of
from documentation.conflicts import Conflicts, same
from documentation.fact import BOUNDS, Location, show
from documentation.facts_files import FactsFile
from documentation.settled import NO_CHOICE, Settlement, settle

# What a shared answer keeps only if every page that shows the field states it.
_OF_ALL = {*BOUNDS, "required"}
# What decides which values are valid; all else that a schema says is data.
MEANT = {
    *_OF_ALL,
    *UNIONS,
    *("type", "nullable", "enum", "items", "nullable items", "format", "pattern", "multipleOf"),
    *("exclusiveMinimum", "exclusiveMaximum", "uniqueItems", "contains", "minContains"),
    *("maxContains", "prefixItems", "unevaluatedItems", "unevaluatedProperties", "not", "if"),
    *("then", "else", "additionalProperties", "patternProperties", "propertyNames"),
    *("minProperties", "maxProperties", "dependentRequired", "dependentSchemas"),
}
_LOCATIONS: tuple[Location, ...] = ("request", "response", "path", "query")


def sections_of(files: list[FactsFile], spec: Spec, conflicts: Conflicts) -> list[Section]:
    """Every section of every page, its facts settled; what stays the same is the same section."""
    settled = [settle(file, conflicts) for file in files]
    expected = [expected_by(each, location) for each in settled for location in _LOCATIONS]
    patterns = frozenset(pattern_of(hosts) for each in expected for hosts in each.hosts.values())
    shared: dict[tuple[Location, SpecSchema], list[Settlement]] = {}
    found = {}
    for each in settled:
        mine = spec.of(each.file.page, each.file.operation)
        for location in _LOCATIONS:
            schemas = tuple(s for s in mine if s.location == location)
            found[each, location] = schemas
            for spec_schema in schemas:
                shared.setdefault((location, spec_schema), []).append(each)
    return [
        _section(each, location, tuple((s, *shared[location, s]) for s in schemas), patterns)
        for (each, location), schemas in found.items()
    ]


@functools.lru_cache(maxsize=1024)
def _section(*made_of: Any) -> Section:
    return Section(*made_of)


class Section:
    """One section of one page: what is expected, and the schemas that have to answer.

    All that it is made of stays as it is, so that what follows from it is worked out once.

    Attributes:
        schemas: The schemas of the page.
        sharing: For each of them the pages that describe it, be it as the answer of different
            operations.
        patterns: The patterns of addresses of all pages that forbid some.
    """

    def __init__(
        self,
        settled: Settlement,
        location: Location,
        shared: tuple[tuple[SpecSchema, *tuple[Settlement, ...]], ...],
        patterns: frozenset[str],
    ) -> None:
        self.settled, self.file, self.location = settled, settled.file, location
        self.page, self.patterns = self.file.page, patterns
        self.sharing = {spec_schema: pages for spec_schema, *pages in shared}
        self.schemas = list(self.sharing)
        self.expected: Expected = expected_by(settled, location)
        wanted = (
            variants_of(self.expected) if location == "request" and self.expected.fields else []
        )
        self.variants, self.lacking = _matched(self.schemas, wanted)
        self.schema_of, self.apart = functools.cache(self._schema_of), functools.cache(self._apart)

    def wanted(self, spec_schema: SpecSchema) -> dict[str, Keywords]:
        """The keywords that this page asks of each field of one schema."""
        if self.location != "request":
            return self.expected.fields
        variant = self.variants.get(spec_schema.name)
        return variant.fields if variant else {}

    def together(self, spec_schema: SpecSchema) -> dict[str, Keywords]:
        """What all pages that describe a schema ask of it; what they differ in stays as it is."""
        fields: dict[str, Keywords] = {}
        for expected in self._expected(spec_schema):
            for name, keywords in expected.fields.items():
                own, mine = spec_schema.fields.get(name, {}), fields.setdefault(name, {})
                for keyword, value in keywords.items():
                    if keyword in own or not self.another_is_silent(spec_schema, name, keyword):
                        against = self.against(spec_schema, name, keyword, value)
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
                    if keyword in own or not self.another_is_silent(spec_schema, name, keyword)
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
        pairs = {name: (at(schema, name), at(wanted, name)) for name in names}
        return frozenset(
            name
            for name, (one, other) in pairs.items()
            if one is None or other is None or not algebra.equal(shell(one), shell(other))
        ) or frozenset([""])

    def differs(self, spec_schema: SpecSchema, name: str, keyword: str) -> bool:
        """Whether what is said by a keyword of a field is more than another spelling."""
        if self.location == "request" and not self.wanted(spec_schema):
            return True
        if keyword == "field":  # an answer lists what programs read, whether it is there or not
            return self.location != "request" or bool(self.apart(spec_schema))
        if keyword not in MEANT:
            return True
        if keyword == "required":
            return not name or name.rpartition(".")[0] in self.apart(spec_schema)
        return name in self.apart(spec_schema)

    def shows(self, spec_schema: SpecSchema, name: str) -> str:
        """A body that shows what the spec makes of one field; empty where none was found."""
        spec, page = spec_schema.schema, self.schema_of(spec_schema)
        mixed = with_field(page, spec, name)
        for does, one, other in (("accepted", mixed, page), ("refused", page, mixed)):
            with contextlib.suppress(algebra.NoValueError):
                body = algebra.only_in(one, other)
                verdicts = algebra.accepts(spec, body), algebra.accepts(page, body)
                if verdicts == (does == "accepted", does == "refused"):
                    return f"{algebra.shown(body)} is {does}"
        return ""

    def _expected(self, spec_schema: SpecSchema) -> list[Expected]:
        """What each page that describes a schema asks of it."""
        return [expected_by(peer, self.location) for peer in self.sharing[spec_schema]]

    def is_address(self, name: str) -> bool:
        """Whether the page says in words which addresses a field may have."""
        return name in self.expected.https or name in self.expected.hosts

    def states(self, spec_schema: SpecSchema, name: str, keyword: str, value: Any) -> bool:
        """Whether this page is where a statement of the spec comes from."""
        if keyword == "pattern" and self.is_address(name):
            return True
        wanted = self.wanted(spec_schema)
        if keyword == "field":
            return name in wanted
        stated = wanted.get(name, {})
        return keyword in stated and same(stated[keyword], value)

    def another_is_silent(self, spec_schema: SpecSchema, name: str, keyword: str) -> bool:
        """A shared answer admits what any page admits: a bound has to be on all that show it."""
        if self.location != "response" or keyword not in _OF_ALL:
            return False
        return any(
            keyword not in expected.fields.get(name, {keyword: None})
            for expected in self._expected(spec_schema)
        )

    def against(self, spec_schema: SpecSchema, name: str, keyword: str, value: Any) -> str:
        """What another page says instead of a schema that both describe."""
        said = {}
        if self.location == "response":
            said = _said(tuple(self.sharing[spec_schema])).get((name, keyword), {})
        for page, other in said.items():
            if not same(other, value):
                return f"{page} says {show(other)}, {NO_CHOICE}"
        return ""


@functools.lru_cache(maxsize=128)
def _said(pages: tuple[Settlement, ...]) -> dict[tuple[str, str], dict[str, Any]]:
    """What pages say of an answer, by field and keyword: each value once, with its first page."""
    said: dict[tuple[str, str], dict[str, Any]] = {}
    for page in pages:
        for name, keywords in expected_by(page, "response").fields.items():
            for keyword, value in keywords.items():
                known = said.setdefault((name, keyword), {})
                if not any(same(other, value) for other in known.values()):
                    known[page.file.page] = value
    return said


def _matched(
    schemas: list[SpecSchema], variants: list[ExpectedVariant]
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
