"""Words that mean what other words mean, in `synonyms.txt`: rules are written for the latter."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from documentation.reading.prose.rules import ignoring_case, lines_of


@dataclass(frozen=True, slots=True)
class Synonym:
    """One line of the file: in its example, `expression` is read as `said`, which is `result`."""

    expression: re.Pattern[str]
    said: str
    example: str
    result: str


@cache
def synonyms(name: str = "synonyms") -> tuple[Synonym, ...]:
    """Every line of a file; `retold.txt` is for sentences that no rule reads as they are."""
    return tuple(
        Synonym(ignoring_case(pattern), said, example, result)
        for pattern, said, example, result in lines_of(name)
    )


@lru_cache(maxsize=1024)
def plainer(sentence: str, name: str = "synonyms") -> str:
    """A sentence in the words that rules are written for, by the lines of a file."""
    for synonym in synonyms(name):
        sentence = synonym.expression.sub(synonym.said, sentence)
    return sentence
