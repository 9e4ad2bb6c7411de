"""Sentences that hold for some requests only, or that say one thing in two ways: by the bodies."""

from __future__ import annotations

from typing import Any

import pytest

from documentation.checking.expected import expected_of, variants_of
from documentation.checking.variant_schema import addressed, schema_of, valid
from documentation.reading.page import read_page

FIELDS = {
    "model": ("string", "yes", "`lyra-1-slow` or `lyra-1-fast`"),
    "prompt": ("string", "no", "What is sung"),
    "image_urls": ("array of strings", "no", "Pictures"),
    "reference_image_urls": ("array of strings", "no", "Pictures of the singer"),
    "seconds": ("integer", "no", "4 or 8"),
    "resolution": ("string", "no", "`720p` or `1080p`"),
    "mood": ("string", "no", "`calm` or `wild`"),
    "choir": ("boolean", "no", "Whether to add singing voices"),
    "seed": ("integer", "no", "A number"),
    "expires_after": ("integer", "no", "When it ends, in seconds"),
    "strength": ("number", "no", "How strong"),
}
ONE, TWO, THREE = ([f"https://a.example/{n}" for n in range(1, count + 1)] for count in (1, 2, 3))
_HEAD = ["# Lyra", "```json", '{"model": "lyra-1-slow"}', "```", "## Request body"]
Body = dict[str, Any]


def judge(body: Body, said: dict[str, str]) -> bool:
    """Whether a body is what a page asks for that says this of its fields."""
    rows = [
        f"| `{name}` | {kind} | {must} | {prose}.<br>{said.get(name, '')} |"
        for name, (kind, must, prose) in FIELDS.items()
    ]
    table = ["| Field | Type | Required | Description |", "| --- | --- | --- | --- |", *rows]
    facts = read_page("\n".join([*_HEAD, *table]), "lyra-1").facts
    expected = expected_of(facts, "request", [])
    schemas = [schema_of(addressed(expected, each.fields)) for each in variants_of(expected)]
    return any(valid({"model": "lyra-1-slow", **body}, schema, {}) for schema in schemas)


@pytest.mark.parametrize(
    ("field", "sentence", "good", "bad"),
    [
        (
            "choir",
            "In a request for 8 seconds, choir must be false or absent.",
            [{"choir": True}, {"seconds": 8, "choir": False}, {"seconds": 8}],
            [{"seconds": 8, "choir": True}],
        ),
        (
            "choir",
            "Choir cannot be switched on at 1080p.",
            [{"choir": True}, {"resolution": "1080p", "choir": False}],
            [{"resolution": "1080p", "choir": True}],
        ),
        (
            "seconds",
            "1080p always makes 4 seconds, 8 is not available there.",
            [{"seconds": 8, "resolution": "720p"}, {"resolution": "1080p", "seconds": 4}],
            [{"resolution": "1080p", "seconds": 8}],
        ),
        (
            "seed",
            "-1 for one of our own, or a value between 0 and 999.",
            [{"seed": -1}, {"seed": 999}],
            [{"seed": -2}, {"seed": 1000}],
        ),
        (
            "expires_after",
            "At least 1 hour (3600), at most 2 days (172800).",
            [{"expires_after": 3600}, {"expires_after": 172800}],
            [{"expires_after": 3599}, {"expires_after": 172801}],
        ),
        (
            "resolution",
            "When reference images are given, at most 720p.",
            [
                {"resolution": "1080p", "image_urls": ONE},
                {"resolution": "720p", "reference_image_urls": ONE},
            ],
            [{"resolution": "1080p", "reference_image_urls": ONE}],
        ),
        (
            "image_urls",
            "lyra-1-slow: 1 image (the first frame) or 2 images (the first and the last).",
            [{}, {"image_urls": TWO}, {"model": "lyra-1-fast", "image_urls": THREE}],
            [{"image_urls": THREE}],
        ),
        (
            "prompt",
            "只有传了 image_urls 时才可以省略,其余情况必填。",
            [{"prompt": "A"}, {"image_urls": ONE}],
            [{}, {"reference_image_urls": ONE}],
        ),
        (
            "choir",
            "参考图场景没有该参数,不可传入。",
            [{"choir": True}, {"reference_image_urls": ONE}],
            [{"choir": False, "reference_image_urls": ONE}],
        ),
        (
            "mood",
            "wild 需要有首帧图片(image_urls),1080p 不可用。",
            [{"mood": "calm", "resolution": "1080p"}, {"mood": "wild", "image_urls": ONE}],
            [{"mood": "wild"}],
        ),
    ],
)
def test_a_sentence_binds_whom_it_speaks_of(
    field: str, sentence: str, good: list[Body], bad: list[Body]
) -> None:
    needed = {} if field == "prompt" else {"prompt": "A"}
    assert [body for body in good if not judge(needed | body, {field: sentence})] == []
    assert [body for body in bad if judge(needed | body, {field: sentence})] == []
