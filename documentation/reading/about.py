"""What a page says that a field is: the first words of its prose, fit for one line of help."""

from __future__ import annotations

import re

from documentation.reading.layouts.draft import Draft
from documentation.reading.layouts.text import CJK, normal
from documentation.reading.prose.applying import split

MOST_WORDS, MOST_CHARACTERS = 10, 60
# A clause that says more than what the field is: limits, defaults, conditions.
_MORE = re.compile(r"\s*(?:[,;:()]| - | -- | — ).*$")
_NOT_WHAT = re.compile(
    r"^(?:[^A-Za-z]|(?:options?|values?|available|supported|example|required|optional|if|when|only"
    r"|must|may|accepts?|any|at|up|between|leave|choose|either|https|by|and|or)\b)|\d|@"
    r"|\b(?:must|only|not|of at|from|between|than|we)$|\b(?:must|only|we|our|you)\b",
    re.IGNORECASE,
)


def about(draft: Draft) -> dict[str, str]:
    """The field with its first words; nothing where they are not English, or say nothing."""
    for line in draft.prose[:3]:
        first = next(iter(split(normal(line))), "")
        words = _MORE.sub("", first).strip(" .*`\"'")
        named = {draft.name.rpartition(".")[2].replace("_", " "), draft.name}
        if (
            words
            and not re.search(f"[{CJK}]", words)
            and words.isprintable()
            and not _NOT_WHAT.search(words)
            and words.lower() not in named
            and 1 < len(words.split()) <= MOST_WORDS
            and len(words) <= MOST_CHARACTERS
        ):
            return {f"{draft.location} {draft.name}": f"{words[0].upper()}{words[1:]}."}
    return {}
