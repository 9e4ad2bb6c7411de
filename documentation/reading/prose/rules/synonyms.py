"""Words that mean what other words mean, in `synonyms.txt`: rules are written for the latter."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache

from documentation.reading.prose.rules import Cued, lines_of


@dataclass
class Synonym(Cued):
    """One line of the file: in its example, what is found is read as `said`, which is `result`."""

    said: str
    example: str
    result: str


@cache
def synonyms(name: str = "synonyms") -> tuple[Synonym, ...]:
    """Every line of a file; `retold.txt` is for sentences that no rule reads as they are."""
    return tuple(Synonym(*cells) for cells in lines_of(name))


@lru_cache(maxsize=1024)
def plainer(sentence: str, name: str = "synonyms") -> str:
    """A sentence in the words that rules are written for, by the lines of a file."""
    lowered = sentence.lower()
    for synonym in synonyms(name):
        if synonym.may_match(lowered):
            sentence = synonym.expression.sub(synonym.said, sentence)
            lowered = sentence.lower()
    return sentence
