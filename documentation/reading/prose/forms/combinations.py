"""Reads a table each of whose rows is a combination: what its columns' fields may be together.

`nova-1-lite | 1080p | 6, 10`: a request is as some row says, so what one field may be follows from
what the others are. Of a value that no row has, nothing is said.
"""

from __future__ import annotations

import itertools
import re
from typing import Any

from documentation.reading.layouts.draft import Draft, number
from documentation.reading.layouts.tabular.combined import Combined
from documentation.reading.prose.conditional.qualified import Found
from documentation.reading.prose.conditional.qualifiers import Qualifier, values_of
from documentation.reading.prose.context import Context
from documentation.reading.prose.quantity import without_seconds

MOST_RULES = 60
_JOINT = re.compile(r" ?(?:,|/|、|;|\bor\b|\band\b|或|和|及) ?(?:or |and )?")
_ALL = re.compile(
    r"(?:both|all|any|every|全部|所有|均可?|两者|不限)(?: (?:\w+))?(?:均?支持|均?可)?",
    re.IGNORECASE,
)
_ONLY = re.compile(r"^(?:only|just|仅|只)(?:支持|限)? ?| ?(?:only|仅)$", re.IGNORECASE)
_SPAN = re.compile(r"(\d{1,4}) ?(?:-|–|~|to|至|到) ?(\d{1,4})")
_MOST_SPAN = 120
_PIXELS = re.compile(r"\d{2,5} ?[x*×] ?\d{2,5}")
Row = dict[str, list[Any]]


def of_combinations(draft: Draft, table: Combined, context: Context) -> Found | None:
    """What the rows of such a table say, as facts; None where not all of it is understood."""
    fields = [context.drafts[name] for name in table.fields if name in context.drafts]
    if len(fields) < len(table.fields):
        return None
    rows: list[Row] = []
    for cells in table.rows:
        read = [_values(cell, field, context) for cell, field in zip(cells, fields, strict=True)]
        if not all(values is not None for values in read):
            return None
        rows.append(dict(zip(table.fields, (values or [] for values in read), strict=True)))
    names = [name for name in table.fields if name == draft.name or not _are_sizes(name, rows)]
    told = {name: _told(name, rows, context) for name in names}
    for row in rows:
        for name in names:
            row[name] = row[name] or told[name]
    last = [draft.name] if draft.name != "model" else []
    rest = [name for name in names if name not in ("model", *last)]
    order = [name for name in ("model", *rest, *last) if name in names]
    found: Found = []
    if last and not values_of(draft, context):
        found.append((draft.name, "enum", told[draft.name]))
    for size in range(2, len(order) + 1):
        for some in itertools.combinations(order, size):
            found += _rules(some, rows, told, context)
    return found if len(found) <= MOST_RULES else None


def _are_sizes(name: str, rows: list[Row]) -> bool:
    """Whether a column says how large in pixels the other values are, and nothing of a request."""
    cells = [str(value) for row in rows for value in row[name]]
    return all(_PIXELS.fullmatch(cell) for cell in cells) and len({*cells}) == len(cells) > 0


def _told(name: str, rows: list[Row], context: Context) -> list[Any]:
    """All values of a field that rows have, in the order of the field's own."""
    whole = any(not row[name] for row in rows)
    said = [] if whole else list(dict.fromkeys(value for row in rows for value in row[name]))
    known = values_of(context.drafts[name], context)
    if not said:
        return known
    if not known and all(type(value) is int for value in said):
        return sorted(said)
    return sorted(said, key=known.index) if {*said} <= {*known} else said


def _rules(
    names: tuple[str, ...], rows: list[Row], told: dict[str, list[Any]], context: Context
) -> Found:
    """What the last of some fields may be beside values of the others, where fewer don't say it."""
    *others, target = names
    known = values_of(context.drafts[target], context)
    found: Found = []
    for values in itertools.product(*(told[name] for name in others)):
        given = dict(zip(others, values, strict=True))
        allowed = _allowed(target, given, rows)
        fewer = [{k: v for k, v in given.items() if k != name} for name in others]
        implied = [_allowed(target, each, rows) for each in fewer]
        if not allowed or any(allowed == each for each in implied):
            continue
        kept = [v for v in known or told[target] if v in allowed or v not in told[target]]
        found += _fact(given, target, kept)
    return found


def _allowed(target: str, given: dict[str, Any], rows: list[Row]) -> set[Any]:
    fit = (row for row in rows if all(value in row[name] for name, value in given.items()))
    return {value for row in fit for value in row[target]}


def _fact(given: dict[str, Any], target: str, kept: list[Any]) -> Found:
    needs = {target: {"enum": kept}}
    model = given.get("model")
    about = [Qualifier(name, (value,)) for name, value in given.items() if name != "model"]
    if not about:
        return Qualifier("model", (model,)).facts(needs)
    models = (str(model),) if model is not None else ()
    return about[0].facts(needs, models, tuple(about[1:]))


def _values(cell: str, draft: Draft, context: Context) -> list[Any] | None:
    """The values that a cell lists, none for all of them; None where it has something else."""
    text = _ONLY.sub("", cell.strip())
    if _ALL.fullmatch(text):
        return []
    known = values_of(draft, context)
    found: list[Any] = []
    for part in _JOINT.split(text):
        value = _value(part.strip(), draft, known)
        if not value:
            return None
        found += value
    return found


def _value(part: str, draft: Draft, known: list[Any]) -> list[Any]:
    exact = [value for value in known if str(value).lower() == part.lower()]
    if exact:
        return exact[:1]
    bare = without_seconds(part)
    if draft.type not in ("integer", "number"):
        seconds = [value for value in known if without_seconds(str(value)) == bare]
        return seconds[:1] if bare != part or not known else []
    span = _SPAN.fullmatch(bare)
    if span and draft.type == "integer":
        ends = range(int(span[1]), int(span[2]) + 1)
        return [v for v in ends if not known or v in known] if len(ends) < _MOST_SPAN else []
    if not re.fullmatch(r"\d{1,5}(?:\.\d+)?", bare):
        return []
    value = number(bare)
    return [value] if not known or value in known else []
