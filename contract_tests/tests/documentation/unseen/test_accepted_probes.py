"""What accepting a new page would make of the spec, against the probes of that page's facts.

The mock and the client are asked when a page is really accepted; here the spec alone is, at once.
"""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from contract_tests.probes.page_variants import PageVariant, page_variants_of
from contract_tests.probes.run import run_probes
from contract_tests.probes.variant_probes import probes_of
from contract_tests.referees.spec_mock_client import SpecReferee
from contract_tests.tests.conftest import some
from contract_tests.tests.documentation.base import BASE, CONFLICTS, base_files, base_spec
from contract_tests.tests.documentation.reading.expectation import PAGES, page_file
from documentation.changing.review import Review, review_text
from documentation.conflicts import load_conflicts
from documentation.editing import overlay as overlays
from documentation.facts_files import FactsFile
from documentation.settled import settle

pytestmark = pytest.mark.usefixtures("read_here")
NEW = some(sorted((PAGES / "unseen").glob("*.expected")), 4)


def base_variants(file: FactsFile) -> list[PageVariant]:
    """A page's variants, settled as the base settles them; none where it has no create call."""
    if not any((fact.location, fact.field) == ("request", "model") for fact in file.facts):
        return []
    return page_variants_of(file.page, settle(file, load_conflicts(CONFLICTS)).facts)


@functools.cache
def reviewed(expected: Path) -> Review:
    return review_text(page_file(expected).read_text("utf-8"), expected.stem, "", BASE)


@pytest.mark.parametrize("expected", NEW, ids=lambda path: path.stem)
def test_every_difference_of_a_new_page_is_proposed(expected: Path) -> None:
    """What a page says of requests and answers can all be written down, whatever is asked first."""
    assert reviewed(expected).proposal.left == []


def content(document: dict[str, Any]) -> dict[str, Any]:
    """The JSON body of the create call."""
    operation = document["paths"]["/v1/videos/generations"]["post"]
    body: dict[str, Any] = operation["requestBody"]["content"]["application/json"]
    return body


def proposed(expected: Path) -> dict[str, Any]:
    """openapi.yaml as it would be once the page is accepted."""
    document = base_spec()
    overlays.apply(document, reviewed(expected).proposal.overlay)
    return document


@pytest.mark.parametrize("expected", NEW, ids=lambda path: path.stem)
def test_every_example_of_a_new_variant_is_one_of_its_own(expected: Path) -> None:
    """Variants of several models do not all show the first model's id."""
    document = proposed(expected)
    schemas = document["components"]["schemas"]
    whole = {"components": document["components"]}
    fresh = set(schemas) - set(base_spec()["components"]["schemas"])
    assert fresh
    for name in fresh:
        for field, schema in schemas[name]["properties"].items():
            for example in schema.get("examples", []):
                assert jsonschema_rs.is_valid(whole | schema, example), (name, field)
        body = content(document)["examples"][name]["value"]
        assert jsonschema_rs.is_valid(whole | schemas[name], body), name


@pytest.mark.parametrize("expected", NEW, ids=lambda path: path.stem)
def test_the_proposed_spec_agrees_with_every_probe_of_the_page(expected: Path) -> None:
    result = reviewed(expected)
    document = proposed(expected)
    variants = base_variants(result.file)
    others = [variant for file in base_files() for variant in base_variants(file)]
    probes = [probe for variant in variants for probe in probes_of(variant, [*variants, *others])]
    run = run_probes(probes, SpecReferee(document))
    assert [line for result in run.results.values() for line in result.differences] == []
    assert len(run.results) == len(probes) > 100
