"""What numbers in a sentence become: how long a text, how large a number or a list may be."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from documentation.reading.layouts.draft import Draft, number
from documentation.reading.prose.clause import Clause, Match, Sense
from documentation.reading.prose.meaning.relations import target
from documentation.reading.prose.quantity import (
    MEDIA,
    Measure,
    limits,
    measure,
    media_in,
)
from documentation.reading.prose.rules import sign

Maker = Callable[[Match, Clause], Sense | None]


def _limit(match: Match, clause: Clause, low: Any, high: Any) -> Sense | None:
    unit, taken = measure(match["unit"])
    if unit is None or unit == "words":
        unit, taken = _counted(match, clause, unit, taken)
    if unit is None:
        return None
    draft = target(clause, unit, match["unit"])
    if draft.type == "array" and _OF_ITEMS.match(clause.text, match.start("unit")):
        return Sense(reason="holds for each item")
    if draft.type == "array":
        if _names_field(match["unit"], draft.name):
            unit, taken = "items", max(taken, len(match["unit"]))
        if unit in ("items", "none") and not _counts_items(match, clause, draft):
            return None
        if unit in ("items", "none") and _OF_SOME.search(clause.text):
            return Sense(question="a limit of some items", end=len(clause.text))
        if unit == "none" and high is None and low == 0:
            return None
    said = limits(draft, unit, low, high, clause.text)
    if said is None:
        return None
    if match.end("unit") < match.end() or not match["unit"][taken:].strip():
        end = match.end()
    else:
        end = match.start("unit") + taken
    if isinstance(said, str):
        return Sense(reason=said, end=end)
    return Sense([(draft.name, key, value) for key, value in said], end=end)


# After a range, at a list: it is one of the numbers in it, `4 numbers between 0 and 1`.
_OF_ITEMS = re.compile(
    r"(?:之间|以内)的?(?:小数|浮点数|数字|数值|整数|实数)| (?:decimals?|floats?)\b"
)
_COUNTED = sign("counting-label")


def _counted(
    match: Match, clause: Clause, unit: Measure | None, taken: int
) -> tuple[Measure | None, int]:
    """What a number counts whose noun is not in the table.

    The noun may be the field's own: `10 labels` of a list of labels. Words are characters where
    the sentence says that each character counts as one.
    """
    words = match["unit"]
    if unit == "words":
        return ("chars", taken) if _EACH_COUNTS.search(clause.text) else (unit, taken)
    noun = re.match(r" ?([a-z]{3,})\b", words, re.IGNORECASE)
    first = clause.draft.opening().partition(".")[0]
    own = re.findall(r"[a-z]+", f"{clause.draft.name} {first}".lower())
    known = {re.sub("(?:ies|s)$", "", word) for word in own}
    if clause.draft.type == "array" and noun and re.sub("(?:ies|s)$", "", noun[1].lower()) in known:
        return "items", noun.end()
    if clause.draft.type == "array" and _PASSIVE.match(words):
        return "items", 0
    return None, 0


# `At most 1 of them can be the cover`: so many are of some kind, and others may be there as well.
_OF_SOME = sign("so-many-are")
_PASSIVE = re.compile(
    r" (?:may|can|must|are|is)(?: be)? (?:sent|given|used|passed|provided|supplied|listed)"
)
_EACH_COUNTS = re.compile(r"(?:中英文|字符|每个)[^,;)]{0,10}[计算][为作]?1")


def _names_field(words: str, name: str) -> bool:
    """Whether the words name the field: `2 characters` of a list `characters` are two items."""
    nouns = re.match(r" ?([a-z]{3,}?)(?:ies|s)?\b(?: ([a-z]{3,}?)(?:ies|s)\b)?", words, re.I)
    last = {re.sub("(?:ies|s)$", "", part) for part in re.split(r"[._]", name.lower())}
    return nouns is not None and any(noun and noun.lower() in last for noun in nouns.groups())


def _counts_items(match: Match, clause: Clause, draft: Draft) -> bool:
    """Whether a number counts the items of this list, and not those of another or a frame rate."""
    words, name = match["unit"], draft.name.rsplit(".", 1)[-1]
    spoken, own = set(media_in(words)), {medium for medium in MEDIA if medium in name}
    if spoken and own and not spoken & own:
        return False
    label = re.match(r"[^:]{2,60}(?=:(?!\d))", clause.text)
    if label is None or words.strip() or clause.gloss or match.start() < label.end():
        return True
    return bool(_COUNTED.search(label[0]) or media_in(label[0]))


def _n(match: Match) -> int | float:
    return number(match["n"])


def exactly(match: Match, clause: Clause) -> Sense | None:
    value = _n(match)
    sense = _limit(match, clause, value, value)
    if sense and sense.facts and sense.facts[0][1] == "minimum":
        sense.facts = [(sense.facts[0][0], "const", value)]
    return sense


def exact_count(match: Match, clause: Clause) -> Sense | None:
    """`send 2 images` sets the size of a list; `send 0 for random`, at a number, is no limit."""
    listed = clause.gloss or clause.draft.type == "array"
    return exactly(match, clause) if listed else None


def outside(match: Match, clause: Clause) -> Sense | None:
    """`below 1 or above 5 is refused`, in either order: values from 1 to 5 are allowed."""
    low, high = sorted((_n(match), number(match["m"])))
    return _limit(match, clause, low, high)


def only(match: Match, clause: Clause) -> Sense | None:
    """`only 5` is the one value of a number; of a list or a text it is the upper limit."""
    kind = clause.draft.type
    return exactly(match, clause) if kind in ("integer", "number") else at_most(match, clause)


def at_most(match: Match, clause: Clause) -> Sense | None:
    if "n" not in match.re.groupindex:
        return Sense([(clause.draft.name, "maxItems", 1)]) if clause.draft.type == "array" else None
    if "unit" not in match.re.groupindex:
        return Sense([(clause.draft.name, "maxLength", _n(match))])
    return _limit(match, clause, None, _n(match))


def takes(match: Match, clause: Clause) -> Sense | None:
    """`takes 3 pictures` is the most that a list may have; `takes 3 seconds` says nothing."""
    return at_most(match, clause) if clause.draft.type == "array" else None


def at_least(match: Match, clause: Clause) -> Sense | None:
    return _limit(match, clause, _n(match), None)


def between(match: Match, clause: Clause) -> Sense | None:
    low, high = _n(match), number(match["m"])
    return _limit(match, clause, low, high) if low <= high else None


MOST_LISTED = 400


def between_or(match: Match, clause: Clause) -> Sense | None:
    """`4 to 15, or -1`: each whole number of the range, and the one that stands beside it."""
    low, high, beside = _n(match), number(match["m"]), number(match["beside"])
    unit, _ = measure(match["unit"])
    whole = all(isinstance(value, int) for value in (low, high, beside))
    if clause.draft.type != "integer" or unit not in ("time", "none") or not whole or low > high:
        return None
    least, _, most = sorted((low, high, beside))
    bounds = [(clause.draft.name, "minimum", least), (clause.draft.name, "maximum", most)]
    if low - 1 <= beside <= high + 1:
        return Sense(bounds)
    if high - low >= MOST_LISTED:
        return Sense(bounds, question="a range and one value beside it")
    return Sense([(clause.draft.name, "enum", [beside, *range(int(low), int(high) + 1)])])


def either(match: Match, clause: Clause) -> Sense | None:
    """`1 or 2 images` is a range, for no number lies between; `1 or 4 images` is none."""
    sense = between(match, clause) if number(match["m"]) == _n(match) + 1 else None
    return sense if sense and all(key.endswith("Items") for _, key, _ in sense.facts) else None


def above(match: Match, clause: Clause) -> Sense | None:
    """`greater than 0` is `minimum 1` of whole numbers; of others it is not read."""
    if clause.draft.type == "number":
        return _beyond(match, clause, "exclusiveMinimum", _limit(match, clause, _n(match), None))
    sense = _limit(match, clause, _n(match), None)
    if sense is None or not sense.facts:
        return None
    return _limit(match, clause, _n(match) + 1, None) if isinstance(_n(match), int) else None


def _beyond(match: Match, clause: Clause, keyword: str, sense: Sense | None) -> Sense | None:
    """A bound that is itself no value, of a number that need not be whole."""
    if sense is None or not sense.facts:
        return sense
    return Sense([(clause.draft.name, keyword, _n(match))], end=sense.end)


def below(match: Match, clause: Clause) -> Sense | None:
    """`under 10` is `maximum 9` of whole numbers; `under 10 MB` is ignored, as any file size."""
    sense = _limit(match, clause, None, _n(match))
    if sense is None or not sense.facts:
        return sense
    if clause.draft.type == "number":
        return _beyond(match, clause, "exclusiveMaximum", sense)
    return _limit(match, clause, None, _n(match) - 1) if isinstance(_n(match), int) else None


def counts(match: Match, clause: Clause) -> Sense | None:
    """`2 images (1 image for this, 2 images for that)`: 1 to 2 images, as the brackets explain."""
    stated = [
        int(n) for n in re.findall(r"(?<![\w.])(\d+) ?(?:[a-z]|[一-鿿])", match["alternatives"])
    ]
    if not stated or max(stated) != _n(match):
        return None
    sense = _limit(match, clause, min(stated), max(stated))
    return Sense(sense.facts, sense.reason, end=match.end()) if sense else None


def single(match: Match, clause: Clause) -> Sense | None:
    """`only a single image` at a list is `maxItems 1`."""
    if clause.draft.type != "array" or measure(match["unit"])[0] != "items":
        return None
    return Sense([(clause.draft.name, "maxItems", 1)])


def at_least_one(_: Match, clause: Clause) -> Sense | None:
    keyword = {"string": "minLength", "array": "minItems"}.get(clause.draft.type)
    return Sense([(clause.draft.name, keyword, 1)]) if keyword else None


def least(value: int) -> Maker:
    def make(_: Match, clause: Clause) -> Sense | None:
        if clause.draft.type not in ("integer", "number"):
            return None
        return Sense([(clause.draft.name, "minimum", value)])

    return make
