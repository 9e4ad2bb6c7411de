"""How a section of a page and the spec part, in words: the fact that differs, by its keyword."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from documentation.checking import algebra
from documentation.checking.expected import rules_of
from documentation.checking.section import MEANT, Section
from documentation.checking.spec import Keywords, SpecSchema
from documentation.checking.url_patterns import pattern_of, url_faults
from documentation.conflicts import same
from documentation.fact import show
from documentation.settled import NO_CHOICE
from overlays.openapi import CREATE


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


@functools.lru_cache(maxsize=1024)
def differences(section: Section) -> list[Difference]:
    """What its facts and the schemas of its page part in, each once."""
    return list(dict.fromkeys(_differences(section)))


def _differences(section: Section) -> Iterator[Difference]:
    page, expected = section.page, section.expected
    for said in section.settled.unsettled:
        if said[0].location == section.location:
            each = " and ".join(f"{show(fact.value)} ({fact.stated})" for fact in said)
            says = f"the page says {each}"
            yield Difference(page, said[0].field, said[0].keyword, says, NO_CHOICE)
    for spec_schema in section.schemas:
        yield from of_schema(section, spec_schema)
    if section.schemas:
        for variant in section.lacking:
            says = f"the page says {show(variant.mode or variant.models)}"
            yield Difference(page, expected.selector or "model", "enum", says, "no variant has it")
        creates = section.location == "request" and CREATE in section.schemas[0].operations
        if creates and "model" not in expected.fields:
            says = "the page lists none"
            yield Difference(page, "model", "field", says, "it tells variants apart")
    elif expected.fields:
        says = f"lists {len(expected.fields)} {section.location} fields"
        yield Difference(page, "", section.location, says, "the spec has none")


@functools.lru_cache(maxsize=1024)
def of_schema(section: Section, spec_schema: SpecSchema) -> list[Difference]:
    """The same of one schema."""
    return list(_of_schema(section, spec_schema))


def _of_schema(section: Section, spec_schema: SpecSchema) -> Iterator[Difference]:
    page, schema, expected = section.page, spec_schema.name, section.expected
    wanted = section.wanted(spec_schema)
    if section.location == "request" and not wanted:
        yield Difference(page, "", "variant", "no variant is like it", f"the spec has {schema}")
        return
    for name, keywords in wanted.items():
        own = spec_schema.fields.get(name, None if name else {})
        if own is not None:
            yield from _field(section, spec_schema, name, keywords, own)
        elif section.location == "response" and not (keywords or name in expected.mentioned):
            continue
        elif section.differs(spec_schema, name, "field"):
            shows = section.shows(spec_schema, name)
            says = "the page lists it"
            yield Difference(page, name, "field", says, f"{schema} lacks it", shows)
    for name, ids in expected.only_for.items():
        if name in spec_schema.fields and name not in wanted:
            yield Difference(page, name, "onlyFor", f"only {show(ids)} has it", f"{schema} has it")


def _field(
    section: Section, spec_schema: SpecSchema, name: str, wanted: Keywords, own: Keywords
) -> Iterator[Difference]:
    for keyword, value in wanted.items():
        if keyword in own and same(own[keyword], value):
            continue
        if keyword not in own and section.another_is_silent(spec_schema, name, keyword):
            continue
        if not section.differs(spec_schema, name, keyword):
            continue
        rules = (name, keyword) == ("", "not")
        if rules and (parted := [*_rules(section, spec_schema, value, own.get("not"))]):
            yield from parted
            continue
        has = f"says {show(own[keyword])}" if keyword in own else "is silent"
        has = section.against(spec_schema, name, keyword, value) or f"{spec_schema.name} {has}"
        shows = section.shows(spec_schema, name) if keyword in MEANT else ""
        yield Difference(section.page, name, keyword, f"the page says {show(value)}", has, shows)
    if section.is_address(name):
        yield from _pattern(section, spec_schema, name, own.get("pattern"))


def _pattern(
    section: Section, spec_schema: SpecSchema, name: str, own: object
) -> Iterator[Difference]:
    """The pattern of an address: it is that of a page which forbids what this one does."""
    https, hosts = name in section.expected.https, section.expected.hosts.get(name, [])
    known = False
    for keyword, does in url_faults(own, https, hosts):
        says = f"the page says {show(hosts if keyword == 'forbiddenHosts' else True)}"
        known = True
        yield Difference(section.page, name, keyword, says, f"{spec_schema.name} {does}")
    asked = pattern_of(hosts, https=https)
    others = section.patterns if hosts and https else ()
    if not known and own != asked and own not in others:
        keyword = "forbiddenHosts" if hosts else "https"
        says = f"the page asks for the pattern {asked}"
        yield Difference(section.page, name, keyword, says, f"{spec_schema.name} says {own}")


def _rules(section: Section, spec_schema: SpecSchema, asked: Any, own: Any) -> Iterator[Difference]:
    """The rules between the fields of a variant that only the page, or only its `not`, has."""
    fields, page, name = section.wanted(spec_schema), section.page, spec_schema.name
    models = fields.get("model", {}).get("enum") or [""]
    for rule in rules_of(section.expected, fields, models[0]):
        if own is None or not algebra.covers(own, rule.broken):
            says = f"the page says that {rule.words}"
            yield Difference(page, rule.field, rule.keyword, says, f"{name} does not")
    for rule_of_spec in own.get("anyOf", [own]) if isinstance(own, dict) else []:
        if not algebra.covers(asked, rule_of_spec):
            words = isinstance(rule_of_spec, dict) and rule_of_spec.get("description")
            says = f"{name} {f'says that {words}' if words else f'refuses {show(rule_of_spec)}'}"
            shows = section.shows(spec_schema, "")
            yield Difference(page, "", "not", "the page does not say so", says, shows)
