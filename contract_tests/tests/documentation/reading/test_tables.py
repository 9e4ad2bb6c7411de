"""What the cells of a table say, in words; what members, options and models a page lists."""

from __future__ import annotations

from typing import Any

import pytest

from contract_tests.tests.documentation.reading.expectation import schemas_of
from documentation.checking.variant_schema import valid
from documentation.reading.layouts.draft import Draft
from documentation.reading.layouts.members import with_members
from documentation.reading.layouts.options import take_apart
from documentation.reading.layouts.tabular.tables import Table, take_tables
from documentation.reading.page import read_page
from documentation.reading.prose.context import Context
from documentation.reading.prose.sentences import ProseReader


def first_model(line: str) -> str:
    return next((name for name in ("nova-1-pro", "nova-1-lite") if line.startswith(name)), "")


def table(*rows: str) -> Table:
    """The table that lines make whose rows begin with one of two models."""
    tables, left = take_tables([row.replace("|", "\t") for row in rows], first_model)
    assert not left
    return tables[0]


def test_models_may_stand_above_columns_between_bars_or_tabs() -> None:
    rows = ("Feature||nova-1-pro||nova-1-lite", "Tone||yes||no", "Lines||up to 9||up to 5")
    ruled = [row.replace("||", " | ") for row in (rows[0], "---||---||---", *rows[1:])]
    of_bars = take_tables([f"| {row} |" for row in ruled], first_model)
    of_tabs = take_tables([row.replace("||", "\t") for row in rows], first_model)
    assert of_bars == of_tabs
    assert "nova-1-lite: does not support tone" in of_bars[0][0].said


def test_a_price_limits_nothing() -> None:
    found = table("Model|Credits per second", "nova-1-pro|9", "nova-1-lite|5")
    assert found.rows == [("nova-1-pro", ""), ("nova-1-lite", "")]


def test_a_column_of_yes_and_no_says_who_lacks_what_it_names() -> None:
    found = table("Model|negative_prompt|Rhymes", "nova-1-pro|Yes|Yes", "nova-1-lite|No|No")
    lacks = "does not support negative_prompt; does not support rhymes"
    assert found.rows == [("nova-1-pro", ""), ("nova-1-lite", lacks)]


def test_a_column_that_says_more_than_yes_and_no_is_read_cell_by_cell() -> None:
    found = table("Model|Needs", "nova-1-pro|prompt", "nova-1-lite|no")
    assert found.rows == [("nova-1-pro", "requires prompt"), ("nova-1-lite", "no")]


def test_sizes_beside_what_a_field_may_be_are_remarks() -> None:
    found = table(
        "Model|720p|1080p", "nova-1-pro|1280x720|1920x1080", "nova-1-lite|960x540|not supported"
    )
    assert found.rows == [("nova-1-pro", ""), ("nova-1-lite", "not supported with 1080p")]


def members(*lines: str) -> dict[str, list[tuple[str, object]]]:
    """The members of a list of objects whose prose has these lines."""
    draft = Draft("request", "lines", ("array",), "object", [("type", "array")], list(lines))
    return {each.name: each.schema for each in with_members([draft], {})[1:]}


def test_rows_that_have_no_head_are_members() -> None:
    found = members(
        "The lines:", "verse\tstring\trequired\tIts words", "foot\tinteger\toptional\t-"
    )
    assert found == {
        "lines.verse": [("type", "string"), ("required", True)],
        "lines.foot": [("type", "integer")],
    }


def test_bullets_with_a_type_are_members() -> None:
    found = members(
        "One line", "• verse (string, required): its words", "• foot (integer): how many"
    )
    assert ("required", True) in found["lines.verse"]
    assert ("type", "integer") in found["lines.foot"]


def test_all_members_are_needed_where_that_is_said_of_all() -> None:
    rows = ("verse\tstring\tIts words", "foot\tinteger\tHow many")
    found = members("Each has two fields, both of them required:", *rows)
    assert all(("required", True) in schema for schema in found.values())
    found = members("Both fields are required when it rains:", *rows)
    assert not any(("required", True) in schema for schema in found.values())


def test_a_number_of_seconds_has_its_unit_in_the_head() -> None:
    rows = ["模型\t时长(秒)", "nova-1-pro\t1 - 9 的整数,默认 5", "nova-1-lite\t仅 5"]
    tables, _ = take_tables(rows, lambda line: line if line.startswith("nova-1") else "")
    assert tables[0].rows == [("nova-1-pro", "only 1 - 9秒"), ("nova-1-lite", "only 5秒")]


def test_options_below_a_heading_are_of_those_that_it_names() -> None:
    draft = Draft("request", "size", ("string",), "", [("type", "string")], [])
    draft.prose = ["All models:", "• 480p: small", "• 720p: fair"]
    draft.prose += ["nova-1-pro only:", "• 1080p: large", "• 4k: huge"]
    draft.schema.append(("enum", ["480p", "720p", "1080p", "4k"]))
    options = [o for each in take_apart(draft, {"size"}).lists for o in each]
    glosses = {o.value: o.gloss for o in options}
    only = {"1080p": "large; only nova-1-pro", "4k": "huge; only nova-1-pro"}
    assert glosses == {"480p": "small", "720p": "fair"} | only


def test_models_are_called_by_what_they_do() -> None:
    model = Draft("request", "model", ("string",), "", [("type", "string")], [])
    model.prose = [
        "Options:",
        "- nova-1-a: 诗歌朗诵,慢",
        "- nova-1-b: 诗歌朗诵,快",
        "- nova-1-c: 押韵",
    ]
    context = Context([model])
    [(start, end, ids)] = context.models_told_in("押韵时不能传")
    assert (start, end, ids) == (0, 2, ["nova-1-c"])
    assert context.models_told_in("两个诗歌朗诵模型均可")[0][2] == ["nova-1-a", "nova-1-b"]
    assert not context.models_told_in("押韵时长")


def test_what_holds_with_any_picture_holds_in_whichever_field_it_is() -> None:
    names = ("image_url", "reference_image_urls")
    drafts = [Draft("request", n, ("string",), "", [("type", "string")], []) for n in names]
    sung = Draft("request", "sung", ("string",), "", [("type", "string"), ("enum", ["a-1", "b-2"])])
    reader = ProseReader("nova", Context([*drafts, sung]))
    sung.prose = [
        "As soon as a request contains an image of any kind, a-1 is the only value accepted"
    ]
    reader.context = Context([*drafts, sung])
    facts = reader.read(sung).facts
    assert {fact.field for fact in facts if fact.keyword == "mode"} == {*names}


def test_a_row_may_be_about_several_options() -> None:
    lines = ["Value\tMeaning", "soft_1, soft_2\tQuiet", "loud_1, loud_2\tNot so"]
    draft = Draft("request", "tone", ("string",), prose=lines)
    (options,) = take_apart(draft, {"tone"}).lists
    assert [option.value for option in options] == ["soft_1", "soft_2", "loud_1", "loud_2"]


@pytest.mark.parametrize(
    ("cell", "needs"), [("拥抱2 张", (2, 2)), ("登场1 张或 2 张", (1, 2)), ("飞翔1-3 张", (1, 3))]
)
def test_a_glued_cell_says_how_many_pictures_a_template_needs(
    cell: str, needs: tuple[int, int]
) -> None:
    lines = ["模板说明图片数量", f"hug{cell}", "fly飞向天空1 张"]
    draft = Draft(
        "request", "template", ("string",), prose=lines, schema=[("enum", ["hug", "fly"])]
    )
    pictures = Draft("request", "image_urls", ("array",), "string")
    found = ProseReader("page", Context([draft, pictures])).read(draft)
    limits = {"minItems": needs[0], "maxItems": needs[1]}
    wanted = {"name": "hug", "needs": {"image_urls": limits}}
    assert wanted in [fact.value for fact in found.facts if fact.keyword == "mode"]


def test_a_mode_that_is_written_as_words_are_is_no_option() -> None:
    lines = ["• Ode-to-verse: only soft", "• Pun-to-verse: only loud"]
    draft = Draft("request", "tone", ("string",), prose=lines, examples=["soft"])
    assert take_apart(draft, {"tone"}).sentences == [line.removeprefix("• ") for line in lines]


def video_page(said: str) -> set[tuple[str, str, object]]:
    """What a sentence about a length says, on a page that has videos and pictures, too."""
    length = Draft("request", "length", ("integer",), prose=[said])
    rest = [Draft("request", name, ("array",), "string") for name in ("video_urls", "image_urls")]
    found = ProseReader("page", Context([length, *rest])).read(length)
    assert not found.unread
    return {(fact.field, fact.keyword, str(fact.value)) for fact in found.facts}


def test_what_is_said_of_editing_is_said_of_requests_with_a_video() -> None:
    assert video_page("Not supported for video editing") == {("length", "excludes", "video_urls")}


def test_the_two_are_the_fields_that_were_named_before() -> None:
    said = "video_urls 与 image_urls 至少提供一个;可同时提供,两者总数不超过 5 个"
    both = {"count": ["video_urls", "image_urls"], "maximum": 5}
    assert ("video_urls", "total", str(both)) in video_page(said)


def test_rows_that_begin_with_models_are_no_options() -> None:
    lines = ["Options:", "• nova-1: soft, loud (default)", "• nova-2: soft"]
    draft = Draft("request", "tone", ("string",), schema=[("enum", ["soft", "loud"])], prose=lines)
    assert take_apart(draft, {"tone"}, {"nova-1", "nova-2"}).lists == []


def test_options_may_be_named_by_the_heading_that_they_stand_below() -> None:
    lines = [
        "Lone odes:",
        "• hymn: one",
        "• song: two",
        "Twin odes:",
        "• duet: three",
        "• pair: four",
    ]
    kind = Draft("request", "kind", ("string",), prose=lines, examples=["hymn", "duet"])
    kind.schema = [("enum", ["hymn", "song", "duet", "pair"])]
    prose = ["Lone odes: exactly 1 image", "Twin odes: exactly 2 images"]
    images = Draft("request", "image_urls", ("array",), "string", prose=prose)
    tone = Draft("request", "tone", ("string",), prose=["Only supported by twin odes"])
    reader = ProseReader("page", Context([kind, images, tone]))
    needs = [
        (fact.value["name"], *fact.value["needs"].items())
        for draft in (images, tone)
        for fact in reader.read(draft).facts
        if fact.keyword == "mode"
    ]
    counted = [("hymn", 1), ("song", 1), ("duet", 2), ("pair", 2)]
    assert needs == [
        *((name, ("image_urls", {"minItems": n, "maxItems": n})) for name, n in counted),
        *((name, ("tone", {"maxItems": 0})) for name in ("hymn", "song")),
    ]


ALIKE = """
# Lyra

```bash
curl https://api.example/v1/videos/generations \\
  -d '{"model": "lyra-1", "frames": {"frame0": {"kind": "ode", "text": "Rain"}}}'
```

## Request body
| Field | Type | Required | Description |
| --- | --- | --- | --- |
| `model` | string | Yes | Always `lyra-1`. |
| `frames` | object | No | See [Frames](#frames) |
| `moods` | array of objects | No | Each entry has a `tone` (string, required) that says how |

### Frames
Give `frame0` or `frame1`. Each is an object:

| Field | Type | Required | Description |
| --- | --- | --- | --- |
| `kind` | string | Yes | `ode` or `pun` |
| `tune` | string | No | Only `slow` is supported. |
| `text` | string | With `ode` | What it says. Must not be given with `pun` |

They must match the moon phase of 3 cities.
"""


def test_objects_side_by_side_have_the_members_of_one_table() -> None:
    (schema,) = schemas_of(ALIKE)

    def judge(**more: Any) -> bool:
        return valid({"model": "lyra-1", **more}, schema, {})

    assert judge(frames={"frame0": {"kind": "ode", "text": "Rain"}, "frame1": {"kind": "pun"}})
    assert judge(frames={"frame1": {"kind": "ode", "text": "Rain"}})
    assert not judge(frames={"frame1": {"kind": "ode"}})
    assert not judge(frames={"frame1": {"kind": "pun", "text": "Rain"}})
    assert not judge(frames={"frame0": {"kind": "rain"}})


def test_what_follows_the_table_is_said_of_the_object_around_them() -> None:
    assert {each.field for each in read_page(ALIKE, "lyra-1").unread} == {"frames"}


def test_what_alone_is_supported_is_the_one_value() -> None:
    (schema,) = schemas_of(ALIKE)
    for tune, accepted in (("slow", True), ("fast", False)):
        frames = {"frame0": {"kind": "pun", "tune": tune}}
        assert valid({"model": "lyra-1", "frames": frames}, schema, {}) == accepted


def test_what_each_entry_has_is_a_member_of_the_list() -> None:
    (schema,) = schemas_of(ALIKE)
    assert valid({"model": "lyra-1", "moods": [{"tone": "soft"}]}, schema, {})
    assert not valid({"model": "lyra-1", "moods": [{}]}, schema, {})
    assert not valid({"model": "lyra-1", "moods": [{"tone": 1}]}, schema, {})
    assert not [each for each in read_page(ALIKE, "lyra-1").unread if each.field == "moods"]


CROSSED = """# Lyra

```json
{"model": "lyra-1", "kind": "ode"}
```

## Body
| Field | Type | Required | Description |
| --- | --- | --- | --- |
| `model` | string | yes | Always `lyra-1` |
| `kind` | string | yes | `ode`, `pun` or `air` |
| `prompt` | string | no | What it sings |
| `lines` | object[] | no | Lines |
| `lines[].text` | string | no | Its words |

"""
MATRICES = {
    "marks": """● must be sent, ○ can be sent, × must not be sent

| | `ode` | `pun` | `air` |
| --- | --- | --- | --- |
| `prompt` | ● | ○ | × |
| `lines` | ○ (1–4 items) | ×  | ● (2 items) |
""",
    "words-turned": """| `kind` | `prompt` | `lines` |
| --- | --- | --- |
| `ode` | required | optional, 1–4 items |
| `pun` | optional | not allowed |
| `air` | not allowed | required, 2 items |
""",
    "zh": """| kind | prompt | lines |
| --- | --- | --- |
| ode | 必填 | 可选，1–4 个 |
| pun | 可选 | 禁止 |
| air | 禁止 | 必填，2 个 |
""",
}


@pytest.mark.parametrize("matrix", MATRICES.values(), ids=MATRICES)
@pytest.mark.parametrize(
    ("body", "right"),
    [
        ({"kind": "ode", "prompt": "A fox"}, True),
        ({"kind": "ode"}, False),
        ({"kind": "ode", "prompt": "A fox", "lines": [{}] * 5}, False),
        ({"kind": "pun"}, True),
        ({"kind": "pun", "lines": [{}]}, False),
        ({"kind": "air", "lines": [{}] * 2}, True),
        ({"kind": "air", "lines": [{}]}, False),
        ({"kind": "air", "prompt": "A fox", "lines": [{}] * 2}, False),
    ],
    ids=["ode", "ode-bare", "ode-five", "pun", "pun-lines", "air", "air-one", "air-prompt"],
)
def test_a_table_crosses_the_values_of_a_field_with_others(
    matrix: str, body: dict[str, Any], *, right: bool
) -> None:
    body = {"model": "lyra-1", **body}
    schemas = [s for s in schemas_of(CROSSED + matrix) if {*body} <= {*s["properties"]}]
    assert any(valid(body, schema, {}) for schema in schemas) is right
