"""Tables whose rows are fields: a name, a type, and what else the page says of each.

Such a table stands on a page of its own layout, or in the prose of an object, whose members it has.
"""

from __future__ import annotations

import re
from typing import Any

from documentation.fact import Location
from documentation.reading.layouts.draft import NAME, Draft, dotted, loose_json, typed
from documentation.reading.layouts.written import NOTHING, YES, Written, beside_name, type_named

_HEADS = tuple(
    (re.compile(words, re.IGNORECASE), kind)
    for words, kind in (
        (
            r"(?:(?:request |body )?(?:field|parameter|param|name|property|key|argument|attribute"
            r"|member)s?(?: name)?(?: (?:of|in) (?:an?|the|each|every) \w{2,20})?"
            r"|(?:请求|子)?(?:参数|字段|属性|成员)名?称?|名称|变量)",
            "name",
        ),
        (r"(?:data |field |value )?types?|(?:数据|参数|字段)?类型", "type"),
        (
            r"(?:is )?(?:required|mandatory)\??|(?:是否)?(?:必填|必传|必须|必需|必选)(?:项)?",
            "required",
        ),
        (r"defaults?(?: values?)?|默认值?|缺省值?", "default"),
        (
            r"descriptions?|meaning|notes?|details|explanation|remarks?|comments?"
            r"|(?:参数|字段)?(?:说明|描述|含义|备注|解释)",
            "prose",
        ),
        (r"examples?(?: values?)?|示例值?|样例|例子", "example"),
        (
            r"(?:(?:allowed|possible|valid|accepted|available) )?(?:values|options)|range"
            r"|constraints?|limits?|(?:取值)?范围 ?[/／或] ?(?:可选|枚举|允许)?值"
            r"|(?:可选|允许|有效|枚举)?(?:值|取值)(?:范围)?|范围|限制|约束",
            "values",
        ),
    )
)
_MARK = re.compile(r"^(?:[└├│─↳»>·.\s-]|&nbsp;|&emsp;)+")
_STAR = re.compile(r"\s*(?:\*|\((?:required|必填)\))$", re.IGNORECASE)


def bare(cell: str) -> str:
    """A cell without the marks of code and of emphasis, and the quotes of a text in code."""
    cell = re.sub(r'^`"([^"`]+)"`$', r"\1", cell.strip())
    return cell.replace("`", "").replace("**", "").strip()


def name_in(cell: str) -> str:
    """The field's name in a cell; empty where it has none."""
    name = _STAR.sub("", _MARK.sub("", bare(cell))).strip()
    return name if NAME.fullmatch(name) and len(name) <= 200 else ""


def below_another(cell: str) -> bool:
    """Whether a mark before the name makes the field a member of the one above it."""
    return _MARK.match(bare(cell)) is not None


def columns_of(head: list[str], rows: list[list[str]]) -> list[str]:
    """What each column of a table of fields has; none where the table has something else."""
    cells = [bare(cell) for cell in head]
    kinds = [next((kind for e, kind in _HEADS if e.fullmatch(cell)), "") for cell in cells]
    fields = kinds[:1] == ["name"] and rows and all(row and name_in(row[0]) for row in rows)
    return kinds if fields else []


# `nova-1-edit only`, in the column that says whether a field is required.
_ONLY_SOME = re.compile(r"(?:only (?:for )?)?([a-z][\w., -]*?),? only|only (?:for )?(.+)", re.I)


def row_draft(
    kinds: list[str], head: list[str], row: list[str], location: Location, name: str
) -> Draft:
    """The field that a row describes."""
    cells = dict(zip(kinds, row, strict=False))
    kind = cells.get("type", "")
    written = type_named(kind) or (beside_name(kind) if kind.strip() else Written())
    draft = Draft(location, dotted(name), written.types, written.items)
    draft.schema = list(written.schema)
    draft.prose += [written.prose] if written.prose.strip() else []
    must = bare(cells.get("required", ""))
    if "." in name:
        must = _OF_ITS_OBJECT.sub("", must)
    if _STAR.search(bare(row[0])) or YES.fullmatch(must):
        draft.schema.append(("required", True))
    elif unless := _UNLESS.match(must):
        draft.prose.append(f"Required unless {must[unless.end() :]}")
    elif only := _ONLY_SOME.fullmatch(must) if len(must) > 6 else None:
        draft.prose.append(f"Required for {only[1] or only[2]}")  # others may have it
    elif len(must) > 6:
        draft.prose.append(f"Required {must}" if _FOR_SOME.match(must) else must)  # a condition
    default = bare(cells.get("default", ""))
    if not NOTHING.fullmatch(default):
        draft.schema.append(("default", typed(default, draft.type)))
    for kind, title, cell in zip(kinds, head, row, strict=False):
        if kind == "example" and not NOTHING.fullmatch(bare(cell)):
            draft.examples.append(_shown(bare(cell), draft))
        elif kind == "values" and (address := _ADDRESS.fullmatch(bare(cell))):
            draft.schema += [("format", "uri")] if draft.type == "string" else []
            draft.schema += [("nullable", True)] if address["null"] else []
        elif kind == "values" and not NOTHING.fullmatch(bare(cell)):
            draft.prose.append(f"{bare(title)}: {cell}")
        elif kind in ("prose", "") and cell.strip():
            draft.prose += prose_lines(cell)
    return draft


# `yes (with a poem)`: of a member, which has a place in its object only.
_OF_ITS_OBJECT = re.compile(r"(?<=.) ?[(（][^()（）]{1,40}[)）]$")
_ADDRESS = re.compile(
    r"(?:https? )?(?:urls?|链接|网址)"
    r"(?P<null> ?(?:or|或|\||/) ?null)?",
    re.IGNORECASE,
)
_UNLESS = re.compile(
    r"(?:yes|required|必填|是)?[,;(，（ ]*(?:except|unless|but not)(?: for| in| with| when)? "
    r"(?=[^()]*$)",
    re.IGNORECASE,
)
_FOR_SOME = re.compile(r"(?:only )?(?:for|when|if|with|in|unless|at|on|by)\b", re.IGNORECASE)
_CODE = r"`[^`\s,{}\[\]]{1,60}`"
_JOINED = r"(?: ?(?:,|、|/|\||\uff0c)(?: ?(?:or|and)\b)?| or| and| ?(?:或者?|和|以及))? ?"
_DEFAULT = r"(?: ?[(\uff08](?:the )?(?:default|默认)[)\uff09])"
_ASIDE = r"(?: ?[(\uff08][^()\uff08\uff09]{1,60}[)\uff09])"
_LISTED = re.compile(
    rf"(?:^(?:[一-鿿]{{2,8}}[,\uff0c] ?|[A-Z][a-z' -]{{3,60}}, ?|可[用填传取为] ?)?|[:\uff1a.。] ?"
    r"|\b(?:one of|either)(?: the following)?:? |^(?:可选?)?取值?(?:为|是)? ?"
    rf"|[,\uff0c] ?可选(?:值|项)?(?:为|是|有|包括)?[:\uff1a]? ?)"
    rf"(?P<values>{_CODE}(?:{_DEFAULT}?{_JOINED}{_CODE})+)(?!{_ASIDE}?{_JOINED}{_CODE})"
    rf"(?= ?(?:[,.;。、(\uff0c\uff1b\uff08]|[一二两三四五六七八九\d]+[种档个项]|$"
    r"|to (?:let|have|keep|use|leave|turn|pick|choose|match|follow|make)\b))",
    re.IGNORECASE,
)
_LABEL_BEFORE = re.compile(r"`[^`]{1,60}` ?[:：] ?$")
# `Only `ode` is supported`: it has this one value.
_ONE_ALONE = re.compile(
    r"(?:^|[.。;] ?)(?:(?:currently,? )?only|always|(?:目前)?(?:仅|只)支持|固定为) ?"
    r"`[\"']?(?P<value>[^`\s,{}\[\]\"']{1,60})[\"']?`"
    r"(?: is (?:supported|allowed|accepted|available))?"
    r"(?= ?(?:[.。;]|$))",
    re.IGNORECASE,
)
# Ends of what is said of a value; a comma is one where the line begins with a value, too.
_APART = re.compile(
    r"[;\uff1b。]|(?<=[^`]), (?:and |or )?(?=`[^`\s]+` [a-z])"
    r"|(?<=[^`])[,\uff0c、] ?(?=`[^`\s]+` ?(?!不[可能得支]|[时下模为则需必才仅只可或和与])[一-鿿])"
)
_EXPLAINED = re.compile(
    rf"(?P<label>[^`;]{{1,40}}[:\uff1a] ?)?(?P<value>{_CODE}) ?(?P<gloss>[^`]*)"
)


# `nova-1 for drafts, nova-2 for songs`: the ids of models, each with what it is for.
_EACH_MODEL = re.compile(r"`([a-z][a-z0-9]*(?:[.-][a-z0-9]+)+)` (?:for|is|makes|renders|gives)\b")
_CODED_BULLET = re.compile(r"[•*-] ?`([^`]{1,80})`")


def list_coded(draft: Draft, names: set[str]) -> None:
    """Read the marks of code in a field's prose, which tell its values from other words."""
    if draft.type != "string" or draft.options():
        return
    if draft.name == "model":
        ids = _EACH_MODEL.findall(draft.opening()) if _EACH_MODEL.match(draft.opening()) else []
        if len({*ids}) > 1 and len({re.match("[a-z]+", each)[0] for each in ids}) == 1:  # type: ignore[index]
            draft.schema.append(("enum", ids))
        return
    bullets = [found[1] for line in draft.prose if (found := _CODED_BULLET.match(line))]
    if len({*bullets} - names) > 1:
        return  # these are the values, whatever is said of some of them
    for at, line in enumerate(draft.prose):
        one = _ONE_ALONE.search(line)
        if one and one["value"] not in names:
            draft.schema.append(("enum", [one["value"]]))
            return
        found = _LISTED.search(line)
        before = line[: found.start("values")] if found else ""
        if _FOR_SOME.match(before) or _LABEL_BEFORE.search(before):
            continue  # some requests only have these
        if found and _values(found["values"], draft, names):
            draft.schema.append(("enum", _values(found["values"], draft, names)))
            return
        parts = [part.strip() for part in _APART.split(line) if part.strip()]
        each = [_EXPLAINED.fullmatch(part) for part in parts]
        first = next((n for n, part in enumerate(each) if part), len(each))
        run = [part for part in each[first:] if part]
        if len(run) < 2 or len(run) < len(each) - first or any(p["label"] for p in run[1:]):
            continue
        if _values(" ".join(part["value"] for part in run), draft, names):
            options = [f"• {part['value'].strip('`')}: {part['gloss']}" for part in run]
            draft.prose[at : at + 1] = [*parts[:first], *options]
            return


_HOST = re.compile(r"(?:\d+\.){2}|localhost|https?$")


def _values(text: str, draft: Draft, names: set[str]) -> list[str]:
    """The values between marks of code; none if they are names, or the default is another one."""
    values = re.findall(r"`([^`]+)`", text)
    default = draft.value_of("default")
    known = len({*values}) == len(values) > 1 and not {*values} & names
    known = known and not any(_HOST.match(value) for value in values)
    return values if known and (default is None or default in values) else []


_EACH = re.compile(
    rf"(?P<names>{_CODE}(?:{_JOINED}{_CODE})+)[, ]{{1,2}}(?:each|all|every one|均|都)(?: of them)?"
    r"(?: is| are|为|是)? ?(?:an? )?(?P<type>[a-z]+?|[一-鿿]{2,3})s?(?= |,|$)(?P<rest>[^`]*)$",
    re.IGNORECASE,
)


# `Each entry has a `rhyme` (string, required)`.
_EACH_HAS = re.compile(
    r"(?:\b(?:each|every) (?:entry|item|element|object) |^(?:it )?)"
    r"(?:has|contains|consists of) (?:an? |only |just )?"
    r"`(?P<name>[A-Za-z_]\w*)` \((?P<type>string|integer|number|boolean)"
    r"(?P<needed>, required)?\)",
    re.IGNORECASE,
)


# `成员 `type`: 字符串, 必填`; `its only member is `rhyme` (string)`.
_MEMBER_IS = re.compile(
    r"(?:(?:only |single |one )?members? (?:is|are|called|named)?|成员(?:为|是|有)?) ?"
    r"`(?P<name>[A-Za-z_]\w*)`(?P<said>[^。;；]*)(?:[。;；]|$)",
    re.IGNORECASE,
)


def told_members(draft: Draft) -> list[Draft]:
    """The members of an object that a sentence lists: `a`, `b` and `c`, each a number from 0 to 1.

    What is said of each of them is taken out of the object's prose.
    """
    objects = "object" in (draft.type, draft.items)
    one = _EACH_HAS.search(" ".join(draft.prose)) if objects else None
    if one:
        member = draft.member(one["name"], one["type"].lower())
        member.schema += [("required", True)] if one["needed"] else []
        draft.prose = [_EACH_HAS.sub("", line) for line in draft.prose]
        return [member]
    for at, line in enumerate(draft.prose if "object" in (draft.type, draft.items) else ()):
        found = _MEMBER_IS.search(line)
        beside = beside_name(found["said"].lstrip(" :：")) if found else Written()
        if found and beside.types:
            draft.prose[at] = line.replace(found[0], "")
            member = Draft(draft.location, f"{draft.name}.{found['name']}", beside.types)
            member.schema, member.items = beside.schema, beside.items
            member.prose = [beside.prose] if beside.prose else []
            return [member]
    if draft.type != "object":
        return []
    for at, line in enumerate(draft.prose):
        for sentence in re.split(r"(?<=[.。;]) ?", line):
            found = _EACH.search(sentence)
            written = type_named(found["type"]) if found else None
            if found is None or written is None:
                continue
            left = sentence[: found.end("names")]
            draft.prose[at] = line.replace(sentence, f"{left}.")
            return [
                Draft(
                    draft.location,
                    f"{draft.name}.{name}",
                    written.types,
                    written.items,
                    list(written.schema),
                    [found["rest"].strip(" ,.")],
                )
                for name in re.findall(r"`([^`]+)`", found["names"])
                if NAME.fullmatch(name)
            ]
    return []


def _shown(text: str, draft: Draft) -> Any:
    return typed(text, draft.type) if draft.type != "array" else loose_json(text)


def prose_lines(text: str) -> list[str]:
    """The lines of a text in which `<br>` ends one, too."""
    return [line for line in re.split(r"<br ?/?>|\n", text) if line.strip()]


def type_by_sample(draft: Draft, sample: Any) -> None:
    """Give a field without a type that of its value in the sample, else that of most fields."""
    if draft.types:
        return
    shown = shown_at(draft.name, sample)
    shown = shown if shown is not None else draft.value_of("default")
    draft.types = (type_of_value(shown),)
    draft.schema.insert(0, ("type", draft.types[0]))
    if isinstance(shown, list) and shown:
        kind = type_of_value(shown[0])
        draft.items = "number" if kind == "integer" else kind
        draft.schema.insert(1, ("items", draft.items))


def shown_at(name: str, sample: Any) -> Any:
    """What a sample has at a dotted name, of lists the first item; None where it has nothing."""
    for step in name.split("."):
        sample = sample[0] if isinstance(sample, list) and sample else sample
        sample = sample.get(step) if isinstance(sample, dict) else None
    return sample


def type_of_value(value: Any) -> str:
    """The JSON type of a value that a page shows; that of most fields where it shows none."""
    kinds = (
        (bool, "boolean"),
        (int, "integer"),
        (float, "number"),
        (list, "array"),
        (dict, "object"),
    )
    return next((name for kind, name in kinds if isinstance(value, kind)), "string")
