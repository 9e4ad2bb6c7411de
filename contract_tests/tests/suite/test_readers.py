"""What a foreign reader gets wrong is ours, unless it is known that no spelling can save it."""

from __future__ import annotations

from pathlib import Path

import pytest

from contract_tests.agreement.readers import foreign
from contract_tests.agreement.readers.foreign import HERE, READERS, ReaderError, limits, tally
from contract_tests.probes.page_probes import all_probes
from contract_tests.probes.probe import Probe

NULL = {"verdict": "accepts", "keywords": ["type"], "why": "null is anything"}


@pytest.fixture
def probes() -> list[Probe]:
    """One of a type, one of a list of values, and one that is right."""
    return [
        next(probe for probe in all_probes() if probe.reason and probe.reason[1] == "type"),
        next(probe for probe in all_probes() if probe.reason and probe.reason[1] == "enum"),
        next(probe for probe in all_probes() if probe.accepted),
    ]


def test_a_wrong_verdict_is_ours_unless_a_limit_of_the_tool_covers_it(probes: list[Probe]) -> None:
    found = tally(probes, [True, True, False], [NULL])
    assert (found.right, dict(found.tool)) == (0, {"null is anything": 1})
    keyword = probes[2].keyword
    assert found.ours == {
        ("accepts", "enum"): [probes[1].id],
        ("rejects", keyword): [probes[2].id],
    }


def test_a_limit_of_any_keyword_covers_one_verdict_only(probes: list[Probe]) -> None:
    found = tally(probes, [True, True, False], [NULL | {"keywords": ["*"]}])
    assert found.tool.total() == 2 and len(found.ours) == 1


def test_right_verdicts_are_nobodys_fault(probes: list[Probe]) -> None:
    found = tally(probes, [False, False, True], [NULL])
    assert (found.right, found.tool.total(), found.ours) == (3, 0, {})


def test_every_reader_has_its_judge_and_its_limits() -> None:
    assert set(limits()) == set(READERS)
    assert all((HERE / "judges" / script).is_file() for script, *_ in READERS.values())
    assert all(limit["why"] for each in limits().values() for limit in each)


def test_a_reader_that_fails_is_said_and_gives_no_verdict(
    probes: list[Probe], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(foreign, "PLACE", tmp_path)
    with pytest.raises(ReaderError, match="ajv, strict: "):
        foreign.ask("ajv, strict", probes)
