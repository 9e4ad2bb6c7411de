"""What a page says of the requests of one kind only: by the bodies that come of its words."""

from __future__ import annotations

from typing import Any

import pytest

from contract_tests.tests.documentation.reading.expectation import schemas_of
from documentation.checking.variant_schema import valid
from documentation.fact import Reading
from documentation.reading.page import read_page

PAGE = """
# Lyra

```json
{{"model": "lyra-1", "action": "make"}}
```

## Request body
| Field | Type | Required | Default | Description |
| --- | --- | --- | --- | --- |
| `model` | string | yes | - | Always `lyra-1`{model} |
| `action` | string | no | `make` | `make` or `extend`, see below |
| `image_url` | string | {image} | - | URL of a picture |
| `first_frame_url` | string | no | - | {first} |
| `last_frame_url` | string | no | - | The last picture |
| `task_id` | string | no | - | What goes on |
| `index` | integer | no | - | Which one of it |
| `loop` | boolean | no | `false` | Whether it ends as it begins |
| `seconds` | integer | no | `5` | {seconds} |

### action
**make** begins with a picture.

{make}

**extend** lets a clip go on.

{extend}
"""
PLAIN = {
    "model": "",
    "image": "no",
    "first": "The first picture",
    "seconds": "5 or 10",
    "make": "- Ends at once",
    "extend": "- Ends late",
}


def judge(body: dict[str, Any], **said: str) -> bool:
    """Whether a body is what a page asks for that says this."""
    schemas = schemas_of(PAGE.format(**PLAIN | said))
    whole = {"model": "lyra-1", **body}
    return any({*whole} <= {*each["properties"]} and valid(whole, each, {}) for each in schemas)


def reading(**said: str) -> Reading:
    return read_page(PAGE.format(**PLAIN | said), "lyra-1")


def test_bullets_below_an_option_are_said_of_that_option() -> None:
    said = {"extend": "- `task_id` is required, `image_url` and `index` are not accepted"}
    assert judge({"image_url": "https://a.example/1", "index": 1}, **said)
    assert not judge({"action": "extend"}, **said)
    assert judge({"action": "extend", "task_id": "t"}, **said)
    assert not judge({"action": "extend", "task_id": "t", "index": 1}, **said)


def test_what_two_fields_may_not_be_under_an_option_they_may_be_under_the_other() -> None:
    said = {"extend": "- `index` is refused when `loop` is true"}
    assert not judge({"action": "extend", "index": 1, "loop": True}, **said)
    assert judge({"action": "extend", "index": 1}, **said)
    assert judge({"action": "extend", "loop": True}, **said)
    assert judge({"index": 1, "loop": True}, **said)


def test_a_field_that_only_one_option_needs_may_be_left_out_with_the_other() -> None:
    said = {"image": "for `extend`"}
    assert judge({}, **said)
    assert not judge({"action": "extend"}, **said)


def test_what_is_said_of_an_extension_is_said_of_requests_that_extend() -> None:
    said = {"first": "An extension keeps the picture, so neither `index` nor `loop` can be sent"}
    assert judge({"index": 1, "loop": True}, **said)
    assert not judge({"action": "extend", "index": 1}, **said)
    assert not judge({"action": "extend", "loop": True}, **said)


def test_kinds_of_input_exclude_each_other_field_by_field() -> None:
    said = {"first": "An image, a pair of frames and a task id exclude each other."}
    both = {"first_frame_url": "https://a.example/1", "last_frame_url": "https://a.example/2"}
    assert judge(both, **said)
    assert judge({"image_url": "https://a.example/1"}, **said)
    assert not judge({"image_url": "https://a.example/1", **both}, **said)
    assert not judge({"task_id": "t", "last_frame_url": "https://a.example/2"}, **said)


def test_both_of_a_pair_need_each_other() -> None:
    said = {"first": "The first picture. Needs both frames."}
    assert not judge({"first_frame_url": "https://a.example/1"}, **said)
    assert not judge({"last_frame_url": "https://a.example/1"}, **said)
    assert judge({}, **said)


def test_a_length_above_a_number_of_seconds_is_one_of_the_longer_options() -> None:
    said = {"seconds": "5 or 10. More than 5 seconds needs `task_id`."}
    assert judge({"seconds": 5}, **said)
    assert not judge({"seconds": 10}, **said)
    assert judge({"seconds": 10, "task_id": "t"}, **said)


def test_what_works_without_something_does_not_exclude_it() -> None:
    said = {"make": "- Works without a `task_id`"}
    assert judge({"task_id": "t"}, **said)


def test_a_condition_of_two_things_is_no_condition_of_one() -> None:
    for words in (
        "Required when `loop` is true and `action` is `extend`",
        "When `loop` is true and `action` is `extend`, `task_id` is required",
    ):
        said = {"first": words, "make": "- At once"}
        name = "first_frame_url" if words.startswith("Required") else "task_id"
        both = {"action": "extend", "loop": True}
        assert not judge(both, **said)
        assert judge({**both, name: "https://a.example/1"}, **said)
        assert judge({"loop": True}, **said)
        assert judge({"action": "extend"}, **said)


def test_a_sentence_that_says_first_of_whom_it_speaks_is_not_said_of_its_own_field() -> None:
    said = {"first": "With `loop` on, `index` must not be sent."}
    assert not judge({"loop": True, "index": 1}, **said)
    assert judge({"index": 1, "first_frame_url": "https://a.example/1"}, **said)


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


def judge_said(body: Body, said: dict[str, str]) -> bool:
    """Whether a body is what a page asks for that says this of its fields."""
    rows = [
        f"| `{name}` | {kind} | {must} | {prose}.<br>{said.get(name, '')} |"
        for name, (kind, must, prose) in FIELDS.items()
    ]
    table = ["| Field | Type | Required | Description |", "| --- | --- | --- | --- |", *rows]
    schemas = schemas_of("\n".join([*_HEAD, *table]))
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
            "image_urls",
            "Alternative to reference_image_urls; only one of the two can be given.",
            [{"image_urls": ONE}, {"reference_image_urls": ONE}],
            [{"image_urls": ONE, "reference_image_urls": ONE}],
        ),
        (
            "strength",
            "Limited to 2 with wild.",
            [{"mood": "calm", "strength": 3}, {"mood": "wild", "strength": 1.5}],
            [{"mood": "wild", "strength": 3}],
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
    assert [body for body in good if not judge_said(needed | body, {field: sentence})] == []
    assert [body for body in bad if judge_said(needed | body, {field: sentence})] == []


def test_what_is_said_again_of_the_field_itself_takes_nothing_back() -> None:
    said = {"seconds": "5 or 10. Not available for `extend`, do not pass it in that mode"}
    assert judge({"seconds": 5}, **said)
    assert not judge({"action": "extend", "seconds": 5}, **said)


def test_the_same_in_other_words_is_read_in_those() -> None:
    said = {"extend": "- extend 模式不支持长视频, 即 seconds 不可为 10", "seconds": "`5` or `10`"}
    assert judge({"seconds": 10}, **said)
    assert judge({"action": "extend", "seconds": 5}, **said)
    assert not judge({"action": "extend", "seconds": 10}, **said)


@pytest.mark.parametrize(
    "said",
    [
        ". image_url, task_id and index are mutually exclusive: at most one of them in a request",
        ". Odes and puns are mutually exclusive: image_url cannot be combined with task_id, index",
        "。散文与诗为互斥场景:image_url 不可与任何 task_* 参数同时使用",
    ],
)
def test_what_is_said_of_fields_below_the_model_excludes_those(said: str) -> None:
    assert judge({"image_url": "https://a.example/1"}, model=said)
    assert judge({"task_id": "t"}, model=said)
    assert not judge({"image_url": "https://a.example/1", "task_id": "t"}, model=said)


def test_a_value_if_none_is_given_binds_nothing() -> None:
    said = {"seconds": "5 or 10. Text-to-video: 5 if not specified"}
    assert judge({"seconds": 5, "image_url": "https://a.example/1"}, **said)


@pytest.mark.parametrize(
    "said",
    [
        "A public URL or a Base64-encoded Data URL (data:image/jpeg;base64,...)",
        "公网可访问的图片 URL,或 Base64 编码的 Data URL(data:image/jpeg;base64,...)",
    ],
)
def test_what_may_be_a_data_url_is_one_or_a_web_address(said: str) -> None:
    assert judge({"first_frame_url": "https://a.example/1"}, first=said)
    assert judge({"first_frame_url": "data:image/png;base64,AAAA"}, first=said)
    assert not judge({"first_frame_url": "1.png"}, first=said)


@pytest.mark.parametrize(
    "said", ["Has to be an https address or a data URL", "An https URL or data URL"]
)
def test_an_address_that_is_secure_or_data_is_no_plain_one(said: str) -> None:
    assert judge({"first_frame_url": "https://a.example/1"}, first=said)
    assert judge({"first_frame_url": "data:image/png;base64,AAAA"}, first=said)
    assert not judge({"first_frame_url": "http://a.example/1"}, first=said)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("first", "https://a.example/1", "Required for `extend`, otherwise not accepted"),
        ("seconds", 5, "5 or 10, only with action `extend`"),
    ],
)
def test_what_has_its_place_in_one_action_has_none_in_the_other(
    name: str, value: object, said: str
) -> None:
    given = {"first_frame_url" if name == "first" else name: value}
    assert judge({"action": "extend", **given}, **{name: said})
    assert not judge(given, **{name: said})


def test_a_range_may_have_dots() -> None:
    said = {"seconds": "-1 … 2,147,483,647"}
    assert judge({"seconds": 2147483647}, **said) and judge({"seconds": -1}, **said)
    assert not judge({"seconds": 2147483648}, **said) and not judge({"seconds": -2}, **said)


def test_a_limit_if_it_is_given_is_its_limit() -> None:
    said = {"first": "The first picture. If given, 30 to 40 characters."}
    assert judge({"first_frame_url": f"https://a.example/{'1' * 20}"}, **said)
    assert not judge({"first_frame_url": "https://a.example/1"}, **said)


def test_plain_http_may_be_refused_with_its_slashes() -> None:
    said = {"first": "URL of the first picture. Plain `http://` addresses are refused."}
    assert judge({"first_frame_url": "https://a.example/1"}, **said)
    assert not judge({"first_frame_url": "http://a.example/1"}, **said)


def test_a_mode_that_has_to_be_named_is_none_that_is_assumed() -> None:
    (schema,) = schemas_of(MODES)
    for mode, count, accepted in ((None, 2, True), (None, 3, False), ("many", 3, True)):
        body = {"model": "lyra-1", "odes": ["ode"] * count} | ({"mode": mode} if mode else {})
        assert valid(body, schema, {}) == accepted, (mode, count)


MODES = """
# Lyra

## Request body
| Field | Type | Required | Description |
| --- | --- | --- | --- |
| `model` | string | Yes | `lyra-1` |
| `mode` | string | No | `few` or `many`. `many` is never inferred and must be named explicitly |
| `odes` | array of strings | No | `few`: 1 to 2 odes. `many`: 1 to 3 odes |
"""


MODELS = """
# Lyra

## Request body
| Field | Type | Required | Description |
| --- | --- | --- | --- |
| `model` | string | Yes | `lyra-1-text-to-video` or `lyra-1-image-to-video` |
| `image_urls` | array of strings | No | {images} |
| `more` | object | No | What else there is |
| `more.rhymed` | boolean | No | {rhymed} |
"""


@pytest.mark.parametrize(
    ("images", "rhymed", "good", "bad"),
    [
        ("图生视频:必填,传入即为首帧", "-", {}, {"model": "lyra-1-image-to-video"}),
        (
            "2 images: from one to the other, only supported by lyra-1-image-to-video",
            "-",
            {"image_urls": ["https://a.example/1"]},
            {"image_urls": ["https://a.example/1"] * 2},
        ),
        (
            "-",
            "Only available for lyra-1-image-to-video",
            {"model": "lyra-1-image-to-video", "more": {"rhymed": True}},
            {"more": {"rhymed": True}},
        ),
    ],
    ids=["a-mode-that-one-id-has", "so-many-of-one-model", "a-member-of-one-model"],
)
def test_what_is_said_of_some_models_is_of_those(
    images: str, rhymed: str, good: dict[str, Any], bad: dict[str, Any]
) -> None:
    schemas = schemas_of(MODELS.format(images=images, rhymed=rhymed))
    for body, accepted in ((good, True), (bad, False)):
        whole = {"model": "lyra-1-text-to-video", **body}
        assert any(valid(whole, schema, {}) for schema in schemas) == accepted, body
