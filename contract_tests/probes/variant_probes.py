"""Probes: requests made from facts, each with the verdict and the reason that it must get.

Every kind of fact has one function in fact_probes.py; here are the probes of a whole variant. A
probe changes the sample of a variant in one place, so that a rejection has one reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from contract_tests.probes.fact_probes import MAKERS, is_list, optional
from contract_tests.probes.page_variants import PageVariant
from contract_tests.probes.probe import Maker, Probe, fits_another, has_inputs
from contract_tests.probes.rules import ABSENT
from documentation.checking.conditions import fits


def probes_of(variant: PageVariant, variants: Iterable[PageVariant]) -> Iterator[Probe]:
    """Every probe of one variant; the others say what it could be mistaken for.

    A body that a rule of the variant refuses shows nothing else, and no reason of its own.
    """
    for probe in _probes(variant, variants):
        if not probe.accepted and probe.reason and variant.rules.are_broken(probe.body):
            yield replace(probe, reason=None)
        elif not probe.accepted or not variant.rules.are_broken(probe.body):
            yield probe


def _probes(variant: PageVariant, variants: Iterable[PageVariant]) -> Iterator[Probe]:
    others = [other for other in variants if other is not variant]
    whole = Maker(variant, "", others)
    yield whole.probe("sample", "accept-sample", variant.sample, None)
    yield whole.probe("sample", "accept-minimal", variant.minimal, None)
    for name, keywords in variant.fields.items():
        maker = Maker(variant, name, others)
        if name in variant.unused:
            yield from _unused(maker)
            continue
        for keyword, value in keywords.items():
            if keyword in MAKERS:
                yield from MAKERS[keyword](maker, value)
        for index, example in enumerate(keywords.get("examples", [])):
            if variant.selector in ("", name) or not isinstance(example, list):
                yield from _example(maker, index, example, others)
        if not keywords.get("required"):
            yield from optional(maker)
    yield from _unknown_fields(whole)
    yield from _bodies(whole)
    yield from _other_modes(whole)


def _example(
    maker: Maker, index: int, example: Any, others: Iterable[PageVariant]
) -> Iterator[Probe]:
    """An example, unless it is another model's: this one's limits leave it out."""
    of_another = not fits(example, maker.keywords) and any(
        fits(example, other.fields.get(maker.field, {})) for other in others
    )
    listed = example in maker.keywords.get("enum", [example])
    if maker.field != "model" and listed and not of_another:
        yield maker.accept("example", str(index), example)


def _unused(maker: Maker) -> Iterator[Probe]:
    """The input of another mode may be left out, or null where the page says so: no more."""
    if maker.keywords.get("nullable"):
        yield maker.accept("nullable", "null", None)
    else:
        yield maker.reject_body("mode", "null", maker.body_with(None), None)
    yield maker.accept("mode", "absent", ABSENT)
    yield maker.reject_body("mode", "value", maker.body_with(maker.example), None)
    empty = [] if is_list(maker) else ""
    for label, wrong in {"empty": empty, "text": "x", "zero": 0, "object": {}}.items():
        yield maker.reject_body("mode", label, maker.body_with(wrong), None)


def _unknown_fields(whole: Maker) -> Iterator[Probe]:
    """Fields of no page, misspelt ones, and those of other variants with what is right there."""
    variant = whole.variant
    extra: dict[tuple[str, str], Any] = {("undocumented", ""): "x"}
    for name, keywords in variant.fields.items():
        for wrong in (f"{name}s", name.title()):
            extra[wrong, ""] = keywords.get("examples", ["x"])[0]
    for sibling in whole.siblings:
        for name, keywords in sibling.fields.items():
            if name in variant.fields:
                continue
            if name not in sibling.unused:
                example = Maker(sibling, name, []).example
                label = f"-of-{sibling.name}" if (name, "") in extra else ""
                if example not in [value for (other, _), value in extra.items() if other == name]:
                    extra[name, label] = example
            if keywords.get("nullable"):
                extra.setdefault((name, "-null"), None)
    for (name, label), value in extra.items():
        body = {**variant.sample, name: value}
        if name not in variant.fields and not fits_another(whole, body):
            reason = (name, "additionalProperties")
            yield whole.reject_body("fields", f"{name}{label}", body, reason)


def _bodies(whole: Maker) -> Iterator[Probe]:
    bodies: dict[str, Any] = {
        "list": [whole.variant.sample],
        "text": "x",
        "null": None,
        "empty": {},
    }
    for label, body in bodies.items():
        yield whole.reject_body("body", label, body, None)


def _other_modes(whole: Maker) -> Iterator[Probe]:
    """Each named mode with the input of each other mode, and with no input at all."""
    variant = whole.variant
    if not variant.selector:
        return
    inputs = {
        name for name, keywords in variant.fields.items() if keywords.get("required")
    } | variant.unused
    named = {"model", variant.selector}
    bare = {name: value for name, value in variant.sample.items() if name not in inputs - named}
    unnamed = {name: value for name, value in bare.items() if name != variant.selector}
    modes = [variant, *(other for other in whole.siblings if other.page == variant.page)]
    if variant.needed:
        yield whole.reject_body("mode", "no-input", bare, None)
    if all(mode.needed for mode in modes):
        yield whole.reject_body("mode", "no-input-and-no-name", unnamed, None)
    for other in modes[1:]:
        body = {**other.sample, variant.selector: variant.name}
        if has_inputs(variant, body):
            continue  # what the other mode needs will do for this one too
        yield whole.reject_body("mode", f"input-of-{other.name}", body, None)
