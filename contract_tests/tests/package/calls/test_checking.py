"""Judging a request before it is sent: what is allowed, and what people are told."""

from __future__ import annotations

import copy
import json
import random
import re
import sys
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import seed as hypothesis_seed
from hypothesis import strategies as st

from contract_tests.referees.samples import BODY, SAMPLES, SOME, VARIANTS
from contract_tests.tests.package.conftest import KEY
from foxapi_video import (
    FoxAPI,
    FoxAPIError,
    InvalidData,
    InvalidRequest,
    StoredFile,
    Task,
    check,
    violations,
)
from foxapi_video.checking import encode, index, variant
from foxapi_video.violations import page_of
from foxapi_video_client import models

WAN = {"model": "wan-2.7-image-to-video", "image_urls": ["https://example.com/a.png"]}
VEO = {"model": "veo3.1-fast", "prompt": "a fox"}
REFERENCE = {
    "model": "veo-3.1-reference-to-video",
    "prompt": "a fox",
    "reference_image_urls": ["https://example.com/a.png"],
}
EXTEND = {"model": "veo-3.1-extend", "prompt": "on", "video": "https://example.com/a.mp4"}


@pytest.fixture(scope="module")
def documented(spec: dict[str, Any]) -> jsonschema_rs.Validator:
    """The create body of openapi.yaml, judged by its oneOf alone."""
    body = spec["paths"]["/v1/videos/generations"]["post"]["requestBody"]
    schema = body["content"]["application/json"]["schema"]
    return jsonschema_rs.validator_for(
        {
            "$schema": spec["jsonSchemaDialect"],
            "oneOf": schema["oneOf"],
            "components": spec["components"],
        },
        validate_formats=True,
    )


@pytest.mark.usefixtures("of_base")
@pytest.mark.parametrize(
    ("body", "message"),
    [
        (WAN | {"duration": 16}, "duration: 16 is more than 15 (wan-2.7-image-to-video)"),
        (WAN | {"duration": 1}, "duration: 1 is less than 2 (wan-2.7-image-to-video)"),
        (WAN | {"duration": "5"}, "duration: '5' is not a whole number (wan-2.7-image-to-video)"),
        (
            WAN | {"prompt": "x" * 5001},
            "prompt: 5001 characters are more than 5000 (wan-2.7-image-to-video)",
        ),
        (
            {"model": WAN["model"]},
            "image_urls or video_url: is missing (wan-2.7-image-to-video)",
        ),
        (
            WAN | {"image_urls": ["a"] * 3},
            "image_urls: 3 items are more than 1; or 3 items are more than 2 "
            "(wan-2.7-image-to-video)",
        ),
        (
            WAN | {"generation_type": "first-last-frame"},
            "image_urls: 1 item is fewer than 2 (wan-2.7-image-to-video)",
        ),
        (VEO | {"size": "7:3"}, "size: '7:3' is not one of auto, 1:1, 2:3,"),
        (VEO | {"size": None}, "size: null is not text (veo3.1-fast)"),
        (VEO | {"sise": "auto"}, "sise: no such field; did you mean size? (veo3.1-fast)"),
        (
            VEO | {"aspect_ratio": "1:1"},
            "aspect_ratio: '1:1' is not one of 16:9, 9:16 (veo3.1-fast.frames)",
        ),
        (
            VEO | {"image_urls": ["http://a.example", 5]},
            "image_urls[1]: 5 is not text (veo3.1-fast.frames)",
        ),
        (
            VEO | {"image_url": "fox.png"},
            "image_url: 'fox.png' is not an http or https address such as https://",
        ),
        (
            WAN | {"image_urls": ["ftp://a.example/fox.png"]},
            "image_urls[0]: 'ftp://a.example/fox.png' is not an http or https address",
        ),
        ({"model": "veo3.1-fast"}, "prompt: is missing (veo3.1-fast)"),
        (REFERENCE | {"duration": 5}, "duration: 5 is not 8 (veo-3.1-reference-to-video)"),
        (
            REFERENCE | {"safety_tolerance": True},
            "safety_tolerance: true is not a whole number or null (veo-3.1-reference-to-video)",
        ),
        (EXTEND | {"duration": 8}, "duration: no such field (veo-3.1-extend)"),
        ({"model": "sora"}, "model: 'sora' is not one of veo3.1-fast, "),
        ({"prompt": "x"}, "model: is missing; it is one of veo3.1-fast, "),
        ([], "the body: a list of 0 items is not an object"),
        (None, "the body: null is not an object"),
    ],
)
def test_each_violation_is_told_in_words(body: Any, message: str) -> None:
    assert str(check(body)[0]).startswith(message)


@pytest.mark.usefixtures("of_base")
def test_all_violations_are_told_at_once() -> None:
    wrong = WAN | {"duration": 99, "seed": -1, "resolution": "8k", "colour": "red"}
    found = {violation.field: violation for violation in check(wrong)}
    assert set(found) == {"duration", "seed", "resolution", "colour"}
    assert found["duration"].allowed == "at most 15"
    assert found["duration"].given == "99"
    assert found["duration"].page == "wan-2.7-image-to-video"


@pytest.mark.usefixtures("of_base")
@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/hook",
        "https://localhost/hook",
        "https://127.0.0.1/",
        "https://user@10.1.2.3:8443/x",
        "https://192.168.0.1",
        "https://169.254.169.254/latest",
        "https://[::1]/",
        "HTTPS://LOCALHOST.",
    ],
)
def test_an_internal_callback_is_refused_without_showing_a_pattern(url: str) -> None:
    (violation,) = check(VEO | {"callback_url": url})
    assert violation.field == "callback_url"
    assert "[Hh]" not in str(violation) and "public https address" in str(violation)


@pytest.mark.usefixtures("of_base")
@pytest.mark.parametrize("url", ["https://10.example.com/", "https://172.32.0.1/x", "HTTPS://a.b"])
def test_a_public_callback_is_allowed(url: str) -> None:
    assert check(VEO | {"callback_url": url}) == []


@pytest.mark.usefixtures("of_base")
def test_a_long_value_is_shortened_and_a_prompt_is_never_dumped() -> None:
    secret = "the secret plot " * 400
    for body in (WAN | {"prompt": secret}, VEO | {"size": secret}, VEO | {secret: 1}):
        for violation in check(body):
            assert len(str(violation)) < 400 and secret not in str(violation)


@pytest.mark.usefixtures("of_base")
@pytest.mark.parametrize(
    "value",
    [float("nan"), float("inf"), {1: 2}, b"bytes", {1, 2}, Ellipsis, "\ud800", {"\ud800": 1}],
    ids=repr,
)
def test_what_is_no_json_is_refused(value: Any) -> None:
    body = VEO | {"model_params": {"x": value}}
    assert check(body)
    with pytest.raises(InvalidRequest):
        encode(body)


@pytest.mark.parametrize("body", [None, "text", 5, [1]], ids=repr)
def test_what_is_no_object_is_an_invalid_request(body: Any) -> None:
    with pytest.raises(InvalidRequest, match="is not an object"):
        encode(body)


@pytest.mark.usefixtures("of_base")
@pytest.mark.parametrize("model", ["veo-3.1-extend", "veo3.1-fast"])
def test_many_unknown_fields_take_no_more_steps_each_than_few(
    model: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Eight times the fields took 64 times as long: a body could keep a server busy."""
    searched: list[list[str]] = []

    def meant(name: str, known: list[str]) -> str:
        searched.append(known)
        return ""

    monkeypatch.setattr(violations, "meant", meant)

    def steps(count: int) -> int:
        body = {"model": model} | {f"field{number}": 1 for number in range(count)}
        events: list[str] = []
        sys.setprofile(lambda frame, event, argument: events.append(event))
        try:
            found = check(body)
        finally:
            sys.setprofile(None)
        assert len(found) > count
        return len(events)

    steps(10)
    searched.clear()
    assert steps(800) < 9 * steps(100)
    lists = {id(names) for names in searched}
    assert len(lists) == 2 * len(index()[model]), "made once for all fields of a body"


class Kind(str):
    """A kind of str, as numpy, Django and YAML libraries have."""


@pytest.mark.usefixtures("of_base")
def test_a_kind_of_str_is_judged_and_sent_as_the_text_that_it_is() -> None:
    body: dict[str, Any] = {"model": "wan-2.7-image-to-video", "duration": 5}
    body["image_urls"] = [Kind("https://example.com/a.png")]
    bodies: list[dict[str, Any]] = [body, {Kind(name): body[name] for name in body}]
    for allowed in bodies:
        assert check(allowed) == []
        assert json.loads(encode(allowed)[1]) == body
    with pytest.raises(InvalidRequest, match="16 is more than 15"):
        encode(body | {"image_urls": [Kind("https://example.com/a.png")], "duration": 16})


@pytest.mark.usefixtures("of_base")
def test_what_holds_itself_is_refused() -> None:
    body: dict[str, Any] = dict(VEO)
    body["model_params"] = body
    assert check(body)
    with pytest.raises(InvalidRequest):
        encode(body)


@pytest.mark.parametrize("name", SOME)
def test_a_model_is_judged_by_its_own_schema(name: str) -> None:
    """What fits another variant of the same page or model is no excuse."""
    made = getattr(models, name)
    body = SAMPLES[name]
    values, content = encode(made.from_dict(body))
    assert values == json.loads(content) == body, "what is left out stays out"
    for other in VARIANTS:
        mixed, own = body | SAMPLES[other], variant(name)
        if mixed.keys() - own.schema["properties"].keys() or own.validator.is_valid(mixed):
            continue
        with pytest.raises(InvalidRequest) as refused:
            encode(made.from_dict(mixed))
        assert {found.page for found in refused.value.violations} == {page_of(own.schema)}


def test_every_sample_of_the_documentation_is_allowed(spec: dict[str, Any]) -> None:
    body = spec["paths"]["/v1/videos/generations"]["post"]["requestBody"]
    examples = body["content"]["application/json"]["examples"]
    assert len(examples) == len({name for names in index().values() for name in names})
    for name, example in examples.items():
        assert check(example["value"]) == [], name
        assert variant(name).validator.is_valid(example["value"])


def test_it_agrees_with_the_documentation_on_mutated_samples(
    documented: jsonschema_rs.Validator, spec: dict[str, Any], seed: int
) -> None:
    body = spec["paths"]["/v1/videos/generations"]["post"]["requestBody"]
    samples = [e["value"] for e in body["content"]["application/json"]["examples"].values()]
    draw, values = random.Random(seed), _values()
    verdicts = [0, 0]
    for _ in range(6000):
        mutated = _mutated(draw, samples, values)
        allowed = documented.is_valid(mutated)
        verdicts[allowed] += 1
        assert (check(mutated) == []) == allowed, mutated
        try:
            encode(mutated)
            assert allowed, mutated
        except InvalidRequest as error:
            assert not allowed, mutated
            assert error.violations
    assert min(verdicts) > 1000, f"both verdicts are tried: {verdicts}"


_json = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**40), 2**40)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8"), max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(st.characters(codec="utf-8"), max_size=6), inner, max_size=3)
    ),
    max_leaves=5,
)


def test_it_agrees_with_the_documentation_on_any_json(
    documented: jsonschema_rs.Validator, seed: int
) -> None:
    names = sorted(
        {f for m in index().values() for n in m for f in variant(n).schema["properties"]}
    )
    models = st.sampled_from(sorted(index()))
    bodies = st.dictionaries(st.sampled_from(names), _json, max_size=4)

    @hypothesis_seed(seed)
    @settings(max_examples=400, deadline=None, database=None)
    @given(_json | st.builds(lambda body, model: body | {"model": model}, bodies, models))
    def agrees(body: Any) -> None:
        assert (check(body) == []) == documented.is_valid(body)

    agrees()


def _values() -> list[Any]:
    """Values of every kind, and those on both sides of each bound of each field."""
    values: list[Any] = [None, True, 0, 1, 8.0, -1, 5.5, "", "no address", [], {}, [None]]
    values += ["http://10.0.0.1/", "https://10.0.0.1/", "https://example.com/a.png"]
    values += [["https://example.com/a.png"] * 2, ["a"] * 3, "é" * 1000]
    for name in VARIANTS:
        for subschema in variant(name).schema["properties"].values():
            values += [
                *subschema.get("enum", []),
                *(subschema[key] for key in ("const",) if key in subschema),
            ]
            for keyword in subschema.keys() & {"minimum", "maximum"}:
                values += [subschema[keyword] + step for step in (-1, 0, 1)]
            if "maxLength" in subschema:
                values += ["x" * subschema["maxLength"], "x" * (subschema["maxLength"] + 1)]
    return list({json.dumps(value): value for value in values}.values())


def _mutated(
    draw: random.Random, samples: list[dict[str, Any]], values: list[Any]
) -> dict[str, Any]:
    """A sample with members dropped, changed, or taken from other samples."""
    body = copy.deepcopy(draw.choice(samples))
    names = sorted({name for sample in samples for name in sample})
    for _ in range(draw.choice((0, 1, 1, 1, 2, 3))):
        name = draw.choice(names)
        match draw.randrange(4):
            case 0:
                body.pop(name, None)
            case 1:
                body[name] = draw.choice(values)
            case 2:
                other = draw.choice(samples)
                if name in other:
                    body[name] = other[name]
            case _:
                if body:
                    body[draw.choice(sorted(body))] = draw.choice(values)
    return body


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"a": {1, 2}}, "a"),
        ({"a": [{"b": [0, float("nan")]}]}, "a[0].b[1]"),
        ({"a": {"b": "\ud800"}}, "a.b"),
        ({"a": {5: 1}}, "a"),
        ({"a": (object(),)}, "a[0]"),
    ],
    ids=["set", "nan", "half a character", "a name that is no text", "tuple"],
)
def test_what_is_no_json_is_named_by_its_place(more: dict[str, Any], field: str) -> None:
    (wrong,) = check(BODY | more)
    assert wrong.field == field and wrong.allowed == "JSON values"
    with pytest.raises(InvalidRequest, match=re.escape(f"\n{field}: ")):
        FoxAPI(KEY).videos.create(BODY | more)


def test_json_that_is_no_task_is_an_error_of_this_package() -> None:
    nothing: list[Any] = [{}, [], {"id": 5}, {"id": "."}, None]
    for data in nothing:
        for read in (Task.from_dict, StoredFile.from_dict):
            with pytest.raises(FoxAPIError) as caught:
                read(data)
            assert isinstance(caught.value, InvalidData) and isinstance(caught.value, ValueError)
