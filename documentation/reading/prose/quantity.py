"""Tells what a number in prose counts (characters, items, seconds) by the words after it."""

from __future__ import annotations

import re
from typing import Any, Literal

from documentation.reading.layouts.draft import Draft

Measure = Literal["chars", "items", "time", "none", "size", "pixels", "price", "words", "other"]

# What lists hold, in English and Chinese. A noun of a medium stands under the word that the names
# of its fields have; all others stand under none.
ITEM_NOUNS = {
    "video": ("video clip", "参考视频 视频"),
    "audio": ("audio", "参考音频 音频"),
    "image": ("image picture photo", "图片 图像 参考图 照片 图"),
    "": (
        "item element url link file entry entrie frame reference shot object subject segment"
        " keyframe track voice tag event role person people",
        "元素 文件 素材 片段 链接 镜头 主体 参考 url 对象 条目 角色 分镜 标签 人物",
    ),
}
MEDIA = {
    medium: re.compile("|".join(" ".join(nouns).split()), re.IGNORECASE)
    for medium, nouns in ITEM_NOUNS.items()
    if medium
}
_ENGLISH_ITEMS = [noun for english, _ in ITEM_NOUNS.values() for noun in english.split()]
# Any of the nouns, as a pattern; the longest comes first, for one may begin with another.
ITEM = "|".join(sorted(" ".join(sum(ITEM_NOUNS.values(), ())).split(), key=len, reverse=True))
_ENGLISH: dict[str, Measure] = {
    **dict.fromkeys(("character", "char", "letter", "codepoint", "symbol"), "chars"),
    **dict.fromkeys(_ENGLISH_ITEMS, "items"),
    **dict.fromkeys(("second", "sec", "s"), "time"),
    **dict.fromkeys(("minute", "min", "hour", "day", "year", "month", "week", "ms", "h"), "other"),
    **dict.fromkeys(("kb", "mb", "gb", "byte", "m", "mib", "kib"), "size"),
    **dict.fromkeys(("px", "pixel", "p", "k"), "pixels"),
    **dict.fromkeys(("credit", "$", "usd", "point", "dollar", "cent"), "price"),
    **dict.fromkeys(("token", "word"), "words"),
    **dict.fromkeys(("fps", "integer", "inclusive", "step", "mbps"), "none"),
}
_CHINESE: tuple[tuple[str, Measure], ...] = (
    (r"个?(?:英文|半角|拉丁|中文)?(?:字符|字母|字(?!节))", "chars"),
    (r"个?(?:汉字|单词|词|token)", "words"),
    (r"秒钟?", "time"),
    (r"分钟|小时|天|年|月|周|毫秒|次", "other"),
    (r"个?像素", "pixels"),
    (r"个?积分|元|美元|点", "price"),
    (r"字节|兆", "size"),
    (rf"[张幅条段项组个](?:{ITEM})?", "items"),
    (r"位(?:字母|数字|字符|英文)", "chars"),
    (rf"[位名](?!字母|数字|字符|英文|小写|大写)(?:{ITEM})?", "items"),
    (r"(?:整数|帧每秒|帧率|步)", "none"),
    (r"帧", "none"),
)
_PLAIN_AFTER = re.compile(
    r" ?(?:if|when|and|or|for|in|is|are|by|with|to|inclusive|based|can|default|the|on|supported"
    r"|allowed|depending|only|of|at|as|while|but|integers?|total|per|which|where|will|required)\b"
    r"|之间|以内|之内|以上|以下|及|的|时|且|并|默认|任意|可|表示|为|是|内|左右|范围|或|和|,|整",
    re.IGNORECASE,
)
IN_PIXELS = re.compile(r"(?:^|[._])(?:width|height|left|top|x|y|edge|side|pixels?|px)(?:$|_)")
RATE = re.compile(r"\d ?(?:fps|kbps|mbps|khz|hz|帧/秒|帧每秒)\b", re.IGNORECASE)
LENGTH_WORDS = re.compile(r"\b(?:length|characters?|chars?|long)\b|长度|字数|字符", re.IGNORECASE)


def media_in(words: str) -> list[str]:
    """The media whose nouns stand in a text."""
    return [medium for medium, nouns in MEDIA.items() if nouns.search(words)]


_SECONDS = re.compile(r"(?:(?<=\d)| )(?:seconds?|secs?|s|秒钟?)$", re.IGNORECASE)


def without_seconds(text: str) -> str:
    """A text without the word for seconds that it ends with."""
    return _SECONDS.sub("", text)


def measure(words: str) -> tuple[Measure | None, int]:
    """What the words after a number count, and how many of their characters that takes."""
    if not words.strip():
        return "none", 0
    if words[0] >= "\u2e80":
        for pattern, kind in _CHINESE:
            found = re.match(pattern, words, re.IGNORECASE)
            if found:
                return kind, found.end()
        return ("none", 0) if _PLAIN_AFTER.match(words) else (None, 0)
    for word in re.finditer(r"[A-Za-z$%]+", words):
        bare = word[0].lower()
        unit = _ENGLISH.get(bare) or _ENGLISH.get(bare.removesuffix("s"))
        if unit:
            return unit, word.end()
        if _PLAIN_AFTER.match(bare):
            return ("none", 0) if word.start() <= 1 else (None, 0)
    return None, 0


# What is counted so is in no request: why a limit of it is no fact.
IGNORED: dict[Measure, str] = {
    "size": "file size",
    "pixels": "pixels",
    "price": "price",
    "words": "no request shows it: words or tokens",
    "other": "time",
}


_COUNTS = re.compile(r"(?:^|_)(?:n|num|number|count|quantity|batch|outputs?|samples?)(?:$|_)")


def limits(
    draft: Draft, unit: Measure, low: Any, high: Any, sentence: str
) -> list[tuple[str, Any]] | str | None:
    """The bounds as facts of the field, or the reason why they are none, or None if unreadable."""
    kind = draft.type
    if unit == "pixels" and kind in ("integer", "number") and IN_PIXELS.search(draft.name):
        unit = "none"
    if unit in IGNORED:
        return IGNORED[unit]
    if unit == "none" and kind == "array":
        if RATE.search(sentence):
            return "concerns an input file"
        unit = "items"
    if unit == "items" and kind == "integer" and _COUNTS.search(draft.name):
        unit = "none"
    if unit == "none" and kind == "string" and LENGTH_WORDS.search(sentence):
        unit = "chars"
    if unit == "chars" and kind in ("string", ""):
        return _bounds("minLength", "maxLength", low, high)
    if unit == "chars" and kind == "array" and draft.items == "string":
        return _bounds("minLength", "maxLength", low, high)  # of a list they are those of its items
    if unit == "chars" and kind == "array":
        return "holds for each item"
    if unit == "items" and kind in ("array", ""):
        return _bounds("minItems", "maxItems", low, high)
    if unit in ("time", "none") and kind in ("integer", "number"):
        return _bounds("minimum", "maximum", low, high)
    if unit == "time":
        return "time"
    return None


def _bounds(least: str, most: str, low: Any, high: Any) -> list[tuple[str, Any]] | None:
    if least != "minimum" and any(isinstance(value, float) for value in (low, high)):
        return None  # a ratio or a length of time: nothing is counted in fractions
    return [(key, value) for key, value in ((least, low), (most, high)) if value is not None]
