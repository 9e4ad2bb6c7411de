"""How many of some fields a request has: one, at most one, at least one.

`Use only one of A, B and C`, `A 与 B 必须且只能填写其中一个`, `every request has either A or B`:
which fields are named and the verdict are all that is asked; what is left has to be idle words.
"""

from __future__ import annotations

import itertools
import re

from documentation.reading.layouts.draft import Draft
from documentation.reading.prose.conditional.naming.described import own_noun
from documentation.reading.prose.conditional.phrases import left_out
from documentation.reading.prose.conditional.qualified import Found
from documentation.reading.prose.context import Context
from documentation.reading.prose.quantity import MEDIA, media_in
from documentation.reading.prose.rules import sign

_EXACTLY = sign("exactly-one")
_MOST = sign("at-most-one")
_LEAST = sign("at-least-one")
_TOGETHER = sign("all-or-none")
_BOTH_OR_NONE = sign("both-or-none")
_NOT_EMPTY = sign("not-empty")
_IDLE = sign("idle")
_IDLE_HERE = sign("idle-among")
_ODDS = sign("at-odds")
_PART = sign("part-end")
_EXPLAINED = re.compile(r"(?:(?![与和跟同或及是])[一-鿿]){2,8}\((?P<inside>[^()]{3,80})\)")
_GROUPS = re.compile(r"[与和跟]|同(?!时)|\b(?:and|with)\b")
_NAME = re.compile(r"[A-Za-z_][\w.]*", re.ASCII)
_WITHOUT = sign("required-without")
_BESIDE_ANY = sign("not-beside-any")
_TASK_ONLY = sign("text-only")
_FRAMES = re.compile(r"[首尾末]帧|\bframes?\b", re.IGNORECASE)
_FRAME = re.compile(r"image|frame|picture|photo")
_BESIDE = re.compile(r"(?:与|和|跟|同(?!时)|with ) ?", re.IGNORECASE)
_CHOICE = re.compile(r"选|one of", re.IGNORECASE)
_ASIDE = re.compile(r" ?\((?=[^()]*[a-z一-鿿])[^()\d]*\)")
_BRACKETS = re.compile(r"\([^()]*\)")
MOST_FIELDS = 12
_NOT_ALONE = sign("not-alone")
_OR = sign("or")
_SAYS_ONE = re.compile(r"\bone\b|[1一]", re.IGNORECASE)
_ALL_OF = re.compile(r"\band\b|[和与及]")


def among(draft: Draft, text: str, context: Context) -> tuple[Found, str]:
    """What a sentence says of several fields together, and what of it is left to be read."""
    text = _explained(text, draft, context)
    if pair := _both_or_none(text, draft, context) or _some_member(text, draft, context):
        return pair, ""
    parts = [part for part in _PART.split(text) if part and part.strip()]
    named = [_named(part, draft, context) for part in parts]
    lists = [names for names, _ in named if len(names) > 1]
    found: Found = []
    left: list[tuple[str, list[str]]] = []
    before: list[str] = []
    for at, (part, (mine, rest)) in enumerate(zip(parts, named, strict=True)):
        names = mine or before or (lists[0] if len(lists) == 1 else [])
        before = mine if len(mine) > 1 or not before else before
        if said := _at_odds(part, draft, context):
            found += said
            continue
        if pair := _all_or_none(part, mine, rest, draft, context):
            found += pair
            continue
        exactly, most, least = (e.search(rest) for e in (_EXACTLY, _MOST, _LEAST))
        one = least is not None and _SAYS_ONE.search(least[0])
        if least and not one and _ALL_OF.search(part) and not _OR.search(part):
            least = None  # it has to have all of them
        for match in (exactly, most, least):
            rest = rest.replace(match[0], " ") if match else rest
        if not (exactly or most or least):
            if not found or not is_idle(rest if mine else _ODDS.sub(" ", rest)):
                left.append((part, mine if is_idle(rest) else []))
            continue
        rest = _NEEDED.sub(" ", rest) if least or exactly else rest
        beside = _BESIDE.match(part) is not None
        inner = any(name.startswith(f"{draft.name}.") for name in names)
        own = [draft.name] if (len(names) == 1 or beside) and not inner else []
        whole = list(dict.fromkeys([*names, *own]))
        below = not mine and at + 1 < len(parts) and named[at + 1][0] == names
        told = is_idle(rest) or (below and is_idle(named[at + 1][1]))
        pairs = [
            pair for each in parts for pair in _paired(each, draft, context) if {*pair} <= {*whole}
        ]
        own_switch = draft.type == "boolean" and draft.name in whole
        if not told or own_switch or not 1 < len(whole) <= MOST_FIELDS:
            left.append((part, []))
            continue
        left = [(other, listed) for other, listed in left if listed != names]
        if exactly or most:
            whole.sort(key=lambda name: name != draft.name)
            chosen = not beside or _CHOICE.search(part) is not None
            apart = [(one, other) for n, one in enumerate(whole) for other in whole[n + 1 :]]
            apart = [two for two in apart if not any({*two} <= {*pair} for pair in pairs)]
            kept = apart if chosen else [two for two in apart if draft.name in two]
            found += [(one, "excludes", other) for one, other in kept]
        found += [(one, "together", [other]) for pair in pairs for one, other in (pair, pair[::-1])]
        others = [name for name in whole if name != draft.name]
        if least and _NOT_ALONE.search(text) and draft.type in ("array", "string"):
            found.append((draft.name, "together", others))
            left = [(part, names) for part, names in left if not _NOT_ALONE.search(part)]
        elif exactly or least:
            whole.sort(key=list(context.drafts).index)
            found.append((whole[0], "oneNeeded", whole))
    unique = list({str(fact): fact for fact in found}.values())
    return unique, ", ".join(part for part, _ in left)


def _all_or_none(part: str, names: list[str], rest: str, draft: Draft, context: Context) -> Found:
    """`A and B must be sent together`, `goes with A or neither is sent`: each needs the other."""
    told = _TOGETHER.search(rest)
    if told is None or not names or len(names) > 3 or draft.name == "model":
        return []
    if len(names) > 1 and _ONE_WAY.search(rest) and not _NEITHER.search(told[0]):
        return []  # one of them will do, or one needs the other
    beside = _BESIDE.match(part) is not None
    mutual = len(names) > 1 or (beside and _NEITHER.search(told[0]) is not None)
    whole = list(dict.fromkeys([*names, *([draft.name] if beside or len(names) == 1 else [])]))
    left = rest.replace(told[0], " ")
    left = re.sub("|".join(filter(None, [own_noun(draft)])) or "(?!)", " ", left)
    if not mutual or len(whole) < 2 or not is_idle(left):
        return []
    if any(context.drafts[name].type == "boolean" for name in whole):
        return []
    return needing_each_other(whole)


_ONE_WAY = re.compile(rf"{_OR.pattern}|时|\b(?:when|if)\b", re.IGNORECASE)
_NEITHER = re.compile(r"成对|配对|不|省略|缺省|pair|neither|not at all|left out|omitted|each other")


_NEEDED = sign("verdict-needed")
_PAIR = sign("paired")
_JOINT = re.compile(r" ?(?:/|\+|&|,|、|and|和|与) ?")
_PLUS = re.compile(r" ?[+&] ?")


def _paired(part: str, draft: Draft, context: Context) -> list[tuple[str, str]]:
    """`Either the pair A / B or C`, `A + B or C`: fields that are one choice together."""
    known = [
        (word.start(), word.end(), name)
        for word in _NAME.finditer(part)
        if (
            name := draft.name if word[0] == draft.name else "".join(context.fields_in(word[0], ""))
        )
    ]
    found = []
    for (start, end, one), (other_start, _, other) in itertools.pairwise(known):
        between = part[end:other_start]
        told = _PAIR.search(part[:start].rstrip()) and _JOINT.fullmatch(between)
        if one != other and (told or _PLUS.fullmatch(between)):
            found.append((one, other))
    return found if len(known) > 2 else []


def _both_or_none(text: str, draft: Draft, context: Context) -> Found:
    """`Either both A and B are sent or neither is`: each of them needs the other."""
    if not _BOTH_OR_NONE.search(text):
        return []
    names, rest = _named(_BOTH_OR_NONE.sub(" ", text), draft, context)
    names = list(dict.fromkeys(names if len(names) > 1 else [draft.name, *names]))
    if len(names) != 2 or not is_idle(rest):
        return []
    return needing_each_other(names)


def needing_each_other(names: list[str]) -> Found:
    """Each of some fields needs all the others."""
    return [(one, "together", [other]) for one in names for other in names if other != one]


def _some_member(text: str, draft: Draft, context: Context) -> Found:
    """`Either one or both, but not an empty object`, of an object: it has some member."""
    members = [name for name in context.drafts if name.startswith(f"{draft.name}.")]
    own = [name for name in members if name.count(".") == draft.name.count(".") + 1]
    if draft.type != "object" or len(own) < 2 or not _NOT_EMPTY.search(text):
        return []
    return [(own[0], "oneNeeded", own)] if is_idle(_NOT_EMPTY.sub(" ", text)) else []


def is_idle(rest: str) -> bool:
    """Whether words beside a count of fields change nothing."""
    return not _IDLE.sub("", _IDLE_HERE.sub("", rest)).strip(" ,;:.。'\"`()、/")


def _explained(text: str, draft: Draft, context: Context) -> str:
    """A text that has the fields which brackets list in the place of the word before them."""

    def listed(found: re.Match[str]) -> str:
        names, rest = _named(found["inside"], draft, context)
        return found["inside"] if len(names) > 1 and is_idle(rest) else found[0]

    text = _EXPLAINED.sub(listed, text)
    return _ASIDE.sub(lambda m: m[0] if context.fields_in(m[0], "") else " ", text)


def _at_odds(part: str, draft: Draft, context: Context) -> Found:
    """`A / B 与 C、D 互斥`: each of one group excludes each of the other."""
    if not _ODDS.search(part):
        return []
    for joint in _GROUPS.finditer(part):
        one, before = _named(part[: joint.start()], draft, context)
        other, after = _named(part[joint.end() :], draft, context)
        idle = is_idle(before) and is_idle(_ODDS.sub(" ", after))
        if idle and one and other and len(one) + len(other) > 2 and not {*one} & {*other}:
            return [(a, "excludes", b) for a in one for b in other]
    return []


def _named(part: str, draft: Draft, context: Context) -> tuple[list[str], str]:
    """The fields that a part names, by name, by their own words or by their media; and the rest."""
    names: dict[int, str] = {}
    for start, end, name in context.called(part):
        names[start] = name
        part = part[:start] + " " * (end - start) + part[end:]
    for word in _NAME.finditer(part):
        own = word[0] in (draft.name, draft.name.rpartition(".")[2])
        found = [draft.name] if own else context.fields_in(word[0], "")
        if found and found[0] != "model":
            names[word.start()] = found[0]
            part = part[: word.start()] + " " * len(word[0]) + part[word.end() :]
    if not names and _OR.search(part):
        for name, other in context.drafts.items():
            noun = re.escape(name.removesuffix("s"))
            called = re.search(rf"(?<![\w.-]){noun}s?(?![\w-])", part)
            if other.type == "array" and re.fullmatch(r"[a-z]{4,}", name) and called:
                names[called.start()] = name
                part = part.replace(called[0], " " * len(called[0]))
    if not names or (len(names) == 1 and _OR.search(part)):
        for medium, nouns in MEDIA.items():
            of_it = nouns.search(part)
            fitting = context.of_medium(medium) if of_it else []
            if of_it and len(fitting) == 1:
                names[of_it.start()] = fitting[0]
                part = nouns.sub(lambda m: " " * len(m[0]), part)
    if len(names) == 1 and _LEAST.search(part):
        for medium, nouns in MEDIA.items():
            of_it = re.search(rf"[与和或、](?P<noun>{nouns.pattern})", part)
            for at, name in enumerate(_handing_in(medium, context) if of_it else ()):
                names[of_it.start() + at] = name  # type: ignore[union-attr]
            part = part.replace(of_it[0], " " * len(of_it[0])) if of_it else part
    return [names[at] for at in sorted(names)], part


def _handing_in(medium: str, context: Context) -> list[str]:
    """The fields of a medium, and those that say that they are of it in another form."""
    return [
        name
        for name, other in context.drafts.items()
        if "." not in name and other.type in ("array", "string") and not other.options()
        if name in context.of_medium(medium)
        or (re.search("base64", name) and MEDIA[medium].search(other.opening()))
    ]


def of_all_media(draft: Draft, text: str, context: Context) -> Found:
    """What a sentence says of requests with none, or with any, of the files of some media.

    `没有传入任何图片或视频时必填`, `not supported when any image is given`, `text to video only`.
    """
    if _WITHOUT.fullmatch(text):
        fields = _of_media(_BRACKETS.sub(" ", text), context)
        if _FRAMES.search(text) and not any("frame" in name or "image" in name for name in fields):
            return []
        return [(draft.name, "oneNeeded", [draft.name, *fields])] if fields else []
    if not _BESIDE_ANY.fullmatch(text):
        return []
    words = _BRACKETS.sub(" ", text)
    fields = [name for name in _of_media(words, context) if name != draft.name]
    needs = {draft.name: left_out(draft)}
    if draft.type == "boolean":
        return [(name, "mode", {"given": True, "needs": needs}) for name in fields]
    return [(draft.name, "excludes", name) for name in fields]


def says_text_only(text: str) -> bool:
    """Whether a text says that something is for requests without any file, and no more."""
    return _TASK_ONLY.fullmatch(text) is not None


def _of_media(words: str, context: Context) -> list[str]:
    """All fields that take files of the media that words name."""
    media = media_in(words)
    return [
        name
        for name, other in context.drafts.items()
        if "." not in name
        and other.type in ("array", "string")
        and re.search(r"url|image|video|audio|frame", name)
        and any(m in name or (m == "image" and _FRAME.search(name)) for m in media)
        and not re.search(r"callback|webhook|ratio|type|mode|watermark|format|quality|size", name)
    ]


def pictures_of(context: Context) -> list[str]:
    """All fields that take pictures."""
    return _of_media("image", context)
