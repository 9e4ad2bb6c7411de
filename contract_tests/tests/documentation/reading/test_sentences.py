"""Sentences as such pages word them, against what people say they state."""

from __future__ import annotations

from pathlib import Path

from contract_tests.tests.conftest import of_each
from contract_tests.tests.documentation.reading.rule_examples import facts_of, fields, wanted
from documentation.reading.prose.context import Context
from documentation.reading.prose.sentences import ProseReader

LINES = [
    tuple(cell.strip() for cell in line.split(" | "))
    for line in (Path(__file__).parent / "sentences.txt").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]


@of_each(LINES)
def test_a_sentence_says_what_people_say_it_says(name: str, sentence: str, says: str) -> None:
    drafts = fields()
    draft = next(draft for draft in drafts if draft.name == name)
    draft.prose = [sentence]
    said = ProseReader("page", Context(drafts)).read(draft)
    assert sorted(facts_of(said)) == sorted([] if says in _NONE else wanted(says))
    assert bool(said.unread) == (says == "unread")
    assert says != "ignored" or said.ignored


_NONE = ("ignored", "unread", "nothing")
