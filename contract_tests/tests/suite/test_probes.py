"""Every fact of every page, asked of every referee. A failure names each probe that differs."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from contract_tests.mock.mock import Mock
from contract_tests.probes.fact_probes import MAKERS
from contract_tests.probes.page_probes import (
    all_page_variants,
    every_probe,
    pages,
    probes_of_some,
    settled,
    upload_pages,
)
from contract_tests.probes.page_variants import PageVariant, page_variants_of
from contract_tests.probes.run import ProbeRun, run_probes, spec_variant_of, table
from contract_tests.probes.variant_probes import probes_of
from contract_tests.referees.samples import VARIANTS, field_with
from contract_tests.referees.spec_mock_client import ClientReferee, SpecReferee
from documentation.checking.variant_schema import constraints
from documentation.fact import KEYWORDS, Fact
from foxapi_video.totals import broken


@pytest.fixture(scope="session")
def referee(spec: dict[str, Any]) -> SpecReferee:
    return SpecReferee(spec)


def failures(run: ProbeRun) -> list[str]:
    """Each probe that a referee judges otherwise than its page, who does so, and what was sent."""
    return [
        "\n  ".join((result.probe.id, *result.differences, f"body: {result.probe.body}"))
        for result in run.results.values()
        if result.differences
    ]


def test_every_referee_agrees_with_every_probe(
    referee: SpecReferee, mock: Mock, record_property: Callable[[str, object], None]
) -> None:
    probes = probes_of_some()
    run = run_probes(probes, referee, mock.prism, ClientReferee())
    failing = failures(run)
    assert not failing, "\n".join(failing)
    assert list(run.results) == [probe.id for probe in probes]
    lines = table(run)
    for line in lines:
        page, figure = line.split(": ")
        record_property(f"page {page}", figure)
    assert len(lines) >= min(7, len(pages()) + len(upload_pages()))
    record_property("probes", f"{run.speed:.0f} a second through all referees")


def test_every_probe_has_an_id_of_its_own() -> None:
    ids = Counter(probe.id for probe in every_probe())
    assert [name for name, count in ids.items() if count > 1] == []


def test_every_form_is_a_variant_and_every_variant_a_form(referee: SpecReferee) -> None:
    assert {spec_variant_of(variant, referee) for variant in all_page_variants()} == set(VARIANTS)
    assert len(all_page_variants()) == len(VARIANTS)


def test_every_fact_of_a_request_has_probes_on_both_sides() -> None:
    verdicts: dict[tuple[str, str, str], set[bool]] = {}
    for probe in every_probe():
        key = (probe.variant.page, probe.field, probe.keyword)
        verdicts.setdefault(key, set()).add(probe.accepted)
    for page, file in {**pages(), **upload_pages()}.items():
        for fact in settled(file):
            whole = not fact.field or "." in fact.field or fact.keyword in OF_WHOLES
            if fact.location != "request" or fact.keyword not in MAKERS or whole:
                continue
            found = verdicts.get((page, fact.field, fact.keyword), set())
            # Two inputs that exclude each other are each accepted alone, as samples of modes.
            wanted = {False} if fact.keyword == "excludes" else {True, False}
            assert found == wanted, (page, fact.field, fact.keyword)


# A wrong value for a right one, and what the probe that shows it says of it.
WRONG: dict[str, Callable[[Any], tuple[Any, str]]] = {
    "enum": lambda values: (values[1:], f"accept-{values[0]}"),
    "maximum": lambda value: (value + 1, f"reject-{value + 1}"),
    "maxLength": lambda value: (value - 1, f"accept-{value}"),
    "maxItems": lambda value: (value + 1, f"reject-{value + 1}"),
    "type": lambda _: ("null", "accept-"),
    "const": lambda value: (f"{value}-x", f"accept-{value}"),
}


@pytest.mark.parametrize("keyword", WRONG)
def test_one_wrong_constraint_in_the_spec_is_named(spec: dict[str, Any], keyword: str) -> None:
    variant, field = field_with(spec, lambda _, subschema: keyword in subschema)
    wrong = copy.deepcopy(spec)
    schema = wrong["components"]["schemas"][variant]["properties"][field]
    schema[keyword], said = WRONG[keyword](schema[keyword])
    # A page lists options, be it one.
    named = f"{field}.{'enum' if keyword == 'const' else keyword}.{said}"
    probes = [probe for probe in every_probe() if probe.field == field]
    failing = failures(run_probes(probes, SpecReferee(wrong)))
    assert any(named in line.partition("\n")[0] for line in failing), failing


def test_fields_that_exclude_each_other_are_probed_whatever_the_sample_shows() -> None:
    text: dict[str, Any] = {"type": "string"}
    fields = {"model": text | {"enum": ["m"]}, "first": text | {"excludes": ["last"]}, "last": text}
    variant = PageVariant("page", "", ("m",), fields, {"model": "m"})
    [probe] = [each for each in probes_of(variant, [variant]) if each.keyword == "excludes"]
    assert {"first", "last"} <= set(probe.body) and not probe.accepted


def a_storyboard(shown: list[int], duration: int) -> PageVariant:
    """A variant of a page whose shots last as long in all as another field says."""
    said = [
        Fact("page", "request", "shots", "type", "array", "schema"),
        Fact("page", "request", "shots", "items", "object", "schema"),
        Fact("page", "request", "shots", "required", True, "schema"),
        Fact("page", "request", "shots", "minItems", 1, "schema"),
        Fact("page", "request", "shots.duration", "type", "integer", "schema"),
        Fact("page", "request", "shots.duration", "required", True, "schema"),
        Fact("page", "request", "duration", "type", "integer", "schema"),
        Fact("page", "request", "mode", "type", "string", "schema"),
        Fact("page", "request", "mode", "enum", ["shots", "text"], "schema"),
        Fact("page", "request", "mode", "required", True, "schema"),
        Fact("page", "request", "shots", "example", [{"duration": n} for n in shown], "schema"),
        Fact("page", "request", "duration", "example", duration, "schema"),
        Fact("page", "request", "shots", "total", SUMMED, "prose"),
    ]
    [variant] = page_variants_of("page", said)
    return variant


SUMMED = {"sum": ["shots.duration"], "equals": "duration"}


def test_a_sum_that_another_field_states_is_right_in_every_probe_of_something_else() -> None:
    variant = a_storyboard([4, 4], 8)
    assert not broken(SUMMED, variant.sample)
    longer = variant.mended({**variant.sample, "duration": 9}, "duration")
    assert longer["duration"] == 9 and not broken(SUMMED, longer)
    fewer = variant.mended({**variant.sample, "shots": [{"duration": 4}]}, "shots")
    assert fewer["shots"] == [{"duration": 4}] and fewer["duration"] == 4
    asked = [probe for probe in probes_of(variant, [variant]) if probe.keyword != "total"]
    assert asked and not [probe.id for probe in asked if broken(SUMMED, probe.body)]


# Facts of variants, answers and samples, which no single field shows.
OF_WHOLES = {"onlyFor", "mode", "status", "example", "const"}


def test_every_keyword_of_facts_has_probes() -> None:
    """One that is new would be left out of the probes without a word."""
    assert {*KEYWORDS} - OF_WHOLES <= MAKERS.keys()


OF_NO_SCHEMA = {"required", "nullable", "https", "forbiddenHosts"}
# Rules between fields, which stand in the `not` or the `x-rule` of a variant.
OF_NO_SCHEMA |= {"excludes", "together", "oneNeeded", "total"}


@pytest.mark.parametrize("keyword", sorted({*KEYWORDS} - OF_WHOLES - OF_NO_SCHEMA))
def test_every_keyword_of_facts_comes_into_a_proposed_schema(keyword: str) -> None:
    value = ["x", "y"] if keyword == "enum" else "string"
    assert keyword in constraints({"type": "array"} | {keyword: value})
