"""Finds the tables of a field's prose: cells between tabs, on lines of their own, or run together.

A row begins with a value of the field, of another field, or with a model id; what stands in its
other cells becomes one line of prose, in which a bare number counts what the heading says.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from documentation.reading.layouts.tabular.cells import (
    FIELD_HEAD,
    MODEL_HEAD,
    MODEL_ID,
    NO,
    NOT_HAD,
    YES,
    asked_for,
    said_in,
    said_of_model,
    without_note,
    yes_or_no,
)
from documentation.reading.layouts.tabular.combined import MOST_LINES, barred, rows_at
from documentation.reading.layouts.tabular.stated import readers_of
from documentation.reading.layouts.text import CJK, normal

_FIRST = re.compile(
    r"(?:the )?(?:value|option|model|mode|(?:aspect )?ratio|name|quality|resolution|size"
    r"|duration|seconds|length|type|parameter|setting|style|effect|template|format"
    r"|秒数?|档位|规格|参数值|可选值|取值|选项|值|模型名称|模型|模式|比例|分辨率"
    r"|画质|清晰度|时长|类型|名称|尺寸|模板|特效)(?-i:s)?(?-i: (?:name|id|value))?",
    re.IGNORECASE,
)
_CASES = re.compile(
    r"(?:the )?(?:inputs?|cases?|tasks?|scenarios?|requests?|situations?|conditions?|when|with)"
    r"|输入|场景|任务|情况|条件|请求(?:类型)?",
    re.IGNORECASE,
)
_HEADING = re.compile(r"[^.。;:!?\d]{4,120}")


_MOST_HEAD = 120


@dataclass(slots=True)
class Table:
    """The rows of a table, each with its first cell and a line made of the others.

    The rows of cases say in their first cells of which requests they speak. A grid has values
    above its columns, too: its cells stand apart, each with both. Marks say beside each value, by
    the heads of columns, what goes with it and what does not. A sized one has sizes in
    pixels. Of models above its columns each cell is said as a sentence, and of rules each row.
    """

    rows: list[tuple[str, str]] = field(default_factory=list)
    cases: bool = False
    sized: bool = False
    grid: list[tuple[str, str, str]] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    marks: list[tuple[str, str, bool]] = field(default_factory=list)


def take_tables(lines: list[str], starts: Callable[[str], str]) -> tuple[list[Table], list[str]]:
    """Take the tables out of a field's lines.

    Args:
        lines: The lines.
        starts: The value, of this field, another one or `model`, that a line starts with.

    Returns:
        The tables, and the lines that are left.
    """
    tables: list[Table] = []
    left: list[str] = []
    at = 0
    while at < len(lines):
        for find in (_grid, _stated, _of_models, _tabbed, _upright, _run_together):
            found = find(lines, at, starts)
            if found is not None:
                table, at = found
                tables.append(table)
                break
        else:
            left.append(lines[at])
            at += 1
    return tables, left


Taken = tuple[Table, int] | None


_SIZE = re.compile(r"\d{2,5} ?[x*×] ?\d{2,5}")


def _grid(lines: list[str], at: int, starts: Callable[[str], str]) -> Taken:
    """Sizes between the heads of rows and of columns: each is a row of its own.

    Unless the heads of rows are what the field or another one may be: then the sizes are remarks.
    """
    rows: list[list[str]] = []
    end = at
    for line in lines[at : at + MOST_LINES]:
        if "\t" not in barred(line) and (line.strip() or not rows):
            break
        rows += [[normal(cell) for cell in barred(line).split("\t")]] if line.strip() else []
        end += 1
    inner = [cell for row in rows[1:] for cell in row[1:]]
    sizes = [cell for cell in inner if _SIZE.fullmatch(cell)]
    none = (NO, NOT_HAD)
    empty = all(any(e.fullmatch(cell) for e in (_SIZE, *none)) for cell in inner)
    if len(sizes) < 2 or not empty or len(rows[0]) < 3 or len({*sizes}) < len(sizes):
        return None
    table = Table()
    around = "\n".join([*lines[:at], *lines[end:]])  # where one of them may be the default
    told = not any(starts(cell) or cell in around for cell in sizes)
    if told and any(starts(row[0]) == row[0] != "" for row in rows[1:]):
        for row in rows[1:]:
            pairs = zip(rows[0][1:], row[1:], strict=False)
            lacks = [head for head, cell in pairs if not _SIZE.fullmatch(cell)]
            chinese = any(re.search(f"[{CJK}]", cell) for line in rows for cell in line)
            said = "不支持" if chinese else "not supported with "
            table.rows.append((row[0], "; ".join(f"{said}{head}" for head in lacks)))
        return table, end
    table = Table(sized=True)
    for row in rows[1:]:
        for head, cell in zip(rows[0][1:], row[1:], strict=False):
            if _SIZE.fullmatch(cell):
                table.rows.append((cell, f"{row[0]}, {head}"))
    return table, end


def _tabbed(lines: list[str], at: int, starts: Callable[[str], str]) -> Taken:
    """Rows whose cells stand between tabs."""
    rows, end = rows_at(lines, at)
    if len(rows) < 3:
        return None
    cases = _CASES.fullmatch(rows[0][0]) is not None
    valued = not starts(rows[0][0]) and all(starts(row[0]) == row[0] != "" for row in rows[1:])
    if not (cases or _FIRST.fullmatch(rows[0][0]) or valued):
        return None
    table = _table(rows[0], rows[1:], starts)
    table.cases = cases and not any(starts(row[0]) for row in rows[1:])
    return table, end


def _head_of(line: str) -> list[str]:
    """The cells of a line that may be the head of a table."""
    return [normal(cell) for cell in barred(line).split("\t")]


def _stated(lines: list[str], at: int, _: Callable[[str], str]) -> Taken:
    """Rows that are rules, told by their head before all of them are taken apart."""
    readers = readers_of(_head_of(lines[at]))
    rows, end = rows_at(lines, at) if readers else ([], at)
    said = next(filter(None, (read(rows) for read in readers)), [])
    return (Table(said=said), end) if said else None


_ASPECT = re.compile(
    r"(?:the )?(?:parameters?|fields?|features?|capabilit(?:y|ies)|aspects?|settings?|limits?)?"
    r"|(?:模型)?(?:参数|字段|能力|功能|特性|项目?|对比项?|差异|区别|限制|支持情况)(?:名称?)?",
    re.IGNORECASE,
)
_OF_A_MODEL = re.compile(
    rf"[{CJK}]{{1,6}}(?:版本?|模型|档)|[\w .-]{{2,30}}(?: (?:model|version|edition|tier|variant))",
    re.IGNORECASE,
)


def _of_models(lines: list[str], at: int, starts: Callable[[str], str]) -> Taken:
    """Models above the columns; each row begins with what its cells say of them."""
    head = _head_of(lines[at])
    if len(head) < 3 or not _ASPECT.fullmatch(head[0]):
        return None
    rows, end = rows_at(lines, at)
    rows = rows[1:]
    ids = [each for each in head[1:] if MODEL_ID.fullmatch(each)]
    called = all(each in ids or _OF_A_MODEL.fullmatch(each) for each in head[1:])
    known = not ids or any(starts(each) == each for each in ids)
    if not (called and known) or not rows or any(len(row) != len(head) for row in rows):
        return None
    said = [
        f"{model}: {words}"
        for row in rows
        for model, cell in zip(head[1:], row[1:], strict=True)
        if (words := said_of_model(row[0], cell))
    ]
    return Table(said=said), end


def _upright(lines: list[str], at: int, starts: Callable[[str], str]) -> Taken:
    """Cells that stand on lines of their own, rows between blank lines."""
    if not lines[at] or len(lines[at]) > _MOST_HEAD or not _FIRST.fullmatch(normal(lines[at])):
        return None
    groups = list(_groups(lines[at : at + MOST_LINES], at))
    if len(groups) < 3:
        return None
    width = len(groups[0][1])
    rows = []
    for end, cells in groups[1:]:
        first = normal(cells[0])
        if len(cells) != width or not starts(first) or starts(first) != first:
            break
        rows.append((end, [normal(cell) for cell in cells]))
    if width < 2 or len(rows) < 2:
        return None
    heads = [normal(cell) for cell in groups[0][1]]
    return _table(heads, [row for _, row in rows], starts), rows[-1][0]


def _groups(lines: list[str], first: int) -> Iterator[tuple[int, list[str]]]:
    """Runs of lines between blank ones, each with the place where it ends."""
    at = 0
    while at < len(lines) and lines[at]:
        start = at
        while at < len(lines) and lines[at]:
            at += 1
        yield first + at, lines[start:at]
        at += 1


def _run_together(lines: list[str], at: int, starts: Callable[[str], str]) -> Taken:
    """Rows whose cells have nothing between them, below a heading of the same kind."""
    if len(lines[at]) > _MOST_HEAD:
        return None
    head = normal(lines[at])
    first = _FIRST.match(head)
    if first is None or not _HEADING.fullmatch(head) or len(head) <= first.end():
        return None
    glued = head[first.end()].isupper() or re.match(f"[{CJK}]", head[first.end()])
    if not glued or starts(head):
        return None
    rows, end = [], at + 1
    while end < len(lines):
        line = normal(lines[end])
        value = starts(line)
        if line and not value:
            break
        if line:
            rows.append([value, line[len(value) :].strip()])
        end += 1
    if len(rows) < 2:
        return None
    return _table([head[: first.end()], head[first.end() :]], rows, starts, glued=True), end


def _table(
    heads: list[str], rows: list[list[str]], starts: Callable[[str], str], *, glued: bool = False
) -> Table:
    table = Table()
    heads = [heads[0], *(asked_for(head) for head in heads[1:])]
    values = [row[0] for row in rows] + heads[1:]
    inner = [cell for row in rows for cell in row[1:]]
    timed = all(YES.fullmatch(cell) or NOT_HAD.fullmatch(cell) for cell in inner) and not glued
    seconds = timed and _SECONDS.fullmatch(heads[0]) and all(row[0].isdigit() for row in rows)
    models = MODEL_HEAD.fullmatch(heads[0]) and all(MODEL_ID.fullmatch(row[0]) for row in rows)
    values = heads[1:] if seconds or models else values
    shaped = timed and _TIMED, not glued and _RESOLUTION
    if len(heads) > 2 and all(
        value and (starts(value) == value or any(e and e.fullmatch(value) for e in shaped))
        for value in values
    ):
        table.grid = [
            (row[0], head, cell)
            for row in rows
            for head, cell in zip(heads[1:], row[1:], strict=False)
        ]
        return table
    columns = [[row[at] for row in rows if len(row) > at] for at in range(len(heads))]
    had = [yes_or_no(head, column) for head, column in zip(heads, columns, strict=True)]
    marked = set() if glued else _marked(heads, rows, starts)
    if marked == {*range(1, len(heads))} and all(starts(head) == head for head in heads[1:]):
        turned = ((head, row, at) for row in rows for at, head in enumerate(heads) if at)
        table.marks = [(head, row[0], _is_yes(row, at)) for head, row, at in turned]
        return table
    for row in rows:
        table.marks += [(row[0], heads[at], _is_yes(row, at)) for at in sorted(marked)]
        cells = [
            said_in(heads[at], cell, glued=glued, had=had[at])
            for at, cell in enumerate(row[1 : len(heads)], 1)
            if had[at] or at not in marked
        ]
        value, beside = without_note(row[0])
        table.rows.append((value, "; ".join(cell for cell in (beside, *cells) if cell)))
    return table


def _marked(heads: list[str], rows: list[list[str]], starts: Callable[[str], str]) -> set[int]:
    """The columns that say yes or no beside each value, below words of their own."""
    return {
        at
        for at in range(1, len(heads))
        if all(len(row) > at for row in rows)
        and not FIELD_HEAD.fullmatch(heads[at])
        and (starts(heads[at]) != heads[at] or not starts(rows[0][0]))
        and any(YES.fullmatch(row[at]) for row in rows)
        and all(YES.fullmatch(row[at]) or NOT_HAD.fullmatch(row[at]) for row in rows)
    }


def _is_yes(row: list[str], at: int) -> bool:
    return YES.fullmatch(row[at]) is not None


_SECONDS = re.compile(
    r"(?:duration|seconds|length|时长|秒数?)(?: ?\((?:s|seconds|秒)\))?", re.IGNORECASE
)
# Options of a field that says so in its prose alone.
_RESOLUTION = re.compile(r"\d{3,4}p|[248]k", re.IGNORECASE)
_TIMED = re.compile(r"\d{1,3} ?(?:s|secs?|seconds?|秒)", re.IGNORECASE)
