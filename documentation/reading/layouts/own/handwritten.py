"""Pages of markdown that people wrote: fields in tables, in bullets, or below their headings.

What tells a field is its name and its type; the heading above says whether requests or answers have
it. A heading that is named after an object has its members below it.
"""

from __future__ import annotations

import itertools
import re

from documentation.reading.layouts.draft import (
    Draft,
    dotted,
    typed,
)
from documentation.reading.layouts.field_tables import (
    bare,
    below_another,
    columns_of,
    list_coded,
    name_in,
    prose_lines,
    row_draft,
    told_members,
    type_by_sample,
)
from documentation.reading.layouts.own.blocks import Block
from documentation.reading.layouts.own.compared import say_of_models
from documentation.reading.layouts.own.found import MEMBER, FieldsFound, bodies_in
from documentation.reading.layouts.own.matrices import (
    legend_of,
    sentences_of_matrix,
    without_rows,
)
from documentation.reading.layouts.own.paragraphs import (
    below_whom,
    field_with_values,
    head_of_values,
    in_code,
    is_subject,
    labelled,
    labelled_in_bold,
    lists_values,
    only_for,
    option_of,
    place_of,
    said_in_short,
    says_all_needed,
    section_of,
    valued_field,
)
from documentation.reading.layouts.own.refused import rules_of
from documentation.reading.layouts.rendered import CURL_DATA, Layout
from documentation.reading.layouts.tabular.cells import MODEL_HEAD, compares_models
from documentation.reading.layouts.written import NOTHING, YES, Written, beside_name

# `**Type**: string, required`, `Default: 6`: bullets below the heading of a field.
_LABELLED = re.compile(
    r"(?:\*\*)?(?:(?P<type>type|类型)|(?P<default>default(?: value)?|默认值?)"
    r"|(?P<required>required|必填)|(?P<nullable>nullable|可为空|可为 ?null)"
    r"|(?P<options>(?:allowed |possible )?(?:options|values)|可选值|枚举值?))"
    r"(?:\*\*)?[:：](?:\*\*)? ?(?P<said>.*)",
    re.IGNORECASE,
)
_BULLET_NAME = re.compile(
    r"(?P<mark>\*\*`?|`|__`?)(?P<name>[A-Za-z_][\w.\[\]-]*)(?:`?\*\*|`|`?__)[*:]*"
)
_OF_A_FIELD = re.compile(
    r"(?:the )?[`*\"']*(?P<name>[A-Za-z_][\w.\[\]-]*)[`*\"']*"
    r"(?: ?(?:对象|数组|参数|字段|结构|元素|的?(?:字段|成员|属性)|objects?|items?|array|fields?"
    r"|parameters?|properties|members|structure|list|entries))*",
    re.IGNORECASE,
)


def read_handwritten(blocks: list[Block]) -> Layout | None:
    """The fields that a page describes in its own way; None where it has none."""
    layout = _Handwritten(blocks).read()
    return layout if any(d.location == "request" for d in layout.drafts) else None


class _Handwritten(FieldsFound):
    def __init__(self, blocks: list[Block]) -> None:
        super().__init__()
        self.blocks = blocks
        self.levels: list[tuple[int, str, Draft | None]] = []
        self.of_models: list[str] = []
        self.compared: list[list[list[str]]] = []
        self.tables: list[list[list[str]]] = []  # other tables than those of fields
        self.ahead: list[tuple[str, list[str]]] = []  # tables of fields that are told of below
        self.option = ""
        self.only = ""
        self.above = ""  # the paragraph above the bullets
        self.led: list[tuple[int, Draft]] = []
        self.in_bold = False  # whether fields have lines in bold type above them, and no headings

    def read(self) -> Layout:
        codes = [bodies_in(block.text) for block in self.blocks if block.kind == "code"]
        self.shown = [each["request"] for each in codes if "request" in each]
        for at, block in enumerate(self.blocks):
            following = self.blocks[at + 1] if at + 1 < len(self.blocks) else Block("text")
            if block.kind != "bullet":
                self.above = block.text if block.kind == "text" else ""
            if block.kind == "heading":
                self._heading(block, following)
            elif block.kind == "code":
                self._sample(block)
            elif block.kind == "table":
                self._table(block)
            elif block.kind == "bullet":
                self._bullet(block)
            elif not self._closes(at):
                self._text(block)
        asked = {name: draft for (at, name), draft in self.drafts.items() if at == "request"}
        self._crossed(asked)
        for table in self.compared:
            self.of_models += say_of_models(table, asked)
        for told, lines in [("model", self.of_models), *self.ahead]:
            name, rows = (told, lines) if told else field_with_values(lines, asked)
            if ("request", name) in self.drafts:
                self.drafts["request", name].prose += rows
        for draft in list(self.drafts.values()):
            if not any(name.startswith(f"{draft.name}.") for _, name in self.drafts):
                for member in told_members(draft):
                    self.keep(member)
        self.layout.drafts = list(self.drafts.values())
        names = {draft.name for draft in self.layout.drafts}
        for draft in self.layout.drafts:
            list_coded(draft, names)
            type_by_sample(draft, self.layout.samples.get(draft.location))
        return self.layout

    def _crossed(self, asked: dict[str, Draft]) -> None:
        """Say what tables do that cross fields with values, or list errors or conditions."""
        legend = legend_of(block.text for block in self.blocks if block.kind == "text")
        for table in self.tables:
            selector, said = sentences_of_matrix(table, asked, legend)
            if selector is None:
                self.layout.notes += rules_of(table, {*asked})
                continue
            self.layout.notes += said
            rows = ["\t".join(bare(cell) for cell in row) for row in table[1:]]
            for draft in self.drafts.values():
                draft.prose = without_rows(draft.prose, rows, own=draft is selector)
            self.ahead = [(n, lines) for n, lines in self.ahead if lines[2:-1] != rows]
            self.compared = [each for each in self.compared if each[1:] != _bare(table[1:])]
            self.of_models = without_rows(self.of_models, rows)

    def _closes(self, at: int) -> bool:
        """Take callouts that end a section, where the first names other fields than that above."""
        rest = itertools.takewhile(lambda each: each.kind != "heading", self.blocks[at:])
        callouts = [each.text if each.kind == "text" and each.depth else "" for each in rest]
        if not (self.open and self.in_bold and self.location == "request" and all(callouts)):
            return False
        named = re.findall(r"`([a-z]\w*)`", callouts[0])
        own = self.open[-1][1].name in named or _ITSELF.search(callouts[0])
        if own or not {*named} & {draft.name for draft in self.asked()}:
            return False
        self.open, self.parent = [], None
        self._beside_all(prose_lines(callouts[0]))
        return True

    def _heading(self, block: Block, following: Block) -> None:
        self.levels = [level for level in self.levels if level[0] < block.depth]
        self.open, self.parent, self.option, self.in_bold = [], None, "", False
        self.only = self._some_models(block.text)
        self.needed = says_all_needed(block.text)
        _, around, owner = self.levels[-1] if self.levels else (0, "", None)
        named = _OF_A_FIELD.fullmatch(block.text.strip())
        location = around or "request"
        known = self.known(location, named["name"]) if named else None
        known = known or (self.known(location, named["name"].lower()) if named else None)
        if known is None and location == "request":
            known = self.referred(block.text)
        self.location = around
        if known is not None and "object" in (known.type, known.items):
            self.location, self.parent = location, known
        elif self._defines(block, following, location, owner):
            self.location = location
        elif known is not None and location != "none":
            self.location, self.open = location, [(-1, known)]
        else:
            self.location = section_of(block.text, around)
        self.levels.append((block.depth, self.location, self.parent or owner))

    def _defines(self, block: Block, following: Block, location: str, owner: Draft | None) -> bool:
        """Whether a heading is a field's name, with its type beside it or on the line below.

        Below the heading of an object it is a member of that.
        """
        found = re.match(r"[`*]*(?P<name>[A-Za-z_][\w.\[\]]*)[`*]*(?P<rest>.*)", block.text)
        if found is None or location == "none":
            return False
        beside = beside_name(found["rest"])
        labelled = _LABELLED.match(following.text)
        if labelled and labelled["type"]:
            following.kind, following.text = "text", labelled["said"]
        below = beside_name(following.text) if following.kind == "text" else Written()
        typed_beside = bool(beside.types) and not beside.prose
        if not typed_beside and (beside.prose.strip() or not below.types):
            return False
        written = beside if typed_beside else below
        written.schema += [] if typed_beside else beside.schema
        inside = owner is not None and owner.location == place_of(location)
        inside = inside and not found["name"].startswith(f"{owner.name}.")  # type: ignore[union-attr]
        name = f"{owner.name}.{found['name']}" if owner and inside else found["name"]
        draft = self.add(location, name, written)
        if not typed_beside:
            own = _LEADING_NAME.match(written.prose)  # `rhyme` is needed with `ode`: of this field
            following.text = "" if own else written.prose
            following.kind = "text" if following.text else "none"
            draft.prose = [written.prose] if own else []
        self.begin(draft)
        return True

    def _sample(self, block: Block) -> None:
        """A body in a block of code, which is shown if it stands in no part about other things."""
        for location, value in bodies_in(block.text).items():
            if self.location != "none" or CURL_DATA.search(block.text):
                self.layout.samples.setdefault(location, value)

    def _table(self, block: Block) -> None:
        head, *rows = block.rows
        kinds = columns_of(head, rows) if self.location != "none" else []
        if kinds and ("type" in kinds or self.location):
            around, inside = self.parent, self._continued(block)
            if inside is not None and "object" in (inside.type, inside.items):
                self.parent = inside
            self._fields(kinds, head, rows)
            self.parent = around
            return
        self.tables.append(block.rows)
        lines = ["\t".join(bare(cell) for cell in row) for row in block.rows]
        name = valued_field(head[0])
        inner = f"{self.parent.name}.{name}" if self.parent else name
        headed = self.drafts.get(("request", inner)) or self.drafts.get(("request", name))
        if headed is not None:
            lines[0] = "\t".join([headed.name.rpartition(".")[2], *map(bare, head[1:])])
        own = headed or self._continued(block)
        if own is not None and own is self.parent and self.open and head_of_values(head[0]):
            own = self.open[-1][1]  # the last member, of which these are the values
        if own is not None:
            own.prose += ["", *lines, ""]
        elif name:
            self.ahead.append((name, ["", *lines, ""]))
        elif self.location == "none":
            return
        elif compares_models([bare(cell) for cell in head]):
            self.compared.append(_bare(block.rows))
        elif MODEL_HEAD.fullmatch(bare(head[0])):
            self.of_models += ["", *lines, ""]
        elif lists_values(head, rows) and self.location in ("", "request"):
            self.ahead.append((name, ["", *lines, ""]))

    def _fields(self, kinds: list[str], head: list[str], rows: list[list[str]]) -> None:
        """The rows of a table of fields; a mark before a name makes it a member of the last one."""
        if self.parent is not None and (alike := self.alike(self.parent, rows)):
            around = self.parent
            for name in alike:
                self.parent = self.keep(around.member(name, "object"))
                self._fields(kinds, head, rows)
            self.parent = around
            return
        above = ""
        for row in rows:
            name = dotted(name_in(row[0]))
            if self.parent is not None and not name.startswith(f"{self.parent.name}."):
                name = f"{self.parent.name}.{name}"
            elif below_another(row[0]) and above:
                name = f"{above}.{name}"
            else:
                above = dotted(name)
            draft = row_draft(kinds, head, row, place_of(self.location), name)
            draft.prose += [self.only] if self.only and "." not in name else []
            self.keep(draft)

    def _bullet(self, block: Block) -> None:
        self.open = [(depth, draft) for depth, draft in self.open if depth < block.depth]
        if self._is_labelled(block.text):
            return
        found = _BULLET_NAME.match(block.text)
        written = beside_name(block.text[found.end() :]) if found else Written()
        member = ""
        if found and not written.types:
            if chooser := self.chooser(found["name"]):
                chooser.prose.append(f"• {block.text}")
                return
            member = self.member_type(found["name"], block.text)
        if member:
            written = beside_name(MEMBER.match(block.text)["said"])  # type: ignore[index]
            written.types = written.types or (member,)
            written.schema = [("type", written.types[0]), *written.schema]
        if found is None or not written.types or self.location == "none":
            owner = self.open[-1][1] if self.open else self._continued(block)
            if owner is not None and self.option:
                owner.prose += labelled(self.option, block.text)
            elif owner is not None:
                owner.prose.append(f"• {block.text}")
            elif self.location in ("", "request"):
                self._beside_all([below_whom(self.above, block.text)])
            return
        name = found["name"]
        below = self.open and (self.open[-1][0] >= 0 or member)
        owner = self.open[-1][1] if below else self.parent
        if owner is not None and not name.startswith(f"{owner.name}."):
            name = f"{owner.name}.{name}"
        draft = self.add(self.location or "request", name, written)
        self.open.append((block.depth, draft))

    def _is_labelled(self, text: str) -> bool:
        """Take a bullet that says a default, whether a field is required, or may be null."""
        if not self.open or self.open[-1][0] >= 0:
            return False
        draft = self.open[-1][1]
        found = _LABELLED.match(text)
        if found is None:
            return said_in_short(text, draft)
        if found["type"]:
            return False
        if found["options"]:
            values = [typed(value, draft.type) for value in in_code(found["said"])]
            if any(isinstance(v, str) for v in values) and draft.type != "string":
                return False  # these are bounds
            draft.schema += [("enum", values)] if values else []
            return bool(values)
        said = found["said"].strip().strip("`").strip('"')
        if found["default"]:
            known = not NOTHING.fullmatch(said)
            draft.schema += [("default", typed(said, draft.type))] if known else []
        elif YES.fullmatch(said):
            draft.schema.append(("required" if found["required"] else "nullable", True))
        return True

    def _text(self, block: Block) -> None:
        if self.open and self.open[0][0] < 0:  # below the members that bullets describe
            self.open = [(d, draft) for d, draft in self.open if d < max(block.depth, 0)]
        if self._names_field(block.text) or self._is_labelled(block.text):
            return
        if not self.open and (only := self._some_models(block.text)):
            self.only = only
            return
        owner, block.text = self._led(block)
        if owner is not None and block.text:
            self.option = option_of(block.text, owner)
            owner.prose += prose_lines(block.text)
        elif self.location in ("", "request", "path", "query"):
            self._beside_all(prose_lines(block.text))

    def _names_field(self, text: str) -> bool:
        """Take a line that is a field's name in bold type, and its type: `**ode** `string``."""
        found = _BULLET_NAME.match(text) if text.startswith("**") else None
        written = beside_name(text[found.end() :]) if found else Written()
        if found is None or not written.types or self.location == "none":
            return False
        draft = self.add(self.location or "request", found["name"], written)
        self.begin(draft)
        self.in_bold = True
        return True

    def _led(self, block: Block) -> tuple[Draft | None, str]:
        """The field that a paragraph is about, and what it says; also one that begins with it."""
        owner = self._of_another(block.text) or self._continued(block)
        apart = owner is None or self.open == self.led or not _ITSELF.search(block.text)
        apart = apart or is_subject(block.text)
        found = _LEADING_NAME.match(block.text) if apart else None
        known = self.drafts.get(("request", found["name"])) if found else None
        rest = block.text[found.end() :].strip() if found else ""
        if known is not None and _OF_SOME.fullmatch(rest):
            self.open, self.parent = [], None  # what follows is said of some requests only
            return None, block.text
        if known is None or found is None:
            return owner, block.text
        self.begin(known)
        self.led = self.open
        label = re.match(r"for [^:]{2,60}:", rest)
        return known, f"F{rest[1:]}" if label else block.text

    def _of_another(self, text: str) -> Draft | None:
        """The one field that a paragraph below members names, if it names nothing of theirs."""
        if self.parent is None or self.open or self.parent.name.rstrip("s") in text.lower():
            return None
        told = [d for d in self.asked() if re.search(rf"`{re.escape(d.name)}\b[^`]*`", text)]
        return told[0] if len(told) == 1 else None

    def _some_models(self, title: str) -> str:
        """What is said of the fields below a heading that names some models: `Parameters of X`."""
        model = self.drafts.get(("request", "model"))
        return only_for(bare(title).strip(), model) if model else ""

    def _beside_all(self, lines: list[str]) -> None:
        """Keep what is said of no field by itself: above the fields, or below them."""
        below = any(location == "request" for location, _ in self.drafts)
        lines = [labelled_in_bold(line) for line in lines]
        (self.layout.notes if below else self.layout.intro).extend(lines)

    def _continued(self, block: Block) -> Draft | None:
        """The field that a block without a name says more of."""
        if self.open:
            for depth, draft in reversed(self.open):
                if depth < 0 or block.depth > depth:
                    return draft
            draft = self.open[-1][1]
            said = next((line for line in reversed(draft.prose) if line.strip()), "")
            return draft if said.rstrip().endswith((":", "\uff1a")) else self.parent
        return self.parent


_ITSELF = re.compile(r"\b(?:this|it)\b|[此该本]", re.IGNORECASE)
_OF_SOME = re.compile(r"(?:for|of|in|with) [^:;]{2,60}:?", re.IGNORECASE)
_LEADING_NAME = re.compile(r"(?P<mark>\*\*`?|`)(?P<name>[a-z]\w*)(?:`?\*\*|`)(?=[ :\uff1a])")


def _bare(rows: list[list[str]]) -> list[list[str]]:
    return [[bare(cell) for cell in row] for row in rows]
