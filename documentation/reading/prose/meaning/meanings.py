"""The functions behind the meanings of rules.

Each takes a match of its rule and returns what it says: facts of a field, or the reason why there
are none. It returns None if the rule does not apply after all.
"""

from __future__ import annotations

import re

from documentation.reading.prose.clause import Clause, Match, Sense
from documentation.reading.prose.conditional.totals import total, total_equals
from documentation.reading.prose.forms.characters import made_of
from documentation.reading.prose.meaning.amounts import (
    Maker,
    above,
    at_least,
    at_least_one,
    at_most,
    below,
    between,
    between_or,
    counts,
    either,
    exact_count,
    exactly,
    least,
    only,
    outside,
    single,
    takes,
)
from documentation.reading.prose.meaning.option_values import (
    default,
    flag,
    listed_values,
    multiple,
    numbered,
    told_values,
)
from documentation.reading.prose.meaning.relations import (
    excludes,
    excludes_given,
    leaves_out,
    may_have,
    needs,
    no_items,
    not_for,
    one_needed,
    only_for,
    required_when,
    together,
    unique,
)
from documentation.reading.prose.quantity import (
    IGNORED,
    IN_PIXELS,
    measure,
)
from documentation.reading.prose.rules import sign
from documentation.reading.prose.rules.characters import literal

_REMOVES = re.compile(r"(?:remove|disable|skip|hide|exclude|without|no|mute|strip)_")
_KEPT = sign("kept")


def _on_off(value: bool) -> Maker:
    def make(match: Match, clause: Clause) -> Sense | None:
        if clause.draft.type != "boolean":
            return None
        removes = _REMOVES.match(clause.draft.name.rsplit(".", 1)[-1])
        flipped = bool(removes and _KEPT.search(match[0]))
        return Sense([(clause.draft.name, "default", value != flipped)])

    return make


def switch(match: Match, clause: Clause) -> Sense | None:
    """`only true is accepted`: the one value of a switch."""
    before = re.findall(r"[\w.]+", clause.text[: match.start()])[-1:]
    if clause.draft.type != "boolean" or clause.context.fields_in(
        "".join(before), clause.draft.name
    ):
        return None
    return Sense([(clause.draft.name, "enum", [match["value"].lower() == "true"])])


def same_word(match: Match, clause: Clause) -> Sense | None:
    """`whether it is kept; not kept by default`: false is the default, whatever the verb."""
    return _on_off(not match["off"])(match, clause)


def hosts(match: Match, clause: Clause) -> Sense | None:
    listed = [
        part.strip() for part in re.split(r",|、|/(?!\d)|\bor\b|\band\b|或|和", match["hosts"])
    ]
    after = r"(?:等.*|,? ?etc\.?| (?:are|is|will be|gets?)\b.*)$"
    shaped = [re.sub(after, "", part).strip() for part in listed]
    names = [
        p
        for p in shaped
        if re.fullmatch(r"[\dx*.\-/]+|localhost|\[?[0-9a-f:]*::[0-9a-f]*\]?", p)
        if not re.fullmatch(r"\d+(?:\.\d+){0,2}", p)  # a part of an address is no host
    ]
    return Sense([(clause.draft.name, "forbiddenHosts", names)]) if names else None


_REFUSING = sign("refusing")


def plain_hosts(match: Match, clause: Clause) -> Sense | None:
    """Hosts in a sentence that refuses something, however it is worded."""
    found = hosts(match, clause) if _REFUSING.search(clause.text) else None
    if found and found.facts[0][2] == ["localhost"] and _INTERNAL.search(clause.text):
        return Sense([(clause.draft.name, "forbiddenHosts", [*INTERNAL, "localhost"])])
    return found


_INTERNAL = re.compile(r"\b(?:internal|private|intranet|loopback)\b|内网|私有", re.IGNORECASE)
# What every page that lists internal addresses lists.
INTERNAL = ["127.0.0.1", "10.x.x.x", "172.16-31.x.x", "192.168.x.x"]


_CALLED_BACK = re.compile(r"callback|webhook|notify")


def internal_hosts(_: Match, clause: Clause) -> Sense | None:
    """Internal addresses that a page refuses without listing them; only of what is called back."""
    if not _CALLED_BACK.search(clause.draft.name):
        return None
    return Sense([(clause.draft.name, "forbiddenHosts", INTERNAL)])


def _stated(keyword: str) -> Maker:
    def make(_: Match, clause: Clause) -> Sense | None:
        if keyword == "https" and clause.draft.type == "array":
            return Sense(question="of each of its addresses")
        return Sense([(clause.draft.name, keyword, True)])

    return make


def https_called(_: Match, clause: Clause) -> Sense | None:
    """`HTTPS address of yours`: what is called back has to be one; a picture may be elsewhere.

    A pattern that begins with it says the same, and more.
    """
    if not _CALLED_BACK.search(clause.draft.name):
        return None
    if str(clause.draft.value_of("pattern")).startswith("^https"):
        return Sense()
    return Sense([(clause.draft.name, "https", True)])


def prefix(match: Match, clause: Clause) -> Sense | None:
    """`Task ids begin with task-`, `names end in .ode`, where the field's own examples do."""
    draft, groups = clause.draft, match.groupdict()
    start, end = ((groups.get(name) or "").strip("\"'`") for name in ("prefix", "suffix"))
    shown = [value for value in draft.examples if isinstance(value, str)]
    stated = draft.value_of("pattern") or draft.value_of("format")
    if draft.type != "string" or not shown or stated:
        return Sense()
    if not all(value.startswith(start) and value.endswith(end) for value in shown):
        return Sense()
    return Sense([(draft.name, "pattern", f"^{start}" if start else f"{literal(end)}$")])


def understood(_: Match, __: Clause) -> Sense | None:
    return Sense()


_A_TIME = re.compile(r"expire|timeout|ttl|valid_for|retention|lifetime")


def timed(match: Match, clause: Clause) -> Sense | None:
    """How long the service waits or keeps something, unless the field is that number itself."""
    if clause.draft.type in ("integer", "number") and _A_TIME.search(clause.draft.name):
        return None
    unit, _ = measure(match["unit"])
    return Sense(reason="time") if unit in ("time", "other") else None


def input_file(match: Match, clause: Clause) -> Sense | None:
    unit, _ = measure(match["unit"])
    return Sense(reason="concerns an input file") if unit == "time" or unit in IGNORED else None


def file_format(_: Match, clause: Clause) -> Sense | None:
    """A file format is a fact only of a field that chooses one."""
    own = re.search(r"format|codec|container|extension", clause.draft.name)
    return None if own else Sense(reason="file format")


def rate(_: Match, clause: Clause) -> Sense | None:
    """A frame or sample rate concerns an input file, unless the field is that number itself."""
    numeric = clause.draft.type in ("integer", "number")
    return None if numeric else Sense(reason="concerns an input file")


def frame_rate(_: Match, clause: Clause) -> Sense | None:
    """Beside a number of frames it says how long they last."""
    counts = re.search(r"(?:^|[_.])frames?(?:_count)?$", clause.draft.name)
    return Sense(reason="how long frames last") if counts else None


def pixels(_: Match, clause: Clause) -> Sense | None:
    """Pixels are those of an input file, unless the field is a number of them."""
    kind, name = clause.draft.type, clause.draft.name
    own = kind in ("integer", "number") and IN_PIXELS.search(name)
    chosen = kind == "string" and re.search(r"(?:size|resolution|ratio|dimensions?|quality)$", name)
    return None if own or chosen else Sense(reason="pixels")


def position(match: Match, clause: Clause) -> Sense | None:
    unit, _ = measure(match["unit"])
    return Sense(reason="a position, not a limit") if unit in ("time", "items") else None


def used_in(match: Match, clause: Clause) -> Sense | None:
    """`used for first-last-frame` says nothing new: the mode's gloss says what it needs."""
    if clause.context.fields_in(match["mode"], clause.draft.name):
        return None
    return Sense() if clause.context.mode_of(match["mode"], clause.draft.name) else None


def ignored(reason: str) -> Maker:
    return lambda match, clause: Sense(reason=reason)


MEANINGS: dict[str, Maker] = {
    "nothing": understood,
    "stepped": understood,  # what it says with the ends of a range: whole_field.py
    "used-in": used_in,
    "time": timed,
    "input-file": input_file,
    "position": position,
    "prefix": prefix,
    "made-of": made_of,
    "https": _stated("https"),
    "https-called": https_called,
    "required": _stated("required"),
    "nullable": _stated("nullable"),
    "hosts": hosts,
    "only-for": only_for,
    "not-for": not_for,
    "excludes": excludes,
    "excludes-given": excludes_given,
    "excludes-plain": excludes,
    "together": together,
    "unique": unique,
    "one-needed": one_needed,
    "total": total,
    "total-equals": total_equals,
    "required-when": required_when,
    "values": listed_values,
    "switch": switch,
    "flag": flag,
    "numbered": numbered,
    "told-values": told_values,
    "outside": outside,
    "exact-count": exact_count,
    "same-word": same_word,
    "default": default,
    "default-true": _on_off(True),
    "default-false": _on_off(False),
    "exactly": exactly,
    "only": only,
    "counts": counts,
    "between": between,
    "at-most": at_most,
    "takes": takes,
    "at-least": at_least,
    "at-least-one": at_least_one,
    "single": single,
    "multiple": multiple,
    "either": either,
    "between-or": between_or,
    "above": above,
    "below": below,
    "file-format": file_format,
    "rate": rate,
    "frame-rate": frame_rate,
    "pixels": pixels,
    "plain-hosts": plain_hosts,
    "internal-hosts": internal_hosts,
    "positive": least(1),
    "natural": least(0),
    "needs": needs,
    "no-items": no_items,
    "may-have": may_have,
    "leaves-out": leaves_out,
}
# These state what holds for every request, so none is read in a sentence with a condition.
ONLY_UNCONDITIONAL = {
    *("required", "nullable", "values", "default", "default-true", "default-false", "exactly"),
    *("only", "between", "at-most", "takes", "at-least", "at-least-one", "single", "either"),
    *("between-or", "above", "below", "positive", "natural", "flag", "switch", "numbered"),
    *("outside", "exact-count", "same-word", "excludes-plain", "one-needed", "multiple"),
    "told-values",
}
# These are read in what stands beside an option, for what the option needs.
OF_A_GLOSS = {
    *("either", "exactly", "exact-count", "only", "counts", "between", "at-most", "at-least"),
    *("needs", "no-items", "may-have", "leaves-out"),
}
