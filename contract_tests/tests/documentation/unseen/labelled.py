"""Pages with requests that people labelled from their words, judged by the spec that comes of them.

A `.bodies` file begins with a request as JSON; each line after it changes that: `+` must be
accepted, `-` must be refused. The value `~` leaves a field out, `*20` is a text of that length,
`$1` an address. A line that the spec judges otherwise, and is known to, has `!` after its sign.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from contract_tests.probes.page_variants import page_variants_of
from contract_tests.probes.run import run_probes
from contract_tests.probes.variant_probes import probes_of
from contract_tests.referees.spec_mock_client import SpecReferee
from contract_tests.tests.documentation.base import BASE
from documentation.changing.review import Review, review_text
from documentation.conflicts import parsed
from documentation.reading.prose.sentences import READERS_FAULT
from documentation.settled import settle
from overlays.openapi import CREATE

PAGES = Path(__file__).parent / "pages"


@dataclass(slots=True)
class Outcome:
    """What came of one page.

    Attributes:
        page: The page.
        review: What accepting it would do.
        wrong: The bodies that the spec judges otherwise than people do, a line each.
        marked: Those among them that are known, and those that are marked so and judged right.
        bodies: How many there are.
        stops: What stands in the way of accepting it, probes among it that the proposed spec judges
            otherwise.
    """

    page: str
    review: Review
    wrong: list[str] = field(default_factory=list)
    marked: list[str] = field(default_factory=list)
    bodies: int = 0
    stops: list[str] = field(default_factory=list)


def labelled_pages() -> list[Path]:
    """Every page that has labelled bodies."""
    return sorted(f for f in PAGES.iterdir() if f.suffix in (".txt", ".md"))


def outcome(file: Path) -> Outcome:
    """Read a page, propose a spec, and judge its probes and its labelled bodies by it."""
    review = review_text(file.read_text("utf-8"), file.stem, "", BASE)
    found = Outcome(file.stem, review)
    referee = SpecReferee(review.proposal.after)
    found.stops = list(review.stands)
    found.stops += [r.reason for r in review.reading.unread if r.reason.startswith(READERS_FAULT)]
    facts = settle(review.file, parsed(review.choices)).facts
    variants = page_variants_of(file.stem, facts)
    probes = [probe for variant in variants for probe in probes_of(variant, variants)]
    results = run_probes(probes, referee).results
    found.stops += [f"{name}: {line}" for name, r in results.items() for line in r.differences]
    labelled = file.with_suffix(".bodies")
    for each in bodies(labelled) if labelled.exists() else ():
        found.bodies += 1
        line = f"{file.stem}: {each.change} is {'refused' if each.accepted else 'accepted'}"
        found.marked += [line] if each.marked else []
        if referee.judge(CREATE, each.body).accepted != each.accepted:
            found.wrong.append(line)
    return found


@dataclass(slots=True)
class Labelled:
    """A body, what it changes, whether it must be accepted, and is marked as judged otherwise."""

    accepted: bool
    marked: bool
    change: str
    body: dict[str, Any]


def bodies(file: Path) -> Iterator[Labelled]:
    """Each labelled body of a page."""
    first, *lines = file.read_text("utf-8").splitlines()
    base = json.loads(first)
    for line in lines:
        sign, change = line.split(" ", 1)
        changed = base | json.loads(change)
        body = {key: _meant(value) for key, value in changed.items() if value != "~"}
        yield Labelled(sign[0] == "+", sign[1:] == "!", change, body)


def _meant(value: Any) -> Any:
    if isinstance(value, list):
        return [_meant(entry) for entry in value]
    if isinstance(value, dict):
        return {key: _meant(entry) for key, entry in value.items()}
    if isinstance(value, str) and value[:1] == "$":
        return f"https://example.com/{value[1:]}.png"
    return "x" * int(value[1:]) if isinstance(value, str) and value[:1] == "*" else value
