"""What pages say of several fields: what a value needs, which fields exclude or need one another.

The modes of one field, the selector, may split a page into variants. Every other rule is a schema
of the bodies that break it, under the `not` of each variant: a body without a field that has a
default counts as one that names it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from documentation.fact import show

Limits = dict[str, Any]
Needs = dict[str, Limits]
Fields = dict[str, Limits]
Schema = dict[str, Any]

# What a mode may say of how many of a field there are; a variant of its own shows nothing else.
COUNTS = {"required", "minItems", "maxItems"}
_GIVEN: Schema = {"not": {"type": "null"}}
_MANY = 1 << 30
# A field of more modes, as of templates, is a field: each of them would be a class of the client.
MOST_VARIANTS = 8


@dataclass(frozen=True, eq=False, slots=True)
class Mode:
    """What other fields have to be where a field has a value, or where it is given or left out.

    Attributes:
        field: The field; `model` where the limits are those of one model.
        value: Its value.
        needs: For each other field what it has to be: keywords, `required`, and `maxItems` 0 where
            it has to be left out.
        given: Whether the field has any value, where that is the condition, and not one of them.
        like: What a value that is given has to be like: `minItems`, `maxItems`, or `unlike` one.
        models: The model ids for which it holds; none for all.
        assumed: Whether a body without the field is of the mode, if its value is the default.
        beside: What else has to be so for it to hold; these modes need nothing themselves.
    """

    field: str
    value: Any
    needs: Needs
    given: bool | None = None
    models: tuple[str, ...] = ()
    assumed: bool = True
    beside: tuple[Mode, ...] = ()
    like: Limits = dataclasses.field(default_factory=dict)

    @classmethod
    def of_fact(cls, field: str, value: dict[str, Any]) -> Mode:
        """The mode that a fact says."""
        models = tuple(value.get("models", ()))
        beside = tuple(
            cls.of_fact(other["field"], {"needs": {}, **other}) for other in value.get("beside", ())
        )
        given, like = value.get("given"), value.get("like", {})
        return cls(
            field, value.get("name"), value["needs"], given, models, beside=beside, like=like
        )

    @property
    def is_given(self) -> bool:
        """Whether it is all the condition that its field is given."""
        return self.given is True and not self.like

    def list_of(self, fields: Fields) -> str:
        """The list of whose items it speaks; empty where it speaks of bodies.

        What an item needs of its own kind, as a last frame a first one, another item has to have.
        """
        names = [self.field, *self.needs, *(other.field for other in self.beside)]
        return "" if self.field in self.needs else list_of(names, fields)

    def below(self, head: str) -> Mode:
        """The same of the items of a list, whose members it names."""
        start = f"{head}."
        needs = {name.removeprefix(start): limits for name, limits in self.needs.items()}
        beside = tuple(other.below(head) for other in self.beside)
        field = self.field.removeprefix(start)
        return dataclasses.replace(self, field=field, needs=needs, beside=beside)

    def __str__(self) -> str:
        given = "absent" if not self.given else show(self.like) if self.like else "given"
        return f"{self.field} {self.value if self.given is None else given}"


def of_the_selector(mode: Mode, selector: str, values: list[Any]) -> list[Mode]:
    """`With a title the mode is one of these`, said of each other mode: it has no title."""
    kept = mode.needs.get(selector, {}).get("enum")
    if not (mode.is_given and kept) or len(mode.needs) > 1 or mode.models or mode.beside:
        return [mode]
    return [Mode(selector, v, {mode.field: {"maxItems": 0}}) for v in values if v not in kept]


def selector_of(modes: Iterable[Mode], fields: Fields) -> str:
    """The field whose modes are variants: two or more of its options say which inputs there are.

    They are no variants where a body without the field's name could be of two of them, and neither
    would have all that the other has.
    """
    named: dict[str, set[str]] = {}
    for mode in modes:
        inputs = (set(limits) for limits in mode.needs.values() if "enum" not in limits)
        counted = any(COUNTS & limits for limits in inputs)
        options = fields.get(mode.field, {}).get("enum") or []
        plain = not (mode.models or mode.beside)
        own = "." not in mode.field and mode.field != "model" and plain
        own = own and fields[mode.field].get("type") == "string"  # a number names no task
        if own and counted and mode.value in options and mode.given is None:
            named.setdefault(mode.field, set()).add(str(mode.value))
    likely = [name for name, values in named.items() if 1 < len(values) <= MOST_VARIANTS]
    return max(likely, key=lambda name: len(named[name]), default="")


def needs_of(modes: Iterable[Mode], value: Any) -> Needs:
    """All that the modes of a value say, field by field."""
    needs: Needs = {}
    for mode in modes:
        if mode.value == value and mode.given is None and not mode.beside:
            for name, limits in mode.needs.items():
                needs[name] = tightened(needs.get(name, {}), limits)
    return needs


def tightened(known: Limits, limits: Limits) -> Limits:
    """Two sets of limits that hold together."""
    both = known | limits
    if "enum" in known and "enum" in limits:
        both["enum"] = [value for value in known["enum"] if value in limits["enum"]]
    return both


def is_barred(limits: Limits) -> bool:
    """Whether a field has to be left out."""
    return limits.get("maxItems") == 0


def required_by(limits: Limits) -> bool:
    """Whether a mode that says this of a field needs it."""
    return bool(limits.get("required", "minItems" in limits and limits["minItems"] > 0))


def barred(excludes: list[tuple[str, str]], needed: set[str]) -> set[str]:
    """The fields that may not stand beside an input that a mode has to have."""
    pairs = [*excludes, *((other, one) for one, other in excludes)]
    return {one for one, other in pairs if other in needed and one not in needed}


Range = tuple[int, int]


def spans(needs: Needs, fields: Fields, out: set[str], names: set[str]) -> dict[str, Range]:
    """How many of each field a mode takes, from none to many."""
    found: dict[str, Range] = {}
    for name in names:
        limits, keywords = needs.get(name), fields.get(name, {})
        listed = keywords.get("type") == "array" or "maxItems" in (limits or {})
        most = int(keywords.get("maxItems", _MANY)) if listed else 1
        if name in out:
            found[name] = (0, 0)
        elif limits is None:
            found[name] = (1 if keywords.get("required") else 0, most)
        else:
            least = max(1, int(limits.get("minItems", 1))) if required_by(limits) else 0
            found[name] = (least, min(most, int(limits.get("maxItems", most))))
    return found


def apart(one: dict[str, Range], other: dict[str, Range]) -> bool:
    """Whether no body can have as many of each field as both modes take."""
    return any(one[name][0] > other[name][1] or other[name][0] > one[name][1] for name in one)


def within(one: dict[str, Range], other: dict[str, Range]) -> bool:
    """Whether a mode takes nothing that another one does not."""
    return all(other[n][0] <= one[n][0] and one[n][1] <= other[n][1] for n in one)


def named_only(taken: dict[Any, dict[str, Range]]) -> set[Any] | None:
    """The modes that a body has to name, since without a name it would be of another one.

    Of two that take the same, the later has to be named. None where two modes take what the other
    does not, and something in common: no naming would tell them apart.
    """
    order, found = list(taken), set()
    for index, one in enumerate(order):
        for later, other in enumerate(order):
            if one == other or apart(taken[one], taken[other]):
                continue
            inside, around = within(taken[one], taken[other]), within(taken[other], taken[one])
            if not inside and not around:
                return None
            if inside and (not around or later < index):
                found.add(one)
    return found


def below(head: str, fields: Fields) -> Fields:
    """The members of an object, or of the items of a list, as they are called there."""
    start = f"{head}."
    return {n.removeprefix(start): each for n, each in fields.items() if n.startswith(start)}


def of_each_item(
    names: list[str], fields: Fields, wrong: Callable[[list[str], Fields], Schema]
) -> Schema:
    """The schema of bodies that break a rule between fields.

    A rule between members of the items of one list is one of each item.
    """
    head = list_of(names, fields)
    if not head:
        return wrong(names, fields)
    item = wrong([name.removeprefix(f"{head}.") for name in names], below(head, fields))
    return _some_item(head, item, fields)


def _some_item(head: str, item: Schema, fields: Fields) -> Schema:
    """The schema of bodies that have a list of which an item is like that."""
    return inside(head, {"type": "array", "contains": {"type": "object", **item}}, fields)


def list_of(names: list[str], fields: Fields) -> str:
    """The innermost list whose items have all of some fields; empty where there is none."""
    first = names[0].split(".")
    heads = [".".join(first[:end]) for end in range(len(first) - 1, 0, -1)]
    ours = (h for h in heads if all(name.startswith(f"{h}.") for name in names))
    return next((head for head in ours if is_list(head, fields)), "")


def is_list(name: str, fields: Fields) -> bool:
    return fields.get(name, {}).get("type") == "array"


def both(names: list[str], fields: Fields) -> Schema:
    """The schema of bodies that have all these fields; null is as if one were left out."""
    nullable = {name for name in names if fields.get(name, {}).get("nullable")}
    if not nullable and all("." not in name for name in names):
        return {"required": names}
    schemas = [inside(name, _GIVEN if name in nullable else {}, fields) for name in names]
    return schemas[0] if len(schemas) == 1 else {"allOf": schemas}


def alone(names: list[str], fields: Fields) -> Schema:
    """The schema of bodies that have the first of some fields, and none of the others."""
    others = [lacking([other], fields) for other in names[1:]]
    return {"allOf": [both(names[:1], fields), *others]}


def lacking(names: list[str], fields: Fields) -> Schema:
    """The schema of bodies that have none of some fields, in an object that they are members of."""
    parent = names[0].rpartition(".")[0]
    inner = below(parent, fields) if parent else fields
    one_of = [both([name.removeprefix(f"{parent}.")], inner) for name in names]
    any_of = one_of[0] if len(one_of) == 1 else {"anyOf": one_of}
    if parent and is_list(parent, fields):
        return inside(parent, {"type": "array", "not": {"contains": any_of}}, fields)
    return inside(parent, {"type": "object", "not": any_of}, fields) if parent else {"not": any_of}


def none_of(name: str, fields: Fields) -> Schema:
    """The schema of bodies that lack a field, or have null for it."""
    return lacking([name], fields | {name: fields.get(name, {}) | {"nullable": True}})


def fault(mode: Mode, fields: Fields) -> Schema | None:
    """The schema of bodies that are of the mode without what it needs; None if it needs nothing."""
    head = mode.list_of(fields)
    if head:
        item = _fault(mode.below(head), below(head, fields))
        return item and _some_item(head, item, fields)
    return _fault(mode, fields)


def _fault(mode: Mode, fields: Fields) -> Schema | None:
    """The same, of bodies or of the items of a list."""
    wrong = list(broken_needs(mode, fields).values())
    if not wrong:
        return None
    when = [_bodies_of(each, fields) for each in (mode, *mode.beside)]
    return {"allOf": [*when, wrong[0] if len(wrong) == 1 else {"anyOf": wrong}]}


def broken_needs(mode: Mode, fields: Fields) -> dict[str, Schema]:
    """The schema of bodies that break it for each need of a mode that binds any body."""
    default = fields.get(mode.field, {}).get("default") if mode.assumed else None
    return {
        name: schema
        for name, limits in mode.needs.items()
        if (name, limits) != (mode.field, {"required": True})  # which it has as it is
        and (schema := _broken(name, limits, fields, default is not None and default == mode.value))
        is not None
    }


def _bodies_of(mode: Mode, fields: Fields) -> Schema:
    """The schema of the bodies that are of a mode, whatever it needs."""
    default = fields.get(mode.field, {}).get("default") if mode.assumed else None
    if mode.given is False:
        return none_of(mode.field, fields)
    if mode.given:
        return inside(mode.field, _like(mode.like), fields)
    if default == mode.value and default is not None:
        # The default of a member is that of an object, or of an item, that is given.
        parent, _, own = mode.field.rpartition(".")
        named: Schema = {"properties": {own: {"enum": [mode.value, None]}}}
        if not parent:
            return named
        item = {"type": "object", **named}
        listed = is_list(parent, fields)
        return inside(parent, {"type": "array", "contains": item} if listed else item, fields)
    return inside(mode.field, {"const": mode.value}, fields)


def _like(limits: Limits) -> Schema:
    """The schema of values that are given, and are like that."""
    bounds: Schema = {key: value for key, value in limits.items() if key != "unlike"}
    bounds |= {"type": "array"} if "minItems" in bounds else {}
    other = {"not": {"enum": [limits["unlike"], None]}} if "unlike" in limits else _GIVEN
    return bounds | other


def _broken(name: str, limits: Limits, fields: Fields, by_default: bool = False) -> Schema | None:
    """The schema of bodies whose field is not as a mode needs it."""
    keywords = fields.get(name, {})
    bounds = {key: value for key, value in limits.items() if key != "required"}
    if name.split(".")[0] not in fields:
        return {} if required_by(limits) and not is_barred(limits) else None
    if is_barred(limits):
        listed = keywords.get("type") == "array"
        return inside(name, {"type": "array", "minItems": 1} if listed else _GIVEN, fields)
    default = keywords.get("default")
    if required_by(limits) and not by_default_met(limits, default):
        return {"not": inside(name, {**bounds, **_GIVEN}, fields)}
    if not bounds:
        return None
    if default is not None and not by_default and not fits(default, bounds):
        return {"not": inside(name, bounds, fields)}
    return inside(name, {"not": {"anyOf": [bounds, {"type": "null"}]}}, fields)


def by_default_met(limits: Limits, default: Any) -> bool:
    """Whether a field that is left out has the value that a mode needs, as its default."""
    return "enum" in limits and default is not None and fits(default, limits)


def fits(value: Any, limits: Limits) -> bool:
    """Whether a value is within the limits of a mode."""
    size = len(value) if isinstance(value, str | list) else 0
    number = value if isinstance(value, int | float) and not isinstance(value, bool) else 0
    checks: dict[str, Callable[[Any], bool]] = {
        "enum": lambda limit: any(value == each and type(value) is type(each) for each in limit),
        "minimum": lambda limit: number >= limit,
        "maximum": lambda limit: number <= limit,
        "required": lambda _: True,
        "unlike": lambda other: value != other,
    }
    for key in ("minLength", "minItems"):
        checks[key] = lambda limit: size >= limit
    for key in ("maxLength", "maxItems"):
        checks[key] = lambda limit: size <= limit
    return all(check(limits[key]) for key, check in checks.items() if key in limits)


def unnamed(selector: str, modes: list[Mode], fields: Fields) -> Schema | None:
    """The schema of bodies that name no mode and are of none; None where one takes all of them.

    A mode that needs the field itself is none that a body is of without it.
    """
    values = fields[selector].get("enum") or []
    faults = []
    for value in values:
        needs = needs_of(modes, value)
        if required_by(needs.get(selector, {})):
            continue
        wrong = [
            schema
            for name, limits in needs.items()
            if (schema := _broken(name, limits, fields)) is not None
        ]
        if not wrong:
            return None
        faults.append(wrong[0] if len(wrong) == 1 else {"anyOf": wrong})
    return {"allOf": [none_of(selector, fields), *faults]}


def inside(name: str, schema: Schema, fields: Fields) -> Schema:
    """The schema of bodies whose field is given and fits; the name may be dotted.

    A member of the items of a list fits where that of some item does.
    """
    head, _, rest = name.partition(".")
    if rest:
        schema = {"type": "object", **inside(rest, schema, below(head, fields))}
        schema = {"type": "array", "contains": schema} if is_list(head, fields) else schema
    return {"required": [head], "properties": {head: schema}}
