"""Finds option lists in prose, as bullets or table rows, with what stands beside each value."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from documentation.reading.layouts.draft import Draft
from documentation.reading.layouts.option_lines import (
    BETWEEN,
    CODED_FIRST,
    GLUED_VALUE,
    SIZED,
    Option,
    OptionLines,
)
from documentation.reading.layouts.tabular.combined import Combined, take_combined
from documentation.reading.layouts.tabular.tables import Table, take_tables
from documentation.reading.layouts.text import CJK, normal

BULLET = re.compile(r"^(?:[•◦▪·●‣]\s*|(?:[*+–-]|\d{1,2}[.)])\s+)")
OPTIONS_LABEL = re.compile(
    r"(?:(?:the )?(?:available|supported|allowed|possible|valid|accepted|optional)? ?"
    r"(?:options?|values?|choices|models?|modes|(?:aspect )?ratios|resolutions|durations|variants)"
    r"|(?:支持的?|可用的?|可选的?)?(?:可选值|可选项|选项|取值|枚举值|可选|可用值|支持的值|分辨率|宽高比|比例|模型|模式"
    r"|时长|变体|类型)(?:说明|如下|列表|包括)?) ?:",
    re.IGNORECASE,
)
_HEADER = re.compile(
    r"(?:值|取值|选项|参数值|可选值|模型|模型名称|模式|比例|分辨率|value|option|model|mode|ratio|name)?"
    r"[\t |]*(?:说明|描述|含义|备注|description|meaning|notes?)",
    re.IGNORECASE,
)
# `720p and 1080p are offered`, `4k is slow`: no option with its meaning beside it.
_SENTENCE = re.compile(
    r"[\w.:*×-]+ (?:(?:and|or|is|are|can|cannot|may|must|needs?|requires?|only|works?|has|does)\b)"
    r"|[\w.:*×-]+(?:、|,|和|与|或)",
    re.ASCII,
)


MOST_INLINE = 600
_HEADS = {
    **dict.fromkeys(("模型", "模型名称"), "model"),
    **dict.fromkeys(("时长", "时长选项", "length", "lengths", "second", "seconds"), "duration"),
    **dict.fromkeys(("分辨率", "清晰度", "quality"), "resolution"),
    **dict.fromkeys(("宽高比", "比例", "画幅", "ratio", "ratios"), "aspect_ratio"),
    **dict.fromkeys(("帧率", "frame_rate", "frame_rates"), "fps"),
    **dict.fromkeys(("模式", "档位", "modes"), "mode"),
}
_INLINE = re.compile(
    rf"([a-z][a-z0-9_-]{{0,30}}|\d+[pk])(?: ?[:=] ?|(?=(?-i:[{CJK}])))([^:=]{{1,200}})",
    re.IGNORECASE,
)


# A heading that says of which requests the lines below it are: `Limits of the lite version:`.
_ALL = (
    r"(?!(?:all|each|every|both|any|different|supported|available|which)\b|[所全各不可支两]"
    r"|模型|模式)"
)
_OF_SOME = re.compile(
    r"(?:(?:limits|limitations|restrictions|rules|notes) )?"
    r"(?:of|on|for|with|when using|when|in|using)"
    rf" (?:the )?{_ALL}(?P<en>[\w. -]{{2,40}}?)(?: only)?"
    rf"|(?:当|在|使用|选择)?{_ALL}(?P<zh>[\w. -]{{1,24}}?(?:版|模型|模式|档))[下时中]?"
    r"(?:的?(?:限制|说明|要求|规则))?",
    re.IGNORECASE,
)


# Above options beside which stand the sizes that they have at one resolution.
_SIZES_ABOVE = re.compile(r"像素|为例|\bpixels?\b|\bat \d{3,4}p\b", re.IGNORECASE)


# What stands in a line before its last sentence, which ends with a colon.
_AHEAD_OF_HEAD = re.compile(r".*(?:。|[.;](?= ))(?=[^.:。;]+:$)")


# Above what is said of a switch that is on.
_WHEN_ON = re.compile(
    r"(?:when|if|once|while) (?:it is |this is )?(?:switched |turned |set to )?(?:on|true|enabled)"
    r"(?: ?\(true\))?"
    r"|(?P<zh>(?:打开|开启|启用|设为 ?true)(?: ?\((?:设为)?true\))?(?:以后|之后|后|时)?"
    r"(?: ?\(true\))?(?:的(?:限制|要求)|[须需请]注意|有[一-鿿\d]{1,2}个?(?:条件|限制|要求))?)",
    re.IGNORECASE,
)


# A line above options that says how many of them there may be: `Pick 1 to 3 of these:`.
_HOW_MANY = re.compile(
    r"(?:pick|choose|combine|select|use|take|up to|at most|no more than|exactly)[a-z ]{0,12} \d"
    r"|(?:组合|选择?|支持|最多|至多|不超过) ?\d",
    re.IGNORECASE,
)


# A heading above what may not be: `Not permitted:`.
_BARRED_BELOW = re.compile(
    r"(?:the following (?:is|are) )?(?:not (?:permitted|allowed|accepted|supported)|forbidden"
    r"|prohibited|rejected|refused|blocked)"
    r"|(?P<zh>(?:以下(?:情况|地址|内容)?)?(?:均?不(?:允许|支持|接受)|禁止)(?:使用)?)",
    re.IGNORECASE,
)


# `A list of one or two objects:`, above its members.
_LIST_OF = re.compile(r"(?:an? )?(?:list|array) of ", re.IGNORECASE)


# A heading that says who alone has the options below it: `nova-1-pro only:`.
_ONLY_OF = re.compile(
    r"(?:only )?(?:for |with |in )?(?P<before>[\w.-]+(?:-[\w.]+)+)"
    r"(?: only| exclusively|专属|专用|独有)"
    r"|(?:only (?:for|with|in) |(?:仅|只)(?:限|支持|适用于|用于)?)(?P<after>[\w.-]+(?:-[\w.]+)+)",
    re.IGNORECASE | re.ASCII,
)


@dataclass(slots=True)
class Prose:
    """A field's prose; its lists, grids, combinations and marks are no sentences any more.

    Groups are options by the heading that they stand below, where there are several.
    """

    combined: list[Combined] = field(default_factory=list)
    grids: list[list[tuple[str, str, str]]] = field(default_factory=list)
    marks: list[list[tuple[str, str, bool]]] = field(default_factory=list)
    lists: list[list[Option]] = field(default_factory=list)
    groups: dict[str, list[Any]] = field(default_factory=dict)
    remarks: list[Option] = field(default_factory=list)
    sentences: list[str] = field(default_factory=list)


def take_apart(
    draft: Draft,
    names: set[str],
    others: set[str] = frozenset(),  # type: ignore[assignment]
    scalars: set[str] = frozenset(),  # type: ignore[assignment]
) -> Prose:
    """Separate option lists from sentences; values are typed by the field.

    Args:
        draft: The field.
        names: The names of all fields.
        others: Values of other fields, model ids among them, which rows of a table may be about.
        scalars: The fields that may have one of a few values, `model` among them.
    """
    return _Splitter(draft, names, others, scalars).split()


def _beside(value: str, rest: str, inside: bool) -> list[str]:
    """What the cells beside a value say; beside a kind of items each says it of that kind."""
    cells = rest.split("; ") if inside else []
    if len(cells) < 2:
        return [f"{value}: {rest}"]
    return [f"{value}{' ' if _COUNTED.search(cell) else ': '}{cell}" for cell in cells]


_COUNTED = re.compile(
    r"(?:at most|up to|no more than|at least|only|最多|至多|不超过|至少|只能有?) ?\d", re.I
)
_LABELLED = re.compile(r"(?P<value>[a-z][a-z0-9_.-]{0,30})(?:[:：]| [–—-]) ?(?=\S)")


def _bulleted(lines: list[str], names: set[str]) -> list[str]:
    """Lines that follow one another as `std: quick` and `pro: better` do, as bullets."""
    labels = [found["value"] if (found := _LABELLED.match(line)) else "" for line in lines]
    labels = ["" if each in names or labels.count(each) > 1 else each for each in labels]
    runs = [
        bool(label) and any(labels[max(0, at - 1) : at] + labels[at + 1 : at + 2])
        for at, label in enumerate(labels)
    ]
    return [f"• {line}" if run else line for line, run in zip(lines, runs, strict=True)]


# A bullet that tells of several options: `• `ode_up`, `ode_down`: up and down`.
_SEVERAL = re.compile(
    r"(?P<mark>[•*-] )(?P<values>`[^`\s]{1,40}`(?:(?:, ?|、| / | and | or )`[^`\s]{1,40}`){1,5})"
    r"(?P<gloss>(?: ?(?:[:\uff1a] ?|[–—-] ).+)?)"
)


def _one_each(line: str, names: set[str]) -> list[str]:
    """A bullet for each of the options that one bullet tells of."""
    found = _SEVERAL.fullmatch(line)
    values = re.findall("`([^`]+)`", found["values"]) if found else []
    if found is None or names & {*values}:
        return [line]
    return [f"{found['mark']}`{value}`{found['gloss']}" for value in values]


class _Splitter(OptionLines):
    def __init__(self, draft: Draft, names: set[str], others: set[str], scalars: set[str]) -> None:
        super().__init__(draft, names)
        self.scalars = scalars
        self.others = sorted(others, key=len, reverse=True)
        self.prose = Prose()
        self.whom = ""
        self.barred = ""
        self.heading = ""
        self.rows: list[Option] = []
        self.loose: list[tuple[str, Option | None]] = []

    def split(self) -> Prose:
        listing = False
        lines = self.draft.prose
        if self.draft.name != "model":
            self.prose.combined, lines = take_combined(lines, self._field_of, self._starts)
        elif self.known:
            lines = [part for line in lines for part in self._each_of(line)]
        if self.kind == "string":
            lines = [each for line in lines for each in _one_each(line, self.names)]
            lines = _bulleted(lines, self.names)
        tables, lines = take_tables([self._headed(line) for line in lines], self._starts)
        for table in tables:
            self._table(table)
        for at, raw in enumerate(lines):
            unmarked = BULLET.sub("", raw)
            text, bullet = normal(CODED_FIRST.sub(r"\1: ", unmarked)), unmarked != raw
            if not bullet and (ahead := _AHEAD_OF_HEAD.match(text)):
                self.prose.sentences.append(ahead[0].strip())
                text = text[ahead.end() :]
            if not text:
                continue
            if _HEADER.fullmatch(text):
                self._end_loose()
                listing = True
            elif OPTIONS_LABEL.fullmatch(text):
                self._end()
                listing, self.only = True, ""
            elif re.fullmatch(r"[^:]{1,60}:", text):
                self._end()
                listing = False
                listed = self.draft.type == "array" and _LIST_OF.match(text)
                if listed or (not bullet and _HOW_MANY.search(text)):
                    self.prose.sentences.append(text[:-1])
                found = None if bullet else _OF_SOME.fullmatch(text[:-1])
                self.heading = "" if bullet else text[:-1]
                self.whom = f"{found['en'] or found['zh']}: " if found else ""
                if self.draft.type == "boolean" and (on := _WHEN_ON.fullmatch(text[:-1])):
                    self.whom = "设为true时," if on["zh"] else "when it is true, "
                barred = None if bullet else _BARRED_BELOW.fullmatch(text[:-1])
                self.barred = ("不允许" if barred["zh"] else " are not allowed") if barred else ""
                only = _ONLY_OF.fullmatch(text[:-1])
                self.only = only["before"] or only["after"] if only else ""
            elif (options := self._spelled(text)) and (listing or bullet):
                self._join_loose()
                listing = True
                self.rows += options
            elif listing and (options := self.several_in(text)):
                self.rows += options
            elif listing and (option := self.row_in(text)) and not self._is_of_another(option):
                self.rows.append(option)
            elif not bullet and (inline := self._inline(text)):
                self._end()
                listing = False
                self.prose.lists.append(inline[0])
                self.prose.sentences += inline[1]
            elif not listing and not bullet and self._glued_run(text, lines[at + 1 : at + 4]):
                self._end_loose()
                listing = True
                row = self.row_in(text)
                self.rows += [row] if row else []
            else:
                self._end_rows()
                listing = False
                if bullet or "\t" in text:
                    self.loose.append((text, self.row_in(text)))
                else:
                    self._end_loose()
                    self.whom = self.only = self.barred = ""
                    self.prose.sentences.append(text)
        self._end()
        self._join_groups()
        return self.prose

    def _spelled(self, text: str) -> list[Option]:
        """The spellings of an option; the first, where its size at one resolution is beside it."""
        options = self.spellings_in(text)
        return options[:1] if options and _SIZES_ABOVE.search(self.heading) else options

    def _each_of(self, line: str) -> list[str]:
        """`nova-1: quick nova-2: better` as a line for each of the models."""
        names = "|".join(re.escape(str(name)) for name in self.known)
        starts = [m.start() for m in re.finditer(rf"(?<![\w.-])(?:{names})(?=: \S)", line)]
        if len(starts) < 2 or starts[0]:
            return [line]
        ends = [*starts[1:], len(line)]
        return [line[start:end].strip() for start, end in zip(starts, ends, strict=True)]

    def _listed(self, options: list[Option]) -> None:
        """Keep a list of options, with the heading that it has.

        The name of a field that is none of them is the head of what stands beside them.
        """
        own = self.draft.options()
        heads = [o for o in options if own and str(o.value) in self.names and o.value not in own]
        options = [o for o in options if o.gloss or o not in heads]
        self.prose.lists.append(options)
        if self.heading and not (self.whom or self.only):
            self.prose.groups[self.heading] = [option.value for option in options]
        self.heading = ""

    def _join_groups(self) -> None:
        """Lists that all have headings are one list, in groups."""
        prose = self.prose
        if 1 < len(prose.groups) == len(prose.lists):
            prose.lists = [[option for options in prose.lists for option in options]]
        else:
            prose.groups = {}

    def _field_of(self, head: str) -> str:
        """The field whose values stand below the head of a column."""
        own = self.draft.name.rpartition(".")[2]
        words = re.sub(r" ?\([^()]*\)$", "", head).lower().replace(" ", "_")
        if words in ("value", "values", "option", "取值", "值", "选项", own):
            return self.draft.name
        likely = [words, words.removesuffix("s"), _HEADS.get(words, "")]
        if own in likely:
            return self.draft.name
        return next((name for name in likely if name in self.scalars), "")

    def _headed(self, line: str) -> str:
        """A table's head that begins with the field's own name begins with its values."""
        name = re.escape(self.draft.name.rpartition(".")[2])
        return re.sub(rf"^(\|? ?){name}(?= ?[|\t])", r"\1value", line)

    def _inline(self, text: str) -> tuple[list[Option], list[str]] | None:
        """`slow: sharp; fast: cheap` in one line, of which one is known: options, and the rest."""
        if self.kind != "string" or len(text) > MOST_INLINE:
            return None
        parts = [
            part.strip() for part in re.split(r"[;。] ?|\. (?=[A-Za-z])", text) if part.strip()
        ]
        found = [_INLINE.fullmatch(part) for part in parts]
        labelled = [each for each in found if each]
        values = [each[1] for each in labelled]
        if len(values) < 2 or not {*values} & {*self.known} or {*values} & self.names:
            return None
        if self.draft.options() and not {*values} <= {*self.draft.options()}:
            return None
        if len({*values}) < len(values):
            return None
        options = [option for each in labelled if (option := self.option_of(each[1], each[2]))]
        return options, [part for part, each in zip(parts, found, strict=True) if not each]

    def _glued_run(self, text: str, below: list[str]) -> bool:
        """Whether lines follow each other that begin with a value of a shape, text glued to it."""
        if self.kind != "string" or not GLUED_VALUE.match(text):
            return False
        after = next((line for line in below if line.strip()), "")
        return GLUED_VALUE.match(normal(after)) is not None

    def _starts(self, line: str) -> str:
        """The value that a line starts with: one of the field's own, or of another field."""
        return next((v for v in (*self.known, *self.others) if line.startswith(v)), "")

    def _table(self, table: Table) -> None:
        """Rows of the field's own values are options, others say what holds for some requests."""
        if table.said:
            name = self.draft.name
            self.prose.sentences += [each.replace("{own}", name) for each in table.said]
            return
        if table.grid:
            self.prose.grids.append(table.grid)
            heads = list(dict.fromkeys(row for row, _, _ in table.grid))
            if self.kind == "string" and not self.draft.options() and {*heads} & {*self.known}:
                self.prose.lists.append([Option(head) for head in heads])
            return
        self.prose.marks += [table.marks] if table.marks else []
        if table.cases:
            self.prose.sentences += [f"when {case}: {rest}" for case, rest in table.rows if rest]
            return
        own = [value for value, _ in table.rows if value in self.known]
        about = [value for value, _ in table.rows if value in self.others]
        inside = "object" in (self.draft.type, self.kind)
        if (not own and len(about) == len(table.rows)) or inside:
            self.prose.sentences += [
                said for value, rest in table.rows if rest for said in _beside(value, rest, inside)
            ]
            self._listed_in_cells([rest for _, rest in table.rows])
            return
        listed = self.draft.options()
        if listed and table.sized and not any(value in listed for value, _ in table.rows):
            return  # how large the field's own values are
        rows = [(each, rest) for value, rest in table.rows for each in self._each_value(value)]
        options = [self.option_of(value, rest) for value, rest in rows]
        if all(option is not None and " " not in str(option.value) for option in options):
            self.prose.lists.append([option for option in options if option is not None])
        else:
            self.prose.sentences += [f"{value}: {rest}" for value, rest in table.rows]

    def _each_value(self, cell: str) -> list[str]:
        """`soft_1, soft_2` as the options that a row is about together."""
        each = re.split(r", ?| ?/ ?|、", cell) if self.kind == "string" else [cell]
        return each if all(re.fullmatch(r"[A-Za-z]\w*[_\d]\w*", part) for part in each) else [cell]

    def _listed_in_cells(self, cells: list[str]) -> None:
        """Cells that list values of a field are all the options that it has."""
        found = [part for cell in cells for part in re.split(BETWEEN, cell)]
        found = [re.sub(r"^only ", "", part) for part in found]
        shaped = self.kind == "string" and not self.draft.options()
        if shaped and all(re.fullmatch(SIZED, v) for v in found) and {*found} & {*self.known}:
            self.prose.lists.append([Option(value) for value in dict.fromkeys(found)])

    def _end(self) -> None:
        self._end_rows()
        self._end_loose()

    def _end_rows(self) -> None:
        if self.rows:
            self._listed(self.rows)
        self.rows = []

    def _join_loose(self) -> None:
        """The bullets above an option, if each is one as well, are of the same list."""
        above = [option for _, option in self.loose if option and self.is_value(option)]
        if len(above) == len(self.loose):
            self.rows, self.loose = self.rows + above, []
        self._end_loose()

    def _end_loose(self) -> None:
        """Bullets without a label are options when every one of them starts with a value."""
        group, self.loose = self.loose, []
        options = [option for _, option in group if option is not None]
        scalar = self.kind in ("string", "integer", "number", "boolean")
        plain = scalar and self.draft.type != "array"
        of_others = [each for each in options if str(each.value) in self.others]
        others = len(of_others) == len(options) and not self._are_own(options)
        if others or self._are_sentences([text for text, _ in group], options):
            options = []
        self.defaulted = self.draft.value_of("default") in [each.value for each in options]
        if len(options) == len(group) > 1 and plain and all(map(self.is_value, options)):
            self._listed(options)
        else:
            for text, option in group:
                if option is not None and plain and self._is_remark(text, option):
                    self.prose.remarks.append(option)
                else:
                    whom = self.whom if ":" not in text else ""
                    self.prose.sentences.append(whom + text.replace("\t", ": ") + self.barred)

    def _are_own(self, options: list[Option]) -> bool:
        """Whether some of the values are known to be the field's own, whoever else has them."""
        return any(str(each.value) in self.known for each in options)

    def _are_sentences(self, lines: list[str], options: list[Option]) -> bool:
        """Whether bullets speak of some of the listed options in whole sentences."""
        partly = {*self.draft.options()} - {option.value for option in options}
        return bool(partly) and any(_SENTENCE.match(line) for line in lines)

    def _is_of_another(self, option: Option) -> bool:
        """Whether a row begins with a model or a value of another field: its own are listed."""
        return str(option.value) in self.others and option.value not in (
            self.draft.options() or [option.value]
        )

    def _is_remark(self, text: str, option: Option) -> bool:
        """A bullet that speaks of one listed value, among others that speak of something else."""
        value = str(option.value)
        beside = re.match(rf"{re.escape(value)}(?:\t| ?(?::|—|–|--|\())", text)
        listed = self.kind == "string" and option.value in self.draft.options()
        return (listed or isinstance(option.value, bool)) and beside is not None
