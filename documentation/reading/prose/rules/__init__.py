"""The table of prose rules: a rule a line, with its example, in `english.txt` and `chinese.txt`.

`signs.txt` has the patterns that are read outside of rules: whether a sentence is read at all, what
is left of it, and what the words around a name or a value mean.

A line is `meaning | pattern | field | example | what it says`. A pattern is a regular expression
that ignores case, over one sentence in the spelling of `reading.layouts.text.normal`, with
placeholders: `{n}` and `{m}` are numbers, `{to}` what stands between the ends of a range,
`{unit}` the words after a number, `{unitless}` a unit after the first of two numbers, `{values}`
a list of option values, `{value}` one, `{ids}` model ids or words that tell models apart,
`{fields}` names of fields, `{mode}` the name of a mode, `{cond}` a condition, `{format}` a file
format, `{item}` a noun for what a list holds, `{chars}` kinds of characters,
`{several}` two of them or more, `{counted}` those with how many there are, `{numberof}` the
same where that is said. Rules are tried in order and each takes the words it
understood, so later rules don't see them. What a meaning makes of its match is in
`documentation.reading.prose.meaning.meanings`; the tests run every rule on its example.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from documentation.reading.prose.quantity import ITEM
from documentation.reading.prose.rules.characters import CHARS, SEVERAL
from documentation.reading.prose.rules.cues import cues

FORMATS = "mp3|wav|m4a|aac|flac|ogg|mp4|mov|avi|webm|mkv|m4v|jpe?g|png|webp|bmp|gif|tiff?|heic"
_NUMBER = r"(?:[1-9]\d{0,2}(?:,\d{3})+|\d+)(?:\.\d+)?(?![\d:]|,\d{3}(?!\d)|\.\d|\^|[pk](?![a-z]))"
_BARE = r"-?[A-Za-z0-9](?:[A-Za-z0-9]|[_.+:*×-]{1,9}+(?=[A-Za-z0-9])){0,80}+"
_VALUE = rf"(?:\"[^\"]{{1,60}}\"|'[^']{{1,60}}'|{_BARE}(?: ?(?:seconds?|secs?|秒钟?))?)"
NO_DEFAULT = r"(?!default[^\w)]+\w|默认值?[为是:]? ?[a-z0-9])"
_MARKED = rf"{_VALUE}(?: ?\({NO_DEFAULT}[^()]{{1,40}}\))?"
_HOW_MANY = (
    r"(?P<upto>up to |at most |no more than )?(?P<least>\d{1,4})"
    r"(?: ?(?:-|–|to|or) ?(?P<most>\d{1,4}))? "
)
COMMA = r"(?: ?(?:,|、|/|\|)(?: ?(?:or|and)\b)?| or\b| and\b|或者?|和|及|以及|与) ?"

PLACEHOLDERS = {
    "{n}": rf"(?<![A-Za-z0-9_./^-])(?<!\d[:,])(?P<n>-?{_NUMBER})",
    "{m}": rf"(?P<m>-?{_NUMBER})",
    "{to}": r" ?(?:-|–|—|~|\.{2,3}|\bto\b|\bthrough\b|至|到) ?",
    "{unit}": r"(?P<unit>[一-鿿]{1,8}|(?: ?[A-Za-z$%][A-Za-z%-]{0,29}+){0,3})",
    "{unitless}": r"(?: ?[A-Za-z]{1,10}|[一-鿿]{1,3})?",
    "{values}": rf"(?<![A-Za-z0-9_.-])(?<!\d:)(?P<values>{_MARKED}(?:{COMMA}{_MARKED}){{0,99}})",
    "{value}": rf"(?<![A-Za-z0-9_.-])(?<!\d:)(?P<value>{_VALUE})",
    "{ids}": r"(?P<ids>[^,;:。()]{1,120})",
    "{fields}": r"(?P<fields>[\w.\[\]\"',/&、 -]{1,120})",
    "{mode}": r"(?P<mode>[^。;,]{1,60})",
    "{cond}": r"(?P<cond>[^。;]{1,120})",
    "{format}": FORMATS,
    "{item}": f"(?:{ITEM})",
    "{chars}": f"(?P<chars>{CHARS})",
    "{several}": f"(?P<chars>{SEVERAL})",
    "{counted}": f"(?:{_HOW_MANY})?(?P<chars>{CHARS})",
    "{numberof}": f"{_HOW_MANY}(?P<chars>{CHARS})",
}

# No expression may take longer than in proportion to the sentence: what it looks ahead is bounded,
# words are taken as a whole or not at all, and words that may repeat do so only so often.
_REPEATED = re.compile(r"(?<!\\)\)([*+])")


# Python goes through each of 21,000 signs, thrice as long where it has to look for its other case.
_CHINESE = re.compile(r"\[\^?一-鿿\]")


def ignoring_case(pattern: str) -> re.Pattern[str]:
    """A pattern of these tables as an expression; Chinese has no case that could be ignored."""
    return re.compile(_CHINESE.sub(r"(?-i:\g<0>)", pattern), re.IGNORECASE)


def _few_times(sign: re.Match[str]) -> str:
    return "){0,20}" if sign[1] == "*" else "){1,20}"


@dataclass
class Cued:
    """A pattern that is compiled once a sentence has the words without which it can't match."""

    pattern: str

    def may_match(self, lowered: str) -> bool:
        """Whether a sentence in lower case has one of these words."""
        for cue in self._cues:  # of each rule and sentence: any() takes thrice as long
            if cue in lowered:
                return True
        return not self._cues

    @cached_property
    def _cues(self) -> tuple[str, ...]:
        return cues(self.pattern)

    @cached_property
    def expression(self) -> re.Pattern[str]:
        """The pattern with what its placeholders mean."""
        pattern = _REPEATED.sub(_few_times, self.pattern)
        for name, meant in PLACEHOLDERS.items():
            pattern = pattern.replace(name, meant)
        return ignoring_case(pattern)


@dataclass
class Rule(Cued):
    """One line of the table."""

    meaning: str
    field: str
    example: str
    says: str
    chinese: bool


def _rule(cells: list[str], language: str) -> Rule:
    meaning, pattern, field, example, says = (cell.strip() for cell in cells)
    return Rule(pattern, meaning, field, example, says, language == "chinese")


@dataclass(frozen=True, slots=True)
class Sign:
    """One line of `signs.txt`; in its example, what it finds stands between « and »."""

    name: str
    pattern: str
    example: str


def sign(name: str) -> re.Pattern[str]:
    """All patterns of one sign as one expression, tried in their order."""
    return ignoring_case("|".join(s.pattern for s in signs() if s.name == name))


@cache
def signs() -> tuple[Sign, ...]:
    """Every line of `signs.txt`."""
    return tuple(
        Sign(name, pattern.replace("{item}", PLACEHOLDERS["{item}"]), example)
        for name, pattern, example in lines_of("signs")
    )


@cache
def table() -> tuple[Rule, ...]:
    """Every rule, Chinese ones first: their words can't be mistaken for English ones."""
    return tuple(_rule(cells, name) for name in ("chinese", "english") for cells in lines_of(name))


def lines_of(name: str) -> list[list[str]]:
    """The cells of each line of a file of this folder."""
    text = (Path(__file__).parent / f"{name}.txt").read_text("utf-8")
    lines = (line for line in text.splitlines() if line and not line.startswith("#"))
    return [line.split(" | ") for line in lines]
