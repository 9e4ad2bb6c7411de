"""Finds what a part of a sentence means by what the page says of it: `返回尾帧`, `below 1080p`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from documentation.reading.layouts.draft import Draft
from documentation.reading.layouts.text import normal
from documentation.reading.prose.conditional.naming.nouns import fields_named
from documentation.reading.prose.conditional.phrases import field_called, leading_number, size_of
from documentation.reading.prose.conditional.qualifiers import Qualifier, named_field, values_of
from documentation.reading.prose.context import Context
from documentation.reading.prose.quantity import MEDIA
from documentation.reading.prose.rules import sign

_VERDICTS = sign("verdict-not")
_SIZED = sign("sized")
_SIZED_AFTER = sign("sized-after")
_LONGER = sign("longer")
_NO_NOUNS = {"是否", "启用", "开启", "使用", "专业", "标准", "生成", "视频", "输出", "模型", "任务"}
_OPENING = re.compile(
    r"(?:是否)?(?:可选的?|自定义|自动|开启|启用|打开|使用|采用){0,3}(?P<noun>[一-鿿]{2,8}?)"
    r"(?:的?(?:模式|功能|开关|模板|配置|列表|参数|设置|信息|描述|编号|名称|标识|强度|类型))?"
    r"(?: ?id)?(?=[,。.(:;、]|$| )",
    re.IGNORECASE,
)
Place = tuple[int, int, Qualifier]


def fields_by_noun(part: str, context: Context) -> list[Place]:
    """The requests that have the fields whose nouns a sentence has, and where these stand."""
    return [
        (start, end, named_field(name, none, context))
        for start, end, name, none in fields_named(part, context)
    ]


_GLOSSED = sign("glossed-kind")
_ROLE = sign("frame-role")
_HANDED_BACK = sign("handed-back")
_LAST_FIELD = re.compile(r"(?:^|_)(?:last|end|ending|tail|final|closing)_")
_FIRST_FIELD = re.compile(r"(?:^|_)(?:first|start|starting|begin|opening|head)_")
_LAST_SAID = sign("last-frame")


def by_gloss(part: str, draft: Draft, context: Context) -> Place | None:
    """`Wide clips`, where the page says beside some of the field's options that they are wide."""
    found = _GLOSSED.match(part)
    options = context.options_of(draft) if draft.name != "model" else []
    if found is None or len(options) < 2:
        return None
    word = re.compile(rf"(?<![\w-]){re.escape(found['kind'])}(?![\w-])", re.IGNORECASE)
    kept = tuple(option.value for option in options if word.search(option.gloss))
    if not 0 < len(kept) < len({option.value for option in options}):
        return None
    return found.start("kind"), found.end(), Qualifier(draft.name, kept)


def frames_by_role(part: str, context: Context) -> list[Place]:
    """`an end frame`, `the first frame`: the field of that role, or a list with two pictures."""
    found = []
    for match in _ROLE.finditer(part):
        if _HANDED_BACK.search(part[: match.start()]):
            continue
        last = match["last"] is not None or match["zh"] is not None
        role = _LAST_FIELD if last else _FIRST_FIELD
        pictured = [n for n in context.drafts if "." not in n and re.search("frame|image", n)]
        named = [n for n in pictured if context.drafts[n].type == "string" and role.search(n)]
        if len(named) == 1:
            found.append((match.start(), match.end(), Qualifier(named[0], given=True)))
            continue
        pairs = [
            n
            for n in pictured
            if context.drafts[n].type == "array" and context.drafts[n].value_of("maxItems") == 2
            if any(_LAST_SAID.search(line) for line in context.drafts[n].prose)
        ]
        if last and not named and len(pairs) == 1:
            found.append((match.start(), match.end(), Qualifier(pairs[0], given=True, count=2)))
    return found


def by_description(part: str, draft: Draft, context: Context) -> Place | None:
    """`返回尾帧`, of a switch that is described as `是否返回视频的尾帧图像`; or an option by what
    stands beside it."""
    bare = _VERDICTS.sub("", part).strip(" ,也再且并则可以")
    if not re.fullmatch("[一-鿿]{4,10}", bare) or bare not in part:
        return None
    start = part.index(bare)
    place = (start, start + len(bare))
    if (option := context.mode_of(bare, draft.name)) is not None:
        return *place, Qualifier(option[0].name, (option[1],))
    whether = f"是否(?:同时|自动|额外|一并)?{re.escape(bare[:2])}"
    letters = re.compile(whether + "".join(f"[^,。(]*?{c}" for c in bare[2:]))
    named = [
        other.name
        for other in context.drafts.values()
        if other.type == "boolean" and other is not draft and letters.match(other.opening())
    ]
    return (*place, Qualifier(named[0], (True,))) if len(named) == 1 else None


def own_noun(draft: Draft) -> str:
    """What a field says that it is, less words that many have: `运镜模板` is of `运镜`."""
    found = _OPENING.match(normal(draft.opening()))
    noun = found["noun"] if found else ""
    return "" if noun in _NO_NOUNS or any(m.search(noun) for m in MEDIA.values()) else noun


def by_opening(text: str, draft: Draft, context: Context) -> Place | None:
    """`样片固定为`, of a switch that is described as `样片模式`: what a sentence is about."""
    for other in context.drafts.values():
        noun = re.match(
            r"(?:是否)?(?:开启|启用|打开|使用|采用)?([一-鿿]{2,4}?)模式", other.opening()
        )
        if noun is None or other is draft or other.type != "boolean" or noun[1] in _NO_NOUNS:
            continue
        found = re.match(rf"(?:在|使用|开启)?{noun[1]}(?:模式)?(?:[时下中后])?", text)
        found = found or re.search(rf"{noun[1]}模式(?:[时下中后])?", text)
        if found:
            return found.start(), found.end(), Qualifier(other.name, (True,))
    return None


def values_by_size(part: str, draft: Draft, context: Context) -> list[Place]:
    """The values of a field that are below or above one of them: `below 1080p`."""
    found = []
    for match in [*_SIZED.finditer(part), *_SIZED_AFTER.finditer(part)]:
        for other in context.drafts.values():
            known = values_of(other, context) if other.name != "model" else []
            sizes = [_size(value) for value in known]
            limit = next((v for v in known if str(v).lower() == match["v"].lower()), None)
            if limit is None or None in sizes or len(known) < 2:
                continue
            kept = [v for v in known if _fits(match, _size(v), _size(limit))]
            whole = [v for v in known if v in kept or v == limit]
            if match.re is _SIZED_AFTER and len(whole) < len(known):
                kept = whole if match["with"] else []  # it may mean the limit, too
            if 0 < len(kept) < len(known):
                found.append((match.start(), match.end(), Qualifier(other.name, tuple(kept))))
                break
    return found or _values_by_length(part, context)


def _values_by_length(part: str, context: Context) -> list[Place]:
    """The lengths that are longer or shorter than a number of seconds."""
    other = field_called("seconds", context)
    known = values_of(other, context) if other else []
    if other is None or not all(type(value) is int for value in known):
        return []
    found = []
    for match in _LONGER.finditer(part):
        kept = tuple(v for v in known if _fits(match, v, int(match["v"])))
        if 0 < len(kept) < len(known):
            found.append((match.start(), match.end(), Qualifier(other.name, kept)))
    return found


def _size(value: Any) -> int | None:
    return size_of(str(value)) if isinstance(value, str) else leading_number(value)


def _fits(match: re.Match[str], size: int | None, limit: int | None) -> bool:
    if size is None or limit is None:
        return False
    return size < limit if match["below"] else size > limit


_KIND = sign("option-noun")


def by_option_noun(text: str, context: Context) -> Place | None:
    """`A remix keeps`, `extensions are`, where `remix` and `extend` are options of a field."""
    found = _KIND.match(text)
    if found is None:
        return None
    word = found["noun"].lower()
    article = found["article"] is not None
    named = [
        (name, value)
        for name, other in context.drafts.items()
        if name != "model" and other.type in ("string", "") and word not in context.drafts
        for value in values_of(other, context)
        if isinstance(value, str) and word in _nouns_of(value, bare=article)
    ]
    if len(named) != 1:
        return None
    name, value = named[0]
    return 0, found.end("noun"), Qualifier(name, (value,))


_TASK = re.compile(r"(?:type|mode|task|action|method|operation)$")
_CLIP = r"(?:video|clip|image|picture|output|result)s?"


def by_option_verb(text: str, draft: Draft, context: Context) -> Iterator[Place]:
    """`when modifying a video`, `an extended clip`, where `modify` and `extend` are options."""
    for name, other in context.drafts.items():
        if name == draft.name or other.type not in ("string", "") or not _TASK.search(name):
            continue
        for value in values_of(other, context):
            if not isinstance(value, str) or not re.fullmatch("[a-z]{4,12}", value):
                continue
            stem = value.removesuffix("e")
            past = f"{value[:-1]}ied" if value.endswith("y") else f"{stem}ed"
            doing = rf"(?:when|while|by|for|in|if) {stem}ing(?: (?:an?|the|your) {_CLIP})?"
            done = rf"(?:(?:an?|the|every|each|any|for|in) )*{past} {_CLIP}"
            for found in re.finditer(rf"\b(?:{doing}|{done})\b", text, re.IGNORECASE):
                yield found.start(), found.end(), Qualifier(name, (value,))


def _nouns_of(option: str, *, bare: bool) -> set[str]:
    """What a request with an option is called: `extend` makes an extension."""
    if not re.fullmatch("[a-z]{4,20}", option):
        return set()
    stem = option.removesuffix("e")
    nouns = {option, f"{stem}ion", f"{stem}ing", f"{stem}ation"}
    nouns |= {f"{option[:-1]}sion"} if option.endswith("nd") else set()
    return {each for noun in nouns for each in (f"{noun}s", f"{noun}es", *([noun] if bare else []))}
