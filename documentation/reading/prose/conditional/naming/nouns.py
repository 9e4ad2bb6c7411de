"""Finds the fields that a part of a sentence names by a noun: `with a storyboard`, `remixes`.

A field is named by the one noun of its name that no other field has, or by how its prose begins.
"""

from __future__ import annotations

import functools
import re

from documentation.reading.layouts.draft import Draft
from documentation.reading.prose.context import Context
from documentation.reading.prose.rules import sign

_IDLE = sign("idle")
_PLAIN = sign("plain-noun")
_APPOSED = sign("apposed")
_ARTICLES = {"a", "an", "the", "any", "each", "every", "its", "this"}
_NONE = {"without", "no"}
_BEFORE = {*_NONE, "with", "for", "in", "of", "when", "if", "not", "and", "or", "while", "has"}
Noun = tuple[int, int, str, bool]


def nouns_of(draft: Draft, context: Context) -> set[str]:
    """The nouns that mean a field: those of its name that say what it alone is."""
    if "." in draft.name or draft.name == "model":
        return set()
    found = {word for word in draft.name.lower().split("_") if _tells(word)}
    taken = {
        word
        for other in context.drafts.values()
        if other is not draft and "." not in other.name
        for word in other.name.lower().split("_")
    }
    opening = re.match(r"([A-Za-z]{4,20})(?=:(?!\d))", draft.opening())
    if opening and _tells(opening[1].lower()):
        found.add(opening[1].lower())
    whole = {draft.name.lower()} if _tells(draft.name.lower()) else set()
    return {singular(word) for word in (found - taken) | whole}


@functools.lru_cache(maxsize=8)
def _by_noun(context: Context) -> dict[str, list[str]]:
    """The names of the fields that each noun means."""
    known: dict[str, list[str]] = {}
    for draft in context.drafts.values():
        for noun in nouns_of(draft, context):
            known.setdefault(noun, []).append(draft.name)
    return known


@functools.lru_cache(maxsize=1024)
def _tells(word: str) -> bool:
    plain = re.fullmatch(r"[a-z]{4,}", word) and not _PLAIN.fullmatch(word)
    return bool(plain) and not _IDLE.fullmatch(word)


def singular(word: str) -> str:
    """A noun in the singular, near enough to be found again."""
    return re.sub(r"(?<=[sxz])es$|(?<=[a-rt-z])s$", "", word)


def words_of(name: str) -> set[str]:
    """The words of a field's name, each in the singular."""
    return {singular(word) for word in name.lower().split("_")}


def fields_named(part: str, context: Context) -> list[Noun]:
    """The fields whose nouns a sentence has, where these stand, and whether it says without."""
    known = _by_noun(context)
    found = []
    for word in re.finditer(r"(?<![\w.-])[A-Za-z]{4,20}(?![\w-]|\.\w)", part):
        names = known.get(singular(word[0].lower()), [])
        before = part[: word.start()].lower().split()
        article = bool(before) and before[-1] in _ARTICLES
        before = before[:-1] if article else before
        plural = word[0].lower() != singular(word[0].lower())
        alone = article or plural or (bool(before) and before[-1] in {*_NONE, "with"})
        if len(names) != 1 or not alone or (before and before[-1] not in _BEFORE):
            continue
        none = bool(before) and before[-1] in _NONE
        start = part.lower().rindex(before[-1], 0, word.start()) if none else word.start()
        found.append((start, word.end(), names[0], none))
    return found


def apposed(part: str, start: int) -> int:
    """Where a field's name begins with what it is: `a first frame in image_url`."""
    before = _APPOSED.search(part[:start])
    return before.start() if before else start
