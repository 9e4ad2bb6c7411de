"""Figures with their spread, and whether they keep to a limit."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """A measured figure.

    Attributes:
        name: What it is.
        value: The median.
        low: The lower quartile.
        high: The upper quartile.
        limit: What it may be at most, or None where it is only told.
        unit: What follows the number.
    """

    name: str
    value: float
    low: float
    high: float
    limit: float | None = None
    unit: str = "x"

    @property
    def kept(self) -> bool:
        """Whether it keeps to its limit."""
        return self.limit is None or self.value <= self.limit

    def __str__(self) -> str:
        limit = "" if self.limit is None else f"  at most {self.limit:g}{self.unit}"
        verdict = "" if self.limit is None else ("  kept" if self.kept else "  MISSED")
        if self.low == self.high:  # without a spread
            return f"{self.name:<58}{self.value:>8.4g}{self.unit}{limit}{verdict}"
        spread = f"{self.low:.3f} to {self.high:.3f}"
        return f"{self.name:<58}{self.value:>8.3f}{self.unit}  ({spread}){limit}{verdict}"


def of(name: str, values: Sequence[float], limit: float | None = None, unit: str = "x") -> Figure:
    """The median of values, with their quartiles."""
    low, _, high = statistics.quantiles(values, n=4)
    return Figure(name, statistics.median(values), low, high, limit, unit)


def ratio(
    name: str, ours: Sequence[float], theirs: Sequence[float], limit: float | None = None
) -> Figure:
    """The median of the ratios of pairs that were measured one right after the other."""
    return of(name, [a / b for a, b in zip(ours, theirs, strict=True)], limit)
