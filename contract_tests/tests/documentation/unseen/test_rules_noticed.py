"""Every mistake in what a proposed spec says of several fields is noticed by docs-check."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest

from contract_tests.mutation.every import TOTALS, rule_changes, total_changes, with_referred
from contract_tests.tests.conftest import some
from contract_tests.tests.documentation.base import BASE
from contract_tests.tests.documentation.unseen.labelled import PAGES
from documentation.changing.review import review_text
from documentation.checking.algebra import equal
from documentation.checking.saying import differences
from documentation.checking.section import sections_of
from documentation.checking.spec import read_spec
from documentation.conflicts import parsed

pytestmark = pytest.mark.usefixtures("read_here")


@pytest.mark.parametrize(
    "page",
    some(
        [
            "caracal-4.txt",
            "galago-3.md",
            "loris-02.txt",
            "suricate-3.txt",
            "beryl-2.md",
            "cygnus-video-1.md",
            "kling-o1.txt",
        ],
        4,
    ),
)
def test_each_rule_that_is_wrong_is_a_difference(page: str) -> None:
    """A rule that others say already may be dropped: that changes the verdict on no body."""
    file = PAGES / page
    review = review_text(file.read_text("utf-8"), Path(page).stem, "", BASE)
    right, choices = review.proposal.after, parsed(review.choices)

    def found(document: dict[str, Any]) -> set[str]:
        sections = sections_of([review.file], read_spec(document), choices)
        return {str(each) for section in sections for each in differences(section)}

    known, tried = found(right), 0
    for name, schema in right["components"]["schemas"].items():
        if schema.get("x-documentation-page") != review.file.page:
            continue
        changes = [*rule_changes(schema)] if "not" in schema else []
        for change in [*changes, *(total_changes(schema) if "x-rule" in schema else [])]:
            pair = (with_referred(right, each) for each in (schema, change.schema))
            if change.kind not in TOTALS and equal(*pair):
                continue
            wrong = copy.deepcopy(right)
            wrong["components"]["schemas"][name] = change.schema
            assert found(wrong) - known, (name, change.label)
            tried += 1
    assert tried > 3
