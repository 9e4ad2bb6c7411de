"""Tables that cross the values of one field with other fields, as sentences of each cell.

Above the columns stand values, and fields before the rows, or the other way round. A cell says by a
word or a mark whether that field is needed, may be there or is barred, and how many items it has.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from documentation.reading.layouts.draft import Draft
from documentation.reading.layouts.field_tables import bare
from documentation.reading.layouts.text import normal

_NEEDED = (
    r"required|must be (?:sent|given)|has to be (?:sent|given)|mandatory|needed"
    r"|必[填传选需须]|必须"
)
_BARRED = (
    r"not (?:allowed|accepted|supported|available|permitted)|must not be (?:sent|given)"
    r"|forbidden|barred|no|none|never"
    r"|(?:不可|不能|禁止|不得|不)(?:填写?|传入?|使用|提供|设置|允许|支持)?|禁用|无"
)
_ALLOWED = (
    r"optional|allowed|supported|can be (?:sent|given)|may be (?:sent|given)"
    r"|yes|any|free|all|[可选]+填?|选填|允许|支持|任意|不限|可以(?:填写?|传入?|提供)?"
)
_KINDS = (("needed", _NEEDED), ("barred", _BARRED), ("allowed", _ALLOWED))
_MARK = r"[●○◎×✗✘✓✔✅❌√–—-]|\b[RO]\b"
_LEGEND = re.compile(
    rf"(?P<mark>{_MARK}) ?(?:=|:|is|means|表示|为)? ?(?P<words>[^,;。●○◎×✗✘✓✔✅❌√]+)"
)
# What marks mean on a page that doesn't say it.
_MEANT = {
    "●": "needed",
    "✗": "barred",
    "✘": "barred",
    "×": "barred",
    "❌": "barred",
    "○": "allowed",
    **dict.fromkeys("✓✔✅√", "allowed"),
}
_NOTE = re.compile(r" ?(?:\([a-z\d*]{1,2}\)|[①②③④⑤¹²³⁴]|\*{1,3})(?=$|[ ,;])")
_COUNT = re.compile(
    r"(?:exactly |just |only )?(?P<most>up to |at most |max\.? |最多 ?|至多 ?|≤ ?)?"
    r"(?P<n>\d{1,3})(?: ?(?:-|–|~|to|or|至|到|或) ?(?P<m>\d{1,3}))?"
    r" ?(?:items?|entries|inputs?|images?|pictures?|个|项|张)?"
)
_LEAST = re.compile(
    r"\b(?:lowest|min(?:imum)?|shortest|fewest)\b|最小|最短|最少|下限", re.IGNORECASE
)
_MOST = re.compile(r"\b(?:highest|max(?:imum)?|longest|most)\b|最大|最长|最多|上限", re.IGNORECASE)
_NONE = re.compile(r"-|–|—|n/a|无|不支持|not (?:supported|available)", re.IGNORECASE)
_NUMBER = re.compile(r"\d{1,6}(?:\.\d+)?")
_VALUE = re.compile(
    r"[\"']?([A-Za-z0-9][\w.:-]*)[\"']?(?: ?\((?:default|默认)\)| [^\s\d][^\d]{0,20}$)?"
)


def legend_of(lines: Iterable[str]) -> dict[str, str]:
    """What the marks of a page mean: `needed`, `barred` or `allowed`."""
    found = dict(_MEANT)
    for line in lines:
        for mark, words in _LEGEND.findall(normal(line)) if re.search(_MARK, line) else ():
            for kind, expression in _KINDS:
                if re.fullmatch(rf"(?:{expression})\)?", words.strip(), re.IGNORECASE):
                    found[mark] = kind
    return found


def sentences_of_matrix(
    table: list[list[str]], asked: dict[str, Draft], legend: dict[str, str]
) -> tuple[Draft | None, list[str]]:
    """The field whose values are crossed, and what each cell says, as sentences.

    No field where not all of the table is understood.

    Args:
        table: The cells of each row, the first of which is the head.
        asked: The fields of requests by their names.
        legend: What marks mean.
    """
    rows = [[normal(bare(cell)).strip() for cell in row] for row in table]
    if len(rows) < 3 or len(rows[0]) < 3 or any(len(row) != len(rows[0]) for row in rows):
        return None, []
    for turned in (False, True):
        grid = [list(row) for row in zip(*rows, strict=True)] if turned else rows
        selector, values = _values_above(grid[0], asked)
        if not selector or len({*values}) < len(values):
            continue
        fields = [_field(row[0], asked, selector) for row in grid[1:]]
        if not all(fields) or len({*fields}) < 2:
            continue
        said = []
        for label, name, row in zip((r[0] for r in grid[1:]), fields, grid[1:], strict=True):
            if name == selector:
                continue
            for value, cell in zip(values, row[1:], strict=True):
                rule = _rule(label, cell, asked[name], legend)
                if rule is None:
                    break
                said += [f"With {selector} {value}, {name} {each}" for each in rule]
            else:
                continue
            break
        else:
            return asked[selector], said
    return None, []


def without_rows(lines: list[str], rows: list[str], *, own: bool = False) -> list[str]:
    """Lines of prose without those of a table and its head; of its own values these are left."""
    for at in range(1, len(lines) - len(rows) + 1):
        if lines[at : at + len(rows)] == rows:
            values = [f"• {row.partition(chr(9))[0]}" for row in rows] if own else []
            return [*lines[: at - 1], *values, *lines[at + len(rows) :]]
    return lines


def _values_above(head: list[str], asked: dict[str, Draft]) -> tuple[str, list[str]]:
    """The field whose values stand in a head, and these; no field where none is known."""
    found = [_VALUE.fullmatch(cell) for cell in head[1:]]
    values = [each[1] for each in found if each]
    if len(values) < len(head) - 1 or len(values) < 2:
        return "", []
    named = asked.get(head[0].lower())
    fields = [named] if named else list(asked.values())
    having = [d for d in fields if d.type == "string" and all(_has(d, value) for value in values)]
    return (having[0].name, values) if len(having) == 1 else ("", [])


def _has(draft: Draft, value: str) -> bool:
    """Whether a field names a value as one of its own."""
    text = normal(bare(" ".join(draft.prose)))
    own = re.search(rf"(?<![\w.:-]){re.escape(value)}(?![\w:-]|\.\d)", text, re.ASCII)
    return value in map(str, draft.options()) or own is not None


def _field(label: str, asked: dict[str, Draft], selector: str) -> str:
    """The one field that a row is about; empty where it names none, or several."""
    if label in asked:
        return label
    named = [n for n in asked if re.search(rf"(?<![\w.]){re.escape(n)}(?![\w.])", label, re.ASCII)]
    named = [n for n in named if n != selector]
    return named[0] if len(named) == 1 and len(label) < 40 else ""


def _rule(label: str, cell: str, draft: Draft, legend: dict[str, str]) -> list[str] | None:
    """What a cell says of a field; None where it is not understood."""
    bound = "at least" if _LEAST.search(label) else "at most" if _MOST.search(label) else ""
    if bound and (_NUMBER.fullmatch(cell) or _NONE.fullmatch(cell)):
        return [f"is {bound} {cell}"] if _NUMBER.fullmatch(cell) else []
    bare_cell = _NOTE.sub("", cell)
    counted = [found for found in _COUNT.finditer(bare_cell) if draft.type == "array"]
    count = counted[0] if len(counted) == 1 else None
    words = bare_cell.replace(count[0], "") if count else bare_cell
    words = words.strip(" ,;()").strip()
    if count and not words and "?" not in cell:
        return _items(count)
    if listed := _listed(bare_cell, draft):
        return listed
    kinds = {_kind(part, legend) for part in re.split(r" ?[,;] ?", words)}
    kind = kinds.pop() if len(kinds) == 1 else ""
    if kind == "barred":
        return ["must not be sent"]
    if not kind:
        return None
    if kind == "allowed" and count:
        return [f"has at most {count['m'] or count['n']} items"]
    return [*(["is required"] if kind == "needed" else []), *(_items(count) if count else [])]


def _items(count: re.Match[str]) -> list[str]:
    if count["most"]:
        return [f"has at most {count['n']} items"]
    least, most = count["n"], count["m"] or count["n"]
    return [f"has {least} to {most} items" if least != most else f"has exactly {least} items"]


def _kind(words: str, legend: dict[str, str]) -> str:
    """What a mark or a word says of a field; empty where that is not known."""
    told = (kind for kind, said in _KINDS if re.fullmatch(said, words, re.IGNORECASE))
    return legend.get(words) or next(told, "")


def _listed(cell: str, draft: Draft) -> list[str]:
    """The options or the range that a cell lists."""
    values = _OPTIONS.split(_UNIT.sub("", cell))
    if draft.type == "integer" and all(map(str.isdigit, values)):
        return [f"must be {' or '.join(values)}"]
    if draft.type == "string" and len(values) <= 20 and all(_has(draft, v) for v in values):
        return [f"must be {' or '.join(values)}"]
    found = _RANGE.fullmatch(cell) if draft.type in ("integer", "number") else None
    return [f"must be {found[1]} to {found[2]}"] if found else []


_OPTIONS = re.compile(r" ?(?:,|、|/|\bor\b|或) ?")
_UNIT = re.compile(r"(?<=\d) ?(?:s|seconds?|秒)(?= ?(?:$|,|、|/|or\b|或))")
_RANGE = re.compile(
    r"(\d{1,6}) ?(?:-|–|~|to|至|到) ?(\d{1,6})(?: ?(?:s|seconds|秒))?(?: ?\([^()]*\))?"
)
