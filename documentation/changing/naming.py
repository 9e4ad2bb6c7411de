"""Names that can't be taken for each other: of the classes of two model ids that read alike."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from documentation.checking.variant_schema import schema_name

CLASS = re.compile(r"[A-Z][A-Za-z0-9]{0,80}Request")
_SPOKEN = {"-": "Dash", ".": "Dot", "_": "Underscore", "/": "Slash", " ": "Space"}


class Alike(NamedTuple):
    """An id that reads like a known one, and what the class of its variant is called."""

    model: str
    known: str
    page: str
    name: str


def read_alike(one: str, other: str) -> bool:
    """Whether two ids differ in their separators or letter case alone."""
    return one != other and _bare(one) == _bare(other)


def name_of(
    models: list[str], mode: Any, known: Iterable[tuple[str, str]]
) -> tuple[str, Alike | None]:
    """The name of a new variant's class.

    Args:
        models: Its ids.
        mode: Its mode, if it has one.
        known: The ids of all other variants, each with its page.
    """
    pairs = [(m, k, page) for k, page in known for m in models if read_alike(m, k)]
    if not pairs:
        return schema_name(models[0], mode), None
    model, other, page = pairs[0]
    mine, theirs = _separators(model), _separators(other)
    own = {at: mark for at, mark in mine.items() if theirs.get(at) != mark}
    first, spoken = models[0], ""
    count = 0
    for char in first:
        if char.isalnum():
            count += 1
            spoken += char
        else:
            spoken += f" {_SPOKEN.get(char, 'Sign')} " if own.get(count) == char else char
    if spoken == first:
        lacking = next((mark for at, mark in theirs.items() if mine.get(at) != mark), "")
        spoken += f" Without {_SPOKEN.get(lacking, 'Capitals')}"
    name = schema_name(spoken, mode)
    return name, Alike(model, other, page, name)


def _bare(model: str) -> str:
    return re.sub(r"[^a-z0-9]", "", model.lower())


def _separators(model: str) -> dict[int, str]:
    """The signs of an id that are no letters or digits, by how many of those stand before."""
    found: dict[int, str] = {}
    count = 0
    for char in model:
        if char.isalnum():
            count += 1
        else:
            found[count] = char
    return found
