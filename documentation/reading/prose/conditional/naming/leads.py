"""What a line says first of whom it is about, said again of each of its sentences.

`Sung (mode=song): needs a rhyme; no pun` says of songs that they have no pun.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from documentation.reading.layouts.draft import Draft
from documentation.reading.layouts.text import CJK
from documentation.reading.prose.applying import in_digits
from documentation.reading.prose.conditional.naming.named import named_in
from documentation.reading.prose.conditional.qualifiers import Qualifier
from documentation.reading.prose.context import Context
from documentation.reading.prose.rules import sign
from documentation.reading.prose.rules.synonyms import plainer

_LEAD = re.compile(r"(?P<whom>[^:;。]{2,80}): ?(?=[^\d\s]|\d+(?!:))")
_IN_BRACKETS = re.compile(r"\(([^()]{2,60})\)$")
_WORDS = sign("lead-words")
_SUCH = sign("such-requests")
_NOWHERE = Draft("request", "")


@dataclass(frozen=True, slots=True)
class Lead:
    """The requests of which a line begins to speak, as its other sentences would say it."""

    whom: Qualifier
    words: str

    def before(self, sentence: str, context: Context) -> str:
        """A sentence of these requests, where it doesn't say itself of which it is."""
        named = named_in(in_digits(plainer(sentence)), _NOWHERE, context)
        if any(each.who.field == self.whom.field and each.who.values for each in named):
            return sentence
        return self.words + _SUCH.sub("", sentence)


def lead_of(draft: Draft, sentences: list[str], context: Context) -> tuple[Lead | None, list[str]]:
    """The lead of a line, and its sentences without that; none where it has none."""
    found = _LEAD.match(sentences[0]) if sentences else None
    if found is None or found["whom"] in context.ids:
        return None, sentences
    inner = _IN_BRACKETS.search(found["whom"])
    whom = _whom(inner[1], context) if inner else None  # `Sung (mode=song)`
    whom = whom or _whom(found["whom"], context)
    alone = len(sentences) < 2 and inner is None
    if whom is None or alone or whom.field == draft.name:
        return None, sentences
    chinese = re.search(f"[{CJK}]", "".join(sentences)) is not None
    return Lead(whom, _said(whom, chinese=chinese)), [sentences[0][found.end() :], *sentences[1:]]


def _whom(text: str, context: Context) -> Qualifier | None:
    """The values of the one field that a lead is about."""
    plain = in_digits(plainer(text))
    named = named_in(plain, _NOWHERE, context)
    valued = {str(each.who): each.who for each in named if each.who.values}
    for each in reversed(named):
        plain = f"{plain[: each.start]} {plain[each.end :]}"
    told = len(valued) == 1 and all(each.who.values or each.task for each in named)
    return next(iter(valued.values())) if told and not _WORDS.sub("", plain).strip() else None


def _said(whom: Qualifier, *, chinese: bool) -> str:
    values = ("或" if chinese else " or ").join(
        str(v).lower() if isinstance(v, bool) else str(v) for v in whom.values
    )
    return f"{whom.field}为{values}时," if chinese else f"With {whom.field} {values}, "
