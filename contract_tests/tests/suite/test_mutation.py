"""A sample of the wrong specs of `make mutation` is noticed, and a survivor would be seen."""

from __future__ import annotations

import contextlib
import random
from collections import Counter
from unittest.mock import MagicMock

import pytest

from contract_tests.mock.prism import MockError
from contract_tests.mutation.every import TOTALS, all_mutants
from contract_tests.mutation.mutant import Mutant
from contract_tests.mutation.noticing import Noticed, Probing, check_docs, mutants, right_spec
from contract_tests.mutation.patterns import loosened
from contract_tests.mutation.rows import Row, counts, table
from contract_tests.mutation.score import (
    PROBES_EACH,
    run_batch,
    same_as_own_mock,
)
from contract_tests.mutation.value_schemas import changes
from contract_tests.tests.documentation.base import base_spec

# The kinds of mistake that the table has a line for; one that loses its mutants is noticed here.
KINDS = {
    *("bound dropped", "bound off by one", "closed made open", "const changed", "const loosened"),
    *("default", "enum dropped", "enum value added", "enum value dropped", "field added"),
    *("field dropped", "field renamed", "format loosened", "null allowed", "null forbidden"),
    *("open made closed",),
    *("pattern loosened", "required added", "required dropped", "status added", "status dropped"),
    *("type changed", "type widened", "variant dropped", "variants merged"),
}
# Of rules between fields, which no page of the base has: documentation/unseen/ shows them noticed.
OF_RULES = {"rule dropped", "rule without its condition", *TOTALS}
UNNOTICED = Row("x: y", "default", "request", "", docs="", probes=0, probe="", mock="", sampled=0)


@pytest.fixture(scope="module", autouse=True)
def _bundled(built: object) -> None:
    """The mutants are made of the bundled spec."""


@pytest.fixture(scope="module")
def of_base() -> list[Mutant]:
    """The mutants of the base, which stays as it is whatever page is accepted."""
    return all_mutants(base_spec())


def test_every_kind_of_mistake_is_made_and_each_mutant_once(of_base: list[Mutant]) -> None:
    assert {mutant.kind for mutant in of_base} == KINDS
    assert {mutant.kind for mutant in mutants()} <= KINDS | OF_RULES
    assert {mutant.location for mutant in mutants()} == {"request", "response"}
    assert [name for name, n in Counter(each.id for each in mutants()).items() if n > 1] == []
    assert len(mutants()) > 1000


def test_every_mutant_differs_from_the_spec() -> None:
    for mutant in random.Random(0).sample(mutants(), 100):
        assert mutant.document(right_spec()) != right_spec(), mutant.id


def test_nothing_is_noticed_of_the_right_spec() -> None:
    assert check_docs(right_spec()) == ""
    assert Probing().differing(right_spec()) == []


def test_sample_of_every_kind_is_noticed(seed: int) -> None:
    source = random.Random(seed)
    sample = [
        source.choice([i for i, mutant in enumerate(mutants()) if mutant.kind == kind])
        for kind in sorted({mutant.kind for mutant in mutants()})
    ]
    rows = run_batch(sample, seed)
    assert [row.id for row in rows.values() if row.survived] == []
    # What the probes notice in process, they notice against the mutant's mock.
    for row in rows.values():
        assert bool(row.probes and row.sampled) <= bool(row.mock), row


def test_variant_of_any_type_is_noticed_by_its_mock(seed: int) -> None:
    """The mock chooses variants by the body's model, which a list has none of."""
    loose = [i for i, mutant in enumerate(mutants()) if mutant.id.endswith("Request: any type")]
    rows = run_batch(loose[:8], seed).values()
    assert rows
    assert [row.id for row in rows if not row.mock] == []


def test_survivor_counts_against_the_score() -> None:
    noticed = Row(**{**vars(UNNOTICED), "docs": "a difference"})
    equal = Row(**{**vars(UNNOTICED), "equivalent": "says the same"})
    assert UNNOTICED.survived
    assert not equal.survived
    counted = counts([UNNOTICED, noticed, equal])
    assert (counted["noticed"], counted["counted"]) == (1, 2)
    assert table([UNNOTICED, noticed, equal])[-1].split()[:7] == [
        "all",
        "3",
        "1",
        "0",
        "-",
        "1",
        "1",
    ]


def test_false_proof_of_equivalence_stops_the_run(
    monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    index, wrong = next((i, m) for i, m in enumerate(mutants()) if m.kind == "variant dropped")
    false = type(wrong)(**{**vars(wrong), "equivalent": "nobody needs it"})
    noticed = Noticed(false, probes=Probing().differing(false.document(right_spec())))
    monkeypatch.setattr("contract_tests.mutation.score.notice_in_process", lambda *_: [noticed])
    monkeypatch.setattr("contract_tests.mutation.score.notice_by_mocks", lambda _: None)
    with pytest.raises(AssertionError, match="is not equivalent"):
        run_batch([index], seed)


def test_part_that_left_the_pattern_stops_the_run() -> None:
    with pytest.raises(LookupError, match="mend mutation/patterns"):
        list(loosened("^https://"))


def test_pattern_of_other_hosts_is_loosened_where_it_has_the_parts() -> None:
    labels = [label for label, _ in loosened("^[Hh][Tt][Tt][Pp][Ss]://[^/]+$")]
    assert labels[:2] == ["any scheme", "lower case only"]


# What each keyword of a schema calls for.
CALLED_FOR = {
    **{
        keyword: {"bound off by one", "bound dropped"}
        for keyword in ("minimum", "maximum", "minItems", "maxItems", "maxLength")
    },
    "enum": {"enum dropped", "enum value added"},
    "const": {"const loosened", "const changed"},
    "default": {"default"},
    "format": {"format loosened"},
    "pattern": {"pattern loosened"},
    "type": {"type changed", "type widened"},
    "items": {"type changed", "type widened", "null allowed"},
    "$ref": {"type changed", "type widened", "null allowed"},
    "oneOf": {"type changed", "type widened", "null forbidden"},
}


def test_pattern_that_is_no_address_is_left_out_and_no_more() -> None:
    made = [*changes({"type": "string", "pattern": "^rhyme_[0-9]{8}$"}, [])]
    assert [each.label for each in made if each.kind == "pattern loosened"] == ["no pattern"]


def test_every_place_of_the_spec_has_each_mistake() -> None:
    """Counted off the spec by its keywords, whatever makes the mutants."""
    made: dict[str, set[str]] = {}
    for mutant in mutants():
        subject, _, label = mutant.id.partition(": ")
        made.setdefault(subject, set()).add(mutant.kind)
        made.setdefault(mutant.id, set()).add(label)
    lacking = []
    for name, schema in right_spec()["components"]["schemas"].items():
        for field, subschema in schema.get("properties", {}).items():
            said = subschema.keys() - ({"enum"} if "const" in subschema else set())
            wanted = set().union(*(CALLED_FOR.get(keyword, set()) for keyword in said))
            # A field that is null and nothing else would be forbidden as a whole: dropped.
            if subschema.get("type", "null") != "null":
                wanted.add("null forbidden" if "null" in subschema["type"] else "null allowed")
            lacking += [f"{name}.{field}: {kind}" for kind in wanted - made[f"{name}.{field}"]]
            required = field in schema.get("required", [])
            ids = [f"no {field}", f"{field}s for {field}"]
            ids.append(f"{field} optional" if required else f"{field} required")
            lacking += [f"{name}: {each}" for each in ids if f"{name}: {each}" not in made]
            named = [value for value in subschema.get("enum", []) if value is not None]
            ids = [f"{name}.{field}: enum without {value}" for value in named]
            lacking += [each for each in ids if each not in made and len(subschema["enum"]) > 1]
        object_kinds = {"type widened", "type changed", "null allowed"}
        if "properties" in schema:
            closed = schema.get("additionalProperties") is False
            object_kinds |= {"field added", "closed made open" if closed else "open made closed"}
        lacking += [f"{name}: {kind}" for kind in object_kinds - made[name]]
    assert lacking == []


def test_values_that_another_variant_allows_are_added(of_base: list[Mutant]) -> None:
    ids = {mutant.id for mutant in of_base}
    wan = "Wan27ImageToVideoRequest"
    assert f"{wan}.generation_type: enum with first-last-frame" in ids
    assert "Veo31ReferenceToVideoRequest.duration: 8 or 15" in ids
    assert f"{wan}.resolution: enum with 4k" in ids
    assert "VideoTask.status: enum with cancelled" in ids
    assert "Veo31FastRequest: with video_url" in ids
    assert "FileUrlUpload: with file_data" in ids


def test_forms_and_modes_of_one_model_are_merged(of_base: list[Mutant]) -> None:
    merged = {each.id.partition(": ")[2] for each in of_base if each.kind == "variants merged"}
    assert "Veo31FastRequest and Veo31FastFramesRequest in one" in merged
    modes = ["ImageToVideo", "FirstLastFrame", "VideoContinuation"]
    assert f"{' and '.join(f'Wan27{mode}Request' for mode in modes)} in one" in merged
    assert len(merged) == 6


def test_shared_mock_gives_the_verdicts_of_a_mock_of_its_own(seed: int) -> None:
    noticed = [i for i, each in enumerate(mutants()) if each.kind == "enum value added"]
    index = random.Random(seed).choice(noticed[:30])
    assert same_as_own_mock(index, seed) == PROBES_EACH


def test_shared_mock_that_judges_otherwise_stops_the_run(
    monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    answers = iter([[True] * PROBES_EACH, [True] * (PROBES_EACH - 1) + [False]])
    monkeypatch.setattr("contract_tests.mutation.score.verdicts", lambda *_: next(answers))
    # No mock is needed to say what it answers.
    monkeypatch.setattr(
        "contract_tests.mutation.score.serving", lambda *_: contextlib.nullcontext(MagicMock())
    )
    monkeypatch.setattr(
        "contract_tests.mutation.score.Prism", lambda path, **_: contextlib.nullcontext(path)
    )
    with pytest.raises(MockError, match="otherwise than its own"):
        same_as_own_mock(0, seed)
