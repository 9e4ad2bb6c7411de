"""Which rules between fields a body breaks: of a `not`, the branches that the body is like.

Each branch is the schema of the bodies that break one rule, which its description says.
"""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING, Any

from foxapi_video.json_values import is_list, is_object, member

if TYPE_CHECKING:
    from collections.abc import Iterator

_SOME_ITEM = "*"
Steps = tuple[str, ...]


def broken_rules(rules: object, body: object) -> Iterator[tuple[list[str | int], str]]:
    """Each rule that a body breaks, in words, and where: what all that it names stands in.

    Nothing of those that have no words.
    """
    listed = member(rules, "anyOf")
    told: set[str] = set()
    for rule in listed if is_list(listed) else [rules]:
        words = member(rule, "description")
        if isinstance(words, str) and words not in told and _is_valid(rule, body):
            told.add(words)
            yield _place(rule, body), words


def _is_valid(schema: Any, value: object) -> bool:
    import jsonschema_rs

    return jsonschema_rs.validator_for(schema, validate_formats=True).is_valid(value)


def _place(rule: object, body: object) -> list[str | int]:
    """Where in a body a rule is broken; empty for the body as a whole."""
    alike = takewhile(lambda each: len({*each}) == 1, zip(*_named(rule), strict=False))
    steps: list[str | int] = [step for step, *_ in alike]
    if _SOME_ITEM not in steps:
        return steps
    head = steps[: steps.index(_SOME_ITEM)]
    listed, kind = body, rule
    for step in head:
        listed, kind = member(listed, str(step)), member(member(kind, "properties"), str(step))
    item = member(kind, "contains")
    if not is_list(listed) or item is None:
        return head
    return [*head, *[at for at, each in enumerate(listed) if _is_valid(item, each)][:1]]


def _named(rule: object) -> set[Steps]:
    """The fields that a rule names, each as the steps to it."""
    if not is_object(rule):
        return set()
    inner = member(rule, "properties")
    names = {*(member(rule, "required") or ()), *(inner or ())}
    found = {(n, *rest) for n in names for rest in _named(member(inner, n)) or {()}}
    parts = [*(member(rule, "allOf") or ()), *(member(rule, "anyOf") or ()), member(rule, "not")]
    found |= {steps for part in parts for steps in _named(part)}
    if "contains" in rule:
        found |= {(_SOME_ITEM, *rest) for rest in _named(rule["contains"]) or {()}}
    return found
