"""What a sentence says of several fields in all: how many there may be, or what they add up to."""

from __future__ import annotations

import re
from typing import Any

from documentation.reading.layouts.draft import number
from documentation.reading.layouts.option_lines import Option
from documentation.reading.prose.clause import Clause, Match, Sense, of_all_media
from documentation.reading.prose.conditional.naming.nouns import singular, words_of
from documentation.reading.prose.quantity import ITEM, MEDIA, measure, media_in
from documentation.reading.prose.rules import sign

_ADDS = sign("adds-up")
_COUNTS = re.compile(r"数量|个数|张数|\b(?:number|count)s?\b", re.IGNORECASE)
_CONDITION = sign("condition")
_SOME = sign("part-condition")
_ALL_INPUTS = sign("all-inputs")
_MOST, _LEAST, _RANGE = sign("most-of"), sign("least-of"), sign("to-the-other-end")
_NOUNS = re.compile(rf"\b({ITEM})s?(?= and\b|, | (?:must|may|can|together|in|combined))", re.I)
_TIME = re.compile(r"second|duration|length|long|\bs\b|秒|时长", re.IGNORECASE)
_QUESTION = "a total over several fields"


def total(match: Match, clause: Clause) -> Sense | None:
    """`Images and videos together at most 5`, `all shots add up to 15 seconds`."""
    if (_CONDITION.search(clause.text) and not _spoken(clause)) or _led(clause):
        return Sense(question=_QUESTION)
    if _goes_on(clause, match):
        return Sense(question=_QUESTION)
    if measure(match["unit"])[0] == "time":
        names = _summed(match[0], clause)
        return _rule("sum", names, match, clause) if names else None
    adds = _ADDS.search(match[0]) and not _COUNTS.search(match[0])
    summed = _summed(match[0], clause) if adds else _named_numbers(match[0], clause)
    if summed and measure(match["unit"])[0] == "none":
        return _rule("sum", summed, match, clause)
    counted = _counted(match[0], clause)
    if counted is None:
        return None
    names = counted
    if inside := _of_all_items(match[0], clause):
        return _rule("count", [inside], match, clause)
    if not _alone_in(names, clause):
        return Sense(question=_QUESTION)
    drafts = clause.context.drafts
    nested = len(names) == 1 and "." in names[0]
    if not nested and (
        len(names) < 2 or any("." in n or drafts[n].type == "object" for n in names)
    ):
        return Sense(question=_QUESTION)
    return _rule("count", names, match, clause)


def _goes_on(clause: Clause, match: Match) -> bool:
    """Whether the list of what is counted begins before what was matched."""
    before = clause.text[: match.start()].rstrip()
    last = re.split("[,、;:]", before.rstrip(",、"))[-1]
    listed = before.endswith((",", "、")) and not re.search(r"\d", last)
    return listed and bool(clause.context.fields_in(last, "") or media_in(last))


def _led(clause: Clause) -> bool:
    """`With a video in video_list, images and elements together ...`: it holds for some only."""
    lead, comma, _ = clause.text.partition(",")
    some = clause.context.fields_in(lead, "") or media_in(lead)
    return bool(comma and some and _SOME.match(lead))


def _alone_in(names: list[str], clause: Clause) -> bool:
    """Whether a total of one option holds for every request: the others have one of them at most.

    It does, too, where the sentence speaks of no option.
    """
    options, spoken = clause.context.options_of(clause.draft), _spoken(clause)
    if not spoken:
        return True
    rest = [o for o in options if o not in spoken]
    barred = (
        [n for n in names if re.search(rf"\bno {n}\b|{n} must be left out", o.gloss)] for o in rest
    )
    return all(len(each) >= len(names) - 1 for each in barred)


def _spoken(clause: Clause) -> list[Option]:
    """The options of the field that a sentence speaks of."""
    options = clause.context.options_of(clause.draft) if clause.draft.type == "string" else []
    return [o for o in options if re.search(rf"\b{re.escape(str(o.value))}\b", clause.text)]


def total_equals(match: Match, clause: Clause) -> Sense | None:
    """`The durations of all shots add up to duration`."""
    names = _summed(match[0], clause)
    other = [
        name
        for name in clause.context.fields_in(match["fields"], "")
        if clause.context.drafts[name].type in ("integer", "number") and "." not in name
    ]
    if not other:
        return None  # a number, and no field, says how much it is
    if len(other) != 1 or not names:
        return Sense(question=_QUESTION) if names else None
    return Sense([(names[0].split(".")[0], "total", {"sum": names, "equals": other[0]})])


def _rule(kind: str, names: list[str], match: Match, clause: Clause) -> Sense:
    limits = _limits(match, clause)
    if not limits:
        return Sense(question=_QUESTION)
    return Sense([(names[0].split(".")[0], "total", {kind: names, **limits})])


def _limits(match: Match, clause: Clause) -> dict[str, Any]:
    """The limits that the words around a number make of it; none where they don't say."""
    value = number(match["n"])
    end = _RANGE.match(clause.text, match.end("n"))
    if end:
        return {"minimum": value, "maximum": number(end["m"])}
    start = max(clause.text.rfind(mark, 0, match.start("n")) for mark in ",;:")
    stop = re.compile("[,;:]|$").search(clause.text, match.end("n"))
    near = clause.text[start + 1 : stop.start() if stop else None]
    near = near if _MOST.search(near) or _LEAST.search(near) else clause.text
    most, least = _MOST.search(near), _LEAST.search(near)
    if bool(most) == bool(least):
        return {}
    return {"maximum": value} if most else {"minimum": value}


def _counted(words: str, clause: Clause) -> list[str] | None:
    """The fields whose items are counted together; None where it is those of one field only."""
    context, name = clause.context, clause.draft.name
    named = context.fields_in(words, "")
    media = media_in(words)
    members = [
        draft.name
        for draft in context.drafts.values()
        if draft.type == "array" and draft.name.startswith(f"{name}.")
    ]
    inner = [
        m
        for m in members
        if m.rsplit(".", 1)[-1].rstrip("s") in words.lower() or any(each in m for each in media)
    ]
    own = {medium for medium in MEDIA if medium in name}
    several = len({noun.lower() for noun in _NOUNS.findall(words)}) > 1
    files = not own and not media and _ALL_INPUTS.search(words) is not None
    told = {*named} - {name} or len(media) > 1 or (own and {*media} - own)
    if not named and len(media) < 2 and len(by_noun := _lists_called(words, clause)) > 1:
        return by_noun
    if not (told or inner or several or files):
        return None
    if inner and not {*named} - {name, *members}:
        return inner if len(inner) == 1 and clause.draft.type == "array" else []
    if len(named) == 1 and named[0] != name and name not in words:
        named = [name, *named]
    called = dict.fromkeys(field for _, _, field in context.called(words))
    lists = [field for field in called if context.drafts[field].type == "array"]
    if len(named) < 2 and len(lists) > 1:
        return [field for field in context.drafts if field in lists]
    if len(named) < 2:
        named = of_all_media(words, clause) if several or media else _all_lists(clause)
    return [field for field in context.drafts if field in named]


def _lists_called(words: str, clause: Clause) -> list[str]:
    """The lists of the things that a sentence counts: `images and elements`."""
    nouns = {singular(word) for word in re.findall(r"[a-z]{4,}(?:(?= and )|s\b)", words.lower())}
    return [
        name
        for name, draft in clause.context.drafts.items()
        if draft.type == "array" and "." not in name and nouns & words_of(name)
    ]


def _all_lists(clause: Clause) -> list[str]:
    """The lists of pictures, of videos and of audio, where there is one of each at most."""
    found = [clause.context.of_medium(medium, "array") for medium in MEDIA]
    return [name for names in found for name in names] if all(len(n) < 2 for n in found) else []


def _of_all_items(words: str, clause: Clause) -> str:
    """`The pictures of all subjects together`: the list that each item of this one has."""
    name = clause.draft.name
    own = re.escape(re.sub(r"s$", "", name.replace("_", " ").partition(" ")[0]))
    if clause.draft.type != "array" or not re.search(
        rf"(?:\b(?:of|in|across|for) (?:all|the|every|each)(?: the)? |所有|全部|各个?){own}",
        words,
        re.I,
    ):
        return ""
    inner = [
        member
        for member, draft in clause.context.drafts.items()
        if draft.type == "array" and member.rpartition(".")[0] == name
    ]
    return inner[0] if len(inner) == 1 else ""


def _named_numbers(words: str, clause: Clause) -> list[str]:
    """The number in each item that words name in the plural: `all weights together at most 4`."""
    found = _summed(words, clause) if not _COUNTS.search(words) else []
    plain = [name.rpartition(".")[2].removesuffix("s") for name in found]
    return found if any(re.search(rf"\b{name}s\b", words, re.A) for name in plain) else []


def _summed(words: str, clause: Clause) -> list[str]:
    """The number in each item of a list that a sentence adds up; none unless it is clear."""
    drafts = clause.context.drafts
    numbers = [
        name
        for name, draft in drafts.items()
        if draft.type in ("integer", "number")
        and "." in name
        and drafts.get(name.rpartition(".")[0], draft).type == "array"
    ]
    of_own = [name for name in numbers if name.startswith(clause.draft.name.split(".")[0] + ".")]
    said = [name for name in of_own if re.search(rf"\b{name.rpartition('.')[2]}s?\b", words, re.A)]
    if len(said) == 1:
        return said
    if not of_own and not _TIME.search(words):
        return []
    timed = [name for name in of_own or numbers if re.search("duration|seconds|length", name)]
    return timed if len(timed) == 1 else []
