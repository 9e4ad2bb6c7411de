"""How many of a hundred variants or pages the tests ask about."""

from __future__ import annotations

from typing import TypeVar

T = TypeVar("T")
MOST = 12


def some(found: list[T]) -> list[T]:
    """A dozen, evenly spread, where there are more: they show that the machinery is right.

    `make probes` asks about every fact of all.
    """
    return found[:: -(-len(found) // MOST)]
