"""Finds why a limit in a sentence does not hold for every request."""

from __future__ import annotations

import re

from documentation.reading.layouts.draft import Draft
from documentation.reading.prose.applying import in_digits
from documentation.reading.prose.conditional.among import is_idle
from documentation.reading.prose.conditional.naming.described import by_opening
from documentation.reading.prose.conditional.naming.named import named_in
from documentation.reading.prose.conditional.naming.nouns import fields_named
from documentation.reading.prose.conditional.verdicts import parts_of
from documentation.reading.prose.context import Context
from documentation.reading.prose.rules import sign

_CONDITION = sign("condition")
_CONDITION_BEFORE = re.compile(
    r"^(?:an?|all|every|each) $|\b(?:with|for|when|if) (?:(?:an?|any|every|each|all) )?$",
    re.I,
)
_LISTED = sign("listed-values")
_GLOSS = re.compile(r" ?\([^()]{1,40}\)")
_WHEN_OMITTED = sign("when-omitted")
_LABEL = sign("label")
_SUBJECT = sign("subject")
_PICTURE_SIZE = sign("picture-size")
_WITH_ANOTHER = sign("with-another")
_WHOM = sign("part-condition")
_VERSION = sign("one-model")
OF_ANOTHER = "is said of another field"
UNDER_CONDITION = "holds only under a condition"


def condition_of(draft: Draft, sentence: str, context: Context) -> str:
    """Why a limit in this sentence does not hold for every request; empty if it does."""
    text = _WHEN_OMITTED.sub(" ", sentence)
    if _LISTED.match(text):  # what stands in brackets tells what each value is
        text = _GLOSS.sub("", text)
    if _other_subject(draft, text, context):
        return OF_ANOTHER
    if _CONDITION.search(text) or _with_another(draft, text, context):
        return UNDER_CONDITION
    if _of_others(draft, text, context) or _for_whom(draft, text, context):
        return UNDER_CONDITION
    label = _LABEL.match(text)
    own = draft.name == "model"
    of_whom = (
        re.sub(r"^(?:for|in|with|on|at|using) (?:the )?", "", label[1], flags=re.I) if label else ""
    )
    if label and len(context.ids) > 1 and not own and context.ids_in(of_whom):
        return f"holds only for {label[1]}"
    if label and not own and _is_a_value(label[1], draft, context):
        return f"holds only for {label[1]}"
    version = _VERSION.search(text) if not own else None
    meant = context.ids_in(version[0]) if version else []
    if version and 0 < len(meant) < len(context.ids):
        return f"holds only for {version[0]}"
    named = context.ids_in_full(text)
    spread = [p for p in parts_of(text) if context.ids_in_full(p)] if named[1:] else []
    some = len(named) < len(context.ids) or len(spread) > 1
    if named and len(context.ids) > 1 and not own and some:
        return f"holds only for {', '.join(named)}"
    shape = _PICTURE_SIZE.search(text) if draft.type in ("integer", "number") else None
    if shape:
        return f"holds only for {shape[0]}"
    told = [value for _, _, name, value in context.told_in(text) if name != draft.name]
    if told:
        return f"holds only for {told[0]}"
    other = context.other_value_in(text, draft) or context.other_mode_in(text)
    return f"holds only for {other}" if other else ""


def _is_a_value(label: str, draft: Draft, context: Context) -> bool:
    """Whether a label is a value of another field: `4 seconds: ...`, where lengths are 4 or 8."""
    named = named_in(in_digits(label), draft, context)
    return any(
        n.who.values and n.who.field != draft.name and (n.start, n.end) == (0, len(label.strip()))
        for n in named
    )


def _for_whom(draft: Draft, sentence: str, context: Context) -> bool:
    """Whether a sentence says first for whom it is, and no more: `For a request of 8 seconds,`."""
    first, comma, _ = in_digits(sentence).partition(",")
    if not comma or draft.name == "model" or not _WHOM.match(first.strip()):
        return False
    named = [n for n in named_in(first, draft, context) if n.who.field != draft.name]
    for n in named:
        first = first[: n.start] + " " * (n.end - n.start) + first[n.end :]
    return bool(named) and is_idle(first)


def _of_others(draft: Draft, text: str, context: Context) -> bool:
    """Whether a sentence says whom it is about by a noun: `Drafts are`, `With a story`."""
    if by_opening(text, draft, context):
        return True
    first = re.split(r"[,:;]", text, maxsplit=1)[0]
    return any(
        (none or not start or _CONDITION_BEFORE.search(first[:start]))
        for start, _, name, none in fields_named(first, context)
        if name != draft.name and not context.drafts[name].value_of("required")
    )


def _other_subject(draft: Draft, sentence: str, context: Context) -> bool:
    """Whether the sentence is about another field: `duration must be 5` below `seed`."""
    found = _SUBJECT.match(sentence)
    return bool(
        found
        and found[1] != draft.name.rsplit(".", 1)[-1]
        and context.fields_in(found[1], draft.name)
    )


def _with_another(draft: Draft, text: str, context: Context) -> bool:
    """Whether a limit holds beside another field only: `with video_url it may be 10`."""
    found = _WITH_ANOTHER.match(text)
    return bool(found and context.fields_in(found[1], draft.name))
