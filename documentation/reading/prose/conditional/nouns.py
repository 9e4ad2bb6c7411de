"""Finds what a part of a sentence names by a noun: `with a storyboard`, `remixes`, `below 1080p`.

A field is named by the one noun of its name that no other field has, or by how its prose begins;
some of the values of a field by what they are larger or smaller than.
"""

from __future__ import annotations

import re
from typing import Any

from documentation.reading.layouts.draft import Draft
from documentation.reading.prose.conditional.qualified import leading_number, size_of
from documentation.reading.prose.conditional.qualifiers import Qualifier, values_of
from documentation.reading.prose.context import Context
from documentation.reading.prose.rules import sign

_IDLE = sign("idle")
_PLAIN = sign("plain-noun")
_VERDICTS = sign("verdict-not")
_ARTICLES = {"a", "an", "the", "any", "each", "every", "its", "this"}
_NONE = {"without", "no"}
_BEFORE = {*_NONE, "with", "for", "in", "of", "when", "if", "not", "and", "or", "while", "has"}
_SIZED = sign("sized")
_APPOSED = sign("apposed")
Place = tuple[int, int, Qualifier]


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
    return {_one(word) for word in (found - taken) | whole}


def _tells(word: str) -> bool:
    plain = re.fullmatch(r"[a-z]{4,}", word) and not _PLAIN.fullmatch(word)
    return bool(plain) and not _IDLE.fullmatch(word)


def _one(word: str) -> str:
    """A noun in the singular, near enough to be found again."""
    return re.sub(r"(?<=[sxz])es$|(?<=[a-rt-z])s$", "", word)


def fields_by_noun(part: str, draft: Draft, context: Context) -> list[Place]:
    """The fields that are given where a sentence has their nouns, and where these stand."""
    known: dict[str, list[str]] = {}
    for other in context.drafts.values():
        for noun in nouns_of(other, context):
            known.setdefault(noun, []).append(other.name)
    found = []
    for word in re.finditer(r"(?<![\w.-])[A-Za-z]{4,20}(?![\w-]|\.\w)", part):
        names = known.get(_one(word[0].lower()), [])
        before = part[: word.start()].lower().split()
        article = bool(before) and before[-1] in _ARTICLES
        before = before[:-1] if article else before
        plural = word[0].lower() != _one(word[0].lower())
        alone = article or plural or (bool(before) and before[-1] in {*_NONE, "with"})
        if len(names) != 1 or not alone or (before and before[-1] not in _BEFORE):
            continue
        none = bool(before) and before[-1] in _NONE
        start = part.lower().rindex(before[-1], 0, word.start()) if none else word.start()
        named = context.drafts[names[0]]
        who = Qualifier(names[0], given=not none)
        if named.type == "boolean":
            who = Qualifier(names[0], (not none,))
        found.append((start, word.end(), who))
    return found


def by_noun(text: str, context: Context) -> Qualifier | None:
    """The requests with the field that a phrase such as `a storyboard` means."""
    nowhere = Draft("request", "")
    found = fields_by_noun(text, nowhere, context)
    return found[0][2] if len(found) == 1 and found[0][1] == len(text.rstrip()) else None


def by_description(part: str, draft: Draft, context: Context) -> Place | None:
    """`返回尾帧`, of a switch that is described as `是否返回视频的尾帧图像`; or an option by what
    stands beside it."""
    bare = _IDLE.sub("", _VERDICTS.sub("", part)).strip(" ,")
    if not re.fullmatch("[一-鿿]{4,10}", bare) or bare not in part:
        return None
    start = part.index(bare)
    place = (start, start + len(bare))
    if (option := context.mode_of(bare, draft.name)) is not None:
        return *place, Qualifier(option[0].name, (option[1],))
    letters = re.compile(f"是否{re.escape(bare[:2])}" + "".join(f"[^,。(]*?{c}" for c in bare[2:]))
    named = [
        other.name
        for other in context.drafts.values()
        if other.type == "boolean" and other is not draft and letters.match(other.opening())
    ]
    return (*place, Qualifier(named[0], (True,))) if len(named) == 1 else None


def apposed(part: str, start: int) -> int:
    """Where a field's name begins with what it is: `a first frame in image_url`."""
    before = _APPOSED.search(part[:start])
    return before.start() if before else start


def values_by_size(part: str, draft: Draft, context: Context) -> list[Place]:
    """The values of a field that are below or above one of them: `below 1080p`."""
    found = []
    for match in _SIZED.finditer(part):
        for other in context.drafts.values():
            known = values_of(other, context) if other.name != "model" else []
            sizes = [_size(value) for value in known]
            limit = next((v for v in known if str(v).lower() == match["v"].lower()), None)
            if limit is None or None in sizes or len(known) < 2:
                continue
            kept = [v for v in known if _fits(match, _size(v), _size(limit))]
            if 0 < len(kept) < len(known):
                found.append((match.start(), match.end(), Qualifier(other.name, tuple(kept))))
                break
    return found


def _size(value: Any) -> int | None:
    return size_of(str(value)) if isinstance(value, str) else leading_number(value)


def _fits(match: re.Match[str], size: int | None, limit: int | None) -> bool:
    if size is None or limit is None:
        return False
    return size < limit if match["below"] else size > limit
