"""A model that is gone from the site: deprecated by a first call, removed by a second."""

from __future__ import annotations

import logging
import warnings
from pathlib import Path

import pytest

from contract_tests.tests.documentation.base import base_files
from contract_tests.tests.documentation.checkout import HORSE, Made, snapshot, spec_of, valid
from documentation import facts_files
from documentation.changing.accept import accept
from documentation.changing.retire import retire
from documentation.changing.review import CHOICES, review
from documentation.fact import PageError
from foxapi_video import checking
from overlays.openapi import self_contained

pytestmark = pytest.mark.usefixtures("read_here")
NAME = HORSE.stem
CREATES = [
    file.page
    for file in base_files()
    if any((fact.location, fact.field) == ("request", "model") for fact in file.facts)
]


def test_a_first_call_deprecates_and_a_second_leaves_no_trace(checkout: Path) -> None:
    before, spec = snapshot(checkout), spec_of(checkout)
    accept(review(str(HORSE), "", checkout), checkout, Made())
    accepted = spec_of(checkout)
    said = retire(NAME, checkout, Made())
    assert "deprecated" in said and valid(checkout, {"model": NAME, "prompt": "p"})
    schemas = spec_of(checkout)["components"]["schemas"]
    [name] = [each for each, schema in schemas.items() if schema.get("deprecated")]
    assert self_contained(spec_of(checkout), name)["deprecated"] is True
    assert "removed" in retire(NAME, checkout, Made())
    assert not valid(checkout, {"model": NAME, "prompt": "p"}) and accepted != spec_of(checkout)
    after = snapshot(checkout)
    assert spec_of(checkout) == spec and after[str(CHOICES)] == before[str(CHOICES)]
    assert set(after) - set(before) == {"contract_tests/exported.txt", "README.md"}


def test_a_page_that_is_accepted_again_is_deprecated_no_more(checkout: Path) -> None:
    accept(review(str(HORSE), "", checkout), checkout, Made())
    accepted = spec_of(checkout)
    retire(NAME, checkout, Made())
    assert spec_of(checkout) != accepted
    accept(review(str(HORSE), "", checkout), checkout, Made())
    assert spec_of(checkout) == accepted


@pytest.mark.parametrize("page", CREATES)
def test_any_page_can_go_and_the_rest_agrees(checkout: Path, page: str) -> None:
    """The choices that it shared with others are about these alone then."""
    made = Made()
    retire(page, checkout, made)
    retire(page, checkout, made)
    assert made.targets.count("docs-check") == 2
    assert facts_files.load(page, checkout / "documentation" / "facts") is None
    assert page not in (checkout / CHOICES).read_text("utf-8").replace(f"{page}.frames", "")


def test_a_page_is_found_by_its_model_and_an_unknown_one_is_said(checkout: Path) -> None:
    assert retire("veo-3.1-extend-fast", checkout, Made()).startswith("veo-3.1-extend: deprecated")
    for named in ("unheard-of", "get-task-detail", "veo3.1-fast-none"):
        with pytest.raises(PageError, match=f"no one page {named} describes a model"):
            retire(named, checkout, Made())


def test_without_a_page_it_is_said_what_to_give(checkout: Path) -> None:
    for nothing in ("", " "):
        with pytest.raises(PageError, match=r"^give PAGE=, a page or one of its models; there are"):
            retire(nothing, checkout, Made())


def test_a_failure_leaves_everything_as_it_was(checkout: Path) -> None:
    for _ in range(2):
        before = snapshot(checkout)
        with pytest.raises(PageError):
            retire("veo-3.1-extend", checkout, Made(fail_at="generate"))
        assert snapshot(checkout) == before
        retire("veo-3.1-extend", checkout, Made())


def test_the_client_warns_once_of_a_deprecated_variant(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    [model, *_] = [m for m, names in checking.index().items() if len(names) == 1]
    [name] = checking.index()[model]
    body = checking.variant(name).schema["properties"]
    monkeypatch.setitem(checking.variant(name).schema, "deprecated", True)
    monkeypatch.setattr(checking, "_told", set())
    values = {"model": model} | {
        each: body[each].get("examples", ["text"])[0]
        for each in checking.variant(name).schema["required"]
        if each != "model"
    }
    assert checking.check(values) == []
    with caplog.at_level(logging.WARNING), warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        for _ in range(3):
            checking.note_deprecated(values)
    assert [each.category for each in found] == [DeprecationWarning]
    assert len(caplog.records) == 1 and model in caplog.text
