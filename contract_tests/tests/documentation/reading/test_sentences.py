"""Sentences as such pages word them, against what people say they state."""

from __future__ import annotations

from pathlib import Path

from contract_tests.tests.conftest import of_each
from contract_tests.tests.documentation.reading.rule_examples import facts_of, fields, wanted
from documentation.reading.layouts.draft import Draft
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


def said_by(name: str, *lines: str) -> list[str]:
    """What the lines below a field say."""
    drafts = fields()
    draft = next(draft for draft in drafts if draft.name == name)
    draft.prose = [*lines]
    return facts_of(ProseReader("page", Context(drafts)).read(draft))


def test_a_heading_says_of_which_requests_the_lines_below_it_are() -> None:
    limited = ['mode {"name": "nova-1-lite", "needs": {"duration": {"maximum": 8}}}']
    lines = "\u2022 At most 8 seconds", "\u2022 Rhymes are fine"
    assert said_by("duration", "For nova-1-lite:", *lines) == limited
    assert said_by("duration", "Limits of the lite version:", *lines) == limited
    assert said_by("duration", "Notes for all models:", *lines) == ["maximum 8"]


def test_a_lower_limit_for_some_is_asked_about_and_leaves_that_of_all() -> None:
    drafts = fields()
    draft = next(draft for draft in drafts if draft.name == "image_urls")
    draft.prose = ["Up to 7 images, or 4 when a storm is near"]
    said = ProseReader("page", Context(drafts)).read(draft)
    assert facts_of(said) == ["maxItems 7"]
    assert [note.sentence for note in said.unread] == draft.prose


def test_what_each_object_of_a_list_has_is_said_of_its_members() -> None:
    drafts = fields()
    shots = next(draft for draft in drafts if draft.name == "shots")
    shots.items = "object"
    drafts.append(Draft("request", "shots.image_urls", ("array",), "string"))
    shots.prose = ["At most 4 shots, each shot has 1 to 3 pictures"]
    said = ProseReader("page", Context(drafts)).read(shots).facts
    limits = {(fact.field, fact.keyword): fact.value for fact in said}
    members = {("shots.image_urls", "minItems"): 1, ("shots.image_urls", "maxItems"): 3}
    assert limits == {("shots", "maxItems"): 4, **members}
