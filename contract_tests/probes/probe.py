"""A probe, and what makes the probes of one field of one variant."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from contract_tests.probes.page_variants import PageVariant
from contract_tests.probes.rules import ABSENT


@dataclass(frozen=True)
class Probe:
    """A request made from a fact.

    Attributes:
        id: The page, field and keyword of the fact, and what the probe tries.
        variant: The variant that it is made from.
        field: The field of the fact; empty for the body as a whole.
        keyword: The keyword of the fact.
        body: What to send.
        accepted: The verdict that it must get.
        reason: The field and keyword that must be named when it is rejected; None where the body
            fits no variant and so breaks no keyword of one.
    """

    id: str
    variant: PageVariant
    field: str
    keyword: str
    body: Any
    accepted: bool
    reason: tuple[str, str] | None = None

    @property
    def is_of_json_schema(self) -> bool:
        """Whether JSON Schema has a keyword for it: other tools judge nothing else."""
        return self.keyword != "total"


class Maker:
    """Makes the probes of one field of one variant, or of the variant as a whole."""

    def __init__(self, variant: PageVariant, field: str, siblings: list[PageVariant]) -> None:
        self.variant = variant
        self.field = field
        self.keywords = variant.fields.get(field, {})
        self.siblings = siblings

    def siblings_of_page(self) -> list[PageVariant]:
        return [variant for variant in self.siblings if variant.page == self.variant.page]

    def is_first_to_say(self, keyword: str) -> bool:
        """Whether no variant before this one, by the names of their pages, says the same of it."""
        said, own = self.keywords.get(keyword), self.variant
        alike = [v for v in self.siblings if v.fields.get(self.field, {}).get(keyword) == said]
        return all((own.page, own.name, own.models) < (v.page, v.name, v.models) for v in alike)

    def accept(self, keyword: str, label: str, value: Any) -> Probe:
        return self.probe(keyword, f"accept-{label}", self.body_with(value), None)

    def reject(self, keyword: str, label: str, value: Any, because: str | None = None) -> Probe:
        body = self.body_with(value)
        return self.probe(keyword, f"reject-{label}", body, (self.field, because or keyword))

    def reject_body(self, keyword: str, label: str, body: Any, reason: Any) -> Probe:
        return self.probe(keyword, f"reject-{label}", body, reason)

    def probe(self, keyword: str, label: str, body: Any, reason: Any) -> Probe:
        name = f"{self.variant.page}.{self.field or 'body'}.{keyword}.{label}{self.variant.mark}"
        accepted = label.startswith("accept")
        return Probe(name, self.variant, self.field, keyword, body, accepted, reason)

    def body_with(self, value: Any) -> dict[str, Any]:
        body = dict(self.variant.sample)
        if value is ABSENT:
            body.pop(self.field, None)
            return self.variant.mended(body, self.field)
        body[self.field] = value
        made = self.variant.rules.adding_up(self.field, value, self.variant.example)
        if made is not value and len(made) == len(value):  # with another count it is another probe
            body[self.field] = made
        return self.variant.mended(body, self.field)

    @property
    def example(self) -> Any:
        """A value that the page shows for the field, as this variant has it."""
        return self.variant.example(self.field)

    @property
    def is_address(self) -> bool:
        return self.keywords.get("format") == "uri" or bool(self.keywords.get("https"))


def fits_another(maker: Maker, body: dict[str, Any]) -> bool:
    """Whether another variant may well accept a body: it has its model, and the fields fit.

    The modes of one page are told apart by more than their fields.
    """
    model = body.get("model")
    for variant in maker.siblings:
        if model not in variant.models:
            continue
        mode = maker.variant.selector and variant.page == maker.variant.page
        if mode and variant.models == maker.variant.models:
            continue
        needed = {name for name, keywords in variant.fields.items() if keywords.get("required")}
        if needed <= set(body) <= set(variant.fields):
            return True
    return False


def label_of(value: Any) -> str:
    return str(value).replace(" ", "_")


def has_inputs(variant: PageVariant, body: dict[str, Any]) -> bool:
    """Whether a body has the inputs of a mode, in the number that it takes, and no others."""
    for name in variant.needed:
        keywords, value = variant.fields[name], body.get(name)
        if value is None or (
            isinstance(value, list)
            and not keywords.get("minItems", 0)
            <= len(value)
            <= keywords.get("maxItems", len(value))
        ):
            return False
    return not variant.unused & set(body)


def fits_a_mode(maker: Maker, body: dict[str, Any]) -> bool:
    """Whether a body that names its mode otherwise, or not at all, is one of another mode."""
    selector = maker.variant.selector
    for variant in maker.siblings_of_page() if selector and maker.field == selector else []:
        keywords, name = variant.fields[selector], body.get(selector, ABSENT)
        unnamed = name is ABSENT and not keywords.get("required")
        unnamed = unnamed or (name is None and bool(keywords.get("nullable")))
        if (unnamed or name in keywords["enum"]) and has_inputs(variant, body):
            return True
    return False
