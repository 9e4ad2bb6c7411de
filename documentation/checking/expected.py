"""What the settled facts of a page ask of each of its request variants, parameters and answers."""

from __future__ import annotations

import dataclasses
import functools
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from documentation.checking import rule_words
from documentation.checking.conditions import (
    COUNTS,
    Mode,
    Needs,
    alone,
    barred,
    both,
    fault,
    fits,
    inside,
    is_barred,
    lacking,
    named_only,
    needs_of,
    of_each_item,
    of_the_selector,
    required_by,
    selector_of,
    spans,
    unnamed,
)
from documentation.checking.spec import TOTALS_KEY, Keywords
from documentation.checking.url_patterns import WEB
from documentation.checking.variant_rules import (
    always_holds,
    can_not_be,
    is_said,
    never_holds,
    spoken_of,
    without,
)
from documentation.fact import BOUNDS, Fact, Location
from documentation.settled import Settlement
from foxapi_video.totals import kinds_of

# What is handed in by an address: one that a mode needs is of no use to another mode.
_MEDIA = re.compile(r"url|image|video|audio|frame|picture|photo|media|reference|clip")


@dataclass(eq=False, slots=True)
class Expected:
    """One section of one page: keywords for each field, and the rules between fields.

    Attributes:
        modes: What the values of one field need, where they split the page into variants.
        conditions: All other modes, but those of `model`, which are in `limits`.
        limits: What each model id says of fields besides what all do.
        excludes: Pairs of fields of which a body has one at most.
        together: A field, and those of which one has to be there with it.
        needed: Fields of which one has to be there.
        totals: How many of several fields there may be in all, and sums: rules of `x-rule`.
    """

    fields: dict[str, Keywords] = field(default_factory=dict)
    mentioned: list[str] = field(default_factory=list)
    shown: dict[str, list[Any]] = field(default_factory=dict)
    sample: dict[str, Any] = field(default_factory=dict)
    only_for: dict[str, list[str]] = field(default_factory=dict)
    modes: list[Mode] = field(default_factory=list)
    conditions: list[Mode] = field(default_factory=list)
    limits: dict[str, Needs] = field(default_factory=dict)
    excludes: list[tuple[str, str]] = field(default_factory=list)
    together: list[tuple[str, list[str]]] = field(default_factory=list)
    needed: list[list[str]] = field(default_factory=list)
    totals: list[dict[str, Any]] = field(default_factory=list)
    https: set[str] = field(default_factory=set)
    hosts: dict[str, list[str]] = field(default_factory=dict)
    statuses: set[str] = field(default_factory=set)

    @property
    def selector(self) -> str:
        """The field that names the mode, where modes split the page into variants."""
        return self.modes[0].field if self.modes else ""

    @property
    def inferred(self) -> str:
        """The field that names the mode where modes split nothing, and a body may leave it out."""
        plain = [mode for mode in self.conditions if not (mode.models or mode.beside)]
        fields = {mode.field for mode in plain if mode.given is None}
        for name in sorted(fields):
            keywords, modes = self.fields.get(name, {}), self.modes_of(name)
            if selector_of(modes, self.fields) and "default" not in keywords:
                return "" if keywords.get("required") else name
        return ""

    def modes_of(self, name: str) -> list[Mode]:
        """The modes of one field."""
        return [mode for mode in (*self.modes, *self.conditions) if mode.field == name]


@dataclass(eq=False, slots=True)
class ExpectedVariant:
    """One request variant that a page describes: the model ids, the mode, and every field.

    The field without a name is the body as a whole.

    Attributes:
        needed: The inputs that its mode needs.
        unused: The fields that its mode leaves out; null is valid where the page allows it.
    """

    models: list[str]
    mode: Any
    fields: dict[str, Keywords]
    needed: frozenset[str] = frozenset()
    unused: frozenset[str] = frozenset()


@functools.lru_cache(maxsize=1024)
def expected_by(settled: Settlement, location: Location) -> Expected:
    """The settled facts of one section of a page, sorted by field."""
    return expected_of(settled.facts, location, settled.file.mentioned.get(location, []))


def expected_of(facts: Iterable[Fact], location: Location, mentioned: list[str]) -> Expected:
    """The same of facts that are settled already."""
    expected = Expected({name: {} for name in mentioned}, mentioned)
    modes: list[Mode] = []
    for fact in facts:
        if fact.location != location:
            continue
        name, keyword, value = fact.field, fact.keyword, fact.value
        if keyword == "status":
            expected.statuses.add(str(value))
            continue
        keywords = expected.fields.setdefault(name, {})
        if keyword == "example":
            expected.shown.setdefault(name, []).append(value)
            if fact.stated == "sample":
                expected.sample[name] = value
        elif keyword == "onlyFor":
            expected.only_for[name] = value
        elif keyword == "mode":
            modes.append(Mode.of_fact(name, value))
        elif keyword == "excludes":
            expected.excludes.append((name, value))
        elif keyword == "together":
            expected.together.append((name, value))
        elif keyword == "oneNeeded":
            expected.needed.append(value)
        elif keyword == "total":
            expected.totals.append(value)
        elif keyword == "https":
            expected.https.add(name)
        elif keyword == "forbiddenHosts":
            expected.hosts[name] = value
        elif keyword == "web":
            keywords["pattern"] = WEB
        else:
            keywords[keyword] = value
    if location == "path":  # none is without its parameters, whatever a page says
        for keywords in expected.fields.values():
            keywords["required"] = True
    _sort(expected, modes)
    return expected


def _sort(expected: Expected, modes: list[Mode]) -> None:
    """Which modes are limits of a model, which are variants, and which are rules inside them."""
    ids = expected.fields.get("model", {}).get("enum") or []
    expected.limits = {
        model: needs_of([m for m in modes if m.field == "model"], model) for model in ids
    }
    rest = [mode for mode in modes if mode.field != "model"]
    selector = selector_of(rest, expected.fields)
    values = expected.fields.get(selector, {}).get("enum") or []
    rest = [told for mode in rest for told in of_the_selector(mode, selector, values)]
    plain = [m for m in rest if m.given is None and not (m.models or m.beside)]
    expected.modes = [m for m in plain if m.field == selector]
    if selector and (
        _must_name(expected) is None or _lacked(expected, selector) or _has_no_input(expected)
    ):
        expected.modes = []
    for mode in expected.modes:
        _keep_from_models(mode, expected)
    expected.conditions = [_as_shown(mode, expected) for mode in rest if mode not in expected.modes]


def _lacked(expected: Expected, name: str) -> bool:
    """Whether some model does not have a field at all."""
    of_some = {*expected.only_for.get(name, expected.limits)} != {*expected.limits}
    return of_some or any(is_barred(needs.get(name, {})) for needs in expected.limits.values())


def _has_no_input(expected: Expected) -> bool:
    """Whether some model has none of the inputs that tell the modes apart."""
    inputs = {
        name for mode in expected.modes for name, limits in mode.needs.items() if COUNTS & {*limits}
    }
    return bool(inputs) and any(
        all(
            model not in expected.only_for.get(name, [model]) or is_barred(needs.get(name, {}))
            for name in inputs
        )
        and "enum" not in needs.get(expected.selector, {})
        for model, needs in expected.limits.items()
    )


def _keep_from_models(mode: Mode, expected: Expected) -> None:
    """A mode that only some models have: it is none of the others'."""
    having = mode.needs.get("model", {}).get("enum") or [*expected.limits]
    for model, needs in expected.limits.items():
        if model not in having:
            known = needs.get(mode.field, {})
            left = known.get("enum") or expected.fields[mode.field].get("enum") or []
            needs[mode.field] = known | {"enum": [v for v in left if v != mode.value]}


def _as_shown(mode: Mode, expected: Expected) -> Mode:
    """A rule as the page's sample shows it.

    Where that has neither a field nor what its default needs, leaving the field out is not as good
    as naming the default.
    """
    needed = [name for name, limits in mode.needs.items() if required_by(limits)]
    sample, default = expected.sample, expected.fields.get(mode.field, {}).get("default")
    if default is None or default != mode.value or mode.field in sample:
        return mode
    lacks = any(name not in sample for name in needed)
    return dataclasses.replace(mode, assumed=False) if lacks else mode


def _must_name(expected: Expected) -> set[Any] | None:
    """The modes that a body has to name; None where variants can't tell them apart."""
    keywords = expected.fields[expected.selector]
    values = keywords.get("enum") or []
    if keywords.get("required") and not keywords.get("nullable"):
        return set()
    if keywords.get("default") in values:
        return {value for value in values if value != keywords["default"]}
    names = {name for mode in expected.modes for name in mode.needs}
    taken = {}
    for value in values:
        needs = needs_of(expected.modes, value)
        these = names | _barred(expected, needs)
        out = {name for name in these if _is_out(expected, needs, name, value)}
        taken[value] = spans(needs, expected.fields, out, names)
    return named_only(taken)


def _barred(expected: Expected, needs: Needs) -> set[str]:
    needed = {
        name for name, limits in needs.items() if not is_barred(limits) and required_by(limits)
    }
    return barred(expected.excludes, needed)


def _is_out(expected: Expected, needs: Needs, name: str, mode: Any) -> bool:
    """Whether a mode leaves a field out: it says so, or the field is an input of another mode."""
    if name in needs:
        return is_barred(needs[name])
    if name in _barred(expected, needs):
        return True
    had = spoken_of(expected.conditions, expected.selector, mode)
    if expected.fields.get(name, {}).get("required") or name in had:
        return False  # every request has it, whatever is said of some
    touched = {
        other
        for mode in expected.modes
        for other, limits in mode.needs.items()
        if COUNTS & set(limits) and {*limits} != {"maxItems"}
    }
    return name in touched and _MEDIA.search(name.lower()) is not None


@functools.lru_cache(maxsize=1024)
def variants_of(expected: Expected) -> list[ExpectedVariant]:
    """The request variants of a page: one for each group of model ids with the same fields, and in
    it one for each mode."""
    groups: dict[str, list[str]] = {}
    for model in expected.fields.get("model", {}).get("enum") or []:
        groups.setdefault(json.dumps(_own(expected, model), sort_keys=True), []).append(model)
    modes = expected.fields[expected.selector].get("enum") or [] if expected.selector else [None]
    return [
        _variant(expected, models, mode)
        for models in (list(groups.values()) or [[]])
        for mode in modes
        if not models or _has_mode(expected, models[0], mode)
    ]


def _has_mode(expected: Expected, model: str, mode: Any) -> bool:
    """Whether a mode is one of a model: it may be said to have some of them only."""
    limits = expected.limits.get(model, {}).get(expected.selector, {})
    return mode in limits.get("enum", [mode])


def _own(expected: Expected, model: str) -> list[Any]:
    """What tells a model id from the others."""
    absent = [name for name, ids in expected.only_for.items() if model not in ids]
    rules = [n for n, mode in enumerate(expected.conditions) if model in (mode.models or [model])]
    return [absent, expected.limits.get(model, {}), rules]


def _variant(expected: Expected, models: list[str], mode: Any) -> ExpectedVariant:
    model = models[0] if models else ""
    own = expected.limits.get(model, {})
    absent = {name for name, ids in expected.only_for.items() if models and model not in ids}
    absent |= {name for name, limits in own.items() if is_barred(limits)}
    needs = needs_of(expected.modes, mode) if expected.modes else {}
    unused = {
        name
        for name in {*(n for m in expected.modes for n in m.needs), *_barred(expected, needs)}
        if expected.modes and _is_out(expected, needs, name, mode)
    }
    must_name = (_must_name(expected) or set()) if expected.modes else set()
    fields: dict[str, Keywords] = {}
    # Members after their objects, without which they are not there.
    for name, keywords in sorted(expected.fields.items(), key=lambda item: item[0].count(".")):
        mine = dict(keywords)
        head = name.split(".")[0]
        if name in absent or (head != name and (head not in fields or head in unused)):
            continue
        if name in own:
            mine = _limited(mine, own[name])
        if name == "model" and models:
            mine = _only(mine, models)
        elif expected.selector and name == expected.selector:
            mine = _only(mine, [mode])
            if mode in must_name:
                mine.pop("nullable", None)
                mine["required"] = True
        elif name in unused:
            if not mine.get("nullable"):
                continue
            mine = {"nullable": True}
        elif name in needs:
            mine = _limited(mine, needs[name])
            if name in own and mine.get("enum") and mine.get("type") != "array":
                mine["enum"] = [value for value in mine["enum"] if fits(value, own[name])]
        fields[name] = mine
    for rule in expected.conditions:
        if always_holds(rule, needs, unused) and holds_for(rule, fields, model):
            for name, limits in rule.needs.items():
                if name in fields and not is_barred(limits):
                    fields[name] = _limited(fields[name], _within(limits, fields[name]))
    for rule in expected.conditions:
        if never_holds(rule, fields) and holds_for(rule, fields, model):
            null = {rule.field: {"nullable": True}} if fields[rule.field].get("nullable") else {}
            fields = {n: k for n, k in fields.items() if n.split(".")[0] != rule.field} | null
            unused |= {*null}
        elif (
            rule.given is None
            and not rule.beside
            and can_not_be(rule, fields)
            and holds_for(rule, fields, model)
        ):
            fields[rule.field] = without(fields[rule.field], rule.value)
    if rules := exclusion(expected, fields, model) | totals_of(expected, fields):
        fields[""] = fields.get("", {}) | rules
    needed = {n for n, limits in needs.items() if n in fields and required_by(limits)} - unused
    return ExpectedVariant(models, mode, fields, frozenset(needed), frozenset(unused))


def _within(limits: Keywords, keywords: Keywords) -> Keywords:
    """Limits of a field of which a variant has some options only: those of the two."""
    known = keywords.get("enum")
    if not known or "enum" not in limits or keywords.get("type") == "array":
        return limits
    kept = [value for value in known if value in limits["enum"]]
    return {**limits, "enum": kept or limits["enum"]}


def _only(keywords: Keywords, values: list[Any]) -> Keywords:
    """The keywords of a field of which one variant has some of the values."""
    default = {k: v for k, v in keywords.items() if k == "default" and v in values}
    return {k: v for k, v in keywords.items() if k != "default"} | {"enum": values} | default


def _limited(keywords: Keywords, limits: Keywords) -> Keywords:
    """The keywords of a field with what holds for one model or mode, which goes first."""
    bounds = {k: v for k, v in limits.items() if k != "required" and (k, v) != ("minItems", 0)}
    mine = dict(keywords)
    if "enum" in bounds:
        mine = {key: value for key, value in mine.items() if key not in BOUNDS}
    elif {"minimum", "maximum"} <= set(bounds) and not _ends_in(mine.get("enum"), bounds):
        mine.pop("enum", None)
    elif mine.get("enum") and mine.get("type") != "array":
        mine["enum"] = [value for value in mine["enum"] if fits(value, bounds)]
        bounds = {}
    mine |= bounds
    if "enum" in mine and mine.get("default") not in mine["enum"]:
        mine.pop("default", None)
    if required_by(limits):
        mine["required"] = True
        mine.pop("nullable", None)
    return mine


def _ends_in(options: list[Any] | None, bounds: Keywords) -> bool:
    """Whether a range goes from an option to another; if not, it is instead of the options."""
    return options is None or {bounds["minimum"], bounds["maximum"]} <= {*options}


def exclusion(expected: Expected, fields: dict[str, Keywords], model: str = "") -> Keywords:
    """`not` for the rules between the fields of a variant; nothing where nothing is."""
    listed = [
        {"description": rule.words, **rule.broken} for rule in rules_of(expected, fields, model)
    ]
    if not listed:
        return {}
    return {"not": listed[0] if len(listed) == 1 else {"anyOf": listed}}


def totals_of(expected: Expected, fields: dict[str, Keywords]) -> Keywords:
    """`x-rule` of the fields that a variant has; nothing where it has none of them."""
    rules = []
    for rule in expected.totals:
        kind = "count" if "count" in rule else "sum"
        known = [name for name in rule[kind] if "type" in fields.get(name, {})]
        options = fields[known[0]].get("enum") if known else None
        if "of" in rule and options and not {*kinds_of(rule)} & {*options}:
            continue  # no body of the variant has any of them
        others = [rule[key] for key in ("equals", "with") if key in rule]
        if known and all("type" in fields.get(name, {}) for name in others):
            rules.append({**rule, kind: known})
    return {TOTALS_KEY: rules} if rules else {}


class Rule(NamedTuple):
    """A rule between fields.

    Attributes:
        field: The field that the page says it of.
        keyword: That of the fact.
        words: The rule in a sentence.
        broken: The schema of the bodies that break it.
    """

    field: str
    keyword: str
    words: str
    broken: dict[str, Any]


def rules_of(expected: Expected, fields: dict[str, Keywords], model: str = "") -> Iterator[Rule]:
    """The rules between the fields of a variant."""
    there = {name for name, keywords in fields.items() if "type" in keywords}
    pairs = {tuple(sorted(pair)) for pair in expected.excludes if set(pair) <= there}
    for one, other in sorted(pairs):
        broken = of_each_item([one, other], fields, both)
        yield Rule(one, "excludes", rule_words.of_pair(one, other, fields), broken)
    for name, others in expected.together:
        if name in there:
            known = [other for other in others if other in there]
            words = rule_words.of_needing(name, known or others, fields)
            yield Rule(name, "together", words, of_each_item([name, *known], fields, alone))
    for names in expected.needed:
        known = [name for name in names if name in there]
        if known and not any(fields[name].get("required") for name in known):
            words, broken = (
                rule_words.of_needed(known, fields),
                of_each_item(known, fields, lacking),
            )
            yield Rule(known[0], "oneNeeded", words, broken)
    for mode in expected.conditions:
        if holds_for(mode, fields, model) and not is_said(mode, fields):
            wrong = fault(mode, fields)
            if wrong is not None:
                yield Rule(mode.field, "mode", rule_words.of_mode(mode, fields), wrong)
    # An object takes any member: those of other models are refused by name.
    for name in expected.fields:
        if "." in name and name not in fields and name.rpartition(".")[0] in fields:
            yield Rule(name, "onlyFor", rule_words.of_absent(name), inside(name, {}, fields))
    free = expected.inferred
    modes = expected.modes_of(free) if free in fields else []
    if modes and (wrong := unnamed(free, modes, fields)):
        yield Rule(free, "mode", rule_words.of_unnamed(free, modes, fields), wrong)


def holds_for(mode: Mode, fields: dict[str, Keywords], model: str = "") -> bool:
    """Whether a rule is one of a variant: it is for its model, and the variant has its field.

    What holds without a field holds where there is none, if the variant has what that needs, and
    never where the variant requires the field.
    """
    mine = not mode.models or not model or model in mode.models
    there = mode.field.split(".")[0] in fields
    if mode.given is False and not (mode.beside or there):
        return mine and all(name.split(".")[0] in fields for name in mode.needs)
    of_the_body = mode.given is False and not mode.beside and "." not in mode.field
    if of_the_body and fields[mode.field].get("required"):
        return False
    return mine and there
