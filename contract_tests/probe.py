"""A probe, and what makes the probes of one field of one form."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from contract_tests.forms import Form, made_up

ABSENT = object()


@dataclass(frozen=True)
class Probe:
    """A request made from a fact.

    Attributes:
        id: The page, field and keyword of the fact, and what the probe tries.
        form: The form that it is made from.
        field: The field of the fact; empty for the body as a whole.
        keyword: The keyword of the fact.
        body: What to send.
        accepted: The verdict that it must get.
        reason: The field and keyword that must be named when it is rejected; None where the body
            fits no form and so breaks no keyword of one.
    """

    id: str
    form: Form
    field: str
    keyword: str
    body: Any
    accepted: bool
    reason: tuple[str, str] | None = None


class Maker:
    """Makes the probes of one field of one form, or of the form as a whole."""

    def __init__(self, form: Form, field: str, siblings: list[Form]) -> None:
        self.form = form
        self.field = field
        self.words = form.fields.get(field, {})
        self.siblings = siblings

    def siblings_of_page(self) -> list[Form]:
        return [form for form in self.siblings if form.page == self.form.page]

    def accept(self, keyword: str, label: str, value: Any) -> Probe:
        return self.probe(keyword, f"accept-{label}", self.body_with(value), None)

    def reject(self, keyword: str, label: str, value: Any, because: str | None = None) -> Probe:
        body = self.body_with(value)
        return self.probe(keyword, f"reject-{label}", body, (self.field, because or keyword))

    def reject_body(self, keyword: str, label: str, body: Any, reason: Any) -> Probe:
        return self.probe(keyword, f"reject-{label}", body, reason)

    def probe(self, keyword: str, label: str, body: Any, reason: Any) -> Probe:
        name = f"{self.form.page}.{self.field or 'body'}.{keyword}.{label}{self.form.mark}"
        accepted = label.startswith("accept")
        return Probe(name, self.form, self.field, keyword, body, accepted, reason)

    def body_with(self, value: Any) -> dict[str, Any]:
        body = copy.deepcopy(self.form.sample)
        if value is ABSENT:
            body.pop(self.field, None)
            return body
        for other in set(self._excluded()) - self.form.needed:
            body.pop(other, None)
        body[self.field] = value
        return self._with_needs(body)

    def _with_needs(self, body: dict[str, Any]) -> dict[str, Any]:
        """What a value of some field needs of others comes with it, from their examples."""
        for name, words in self.form.fields.items():
            for mode in words.get("needs", []):
                if body.get(name) == mode["name"]:
                    for other in mode["needs"]:
                        if other in self.form.fields and other != self.field:
                            known = Maker(self.form, other, self.siblings).example
                            body.setdefault(other, known)
        return body

    def _excluded(self) -> Iterator[str]:
        """The fields that may not stand beside this one."""
        yield from self.words.get("excludes", [])
        for other, words in self.form.fields.items():
            if self.field in words.get("excludes", []):
                yield other

    @property
    def example(self) -> Any:
        """A value that the page shows for the field, as this form has it."""
        if self.field in self.form.sample:
            return self.form.sample[self.field]
        if self.words.get("examples"):
            return self.words["examples"][0]
        return made_up(self.words)

    @property
    def is_address(self) -> bool:
        return self.words.get("format") == "uri" or bool(self.words.get("https"))


def fits_another(maker: Maker, body: dict[str, Any]) -> bool:
    """Whether another form may well accept a body: it has its model, and the fields fit.

    The modes of one page are told apart by more than their fields.
    """
    for form in maker.siblings:
        if maker.form.selector and form.page == maker.form.page:
            continue
        needed = {name for name, words in form.fields.items() if words.get("required")}
        if body.get("model") in form.models and needed <= set(body) <= set(form.fields):
            return True
    return False


def label_of(value: Any) -> str:
    return str(value).replace(" ", "_")


def has_inputs(form: Form, body: dict[str, Any]) -> bool:
    """Whether a body has the inputs of a mode, in the number that it takes, and no others."""
    for name in form.needed:
        words, value = form.fields[name], body.get(name)
        if value is None or (
            isinstance(value, list)
            and not words.get("minItems", 0) <= len(value) <= words.get("maxItems", len(value))
        ):
            return False
    return not form.unused & set(body)


def fits_a_mode(maker: Maker, body: dict[str, Any]) -> bool:
    """Whether a body that names its mode otherwise, or not at all, is one of another mode."""
    selector = maker.form.selector
    for form in maker.siblings_of_page() if selector and maker.field == selector else []:
        words, name = form.fields[selector], body.get(selector, ABSENT)
        unnamed = name is ABSENT and not words.get("required")
        unnamed = unnamed or (name is None and bool(words.get("nullable")))
        if (unnamed or name in words["enum"]) and has_inputs(form, body):
            return True
    return False
