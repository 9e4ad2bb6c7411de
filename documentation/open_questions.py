"""What accepted pages left open: sentences, readings that differ, fields without a type."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from documentation.conflicts import Conflicts
from documentation.fact import show
from documentation.facts_files import FactsFile
from documentation.settled import settle


class OpenQuestion(NamedTuple):
    """One question that nobody has settled; it has no word of the page."""

    page: str
    location: str
    field: str
    what: str

    def __str__(self) -> str:
        return " ".join(f"{self.page} {self.location} {self.field}".split()) + f": {self.what}"


def open_questions(files: list[FactsFile], conflicts: Conflicts) -> list[OpenQuestion]:
    """All of them, by page, until they are settled in conflicts.yaml."""
    return [each for file in files for each in _of_page(file, conflicts)]


def untyped(file: FactsFile, conflicts: Conflicts) -> list[str]:
    """The fields of a page's request of which nothing says what type they have."""
    facts = [f for f in settle(file, conflicts).facts if f.location == "request" and f.field]
    typed = {f.field for f in facts if f.keyword in ("type", "enum")}
    named = dict.fromkeys([*(f.field for f in facts), *file.mentioned.get("request", [])])
    return [name for name in named if name not in typed and not name.startswith("?")]


def _of_page(file: FactsFile, conflicts: Conflicts) -> Iterator[OpenQuestion]:
    page = file.page
    for each in file.open:
        if not conflicts.answered(page, each.location, each.field, each.sentence):
            what = f"sentence {each.sentence} is not understood"
            yield OpenQuestion(page, each.location, each.field, what)
    for entry in conflicts.settled:
        if entry.is_open and entry.pages[-1] == page:  # of several pages the last brought it up
            values = " and ".join(dict.fromkeys(show(s["value"]) for s in entry.statements))
            what = f"{entry.keyword} is {values}; the wider reading holds"
            yield OpenQuestion(page, entry.location, entry.fields[0], what)
    for name in untyped(file, conflicts):
        yield OpenQuestion(page, "request", name, "no type is stated")
