"""Pages of markdown that people wrote without any OpenAPI document: how their fields are found."""

from __future__ import annotations

from typing import Any

import pytest

from contract_tests.tests.conftest import of_each
from contract_tests.tests.documentation.reading.expectation import schemas_of
from documentation.checking.variant_schema import valid
from documentation.fact import PageError
from documentation.reading.layouts.written import beside_name, type_named
from documentation.reading.page import read_page

SAMPLE = '```json\n{"model": "lyra-1", "mode": "fast", "steps": 8}\n```\n'
TABLE = """
# Lyra

{sample}
## Request headers
| Name | Required | Description |
| --- | --- | --- |
| Authorization | yes | `Bearer KEY` |

## Request body
| Parameter | Type | Required | Default | Description |
| --- | --- | --- | --- | --- |
| `model` | string | Yes | - | Always `lyra-1` |
| `mode` | string | No | `fast` | `fast` or `fine`, as you like |
| `steps` | integer | No | 20 | 2 to 40 |
| `mask` | object | No | - | Where to paint |

### The `mask` object
| Field | Type | Required | Description |
| --- | --- | --- | --- |
| `frame` | integer | Yes | Counted from the first |

## Response
| Field | Type |
| --- | --- |
| `status` | string |
"""
BULLETS = """
# Lyra

{sample}
## Body
- **`model`** `string`, required. Always `lyra-1`.
- **`mode`** `string`, defaults to `fast`. `fast` or `fine`.
- **`steps`** `integer`, defaults to 20, 2 to 40.
- **`mask`** `object`. Where to paint:
  - **`frame`** `integer`, required.

## Response
- `status` (string)
"""
HEADINGS = """
# Lyra

{sample}
## Parameters
### `model`
`string` - required

Always `lyra-1`.
### mode (string, default `fast`)
`fast` or `fine`.
### `steps`
integer, optional, defaults to 20

2 to 40
### `mask`
object

#### The mask object
| Name | Type | Required |
| --- | --- | --- |
| frame | integer | yes |

## Returns
### status
string
"""
TAGS = """
# Lyra

{sample}
## Body
<ParamField body="model" type="string" required>
  Always `lyra-1`.
</ParamField>
<ParamField body="mode" type="string" default="fast">
  `fast` or `fine`.
</ParamField>
<ParamField body="steps" type="integer" default="20">2 to 40</ParamField>
<ParamField body="mask" type="object">
  <ParamField body="frame" type="integer" required>
  </ParamField>
</ParamField>

## Response
<ResponseField name="status" type="string"></ResponseField>
"""
LABELLED = """
# Lyra

{sample}
## Body
### `model`
* **Type**: string, **required**
* Always `lyra-1`.
### `mode`
* **Type**: string, optional
* **Default**: `fast`
* `fast` or `fine`.
### `steps`
* **Type**: integer
* **Default**: `20`
* 2 to 40
### `mask`
* **Type**: object
#### The mask object
| Name | Type | Required |
| --- | --- | --- |
| frame | integer | yes |

## Response
- `status` (string)
"""
TABBED = """Lyra

Request body

Name\tType\tRequired\tDefault\tDescription
model\tstring\tYes\t-\tAlways lyra-1
mode\tstring\tNo\tfast\tfast or fine.
As you like.
steps\tinteger\tNo\t20\t2 to 40
mask\tobject\tNo\t-\tWhere to paint
mask.frame\tinteger\tYes\t-\tCounted from the first

Response

Name\tType
status\tstring
"""
BESIDE = """Lyra

Authorization  string  header  required
Bearer KEY

Body parameters

model · string · required
Always lyra-1.

mode · string · default fast
fast or fine.

steps  integer  default: 20
2 to 40

mask · object
Where to paint
    mask.frame · integer · required

Sample

import requests

print(requests.post(url, json={
    "model": "lyra-1",
    "mode": "fast",
    "loop": True,
}))

Response

status · string
"""
BELOW = """Lyra

Body 参数
application/json

model
string
必需
示例值:
lyra-1

mode
string
可选
枚举值:
fast
fine
默认值:
fast

steps
integer
可选
2 to 40
默认值:
20

mask
object
可选
  frame
  integer
  必需
  Counted from the first

返回响应

status
string
"""

NAMES = ["table", "bullets", "headings", "tags", "labelled-bullets", "tabs", "beside", "below"]


def _stated(text: str) -> dict[str, Any]:
    reading = read_page(text.replace("{sample}", SAMPLE), "lyra-1")
    return {
        f"{fact.location} {fact.field} {fact.keyword}": fact.value
        for fact in reading.facts
        if fact.keyword != "example"
    }


@pytest.mark.parametrize(
    "page", [TABLE, BULLETS, HEADINGS, TAGS, LABELLED, TABBED, BESIDE, BELOW], ids=NAMES
)
def test_fields_are_found_however_a_page_lays_them_out(page: str) -> None:
    said = _stated(page)
    assert said["request model required"] is True
    assert said["request mode enum"] == ["fast", "fine"]
    assert said["request mode default"] == "fast"
    assert (said["request steps minimum"], said["request steps maximum"]) == (2, 40)
    assert said["request steps default"] == 20
    assert said["request mask type"] == "object"
    assert said["request mask.frame required"] is True
    assert said["response status type"] == "string"
    assert not any(" Authorization " in name for name in said)


def test_a_table_in_the_prose_of_an_object_has_its_members() -> None:
    page = """Body
people
object[]
Whom to show
Field\tType\tRequired\tDescription
name\tstring\tyes\tHow the prompt calls them
photos\tstring[]\tno\tAt most 3 pictures
steps
integer
"""
    said = _stated(page)
    assert said["request people.name required"] is True
    assert said["request people.photos maxItems"] == 3
    assert "request people enum" not in said


def test_members_that_prose_names_and_the_page_shows_are_those_of_a_list() -> None:
    page = """Body
people
object[]
Whom to show. Each of them has photo (required, a picture URL) and age
age: between 1 and 99
Example:
[{"photo": "https://a.example/1.png", "age": 9}]
steps
integer
"""
    said = _stated(page)
    assert said["request people.photo required"] is True
    assert said["request people.age maximum"] == 99
    assert "request people required" not in said


def test_a_page_of_prose_alone_has_no_fields() -> None:
    with pytest.raises(PageError, match="no field"):
        read_page("# Lyra\n\n- **fast**: a tier\n\n| Tier | Price |\n| --- | --- |\n| a | 2 |", "p")


@of_each(
    [
        ("integer 或 null", ("integer",), ""),
        ("array of strings", ("array",), "string"),
        ("字符串数组", ("array",), "string"),
        ("object[]", ("array",), "object"),
        ("enum<string>", ("string",), ""),
        ("array of 1 to 3 URLs", ("array",), "string"),
    ]
)
def test_types_are_understood_in_words(text: str, types: tuple[str, ...], items: str) -> None:
    found = type_named(text)
    assert found is not None
    assert (found.types, found.items) == (types, items)


@of_each(
    [
        ("array of 1 to 3 URLs", {"minItems": 1, "maxItems": 3}),
        ("list of up to 5 strings", {"maxItems": 5}),
        ("array of 2 strings", {"minItems": 2, "maxItems": 2}),
    ]
)
def test_a_type_may_say_how_many_there_are(text: str, limits: dict[str, int]) -> None:
    found = type_named(text)
    assert found is not None
    assert {key: value for key, value in found.schema if key in ("minItems", "maxItems")} == limits


def test_what_is_required_under_a_condition_stays_prose() -> None:
    found = beside_name("`string`, required if `mode` is `fast`. Text")
    assert ("required", True) not in found.schema
    assert found.prose.startswith("required if")


_NOTED = """
# Lyra

```json
{"model": "lyra-1-slow", "hook": {"url": "https://a.example/1", "tries": 2}}
```

## Body

| Field | Type | Description |
| --- | --- | --- |
| `model` | string | `lyra-1-slow` or `lyra-1-fast` |
| `size` | string | Fast only. How large it is, see [All sizes](#all-sizes) |
| `song_url` | string | The song |
| `choir` | boolean | Whether there is a choir |
| `tempo` | integer | 3 or 5 |

### hook
`object`

Who is told.

- `url` - required, where that is
- `tries` - how often, at most 4

It is told once.

### All sizes

| Level | 16:9 | 9:16 |
| --- | --- | --- |
| 480p | `832*480` | `480*832` |

### Notes

- `song_url` together with `"choir": true` is an error.
- `tempo` must be 3 if `song_url` is given.
- 9 songs make an album.
"""


def test_what_stands_below_the_fields_is_said_of_those_that_it_names() -> None:
    reading = read_page(_NOTED, "lyra-1")
    said = {f"{f.field} {f.keyword} {f.value}" for f in reading.facts if f.stated == "prose"}
    assert "choir mode {'name': True, 'needs': {'song_url': {'maxItems': 0}}}" in said
    assert "song_url mode {'given': True, 'needs': {'tempo': {'enum': [3]}}}" in said
    assert [note.sentence for note in reading.unread] == ["9 songs make an album"]


def test_a_section_is_about_the_field_that_points_at_it() -> None:
    facts = {(f.field, f.keyword): f.value for f in read_page(_NOTED, "lyra-1").facts}
    assert facts["size", "enum"] == ["832*480", "480*832"]
    assert facts["size", "onlyFor"] == ["lyra-1-fast"]


def test_bullets_below_an_object_are_its_members_without_a_type_too() -> None:
    facts = {(f.field, f.keyword): f.value for f in read_page(_NOTED, "lyra-1").facts}
    assert (facts["hook.url", "type"], facts["hook.url", "required"]) == ("string", True)
    assert (facts["hook.tries", "type"], facts["hook.tries", "maximum"]) == ("integer", 4)


SECTIONS = """
# Lyra

```json
{{"model": "lyra-1", "prompt": "Rain", "seconds": 6, "make": "verse"}}
```

## Request body
| Field | Type | Required | Default | Description |
| --- | --- | --- | --- | --- |
| `model` | string | yes | - | `lyra-1` or `lyra-1-lite` |
| `prompt` | string | no | - | What it sings |
| `make` | string | yes | - | The kind, see [Kinds](#kinds) |
| `seconds` | integer | no | 6 | See [Lengths](#lengths) |
| `quality` | string | no | `low` | `low`, `mid` or `high` |
| `image_url` | string | no | - | A picture |
| `video_url` | string | no | - | A clip |
| `verses` | object[] | no | - | See [Verses](#verses) |

### Kinds
| make | Meaning | Inputs |
| --- | --- | --- |
| verse | With rhymes | no video_url |
| prose | Without them | {prose} |

### Lengths
{lengths}

### Verses
{verses}
"""
PLAIN = {
    "prose": "no image_url",
    "lengths": "2 to 10 seconds",
    "verses": "At most 3.",
}
ADDRESS = "https://example.com/a"


def judge(body: dict[str, Any], **said: str) -> bool:
    """Whether a body is what a page asks for that says this."""
    schemas = schemas_of(SECTIONS.format(**PLAIN | said))
    whole = {"model": "lyra-1", "make": "verse", **body}
    return any({*whole} <= {*each["properties"]} and valid(whole, each, {}) for each in schemas)


def test_a_section_says_more_of_the_field_that_sends_there() -> None:
    assert judge({"seconds": 10, "image_url": ADDRESS})
    assert not judge({"seconds": 11})
    assert not judge({"make": "prose", "image_url": ADDRESS})


def test_a_table_below_the_heading_of_a_list_has_the_members_of_its_items() -> None:
    table = (
        "| Member of a verse | Type | Required | Description |\n| --- | --- | --- | --- |\n"
        "| `text` | string | Yes | At most 9 characters |"
    )
    assert judge({"verses": [{"text": "Rain"}]}, verses=table)
    assert not judge({"verses": [{"text": "Rain " * 3}]}, verses=table)
    assert not judge({"verses": [{}]}, verses=table)
    assert not judge({"text": "Rain"}, verses=table)


def test_lengths_before_marks_of_each_model_are_those_that_there_are() -> None:
    table = "| Seconds | lyra-1 | lyra-1-lite |\n|---|---|---|\n| 4 | ✓ | ✓ |\n| 6 | ✓ | – |"
    assert judge({"seconds": 6}, lengths=table)
    assert not judge({"seconds": 5}, lengths=table)
    assert judge({"model": "lyra-1-lite", "seconds": 4}, lengths=table)
    assert not judge({"model": "lyra-1-lite", "seconds": 6}, lengths=table)


def test_rows_that_are_combinations_leave_what_some_row_has() -> None:
    table = (
        "| Model | Quality | Seconds |\n|---|---|---|\n| lyra-1 | low | 4, 6, 8 |\n"
        "| lyra-1 | mid, high | 4 |\n| lyra-1-lite | low, mid | 4, 6 |"
    )
    assert judge({"seconds": 8}, lengths=table)
    assert not judge({"seconds": 8, "quality": "high"}, lengths=table)
    assert not judge({"model": "lyra-1-lite", "seconds": 8}, lengths=table)
    assert judge({"model": "lyra-1-lite", "seconds": 6, "quality": "mid"}, lengths=table)
    assert not judge({"model": "lyra-1-lite", "seconds": 4, "quality": "high"}, lengths=table)
    assert not judge({"seconds": 5}, lengths=table)


def test_a_choice_of_inputs_beside_an_option_is_one_of_that_option() -> None:
    said = {"prose": "either image_url or video_url, never both"}
    prose = {"make": "prose"}
    assert judge({**prose, "image_url": ADDRESS}, **said)
    assert judge({**prose, "video_url": ADDRESS}, **said)
    assert not judge({**prose, "video_url": ADDRESS, "image_url": ADDRESS}, **said)
    assert not judge(prose, **said)
    assert judge({}, **said)


def test_an_id_that_is_spelled_in_words_has_a_pattern_where_the_page_shows_one() -> None:
    words = "The clip's id, `clip-` followed by four digits, e.g. `clip-1234`"
    page = SECTIONS.replace("| `image_url` | string | no | - | A picture |", "{clip}\n{image}")
    row = f"| `clip_id` | string | no | - | {words} |"
    image = "| `image_url` | string | no | - | A picture |"
    facts = read_page(page.format(**PLAIN, clip=row, image=image), "lyra-1").facts
    said = {fact.field: fact.value for fact in facts if fact.keyword == "pattern"}
    assert said == {"clip_id": "^clip-[0-9]{4}$"}


def test_what_may_have_a_few_fields_only_excludes_all_others() -> None:
    only = "Besides `model`, `make` and `prompt`, such a request may only have `image_url`."
    text = f"{PLAIN['verses']} {only}"
    verses: dict[str, Any] = {"verses": [{}]}
    assert judge({**verses, "prompt": "Rain", "image_url": ADDRESS}, verses=text)
    assert not judge({**verses, "video_url": ADDRESS, "make": "prose"}, verses=text)
    assert not judge({**verses, "seconds": 4}, verses=text)
    assert judge({"seconds": 4}, verses=text)


def test_it_is_the_value_of_which_a_sentence_spoke() -> None:
    said = {"lengths": "2 to 10 seconds.\n\n### quality\n`high` needs rhymes, so prose has it not."}
    said["lengths"] = said["lengths"].replace("prose has it not", "`prose` does not have it")
    assert judge({"make": "prose", "quality": "low"}, **said)
    assert not judge({"make": "prose", "quality": "high"}, **said)
    assert judge({"quality": "high"}, **said)


def test_a_section_of_one_model_says_whose_its_fields_are() -> None:
    table = (
        "At most 3.\n\n## Parameters of lyra-1-lite\n\n"
        "| Field | Type | Required | Description |\n| --- | --- | --- | --- |\n"
        "| `echo` | string | Yes | What comes back |"
    )
    assert judge({"model": "lyra-1-lite", "echo": "Rain"}, verses=table)
    assert not judge({"model": "lyra-1-lite"}, verses=table)
    assert not judge({"echo": "Rain"}, verses=table)


def test_a_paragraph_that_begins_with_a_field_says_more_of_it() -> None:
    text = "At most 3.\n\n## Notes\n\n**quality** for lyra-1-lite: `low` or `mid`."
    assert judge({"model": "lyra-1-lite", "quality": "mid"}, verses=text)
    assert not judge({"model": "lyra-1-lite", "quality": "high"}, verses=text)
    assert judge({"quality": "high"}, verses=text)


def test_a_field_of_a_value_or_a_list_is_asked_about_and_bound_by_nothing() -> None:
    page = SECTIONS.replace("| `image_url` | string |", "| `image_url` | string \\| object[] |")
    reading = read_page(page.format(**PLAIN), "lyra-1")
    assert not [f for f in reading.facts if f.field == "image_url" and f.keyword == "type"]
    assert "image_url" in {question.field for question in reading.unread}


def test_a_default_of_a_member_is_none_of_a_field_of_two_types() -> None:
    page = (
        "# Lyra\n\n## Body\n\n### model\n`string`, required\n\n`lyra-1`\n\n### rhymes\n"
        "`boolean or object`\n\nAn object sets them up:\n\n- `soft` – boolean, default `true`\n"
    )
    facts = read_page(page, "lyra-1").facts
    assert not [f for f in facts if (f.field, f.keyword) == ("rhymes", "default")]
