"""What is said of a body that breaks a keyword of a schema, whichever a page may ask for."""

from __future__ import annotations

from typing import Any

from foxapi_video import checking
from foxapi_video.violations import Violation, violations_of


def found_in(field: dict[str, Any], value: Any, **more: Any) -> list[Violation]:
    """The violations of a body with one field."""
    schema = {"type": "object", "properties": {"field": field}, **more}
    return [*violations_of(schema, checking._compiled(schema).iter_errors({"field": value}))]


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
