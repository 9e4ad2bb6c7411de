"""What a paragraph, a bullet, a heading or a column is about: a field, its options, some models."""

from __future__ import annotations

import re

from documentation.fact import Location
from documentation.reading.layouts.draft import Draft, typed
from documentation.reading.layouts.written import beside_name

_HEADINGS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(words, re.IGNORECASE), meant)
    for words, meant in (
        (r"header|请求头|标头|authenti|authori[sz]|认证|鉴权|授权|cookie", "none"),
        (
            r"pric|billing|cost|credit|error|status code|rate limit|changelog|faq|计费|价格|收费",
            "none",
        ),
        (
            r"错误|状态码|限流|更新日志|常见问题|get (?:the )?task|poll|查询(?:任务|结果)|webhook",
            "none",
        ),
        (r"callback (?:payload|body)|回调(?:内容|格式|示例)", "none"),
        (r"respon|\breturns?\b|\bcomes back\b|返回|响应|\boutput|result|结果", "response"),
        (r"path param|路径参数", "path"),
        (r"query param|查询参数", "query"),
        (r"body|request|param|fields|argument|\binputs?\b|请求|参数|字段|入参", "request"),
    )
)
_OUTPUT = re.compile(
    r"(?:video )?(?:outputs?|results?)(?: settings| options)?|输出(?:设置|选项)?", re.I
)
# `see [Sizes](#sizes)`, `see "Sizes"`, `取值见“尺寸”`: more is said below that heading.
_SENT = re.compile(
    r"\]\(#(?P<slug>[\w-]{1,80})\)"
    r"|(?:see|参见|详见|参考|见)(?:下文|上文|下方|上方|下面的?| the| section| below)* ?"
    r"[\"'“「\[*]*(?P<title>[\w一-鿿][^\"'”」\]*.。;,()]{0,60})",
    re.IGNORECASE,
)
# `Parameters of Nova`, `Nova 专属参数`: the fields below are of some models only.
_OF_MODELS = re.compile(
    r"(?:(?:extra|additional|own|more|further) )?(?:parameters?|fields?|options)"
    r" (?:of|for|specific to)(?: the)? (?P<who>[\w. -]{2,40}?)(?: models?| only)*"
    r"|(?:only(?: for)? )(?P<only>[\w.-]+)|(?P<alone>[\w.-]+) only"
    r"|(?:仅)?(?P<zh>[\w. -]{2,40}?) ?(?:模型)?(?:专属|专用|独有|特有)的?(?:参数|字段)"
    r"|(?:仅|只)(?:限|用于|适用于|支持)? ?(?P<just>[\w.-]+)",
    re.IGNORECASE,
)
# `These are for nova-1 alone.`, `以下参数仅 nova-1 支持`: as a heading of such fields.
_ALL_OF = re.compile(
    r"(?:everything|all(?: of (?:this|these))?|these"
    r"|(?:all |the |these )?(?:following )?(?:parameters?|fields?))"
    r"(?: in (?:this|the) \w+| below| here)? (?:belongs?(?: only)? to|(?:is|are)(?: only)? for"
    r"|(?:applies|apply)(?: only)? to|(?:is|are) specific to)(?: the)? (?P<who>[\w.-]+)"
    r"(?: only| alone)?[.:]"
    r"|(?:以下|下列|本节|这些|下表)(?:参数|字段)?(?:均|都)?(?:仅|只)(?:适用于|用于|对|限|由|供)? ?"
    r"(?P<zh>[\w.-]+)",
    re.IGNORECASE,
)
_CODED = re.compile(r"`[^`]+`(?:(?:, ?| or | and |、|，|或)+`[^`]+`)+\.?")
# The head of a column that has the values of a field.
_VALUES_OF = re.compile(r"`?(?P<name>[a-z]\w*)`?(?: ?(?:取值|值|的值|values?|options?))?", re.ASCII)
_VALUES = re.compile(r"`?(?:value|option)s?`?|值|取值|可选值|选项", re.IGNORECASE)
_SUBJECT = re.compile(
    r"`[a-z]\w*`(?: ?(?:=|:|set to|of) ?)`[^`]+` (?:is|are|can|can ?not|may|needs)\b"
)
_STRONG = re.compile(r"(?:\*\*|__)`?(?P<value>[A-Za-z0-9][\w.:-]{0,60})`?(?:\*\*|__)(?=\s)")
_ENDED = re.compile(r"(?<=[.。;]) ?(?=[A-Z`\u4e00-\u9fff])")


# `**Sung (`song`)** needs a rhyme`: what a line in bold type begins with is its label.
_IN_BOLD = re.compile(r"^\*\*([^*]{2,60}?)[:\uff1a]?\*\*[:\uff1a]? ?(?=\S)")
# The heading of what is said of several fields, whichever sends readers to it.
_OF_ALL = re.compile(
    r"(?:使用|参数|取值|输入|组合|字段)?(?:限制|规则|约束|说明|注意事项|须知|关系)"
    r"(?: ?\d{1,2}[:：]?)?"
    r"|(?:usage |parameter |input )?(?:limits?|limitations|rules|constraints|restrictions|notes"
    r"|remarks)(?: ?\d{1,2}:?)?",
    re.IGNORECASE,
)
# The heading of fields that all are required.
_NEEDED = re.compile(
    r"(?:required|mandatory)(?: (?:parameters?|fields?|options?))?"
    r"|必[填传选需](?:的?(?:参数|字段|项))?",
    re.IGNORECASE,
)


def labelled_in_bold(line: str) -> str:
    """A line that begins in bold type as one that begins with a label."""
    return _IN_BOLD.sub(r"\1: ", line)


def speaks_of_all(title: str) -> bool:
    """Whether what is below a heading is said of any field: `Limits`, `规则`."""
    return _OF_ALL.fullmatch(title) is not None


def says_all_needed(title: str) -> bool:
    """Whether all fields below a heading are required."""
    return _NEEDED.fullmatch(title.strip()) is not None


def section_of(title: str, around: str) -> str:
    """Which part of the call is described below a heading; that around it where it says none."""
    meant = next((to for words, to in _HEADINGS if words.search(title)), "")
    if around == "request" and _OUTPUT.fullmatch(title.strip()):
        meant = ""  # what a request says of its result
    return meant or around


def place_of(location: str) -> Location:
    """Where the fields of a part of a page are; those of any other are in requests."""
    places: dict[str, Location] = {"response": "response", "path": "path", "query": "query"}
    return places.get(location, "request")


def sends_to(slug: str, title: str, line: str) -> bool:
    """Whether a line of prose sends readers to a heading."""
    plain = re.compile(rf"{re.escape(title)}(?: (?:below|above|section|table))*", re.IGNORECASE)
    return any(
        found["slug"] == slug if found["slug"] else plain.fullmatch(found["title"].strip())
        for found in _SENT.finditer(line)
    )


def singular(name: str) -> str:
    """The words of a name or a title, each without the ending of the plural."""
    words = re.findall(r"[a-z]+", name.lower())
    return " ".join(word.removesuffix("s") for word in words)


def only_for(title: str, model: Draft) -> str:
    """What is said of all fields below a heading that names some models; empty for others."""
    found = _OF_MODELS.fullmatch(title) or _ALL_OF.match(title)
    if found is None:
        return ""
    who = next(filter(None, found.groupdict().values())).strip().removesuffix(".")
    told = f" {' '.join([*model.prose, *map(str, model.options())])} ".lower()
    known = re.search(rf"(?<![a-z0-9.]){re.escape(who.lower())}(?![a-z0-9]|\.\d)", told)
    return f"Only for {who}." if known else ""


def said_in_short(text: str, draft: Draft) -> bool:
    """Take a bullet that begins as what stands beside a name: `optional, default 6, seconds`."""
    written = beside_name(text)
    if written.types or not re.search(r"\w", text[: len(text) - len(written.prose)]):
        return False
    for keyword, value in written.schema:
        draft.schema.append((keyword, typed(value, draft.type) if keyword == "default" else value))
    draft.prose += [f"• {written.prose}"] if written.prose else []
    return True


def option_of(text: str, draft: Draft) -> str:
    """The option of a field that a paragraph is about: it begins with it, in bold type."""
    found = _STRONG.match(text)
    value = found["value"] if found else ""
    told = rf"(?<![\w.-]){re.escape(value)}(?![\w-]|\.\w)"
    known = value in map(str, draft.options()) or any(re.search(told, p) for p in draft.prose)
    return value if known else ""


def labelled(option: str, text: str) -> list[str]:
    """The sentences of a bullet below such a paragraph, each said of that option."""
    return [f"{option}: {part}" for part in _ENDED.split(text) if part.strip()]


def in_code(text: str) -> list[str]:
    """The values that a text lists in code, and nothing else."""
    listed = _CODED.fullmatch(text.strip())
    return re.findall("`([^`]+)`", listed[0]) if listed else []


def valued_field(head: str) -> str:
    """The field that the head of a column names, whose values stand below; empty for others."""
    found = _VALUES_OF.fullmatch(head)
    return found["name"] if found else ""


def head_of_values(head: str) -> bool:
    """Whether the head of a column says only that values stand below."""
    return _VALUES.fullmatch(head) is not None


_SECONDS = re.compile(r"(?<=\d) ?(?:秒|seconds?|s)$")


def field_with_values(lines: list[str], drafts: dict[str, Draft]) -> tuple[str, list[str]]:
    """The one field with all the values in the first column of a table, or above the others.

    And the lines of the table, less the unit of these values.
    """
    rows = [line.split("\t") for line in lines if "\t" in line]
    firsts = [_SECONDS.sub("", row[0]) for row in rows[1:]]
    for listed in (firsts, rows[0][1:] if rows else []):
        found = [
            name
            for name, draft in drafts.items()
            for code in [re.findall("`([^`]+)`", " ".join(draft.prose))]
            if len(listed) > 1 and {*listed} <= {*map(str, draft.options()), *code}
        ]
        if len(found) == 1:
            first = found[0] if listed is firsts else rows[0][0]
            bare = zip([first, *firsts], rows, strict=True)
            return found[0], ["", *("\t".join([cell, *row[1:]]) for cell, row in bare), ""]
    return "", lines


def lists_values(head: list[str], rows: list[list[str]]) -> bool:
    """Whether the rows of a table, or its columns, are values of some field."""
    first = [row[0] for row in rows]
    listed = [cells for cells in (first, head[1:]) if len(cells) > 1]
    coded = any(all(re.fullmatch("`[^`]+`", cell) for cell in cells) for cells in listed)
    return coded or head_of_values(head[0])


def is_subject(text: str) -> bool:
    """Whether a paragraph begins with a field and its value, of which the rest is then said."""
    return _SUBJECT.match(text) is not None


# A line above bullets that says for which requests they are: `With `ode` on:`.
_FOR_WHOM = re.compile(
    r"(?:when|if|with|once|while|in) [^.;:]{3,60}"
    r"|(?:当|若|如果|使用|开启|启用|选择|设为)[^。;:\uff1a]{2,40}时",
    re.IGNORECASE,
)


def below_whom(head: str, bullet: str) -> str:
    """A bullet, which begins with what the line above it says of whom it is."""
    whom = head.rstrip(" :\uff1a")
    told = whom != head.rstrip() and _FOR_WHOM.fullmatch(whom)
    return f"{whom}, {bullet}" if told else bullet
