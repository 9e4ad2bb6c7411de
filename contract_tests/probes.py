"""Probes: requests made from facts, each with the verdict and the reason that it must get.

Every kind of fact has one function in fact_probes.py; here are the probes of a form as a whole. A
probe changes the sample of a form in one place, so that a rejection has one reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from contract_tests.fact_probes import MAKERS, is_list, optional
from contract_tests.forms import Form
from contract_tests.probe import ABSENT, Maker, Probe, fits_another, has_inputs


def probes_of(form: Form, forms: Iterable[Form]) -> Iterator[Probe]:
    """Every probe of one form; the others say what it could be mistaken for."""
    others = [other for other in forms if other is not form]
    whole = Maker(form, "", others)
    yield whole.probe("sample", "accept-sample", form.sample, None)
    yield whole.probe("sample", "accept-minimal", form.minimal, None)
    for name, words in form.fields.items():
        maker = Maker(form, name, others)
        if name in form.unused:
            yield from _unused(maker)
            continue
        for keyword, value in words.items():
            if keyword in MAKERS:
                yield from MAKERS[keyword](maker, value)
        for index, example in enumerate(words.get("examples", [])):
            if form.selector in ("", name) or not isinstance(example, list):
                yield from _example(maker, index, example)
        if not words.get("required"):
            yield from optional(maker)
    yield from _unknown_fields(whole)
    yield from _bodies(whole)
    yield from _other_modes(whole)


def _example(maker: Maker, index: int, example: Any) -> Iterator[Probe]:
    if maker.field != "model" and example in maker.words.get("enum", [example]):
        yield maker.accept("example", str(index), example)


def _unused(maker: Maker) -> Iterator[Probe]:
    """The input of another mode may be left out, or null where the page says so: no more."""
    if maker.words.get("nullable"):
        yield maker.accept("nullable", "null", None)
    else:
        yield maker.reject_body("mode", "null", maker.body_with(None), None)
    yield maker.accept("mode", "absent", ABSENT)
    yield maker.reject_body("mode", "value", maker.body_with(maker.example), None)
    empty = [] if is_list(maker) else ""
    for label, wrong in {"empty": empty, "text": "x", "zero": 0, "object": {}}.items():
        yield maker.reject_body("mode", label, maker.body_with(wrong), None)


def _unknown_fields(whole: Maker) -> Iterator[Probe]:
    """Fields of no page, misspelt ones, and those of other forms with what is right there."""
    form = whole.form
    extra: dict[tuple[str, str], Any] = {("undocumented", ""): "x"}
    for name, words in form.fields.items():
        for wrong in (f"{name}s", name.title()):
            extra[wrong, ""] = words.get("examples", ["x"])[0]
    for sibling in whole.siblings:
        for name, words in sibling.fields.items():
            if name in form.fields:
                continue
            if name not in sibling.unused:
                example = Maker(sibling, name, []).example
                label = f"-of-{sibling.name}" if (name, "") in extra else ""
                if example not in [value for (other, _), value in extra.items() if other == name]:
                    extra[name, label] = example
            if words.get("nullable"):
                extra.setdefault((name, "-null"), None)
    for (name, label), value in extra.items():
        body = {**form.sample, name: value}
        if name not in form.fields and not fits_another(whole, body):
            reason = (name, "additionalProperties")
            yield whole.reject_body("fields", f"{name}{label}", body, reason)


def _bodies(whole: Maker) -> Iterator[Probe]:
    bodies: dict[str, Any] = {"list": [whole.form.sample], "text": "x", "null": None, "empty": {}}
    for label, body in bodies.items():
        yield whole.reject_body("body", label, body, None)


def _other_modes(whole: Maker) -> Iterator[Probe]:
    """Each named mode with the input of each other mode, and with no input at all."""
    form = whole.form
    if not form.selector:
        return
    inputs = {name for name, words in form.fields.items() if words.get("required")} | form.unused
    named = {"model", form.selector}
    bare = {name: value for name, value in form.sample.items() if name not in inputs - named}
    unnamed = {name: value for name, value in bare.items() if name != form.selector}
    modes = [form, *(other for other in whole.siblings if other.page == form.page)]
    if form.needed:
        yield whole.reject_body("mode", "no-input", bare, None)
    if all(mode.needed for mode in modes):
        yield whole.reject_body("mode", "no-input-and-no-name", unnamed, None)
    for other in modes[1:]:
        body = {**other.sample, form.selector: form.name}
        if has_inputs(form, body):
            continue  # what the other mode needs will do for this one too
        yield whole.reject_body("mode", f"input-of-{other.name}", body, None)
