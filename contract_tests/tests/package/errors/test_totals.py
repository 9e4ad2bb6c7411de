"""Counts and sums over several fields, which no keyword of JSON Schema says: `x-rule`."""

from __future__ import annotations

from typing import Any

import jsonschema_rs
import pytest

from contract_tests.agreement.tool_faults import TOTALS, tool_fault_of
from foxapi_video import checking
from foxapi_video.totals import KEYWORDS, RULE, broken
from foxapi_video.violations import violations_of

COUNT = {"count": ["image_urls", "video_url"], "maximum": 3}
SUM = {"sum": ["shots.duration"], "minimum": 4, "maximum": 10}
KIND = {"count": ["images.role"], "of": "last_frame", "maximum": 1}
KINDS = {"count": ["media.type"], "of": ["image", "video"], "minimum": 1, "maximum": 2}
WITH, WITHOUT = COUNT | {"with": "clips"}, COUNT | {"without": "clips"}
EQUAL = {"sum": ["shots.duration"], "equals": "duration"}


def shots(*seconds: object) -> dict[str, Any]:
    return {"shots": [{"duration": each} for each in seconds]}


@pytest.mark.parametrize(
    ("rule", "body"),
    [
        (COUNT, {}),
        (COUNT, {"image_urls": ["a", "b"], "video_url": "c"}),
        (COUNT, {"image_urls": ["a", "b", "c"], "video_url": None}),
        (WITH, {"image_urls": ["a", "b", "c", "d"]}),
        (WITH, {"image_urls": ["a", "b", "c", "d"], "clips": None}),
        (WITHOUT, {"image_urls": ["a", "b", "c", "d"], "clips": ["e"]}),
        (KIND, {"images": [{"role": "last_frame"}, {"role": "first_frame"}, {"url": "a"}]}),
        (KINDS, {"media": [{"type": "image"}, {"type": "video"}, {"type": "audio"}]}),
        (KINDS, {}),
        (SUM, {}),
        (SUM, {"shots": []}),
        (SUM, shots(4)),
        (SUM, shots(5, 5)),
        (SUM, shots(5, None, 5)),
        (SUM, shots("of another type", True)),
        (EQUAL, {**shots(2, 3), "duration": 5}),
        (EQUAL, {**shots(0.1, 0.2), "duration": 0.3}),
        (EQUAL, shots(2, 3)),
        (EQUAL, {"duration": 5}),
        (SUM, "no object"),
    ],
)
def test_a_body_within_a_rule_breaks_nothing(rule: dict[str, Any], body: Any) -> None:
    assert broken(rule, body) is None


@pytest.mark.parametrize(
    ("rule", "body", "problem"),
    [
        (
            COUNT,
            {"image_urls": ["a", "b", "c"], "video_url": "d"},
            "image_urls and video_url have in all 4: it has to be at most 3",
        ),
        (
            WITH,
            {"image_urls": ["a", "b", "c", "d"], "clips": ["e"]},
            "with clips image_urls and video_url have in all 4: it has to be at most 3",
        ),
        (
            WITHOUT,
            {"image_urls": ["a", "b", "c", "d"]},
            "without clips image_urls and video_url have in all 4: it has to be at most 3",
        ),
        (
            KIND,
            {"images": [{"role": "last_frame"}, {"role": "last_frame"}]},
            "images.role is last_frame 2 times: it has to be at most 1",
        ),
        (
            KINDS,
            {"media": [{"type": "audio"}]},
            "media.type is image or video 0 times: it has to be between 1 and 2",
        ),
        (
            KIND | {"minimum": 1},
            {"images": [{"role": "first_frame"}]},
            "images.role is last_frame 0 times: it has to be exactly 1",
        ),
        (SUM, shots(3), "shots.duration add up to 3: it has to be between 4 and 10"),
        (SUM, shots(5, 5.5), "shots.duration add up to 10.5: it has to be between 4 and 10"),
        (
            EQUAL,
            {**shots(2, 3), "duration": 6},
            "shots.duration add up to 5: it has to be 6, as duration says",
        ),
        (
            {"count": ["image_urls"], "minimum": 2},
            {"image_urls": ["a"]},
            "image_urls have in all 1: it has to be at least 2",
        ),
    ],
)
def test_a_body_that_breaks_a_rule_is_told_in_words(
    rule: dict[str, Any], body: Any, problem: str
) -> None:
    assert broken(rule, body) == problem


def test_a_validator_and_the_client_judge_by_it() -> None:
    schema = {"type": "object", "properties": {}, RULE: [EQUAL, SUM, COUNT]}
    right, wrong = {**shots(2, 3), "duration": 5}, {**shots(2, 3), "duration": 4}
    validator = jsonschema_rs.validator_for(schema, keywords=KEYWORDS)
    assert validator.is_valid(right) and not validator.is_valid(wrong)
    compiled = checking._compiled(schema)
    assert compiled.is_valid(right)
    [found] = violations_of(schema, compiled.iter_errors(wrong))
    assert str(found) == "the body: shots.duration add up to 5: it has to be 4, as duration says"
    assert found.keyword == RULE


def test_the_mock_has_no_say_in_a_body_that_only_such_a_rule_refuses() -> None:
    assert tool_fault_of({"image_urls": ["a"] * 4}, [COUNT]) is TOTALS
    assert tool_fault_of({"image_urls": ["a"] * 3}, [COUNT]) is None
