"""What a page writes beside a field's name in its own words: type, whether it is required, default.

`string, required`, `array of objects`, `整数 或 null`, `(number, optional, default 0.5)`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from documentation.reading.layouts.draft import typed

_KINDS = {
    "string": r"strings?|str|enums?|urls?|uris?|字符串|文本|枚举",
    "integer": r"integers?|int(?:32|64)?|long|整数|整型|整形",
    "number": r"numbers?|floats?|doubles?|decimals?|浮点数?|数字|数值|小数",
    "boolean": r"booleans?|bools?|布尔(?:值|型|类型)?",
    "object": r"objects?|dict|对象",
    "array": r"arrays?|lists?|数组|列表",
    "null": r"null",
}
_ONE = "|".join(_KINDS.values())
_LISTED = "|".join(text for kind, text in _KINDS.items() if kind not in ("array", "null"))
_ARRAY = _KINDS["array"]
_SO_MANY = r"(?:(?:up to |at most |exactly )?\d{1,3} (?:(?:to|-|–) ?\d{1,3} )?)?"
_COUNTED = re.compile(
    r"\bof (?P<most>up to |at most )?(?:exactly )?(?P<n>\d{1,3}) (?:(?:to|-|–) ?(?P<m>\d{1,3}) )?",
    re.IGNORECASE,
)
_SIZED = re.compile(r"\d+|to|up|at|most|exactly|[-–]")
_PART = (
    rf"(?:(?:{_ARRAY}) ?(?:of {_SO_MANY}|[<(\[]) ?(?:{_ONE})(?: ?[>)\]])?"
    rf"|(?:enum|string) ?[<(\[] ?(?:{_ONE}) ?[>)\]](?: ?\[\])*|(?:{_LISTED}) ?(?:{_ARRAY})"
    rf"|(?:{_ONE})(?: ?\[\])+|(?:{_ONE})(?:<[\w./-]+>)?)"
)
_TYPE = re.compile(rf"{_PART}(?: {{0,2}}(?:\||/|\bor\b|或者?) {{0,2}}{_PART})*", re.IGNORECASE)
_UNION = re.compile(r" *(?:\||/|\bor\b|或者?) *")
_ENDED = r"(?=\*{0,2} ?(?:[,.;:·|)\]。、，；：）(（—–-]|$))"
_REQUIRED = re.compile(
    rf"(?:is )?(?P<no>not )?(?:required|mandatory|必填|必传|必需|必选|必须){_ENDED}", re.I
)
_OPTIONAL = re.compile(
    rf"(?:optional|enum|可选|选填|非必[填选传]|可不填|可省略|(?:有?条件|部分\w{{0,6}}|视情况)必[填选传需]"
    rf"|视 ?(?:`?[A-Za-z_.]{{1,30}}`?|模式|情况|类型|场景|模型)(?:而定)?)"
    rf"{_ENDED}",
    re.IGNORECASE,
)
_NULLABLE = re.compile(
    rf"(?:nullable|or `?null`?|(?:may|can) be `?null`?|可以?为空|可以?为 ?`?null`?){_ENDED}",
    re.IGNORECASE,
)
_DEFAULT = re.compile(
    r"(?:(?:by )?default(?:s to|s| value| is|ing to)?|(?:默认|缺省)值?(?:为|是)?) ?[:=：]? ?"
    r"(?:`(?P<quoted>[^`]{1,80})`|(?P<bare>\"[^\"]{1,80}\"|[\w.*:×/-]*\w))" + _ENDED,
    re.IGNORECASE,
)
# A limit that stands with the type: `3 to 1500 characters`, `length between 1 and 4`.
_NUMBER = r"-?\d[\d,]*(?:\.\d+)?"
_LIMITS = re.compile(
    rf"(?:-1, or )?(?:(?:length|range|items?|长度|范围|数量)[:：]? ?)?"
    r"(?:between |from |up to |at most |at least |≥ ?|>= ?|≤ ?|<= ?|最多 ?|最少 ?|不超过 ?)?"
    rf"{_NUMBER}"
    rf"(?: ?(?:to|-|–|—|~|至|到|and|或|or) ?{_NUMBER})?"
    r"(?: ?(?:characters?|chars|entries|items|elements|images|seconds?|个字符|字符|个|秒|张|项))?"
    + _ENDED,
    re.IGNORECASE,
)
# Marks of code around what is no value.
_CODED = re.compile(
    r"`((?:required|optional|nullable|defaults? (?:to |value )?[^`]{1,40}|length [^`]{1,30}"
    rf"|(?:-1, or )?{_NUMBER} to {_NUMBER}[^`]{{0,20}}|[<>=≤≥]{{1,2}} ?{_NUMBER}[^`]{{0,20}}"
    r"|必填|可选|选填))`",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"\bstring`? ?\((?:https? )?ur[li]\)", re.IGNORECASE)
# `[Poem](#poem)`: an object that is described elsewhere.
_REFERRED = re.compile(r"\[`?[A-Z]\w*`?\]\(#[^()\s]*\)|\b[A-Z][a-z]\w* objects?(?![\w/])")
_BETWEEN = re.compile(r"[ ,;·|()\[\]*_、，；：（）]*")
_OPENING = re.compile(r"(?:[ ,;:.·|)\]。，；：）*—–]|-(?!\d))*")
YES = re.compile(r"yes|y|true|required|always|✓|✔|✅|是|必填|必传|必需|必选|必须|√", re.IGNORECASE)
NOTHING = re.compile(
    r"|-+|—+|–+|/|none|null|n/a|random|(?:see|as) .+|varies|无|空|随机|见.{1,6}|视.{1,12}而定",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Written:
    """What stands beside a name, and the prose that is left.

    Attributes:
        types: The JSON types; none where the page says none.
        items: The type of a list's items.
        schema: All of it as statements of a field.
        prose: What follows, and the limits that stand with the type.
        rest: What follows these.
    """

    types: tuple[str, ...] = ()
    items: str = ""
    schema: list[tuple[str, Any]] = field(default_factory=list)
    prose: str = ""
    rest: str = ""


def type_named(text: str) -> Written | None:
    """What a type says that is written in words; None where the text is no type."""
    bare = _REFERRED.sub("object", text)
    bare = bare.replace("`", "").replace("*", "").strip(" ().,;:")
    if not _TYPE.fullmatch(bare):
        return None
    found = Written()
    types: list[str] = []
    nullable, form = False, ""
    for part in _UNION.split(bare):
        kinds = _kinds(part)
        if re.search(r"\b(?:url|uri)s?\b", part, re.IGNORECASE):
            form = "uri"
        if kinds[0] == "null":
            nullable = True
        else:
            types.append(kinds[0])
            found.items = found.items or (kinds[1] if len(kinds) > 1 else "")
    found.types = tuple(dict.fromkeys(types))
    found.schema = [("type", kind) for kind in found.types]
    found.schema += [("nullable", True)] if nullable else []
    found.schema += [("items", found.items)] if found.items else []
    found.schema += [("format", form)] if form else []
    if counted := _COUNTED.search(bare):
        least = [] if counted["most"] else [("minItems", int(counted["n"]))]
        found.schema += [*least, ("maxItems", int(counted["m"] or counted["n"]))]
    return found


def _kinds(part: str) -> list[str]:
    """The type of a part, and that of its items: `array of strings`, `string[]`."""
    part = part.strip()
    if part.endswith("]") and "[]" in part.replace(" ", ""):
        return ["array", _kind(part.partition("[")[0])]
    if re.match(r"(?:enum|string) ?[<(\[](?!\])", part, re.IGNORECASE) and (
        inner := re.search(r"[<(\[] ?(\w+)", part)
    ):
        return [_kind(inner[1])]
    words = [w for w in re.split(r"\bof\b|[\s<>()\[\]]+", part) if w and not _SIZED.fullmatch(w)]
    if len(words) == 1 and (last := re.fullmatch(rf"(.+?)(?:{_ARRAY})", part, re.IGNORECASE)):
        words = [last[1], "array"]
    kinds = [_kind(word) for word in words]
    if len(kinds) > 1 and "array" in kinds:
        rest = [kind for kind in kinds if kind != "array"]
        return ["array", rest[0] if rest else "array"]
    return kinds[:1]


def _kind(word: str) -> str:
    word = word.strip()
    for kind, names in _KINDS.items():
        if re.fullmatch(names, word, re.IGNORECASE):
            return kind
    return "string"


def beside_name(text: str) -> Written:
    """Take type, requirement and default from the beginning of what stands beside a name."""
    text = _REFERRED.sub("object", _CODED.sub(r"\1,", _ADDRESS.sub("url", text)))
    found = Written()
    limits: list[str] = []
    statements: list[tuple[str, Any]] = []
    default: str | None = None
    at = 0
    while True:
        at = _BETWEEN.match(text, at).end()  # type: ignore[union-attr]
        kind = _TYPE.match(text.replace("`", " "), _bare(text, at))
        quoted = kind is not None and text[at : at + 1] == text[kind.end() : kind.end() + 1] == "`"
        if not found.types and kind and (quoted or re.match(_ENDED, _after(text, kind.end()))):
            named = type_named(kind[0])
            if named is not None:
                found, at = named, _past(text, kind.end())
                continue
        required = _REQUIRED.match(text, at)
        if required:
            statements += [] if required["no"] else [("required", True)]
            at = required.end()
            continue
        if marked := _NULLABLE.match(text, at):
            statements.append(("nullable", True))
            at = marked.end()
            continue
        if marked := _OPTIONAL.match(text, at):
            at = marked.end()
            continue
        if marked := _DEFAULT.match(text, at):
            default, at = marked["quoted"] or marked["bare"], marked.end()
            continue
        if found.types and (marked := _LIMITS.match(text, at)):
            limits, at = [*limits, marked[0]], marked.end()
            continue
        break
    found.schema += statements
    if default is not None and not NOTHING.fullmatch(default):
        found.schema.append(("default", typed(default, found.types[0] if found.types else "")))
    found.rest = text[_OPENING.match(text, at).end() :]  # type: ignore[union-attr]
    found.prose = "; ".join(part for part in (*limits, found.rest) if part.strip())
    return found


def _bare(text: str, at: int) -> int:
    return at + 1 if text[at : at + 1] == "`" else at


def _past(text: str, at: int) -> int:
    return at + 1 if text[at : at + 1] == "`" else at


def _after(text: str, at: int) -> str:
    return text[_past(text, at) :]
