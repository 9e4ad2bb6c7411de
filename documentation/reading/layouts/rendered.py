"""The saved text of a rendered page: a name line, a type line, badges, prose, labels, examples."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, field
from typing import Any

from documentation.fact import Location, PageError
from documentation.reading.layouts import labels
from documentation.reading.layouts.draft import (
    NAME,
    Draft,
    dotted,
    is_plain,
    json_at,
    loose_json,
    request_shown,
    typed,
)
from documentation.reading.layouts.tabular.cells import MODEL_HEAD, compares_models
from documentation.reading.layouts.text import normal

_METHOD = re.compile(r"GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS")
_MOST_EXAMPLE_LINES = 200
_MOST_NAME = 200
_MOST_NAME_LINES = 10
_CODE = re.compile(r"curl -|curl \\|\{$|import \w+$|from \w+ import ")
_VALUE_LIKE = re.compile(r"[\w.:+/-]+,?|\"[^\"]*\",?")


@dataclass(slots=True)
class Layout:
    """The parts of a page, before its prose is read; notes are lines below the fields."""

    drafts: list[Draft] = field(default_factory=list)
    intro: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    samples: dict[Location, Any] = field(default_factory=dict)
    method: str = ""
    path: str = ""


def read_rendered(lines: list[str]) -> Layout:
    """Take the page apart by its section headings and its fields' name and type lines."""
    return _Rendered(lines).read()


class _Rendered:
    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self.normal = [normal(line) for line in lines]
        self.at = 0
        self.layout = Layout()
        self.parent = ""
        self.prefixed = False

    def read(self) -> Layout:
        self._head()
        location: Location | None = None
        while self.at < len(self.lines):
            heading = self.normal[self.at].lower()
            if self._is_heading(self.at, heading):
                location, self.parent = labels.SECTIONS[heading], ""
                self.at += 1
            elif self._starts_field(self.at):
                draft = self._field(location or "request")
                if location is not None:
                    self.layout.drafts.append(draft)
            else:
                self._child_label(self.normal[self.at])
                self.at += 1
        model = next((d for d in self.layout.drafts if d.name == "model"), None)
        if model is not None:
            model.prose += _tables_of_models(self.layout.intro)
        return self.layout

    def _head(self) -> None:
        """Everything above the first section: operation, intro, samples."""
        end = self._first_section()
        text = "\n".join(self.lines[:end])
        self.layout.samples, shown = samples_in(text)
        method = next((i for i, n in enumerate(self.normal[:end]) if _METHOD.fullmatch(n)), None)
        if method is not None:
            self.layout.method = self.normal[method]
            parts = []
            for line in self.normal[method + 1 : end]:
                if not re.fullmatch(r"/|[\w.{}-]+", line):
                    break
                parts.append(line)
            self.layout.path = "".join(parts)
        for line in text[: shown[0]].split("\n") + text[shown[1] :].split("\n"):
            if re.match(r"curl |--|\\|[{}'\"\]]|import |https?:", line) is None:
                self.layout.intro.append(line)
        self.at = end

    def _first_section(self) -> int:
        """Where the first section begins: a list of links names sections too, and has no field."""
        headings = [i for i, line in enumerate(self.normal) if self._is_heading(i, line)]
        field = next((i for i in range(len(self.lines)) if self._starts_field(i)), len(self.lines))
        above = [i for i in headings if i < field]
        return above[-1] if above else min([*headings, len(self.lines)])

    def _is_heading(self, index: int, line: str) -> bool:
        return line.lower() in labels.SECTIONS and not self._starts_field(index)

    def _next_filled(self, index: int) -> int:
        """The next line that is not blank, at most one blank line being skipped."""
        index += 1
        if index < len(self.lines) and not self.lines[index]:
            index += 1
        return index

    def _joined_name(self, index: int) -> tuple[str, int]:
        """The name at a line, put together where `parent.` and `member` stand on two lines."""
        name, following = self.lines[index], index
        most = min(len(self.lines), index + _MOST_NAME_LINES)
        while name.endswith(".") and following + 1 < most:
            following += 1
            name += self.lines[following]
        return name, following

    def _starts_field(self, index: int) -> bool:
        name, last = self._joined_name(index)
        if len(name) > _MOST_NAME or not NAME.fullmatch(name):
            return False
        following = self._next_filled(last)
        if following >= len(self.lines):
            return False
        return labels.type_line(self.normal[following]) is not None

    def _field(self, location: Location) -> Draft:
        name, last = self._joined_name(self.at)
        self.at = self._next_filled(last)
        found = labels.type_line(self.normal[self.at])
        types, nullable, items, format_ = found or ([], False, "", "")
        whole = self._full_name(dotted(name), location)
        if len(whole) > 2 * _MOST_NAME:
            raise PageError("the page has a field that is nested too deeply")
        draft = Draft(location, whole, tuple(types), items)
        draft.schema = [("type", kind) for kind in types]
        draft.schema += [("nullable", True)] if nullable else []
        draft.schema += [("items", items)] if items else []
        draft.schema += [("format", format_)] if format_ else []
        self.at += 1
        self._badges(draft)
        self._body(draft)
        return draft

    def _full_name(self, name: str, location: Location) -> str:
        """A bare name below an opened object is that object's member."""
        parent = self.parent.removesuffix("?")
        if not parent or name.startswith(f"{parent.split('.')[0]}."):
            self.prefixed = bool(parent)
            return name
        if self.prefixed:
            self.parent = ""
            return name
        sample = self.layout.samples.get(location)
        inner: Any = sample
        for step in parent.split("."):
            inner = inner.get(step) if isinstance(inner, dict) else None
            inner = inner[0] if isinstance(inner, list) and inner else inner
        head = name.split(".")[0]
        at_top = isinstance(sample, dict) and head in sample
        inside = isinstance(inner, dict) and head in inner
        if inside or (not at_top and not self.parent.endswith("?")):
            return f"{parent}.{name}"
        self.parent = ""
        return name

    def _child_label(self, line: str) -> bool:
        found = labels.CHILDREN.fullmatch(line)
        if found and self.layout.drafts:
            self._open(self.layout.drafts[-1].name, collapsed=bool(found[1]))
        return found is not None

    def _open(self, name: str, collapsed: bool) -> None:
        """`Show` means closed: what follows may be a sibling; `Hide` means that members follow."""
        self.parent, self.prefixed = name + ("?" if collapsed else ""), False

    def _badges(self, draft: Draft) -> None:
        while self.at < len(self.lines):
            line = self.normal[self.at]
            default = labels.DEFAULT.fullmatch(line)
            if default:
                text = default[1] or self._line_below()
                draft.schema.append(("default", typed(text, draft.type)))
            elif labels.REQUIRED.fullmatch(line):
                draft.schema.append(("required", True))
            elif line in ("nullable", "可为空"):
                draft.schema.append(("nullable", True))
            elif not labels.BADGE.fullmatch(line):
                return
            self.at += 1

    def _line_below(self) -> str:
        self.at += 1
        return self.lines[self.at] if self.at < len(self.lines) else ""

    def _body(self, draft: Draft) -> None:
        """Prose and labels up to the next field or section."""
        while self.at < len(self.lines):
            line = self.normal[self.at]
            if labels.FOOTER.fullmatch(line):
                self.at = len(self.lines)
                break
            if self._is_heading(self.at, line) or self._starts_field(self.at):
                break
            if _CODE.match(line):
                self._skip_code()
                continue
            options = labels.OPTIONS.fullmatch(line)
            if options:
                draft.schema.append(("enum", self._options(draft, options[1])))
            elif children := labels.CHILDREN.fullmatch(line):
                if self.parent and draft.type not in ("object", "array", ""):
                    self.parent = ""  # it closes what `Show` above its members opened
                else:
                    self._open(draft.name, collapsed=bool(children[1]))
                self.at += 1
            elif not self._label(draft, line):
                if line and not labels.NOISE.fullmatch(line):
                    draft.prose.append(self.lines[self.at])
                elif not line and draft.prose and draft.prose[-1]:
                    draft.prose.append("")
                self.at += 1

    def _skip_code(self) -> None:
        """A sample below a field is no prose of it."""
        while self.at < len(self.lines) and not (
            self._is_heading(self.at, self.normal[self.at]) or self._starts_field(self.at)
        ):
            self.at += 1

    def _label(self, draft: Draft, line: str) -> bool:
        """Take a label with its value, if the line is one."""
        below = self.normal[self.at + 1] if self.at + 1 < len(self.lines) else ""
        length = labels.lengths(line, below)
        if length is not None:
            draft.schema += length[0]
            self.at += 1 + length[1]
            return True
        if (example := labels.EXAMPLE.fullmatch(line)) and self._is_example(example[1], below):
            self.at += 1
            known = len(draft.examples)
            self._examples(draft, example[1])
            self._of_the_whole(draft, known)
            return True
        if allowed := labels.ALLOWED.fullmatch(line):
            value = typed(allowed[1] or self._line_below(), draft.type)
            draft.schema.append(("enum", [value]) if draft.name == "model" else ("const", value))
            self.at += 1
            return True
        if pattern := labels.PATTERN.fullmatch(line):
            text = self.lines[self.at].partition(":")[2].strip() or self._line_below()
            text = text.strip("`") or pattern[1]
            if is_plain(text):
                draft.schema.append(("pattern", text))
            else:
                draft.unknown.append(f"pattern: {text}")
            self.at += 1
            return True
        return self._range(draft, line, below)

    def _range(self, draft: Draft, line: str, below: str) -> bool:
        found = labels.RANGE.fullmatch(line)
        if found is None:
            return False
        text = found[1] or below
        limits = labels.bounds(text, whole=draft.type == "integer")
        draft.schema += limits
        if not limits and not labels.BARE_RANGE.fullmatch(text):
            return False
        if not limits:
            draft.prose.append(line)
        self.at += 1 if found[1] else 2
        return True

    def _is_example(self, inline: str, below: str) -> bool:
        """A label of the site has its value on the line below; inline it is prose, unless JSON."""
        return not inline or inline[0] in '"[{' or isinstance(loose_json(inline), (int, bool))

    def _options(self, draft: Draft, inline: str) -> list[Any]:
        """The values under `Available options:`; a comma says that another one follows."""
        entries: list[str] = []
        self.at += 1
        if inline:
            entries.append(inline)
        more = not inline or inline.endswith(",")
        while self.at < len(self.lines):
            line = self.lines[self.at]
            if not line or line == ",":
                if not more and line != ",":
                    break
                more = True
                self.at += 1
                continue
            if not more and not self._is_option(self.at):
                break
            entries.append(line)
            more = line.endswith(",")
            self.at += 1
        kind = draft.items or draft.type
        values = [typed(part, kind) for entry in entries for part in _split_options(entry)]
        return [None if value in ("null", "<null>") else value for value in values]

    def _is_option(self, index: int) -> bool:
        """Whether a line after an option without a comma is one more option."""
        line = self.normal[index]
        if labels.EXAMPLE.fullmatch(line) or labels.CHILDREN.fullmatch(line):
            return False
        if line.lower() in labels.SECTIONS or self._starts_field(index):
            return False
        return _VALUE_LIKE.fullmatch(line) is not None

    def _examples(self, draft: Draft, inline: str) -> None:
        """One JSON value, or several: as many as follow and read as JSON."""
        start, first = self.at, True
        if inline:
            draft.examples.append(loose_json(inline))
            return
        while self.at < len(self.lines):
            while self.at < len(self.lines) and not self.lines[self.at]:
                self.at += 1
            if self.at >= len(self.lines) or self.at - start > _MOST_EXAMPLE_LINES:
                return
            found = self._json_here()
            if found is None:
                line = self.normal[self.at]
                if (
                    first
                    and not self._starts_field(self.at)
                    and line.lower() not in labels.SECTIONS
                ):
                    draft.examples.append(self.lines[self.at])
                    self.at += 1
                return
            draft.examples.append(found[0])
            first = False

    def _of_the_whole(self, draft: Draft, known: int) -> None:
        """Below the last member of an object, examples that no member can have are the object's."""
        above = draft.name.rpartition(".")[0]
        parent = next((d for d in self.layout.drafts if d.name == above), None)
        kind = {"array": list, "object": dict}.get(parent.type) if parent else None
        if parent is None or kind is None or draft.type in ("array", "object", ""):
            return
        shown = draft.examples[known:]
        if shown and all(isinstance(value, kind) for value in shown):
            parent.examples += shown
            del draft.examples[known:]

    def _json_here(self) -> tuple[Any] | None:
        """The JSON value that starts at this line, over as many lines as it takes."""
        line = self.lines[self.at]
        if line[:1] not in '"[{' and not re.fullmatch(r"-?\d+(\.\d+)?|true|false|null", line):
            return None
        if line[:1] not in "[{":
            self.at += 1
            return (loose_json(line),)
        text = "\n".join(self.lines[self.at : self.at + _MOST_EXAMPLE_LINES])
        try:
            value, end = json_at(text)
        except ValueError:
            return None
        if text[end:].partition("\n")[0].strip():
            return None
        self.at += text.count("\n", 0, end) + 1
        return (value,)


def _tables_of_models(lines: list[str]) -> list[str]:
    """The tables among lines whose rows, or whose columns, are models."""
    found: list[str] = []
    for tabbed, run in itertools.groupby(lines, lambda line: "\t" in line):
        rows = list(run)
        head = [normal(cell) for cell in rows[0].split("\t")] if tabbed else [""]
        if len(rows) > 1 and (compares_models(head) or MODEL_HEAD.fullmatch(head[0])):
            found += ["", *rows, ""]
    return found


def _split_options(entry: str) -> list[str]:
    return [part for part in (part.strip() for part in re.split(r",\s*", entry)) if part]


# The option of curl whose value is the body.
CURL_DATA = re.compile(r"--(?:data|json)|(?<!\S)-d(?= ?['\"{$])")


def samples_in(text: str) -> tuple[dict[Location, Any], tuple[int, int]]:
    """The sample request (the data of curl) and response, and where in the text they stand."""
    found: dict[Location, Any] = {}
    data = CURL_DATA.search(text)
    start, end = data.span() if data else (-1, 0)
    if data:
        value, end = _json_from(text, end)
        if isinstance(value, dict):
            found["request"] = value
    opening = re.compile(r"^[{\[]", re.MULTILINE).search(text, end)
    if opening:
        value, end = _json_from(text, opening.start())
        if isinstance(value, dict):
            found["response"] = value
            start = start if start >= 0 else opening.start()
    start = max(text.rfind("curl ", 0, max(start, 0)), 0) if found else 0
    stop = end if found else 0
    if "request" not in found and (shown := request_shown(text)):
        found["request"] = shown
    return found, (start, stop)


def _json_from(text: str, start: int) -> tuple[Any, int]:
    opening = text.find("{", start)
    if opening < 0:
        return None, start
    try:
        return json_at(text, opening)
    except ValueError:
        return None, start
