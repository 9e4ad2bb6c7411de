"""Reads a sentence by what it names and by its verdict, whatever its grammar.

`Not with X`, `X rules it out`, `the two don't go together`: who names what, and whether the
verdict is that they exclude each other, that one needs the other, or that one has its only place
beside the other, is all that is asked. Every other word has to be one that changes nothing;
otherwise the sentence is not read. The words are in `rules/signs.txt`.
"""

from __future__ import annotations

import itertools
import re
from typing import Any

from documentation.reading.layouts.draft import Draft
from documentation.reading.prose.conditional.between import (
    all_need,
    apart_all,
    as_bound,
    as_limits,
    as_needed,
    models_and_rest,
    only_beside,
    only_with,
)
from documentation.reading.prose.conditional.named_limits import (
    changes_nothing,
    limit_for_named,
    without_names,
)
from documentation.reading.prose.conditional.naming.described import values_by_size
from documentation.reading.prose.conditional.naming.named import Named, named_in
from documentation.reading.prose.conditional.phrases import Facts
from documentation.reading.prose.conditional.qualified import Found
from documentation.reading.prose.conditional.qualifiers import (
    OTHER_SIZES,
    Qualifier,
    own_state,
)
from documentation.reading.prose.context import Context
from documentation.reading.prose.rules import sign

# Before what a part begins with: it is the condition of what follows, or what that is about.
_LEADS = re.compile(r"(?:when|if|while|with|for|in|at)(?: an?| the)? ", re.IGNORECASE)
_ARTICLE = re.compile(r"(?:(?:an?|the) )?", re.IGNORECASE)
# `with X the text goes there and Y must be left out`: the condition is one of both clauses.
_CLAUSES = re.compile(
    r"(?P<one>(?:with|when|if|for|in) \S+,? (?:the|an?) \w+ [^,;]{3,60}?) and "
    r"(?P<other>(?:the )?\w+ (?:must|has to|have to|can ?not|may not)\b.*)",
    re.IGNORECASE,
)
_LIST_BARRED = sign("list-barred")
_LABEL_ID = re.compile(r"([\w.-]+): ?", re.ASCII)
MOST = 300
_UNLESS = sign("unless")
MOST_NAMED = 12
NOT, ONLY, NEED, NEEDED, BESIDE = "not", "only", "need", "needed", "beside"
_SIGNS = {name: sign(f"verdict-{name}") for name in (NEED, BESIDE, NEEDED, NOT, ONLY)}
_PART = sign("part-end")
_IT = sign("it")
_MAY = re.compile(r"\b(?:can|may) be\b|可以?", re.IGNORECASE)
_OF_THEM = sign("of-them")
_CONSTRAINT = sign("constraint")
_SAID_BESIDE = sign("said-beside")
_OWN_ON = sign("own-on")
_TURNED_ON = sign("turned-on")
_OWN_ON_THEN = sign("own-on-then")
_TELLS = sign("tells")
_THEN = sign("then")
_HERE = sign("said-here")
_AGAIN = sign("in-other-words")
_BOTH_HOLD = sign("both-hold")
_IN_IT = sign("in-it")
_MUTUAL = sign("mutual")
_PERMITS = sign("permits")
_BARRED_WHEN = sign("barred-when")
_MAY_BE_SO = sign("may-be-so")
_CONDITION = sign("part-condition")
_ORDINAL = sign("ordinal")
_SOME_OF = sign("some-of")
_THE_REST = sign("the-rest")
_REPEATED = sign("says-it-again")
_KEEPS = sign("keeps")
_EXPLICIT = sign("explicit")
# `For nova-1-pro only`: said of the field itself, and what follows is so, too.
_FOR_ONLY = re.compile(
    r"(?:available |supported )?(?:(?:for|in|with|at|by|on) .*\bonly$|only (?:for|in|with|at)\b)",
    re.IGNORECASE,
)
_WITHOUT_SUBJECT = sign("without-subject")
# Of a switch: it may not be there at all, and not only be off.
_NOT_THERE = sign("not-there")
_IF = sign("if-or-not")


def _lists_itself(text: str, draft: Draft) -> bool:
    """`Do not send odes or puns`, below odes or alone: of what requests is not said."""
    own = re.compile(rf"(?<![\w.]){re.escape(draft.name)}(?![\w.])", re.ASCII)
    found = _LIST_BARRED.search(text)
    return found is not None and (not found.start() or own.search(found["fields"]) is not None)


def judged(
    draft: Draft,
    text: str,
    context: Context,
    facts: Facts,
    about: Qualifier | None = None,
    own: Qualifier | None = None,
) -> Found | None:
    """What a sentence says by its verdict, as facts; None where it is not read as a whole.

    Args:
        draft: The field below which it stands.
        text: The sentence.
        context: The page.
        facts: What an unconditional sentence says of a field, as keywords.
        about: The requests for which all of it holds, if that is known.
        own: What the field itself is, where the sentence names nothing else; None that it is given.
    """
    text = text.strip(" .。;,")
    if not 0 < len(text) <= MOST or _MAY_BE_SO.match(text) or _UNLESS.search(text):
        return None
    if about is None and _lists_itself(text, draft):
        return None
    if OTHER_SIZES.search(text) and not values_by_size(text, draft, context):
        return None
    text = _without_repeats(text, draft, context)
    label = _LABEL_ID.match(text)
    if label and about is None and label[1] in context.ids and len(context.ids) > 1:
        text, about = text[label.end() :], Qualifier("model", (label[1],))
    found: Found = []
    plain: Found = []
    carried: list[Named] = [Named(0, 0, about)] if about else []
    subject: list[Named] = []
    last: list[Named] = []
    unread = and_own = False
    for part in _said_once(_clauses(text)):
        part = re.sub(r"^but (?=for|in|with|at|on)\b", "", part.strip(" ,;:.。"))
        if on := _OWN_ON_THEN.match(part) or _own_noun(part, draft):
            carried = [*carried, Named(0, 0, own_state(draft))]
            part = part[on.end() :]
        if not part:
            continue
        if _PERMITS.search(part):
            continue
        named = named_in(part, draft, context)
        if len(named) > MOST_NAMED or _if_either(part, named):
            return None
        if named and named[0].subject and _KEEPS.match(part) and not _IF.search(part):
            carried = [*carried, named[0]]
            continue
        if unread and _WITHOUT_SUBJECT.match(part):
            return None  # it is said of what the part before is about
        if _EXPLICIT.search(part) and (values := _own_values(named or subject, draft)):
            needs = {draft.name: {"required": True}}
            found += [(draft.name, "mode", {"name": value, "needs": needs}) for value in values]
            subject = named or subject
            continue
        there = carried
        if and_own and re.match(r"(?:and|or|nor)\b|且|并", part) and not _by_field(named, draft):
            there = [*carried, Named(0, 0, own_state(draft))]
        there = [*there, *last] if re.match(r"where\b", part, re.IGNORECASE) else there
        if (back := _IN_IT.match(part)) and len(last) == 1:
            part, there = part[back.end() :], [*carried, *last]
            named = named_in(part, draft, context)
        if _OF_THEM.search(part) and all(n.who.field == draft.name for n in named):
            them = [n.who for n in last if n.who.given and n.who.field != draft.name]
            named = [Named(0, 0, who) for who in ([own_state(draft), *them] if them else [])]
        mine = own or _meant_by_it(part, named, subject, draft)
        said = _verdicts(part, named, there, subject, draft, context, mine)
        last = named
        if said is None and (named or carried) and not _BARRED_WHEN.search(part):
            said = limit_for_named(part, named, carried, draft, context, facts)
        if said:
            found += said
            and_own = _by_field(named, draft) and len(named) > 1
            told = named and not _FOR_ONLY.match(part)
            subject = (
                named[:1] if told and changes_nothing(part[: named[0].start]) else []
            ) or subject
            continue
        limits = _of_subject(part, named, subject, draft, facts) if found else []
        if limits:
            found += limits
            continue
        condition = _own_condition(part, draft) or (
            named if _CONDITION.search(part) and changes_nothing(without_names(part, named)) else []
        )
        if condition:
            if plain:
                return None  # the condition of what was said before it
            carried = [*carried, *condition]
        elif not (named or carried or subject or about) and (plainly := facts(draft, part)):
            plain += [(draft.name, key, value) for key, value in plainly.items()]
        elif found and not named and _REPEATED.match(part):
            continue
        elif found and _THE_REST.match(part) and not _verdict(without_names(part, named))[0]:
            continue  # what becomes of those that the verdict leaves
        elif (
            said is None
            and named
            and _MAY.search(part)
            and changes_nothing(without_names(part, named))
        ):
            continue  # what may be so: the verdict comes after it
        elif _CONSTRAINT.search(part) or said is not None:
            return None
        elif named and _LEADS.fullmatch(part[: named[0].start]):
            if any(n.who.field.startswith(f"{named[0].who.field}.") for n in named[1:]):
                return None  # it is a condition of an item of the list
            carried = [*carried, named[0]]
        elif named and _ARTICLE.fullmatch(part[: named[0].start]):
            subject = named[:1]
        unread = bool(named) and not (carried or subject)
    return [*plain, *found] if found else None


def _said_once(parts: list[str]) -> list[str]:
    """The parts without those that the next one says again; whom these are about is kept."""
    told: list[str] = []
    for part in parts:
        again = _AGAIN.match(part.strip()) if told else None
        if again:
            whom = _WHOM.match(told.pop())
            part = (f"{whom[0]}下" if whom else "") + part.strip()[again.end() :]
        told.append(part)
    return told


_WHOM = re.compile(r"[一-鿿]{2,8}(?:模式)?(?=不支持|不可|不能|不得|须|需|必须|只|仅)")


def _without_repeats(text: str, draft: Draft, context: Context) -> str:
    """A sentence without the brackets that say again whom it names: `in pro mode (set ...)`."""
    for inner in _SAID_BESIDE.finditer(text):
        bare = text.replace(inner[0], " ")
        told = {(n.who.field, n.who.values) for n in named_in(bare, draft, context)}
        again = {(n.who.field, n.who.values) for n in named_in(inner[0][1:-1], draft, context)}
        fields = {field for field, _ in told}
        if again and all(one in told or (not one[1] and one[0] in fields) for one in again):
            text = " ".join(bare.split())
    return text


def _each_of(first: list[Named], rest: list[Named], draft: Draft, context: Context) -> Found:
    """What each of the first excludes, which do not exclude one another."""
    each = [apart_all([one, *rest], draft, context) for one in first]
    return [fact for said in each for fact in said] if rest and all(each) else []


def _if_either(part: str, named: list[Named]) -> bool:
    """`If A or B is given, C must not be`: A and B don't exclude each other."""
    opening = _IF_EITHER.match(part)
    if opening is None:
        return False
    inside = [n for n in named if n.end <= opening.end()]
    return len({n.who.field for n in inside}) > 1 and len(inside) < len(named)


_IF_EITHER = re.compile(
    r"(?:if|when|once|whenever|as soon as|with) [^,]{1,80}\bor\b[^,]{1,80},"
    r"|(?:当|若|如果?|一旦|传入?|使用|提供|有|带|设置)[^,]{1,40}或[^,]{1,40},",
    re.IGNORECASE,
)


def _by_field(named: list[Named], draft: Draft) -> bool:
    """Whether a part names the field itself, as one that is given."""
    return any(n.who.field == draft.name and n.who.given for n in named)


def _meant_by_it(
    part: str, named: list[Named], subject: list[Named], draft: Draft
) -> Qualifier | None:
    """The value of the field that `it` means: that of which the sentence spoke before."""
    spoken = [n.who for n in subject if n.who.field == draft.name and n.who.values]
    own = any(n.who.field == draft.name for n in named)
    return spoken[0] if spoken and not own and _IT.search(part) else None


def _is_given(named: Named, draft: Draft) -> bool:
    """Whether it is the field itself, as such."""
    return named.who.field == draft.name and named.who.given is True


def _own_values(named: list[Named], draft: Draft) -> tuple[Any, ...]:
    """The values of the field itself that a part begins with, and names nothing else."""
    return named[0].who.values if len(named) == 1 and named[0].who.field == draft.name else ()


def _own_value(named: Named, draft: Draft) -> bool:
    """Whether it is a value of the field itself, as `true` of a switch."""
    return named.who.field == draft.name and named.who.given is None


def _clauses(text: str) -> list[str]:
    """The parts of a sentence, and the two clauses of one that share a condition."""
    parts: list[str] = []
    for part in _PART.split(text):
        two = _CLAUSES.fullmatch(part.strip())
        parts += [two["one"], two["other"]] if two else _each_judged(part)
    return parts


def _each_judged(part: str) -> list[str]:
    """The clauses of `A is required, B and C are not accepted`, where a comma is no end yet."""
    clauses = [""]
    for piece in part.split(","):
        clauses[-1] += f",{piece}" if clauses[-1] else piece
        if _verdict(clauses[-1])[0]:
            clauses.append("")
    whole = len(clauses) > 2 and not clauses[-1].strip()
    return clauses[:-1] if whole else [part]


def parts_of(text: str) -> list[str]:
    """What a sentence says one after the other."""
    return [part.strip() for part in _PART.split(text) if part.strip()]


def _own_condition(part: str, draft: Draft) -> list[Named]:
    """`when it is on`: what the field itself is."""
    return [Named(0, 0, own_state(draft))] if _OWN_ON.fullmatch(part) else []


def _of_subject(
    part: str, named: list[Named], subject: list[Named], draft: Draft, facts: Facts
) -> Found:
    """`nova-1-lite needs it, 1 to 3 of them`: a limit for whom the part before was about."""
    if named or len(subject) != 1 or subject[0].who.field != "model" or draft.name == "model":
        return []
    limits = facts(draft, part) if _CONSTRAINT.search(part) else None
    return subject[0].who.facts({draft.name: limits}) if limits else []


def _own_noun(part: str, draft: Draft) -> re.Match[str] | None:
    """`传入尾帧时`, at a field that is described as one: what holds when it is given."""
    found = re.match(
        r"(传入|使用|提供|上传|设置|指定|自定义|填写|选择|开启)了?([一-鿿]{2,6}?)(?:时|后)(?:,|$)?",
        part,
    )
    opening = draft.opening()[:20]
    own = found and (found[2] in opening or (found[1] == "自定义" and opening.startswith(found[1])))
    return found if own else None


def _verdicts(
    part: str,
    named: list[Named],
    carried: list[Named],
    subject: list[Named],
    draft: Draft,
    context: Context,
    own: Qualifier | None,
) -> Found | None:
    """The facts of one part of a sentence; None where it has no verdict, empty if unreadable."""
    if _ORDINAL.search(part) or (_SOME_OF.search(part) and len(named) > 1):
        return []
    if any(n.who.field == "model" and len(n.who.values) == len(context.ids) for n in named):
        return []
    own_words = "|".join(word for word in draft.name.rpartition(".")[2].split("_") if word[3:])
    rest = without_names(part, named)
    with_count = {n.who.field for n in named if n.who.count}
    named = [n for n in named if n.who.count or n.who.field not in with_count]
    verdict, at, end = _verdict(rest)
    if own_words:
        rest = re.sub(rf"\b(?:{own_words})s?\b", lambda m: " " * len(m[0]), rest)
    bound = [n for n in named if n.bound]
    if bound and not verdict and changes_nothing(rest):
        others = [n for n in [*carried, *named] if not n.bound]
        joined = re.match(r"(?:and|also|且|并|同时|需要?先?将|须先?将|必须先将)", part, re.I)
        if not others and joined and bound[0].who.field != draft.name:
            mine, told_to_be = own or own_state(draft), bound[0].who
            return mine.facts({told_to_be.field: as_needed(told_to_be, context)})
        told_of = {n.who.field for n in bound}
        if len(told_of) < len(bound) or len(others) != 1 or others[0].who.field in told_of:
            return []
        return others[0].who.facts({n.who.field: as_bound(n.who, context) for n in bound})
    told = [n for n in named if n.who.field == draft.name and n.who.given is None]
    if (
        not verdict
        and len(named) == 2
        and len(told) == 1
        and _TELLS.search(rest)
        and changes_nothing(rest)
    ):
        other = next(n for n in named if n is not told[0])
        return other.who.facts({draft.name: as_limits(told[0].who, False)})
    if not verdict or not changes_nothing(rest[:at] + " " * (end - at) + rest[end:]):
        return None
    both = [n for n, m in itertools.pairwise(named) if _BOTH_HOLD.fullmatch(part[n.end : m.start])]
    if both and verdict in (NEEDED, NOT):
        left = [n for n in named if n not in both]
        bare = without_names(part, both)
        return _verdicts(bare, left, [*carried, *both], subject, draft, context, own)
    before = [n for n in named if n.end <= at] or (subject if not carried else [])
    after = [n for n in named if n.start >= end]
    inside = [n for n in named if n not in before and n not in after]
    if inside:
        return []
    self_state = own or own_state(draft)
    turned_on = draft.type == "boolean" and _TURNED_ON.search(part) is not None
    by_default = draft.value_of("default") is True and verdict == NOT and not turned_on
    if own is None and draft.type == "boolean" and (by_default or _NOT_THERE.search(part)):
        self_state = Qualifier(draft.name, given=True)
    myself = [Named(0, 0, self_state, whole=own is None and not turned_on)]
    if subject and subject[0].who.field == draft.name and subject[0].who.values:
        myself = subject[:1]  # all of it is said of one of its values
    also = [n.who for n in carried if n.who.field != "model"]
    if len({who.field for who in also}) > 1 and not any(n.any for n in carried):
        lead = next(n for n in carried if n.who is also[0])
        fewer = [n for n in carried if n.who.field == "model" or n is lead]
        said = _verdicts(part, named, fewer, subject, draft, context, own)
        return only_beside(said, also[1:], context) if said else said
    if verdict == NEED:
        first = before or carried or myself
        second = after or (myself if first is not myself else [])
        found = all_need(first, second, draft, context)
        return only_beside(found, also, context) if before and also else found
    if verdict == BESIDE:
        return all_need(before or carried or myself, after, draft, context)
    if verdict == NEEDED:
        fields = [n for n in before if n.who.given and n.who.field != draft.name]
        if not fields and re.search("[一-鿿]", part):
            fields = [n for n in after if n.who.given and n.who.field != draft.name]
        others = [n for n in [*before, *after, *carried] if n not in fields]
        others = [n for n in others if n in carried or not _is_given(n, draft)]
        told = [n for n in others if n not in carried]
        if also and told:
            found = all_need(told, fields or myself, draft, context)
            return only_beside(found, also, context)
        if fields:
            return all_need(others or myself, fields, draft, context)
        return all_need(others, myself, draft, context) if others else []
    groups = [*carried, *before, *after]
    if verdict == NOT and len(groups) == 1 and subject and _own_value(groups[0], draft):
        groups = [*subject, *groups]
    if verdict == NOT and also and before and after:
        return only_beside(apart_all([*before, *after], draft, context), also, context)
    if verdict == NOT and len(carried) > 1 and all(n.any for n in carried):
        return _each_of(carried, [*before, *after], draft, context)
    if verdict == NOT:
        if len(before) > 1 and after and not carried and models_and_rest(groups)[0] is None:
            return _each_of(before, after, draft, context)
        own_there = any(n.who.field == draft.name for n in groups)
        here = _HERE.search(part) is not None
        alone = len(groups) == 1 or not before or _THEN.search(part) or here
        listed = not after and not carried and len(before) > 1 and all(n.listed for n in before[1:])
        if listed and not own_there and not alone and not _MUTUAL.search(part):
            if len(subject) == 1 and subject[0].who.field == draft.name:
                each = [apart_all([*subject, one], draft, context) for one in before]
                return [fact for said in each for fact in said] if all(each) else []
            return []  # it does not say beside what they have no place
        told_whom = any(n.subject for n in groups)
        if not own_there and groups and alone and not (told_whom and len(groups) > 1):
            of_a_value = not carried and subject and subject[0].who.field == draft.name
            groups = [*(subject if of_a_value and subject[0].who.values else myself), *groups]
        return apart_all(groups, draft, context)
    if rest[at:end] == "才":  # whom it limits stands after it
        before, after = after, before
    return only_with(at, before, after, carried, myself, draft, context)


def _verdict(rest: str) -> tuple[str, int, int]:
    """The verdict and where it stands; none where there are two."""
    found = ""
    start = end = 0
    for name, expression in _SIGNS.items():
        matches = list(expression.finditer(rest))
        if len(matches) > 1 or (matches and found):
            return "", 0, 0
        if matches:
            found, start, end = name, matches[0].start(), matches[0].end()
            rest = rest[:start] + " " * (end - start) + rest[end:]
    return found, start, end
