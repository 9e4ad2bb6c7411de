"""Reads what a phrase says that a field has to be, its values or a limit; and of which field."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from documentation.fact import BOUNDS
from documentation.reading.layouts.draft import Draft, number
from documentation.reading.prose.conditional.qualifiers import (
    JOINT,
    OTHER_SIZES,
    values_of,
)
from documentation.reading.prose.context import Context
from documentation.reading.prose.quantity import ITEM, media_in, without_seconds
from documentation.reading.prose.rules import sign

Facts = Callable[[Draft, str], "dict[str, Any] | None"]
_PICTURE_SIZE = sign("picture-size")
_UP_TO = sign("no-larger")
_IS_A_BOUND = sign("bound")
_AT_MOST = sign("or-smaller")
_LEADING = sign("leading")
SUPERLATIVE = sign("superlative")
_LAST = sign("last")
_SWITCH = sign("switched-to")
_LIST_END = (
    r"(?: ?(?:only|seconds?|secs?|s|秒|秒钟|px|pixels|clips|videos|images?|are allowed|is allowed"
    r"|(?:is|are) supported|三种|两种|可选|之一))*"
)
_GLOSS = re.compile(r" ?\([^()]{1,40}\)")


def of_a_list(draft: Draft, limits: dict[str, Any]) -> dict[str, Any]:
    """`nova-1: 1 to 2 pictures`, of a list that may be left out: so many, where it is there."""
    optional = draft.type == "array" and "minItems" in limits and not draft.value_of("required")
    return {**limits, "required": False} if optional else limits


def field_called(words: str, context: Context) -> Draft | None:
    """The field that a plain word such as `seconds` means."""
    for pattern, names in _CALLED:
        if pattern.search(words):
            found = [d for d in context.drafts.values() if names.fullmatch(d.name)]
            found = [d for d in found if "." not in d.name] or found
            if len(found) == 1:
                return found[0]
    media = media_in(words)
    fitting = context.of_medium(media[0], "array") if media else []
    return context.drafts[fitting[0]] if len(fitting) == 1 else None


def field_of_values(words: str, besides: Draft, context: Context) -> Draft | None:
    """The only other field that has all the values that some words list."""
    found = [
        other
        for other in context.drafts.values()
        if other.type == "string" and other.name not in (besides.name, "model")
        if own_values(other, words, context)
    ]
    return found[0] if len(found) == 1 else None


_CALLED = tuple(
    (re.compile(words, re.IGNORECASE), re.compile(names))
    for words, names in (
        (
            r"second|duration|length|clip|long|\d ?s\b|时长|秒",
            r"(?:[\w.]*\.)?(?:duration|seconds|length|video_length)",
        ),
        (r"resolution|clarity|分辨率|清晰度", r"(?:[\w.]*\.)?(?:resolution|quality)"),
        (r"quality|画质|质量", r"(?:[\w.]*\.)?quality"),
        (r"ratio|shape|比例|宽高比", r"(?:[\w.]*\.)?(?:aspect_ratio|ratio|size)"),
        (r"prompt|提示词", r"prompt"),
    )
)


def left_out(draft: Draft) -> dict[str, Any]:
    """What a field may be where it is not allowed: absent, or off if it is a switch.

    A switch that is on by default has to be absent.
    """
    switch = draft.type == "boolean" and draft.value_of("default") is not True
    return {"enum": [False]} if switch else {"maxItems": 0}


def _rising(known: list[Any]) -> bool:
    """Whether options are listed from the smallest to the largest."""
    sizes = [size_of(str(value)) or leading_number(value) for value in known]
    return None not in sizes and sizes == sorted(sizes, key=lambda size: size or 0)


def leading_number(value: Any) -> int | None:
    found = re.match(r"\d{1,9}", str(value))
    return int(found[0]) if found else None


def own_values(draft: Draft, text: str, context: Context) -> list[Any]:
    """The values of a field that a phrase lists; none where it says anything else."""
    known = values_of(draft, context)
    if known and _LAST.fullmatch(text.strip()):
        return [known[-1]]
    most = SUPERLATIVE.fullmatch(text.strip())
    if most and len(known) > 1:
        return known[-int(most["n"] or 1) :] if _rising(known) else []
    bare = re.sub(
        r"^(?:the |use of |a |an |目前|暂|输出)+|(?:的|均|都|也)+$",
        "",
        _GLOSS.sub("", text).strip(" ,:\"'`"),
    )
    bare = re.sub(rf"{_LIST_END}$", "", bare, flags=re.IGNORECASE).strip(" ,\"'`")
    bare = re.sub(
        r"^.{0,30}?\b(?:duration|resolution|quality|length|ratio)s? (?:of |is )?", "", bare
    )
    found = []
    for part in JOINT.split(bare):
        value = _as_known(draft, part.strip(" \"'`"), known)
        if value is None:
            return []
        found.append(value)
    return found


def _as_known(draft: Draft, text: str, known: list[Any]) -> Any:
    if draft.type in ("integer", "number"):
        match = re.fullmatch(r"(-?\d+(?:\.\d+)?)", without_seconds(text))
        value = number(match[1]) if match else None
        return value if value is not None and (value in known or not known) else None
    return next((v for v in known if str(v).lower() == text.lower()), None)


def limits_of(draft: Draft, text: str, context: Context, facts: Facts) -> dict[str, Any] | None:
    """What a phrase says that a field has to be."""
    known = values_of(draft, context)
    bare = text.strip(" ,.。;:")
    if OTHER_SIZES.search(bare):
        return None
    if draft.type in ("integer", "number") and _PICTURE_SIZE.search(bare):
        return None  # it holds for pictures of that size only
    if draft.type == "boolean":
        switch = _SWITCH.fullmatch(bare)
        return {"enum": [switch["on"] is not None]} if switch else None
    capped = _CAPPED.match(bare) if draft.type in ("integer", "number") and not known else None
    if capped and (said := facts(draft, f"at most {bare[capped.end() :]}")):
        return {key: value for key, value in said.items() if key in BOUNDS} or None
    most = _UP_TO.fullmatch(bare) or _AT_MOST.fullmatch(bare)
    if most and draft.type == "string" and size_of(most["v"].strip()) is not None:
        return _up_to(most["v"], known)
    if draft.type == "array" and (some := _SO_MANY.fullmatch(bare)):
        return {"maxItems": int(some[1])}
    short = _LEADING.sub("", _LEADING.sub("", bare)).strip(" ,:")
    bound = _IS_A_BOUND.search(bare)
    listed = [] if bound else own_values(draft, short, context)
    if listed:
        return None if draft.type == "array" and len(listed) != len(known) else {"enum": listed}
    if not known and draft.type == "string" and _SHAPED.fullmatch(short):
        return {"enum": [part.strip() for part in JOINT.split(re.sub(rf"{_LIST_END}$", "", short))]}
    if draft.type == "array" and (count := _COUNT.fullmatch(bare)):
        return {"minItems": int(count["n"]), "maxItems": int(count["n"])}
    if draft.type == "string" and re.search(r"\d$", bare):
        bare = f"{bare} characters"
    said = facts(draft, bare) or (facts(draft, short) if short and short != bare else None)
    if said and {*said} - {"required"}:
        return {
            key: value for key, value in said.items() if key in ("enum", "required", *BOUNDS)
        } or None
    return None


_CAPPED = sign("capped")
_SO_MANY = re.compile(rf"(\d{{1,3}}) ?(?:张|个|段)?(?:{ITEM})s?", re.IGNORECASE)
_SHAPED = re.compile(
    rf"(?:\d+:\d+|\d+[pk])(?:{JOINT.pattern}(?:\d+:\d+|\d+[pk]))*{_LIST_END}", re.IGNORECASE
)


_COUNT = re.compile(
    r"(?:(?:必填|必传|required)[,;]? ?)?(?P<n>[1-9]\d?) ?(?:[张个段条](?:图片?|视频|音频)?"
    r"|(?:images?|pictures?|photos?|videos?|clips?|files?|items?)\b)",
    re.IGNORECASE,
)


def _up_to(text: str, known: list[Any]) -> dict[str, Any] | None:
    """`up to 720p`: the options that are no larger."""
    sizes = {str(v).lower(): size_of(str(v)) for v in known}
    wanted = sizes.get(text.strip().lower())
    if wanted is None or None in sizes.values():
        return None
    kept = [v for v in known if (sizes[str(v).lower()] or 0) <= wanted]
    return {"enum": kept}


def size_of(text: str) -> int | None:
    found = re.fullmatch(r"(\d+)([pk])", text, re.IGNORECASE)
    if found is None:
        return None
    return int(found[1]) * (1 if found[2].lower() == "p" else 540)
