"""Sentences of a condition and a rule that no rule of the table reads, told again and composed."""

from __future__ import annotations

import json
from typing import Any

import jsonschema_rs

from contract_tests.tests.conftest import of_each
from documentation.checking.conditions import Mode, fault
from documentation.checking.rule_words import of_mode
from documentation.reading.layouts.draft import Draft
from documentation.reading.prose.context import Context
from documentation.reading.prose.sentences import ProseReader

_FIELDS: list[tuple[Any, ...]] = [
    ("model", "string", ("enum", ["nova-1", "nova-1-fast"])),
    ("prompt", "string"),
    ("duration", "integer", ("minimum", 3), ("maximum", 15), ("default", 5)),
    ("resolution", "string", ("enum", ["480p", "720p", "1080p", "4k"]), ("default", "720p")),
    ("quality_mode", "string", ("enum", ["std", "pro"]), ("default", "std")),
    ("style", "string", ("enum", ["ode", "pun"])),
    ("n", "integer", ("minimum", 1), ("maximum", 4), ("default", 1)),
    ("bgm", "boolean"),
    ("first_frame_url", "string"),
    ("last_frame_url", "string"),
    ("video_url", "string"),
    ("image_urls", "array", ("maxItems", 4)),
    ("seed", "integer"),
    ("refs", "array"),
    ("refs.type", "string", ("enum", ["face", "scene"])),
    ("refs.name", "string"),
    ("camera", "object"),
    ("camera.pan", "number"),
    ("camera.tilt", "number"),
    ("keyframes", "object"),
    ("keyframes.frame0", "object"),
    ("keyframes.frame0.type", "string", ("enum", ["image", "task"])),
    ("keyframes.frame0.url", "string"),
    ("keyframes.frame0.id", "string"),
]
_LOW = {"resolution": {"enum": ["480p", "720p"]}}
_ONE = {"n": {"enum": [1]}}
_PICTURES = {"given": True, "like": {"minItems": 2, "maxItems": 2}}


def modes_said(field: str, sentence: str) -> list[str]:
    """What a sentence of a field says of some requests."""
    drafts = [
        Draft("request", name, (kind,), "object" if name == "refs" else "", list(schema))
        for name, kind, *schema in _FIELDS
    ]
    draft = next(draft for draft in drafts if draft.name == field)
    draft.prose = [sentence]
    said = ProseReader("page", Context(drafts)).read(draft)
    assert not said.unread
    assert all(fact.keyword == "mode" for fact in said.facts)
    return sorted(json.dumps([fact.field, fact.value], sort_keys=True) for fact in said.facts)


def named(field: str, values: list[Any], needs: dict[str, Any]) -> list[tuple[str, Any]]:
    return [(field, {"name": value, "needs": needs}) for value in values]


@of_each(
    [
        (
            "n",
            "时长超过 12 秒的任务一次只能生成 1 个视频",
            named("duration", [13, 14, 15], _ONE),
        ),
        ("bgm", "当 n 大于 2 时,bgm 不可为 true", named("n", [3, 4], {"bgm": {"enum": [False]}})),
        ("resolution", "选择 ode 时,分辨率不得高于 720p", named("style", ["ode"], _LOW)),
        (
            "n",
            "除 480p 外,其他分辨率均只能生成 1 个视频",
            named("resolution", ["720p", "1080p", "4k"], _ONE),
        ),
        (
            "last_frame_url",
            "携带尾帧图片的任务需以 pro 模式渲染",
            [("last_frame_url", {"given": True, "needs": {"quality_mode": {"enum": ["pro"]}}})],
        ),
        (
            "first_frame_url",
            "传了首帧就必须同时用 prompt 说明如何修改",
            [("first_frame_url", {"given": True, "needs": {"prompt": {"required": True}}})],
        ),
        (
            "style",
            "The pun look is not available in 480p",
            named("resolution", ["480p"], {"style": {"enum": ["ode"]}}),
        ),
        (
            "style",
            "Styles are rendered at no more than 720p",
            [("style", {"given": True, "needs": _LOW})],
        ),
        (
            "duration",
            "Lengths above 13 seconds are a pro-mode feature",
            named("duration", [14, 15], {"quality_mode": {"enum": ["pro"]}}),
        ),
        (
            "duration",
            "With two pictures, the length is at most 8 seconds",
            [("image_urls", {**_PICTURES, "needs": {"duration": {"maximum": 8}}})],
        ),
        (
            "duration",
            "With 2 or more pictures the duration must be 5",
            [
                (
                    "image_urls",
                    {"given": True, "like": {"minItems": 2}, "needs": {"duration": {"enum": [5]}}},
                )
            ],
        ),
        (
            "quality_mode",
            "Unless a clip is sent in video_url, pro is not supported",
            [("video_url", {"given": False, "needs": {"quality_mode": {"enum": ["std"]}}})],
        ),
        (
            "refs.name",
            "Every face needs a name",
            named("refs.type", ["face"], {"refs.name": {"required": True}}),
        ),
        (
            "camera",
            "Only one of them may be other than 0",
            [
                (
                    "camera.pan",
                    {"given": True, "like": {"unlike": 0}, "needs": {"camera.tilt": {"enum": [0]}}},
                )
            ],
        ),
        (
            "keyframes",
            "imageurl is required, id must not be set",
            named(
                "keyframes.frame0.type",
                ["image"],
                {
                    "keyframes.frame0.url": {"required": True},
                    "keyframes.frame0.id": {"maxItems": 0},
                },
            ),
        ),
        ("duration", "Videos longer than 10 seconds need about 2 minutes", []),
    ]
)
def test_a_condition_and_a_rule_are_read_each_by_itself(
    field: str, sentence: str, says: list[tuple[str, Any]]
) -> None:
    wanted = sorted(json.dumps([name, value], sort_keys=True) for name, value in says)
    assert modes_said(field, sentence) == wanted


def test_what_holds_for_a_number_of_items_holds_for_no_other() -> None:
    fields: dict[str, dict[str, Any]] = {
        "pictures": {"type": "array", "maxItems": 3},
        "lines": {"type": "integer"},
    }
    mode = Mode.of_fact("pictures", {**_PICTURES, "needs": {"lines": {"maximum": 8}}})
    wrong = fault(mode, fields)
    assert wrong is not None
    bodies = [(["a"], 9), (["a", "b"], 8), (None, 9), (["a", "b"], 9)]
    broken = [jsonschema_rs.is_valid(wrong, {"pictures": p, "lines": n}) for p, n in bodies]
    assert broken == [False, False, False, True]
    assert of_mode(mode, fields) == "where pictures has exactly 2 items, lines is at most 8"


def test_what_holds_for_all_numbers_but_one_does_not_hold_for_that() -> None:
    fields: dict[str, dict[str, Any]] = {"pan": {"type": "number"}, "tilt": {"type": "number"}}
    needs = {"tilt": {"enum": [0]}}
    mode = Mode.of_fact("pan", {"given": True, "like": {"unlike": 0}, "needs": needs})
    wrong = fault(mode, fields)
    assert wrong is not None
    bodies = [{"pan": 0, "tilt": 3}, {"pan": 2, "tilt": 0}, {"pan": 2}, {"pan": 2, "tilt": 3}]
    assert [jsonschema_rs.is_valid(wrong, each) for each in bodies] == [False, False, False, True]
    assert of_mode(mode, fields) == "where pan is not 0, tilt is 0"
