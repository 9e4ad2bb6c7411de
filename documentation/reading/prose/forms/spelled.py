"""Reads how a text is spelled where a sentence says it in words, and turns that into a pattern.

`rhyme_ followed by 8 hexadecimal digits`, `rhyme- + 4 位数字`: a text that begins so, and counted
kinds of letters after it. It is read only where the page shows a text that is spelled so.
"""

from __future__ import annotations

import re

from documentation.reading.layouts.draft import Draft
from documentation.reading.prose.rules.characters import literal

_KINDS = (
    (r"hex(?:adecimal)?(?: digits?| characters?)?", "[0-9a-f]", "[0-9A-Fa-f]"),
    (r"(?:decimal )?digits?|numbers?|numerals?", "[0-9]", "[0-9]"),
    (
        r"letters? (?:or|and) (?:digits?|numbers?)|alphanumeric characters?",
        "[a-z0-9]",
        "[A-Za-z0-9]",
    ),
    (r"(?:digits?|numbers?) (?:or|and) letters?", "[a-z0-9]", "[A-Za-z0-9]"),
    (r"letters?", "[a-z]", "[A-Za-z]"),
    (r"位十六进制(?:字符|数字)?", "[0-9a-f]", "[0-9A-Fa-f]"),
    (r"位?(?:字母[或和、]?数字|数字[或和、]?字母)", "[a-z0-9]", "[A-Za-z0-9]"),
    (r"位数字|个数字", "[0-9]", "[0-9]"),
    (r"[位个]?字母", "[a-z]", "[A-Za-z]"),
)
_MARKS = {
    **dict.fromkeys(("a hyphen", "a dash", "hyphen", "短横线", "连字符"), "-"),
    **dict.fromkeys(("an underscore", "underscore", "下划线"), "_"),
    **dict.fromkeys(("a dot", "a period"), "."),
    **dict.fromkeys(("a colon", "冒号"), ":"),
}
_JOINT = re.compile(
    r"(?: ?(?:\+|,|and then|and|then|plus|followed by|后接|加上?|接|再加|和|与)(?: by)?)* ?",
    re.IGNORECASE,
)
_LITERAL = re.compile(
    r"[A-Za-z][\w-]{0,30}[-_](?![\w])|[-_:.](?= ?(?:\+|and|then|plus|,))", re.ASCII
)
_COUNT = re.compile(
    r"(\d{1,3}) ?(?:个|位(?=小写|大写))?(?P<lower>lower-?case |小写)?(?P<upper>upper-?case |大写)?"
)
_LOWER = re.compile(r" ?(?:in lower case|\(lower case\)|all in lower case)|(?:小写)", re.IGNORECASE)
_TEXT = re.compile(r"(?<![\w./-])[A-Za-z][\w-]{5,80}(?![\w/-])")
_START = re.compile(r"[A-Za-z][\w-]{0,30}[-_](?![\w])", re.ASCII)


_UUID = re.compile(
    r"(?:^|, |\bbe |\bis |\bas |为|是|用)(?:an? |the )?(?:valid )?UUID(?: v\d)?"
    r"(?= ?(?:$|[,;.(]|in lower|格式|string))",
    re.IGNORECASE,
)
_BLOCKS = (8, 4, 4, 4, 12)


def spelling(draft: Draft, sentence: str) -> str:
    """The pattern that a sentence says; empty where it says none that its example has."""
    if _UUID.search(sentence):
        digit = "[0-9a-f]" if re.search("lower|小写", sentence) else "[0-9A-Fa-f]"
        return f"^{'-'.join(f'{digit}{{{n}}}' for n in _BLOCKS)}$"
    for start in _START.finditer(sentence):
        pattern, parts = _pattern(sentence, start.start())
        shown = [*_TEXT.findall(" ".join(draft.prose) + " " + sentence), *map(str, draft.examples)]
        if parts > 1 and any(re.fullmatch(pattern, text) for text in shown):
            return f"^{pattern}$"
    return ""


def _pattern(text: str, at: int) -> tuple[str, int]:
    """The pattern that begins at a place, and how many parts it has."""
    pattern, parts = "", 0
    while True:
        at = _JOINT.match(text, at).end() if parts else at  # type: ignore[union-attr]
        one, end = _part(text, at)
        if not one:
            return pattern, parts
        pattern, parts, at = pattern + one, parts + 1, end


def _part(text: str, at: int) -> tuple[str, int]:
    for words, mark in _MARKS.items():
        if text.startswith(words, at):
            return literal(mark), at + len(words)
    if found := _LITERAL.match(text, at):
        return literal(found[0]), found.end()
    count = _COUNT.match(text, at)
    for kind, low, both in _KINDS if count else ():
        found = re.compile(rf" ?(?:{kind})", re.IGNORECASE).match(text, count.end())  # type: ignore[union-attr]
        if found is None:
            continue
        lower = _LOWER.match(text, found.end())
        letters = low if lower or count["lower"] else both  # type: ignore[index]
        letters = letters.replace("a-z", "A-Z") if count["upper"] else letters  # type: ignore[index]
        end = lower.end() if lower else found.end()
        return f"{letters}{{{int(count[1])}}}", end  # type: ignore[index]
    return "", at
