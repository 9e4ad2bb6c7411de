"""What a sentence says of several fields: which exclude, need or count with one another.

The model is a field, too: for which models another field is.
"""

from __future__ import annotations

import itertools
import re
from typing import Any

from documentation.fact import BOUNDS
from documentation.reading.layouts.draft import Draft, typed
from documentation.reading.prose.clause import (
    OF_AN_OPTION,
    Clause,
    Match,
    Sense,
    of_all_media,
    of_media,
)
from documentation.reading.prose.conditional.phrases import left_out
from documentation.reading.prose.conditional.qualifiers import values_of
from documentation.reading.prose.context import Context
from documentation.reading.prose.quantity import MEDIA, media_in
from documentation.reading.prose.rules import sign


def target(clause: Clause, unit: str, words: str) -> Draft:
    """The field whose items a sentence counts.

    It is the list that the sentence names. In a gloss, it is else the only list of that medium.
    """
    draft = clause.draft
    if unit != "items" or (draft.type == "array" and not clause.gloss):
        return draft
    named = clause.context.fields_in(clause.text, draft.name if clause.gloss else "")
    arrays = [d for d in clause.context.drafts.values() if d.type == "array"]
    for candidate in arrays:
        if candidate.name in named:
            return candidate
    if draft.type == "array" or not clause.gloss:
        return draft
    medium = next(iter(media_in(words)), "video" if "段" in words else "image")
    fitting = [d for d in arrays if medium in d.name]
    return fitting[0] if len(fitting) == 1 else draft


def excludes(match: Match, clause: Clause) -> Sense | None:
    name = clause.draft.name
    others = clause.context.fields_in(match["fields"], name)
    if _MUTUAL.search(match[0]) and _of_something_else(match["fields"], clause):
        return None
    if any(each.startswith(f"{name}.") for each in others):
        return None  # of a member of the field is spoken, and not of the field
    if name == "model" or _of_others_alone(match, clause):
        first = match.start("fields") == match.start()
        before = clause.context.fields_in(clause.text[: match.start()], name)
        pairs = itertools.combinations(others, 2) if first else itertools.product(before, others)
        apart = [(one, "excludes", other) for one, other in pairs if one != other]
        return Sense(apart) if apart else None
    told = clause.text[match.start() :]
    valued = dict(with_values(told, name, clause.context)) | _beside_names(told, others, clause)
    if any(re.search(rf"\b{name} of [\w.:-]*\d", told) for name in {*others} - {*valued}):
        return Sense(question="of a value that the field does not list")
    if own := _OWN_SWITCH.search(clause.text[: match.start()]):
        switched = {name: {"enum": [own[1].lower() != "true"]}}
        if clause.draft.type == "boolean" and others and not valued:
            given = {"given": True, "needs": switched}
            return Sense([(other, "mode", given) for other in others])
    drafts = clause.context.drafts
    if _is_off(clause.draft) and not valued and others and all(_is_off(drafts[n]) for n in others):
        return Sense(
            [(name, "mode", {"name": True, "needs": {n: {"enum": [False]}}}) for n in others]
        )
    facts: list[tuple[str, str, object]] = [
        (other, "mode", {"name": valued[other], "needs": {name: left_out(clause.draft)}})
        if other in valued
        else (name, "excludes", other)
        for other in others
    ]
    if others and (_ONE_HAS_TO_BE.match(match[0]) or _EACH_HAS_ONE.search(clause.text)):
        facts.append((name, "oneNeeded", [name, *others]))
    return Sense(facts) if others else None


def _is_off(draft: Draft) -> bool:
    """Whether a field is a switch that is off unless it is switched on."""
    return draft.type == "boolean" and draft.value_of("default") is False


def _beside_names(text: str, names: list[str], clause: Clause) -> dict[str, Any]:
    """The values beside the names of fields: `with duration 10s`, `a duration of 10s`."""
    found = {}
    for name in names:
        beside = re.search(rf"(?<![\w.]){re.escape(name)}(?: of)? [\"']?([\w.:-]*\w)", text)
        other = clause.context.drafts[name]
        value = typed(beside[1], other.type) if beside else None
        if value is not None and value in values_of(other, clause.context):
            found[name] = value
    return found


# `False cannot be combined with`: it is said of that value of a switch only.
_OWN_SWITCH = re.compile(r"(?:^|[:,;] ?|\bset to |\bvalue )(true|false)[\"'` ]+$", re.IGNORECASE)
_MUTUAL = re.compile(r"(?:are|is) mutually exclusive", re.IGNORECASE)
_NO_SUBJECT = {"and", "or", "the", "a", "an", "this", "it", "both", "either", "with", "these"}
_NO_SUBJECT |= {"field", "fields", "parameter", "parameters", "option", "options", "they", "two"}


def _of_something_else(words: str, clause: Clause) -> bool:
    """Whether a list of fields that exclude each other has a noun that is none of them."""
    known = set(re.findall(r"[a-z]+", clause.draft.name.lower()))
    known |= {word.rstrip("s") for word in known} | {medium for medium in MEDIA if medium in known}
    told = re.findall(r"(?<![\w.])[A-Za-z]{3,}(?![\w.])", words)
    plain = [word.lower() for word in told if not clause.context.fields_in(word, "")]
    return any(word not in _NO_SUBJECT and word.rstrip("s") not in known for word in plain)


def _of_others_alone(match: Match, clause: Clause) -> bool:
    """Whether it names the fields that exclude each other, and the field itself is none of them."""
    several = "," in match["fields"] or " and " in match["fields"]
    named = match.start("fields") == match.start() and _MUTUAL.search(match[0]) and several
    return bool(named) and clause.draft.name.rpartition(".")[2] not in clause.text


_ONE_HAS_TO_BE = re.compile(
    r"(?:either|exactly one|one of)\b[^.;]{0,120}\b(?:must|has to|have to|needs? to|required)\b",
    re.IGNORECASE,
)


_EACH_HAS_ONE = sign("each-has-one")
_TO_BE = sign("to-be")


def with_values(text: str, besides: str, context: Context) -> list[tuple[str, Any]]:
    """The other fields that a text says to have one of their values, each with that value."""
    return [
        (name, value)
        for found in _TO_BE.finditer(text)
        for name in context.fields_in(found["name"], besides)
        for value in [typed(found["value"], context.drafts[name].type)]
        if isinstance(value, bool | int) or value in values_of(context.drafts[name], context)
    ]


def required_when(match: Match, clause: Clause) -> Sense | None:
    """`required when F is V` is a mode of F: V needs this field."""
    name, cond = clause.draft.name, match["cond"]
    needs = {name: {"required": True}}
    told = with_values(cond, name, clause.context)
    if told and {*clause.context.fields_in(cond, name)} - {*dict(told), "model"}:
        return Sense(question="holds only under a condition")
    if len(told) > 1 and not _OR.search(cond):
        (other, value), *more = told
        beside = [{"field": field, "name": each} for field, each in more]
        return Sense([(other, "mode", {"name": value, "needs": needs, "beside": beside})])
    if told:
        return Sense([(other, "mode", {"name": value, "needs": needs}) for other, value in told])
    mode = clause.context.mode_of(re.sub(r"^(?:仅|只)?在?|(?:模式)?[时下]*$", "", cond), name)
    if mode is not None:
        return Sense([(mode[0].name, "mode", {"name": mode[1], "needs": needs})])
    return Sense(reason="holds only under a condition")


def needs(match: Match, clause: Clause) -> Sense | None:
    if not clause.gloss:
        return None
    before = clause.text[: match.start()]
    others = clause.context.fields_in(match["fields"], "")
    weak = clause.draft.type == "boolean" and not _STRONG.search(match[0])
    if _WITHOUT.search(before) or weak or (len(others) > 1 and _OR.search(match["fields"])):
        return None  # what is made with a switch off is made of what there is
    return Sense([(other, "required", True) for other in others]) if others else None


_STRONG = re.compile(r"require|need|must|mandatory|必|需", re.IGNORECASE)
_WITHOUT = re.compile(
    r"\bor $|\b(?:no|not|never|without|optionally|doesn't|don't|cannot)\b[^,;.]*$"
    r"|(?:不|无需|无|可选)[^,;。]{0,4}$",
    re.IGNORECASE,
)


def may_have(match: Match, clause: Clause) -> Sense | None:
    """`optionally with video_urls`: a mode that takes a field and does not need it."""
    others = clause.context.fields_in(match["fields"], "") if clause.gloss else []
    return Sense([(other, "optional", True) for other in others]) if others else None


def leaves_out(match: Match, clause: Clause) -> Sense | None:
    """`leave image_urls out`: a mode that takes none of a field."""
    others = clause.context.fields_in(match["fields"], "") if clause.gloss else []
    return Sense([(other, "maxItems", 0) for other in others]) if others else None


def no_items(match: Match, clause: Clause) -> Sense | None:
    wanted = target(clause, "items", match[0])
    if not clause.gloss or wanted.type != "array":
        return None
    names = [d.name for d in clause.context.drafts.values() if d.type == "string"]
    if wanted.name not in clause.text and any("image" in name for name in names):
        return None
    beside = clause.text[: match.start()] + clause.text[match.end() :]
    if "image" in media_in(beside):
        return Sense()  # `as the picture is, square without pictures`: it goes with both
    return Sense([(wanted.name, "maxItems", 0)])


_A_VALUE = re.compile(r" ?(?:to|not|true|false|on|off|null|at)\b", re.IGNORECASE)


_COMPARED = re.compile(r"\b(?:than|above|below|over|under|at (?:least|most)) -?\d")


def excludes_given(match: Match, clause: Clause) -> Sense | None:
    """`when this is given, X must be left out`: these fields exclude each other.

    That holds if being given is the whole condition; it is not read if a value is part of it.
    """
    name, cond = clause.draft.name, match["cond"]
    if match.re.groupindex.get("given"):
        return excludes(match, clause)
    if _A_VALUE.match(match["fields"]) or _COMPARED.search(match["fields"]):
        return None
    if _OR_ANOTHER.match(match["fields"]):
        return None  # the condition goes on
    first = re.match(r"[ \"'=]*([\w.:-]*\w)", match["fields"], re.ASCII)
    if first and first[1] in map(str, values_of(clause.draft, clause.context)):
        return None
    own = re.search(r"\b(?:this|it)\b|[此本该]", cond, re.IGNORECASE)
    if name.rsplit(".", 1)[-1] in cond or own:
        return excludes(match, clause) if not clause.context.fields_in(cond, name) else None
    return None


_OR = sign("or")
_OR_ANOTHER = re.compile(r" ?(?:and|or|[和与或、])", re.IGNORECASE)


def together(match: Match, clause: Clause) -> Sense | None:
    """One field needs others, of which one will do where they are joined by `or`."""
    draft, context = clause.draft, clause.context
    named = [
        n
        for n in context.fields_in(match["fields"], draft.name)
        if n.partition(".")[0] != draft.name
    ]
    named = named or of_media(match["fields"], clause)
    if not named or _followed_by_value(match, named[-1], context):
        return None
    around = clause.text[match.start() : match.end() + 12]
    wanted = dict(with_values(around, draft.name, context))
    if len(named) == 1 and named[0] in wanted:
        return _if_given(draft, {named[0]: {"enum": [wanted[named[0]]], "required": True}})
    groups = [named] if _OR.search(match["fields"]) else [[name] for name in named]
    if draft.type == "boolean":
        if len(groups[0]) > 1:
            return Sense(question="needs another field")
        return _if_given(draft, {names[0]: _on(context.drafts[names[0]]) for names in groups})
    return Sense([(draft.name, "together", names) for names in groups])


def _followed_by_value(match: Match, name: str, context: Context) -> bool:
    """`Requires F V and G W`: a field is named with the value that it has to have."""
    word = re.match(r" [\"']?([\w.:-]*\w)", match.string[match.end("fields") :])
    return word is not None and word[1] in {
        str(v) for v in values_of(context.drafts[name], context)
    }


def beside_needed(draft: Draft, senses: list[Sense]) -> list[tuple[str, str, Any]]:
    """The facts of matches; a limit of a field that this one needs holds where this one is given.

    `Requires image_urls with exactly one image` says so, and nothing of other requests.
    """
    facts = [fact for sense in senses for fact in sense.facts]
    partners = [value[0] for name, key, value in facts if key == "together" and len(value) == 1]
    limits = {name: {} for name in partners}  # type: dict[str, dict[str, Any]]
    for name, key, value in facts:
        if name in limits and key in BOUNDS:
            limits[name][key] = value
    kept = [f for f in facts if not (f[0] in limits and f[1] in BOUNDS)]
    needs = {name: {**limit, "required": True} for name, limit in limits.items() if limit}
    return [*kept, (draft.name, "mode", {"given": True, "needs": needs})] if needs else kept


def _on(draft: Draft) -> dict[str, object]:
    """What a switch needs of another field: that it is there, or on."""
    return {"required": True} | ({"enum": [True]} if draft.type == "boolean" else {})


def _if_given(draft: Draft, needs: dict[str, dict[str, object]]) -> Sense:
    """What a field needs of others; of a switch, when it is on."""
    when = {"name": True} if draft.type == "boolean" else {"given": True}
    return Sense([(draft.name, "mode", {**when, "needs": needs})])


def one_needed(match: Match, clause: Clause) -> Sense | None:
    """At least one of some fields has to be there."""
    draft, context = clause.draft, clause.context
    fields = context.fields_in(match["fields"], "")
    own = re.search(rf"\b{re.escape(draft.name)}\b|\bthis\b|\bit\b|此|本|该", match["fields"])
    fields = fields or of_all_media(match["fields"], clause)
    named = [name for name in context.drafts if name in fields or (own and name == draft.name)]
    parents = {name.rpartition(".")[0] for name in named}
    if len(named) < 2:
        return Sense(question="needs one of several fields") if named else None
    if len(parents) > 1:
        return Sense(question="needs one of several fields")
    return Sense([(named[0], "oneNeeded", named)])


def unique(match: Match, clause: Clause) -> Sense | None:
    """No item of a list is there twice; of objects that is known where they have one member."""
    draft = clause.draft
    members = [name for name in clause.context.drafts if name.startswith(f"{draft.name}.")]
    if draft.type != "array" or len(members) > 1:
        return None
    return Sense([(draft.name, "uniqueItems", True)])


_OPTION_SHAPE = re.compile(
    r"(?<![\w.-])(?:\d+:\d+|\d+[pPkK]|\d+ ?(?:s|seconds?|秒))(?![\w-])", re.A
)


_TRUE_FALSE = re.compile(r"(?<![a-z])(?:true|false)(?![a-z])", re.IGNORECASE)
_LISTS = re.compile(
    r"(?:支持)?(?:\d+:\d+|\d+[pPkK]|\d+ ?秒?) ?(?:、|,|/|和|或|及|与|\band\b|\bor\b)"
)
_REQUIRED_AFTER = re.compile(r"必填|必传|必需|\brequired|\bmandatory")


_WHEN_ELSE = sign("when-else")
_ONE_OF_THEM = sign("one-of-the-named")


def only_for(match: Match, clause: Clause) -> Sense | None:
    return _for_models(match, clause, include=True)


def not_for(match: Match, clause: Clause) -> Sense | None:
    return _for_models(match, clause, include=False)


def _lists_options(match: Match, context: Context) -> bool:
    """Whether options are listed, not models: `only 16:9 and 9:16 are supported`."""
    listed = _LISTS.match(match.string, match.start("ids"))
    return listed is not None and not context.ids_in(match["ids"])


_OF_A_VALUE = sign("of-a-value")


def _for_models(match: Match, clause: Clause, include: bool) -> Sense | None:
    context, phrase = clause.context, match["ids"]
    if _OF_A_VALUE.search(match.string[: match.start("ids")]):
        return Sense(question=f"it may hold for one value only: {phrase}")
    if clause.draft.name == "model" or _lists_options(match, context):
        return None
    if _WHEN_ELSE.search(phrase):
        return Sense(reason="holds only under a condition")
    if _REQUIRED_AFTER.search(f"{phrase}{clause.text[match.end() :][:12]}"):
        return None
    around = clause.text
    if _ONE_OF_THEM.search(clause.text[: match.start()]):
        return Sense(reason=OF_AN_OPTION)
    for known in sorted(context.ids, key=len, reverse=True):
        around = around.replace(known, " ")
    around = around.replace(phrase, " ", 1) if context.ids_in_full(phrase) == [] else around
    own = {str(option.value) for option in context.options_of(clause.draft)}
    of_a_file = clause.draft.type == "string" and re.search(r"url|uri$", clause.draft.name)
    switched = clause.draft.type == "boolean" and _TRUE_FALSE.search(clause.text)
    if (
        switched
        or (_OPTION_SHAPE.search(around) and not of_a_file)
        or any(f" {value} " in f" {around} " for value in own)
    ):
        return Sense(reason=OF_AN_OPTION)
    meant = context.ids_in(phrase)
    if not meant:
        elsewhere = (
            context.other_value_in(phrase, clause.draft) != ""
            or context.mode_of(phrase, "") is not None
            or context.other_mode_in(phrase) != ""
        )
        return Sense(reason="holds only for one value of another field") if elsewhere else None
    ids = [name for name in context.ids if (name in meant) == include]
    if not ids:
        return None
    if len(ids) == len(context.ids) > 1:
        return Sense()
    return Sense([(clause.draft.name, "onlyFor", ids)])
