"""Where pages say things: ahead of the fields, below a heading, beside an option of a member."""

from __future__ import annotations

from typing import Any

import pytest

from contract_tests.tests.documentation.reading.expectation import schemas_of
from documentation.checking.variant_schema import valid
from documentation.reading.at_odds import AT_ODDS
from documentation.reading.page import read_page

LINK = "https://a.example/1"
HEAD = """
# Lyra

```json
{"model": "lyra-1", "prompt": "A fox"}
```
"""
FIELDS = """
## Body
| Field | Type | Required | Default | Description |
| --- | --- | --- | --- | --- |
| `model` | string | yes | - | Always `lyra-1` |
| `prompt` | string | no | - | What it sings |
"""


def page(rows: str = "", *, ahead: str = "", below: str = "") -> str:
    """A page with more rows in its table of fields, and text around that."""
    return f"{HEAD}\n{ahead}\n{FIELDS.rstrip()}\n{rows.strip()}\n\n{below}\n"


def judged(text: str, body: dict[str, Any]) -> bool:
    """Whether some variant has all these fields, and accepts them."""
    body = {"model": "lyra-1", **body}
    return any(
        {*body} <= {*schema["properties"]} and valid(body, schema, {})
        for schema in schemas_of(text)
    )


SWITCHED = page(
    "| `multi` | boolean | no | `false` | Several shots |\n"
    "| `cut` | string | no | - | `mine` or `yours` |",
    ahead="""## Shots
| `multi` | `cut` | `prompt` |
| --- | --- | --- |
| `false` or omitted | leave out | required |
| `true` | `mine` | leave out |
| `true` | `yours` | required |
""",
)
AHEAD = page(
    "| `kind` | string | no | `ode` | `ode` or `pun`, see above |\n"
    "| `image_urls` | string[] | no | - | Pictures |",
    ahead="""## Two kinds
| `kind` | What comes of it | Pictures | Text |
| --- | --- | --- | --- |
| `ode` | A song | exactly two in `image_urls` | `prompt`, optional |
| `pun` | A joke | `image_urls` stays out | `prompt` stays out |
""",
)
MEMBERS = page(
    "| `mark` | object | no | - | A mark, see [mark](#mark) |\n"
    "| `clips` | object[] | no | - | Clips, see [clips](#clips) |",
    below="""### mark
- `text` (string, required): what it says
- `corner` (integer, default `3`): where it stands

| Value | Corner |
| --- | --- |
| `1` | top |
| `3` | bottom |

### clips
| Field | Type | Required | Default | Description |
| --- | --- | --- | --- | --- |
| `url` | string&lt;uri&gt; | yes | - | Where it is |
| `role` | string | no | `part` | `part` or `base`, see below |

* `part`: something of it is taken over.
* `base`: the clip itself is edited, so `prompt` cannot be used.
""",
)
ALIKE = page(
    "| `first` | object | no | - | Where it begins |\n"
    "| `last` | object | no | - | Where it ends. Has the same fields as `first` |",
    below="""### first
- `kind` (string, required): `ode` or `pun`
- `id` (string): a UUID in lower-case letters
""",
)
LABELS = f"""{HEAD}
## Body
### model
- Type: `string`, required
- Options: `lyra-1`, `lyra-2`

### seconds
- Type: `integer`
- Options: `4`, `8`

### ratio
- Type: `string`
- Default: `1280:720`

Frame size in pixels:

- `1280:720` / 16:9, wide
- `960:960` / 1:1, square

A clip without pictures is either `1280:720` or `720:1280`.
"""
COUNTED = page(
    "| `image_urls` | string[] | no | - | Pictures, see [image_urls](#image_urls) |\n"
    "| `tone_kind` | string | no | - | `soft` or `loud` |",
    below="""### image_urls
| Images | Mode | Notes |
| --- | --- | --- |
| none (left out) | A song | `tone_kind` is required |
| 1 | A picture sings | the first is all |
""",
)
CALLED = page(
    "| `kind` | string | no | - | `ode` or `pun` |\n"
    "| `length` | string | no | `4` | How long, see [length](#length) |",
    below="""### length
| Value | Seconds |
| --- | --- |
| `"4"` | four |
| `"8"` | eight |

<Warning>
  `kind` = `pun` is for the quick only; it is rejected when `prompt` is provided.
</Warning>
""",
)
TWO = f"""{HEAD}
## Body
### `model`
`string`, required. `lyra-1` for drafts, `lyra-2` for songs.
### `first_url`
`string`. Where it begins. lyra-1 needs both `first_url` and `last_url`.
### `last_url`
`string`. Where it ends.
"""
UUID = "9f86d081-884c-4d65-9a2f-eaa0c55ad015"
FRAMES = page(
    "| `frames` | object | no | - | See frames |\n"
    "| `loop` | boolean | no | `false` | Cannot be true if `end` is set |",
    below="""## Frames
`frames` has `start` and `end`. Set at least one of them.

| Member | Type | Meaning |
| --- | --- | --- |
| `start` | object | How it begins |
| `end` | object | How it ends |

Both look alike:

| Member | Type | Required | Meaning |
| --- | --- | --- | --- |
| `kind` | string | yes | `still` or `clip` |
| `url` | string | for `still` | URL of it. Not accepted when `kind` is `clip` |
""",
).replace('"A fox"}', '"A fox", "frames": {"start": {"kind": "clip"}}}')
STILL = {"kind": "still", "url": LINK}
SUNG = page(
    "| `song_url` | string | no | - | URL of a song |\n"
    "| `sing` | boolean | no | `true` | Not allowed in a request that has a song_url |"
)
EITHER = page(
    "| `image_urls` | string[] | no | - | URLs |\n| `faces` | string[] | no | - | Names |",
    below="> Every request needs faces, either as `image_urls` or as `faces`. "
    "Sending both is an error.",
)
CUT = page(
    "| `multi` | boolean | no | `false` | When true, `cut` is required |\n"
    "| `cut` | string | no | - | `mine` or `yours` |"
).replace(
    "What it sings",
    "Required, unless `cut` is `mine`: there each shot has its own, "
    "and this field must be left out",
)

UNDER_REQUIRED = f"""{HEAD}
## Body
### Required
| Field | Type | Description |
| --- | --- | --- |
| `model` | string | Always `lyra-1` |
| `prompt` | string | What it sings |

### Optional
| Field | Type | Description |
| --- | --- | --- |
| `tune` | string | How it sings |
"""
BARRED = page(
    "| `song_url` | string | no | - | URL of a song |",
    ahead="""## Models
| model | Use it for | Does not accept |
| --- | --- | --- |
| `lyra-1` | Odes | `song_url` |
| `lyra-2` | Songs | `prompt` |
""",
).replace("Always `lyra-1`", "`lyra-1` or `lyra-2`")
GIVEN = page(
    "| `multi` | boolean | no | `false` | Several shots |\n"
    "| `shots` | string[] | no | - | What they show |",
    ahead="""## Shots
| `multi` | `shots` | `prompt` |
| --- | --- | --- |
| `false` (default) | not accepted | required |
| `true` | not given: the model cuts by itself | required |
| `true` | given: you decide on each | not accepted |
""",
)
OFF = page(
    "| `song_url` | string | no | - | URL of a song |\n"
    "| `sing` | boolean | no | `true` | 设为false时无声,此时不能传song_url |"
)

TWO_IN_ONE = f"""{HEAD}
## Body
- **`model`** `string` *required*
  Always `lyra-1`.
- **`first`**, **`last`** `string`: at most 3 characters
- **`object`**, **`kind`** `string`: what it is
"""
NOTED = page(
    "| `tone` | string | no | `low` | `low`, `mid` (default) or `high` |\n"
    "| `beats` | integer | no | - | How many |\n"
    "| `sing` | boolean | no | `false` | Whether it sings |\n"
    "| `dance` | boolean | no | `false` | Dancers are not heard: true together with "
    "tone low is an error |\n"
    "| `shape` | string | no | - | 可选 `1:1`、`9:16`、`adaptive` |",
    below="""## Notes
- `tone: "high"` cannot be combined with `beats: 9`.
- `beats` goes from 5 to 17 and must be 4n + 1.

<Warning>
  开启演唱模式(`sing` 为 `true`)时:

  - `tone` 必须为 `low`
</Warning>
""",
)

MOVES = page(
    "| `camera_move` | string | no | - | See [Camera move](#camera-move) |\n"
    "| `seed` | integer | no | - | 1000 to 99999. 0 chooses one |",
    below="""### Camera move
- `dolly_in`, `dolly_out`: towards the singer, away from it
- `jib_up`, `jib_down`: up and down
""",
)


@pytest.mark.parametrize(
    ("text", "right", "wrong"),
    [
        (MOVES, {"camera_move": "jib_down"}, {"camera_move": "jib_left"}),
        (MOVES, {"seed": 0}, {"seed": 100000}),
        (TWO_IN_ONE, {"first": "ABC", "last": "ABC"}, {"first": "ABCD"}),
        (TWO_IN_ONE, {"object": "A", "kind": "B"}, {"object": {"kind": "B"}}),
        (NOTED, {"tone": "high", "beats": 5}, {"tone": "high", "beats": 9}),
        (NOTED, {"tone": "mid", "beats": 9}, {"beats": 8}),
        (NOTED, {"tone": "high"}, {"tone": "loud"}),
        (NOTED, {"tone": "high", "dance": True}, {"tone": "low", "dance": True}),
        (NOTED, {"tone": "high", "sing": False}, {"tone": "high", "sing": True}),
        (NOTED, {"shape": "adaptive"}, {"shape": "adapted"}),
        (SWITCHED, {"prompt": "A"}, {}),
        (SWITCHED, {"multi": True, "cut": "mine"}, {"multi": True, "cut": "mine", "prompt": "A"}),
        (SWITCHED, {"multi": True, "cut": "yours", "prompt": "A"}, {"multi": True, "cut": "yours"}),
        (SWITCHED, {"prompt": "A", "multi": False}, {"prompt": "A", "cut": "mine"}),
        (AHEAD, {"kind": "ode", "image_urls": [LINK] * 2}, {"kind": "ode", "image_urls": [LINK]}),
        (AHEAD, {"kind": "pun"}, {"kind": "pun", "image_urls": [LINK, LINK]}),
        (AHEAD, {"image_urls": [LINK] * 2, "prompt": "A"}, {"kind": "pun", "prompt": "A"}),
        (MEMBERS, {"mark": {"text": "A", "corner": 1}}, {"mark": {"text": "A", "corner": 2}}),
        (
            MEMBERS,
            {"clips": [{"url": LINK, "role": "part"}], "prompt": "A"},
            {"clips": [{"url": LINK, "role": "base"}], "prompt": "A"},
        ),
        (ALIKE, {"last": {"kind": "ode"}}, {"last": {"kind": "song"}}),
        (ALIKE, {"last": {"kind": "ode", "id": UUID}}, {"first": {"kind": "ode", "id": "9f86"}}),
        (LABELS, {"seconds": 8}, {"seconds": 5}),
        (LABELS, {"ratio": "960:960"}, {"ratio": "1:1"}),
        (COUNTED, {"tone_kind": "soft"}, {}),
        (COUNTED, {"image_urls": [LINK]}, {"image_urls": [LINK], "tone_kind": "hushed"}),
        (CALLED, {"kind": "ode", "prompt": "A"}, {"kind": "pun", "prompt": "A"}),
        (CALLED, {"length": "8"}, {"length": "16"}),
        (TWO, {"first_url": LINK, "last_url": LINK}, {"first_url": LINK}),
        (TWO, {"model": "lyra-2"}, {"model": "lyra-3"}),
        (UNDER_REQUIRED, {"prompt": "A"}, {"tune": "A"}),
        (BARRED, {"prompt": "A"}, {"song_url": LINK}),
        (BARRED, {"model": "lyra-2", "song_url": LINK}, {"model": "lyra-2", "prompt": "A"}),
        (GIVEN, {"prompt": "A"}, {"prompt": "A", "shots": ["B"]}),
        (GIVEN, {"multi": True, "prompt": "A"}, {"multi": True}),
        (
            GIVEN,
            {"multi": True, "shots": ["B"]},
            {"multi": True, "shots": ["B"], "prompt": "A"},
        ),
        (OFF, {"song_url": LINK, "sing": True}, {"song_url": LINK, "sing": False}),
        (FRAMES, {"frames": {"start": STILL, "end": {"kind": "clip"}}}, {"frames": STILL}),
        (FRAMES, {"frames": {"start": STILL}}, {"frames": {"start": {"kind": "still"}}}),
        (FRAMES, {"frames": {"end": STILL}}, {"frames": {}}),
        (
            FRAMES,
            {"loop": True, "frames": {"start": STILL}},
            {"loop": True, "frames": {"end": STILL}},
        ),
        (SUNG, {"song_url": LINK}, {"song_url": LINK, "sing": True}),
        (SUNG, {"sing": False}, {"song_url": LINK, "sing": False}),
        (EITHER, {"faces": ["Ada"]}, {}),
        (EITHER, {"image_urls": [LINK]}, {"image_urls": [LINK], "faces": ["Ada"]}),
        (CUT, {"prompt": "A"}, {}),
        (CUT, {"multi": True, "cut": "mine"}, {"multi": True, "cut": "mine", "prompt": "A"}),
    ],
    ids=[
        *("a-bullet-tells-of-several-options", "a-value-far-below-a-range"),
        *("a-bullet-is-of-several-fields", "also-where-one-is-called-as-a-type-is"),
        *("a-field-and-its-value-as-json-has-them", "steps-below-the-fields"),
        *("a-default-in-brackets-ends-no-list", "a-rule-behind-its-reason"),
        *("bullets-below-a-condition", "a-word-beside-ratios-is-an-option"),
        *("one-value-of-a-switch-bars-the-other-field", "two-values-bar-a-field"),
        *("two-values-need-a-field", "a-value-or-its-absence-bars-a-field"),
        *("a-table-ahead-of-the-fields-says-how-many", "a-table-ahead-of-the-fields-bars-one"),
        *("a-kind-that-bars-a-text", "values-below-members-are-of-the-last"),
        *("a-bullet-says-more-of-the-option-of-a-member", "members-as-another-object-has-them"),
        *("an-id-is-a-uuid", "numbers-listed-as-options", "what-stands-after-a-slash-is-no-option"),
        *("without-an-item-a-field-is-needed", "with-one-it-is-not"),
        *("a-callout-is-about-the-field-it-begins-with", "values-in-quotes-and-code"),
        *("a-model-needs-both", "ids-of-models-with-what-they-are-for"),
        *("a-heading-says-required", "a-column-of-what-a-model-does-not-accept"),
        *("and-of-the-other-model", "a-row-bars-a-field", "a-row-needs-one-that-another-lacks"),
        *("a-row-bars-one-beside-another", "then-is-what-the-clause-before-said"),
        *("members-are-those-of-the-objects-that-have-them", "a-kind-of-a-frame-needs-its-member"),
        *("some-member-of-an-object", "a-member-bars-a-switch"),
        *("a-switch-on-by-default-is-left-out", "and-so-it-is-when-it-would-be-off"),
        *("a-callout-needs-one-of-two", "both-in-its-next-sentence-are-those"),
        *("needed-unless-an-option-and-so-without-one", "and-barred-with-that-option"),
    ],
)
def test_what_is_said_in_a_place_is_meant(
    text: str, right: dict[str, Any], wrong: dict[str, Any]
) -> None:
    assert judged(text, right)
    assert not judged(text, wrong)


def test_a_type_may_be_spelled_as_html_has_it() -> None:
    stated = [(f.field, f.keyword, f.value) for f in read_page(MEMBERS, "lyra-1").facts]
    assert ("clips.url", "format", "uri") in stated


def test_a_heading_that_is_a_condition_holds_for_the_bullets_below_it() -> None:
    rows = "| `draft` | boolean | no | `false` | A quick look, see [draft](#draft) |"
    below = "### draft\nWhen it is on (true):\n\n- `prompt` is required\n"
    text = page(rows, below=below)
    assert judged(text, {})
    assert judged(text, {"draft": True, "prompt": "A"})
    assert not judged(text, {"draft": True})


def test_a_sentence_that_can_not_be_meant_as_a_whole_requires_nothing() -> None:
    rows = "| `image` | object | no | - | A picture |"
    said = FIELDS.replace("What it sings", "Required, except for image-to-video requests")
    text = f"{HEAD}{said.rstrip()}\n{rows}\n"
    assert judged(text, {})
    asked = [(note.field, note.reason) for note in read_page(text, "lyra-1").unread]
    assert asked == [("prompt", AT_ODDS)] * 2  # what it requires, and what it bars


@pytest.mark.parametrize(
    ("words", "rule"),
    [
        (
            "a_urls, b_urls and c_urls may hold at most 9 files in total",
            {"count": ["a_urls", "b_urls", "c_urls"], "maximum": 9},
        ),
        (
            "a_urls and b_urls may hold at most 9 files in total",
            {"count": ["a_urls", "b_urls"], "maximum": 9},
        ),
        (
            "When c_urls is given, a_urls and b_urls may hold at most 4 files in total",
            {"count": ["a_urls", "b_urls"], "maximum": 4, "with": "c_urls"},
        ),
        (
            "Without c_urls, a_urls and b_urls together must not exceed 4",
            {"count": ["a_urls", "b_urls"], "maximum": 4, "without": "c_urls"},
        ),
        (
            "传入 c_urls 时,a_urls 与 b_urls 合计不超过 4 个",
            {"count": ["a_urls", "b_urls"], "maximum": 4, "with": "c_urls"},
        ),
        (
            "有 c_urls 时,a_urls 与 b_urls 之和不得超过 4",
            {"count": ["a_urls", "b_urls"], "maximum": 4, "with": "c_urls"},
        ),
    ],
    ids=[
        *("three-lists", "two-lists", "with-another", "without-another"),
        *("with-another-zh", "having-another-zh"),
    ],
)
def test_a_total_counts_every_list_that_is_named(words: str, rule: dict[str, Any]) -> None:
    """Of the requests that the sentence means: all, or those with another field or without it."""
    rows = "\n".join(f"| `{name}_urls` | string[] | no | - | URLs |" for name in "abc")
    text = page(rows.replace("URLs |", f"URLs. {words} |", 1))
    assert [f.value for f in read_page(text, "lyra-1").facts if f.keyword == "total"] == [rule]


def test_a_total_is_smaller_when_another_field_is_given() -> None:
    """The same lists are counted twice: in every request, and in those with that field."""
    words = "a_urls and b_urls may hold 7 files in total, or 4 in total when c_urls is given"
    rows = "\n".join(f"| `{name}_urls` | string[] | no | - | URLs |" for name in "abc")
    text = page(rows.replace("URLs |", f"URLs. {words} |", 1))
    rule = {"count": ["a_urls", "b_urls"], "maximum": 7}
    totals = [f.value for f in read_page(text, "lyra-1").facts if f.keyword == "total"]
    assert totals == [rule, rule | {"maximum": 4, "with": "c_urls"}]


LED = """
| `kind` | string | yes | - | `ode`, `pun` or `air` |
| `image_urls` | string[] | no | - | Pictures |
| `video_url` | string | no | - | A video |
| `seconds` | integer | no | - | 1 to 30 |
"""
LEADS = {
    "brackets": "双关(kind=pun):必须设置 prompt;不能设置 image_urls 和 video_url",
    "bold": "**双关(`pun`)** 先唱后说。此模式必须提供 `prompt`。"
    "提供 `image_urls` 或 `video_url` 的请求会被拒绝。",
    "values": "kind 为 pun 时:必须提供 prompt;不能传 image_urls 或 video_url",
    "english": "kind = pun: sung at once; requires prompt; do not send image_urls or video_url",
}


@pytest.mark.parametrize("words", LEADS.values(), ids=LEADS)
@pytest.mark.parametrize(
    ("body", "right"),
    [
        ({"kind": "pun", "prompt": "A fox"}, True),
        ({"kind": "pun"}, False),
        ({"kind": "pun", "prompt": "A fox", "image_urls": [LINK]}, False),
        ({"kind": "pun", "prompt": "A fox", "video_url": LINK}, False),
        ({"kind": "ode", "image_urls": [LINK], "video_url": LINK}, True),
    ],
    ids=["whole", "without-what-it-needs", "with-the-first", "with-the-second", "another-kind"],
)
def test_a_lead_is_said_of_the_whole_line(words: str, body: dict[str, Any], *, right: bool) -> None:
    assert judged(page(LED, below=words), body) is right


ERRORS = {
    "zh": """## 常见错误
| 触发条件 | 错误信息 |
| --- | --- |
| kind 为 pun，且没有 prompt | prompt missing |
| kind 为 pun 或 ode，且带有 video_url | no video |
| kind 为 ode，且 image_urls 多于 2 个 | too many |
| kind 为 air，且 image_urls 与 video_url 都没有 | nothing to sing of |
""",
    "en": """## Errors
| Code | Returned when |
| --- | --- |
| 1001 | `kind` is `pun` and there is no `prompt` |
| 1002 | there is a `video_url` although `kind` is `pun` |
| 1003 | there is a `video_url` although `kind` is `ode` |
| 1004 | `kind` is `ode` and `image_urls` has more than 2 items |
| 1005 | The service is busy |
""",
    "conditions": """## 附加条件
| 当…… | 要求 |
| --- | --- |
| `kind` = `pun` | 有 `prompt`；无 `video_url` |
| `kind` = `ode` | 无 `video_url`；`image_urls` 项数 ≤ 2 |
""",
}


@pytest.mark.parametrize("table", ERRORS.values(), ids=ERRORS)
@pytest.mark.parametrize(
    ("body", "right"),
    [
        ({"kind": "pun", "prompt": "A fox"}, True),
        ({"kind": "pun"}, False),
        ({"kind": "pun", "prompt": "A fox", "video_url": LINK}, False),
        ({"kind": "ode", "image_urls": [LINK] * 2}, True),
        ({"kind": "ode", "image_urls": [LINK] * 3}, False),
        ({"kind": "air", "image_urls": [LINK] * 3}, True),
        ({"kind": "air", "video_url": LINK}, True),
    ],
    ids=["pun", "pun-bare", "pun-video", "ode-two", "ode-three", "air-three", "air-video"],
)
def test_a_table_of_what_is_refused_says_the_rules(
    table: str, body: dict[str, Any], *, right: bool
) -> None:
    assert judged(page(LED, below=table), body) is right
