"""Requests for rules over several fields: as many as there may be in all, and one more."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from contract_tests.probes.page_variants import items
from contract_tests.probes.probe import Maker, Probe
from foxapi_video.totals import RULE, broken, kinds_of, total_of


def totals(maker: Maker, rules: list[dict[str, Any]]) -> Iterator[Probe]:
    """A count or a sum that is just right, and one that is just wrong."""
    for number, rule in enumerate(rules):
        if "of" in rule and rule not in maker.variant.rules.totals:
            continue  # another model has what is counted
        others = (rule[key] for key in ("equals", "with") if key in rule)
        if not all("type" in maker.variant.fields.get(name.split(".")[0], {}) for name in others):
            continue  # another model has the field that it depends on
        base = {n: v for n, v in maker.variant.sample.items() if n != rule.get("without")}
        if "with" in rule:
            base |= {rule["with"]: maker.variant.example(rule["with"])}
        for right, wrong in _edges(maker, rule):
            fields = _with_total(maker, rule, right)
            if fields is None:
                continue
            kept = next(iter(fields))
            if "equals" in rule:
                fields[rule["equals"]] = right
            body = maker.variant.mended(base | fields, kept)
            if total_of(rule, body) != right:
                continue  # what an item has of its own is not made
            yield maker.probe("total", f"accept-{number}-{right}", body, None)
            beyond = _with_total(maker, rule, wrong)
            if beyond is not None and broken(rule, body | beyond):
                label = f"reject-{number}-{wrong}"
                yield maker.probe("total", label, body | beyond, ("", RULE))


def _edges(maker: Maker, rule: dict[str, Any]) -> Iterator[tuple[Any, Any]]:
    """Totals that are just right, each with one that is just wrong."""
    if "equals" in rule:
        equal = maker.variant.example(rule["equals"])
        yield equal, equal + 1
    for key, step in (("minimum", -1), ("maximum", 1)):
        if key in rule:
            yield rule[key], rule[key] + step


def _with_total(maker: Maker, rule: dict[str, Any], total: float) -> dict[str, Any] | None:
    """Fields that have so many items in all, or such a sum; None where they can't."""
    variant, rest, made = maker.variant, total, dict[str, Any]()
    if "of" in rule:
        [name] = rule["count"]
        head, _, member = name.rpartition(".")
        listed = variant.example(head)
        if not (isinstance(listed, list) and listed and isinstance(listed[0], dict)):
            return None
        kinds, keywords = kinds_of(rule), variant.fields[head]
        options = keywords.get("members", {}).get(member, {}).get("enum", [])
        told = [kinds[at % len(kinds)] for at in range(int(total))]
        # As many of another kind as the list has to have at least.
        others = [each for each in options if each not in kinds][:1]
        told += others * (keywords.get("minItems", 0) - len(told))
        return {head: [{**listed[0], member: each} for each in told]}
    names = [n for n in rule.get("count") or rule["sum"] if n.split(".")[0] in variant.fields]
    for left, name in zip(reversed(range(len(names))), names, strict=True):
        head = name.partition(".")[0]
        keywords, example = variant.fields[head], variant.example(head)
        is_list = keywords.get("type") == "array" and isinstance(example, list)
        if "count" in rule and "." in name and is_list:
            made[head] = _spread(keywords, example, name.partition(".")[2], int(rest))
            if made[head] is None:
                return None
            rest = 0
        elif "count" in rule:
            most = keywords.get("maxItems", int(rest)) if is_list else 1
            many = max(0, min(most, int(rest) - left))
            if many:
                made[head] = items(example, many) if is_list else example
            rest -= many
        else:
            made[head] = variant.rules.made_to_sum(rule, example, rest)
            if made[head] is None:
                return None
            rest = 0
    return made if made and not rest else None


def _spread(keywords: dict[str, Any], example: list[Any], member: str, total: int) -> Any:
    """Objects like an example whose lists have so many items in all; None where they can't."""
    limits = keywords.get("members", {}).get(member, {})
    shown = example[0].get(member) if example and isinstance(example[0], dict) else None
    if not shown or not isinstance(shown, list):
        return None
    most = limits.get("maxItems", total)
    count = max(-(-total // most), keywords.get("minItems", 1))
    if not limits.get("minItems", 1) <= total // count or count > keywords.get("maxItems", count):
        return None
    sizes = [total // count + (at < total % count) for at in range(count)]
    return [{**example[0], member: items(shown, size)} for size in sizes]
