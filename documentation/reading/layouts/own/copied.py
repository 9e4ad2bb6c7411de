"""Text that was copied off pages of another layout, as the blocks of markdown that say the same.

A field's type stands beside its name, or on the lines below; the cells of tables have tabs between
them; a short line below an empty one is a heading; code has no fence.
"""

from __future__ import annotations

import re
from typing import Any

from documentation.reading.layouts import labels
from documentation.reading.layouts.draft import NAME, request_shown
from documentation.reading.layouts.field_tables import columns_of, name_in, shown_at
from documentation.reading.layouts.own.blocks import BULLET, Block, indentation
from documentation.reading.layouts.text import lines_of, normal
from documentation.reading.layouts.written import Written, beside_name, type_named

_BESIDE = re.compile(rf"(?P<name>{NAME.pattern})(?P<rest>[ \t]*[ \t·|,(:—–-] ?\S.*)")
_CODE = re.compile(
    r"curl |[{\[]\s*$|(?:import|from) \w+|(?:const|let|var) \w|[\w.]+\s*=\s*[{\[(\w]|\w[\w.]*\($"
)
_OPTIONS = re.compile(r"(?:枚举值|可选值|allowed values|enum(?: values)?) ?:", re.IGNORECASE)
_VALUE = re.compile(r"[\w.:+/×-]{1,60}(?: ?\([^()]{1,40}\))?(?<!:)")
_SPACES = re.compile(r"[ \t]{2,}")
_BEFORE_BADGE = re.compile(
    r"(?<=\w) (?=(?:required|optional|nullable|defaults?)\b)"
    r"|(?<=\w)(?<![时件分非式]) ?"
    r"(?=必[填需传选]|可选|选填|默认|(?:有?条件|部分模式|视情况)必[填需传选])",
    re.IGNORECASE,
)
_OPEN, _CLOSE = re.compile(r"[{\[(]"), re.compile(r"[}\])]")
_ENDED = re.compile(r"[.。,;:!?，；：！？、…]$")
# What follows describes the objects of the list above.
_EACH = re.compile(
    r"(?:each|every) [a-z]+(?: (?:has|consists of|takes).{0,40})? ?:|每[个项条张段][^:]{0,12}:",
    re.IGNORECASE,
)
_MOST_HEADING = 60
_MOST_CODE = 200
_MOST_BADGES = 6


def copied_blocks(text: str) -> list[Block]:
    """A page's blocks in order."""
    return _Copied(text).read()


class _Copied:
    def __init__(self, text: str) -> None:
        raw = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        self.depths = [indentation(line) for line in raw]
        self.lines = [line.strip() for line in lines_of(text)]
        self.at = 0
        self.found: list[Block] = []
        self.open: list[int] = []
        self.field: Block | None = None
        self.list_at = -1  # how far the list is indented whose objects are described
        self.shift = 0  # how much further in the members of such an object are than they stand
        self.name = ""
        self.asked = request_shown(text) or {}
        self.inside: Any = {}

    def read(self) -> list[Block]:
        while self.at < len(self.lines):
            line, depth = self.lines[self.at], self.depths[self.at]
            if not line:
                self.at += 1
            elif "\t" in line and self._is_tabbed(self.at + 1):
                self._table()
            elif self._field(line, depth):
                pass
            elif _CODE.match(line):
                self._code()
            elif self._is_heading(line):
                self.open = []
                named = NAME.fullmatch(line) and not line[0].isupper()
                self._add(Block("heading", line, 3 if named else 2))
            else:
                self._said(line, depth)
        return self.found

    def _add(self, block: Block, lines: int = 1) -> None:
        self.found.append(block)
        self.at += lines

    def _is_tabbed(self, at: int) -> bool:
        return at < len(self.lines) and "\t" in self.lines[at]

    def _table(self) -> None:
        """Rows with tabs; of a table of fields, a line without any goes on with the last cell."""
        rows: list[list[str]] = []
        of_fields = False
        while self.at < len(self.lines) and (line := self.lines[self.at]):
            if "\t" in line:
                cells = [cell.strip() for cell in line.split("\t")]
                if of_fields and not name_in(cells[0]):
                    break  # the head of another table
                rows.append(cells)
            elif (
                of_fields and not _FOOTNOTE.match(line) and not self._is_section(line, self.at + 1)
            ):
                rows[-1][-1] += f"\n{line}"
            else:
                break
            of_fields = "type" in columns_of(rows[0], rows[1:])
            self.at += 1
        if len(rows) > 2 and {len(row) for row in rows[1:]} == {len(rows[0]) + 1}:
            rows[0].insert(0, "")  # nothing stands above the first column
        self.found.append(Block("table", rows=rows))

    def _field(self, line: str, depth: int) -> bool:
        """Take a field, as the bullet of markdown that describes it."""
        name, written, lines = self._named(line)
        if not name:
            return False
        if self.list_at >= 0 and (name in self.inside or name not in self.asked):
            self.shift = max(0, self.list_at + 1 - depth)
        else:
            self.list_at, self.shift = -1, 0
        depth += self.shift
        self.open = [each for each in self.open if each < depth] + [depth]
        self.name = name
        self.field = Block("bullet", f"**`{name}`** {written}", depth)
        self._add(self.field, lines)
        return True

    def _named(self, line: str) -> tuple[str, str, int]:
        """A field's name, what stands beside it, and how many lines that takes; else no name."""
        found = _BESIDE.fullmatch(normal(_SPACES.sub(", ", line)))
        said = _BEFORE_BADGE.sub(", ", found["rest"]) if found else ""
        if found and _is_all(beside := beside_name(said)) and beside.types:
            return found["name"], said, 1
        if not NAME.fullmatch(line):
            return "", "", 0
        at = self.at + 1
        at += at < len(self.lines) and not self.lines[at]
        if not self._is_type(at):
            return "", "", 0
        parts = [_type_at(self.lines[at])]
        for following in map(normal, self.lines[at + 1 : at + 1 + _MOST_BADGES]):
            label = labels.DEFAULT.fullmatch(following) or labels.EXAMPLE.fullmatch(following)
            if label or not _is_all(beside_name(", ".join([*parts, following]))):
                break
            parts += [following] if following else []
            at += 1
        return line, ", ".join(parts), at + 1 - self.at

    def _code(self) -> None:
        """Lines of code, up to an empty one outside of all brackets."""
        start, deep = self.at, 0
        while self.at < len(self.lines) and self.at - start < _MOST_CODE:
            line = self.lines[self.at]
            if not line and deep <= 0:
                break
            deep += len(_OPEN.findall(line)) - len(_CLOSE.findall(line))
            self.at += 1
            if deep <= 0 and line[:1] in "}]":
                break
        self.found.append(Block("code", "\n".join(self.lines[start : self.at])))

    def _is_heading(self, line: str) -> bool:
        above = self.at == 0 or not self.lines[self.at - 1]
        short = len(line) <= _MOST_HEADING and not _ENDED.search(line)
        plain = above and short and not BULLET.match(line) and "\t" not in line
        return plain or self._is_section(line, self.at + 1)

    def _is_section(self, line: str, below: int) -> bool:
        """Whether a line names a part of a page, or stands above a table of fields."""
        if _IN_BRACKETS.sub("", normal(line)).lower() in labels.SECTIONS:
            return True
        rows = [each.split("\t") for each in self.lines[below : below + 2] if "\t" in each]
        apart = len(line) <= _MOST_HEADING and not _ENDED.search(line) and not line.isdigit()
        return apart and len(rows) > 1 and "type" in columns_of(rows[0], rows[1:])

    def _said(self, line: str, depth: int) -> None:
        """Prose, of the field that stands above it and is no deeper."""
        depth += self.shift
        self.open = [each for each in self.open if each <= depth]
        inside = self.open[-1] + 1 if self.open else depth
        label = normal(line)
        if values := self._values() if _OPTIONS.fullmatch(label) else []:
            self.found += [Block("bullet", value, inside) for value in values]
            self.at += 1 + len(values)
            return
        below = self.lines[self.at + 1 : self.at + 2] if label.endswith(":") else [""]
        if labels.EXAMPLE.fullmatch(label) and self.open:
            self.at += 1 + len(below) if below != [""] else 1
            return
        if labels.DEFAULT.fullmatch(label) and below != [""] and self.field is not None:
            self.field.text += f", default `{below[0]}`"
            self.at += 2
            return
        if _EACH.fullmatch(label) and self.open:
            self.list_at = self.open[-1]
            self.inside = shown_at(self.name, [self.asked]) or {}
            self.inside = self.inside[0] if isinstance(self.inside, list) else self.inside
        bullet = BULLET.match(line)
        said = line[bullet.end() :] if bullet else line
        member = _IN_A_BULLET.match(said) if bullet else None
        if member and beside_name(member["rest"]).types:
            said = f"**`{member['name']}`** {member['rest']}. {member['said'] or ''}"
        self._add(Block("bullet" if bullet else "text", said, inside))

    def _values(self) -> list[str]:
        """The values on the lines below a label."""
        end = self.at + 1
        while end < len(self.lines) and _VALUE.fullmatch(normal(self.lines[end])):
            if self._is_type(end + 1):
                break
            end += 1
        return self.lines[self.at + 1 : end]

    def _is_type(self, at: int) -> bool:
        """Whether a line is a type; one above another is the name of a field, as `url` may be."""
        types = [type_named(_type_at(line)) for line in self.lines[at : at + 2]]
        return bool(types) and types[0] is not None and types[1:2] in ([], [None])


_FOOTNOTE = re.compile(r"[*†‡※①②¹²] ?|(?:table|表) ?\d", re.IGNORECASE)
_IN_BRACKETS = re.compile(r" ?\([^()]*\)$")
# `- rhyme (string, required): what it ends on`: a member of the object above.
_IN_A_BULLET = re.compile(
    rf"(?P<name>{NAME.pattern}) ?(?P<rest>[(\uff08][^()\uff08\uff09]{{1,80}}[)\uff09])"
    r"(?:[:\uff1a] ?(?P<said>.*))?$"
)


def _type_at(line: str) -> str:
    return normal(line).replace(" <", "<")


# `optional, required with a rhyme`: what stands beside a name, and is no description.
_REQUIRED_THERE = re.compile(r"[^,，;；。()（）]{1,24}[时下中]必[填需传选][)）]?")


def _is_all(written: Written) -> bool:
    return not written.rest.strip() or _REQUIRED_THERE.fullmatch(written.rest) is not None
