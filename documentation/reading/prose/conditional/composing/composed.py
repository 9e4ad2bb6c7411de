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
from documentation.reading.prose.conditional.composing.whom import is_idle, whom_of
from documentation.reading.prose.conditional.named_limits import without_names
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
_ONE_OF = sign("composed-one-of")
_AGAIN = sign("composed-again")
_UNLESS, _SO, _SOLELY = sign("composed-unless"), sign("composed-so"), sign("composed-solely")
_ONLY_VALUE, _LACKING = sign("composed-only-value"), sign("composed-lacking")
_APART, _BOTH = sign("composed-apart"), sign("composed-both")
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
    found = [
        pair for fact in _composed(draft, text, context, facts) for pair in _paired(fact, draft)
    ]
    types = _types_inside(draft, context) if not found and draft.type == "object" else []
    each = [_composed(kind, _unglued(text, kind, context), context, facts) for kind in types]
    return found or ([fact for said in each for fact in said] if all(each) else [])


def _paired(fact: tuple[str, str, Any], draft: Draft) -> Found:
    """What one field bars that is given, as fields that exclude each other."""
    name, keyword, value = fact
    if keyword != "mode" or {*value} != {"given", "needs"} or value["given"] is not True:
        return [fact]
    barred = [other for other, limits in value["needs"].items() if limits == {"maxItems": 0}]
    if len(barred) < len(value["needs"]) or any("." in each for each in (name, *barred)):
        return [fact]
    pairs = [(other, name) if other == draft.name else (name, other) for other in barred]
    return [(one, "excludes", two) for one, two in pairs]


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
    text = text.strip(" .。;,")
    once = _AGAIN.sub("", text).strip(" .。;,")
    if any(verdict.search(once) for verdict in (_NOT, _NEED, _BE)):
        text = once
    first = re.match(r"[A-Z]\w*", text, re.ASCII)
    if first and first[0].lower() in context.drafts:
        text = first[0].lower() + text[first.end() :]
    if len(text) > MOST:
        return []
    if unless := _unless(text):
        text, condition = unless
        whom, either = whom_of(condition, draft, context)
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
    parts = [part for part in _PARTS.split(text) if not is_idle(part)]
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
        whom, several = whom_of(condition, draft, context)
        if not whom:
            continue
        plain = by_verb and all(who.given for who in whom)
        if plain and not atoms_in(rule, draft, context) and not _COUNTED.search(rule):
            continue  # it is said of that field itself
        needs, one_of = _needs(rule, {who.field for who in whom}, draft, context, facts)
        given = len(whom) > 1 and all(who.given for who in whom)
        apart = given and _APART.search(rule) and not _BOTH.search(condition)
        if needs or one_of:
            return _of_all(whom, several or bool(apart), needs, one_of)
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
    asked = any(each.question for each in senses) or not is_idle(_TOTAL.sub(" ", rest))
    return [] if asked else [fact for each in senses for fact in each.facts]


def _beside(condition: str, draft: Draft, context: Context) -> dict[str, str]:
    """The field with which, or without which, a condition is met."""
    whom, _ = whom_of(condition, draft, context)
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
    if lead := _IF_IN_CHINESE.match(text):
        for comma in re.finditer("[, ]", text):
            yield text[lead.end() : comma.start()], text[comma.end() :], False
    if then := _THEN.match(text):
        yield then[1], text[then.end() :], False
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


_IF_IN_CHINESE = re.compile("(?:如果|若是?|一旦|只要|凡是?|当)")
_THEN = re.compile("([^,]{2,60}?)就(?=[^是])")


def _is_allowed_only(rule: str) -> bool:
    """Whether what follows is where alone something may be: `1080p only`; not `only 1080p`."""
    return bool(_SOLELY.search(rule)) and not _ONLY_VALUE.search(rule)


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
    whom, several = whom_of(condition, draft, context)
    what = atoms_in(subject, draft, context)
    rest = _MAY.sub(" ", _IT.sub(" ", without_names(subject, what)))
    if not whom or not (_BARE.fullmatch(rest) or not what) or not is_idle(rest):
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


def _needs(
    rule: str, besides: set[str], draft: Draft, context: Context, facts: Facts
) -> tuple[Needs, list[str]]:
    """What some fields have to be by a rule, and those of which one has to be there."""
    needs: Needs = {}
    atoms = atoms_in(rule, draft, context) if _ONE_OF.search(rule) else []
    if len(atoms) > 1 or (atoms and not re.search(r"\bor\b|或", rule)):
        names = [atom.who.field for atom in atoms if atom.who.given]
        bare = _NEED.sub(" ", _ONE_OF.sub(" ", without_names(rule, atoms)))
        one_of = len(names) == len(atoms) > 1 and not {*names} & besides and is_idle(bare)
        return {}, names if one_of else []
    last = ""
    for part in _PARTS.split(rule):
        if is_idle(part) and (needs or not _NEED.search(part)):
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
        return _fixed(whole, valued, own, context) if is_idle(rest) else {}
    for expression, say in ((_NEED, _required), (_NOT, _barred), (_BE, _fixed)):
        if (found := expression.search(rest)) and is_idle(
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
        if found and is_idle(around[: found.start()] + " " + around[found.end() :]):
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
