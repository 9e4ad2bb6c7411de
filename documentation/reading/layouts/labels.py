"""The words that the site itself prints around a field, in English and Chinese."""

from __future__ import annotations

import re
from typing import Any

from documentation.fact import Location
from documentation.reading.layouts.draft import number

SECTIONS: dict[str, Location | None] = {
    "authorizations": None,
    "authorization": None,
    "授权": None,
    "认证": None,
    "鉴权": None,
    "身份验证": None,
    "headers": None,
    "request headers": None,
    "header parameters": None,
    "cookies": None,
    "请求头": None,
    "标头": None,
    "头部": None,
    "请求头参数": None,
    "path parameters": "path",
    "路径参数": "path",
    "query parameters": "query",
    "查询参数": "query",
    "body": "request",
    "request body": "request",
    "body params": "request",
    "body parameters": "request",
    "request parameters": "request",
    "请求体": "request",
    "请求正文": "request",
    "请求主体": "request",
    "主体": "request",
    "正文": "request",
    "请求参数": "request",
    "response": "response",
    "responses": "response",
    "响应": "response",
    "响应体": "response",
    "返回": "response",
    "返回值": "response",
}

FOOTER = re.compile(
    r"was this page helpful\??|suggest edits|raise issue|powered by( mintlify)?|ask a question.*"
    r"|此页面.*帮助.*|(?:这个|该|本)页面.*帮助.*|建议编辑|⌘ ?i|previous(?: page)?|next(?: page)?"
    r"|上一页|下一页",
    re.IGNORECASE,
)
NOISE = re.compile(
    r"application/[\w.+-]+|multipart/form-data|option \d+|选项 ?\d+|[1-5]\d\d|[1-5]xx|copy|复制"
    r"|(?:the body|the response) (?:is|of) .*",
    re.IGNORECASE,
)
REQUIRED = re.compile(r"required|必填|必需|必须", re.IGNORECASE)
BADGE = re.compile(
    r"deprecated|已弃用|弃用|已废弃|read-?only|write-?only|只读|只写|header|path|query|body|cookie"
    r"|optional|可选|file|nullable|可为空",
    re.IGNORECASE,
)
DEFAULT = re.compile(r"(?:default|默认值?) ?: ?(.*)", re.IGNORECASE)
OPTIONS = re.compile(r"(?:available options|可用选项|可用的选项|可选选项) ?:? ?(.*)", re.IGNORECASE)
ALLOWED = re.compile(r"(?:allowed values?|允许的?值) ?: ?(.*)", re.IGNORECASE)
EXAMPLE = re.compile(r"(?:examples?|示例值?|例子|样例) ?: ?(.*)", re.IGNORECASE)
PATTERN = re.compile(r"(?:pattern|正则|正则表达式|匹配模式) ?: ?(.*)", re.IGNORECASE)
CHILDREN = re.compile(
    r"(?:(show|显示|展开)|(?:hide|隐藏|收起)) ?(?:child attributes|properties|子属性|属性)",
    re.IGNORECASE,
)
RANGE = re.compile(
    r"(?:[a-z ]*range|(?-i:[\u4e00-\u9fff])*(?:范围|区间)) ?: ?((?:.*[<>=≤≥].*)?)", re.IGNORECASE
)
BARE_RANGE = re.compile(r"(?:-?[\d.]+ ?(?:<=?|≤) ?)?x(?: ?(?:[<>]=?|≤|≥) ?-?[\d.]+)?")
_LENGTH = re.compile(
    r"(?P<which>minimum|maximum|required|最小|最短|最大|最长|必填|必需|必须|所需|要求|需要)的? ?"
    r"(?P<what>string|array|字符串|数组)的? ?(?:length|长度) ?: ?(?P<value>.*)",
    re.IGNORECASE,
)
_LENGTH_FIRST = re.compile(r"^(字符串|数组)的?长度的?(?:必填|要求|所需|允许)?范围")
_BOUNDS = re.compile(
    r"(?:(?P<low>-?[\d.]+) ?(?P<above><=|<) ?)?x(?: ?(?P<sign><=|>=|<|>) ?(?P<other>-?[\d.]+))?"
)
_COUNT = re.compile(
    r"(?P<low>\d[\d,]*)(?: ?[-–~至到] ?(?P<high>\d[\d,]*))? ?"
    r"(?:elements?|characters?|items?|个元素|元素|个字符|字符|项|个)?"
)

TYPE = re.compile(
    r"enum<(?P<of>\w+)>|(?P<base>string|integer|number|boolean|object|array|null|any|file)"
    r"(?:<(?P<format>[\w./-]+)>)?"
)


def type_line(line: str) -> tuple[list[str], bool, str, str] | None:
    """`string<uri>[] | null` as (types, nullable, item type, format), or None."""
    bare = re.sub(r" or |或", "|", line.replace("(", "").replace(")", ""))
    types: list[str] = []
    nullable, items, format_ = False, "", ""
    for part in bare.split("|"):
        part = part.strip()
        depth = 0
        while part.endswith("[]"):
            part, depth = part[:-2].strip(), depth + 1
        found = TYPE.fullmatch(part)
        if found is None or depth > 4:
            return None
        name = found["of"] or found["base"]
        format_ = format_ or found["format"] or ("binary" if name == "file" else "")
        name = "string" if name == "file" else name
        if depth:
            types.append("array")
            items = items or ("array" if depth > 1 else name)
        elif name == "null":
            nullable = True
        else:
            types.append(name)
    return list(dict.fromkeys(types)), nullable, "" if items == "any" else items, format_


def bounds(text: str, whole: bool) -> list[tuple[str, Any]]:
    """`0 <= x <= 100` as minimum and maximum; a strict bound counts for whole numbers only."""
    found = _BOUNDS.fullmatch(text.strip().replace("≤", "<=").replace("≥", ">="))
    if found is None:
        return []
    facts: list[tuple[str, Any]] = []
    if found["low"]:
        facts.append(_bound("minimum", found["low"], found["above"] == "<", 1, whole))
    if found["sign"]:
        keyword, step = ("maximum", -1) if found["sign"][0] == "<" else ("minimum", 1)
        facts.append(_bound(keyword, found["other"], len(found["sign"]) == 1, step, whole))
    return facts if all(value is not None for _, value in facts) else []


def _bound(key: str, text: str, strict: bool, step: int, whole: bool) -> tuple[str, Any]:
    try:
        value = number(text)
    except ValueError:
        return key, None
    if not strict:
        return key, value
    return key, value + step if whole and isinstance(value, int) else None


def lengths(line: str, following: str) -> tuple[list[tuple[str, Any]], bool] | None:
    """What a length label says, and whether its number stood on the line after it."""
    found = _LENGTH.fullmatch(_LENGTH_FIRST.sub(r"必填\1长度", line))
    if found is None:
        return None
    value, below = (found["value"], False) if found["value"] else (following, True)
    count = _COUNT.fullmatch(value.strip())
    if count is None:
        return None
    unit = "Length" if found["what"].lower() in ("string", "字符串") else "Items"
    low = number(count["low"])
    high = number(count["high"]) if count["high"] else low
    which = found["which"].lower()
    facts: list[tuple[str, Any]] = []
    if which not in ("maximum", "最大", "最长"):
        facts.append((f"min{unit}", low))
    if which not in ("minimum", "最小", "最短"):
        facts.append((f"max{unit}", high))
    return facts, below
