"""`conflicts.yaml`: where pages contradict themselves or are silent, what was chosen, and why."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from documentation import yaml_text
from documentation.fact import Fact, PageError, Place, Remark

FILE = Path(__file__).parent / "conflicts.yaml"
# Keywords of which a field has one value only: two different ones contradict each other.
SINGLE = {
    *("type", "default", "enum", "const", "format", "minimum", "maximum", "items", "onlyFor"),
    *("minLength", "maxLength", "minItems", "maxItems", "forbiddenHosts", "status"),
}


@dataclass(slots=True)
class Settled:
    """One choice. A contradiction has statements, a silence has what the spec says instead."""

    pages: list[str]
    place: Place
    fields: list[str]
    keyword: str
    reason: str
    choice: Any = None
    statements: list[dict[str, Any]] = field(default_factory=list)
    silence: bool = False
    used: set[str] = field(default_factory=set)

    def stale(self, facts: list[Fact]) -> list[str]:
        """The fields for which this is no longer so: a statement is gone, a silence ended."""
        if self.silence:
            return [name for name in self.fields if name not in self.used]
        said = {
            (f.page, f.stated, spell([f.value] if f.keyword == "const" else f.value))
            for f in facts
            if (f.place, f.field) == (self.place, self.fields[0])
            and self.keyword in (f.keyword, {"const": "enum"}.get(f.keyword))
        }
        for statement in self.statements:
            page, value = statement.get("page", self.pages[0]), spell(statement["value"])
            sources = [statement["stated"]] if "stated" in statement else ["schema", "prose"]
            if not any((page, source, value) in said for source in sources):
                return self.fields
        return [] if len({spell(s["value"]) for s in self.statements}) > 1 else self.fields

    def __str__(self) -> str:
        where = f"{', '.join(self.pages)} {', '.join(self.fields)} {self.keyword}"
        return " ".join(where.split())


@dataclass(slots=True)
class Conflicts:
    """Everything that was settled."""

    settled: list[Settled]
    unread: dict[str, str] = field(default_factory=dict)

    def choice(self, page: str, place: Place, name: str, keyword: str, values: list[Any]) -> Any:
        """What was chosen where one page says several things; raises KeyError where nothing was."""
        for entry in self.settled:
            if entry.silence or (entry.place, entry.keyword) != (place, keyword):
                continue
            # A page that came later may repeat what another one said of the same answer.
            later = page not in entry.pages and len(entry.pages) > 1
            stated = {
                spell(s["value"])
                for s in entry.statements
                if later or s.get("page", entry.pages[0]) == page
            }
            if name in entry.fields and {spell(v) for v in values} <= stated:
                return entry.choice
        raise KeyError(name)

    def silent(self, page: str, place: Place, name: str, keyword: str, value: Any) -> bool:
        """Whether the spec may say this although the page does not."""
        for entry in self.settled:
            fits = (page in entry.pages or entry.pages == ["*"]) and name in entry.fields
            fits = fits and entry.silence and (entry.place, entry.keyword) == (place, keyword)
            if fits and (entry.choice is None or spell(entry.choice) == spell(value)):
                entry.used.add(name)
                return True
        return False

    def further(self, page: str, place: Place, name: str, keyword: str) -> list[Any]:
        """What a list on a page goes on with where it ends in "etc."."""
        found: list[Any] = []
        for entry in self.settled:
            fits = entry.silence and page in entry.pages and name in entry.fields
            if fits and (entry.place, entry.keyword) == (place, keyword):
                entry.used.add(name)
                found += entry.choice
        return found


def load_conflicts(path: Path = FILE) -> Conflicts:
    try:
        data = yaml_text.load(path.read_text("utf-8"))
        settled = [_contradiction(row) for row in data.get("contradictions") or []]
        settled += [_silence(row) for row in data.get("silences") or []]
        unread = {str(row["sentence"]): str(row["reason"]) for row in data.get("unread") or []}
    except (OSError, yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
        raise PageError(f"{path.name} can't be read: {type(error).__name__} {error}") from None
    return Conflicts(settled, unread)


def _contradiction(row: dict[str, Any]) -> Settled:
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
    )


def _silence(row: dict[str, Any]) -> Settled:
    fields = row["fields"] if "fields" in row else [row.get("field", "")]
    return Settled(
        [row["page"]],
        row.get("in", "request"),
        fields,
        row["keyword"],
        row["reason"],
        row.get("spec"),
        silence=True,
    )


def spell(value: Any) -> str:
    """A value in one spelling, for comparison; a list of one kind of values has no order."""
    if isinstance(value, list):
        return json.dumps(sorted(map(spell, value)))
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


def fingerprint(note: Remark) -> str:
    """Names an unread sentence without copying it."""
    return hashlib.sha256(note.sentence.encode()).hexdigest()[:12]


def contradictions(facts: list[Fact]) -> dict[tuple[Place, str, str], list[Fact]]:
    """Where the facts of one page say different things of one field."""
    said: dict[tuple[Place, str, str], dict[str, Fact]] = {}
    for fact in facts:
        keyword = "enum" if fact.keyword == "const" else fact.keyword
        if keyword in SINGLE:
            value = [fact.value] if fact.keyword == "const" else fact.value
            key = (fact.place, fact.field, keyword)
            said.setdefault(key, {}).setdefault(spell(value), fact)
    return {key: list(values.values()) for key, values in said.items() if len(values) > 1}
