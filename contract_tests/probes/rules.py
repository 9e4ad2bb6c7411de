"""The rules between the fields of a variant, held against a body without any schema.

A probe changes one field; what that change needs of others is mended, so that a rejection has one
reason, and what can't be mended is no probe that must be accepted.
"""

from __future__ import annotations

import marshal
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from documentation.checking.conditions import (
    Limits,
    Mode,
    below,
    by_default_met,
    fits,
    is_barred,
    list_of,
    needs_of,
    required_by,
)
from foxapi_video.totals import broken, total_of

Body = dict[str, Any]
Rule = TypeVar("Rule")
ABSENT = object()
MOST_STEPS = 12
MOST_ITEMS = 20  # of a list, where nothing limits them
_TYPES: dict[Any, Any] = {
    "string": str,
    "boolean": bool,
    "integer": int,
    "number": (int, float),
    "array": list,
    "object": dict,
}


@dataclass(frozen=True, eq=False, slots=True)
class Rules:
    """What a page says of several fields of one variant.

    Attributes:
        fields: The keywords of every field, members dotted.
        excludes: Pairs of fields of which a body has one at most.
        together: A field, and those of which one has to be there with it.
        needed: Fields of which one has to be there.
        modes: What values of a field need of others.
        inferred: The field that names a mode, where a body may leave it out and is of one for all
            that.
        totals: How many of several fields there may be in all, and sums.
        items: What each item of a list has to keep by itself.
    """

    fields: dict[str, Limits] = field(default_factory=dict)
    excludes: tuple[tuple[str, str], ...] = ()
    together: tuple[tuple[str, tuple[str, ...]], ...] = ()
    needed: tuple[tuple[str, ...], ...] = ()
    modes: tuple[Mode, ...] = ()
    inferred: str = ""
    totals: tuple[Limits, ...] = ()
    items: dict[str, Rules] = field(default_factory=dict)

    def of_items_apart(self) -> Rules:
        """The same, with the rules between members of the items of a list in `items`."""
        excludes = _by_list(self.excludes, lambda pair: list_of([*pair], self.fields))
        together = _by_list(self.together, lambda r: list_of([r[0], *r[1]], self.fields))
        needed = _by_list(self.needed, lambda names: list_of([*names], self.fields))
        modes = _by_list(self.modes, lambda mode: mode.list_of(self.fields))
        items = {
            head: Rules(
                below(head, self.fields),
                tuple(
                    (_short(head, one), _short(head, two)) for one, two in excludes.get(head, ())
                ),
                tuple(
                    (_short(head, name), tuple(_short(head, other) for other in others))
                    for name, others in together.get(head, ())
                ),
                tuple(tuple(_short(head, n) for n in names) for names in needed.get(head, ())),
                tuple(mode.below(head) for mode in modes.get(head, ())),
            )
            for head in sorted({*excludes, *together, *needed, *modes} - {""})
        }
        return replace(
            self,
            excludes=tuple(excludes.get("", ())),
            together=tuple(together.get("", ())),
            needed=tuple(needed.get("", ())),
            modes=tuple(modes.get("", ())),
            items=items,
        )

    def are_broken(self, body: Body) -> bool:
        """Whether a body breaks one of them."""
        return next(self._mends(body, "", _no_value), None) is not None

    def mended(self, body: Body, kept: str, example: Callable[[str], Any]) -> Body:
        """A body that keeps one field as it is, and breaks as few of the rules as can be.

        Args:
            body: The body.
            kept: The field that stays as it is.
            example: A right value of a field.
        """
        mended = body
        for _ in range(MOST_STEPS):
            mend = next((m for m in self._mends(mended, kept, example) if m is not _stuck), None)
            if mend is None:
                break
            if mended is body:
                mended = _copied(body)
            mend(mended)
        return mended

    def _mends(
        self, body: Body, kept: str, example: Callable[[str], Any]
    ) -> Iterator[Callable[[Body], None]]:
        """For each rule that is broken what would mend it."""

        def put(name: str, value: Any) -> Callable[[Body], None]:
            head = name.split(".")[0]
            if head == kept.split(".")[0] or head not in self.fields:
                return _stuck
            listed = self.fields.get(name, {}).get("enum")
            if listed and isinstance(value, bool) and value not in listed:
                return _stuck  # a variant has a switch that is always off
            return lambda b: _put(b, name, value)

        def first(*mends: Callable[[Body], None]) -> Callable[[Body], None]:
            return next((mend for mend in mends if mend is not _stuck), _stuck)

        def out(name: str) -> Callable[[Body], None]:
            return _stuck if self.fields.get(name, {}).get("required") else put(name, ABSENT)

        for one, other in self.excludes:
            if self._given(body, one) and self._given(body, other):
                both = (one, other) if self._alone(body, other) else (other, one)
                yield first(*map(out, both))
        for one, others in self.together:
            if self._given(body, one) and not any(self._given(body, other) for other in others):
                known = [other for other in others if other in self.fields]
                yield first(*(put(other, example(other)) for other in known), out(one))
        for names in self.needed:
            parent = names[0].rpartition(".")[0]
            if parent and not self._given(body, parent):
                continue
            if not any(self._given(body, name) for name in names):
                yield first(*(put(name, example(name)) for name in names))
        for mode in self.modes:
            if not self._applies(body, mode):
                continue
            for name, limits in mode.needs.items():
                if self._met(body, name, limits, mode) or (
                    name == kept and self._is_of_another_type(body, name)
                ):
                    continue
                mend: Callable[[Body], None] = _stuck
                if name.split(".")[0] in self.fields:
                    absent = is_barred(limits)
                    mend = put(name, ABSENT if absent else self._within(name, limits, example))
                yield first(mend, *self._other_value(body, mode, put))
        yield from self._unnamed(body, put, example)
        for head, inner in self.items.items():
            listed = _at(body, head)
            for at, item in enumerate(listed if isinstance(listed, list) else ()):
                wanting = inner._mends(item, "", _of_items(head, example))
                for mend in wanting if isinstance(item, dict) else ():
                    stuck = mend is _stuck or head.split(".")[0] == kept.split(".")[0]
                    yield _stuck if stuck else _on_item(head, at, mend)
        for rule in self.totals:
            if broken(rule, body):
                totalled = rule.get("count") or rule["sum"]
                beside = [rule["with"]] if "with" in rule else []
                mends = [out(name.split(".")[0]) for name in (*totalled, *beside)]
                head = totalled[0].rpartition(".")[0]
                wanted = _at(body, rule["equals"]) if "equals" in rule else rule.get("maximum")
                if made := self.made_to_sum(rule, example(head), wanted) if "sum" in rule else None:
                    mends.insert(0, put(head, made))
                summed, equals = total_of(rule, body), rule.get("equals", "")
                if summed is not None and fits(summed, self.fields.get(equals, {"enum": []})):
                    mends.append(put(equals, summed))
                yield first(*mends)

    def _alone(self, body: Body, name: str) -> bool:
        """Whether a field is the only one that a body has of some that it has to have one of."""
        return any(
            name in names and not any(self._given(body, n) for n in names if n != name)
            for names in self.needed
        )

    def _unnamed(
        self,
        body: Body,
        put: Callable[[str, Any], Callable[[Body], None]],
        example: Callable[[str], Any],
    ) -> Iterator[Callable[[Body], None]]:
        if not self.inferred or self._given(body, self.inferred):
            return
        modes = [m for m in self.modes if m.field == self.inferred and not m.beside]
        lacking = []
        for value in self.fields[self.inferred].get("enum", []):
            wrong = {
                name: limits
                for name, limits in needs_of(modes, value).items()
                if not self._met(body, name, limits, Mode("", None, {}))
            }
            if not wrong:
                return
            lacking.append(wrong)
        for wrong in lacking:
            for name, limits in wrong.items():
                value = ABSENT if is_barred(limits) else self._within(name, limits, example)
                yield put(name, value)

    def adding_up(self, name: str, value: Any, example: Callable[[str], Any]) -> Any:
        """A value of a field, its items made so that they add up where a sum is over them."""
        for rule in self.totals:
            if [each.rpartition(".")[0] for each in rule.get("count", ())] == [name]:
                if broken(rule, {name: value}):
                    value = fewer(value, rule["count"][0].rpartition(".")[2], rule.get("maximum"))
                continue
            if rule.get("sum", [""])[0].rpartition(".")[0] == name:
                if "equals" not in rule and not broken(rule, {name: value}):
                    continue
                wanted = example(rule["equals"]) if "equals" in rule else rule.get("maximum")
                made, limits = self.made_to_sum(rule, value, wanted), self.fields[name]
                counts = {k: v for k, v in limits.items() if k in ("minItems", "maxItems")}
                right = fits(value, counts) or (made and len(made) == len(value))
                value = made if made and right else value  # a wrong number stays as it is
        return value

    def made_to_sum(self, rule: Limits, example: Any, total: Any) -> list[Any] | None:
        """A list that a sum is over, made like an example so that it adds up to a total."""
        [name, *others] = rule["sum"]
        if others or isinstance(total, bool) or not isinstance(total, int | float):
            return None
        head, _, member = name.rpartition(".")
        most = self.fields.get(head, {}).get("maxItems", MOST_ITEMS)
        return adding_up(example, member, total, self.fields.get(name, {}), most)

    def _is_of_another_type(self, body: Body, name: str) -> bool:
        """Whether a field is wrong by itself, whatever else the body has."""
        value, kind = _at(body, name), self.fields.get(name, {}).get("type")
        if value is None:
            return not self._nullable(name)
        return value is not ABSENT and not isinstance(value, _TYPES.get(kind, object))

    def _given(self, body: Body, name: str) -> bool:
        """Whether a field is there; null is as good as nothing, where null is a value at all."""
        nullable = self._nullable(name)
        return any(value is not None or not nullable for value in _all_at(body, name))

    def _nullable(self, name: str) -> bool:
        return bool(self.fields.get(name, {}).get("nullable"))

    def _applies(self, body: Body, mode: Mode) -> bool:
        if not all(self._applies(body, each) for each in mode.beside):
            return False
        values = [value for value in _all_at(body, mode.field) if value is not None]
        if mode.given is not None:
            return mode.given == any(fits(value, mode.like) for value in values)
        default = self.fields.get(mode.field, {}).get("default")
        if not values and default is not None and mode.assumed:
            values = [default]
        return any(type(value) is type(mode.value) and value == mode.value for value in values)

    def _met(self, body: Body, name: str, limits: Limits, mode: Mode) -> bool:
        found = _all_at(body, name)
        values = [value for value in found if value is not None]
        if name.split(".")[0] not in self.fields:
            return not required_by(limits)
        if is_barred(limits):
            listed = self.fields.get(name, {}).get("type", "array") == "array"
            return not values or (listed and values == [[]])
        if not values:
            default = self.fields.get(name, {}).get("default")
            named = self._given(body, mode.field) or not mode.field
            by_default = self.fields.get(mode.field, {}).get("default") == mode.value is not None
            if not found and by_default_met(limits, default):
                return True
            counted = default is not None and named and not by_default
            return not required_by(limits) and (not counted or fits(default, limits))
        fitting = [fits(value, limits) for value in values]
        return any(fitting) if required_by(limits) else all(fitting)

    def _within(self, name: str, limits: Limits, example: Callable[[str], Any]) -> Any:
        """A value that is within limits."""
        value = example(name)
        if "enum" in limits:
            return limits["enum"][0]
        if isinstance(value, list) and value:
            count = max(1, limits.get("minItems", len(value)))
            return (value * count)[: min(count, limits.get("maxItems", count))]
        for key in ("minimum", "maximum"):
            if key in limits and not fits(value, limits):
                value = limits[key]
        return value

    def _other_value(
        self, body: Body, mode: Mode, put: Callable[[str, Any], Callable[[Body], None]]
    ) -> Iterator[Callable[[Body], None]]:
        """Ways for a body not to be of a mode."""
        keywords = self.fields.get(mode.field, {})
        if mode.given is None:
            if keywords.get("default") != mode.value and not keywords.get("required"):
                yield put(mode.field, ABSENT)
            others = [v for v in keywords.get("enum") or [] if v != mode.value]
            others += [not mode.value] if isinstance(mode.value, bool) else []
            for value in others:
                trial = _copied(body)
                _put(trial, mode.field, value)
                if not any(self._applies(trial, m) for m in self.modes if m.field == mode.field):
                    yield put(mode.field, value)
            yield from (put(mode.field, value) for value in others)
        elif mode.given:
            value = _at(body, mode.field)
            if isinstance(value, list) and mode.like.get("minItems", 0) > 1:
                yield put(mode.field, value[: mode.like["minItems"] - 1])
            if "unlike" in mode.like:
                yield put(mode.field, mode.like["unlike"])
            if not keywords.get("required"):
                yield put(mode.field, ABSENT)
        for each in mode.beside:
            yield from self._other_value(body, each, put)


def _copied(body: Body) -> Body:
    """A copy that may be changed, in a fraction of the time of `deepcopy`."""
    copied: Body = marshal.loads(marshal.dumps(body))  # noqa: S302 - made here
    return copied


def _stuck(_: Body) -> None:
    """Nothing mends it."""


def _no_value(_: str) -> None:
    return None


def _at(body: Any, name: str) -> Any:
    for step in name.split("."):
        if not isinstance(body, dict) or step not in body:
            return ABSENT
        body = body[step]
    return body


def _all_at(body: Any, name: str) -> list[Any]:
    """The values that a field has: of a member of the items of a list those of all items."""
    found = [body]
    for step in name.split("."):
        known = [
            each for value in found for each in (value if isinstance(value, list) else [value])
        ]
        found = [value[step] for value in known if isinstance(value, dict) and step in value]
    return found


def _by_list(rules: Iterable[Rule], head_of: Callable[[Rule], str]) -> dict[str, list[Rule]]:
    """Rules by the list of whose items they speak; under no name those of whole bodies."""
    found: dict[str, list[Rule]] = {}
    for rule in rules:
        found.setdefault(head_of(rule), []).append(rule)
    return found


def _short(head: str, name: str) -> str:
    return name.removeprefix(f"{head}.")


def _of_items(head: str, example: Callable[[str], Any]) -> Callable[[str], Any]:
    return lambda name: example(f"{head}.{name}")


def _on_item(head: str, at: int, mend: Callable[[Body], None]) -> Callable[[Body], None]:
    return lambda body: mend(_at(body, head)[at])


def _put(body: Body, name: str, value: Any) -> None:
    *parents, last = name.split(".")
    for parent in parents:
        if isinstance(body.get(parent), list):
            for item in body[parent] if value is ABSENT and parent == parents[-1] else ():
                if isinstance(item, dict):
                    item.pop(last, None)
            return
        if not isinstance(body.get(parent), dict):
            body[parent] = {}
        body = body[parent]
    if value is ABSENT:
        body.pop(last, None)
    else:
        body[last] = value


def fewer(value: Any, member: str, most: int | None) -> Any:
    """Objects whose lists are so short that they have few enough items in all."""
    if not most or not isinstance(value, list) or not 0 < len(value) <= most:
        return value
    return [
        {**item, member: item[member][: most // len(value)]}
        if isinstance(item, dict) and isinstance(item.get(member), list)
        else item
        for item in value
    ]


def adding_up(
    example: object, member: str, total: float, limits: dict[str, Any], most: int
) -> list[Any] | None:
    """A list like an example whose items' member adds up to a total; None where none can.

    It has as many items as the example, if it can.

    Args:
        example: A list with an item at least.
        member: The name of the number in each item.
        total: What the numbers add up to.
        limits: The keywords of the member.
        most: How many items there may be.
    """
    if not isinstance(example, list) or not example or not isinstance(example[0], dict):
        return None
    counts = [len(example), *range(1, most + 1)]
    parts = next((parts for n in counts if (parts := _parts(total, limits, n))), [])
    return [{**example[0], member: part} for part in parts] or None


def _parts(total: float, limits: dict[str, Any], count: int) -> list[float]:
    """A number as the sum of so many that are within limits; none where there are none."""
    options = limits.get("enum")
    high = max(options) if options else limits.get("maximum", total)
    low = min(options) if options else limits.get("minimum", 0)
    last = total - high * (count - 1)
    parts = [high] * (count - 1)
    for place, part in enumerate(parts):  # what the last one lacks the others give
        give = min(part - low, max(0, low - last))
        parts[place], last = part - give, last + give
    parts.append(last)
    right = all(low <= part <= high and (not options or part in options) for part in parts)
    return parts if right else []
