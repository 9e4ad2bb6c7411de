"""Spec, mock and client say the same of every body, and a disagreement is found, shrunk and kept.

The first test draws some hundred bodies, others in each run; `make agreement N=100000` runs it with
so many, spread over the cores.
"""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import Phase, given, settings
from hypothesis import seed as seeded

from contract_tests.agreement import share_example
from contract_tests.agreement.body_referees import (
    DisagreementError,
    Panel,
    by_client,
    by_spec,
    own_panel,
)
from contract_tests.agreement.body_strategies import SPELLINGS, Bodies, Body, spelled
from contract_tests.agreement.example_database import database
from contract_tests.agreement.redis_server import missing, running_redis
from contract_tests.agreement.search import TALLIES, chunks, saved_bodies, search
from contract_tests.agreement.tool_faults import SURROGATES, ToolFault
from contract_tests.mock.mock import Mock
from contract_tests.referees.samples import BODY, SPEC, field_with, least
from contract_tests.referees.spec_mock_client import MockReferee, SpecReferee
from contract_tests.tests.conftest import run_in
from overlays.bundle import ROOT
from overlays.openapi import create_variants


def holding(wanted: Callable[[dict[str, Any]], object], value: Any) -> dict[str, Any]:
    """The required fields of a variant, and a value in its first field that is as wanted."""
    variant, field = field_with(SPEC, lambda _, schema: wanted(schema))
    return least(SPEC, variant) | {field: value}


def address(value: str) -> dict[str, Any]:
    """A body with a value where an address is wanted."""
    return holding(lambda schema: "pattern" in schema, value)


# For each limit a body that is within it, and one just outside of it.
TOOL_FAULTS: list[tuple[ToolFault, Any, Any]] = [
    (SURROGATES, address("http://a/\ud800"), address("http://a/\N{FOX FACE}")),
]


@pytest.fixture(scope="session")
def bodies(spec: dict[str, Any]) -> Bodies:
    return Bodies(create_variants(spec))


@pytest.fixture(scope="session")
def panel(spec: dict[str, Any], mock: Mock) -> Iterator[Panel]:
    referee = MockReferee(mock.prism)
    yield own_panel(spec, referee)
    referee.close()


@pytest.fixture
def bounded() -> tuple[str, str]:
    """A variant, and a list of it that has a bound."""
    return field_with(SPEC, lambda _, schema: "maxItems" in schema)


@pytest.fixture
def divided_panel(spec: dict[str, Any], bounded: tuple[str, str]) -> Panel:
    """A panel without a mock, one of whose referees has one bound wrong by one."""
    wrong = copy.deepcopy(spec)
    variant, field = bounded
    wrong["components"]["schemas"][variant]["properties"][field]["maxItems"] += 1
    referees = {
        "spec": by_spec(spec),
        "mock": by_spec(wrong),
    }
    return Panel(referees)


@pytest.mark.parametrize(("index", "count"), list(enumerate(chunks())))
def test_no_body_divides_the_referees(
    index: int,
    count: int,
    bodies: Bodies,
    panel: Panel,
    seed: int,
    record_property: Callable[[str, object], None],
) -> None:
    # Not seed + index: the runs of two seeds that are neighbours would draw the same bodies.
    own = random.Random(f"{seed} {index}").randrange(2**32)
    tally = search(bodies, panel, count, seed=own, database=database())
    assert tally.judged.total() == count
    if count >= 250:
        # A run that draws only what is refused, or only what is allowed, would show nothing.
        for kind in ("valid accepted", "near accepted", "near rejected", "wild rejected"):
            assert tally.judged[kind] > count / 50, tally.judged
    tally.write(TALLIES / f"{seed}-{index}.json")
    record_property("agreement", f"{count} bodies, {count / tally.seconds:.0f} a second")


def test_every_saved_body_gets_one_verdict(panel: Panel) -> None:
    for body in saved_bodies().values():
        panel.judge(body)


def test_every_referee_sits_on_the_panel(panel: Panel) -> None:
    assert list(panel.referees) == ["spec", "mock", "client"]


def test_one_wrong_bound_is_found_shrunk_and_saved(
    spec: dict[str, Any],
    bounded: tuple[str, str],
    divided_panel: Panel,
    seed: int,
    tmp_path: Path,
) -> None:
    name, field = bounded
    bodies = Bodies({name: create_variants(spec)[name]})
    with pytest.raises(DisagreementError, match="spec rejects, mock accepts") as found:
        search(bodies, divided_panel, 10_000, seed=seed, saved=tmp_path)
    (body,) = saved_bodies(tmp_path).values()
    assert body.value == found.value.body.value
    allowed = create_variants(spec)[name]["properties"][field]["maxItems"]
    assert len(body.value[field]) == allowed + 1
    assert len(body.content) < 150, "it was not shrunk"
    with pytest.raises(DisagreementError):
        divided_panel.judge(found.value.body)


def test_referee_that_raises_disagrees(spec: dict[str, Any]) -> None:
    def raises(body: Body) -> bool:
        raise RecursionError

    panel = Panel({"spec": by_spec(spec), "client": raises})
    with pytest.raises(DisagreementError, match="spec accepts, client raises RecursionError"):
        panel.judge(Body("near", BODY, spelled(BODY, "ascii")))


def test_valid_body_that_all_reject_is_no_agreement(spec: dict[str, Any]) -> None:
    panel = Panel({"spec": by_spec(spec)})
    with pytest.raises(DisagreementError):
        panel.judge(Body("valid", {}, b"{}"))


# What the pages of other models have, and those of today may not.
VARIED: dict[str, Any] = {
    "type": "object",
    "required": ["model", "options"],
    "not": {"required": ["scale", "title"]},
    "additionalProperties": False,
    "properties": {
        "model": {"type": "string", "const": "varied"},
        "scale": {"type": "number", "minimum": 0.1, "maximum": 2},
        "title": {"type": "string", "minLength": 3, "maxLength": 5},
        "options": {
            "type": "object",
            "required": ["shots"],
            "additionalProperties": False,
            "properties": {
                "loop": {"type": ["boolean", "null"]},
                "shots": {"type": "array", "minItems": 1, "items": {"type": "integer"}},
            },
        },
    },
}


def test_valid_bodies_are_valid_whatever_a_page_says(seed: int) -> None:
    drawn: list[Any] = []
    validator = jsonschema_rs.Draft202012Validator(VARIED)

    @seeded(seed)
    @settings(max_examples=300, database=None, phases=[Phase.generate])
    @given(Bodies({"Varied": VARIED}).valid())
    def draw(value: Any) -> None:
        drawn.append(value)

    draw()
    assert all(validator.is_valid(value) for value in drawn)
    assert {name for value in drawn for name in value} == set(VARIED["properties"])


def test_wild_bodies_reach_far(bodies: Bodies, seed: int) -> None:
    """Deep, huge, in letters of every width, of no model, and with fields of several variants."""
    wild: list[Any] = []

    @seeded(seed)
    @settings(max_examples=400, database=None, phases=[Phase.generate])
    @given(bodies.wild())
    def draw(value: Any) -> None:
        wild.append(value)

    draw()
    assert {type(value) for value in wild} >= {dict, list, str}
    assert max(map(_depth, wild)) > 50
    texts = [json.dumps(value, ensure_ascii=False) for value in wild]
    assert max(map(len, texts)) > 5000
    letters = set().union(*texts)
    assert any("\u0100" <= letter <= "\uffff" for letter in letters)
    assert max(letters) > "\uffff"
    objects = [value for value in wild if isinstance(value, dict)]
    assert any(value["model"] not in bodies.models for value in objects if "model" in value)
    field_sets = [set(schema["properties"]) for schema in bodies.variants.values()]
    assert any(
        value.keys() <= set.union(*field_sets)
        and not any(value.keys() <= names for names in field_sets)
        for value in objects
    )


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_spelling_makes_no_difference(spelling: str) -> None:
    value = {"model": "é", "duration": 8, "deep": [None, {"a": 0.5}]}
    assert json.loads(spelled(value, spelling)) == value


@pytest.mark.parametrize(("limit", "within", "outside"), TOOL_FAULTS)
def test_limit_is_as_narrow_as_it_says(
    limit: ToolFault, within: Any, outside: Any, panel: Panel
) -> None:
    assert panel.judge(_body(within))[1] is limit
    assert panel.judge(_body(outside))[1] is None


def test_every_limit_still_holds(spec: dict[str, Any]) -> None:
    """A tool that mends its fault ends the limit: this fails, and the limit goes."""
    referee = SpecReferee(spec)
    for tool_fault, within, _ in TOOL_FAULTS:
        if tool_fault is SURROGATES:
            with pytest.raises(UnicodeEncodeError):
                referee.judge("POST /v1/videos/generations", within)
            assert not by_client(_body(within))
        else:
            pytest.fail(f"nothing here shows that the tool still has its fault: {tool_fault}")


@pytest.mark.skipif(bool(missing()), reason=missing())
def test_machines_share_what_they_found_on_redis() -> None:
    """What one process found is the first thing that another one tries, whatever its seed."""
    with running_redis() as url:
        runs = [
            run_in(ROOT, "-m", share_example.__name__, seed, HYPOTHESIS_REDIS_URL=url)
            for seed in ("2", "1")
        ]
    (first, found), (again, same) = (run.stdout.split() for run in runs)
    assert found == same
    assert int(first) > 1
    assert int(again) == 1


def _depth(value: Any) -> int:
    """How many lists and objects are inside each other."""
    levels, inside = 0, [value]
    while inside := [each for each in inside if isinstance(each, dict | list)]:
        levels += 1
        inside = [
            member
            for each in inside
            for member in (each.values() if isinstance(each, dict) else each)
        ]
    return levels


def _body(value: Any) -> Body:
    return Body("near", value, spelled(value, "ascii"))
