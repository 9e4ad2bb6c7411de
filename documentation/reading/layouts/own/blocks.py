"""The blocks of a page of markdown: headings, tables, bullets, code, and text between them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from documentation.fact import PageError
from documentation.reading.layouts.text import lines_of
from documentation.reading.layouts.written import beside_name

MOST_CELLS = 20_000
_FENCE = re.compile(r"(`{3,}|~{3,})")
_HEADING = re.compile(r"(#{1,6}) +(.*?)(?: +#+)?$")
BULLET = re.compile(r"(?:[*+•-]|\d{1,2}[.)]) +(?=\S)")
_ESCAPED = re.compile(r"\\([_<>\[\]~$#*])")
_RULE = re.compile(r"\|? ?:?-{2,}:? ?(?:\| ?:?-+:? ?)*\|?")
_COMPONENT = re.compile(
    r"</?[A-Z]\w*(?: [^<>]{0,300})?/?>|</?(?:div|span|p)\b[^<>]{0,300}>"
    r"|\{%[^%{}]{0,200}%\}"
)
_INLINE = re.compile(
    r"</?(?:mark|sup|sub|font|strong|em|small|u|b|i)\b[^<>]{0,200}>", re.IGNORECASE
)
_PARAMETER = re.compile(r"<(?:ParamField|ResponseField)\b(?P<said>[^<>]{0,600})>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"([a-z]+)(?:=(?:\"([^\"]*)\"|'([^']*)'|\{([^{}]*)\}))?", re.IGNORECASE)
_NAME = re.compile(r"[A-Za-z_][\w.]*")
_MARKED = r"(?:\*\*`?|`)[A-Za-z_][\w.]{0,60}(?:`?\*\*|`)"
_NAMES = re.compile(rf"{_MARKED}(?: ?(?:,|、|/|&|and|or|和|与|及) ?{_MARKED}){{1,9}}")


@dataclass(slots=True)
class Block:
    """One block.

    Attributes:
        kind: `heading`, `table`, `bullet`, `code` or `text`.
        text: Its text without its marks.
        depth: A heading's level; how far the others are indented.
        rows: The cells of a table.
    """

    kind: str
    text: str = ""
    depth: int = 0
    rows: list[list[str]] = field(default_factory=list)


def blocks_of(text: str) -> list[Block]:
    """A page's blocks in order."""
    raw = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    clean = lines_of(text)
    found: list[Block] = []
    cells = at = 0
    while at < len(clean):
        line, depth = clean[at].strip(), indentation(raw[at])
        fence = _FENCE.match(line)
        if fence:
            end = at + 1
            while end < len(clean) and not clean[end].strip().startswith(fence[1]):
                end += 1
            found.append(Block("code", "\n".join(clean[at + 1 : end]), depth))
            at = end + 1
            continue
        line = _INLINE.sub("", line).replace("｜", "; ")
        if "|" in line and at + 1 < len(clean) and _RULE.fullmatch(clean[at + 1].strip()):
            end = at + 2
            while end < len(clean) and "|" in clean[end]:
                end += 1
            rows = [_cells(_INLINE.sub("", row)) for row in (line, *clean[at + 2 : end])]
            cells += sum(map(len, rows))
            if cells > MOST_CELLS:
                raise PageError(f"the page has tables of more than {MOST_CELLS} cells")
            found.append(Block("table", depth=depth, rows=rows))
            at = end
            continue
        at += 1
        line = _ESCAPED.sub(r"\1", re.sub(r"^> ?", "", line))
        parameter = _PARAMETER.match(line)
        if parameter:
            found.append(_parameter(parameter, depth))
            line = line[parameter.end() :].strip()
            depth += 1
        heading = _HEADING.fullmatch(line)
        bullet = BULLET.match(line)
        plain = _COMPONENT.sub(" ", line).strip()
        if heading:
            title = _COMPONENT.sub(" ", heading[2]).strip()
            found.append(Block("heading", title, len(heading[1])))
        elif bullet:
            found += [Block("bullet", text, depth) for text in _one_each(line[bullet.end() :])]
        elif plain:
            found.append(Block("text", plain, depth))
    return found


def _one_each(bullet: str) -> list[str]:
    """A bullet; where it is of several fields, `**ode**, **rhyme** `string``, one for each."""
    names = _NAMES.match(bullet)
    said = bullet[names.end() :] if names else ""
    if names is None or not beside_name(said).types:
        return [bullet]
    return [f"**`{name}`**{said}" for name in _NAME.findall(names[0])]


def indentation(line: str) -> int:
    """How far a line is indented; a tab ends at every fourth place."""
    return len(line.expandtabs(4)) - len(line.expandtabs(4).lstrip())


def _cells(row: str) -> list[str]:
    """The cells of a row; a bar inside backticks, or after a backslash, is none between cells."""
    row = re.sub(r"`[^`]*`", lambda code: code[0].replace("|", "\x00"), row.strip())
    row = row.replace("\\|", "\x00").removeprefix("|").removesuffix("|")
    return [_ESCAPED.sub(r"\1", cell).strip().replace("\x00", "|") for cell in row.split("|")]


def _parameter(found: re.Match[str], depth: int) -> Block:
    """A tag that describes a field, as the bullet that would say the same."""
    said = {m[1].lower(): m[2] or m[3] or m[4] or "" for m in _ATTRIBUTE.finditer(found["said"])}
    name = next((said[key] for key in ("body", "query", "path", "name") if key in said), "")
    words = [f"`{said['type']}`"] if said.get("type") else []
    words += ["required"] if "required" in said else []
    words += [f"default `{said['default']}`"] if said.get("default") else []
    return Block("bullet", f"**`{name}`** {', '.join(words)}.", depth)
