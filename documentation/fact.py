"""What a page says: facts, remarks that are no fact, and the reading that holds both."""

from __future__ import annotations

import dataclasses
import json
import traceback
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

Location = Literal["request", "response", "path", "query"]
# Where a fact is stated; a choice of conflicts.yaml is stated nowhere.
Source = Literal["schema", "prose", "sample", "choice"]

BOUNDS = ("minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems")
# All that a fact may be about, in the order in which a reader asks: may the field be there, what
# is it, how much of it.
KEYWORDS = (
    *("required", "type", "items", "nullable", "enum", "const", "default", "format", "pattern"),
    *(*BOUNDS, "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "uniqueItems"),
    "additionalProperties",
    *("https", "forbiddenHosts", "onlyFor", "mode", "excludes", "together", "oneNeeded", "total"),
    *("status", "example"),
)
# What a value is itself, whatever stands beside it.
OF_A_VALUE = {
    *("type", "items", "enum", "const", "default", "format", "pattern", "multipleOf"),
    *(*BOUNDS, "exclusiveMinimum", "exclusiveMaximum", "uniqueItems"),
}
# Of these a field has one value only: two different ones contradict each other.
_OF_SEVERAL = {"mode", "excludes", "together", "oneNeeded", "total"}
SINGLE = {*KEYWORDS} - {"const", "https", "example", *_OF_SEVERAL}


class PageError(Exception):
    """A page that can't be read; its text is one line for people."""


def fault(error: Exception) -> str:
    """An error that no one foresaw, in one line without a word of the page: what, and where."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} at {Path(last.filename).name}:{last.lineno}"


@dataclass(frozen=True, slots=True)
class Fact:
    """One statement of one page."""

    page: str
    location: Location
    field: str
    keyword: str
    value: Any
    stated: Source

    def as_row(self) -> dict[str, Any]:
        """The fact as the pages of this project write it, `location` being `in`."""
        return {
            "page": self.page,
            "in": self.location,
            "field": self.field,
            "keyword": self.keyword,
            "value": self.value,
            "stated": self.stated,
        }

    @classmethod
    def from_row(cls, row: dict[str, Any], page: str) -> Fact:
        """Back from `as_row`; a facts file leaves the page out of its rows."""
        return cls(page, row["in"], row["field"], row["keyword"], row["value"], row["stated"])

    @property
    def identity(self) -> str:
        """What makes two rows the same fact: `1`, `1.0` and `true` differ, as in JSON text."""
        return json.dumps(self.as_row(), sort_keys=True, ensure_ascii=False)

    def __str__(self) -> str:
        return f"{self.field} {self.keyword} {show(self.value)}"


def show(value: Any) -> str:
    """A value in one line, strings bare, everything else as JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Remark:
    """A sentence that became no fact: unread (a question), or ignored for a known reason."""

    location: Location
    field: str
    sentence: str
    reason: str = ""


@dataclass(slots=True)
class Reading:
    """What one page says: its facts in page order, and the sentences that became none."""

    page: str
    facts: list[Fact] = field(default_factory=list)
    unread: list[Remark] = field(default_factory=list)
    ignored: list[Remark] = field(default_factory=list)
    unnamed: list[tuple[Location, str, str]] = field(default_factory=list)
    mentioned: dict[Location, list[str]] = field(default_factory=dict)
    method: str = ""
    path: str = ""
    # The sentence that a fact was read from, by the fact's identity; shown, and stored nowhere.
    told: dict[str, str] = field(default_factory=dict)
    # What the page says that a field is, in its first words, by location and field.
    about: dict[str, str] = field(default_factory=dict)

    def as_data(self) -> dict[str, Any]:
        """The reading as plain data, fit for JSON."""
        return dataclasses.asdict(self)

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> Reading:
        """Back from `as_data`."""
        return cls(
            **data
            | {
                "facts": [Fact(**fact) for fact in data["facts"]],
                "unread": [Remark(**note) for note in data["unread"]],
                "ignored": [Remark(**note) for note in data["ignored"]],
                "unnamed": [tuple(field) for field in data["unnamed"]],
            }
        )


def unique(facts: Iterable[Fact]) -> Iterator[Fact]:
    """Each fact once, in the order in which they come first."""
    seen: set[str] = set()
    for fact in facts:
        if fact.identity not in seen:
            seen.add(fact.identity)
            yield fact
