"""Refuses names and values of a page that have control characters or are no plain names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from documentation.fact import Fact
from documentation.page_names import page_name
from documentation.reading.layouts.draft import NAME

MOST_NAME = 64
# Controls, line separators, signs that turn the direction of text, halves of characters.
_ODD = re.compile(
    "[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)
_FREE_TEXT = ("default", "example")


def unfit(page: str, facts: list[Fact]) -> list[str]:
    """Why a page can't be accepted, a line each: its own name, or a name or value that it gives.

    Args:
        page: The page's name.
        facts: What it says.
    """
    named = [] if page == page_name(page) else [f"{page[:40]!a} is no name for a page"]
    return list(dict.fromkeys([*named, *(line for fact in facts for line in _faults(fact))]))


def _faults(fact: Fact) -> Iterator[str]:
    if len(fact.field) > MOST_NAME:
        yield f"a field's name is longer than {MOST_NAME} characters: {fact.field[:40]}..."
    elif not NAME.fullmatch(fact.field):
        yield f"{fact.field!a} is no name for a field"
    for text in _texts(fact.value):
        seen = re.sub(r"[\t\n\r]", "", text) if fact.keyword in _FREE_TEXT else text
        if odd := _ODD.search(seen):
            where = f"{fact.location} {fact.field} {fact.keyword}"
            yield f"{where} holds the character U+{ord(odd[0]):04X}, which no program should print"


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (text for pair in value.items() for part in pair for text in _texts(part))
    elif isinstance(value, list):
        yield from (text for part in value for text in _texts(part))
