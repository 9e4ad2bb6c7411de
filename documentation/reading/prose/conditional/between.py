"""What follows for fields where things that a sentence names need, exclude or limit one another."""

from __future__ import annotations

from typing import Any

from documentation.reading.layouts.draft import Draft
from documentation.reading.prose.conditional.naming.named import Named
from documentation.reading.prose.conditional.phrases import left_out
from documentation.reading.prose.conditional.qualified import Found
from documentation.reading.prose.conditional.qualifiers import Qualifier, values_of
from documentation.reading.prose.context import Context


def all_need(first: list[Named], second: list[Named], draft: Draft, context: Context) -> Found:
    """Each of the first things needs all of the second; of those that `or` joins, one."""
    if not first or not second or {n.who.field for n in first} & {n.who.field for n in second}:
        return []
    models, rest = models_and_rest(first)
    if len(rest) > 1 and not all(n.who.given is None for n in rest):
        return []
    if any(n.any for n in second) and len(second) > 1:
        mine = rest[0].who if len(rest) == 1 else None
        if mine is None or models or mine.given is not True or not all(n.who.given for n in second):
            return []
        return [(mine.field, "together", [n.who.field for n in second])]
    found: Found = []
    for n in second:
        subjects: list[Qualifier | None] = [each.who for each in rest]
        for one in subjects or [None]:
            said = _needs(one, models, n.who, draft, context)
            if not said:
                return []
            found += said
    return found


def models_and_rest(named: list[Named]) -> tuple[Qualifier | None, list[Named]]:
    models = [n.who for n in named if n.who.field == "model"]
    return (models[0] if models else None), [n for n in named if n.who.field != "model"]


def _needs(
    one: Qualifier | None,
    models: Qualifier | None,
    other: Qualifier,
    draft: Draft,
    context: Context,
) -> Found:
    """One thing needs another, with some models only if any are named."""
    if one is None:
        if models is None or other.field == "model":
            return []
        return models.facts({other.field: as_needed(other, context)})
    if other.field == "model":
        return only_beside_one(one, other, context)
    on = one.given is True and context.drafts[other.field].type == "boolean"
    counted = one.count or other.count
    if one.given and other.given and not (models or counted or on):
        return [(one.field, "together", [other.field])]
    return one.facts({other.field: as_needed(other, context)}, models.values if models else ())


def as_needed(who: Qualifier, context: Context) -> dict[str, Any]:
    """What a field has to be; it has to be there unless it has a default."""
    if who.given and context.drafts[who.field].type == "boolean":
        who = Qualifier(who.field, (True,))
    default = context.drafts[who.field].value_of("default")
    return as_limits(who, default is None) | as_bound(who, context)


def as_bound(who: Qualifier, context: Context) -> dict[str, Any]:
    """What a field has to be where it is there; a switch that is off by default has to be."""
    default = context.drafts[who.field].value_of("default")
    return as_limits(who, isinstance(default, bool) and who.values == (not default,))


def as_limits(who: Qualifier, required: bool) -> dict[str, Any]:
    if who.count:
        return {"minItems": who.count, "maxItems": who.count, "required": True}
    if who.given is not None:
        return {"required": True} if who.given else {"maxItems": 0}
    return {"enum": list(who.values)} | ({"required": True} if required else {})


def only_beside_one(
    one: Qualifier, other: Qualifier, context: Context, *, whole: bool = False
) -> Found:
    """One thing is allowed beside another one only."""
    if one.count:
        rest, fewer = other.others(context), _not(one, context)
        return rest.facts({one.field: fewer}) if rest and fewer else []
    if other.field == "model" and (one.given or whole):
        return [(one.field, "onlyFor", list(other.values))]
    own = context.drafts[one.field]
    if other.field == "model":
        rest, kept = other.others(context), _rest(one, context)
        return rest.facts({one.field: {"enum": kept}}) if rest and kept else []
    rest = other.others(context)
    if one.given and other.given and not other.count:
        return [(one.field, "together", [other.field])]
    if rest and other.given is None and not other.count and (one.given or one.values == (True,)):
        return rest.facts({one.field: left_out(own)})
    return one.facts({other.field: as_needed(other, context)})


def only_with(
    at: int,
    before: list[Named],
    after: list[Named],
    carried: list[Named],
    myself: list[Named],
    draft: Draft,
    context: Context,
) -> Found:
    """What is allowed beside what only: `only` stands beside the one that limits the other."""
    if len(carried) == 1 and not before and _distinct_values(after, carried[0]):
        whom, told = carried[0].who, {n.who.field: as_limits(n.who, False) for n in after}
        return [fact for name, limits in told.items() for fact in whom.facts({name: limits})]
    limiting = after[:1] or before[-1:]
    if len(after) == 2 and after[1].any:
        each = [n.who.field for n in after if n.who.given and not n.who.count]
        plain = not before and not carried and myself[0].who.given and len(each) == 2
        return [(draft.name, "together", each)] if plain else []
    if len(after) == 2 and not before and after[0].who.field != draft.name:
        before, after = after[1:], after[:1]
    others = [n for n in [*carried, *before] if n not in limiting]
    for_all = all(n.who.field == "model" for n in carried)
    if len(after) > 1 and len(before) < 2 and not carried and not any(n.any for n in after):
        return _with_all((before or myself)[0], after, context, whole=not before)
    if not after and for_all and before[2:] and before[0].who.field == draft.name:
        return all_need([*carried, before[0]], before[1:], draft, context)
    if len(after) > 1 or len(others) > 1:
        return []
    if not limiting:
        return only_beside_one(myself[0].who, others[0].who, context, whole=True) if others else []
    who = limiting[0].who
    if not others:
        if who.field == draft.name:
            return []
        return only_beside_one(myself[0].who, who, context, whole=myself[0].whole)
    one = others[0].who
    if one.field == who.field:
        return []
    if one.field == "model" and who.field != "model":
        return one.facts({who.field: as_bound(who, context)})
    if one.field == draft.name or who.field == "model":
        return only_beside_one(one, who, context)
    return one.facts({who.field: as_limits(who, False)})


def _distinct_values(named: list[Named], whom: Named) -> bool:
    """Whether these are values of several fields, of which each is the only one for whom."""
    fields = {n.who.field for n in named} - {whom.who.field}
    values = all(n.who.given is None and n.who.values and not n.any for n in named)
    return 1 < len(named) == len(fields) and values


def _with_all(first: Named, others: list[Named], context: Context, *, whole: bool) -> Found:
    """One thing is allowed where several conditions hold only: it needs each of them."""
    found: Found = []
    for n in others:
        said = only_beside_one(first.who, n.who, context, whole=whole)
        if not said:
            return []
        found += said
    fields = {first.who.field, *(n.who.field for n in others)}
    return found if len(fields) > len(others) else []


def apart_all(groups: list[Named], draft: Draft, context: Context) -> Found:
    """Things that do not go together."""
    models, rest = models_and_rest(groups)
    if models is None:
        if len(rest) < 2 or rest[0].who.field in {n.who.field for n in rest[1:]}:
            return []
        each = [_apart(rest[0].who, n.who, context) for n in rest[1:]]
        return [fact for said in each for fact in said] if all(each) else []
    found: Found = []
    if len(rest) == 2 and not rest[1].listed and rest[0].who.field != rest[1].who.field:
        limits = _not(rest[0].who, context)
        return rest[1].who.facts({rest[0].who.field: limits}, models.values) if limits else []
    for n in rest:
        if n.whole or (n.who.given and not n.who.count and n.who.field == draft.name):
            others = models.others(context)
            found += [(draft.name, "onlyFor", list(others.values))] if others else []
        elif limits := _not(n.who, context):
            found += models.facts({n.who.field: limits})
        else:
            return []
    return found


def only_beside(found: Found, also: list[Qualifier], context: Context) -> Found:
    """The same facts where they hold for some requests only; none where that can't be said."""
    if len({who.field for who in also}) < len(also):
        return []
    told: Found = []
    for name, keyword, value in found:
        each = _as_modes(name, keyword, value, context)
        if not each or name in {"model", *(who.field for who in also)}:
            return []
        told += [(field, "mode", mode) for field, mode in each]
    for who in also:
        told = [
            (
                name,
                keyword,
                {**mode, "beside": [*mode.get("beside", []), {"field": who.field, **so}]},
            )
            for name, keyword, mode in told
            for so in who.conditions()
        ]
    return told


def for_whom(found: Found, who: Qualifier, context: Context) -> Found:
    """The same facts of the requests of some models, or of those with a value of a field."""
    if who.field != "model":
        return only_beside(found, [who], context)
    told: Found = []
    for name, keyword, value in found:
        each = _as_modes(name, keyword, value, context)
        if not each:
            return []
        told += [(field, "mode", {**mode, "models": list(who.values)}) for field, mode in each]
    return told


def _as_modes(
    name: str, keyword: str, value: Any, context: Context
) -> list[tuple[str, dict[str, Any]]]:
    """What a fact about several fields says of requests that have one of them."""
    if keyword == "mode":
        return [(name, value)]
    if keyword == "excludes":
        return [(name, {"given": True, "needs": {value: left_out(context.drafts[value])}})]
    if keyword == "together":
        rest = _absent(value[:-1])
        return [(name, {"given": True, "needs": {value[-1]: {"required": True}}} | rest)]
    if keyword == "oneNeeded":
        rest = _absent(value[1:-1])
        return [(value[0], {"given": False, "needs": {value[-1]: {"required": True}}} | rest)]
    return []


def _absent(names: list[str]) -> dict[str, Any]:
    return {"beside": [{"field": name, "given": False} for name in names]} if names else {}


def _apart(one: Qualifier, other: Qualifier, context: Context) -> Found:
    if one.field == other.field:
        return []
    if other.count:
        one, other = other, one
    if other.count:
        return []
    if one.given and other.given and not one.count:
        return [(one.field, "excludes", other.field)]
    if one.given is not False and (kept := _outside(other, context)):
        return one.facts({other.field: kept})
    limits = _not(one, context)
    return other.facts({one.field: limits}) if limits else []


def _outside(who: Qualifier, context: Context) -> dict[str, Any] | None:
    """What is left of a range whose end a field is not to have: less than 9, of 1 to 10."""
    draft = context.drafts[who.field]
    low, high = draft.value_of("minimum"), draft.value_of("maximum")
    if draft.type != "integer" or low is None or high is None or values_of(draft, context):
        return None
    barred = sorted(who.values)
    if not barred or barred != list(range(barred[0], barred[-1] + 1)) or barred[0] <= low:
        return None
    return {"maximum": barred[0] - 1} if barred[-1] == high else None


def _not(who: Qualifier, context: Context) -> dict[str, Any] | None:
    """What a field has to be for requests not to be those."""
    if who.count:
        most = context.drafts[who.field].value_of("maxItems")
        return {"maxItems": who.count - 1} if who.count == (most or 2) and who.count > 1 else None
    if who.given is not None:
        return left_out(context.drafts[who.field]) if who.given else {"required": True}
    kept = _rest(who, context)
    return {"enum": kept} if kept else None


def _rest(who: Qualifier, context: Context) -> list[Any]:
    if context.drafts[who.field].type == "boolean":
        return [not value for value in who.values] if len(who.values) == 1 else []
    return [v for v in values_of(context.drafts[who.field], context) if v not in who.values]
