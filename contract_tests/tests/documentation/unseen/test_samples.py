"""A page's own requests are accepted, and what it shows as errors refused; or it is asked."""

from __future__ import annotations

from json import dumps

import pytest

from contract_tests.referees.spec_mock_client import SpecReferee
from contract_tests.tests.documentation.base import BASE
from contract_tests.tests.documentation.unseen.labelled import PAGES
from documentation.changing.review import Review, review_text
from overlays.openapi import CREATE

pytestmark = pytest.mark.usefixtures("read_here")
PAGE = "vole-5"
SHOWN = '{"model": "vole-5", "prompt": "A vole"'


def reviewed(*replaced: tuple[str, str]) -> Review:
    text = (PAGES / f"{PAGE}.txt").read_text("utf-8")
    for old, new in replaced:
        assert old in text
        text = text.replace(old, new, 1)
    return review_text(text, PAGE, "", BASE)


def asked(review: Review) -> list[str]:
    """The questions that samples raise."""
    return [
        f"{each.where}: {each.means}"
        for each in review.questions
        if "sample" in each.means or each.says.startswith("shown as")
    ]


def accepts(review: Review, **fields: object) -> bool:
    body = {"model": PAGE, "prompt": "A vole", **fields}
    return SpecReferee(review.proposal.after).judge(CREATE, body).accepted


def test_a_sentence_that_refuses_the_page_s_own_sample_is_asked_about_and_binds_nothing() -> None:
    many = [f"https://example.com/{number}.png" for number in range(4)]
    plain, wrong = reviewed(), reviewed(('"quality": "720p"', f'"reference_urls": {dumps(many)}'))
    assert not accepts(plain, reference_urls=many) and not asked(plain)
    assert accepts(wrong, reference_urls=many)
    [question] = asked(wrong)
    assert question.startswith("request reference_urls: its own sample is refused by it")
    assert not wrong.stands, "the page is taken all the same"


def test_a_rule_between_fields_that_a_sample_breaks_is_asked_about_and_binds_nothing() -> None:
    last = "https://example.com/last.png"
    wrong = reviewed(('"quality": "720p"', f'"last_frame": "{last}"'))
    assert not accepts(reviewed(), last_frame=last) and accepts(wrong, last_frame=last)
    [question] = asked(wrong)
    assert question.startswith("request last_frame: its own sample is refused by it")


def test_a_count_that_a_sample_breaks_is_asked_about_and_binds_nothing() -> None:
    shown = {"reference_urls": ["https://example.com/1.png"], "roles": ["body", "face"]}
    said = "reference_urls and roles may hold at most 2 files in total"
    rule = "As many entries as reference_urls: what each picture is for", said
    wrong = reviewed(rule, ('"quality": "720p"', dumps(shown)[1:-1]))
    assert not accepts(reviewed(rule), **shown) and accepts(wrong, **shown)
    [question] = asked(wrong)
    assert question.startswith("request reference_urls: its own sample is refused by it")


def test_a_rule_that_a_sample_made_of_all_fields_breaks_is_asked_about_and_holds() -> None:
    last = "https://example.com/last.png"
    texts = {"audio_language": "en", "negative_prompt": "dark", "quality": "720p"}
    rest = texts | {"last_frame": last, "duration": 5, "audio": True, "roles": ["body"]}
    rest["callback_url"] = "https://example.com/hook"
    wrong = reviewed(('"quality": "720p"', dumps(rest)[1:-1]))
    assert not accepts(wrong, last_frame=last)
    [question] = asked(wrong)
    assert question.startswith("request (the page as a whole): it is refused")


def test_a_sample_that_the_schema_lines_refuse_is_asked_about() -> None:
    wrong = reviewed(('"prompt": "A vole in the reeds"', '"prompt": 7'))
    [question] = asked(wrong)
    assert question.startswith("request prompt: it is refused")
    assert not accepts(wrong, prompt=7)


@pytest.mark.parametrize(
    ("fields", "is_asked"),
    [('"audio": true', True), ('"duration": 6', False)],
    ids=["accepted", "refused"],
)
def test_what_a_page_shows_as_an_error_has_to_be_refused(fields: str, is_asked: bool) -> None:
    shown = f"This request is rejected:\n\n{SHOWN}, {fields}}}\n\nBody\n\napplication/json"
    review = reviewed(("Body\n\napplication/json", shown))
    assert asked(review) == (
        ["request (the page as a whole): it is accepted; perhaps a limit, perhaps nothing"]
        if is_asked
        else []
    )


def test_the_question_about_a_sample_is_kept_with_the_page() -> None:
    wrong = reviewed(('"prompt": "A vole in the reeds"', '"prompt": 7'))
    assert ("request", "prompt") in [(each.location, each.field) for each in wrong.file.open]
