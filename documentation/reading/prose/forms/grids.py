"""Reads a grid: values before its rows and above its columns, and in each cell what goes with both.

`1080p` beside `nova-1-lite` with `6, 10` in the cell: at 1080p this model makes clips of 6 or 10
seconds. A cell that says no keeps the two apart.

Where the columns are kinds of input, `Text`, `First frame`, `First and last frame`, a model has no
field that only the kinds have that it does not take, and needs what all of its kinds have.
"""

from __future__ import annotations

import re
from typing import Any

from documentation.reading.layouts.draft import Draft
from documentation.reading.layouts.option_lines import DEFAULT_MARK
from documentation.reading.prose.conditional.naming.nouns import singular, words_of
from documentation.reading.prose.conditional.phrases import field_called, own_values
from documentation.reading.prose.conditional.qualified import Found
from documentation.reading.prose.conditional.qualifiers import (
    Qualifier,
    main_of_medium,
    values_of,
)
from documentation.reading.prose.context import Context
from documentation.reading.prose.quantity import without_seconds
from documentation.reading.prose.rules import sign

_NO = sign("cell-no")
_YES = sign("cell-yes")
_WITH_A_NOTE = re.compile(r"(?P<values>\d[\w ]*(?:, ?\d[\w ]*)*), (?P<note>[A-Za-z].*)", re.ASCII)


def of_grid(
    draft: Draft, grid: list[tuple[str, str, str]], context: Context
) -> tuple[Found | None, list[str]]:
    """What a grid says, as facts, and what its cells say after a yes.

    There are no facts, but None, where a row, a column or a cell is not understood.
    """
    found: Found = []
    after: list[str] = []
    listed: list[Any] = []
    limits: list[tuple[Qualifier, Qualifier, str, list[Any]]] = []
    apart: dict[tuple[Qualifier, str], list[Any]] = {}
    own = rows_of(draft, grid, context)
    for row, column, cell in grid:
        one, other = own.get(row) or _valued(row, draft, context), _valued(column, draft, context)
        if one is None or other is None or one.field == other.field:
            return None, []
        if other.field == "model" or (other.field == draft.name and one.field != "model"):
            one, other = other, one
        if _NO.fullmatch(cell):
            apart.setdefault((one, other.field), []).extend(other.values)
            continue
        yes, _, rest = DEFAULT_MARK.sub("", cell).strip().partition(", ")
        if _YES.fullmatch(yes):
            after += [f"{row}, {column}: {rest}"] if rest else []
            continue
        if noted := _WITH_A_NOTE.fullmatch(cell):
            cell = noted["values"]
            after.append(f"{row}, {column}: {noted['note']}")
        named = {one.field, other.field}
        target = draft if draft.name not in named else field_called(f"{cell} seconds", context)
        values = own_values(target, cell, context) if target and target.name not in named else []
        if not values or target is None or one.field != "model":
            return None, []
        listed += values if target is draft else []
        limits.append((one, other, target.name, values))
    whole = sorted(dict.fromkeys(listed), key=_order)
    for one, other, name, values in limits:
        if values != (values_of(context.drafts[name], context) or whole):
            found += other.facts({name: {"enum": values}}, one.values)
    for (who, name), values in apart.items():
        known = values_of(context.drafts[name], context)
        known = known or [value for each in own.values() for value in each.values]
        kept = [value for value in known if value not in values]
        found += who.facts({name: {"enum": kept} if kept else {"maxItems": 0}})
    if own:
        found.append((draft.name, "enum", [v for each in own.values() for v in each.values]))
    if whole and not values_of(draft, context):
        found.append((draft.name, "enum", whole))
    return found, after


def rows_of(
    draft: Draft, grid: list[tuple[str, str, str]], context: Context
) -> dict[str, Qualifier]:
    """The field's values before the rows of a grid, where nothing else lists them."""
    heads = list(dict.fromkeys(row for row, _, _ in grid))
    seconds = [without_seconds(head) for head in heads]
    if values_of(draft, context) or draft.type != "integer" or not all(map(str.isdigit, seconds)):
        return {}
    pairs = zip(heads, seconds, strict=True)
    return {head: Qualifier(draft.name, (int(value),)) for head, value in pairs}


def _valued(text: str, draft: Draft, context: Context) -> Qualifier | None:
    """The field that has a value, the field itself first."""
    for other in (draft, *context.drafts.values()):
        for value in values_of(other, context):
            if str(value) == text:
                return Qualifier(other.name, (value,))
    seconds = without_seconds(text)
    timed = field_called(text, context) if seconds != text else None
    for value in values_of(timed, context) if timed else ():
        if str(value) == seconds:
            return Qualifier(timed.name, (value,))  # type: ignore[union-attr]
    return None


def of_marks(marks: list[tuple[str, str, bool]], context: Context) -> Found | None:
    """What marks say of models; None where a column is not understood."""
    models = [row for row, _, _ in marks]
    if len(context.ids) < 2 or not {*models} <= {*context.ids}:
        return None
    heads = list(dict.fromkeys(head for _, head, _ in marks))
    kinds = {head: _inputs_of(head, context) for head in heads}
    switches = {head: _switch_of(head, context) for head in heads if kinds[head] is None}
    if not all(kinds[head] is not None or switches.get(head) for head in heads):
        return None
    found: Found = []
    for head, name in switches.items():
        off = [row for row, other, yes in marks if other == head and not yes]
        found += [("model", "mode", _mode_of(row, {name: {"enum": [False]}})) for row in off]
    told = {head: inputs for head, inputs in kinds.items() if inputs is not None}
    taken = {
        model: [told[head] for row, head, yes in marks if row == model and yes and head in told]
        for model in dict.fromkeys(models)
    }
    for name in dict.fromkeys(name for inputs in told.values() for name in inputs):
        who = [model for model, each in taken.items() if any(name in inputs for inputs in each)]
        if who and len(who) < len(context.ids):
            found.append((name, "onlyFor", who))
        for model in who:
            limits = _as_often(name, taken[model], told)
            found += [("model", "mode", _mode_of(model, {name: limits}))] if limits else []
    return found


def _as_often(
    name: str, taken: list[dict[str, int]], told: dict[str, dict[str, int]]
) -> dict[str, Any]:
    """How many of a field there are in the kinds of input that a model takes."""
    counts = [inputs[name] for inputs in taken if name in inputs]
    listed = [inputs[name] for inputs in told.values() if inputs.get(name)]
    limits: dict[str, Any] = {}
    if all(counts) and len({*listed}) > 1:
        limits |= {"maxItems": max(counts)} if max(counts) < max(listed) else {}
        limits |= {"minItems": min(counts)} if min(counts) > min(listed) else {}
    needed = len(counts) == len(taken) and not all(told.values())
    return limits | ({"required": True} if needed and "minItems" not in limits else {})


def _mode_of(model: str, needs: dict[str, dict[str, Any]]) -> dict[str, Any]:
    return {"name": model, "needs": needs}


_TEXT = sign("kind-text")
_BOTH = sign("kind-both-frames")
_ONE = sign("kind-one-image")
_LAST = re.compile(r"(?:^|_)(?:last|end|tail|final)_", re.IGNORECASE)
_IDLE_HEAD = re.compile(
    r"(?:reference|input|images?|pictures?|photos?|urls?|clips?|videos?|inputs?|a|an|the|of|with"
    r"|mode|support(?:ed)?)",
    re.IGNORECASE,
)


def _inputs_of(head: str, context: Context) -> dict[str, int] | None:
    """The fields of a kind of input, each with how many there are where that is said."""
    if _TEXT.fullmatch(head):
        return {}
    names = context.fields_in(head, "model")
    if names:
        return dict.fromkeys((n for n in names if context.drafts[n].type != "boolean"), 0) or None
    pictures = main_of_medium("image", context) + [
        name
        for name, other in context.drafts.items()
        if "frame" in name and "image" not in name and "." not in name and other.type == "string"
    ]
    lists = [name for name in pictures if context.drafts[name].type == "array"]
    last = [name for name in pictures if _LAST.search(name)]
    plain = [name for name in pictures if context.drafts[name].type == "string"]
    first = [name for name in plain if name not in last]
    if _BOTH.fullmatch(head) or _ONE.fullmatch(head):
        both = _BOTH.fullmatch(head) is not None
        if len(first) == 1 and (len(last) == 1 or not both):
            return dict.fromkeys([*first, *(last if both else [])], 0)
        return {lists[0]: 2 if both else 1} if len(lists) == 1 and not first else None
    words = {singular(word) for word in re.findall(r"[a-z]+", head.lower())}
    telling = {word for word in words if not _IDLE_HEAD.fullmatch(word)} or words
    named = [
        name
        for name, other in context.drafts.items()
        if "." not in name
        and other.type in ("array", "string", "object")
        and telling <= words_of(name)
    ]
    return {named[0]: 0} if len(named) == 1 else None


def _switch_of(head: str, context: Context) -> str:
    """The switch that a column is about: `Sound`, of `generate_sound`."""
    words = {singular(word) for word in re.findall(r"[a-z]+", head.lower())}
    named = [
        name
        for name, other in context.drafts.items()
        if other.type == "boolean" and words & words_of(name)
    ]
    return named[0] if len(named) == 1 else ""


def _order(value: Any) -> tuple[int, str]:
    number = re.match(r"\d{1,9}", str(value))
    return (int(number[0]) if number else 0), str(value)
