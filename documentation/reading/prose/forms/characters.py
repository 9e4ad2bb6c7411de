"""Reads which characters a text consists of: `begins with task_ and 12 digits`, `letters only`."""

from __future__ import annotations

import re

from documentation.reading.prose.clause import Clause, Match, Sense
from documentation.reading.prose.rules.characters import ENDS_IN_KIND, literal, set_of

_LETTERS_OR_DIGITS = re.compile(r"[A-Za-z]-|0-9")
_LOOSE = re.compile(r"letters?|(?:英文)?字母|numbers|numerals?", re.IGNORECASE)
_MANY = {"两": 2, "三": 3}
QUOTES = "\"'`"
_SIGNS = {"comma": ",", "colon": ":", "hyphen": "-", "dash": "-", "slash": "/", "semicolon": ";"}
_SIGNS |= {"逗号": ",", "冒号": ":", "连字符": "-", "斜杠": "/", "分号": ";"}
_LEAST = re.compile(r"(?:at least|more than|from|至少|不少于)[ a-z]{0,12}$", re.IGNORECASE)


def made_of(match: Match, clause: Clause) -> Sense | None:
    """What a text consists of, as a pattern.

    It is one only where the page shows nothing that is otherwise, and states no pattern itself.
    """
    draft, groups = clause.draft, match.groupdict()
    before = clause.text[: match.start()]
    if draft.type != "string" or draft.options() or _LEAST.search(before):
        return None
    if ENDS_IN_KIND.search(before):
        return None  # it is the rest of a list
    whole = _joined(groups) if groups.get("joined") else _counted(groups)
    if not whole:
        return None
    pattern = f"^{literal((groups.get('prefix') or '').strip(QUOTES))}{whole}$"
    shown = [value for value in draft.examples if isinstance(value, str)]
    if draft.value_of("pattern"):
        return Sense()
    if not all(re.search(pattern, value) for value in shown):
        return Sense(question="is shown otherwise")
    bounds = [("minLength", groups.get("least")), ("maxLength", groups.get("most"))]
    if groups.get("upto"):
        bounds = [("maxLength", groups.get("least"))]
    if groups.get("prefix") or not (groups.get("most") or groups.get("upto")):
        bounds = []
    sizes = [(draft.name, key, int(value)) for key, value in bounds if value]
    return Sense([(draft.name, "pattern", pattern), *sizes])


def _counted(groups: dict[str, str | None]) -> str:
    """So many of some kinds of characters, or any number of them."""
    words, least, most = groups["chars"] or "", groups.get("least"), groups.get("most")
    inside, prefix = set_of(words), groups.get("prefix")
    if not _LETTERS_OR_DIGITS.search(inside):
        return ""
    if groups.get("upto"):
        least, most = "1", least
    if most and not prefix and _LOOSE.fullmatch(words):
        return ""  # `1 to 500 letters` is how long a text may be, whatever it consists of
    if least and (prefix or not most):
        return f"{inside}{{{least},{most}}}" if most else f"{inside}{{{least}}}"
    if groups.get("letter"):
        return f"[A-Za-z]{inside}*"
    return f"{inside}{'+' if prefix else '*'}"


def _joined(groups: dict[str, str | None]) -> str:
    """Several numbers with a sign between them."""
    sign = literal(_SIGNS[(groups["joined"] or "").lower()])
    plain = groups.get("whole") or groups["kind"] == "integers"
    one = "[0-9]+" if plain else r"[0-9]+(\.[0-9]+)?"
    many = _MANY.get(groups["least"] or "", 0) or int(groups["least"] or 0)
    return (sign if groups.get("tight") else f"{sign} ?").join([one] * many)
