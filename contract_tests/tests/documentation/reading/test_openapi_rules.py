"""What the OpenAPI document of a page says of several fields at once."""

from __future__ import annotations

from typing import Any

import yaml

from documentation.reading.page import read_page

MODEL = {"type": "string", "enum": ["lyra-1-text", "lyra-1-image"]}
TEXT = {"type": "string"}


def _stated(schema: dict[str, Any]) -> list[tuple[str, str, Any]]:
    content = {"application/json": {"schema": schema}}
    document = {
        "openapi": "3.1.0",
        "paths": {"/v1/videos/generations": {"post": {"requestBody": {"content": content}}}},
    }
    reading = read_page(f"# Lyra\n\n```yaml\n{yaml.safe_dump(document)}\n```\n", "lyra-1")
    asked = [("", "unread", note.sentence) for note in reading.unread]
    return [(fact.field, fact.keyword, fact.value) for fact in reading.facts] + asked


def _body(**more: Any) -> dict[str, Any]:
    properties = {"model": MODEL, "a": TEXT, "b": TEXT, "on": {"type": "boolean"}}
    return {"type": "object", "properties": properties, "required": ["model"], **more}


def _variant(name: str, **members: Any) -> dict[str, Any]:
    required = members.pop("required", [])
    properties = {"model": {"const": name}, "prompt": TEXT, **members}
    return {"type": "object", "properties": properties, "required": ["model", *required]}


def test_a_variant_of_a_body_has_the_fields_that_others_lack() -> None:
    seconds = {"type": "integer", "minimum": 2, "maximum": 8}
    said = _stated(
        {
            "oneOf": [
                _variant("lyra-1-text", seconds={**seconds, "maximum": 12}),
                _variant("lyra-1-image", required=["image"], image=TEXT, seconds=seconds),
            ]
        }
    )
    assert ("image", "onlyFor", ["lyra-1-image"]) in said
    needs = {"image": {"required": True}}
    assert ("model", "mode", {"name": "lyra-1-image", "needs": needs}) in said
    limits = {"seconds": {"minimum": 2, "maximum": 8}}
    assert ("model", "mode", {"name": "lyra-1-image", "needs": limits}) in said
    assert [v for f, key, v in said if (f, key) == ("seconds", "maximum")] == [12]
    assert ("model", "required", True) in said


def test_alternatives_of_required_fields_say_that_one_is_needed() -> None:
    either = [{"required": ["a"]}, {"required": ["b"]}]
    said = _stated(_body(anyOf=either))
    assert ("a", "oneNeeded", ["a", "b"]) in said
    assert not any(keyword == "excludes" for _, keyword, _ in said)
    assert ("model", "required", True) in said
    assert ("a", "excludes", "b") in _stated(_body(oneOf=either))


def test_conditions_of_a_body_become_modes() -> None:
    when = {"properties": {"on": {"const": True}}, "required": ["on"]}
    said = _stated(
        _body(
            allOf=[
                {"if": when, "then": {"required": ["a"]}},
                {"if": {"required": ["b"]}, "then": {"properties": {"a": {"maxLength": 9}}}},
            ]
        )
    )
    assert ("on", "mode", {"name": True, "needs": {"a": {"required": True}}}) in said
    assert ("b", "mode", {"given": True, "needs": {"a": {"maxLength": 9}}}) in said


def test_what_is_required_beside_or_never_beside_is_read() -> None:
    assert ("a", "together", ["b"]) in _stated(_body(dependentRequired={"a": ["b"]}))
    assert ("a", "excludes", "b") in _stated(_body(**{"not": {"required": ["a", "b"]}}))


def test_a_rule_that_is_not_understood_is_a_question() -> None:
    rule = {"if": {"properties": {"a": {"minLength": 9}}}, "then": {"required": ["b"]}}
    assert any(keyword == "unread" for _, keyword, _ in _stated(_body(**rule)))


def _told(task: str, **members: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["model", "task"],
        "properties": {
            "model": {"type": "string", "enum": ["lyra-1"]},
            "task": {"type": "string", "const": task},
            **members,
        },
    }


def test_variants_that_a_constant_tells_apart_are_options_of_that_field() -> None:
    said = _stated(
        {
            "oneOf": [
                _told("make", seconds={"type": "integer", "enum": [5, 10]}),
                _told("mend", seconds={"type": "number", "minimum": 2}, a=TEXT),
            ]
        }
    )
    assert ("task", "enum", ["make", "mend"]) in said
    assert not any((field, key) == ("task", "const") for field, key, _ in said)
    assert ("seconds", "type", "number") in said
    assert ("task", "mode", {"name": "mend", "needs": {"a": {"required": False}}}) in said


def test_a_rule_of_one_variant_holds_for_that_one_alone() -> None:
    either = {"anyOf": [{"required": ["a"]}, {"required": ["b"]}]}
    mend = {**_told("mend", a=TEXT, b=TEXT), **either}
    said = _stated({"oneOf": [_told("make", a=TEXT, b=TEXT), mend]})
    beside = [{"field": "task", "name": "mend"}]
    rule = {"given": False, "needs": {"b": {"required": True}}, "beside": beside}
    assert ("a", "mode", rule) in said
    assert not any(keyword == "oneNeeded" for _, keyword, _ in said)
