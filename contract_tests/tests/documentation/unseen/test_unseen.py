"""What comes of pages that the reader was not written for, by requests that people labelled."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest

from contract_tests.tests.conftest import some
from contract_tests.tests.documentation.unseen.labelled import bodies, labelled_pages, outcome
from documentation.fact import KEYWORDS

pytestmark = pytest.mark.usefixtures("read_here")


def test_the_spec_of_a_new_page_judges_requests_as_people_do(
    record_property: Callable[[str, object], None],
) -> None:
    """Every labelled body is judged right but those that are marked, and every page goes in.

    These are some of the pages.
    """
    all_of_them = "FOXAPI_ALL" in os.environ
    outcomes = [outcome(page) for page in some(labelled_pages(), 60)]
    count = sum(each.bodies for each in outcomes)
    wrong = [line for each in outcomes for line in each.wrong]
    stopped = [f"{each.page}: {line}" for each in outcomes for line in each.stops[:1]]
    figures = {
        "facts": sum(len(each.review.reading.facts) for each in outcomes),
        "bodies judged right": f"{count - len(wrong)} of {count}",
        "pages at the first try": f"{len(outcomes) - len(stopped)} of {len(outcomes)}",
        "questions": sum(len(each.review.reading.unread) for each in outcomes),
    }
    for name, figure in figures.items():
        record_property(name, str(figure))
        print(f"{name}: {figure}")
    assert not stopped, "\n".join(stopped)
    read = {fact.keyword for each in outcomes for fact in each.review.reading.facts}
    assert read <= {*KEYWORDS} - {"status"}, "a status is a fact that people write"
    assert read == {*KEYWORDS} - {"status"} or not all_of_them
    marked = [line for each in outcomes for line in each.marked]
    assert not {*wrong} - {*marked}, "\n".join({*wrong} - {*marked})
    right = "\n".join({*marked} - {*wrong})
    assert not right, f"these are judged right by now, so take their marks away:\n{right}"
    assert len(wrong) <= count * 0.045 or not all_of_them


def test_every_page_has_requests_that_are_right_and_some_that_are_wrong() -> None:
    for page in labelled_pages():
        labels = [each.accepted for each in bodies(page.with_suffix(".bodies"))]
        assert len(labels) >= 20 and 0.2 < sum(labels) / len(labels) < 0.8, page.stem
