"""Finds what a part of a sentence names: models, values of fields, or that a field is given."""

from __future__ import annotations

import copy
import itertools
import re
from dataclasses import dataclass

from documentation.reading.layouts.draft import Draft
from documentation.reading.layouts.text import normal
from documentation.reading.prose.calling import MODE_WORDS
from documentation.reading.prose.conditional.naming.described import (
    by_description,
    by_gloss,
    by_opening,
    by_option_noun,
    by_option_verb,
    fields_by_noun,
    frames_by_role,
    own_noun,
    values_by_size,
)
from documentation.reading.prose.conditional.naming.nouns import apposed
from documentation.reading.prose.conditional.naming.words import (
    TOKEN,
    mode_called,
    named_by_word,
    noun_after,
)
from documentation.reading.prose.conditional.phrases import SUPERLATIVE, own_values
from documentation.reading.prose.conditional.qualifiers import (
    OTHERS,
    Qualifier,
    by_task,
    given_words,
    main_of_medium,
    other_models,
    own_state,
    values_of,
)
from documentation.reading.prose.context import PICTURED, Context
from documentation.reading.prose.quantity import MEDIA
from documentation.reading.prose.rules import sign

_MUST_NOT_BE = sign("must-not-be")
_HAS_TO = sign("has-to")
_NOT_BEFORE = sign("not-before")
_BOUND = sign("bound-to-be")
_LIST = sign("listed-after")
_ANY = sign("or")
_MODE = sign("mode")
_ONE_MODEL = sign("one-model")
# After a medium's noun: it is a part of another word, as in the length of a video.
_IN_A_WORD = sign("in-a-word")
# All that stands beside a medium's noun where that means the field itself.
_ALONE = sign("medium-barred")
_SWITCHED = sign("switched")
_WITHOUT_IT = sign("without-it")
# What requests with an option take or make: `reference images`, `720p videos`.
_SOUND = re.compile(r"audio|sound")
# `A clip with a song`: the one that is made.
_MADE = sign("that-is-made")
_SO_MANY = sign("so-many")


@dataclass(slots=True)
class Named:
    """Something that a sentence names: models, values of a field, or that a field is given.

    Attributes:
        start: Where its name stands.
        end: Where that ends.
        who: The requests that have it.
        any: Whether `or` joins it to the next or to the last.
        listed: Whether it follows what it is named with, in a list.
        bound: Whether it is a field that must have this value, as in `F must be V`.
        task: Whether it is named by what requests without or with pictures do.
        whole: Whether it is the field itself of which the sentence is, and not a value of it.
        subject: Whether all of the sentence is about it: `a remix`, where an option is `remix`.
    """

    start: int
    end: int
    who: Qualifier
    any: bool = False
    whole: bool = False
    listed: bool = False
    bound: bool = False
    task: bool = False
    subject: bool = False


def _own_words(part: str, draft: Draft) -> re.Match[str] | None:
    """`Draft mode`, at a field `draft`: the field itself, switched on."""
    noun = own_noun(draft) if re.search("[一-鿿]", part) else ""
    if noun and (
        mine := re.match(
            rf"(?:在|使用|开启|启用|打开|传入|设置|选择){{0,3}}{noun}"
            r"(?:模板|模式|功能|参数|字段)?(?:[时下中后]|(?=[仅只不需须必要应]))",
            part,
        )
    ):
        return mine
    words = re.escape(draft.name.rpartition(".")[2]).replace("_", "[ _-]")
    first = draft.opening().partition(".")[0].strip()
    if re.fullmatch(r"[A-Za-z]+(?: [A-Za-z]+){0,2}", first):
        words += "|" + re.escape(first.lower())
    if counted := _OF_ONE.match(draft.opening()):
        words += f"|{counted['noun']}s?"
    spelled = re.escape(draft.name.rpartition(".")[2]).replace("_", "[ -]")
    if draft.type == "boolean" and "_" in draft.name:
        spelled = rf"(?<![\w-]){spelled}(?: (?:mode|feature|option|field))?(?![\w-])"
        if anywhere := re.search(spelled, part, re.IGNORECASE):
            return anywhere
    verb = r"(?= (?:is|are|can|cannot|must|only|does|supports?|needs?|requires?|allows?|works?)\b)"
    return re.match(rf"(?:the |an? )?(?:{words})(?: mode)?{verb}", part, re.IGNORECASE)


def named_in(part: str, draft: Draft, context: Context) -> list[Named]:
    """All that a part of a sentence names, lists of one kind taken together.

    The same part is looked at by several ways of reading, and found out once.
    """
    key = (part, draft.location, draft.name)
    if key not in context.named:
        context.named[key] = _named_in(part, draft, context)
    return [copy.copy(named) for named in context.named[key]]


def _named_in(part: str, draft: Draft, context: Context) -> list[Named]:
    found: list[Named] = []
    for match in SUPERLATIVE.finditer(part):
        values = own_values(draft, match[0], context)
        if values and draft.name != "model":
            found.append(Named(match.start(), match.end(), Qualifier(draft.name, tuple(values))))
    for match in _SWITCHED.finditer(part) if draft.type == "boolean" else ():
        who = Qualifier(draft.name, (match["on"] is not None,))
        said_of = re.findall(r"[\w.]+", part[: match.start()])[-1:]
        if said_of and context.fields_in(said_of[0], draft.name):
            continue  # another field is so
        found.append(Named(match.start(), match.end(), who, bound=match["must"] is not None))
    if draft.name != "model":
        for start, end, name, value in context.tasks_in(part):
            if name != draft.name:
                found.append(Named(start, end, Qualifier(name, (value,))))
    for match in MODE_WORDS.finditer(part):
        if _overlaps(found, match.start(), match.end()) and not found[-1].task:
            continue
        if found and found[-1].task and found[-1].end == match.start():
            found[-1].end = match.end()  # `首尾帧图生视频` is one task
            continue
        in_an_id = re.search(r"[\w.-]$", part[: match.start()], re.ASCII)
        if not in_an_id and (task := by_task(match[0], context)):
            found.append(Named(match.start(), match.end(), task, task=True))
    for start, end, ids in context.models_told_in(part):
        if not _overlaps(found, start, end):
            found.append(Named(start, end, Qualifier("model", tuple(ids))))
    for start, end, name, values in context.groups_in(part):
        if not _overlaps(found, start, end):
            found.append(Named(start, end, Qualifier(name, tuple(values))))
    if kind := by_option_noun(part, context):
        found.append(Named(*kind, subject=True))
    for place in by_option_verb(part, draft, context):
        found += [Named(*place)] if not _overlaps(found, *place[:2]) else []
    for start, end, who in values_by_size(part, draft, context):
        found.append(Named(start, end, who))
    if mine := _own_words(part, draft):
        found.append(Named(mine.start(), mine.end(), own_state(draft), whole=True))
    found += _named_switches(part, draft, context)
    found += [n for n in _of_a_family(part, draft, context) if not _overlaps(found, n.start, n.end)]
    for match in OTHERS.finditer(part):
        if others := other_models(draft, context):
            found.append(Named(match.start(), match.end(), others))
    found += [n for n in _others(part, draft, context) if not _overlaps(found, n.start, n.end)]
    for expression, group in ((_MODE, 1), (_ONE_MODEL, 0)):
        for match in expression.finditer(part):
            start = match.start()
            called = mode_called(match[group], match[0], context, mode=expression is _MODE)
            while expression is _MODE and not called and re.match("[一-鿿]{5}", part[start:]):
                start += 1  # `且不支持诗歌模式` has more than the name
                called = mode_called("", part[start : match.end()], context, mode=True)
            if called and not _overlaps(found, start, match.end()):
                found.append(Named(start, match.end(), called))
    for start, end, name, value in context.told_in(part):
        if not _overlaps(found, start, end):
            after = re.compile("(?:模式|方式)?").match(part, end)
            who = Qualifier(name, (value,))
            found.append(Named(start, after.end() if after else end, who))
    for token in TOKEN.finditer(part):
        if _overlaps(found, token.start(), token.end()):
            continue
        who, end = named_by_word(token, part, draft, context)
        if who is not None:
            told = part[token.end() : end]
            bound = who.given is None and _BOUND.search(told) is not None
            bound = bound or (who.given is None and _MUST_NOT_BE.search(told) is not None)
            without = _NOT_BEFORE.search(part[: token.start()])
            start = without.start() if without and end > token.start() else token.start()
            start = apposed(part, start) if who.given and not without else start
            if who.given is None and (has_to := _HAS_TO.search(part[:start])):
                start, bound = has_to.start(), True
            end += noun_after(part[end:], who, context)
            found.append(Named(start, end, who, bound=bound))
    glossed = by_gloss(part, draft, context)
    if glossed and not _overlaps(found, *glossed[:2]):
        found.append(Named(*glossed))
    for start, end, who in frames_by_role(part, context):
        if (not _overlaps(found, start, end) and who.field != draft.name) or who.count:
            found.append(Named(start, end, who))
    if opened := by_opening(part, draft, context):
        found += [Named(*opened)] if not _overlaps(found, *opened[:2]) else []
    if not found and (described := by_description(part, draft, context)):
        found.append(Named(*described))
    for n in found:
        last = re.escape(n.who.field.rpartition(".")[2]).replace("_", "[ _]")
        what = rf"{last}|{PICTURED}" if n.who.field != "model" else last
        after = re.compile(rf" (?:{what})s?(?![\w-])").match(part, n.end)
        if after and n.who.values and not isinstance(n.who.values[0], bool):
            n.end = after.end()
    for start, end, name in context.called(part):
        own = name == draft.name
        if own and not _overlaps(found, start, end) and part.isascii():
            found.append(Named(start, end, own_state(draft), whole=True))
    found += _media(part, found, draft, context)
    for start, end, who in fields_by_noun(part, context):
        own = who.field == draft.name
        if own and who in (Qualifier(draft.name, given=False), Qualifier(draft.name, (False,))):
            start = part.index(" ", start) + 1  # `no` is what is said of it
        if not _overlaps(found, start, end):
            found.append(Named(start, end, own_state(draft) if own else who, whole=own))
    found.sort(key=lambda n: n.start)
    for one, other in itertools.pairwise(list(found)):
        within = other.who.field.startswith(f"{one.who.field}.")
        if within and one.who.given and _HAS.fullmatch(part[one.end : other.start]):
            other.start = one.start  # what has the member
            found = [n for n in found if n is not one]
    return _joined(_switched_once(found, draft, part), part)


def _switched_once(found: list[Named], draft: Draft, part: str) -> list[Named]:
    """A switch that is named, with the state that a sentence gives it, is one thing that is named.

    `loop must be off` has its name and its state, `loop cannot be switched on` the state twice.
    """
    own = [n for n in found if n.who.field == draft.name and draft.type == "boolean"]
    if len(own) != 2 or own[0].bound or not (own[1].who.values and own[0].who == own_state(draft)):
        return found
    name, state = own
    if part[name.end : state.start].strip() in ("", "may", "can"):
        state.start = name.start
        return [n for n in found if n is not name]
    return [n for n in found if n is not state] if state.who == name.who else found


_HAS = re.compile(
    r" (?:has|have|contains?|includes?|with|comes with)(?: an?| the| its)? |中?有|包含"
)


# `Number of an effect`: what the field says which one it is.
_OF_ONE = sign("number-of-one")
_REST = re.compile(
    r"(?:(?:all )?the |all |every |each |any )?(?:other|remaining) (?:(?:\d|two|three|four) )?"
    r"((?:[a-z]+ )?[A-Za-z_]+)\b"
    r"|其[他余它]的? ?(?:[两三四五六2-9]种)?(?:生成)?([A-Za-z_]+|类型|模式|任务|方式)"
)
_KINDS = {"类型": "type", "模式": "mode", "任务": "task", "方式": "method"}


def _others(part: str, draft: Draft, context: Context) -> list[Named]:
    """`the other types`, at a field whose prose names some of the options of `type`."""
    found = []
    for match in _REST.finditer(part):
        words = _KINDS.get(match[2] or "") or match[1] or match[2]
        end = match.end() if not match[1] else match.start(1) + len(words.split()[0])
        fields: list[str] = []
        for word in dict.fromkeys((words.replace(" ", "_"), words.split()[0])):
            single = word.removesuffix("s")
            whole = [n for n in context.drafts if n in (word, single)]
            ends = [n for n in context.drafts if "." not in n and n.endswith(f"_{single}")]
            inner = context.fields_in(single, draft.name) if "." in draft.name else []
            beside = [draft.name] if draft.name.endswith(f".{single}") else inner
            fields = whole or fields or beside or (ends if len(ends) == 1 else [])
            end = match.end() if whole else end
        own = values_of(draft, context)
        lines = [normal(line) for line in draft.prose]
        told = " ".join(each for each in lines if not each.startswith(tuple(map(str, own)) or "\n"))
        tasks = [(name, value) for _, _, name, value in context.tasks_in(told)]
        fields = fields or [n for n, _ in tasks if n.endswith(word.removesuffix("s"))]
        known = values_of(context.drafts[fields[0]], context) if fields else []
        named = [value for name, value in tasks if fields and name == fields[0]]
        rest = [v for v in known if not re.search(rf"(?<![\w-]){re.escape(str(v))}(?![\w-])", told)]
        rest = [v for v in rest if v not in named]
        if fields and fields[0] != "model" and rest and len(rest) < len(known):
            found.append(Named(match.start(), end, Qualifier(fields[0], tuple(rest))))
    return found


_FAMILY = sign("family")


def _of_a_family(part: str, draft: Draft, context: Context) -> list[Named]:
    """`the two lyra models`, of a field that has options `lyra` and `lyra-fast`, and others."""
    known = values_of(draft, context)
    found = []
    for match in _FAMILY.finditer(part):
        word = match["word"].lower()
        alike = [v for v in known if re.split(r"[-_. ]", str(v).lower())[0] == word]
        if 1 < len(alike) < len(known) and int(match["number"] or len(alike)) == len(alike):
            found.append(Named(match.start(), match.end(), Qualifier(draft.name, tuple(alike))))
    return found


def _named_switches(part: str, draft: Draft, context: Context) -> list[Named]:
    """`multi-shot videos`, where `multi_shots` is a switch: those where it is on."""
    found = []
    for name, other in context.drafts.items():
        if other.type != "boolean" or "_" not in name or "." in name or name == draft.name:
            continue
        words = re.escape(name).replace("_", "[ -]").removesuffix("s")
        noun = rf"(?<![\w-]){words}s?(?: (?:mode|videos?|clips?))?(?!\w)"
        for match in re.finditer(noun, part, re.IGNORECASE):
            found.append(Named(match.start(), match.end(), Qualifier(name, (True,))))
        if not name.startswith("multi_"):
            continue
        one = re.escape(name[6:]).replace("_", "[ -]").removesuffix("s")
        single = rf"(?<![\w-])single[ -]{one}s?(?: (?:mode|videos?|clips?))?(?!\w)"
        for match in re.finditer(single, part, re.IGNORECASE):
            found.append(Named(match.start(), match.end(), Qualifier(name, (False,))))
    return found


def _overlaps(found: list[Named], start: int, end: int) -> bool:
    return any(start < n.end and n.start < end for n in found)


def _media(part: str, found: list[Named], draft: Draft, context: Context) -> list[Named]:
    """The fields that a part names by the noun of a medium: its only one, or the one of a role."""
    named: list[Named] = []
    for medium, nouns in MEDIA.items():
        if medium == "audio" and any(_SOUND.search(n) for n in _switches(context)):
            continue  # it may as well be the sound that is made
        for noun in nouns.finditer(part):
            role = _ROLE_BEFORE.search(part[: noun.start()])
            fitting = main_of_medium(medium, context, f"{role[0] if role else ''}{noun[0]}")
            told = fitting != main_of_medium(medium, context, noun[0])
            end = re.compile(r"s?\b|").match(part, noun.end()).end()  # type: ignore[union-attr]
            start = noun.start() - (len(role[0]) if role and told else 0)
            whole = not part[start].isascii() or not re.search(r"\w$", part[:start])
            whole = whole and not _IN_A_WORD.match(part, end)
            made = medium == "video" and _MADE.match(part, end)
            if len(fitting) != 1 or not whole or made or _is_a_kind(noun[0], fitting[0], context):
                continue
            if role and not told and (task := _task_with(role[0].strip().lower(), context)):
                start -= len(role[0])
                named += [] if _overlaps(found + named, start, end) else [Named(start, end, task)]
                continue
            of_it = told and _MADE_OF.search(part[:start])
            if fitting == [draft.name] and not (
                of_it or _ALONE.fullmatch(part[:start] + part[end:])
            ):
                continue
            if medium == "image" and not told and (first := _FIRST.search(part[:start])):
                start = first.start()
            if re.search(r"\w", part[end : end + 1], re.ASCII) or _overlaps(
                found + named, start, end
            ):
                continue
            if before := _WITHOUT_IT.fullmatch(part[:start]):
                named.append(Named(before.start(), end, Qualifier(fitting[0], given=False)))
                continue
            known = given_words(part[end:])
            end += known[1] if known else 0
            some = _SO_MANY.search(part[:start].rstrip())
            if some and context.drafts[fitting[0]].type == "array":
                count = int(some[1] or some[2] or 1)
                named.append(
                    Named(some.start(), end, Qualifier(fitting[0], given=True, count=count))
                )
                continue
            named.append(Named(start, end, Qualifier(fitting[0], given=True)))
    return named


def _is_a_kind(noun: str, name: str, context: Context) -> bool:
    """Whether a noun is what one kind of a list's items is called, and not the list."""
    return any(
        member.startswith(f"{name}.") and noun.lower() in map(str, values_of(draft, context))
        for member, draft in context.drafts.items()
    )


def _task_with(role: str, context: Context) -> Qualifier | None:
    """The task of which a medium is told to be: `reference images` of `reference-to-video`."""
    found = [
        Qualifier(name, (value,))
        for name, other in context.drafts.items()
        if "." not in name and name != "model"
        for value in values_of(other, context)
        if str(value).lower().startswith(f"{role}-to-")
    ]
    return found[0] if len(found) == 1 else None


_MADE_OF = re.compile(r"(?:^|\b)(?:from|with|using|if|once)(?: an?| the| any)? $", re.IGNORECASE)
_FIRST = re.compile(
    r"(?:\b(?:an?|the) )?\b(?:first|start|starting|opening)[ -]frame $", re.IGNORECASE
)
_ROLE_BEFORE = re.compile(r"\b[a-z]+ $|[一-鿿]{2}$", re.IGNORECASE)


def _switches(context: Context) -> list[str]:
    return [name for name, draft in context.drafts.items() if draft.type == "boolean"]


def _joined(found: list[Named], part: str) -> list[Named]:
    """Values of one field that are listed are one thing that the sentence names."""
    joined: list[Named] = []
    for n in found:
        last = joined[-1] if joined else None
        gap = part[last.end : n.start] if last else ""
        if last and gap and _LIST.fullmatch(gap):
            last_any = bool(_ANY.search(gap))
            if last.who.field == n.who.field and last.who.given is None and n.who.given is None:
                values = (*last.who.values, *n.who.values)
                joined[-1] = Named(last.start, n.end, Qualifier(n.who.field, values))
                continue
            last.any = n.any = last_any or last.any
            n.listed = True
        if (
            last
            and n.who == last.who
            and re.fullmatch(r" ?\(", gap)
            and part[n.end : n.end + 1] == ")"
        ):
            last.end = n.end + 1  # it is named twice
            continue
        joined.append(n)
    return joined
