"""Tells a sentence again that no rule reads: fields by their names, and what requests are like.

`The last frame is only for videos longer than 9 seconds` is said of `last_frame_url` and of
`duration` 10 and more. A sentence that is read as it stands is never told again.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from functools import cache
from typing import Any

from documentation.reading.layouts.draft import Draft
from documentation.reading.prose.conditional.composing.atoms import MADE, TIMED, field_named
from documentation.reading.prose.conditional.phrases import size_of
from documentation.reading.prose.conditional.qualifiers import values_of
from documentation.reading.prose.context import Context
from documentation.reading.prose.rules import ignoring_case, lines_of, sign
from documentation.reading.prose.rules.synonyms import plainer

MOST_VALUES = 40
_CHINESE = re.compile("[一-鿿]")
_NAME = re.compile(r"(?<![\w.])[a-z]\w*(?:\.\w+)*", re.ASCII)


def retold(sentence: str, draft: Draft, context: Context) -> str:
    """The sentence in words that rules are written for; the same where there is nothing to say."""
    telling = _Telling(draft, context)
    steps = _IN_CHINESE if _CHINESE.search(sentence) else _IN_ENGLISH
    for step in (*_FIRST, *steps):
        sentence = step(telling, sentence)
    return " ".join(sentence.split())


@cache
def _nouns() -> tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]:
    """The names of fields, each with the nouns that sentences have for such a field."""
    return tuple(
        (ignoring_case(names), ignoring_case(nouns)) for names, nouns, _, _ in lines_of("nouns")
    )


class _Telling:
    """How a sentence of one field is told again."""

    def __init__(self, draft: Draft, context: Context) -> None:
        self.draft, self.context = draft, context

    def draft_of(self, name: str) -> Draft | None:
        """The field of a name, which may be one letter."""
        names = self.context.fields_in(name, "") if len(name) > 1 else [name]
        known = names[0] if names and names[0] in self.context.drafts else ""
        return self.context.drafts[known] if known else None

    def without_reasons(self, text: str) -> str:
        """The rule alone, without why it is so and what becomes of those who break it."""
        text = re.sub(r"(?<=[a-z])-(?=mode\b)", " ", text)
        return _WHY.sub("", _OR_ELSE.sub("", text))

    def without_brackets(self, text: str) -> str:
        """`clay look (style=clay)`: what stands in the brackets is the name of what is before."""

        def inner(found: re.Match[str]) -> str:
            told = (found["inner"] or found["zh"]).strip()
            if _NAMES_ONE.search(told) and any(map(self.draft_of, _NAME.findall(told))):
                return f" {told} "
            valued = self.field_with(told)
            is_ = "为" if _CHINESE.search(text) else "="
            return f" {valued}{is_}{told} " if valued else found[0]

        return _BESIDE.sub(inner, text)

    def field_with(self, value: str) -> str:
        """The one field that has a value among its options, and no plain word."""
        fields = [
            name
            for name, other in self.context.drafts.items()
            if name != "model" and value in map(str, values_of(other, self.context))
        ]
        return fields[0] if len(fields) == 1 and "." not in fields[0] else ""

    def by_names(self, text: str) -> str:
        """Nouns that mean one field of the page as its name."""
        for names, nouns in _nouns():
            if name := field_named(names, self.context):
                text = nouns.sub(f" {name} ", text)
        return " ".join(text.split())

    def named_by_unit(self, text: str) -> str:
        """`clips longer than 9 seconds`, `more than 2 videos`: the field that the unit tells."""
        for expression, names in _BY_UNIT:
            if name := field_named(names, self.context):
                text = expression.sub(functools.partial(_with_unit, name), text)
        return text

    def compared(self, text: str) -> str:
        """`n > 2`, where it is a condition, as the values of n that are so."""

        def values(found: re.Match[str]) -> str:
            other = self.draft_of(found["f"])
            kept = self.beyond(other, found) if other else []
            return self.valued(other.name, kept, text) if other and kept else found[0]

        for expression in _COMPARED:
            text = expression.sub(values, text)
        return text

    def beyond(self, other: Draft, found: re.Match[str]) -> list[Any]:
        """The values of a whole number that are more, or less, than one."""
        low, high = other.value_of("minimum"), other.value_of("maximum")
        known = values_of(other, self.context) or _told_of_some(other)
        if other.type != "integer" or not (known or (low is not None and high is not None)):
            return []
        if not known and high - low >= MOST_VALUES:
            return []
        known = known or list(range(low, high + 1))
        limit, groups = int(found["n"]), found.groupdict()
        less, equal = groups.get("less"), groups.get("equal")
        kept = [v for v in known if (v < limit if less else v > limit) or (equal and v == limit)]
        return kept if 0 < len(kept) < len(known) else []

    def valued(self, name: str, values: list[Any], text: str) -> str:
        """A field and its values, in the words of a condition."""
        told = [str(value) for value in values]
        if _CHINESE.search(text):
            return f" {name}为{'、'.join(told)} "
        listed = f"{', '.join(told[:-1])} or {told[-1]}" if told[1:] else told[0]
        return f" {name} {listed} "

    def switched(self, text: str) -> str:
        """`开启 bgm` as `bgm 为 true`, where that is a switch."""

        def state(on: str) -> Callable[[re.Match[str]], str]:
            def told(found: re.Match[str]) -> str:
                other = self.draft_of(found["f"])
                is_switch = other is not None and other.type == "boolean"
                return f"{found['f']}为{on}" if is_switch else found[0]

            return told

        return _SWITCH_ON.sub(state("true"), _SWITCH_OFF.sub(state("false"), text))

    def sized(self, text: str) -> str:
        """`resolution 不得高于 720p` as the options that are no larger."""

        def kept(found: re.Match[str]) -> str:
            other = self.draft_of(found["f"]) if found["f"] else None
            own = other is not None and found["v"] in map(str, values_of(other, self.context))
            field = other.name if other and own else self.field_with(found["v"])
            before = "" if own or not found["f"] else f"{found['f']} "
            if not field or found["v"].isdigit():
                return found[0]
            known = values_of(self.context.drafts[field], self.context)
            limit = size_of(found["v"])
            sizes = {value: size_of(str(value)) for value in known}
            if limit is None or None in sizes.values() or found["v"] not in map(str, known):
                return found[0]
            told = [str(v) for v, size in sizes.items() if size is not None and size <= limit]
            return f"{before} {field} {'只能为' if _CHINESE.search(text) else 'must be '}" + (
                "、".join(told) if _CHINESE.search(text) else " or ".join(told)
            )

        return _NO_LARGER.sub(kept, text)

    def all_others(self, text: str) -> str:
        """`除 V 外,其他...` as the other options of the field that has this one."""

        def rest(found: re.Match[str]) -> str:
            own = [str(v) for v in values_of(self.draft, self.context)]
            field = self.draft.name if found["v"] in own else self.field_with(found["v"])
            known = values_of(self.context.drafts[field], self.context) if field else []
            kept = [v for v in known if str(v) != found["v"]]
            return f" {field}为{'、'.join(map(str, kept))}时" if kept else found[0]

        return _ALL_BUT.sub(rest, text)

    def denied(self, text: str) -> str:
        """`F 不可为 V`, `F can't be V` as one thing that is not to be had."""

        def told(found: re.Match[str]) -> str:
            name = found["f"] or self.draft.name
            other = self.draft_of(name)
            known = map(str, values_of(other, self.context)) if other else ()
            if found["v"] not in ("true", "false", "on", "off", *known):
                return found[0]
            is_, not_ = ("为", "不可用") if found["zh"] else (" = ", " is not allowed")
            return f" {name}{is_}{found['v']} {not_}"

        return _DENIED.sub(told, text)

    def as_rule(self, text: str) -> str:
        """What `retold.txt` says in other words."""
        return plainer(text, "retold")


_NUMBERS = re.compile(
    r"(?<![\w.-])\d{1,3}(?:(?:, ?|、| )(?:or |and )?\d{1,3}){2,}(?![\w.])", re.ASCII
)


def _told_of_some(draft: Draft) -> list[int]:
    """The values that a field's prose lists for some models, where none are listed for all."""
    listed = [found[0] for line in draft.prose for found in _NUMBERS.finditer(line)]
    return sorted({int(number) for each in listed for number in re.findall(r"\d+", each)})


def _with_unit(name: str, found: re.Match[str]) -> str:
    """`longer than 9 seconds`, `3 videos or more`, with the name of the field that it is of."""
    told = found.groupdict()
    if told.get("n2"):
        return f" {name} {told['n2']}{told['up']} "
    return f" {name} {told['how']} {told['n']} "


_WHY, _OR_ELSE = sign("told-why"), sign("told-threat")
_BESIDE, _NAMES_ONE = sign("told-brackets"), sign("told-name")
_BY_UNIT = ((sign("told-seconds"), TIMED), (sign("told-videos"), MADE))
_COMPARED = tuple(map(sign, ("told-more", "told-or-more", "told-and-up", "told-longer")))
_SWITCH_ON, _SWITCH_OFF = sign("told-on"), sign("told-off")
_NO_LARGER, _ALL_BUT, _DENIED = sign("told-no-larger"), sign("told-all-but"), sign("told-denied")
_FIRST = (
    _Telling.without_reasons,
    _Telling.without_brackets,
    _Telling.by_names,
    _Telling.named_by_unit,
    _Telling.compared,
)
_IN_CHINESE = (
    _Telling.switched,
    _Telling.sized,
    _Telling.all_others,
    _Telling.as_rule,
    _Telling.denied,
)
_IN_ENGLISH = (_Telling.sized, _Telling.denied)
