"""The one place where facts are settled: what a page states, once every choice is applied.

Of a field's statements that differ the chosen one stands; what the page is silent about and people
filled in is there; a constant is an enum of one value. docs-check, proposals and probes all start
from this.
"""

from __future__ import annotations

import dataclasses
import functools
from dataclasses import dataclass, field
from typing import Any

from documentation.conflicts import Conflicts, Settled, same, spell
from documentation.fact import BOUNDS, SINGLE, Fact, Location
from documentation.facts_files import FactsFile, Open

NO_CHOICE = "no choice is settled"
MARKS = ("required", "nullable")


def wider(keyword: str, values: list[Any]) -> Any:
    """Of readings that differ the one that admits more; None where no value does.

    It holds until somebody chooses, so that no valid request is refused for want of a decision.
    """
    if keyword in BOUNDS:
        return min(values) if keyword.startswith("min") else max(values)
    if keyword == "enum":
        return list({spell(option): option for options in values for option in options}.values())
    return {"required": False, "nullable": True}.get(keyword)


@dataclass(frozen=True, eq=False, slots=True)
class Settlement:
    """The facts of one page with every choice applied.

    Attributes:
        file: The page as it states its facts.
        facts: One fact for each field and keyword that can have one value only.
        unsettled: For each contradiction without a choice the statements that differ; the first
            of them stands in `facts`.
        used: The silences that were filled in, each with the field.
    """

    file: FactsFile
    facts: list[Fact] = field(default_factory=list)
    unsettled: list[list[Fact]] = field(default_factory=list)
    used: set[tuple[Settled, str]] = field(default_factory=set)


@functools.lru_cache(maxsize=256)
def settle(file: FactsFile, conflicts: Conflicts) -> Settlement:
    """Apply what was chosen to the facts of a page; nothing that is given is changed."""
    result = Settlement(file)
    stated: dict[tuple[Location, str, str], list[Fact]] = {}
    for fact in map(folded, file.facts):
        if fact.keyword not in SINGLE:
            result.facts.append(fact)
            continue
        said = stated.setdefault((fact.location, fact.field, fact.keyword), [])
        if not said:
            result.facts.append(fact)
        if not any(same(fact.value, known.value) for known in said):
            said.append(fact)
    for index, fact in enumerate(result.facts):
        if fact.keyword in SINGLE:
            said = stated[fact.location, fact.field, fact.keyword]
            chosen = conflicts.choice(said)
            if chosen is not None:
                result.facts[index] = dataclasses.replace(fact, value=chosen, stated="choice")
            elif len(said) > 1:
                result.unsettled.append(said)
    # Not required and not null is what a field is that nothing is said of.
    result.facts[:] = [f for f in result.facts if f.keyword not in MARKS or f.value is not False]
    for entry in conflicts.settled:
        if entry.silence and (file.page in entry.pages or entry.pages == ["*"]):
            web = entry.keyword == "web"
            for name in _addresses(result, entry.location) if web else entry.fields:
                _fill(result, entry, name)
    return result


def folded(fact: Fact) -> Fact:
    """A constant as the enum of one value that it is."""
    if fact.keyword != "const":
        return fact
    return dataclasses.replace(fact, keyword="enum", value=[fact.value])


def _addresses(result: Settlement, location: Location) -> list[str]:
    """The fields whose value is an address, where the page itself names no scheme or host."""
    said: dict[str, set[str]] = {}
    for fact in result.facts:
        if fact.location == location:
            said.setdefault(fact.field, set()).add(fact.keyword)
    addresses = {f.field for f in result.facts if (f.keyword, f.value) == ("format", "uri")}
    named = {"https", "forbiddenHosts", "pattern"}
    return [name for name in said if name in addresses and not said[name] & named]


def _fill(result: Settlement, entry: Settled, name: str) -> None:
    """What a page is silent about is added, and a list that ends in "etc." goes on.

    A silence about a field that the page does not list, that it states after all, or of a sentence
    that is gone, is unused.
    """
    if entry.sentence and Open(entry.sentence, entry.location, name) not in result.file.open:
        return
    listed = {(f.location, f.field) for f in result.facts}
    listed |= {(location, n) for location, names in result.file.mentioned.items() for n in names}
    if not any(location == entry.location and name in ("", known) for location, known in listed):
        return
    key = (entry.location, name, entry.keyword)
    facts = result.facts
    known = [i for i, f in enumerate(facts) if (f.location, f.field, f.keyword) == key]
    if not known:
        facts.append(Fact(result.file.page, *key, entry.choice, "choice"))
    elif entry.keyword == "forbiddenHosts":
        [index] = known
        value = [*facts[index].value, *entry.choice]
        facts[index] = dataclasses.replace(facts[index], value=value, stated="choice")
    else:
        return
    result.used.add((entry, name if name in entry.fields else ""))
