"""Finds tables whose rows are combinations: each of their columns has the values of one field."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from documentation.reading.layouts.tabular.cells import said_in
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


_COUNT_HEAD = re.compile(
    r"(?:number of |how many )?(?:pictures|images|photos|stills|videos|clips)"
    r"|(?:图片|视频)(?:数量?|张数|个数)?|张数|数量",
    re.IGNORECASE,
)
_NONE = re.compile(r"(?:none|no|0|无|不传|没有)(?: ?\([^()]*\))?(?: ?[张个段])?", re.IGNORECASE)
_SOME = re.compile(r"\d{1,2}(?: ?(?:-|–|~|to|至|到) ?\d{1,2})?(?: ?[张个段])?")
_OF_A_FIELD = re.compile(r"[a-z]+(?:_[a-z]+)+ (?:is|must|may|can)\b|(?:requires|no) [a-z]+_[a-z]+")


def counts_items(head: str) -> bool:
    """Whether the head of a column says that counts of a list's items stand below."""
    return _COUNT_HEAD.fullmatch(head) is not None


def counted_rows(rows: list[list[str]]) -> list[str]:
    """What a table says of requests without any item of a list, and with some.

    `{own}` stands for the list. What is said of some counts only stays as it is written.
    """
    head, *rest = rows or [[""]]
    none = [row for row in rest if _NONE.fullmatch(row[0])]
    some = [row for row in rest if _SOME.fullmatch(row[0])]
    whole = len(none) + len(some) == len(rest) > 1 and all(len(row) == len(head) for row in rest)
    if not (whole and len(none) == 1):
        return []
    said = []
    for at in range(1, len(head)):
        for whom, group in (("without", none), ("with", some)):
            cells = {said_in(head[at], row[at], glued=False) for row in group}
            told = cells.pop() if len(cells) == 1 else ""
            said += [f"{whom} {{own}}, {told}"] if _OF_A_FIELD.match(told) else []
    return [*said, *(": ".join(row) for row in some)] if said else []
