"""Every single change of what a page states: what is said of it, and what is proposed."""

from __future__ import annotations

import copy
import dataclasses
from typing import Any

from documentation import facts_files, yaml_text
from documentation import overlay as overlays
from documentation.check import compare
from documentation.conflicts import load_conflicts
from documentation.fact import Fact
from documentation.facts_files import FactsFile
from documentation.proposal import propose
from documentation.spec import SPEC, read_spec

DOCUMENT: dict[str, Any] = yaml_text.load(SPEC.read_text("utf-8"))
FILES = facts_files.load_all()


def named(page: str) -> FactsFile:
    return next(file for file in FILES if file.page == page)


def with_value(file: FactsFile, old: Fact, value: Any) -> FactsFile:
    """The page with one fact's value changed, wherever the page states it."""
    return dataclasses.replace(
        file,
        facts=[
            dataclasses.replace(fact, value=value)
            if (fact.place, fact.field, fact.keyword, fact.value)
            == (old.place, old.field, old.keyword, old.value)
            else fact
            for fact in file.facts
        ],
    )


def test_a_page_whose_silences_are_settled_can_change_and_be_accepted() -> None:
    file = named("veo3.1-fast.frames")
    [limit] = [f for f in file.facts if (f.field, f.keyword) == ("prompt", "maxLength")]
    changed = with_value(file, limit, 999)
    others = [each for each in FILES if each is not file]
    proposal = propose(changed, others, DOCUMENT, load_conflicts())
    prompt = ("components", "schemas", "Veo31FastFramesRequest", "properties", "prompt")
    assert proposal.overlay["actions"] == [overlays.update({"maxLength": 999}, *prompt)]
    after = copy.deepcopy(DOCUMENT)
    overlays.apply(after, proposal.overlay)
    # With choices that nobody has used yet.
    assert compare([*others, changed], read_spec(after), load_conflicts()).differences == []
