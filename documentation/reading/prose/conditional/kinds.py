"""What a sentence says of kinds of input, each of which is one field or several.

`An image, a pair of frames and a source video exclude each other`: every field of one kind excludes
every field of another. `Needs both frames`: the two fields of that noun need each other.
"""

from __future__ import annotations

import re

from documentation.reading.layouts.draft import Draft
from documentation.reading.prose.conditional.among import is_idle, says_text_only
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
_ALONE = re.compile(
    r"(?:^|[,;:] ?(?:and |but )?)(?P<who>[a-z_ ]{4,30}?)(?: files?| inputs?| tracks?)? "
    r"(?:can ?not|can't|must not|may not|is not allowed to) (?:be (?:the )?(?:only|sole) (?:inputs?"
    r"|materials?|media|files?|references?|ones?)|be (?:sent|used|given|passed) (?:alone|on its own"
    r"|on their own|by itself|by themselves)|stand alone)(?= ?[,;:.]|$| and\b)",
    re.IGNORECASE,
)
_ADD = re.compile(
    r"^(?:and )?(?:please )?(?:always )?(?:(?:also )?(?:add|send|include|provide|pass|give|needs?"
    r"|requires?|there (?:must|has to) be) )?(?:at least )?(?:(?:one|1) )?",
    re.IGNORECASE,
)
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
    words = {_one(word) for word in _WORD.findall(_AROUND.sub(" ", noun.lower()))}
    named = [
        name
        for name, other in context.drafts.items()
        if "." not in name and other.type in ("string", "array") and words <= _words(name)
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


def _words(name: str) -> set[str]:
    return {_one(word) for word in name.lower().split("_")}


def _one(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") else word


def _both_needed(draft: Draft, sentence: str, context: Context) -> Found:
    """`Transitions need both frames`, below one of the two fields that have frames."""
    found = _BOTH.fullmatch(sentence.strip(" ."))
    if found is None:
        return []
    subject = re.match(r"([A-Za-z]{4,20}):", draft.opening())
    who = (found["who"] or "").lower()
    if who and not is_idle(who) and not (subject and _one(who) == _one(subject[1].lower())):
        return []
    noun = _one((found["noun"] or found["given"]).lower())
    pair = [n for n, other in context.drafts.items() if noun in _words(n) and "." not in n]
    if len(pair) != 2 or draft.name not in pair:
        return []
    return [(pair[0], "together", [pair[1]]), (pair[1], "together", [pair[0]])]


_OF_ITEMS = re.compile(r"(?:images?|videos?|pictures?)(?:_urls?|_list)?")


def _members(name: str, context: Context) -> list[str]:
    """What each item of a list has."""
    return [n.rpartition(".")[2] for n in context.drafts if n.startswith(f"{name}.")]


def without_input(draft: Draft, context: Context) -> Found:
    """`Only for text-to-video`, where no option and no model says so: beside no picture or video.

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
    if known or len(inputs) < 2 or draft.type == "boolean" or draft.value_of("required"):
        return []
    return [(draft.name, "excludes", name) for name in inputs]
