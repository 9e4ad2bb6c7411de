"""Tables whose rows are rules between fields, each read as sentences that say them.

In these `{own}` stands for the field below which the table is.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from documentation.reading.layouts.tabular.cells import said_in, said_of_field

Rows = list[list[str]]
# A table's head that is the field's own name is written so.
_OWN = "value"
_COUNT_HEAD = re.compile(
    r"(?:number of |how many )?(?:pictures|images|photos|stills|videos|clips)"
    r"|(?:图片|视频)(?:数量?|张数|个数)?|张数|数量",
    re.IGNORECASE,
)
_NONE = re.compile(r"(?:none|no|0|无|不传|没有)(?: ?\([^()]*\))?(?: ?[张个段])?", re.IGNORECASE)
_SOME = re.compile(r"\d{1,2}(?: ?(?:-|–|~|to|至|到) ?\d{1,2})?(?: ?[张个段])?")
_OF_A_FIELD = re.compile(r"[a-z]+(?:_[a-z]+)+ (?:is|must|may|can)\b|(?:requires|no) [a-z]+_[a-z]+")
_OR_OMITTED = re.compile(r" ?(?:or |/ ?|\()(?:omitted|left out|absent|not sent|unset|default)\)?$")
# Whether the second field is there, and what that means.
_THERE = re.compile(
    r"(?P<no>not |un)?(?:given|sent|set|present|provided)(?:[:,;] .*)?", re.IGNORECASE
)
_NAME = re.compile(r"[a-z]\w*", re.ASCII)


def readers_of(head: list[str]) -> list[Callable[[Rows], list[str]]]:
    """What may read the rows below the cells of a head; each gives nothing where it can't."""
    named = len(head) > 2 and all(map(_NAME.fullmatch, head))
    counted = _COUNT_HEAD.fullmatch(head[0])
    return [*([_by_count] if counted else []), *([_of_two] if named else [])]


def _by_count(rows: Rows) -> list[str]:
    """Counts of a list's items in the first column: what holds without any, and with some.

    What is said of some counts only stays as it is written.
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


def _of_two(rows: Rows) -> list[str]:
    """Values of two fields in the first columns, of which one stands in several rows.

    Of the second may be said whether it is there. Below the names of other fields stands whether
    these are needed or left out.
    """
    head, *rest = rows or [[""]]
    rest = [[_OR_OMITTED.sub("", cell) for cell in row] for row in rest]
    firsts = [row[0] for row in rest]
    if len({*firsts}) == len(firsts) or any(len(row) != len(head) for row in rest):
        return []
    if any(not said_of_field(cell) for row in rest for cell in row[2:]):
        return []
    values = [row[1] for row in rest if not said_of_field(row[1])]
    plain = [value for value in values if not _THERE.fullmatch(value)]
    if len(values) < 2 or any(re.search(r"[\s,;]", value) for value in plain):
        return []
    said = []
    own = "{own}" if head[0] == _OWN else head[0]
    for first, second, *others in rest:
        barred = said_of_field(second)
        whom = f"with {own} set to {first}"
        said += [f"{whom}, {head[1]} {barred}"] if barred else []
        there = _THERE.fullmatch(second)
        beside = f"and {'without' if there['no'] else 'with'} {head[1]}" if there else ""
        whom += "" if barred else f" {beside or f'and {head[1]} set to {second}'}"
        said += [f"{whom}, {n} {said_of_field(c)}" for n, c in zip(head[2:], others, strict=True)]
    return said
