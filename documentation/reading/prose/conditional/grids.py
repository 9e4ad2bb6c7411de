"""Reads a grid: values before its rows and above its columns, and in each cell what goes with both.

`1080p` beside `nova-1-lite` with `6, 10` in the cell: at 1080p this model makes clips of 6 or 10
seconds. A cell that says no keeps the two apart.
"""

from __future__ import annotations

import re
from typing import Any

from documentation.reading.layouts.draft import Draft
from documentation.reading.prose.conditional.qualified import Found, field_called, own_values
from documentation.reading.prose.conditional.qualifiers import Qualifier, values_of
from documentation.reading.prose.context import Context
from documentation.reading.prose.quantity import without_seconds
from documentation.reading.prose.rules import sign

_NO = sign("cell-no")
_YES = sign("cell-yes")


def of_grid(draft: Draft, grid: list[tuple[str, str, str]], context: Context) -> Found | None:
    """What a grid says, as facts; None where not all of it is understood."""
    found: Found = []
    listed: list[Any] = []
    limits: list[tuple[Qualifier, Qualifier, str, list[Any]]] = []
    apart: dict[tuple[Qualifier, str], list[Any]] = {}
    for row, column, cell in grid:
        one, other = _valued(row, draft, context), _valued(column, draft, context)
        if one is None or other is None or one.field == other.field:
            return None
        if other.field == "model" or (other.field == draft.name and one.field != "model"):
            one, other = other, one
        if _NO.fullmatch(cell):
            apart.setdefault((one, other.field), []).extend(other.values)
            continue
        if _YES.fullmatch(cell):
            continue
        named = {one.field, other.field}
        target = draft if draft.name not in named else field_called(f"{cell} seconds", context)
        values = own_values(target, cell, context) if target and target.name not in named else []
        if not values or target is None or one.field != "model":
            return None
        listed += values if target is draft else []
        limits.append((one, other, target.name, values))
    whole = sorted(dict.fromkeys(listed), key=_order)
    for one, other, name, values in limits:
        if values != (values_of(context.drafts[name], context) or whole):
            found += other.facts({name: {"enum": values}}, one.values)
    for (who, name), values in apart.items():
        known = values_of(context.drafts[name], context)
        kept = [value for value in known if value not in values]
        found += who.facts({name: {"enum": kept} if kept else {"maxItems": 0}})
    if whole and not values_of(draft, context):
        found.append((draft.name, "enum", whole))
    return found


def _valued(text: str, draft: Draft, context: Context) -> Qualifier | None:
    """The field that has a value, the field itself first."""
    for other in (draft, *context.drafts.values()):
        for value in values_of(other, context):
            if str(value) == text:
                return Qualifier(other.name, (value,))
    seconds = without_seconds(text)
    timed = field_called(text, context) if seconds != text else None
    for value in values_of(timed, context) if timed else ():
        if str(value) == seconds:
            return Qualifier(timed.name, (value,))  # type: ignore[union-attr]
    return None


def _order(value: Any) -> tuple[int, str]:
    number = re.match(r"\d{1,9}", str(value))
    return (int(number[0]) if number else 0), str(value)
