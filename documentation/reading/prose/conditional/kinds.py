"""What a sentence says of kinds of input, each of which is one field or several.

`An image, a pair of frames and a source video exclude each other`: every field of one kind excludes
every field of another. `Needs both frames`: the two fields of that noun need each other. And of the
kinds of items that one list has: how many there may be of one, and which needs another. These are
the options of a member, such as `role` or `type`, and may be named in words: `the end frame`.
"""

from __future__ import annotations

import re
from typing import Any

from documentation.reading.layouts.draft import Draft
from documentation.reading.layouts.option_lines import Option
from documentation.reading.layouts.text import CJK
from documentation.reading.prose.conditional.among import (
    is_idle,
    needing_each_other,
    says_text_only,
)
from documentation.reading.prose.conditional.naming.nouns import singular, words_of
from documentation.reading.prose.conditional.qualified import Found
from documentation.reading.prose.context import Context
from documentation.reading.prose.quantity import MEDIA
from documentation.reading.prose.rules import sign

_APART = sign("kinds-apart")
_BOTH = sign("both-of-them")
_MOST = sign("at-most-one")
_LISTED = re.compile(r", ?(?:and |or )?| and | or |、|和|与|或")
_AROUND = re.compile(
    r"\b(?:\d|one|an?|the|any|each|every|either|pair|set|list|of|reference|input|your own|own|s)\b"
)
_WORD = re.compile(r"[a-z]+")
_NUMBER = re.compile(r"\b(?:\d|two|three|four|five)\b")
_ALONE = sign("who-not-alone")
_ADD = sign("add-another")
_SO_MANY = sign("at-most-so-many")
_ONCE = sign("only-once")
_NEED = sign("verdict-need")
_LONE = sign("not-alone")
_OF_A_FILE = re.compile(
    r"\b(?:each|every|no|all|any)(?: the)? (?:image |picture |video )?"
    r"(?:urls?|links?|address(?:es)?|images?|pictures?|photos?|videos?|clips?|files?|ids?)\b"
    r"|(?:图片|图像|视频|链接|地址|网址|文件)(?:不|只|仅|各)",
    re.IGNORECASE,
)
_ONE_EACH = sign("one-and-the-other")
KIND_OF = re.compile(r"role|type|kind|position|usage|purpose|category")
_PARTS = re.compile(r"[,;]|\band\b|且|、")
_ENDS = (
    {"first", "start", "starting", "opening", "begin", "head"},
    {"last", "end", "ending", "tail", "final", "closing"},
)
_ZH = ("首", "尾末")
_PICTURED = ("image", "video")
MOST_KINDS = 8


def kinds_apart(draft: Draft, sentence: str, context: Context) -> Found:
    """What a sentence says of kinds of input, nothing where not all of it is understood."""
    if pair := _both_needed(draft, sentence, context):
        return pair
    if says_text_only(sentence):
        return without_input(draft, context)
    found = _APART.search(sentence)
    if found is None:
        return []
    after = sentence[found.end() :].strip(" ,:;.")
    if after and not (_MOST.search(after) and is_idle(_NUMBER.sub(" ", _MOST.sub(" ", after)))):
        return []
    nouns = _LISTED.split(sentence[: found.start()])
    if any(context.fields_in(noun, "") for noun in nouns):
        return []  # they are named, and no kinds
    kinds = [_fields_of(noun, context) for noun in nouns]
    flat = [name for names in kinds for name in names]
    if not 1 < len(kinds) <= MOST_KINDS or not all(kinds) or len({*flat}) < len(flat):
        return []
    return [
        (one, "excludes", other)
        for at, names in enumerate(kinds)
        for others in kinds[at + 1 :]
        for one in names
        for other in others
    ]


def not_alone(sentence: str, context: Context) -> tuple[Found, str]:
    """`Audio cannot be the only input: add a picture or a video`, and what else is said."""
    found = _ALONE.search(sentence)
    who = _fields_of(found["who"], context) if found else []
    if found is None or len(who) != 1:
        return [], sentence
    left = sentence[: found.start()].strip(" ,;")
    after = sentence[found.end() :].strip(" ,;:.")
    nouns = [each for each in _LISTED.split(_ADD.sub("", after)) if each]
    others = [_fields_of(noun, context) for noun in nouns]
    if after and not (_ADD.match(after) and all(len(names) == 1 for names in others)):
        return [], sentence
    named = [names[0] for names in others] or [n for n in _inputs(context) if n not in who]
    return ([(who[0], "together", named)], left) if named else ([], sentence)


def _inputs(context: Context) -> list[str]:
    """The fields that take pictures, videos or audio."""
    return [name for medium in MEDIA for name in context.of_medium(medium, "array")]


def _fields_of(noun: str, context: Context) -> list[str]:
    """The fields that a noun means: those that have all of its words in their names."""
    words = {singular(word) for word in _WORD.findall(_AROUND.sub(" ", noun.lower()))}
    named = [
        name
        for name, other in context.drafts.items()
        if "." not in name and other.type in ("string", "array") and words <= words_of(name)
    ]
    return [*named, *_instead_of(named, context)] if words else []


def _instead_of(named: list[str], context: Context) -> list[str]:
    """The fields that name the same input by an id: `source_task_id` beside `source_video_url`."""
    heads = {name.partition("_")[0] for name in named if "_" in name}
    return [
        name
        for name, other in context.drafts.items()
        if name not in named and other.type == "string" and name.endswith("_id")
        if name.partition("_")[0] in heads
    ]


def _both_needed(draft: Draft, sentence: str, context: Context) -> Found:
    """`Transitions need both frames`, below one of the two fields that have frames."""
    found = _BOTH.fullmatch(sentence.strip(" ."))
    if found is None:
        return []
    subject = re.match(r"([A-Za-z]{4,20}):", draft.opening())
    who = (found["who"] or "").lower()
    if who and not is_idle(who) and not (subject and singular(who) == singular(subject[1].lower())):
        return []
    noun = singular((found["noun"] or found["given"]).lower())
    pair = [n for n, other in context.drafts.items() if noun in words_of(n) and "." not in n]
    if len(pair) != 2 or draft.name not in pair:
        return []
    return needing_each_other(pair)


_OF_ITEMS = re.compile(r"(?:images?|videos?|pictures?)(?:_urls?|_list)?")


def _members(name: str, context: Context) -> list[str]:
    """What each item of a list has."""
    return [n.rpartition(".")[2] for n in context.drafts if n.startswith(f"{name}.")]


def without_input(draft: Draft, context: Context) -> Found:
    """`Only for text-to-video`, where no option or model is that: never with a picture or video.

    Where one field alone has pictures, this is read as any other condition.
    """
    inputs = [
        name
        for medium in _PICTURED
        for name, other in context.drafts.items()
        if "." not in name and name != draft.name and other.type in ("string", "array")
        if MEDIA[medium].search(name.replace("_", " ")) or (medium == "image" and "frame" in name)
        if re.search(r"urls?$|images?$|videos?$|frames?$", name) and "callback" not in name
    ]
    inputs += [
        name
        for name, other in context.drafts.items()
        if "." not in name and name != draft.name and other.type == "array"
        if any(_OF_ITEMS.fullmatch(member) for member in _members(name, context))
    ]
    inputs = list(dict.fromkeys([*inputs, *_instead_of(inputs, context)]))
    known = context.mode_of("text-to-video", "") or context.ids_in_full("text-to-video")
    if known or len(inputs) < 2 or draft.value_of("required"):
        return []
    if draft.type == "boolean":
        off = {"given": True, "needs": {draft.name: {"enum": [False]}}}
        return [(name, "mode", off) for name in inputs]
    return [(draft.name, "excludes", name) for name in inputs]


def of_items(draft: Draft, sentence: str, context: Context) -> Found:
    """What a sentence says of a list's kinds of items; nothing where it is not understood."""
    member = _member(draft, context)
    if member is None:
        return []
    kinds = [option.value for option in context.options_of(member)]
    text = _spelled(sentence, member, context)
    named = _kinds_in(text, kinds)
    of_the_list = draft.type == "array" or draft is member
    if of_the_list and _ONCE.search(sentence) and not named and not _OF_A_FILE.search(sentence):
        return [_at_most(member, kind, 1) for kind in kinds]
    need, alone = _NEED.search(text), _LONE.search(text)
    if alone and named and named[0][0] < alone.start():
        others = {kind for _, kind in named} - {named[0][1]} or {*kinds} - {named[0][1]}
        return _needs(member, named[0][1], others)
    if need and len(named) == 2 and named[0][0] < need.start() < named[1][0]:
        most = _SO_MANY.search(text, 0, named[0][0])
        of_first = [_at_most(member, named[0][1], _number(most))] if most else []
        return [*of_first, *_needs(member, named[0][1], {named[1][1]})]
    mixed = _MIXED.sub(" ", text)
    if len(named) == 2 and mixed != text and _says_no_more(mixed, kinds):
        return _never_both(member, named[0][1], named[1][1], kinds)
    text = _WHEN_GIVEN.sub("", text)
    if _UNDER.search(text):
        return []
    if several := _each_counted(member, kinds, text):
        return several
    first, *rest = re.split(r"[,;] ?(?=[^,;]*$)", text)
    if not re.search(r"\d", "".join(rest)) and (told := _counted_together(first, member, kinds)):
        return told
    if _EXACTLY.search(text) and len(named) == 1 and len(re.findall(r"\d", text)) < 2:
        return [_total(member, named[0][1], _limit_in(text))]
    if len(named) == 2 and _ONE_EACH.search(text):
        return [_at_most(member, kind, 1) for _, kind in named]
    found: Found = []
    for part in _PARTS.split(text):
        of_part, limit = _kinds_in(part, kinds), _limit_in(part)
        if len(of_part) == 1 and limit:
            if "maximum" not in limit and _OR.search(part):
                return []  # something else will do as well
            found.append(_total(member, of_part[0][1], limit))
        elif not is_idle(part):
            return []
    return found


_EITHER = re.compile(r"(?:^|.*\b)either\b", re.IGNORECASE)
_MIXED = sign("kinds-mixed")
_KINDS_IDLE = sign("kinds-idle")
_WHEN_GIVEN = sign("kinds-when-given")


def _says_no_more(text: str, kinds: list[Any]) -> bool:
    """Whether a text has nothing but kinds, and words that change nothing."""
    for kind in kinds:
        text = _named(kind).sub(" ", text)
    return is_idle(_KINDS_IDLE.sub(" ", text))


def _never_both(member: Draft, one: Any, other: Any, kinds: list[Any]) -> Found:
    """Two kinds of items of which a list has one at most."""
    needs = {member.name: {"enum": [kind for kind in kinds if kind != other]}}
    return [(member.name, "mode", {"name": one, "needs": needs})] if one != other else []


def _each_counted(member: Draft, kinds: list[Any], text: str) -> Found:
    """`Up to 3 faces, 1 scene and 1 style`: how many there are of each, at most or at least."""
    found: Found = []
    limit: dict[str, int] = {}
    either = _EITHER.match(text)
    parts = re.split(r"\bor\b", text[either.end() :]) if either else _PARTS.split(text)
    for part in parts:
        named = _kinds_in(part, kinds)
        ranged = re.search(r"(?<![\w.])\d{1,2} ?(?:-|–|to) ?(?=\d)", part)
        part = (
            f"{part[: ranged.start()]} up to {part[ranged.end() :]}" if ranged and either else part
        )
        told = _limit_in(part)
        number = re.search(r"(?<![\w.])\d{1,2}(?![\w.])", part, re.ASCII)
        if len(named) != 1 or not (told or (number and limit)):
            return []
        limit = told or dict.fromkeys(limit, int(number[0]) if number else 1)
        if either and "maximum" in limit:
            limit = {"maximum": limit["maximum"]}
        rest = part
        for expression in (_EXACTLY, _SO_MANY, _AT_LEAST):
            rest = expression.sub(" ", rest, count=1)
        rest = re.sub(r"(?<![\w.])\d{1,2}(?![\w.])", " ", rest, count=1)
        if not _says_no_more(rest, kinds):
            return []
        found.append(_total(member, named[0][1], limit))
    return found


def _limit_in(text: str) -> dict[str, int]:
    """How many a text says that there are: exactly, at most or at least so many."""
    if exact := _EXACTLY.search(text):
        return {"minimum": _number(exact), "maximum": _number(exact)}
    if most := _SO_MANY.search(text):
        return {"maximum": _number(most)}
    least = _AT_LEAST.search(text)
    return {"minimum": _number(least)} if least else {}


def counts_kinds(draft: Draft, sentence: str, context: Context) -> bool:
    """Whether a sentence of a list says of some kinds of its items how many there are."""
    member = _member(draft, context) if draft.type == "array" else None
    if member is None or not (_SO_MANY.search(sentence) or _AT_LEAST.search(sentence)):
        return False
    kinds = [option.value for option in context.options_of(member)]
    return bool(_kinds_in(_spelled(sentence, member, context), kinds))


def _counted_together(text: str, member: Draft, kinds: list[Any]) -> Found:
    """`Pictures and clips together at most 5`, `at least one picture or clip`, of kinds."""
    told = [kind for _, kind in _kinds_in(text, kinds)]
    several = [kind for kind in kinds if kind in told]
    most, least = _SO_MANY.search(text), _AT_LEAST.search(text)
    if len(several) < 2 or len(several) < len(told) or bool(most) == bool(least):
        return []
    limit: dict[str, int] = {}
    if most and _IN_ALL.search(text):
        limit = {"maximum": _number(most)}
    if least:
        limit = {"minimum": _number(least)}
    return [_total(member, several, limit)] if limit else []


_OR = sign("or")
_UNDER = sign("condition")
_IN_ALL = sign("kinds-in-all")
_AT_LEAST, _EXACTLY = sign("at-least-so-many"), sign("exactly-so-many")


def _number(found: re.Match[str]) -> int:
    """How many a sign says; one, where it is a word."""
    word = found["n"] or found["zh"]
    return int(word) if word.isdigit() else 1


def _at_most(member: Draft, kind: Any, most: int) -> tuple[str, str, Any]:
    return _total(member, kind, {"maximum": most})


def _total(member: Draft, kinds: Any, limit: dict[str, int]) -> tuple[str, str, Any]:
    """How many items of a kind, or of several, a list has."""
    head = member.name.partition(".")[0]
    return head, "total", {"count": [member.name], "of": kinds, **limit}


def _needs(member: Draft, kind: Any, others: set[Any]) -> Found:
    if len(others) != 1 or kind in others:
        return []
    needs = {member.name: {"enum": [*others], "required": True}}
    return [(member.name, "mode", {"name": kind, "needs": needs})]


def _member(draft: Draft, context: Context) -> Draft | None:
    """The member of the items of a list that says of which kind each is."""
    head = draft.name if draft.type == "array" else draft.name.rpartition(".")[0]
    listed = context.drafts.get(head)
    found = [
        each
        for name, each in context.drafts.items()
        if name.rpartition(".")[0] == head and KIND_OF.search(name.rpartition(".")[2])
        if each.type == "string" and len(context.options_of(each)) > 1
    ]
    return found[0] if listed is not None and listed.type == "array" and len(found) == 1 else None


def _named(kind: Any) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-]){re.escape(str(kind))}(?![\w-])", re.ASCII)


def _kinds_in(text: str, kinds: list[Any]) -> list[tuple[int, Any]]:
    """Where a text names kinds of items."""
    return sorted((found.start(), kind) for kind in kinds for found in _named(kind).finditer(text))


def _spelled(sentence: str, member: Draft, context: Context) -> str:
    """A sentence in which the words for a kind of item are its option."""
    listed = "\n".join(context.drafts[member.name.rpartition(".")[0]].prose)
    for option in context.options_of(member):
        row = re.search(rf"^{re.escape(str(option.value))}[\t|: ]+([{CJK}]{{2,6}})", listed, re.M)
        for words in [*_words_for(option), *([row[1]] if row else [])]:
            sentence = re.sub(words, f" {option.value} ", sentence, flags=re.IGNORECASE)
    return sentence


def with_frames(draft: Draft, sentence: str, context: Context) -> str:
    """A sentence in which `end frames`, if a list's items are of such a kind, are that option.

    It is one that names another field: what is said of how many there are is read elsewhere.
    """
    member = _member(draft, context) if context.fields_in(sentence, draft.name) else None
    for option in context.options_of(member) if member else ():
        for words in _frame_words(str(option.value))[:1]:
            sentence = re.sub(words, str(option.value), sentence, flags=re.IGNORECASE)
    return sentence


def _words_for(option: Option) -> list[str]:
    parts = re.split("[_-]", str(option.value))
    found = [r"\b" + " ".join(map(re.escape, parts)) + r"s?\b"] if len(parts) > 1 else []
    found += _frame_words(str(option.value))
    gloss = re.match(f"[{CJK}]{{2,5}}", option.gloss)
    return found + ([re.escape(gloss[0])] if gloss else [])


def _frame_words(value: str) -> list[str]:
    """What the first frame, or the last one, is called."""
    parts = re.split("[_-]", value)
    found = []
    for english, chinese in zip(_ENDS, _ZH, strict=True):
        if parts[0] in english and parts[-1] in ("frame", "image", "picture"):
            found.append(rf"\b(?:{'|'.join(sorted(english))}) (?:frame|image|picture)s?\b")
            found.append(rf"[{chinese}]帧(?:图片?)?")
    return found
