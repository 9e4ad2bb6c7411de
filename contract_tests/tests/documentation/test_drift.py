"""When a page changes: what is said, what is proposed, and what accepting it does."""

from __future__ import annotations

import dataclasses
import difflib
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from contract_tests.tests.documentation.base import CONFLICTS, base_files
from contract_tests.tests.documentation.checkout import (
    HORSE,
    HORSE_MARKDOWN,
    LATER,
    WAN,
    Made,
    edition,
    snapshot,
    spec_of,
    valid,
)
from contract_tests.tests.documentation.reading.expectation import PAGES
from contract_tests.tests.spec.redocly import bundle_by_redocly
from documentation import facts_files
from documentation.changing.accept import accept, run_make
from documentation.changing.drift import effects
from documentation.changing.review import Review, review
from documentation.commands import review_lines
from documentation.conflicts import load_conflicts
from documentation.editing import overlay as overlays
from documentation.editing.splice import rewritten
from documentation.fact import Fact, PageError
from overlays import yaml_text

pytestmark = pytest.mark.usefixtures("read_here")


def test_a_change_is_said_in_words(checkout: Path) -> None:
    assert review(str(LATER), "", checkout).changes() == [
        "request field renamed: video is now video_url "
        "(almost surely: it says the same, and the name is 71% alike)",
        "request field gone: advanced",
        "new request field: auto_fix (type boolean, nullable true)",
        "new request field: safety_tolerance (type integer, nullable true, minimum 1, maximum 6)",
        "new request field: negative_prompt (type string, nullable true)",
        "new request field: seed (type integer, nullable true, minimum 0, maximum 4294967295)",
    ]


def test_options_and_bounds_are_said_in_words(checkout: Path, tmp_path: Path) -> None:
    accept(review(str(HORSE), "", checkout), checkout, Made())
    page = edition(
        tmp_path,
        ("720p,\n1080p", "1080p,\n4k"),
        ("from 3 to 15", "from 3 to 12"),
        ("3 <= x <= 15", "3 <= x <= 12"),
        ("default:1080p", "default:4k"),
        ("string length: 2500", "string length: 900"),
    )
    result = review(page, "", checkout)
    assert result.changes() == [
        "request prompt: at most 900 characters now, 2500 before",
        "request duration: at most 12 now, 15 before",
        "request resolution: default 4k now, 1080p before",
        "request resolution: lost the option 720p",
        "request resolution: gained the option 4k",
    ]
    assert not result.proposal.left
    accept(result, checkout, Made())
    body = {"model": "happyhorse-1.0-text-to-video", "prompt": "x" * 900, "resolution": "4k"}
    assert valid(checkout, body | {"duration": 12})
    assert not valid(checkout, body | {"duration": 13})
    assert not valid(checkout, body | {"prompt": "x" * 901})
    assert not valid(checkout, body | {"resolution": "720p"})


def test_the_same_page_changes_nothing(checkout: Path) -> None:
    accept(review(str(LATER), "", checkout), checkout, Made())
    again = review(str(LATER), "", checkout)
    assert again.changes() == []
    assert again.proposal.overlay["actions"] == []


def test_accepting_brings_facts_spec_and_client_in_line(checkout: Path) -> None:
    made = Made()
    accept(review(str(LATER), "", checkout), checkout, made)
    assert made.targets == ["docs-check", "generate", "exported", "probes PAGE=veo-3.1-extend"]
    assert (checkout / "generated" / "client.py").read_text() == "new = True\n"
    body = {"model": "veo-3.1-extend", "prompt": "p", "video_url": "https://example.com/v.mp4"}
    assert valid(checkout, body | {"seed": None, "safety_tolerance": 6})
    assert not valid(checkout, body | {"safety_tolerance": 7})
    assert not valid(checkout, body | {"video": "https://example.com/v.mp4"})
    examples = spec_of(checkout)["paths"]["/v1/videos/generations"]["post"]["requestBody"]
    example = examples["content"]["application/json"]["examples"]["Veo31ExtendRequest"]["value"]
    assert valid(checkout, example)


@pytest.mark.parametrize("page", [HORSE, HORSE_MARKDOWN], ids=["text", "markdown"])
def test_a_new_model_becomes_a_variant(checkout: Path, page: Path) -> None:
    accept(review(str(page), "", checkout), checkout, Made())
    body = {"model": "happyhorse-1.0-text-to-video", "prompt": "p"}
    assert valid(checkout, body | {"duration": 15, "seed": None, "enable_safety_checker": True})
    for wrong in ({"duration": 16}, {"aspect_ratio": "21:9"}, {"prompt": None}, {"extra": 1}):
        assert not valid(checkout, body | wrong)
    assert "Happyhorse10TextToVideoRequest" in spec_of(checkout)["components"]["schemas"]


def test_modes_become_variants_that_exclude_each_other(checkout: Path) -> None:
    result = review(str(WAN), "", checkout)
    assert result.proposal.left == []
    accept(result, checkout, Made())
    body = {"model": "wan-2.5-image-to-video"}
    one, two = ["https://example.com/a.png"], ["https://example.com/a.png"] * 2
    assert valid(checkout, body | {"image_urls": one})
    assert valid(checkout, body | {"image_urls": two, "generation_type": "first-last-frame"})
    assert valid(checkout, body | {"video_url": "https://example.com/v.mp4", "image_urls": None})
    assert not valid(checkout, body | {"image_urls": two, "generation_type": "image-to-video"})
    assert not valid(checkout, body | {"image_urls": one, "video_url": "https://example.com/v"})
    lite = {"model": "wan-2.5-lite-image-to-video", "image_urls": one}
    assert valid(checkout, lite)
    assert not valid(checkout, lite | {"audio_mode": "none"})
    voiced = body | {"image_urls": one, "audio_mode": "auto"}
    assert valid(checkout, voiced | {"audio_url": "https://example.com/a.mp3"})
    assert not valid(checkout, voiced), "one value of a field that is no selector needs another"
    assert valid(checkout, voiced | {"audio_mode": "none"})


def test_a_mode_of_a_member_and_a_member_that_excludes_are_rules(checkout: Path) -> None:
    result = review(str(PAGES / "kling-v3-text-to-video.txt"), "", checkout)
    assert result.proposal.left == []
    accept(result, checkout, Made())
    body = {"model": "kling-v3-text-to-video"}
    shots = [{"index": 1, "prompt": "p", "duration": "3"}]
    assert valid(checkout, body | {"prompt": "p", "model_params": {"multi_shot": False}})
    assert not valid(checkout, body | {"model_params": {"multi_shot": False}})
    assert valid(checkout, body | {"model_params": {"multi_shot": True, "multi_prompt": shots}})
    assert not valid(checkout, body | {"prompt": "p", "model_params": {"multi_prompt": shots}})


def test_a_field_of_the_answer_that_only_this_page_lists_is_added(checkout: Path) -> None:
    result = review(str(PAGES / "seedance-2.0-reference-to-video.txt"), "", checkout)
    assert result.proposal.left == []
    after = yaml.safe_load(
        rewritten((checkout / "openapi.yaml").read_text("utf-8"), result.proposal.overlay)
    )
    answer = after["components"]["schemas"]["VideoTask"]["properties"]
    assert answer["results"]["items"]["properties"]["url"]["format"] == "uri"
    assert answer["usage"]["properties"]["credits_reserved"]["minimum"] == 0


def test_fields_that_exclude_each_other_are_refused_together(checkout: Path) -> None:
    result = review(str(PAGES / "sora-2.txt"), "", checkout)
    assert result.proposal.left == []
    accept(result, checkout, Made())
    body = {"model": "sora-2", "prompt": "p"}
    assert valid(checkout, body | {"remix_id": "v"})
    both = {"remix_id": "v", "image_urls": ["https://example.com/a.png"]}
    assert not valid(checkout, body | both)
    assert not valid(checkout, body | {"watermark": True})
    assert valid(checkout, body | {"model": "sora-2-pro", "watermark": True})
    hook = {"callback_url": "https://10.0.0.1/hook"}
    assert not valid(checkout, body | hook)


@pytest.mark.parametrize("page", [LATER, HORSE, WAN], ids=lambda page: page.stem)
def test_untouched_lines_stay(checkout: Path, page: Path) -> None:
    before = (checkout / "openapi.yaml").read_text("utf-8")
    overlay = review(str(page), "", checkout).proposal.overlay
    after = rewritten(before, overlay)
    lines = list(difflib.ndiff(before.splitlines(), after.splitlines()))
    gone = [line[2:].strip() for line in lines if line.startswith("- ")]
    assert not [line for line in gone if line.startswith("#")]
    assert len(gone) < 12, gone
    assert yaml.safe_load(after) == yaml_text.load(after), "old and new YAML readers agree"


@pytest.mark.parametrize("page", [LATER, HORSE, WAN], ids=lambda page: page.stem)
def test_the_overlay_means_the_same_to_redocly(checkout: Path, page: Path) -> None:
    overlay = review(str(page), "", checkout).proposal.overlay
    mine = spec_of(checkout)
    overlays.apply(mine, overlay)
    assert bundle_by_redocly(checkout / "openapi.yaml", overlay) == mine


def test_what_is_replaced_in_an_entry_of_a_list_keeps_its_dash() -> None:
    text = "any:\n  - needs: [a] # why\n    more: 1\n  - needs: [b]\n"
    actions = [overlays.remove("any", 0, "needs"), overlays.update({"needs": ["c"]}, "any", 0)]
    after = rewritten(text, overlays.document_of("a change", actions))
    assert after == "any:\n  - needs: [c]\n    more: 1\n  - needs: [b]\n"


def test_what_is_changed_inside_brackets_writes_the_outermost_again() -> None:
    text = "any:\n  if: {has: {one: true}, needs: [one]}\n  else: {has: {list: [1]}}\n  more: 1\n"
    actions = [
        overlays.remove("any", "if", "has", "one"),
        overlays.update({"has": {"two": True}}, "any", "if"),
        overlays.remove("any", "if", "needs", 0),
        overlays.update("two", "any", "if", "needs"),
        overlays.update(2, "any", "else", "has", "list"),
    ]
    after = yaml_text.load(rewritten(text, overlays.document_of("a change", actions)))
    changed = {"if": {"has": {"two": True}, "needs": ["two"]}, "else": {"has": {"list": [1, 2]}}}
    assert after == {"any": changed | {"more": 1}}


def test_any_name_and_any_value_can_be_changed() -> None:
    old = {"it's": {"a\\b": 1, '\n"é': {"x": 1}, "list": ["a"], "word": "w"}, "gone]['": 1}
    new = {"it's": {"a\\b": {"y": 2}, '\n"é': [1], "list": "a", "word": ["w", None]}}
    actions = overlays.between(old, new)
    overlays.apply(old, overlays.document_of("a change", actions))
    assert old == new
    for action in actions:
        steps = overlays.steps_of(action["target"])
        assert overlays.target_of(*steps) == action["target"]


@pytest.mark.parametrize("step", ["docs-check", "generate", "exported", "probes"])
def test_a_failure_leaves_everything_as_it_was(checkout: Path, step: str) -> None:
    before = snapshot(checkout)
    for page in (LATER, HORSE):
        with pytest.raises(PageError, match=f"make {step} failed"):
            accept(review(str(page), "", checkout), checkout, Made(fail_at=step))
        assert snapshot(checkout) == before


def test_an_interrupt_leaves_everything_as_it_was(checkout: Path) -> None:
    before = snapshot(checkout)

    def interrupted(root: Path, arguments: list[str]) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        accept(review(str(LATER), "", checkout), checkout, interrupted)
    assert snapshot(checkout) == before


def test_what_an_overlay_can_not_say_is_left_to_people(checkout: Path, tmp_path: Path) -> None:
    """No variant is without its model: nothing else tells it apart."""
    page = edition(
        tmp_path, ('"model": "happyhorse-1.0-text-to-video",', ""), ("\nmodel\n", "\nm\n")
    )
    result: Review = review(page, "", checkout)
    assert result.proposal.left and not result.open
    before = snapshot(checkout)
    with pytest.raises(PageError, match="the page names no model"):
        accept(result, checkout, Made())
    assert snapshot(checkout) == before


def test_names_given_once_are_kept(checkout: Path, tmp_path: Path) -> None:
    folder = checkout / "documentation" / "facts"
    known = facts_files.load("veo3.1-fast.frames", folder)
    assert known is not None
    page = tmp_path / "veo3.1-fast.frames.txt"
    page.write_text('Body\nThe model\n"veo3.1-fast"\nWords\n900"A cat"\nResponse\nDone\n"x"\n')
    result = review(str(page), "", checkout)
    assert result.file.names == known.names
    assert result.reading.unnamed == []


def test_what_fails_is_named_and_not_what_is_in_order(tmp_path: Path) -> None:
    lines = ("error-codes: 17 facts, 0 differences", "settled silence: x: y", "a b type: no; yes")
    recipe = "".join(f"\t@echo '{line}'\n" for line in lines)
    (tmp_path / "Makefile").write_text(f"docs-check:\n{recipe}\t@false\n", "utf-8")
    with pytest.raises(PageError, match="docs-check failed: a b type: no; yes"):
        run_make(tmp_path, ["docs-check"])


@pytest.mark.parametrize(
    ("keyword", "value", "meaning"),
    [
        ("maximum", 16, "request wider: {with 16} is valid now"),
        ("maximum", 14, "request narrower: {with 15} is no longer valid"),
        ("enum", [2, 16], "request wider: {with 16} is valid now and narrower: {with 3} is no "),
        ("default", 6, "request neither wider nor narrower"),
        # The same numbers, which the algebra does not count.
        ("enum", list(range(2, 16)), "request perhaps narrower"),
    ],
)
def test_what_a_change_means_to_users_is_said_with_a_body(
    keyword: str, value: Any, meaning: str
) -> None:
    page = "wan-2.7-image-to-video"
    [old] = [file for file in base_files() if file.page == page]
    kept = [f for f in old.facts if (f.field, f.keyword) != ("duration", keyword)]
    if value == [2, 16]:
        kept = [f for f in kept if f.field != "duration" or f.keyword not in ("minimum", "maximum")]
    new = dataclasses.replace(old, facts=[*kept, fact(page, "duration", keyword, value)])
    [effect] = effects(old, new, load_conflicts(CONFLICTS))
    bodies = re.sub(r'\{"duration": (\d+), [^{}]*\}', r"{with \1}", effect)
    assert bodies.startswith(meaning)


def test_a_new_option_of_an_answer_is_wider(checkout: Path) -> None:
    page = "get-task-detail"
    [old] = [file for file in base_files() if file.page == page]
    kept = [f for f in old.facts if (f.field, f.keyword) != ("object", "enum")]
    added = dataclasses.replace(
        fact(page, "object", "enum", ["video.generation.task", "image.generation.task", "another"]),
        location="response",
    )
    new = dataclasses.replace(old, facts=[*kept, added])
    assert effects(old, new, load_conflicts(CONFLICTS)) == [
        'response wider: {"object": "another"} is valid now and narrower: '
        '{"object": "audio.generation.task"} is no longer valid'
    ]
    assert effects(old, old, load_conflicts(CONFLICTS)) == []


def test_the_review_says_what_a_renamed_field_means(checkout: Path) -> None:
    result = review(str(LATER), "", checkout)
    lines = [line for line in review_lines(result) if line.startswith("for users: ")]
    assert lines == [f"for users: {effect}" for effect in result.effects]
    assert re.search(r'wider: \{[^}]*"video_url".* narrower: \{[^}]*"video":', lines[0])


def fact(page: str, field: str, keyword: str, value: Any) -> Fact:
    return Fact(page, "request", field, keyword, value, "schema")
