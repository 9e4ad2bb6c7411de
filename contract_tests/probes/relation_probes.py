"""Requests for rules between fields: what one needs of another, and what it excludes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from contract_tests.probes.page_variants import PageVariant, items
from contract_tests.probes.probe import Maker, Probe, label_of
from contract_tests.probes.rules import ABSENT
from documentation.checking.conditions import Mode, fits, is_barred, required_by


def excludes(maker: Maker, others: list[str]) -> Iterator[Probe]:
    for other in others:
        if other in maker.variant.fields:
            value = Maker(maker.variant, other, maker.siblings).example
            body = {**maker.variant.sample, maker.field: maker.example, other: value}
            yield maker.reject_body("excludes", other, body, None)


def modes(maker: Maker, _: list[dict[str, Any]]) -> Iterator[Probe]:
    """One value of a field with what it needs of other fields, and with each of that otherwise."""
    rules = maker.variant.rules
    for number, mode in enumerate(m for m in rules.modes if m.field == maker.field):
        if not _is_possible(mode, maker.variant) and any(
            _is_possible(mode, other) for other in maker.siblings_of_page()
        ):
            continue  # it is one for the other models
        if mode.given is False:
            body = {k: v for k, v in maker.variant.sample.items() if k != maker.field}
        else:
            value = _like(maker.example, mode) if mode.given else mode.value
            body = {**maker.variant.sample, maker.field: value}
        for other in mode.beside:
            known = _like(maker.variant.example(other.field), other) if other.given else other.value
            body = {k: v for k, v in body.items() if k != other.field}
            body |= {} if other.given is False or "." in other.field else {other.field: known}
        body = maker.variant.mended(body, maker.field)
        yield maker.probe("mode", f"accept-{label_of(mode)}-{number}", body, None)
        for name, limits in mode.needs.items():
            if "." in name or name not in maker.variant.fields:
                continue
            for label, wrong in _beyond(maker.variant.example(name), limits):
                broken = {k: v for k, v in body.items() if k != name}
                broken |= {} if wrong is ABSENT else {name: wrong}
                if rules.are_broken(broken):
                    label = f"{label_of(mode)}-{number}-{name}-{label}"
                    yield maker.reject_body("mode", label, broken, None)


def _like(example: Any, mode: Mode) -> Any:
    """A value of which a mode speaks where it is given, made of a right one."""
    listed = isinstance(example, list) and example and "minItems" in mode.like
    return items(example, mode.like["minItems"]) if listed else example


def _is_possible(mode: Mode, variant: PageVariant) -> bool:
    """Whether the options of a variant's fields leave what a mode needs of them."""
    options = {name: variant.fields.get(name, {}).get("enum") for name in mode.needs}
    return all(
        any(fits(value, mode.needs[name]) for value in values)
        for name, values in options.items()
        if values
    )


def _beyond(example: Any, limits: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Values of a field that are not what a mode needs of it."""
    if is_barred(limits):
        yield "given", example
        return
    if required_by(limits):
        yield "absent", ABSENT
    if isinstance(example, list) and example:
        if limits.get("minItems", 0) > 1:
            yield "few", items(example, limits["minItems"] - 1)
        if "maxItems" in limits:
            yield "many", items(example, limits["maxItems"] + 1)
    for key, step in (("minimum", -1), ("maximum", 1)):
        if key in limits:
            yield key, limits[key] + step
    if "maxLength" in limits:
        yield "long", "x" * (limits["maxLength"] + 1)


def together(maker: Maker, groups: list[list[str]]) -> Iterator[Probe]:
    """A field with one of those that it needs, and with none of them."""
    for others in groups:
        body = maker.variant.mended(maker.body_with(maker.example), maker.field)
        yield maker.probe("together", f"accept-{'-'.join(others)}", body, None)
        bare = {name: value for name, value in body.items() if name not in others}
        if maker.variant.rules.are_broken(bare):
            yield maker.reject_body("together", f"without-{'-'.join(others)}", bare, None)


def one_needed(maker: Maker, groups: list[list[str]]) -> Iterator[Probe]:
    """Each of some fields alone, and none of them."""
    for names in groups:
        bare = {k: v for k, v in maker.variant.sample.items() if k not in names}
        fields = maker.variant.fields
        needed = {name for name in names if fields.get(name, {}).get("required")}
        taken = needed or {*fields} - maker.variant.unused
        for name in (n for n in names if "." not in n and n in taken):
            body = bare | {name: maker.variant.example(name)}
            body = maker.variant.mended(body, name)
            yield maker.probe("oneNeeded", f"accept-{name}", body, None)
        if maker.variant.rules.are_broken(bare):
            yield maker.reject_body("oneNeeded", f"none-of-{'-'.join(names)}", bare, None)
