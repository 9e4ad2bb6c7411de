"""Reads a sentence of a condition and a rule, each by itself: `with F and G, H has to be 9`.

The condition is a list of fields that are given, left out or have values; the rule says what some
fields then have to be. It is for sentences that were told again with the names of fields: nothing
in them may be a word that is not known.
"""

from __future__ import annotations

import dataclasses
import itertools
import re
from collections.abc import Iterator
from typing import Any

from documentation.reading.layouts.draft import Draft
from documentation.reading.layouts.text import normal
from documentation.reading.prose.applying import apply, in_digits
from documentation.reading.prose.clause import Clause
from documentation.reading.prose.conditional.between import only_beside_one
from documentation.reading.prose.conditional.composing.atoms import (
    MADE,
    TIMED,
    atoms_in,
    beside,
    field_named,
)
from documentation.reading.prose.conditional.composing.retold import retold
from documentation.reading.prose.conditional.named_limits import without_names
from documentation.reading.prose.conditional.naming.named import Named
from documentation.reading.prose.conditional.phrases import Facts, left_out, limits_of
from documentation.reading.prose.conditional.qualified import Found
from documentation.reading.prose.conditional.qualifiers import Qualifier, values_of
from documentation.reading.prose.context import Context
from documentation.reading.prose.rules import sign

Needs = dict[str, dict[str, Any]]
MOST = 240
_EXCEPTS = sign("composed-excepts")
_MAY = sign("composed-may")
_ENDS = sign("composed-ends")
_BEGINS = sign("composed-begins")
_BETWEEN = sign("composed-between")
_VERDICT = sign("composed-verdict")
_ONLY = sign("composed-only")
_NOT = sign("composed-not")
_NEED = sign("composed-need")
_BE = sign("composed-be")
_MOST, _LEAST, _JUST = sign("composed-most"), sign("composed-least"), sign("composed-just")
_IT = sign("composed-it")
_IDLE = sign("composed-idle")
_PLAIN = sign("idle")
_ANY = sign("or")
_ONE_OF = sign("composed-one-of")
_AGAIN = sign("composed-again")
_UNLESS, _SO, _SOLELY = sign("composed-unless"), sign("composed-so"), sign("composed-solely")
_TOTAL, _WITHOUT = sign("composed-total"), sign("composed-without")
_OR_SO_MANY = sign("composed-or-so-many")
_STATE, _INNER, _BARE = sign("composed-state"), sign("composed-inner"), sign("composed-bare")
_LONE, _CONDITIONAL = sign("composed-alone"), sign("composed-conditional")
_OF_PICTURES = re.compile(r"(?<=\d) ?张")
_JOINED = re.compile(r"(?:\band|\bor|\bnor|[和与或、,/]) ?$")
_COUNTED = re.compile(r"\d ?(?:秒|[个条]|(?:seconds?|videos?|clips?|results?|variants?)\b)")
_PARTS = re.compile(
    r"(?:[;,]|:(?!\d))(?! ?(?:(?:and|or) )?[\w.:-]+(?:,|;|$| or\b| and\b|、))"
    r"(?: ?(?:and|so|hence|therefore|thus|并且?|且|因此|所以)\b)?"
    r"| and (?=(?:must|is|are|has|needs|cannot|may not)\b)",
    re.ASCII,
)


def composed(draft: Draft, text: str, context: Context, facts: Facts) -> Found:
    """What a sentence says, as facts; nothing where not all of it is understood.

    What is said of an object whose members are objects of several types is said of each of these.
    """
    found = _composed(draft, text, context, facts)
    types = _types_inside(draft, context) if not found and draft.type == "object" else []
    each = [_composed(kind, _unglued(text, kind, context), context, facts) for kind in types]
    return found or ([fact for said in each for fact in said] if all(each) else [])


def names_all(text: str, draft: Draft, context: Context) -> bool:
    """Whether a sentence has a condition, and calls fields and their values by their names only."""
    if not _CONDITIONAL.search(text) or _SAYS_MORE.search(text):
        return False
    atoms = atoms_in(text, draft, context)
    named = [a for a in atoms if a.who.field != "model" and not a.who.count]
    switches = [
        a for a in named if a.who.values == (True,) and a.who.field == text[a.start : a.end]
    ]
    plain = all(_by_name(text[a.start : a.end], a) for a in named)
    return plain and not switches and 0 < len(named) == len(atoms)


def _by_name(words: str, atom: Named) -> bool:
    """Whether words have the name of a field, or one of its values."""
    names = (atom.who.field.rpartition(".")[2], *map(str, atom.who.values))
    return any(
        re.search(rf"(?<![\w.-]){re.escape(name)}(?![\w-])", words, re.A | re.I) for name in names
    )


_SAYS_MORE = re.compile(
    r"[()]|\b(?:to (?:switch|turn)|entry|entries|items?|first|last|instead|there(?! is| are)|explicitly|none)\b"
    r"|\d ?[张个段]|配合|^(?:开启|打开|启用|关闭)[时后]|\b(?:and|or) (?:when|if|for|with|in)\b",
    re.IGNORECASE,
)


def _types_inside(draft: Draft, context: Context) -> list[Draft]:
    """The members that say of which type the objects in an object are."""
    return [
        other
        for name, other in context.drafts.items()
        if name.startswith(f"{draft.name}.") and name.count(".") == draft.name.count(".") + 2
        if name.endswith(".type") and values_of(other, context)
    ]


def _unglued(text: str, kind: Draft, context: Context) -> str:
    """A row whose cells run together: `imageurl is required`, where `image` is a type."""
    names = [name.rpartition(".")[2] for name in beside(kind, context)]
    values = map(re.escape, map(str, values_of(kind, context)))
    glued = rf"^({'|'.join(values)})(?=(?:{'|'.join(map(re.escape, names))})\b)"
    return re.sub(glued, r"\1: ", text)


def _composed(draft: Draft, text: str, context: Context, facts: Facts) -> Found:
    """What a sentence says of one field, or of the object in which it is."""
    text = _AGAIN.sub("", text.strip(" .。;,")).strip(" .。;,")
    first = re.match(r"[A-Z]\w*", text, re.ASCII)
    if first and first[0].lower() in context.drafts:
        text = first[0].lower() + text[first.end() :]
    if len(text) > MOST:
        return []
    if unless := _unless(text):
        text, condition = unless
        whom, either = _whom(condition, draft, context)
        others = [other for who in whom if (other := who.others(context))]
        needs, _ = _needs(text, {w.field for w in whom}, draft, context, facts)
        if not needs or not others or len(others) < len(whom):
            return []
        # Not all of them are met where one of them is not; none of them where each is not.
        return _of_all(others, not either and len(others) > 1, needs, [])
    if _EXCEPTS.search(text):
        return []
    if found := _whole(draft, text, context, facts):
        return found
    for why in _SO.finditer(text):
        head = text[: why.start()]
        bound = re.search(r"\d", head) or (
            _CONDITIONAL.search(head) and not _LONE.match(head.strip())
        )
        if bound or atoms_in(head, draft, context):
            continue
        if found := composed(draft, text[why.end() :], context, facts):
            return found
    parts = [part for part in _PARTS.split(text) if not _is_idle(part)]
    each = [_whole(draft, part, context, facts) for part in parts] if len(parts) > 1 else [[]]
    return [fact for said in each for fact in said] if all(each) else []


def _unless(text: str) -> tuple[str, str] | None:
    """The rule and the condition of `unless C, R` and `R unless C`."""
    found = _UNLESS.search(text)
    if found is None:
        return None
    if found["lead"]:
        return text[found.end() :], found["lead"]
    return text[: found.start()], text[found.end() :]


def _whole(draft: Draft, text: str, context: Context, facts: Facts) -> Found:
    """What a sentence says, or a clause of it."""
    for subject, condition in _only_halves(text):
        if found := _only(subject, condition, draft, context):
            return found
    if _MAY.search(text) or _ONLY.search(text):
        return []
    for condition, rule, by_verb in _halves(text):
        whom, several = _whom(condition, draft, context)
        if not whom:
            continue
        plain = by_verb and all(who.given for who in whom)
        if plain and not atoms_in(rule, draft, context) and not _COUNTED.search(rule):
            continue  # it is said of that field itself
        needs, one_of = _needs(rule, {who.field for who in whom}, draft, context, facts)
        if needs or one_of:
            return _of_all(whom, several, needs, one_of)
    return []


def total_beside(draft: Draft, sentence: str, context: Context) -> Found:
    """A count over several fields, or a sum, that holds with another field, or without it."""
    if not _TOTAL.search(sentence) or len(sentence) > MOST:
        return []
    text = in_digits(retold(normal(sentence), draft, context))
    halves = [(condition, rule) for condition, rule, parted in _halves(text) if not parted]
    if without := _WITHOUT.match(text):
        halves.append((without[0], text[without.end() :].lstrip(" ,")))
    for condition, rule in halves:
        if (total := _total(rule, draft, context)) and (key := _beside(condition, draft, context)):
            return [(name, kind, fact | key) for name, kind, fact in total]
    if again := _OR_SO_MANY.search(text):  # the same is counted where it is fewer
        first = text[: again.start()]
        total = _total(first, draft, context) or _total(first.split(": ")[-1], draft, context)
        if total and (key := _beside(again["condition"], draft, context)):
            fewer = [(n, k, fact | {"maximum": int(again["n"])} | key) for n, k, fact in total]
            return [*total, *fewer] if all("maximum" in fact for _, _, fact in total) else []
    return []


def _total(rule: str, draft: Draft, context: Context) -> Found:
    """A count over several fields, or a sum, that is all that a text says."""
    senses, _, rest = apply(Clause(draft, context, rule), lambda each: each.meaning == "total")
    asked = any(each.question for each in senses) or not _is_idle(_TOTAL.sub(" ", rest))
    return [] if asked else [fact for each in senses for fact in each.facts]


def _beside(condition: str, draft: Draft, context: Context) -> dict[str, str]:
    """The field with which, or without which, a condition is met."""
    whom, _ = _whom(condition, draft, context)
    if len(whom) != 1 or whom[0].values or whom[0].count:
        return {}
    return {("with" if whom[0].given else "without"): whom[0].field}


def _halves(text: str) -> Iterator[tuple[str, str, bool]]:
    """Each way to take a sentence for a condition and a rule, and whether its verb parts them."""
    for end in _ENDS.finditer(text):
        yield text[: end.start()], text[end.end() :], False
    if label := re.match(r"[\w.:-]*\w(?=(?:: | (?:—|–|--|-) ))", text, re.ASCII):
        yield label[0], text[label.end() :].lstrip(" :—–-"), False
    if lead := _BEGINS.match(text):
        for comma in re.finditer("[,:] ", text):
            yield text[lead.end() : comma.start()], text[comma.end() :], False
    if _LACKING.match(text):
        for comma in re.finditer("[,:] ", text):
            yield text[: comma.start()], text[comma.end() :], False
    for lacking in _LACKING.finditer(text, 1):
        if not _is_allowed_only(text[: lacking.start()]):
            yield text[lacking.start() :], text[: lacking.start()], False
    for between in _BETWEEN.finditer(text):
        if _is_allowed_only(text[: between.start()]):
            continue  # it is the condition of what may be, and not of what must
        yield text[between.end() :], text[: between.start()], False
    for verdict in _VERDICT.finditer(text):
        if _STATE.match(text, verdict.start()) or _INNER.search(text):
            continue
        yield text[: verdict.start()], text[verdict.start() :], True
        last = re.search(r"(?<![\w.])[a-z]\w*(?:\.\w+)* ?$", text[: verdict.start()], re.ASCII)
        if last and not _JOINED.search(text[: last.start()]):  # what the rule is about
            yield text[: last.start()], text[last.start() :], True


def _is_allowed_only(rule: str) -> bool:
    """Whether what follows is where alone something may be: `1080p only`; not `only 1080p`."""
    return bool(_SOLELY.search(rule)) and not _ONLY_VALUE.search(rule)


_ONLY_VALUE = re.compile(
    r"^(?:the )?(?:[\w.]+ )?only (?!(?:if|when|with|in|for|at|once)\b)"
    r"|\b(?:can|may|must) only (?:have|take|be(?! (?:combined|used|s[eo]nt|set|given|made|enabled"
    r"|switched|turned|passed|chosen|selected|requested|generated|rendered)))\b",
    re.IGNORECASE,
)


def _only_halves(text: str) -> Iterator[tuple[str, str]]:
    """Each way to take a sentence for what is allowed, and where only."""
    for only in _ONLY.finditer(text):
        groups = only.groupdict()
        condition = next((v for k, v in groups.items() if k.startswith("c") and v), None)
        if condition is None:
            yield text[: only.start()], text[only.end() :]
        else:
            yield text[: only.start()] + " " + text[only.end() :], condition


def _only(subject: str, condition: str, draft: Draft, context: Context) -> Found:
    """What is allowed beside one or more things only."""
    whom, several = _whom(condition, draft, context)
    what = atoms_in(subject, draft, context)
    rest = _MAY.sub(" ", _IT.sub(" ", without_names(subject, what)))
    if not whom or not (_BARE.fullmatch(rest) or not what) or not _is_idle(rest):
        return []
    own = Qualifier(draft.name, given=True)
    own = Qualifier(draft.name, (True,)) if draft.type == "boolean" else own
    found: Found = []
    for who in [atom.who for atom in what] or [own]:
        if who.field == "model" or who.given is False or who.field in {w.field for w in whom}:
            return []
        each = [only_beside_one(who, other, context) for other in whom]
        if several:
            each = [_needs_one(who, whom)]
        if not all(each):
            return []
        found += [fact for said in each for fact in said]
    return found


def _needs_one(who: Qualifier, whom: list[Qualifier]) -> Found:
    """What is allowed beside one of several fields only."""
    if not all(other.given for other in whom):
        return []
    absent = tuple(Qualifier(other.field, given=False) for other in whom[:-1])
    return who.facts({whom[-1].field: {"required": True}}, (), absent)


def _is_idle(text: str) -> bool:
    """Whether the words of a text say nothing more."""
    return not _PLAIN.sub("", _IDLE.sub(" ", text)).strip(" ,;:.'\"`()!-、/")


def _whom(text: str, draft: Draft, context: Context) -> tuple[list[Qualifier], bool]:
    """The requests that a condition means, and whether one of its parts is enough."""
    atoms = _lacking_alike(atoms_in(text, draft, context, rule=False), text)
    if not atoms or not _is_idle(without_names(text, atoms)):
        return [], False
    pairs = list(itertools.pairwise(atoms))
    either = any(_ANY.search(text[one.end : two.start]) for one, two in pairs)
    either = either or (len(atoms) > 1 and _ANY_OF.search(text) is not None)
    if all(atom.who.given is False and _before(atom, text) for atom in atoms):
        either = False  # `without F or G` has none of them
    once = list({str(atom.who): atom.who for atom in atoms}.values())
    if len({who.field for who in once}) < len(once):
        return [], False
    return once, either


def _lacking_alike(atoms: list[Named], text: str) -> list[Named]:
    """The atoms of a condition; `without F and G`, `F and G are missing` is said of both."""
    joined = [
        _JOINT_ONLY.fullmatch(text[one.end : two.start]) is not None
        for one, two in itertools.pairwise(atoms)
    ]
    found = list(atoms)
    for at, is_joined in enumerate(joined):
        one, two = found[at], found[at + 1]
        if is_joined and one.who.given is False and _before(one, text) and _is_bare(two, text):
            found[at + 1] = dataclasses.replace(two, who=Qualifier(two.who.field, given=False))
    for at, is_joined in reversed(list(enumerate(joined))):
        one, two = found[at], found[at + 1]
        after = two.who.given is False and not _before(atoms[at + 1], text)
        if is_joined and after and atoms[at + 1].who.given is False and _is_bare(one, text):
            found[at] = dataclasses.replace(one, who=Qualifier(one.who.field, given=False))
    return found


def _before(atom: Named, text: str) -> bool:
    """Whether what says that a field is missing stands before its name."""
    name = atom.who.field.rpartition(".")[2]
    return not text.startswith((name, atom.who.field), atom.start)


def _is_bare(atom: Named, text: str) -> bool:
    """Whether a text has the name of a field alone, with no word of whether it is given."""
    name = atom.who.field.rpartition(".")[2]
    return atom.who.given is True and text[atom.start : atom.end] in (name, atom.who.field)


_JOINT_ONLY = re.compile(r" ?(?:,|,? ?(?:and|or|nor)|[和与或、/]|以及) ?", re.IGNORECASE)
_LACKING = re.compile(r"\b(?:without|in (?:the )?absence of)\b", re.IGNORECASE)
_ANY_OF = re.compile(
    r"\b(?:(?:at least )?(?:one|any) of|either)\b|任意一个|任一|其中之一|之一", re.IGNORECASE
)


def _needs(
    rule: str, besides: set[str], draft: Draft, context: Context, facts: Facts
) -> tuple[Needs, list[str]]:
    """What some fields have to be by a rule, and those of which one has to be there."""
    needs: Needs = {}
    atoms = atoms_in(rule, draft, context) if _ONE_OF.search(rule) else []
    if len(atoms) > 1 or (atoms and not re.search(r"\bor\b|或", rule)):
        names = [atom.who.field for atom in atoms if atom.who.given]
        bare = _NEED.sub(" ", _ONE_OF.sub(" ", without_names(rule, atoms)))
        one_of = len(names) == len(atoms) > 1 and not {*names} & besides and _is_idle(bare)
        return {}, names if one_of else []
    last = ""
    for part in _PARTS.split(rule):
        if _is_idle(part) and (needs or not _NEED.search(part)):
            continue
        said = _need(part.strip(), besides, draft, context, facts)
        if last and not said and all(a.who.count for a in atoms_in(part, draft, context)):
            own = f"{last}{_OF_PICTURES.sub('个', part.strip())}"  # it goes on with that field
            said = _need(own, besides, draft, context, facts)
            said = {name: needs.get(name, {}) | limits for name, limits in said.items()}
        last = next(iter(said)) if len(said) == 1 else ""
        if not said or {*said} & besides:
            return {}, []
        for name, limits in said.items():
            if name in needs and not needs[name].items() <= limits.items():
                return {}, []
            needs[name] = limits
    return needs, []


def _need(part: str, besides: set[str], draft: Draft, context: Context, facts: Facts) -> Needs:
    """What one part of a rule says."""
    atoms = atoms_in(part, draft, context)
    once = {str(atom.who): atom for atom in atoms}
    valued_fields = {a.who.field for a in once.values() if a.who.given is None}
    told = [a for a in once.values() if a.who.given is None or a.who.field not in valued_fields]
    fields = [atom.who.field for atom in told]
    if {*fields} & besides or "model" in fields or len({*fields}) < len(fields):
        return {}
    if any(a.who.given is False for a in told):
        return {}
    rest = _IT.sub(" ", without_names(part, atoms))
    whole = [a.who for a in told if a.who.given and context.drafts[a.who.field].type != "boolean"]
    valued = [a.who for a in told if a.who not in whole]
    own = [] if draft.name in besides or draft.name == "model" else [draft.name]
    number = valued and isinstance(valued[0].values[0], int) and valued[0].values[0] is not True
    if number and (_MOST.search(rest) or _LEAST.search(rest)):
        return _limited(part, rest, whole, valued, own, context, facts)
    if any(a.bound for a in told):
        return _fixed(whole, valued, own, context) if _is_idle(rest) else {}
    for expression, say in ((_NEED, _required), (_NOT, _barred), (_BE, _fixed)):
        if (found := expression.search(rest)) and _is_idle(
            rest[: found.start()] + " " + rest[found.end() :]
        ):
            return say(whole, valued, own, context)
    return _limited(part, rest, whole, valued, own, context, facts)


def _required(
    whole: list[Qualifier], valued: list[Qualifier], own: list[str], context: Context
) -> Needs:
    switches = [w for w in valued if w.values == (True,)]
    if len(switches) < len(valued):
        return _fixed(whole, valued, own, context)
    names = [w.field for w in whole] or ([] if valued else own)
    on: Needs = {w.field: {"enum": [True], "required": True} for w in switches}
    return {name: {"required": True} for name in names} | on


def _barred(
    whole: list[Qualifier], valued: list[Qualifier], own: list[str], context: Context
) -> Needs:
    if valued and whole:
        return {}
    names = [w.field for w in whole] or ([] if valued else own)
    found: Needs = {name: left_out(context.drafts[name]) for name in names}
    for who in valued:
        switch = context.drafts[who.field].type == "boolean"
        known = [True, False] if switch else values_of(context.drafts[who.field], context)
        kept = [v for v in known if v not in who.values]
        if not kept or len(kept) == len(known):
            return {}
        found[who.field] = {"enum": kept}
    return found


def _fixed(
    whole: list[Qualifier], valued: list[Qualifier], own: list[str], context: Context
) -> Needs:
    if whole or not valued:
        return {}
    found: Needs = {}
    for who in valued:
        default = context.drafts[who.field].value_of("default")
        there = who.values == (True,) and default is not True
        found[who.field] = {"enum": list(who.values)} | ({"required": True} if there else {})
    return found


_NUMBER = re.compile(r"(?<![\w.:-])(?P<n>\d{1,5})(?![\w:.])", re.ASCII)
_UNITS = (
    (re.compile(r" ?(?:秒|seconds?\b|s\b)"), TIMED),
    (
        re.compile(
            r" ?(?:[个条]|(?:output |separate )?(?:videos?|clips?|results?|variants?|outputs?)\b)"
        ),
        MADE,
    ),
)


def _limited(
    part: str,
    rest: str,
    whole: list[Qualifier],
    valued: list[Qualifier],
    own: list[str],
    context: Context,
    facts: Facts,
) -> Needs:
    """A limit of the one field that is named, or of that which a unit tells, or of the field."""
    if len(whole) > 1 or (valued and (whole or len(valued) > 1)):
        return {}
    if valued and not isinstance(valued[0].values[0], int):
        return {}
    bare = part if valued else rest
    number = _NUMBER.search(bare)
    told = _told_by_unit(bare, number, context) if number and not whole else ""
    target = whole[0].field if whole else valued[0].field if valued else told
    target = target or next(iter(own), "")
    if not target or isinstance(valued[0].values[0] if valued else 0, bool):
        return {}
    if told and told != target:
        return {}
    limits = _simple(bare, number, target, context)
    ranged = valued and _RANGE.search(part)
    if not limits and (ranged or not valued):
        bare = _ALONE.sub(" ", bare)
        limits = (
            limits_of(context.drafts[target], " ".join(bare.split()).strip(" ,"), context, facts)
            or {}
        )
    return {target: limits} if limits else {}


_RANGE = re.compile(r"\d ?(?:-|–|~|\bto\b|至|到) ?\d")
_ALONE = re.compile(r"\b(?:only|just)\b|仅|只能|只(?=\d)", re.IGNORECASE)


_UNIT_AFTER = re.compile(
    r" ?(?:秒|[张个条段]|(?:output )?(?:seconds?|videos?|clips?|results?|images?|pictures?|entries"
    r"|items?|variants?|outputs?)\b)?"
)


def _told_by_unit(text: str, number: re.Match[str], context: Context) -> str:
    names = next((names for unit, names in _UNITS if unit.match(text, number.end())), None)
    return field_named(names, context) if names else ""


def _simple(
    text: str, number: re.Match[str] | None, target: str, context: Context
) -> dict[str, Any]:
    """`at most 9`, `only 9`, `at least 9` and words that say nothing more."""
    kind = context.drafts[target].type
    if number is None or kind not in ("integer", "array"):
        return {}
    end = number.end()
    unit = _UNIT_AFTER.match(text, end)
    end = unit.end() if unit else end
    around = text[: number.start()] + " " + text[end:]
    value = int(number["n"])
    least, most = ("minItems", "maxItems") if kind == "array" else ("minimum", "maximum")
    for expression, keys in ((_MOST, (most,)), (_LEAST, (least,)), (_JUST, (least, most))):
        found = expression.search(around)
        if found and _is_idle(around[: found.start()] + " " + around[found.end() :]):
            if kind == "integer" and len(keys) == 2:
                return {"enum": [value]}
            return dict.fromkeys(keys, value)
    return {}


def _of_all(whom: list[Qualifier], either: bool, needs: Needs, one_of: list[str]) -> Found:
    """The needs of requests that are like one of several conditions, or like all of them."""
    models = next((who.values for who in whom if who.field == "model"), ())
    whom = [who for who in whom if who.field != "model"]
    absent = [Qualifier(name, given=False) for name in one_of[:-1]]
    needs = needs or {one_of[-1]: {"required": True}}
    if either and (models or absent):
        return []
    if not whom:
        return [] if absent else Qualifier("model", models).facts(needs)
    if either:
        return [fact for who in whom for fact in who.facts(needs)]
    first, *rest = [*sorted(whom, key=lambda who: -len(who.values)), *absent]
    each = [[dataclasses.replace(w, values=(v,)) for v in w.values] or [w] for w in rest]
    return [
        fact
        for beside in itertools.product(*each)
        for fact in first.facts(needs, models, tuple(beside))
    ]
