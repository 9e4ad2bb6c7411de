"""What a page calls its fields, what options do, and what models do: the nouns of sentences."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from typing import Any, TypeVar

from documentation.reading.layouts.draft import Draft
from documentation.reading.layouts.option_lines import Option
from documentation.reading.layouts.text import CJK, normal

MODE_WORDS = re.compile(
    r"\b(text|image|reference|video|frames?|audio)s?[- ]to[- ]video"
    r"|first[- ](?:and[- ])?last[- ]frames?"
    r"|\bvideo[- ](?:edit(?:ing)?|extend|extension|continuation)"
    r"|文生视频|图生视频|参考生视频|参考图生视频|首尾帧|视频编辑|视频延展|视频延长|视频续写",
    re.IGNORECASE,
)
MODE_NAMES = {
    "文生视频": "text-to-video",
    "图生视频": "image-to-video",
    "参考生视频": "reference-to-video",
    "参考图生视频": "reference-to-video",
    "首尾帧": "first-last-frame",
    "视频编辑": "video-edit",
    "视频延展": "extend",
    "视频延长": "extend",
    "视频续写": "extend",
}


_Named = TypeVar("_Named")
OptionsOf = Callable[[Draft], list[Option]]


def _of_one_alone(meant: Mapping[str, Collection[_Named]]) -> dict[str, _Named]:
    """Words with the one thing that each means, the longest first; none that mean several."""
    longest = sorted(meant, key=len, reverse=True)
    return {words: next(iter(meant[words])) for words in longest if len(meant[words]) == 1}


_CALLED = re.compile(
    r"^(?:(?:the|an?|your|optional|url|link|address|list|of|to|for|public|pictures?|images?) )*"
    r"(?P<en>(?:first|last|start|starting|end|ending|final|opening|closing|reference|driving|source"
    r"|input|mask|subject|style|background) (?:frame|image|picture|photo|video|clip|audio|track))"
    r"s?\b"
    rf"|^(?P<zh>[{CJK}]{{1,4}}?(?:帧|图片?|视频|音频|音色|遮罩|照片|语音)(?:图片?)?)"
    rf"(?=的? ?(?:公网|公开)?(?:url|链接|地址|列表|数组|文件|[,、。(:;]|$))"
    rf"|^(?P<thing>[{CJK}]{{2,4}}参考)(?=[,。])",
    re.IGNORECASE,
)


# `A camera move: ...`, which is what sentences call the field.
_TWO_WORDS = re.compile(r"(?:an?|the) ([a-z]{3,15} [a-z]{3,15})(?=:(?!\d))", re.IGNORECASE)
_ENDS = (("首帧", "first frame"), ("尾帧", "末帧", "last frame"))


def own_nouns(drafts: dict[str, Draft]) -> dict[str, str]:
    """What the first words of fields say that they are, where that is said of one field alone."""
    found: dict[str, set[str]] = {}
    for name, draft in drafts.items():
        called = _CALLED.match(normal(draft.opening())) if "." not in name else None
        noun = (called["en"] or called["zh"] or called["thing"] or "").lower() if called else ""
        named = _TWO_WORDS.match(normal(draft.opening())) if not noun and "." not in name else None
        noun = named[1].lower() if named else noun
        for each in {noun, re.sub("(?<=帧)图片?$", "", noun)} - {""}:
            found.setdefault(each, set()).add(name)
    first, last = (next((n for n in words if n in found), "") for words in _ENDS)
    if first and last:  # both of them, of which the last needs the first
        found |= dict.fromkeys(("首尾帧", "first and last frame"), found[last])
    return _of_one_alone(found)


_TASK_FIELD = re.compile(r"(?:type|mode|task|method)$")
_TASK_NOUN = re.compile(
    rf"[{CJK}]*(?:视频|图|帧|编辑|延长|续写|参考)[{CJK}]*"
    r"|(?:[a-z]+[ -]){1,3}(?:to[ -]video|edit(?:ing)?)",
    re.IGNORECASE,
)


_TASK_BESIDE = re.compile(rf"(?<![{CJK}])([{CJK}]{{3,8}}?)(?:模式)? ?\(([\w.-]+)\)")


def own_tasks(
    drafts: dict[str, Draft],
    options_of: OptionsOf,
    listed: Mapping[str, list[Any]],
    lines: list[str],
) -> dict[str, tuple[str, Any]]:
    """The nouns that the options of a field of tasks have, where no two have one.

    Args:
        drafts: The fields by their names.
        options_of: The options that a field lists, each with its meaning.
        listed: The options that sentences list.
        lines: What the page says outside of its fields, where `首尾帧 (frames)` names an option.
    """
    nouns: dict[str, set[tuple[str, Any]]] = {}
    beside = [found.groups() for line in lines for found in _TASK_BESIDE.finditer(normal(line))]
    for name, draft in drafts.items():
        if name == "model" or "." in name or not _TASK_FIELD.search(name):
            continue
        known = [*draft.options(), *listed.get(name, []), *(o.value for o in options_of(draft))]
        for noun, value in beside:
            if value in known and _TASK_NOUN.fullmatch(noun):
                nouns.setdefault(noun, set()).add((name, value))
        for option in options_of(draft):
            noun = re.split(r"[,;:。(]", normal(option.gloss), maxsplit=1)[0].strip()
            if 3 <= len(noun) <= 20 and _TASK_NOUN.fullmatch(noun):
                nouns.setdefault(noun, set()).add((name, option.value))
    return _of_one_alone(nouns)


# What follows the noun of a deed where it means the models that do it.
OF_A_DEED = (
    "(?:模型|模式|任务|场景|功能)?(?=$|时(?!长)|[,;:。、)下中的仅只不必须需固可才专无均都最]|支持)"
)


def own_deeds(ids: list[str], glosses: dict[str, str]) -> dict[str, list[str]]:
    """The nouns with which the glosses of some of the models begin, and these; longest first."""
    deeds: dict[str, list[str]] = {}
    for name in ids:
        head = re.match(rf"[{CJK}]{{2,8}}(?![{CJK}])", normal(glosses.get(name, "")))
        noun = head[0] if head else ""
        for each in dict.fromkeys((noun, re.sub("^(?:视频|图片|图像)", "", noun))):
            if len(each) > 1 and not MODE_WORDS.search(each):
                deeds.setdefault(each, []).append(name)
    longest = sorted(deeds, key=len, reverse=True)
    return {noun: deeds[noun] for noun in longest if len(deeds[noun]) < len(ids)}


_HEAD = re.compile(rf"[{CJK}]{{3,10}}(?=$|[,;:。、(])")


def heads_of(drafts: dict[str, Draft], options_of: OptionsOf) -> dict[str, tuple[str, Any]]:
    """How the glosses of options begin, the longest first, where one alone begins so."""
    heads: dict[str, list[tuple[str, Any]]] = {}
    for name, draft in drafts.items():
        if name == "model" or draft.type not in ("string", ""):
            continue
        for option in options_of(draft):
            head = _HEAD.match(normal(option.gloss))
            if head and not MODE_WORDS.fullmatch(head[0]):
                heads.setdefault(head[0], []).append((name, option.value))
    return _of_one_alone(heads)
