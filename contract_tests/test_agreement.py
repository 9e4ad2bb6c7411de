"""Spec, mock and client say the same of every body, and a disagreement is found, shrunk and kept.

`make agreement N=100000` runs the first test with that many bodies, spread over the cores.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from contract_tests.agreement import TALLIES, chunks, saved_bodies, search
from contract_tests.bodies import Bodies
from contract_tests.example_database import database
from contract_tests.mock import Mock
from contract_tests.panel import Disagreement, Panel, SpecJudge, create_variants, own_panel
from contract_tests.referees import MockReferee, SpecReferee


@pytest.fixture(scope="session")
def bodies(spec: dict[str, Any]) -> Bodies:
    return Bodies(create_variants(spec))


@pytest.fixture(scope="session")
def panel(spec: dict[str, Any], mock: Mock) -> Iterator[Panel]:
    referee = MockReferee(mock)
    yield own_panel(spec, referee)
    referee.close()


@pytest.mark.parametrize(("index", "count"), list(enumerate(chunks())))
def test_no_body_divides_the_referees(
    index: int,
    count: int,
    bodies: Bodies,
    panel: Panel,
    seed: int,
    record_property: Callable[[str, object], None],
) -> None:
    tally = search(bodies, panel, count, seed=seed + index, database=database())
    assert tally.judged.total() == count
    # A run that draws only what is refused, or only what is allowed, would show nothing.
    for kind in ("valid accepted", "near accepted", "near rejected", "wild rejected"):
        assert tally.judged[kind] > count / 100, tally.judged
    tally.write(TALLIES / f"{seed}-{index}.json")
    record_property("agreement", f"{count} bodies, {count / tally.seconds:.0f} a second")


@pytest.mark.parametrize("name", saved_bodies())
def test_saved_body_gets_one_verdict(name: str, panel: Panel) -> None:
    panel.judge(saved_bodies()[name])
