"""Reads a sentence part by part: what it says of several fields, the whole one, some requests."""

from __future__ import annotations

import re
from typing import Any

from documentation.reading.layouts.draft import Draft
from documentation.reading.prose.applying import in_digits
from documentation.reading.prose.conditional.alone import alone_with, only_these
from documentation.reading.prose.conditional.among import (
    among,
    is_idle,
    of_all_media,
    says_text_only,
)
from documentation.reading.prose.conditional.between import for_whom
from documentation.reading.prose.conditional.composing.one_member import one_member
from documentation.reading.prose.conditional.kinds import (
    kinds_apart,
    not_alone,
    of_items,
    without_input,
)
from documentation.reading.prose.conditional.naming.described import by_option_noun
from documentation.reading.prose.conditional.naming.named import named_in
from documentation.reading.prose.conditional.phrases import Facts
from documentation.reading.prose.conditional.qualified import Found, qualified
from documentation.reading.prose.conditional.qualifiers import Qualifier, values_of
from documentation.reading.prose.conditional.verdicts import judged
from documentation.reading.prose.context import Context
from documentation.reading.prose.rules import sign
from documentation.reading.prose.rules.synonyms import plainer

_LABEL_ID = re.compile(r"([\w.-]+): ", re.ASCII)
SAID_OF_TWO = sign("said-of-two")
_CONSTRAINT = sign("constraint")
_OPTIONAL = sign("said-optional")
_CONDITION = sign("condition")
_THOSE = sign("those-named")
_THE_REST = sign("the-rest")
_ALL_BUT = sign("all-but")
_WITHOUT_SUBJECT = sign("without-subject")
_BARRED = sign("barred")
SO = sign("so")
MOST_BEFORE = 4  # the letters of an article
_OF_THE_WHOLE = {"onlyFor", "excludes", "together"}
_PARTS = sign("part-end")
_WHOM = sign("part-condition")
_ONLY = sign("says-only")
_IN_IT = sign("in-it")
_COMMA = re.compile(r"(?:, ?|; ?)(?:(?:and|but) )?")
_TOLD = re.compile(
    r"(?P<head>(?:\b(?:when|if|while|with) )?(?P<name>[A-Za-z_][\w.]*)) ?"
    r"(?P<be>设?置?为|是|is|=) ?[\"']?[\w.:-]+",
    re.ASCII | re.IGNORECASE,
)
_BARE = re.compile(r"(?:设?置?为|是) ?(?=[\w.:-]+[\"']?(?<!同)时)|(?:when|if|while) it is (?=\S)")


def _with_subjects(text: str, draft: Draft, context: Context) -> list[str]:
    """The parts of a sentence; `为 B 时` after `mode 为 A 时` is of `mode`, too."""
    parts = [part for part in _COMMA.split(text) if part]
    subject = ""
    for at, part in enumerate(parts):
        bare = _BARE.search(part)
        if bare and subject and (bare.start() == 0 or bare[0].isascii()):
            start = "when " if bare[0].isascii() else ""
            be = " is " if bare[0].isascii() else "为"
            parts[at] = f"{part[: bare.start()]}{start}{subject}{be}{part[bare.end() :]}"
            continue
        found = _TOLD.search(part)
        if found and (found["name"] == draft.name or context.fields_in(found["name"], "")):
            subject = found["name"]
    return parts


_OPENS = re.compile(
    r"(?P<lead>(?:(?:when|if|for|in|with|at|on|while|using)(?: using)?(?: an?| the)? )"
    r"|[当若在对]|如果|使用)?",
    re.IGNORECASE,
)
_OPENED = re.compile(
    r"(?: ?(?:mode|requests?|tasks?|models?|videos?|generations?)\b"
    r"| ?(?:模式|任务|模型|类型)?[时下中])*"
    r"(?:(?P<end>[,:;] ?)| |$)?",
    re.IGNORECASE,
)


def whom_first(draft: Draft, sentence: str, context: Context) -> tuple[Qualifier, str] | None:
    """For which requests a sentence holds that begins with them, and the rest of it."""
    sentence = in_digits(sentence)
    lead = _OPENS.match(sentence)
    named = named_in(sentence, draft, context) if lead else []
    if not named:
        return None
    first = named[0]
    after = _OPENED.match(sentence, first.end)
    if lead is None or after is None or first.start != lead.end():
        return None
    led = lead["lead"] or (after["end"] or "")[:1] == ":"
    some = first.who.field == "model" and len(first.who.values) == len(context.ids)
    if not led or some or first.who.count or first.any or first.who.given is not None:
        return None
    return first.who, sentence[after.end() :]


def of_several(draft: Draft, sentence: str, context: Context) -> tuple[Found, str]:
    """What a sentence says of how many fields a request has, and what of it is left to be read."""
    if these := only_these(draft, sentence, context):
        return these, ""
    if one := one_member(draft, in_digits(sentence), context):
        return one, ""
    if of_kinds := of_items(draft, in_digits(sentence), context):
        return of_kinds, ""
    alone, left = not_alone(in_digits(sentence), context)
    if alone:
        return alone, left
    found, left = among(draft, in_digits(sentence), context)
    if found and left and (whom := _named_alone(draft, left, context)):
        return for_whom(found, whom, context), ""
    if found:
        return found, left
    if only := alone_with(draft, sentence, context):
        return only, ""
    if some := _of_whom(draft, in_digits(sentence), context):
        return some, ""
    if kinds := kinds_apart(draft, in_digits(sentence), context):
        return kinds, ""
    if whole := of_all_media(draft, sentence, context):
        return whole, ""
    parts = [part.strip() for part in sentence.split(",")]
    each = [
        of_all_media(draft, part, context)
        or (without_input(draft, context) if says_text_only(part.strip()) else [])
        for part in parts
    ]
    rest = [part for part, said in zip(parts, each, strict=True) if not said]
    left = ",".join(part for part in rest if not says_text_only(part))
    return [fact for said in each for fact in said], left


def _named_alone(draft: Draft, left: str, context: Context) -> Qualifier | None:
    """Whom a sentence speaks of, where nothing else is left of it: `With nova-1, ...`."""
    named = named_in(left, draft, context)
    some = len(named) == 1 and named[0].who.values and _WHOM.search(left)
    around = left[: named[0].start] + " " + left[named[0].end :] if some else "-"
    return named[0].who if is_idle(around) else None


_FOR = sign("for-whom-before")
_HAS = sign("for-whom-after")
_NEEDS = sign("needs-one")
_OR = sign("or")


def _of_whom(draft: Draft, sentence: str, context: Context) -> Found:
    """`nova-1 needs exactly one of A and B`: what some requests have of several fields."""
    said = [n for n in named_in(sentence, draft, context) if n.who.values]
    if len(said) != 1 or said[0].who.field == draft.name:
        return []
    before, after = sentence[: said[0].start].rstrip(), sentence[said[0].end :].lstrip()
    rest = f"{_FOR.sub('', before)} {_HAS.sub('', after)}".strip()
    found, left = among(draft, rest, context)
    found = found if not left.strip() else []
    if not found and not before:
        found = _either(draft, after, context)
    return for_whom(found, said[0].who, context)


def _either(draft: Draft, after: str, context: Context) -> Found:
    """`needs A or B`, said of some requests: one of them at least."""
    needed = _HAS.match(after) if _OR.search(after) else None
    found, left = (
        among(draft, f"at least one of {after[needed.end() :]}", context) if needed else ([], "")
    )
    return found if needed and _NEEDS.search(needed[0]) and not left.strip() else []


def in_parts(draft: Draft, sentence: str, context: Context, facts: Facts) -> Found:
    """What a sentence says whose parts each say something of some requests.

    Nothing where fewer than two of them do, or where one that binds is not understood.
    """
    label = _LABEL_ID.match(sentence)
    if label and label[1] in context.ids:
        return []  # all that follows is said of that model
    first = re.match(r"[\w.:-]+", sentence, re.ASCII)
    if first and draft.type == "string" and first[0] in map(str, values_of(draft, context)):
        return []  # all that follows is said of that value
    found: Found = []
    read = 0
    for part in _with_subjects(sentence, draft, context):
        part = in_digits(part)
        if _OPTIONAL.fullmatch(part.strip()):
            read += 1
            continue
        said = qualified(draft, part, context, facts) or judged(draft, part, context, facts)
        if said:
            found += said
            read += 1
        elif _CONSTRAINT.search(part) or named_in(part, draft, context):
            return []
    return found if read > 1 else []


def without_opening(draft: Draft, sentence: str, context: Context) -> str:
    """A sentence without what it calls the field first: `特效名称,mode 为 a 时必填`."""
    opening, comma, rest = sentence.partition(",")
    says = _CONSTRAINT.search(opening) or _CONDITION.search(opening)
    if not comma or says or not draft.opening().startswith(opening):
        return ""
    return "" if named_in(opening, draft, context) else rest.strip()


def of_those_named(draft: Draft, sentence: str, context: Context, facts: Facts) -> Found:
    """`A follows the picture, B its list, these two modes take no such field`: of A and of B."""
    parts = [part.strip() for part in _PARTS.split(sentence) if part and part.strip()]
    last = _THOSE.match(parts[-1]) if len(parts) > 1 else None
    if last is None:
        return []
    before = " ".join(parts[:-1])
    fields = [
        n.who.field for part in parts[:-1] for n in named_in(part, draft, context) if n.who.values
    ]
    other = context.drafts[fields[0]] if fields and fields[0] != draft.name else None
    told = re.compile(r"(?<![\w.-])[\w.-]+(?![\w.-])", re.ASCII).findall(before)
    values = tuple(v for v in values_of(other, context) if str(v) in told) if other else ()
    number = last["zh"] or last["en"] or ""
    wanted = in_digits(f"{number}个")[:-1] if last["zh"] else in_digits(f"{number} items")[:-6]
    if other is None or not values or (number and wanted != str(len(values))):
        return []
    about = Qualifier(other.name, values)
    return judged(draft, in_digits(parts[-1][last.end() :]), context, facts, about) or []


def follows(
    draft: Draft, sentence: str, context: Context, facts: Facts
) -> tuple[Found, str] | None:
    """What follows from the reason that a sentence gives first, and that reason: `..., so ...`."""
    found = SO.search(sentence)
    if found is None or not draft.may_differ:
        return None
    reason, rule = sentence[: found.start()], sentence[found.end() :]
    named = named_in(reason, draft, context)
    told = next((n for n in named if n.start < MOST_BEFORE), None)
    whose = told is not None and told.who.values and told.who.field != draft.name
    if whose and told and not told.subject and all(n is told or n.who.given for n in named):
        said = judged(draft, in_digits(rule), context, facts, told.who)
        if not said and (limits := facts(draft, in_digits(rule))):
            said = told.who.facts({draft.name: limits})
        return (said, "") if said else None  # it holds for what the reason speaks of
    if _CONDITION.search(reason) or named:
        return None
    said = judged(draft, in_digits(rule), context, facts)
    return (said, reason) if said else None


_SINCE = sign("since")
_WHY_FIRST = sign("why-first")


def without_reason(draft: Draft, sentence: str, context: Context) -> str:
    """A sentence without the reason that it begins with, unless that says for whom it is."""
    found = _SINCE.match(sentence)
    reason = (found["reason"] or found["zh"]) if found else ""
    if found is None or re.search(r"\d|_", reason) or named_in(reason, draft, context):
        return sentence
    told = _CONDITION.search(reason) or context.ids_in(reason)
    return sentence if told else sentence[found.end() :]


def after_why(draft: Draft, sentence: str, context: Context) -> str:
    """The rule of `Odes have no puns: with ode true, pun must be false`, which says all of it."""
    told = _WHY_FIRST.match(sentence)
    if told is None:
        return ""
    why, rule = told["why"] or told["zh"], in_digits(plainer(told["rule"] or told["then"]))
    about = {n.who.field for n in named_in(why, draft, context)} - {draft.name}
    said = {n.who.field for n in named_in(rule, draft, context)} - {draft.name}
    return rule if said and about <= said and not re.search(r"\d", why) else ""


def begins_with_whom(draft: Draft, sentence: str, context: Context) -> bool:
    """Whether a sentence says first of which requests it speaks: `With loop on, ...`."""
    first, comma, _ = sentence.partition(",")
    plain = comma and not _ONLY.search(first)
    condition = _WHOM.match(first.strip()) if plain else None
    return condition is not None and any(
        n.who.field != draft.name for n in named_in(in_digits(first), draft, context)
    )


def of_the_whole(draft: Draft, sentence: str, context: Context, facts: Facts) -> tuple[Found, str]:
    """What parts of a sentence say for whom the whole field is, and what is left of it.

    What is left holds for all who have the field. Where a field is a number or one of its options
    is named, a part may be said of one value only, so it stays where it is.
    """
    if labelled := _WHOM_ONLY.match(sentence):
        said = judged(draft, in_digits(labelled[1]), context, facts) or []
        if said and all(name == draft.name and key == "onlyFor" for name, key, _ in said):
            return said, sentence[labelled.end() :]
    parts = [part.strip() for part in _PARTS.split(sentence) if part and part.strip()]
    if by_option_noun(sentence, context):
        return [], sentence  # what it says of the field, it says of some requests
    plain = draft.type == "array" or (draft.type == "string" and not values_of(draft, context))
    if (
        len(parts) < 2
        or parts[0] in context.ids
        or not (plain or _names_no_value(sentence, draft, context))
    ):
        return [], sentence
    if begins_with_whom(draft, sentence, context) or any(_IN_IT.match(part) for part in parts):
        return [], sentence
    if _UNDER.match(parts[0]) and context.fields_in(parts[0], ""):
        return [], sentence  # what follows holds under that condition
    found: Found = []
    left = []
    others = False
    for part in parts:
        others = bool(found) and (others or _THE_REST.match(part) is not None)
        if others and not _CONSTRAINT.search(_BARRED.sub("", part)):
            continue  # what becomes of those that have no place for it
        bare = _ALL_BUT.search(part) or _WITHOUT_SUBJECT.match(part)
        said = [] if bare else judged(draft, in_digits(part), context, facts) or []
        own = all(_is_of_the_whole(draft, *fact) for fact in said)
        if said and own:
            found += said
        else:
            left.append(part)
    return found, ", ".join(left)


_UNDER = re.compile(r"(?:without|when|if|once|while)\b|.{2,80}(?:时|下|之?后):?$", re.IGNORECASE)
# `Nova-1-pro only: 720p or 1080p`: for whom the field is, and what it may be for them.
_WHOM_ONLY = re.compile(
    r"([^:,;]{2,80} only|(?:仅|只)(?:限|支持)?[^:,;]{2,60}): ?(?!\d+:)", re.IGNORECASE
)


def _names_no_value(sentence: str, draft: Draft, context: Context) -> bool:
    """Whether a sentence speaks of a field that has options, and of none of these."""
    known = [str(value).lower() for value in values_of(draft, context)]
    return draft.type == "string" and bool(known) and not any(v in sentence.lower() for v in known)


def _is_of_the_whole(draft: Draft, name: str, keyword: str, value: Any) -> bool:
    """Whether a fact says for whom a field is, and nothing of its values."""
    if keyword == "mode":  # that of a switch may be one that is on without being named
        return not isinstance(value.get("name"), bool) and bool(
            value["needs"] == {draft.name: {"maxItems": 0}}
        )
    return name == draft.name and keyword in _OF_THE_WHOLE
