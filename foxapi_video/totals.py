"""Rules of a request that JSON Schema has no keyword for: how many of several fields, and sums.

The schema of a variant lists them under `x-rule`:

    {"count": ["image_urls", "video_urls"], "maximum": 12}
    {"sum": ["shots.duration"], "equals": "duration"}
    {"count": ["images.role"], "of": "last_frame", "maximum": 1}
    {"count": ["media.type"], "of": ["image", "video"], "minimum": 1, "maximum": 5}
    {"count": ["image_urls", "elements"], "maximum": 4, "with": "video_url"}

A count is that of the items of lists; anything else that is given counts as one. Where `of` says
what is counted, one value or several, nothing else is. A sum is of numbers. A dot leads into an
object, or into each item of a list. Where nothing is given no rule is broken. A rule may hold only
for bodies `with` a field, or `without` one. Whoever holds bodies to a schema passes KEYWORDS to
jsonschema-rs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from foxapi_video.json_values import is_list, is_object

if TYPE_CHECKING:
    from jsonschema_rs import KeywordValidator

RULE = "x-rule"


def broken(rule: dict[str, Any], body: object) -> str | None:
    """How a body breaks a rule, in words, or None."""
    total = total_of(rule, body)
    if total is None:
        return None
    least, most = rule.get("minimum"), rule.get("maximum")
    wanted = None
    if least is not None and most is not None:
        wanted = f"exactly {least:g}" if least == most else f"between {least:g} and {most:g}"
    if "equals" in rule:
        equal = _total(rule, [rule["equals"]], body)
        if equal is None or _same(total, equal):
            return None
        wanted = f"{equal:g}, as {rule['equals']} says"
    elif (least is None or total >= least) and (most is None or total <= most):
        return None
    elif wanted is None:
        wanted = f"at most {most:g}" if least is None else f"at least {least:g}"
    names = " and ".join(rule.get("count") or rule["sum"])
    verb = "add up to" if "sum" in rule else "have in all"
    said = (
        f"is {' or '.join(kinds_of(rule))} {total:g} times" if "of" in rule else f"{verb} {total:g}"
    )
    condition = next((f"{key} {rule[key]} " for key in ("with", "without") if key in rule), "")
    return f"{condition}{names} {said}: it has to be {wanted}"


def total_of(rule: dict[str, Any], body: object) -> float | None:
    """The count or the sum that a rule is about; None where it holds not, or nothing is given."""
    absent = "with" in rule and not _values(body, rule["with"].split("."))
    if absent or ("without" in rule and _values(body, rule["without"].split("."))):
        return None
    return _total(rule, rule.get("count") or rule["sum"], body)


def _total(rule: dict[str, Any], names: list[str], body: object) -> float | None:
    """The count or the sum of what some names lead to; None where that is nothing."""
    found = [value for name in names for value in _values(body, name.split("."))]
    if "of" in rule:
        return sum(each in kinds_of(rule) for each in found) if found else None
    if "sum" in rule:
        numbers = [each for each in found if type(each) in (int, float)]
        return sum(numbers) if numbers else None  # type: ignore[arg-type]
    return sum(len(value) if is_list(value) else 1 for value in found) if found else None


def kinds_of(rule: dict[str, Any]) -> list[str]:
    """What a count is of."""
    kinds: str | list[str] = rule["of"]
    return [kinds] if isinstance(kinds, str) else kinds


def _values(value: object, steps: list[str]) -> list[object]:
    """What is given at a name; null is nothing."""
    if value is None:
        return []
    if not steps:
        return [value]
    if is_list(value):
        return [found for item in value for found in _values(item, steps)]
    return _values(value.get(steps[0]), steps[1:]) if is_object(value) else []


def _same(one: float, other: float) -> bool:
    """Whether two sums are the same, but for what adding up fractions loses."""
    return abs(one - other) < 1e-6


class _Totals:
    """A keyword of jsonschema-rs."""

    def __init__(
        self,
        parent_schema: dict[str, Any],
        value: list[dict[str, Any]],
        schema_path: list[str | int],
    ) -> None:
        self._rules = value

    def validate(self, instance: object) -> None:
        for rule in self._rules:
            problem = broken(rule, instance)
            if problem is not None:
                raise ValueError(problem)


KEYWORDS: dict[str, type[KeywordValidator]] = {RULE: _Totals}
