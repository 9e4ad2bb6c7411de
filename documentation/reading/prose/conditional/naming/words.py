"""What one word of a sentence names, with what stands beside it: a field, or values of one."""

from __future__ import annotations

import re
from typing import Any

from documentation.reading.layouts.draft import Draft, number
from documentation.reading.prose.conditional.phrases import field_called
from documentation.reading.prose.conditional.qualifiers import (
    SWITCHED,
    Qualifier,
    given_words,
    own_state,
    values_of,
)
from documentation.reading.prose.context import Context
from documentation.reading.prose.rules import sign

TOKEN = re.compile(r"[A-Za-z0-9_](?:[\w.:×*&-]*\w)?", re.ASCII)
_SECONDS = re.compile(r" ?(?:seconds?|secs?|s|秒钟?)(?![A-Za-z])", re.IGNORECASE)
_FRAMES = sign("frames")
_RATE = re.compile(r"(?:\w+[._])?(?:fps|frame_?rate|frames_per_second)")
_IS = sign("is")
_IS_NOT = sign("is-not")
_MUST_NOT_BE = sign("must-not-be")
_NOT_BEFORE = sign("not-before")
_TO_BE = sign("being-before")
_BEFORE_WORD = sign("before-word")
_LEFT = re.compile(r"\b(?:leave|leaves|leaving|omit|omits) (?:the )?$", re.IGNORECASE)
# Options that are plain words of any sentence as well.
_COMMON = {"no", "on", "off", "all", "none", "any", "both", "only", "one", "yes", "not", "or"}
_SWITCHES = {"on", "yes", "true", "enabled", "enable"}
_OF_EACH = sign("of-each")


def noun_after(after: str, who: Qualifier, context: Context) -> int:
    """How much of what follows a value is what its field is called: `image 朝向`, `fast tier`."""
    if who.given is not None or who.field == "model":
        return 0
    found = re.match(r" ?(?:[一-鿿]{2,4}(?=[下时中,])|[a-z]{4,12}\b)", after)
    noun = found[0].strip() if found else ""
    words = {*who.field.split("."), *who.field.rpartition(".")[2].split("_")}
    opening = context.drafts[who.field].opening()
    known = noun in words or (not noun.isascii() and noun in opening)
    return len(found[0]) if found and known else 0


def mode_called(word: str, whole: str, context: Context, *, mode: bool) -> Qualifier | None:
    """Who is meant by `fast mode`, or by `the lite version`."""
    if mode:
        chinese = re.search("[一-鿿]", whole) is not None
        meant = context.mode_of(whole if chinese else word, "")
        return Qualifier(meant[0].name, (meant[1],)) if meant else None
    ids = context.ids_in(whole) if len(context.ids) > 1 else []
    return Qualifier("model", tuple(ids)) if 0 < len(ids) < len(context.ids) else None


def named_by_word(
    token: re.Match[str], part: str, draft: Draft, context: Context
) -> tuple[Any, int]:
    """What one word names, and where that ends."""
    word, end = token[0], token.end()
    if len(context.ids) > 1 and word.lower() in {name.lower() for name in context.ids}:
        ids = [name for name in context.ids if name.lower() == word.lower()]
        return Qualifier("model", tuple(ids)), end
    if _VERSION.fullmatch(word) and 0 < len(ids := context.ids_in(word)) < len(context.ids):
        return Qualifier("model", tuple(ids)), end
    if draft.type == "boolean" and word.lower() in ("true", "false"):
        return Qualifier(draft.name, (word.lower() == "true",)), end
    own = draft.name != "model" and _value_of(word, part, end, draft, context)
    if own:
        return Qualifier(draft.name, (own[0],)), own[1]
    if draft.name in (word, f"{draft.name.rpartition('.')[0]}.{word}"):
        valued = _field(draft.name, part, end, context, token.start())
        if valued[0].values and valued[1] > end:
            return valued
        as_field = "_" in word or _BEFORE_WORD.search(part[: token.start()])
        if as_field and valued[0].given is False:
            return valued
        return (own_state(draft) if as_field else None), end
    names = context.fields_in(word, draft.name)
    if not names and len(word) > 2 and word.isupper():
        names = context.fields_in(word.lower(), draft.name)
    if f"{draft.name}.{word}" in context.drafts and _OF_EACH.match(part):
        names = [f"{draft.name}.{word}"]
    named_as_field = "_" in word or bool(_BEFORE_WORD.search(part[: token.start()]))
    named_as_field = named_as_field or bool(_LEFT.search(part[: token.start()]))
    if names and names[0] != "model" and not named_as_field:
        valued = _field(names[0], part, end, context, token.start())
        named_as_field = "." in names[0] and bool(valued[0].values) and valued[1] > end
    if names and names[0] != "model" and named_as_field:
        who, end = _field(names[0], part, end, context, token.start())
        if draft.type == context.drafts[who.field].type == "boolean" and who.given:
            who = Qualifier(who.field, (True,))  # of two switches, it is on that counts
        return who, end
    for name, other in context.from_inside(draft.name):
        if name in (draft.name, "model") or other.type not in ("string", "integer", ""):
            continue
        value = _value_of(word, part, end, other, context) if word not in _COMMON else None
        shaped = value and (re.search(r"[\d_A-Z-]", str(value[0])) or re.search("[一-鿿]", part))
        if value and (shaped or _BEFORE_WORD.search(part[: token.start()])):
            return Qualifier(name, (value[0],)), value[1]
    return None, end


def _field(
    name: str, part: str, end: int, context: Context, start: int | None = None
) -> tuple[Qualifier, int]:
    """A field, with the value that it has or that it is given, if the sentence says so."""
    other = context.drafts[name]
    if other_than := _other_than(name, part, end, context):
        return other_than
    verb = _IS.match(part, end)
    unless = verb and re.search(r"\bunless (?:the )?$", part[:start], re.IGNORECASE)
    if start is not None and _NOT_BEFORE.search(part[:start]) and not unless:
        off = other.type == "boolean"
        return (Qualifier(name, (False,)) if off else Qualifier(name, given=False)), end
    places = [verb.end()] if verb else []
    for at in [*places, end + (part[end : end + 1] == " ")]:
        token = TOKEN.match(part, at + (part[at : at + 1] in ("'", '"')))
        value = token and _value_of(token[0], part, token.end(), other, context)
        if token and other.type == "boolean" and token[0].lower() in SWITCHED:
            value = (SWITCHED[token[0].lower()], token.end())
        if token and other.type == "integer" and re.fullmatch(r"\d{1,9}", token[0]) and verb:
            ranged = _TO_MORE.match(part, token.end())
            value = value or (None if ranged else (int(token[0]), token.end()))
        if value:
            values, end = _more_values([value[0]], part, value[1], other, context)
            quote = token and part[token.start() - 1 : token.start()]
            end += quote in ("'", '"') and part[end : end + 1] == quote
            return Qualifier(name, tuple(values)), end
    known = given_words(part[end:])
    if known is not None:
        end += known[1]
        if not known[0]:
            return Qualifier(name, given=False), end
    if other.type == "boolean":
        on = other.value_of("default") is True  # left out it is on, too
        return Qualifier(name, given=True) if on else Qualifier(name, (True,)), end
    switched = [v for v in values_of(other, context) if str(v).lower() in _SWITCHES]
    if len(switched) == 1 and len(values_of(other, context)) == 2:
        return Qualifier(name, (switched[0],)), end
    return Qualifier(name, given=True), end


def _other_than(name: str, part: str, end: int, context: Context) -> tuple[Qualifier, int] | None:
    """The values that are left where a field is not to have some of them: `F is not V`."""
    other = context.drafts[name]
    verb = _IS_NOT.match(part, end) or _MUST_NOT_BE.match(part, end)
    token = TOKEN.match(part, verb.end()) if verb else None
    if token is None:
        return None
    if other.type == "boolean" and token[0].lower() in SWITCHED:
        return Qualifier(name, (not SWITCHED[token[0].lower()],)), token.end()
    value = _value_of(token[0], part, token.end(), other, context)
    if not value:
        return None
    values, end = _more_values([value[0]], part, value[1], other, context)
    kept = tuple(v for v in values_of(other, context) if v not in values)
    return (Qualifier(name, kept), end) if kept else None


_VERSION = re.compile(r"[vV]\d(?:\.\d)?")
_TO_MORE = re.compile(r" ?(?:-|–|~|to\b|至|到) ?\d")
_OR_MORE = re.compile(r" ?(?:, ?|、|/| or |或) ?(?=[\w.:-])")


def _more_values(
    values: list[Any], part: str, end: int, draft: Draft, context: Context
) -> tuple[list[Any], int]:
    """The values of a field that follow the one that a sentence gives it: `F is 1, 2 or 4`."""
    known = values_of(draft, context)
    while joint := _OR_MORE.match(part, end):
        token = TOKEN.match(part, joint.end())
        more = [v for v in known if token and str(v).lower() == token[0].lower()]
        if not known and draft.type == "integer" and token and token[0].isdigit():
            more = [int(token[0])]
        if token is None or not more:
            break
        values, end = [*values, more[0]], token.end()
    return values, end


_COUNT_OF_SECONDS = re.compile(r"(\d+)(?:s|sec|-seconds?|-sec|-s)?")


def _value_of(word: str, part: str, end: int, draft: Draft, context: Context) -> Any:
    """The option that a word is, and where it ends; a number needs its unit, or words before it."""
    known = values_of(draft, context)
    if draft.type in ("integer", "number"):
        bare = _COUNT_OF_SECONDS.fullmatch(word)
        if bare is None:
            return None
        unit, value = _SECONDS.match(part, end), number(bare[1])
        frames = _FRAMES.match(part[end:]) if _RATE.fullmatch(draft.name) else None
        if frames and value in known:
            return value, end + frames.end()
        timed = field_called("seconds", context)
        said_to_be = unit and not known and _TO_BE.search(part[: end - len(word)])
        if timed is not draft or not (value in known or said_to_be):
            return None
        return value, unit.end() if unit else end
    if word.isdigit() and word in known:
        unit = _SECONDS.match(part, end)
        before = part[: end - len(word)].rstrip(" \"'`")
        told = _TO_BE.search(before) or before.endswith(draft.name.rpartition(".")[2])
        return (word, unit.end() if unit else end) if unit or told else None
    return next(((v, end) for v in known if str(v).lower() == word.lower()), None)
