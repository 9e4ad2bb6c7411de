"""Reads what a sentence says of a field as an address: a URL, or a URL or a data URL."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from documentation.reading.layouts.draft import Draft
from documentation.reading.prose.clause import MOST_SENTENCE
from documentation.reading.prose.rules import sign

_URL = sign("url")
# `Extend: URL of a video`, what the field is for.
_TASK_LABEL = re.compile(r"^[A-Z][a-z]{3,20}(?: [a-z]{2,12}){0,2}: (?=[A-Z])")
_NOT_OTHER_SCHEME = sign("not-other-scheme")
_OTHER_SCHEME = sign("other-scheme")
_DATA_URL = sign("data-url")
_WEB = re.compile(
    r"(?<![a-z])(?:urls?|links?|address(?:es)?)(?![a-z])|链接|网址|地址", re.IGNORECASE
)
_SECURE = re.compile(r"(?<![a-z])https(?![a-z])(?!.*\bhttp\b)(?<!http or https)", re.IGNORECASE)
WEB_OR_DATA = "^(?:[Hh][Tt][Tt][Pp][Ss]?://|[Dd][Aa][Tt][Aa]:)."
NOT_ONLY_WEB = "it may be something else than a URL"


@dataclass(slots=True)
class Address:
    """What a sentence says of an address.

    Attributes:
        rest: What is left of the sentence, to be read by rules.
        facts: The keywords of the field, each with its value.
        asked: The sentence, where the field may be something else as well.
    """

    rest: str
    facts: dict[str, str] = field(default_factory=dict)
    asked: str = ""


def read_address(draft: Draft, sentence: str) -> Address:
    """A value that a page calls a URL is one; unless it may be something else as well."""
    kind = draft.items if draft.type == "array" else draft.type
    if draft.location != "request" or kind not in ("string", ""):
        return Address(sentence)
    bare = _TASK_LABEL.sub("", sentence)
    text = _NOT_OTHER_SCHEME.sub(" ", bare[:MOST_SENTENCE])
    called, plain = _URL.search(text), _DATA_URL.sub(" ", text)
    if _OTHER_SCHEME.search(plain) or (plain != text and not _WEB.search(plain)):
        odd = called or draft.value_of("format") == "uri"
        return Address(sentence, asked=bare if odd else "")
    if plain != text:
        pattern = WEB_OR_DATA.replace("?://", "://") if _SECURE.search(plain) else WEB_OR_DATA
        rest = _SECURE.sub(" ", plain) + bare[MOST_SENTENCE:]
        return Address(rest, {"pattern": pattern})
    return Address(sentence, {"format": "uri"} if called else {})
