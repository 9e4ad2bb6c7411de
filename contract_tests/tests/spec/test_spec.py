"""openapi.yaml is what its readers may rely on, whatever the pages say."""

from __future__ import annotations

import copy
import itertools
import json
import re
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from contract_tests.referees.samples import SAMPLES, SOME, VARIANTS, callback_field, field_with
from contract_tests.referees.spec_mock_client import SpecReferee
from contract_tests.tests.documentation.base import CONFLICTS, base_files, base_spec
from contract_tests.tests.spec.answers import STATUS_TYPES, answers, statuses
from contract_tests.tests.spec.redocly import lint_by_redocly
from documentation.checking.algebra import apart
from documentation.checking.check import compare
from documentation.checking.spec import read_spec
from documentation.conflicts import load_conflicts
from overlays.openapi import (
    CREATE,
    create_body,
    create_operation,
    create_variants,
    operations,
)


def test_dialect_is_one_that_every_validator_compiles(spec: dict[str, Any]) -> None:
    assert spec["openapi"].startswith("3.1.")
    assert spec["jsonSchemaDialect"] == "https://json-schema.org/draft/2020-12/schema"


def test_every_variant_has_a_sample_and_every_sample_is_of_a_variant(spec: dict[str, Any]) -> None:
    assert list(create_body(spec)["examples"]) == list(create_variants(spec)) == VARIANTS


@pytest.mark.parametrize("name", SOME)
def test_variant_is_flat_closed_and_names_its_page(spec: dict[str, Any], name: str) -> None:
    schema = spec["components"]["schemas"][name]
    assert schema["type"] == "object"
    assert schema["additionalProperties"] is False
    assert "allOf" not in schema
    assert schema["x-documentation-page"]
    assert set(schema["required"]) <= set(schema["properties"])


def test_every_default_is_a_value_of_its_schema(spec: dict[str, Any]) -> None:
    assert wrong_defaults(spec["components"]["schemas"]) == []


def test_a_default_of_another_type_is_noticed(spec: dict[str, Any]) -> None:
    schema = copy.deepcopy(spec["components"]["schemas"]["Veo31FastRequest"])
    schema["properties"]["model"]["default"] = 17
    assert wrong_defaults(schema) == [17]


def wrong_defaults(node: Any) -> list[Any]:
    """The defaults in a schema, or in all schemas below a node, that it refuses itself."""
    inner = node if isinstance(node, list) else node.values() if isinstance(node, dict) else ()
    wrong = [default for each in inner for default in wrong_defaults(each)]
    own = isinstance(node, dict) and "default" in node and node.keys() & {"type", "enum", "const"}
    return (
        [node["default"], *wrong]
        if own and not jsonschema_rs.is_valid(node, node["default"])
        else wrong
    )


@pytest.mark.parametrize("name", SOME)
def test_sample_request_matches_its_variant_and_no_other(spec: dict[str, Any], name: str) -> None:
    referee, sample = SpecReferee(spec), SAMPLES[name]
    assert [other for other in VARIANTS if referee.judge_variant(other, sample).accepted] == [name]
    assert referee.judge(CREATE, sample).accepted


def test_linter_takes_a_sample_without_any_field_that_may_be_left_out(
    spec: dict[str, Any], tmp_path: Path
) -> None:
    """redocly closes each part of a schema by itself: a part may refuse what the whole takes."""
    referee, shown = SpecReferee(spec), {}
    for name, sample in SAMPLES.items():
        for field in sample:
            body = {key: value for key, value in sample.items() if key != field}
            if referee.judge(CREATE, body).accepted:
                shown[f"{name}-{field}"] = {"summary": f"Without {field}", "value": body}
    assert shown
    document = copy.deepcopy(spec)
    create_body(document)["examples"] = shown
    path = tmp_path / "samples.openapi.json"
    path.write_text(json.dumps(document))
    assert lint_by_redocly(path) == ""


def test_every_answer_has_examples_that_conform_to_it(spec: dict[str, Any]) -> None:
    count = 0
    for label, status, content in answers(spec):
        schema = {
            "$schema": spec["jsonSchemaDialect"],
            **content["schema"],
            "components": spec["components"],
        }
        validator = jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
        for name, example in content["examples"].items():
            errors = [error.message for error in validator.iter_errors(example["value"])]
            assert not errors, f"{label} {status} {name}: {errors}"
            count += 1
    assert count >= 30


def test_task_has_an_example_of_every_status(spec: dict[str, Any]) -> None:
    contents = {(label, status): content for label, status, content in answers(spec)}
    examples = contents["GET /v1/tasks/{task_id}", "200"]["examples"]
    assert examples.keys() >= set(statuses(spec))
    assert all(example["value"]["status"] == name for name, example in examples.items())


def test_every_error_example_has_the_type_of_its_status(spec: dict[str, Any]) -> None:
    for label, status, content in answers(spec):
        for example in content["examples"].values():
            if status in STATUS_TYPES:
                assert example["value"]["error"]["type"] == STATUS_TYPES[status], (label, status)


def test_every_operation_documents_what_refuses_it(spec: dict[str, Any]) -> None:
    for label, operation in operations(spec):
        assert {"401", "422", "429", "500", "503"} <= set(operation["responses"]), label


def test_callback_carries_the_task(spec: dict[str, Any]) -> None:
    (callback,) = create_operation(spec)["callbacks"].values()
    ((expression, item),) = callback.items()
    assert expression == f"{{$request.body#/{callback_field(spec)}}}"
    assert field_with(spec, lambda name, _: name == callback_field(spec))
    assert item["post"]["requestBody"]["content"]["application/json"]["schema"] == {
        "$ref": "#/components/schemas/TaskDetail"
    }


def test_no_pattern_has_what_prism_can_not_compile(spec: dict[str, Any]) -> None:
    schemas = spec["components"]["schemas"].values()
    patterns = [schema["pattern"] for schema in schemas if "pattern" in schema]
    assert patterns
    for pattern in patterns:
        assert "(?i)" not in pattern and r"\-" not in pattern
        re.compile(pattern)


def test_no_body_is_of_two_variants(spec: dict[str, Any]) -> None:
    """Proven for all bodies and every pair of variants, not tried on samples."""
    schemas = {spec_schema.name: spec_schema.schema for spec_schema in read_spec(spec).schemas}
    pairs = list(itertools.combinations(VARIANTS, 2))
    assert [pair for pair in pairs if not apart(*map(schemas.__getitem__, pair))] == []
    assert len(pairs) >= 28


def test_two_variants_that_share_a_body_are_said_with_it() -> None:
    document = base_spec()
    del document["components"]["schemas"]["Veo31FastFramesRequest"]["if"]
    report = compare(base_files(), read_spec(document), load_conflicts(CONFLICTS))
    assert set(report.overlaps) <= set(report.differences)
    assert [str(each) for each in report.overlaps] == [
        "veo3.1-fast, veo3.1-fast.frames oneOf: a body is of one variant; Veo31FastRequest "
        'and Veo31FastFramesRequest both accept {"model": "veo3.1-fast", "prompt": '
        '"A cat playing in the grass"}'
    ]
