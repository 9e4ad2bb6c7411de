"""A sentence that is being read for a field, what a match in it says, and what all of them say."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from documentation.fact import Fact, Remark
from documentation.reading.layouts.draft import Draft
from documentation.reading.prose.context import Context
from documentation.reading.prose.quantity import media_in

Match = re.Match[str]
MOST_SENTENCE = 1000
OF_AN_OPTION = "holds only for this option"


@dataclass(slots=True)
class Clause:
    """A sentence, and the field below which it stands.

    A gloss is what the page writes beside one of the field's options.
    """

    draft: Draft
    context: Context
    text: str
    gloss: bool = False


@dataclass(slots=True)
class Sense:
    """What a match says: facts as (field, keyword, value), where it ends, why there are none.

    A `reason` says why the sentence is ignored; a `question` is for people to settle.
    """

    facts: list[tuple[str, str, Any]] = field(default_factory=list)
    reason: str = ""
    question: str = ""
    end: int | None = None


@dataclass(slots=True)
class Said:
    """What the prose of one field says, and which sentences make no fact.

    `told` has the text that each fact was read from; the first `count` facts have theirs.
    """

    facts: list[Fact] = field(default_factory=list)
    unread: list[Remark] = field(default_factory=list)
    ignored: list[Remark] = field(default_factory=list)
    told: dict[str, str] = field(default_factory=dict)
    count: int = 0

    def tell(self, text: str) -> None:
        """Remember a text as that of the facts which have none yet."""
        for fact in self.facts[self.count :]:
            for name in (fact.identity, f"{fact.field} {fact.keyword}"):
                self.told.setdefault(name, text[:MOST_SENTENCE])
        self.count = len(self.facts)

    def text_of(self, fact: Fact) -> str:
        """The text that a fact was read from, or one of the same keyword that it was made of."""
        return self.told.get(fact.identity) or self.told.get(f"{fact.field} {fact.keyword}", "")


def of_media(words: str, clause: Clause) -> list[str]:
    """The fields of the media that words name, one for each medium."""
    named = []
    for medium in media_in(words):
        fitting = [n for n in clause.context.of_medium(medium) if n != clause.draft.name]
        if len(fitting) != 1:
            return []
        named += fitting
    return named


def of_all_media(words: str, clause: Clause) -> list[str]:
    """The fields of two media or more that words name, this one among them."""
    others = [m for m in media_in(words) if m not in clause.draft.name]
    mine = [clause.draft.name] if len(media_in(words)) > len(others) else []
    named = [of_media(medium, clause) for medium in others]
    return [*mine, *(name for names in named for name in names)] if all(named) else []
