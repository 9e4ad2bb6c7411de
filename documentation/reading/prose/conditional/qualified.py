"""Reads limits that hold for some requests only: for a model of several, or beside another value.

`1080p: 8 seconds only`, `no 4k for the lite model`, `required when mode is pro`: each is a mode of
the field that it depends on, and says what other fields have to be.
"""

from __future__ import annotations

import re
from typing import Any

from documentation.reading.layouts.draft import Draft
from documentation.reading.prose.conditional.phrases import (
    Facts,
    field_called,
    field_of_values,
    left_out,
    limits_of,
    of_a_list,
    own_values,
)
from documentation.reading.prose.conditional.qualifiers import (
    JOINT,
    Qualifier,
    qualifier_of,
    values_of,
)
from documentation.reading.prose.context import Context
from documentation.reading.prose.rules import sign
from documentation.reading.prose.rules.conditional import forms_of

Found = list[tuple[str, str, Any]]

MOST = 240
_SAYS_ONLY = sign("says-only")
_EFFECT = sign("has-effect")
_IS_A_BOUND = sign("bound")
_LEADING = sign("leading")
_NO_LIMIT = sign("of-a-default")
_ALL_BUT = sign("all-but")
_AND = sign("and")
_WEIGHTY = sign("weighty")
_VERB_AFTER = sign("verb-after")
_BOUND_WORD = sign("limiting")
_CONDITION = sign("condition")
_LABEL_ID = re.compile(r"([\w.-]+) ?: ?(.+)", re.ASCII)
_ANY = sign("or")
_GIVEN_WORDS = sign("around-given")
_FOR_SOME = sign("for-some")


def qualified(
    draft: Draft, text: str, context: Context, facts: Facts, value: Any = None
) -> Found | None:
    """What a sentence says of some requests, as facts; None where it is not read.

    Args:
        draft: The field below which it stands.
        text: The sentence, or what stands beside an option of the field.
        context: The page.
        facts: What an unconditional sentence says of a field, as keywords.
        value: The option beside which the text stands.
    """
    text = text.strip(" .。;,")
    if len(text) > MOST or _NO_LIMIT.search(text) or _MAY_BE_SO.match(text):
        return None
    label = _LABEL_ID.match(text)
    label = label if label and label[1] in context.ids else _LIMITED_ID.match(text)
    if label and label[1] in context.ids:
        told = _of_one_model(label[1], _clause(draft, label[2], context, facts, None))
        if told or _CONDITION.search(label[2]):
            return told
    found = _clause(draft, text, context, facts, value)
    if found is not None or value is not None:
        return found
    clauses = [part for part in re.split(r", ?|(?<!\d): ?|:(?!\d)", text) if part]
    weighty = [part for part in clauses if _WEIGHTY.search(part)]
    subject = next((v for v in _subjects(draft, context) if text.startswith(v)), "")
    own = bool(subject) and subject not in context.ids  # all of it is said of this value
    read = [
        (_clause(draft, _AND.sub("", part), context, facts, None) if not own else None)
        or _listing(draft, part, facts)
        or _clause(draft, f"{subject} {_AND.sub('', part)}".strip(), context, facts, None)
        for part in weighty
    ]
    if len(clauses) < 2 or not all(read):
        return None
    found = [fact for each in read for fact in each or ()]
    return found if any(keyword != "enum" for _, keyword, _ in found) else None


def _of_one_model(model: str, found: Found | None) -> Found | None:
    """`nova-1: 4 to 8 when a video is given`: a limit under a condition, of one model."""
    some = [(name, key, value) for name, key, value in found or () if key == "mode"]
    if not some or len(some) < len(found or ()) or any(name == "model" for name, _, _ in some):
        return None
    return [(name, key, value | {"models": [model]}) for name, key, value in some]


def _listing(draft: Draft, part: str, facts: Facts) -> Found:
    """The options that a part of a sentence lists for all requests."""
    said = facts(draft, part) or {}
    return [(draft.name, "enum", said["enum"])] if {*said} == {"enum"} else []


def _subjects(draft: Draft, context: Context) -> list[str]:
    """What a sentence may be about: an option of the field, or a model."""
    return [*map(str, values_of(draft, context)), *context.ids]


def _clause(draft: Draft, text: str, context: Context, facts: Facts, value: Any) -> Found | None:
    """What a sentence or a part of one says."""
    found = _needed(draft, text, context, value)
    if found is not None:
        return found
    if value is not None:
        return _of_option(draft, text, context, facts, value)
    for form in forms_of("not", "only", "limit"):
        if form.kind != "not" and _ALL_BUT.search(text):
            break
        match = form.expression.match(text)
        said = _meant(form.kind, match, draft, context, facts) if match else None
        if said is not None:
            return said
    return None


def _meant(
    kind: str, match: re.Match[str], draft: Draft, context: Context, facts: Facts
) -> Found | None:
    both = _model_and_rest(match["q"], context) if kind == "limit" else []
    if both and _ONLY_BEFORE.search(match.string[: match.start("q")]):
        return None  # the value is for them alone, and they may have others
    if both:
        return _of_one_model(both[0], _limited(both[1], match, draft, context, facts))
    several = _ALSO.split(match["q"])
    if kind == "limit" and len(several) > 1:
        each = [_limited(one, match, draft, context, facts) for one in several]
        return [fact for said in each for fact in said or ()] if all(each) else None
    qualifier = qualifier_of(match["q"], draft, context)
    if len(several) > 1:
        return None
    listed = JOINT.split(match["q"]) if qualifier is None and kind == "limit" else []
    if len(listed) > 1:
        each = [_limited(one, match, draft, context, facts) for one in listed]
        return [fact for said in each for fact in said or ()] if all(each) else None
    if qualifier is None or (qualifier.field == draft.name and kind == "only"):
        return None
    only = r"仅[当在]|\bonly (?:if|when)\b" + (
        r"|^(?:only\b|仅|只)" if draft.type == "boolean" else ""
    )
    if kind == "limit" and re.search(only, match["q"], re.IGNORECASE):
        return None  # more is said than the limit
    groups = match.re.groupindex
    if qualifier.given is not None and re.fullmatch(r"[\w.]+", match["q"].strip(), re.ASCII):
        around = match.string[: match.start("q")] + match.string[match.end("q") :][:2]
        if not re.search(r"\b(?:with|using|beside|without)\b|时|使用|传入", around, re.IGNORECASE):
            return None  # a field is named, and no word says that it is a condition
    if qualifier.given is not None and _VERB_AFTER.match(match.string, match.end("q")):
        return None
    if "v" in groups:
        target, own = _valued(match["v"], qualifier, draft, context)
        rest = [v for v in values_of(target, context) if v not in own] if target else []
        if target is None or not own or not rest:
            return None
        if kind == "not":
            return qualifier.facts({target.name: {"enum": rest}})
        others = qualifier.others(context)
        return others.facts({target.name: {"enum": rest}}) if others else None
    target = _target(match, draft, context, own=qualifier.field == draft.name)
    if context.ids_in_full(match["l"]):
        return None  # something is said of other models, too
    if _BARRED_WHEN.search(match["l"]) or _AGAIN_WHEN.search(match["l"]):
        return None  # what follows is when it may not be, or under another condition
    named = match["f"] if "f" in groups and match["f"] else ""
    bound = named if _IS_A_BOUND.search(named) else ""
    limits = limits_of(target, f"{bound}{match['l']}", context, facts) if target else None
    if not limits or target is None or target.name == qualifier.field:
        return None
    if qualifier.field == "model" and not re.search(MUST, match[0], re.IGNORECASE):
        limits = of_a_list(target, limits)
    return qualifier.facts({target.name: limits})


def _model_and_rest(words: str, context: Context) -> list[str]:
    """The one model that a condition names, and what else it says: `1080p with nova-1`."""
    ids = context.ids_in_full(words) if len(context.ids) > 1 else []
    bare = _WITH.sub("", words.replace(ids[0], " ", 1)).strip(" ,") if len(ids) == 1 else ""
    return [ids[0], bare] if bare else []


_WITH = re.compile(
    r"^(?: *,? *\b(?:and|at|in|with|for|on|using)\b)+|(?:\b(?:and|at|in|with|for|on|using)\b *)+$"
)
_ONLY_BEFORE = re.compile(r"\bonly(?: (?:with|for|in|at|on|when|if|using))* ?$", re.IGNORECASE)
# `nova-1 at most 8 when it rains`, `nova-1 allows at most 8 when it rains`
_LIMITED_ID = re.compile(r"([\w.-]+) (?:(?:is|has|takes|allows|supports) )?(.+)", re.ASCII)
MUST = r"\b(?:must|has to|have to|needs?|requires?|required)\b|必|须|需"


_ALSO = sign("also-for")
_BARRED_WHEN = sign("barred-when")
_AGAIN_WHEN = sign("again-when")
_MAY_BE_SO = sign("may-be-so")


def _limited(
    who: str, match: re.Match[str], draft: Draft, context: Context, facts: Facts
) -> Found | None:
    """What a limit says of one of several kinds of requests that a sentence lists."""
    qualifier = qualifier_of(re.sub(r"^(?:when|whenever) ", "if ", who), draft, context)
    if qualifier is None or qualifier.field == draft.name:
        return None
    target = _target(match, draft, context, own=False)
    limits = limits_of(target, match["l"], context, facts) if target else None
    if not limits or target is None or target.name == qualifier.field:
        return None
    return qualifier.facts({target.name: limits})


def _valued(
    phrase: str, qualifier: Qualifier, draft: Draft, context: Context
) -> tuple[Draft | None, list[Any]]:
    """The field whose values a phrase lists: the field itself, or another beside its own option."""
    if qualifier.field != draft.name:
        return draft, own_values(draft, phrase, context)
    other = qualifier_of(phrase, draft, context)
    if other is None or other.given is not None or other.field in (draft.name, "model"):
        return None, []
    return context.drafts[other.field], list(other.values)


def _target(match: re.Match[str], draft: Draft, context: Context, *, own: bool) -> Draft | None:
    """The field that a limit is said of: one that the sentence names, or the field itself.

    Beside the field's own option it is another one, which the unit tells.
    """
    named = match["f"] if "f" in match.re.groupindex and match["f"] else ""
    words = f"{named} {match['l']}"
    others = context.fields_in(words, draft.name)
    if others:
        return context.drafts[others[0]] if len(others) == 1 else None
    if named.strip() and (called := field_called(named, context)):
        return called
    if own:
        return field_called(words, context)
    return draft


def _of_option(draft: Draft, text: str, context: Context, facts: Facts, value: Any) -> Found | None:
    """What stands beside an option: for whom it is, or what other fields are with it."""
    rest = [v for v in values_of(draft, context) if v != value]
    for one in context.ids[1:] and context.ids:  # a list of models is one thing
        text = re.sub(rf"(?<![\w.-]){re.escape(one)}(?:, ?|、)(?=[a-z]+[-\d])", f"{one} / ", text)
    parts = [part for part in re.split(r"[,;(),。] ?| and (?=always |only |up to )", text) if part]
    found: Found = []
    for part in dict.fromkeys([text, *parts]):
        for form in forms_of("beside-not", "beside-only"):
            match = form.expression.match(part.strip())
            qualifier = qualifier_of(match["q"], draft, context) if match else None
            if qualifier is None or qualifier.field == draft.name or not rest:
                continue
            meant = qualifier.others(context) if form.kind == "beside-only" else qualifier
            if meant is not None:
                found += meant.facts({draft.name: {"enum": rest}})
                break
        else:
            found += _of_another(draft, part, context, facts, value)
    return list({str(f): f for f in found}.values()) or None


def _of_another(draft: Draft, part: str, context: Context, facts: Facts, value: Any) -> Found:
    """A limit of another field beside an option: `up to 8 seconds`."""
    above = context.drafts.get(draft.name.rpartition(".")[0])
    if not _BOUND_WORD.search(part) or (above is not None and above.type == "array"):
        return []  # of an item it is the length of a file that is limited
    named = context.fields_in(part, draft.name)
    target = context.drafts[named[0]] if len(named) == 1 else field_called(part, context)
    target = target or field_of_values(_LEADING.sub("", part), draft, context)
    if target is None or target.name == draft.name or target.type == "array":
        return []
    limits = limits_of(target, part, context, facts)
    return [(draft.name, "mode", {"name": value, "needs": {target.name: limits}})] if limits else []


def _needed(draft: Draft, text: str, context: Context, value: Any) -> Found | None:
    """Where a field is required, or has to be left out."""
    if value is not None:
        return None
    for form in forms_of("need", "unless", "bar", "keep"):
        match = form.expression.match(text)
        if match is None or _EFFECT.search(text):
            continue
        said = _required_if(form.kind, match, draft, context)
        if said:
            return said
    return None


def _required_if(kind: str, match: re.Match[str], draft: Draft, context: Context) -> Found | None:
    qualifier = qualifier_of(match["q"], draft, context)
    several = context.fields_in(match["q"], draft.name)
    if kind == "unless" and qualifier is None and len(several) > 1 and _ANY.search(match["q"]):
        around = re.sub("|".join(map(re.escape, several)), " ", match["q"])
        if _GIVEN_WORDS.fullmatch(around):
            return [(draft.name, "oneNeeded", [draft.name, *several])]
    if qualifier is None or qualifier.field == draft.name:
        return None
    own = {draft.name: {"required": True}}
    instead = match["f"] if "f" in match.re.groupindex else None
    if instead and not context.fields_in(instead, draft.name):
        return None
    if kind == "bar" and qualifier.field == "model":
        others = qualifier.others(context)
        return [(draft.name, "onlyFor", list(others.values))] if others else None
    if kind == "bar" and qualifier.given:
        return [(draft.name, "excludes", qualifier.field)]
    if kind == "bar":
        return qualifier.facts({draft.name: left_out(draft)})
    if kind == "keep":
        if not _SAYS_ONLY.search(match[0]):
            return None
        others = qualifier.others(context)
        if others is None or qualifier.field == "model":
            return None
        return others.facts({draft.name: left_out(draft)})
    if kind == "unless":
        others = qualifier.others(context)
        if others is None:
            return None
        found = others.facts(own)
        if qualifier.values and _said_for_some(context.drafts.get(qualifier.field), context):
            found += Qualifier(qualifier.field, given=False).facts(own)
        if "x" in match.re.groupindex and match["x"]:
            if match["own"] not in (draft.name, "it", "this"):
                return None
            found += qualifier.facts({draft.name: left_out(draft)})
        return found
    found = qualifier.facts(own)
    if match["x"] if "x" in match.re.groupindex else None:
        others = qualifier.others(context)
        if others is None:
            return None
        found += others.facts({draft.name: left_out(draft)})
    if match["o"] if "o" in match.re.groupindex else None:
        others = qualifier.others(context)
        found += others.facts({draft.name: {"required": False}}) if others else []
    return found


def _said_for_some(draft: Draft | None, context: Context) -> bool:
    """Whether a page says which requests have a field, so that others do not have it.

    It may say so below another field: `when true, F is required`.
    """
    if draft is None or draft.value_of("required") or draft.value_of("default"):
        return False
    name = rf"(?<![\w.]){re.escape(draft.name)}(?![\w.])`?"
    needed = re.compile(
        rf"\b(?:when|if|with)\b[^.;]{{0,80}}{name} is required"
        rf"|时[^。;]{{0,40}}{name}[^。;]{{0,20}}必[填传]",
        re.IGNORECASE,
    )
    return any(_FOR_SOME.search(line) for line in draft.prose) or any(
        needed.search(line) for each in context.drafts.values() for line in each.prose
    )
