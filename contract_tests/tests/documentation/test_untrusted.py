"""Pages are untrusted: what one may claim, what it may be called, what accepting it touches."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from contract_tests.tests.documentation.base import base_files
from contract_tests.tests.documentation.checkout import (
    HORSE,
    HORSE_MARKDOWN,
    Made,
    edition,
    snapshot,
    spec_of,
    valid,
)
from contract_tests.tests.documentation.reading.expectation import PAGES
from documentation import facts_files
from documentation.changing import claims
from documentation.changing.accept import EXPORTED, accept
from documentation.changing.review import OWN, Review, review
from documentation.fact import Fact, PageError
from documentation.page_names import page_name
from documentation.reading.unfit import unfit

pytestmark = pytest.mark.usefixtures("read_here")
NAME = HORSE.stem
BODY = {"model": NAME, "prompt": "p"}


def called(name: str, page: str | Path) -> str:
    """The page in a file of another name beside it."""
    path = Path(page).with_name(name)
    path.write_bytes(Path(page).read_bytes())
    return str(path)


def refused(result: Review, root: Path) -> str:
    """Why a page is refused, which happens before anything is written or probed."""
    before, made = snapshot(root), Made()
    with pytest.raises(PageError) as refusal:
        accept(result, root, made)
    assert snapshot(root) == before and made.targets == []
    return str(refusal.value)


@pytest.fixture
def horse(checkout: Path, tmp_path: Path) -> Path:
    """A copy in which the first test page is known."""
    accept(review(str(HORSE), "", checkout), checkout, Made())
    return checkout


def test_a_page_that_claims_ids_of_a_known_one_is_refused_with_the_question(
    horse: Path, tmp_path: Path
) -> None:
    page = called("another.txt", edition(tmp_path, ("string length: 2500", "string length: 900")))
    assert refused(review(page, "", horse, edition_of=OWN), horse) == (
        f"it claims {NAME} of page {NAME}; both accept "
        f'{{"model": "{NAME}", "prompt": "A horse gallops over a frozen lake"}}; '
        f"is it a new edition of that page? if it is, accept it with EDITION_OF={NAME}"
    )


def test_a_page_confirmed_as_a_new_edition_is_taken_as_that_page(
    horse: Path, tmp_path: Path
) -> None:
    page = called("another.txt", edition(tmp_path, ("string length: 2500", "string length: 900")))
    facts = sorted((horse / "documentation" / "facts").iterdir())
    accept(review(page, "", horse, edition_of=NAME), horse, Made())
    assert sorted((horse / "documentation" / "facts").iterdir()) == facts
    assert not valid(horse, BODY | {"prompt": "x" * 901})


def test_of_two_pages_of_one_model_an_edition_is_of_the_one_far_more_like_it(
    checkout: Path, tmp_path: Path
) -> None:
    """veo3.1-fast is described by two pages, one for words and one for frames."""
    text = (PAGES / "standins" / "veo3.1-fast.txt").read_text("utf-8")
    renamed = text.replace('"image_url"', '"start_image_url"').replace("\nimage_url\n", "\nfirst\n")
    page = tmp_path / "saved-page-7.txt"
    page.write_text(renamed.replace('"start_image_url"', '"first"'), "utf-8")
    result = review(str(page), "", checkout)
    assert result.reading.page == "veo3.1-fast" and result.stands == []
    assert "taken as a new edition of page veo3.1-fast" in result.notes[0]
    files = base_files()
    [words, frames] = [
        next(f for f in files if f.page == p) for p in ("veo3.1-fast", "veo3.1-fast.frames")
    ]
    assert claims.edition_of(dataclasses.replace(frames, page="other"), files) is frames
    alike = [words, dataclasses.replace(words, page="copy")]
    assert claims.edition_of(words, alike) is None, "two that are alike: people have to say"


def test_only_a_known_page_has_a_new_edition(checkout: Path) -> None:
    with pytest.raises(PageError, match=r"^no page ../x is known, choose one of error-codes, "):
        review(str(HORSE), "", checkout, edition_of="../x")


def test_a_page_of_known_ids_whose_variants_are_disjoint_is_another_form(
    horse: Path, tmp_path: Path
) -> None:
    words = (("\nprompt\n", "\nwords\n"), ('"prompt":', '"words":'))
    page = called("another.txt", edition(tmp_path, *words))
    accept(review(page, "", horse, edition_of=OWN), horse, Made())
    assert valid(horse, BODY) and valid(horse, {"model": NAME, "words": "w"})
    assert not valid(horse, BODY | {"words": "w"})


def test_a_later_edition_that_claims_ids_of_another_page_is_refused(
    horse: Path, tmp_path: Path
) -> None:
    pony = tmp_path / "pony-1.0.txt"
    pony.write_text(HORSE.read_text("utf-8").replace(NAME, "pony-1.0"))
    accept(review(str(pony), "", horse), horse, Made())
    text = pony.read_text("utf-8")
    both = f"Options:\n\n  • pony-1.0 — Small\n  • {NAME} — Big"
    pony.write_text(text.replace("pony-1.0: turns words into a clip", both))
    assert f"it claims {NAME} of page {NAME}; both accept " in refused(
        review(str(pony), "", horse), horse
    )


@pytest.mark.parametrize(
    ("name", "question"),
    [
        ("veo-3.1-extend.txt", "it has the name of page veo-3.1-extend, whose veo-3.1-extend, "),
        ("Veo-3.1-EXTEND.txt", "page veo-3.1-extend is called so but for its letter case; "),
    ],
)
def test_a_page_named_as_a_known_one_of_other_ids_is_refused(
    checkout: Path, tmp_path: Path, name: str, question: str
) -> None:
    page = called(name, edition(tmp_path))
    said = refused(review(page, "", checkout), checkout)
    assert said.startswith(question) and "EDITION_OF=veo-3.1-extend" in said
    assert "\n" not in said


HOSTILE = (
    *("../../etc/passwd", "/etc/passwd", "..", "...", "", "-rf.txt", "--help", ".bashrc"),
    *("con.txt", "NUL", "aux.tar.md", "x" * 500, "视" * 90 + ".txt", "a\nb.txt", "a/../.."),
    *("a b'c;$(touch made).txt", "..\\..\\x.txt", "x...txt", "\u202egpj.txt"),
    "https://h/../../b.md?x=/../y#z",
)


@pytest.mark.parametrize("source", HOSTILE, ids=ascii)
def test_the_name_of_a_page_is_the_name_of_a_plain_file(source: str) -> None:
    name = page_name(source)
    assert name and name[0] not in ".-" and len(name.encode()) <= 110
    assert all(character.isalnum() or character in "._-" for character in name)
    assert page_name(name) == name
    assert facts_files.path_of(name, Path("facts")).parent == Path("facts")


@pytest.mark.parametrize(
    "name", ["-rf.txt", ".hidden.txt", "视" * 40 + ".txt", "a b'c;$(touch made).txt", "con.txt"]
)
def test_accepting_writes_facts_spec_client_and_names_alone(
    checkout: Path, tmp_path: Path, name: str
) -> None:
    before = snapshot(checkout)
    folder = tmp_path / "saved"
    folder.mkdir()
    page = folder / name
    page.write_bytes(HORSE.read_bytes())
    accept(review(str(page), "", checkout), checkout, Made())
    after = snapshot(checkout)
    changed = {path for path in after if after[path] != before.get(path)} - {f"saved/{name}"}
    facts = f"documentation/facts/{page_name(name)}.yaml"
    made = {"generated/client.py", "README.md", str(EXPORTED)}
    assert changed == {facts, "openapi.yaml", *made}
    assert set(before) <= set(after)


def test_a_page_without_a_name_is_refused(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = HORSE.read_text("utf-8")
    monkeypatch.setattr("documentation.changing.review.read_source", lambda source: text)
    said = refused(review("-", "", checkout), checkout)
    assert said == "standard input has no name: give the page's with --page"
    accept(review("-", "horse", checkout), checkout, Made())


ODD = ("a\x00b", "a\x1b[31m", "a\x7f", "a\x85b", "a\u2028b", "a\u202eb", "\ud800", "\ufeff")


@pytest.mark.parametrize("keyword", ["enum", "const", "default", "example", "onlyFor"])
def test_a_value_that_no_program_should_print_is_refused(keyword: str) -> None:
    for text in ODD:
        value = [text] if keyword in ("enum", "onlyFor") else {"a": [text]}
        fact = Fact("p", "request", "size", keyword, value, "schema")
        (line,) = unfit("p", [fact])
        assert line.startswith(f"request size {keyword} holds the character U+")
        assert line.isprintable()


def test_a_text_of_several_lines_is_no_option_and_may_be_a_default() -> None:
    def lines(keyword: str) -> list[str]:
        return unfit("p", [Fact("p", "request", "words", keyword, "one\n\ttwo\r\n", "schema")])

    assert lines("default") == lines("example") == []
    assert lines("const") == [
        "request words const holds the character U+000A, which no program should print"
    ]


@pytest.mark.parametrize("name", ["", "a b", "1a", "a..b", "é", "a\n", "a" * 65, "a." * 400 + "b"])
def test_a_field_without_a_plain_name_is_refused(name: str) -> None:
    (line,) = unfit("p", [Fact("p", "request", name, "type", "string", "schema")])
    assert "name" in line and line.isprintable() and len(line) < 120


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("aspect_ratio:", "3d:", "'3d' is no name for a field"),
        ("aspect_ratio:", "a.b.c:", "'a.b.c' is no name for a field"),
        ("aspect_ratio:", "提示:", "is no name for a field"),
        ("maxLength: 2500", "maxLength: 5000000000", "prompt maxLength 5000000000 is more than"),
        ("maxLength: 2500", "minLength: 50000000", "prompt minLength 50000000 is more than"),
    ],
)
def test_no_field_is_dropped_and_no_sample_is_endless(
    checkout: Path, tmp_path: Path, old: str, new: str, why: str
) -> None:
    page = tmp_path / "another.md"
    page.write_text(HORSE_MARKDOWN.read_text("utf-8").replace(old, new, 1), "utf-8")
    with pytest.raises(PageError, match=re.escape(why)):
        review(str(page), "", checkout)


def test_a_file_may_have_the_signs_of_an_address_in_its_name() -> None:
    assert page_name("saved/veo/#1.txt") == "_1" and page_name("a#b.txt") == "a_b"
    assert page_name("https://docs.example/veo.md?x#y") == "veo"


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda text: text.replace("720p", "72\u2066p"), id="an-option"),
        pytest.param(lambda text: text.replace("aspect_ratio", "a" * 65), id="a-field"),
    ],
)
def test_a_page_of_odd_characters_is_refused_or_read_without_them(
    checkout: Path, tmp_path: Path, change: Callable[[str], str]
) -> None:
    page = tmp_path / HORSE.name
    page.write_text(change(HORSE.read_text("utf-8")), "utf-8")
    result = review(str(page), "", checkout)
    if result.refused:
        refused(result, checkout)
    else:
        assert unfit(result.file.page, result.file.facts) == []


TEXTS = (
    *('a"b', "a'b", "\\", '\\"', '"""', "line\nline\n", "{{ x }}", "{% x %}", "${X}", "$(x)"),
    *("`x`", "# no comment", "a: b", "- a", "*a", "&a", "!!str a", "<<", "~", "null", "true"),
    *("1e3", "012", "2001-01-01", " lead", "trail ", "标准 𝄞", "---", "...", "%YAML", "@a"),
    *("0x1f", "1_000"),
)


def test_what_a_page_gives_as_values_is_written_as_it_is(checkout: Path, tmp_path: Path) -> None:
    known = "                prompt:\n"
    added = "".join(
        f"                text{n}:\n                  type: string\n"
        f"                  default: {json.dumps(text, ensure_ascii=False)}\n"
        for n, text in enumerate(TEXTS)
    )
    options = json.dumps(TEXTS[6:], ensure_ascii=False)
    listed = f"                mood:\n                  enum: {options}\n"
    page = tmp_path / HORSE_MARKDOWN.name
    text = HORSE_MARKDOWN.read_text("utf-8")
    page.write_text(text.replace(known, added + listed + known, 1), "utf-8")
    result = review(str(page), "", checkout)
    accept(result, checkout, Made())
    schema = spec_of(checkout)["components"]["schemas"]["Happyhorse10TextToVideoRequest"]
    fields = schema["properties"]
    assert [fields[f"text{n}"]["default"] for n in range(len(TEXTS))] == list(TEXTS)
    assert fields["mood"]["enum"] == list(TEXTS[6:])
    kept = facts_files.load(NAME, checkout / "documentation" / "facts")
    assert kept is not None and kept.facts == result.file.facts
    older = yaml.safe_load((checkout / "openapi.yaml").read_text("utf-8"))
    assert older == spec_of(checkout), "old and new YAML readers agree"
