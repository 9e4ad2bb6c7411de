"""From the pages that stand for the real ones, the reader takes what it takes from those."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from contract_tests.tests.documentation.base import FACTS, STANDINS
from documentation import facts_files
from documentation.page_names import page_name
from documentation.reading.page import read_page


@pytest.mark.parametrize("page", STANDINS, ids=lambda page: page.stem)
def test_a_stand_in_says_what_its_page_says(page: Path) -> None:
    text, name = page.read_text("utf-8"), page_name(page.name)
    known = facts_files.load(name, FACTS)
    assert known is not None
    reading = read_page(text, name, known.names)
    assert reading.facts == known.facts
    assert not reading.unread and not reading.unnamed
    file = facts_files.of_reading(reading, text, known, known.address)
    # Of the page that it stands for, and of no day.
    read = dataclasses.replace(file, sha256=known.sha256, read="")
    assert facts_files.dump(read) == facts_files.dump(known)


@pytest.mark.parametrize("page", STANDINS, ids=lambda page: page.stem)
def test_the_committed_facts_are_those_of_the_stand_in_or_of_a_later_edition(page: Path) -> None:
    base = facts_files.load(page_name(page.name), FACTS)
    committed = facts_files.load(page_name(page.name))
    assert base is not None and committed is not None
    of_no_day = dataclasses.replace(committed, read="")
    is_same = facts_files.dump(of_no_day) == facts_files.dump(base)
    assert is_same is (committed.sha256 == base.sha256)
