"""Rules between fields in words: in the spec, to who breaks one, and where spec and page part."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest

from contract_tests.tests.conftest import some
from contract_tests.tests.documentation.base import BASE
from contract_tests.tests.documentation.unseen.labelled import PAGES, bodies, labelled_pages
from documentation.changing.drift import changes
from documentation.changing.review import Review, review_text
from documentation.checking.expected import expected_of, variants_of
from documentation.checking.saying import differences
from documentation.checking.section import sections_of
from documentation.checking.spec import read_spec
from documentation.checking.variant_schema import schema_of
from documentation.commands import prose_lines
from documentation.conflicts import parsed
from documentation.fact import Fact
from foxapi_video import checking
from foxapi_video.violations import Violation, violations_of
from overlays.openapi import dereferenced

pytestmark = pytest.mark.usefixtures("read_here")
RESOLUTIONS, ADDRESSES = ["720p", "1080p"], ["https://example.com/a.png"]
KINDS: dict[str, dict[str, Any]] = {
    "model": {"type": "string", "enum": ["ibis-1", "ibis-lite"], "required": True},
    "prompt": {"type": "string"},
    "resolution": {"type": "string", "enum": RESOLUTIONS, "default": "720p"},
    "duration": {"type": "integer"},
    "sound": {"type": "boolean"},
    "image_urls": {"type": "array", "items": "string"},
    "camera": {"type": "object"},
    "camera.pan": {"type": "integer"},
    "camera.zoom": {"type": "integer"},
    "shots": {"type": "array", "items": "object"},
    "shots.text": {"type": "string"},
    "shots.style": {"type": "string", "enum": ["still", "moving pictures"]},
}
FIELDS = [(name, key, value) for name, said in KINDS.items() for key, value in said.items()]


def mode(field: str, value: Any, **more: Any) -> tuple[str, str, Any]:
    needs = {name.replace("_dot_", "."): limits for name, limits in more.pop("needs").items()}
    given = {"given": value} if isinstance(value, bool) and field != "sound" else {"name": value}
    return field, "mode", {**given, "needs": needs, **more}


def refusals(rule: tuple[str, str, Any], **body: Any) -> list[Violation]:
    """What the client says of a body of a page with that rule and these fields."""
    facts = [Fact("ibis", "request", *each, "prose") for each in (*FIELDS, rule)]
    whole = {"model": "ibis-1", **body}
    for variant in variants_of(expected_of(facts, "request", [])):
        if whole["model"] in variant.models:
            schema = schema_of(variant.fields)
            return [*violations_of(schema, checking._compiled(schema).iter_errors(whole))]
    raise AssertionError(whole)


SHOT = {"text": "a", "style": "still"}
BROKEN: dict[str, tuple[tuple[str, str, Any], dict[str, Any]]] = {
    "the body: prompt and sound exclude each other": (
        ("prompt", "excludes", "sound"),
        {"prompt": "a", "sound": True},
    ),
    "the body: sound needs prompt": (("sound", "together", ["prompt"]), {"sound": True}),
    "the body: sound needs prompt or shots": (
        ("sound", "together", ["prompt", "shots"]),
        {"sound": True},
    ),
    "the body: at least one of prompt, shots is needed": (
        ("prompt", "oneNeeded", ["prompt", "shots"]),
        {},
    ),
    "camera: with camera, at least one of camera.pan, camera.zoom is needed": (
        ("camera.pan", "oneNeeded", ["camera.pan", "camera.zoom"]),
        {"camera": {}},
    ),
    "camera: camera.pan and camera.zoom exclude each other": (
        ("camera.pan", "excludes", "camera.zoom"),
        {"camera": {"pan": 1, "zoom": 1}},
    ),
    "the body: with resolution 1080p, duration is one of 5, 8": (
        mode("resolution", "1080p", needs={"duration": {"enum": [5, 8]}}),
        {"resolution": "1080p", "duration": 9},
    ),
    "the body: with resolution 720p or without it, duration is at most 8": (
        mode("resolution", "720p", needs={"duration": {"maximum": 8}}),
        {"duration": 9},
    ),
    "the body: with sound true, image_urls is needed and has 2 to 3 items": (
        mode("sound", True, needs={"image_urls": {"minItems": 2, "maxItems": 3}}),
        {"sound": True},
    ),
    "the body: with sound true, image_urls is needed, and prompt has to be left out": (
        mode("sound", True, needs={"image_urls": {"minItems": 1}, "prompt": {"maxItems": 0}}),
        {"sound": True, "image_urls": ADDRESSES, "prompt": "a"},
    ),
    "the body: without prompt, image_urls is needed": (
        mode("prompt", False, needs={"image_urls": {"required": True}}),
        {},
    ),
    "the body: with prompt, resolution 1080p is needed": (
        mode("prompt", True, needs={"resolution": {"enum": ["1080p"], "required": True}}),
        {"prompt": "a"},
    ),
    "the body: for model ibis-lite, with resolution 1080p and with sound true, duration is 5": (
        mode(
            *("resolution", "1080p"),
            needs={"duration": {"enum": [5]}},
            models=["ibis-lite"],
            beside=[{"field": "sound", "name": True}],
        ),
        {"model": "ibis-lite", "resolution": "1080p", "sound": True, "duration": 6},
    ),
    "shots[1]: in each item of shots, style and text exclude each other": (
        ("shots.text", "excludes", "shots.style"),
        {"shots": [{"text": "a"}, SHOT]},
    ),
    'shots[1]: in each item of shots, with style "moving pictures", text is needed': (
        mode("shots.style", "moving pictures", needs={"shots_dot_text": {"required": True}}),
        {"shots": [SHOT, {"style": "moving pictures"}]},
    ),
    "the body: with shots.style still, sound is false": (
        mode("shots.style", "still", needs={"sound": {"enum": [False]}}),
        {"shots": [SHOT], "sound": True},
    ),
}


@pytest.mark.parametrize("said", BROKEN, ids=BROKEN)
def test_who_breaks_a_rule_between_fields_is_told_the_rule(said: str) -> None:
    rule, body = BROKEN[said]
    [found] = refusals(rule, **body)
    assert str(found) == said and found.keyword == "not"
    assert found.allowed.endswith(found.problem)


def test_who_breaks_several_is_told_each_and_no_other() -> None:
    rules = [("prompt", "excludes", "sound"), ("sound", "together", ["shots"])]
    facts = [Fact("ibis", "request", *each, "prose") for each in (*FIELDS, *rules)]
    facts.append(Fact("ibis", "request", "camera", "excludes", "shots", "prose"))
    [variant] = variants_of(expected_of(facts, "request", []))
    schema = schema_of(variant.fields)
    body = {"model": "ibis-1", "prompt": "a", "sound": True}
    found = violations_of(schema, checking._compiled(schema).iter_errors(body))
    assert [each.problem for each in found] == [
        "prompt and sound exclude each other",
        "sound needs shots",
    ]


def reviewed(page: str, *replaced: tuple[str, str]) -> Review:
    [file] = [each for each in labelled_pages() if each.stem == page]
    text = file.read_text("utf-8")
    for old, new in replaced:
        assert old in text
        text = text.replace(old, new)
    return review_text(text, page, "", BASE)


WITH_RULES = [
    *("kling-o1", "caracal-4", "luma-ray-3-b", "pyrite-5.5", "genet-2.5", "seedance-2.0-b"),
    *("kling-3.0-omni", "hailuo-02", "happyhorse-1.1-reference-to-video", "wan-2.7-video-edit-b"),
]


@pytest.mark.parametrize("page", some(WITH_RULES, 3))
def test_each_rule_of_an_accepted_page_has_words_that_its_breakers_are_told(page: str) -> None:
    review, told = reviewed(page), 0
    schemas = [
        dereferenced(review.proposal.after, each) for each in mine(review, review.proposal.after)
    ]
    for schema in schemas:
        for rule in schema["not"].get("anyOf", [schema["not"]]):
            assert rule["description"], rule
    for body in (each.body for each in bodies(PAGES / f"{page}.bodies") if not each.accepted):
        for schema in schemas:
            found = violations_of(schema, checking._compiled(schema).iter_errors(body))
            rules = [each for each in found if each.keyword == "not"]
            assert all("not allowed here" not in str(each) for each in rules), rules
            told += len(rules)
    assert told


def parted(review: Review, rules: dict[str, Any]) -> list[str]:
    """What docs-check says of a spec whose first variant has other rules."""

    def said(document: dict[str, Any]) -> list[str]:
        sections = sections_of([review.file], read_spec(document), parsed(review.choices))
        return [str(each) for section in sections for each in differences(section)]

    after = copy.deepcopy(review.proposal.after)
    next(mine(review, after))["not"] = rules
    known = said(review.proposal.after)
    return [line for line in said(after) if line not in known]


def mine(review: Review, document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The variants of a page that have rules between fields."""
    for schema in document["components"]["schemas"].values():
        if schema.get("x-documentation-page") == review.file.page and "not" in schema:
            yield schema


def test_only_the_rule_in_which_spec_and_page_part_is_said() -> None:
    review = reviewed("caracal-4")
    rule = next(mine(review, review.proposal.after))["not"]
    other = {"description": "prompt and seed exclude each other", "required": ["prompt", "seed"]}
    said = "the page says that with resolution 1080p, duration is 8; Caracal4Request does not"
    assert parted(review, other)[:1] == [f"caracal-4 resolution mode: {said}"]
    [added] = parted(review, {"anyOf": [rule, other]})
    assert "Caracal4Request says that prompt and seed exclude each other" in added
    bare = {key: value for key, value in rule.items() if key != "description"}
    assert parted(review, bare) == [], "words mean nothing for validity"


def test_a_change_of_a_rule_is_told_in_words() -> None:
    before = reviewed("caracal-4")
    after = reviewed("caracal-4", ("a duration of 8 seconds", "a duration of 4 seconds"))
    assert changes(before.file, after.file) == [
        "request resolution: no longer: with resolution 1080p, duration is 8",
        "request resolution: now: with resolution 1080p, duration is 4",
    ]
    [line] = [each for each in prose_lines(after) if "1080p, duration" in each]
    assert line.startswith("request with resolution 1080p, duration is 4 <- 1080p requires")
