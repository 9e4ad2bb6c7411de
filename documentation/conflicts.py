"""`conflicts.yaml`: where pages contradict themselves or are silent, what was chosen, and why."""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from documentation.conflicts_form import read_form
from documentation.fact import Fact, Location, PageError, Reading, Remark

FILE = Path(__file__).parent / "conflicts.yaml"
MOST_SENTENCE = 1000  # characters that a kind of sentence is told by


@dataclass(eq=False, slots=True)
class Settled:
    """One choice. A contradiction has statements, a silence has what the spec says instead.

    Of one that `is_open` the wider reading holds until somebody chooses. One with a `sentence` says
    what that means, of which the reader makes nothing, and ends with it.
    """

    pages: list[str]
    location: Location
    fields: list[str]
    keyword: str
    reason: str
    choice: Any = None
    statements: list[dict[str, Any]] = field(default_factory=list)
    silence: bool = False
    sentence: str = ""
    is_open: bool = False
    index: int = 0
    line: int = 0

    @property
    def section(self) -> str:
        """The section of the file that it stands in, at `index`."""
        return "silences" if self.silence else "contradictions"

    def stale(self, facts: list[Fact], filled: set[tuple[Settled, str]]) -> list[str]:
        """The fields for which this is no longer so: a statement is gone, a silence ended."""
        if self.silence:
            return [name for name in self.fields if (self, name) not in filled]
        said = self._said(facts)
        kept = [s for s in self.statements if self._stands(s, said)]
        values = {spell(s["value"]) for s in kept}
        return [] if len(kept) == len(self.statements) and len(values) > 1 else self.fields

    def standing(self, facts: list[Fact]) -> list[dict[str, Any]]:
        """The statements that pages still make."""
        return [s for s in self.statements if self._stands(s, self._said(facts))]

    def _said(self, facts: list[Fact]) -> set[tuple[str, str, str]]:
        return {
            (f.page, f.stated, spell(f.value))
            for f in facts
            if (f.location, f.field, f.keyword) == (self.location, self.fields[0], self.keyword)
        }

    def _stands(self, statement: dict[str, Any], said: set[tuple[str, str, str]]) -> bool:
        page, value = statement.get("page", self.pages[0]), spell(statement["value"])
        sources = [statement["stated"]] if "stated" in statement else ["schema", "prose"]
        return any((page, source, value) in said for source in sources)

    def __str__(self) -> str:
        where = f"{', '.join(self.pages)} {', '.join(self.fields)} {self.keyword}"
        return " ".join(where.split())


@dataclass(frozen=True, eq=False, slots=True)
class Conflicts:
    """Everything that was settled; it stays as it is made.

    Attributes:
        settled: The choices.
        unread: The sentences that bind no request, on whatever page, with the reason.
        recurring: The kinds of such sentences.
    """

    settled: list[Settled]
    unread: dict[str, str] = field(default_factory=dict)
    recurring: list[tuple[re.Pattern[str], str]] = field(default_factory=list)

    def known(self, reading: Reading) -> None:
        """Take sentences of kinds that bind nothing, on whatever page, out of the unread ones."""
        for note in list(reading.unread):
            for pattern, reason in self.recurring:
                if pattern.fullmatch(note.sentence[:MOST_SENTENCE]):
                    reading.unread.remove(note)
                    reading.ignored.append(dataclasses.replace(note, reason=reason))
                    break

    def answered(self, page: str, location: str, field: str, sentence: str) -> bool:
        """Whether people said what a sentence of a field means, by its fingerprint."""
        return sentence in self.unread or any(
            (entry.sentence, entry.location) == (sentence, location)
            and page in entry.pages
            and field in entry.fields
            for entry in self.settled
        )

    def choice(self, said: list[Fact]) -> Any:
        """What was chosen of statements of one field and keyword; None where nothing was."""
        fact = said[0]
        for entry in self.settled:
            about = not entry.silence and fact.field in entry.fields
            if not about or (entry.location, entry.keyword) != (fact.location, fact.keyword):
                continue
            # A page that came later may repeat what another one said of the same answer.
            later = fact.page not in entry.pages and len(entry.pages) > 1
            stated = {
                spell(s["value"])
                for s in entry.statements
                if later or s.get("page", entry.pages[0]) == fact.page
            }
            if {spell(f.value) for f in said} <= stated:
                return entry.choice
        return None


def load_conflicts(path: Path = FILE) -> Conflicts:
    try:
        return parsed(path.read_text("utf-8"), path.name)
    except OSError as error:
        raise PageError(f"{path.name} can't be read: {error.strerror}") from None


@functools.lru_cache(maxsize=16)
def parsed(text: str, name: str = FILE.name) -> Conflicts:
    """What a text of the file settles; a PageError where one entry is not as it has to be."""
    data, lines = read_form(text, name)
    settled = [
        make(row, index, lines[section][index])
        for section, make in (("contradictions", _contradiction), ("silences", _silence))
        for index, row in enumerate(data.get(section, []))
    ]
    unread = {row["sentence"]: row["reason"] for row in data.get("unread", [])}
    recurring = [
        (re.compile(row["pattern"], re.IGNORECASE), row["reason"])
        for row in data.get("recurring", [])
    ]
    return Conflicts(settled, unread, recurring)


def _contradiction(row: dict[str, Any], index: int, line: int) -> Settled:
    statements = row["statements"]
    pages = [row["page"]] if "page" in row else [s["page"] for s in statements]
    return Settled(
        list(dict.fromkeys(pages)),
        row.get("in", "request"),
        [row["field"]],
        row["keyword"],
        row["reason"],
        row["choice"],
        statements,
        is_open="open" in row,
        index=index,
        line=line,
    )


def _silence(row: dict[str, Any], index: int, line: int) -> Settled:
    fields = row["fields"] if "fields" in row else [row.get("field", "")]
    return Settled(
        [row["page"]],
        row.get("in", "request"),
        fields,
        row["keyword"],
        row["reason"],
        row["spec"],
        silence=True,
        sentence=row.get("sentence", ""),
        index=index,
        line=line,
    )


_spelled = json.JSONEncoder(sort_keys=True, ensure_ascii=False).encode


def spell(value: Any) -> str:
    """A value in one spelling, for comparison; a list of one kind of values has no order."""
    if isinstance(value, list):
        return json.dumps(sorted(map(spell, value)))
    return _spelled(value)


def same(one: Any, other: Any) -> bool:
    """Whether two values are spelled alike: `1`, `1.0` and `true` differ, as in JSON text."""
    if type(one) is not type(other):
        return False
    if isinstance(one, list) and all(isinstance(each, str) for each in (*one, *other)):
        return sorted(one) == sorted(other)
    return spell(one) == spell(other) if isinstance(one, list | dict) else bool(one == other)


def fingerprint(note: Remark) -> str:
    """Names an unread sentence without copying it."""
    return hashlib.sha256(note.sentence.encode()).hexdigest()[:12]
