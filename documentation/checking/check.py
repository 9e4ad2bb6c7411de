"""All facts against `openapi.yaml`, both ways: nothing left out, nothing added.

Whether a schema means what settled facts ask is decided by algebra, as a whole and then field by
field; only of a field that is proven to differ are keywords compared, to name the fact in words.
What means nothing for validity, such as a default, is compared as data, and a pattern as text.
"""

from __future__ import annotations

import functools
import itertools
from dataclasses import dataclass, field
from pathlib import Path

from documentation import facts_files
from documentation.checking import algebra
from documentation.checking.saying import Difference, differences, of_schema
from documentation.checking.section import MEANT, Section, sections_of
from documentation.checking.spec import Spec, SpecSchema, load_spec
from documentation.conflicts import FILE, Conflicts, load_conflicts
from documentation.fact import PageError, show
from documentation.facts_files import FactsFile
from documentation.open_questions import open_questions
from documentation.settled import folded
from overlays.bundle import SPEC


@dataclass(slots=True)
class Report:
    """What a comparison found: a line a page, the differences, the choices that were used, and
    what nobody has settled yet.

    Of `pairs` of request variants all but the `overlaps` are proven to have no body in common.
    """

    sections: list[Section] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    settled: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)
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
        found = [each for section in mine for each in differences(section)]
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
    disputed = {(e.location, *e.fields, e.keyword) for e in conflicts.settled if not e.silence}
    facts = (folded(fact) for file in files for fact in file.facts)
    stated = [fact for fact in facts if (fact.location, fact.field, fact.keyword) in disputed]
    filled = {pair for section in sections for pair in section.settled.used}
    report.open = [str(each) for each in open_questions(files, conflicts)]
    known = {file.page for file in files} | {"*"}
    for entry in conflicts.settled:
        kind = "silence" if entry.silence else "contradiction"
        if not known & set(entry.pages):
            waits = f"waits for page {', '.join(entry.pages)}"
            report.settled.append(f"settled {kind}: {entry}: {waits}: {entry.reason}")
            continue
        report.settled.append(f"settled {kind}: {entry}: {entry.reason}")
        for name in entry.stale(stated, filled):
            text = "conflicts.yaml settles it"
            gone = f"this {kind} no longer exists"
            report.differences.append(
                Difference(", ".join(entry.pages), name, entry.keyword, text, gone)
            )
    return report


def _untraced(sections: list[Section], spec: Spec) -> list[Difference]:
    """What the spec says and no page does; request schemas have to name their page."""
    found = []
    for spec_schema in spec.schemas:
        mine = tuple(section for section in sections if spec_schema in section.sharing)
        found += _untraced_in(spec_schema, mine)
    return list(dict.fromkeys(found))


@functools.lru_cache(maxsize=1024)
def _untraced_in(spec_schema: SpecSchema, mine: tuple[Section, ...]) -> list[Difference]:
    """The same of one schema and the sections that it is of."""
    pages = ", ".join(dict.fromkeys(section.page for section in mine) or spec_schema.pages)
    where = spec_schema.name or spec_schema.operations[0]
    if not mine:
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
            shows = mine[0].shows(spec_schema, name) if keyword in MEANT | {"field"} else ""
            text = f"{where} says {show(value)}"
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
    for each in of_schema(section, spec_schema):
        named |= {each.field, each.field.rpartition(".")[0]}
    text = f"{spec_schema.name or spec_schema.operations[0]} means something else"
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
        if pair[0].operations == pair[1].operations
    ]
    forms = {spec_schema: algebra.canonical(spec_schema.schema) for spec_schema in requests}
    close = [pair for pair in pairs if not algebra.disjoint(forms[pair[0]], forms[pair[1]])]
    return len(pairs), [_overlap(*pair) for pair in close]


@functools.lru_cache(maxsize=4096)
def _overlap(one: SpecSchema, other: SpecSchema) -> Difference:
    """What two that are not proven to be apart have in common."""
    pages = ", ".join(dict.fromkeys([*one.pages, *other.pages]))
    names = f"{one.name} and {other.name}"
    try:
        body = algebra.shown(algebra.in_both(one.schema, other.schema))
        text = f"{names} both accept {body}"
    except algebra.NoValueError:
        text = f"{names} are not proven to exclude each other"
    return Difference(pages, "", "oneOf", "a body is of one variant", text)


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
