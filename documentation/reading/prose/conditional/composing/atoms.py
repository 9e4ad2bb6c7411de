"""Finds the fields that a text names, with the values that it gives them, and values alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from documentation.reading.layouts.draft import Draft, typed
from documentation.reading.prose.calling import MODE_WORDS
from documentation.reading.prose.conditional.kinds import KIND_OF
from documentation.reading.prose.conditional.naming.named import Named
from documentation.reading.prose.conditional.qualifiers import (
    SWITCHED,
    Qualifier,
    by_task,
    main_of_medium,
    own_state,
    values_of,
)
from documentation.reading.prose.context import Context
from documentation.reading.prose.rules import sign

_IS = sign("atom-is")
_JOINT = sign("atom-joint")
_ABSENT = sign("atom-absent")
_GIVEN = sign("atom-given")
_LACKING = sign("atom-lacking")
_COUNTED = sign("atom-counted")
_COUNTED_BEFORE = sign("atom-counted-before")
_UNIT = re.compile(r" ?(?:seconds?\b|s\b|秒)")
_OFF = sign("atom-off")
_ON = sign("atom-on")
_NOUN = sign("atom-noun")
_PICTURES = sign("atom-pictures")
_APART = re.compile(" ?[\"'`]?")
_TOKEN = re.compile(r"[\w.:-]*\w", re.ASCII)
_SECONDS = re.compile(
    r"(?<![\w.:-])((?:\d{1,3}(?:, ?| ?(?:and|or|/|、|和|或) ?)){0,4}\d{1,3})"
    r"(?: ?- ?| ?)(?:seconds?|s|秒)(?![a-z])",
    re.IGNORECASE | re.ASCII,
)
# What fields are called that say how long a video is, and how many are made.
TIMED = re.compile(r"(?:video_)?(?:duration|length|seconds)")
MADE = re.compile(r"n|num(?:ber)?_(?:of_)?videos|sample_count|video_count|batch_size")


def atoms_in(text: str, draft: Draft, context: Context, *, rule: bool = True) -> list[Named]:
    """All that a text names: fields with their values, models, tasks, lengths, options.

    A rule may have true and false of its own field, `draft`; members of an object name each other.
    """
    found: list[Named] = []

    def add(atom: Named) -> None:
        if not any(atom.start < other.end and other.start < atom.end for other in found):
            found.append(atom)

    def mention(name: str, word: str) -> None:
        for match in re.finditer(rf"(?<![\w.-]){re.escape(word)}(?!\w|\.\w|-[a-z])", text, re.A):
            if not _is_noun(match, text, name, context):
                add(_field_at(match, text, context.drafts[name], context))

    for place in _kinds_at(text, draft, context):
        add(Named(*place))
    names = sorted((n for n in context.drafts if n != "model"), key=len, reverse=True)
    for name in names:
        mention(name, name)
    if own := re.match(rf"(?:the |an? )?{_own_words(draft)}s?(?: mode| videos?)?\b", text, re.I):
        add(Named(0, own.end(), own_state(draft)))
    near = beside(draft, context)
    for name in near:
        mention(name, name.rpartition(".")[2])
    for match in re.finditer(r"[\w.-]*\w", text, re.ASCII):
        ids = [name for name in context.ids if name.lower() == match[0].lower()]
        if ids and len(context.ids) > 1:
            add(Named(*match.span(), Qualifier("model", tuple(ids))))
    for match in _PICTURES.finditer(text) if (listed := _main_list(context)) else ():
        number = int(match["n"] or match["zh"] or (1 if match["one"] else 2))
        add(Named(*match.span(), _so_many(listed, number, match)))
    for match in MODE_WORDS.finditer(text):
        if task := by_task(match[0], context):
            add(Named(*match.span(), task))
    timed = field_named(TIMED, context, "integer")
    for match in _SECONDS.finditer(text) if timed else ():
        add(Named(*match.span(), Qualifier(timed, tuple(map(int, re.findall(r"\d+", match[1]))))))
    for match in _TOKEN.finditer(text):
        fields = [n for n in near if _option(match[0], n, context) is not None]
        fields = fields or [
            n for n in names if "." not in n and _option(match[0], n, context) is not None
        ]
        switched = rule and draft.type == "boolean" and match[0].lower() in SWITCHED
        if switched:
            fields = [draft.name]
        if len(fields) == 1 and not match[0].isdigit():
            values, end = _more(text, match.start(), fields[0], context)
            noun = _NOUN.match(text, end)
            end = noun.end() if noun else end
            add(Named(match.start(), end, Qualifier(fields[0], tuple(values))))
    return sorted(found, key=lambda atom: atom.start)


def _is_noun(match: re.Match[str], text: str, name: str, context: Context) -> bool:
    """Whether the name of a field stands behind one of its options: `in clay style`."""
    before = re.search(r"([\w.:-]*\w)[\"'`]? $", text[: match.start()], re.ASCII)
    return before is not None and _option(before[1], name, context) is not None


def field_named(names: re.Pattern[str], context: Context, *types: str) -> str:
    """The one field of a request that has such a name; empty where there is none, or more."""
    found = [
        name
        for name, draft in context.drafts.items()
        if "." not in name and names.fullmatch(name) and (not types or draft.type in types)
    ]
    return found[0] if len(found) == 1 else ""


def _main_list(context: Context) -> str:
    """The only list of pictures that a request has; empty where there is none, or another."""
    found = main_of_medium("image", context)
    return found[0] if len(found) == 1 and context.drafts[found[0]].type == "array" else ""


def _own_words(draft: Draft) -> str:
    """What a sentence may begin with that is about the field: its name."""
    last = draft.name.rpartition(".")[2]
    return re.escape(last).replace("_", "[ _-]") if len(last) > 3 else "(?!)"


def beside(draft: Draft, context: Context) -> list[str]:
    """The members of the object of which the field is one, or which it is."""
    head = draft.name if draft.type == "object" else draft.name.rpartition(".")[0]
    own = context.drafts[head] if head else draft
    if not head or own.type != "object":
        return []
    return [name for name in context.drafts if name.rpartition(".")[0] == head]


def _kinds_at(text: str, draft: Draft, context: Context) -> Iterator[tuple[int, int, Qualifier]]:
    """The kinds of a list's items that a text names: `a reference image of type style`."""
    for name, member in context.drafts.items():
        head, _, last = name.rpartition(".")
        listed = head and "." not in head and context.drafts[head].type == "array"
        if not listed or member.type != "string" or not KIND_OF.search(last):
            continue
        inside = draft.name.split(".")[0] == head
        nouns = rf"{_ITEMS.pattern}|{re.escape(head)}"
        for value in values_of(member, context):
            word = re.escape(str(value)).replace("_", "[ _]")
            after = rf"{word}s?(?: ?(?:类型?|类)的? ?)?(?: ?(?:{nouns}))"
            of_type = rf"(?:(?:an? )?(?:{nouns}) (?:of|with) )?(?:type|role) {word}"
            alone = inside or ("_" in str(value) and str(value) not in context.drafts)
            forms = [after, of_type, *([rf"{word}s?"] if alone else [])]
            for match in re.finditer(
                rf"(?<![\w.])(?:{'|'.join(forms)})(?![\w])", text, re.A | re.I
            ):
                yield match.start(), match.end(), Qualifier(name, (value,))


_ITEMS = re.compile(
    r"图片|图像|参考图|素材|条目|主体图?|(?:reference )?(?:pictures?|images?|photos?|references?)"
    r"|entries|entry|items?"
)


def _option(word: str, name: str, context: Context) -> Any:
    known = values_of(context.drafts[name], context)
    return next((v for v in known if isinstance(v, str) and v.lower() == word.lower()), None)


def _field_at(match: re.Match[str], text: str, other: Draft, context: Context) -> Named:
    """A field with its values, if it is given some; else as one that is given, or is not."""
    verb = _IS.match(text, match.end())
    apart = _APART.match(text, match.end())
    begin = verb or apart
    values, end = _more(text, begin.end() if begin else match.end(), other.name, context)
    if values:
        bound = verb is not None and verb["must"] is not None
        return Named(match.start(), end, Qualifier(other.name, tuple(values)), bound=bound)
    absent = _ABSENT.search(text[: match.start()]) or _OFF.search(text[: match.start()])
    lacking = _LACKING.match(text, match.end())
    if lacking and other.type != "boolean":
        return Named(match.start(), lacking.end(), Qualifier(other.name, given=False))
    start = absent.start() if absent else match.start()
    state = _ON.match(text, match.end())
    if other.type == "boolean":
        end = state.end() if state else match.end()
        off = absent is not None or (state is not None and state["off"] is not None)
        return Named(start, end, Qualifier(other.name, (not off,)))
    count = _COUNTED.match(text, match.end()) if other.type == "array" else None
    if count:
        return Named(start, count.end(), _so_many(other.name, int(count["n"]), count))
    before = _COUNTED_BEFORE.search(text[:start]) if other.type == "array" else None
    if before and absent is None:
        return Named(before.start(), match.end(), _so_many(other.name, int(before["n"]), before))
    given = _GIVEN.match(text, match.end())
    return Named(
        start, given.end() if given else match.end(), Qualifier(other.name, given=not absent)
    )


def _so_many(name: str, number: int, found: re.Match[str]) -> Qualifier:
    """The requests with so many items of a list: with more than that, or that and more, too."""
    said = {key for key, words in found.groupdict().items() if words is not None}
    count = number + ("over" in said)
    return Qualifier(name, given=True, count=count, more=bool(said & {"more", "over", "on"}))


def _more(text: str, at: int, name: str, context: Context) -> tuple[list[Any], int]:
    """The values of a field that stand from there on, and where they end."""
    other, end = context.drafts[name], at
    values: list[Any] = []
    while token := _TOKEN.match(text, at):
        value: Any = _option(token[0], name, context)
        if other.type == "boolean":
            value = SWITCHED.get(token[0].lower())
        elif other.type == "integer" and re.fullmatch(r"\d{1,9}", token[0]):
            value = typed(token[0], other.type)
        if value is None:
            break
        values.append(value)
        unit = _UNIT.match(text, token.end()) if TIMED.fullmatch(name) else None
        end = unit.end() if unit else token.end()
        joint = _JOINT.match(text, end)
        if not joint:
            break
        at = joint.end()
    return values, end
