"""Pages written for these tests, in the site's layouts, against what people say they state.

Each `.expected` file was written before the reader first saw its page, so the two can disagree.
"""

from __future__ import annotations

import dataclasses
from datetime import date
from pathlib import Path

import pytest

from contract_tests.tests.documentation.base import FACTS, STANDINS
from contract_tests.tests.documentation.reading.expectation import (
    PAGES,
    expected_facts,
    page_file,
    read_file,
    stated_facts,
)
from documentation import facts_files
from documentation.fact import KEYWORDS
from documentation.facts_files import Ignored, dump, ignored_statements, load_file, of_reading
from documentation.page_names import page_name
from documentation.reading.page import read_page

EXPECTED = sorted(PAGES.rglob("*.expected"))


def name(path: Path) -> str:
    return str(page_file(path).relative_to(PAGES))


@pytest.mark.parametrize("expected", EXPECTED, ids=name)
def test_every_fact_is_found(expected: Path) -> None:
    missed = expected_facts(expected) - stated_facts(read_file(page_file(expected)))
    assert not missed


@pytest.mark.parametrize("expected", EXPECTED, ids=name)
def test_no_fact_is_invented(expected: Path) -> None:
    invented = stated_facts(read_file(page_file(expected))) - expected_facts(expected)
    assert not invented


def test_every_fact_is_about_a_keyword_of_the_list() -> None:
    pages = [*map(page_file, EXPECTED), *STANDINS]
    assert {fact.keyword for page in pages for fact in read_file(page).facts} <= {*KEYWORDS}


def test_windows_line_ends_and_invisible_characters_change_nothing() -> None:
    page = PAGES / "sora-2.txt"
    text = page.read_text("utf-8")
    dressed = "\ufeff" + text.replace("\n", "\u200b\r\n")
    assert read_page(dressed, "sora-2").facts == read_file(page).facts


def test_samples_and_examples_state_no_constraint() -> None:
    reading = read_file(PAGES / "seedance-2.0-reference-to-video.txt")
    assert {f.keyword for f in reading.facts if f.stated == "sample"} == {"example"}
    assert not [
        f
        for f in reading.facts
        if f.field == "duration" and f.value == -1 and f.keyword != "example"
    ]


def test_facts_stand_in_page_order_and_once() -> None:
    facts = read_file(PAGES / "hailuo-02.txt").facts
    fields = [f.field for f in facts if f.location == "request" and f.stated == "schema"]
    assert list(dict.fromkeys(fields))[:5] == [
        "model",
        "prompt",
        "duration",
        "resolution",
        "first_frame_image",
    ]
    assert len({f.identity for f in facts}) == len(facts)


def test_a_sentence_that_no_rule_understands_is_a_question() -> None:
    page = PAGES / "seedance-2.0-reference-to-video.txt"
    text = page.read_text("utf-8").replace("Up to 9 images", "Images and videos: 12 altogether")
    reading = read_page(text, "seedance")
    assert [note.field for note in reading.unread] == ["image_urls"]
    assert "altogether" in reading.unread[0].sentence


def test_a_limit_that_no_request_shows_is_ignored_with_its_reason() -> None:
    ignored = {n.sentence: n.reason for n in read_file(PAGES / "hailuo-02.txt").ignored}
    assert ignored["at most 20MB"] == "file size"


def test_fences_and_tables_are_those_of_markdown() -> None:
    page = """Written as:
````text
```yaml
openapi: 3.1.0
```
````
<Tab>
    ~~~YAML POST /a
    openapi: 3.1.0
    paths: {/a: {post: {requestBody: {content: {a/json: {schema:
      {properties: {size: {type: string, description: "Options:\\n
        Value | Note\\n:- | -\\n`wide` | 16:9 \\\\| 21:9\\n`tall` | (default)\\nAs is."}}}}}}}}}
    ~~~
</Tab>
"""
    reading = read_page(page, "clips")
    assert (reading.method, reading.path) == ("POST", "/a")
    assert [(fact.keyword, fact.value) for fact in reading.facts] == [
        ("type", "string"),
        ("enum", ["wide", "tall"]),
        ("default", "tall"),
    ]


NAMELESS = """Authorizations
##Send a key##
Authorization: Bearer YOUR_API_KEYBody
The model to run
"otter-1"
Words for the scene
800"An otter floats"
Shape of the picture
1:1, 16:9 "1:1"
How long it runs
3 <= x <= 155
Pictures to start from
Note:
- Image quantity:
2images (1 image as the start, 2 images as both ends) - Size: no more than \n10MB
2["https://example.com/a.png"]Address to tell
- Only HTTPS links are accepted
"https://example.com/hook"
Response
Accepted
When it began
1757165031
Kind of task
video.generation.task How far it is (0-100)
0 <= x <= 1000
More
What it makes
text, video "video"
"""


def test_a_page_without_names_asks_for_them() -> None:
    reading = read_page(NAMELESS, "otter")
    named = [(location, field) for location, field, _ in reading.unnamed]
    assert named == [
        *(("request", f"?{n}") for n in range(1, 7)),
        *(("response", f"?{n}") for n in range(1, 6)),
    ]
    assert reading.unnamed[1][2] == "Words for the scene"


def test_names_given_once_are_used() -> None:
    names = {"request": ["model", "prompt", "size", "duration", "image_urls", "callback_url"]}
    reading = read_page(NAMELESS, "otter", names)
    said = {(f.field, f.keyword): f.value for f in reading.facts if f.stated != "sample"}
    assert said["prompt", "maxLength"] == 800
    assert said["size", "enum"] == ["1:1", "16:9"]
    assert (said["duration", "minimum"], said["duration", "maximum"]) == (3, 15)
    assert said["duration", "example"] == 5
    assert (said["image_urls", "minItems"], said["image_urls", "maxItems"]) == (1, 2)
    assert said["callback_url", "https"] is True
    assert [location for location, _, _ in reading.unnamed] == ["response"] * 5
    model = [f for f in reading.facts if f.field == "model" and f.keyword == "enum"]
    assert [f.value for f in model] == [["otter-1"]]


def test_a_facts_file_keeps_why_something_is_no_fact_and_not_its_words(tmp_path: Path) -> None:
    page = PAGES / "hailuo-02.txt"
    text = page.read_text("utf-8")
    reading = read_file(page)
    path = tmp_path / "hailuo-02.yaml"
    read = of_reading(reading, text, None, "")
    path.write_text(dump(read), "utf-8")
    assert date.fromisoformat(load_file(path).read) == date.fromisoformat(read.read)
    kept = ignored_statements(tmp_path)["hailuo-02"]
    assert Ignored("request", "first_frame_image", "file size") in kept
    assert len(kept) == len(set(kept)) > 1
    assert {note.field for note in kept} == {note.field for note in reading.ignored}
    sentences = [note.sentence for note in reading.ignored if len(note.sentence) > 20]
    assert sentences and not [each for each in sentences if each in path.read_text("utf-8")]


def test_the_pages_say_what_no_request_can_show() -> None:
    ignored = ignored_statements(FACTS)["veo3.1-fast.frames"]
    assert Ignored("request", "image_urls", "file size") in ignored


ESCAPED = r"""# Lyra

## Body

### model

`string` · required

`lyra-1`

### ode\_list

`object[]`

A list of 1 to 3 odes:

* `ode\_url` (string\<uri>, required) — Where it is
* `kind` (enum\<string>, default `calm`) — `calm` sings it slowly, `wild` as it comes

No two odes may share a kind.

### song\_urls

`string<uri>[]`

Up to 2 songs
"""


def test_names_with_escaped_signs_and_what_stands_above_members() -> None:
    facts = {(f.field, f.keyword): f.value for f in read_page(ESCAPED, "lyra-1").facts}
    assert (facts["ode_list", "minItems"], facts["ode_list", "maxItems"]) == (1, 3)
    assert facts["ode_list.ode_url", "format"] == "uri" == facts["song_urls", "format"]
    assert facts["ode_list.kind", "enum"] == ["calm", "wild"]
    assert facts["ode_list", "total"] == {
        "count": ["ode_list.kind"],
        "of": "wild",
        "maximum": 1,
    }
    assert facts["song_urls", "items"] == "string"


@pytest.mark.parametrize("page", STANDINS, ids=lambda page: page.stem)
def test_a_stand_in_says_what_its_page_says(page: Path) -> None:
    text, name = page.read_text("utf-8"), page_name(page.name)
    known = facts_files.load(name, FACTS)
    assert known is not None
    reading = read_page(text, name, known.names)
    assert reading.facts == known.facts
    assert not reading.unread and not reading.unnamed
    file = facts_files.of_reading(reading, text, known, known.address)
    # Of the page that it stands for, and of no day.
    read = dataclasses.replace(file, sha256=known.sha256, read="")
    assert facts_files.dump(read) == facts_files.dump(known)


@pytest.mark.parametrize("page", STANDINS, ids=lambda page: page.stem)
def test_the_committed_facts_are_those_of_the_stand_in_or_of_a_later_edition(page: Path) -> None:
    base = facts_files.load(page_name(page.name), FACTS)
    committed = facts_files.load(page_name(page.name))
    assert base is not None and committed is not None
    of_no_day = dataclasses.replace(committed, read="")
    is_same = facts_files.dump(of_no_day) == facts_files.dump(base)
    assert is_same is (committed.sha256 == base.sha256)
