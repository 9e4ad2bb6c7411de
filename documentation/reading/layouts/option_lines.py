"""What one line of an option list says: a value, or several, and what stands beside it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from documentation.reading.layouts.draft import Draft, loose_json, number
from documentation.reading.layouts.text import CJK

DEFAULT_MARK = re.compile(
    r"[(\[](?:the |is |by )?(?:default|默认)(?: value)?(?:值|选项)?[)\]]"
    r"|(?:^|[,;] ?)(?:(?:this is )?(?:the )?default(?: value)?|默认(?:值|选项)?)$",
    re.IGNORECASE,
)
_QUOTED = r"\"([^\"]{1,80})\"|'([^']{1,80})'|`([^`]{1,80})`"
_BARE = r"-?[A-Za-z0-9][A-Za-z0-9_.+/-]*[A-Za-z0-9]|-?\d|[A-Za-z]|\d+:\d+"
_SEPARATOR = r"\t| ?(?:—|–|--+|->|→|=>) ?| ?- (?=\S)| ?: ?| ?= ?| ?(?=[(\[])" rf"| -(?=[{CJK}])"
_ROW = re.compile(rf"(?:{_QUOTED}|(\d+:\d+|{_BARE}))(?:(?:{_SEPARATOR})(.*)|(?=[{CJK}])(.*)|$)")
_WHEN = re.compile(r"[\w.:-]+?(?:模式|档|画质)?(?:时|下)(?=[支仅只可,:最不])", re.ASCII)
_GLUED = re.compile(r"(\d+:\d+|[A-Z][A-Z0-9_]*(?=[A-Z][a-z])|[a-z0-9][a-z0-9_.-]*(?=[A-Z]))(.+)")
_SHAPED = r"(\d+:\d+|\d+[pPkK])(?: ?(\([^()]{1,60}\)))?"
_ONE = re.compile(_SHAPED)
SIZED = r"(?:\d+:\d+|\d{2,5} ?[x*×] ?\d{2,5}|\d+[pPkK])"
BETWEEN = r"(?: ?[,、/] ?(?:and |or )?| and | or |和|或)"
_SPELLINGS = re.compile(
    rf"(?P<values>{SIZED}(?:(?: ?/ ?| or | 或 ?){SIZED})+)(?: ?(?::"
    rf"|—|–|--|-|=|(?=\()) ?(?P<gloss>.*))?"
)
# A value in code, or a number, with its meaning after a slash, which is no other spelling.
CODED_FIRST = re.compile(r"^(`[^`]{1,80}`|\d+(?= ?/ ?\D)) ?/ ?(?=[^`\s])")
# `16:9, 9:16: offered`, each of which has what stands beside them.
_TOLD_TOGETHER = re.compile(
    rf"(?P<values>{SIZED}(?:{BETWEEN}{SIZED})+) ?(?::|—|–|--|-|=) ?(?P<gloss>[^\d ].*)"
)
# `calm_1 / calm_2 — slow`, of words that are no plain ones.
_CODED = r"[a-z][a-z0-9]*(?:[_-][a-z0-9]+)+"
_CODED_TOGETHER = re.compile(
    rf"(?P<values>{_CODED}(?: ?/ ?{_CODED})+) ?(?::|—|–|--) ?(?P<gloss>\D.*)", re.ASCII
)
_SEVERAL = re.compile(rf"{_SHAPED}(?:{BETWEEN}{_SHAPED})+")

# The names of fields that choose one of a few words.
CHOOSES = re.compile(
    r"(?:mode|type|style|kind|level|method|format|tier|speed|effect|direction|quality|strategy"
    r"|orientation|position|policy|preset|sound|motion|amplitude|setting|operation|language)$"
)

# `Text-to-video: only 720p`, a mode of the model, which is written as words are.
_A_MODE = re.compile(r"[A-Z][a-z]+-to-[a-z]+$")

GLUED_VALUE = re.compile(rf"(?:\d+:\d+|\d+[pPkK])(?=[{CJK}]|[A-Z][a-z])")


@dataclass(slots=True)
class Option:
    """One value of an option list, with what the page writes beside it."""

    value: Any
    gloss: str = ""
    default: bool = False


class OptionLines:
    """Finds the options of a field in single lines; the values are typed by the field.

    Args:
        draft: The field.
        names: The names of all fields.
    """

    def __init__(self, draft: Draft, names: set[str]) -> None:
        self.draft = draft
        self.names = names
        self.kind = draft.items if draft.type == "array" else draft.type
        self.known = sorted(draft.shown(), key=len, reverse=True)
        self.only = ""
        self.defaulted = False

    def is_value(self, option: Option) -> bool:
        text = str(option.value)
        if text in self.names and text not in self.known:
            return False
        listed = self.draft.options()
        if listed:
            return option.value in listed or option.value == self.draft.value_of("default")
        if self.kind == "boolean":
            return isinstance(option.value, bool)
        if self.kind != "string":
            return isinstance(option.value, int | float)
        likely = CHOOSES.search(self.draft.name) or self.defaulted
        plain = likely and re.fullmatch(r"[a-z][a-z0-9_-]*", text)
        shaped = re.search(r"\d|_|[a-z]-[a-z]", text) and not _A_MODE.match(text)
        return bool(plain or shaped) or text in self.known

    def several_in(self, text: str) -> list[Option]:
        """`16:9 (wide), 9:16 (tall), 1:1` in one bullet: each is an option, with its gloss."""
        if self.kind != "string" or not _SEVERAL.fullmatch(text):
            return []
        return [
            option
            for found in _ONE.finditer(text)
            if (option := self.option_of(found[1], found[2] or "")) is not None
        ]

    def spellings_in(self, text: str) -> list[Option]:
        """`16:9 / 1280x720: wide` is one option in two spellings, each as good as the other."""
        if self.kind != "string":
            return []
        found = _SPELLINGS.fullmatch(text) or _TOLD_TOGETHER.fullmatch(text)
        found = found or _CODED_TOGETHER.fullmatch(text)
        values = re.split(BETWEEN, found["values"]) if found else []
        if found is None or self.names & {*values}:
            return []
        listed = self.draft.options()
        values = [value for value in values if not listed or value in listed]
        options = [option for v in values if (option := self.option_of(v, found["gloss"] or ""))]
        for other in options[1:]:
            other.default = False  # which is named in one way
        return options

    def row_in(self, text: str) -> Option | None:
        """A value and its gloss, whatever stands between them, or nothing at all."""
        if _WHEN.match(text):
            return None
        for value in self.known:
            rest = text[len(value) :]
            sized = re.fullmatch(r"\d{3,5} ?[x*×] ?\d{3,5}", rest)
            apart = sized or re.match(rf"$|[\t ({CJK}—–:=]|--|[A-Z][a-z]", rest)
            if text.startswith(value) and apart:
                return self.option_of(value, re.sub(rf"^(?:{_SEPARATOR}| )", "", rest))
        shaped = GLUED_VALUE.match(text)
        if shaped:
            return self.option_of(shaped[0], text[shaped.end() :])
        found = _ROW.fullmatch(text)
        if found:
            value = next(part for part in found.groups()[:4] if part is not None)
            return self.option_of(value, found[5] or found[6] or "")
        glued = _GLUED.fullmatch(text)
        return self.option_of(glued[1], glued[2]) if glued else None

    def option_of(self, text: str, gloss: str) -> Option | None:
        value: Any = text
        if self.kind in ("integer", "number"):
            found = re.fullmatch(r"(-?\d+(?:\.\d+)?)(?:s|sec|seconds?)?", text)
            if found is None:
                return None
            value = number(found[1])
        elif self.kind == "boolean":
            value = loose_json(text)
        gloss = f"{gloss}; only {self.only}" if self.only and gloss else gloss
        gloss = gloss or (f"only {self.only}" if self.only else "")
        marked = DEFAULT_MARK.search(gloss) is not None
        gloss = DEFAULT_MARK.sub("", gloss.strip()).replace("\t", "; ")  # of several columns
        return Option(value, gloss.strip(" ,-"), marked)
