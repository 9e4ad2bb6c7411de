"""What an OpenAPI document says of several fields: variants of a body, and its conditions.

Each variant of a body that names its model, or its mode, says which fields such requests have. The
other keywords are those that say `if`, `not`, or which fields are required beside which.
"""

from __future__ import annotations

from typing import Any

from documentation.fact import BOUNDS
from documentation.reading.layouts.draft import Draft

Schema = dict[str, Any]
Statement = tuple[str, str, Any]
RULES = "x-rules"
_BINDING = ("if", "not", "dependentRequired", "dependentSchemas", "dependencies")
RULE_KEYS = frozenset((*_BINDING, "then", "else"))
_LIMITS = ("enum", *BOUNDS)
MOST_MODES = 200


def rules_of(schema: Schema) -> list[Schema]:
    """The rules of a schema, each as a schema of its own; those of its parts among them."""
    own = {key: schema[key] for key in RULE_KEYS if key in schema}
    alternatives = [
        {key: schema[key]}
        for key in ("anyOf", "oneOf")
        if isinstance(schema.get(key), list) and _only_required(schema[key])
    ]
    return [*list_of(schema.get(RULES)), *([own] if {*own} & {*_BINDING} else []), *alternatives]


def _only_required(branches: list[Any]) -> bool:
    """Whether alternatives differ in nothing but in what is required."""
    return len(branches) > 1 and all(
        isinstance(branch, dict) and set(branch) == {"required"} for branch in branches
    )


def list_of(value: Any) -> list[Any]:
    """A list as it is, and an empty one for anything else."""
    return value if isinstance(value, list) else []


def dict_of(value: Any) -> dict[str, Any]:
    """A mapping as it is, and an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def told_apart(branches: list[Schema]) -> tuple[str, list[list[Any]]] | None:
    """The property by whose values variants of a body are told apart, and those of each."""
    listed = [dict_of(branch.get("properties")) for branch in branches]
    names = [name for name in listed[0] if all(name in each for each in listed)] if listed else []
    for name in sorted(names, key=lambda name: name != "model"):
        values = [_values(dict_of(each[name])) for each in listed]
        flat = [repr(value) for each in values for value in each]
        if all(values) and len({*flat}) == len(flat):
            return name, values
    return None


def _values(schema: Schema) -> list[Any]:
    return [schema["const"]] if "const" in schema else list_of(schema.get("enum"))


def of_branches(branches: list[Schema]) -> list[Statement]:
    """What holds for some variants of a body only: fields, which are required, and their limits."""
    found = told_apart(branches)
    if found is None:
        return []
    key, values = found
    listed = [dict_of(branch.get("properties")) for branch in branches]
    facts: list[Statement] = []
    for name in dict.fromkeys(name for each in listed for name in each):
        if name == key:
            continue
        having = [n for n, each in enumerate(listed) if name in each]
        absent = [n for n in range(len(branches)) if n not in having]
        if absent and key == "model":
            facts.append((name, "onlyFor", [v for n in having for v in values[n]]))
        elif absent:
            facts += _modes(key, [v for n in absent for v in values[n]], {name: {"maxItems": 0}})
        required = [n for n in having if name in list_of(branches[n].get("required"))]
        if required and len(required) < len(branches):
            needed = [v for n in required for v in values[n]]
            facts += _modes(key, needed, {name: {"required": True}})
        optional = [v for n in having if n not in required for v in values[n]]
        if absent and key != "model":  # it has a place there, as it has none in others
            facts += _modes(key, optional, {name: {"required": False}})
        limits = [limits_in(dict_of(listed[n][name])) for n in having]
        if any(each != limits[0] for each in limits):
            for n, each in zip(having, limits, strict=True):
                facts += _modes(key, values[n], {name: each}) if each else []
    return facts


def _modes(key: str, values: list[Any], needs: dict[str, Any]) -> list[Statement]:
    return [(key, "mode", {"name": value, "needs": needs}) for value in values[:MOST_MODES]]


def rules_of_branches(
    branches: list[Schema], drafts: dict[str, Draft]
) -> tuple[list[Statement], list[Schema]]:
    """The rules that variants of a body have of their own, and those that are not read."""
    found = told_apart(branches)
    facts: list[Statement] = []
    unread: list[Schema] = []
    for n, branch in enumerate(branches if len(branches) > 1 else ()):
        for rule in rules_of(branch):
            said = of_rule(rule, drafts) if found else None
            modes = [_for_some(each, found[0], found[1][n]) for each in said or ()] if found else []
            if not modes or not all(modes):
                unread.append(rule)
            facts += [fact for each in modes for fact in each] if all(modes) else []
    return facts, unread


def _for_some(statement: Statement, key: str, values: list[Any]) -> list[Statement]:
    """A statement of several fields as one of some requests; none where that can't be said."""
    name, keyword, value = statement
    if keyword == "excludes":
        mode = {"given": True, "needs": {value: {"maxItems": 0}}}
    elif keyword == "together" and len(value) == 1:
        mode = {"given": True, "needs": {value[0]: {"required": True}}}
    elif keyword == "oneNeeded":
        first, last, *rest = value
        others = [{"field": other, "given": False} for other in rest]
        mode = {"given": False, "needs": {last: {"required": True}}}
        mode |= {"beside": others} if others else {}
        name = first
    elif keyword == "mode":
        mode = value
    else:
        return []
    if key == "model":
        return [(name, "mode", {**mode, "models": values})]
    known = list_of(mode.get("beside"))
    return [
        (name, "mode", {**mode, "beside": [*known, {"field": key, "name": each}]})
        for each in values[:MOST_MODES]
    ]


def limits_in(schema: Schema) -> dict[str, Any]:
    """The keywords of a schema that limit a value, as those of facts."""
    found = {key: schema[key] for key in _LIMITS if key in schema}
    if "const" in schema:
        found["enum"] = [schema["const"]]
    return found


def loosest(known: list[tuple[str, Any]], more: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
    """The statements of a field over two variants of a body: what holds for both of them."""
    known, more = _same_kind(known, more)
    one, other = dict(known), dict(more)
    for key in _LIMITS:
        if key not in one or key not in other or one[key] == other[key]:
            continue
        if key == "enum":
            one[key] = [*one[key], *(value for value in other[key] if value not in one[key])]
        else:
            one[key] = (max if key.startswith("max") else min)(one[key], other[key])
    kept = [(key, one[key] if key in _LIMITS else value) for key, value in known]
    kept = [pair for pair in kept if pair[0] not in BOUNDS or pair[0] in other]
    return kept + [p for p in more if p not in kept and p[0] not in one and p[0] not in BOUNDS]


def _same_kind(
    known: list[tuple[str, Any]], more: list[tuple[str, Any]]
) -> tuple[list[tuple[str, Any]], list[tuple[str, Any]]]:
    """Two lists of statements in the same words: constants that differ are options.

    A whole number beside any number is a number.
    """
    one, other = dict(known), dict(more)
    if ("const" in one or "const" in other) and one.get("const") != other.get("const"):
        known, more = (
            [("enum", [v]) if key == "const" else (key, v) for key, v in each]
            for each in (known, more)
        )
    if {one.get("type"), other.get("type")} == {"integer", "number"}:
        known, more = (
            [(key, "number" if key == "type" else v) for key, v in each] for each in (known, more)
        )
    return known, more


def of_rule(rule: Schema, drafts: dict[str, Draft]) -> list[Statement] | None:
    """What a rule says of fields, as facts; None where it is not read as a whole."""
    for key in ("anyOf", "oneOf"):
        if key in rule:
            return _one_of(rule[key], exactly=key == "oneOf", drafts=drafts)
    facts: list[Statement] = []
    dependent = {**dict_of(rule.get("dependencies")), **dict_of(rule.get("dependentRequired"))}
    for name, others in dependent.items():
        if not isinstance(others, list) or not {name, *others} <= {*drafts}:
            return None
        facts += [(name, "together", [other]) for other in others]
    if "dependentSchemas" in rule:
        return None
    if "not" in rule:
        named = list_of(dict_of(rule["not"]).get("required"))
        if (
            set(dict_of(rule["not"])) != {"required"}
            or len(named) != 2
            or not {*named} <= {*drafts}
        ):
            return None
        facts.append((named[0], "excludes", named[1]))
    if "if" in rule:
        said = _conditional(rule, drafts)
        if said is None:
            return None
        facts += said
    return facts


def _one_of(
    branches: list[Schema], *, exactly: bool, drafts: dict[str, Draft]
) -> list[Statement] | None:
    """`anyOf` or `oneOf` over which fields are required: one of them has to be there."""
    lists = [list_of(branch.get("required")) for branch in branches]
    if any(len(names) != 1 or names[0] not in drafts for names in lists):
        return None
    names = [name for [name] in lists]
    facts: list[Statement] = [(names[0], "oneNeeded", names)]
    if exactly:
        facts += [(a, "excludes", b) for n, a in enumerate(names) for b in names[n + 1 :]]
    return facts


def _conditional(rule: Schema, drafts: dict[str, Draft]) -> list[Statement] | None:
    """`if` a field has a value, or is there, `then` others are required, limited or absent."""
    when = dict_of(rule["if"])
    properties = dict_of(when.get("properties"))
    names = list(dict.fromkeys([*properties, *list_of(when.get("required"))]))
    if set(when) - {"properties", "required", "type"} or len(names) != 1 or names[0] not in drafts:
        return None
    name = names[0]
    values = _values(dict_of(properties.get(name)))
    if not values and name not in list_of(when.get("required")):
        return None
    facts: list[Statement] = []
    for key in ("then", "else"):
        if key not in rule:
            continue
        needs = _needs(dict_of(rule[key]), drafts)
        if needs is None:
            return None
        if values and key == "then":
            facts += _modes(name, values, needs)
        elif values:
            known = [True, False] if drafts[name].type == "boolean" else drafts[name].options()
            others = [value for value in known if value not in values]
            if not others:
                return None
            facts += _modes(name, others, needs)
        else:
            facts.append((name, "mode", {"given": key == "then", "needs": needs}))
    return facts


def _needs(then: Schema, drafts: dict[str, Draft]) -> dict[str, Any] | None:
    """What fields have to be, as the needs of a mode."""
    needs: dict[str, Any] = {name: {"required": True} for name in list_of(then.get("required"))}
    for name, schema in dict_of(then.get("properties")).items():
        if schema is False:
            needs[name] = {"maxItems": 0}
            continue
        limits = limits_in(dict_of(schema))
        if not limits:
            return None
        needs[name] = needs.get(name, {}) | limits
    barred = dict_of(then.get("not"))
    parts = list_of(barred.get("anyOf")) or ([barred] if barred else [])
    for part in parts:
        names = list_of(dict_of(part).get("required"))
        if set(dict_of(part)) != {"required"} or len(names) != 1:
            return None
        needs[names[0]] = {"maxItems": 0}
    known = set(then) <= {"required", "properties", "not", "type"} and {*needs} <= {*drafts}
    return needs if needs and known else None
