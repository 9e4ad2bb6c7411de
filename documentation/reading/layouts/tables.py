"""Finds the tables of a field's prose: cells between tabs, on lines of their own, or run together.

A row begins with a value of the field, of another field, or with a model id; what stands in its
other cells becomes one line of prose, in which a bare number counts what the heading says.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from documentation.reading.layouts.text import CJK, normal

_FIRST = re.compile(
    r"(?:the )?(?:value|option|model|mode|(?:aspect )?ratio|name|quality|resolution|size"
    r"|duration|seconds|length|type|parameter|setting|style|effect|format"
    r"|秒数?|档位|规格|参数值|可选值|取值|选项|值|模型名称|模型|模式|比例|分辨率"
    r"|画质|清晰度|时长|类型|名称|尺寸)(?-i:s)?(?-i: (?:name|id|value))?",
    re.IGNORECASE,
)
_CASES = re.compile(
    r"(?:the )?(?:inputs?|cases?|tasks?|scenarios?|requests?|situations?|conditions?|when|with)"
    r"|输入|场景|任务|情况|条件|请求(?:类型)?",
    re.IGNORECASE,
)
_HEADING = re.compile(r"[^.。;:!?\d]{4,120}")
_COUNT = r"(?:\d{1,2}(?: ?(?:[-–~至到]|to|or|或) ?\d{1,2})?)"
_CELL_COUNT = re.compile(rf"(?:(?:exactly|up to|at least|最多|至少|仅|必须|可选) ?)?{_COUNT}")
_GLUED_COUNT = re.compile(
    rf"(?P<text>.*?[^\d .:–~-])(?P<count>(?:(?:exactly|up to|at least"
    rf"|at most|最多|至少|仅|恰好|至多) ?)?{_COUNT}) ?(?P<unit>张"
    rf"|个|段|images?|pictures?|videos?)?",
    re.IGNORECASE,
)
_GLUED_TIME = re.compile(
    r"(?P<time>\d+(?: ?(?:、|,|/|or|或) ?\d+)* ?(?:秒|s|seconds))(?P<rest>(?![a-z]).*)"
)
_GLUED_ONLY = re.compile(r"(?<=[a-z0-9一-鿿)])(?=仅|全部|不支持|Only |Not |All |Both )")
_COUNTED_CELL = re.compile(
    r"(?:(?:up to|at least|at most|exactly|no more than|or|and|to|max"
    r"|最多|至少|至多|恰好|仅|或|到|至|~|-|–|,|\d{1,2}) ?)+",
    re.IGNORECASE,
)
_INPUTS = re.compile(
    r"(?:required |needed )?(?:inputs?|needs|requires?|required|fields?|parameters?)"
    r"(?: needed| required)?|(?:必填|必传|所需|需要)(?:的)?(?:参数|字段|输入)?|输入(?:参数|字段)?",
    re.IGNORECASE,
)
_OF_MODELS = re.compile(
    r"(?:supported |available )?(?:models?|versions?|variants?)"
    r"|(?:支持|适用|可用)?的?(?:模型|版本)",
    re.IGNORECASE,
)
_FIELDS_CELL = re.compile(
    r"[a-z]\w*(?:(?: ?[,、+/] ?| and | or |和|或)[a-z]\w*){0,5}", re.IGNORECASE | re.ASCII
)
_REMARK = re.compile(
    r" ?\((?:both|all(?: of them)?|each|in this order|两者|都要|均需)\)$", re.IGNORECASE
)
_NO = re.compile(
    r"(?:none|no|0|not (?:needed|allowed|used)|-|—|–|/|x|✗|×|无|不需要?|不支持|不传)", re.IGNORECASE
)
_MEDIA = (
    (re.compile(r"image|picture|photo|still|图", re.IGNORECASE), "images", "张图片"),
    (re.compile(r"video|视频", re.IGNORECASE), "videos", "段视频"),
    (re.compile(r"audio|音频", re.IGNORECASE), "audio files", "段音频"),
)
_LONGEST = re.compile(r"longest|max|up to|limit|最长|最大|最多|上限", re.IGNORECASE)
_MEASURED = re.compile(
    r"second|duration|length|clip|resolution|quality|ratio|时长|秒|分辨率|清晰度|比例|画质", re.I
)


_MOST_HEAD, _MOST_LINES = 120, 400


@dataclass(slots=True)
class Table:
    """The rows of a table, each with its first cell and a line made of the others.

    The rows of cases say in their first cells of which requests they speak. A grid has values
    above its columns, too: its cells stand apart, each with both. Marks say beside each value, by
    the heads of columns, what goes with it and what does not. A sized one has sizes in
    pixels. Of models above its columns, each cell is said as a sentence.
    """

    rows: list[tuple[str, str]] = field(default_factory=list)
    cases: bool = False
    sized: bool = False
    grid: list[tuple[str, str, str]] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    marks: list[tuple[str, str, bool]] = field(default_factory=list)


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
        rows, end = _rows_at(lines, at)
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


def _rows_at(lines: list[str], at: int) -> tuple[list[list[str]], int]:
    """The rows of the table that begins at a line, and where it ends; none where none does."""
    rows: list[list[str]] = []
    end = at
    below = [barred(line) for line in lines[at : at + _MOST_LINES]]
    while end - at < len(below) and (
        "\t" in below[end - at] or (rows and not below[end - at] and _tabs_after(below, end - at))
    ):
        if below[end - at]:
            rows.append([normal(cell) for cell in below[end - at].split("\t")])
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
        for find in (_grid, _of_models, _tabbed, _upright, _run_together):
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
    for line in lines[at : at + _MOST_LINES]:
        if "\t" not in barred(line) and (line.strip() or not rows):
            break
        rows += [[normal(cell) for cell in barred(line).split("\t")]] if line.strip() else []
        end += 1
    inner = [cell for row in rows[1:] for cell in row[1:]]
    sizes = [cell for cell in inner if _SIZE.fullmatch(cell)]
    none = (_NO, _NOT_HAD)
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
    head = barred(lines[at]).split("\t", 1)
    cases = _CASES.fullmatch(normal(head[0])) is not None
    if len(head) < 2 or "\t" not in barred(lines[at]):
        return None
    rows: list[list[str]] = []
    below = [barred(line) for line in lines[at : at + _MOST_LINES]]
    end = 0
    while end < len(below) and ("\t" in below[end] or (not below[end] and _tabs_after(below, end))):
        if below[end]:
            rows.append([normal(cell) for cell in below[end].split("\t")])
        end += 1
    if len(rows) < 3 or len(rows[0]) < 2:
        return None
    valued = not starts(rows[0][0]) and all(starts(row[0]) == row[0] != "" for row in rows[1:])
    if not (cases or _FIRST.fullmatch(rows[0][0]) or valued):
        return None
    table = _table(rows[0], rows[1:], starts)
    table.cases = cases and not any(starts(row[0]) for row in rows[1:])
    return table, at + end


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
    """Models above the columns and before each row what the cells say of them."""
    head = [normal(cell) for cell in barred(lines[at]).split("\t")]
    if len(head) < 3 or not _ASPECT.fullmatch(head[0]):
        return None
    models = all(
        _OF_A_MODEL.fullmatch(each) or (_MODEL_ID.fullmatch(each) and starts(each) == each)
        for each in head[1:]
    )
    rows: list[list[str]] = []
    end = at + 1
    while end < min(len(lines), at + _MOST_LINES):
        line = barred(lines[end])
        if "\t" not in line and (line.strip() or not _tabs_after(lines, end)):
            break
        if line.strip():
            rows.append([normal(cell) for cell in line.split("\t")])
        end += 1
    if not models or not rows or any(len(row) != len(head) for row in rows):
        return None
    said = [
        f"{model}: {words}"
        for row in rows
        for model, cell in zip(head[1:], row[1:], strict=True)
        if (words := _said_of(row[0], cell))
    ]
    return Table(said=said), end


def _said_of(what: str, cell: str) -> str:
    """What a cell says of a model: whether it has something, or what that is."""
    chinese = re.search(f"[{CJK}]", what + cell) is not None
    if _YES.fullmatch(cell) or not cell or _PRICE.fullmatch(what):
        return ""
    if _NOT_HAD.fullmatch(cell):
        return f"不支持{what}" if chinese else f"does not support {_uncapped(what)}"
    if re.match(r"\d", cell) and not chinese:
        return f"{_uncapped(what)} is {cell}"
    return f"{what}为{cell}" if re.match(r"\d", cell) else f"{_uncapped(what)} {cell}"


def barred(line: str) -> str:
    """A line whose cells stand between bars as one whose cells stand between tabs."""
    if "\t" in line or len(line) > 1000 or not _BAR.search(line):
        return line
    cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
    return "" if all(re.fullmatch(r":?-+:?", cell) for cell in cells) else "\t".join(cells)


_BAR = re.compile(r"\S ?\| ?\S|^\|")


def _tabs_after(lines: list[str], at: int) -> bool:
    return at + 1 < len(lines) and "\t" in lines[at + 1]


def _upright(lines: list[str], at: int, starts: Callable[[str], str]) -> Taken:
    """Cells that stand on lines of their own, rows between blank lines."""
    if not lines[at] or len(lines[at]) > _MOST_HEAD or not _FIRST.fullmatch(normal(lines[at])):
        return None
    groups = list(_groups(lines[at : at + _MOST_LINES], at))
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
    values = [row[0] for row in rows] + heads[1:]
    inner = [cell for row in rows for cell in row[1:]]
    timed = all(_YES.fullmatch(cell) or _NOT_HAD.fullmatch(cell) for cell in inner) and not glued
    seconds = timed and _SECONDS.fullmatch(heads[0]) and all(row[0].isdigit() for row in rows)
    values = heads[1:] if seconds else values
    if len(heads) > 2 and all(
        value and (starts(value) == value or (timed and _TIMED.fullmatch(value)))
        for value in values
    ):
        table.grid = [
            (row[0], head, cell)
            for row in rows
            for head, cell in zip(heads[1:], row[1:], strict=False)
        ]
        return table
    columns = [[row[at] for row in rows if len(row) > at] for at in range(len(heads))]
    had = [_yes_or_no(head, column) for head, column in zip(heads, columns, strict=True)]
    marked = set() if glued else _marked(heads, rows, starts)
    if marked == {*range(1, len(heads))} and all(starts(head) == head for head in heads[1:]):
        turned = ((head, row, at) for row in rows for at, head in enumerate(heads) if at)
        table.marks = [(head, row[0], _is_yes(row, at)) for head, row, at in turned]
        return table
    for row in rows:
        table.marks += [(row[0], heads[at], _is_yes(row, at)) for at in sorted(marked)]
        cells = [
            _cell(heads[at], cell, glued=glued, had=had[at])
            for at, cell in enumerate(row[1 : len(heads)], 1)
            if had[at] or at not in marked
        ]
        value, beside = _without_note(row[0])
        table.rows.append((value, "; ".join(cell for cell in (beside, *cells) if cell)))
    return table


def _uncapped(head: str) -> str:
    return head if head[1:2].isupper() else f"{head[:1].lower()}{head[1:]}"


def _marked(heads: list[str], rows: list[list[str]], starts: Callable[[str], str]) -> set[int]:
    """The columns that say yes or no beside each value, below words of their own."""
    return {
        at
        for at in range(1, len(heads))
        if all(len(row) > at for row in rows)
        and not _FIELD_HEAD.fullmatch(heads[at])
        and (starts(heads[at]) != heads[at] or not starts(rows[0][0]))
        and any(_YES.fullmatch(row[at]) for row in rows)
        and all(_YES.fullmatch(row[at]) or _NOT_HAD.fullmatch(row[at]) for row in rows)
    }


def _is_yes(row: list[str], at: int) -> bool:
    return _YES.fullmatch(row[at]) is not None


_SECONDS = re.compile(
    r"(?:duration|seconds|length|时长|秒数?)(?: ?\((?:s|seconds|秒)\))?", re.IGNORECASE
)
_TIMED = re.compile(r"\d{1,3} ?(?:s|secs?|seconds?|秒)", re.IGNORECASE)
_MODEL_ID = re.compile(r"[a-z][a-z0-9]*(?:[.-][a-z0-9]+)+", re.ASCII)
_YES = re.compile(r"yes|y|supported|✓|✔|✅|√|○|●|是|支持|有|可用", re.IGNORECASE)
_NOT_HAD = re.compile(
    r"no|n|not supported|unsupported|✗|×|❌|x|-|—|–|否|不支持|无|不可用", re.IGNORECASE
)


def _without_note(cell: str) -> tuple[str, str]:
    """A value without the words that stand in brackets after it, and these."""
    found = re.fullmatch(r"(\S+) ?(\([^()]{1,40}\))", cell)
    return (found[1], found[2]) if found else (cell, "")


_FIELD_HEAD = re.compile(r"[a-z]+(?:_[a-z]+)+", re.ASCII)
_BESIDE_A_COUNT = re.compile(r"(?<=\d) ?\([^()\d]{1,60}\)")
_FEW = re.compile(
    r"(?:(?P<needed>required|mandatory|needed)[,:;]? )?(?:(?:exactly|always|just|恰好|必须) ?)?"
    r"(?P<least>\d{1,2})(?: ?(?:[-–~至到]|to|or|或) ?(?P<most>\d{1,2}))?(?: ?[张个段])?"
    r"(?:,? (?:required|mandatory|needed))?",
    re.IGNORECASE,
)
_UP_TO = re.compile(
    r"(?P<needed>(?:required|mandatory|needed)[,:;]? )?(?:optional[,:;]? )?"
    r"(?:up to|at most|no more than|max(?:imum)?(?: of)?:?|最多|至多|不超过|0 ?(?:[-–~至到]|to)) ?"
    r"(?P<most>\d{1,2})(?: ?[张个段])?(?P<too>,? (?:required|mandatory|needed))?",
    re.IGNORECASE,
)


def _of_field(head: str, cell: str) -> str:
    """What a cell says below the name of a field: how many it takes, or whether it is needed."""
    bare = " ".join(_BESIDE_A_COUNT.sub(" ", cell).split())
    if most := _UP_TO.fullmatch(bare):
        return f"{head} ({1 if most['needed'] or most['too'] else 0}-{most['most']})"
    if few := _FEW.fullmatch(bare):
        least = few["least"]
        return f"{head} ({least}-{few['most'] or least})" if least != "0" else f"no {head}"
    if _NO.fullmatch(cell):
        return f"no {head}"
    if re.fullmatch(r"(?:is |always )?(?:required|mandatory|needed)", cell, re.IGNORECASE):
        return f"requires {head}"
    if re.fullmatch(r"[a-z ]*(?:required|optional|omitted|left out|mandatory)", cell, re.I):
        return f"{head} {cell}" if "omitted" in cell or "left" in cell else f"{cell} {head}"
    if _LEFT_OUT.fullmatch(cell):
        return f"{head} must be left out"
    return ""


_DEFAULTS = re.compile(r"defaults?(?: values?)?|默认值?", re.IGNORECASE)
_LEFT_OUT = re.compile(
    r"(?:is |it is )?(?:not (?:allowed|accepted|supported|permitted|possible)|forbidden|refused"
    r"|rejected|prohibited|unsupported|unavailable"
    r"|(?:must|may|can) ?not be (?:sent|set|given|used|present|provided|passed)"
    r"|must be (?:absent|empty|left out|omitted)|不支持|不可传入?|不能传入?|禁止传?入?|请勿传入?)",
    re.IGNORECASE,
)


_PRICE = re.compile(
    r"(?:.* )?(?:price|cost|credits?|fee|billing|rate|points)s?(?: .*)?(?:\(.*\))?"
    r"|[^,;]{0,8}(?:价格|单价|费用|积分|计费|消耗|扣费)[^,;]{0,12}",
    re.IGNORECASE,
)
_FEATURE = re.compile(rf"[A-Za-z][A-Za-z -]{{3,40}}|[{CJK}]{{2,12}}|[a-z]+(?:_[a-z]+)+")


def _yes_or_no(head: str, column: list[str]) -> bool:
    """Whether all that a column says of what its heading names is who has it and who has not."""
    told = all(_YES.fullmatch(cell) or _NOT_HAD.fullmatch(cell) for cell in column)
    return told and _FEATURE.fullmatch(head) is not None and not _INPUTS.fullmatch(head)


def _cell(head: str, cell: str, *, glued: bool, had: bool = False) -> str:
    """What a cell says, in words: a bare number counts what stands in the heading.

    `had` says that the column tells who has what its heading names, and who has it not.
    """
    chinese = re.search(f"[{CJK}]", head + cell) is not None
    if not glued and (_PRICE.fullmatch(head) or _DEFAULTS.fullmatch(head)):
        return ""
    if had and not glued and not _MODEL_ID.fullmatch(head):
        lacks = f"不支持{head}" if chinese else f"does not support {_uncapped(head)}"
        return "" if _YES.fullmatch(cell) else lacks
    if (
        not glued
        and _MODEL_ID.fullmatch(head)
        and (_YES.fullmatch(cell) or _NOT_HAD.fullmatch(cell))
    ):
        return "" if _YES.fullmatch(cell) else f"not available for {head}"
    if not glued and _FIELD_HEAD.fullmatch(head) and (said := _of_field(head, cell)):
        return said
    media = [(en, zh) for nouns, en, zh in _MEDIA if nouns.search(head)]
    noun = (media[0][1] if chinese else f" {media[0][0]}") if len(media) == 1 else ""
    if glued:
        found = _GLUED_COUNT.fullmatch(cell) if noun else None
        cell = f"{found['text']}; {found['count']}{noun}" if found else cell
        timed = _GLUED_TIME.fullmatch(cell) if _MEASURED.search(head) else None
        cell = f"only {timed['time']}; {timed['rest']}" if timed else cell
        return _GLUED_ONLY.sub("; ", cell)
    if noun and _CELL_COUNT.fullmatch(cell):
        return f"{cell}{noun}"
    if noun and _COUNTED_CELL.fullmatch(cell) and re.search(r"\d", cell):
        return "; ".join(f"{part.strip()}{noun}" for part in re.split(r", | and |且", cell))
    if _OF_MODELS.fullmatch(head) and not glued:
        every = re.fullmatch(
            r"(?:both|all|every|any|全部|所有|均可?|都)(?: .*|模型|支持)?", cell, re.IGNORECASE
        )
        return "" if every else (f"仅{cell}" if chinese else f"only {cell}")
    bare = _REMARK.sub("", cell)
    if _INPUTS.fullmatch(head) and _FIELDS_CELL.fullmatch(bare) and not _NO.fullmatch(bare):
        return f"需要{bare}" if chinese else f"requires {bare}"
    if noun and _NO.fullmatch(cell):
        return f"0{noun}"
    if _MEASURED.search(head) and re.search(r"\d", cell):
        return f"up to {cell}" if _LONGEST.search(head) else f"only {cell}"
    return cell
