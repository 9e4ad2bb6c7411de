"""What is said of a body that breaks a keyword of a schema, whichever a page may ask for."""

from __future__ import annotations

from typing import Any

import pytest

from foxapi_video import checking
from foxapi_video.violations import Violation, violations_of


def found_in(field: dict[str, Any], value: Any, **more: Any) -> list[Violation]:
    """The violations of a body with one field."""
    schema = {"type": "object", "properties": {"field": field}, **more}
    return [*violations_of(schema, checking._compiled(schema).iter_errors({"field": value}))]


LIST = {"type": "array"}
TWO_X = {"contains": {"const": "x"}, "minContains": 2, "maxContains": 3}
WORDS: dict[str, tuple[dict[str, Any], Any, str]] = {
    "field: a list of 2 items has two that are the same": (
        LIST | {"uniqueItems": True},
        [1, 1],
        "items that differ",
    ),
    "field: a list of 1 item does not have at least 1 item that is x or y": (
        LIST | {"contains": {"enum": ["x", "y"]}},
        ["z"],
        "at least 1 item that is x or y",
    ),
    "field: a list of 1 item does not have at least 2 items that are x": (
        LIST | TWO_X,
        ["x"],
        "at least 2 items that are x",
    ),
    "field: a list of 4 items does not have at most 3 items that are x": (
        LIST | TWO_X,
        ["x"] * 4,
        "at most 3 items that are x",
    ),
    "field: 1 member is fewer than 2": ({"minProperties": 2}, {"a": 1}, "at least 2 members"),
    "field: 2 members are more than 1": (
        {"maxProperties": 1},
        {"a": 1, "b": 2},
        "at most 1 member",
    ),
    "field.b: 'b' can't be its name": (
        {"propertyNames": {"pattern": "^a"}},
        {"b": 1},
        "another name",
    ),
    "field.pam: no such field; did you mean pan?": (
        {"properties": {"pan": {}}, "additionalProperties": False},
        {"pam": 1},
        "nothing",
    ),
    "field.zoom: no such field": (
        {"properties": {"pan": {}}, "unevaluatedProperties": False},
        {"zoom": 1},
        "nothing",
    ),
    "field: a list of 2 items has some that are not allowed: 2": (
        {"prefixItems": [{"type": "string"}], "unevaluatedItems": False},
        ["a", 2],
        "no more items",
    ),
    "field[1]: 2 is not allowed here, nor is anything else": (
        {"prefixItems": [{"type": "string"}], "items": False},
        ["a", 2],
        "nothing",
    ),
    "field: 2 items are more than 1": (LIST | {"maxItems": 1}, [1, 2], "at most 1 item"),
}


@pytest.mark.parametrize("said", WORDS, ids=WORDS)
def test_each_keyword_that_a_page_may_ask_for_has_its_words(said: str) -> None:
    schema, value, allowed = WORDS[said]
    [wrong] = found_in(schema, value)
    assert (str(wrong), wrong.allowed) == (said, allowed)


def test_of_what_may_not_be_the_branches_that_it_is_are_said() -> None:
    one = {"description": "field and other exclude each other", "required": ["field", "other"]}
    two = {"description": "field has to be 2", "properties": {"field": {"const": 1}}}
    [wrong] = found_in({}, 1, **{"not": {"anyOf": [one, two, {"required": ["other"]}]}})
    assert (wrong.field, wrong.problem, wrong.keyword) == ("field", "has to be 2", "not")
    assert wrong.allowed == "field has to be 2" and wrong.given == "an object of 1 member"
    [wrong] = found_in({"not": {"description": "it is even", "multipleOf": 3}}, 9)
    assert str(wrong) == "field: it is even"


def test_where_no_branch_has_words_those_of_its_holder_are_said() -> None:
    [wrong] = found_in({}, 1, description="one of two", **{"not": {"required": ["field"]}})
    said = "an object of 1 member is not allowed here; allowed: one of two"
    assert (wrong.field, wrong.problem) == ("", said)
