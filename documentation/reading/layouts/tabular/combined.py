"""Finds tables whose rows are combinations: each of their columns has the values of one field."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from documentation.reading.layouts.text import normal

MOST_LINES = 400


@dataclass(slots=True)
class Combined:
    """A table whose rows are combinations.

    Attributes:
        fields: The fields that its columns have.
        rows: The cells of each row.
    """

    fields: list[str]
    rows: list[list[str]]


def take_combined(
    lines: list[str], field_of: Callable[[str], str], starts: Callable[[str], str]
) -> tuple[list[Combined], list[str]]:
    """Take out the tables of three columns or more that all have values of fields.

    Args:
        lines: The lines of a field's prose.
        field_of: The field that a column's head names; empty if it names none.
        starts: The value, of this field or another one, that a text starts with.

    Returns:
        The tables, and the lines that are left.
    """
    found: list[Combined] = []
    left: list[str] = []
    at = 0
    while at < len(lines):
        rows, end = rows_at(lines, at)
        fields = [field_of(cell) for cell in rows[0]] if len(rows) > 2 else []
        distinct = len({*fields} - {""}) == len(fields) > 2
        cells = [cell for row in rows[1:] for cell in row]
        even = distinct and all(len(row) == len(fields) for row in rows)
        if even and all(_lists_values(cell, starts) for cell in cells):
            found.append(Combined(fields, rows[1:]))
            at = end
        else:
            left += lines[at : max(end, at + 1)]
            at = max(end, at + 1)
    return found, left


def rows_at(lines: list[str], at: int) -> tuple[list[list[str]], int]:
    """The rows of the table that begins at a line, and where it ends; none where none does."""
    rows: list[list[str]] = []
    end, last = at, min(len(lines), at + MOST_LINES)
    while end < last:
        line = barred(lines[end])
        if "\t" in line:
            rows.append([normal(cell) for cell in line.split("\t")])
        elif line or not rows or end + 1 == last or "\t" not in barred(lines[end + 1]):
            break
        end += 1
    return rows, end


_ONE_VALUE = re.compile(
    r"(?:only |仅)?(?:both|all|any|全部|所有|均可?|两者|\d{2,5} ?[x*×] ?\d{2,5}|\d+:\d+|\d+[pPkK]"
    r"|\d{1,4}(?: ?(?:-|–|~|to|至|到) ?\d{1,4})? ?(?:s|seconds|秒|fps)?"
    r"|(?!no$|none$|yes$)[A-Za-z]\w*)(?: only|仅)?",
    re.IGNORECASE,
)


def _lists_values(cell: str, starts: Callable[[str], str]) -> bool:
    """Whether a cell lists values and has no other words."""
    parts = re.split(r" ?(?:,|/|、|;|\bor\b|\band\b|或|和) ?(?:or |and )?", cell)
    bare = [re.sub(r"^(?:only |仅)| ?(?:only|仅)$", "", part.strip()) for part in parts]
    return all(part and (_ONE_VALUE.fullmatch(part) or starts(part) == part) for part in bare)


def barred(line: str) -> str:
    """A line whose cells stand between bars as one whose cells stand between tabs."""
    if "\t" in line or len(line) > 1000 or not _BAR.search(line):
        return line
    cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
    return "" if all(re.fullmatch(r":?-+:?", cell) for cell in cells) else "\t".join(cells)


_BAR = re.compile(r"\S ?\| ?\S|^\|")
