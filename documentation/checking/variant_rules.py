"""What a rule between fields leaves of one variant: a field or a value that it can not have."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from documentation.checking.conditions import Mode, Needs, is_barred, required_by
from documentation.checking.spec import Keywords


def always_holds(rule: Mode, needs: Needs, unused: set[str]) -> bool:
    """Whether a rule is about an input that every request of a mode has."""
    plain = rule.field not in unused and not {*rule.needs} & unused
    plain = plain and not rule.beside
    return rule.is_given and plain and required_by(needs.get(rule.field, {}))


def never_holds(rule: Mode, fields: dict[str, Keywords]) -> bool:
    """Whether an optional field needs a value that a variant has not: it has not the field."""
    if (
        not rule.is_given
        or rule.beside
        or fields.get(rule.field, {}).get("required", "." in rule.field)
    ):
        return False
    return can_not_be(rule, fields)


def spoken_of(rules: Iterable[Mode], selector: str, value: Any) -> set[str]:
    """The fields that rules of one mode speak of without barring them, so that it has them."""
    found: set[str] = set()
    for rule in rules:
        those = (rule, *rule.beside)
        if any(m.field == selector and m.given is None and m.value == value for m in those):
            found |= {m.field for m in those}
            found |= {name for name, limits in rule.needs.items() if not is_barred(limits)}
        elif rule.is_given and value in rule.needs.get(selector, {}).get("enum", []):
            found.add(rule.field)
    return found - {selector}


def without(keywords: Keywords, value: Any) -> Keywords:
    """The keywords of a field less one of its options; a switch has two."""
    both = [True, False] if keywords.get("type") == "boolean" else []
    kept = [each for each in keywords.get("enum") or both if repr(each) != repr(value)]
    bare = {k: v for k, v in keywords.items() if (k, repr(v)) != ("default", repr(value))}
    return bare | {"enum": kept} if kept else keywords


def can_not_be(rule: Mode, fields: dict[str, Keywords]) -> bool:
    """Whether what a rule needs is an option that a variant has not."""
    listed = {name: fields[name]["enum"] for name in rule.needs if fields.get(name, {}).get("enum")}
    return any(
        "enum" in rule.needs[name]
        and not {*map(repr, rule.needs[name]["enum"])} & {*map(repr, values)}
        for name, values in listed.items()
    )


def is_said(rule: Mode, fields: dict[str, Keywords]) -> bool:
    """Whether a variant's fields say already what a rule says of them, or are never of its mode."""
    if any(_is_never(each, fields) for each in (rule, *rule.beside)):
        return True
    if not (rule.is_given and fields.get(rule.field, {}).get("required")):
        return False
    return all(
        {*limits} <= {"enum", "required"}
        and "enum" in limits
        and {*map(str, fields.get(name, {}).get("enum") or ["?"])} <= {*map(str, limits["enum"])}
        for name, limits in rule.needs.items()
    )


def _is_never(mode: Mode, fields: dict[str, Keywords]) -> bool:
    """Whether no request of a variant is of a mode."""
    keywords = fields.get(mode.field.split(".")[0])
    if keywords is None or mode.given is False:
        return keywords is None and mode.given is not False
    own = fields.get(mode.field, {})
    if mode.like.get("minItems", 0) > own.get("maxItems", mode.like.get("minItems", 0)):
        return True
    options = own.get("enum") if mode.given is None else None
    return bool(options) and repr(mode.value) not in {*map(repr, options or ())}
