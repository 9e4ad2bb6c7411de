"""What a sentence says of the kinds of items that a list has: how many, and which needs another.

The kinds are the options of one member of the items, such as `role` or `type`. That of an item
may be named in words: `the end frame`, where an option is `last_frame`.
"""

from __future__ import annotations

import re
from typing import Any

from documentation.reading.layouts.draft import Draft
from documentation.reading.layouts.options import Option
from documentation.reading.layouts.text import CJK
from documentation.reading.prose.conditional.among import is_idle
from documentation.reading.prose.conditional.qualified import Found
from documentation.reading.prose.context import Context
from documentation.reading.prose.rules import sign

_MOST = sign("at-most-so-many")
_ONCE = sign("only-once")
_NEED = sign("verdict-need")
_ALONE = sign("not-alone")
_ONE_EACH = sign("one-and-the-other")
_KIND = re.compile(r"role|type|kind|position|usage|purpose|category")
_PARTS = re.compile(r"[,;]|\band\b|且|、")
_WORDS = (
    {"first", "start", "starting", "opening", "begin", "head"},
    {"last", "end", "ending", "tail", "final", "closing"},
)
_ZH = ("首", "尾末")


def of_items(draft: Draft, sentence: str, context: Context) -> Found:
    """What a sentence says of a list's kinds of items; nothing where it is not understood."""
    member = _member(draft, context)
    if member is None:
        return []
    kinds = [option.value for option in context.options_of(member)]
    if _ONCE.search(sentence) and not _named(_spelled(sentence, member, context), kinds):
        return [_at_most(member, kind, 1) for kind in kinds]
    text = _spelled(sentence, member, context)
    named = _named(text, kinds)
    need, alone = _NEED.search(text), _ALONE.search(text)
    if alone and named and named[0][0] < alone.start():
        others = {kind for _, kind in named[1:]} or {*kinds} - {named[0][1]}
        return _needs(member, named[0][1], others)
    if need and len(named) == 2 and named[0][0] < need.start() < named[1][0]:
        return _needs(member, named[0][1], {named[1][1]})
    if len(named) == 2 and _ONE_EACH.search(text):
        return [_at_most(member, kind, 1) for _, kind in named]
    found: Found = []
    for part in _PARTS.split(text):
        of_part, most = _named(part, kinds), _MOST.search(part)
        if len(of_part) == 1 and most:
            found.append(_at_most(member, of_part[0][1], _number(most["n"] or most["zh"])))
        elif not is_idle(part):
            return []
    return found


def _number(word: str) -> int:
    return int(word) if word.isdigit() else 1


def _at_most(member: Draft, kind: Any, most: int) -> tuple[str, str, Any]:
    head = member.name.partition(".")[0]
    return head, "total", {"count": [member.name], "of": kind, "maximum": most}


def _needs(member: Draft, kind: Any, others: set[Any]) -> Found:
    if len(others) != 1 or kind in others:
        return []
    needs = {member.name: {"enum": [*others], "required": True}}
    return [(member.name, "mode", {"name": kind, "needs": needs})]


def _member(draft: Draft, context: Context) -> Draft | None:
    """The member of the items of a list that says of which kind each is."""
    head = draft.name if draft.type == "array" else draft.name.rpartition(".")[0]
    listed = context.drafts.get(head)
    found = [
        each
        for name, each in context.drafts.items()
        if name.rpartition(".")[0] == head and _KIND.search(name.rpartition(".")[2])
        if each.type == "string" and len(context.options_of(each)) > 1
    ]
    return found[0] if listed is not None and listed.type == "array" and len(found) == 1 else None


def _named(text: str, kinds: list[Any]) -> list[tuple[int, Any]]:
    """Where a text names kinds of items."""
    return sorted(
        (found.start(), kind)
        for kind in kinds
        for found in re.finditer(rf"(?<![\w-]){re.escape(str(kind))}(?![\w-])", text, re.ASCII)
    )


def _spelled(sentence: str, member: Draft, context: Context) -> str:
    """A sentence in which the words for a kind of item are its option."""
    for option in context.options_of(member):
        for words in _words_for(option):
            sentence = re.sub(words, f" {option.value} ", sentence, flags=re.IGNORECASE)
    return sentence


def _words_for(option: Option) -> list[str]:
    parts = re.split("[_-]", str(option.value))
    found = [r"\b" + " ".join(map(re.escape, parts)) + r"s?\b"] if len(parts) > 1 else []
    for english, chinese in zip(_WORDS, _ZH, strict=True):
        if parts[0] in english and parts[-1] in ("frame", "image", "picture"):
            found.append(rf"\b(?:{'|'.join(sorted(english))}) (?:frame|image|picture)s?\b")
            found.append(rf"[{chinese}]帧(?:图片?)?")
    gloss = re.match(f"[{CJK}]{{2,5}}", option.gloss)
    return found + ([re.escape(gloss[0])] if gloss else [])
