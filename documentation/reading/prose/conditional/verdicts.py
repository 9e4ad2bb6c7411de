"""Reads a sentence by what it names and by its verdict, whatever its grammar.

`Not with X`, `X rules it out`, `the two don't go together`: who names what, and whether the
verdict is that they exclude each other, that one needs the other, or that one has its only place
beside the other, is all that is asked. Every other word has to be one that changes nothing;
otherwise the sentence is not read. The words are in `rules/signs.txt`.
"""

from __future__ import annotations

import re
from typing import Any

from documentation.reading.layouts.draft import Draft
from documentation.reading.prose.conditional.described import values_by_size
from documentation.reading.prose.conditional.named import Named, named_in, own_state
from documentation.reading.prose.conditional.qualified import (
    Facts,
    Found,
    field_called,
    left_out,
    limits_of,
)
from documentation.reading.prose.conditional.qualifiers import OTHER_SIZES, Qualifier, values_of
from documentation.reading.prose.context import Context
from documentation.reading.prose.rules import sign

# Before what a part begins with: it is the condition of what follows, or what that is about.
_LEADS = re.compile(r"(?:when|if|while|with|for|in|at)(?: an?| the)? ", re.IGNORECASE)
_ARTICLE = re.compile(r"(?:(?:an?|the) )?", re.IGNORECASE)
# `with X the text goes there and Y must be left out`: the condition is one of both clauses.
_CLAUSES = re.compile(
    r"(?P<one>(?:with|when|if|for|in) \S+,? (?:the|an?) \w+ [^,;]{3,60}?) and "
    r"(?P<other>(?:the )?\w+ (?:must|has to|have to|can ?not|may not)\b.*)",
    re.IGNORECASE,
)
_LABEL_ID = re.compile(r"([\w.-]+): ?", re.ASCII)
MOST = 300
MOST_NAMED = 12
NOT, ONLY, NEED, NEEDED, BESIDE = "not", "only", "need", "needed", "beside"
_SIGNS = {name: sign(f"verdict-{name}") for name in (NEED, BESIDE, NEEDED, NOT, ONLY)}
_IDLE = sign("idle")
_PART = sign("part-end")
_CONSTRAINT = sign("constraint")
_OWN_ON = sign("own-on")
_OWN_ON_THEN = sign("own-on-then")
_TELLS = sign("tells")
_THEN = sign("then")
_HERE = sign("said-here")
_MUTUAL = sign("mutual")
_PERMITS = sign("permits")
_CONDITION = sign("part-condition")
_ORDINAL = sign("ordinal")
_THE_REST = sign("the-rest")
_AROUND = sign("before-named")
_AFTER = sign("after-named")


def judged(
    draft: Draft,
    text: str,
    context: Context,
    facts: Facts,
    about: Qualifier | None = None,
    own: Qualifier | None = None,
) -> Found | None:
    """What a sentence says by its verdict, as facts; None where it is not read as a whole.

    Args:
        draft: The field below which it stands.
        text: The sentence.
        context: The page.
        facts: What an unconditional sentence says of a field, as keywords.
        about: The requests for which all of it holds, if that is known.
        own: What the field itself is, where the sentence names nothing else; None that it is given.
    """
    text = text.strip(" .。;,")
    if not 0 < len(text) <= MOST:
        return None
    if OTHER_SIZES.search(text) and not values_by_size(text, draft, context):
        return None
    label = _LABEL_ID.match(text)
    if label and about is None and label[1] in context.ids and len(context.ids) > 1:
        text, about = text[label.end() :], Qualifier("model", (label[1],))
    found: Found = []
    plain: Found = []
    carried: list[Named] = [Named(0, 0, about)] if about else []
    subject: list[Named] = []
    last: list[Named] = []
    for part in _clauses(text):
        part = part.strip(" ,;:.。")
        if on := _OWN_ON_THEN.match(part) or _own_noun(part, draft):
            carried = [*carried, Named(0, 0, own_state(draft))]
            part = part[on.end() :]
        if not part:
            continue
        if _PERMITS.search(part):
            continue
        named = named_in(part, draft, context)
        if len(named) > MOST_NAMED:
            return None
        there = [*carried, *last] if re.match(r"where\b", part, re.IGNORECASE) else carried
        said = _verdicts(part, named, there, subject, draft, context, own)
        last = named
        if said is None and (named or carried):
            said = _limit(part, named, carried, draft, context, facts)
        if said:
            found += said
            subject = (named[:1] if named and _idle(part[: named[0].start]) else []) or subject
            continue
        limits = _of_subject(part, named, subject, draft, facts) if found else []
        if limits:
            found += limits
            continue
        condition = _own_condition(part, draft) or (
            named if _CONDITION.search(part) and _idle(_without(part, named)) else []
        )
        if condition:
            if plain:
                return None  # the condition of what was said before it
            carried = [*carried, *condition]
        elif not (named or carried or subject or about) and (plainly := facts(draft, part)):
            plain += [(draft.name, key, value) for key, value in plainly.items()]
        elif found and _THE_REST.match(part) and not _verdict(_without(part, named))[0]:
            continue  # what becomes of those that the verdict leaves
        elif _CONSTRAINT.search(part) or said is not None:
            return None
        elif named and _LEADS.fullmatch(part[: named[0].start]):
            if any(n.who.field.startswith(f"{named[0].who.field}.") for n in named[1:]):
                return None  # it is a condition of an item of the list
            carried = [*carried, named[0]]
        elif named and _ARTICLE.fullmatch(part[: named[0].start]):
            subject = named[:1]
    return [*plain, *found] if found else None


def _clauses(text: str) -> list[str]:
    """The parts of a sentence, and the two clauses of one that share a condition."""
    parts = []
    for part in _PART.split(text):
        two = _CLAUSES.fullmatch(part.strip())
        parts += [two["one"], two["other"]] if two else [part]
    return parts


def parts_of(text: str) -> list[str]:
    """What a sentence says one after the other."""
    return [part.strip() for part in _PART.split(text) if part.strip()]


def _own_condition(part: str, draft: Draft) -> list[Named]:
    """`when it is on`: what the field itself is."""
    return [Named(0, 0, own_state(draft))] if _OWN_ON.fullmatch(part) else []


def _of_subject(
    part: str, named: list[Named], subject: list[Named], draft: Draft, facts: Facts
) -> Found:
    """`nova-1-lite needs it, 1 to 3 of them`: a limit for whom the part before was about."""
    if named or len(subject) != 1 or subject[0].who.field != "model" or draft.name == "model":
        return []
    limits = facts(draft, part) if _CONSTRAINT.search(part) else None
    return subject[0].who.facts({draft.name: limits}) if limits else []


def _own_noun(part: str, draft: Draft) -> re.Match[str] | None:
    """`传入尾帧时`, at a field that is described as one: what holds when it is given."""
    found = re.match(r"(?:传入|使用|提供|上传)([一-鿿]{2,6})(?:时|后),?", part)
    return found if found and found[1] in draft.opening()[:20] else None


def _verdicts(
    part: str,
    named: list[Named],
    carried: list[Named],
    subject: list[Named],
    draft: Draft,
    context: Context,
    own: Qualifier | None,
) -> Found | None:
    """The facts of one part of a sentence; None where it has no verdict, empty if unreadable."""
    if _ORDINAL.search(part):
        return []
    if any(n.who.field == "model" and len(n.who.values) == len(context.ids) for n in named):
        return []
    own_words = "|".join(word for word in draft.name.rpartition(".")[2].split("_") if word[3:])
    rest = _without(part, named)
    with_count = {n.who.field for n in named if n.who.count}
    named = [n for n in named if n.who.count or n.who.field not in with_count]
    verdict, at, end = _verdict(rest)
    if own_words:
        rest = re.sub(rf"\b(?:{own_words})s?\b", lambda m: " " * len(m[0]), rest)
    bound = [n for n in named if n.bound]
    if bound and not verdict and _idle(rest):
        others = [n for n in [*carried, *named] if not n.bound]
        joined = re.match(r"(?:and|also|且|并|同时)", part, re.IGNORECASE)
        if not others and joined and bound[0].who.field != draft.name:
            mine = own or own_state(draft)
            return mine.facts({bound[0].who.field: _needed(bound[0].who, context)})
        told_of = {n.who.field for n in bound}
        if len(told_of) < len(bound) or len(others) != 1 or others[0].who.field in told_of:
            return []
        return others[0].who.facts({n.who.field: _as(n.who, False) for n in bound})
    told = [n for n in named if n.who.field == draft.name and n.who.given is None]
    if not verdict and len(named) == 2 and len(told) == 1 and _TELLS.search(rest) and _idle(rest):
        other = next(n for n in named if n is not told[0])
        return other.who.facts({draft.name: _as(told[0].who, False)})
    if not verdict or not _idle(rest[:at] + " " * (end - at) + rest[end:]):
        return None
    before = [n for n in named if n.end <= at] or (subject if not carried else [])
    after = [n for n in named if n.start >= end]
    inside = [n for n in named if n not in before and n not in after]
    if inside:
        return []
    self_state = own or own_state(draft)
    myself = [Named(0, 0, self_state, whole=own is None)]
    if verdict == NEED:
        first = before or carried or myself
        second = after or (myself if first is not myself else [])
        return _all_need(first, second, draft, context)
    if verdict == BESIDE:
        return _all_need(before or carried or myself, after, draft, context)
    if verdict == NEEDED:
        fields = [n for n in before if n.who.given and n.who.field != draft.name]
        if not fields and re.search("[一-鿿]", part):
            fields = [n for n in after if n.who.given and n.who.field != draft.name]
        others = [n for n in [*before, *after, *carried] if n not in fields]
        if fields:
            return _all_need(others or myself, fields, draft, context)
        return _all_need(others, myself, draft, context) if others else []
    groups = [*carried, *before, *after]
    if verdict == NOT:
        if len(before) > 1 and after and not carried and _models(groups)[0] is None:
            each = [_apart_all([one, *after], draft, context) for one in before]
            return [fact for said in each for fact in said] if all(each) else []
        own_there = any(n.who.field == draft.name for n in groups)
        here = _HERE.search(part) is not None
        alone = len(groups) == 1 or not before or _THEN.search(part) or here
        listed = not after and not carried and len(before) > 1 and all(n.listed for n in before[1:])
        if listed and not own_there and not alone and not _MUTUAL.search(part):
            return []  # it does not say beside what they have no place
        if not own_there and groups and alone:
            groups = [*myself, *groups]
        return _apart_all(groups, draft, context)
    if rest[at:end] == "才":  # whom it limits stands after it
        before, after = after, before
    return _only(at, before, after, carried, myself, draft, context)


def _verdict(rest: str) -> tuple[str, int, int]:
    """The verdict and where it stands; none where there are two."""
    found = ""
    start = end = 0
    for name, expression in _SIGNS.items():
        matches = list(expression.finditer(rest))
        if len(matches) > 1 or (matches and found):
            return "", 0, 0
        if matches:
            found, start, end = name, matches[0].start(), matches[0].end()
            rest = rest[:start] + " " * (end - start) + rest[end:]
    return found, start, end


def _without(part: str, named: list[Named]) -> str:
    for n in named:
        part = part[: n.start] + " " * (n.end - n.start) + part[n.end :]
    return part


def _idle(rest: str) -> bool:
    """Whether these words change nothing."""
    return not _IDLE.sub("", rest).strip(" ,;:.'\"`()!")


def _limit(
    part: str,
    named: list[Named],
    carried: list[Named],
    draft: Draft,
    context: Context,
    facts: Facts,
) -> Found | None:
    """A limit that holds for what is named: the sentence without that name says the limit."""
    condition = [n for n in carried if n.who.field != draft.name or draft.name == "model"]
    if len(condition) == len(named) == 1 and named[0].who.values:
        other, who = context.drafts[named[0].who.field], condition[0].who
        limits = limits_of(other, part, context, facts)
        if not limits or limits == {"enum": values_of(other, context)} or other.name == who.field:
            return None
        return who.facts({other.name: limits})
    if not condition and len(named) == 1 and _HERE.search(part) and named[0].who.given:
        other = context.drafts[named[0].who.field]
        rest = _HERE.sub(" ", _without(part, named)).strip(" ,")
        limits = limits_of(other, " ".join(rest.split()), context, facts)
        mine = own_state(draft)
        return mine.facts({other.name: limits}) if limits and other.name != mine.field else None
    models, others = _models([*condition, *named])
    if len(others) > 1 or len(named) > 1 or (not others and len(condition) + len(named) != 1):
        return None
    rest, who = part, others[0].who if others else (condition or named)[0].who
    for_some = models.values if models and others else ()
    if named:
        rest = _AROUND.sub("", part[: named[0].start]) + " " + _AFTER.sub("", part[named[0].end :])
    if (
        who.given is not None
        and not carried
        and not _CONDITION.search(part[: named[0].start].strip())
    ):
        return None
    if not _CONSTRAINT.search(rest):
        return None
    target = field_called(rest, context) if draft.name in (who.field, "model") else draft
    if target is None or target.name == who.field:
        return None
    limits = limits_of(target, rest.strip(" ,"), context, facts)
    return who.facts({target.name: limits}, for_some) if limits else None


def _all_need(first: list[Named], second: list[Named], draft: Draft, context: Context) -> Found:
    """Whoever is of the first needs all of the second, or any of them that `or` joins."""
    if not first or not second or {n.who.field for n in first} & {n.who.field for n in second}:
        return []
    models, rest = _models(first)
    if len(rest) > 1 and not all(n.who.given is None for n in rest):
        return []
    if any(n.any for n in second) and len(second) > 1:
        mine = rest[0].who if len(rest) == 1 else None
        if mine is None or models or mine.given is not True or not all(n.who.given for n in second):
            return []
        return [(mine.field, "together", [n.who.field for n in second])]
    found: Found = []
    for n in second:
        subjects: list[Qualifier | None] = [each.who for each in rest]
        for one in subjects or [None]:
            said = _needs(one, models, n.who, draft, context)
            if not said:
                return []
            found += said
    return found


def _models(named: list[Named]) -> tuple[Qualifier | None, list[Named]]:
    models = [n.who for n in named if n.who.field == "model"]
    return (models[0] if models else None), [n for n in named if n.who.field != "model"]


def _needs(
    one: Qualifier | None,
    models: Qualifier | None,
    other: Qualifier,
    draft: Draft,
    context: Context,
) -> Found:
    """One thing needs another, with some models only if any are named."""
    if one is None:
        if models is None or other.field == "model":
            return []
        return models.facts({other.field: _needed(other, context)})
    if other.field == "model":
        return _only_with(one, other, context)
    if one.count:
        return []
    if one.given and other.given and not models and not other.count:
        return [(one.field, "together", [other.field])]
    return one.facts({other.field: _needed(other, context)}, models.values if models else ())


def _needed(who: Qualifier, context: Context) -> dict[str, Any]:
    """What a field has to be; it has to be there unless it has a default."""
    return _as(who, context.drafts[who.field].value_of("default") is None)


def _as(who: Qualifier, required: bool) -> dict[str, Any]:
    if who.count:
        return {"minItems": who.count, "maxItems": who.count, "required": True}
    if who.given is not None:
        return {"required": True} if who.given else {"maxItems": 0}
    return {"enum": list(who.values)} | ({"required": True} if required else {})


def _only_with(one: Qualifier, other: Qualifier, context: Context, *, whole: bool = False) -> Found:
    """Something has its only place beside something else."""
    if other.field == "model" and (one.given or whole):
        return [(one.field, "onlyFor", list(other.values))]
    own = context.drafts[one.field]
    if other.field == "model":
        rest, kept = other.others(context), _rest(one, context)
        return rest.facts({one.field: {"enum": kept}}) if rest and kept else []
    if one.count:
        return []
    if one.given and other.given and not other.count:
        return [(one.field, "together", [other.field])]
    rest = other.others(context)
    if rest and other.given is None and not other.count and (one.given or one.values == (True,)):
        return rest.facts({one.field: left_out(own)})
    return one.facts({other.field: _needed(other, context)})


def _only(
    at: int,
    before: list[Named],
    after: list[Named],
    carried: list[Named],
    myself: list[Named],
    draft: Draft,
    context: Context,
) -> Found:
    """Who has its only place with whom: `only` stands beside who it is that limits the other."""
    limiting = after[:1] or before[-1:]
    if len(after) == 2 and after[1].any:
        each = [n.who.field for n in after if n.who.given and not n.who.count]
        plain = not before and not carried and myself[0].who.given and len(each) == 2
        return [(draft.name, "together", each)] if plain else []
    if len(after) == 2 and not before and after[0].who.field != draft.name:
        before, after = after[1:], after[:1]
    others = [n for n in [*carried, *before] if n not in limiting]
    if not after and not carried and before[2:] and before[0].who.field == draft.name:
        return _all_need(before[:1], before[1:], draft, context)
    if len(after) > 1 or len(others) > 1:
        return []
    if not limiting:
        return _only_with(myself[0].who, others[0].who, context, whole=True) if others else []
    who = limiting[0].who
    if not others:
        if who.field == draft.name:
            return []
        return _only_with(myself[0].who, who, context, whole=myself[0].whole)
    one = others[0].who
    if one.field == who.field:
        return []
    if one.field == draft.name or who.field == "model":
        return _only_with(one, who, context)
    return one.facts({who.field: _as(who, False)})


def _apart_all(groups: list[Named], draft: Draft, context: Context) -> Found:
    """Things that do not go together."""
    models, rest = _models(groups)
    if models is None:
        if len(rest) < 2 or rest[0].who.field in {n.who.field for n in rest[1:]}:
            return []
        each = [_apart(rest[0].who, n.who, context) for n in rest[1:]]
        return [fact for said in each for fact in said] if all(each) else []
    found: Found = []
    if len(rest) == 2 and not rest[1].listed and rest[0].who.field != rest[1].who.field:
        limits = _not(rest[0].who, context)
        return rest[1].who.facts({rest[0].who.field: limits}, models.values) if limits else []
    for n in rest:
        if n.whole or (n.who.given and not n.who.count and n.who.field == draft.name):
            others = models.others(context)
            found += [(draft.name, "onlyFor", list(others.values))] if others else []
        elif limits := _not(n.who, context):
            found += models.facts({n.who.field: limits})
        else:
            return []
    return found


def _apart(one: Qualifier, other: Qualifier, context: Context) -> Found:
    if one.field == other.field:
        return []
    if other.count:
        one, other = other, one
    if other.count:
        return []
    if one.given and other.given and not one.count:
        return [(one.field, "excludes", other.field)]
    limits = _not(one, context)
    return other.facts({one.field: limits}) if limits else []


def _not(who: Qualifier, context: Context) -> dict[str, Any] | None:
    """What a field is that is not so."""
    if who.count:
        most = context.drafts[who.field].value_of("maxItems")
        return {"maxItems": who.count - 1} if who.count == (most or 2) and who.count > 1 else None
    if who.given is not None:
        return left_out(context.drafts[who.field]) if who.given else {"required": True}
    kept = _rest(who, context)
    return {"enum": kept} if kept else None


def _rest(who: Qualifier, context: Context) -> list[Any]:
    if context.drafts[who.field].type == "boolean":
        return [not value for value in who.values] if len(who.values) == 1 else []
    return [v for v in values_of(context.drafts[who.field], context) if v not in who.values]
