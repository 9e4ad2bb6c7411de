"""Reads limits that hold for the requests that a sentence names: its other words say the limit."""

from __future__ import annotations

import re
from typing import Any

from documentation.reading.layouts.draft import Draft
from documentation.reading.prose.conditional.between import models_and_rest
from documentation.reading.prose.conditional.naming.named import Named
from documentation.reading.prose.conditional.phrases import (
    Facts,
    field_called,
    limits_of,
    of_a_list,
)
from documentation.reading.prose.conditional.qualified import MUST, Found
from documentation.reading.prose.conditional.qualifiers import own_state, values_of
from documentation.reading.prose.context import Context
from documentation.reading.prose.rules import sign

_IDLE = sign("idle")
_CONSTRAINT = sign("constraint")
_HERE = sign("said-here")
_CONDITION = sign("part-condition")
_WITH_IT = re.compile(r"\b(?:with|when|if|using|beside) $|(?:使用|传入) ?$", re.IGNORECASE)
_AROUND = sign("before-named")
_AFTER = sign("after-named")
_MAKES = sign("makes")
_ENDS_BEFORE = re.compile(r"[一-鿿][时后],? ?$")
_MUST = re.compile(MUST, re.IGNORECASE)


def without_names(part: str, named: list[Named]) -> str:
    for n in named:
        part = part[: n.start] + " " * (n.end - n.start) + part[n.end :]
    return part


def changes_nothing(rest: str) -> bool:
    """Whether these words change nothing."""
    return not _IDLE.sub("", rest).strip(" ,;:.'\"`()!")


def limit_for_named(
    part: str,
    named: list[Named],
    carried: list[Named],
    draft: Draft,
    context: Context,
    facts: Facts,
) -> Found | None:
    """A limit that holds for what is named: the sentence without that name says the limit."""
    condition = [
        n for n in carried if n.who.field != draft.name or draft.name == "model" or n.who.values
    ]
    if len(condition) == len(named) == 1 and named[0].who.values:
        other, who = context.drafts[named[0].who.field], condition[0].who
        limits = limits_of(other, part, context, facts)
        if not limits or limits == {"enum": values_of(other, context)} or other.name == who.field:
            return None
        return who.facts({other.name: limits})
    if len(condition) == len(named) == 1 and (
        told := _limit_of_the_named(part, named[0], facts, context)
    ):
        own = named[0].who.field == condition[0].who.field
        return [] if own else condition[0].who.facts(told)
    if not condition and len(named) == 2 and changes_nothing(part[: named[0].start]):
        both = _limit_of_both(part, named, draft, context, facts)
        return both or _limit_of_a_value(part, named, context, facts)
    if not condition and len(named) == 1 and _HERE.search(part) and named[0].who.given:
        other = context.drafts[named[0].who.field]
        rest = _HERE.sub(" ", without_names(part, named)).strip(" ,")
        limits = limits_of(other, " ".join(rest.split()), context, facts)
        mine = own_state(draft)
        return mine.facts({other.name: limits}) if limits and other.name != mine.field else None
    models, others = models_and_rest([*condition, *named])
    if len(others) > 1 or len(named) > 1 or (not others and len(condition) + len(named) != 1):
        return None
    rest, who = part, others[0].who if others else (condition or named)[0].who
    for_some = models.values if models and others else ()
    if named and _ENDS_BEFORE.search(part[: named[0].start]):
        return None  # what is named is not the condition, which ends before it
    if named:
        rest = _AROUND.sub("", part[: named[0].start]) + " " + _AFTER.sub("", part[named[0].end :])
    if (
        who.given is not None
        and not carried
        and not _CONDITION.search(part[: named[0].start].strip())
        and not _WITH_IT.search(part[: named[0].start])
    ):
        return None
    if not _CONSTRAINT.search(rest):
        return None
    target = field_called(rest, context) if draft.name in (who.field, "model") else draft
    if target is None or target.name == who.field:
        return None
    limits = limits_of(target, rest.strip(" ,"), context, facts)
    if limits and who.field == "model" and not _MUST.search(part):
        limits = of_a_list(target, limits)
    return who.facts({target.name: limits}, for_some) if limits else None


def _limit_of_the_named(
    part: str, named: Named, facts: Facts, context: Context
) -> dict[str, dict[str, Any]] | None:
    """`duration is at most 9`: a limit of the field that it names, not of whom it holds for."""
    if not named.who.given or named.who.count or not changes_nothing(part[: named.start]):
        return None
    field = named.who.field
    limits = limits_of(context.drafts[field], part[named.end :].strip(" ,"), context, facts)
    return {field: limits} if limits else None


def _limit_of_both(
    part: str, named: list[Named], draft: Draft, context: Context, facts: Facts
) -> Found | None:
    """`nova-1-lite at 1080p makes at most 8 seconds`: a limit for a model and a value together."""
    models, others = models_and_rest(named)
    first, second = named
    if models is None or len(others) != 1 or not others[0].who.values:
        return None
    if draft.name in ("model", others[0].who.field):
        return None
    if not changes_nothing(_MAKES.sub(" ", part[first.end : second.start])):
        return None
    limits = limits_of(draft, _AFTER.sub("", part[second.end :]).strip(" ,:"), context, facts)
    return others[0].who.facts({draft.name: limits}, models.values) if limits else None


def _limit_of_a_value(
    part: str, named: list[Named], context: Context, facts: Facts
) -> Found | None:
    """`Fast clips have at most 5 seconds`: a limit that names one of the values."""
    one, told = (n.who for n in named)
    counted = context.drafts[told.field]
    if not told.values or counted.type not in ("integer", "number") or one.field == told.field:
        return None
    limits = limits_of(counted, part[named[0].end :], context, facts)
    if not limits or limits == {"enum": values_of(counted, context)}:
        return None
    return one.facts({counted.name: limits})
