"""What a sentence says of several fields in all: how many there may be, or what they add up to."""

from __future__ import annotations

import re
from typing import Any

from documentation.reading.layouts.draft import number
from documentation.reading.prose.clause import Clause, Match, Sense, of_all_media
from documentation.reading.prose.quantity import ITEM, MEDIA, measure, media_in
from documentation.reading.prose.rules import sign

_MOST, _LEAST, _RANGE = sign("most-of"), sign("least-of"), sign("to-the-other-end")
_NOUNS = re.compile(rf"\b({ITEM})s?(?= and\b|, | (?:must|may|can|together|in|combined))", re.I)
_QUESTION = "a total over several fields"


def total(match: Match, clause: Clause) -> Sense | None:
    """`Images and videos together at most 5`, `all shots add up to 15 seconds`."""
    if measure(match["unit"])[0] == "time":
        names = _summed(match[0], clause)
        return _rule("sum", names, match, clause) if names else None
    counted = _counted(match[0], clause)
    if counted is None:
        return None
    names = counted
    drafts = clause.context.drafts
    if len(names) < 2 or any("." in n or drafts[n].type == "object" for n in names):
        return Sense(question=_QUESTION)
    return _rule("count", names, match, clause)


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
    most, least = _MOST.search(clause.text), _LEAST.search(clause.text)
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
    inner = [m for m in members if m.rsplit(".", 1)[-1].rstrip("s") in words.lower()]
    own = {medium for medium in MEDIA if medium in name}
    several = len({noun.lower() for noun in _NOUNS.findall(words)}) > 1
    if not ({*named} - {name} or len(media) > 1 or (own and {*media} - own) or inner or several):
        return None
    if inner:
        return []
    if len(named) == 1 and named[0] != name and name not in words:
        named = [name, *named]
    if len(named) < 2:
        named = of_all_media(words, clause)
    return [field for field in context.drafts if field in named]


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
    timed = [name for name in of_own or numbers if re.search("duration|seconds|length", name)]
    return timed if len(timed) == 1 else []
