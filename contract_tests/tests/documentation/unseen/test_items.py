"""Rules that reach the items of a list, as a schema and as what probes hold bodies to."""

from __future__ import annotations

from typing import Any

import pytest

from contract_tests.probes.page_variants import page_variants_of
from contract_tests.referees.spec_mock_client import validator_of
from documentation.checking.expected import expected_of, variants_of
from documentation.checking.variant_schema import schema_of
from documentation.fact import Fact

FIRST, LAST = {"role": "first", "url": "a"}, {"role": "last", "url": "b"}
PLAIN: dict[str, Any] = {"id": "c"}


def fact(field: str, keyword: str, value: Any) -> Fact:
    return Fact("nova-1", "request", field, keyword, value, "prose")


FIELDS = [
    *(fact(*each) for each in (("model", "type", "string"), ("model", "required", True))),
    *(fact(*each) for each in (("model", "enum", ["nova-1"]), ("model", "example", "nova-1"))),
    *(fact(*each) for each in (("ratio", "type", "string"), ("ratio", "example", "1:1"))),
    *(fact(*each) for each in (("images", "type", "array"), ("images", "items", "object"))),
    fact("images", "example", [FIRST]),
    *(fact(f"images.{name}", "type", "string") for name in ("role", "url", "id")),
    fact("images.role", "enum", ["first", "last"]),
]


def needs(**limits: dict[str, Any]) -> dict[str, Any]:
    return {"name": "last", "needs": {k.replace("_", "."): v for k, v in limits.items()}}


RULES = {
    "an-item-has-one-of-two": fact("images.url", "excludes", "images.id"),
    "an-item-needs-one-of-two": fact("images.url", "oneNeeded", ["images.url", "images.id"]),
    "an-item-needs-another-member": fact("images.role", "together", ["images.url"]),
    "a-kind-of-item-needs-a-member": fact(
        "images.role", "mode", needs(images_url={"required": True})
    ),
    "a-kind-of-item-needs-another-kind": fact(
        "images.role", "mode", needs(images_role={"enum": ["first"], "required": True})
    ),
    "one-of-a-kind": fact(
        "images", "total", {"count": ["images.role"], "of": "last", "maximum": 1}
    ),
    "a-kind-of-item-bars-a-field": fact("images.role", "mode", needs(ratio={"maxItems": 0})),
    "a-field-needs-a-kind-of-item": fact(
        "ratio",
        "mode",
        {"given": True, "needs": {"images.role": {"enum": ["last"], "required": True}}},
    ),
}


@pytest.mark.parametrize(
    ("rule", "right", "wrong"),
    [
        ("an-item-has-one-of-two", [FIRST, PLAIN], [FIRST, PLAIN | FIRST]),
        ("an-item-needs-one-of-two", [FIRST, PLAIN], [FIRST, {"role": "last"}]),
        ("an-item-needs-another-member", [FIRST, PLAIN], [{"role": "last", "id": "c"}]),
        ("a-kind-of-item-needs-a-member", [LAST, {"role": "first"}], [FIRST, {"role": "last"}]),
        ("a-kind-of-item-needs-another-kind", [LAST, FIRST], [LAST, PLAIN]),
        ("one-of-a-kind", [FIRST, FIRST, LAST], [LAST, FIRST, LAST]),
    ],
)
def test_a_rule_between_members_is_one_of_items(
    rule: str, right: list[Any], wrong: list[Any]
) -> None:
    assert accepts(rule, images=right) and accepts(rule) and not accepts(rule, images=wrong)


@pytest.mark.parametrize(
    ("rule", "right", "wrong"),
    [
        ("a-kind-of-item-bars-a-field", [FIRST], [FIRST, LAST]),
        ("a-field-needs-a-kind-of-item", [FIRST, LAST], [FIRST]),
    ],
)
def test_a_rule_with_a_field_beside_the_list_is_one_of_some_item(
    rule: str, right: list[Any], wrong: list[Any]
) -> None:
    assert accepts(rule, images=right, ratio="1:1")
    assert accepts(rule, images=wrong) and not accepts(rule, images=wrong, ratio="1:1")


def accepts(rule: str, **fields: Any) -> bool:
    """The verdict of the schema, which that of the rules by themselves has to equal."""
    facts, body = [*FIELDS, RULES[rule]], {"model": "nova-1", **fields}
    [described] = variants_of(expected_of(facts, "request", []))
    [variant] = page_variants_of("nova-1", facts)
    verdict = validator_of(schema_of(described.fields)).is_valid(body)
    assert variant.rules.are_broken(body) is not verdict
    return verdict


def of_two_kinds(*more: Fact) -> list[Fact]:
    """A page whose requests are of one of two kinds, each with an input of its own."""
    given = [each for each in FIELDS if not each.field.startswith("images")]
    kinds = [("type", "string"), ("enum", ["ode", "pun"]), ("required", True)]
    inputs = [("ode_url", "ode"), ("pun_url", "pun")]
    return [
        *given,
        *(fact("kind", *each) for each in kinds),
        *(fact(name, "type", "string") for name, _ in inputs),
        *(
            fact("kind", "mode", {"name": kind, "needs": {name: {"required": True}}})
            for name, kind in inputs
        ),
        *more,
    ]


def test_a_field_that_needs_one_kind_is_none_of_the_other() -> None:
    bars = fact("ratio", "mode", {"given": True, "needs": {"kind": {"enum": ["ode"]}}})
    variants = variants_of(expected_of(of_two_kinds(bars), "request", []))
    assert {each.mode: "ratio" in each.unused for each in variants} == {"ode": False, "pun": True}


def test_a_sample_of_a_kind_names_it_whatever_another_field_would_bar() -> None:
    switch = [fact("on", "type", "boolean"), fact("on", "default", False)]
    barred = {"name": False, "needs": {"kind": {"maxItems": 0}}}
    facts = [each for each in of_two_kinds() if (each.field, each.keyword) != ("kind", "required")]
    samples = [
        each.sample
        for each in page_variants_of("nova-1", [*facts, *switch, fact("on", "mode", barred)])
    ]
    assert [(each.get("kind"), each.get("on")) for each in samples] == [
        ("ode", True),
        ("pun", True),
    ]
