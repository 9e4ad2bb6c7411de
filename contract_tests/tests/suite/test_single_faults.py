"""docs-check notices every single fault of the spec; a sample here, 500 in `make mutation`."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from contract_tests.mutation.noticing import right_spec
from contract_tests.mutation.single import Fault, single_faults, unnoticed
from contract_tests.tests.documentation.base import base_spec

SPEC = base_spec()
PAGES = ("components", "schemas", "Veo31ReferenceToVideoRequest", "properties")


@pytest.fixture(scope="module", autouse=True)
def _bundled(built: object) -> None:
    """The faults are made of the bundled spec."""


def test_every_fault_of_a_sample_is_noticed(seed: int) -> None:
    missed, same = unnoticed(right_spec(), 40, seed)
    assert missed == []
    assert same, "some edits mean nothing, such as the length of a number"


def test_edits_of_every_schema_and_keyword_are_drawn_from() -> None:
    drawn = {str(fault) for fault in single_faults(SPEC)}
    assert len(drawn) > 4000
    prefix = ".".join(PAGES)
    assert f"{prefix}.reference_type: enum=['ASSET', 'STYLE']" in drawn
    assert f"{prefix}.reference_image_urls.items: no type" in drawn
    assert any(each.startswith("paths./v1/tasks/{task_id}.get.parameters") for each in drawn)


@pytest.mark.parametrize(
    ("field", "change", "same"),
    [
        ("reference_type", {"enum": ["ASSET", "STYLE"]}, False),
        ("reference_type", {"type": "string"}, False),
        ("duration", {"const": 8, "enum": [8]}, True),
        ("duration", {"maxLength": 3}, True),
        ("duration", {"default": 9}, False),
        ("resolution", {"anyOf": [{"const": "4k"}, {"enum": ["720p", "1080p"]}]}, True),
    ],
    ids=str,
)
def test_an_edit_that_means_the_same_is_no_fault(
    field: str, change: dict[str, Any], same: bool
) -> None:
    schema = copy.deepcopy(SPEC["components"]["schemas"][PAGES[2]]["properties"][field])
    fault = Fault((*PAGES, field), "by hand", schema | change)
    assert fault.means_the_same(SPEC) == same
