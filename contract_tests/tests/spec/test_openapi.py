"""What stands in place of a reference, and which references stop the build."""

from __future__ import annotations

from typing import Any

import pytest

from overlays.bundle import ROOT, read_yaml
from overlays.errors import BrokenReferenceError
from overlays.openapi import dereferenced, references

SHIPPED = sorted((ROOT / "generated").glob("*/schemas/*.json"))
DOCUMENT: dict[str, Any] = {
    "parts": {
        "a/b~c": {"type": "string", "description": "Any text."},
        "list": {"type": "array", "items": {"$ref": "#/parts/a~1b~0c"}},
        "again": {"$ref": "#/parts/list", "maxItems": 2},
        "circle": {"properties": {"one": {"$ref": "#/parts/circle"}}},
    }
}


def test_reference_is_followed_wherever_it_leads_and_what_stands_beside_it_holds() -> None:
    text = {"type": "string", "description": "Any text."}
    node = {"$ref": "#/parts/again", "description": "Two texts."}
    assert dereferenced(DOCUMENT, [node]) == [
        {"type": "array", "items": text, "maxItems": 2, "description": "Two texts."}
    ]


def test_field_may_be_called_ref() -> None:
    node = {"properties": {"$ref": {"$ref": "#/parts/list/items"}}}
    assert dereferenced(DOCUMENT, node)["properties"]["$ref"]["type"] == "string"


@pytest.mark.parametrize(
    ("reference", "problem"),
    [
        ("other.yaml#/parts/list", "refers to another document"),
        ("#/parts/lost", "has a reference that leads nowhere"),
        ("#/parts/list/type", "has a reference that leads nowhere"),
        ("#/parts/circle", "has references that lead in a circle"),
    ],
)
def test_reference_that_stands_for_nothing_is_refused(reference: str, problem: str) -> None:
    with pytest.raises(BrokenReferenceError, match=problem):
        dereferenced(DOCUMENT, {"$ref": reference})


def test_no_shipped_schema_needs_a_resolver() -> None:
    assert SHIPPED
    assert {path.stem: list(references(read_yaml(path))) for path in SHIPPED} == {
        path.stem: [] for path in SHIPPED
    }
