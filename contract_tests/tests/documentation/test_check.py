"""`check` holds the spec to the facts: every change of one constraint is found and named."""

from __future__ import annotations

import copy
import dataclasses
import re
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema_rs import canonicalize

from contract_tests.mutation.every import with_referred
from contract_tests.tests.conftest import of_each, some
from contract_tests.tests.documentation.base import CONFLICTS, base_files, base_spec
from documentation import facts_files
from documentation.__main__ import main
from documentation.checking.algebra import equal
from documentation.checking.check import Report, compare
from documentation.checking.spec import read_spec
from documentation.checking.url_patterns import pattern_of
from documentation.conflicts import load_conflicts
from documentation.fact import Fact
from overlays.bundle import SPEC, read_yaml

DOCUMENT: dict[str, Any] = read_yaml(SPEC)
FILES = facts_files.load_all()
CHOICES = load_conflicts()
BASE = base_spec()
BASE_FILES = base_files()
BASE_CHOICES = load_conflicts(CONFLICTS)
Path_ = tuple[str | int, ...]
URL = BASE["components"]["x-url-pattern"]
NULLABLE_ERROR = BASE["components"]["schemas"]["TaskError"] | {"type": ["object", "null"]}


def report_of(document: dict[str, Any], files: list[facts_files.FactsFile] = FILES) -> Report:
    return compare(files, read_spec(document), CHOICES)


def report_of_base(
    document: dict[str, Any], files: list[facts_files.FactsFile] = BASE_FILES
) -> Report:
    """The same for the base, whose pages, fields and figures tests may name."""
    return compare(files, read_spec(document), BASE_CHOICES)


def at(document: Any, path: Path_) -> Any:
    for step in path:
        document = document[step]
    return document


def changed(path: Path_, change: Any, document: dict[str, Any] = DOCUMENT) -> dict[str, Any]:
    """The document with a copy of what stands at a path, changed; the rest is shared."""
    document = copy.copy(document)
    inner: Any = document
    for step in path[:-1]:
        inner[step] = copy.copy(inner[step])
        inner = inner[step]
    inner[path[-1]] = copy.deepcopy(inner[path[-1]])
    change(inner[path[-1]])
    return document


def changed_base(path: Path_, change: Any) -> dict[str, Any]:
    return changed(path, change, BASE)


def canonical(schema: dict[str, Any]) -> Any:
    return canonicalize(schema, validate_formats=True)


CONSTRAINTS = {
    *("type", "required", "enum", "const", "default", "format", "minimum", "maximum", "pattern"),
    *("minLength", "maxLength", "minItems", "maxItems", "additionalProperties", "anyOf"),
}


def schemas(value: Any, path: Path_ = ()) -> Iterator[tuple[Path_, dict[str, Any]]]:
    """Every schema below a path, itself included."""
    if not isinstance(value, dict):
        return
    yield path, value
    for name, member in value.get("properties", {}).items():
        yield from schemas(member, (*path, "properties", name))
    if "items" in value:
        yield from schemas(value["items"], (*path, "items"))


def constraints() -> Iterator[tuple[Path_, str]]:
    """Every constraint of every schema of the spec."""
    for name, schema in DOCUMENT["components"]["schemas"].items():
        for path, inner in schemas(schema, ("components", "schemas", name)):
            for keyword in inner:
                if keyword in CONSTRAINTS and (keyword, inner.get("type")) != ("type", "object"):
                    yield path, keyword


ALL = list(constraints())


def other(value: Any, keyword: str) -> Any:
    """A different value for a constraint."""
    if keyword == "type":
        if isinstance(value, list):
            return [entry for entry in value if entry != "null"]
        return {"string": "integer", "null": "string"}.get(value, "string")
    if keyword == "pattern":
        return "^https?://"
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, list):
        return value[:-1] if len(value) > 1 and value[-1] is not None else ["other", *value[1:]]
    return f"{value}x"


def test_the_committed_spec_and_facts_agree() -> None:
    assert report_of(DOCUMENT).differences == []


def test_the_base_of_the_tests_agrees_with_itself() -> None:
    """Else take openapi.yaml, facts and conflicts.yaml to it anew, as they are before a page is."""
    assert report_of_base(BASE).differences == []


def names_it(report: Report, path: Path_, keyword: str) -> bool:
    """Whether a difference names the field and the keyword that were changed."""
    field = ".".join(str(s) for s in path[3:] if s not in ("properties", "items"))
    wanted = {
        "const": {"enum", "mode", "nullable"},
        "enum": {"enum", "mode"},
        "pattern": {"https", "forbiddenHosts", "pattern"},
        "type": {"type", "nullable", "items", "excludes"},
    }.get(keyword, {keyword})

    def about(found: str) -> bool:
        """An object's list of what is required is about its members."""
        return found == field or (keyword == "required" and found.rpartition(".")[0] == field)

    return any(
        (d.page and (about(d.field) and (d.keyword in wanted or d.keyword == "field")))
        or (path[2] == "CallbackUrl" and d.field == "callback_url" and d.keyword in wanted)
        or (path[2] in _PARTS and d.field.startswith(_PARTS[str(path[2])]) and d.keyword in wanted)
        for d in report.differences
    )


_PARTS = {
    "TaskInfo": "task_info",
    "TaskResult": "results",
    "TaskError": "error",
    "TaskUsage": "usage",
    "ErrorDetail": "error",
}


@of_each(some(ALL, 3))
def test_a_changed_constraint_is_found_and_named(path: Path_, keyword: str) -> None:
    def change(schema: dict[str, Any]) -> None:
        schema[keyword] = other(schema[keyword], keyword)

    document = changed(path, change)
    assert names_it(report_of(document), path, keyword) or is_said_by_rules(path, document)


@of_each(some(ALL, 3))
def test_a_removed_constraint_is_found_and_named(path: Path_, keyword: str) -> None:
    """All but what the rest says too: the type of listed values, one of const and enum."""
    before, after = at(DOCUMENT, path), dict(at(DOCUMENT, path))
    del after[keyword]
    typed = keyword == "type" and before.keys() & {"enum", "const"}
    twice = keyword in ("const", "enum") and {"const", "enum"} <= before.keys()
    if typed or twice or (keyword, before[keyword]) == ("additionalProperties", True):
        assert canonical(before) == canonical(after)
        assert report_of(changed(path, lambda s: s.pop(keyword))).differences == []
        return
    document = changed(path, lambda s: s.pop(keyword))
    assert names_it(report_of(document), path, keyword) or is_said_by_rules(path, document)


def is_said_by_rules(path: Path_, document: dict[str, Any]) -> bool:
    """Whether a variant means what it did, as rules for each of its modes say it all again."""
    if path[:2] != ("components", "schemas"):
        return False
    before, after = (each["components"]["schemas"][path[2]] for each in (DOCUMENT, document))
    return "not" in before and equal(
        with_referred(DOCUMENT, before), with_referred(document, after)
    )


FIELDS: list[tuple[Path_, str]] = [
    (("components", "schemas", name, "properties"), field)
    for name, schema in DOCUMENT["components"]["schemas"].items()
    for field in schema.get("properties", {})
]


@of_each(FIELDS)
def test_a_removed_field_is_found(path: Path_, field: str) -> None:
    report = report_of(changed(path, lambda s: s.pop(field)))
    assert any(field in d.field.split(".") for d in report.differences)


ADDITIONS: list[dict[str, Any]] = [{"maxLength": 9}, {"minLength": 1}, {"pattern": "a"}, {"x": 1}]
ADDITIONS += [{"not": {"const": "a"}}]
NAMES = sorted({str(path[2]) for path, _ in FIELDS} - {"ErrorResponse"})


@of_each([(name, each) for name in NAMES for each in ADDITIONS])
def test_a_constraint_that_no_page_states_is_found(name: str, addition: dict[str, Any]) -> None:
    """Where it constrains the field: the length of a number, say, is no constraint."""
    properties = DOCUMENT["components"]["schemas"][name]["properties"]
    free = {
        name: schema
        for name, schema in properties.items()
        if name != "model"
        and "$ref" not in str(schema)
        and not schema.keys() & {"pattern", *addition}  # which bounds the length too
    }
    felt = [
        name
        for name, schema in free.items()
        if "x" in addition or canonical(schema | addition) != canonical(schema)
    ]
    path = ("components", "schemas", name, "properties", [*felt, *free][0])
    report = report_of(changed(path, lambda s: s.update(addition)))
    assert any(d.keyword == next(iter(addition)) for d in report.differences) == bool(felt)
    assert felt or not report.differences


def test_a_field_that_no_page_states_is_found() -> None:
    path = ("components", "schemas", "Veo31ExtendRequest", "properties")
    report = report_of_base(changed_base(path, lambda s: s.update(extra={"type": "string"})))
    assert [(d.field, d.keyword) for d in report.differences] == [
        ("extra", "field"),
        ("extra", "type"),
    ]


def test_an_enum_value_that_no_page_states_is_found() -> None:
    path = ("components", "schemas", "Wan27FirstLastFrameRequest", "properties", "resolution")
    report = report_of_base(changed_base(path, lambda s: s["enum"].append("4k")))
    assert [str(d) for d in report.differences] == [
        'wan-2.7-image-to-video resolution enum: the page says ["720p", "1080p"]; '
        'Wan27FirstLastFrameRequest says ["720p", "1080p", "4k"], so that {"image_urls": '
        '["https://example.com/", "https://example.com/"], "model": "wan-2.7-image-to-video", '
        '"resolution": "4k"} is accepted'
    ]


@pytest.mark.parametrize(
    ("path", "gone", "added"),
    [
        ("Veo31ReferenceToVideoRequest.properties.duration", "const", {"enum": [8]}),
        ("Veo31ReferenceToVideoRequest.properties.duration", "enum", {"const": 8}),
        ("Wan27ImageToVideoRequest.properties.video_url", "const", {"type": "null"}),
        ("Veo31FastRequest.properties.image_url", "pattern", {"format": "uri", "pattern": URL}),
        ("CallbackUrl", "type", {"type": "string", "format": "uri"}),
        ("Veo31ReferenceToVideoRequest.properties.duration", "type", {"maximum": 8}),
        (
            "Veo31ReferenceToVideoRequest.properties.reference_type",
            "enum type",
            {"anyOf": [{"const": "STYLE"}, {"type": "null"}, {"enum": ["ASSET"]}]},
        ),
        (
            "Veo31ReferenceToVideoRequest.properties.safety_tolerance",
            "type",
            {"oneOf": [{"type": "integer"}, {"type": "null"}]},
        ),
        (
            "Veo31FastFramesRequest",
            "if else",
            {
                "if": {"not": {"required": ["aspect_ratio"]}},
                "then": {"required": ["image_urls"]},
            },
        ),
        (
            "Veo31FastFramesRequest",
            "if else",
            {"anyOf": [{"required": ["aspect_ratio"]}, {"required": ["image_urls"]}]},
        ),
        (
            "Veo31ExtendRequest",
            "required",
            {"allOf": [{"required": ["model", "prompt"]}, {"required": ["video"]}]},
        ),
        ("TaskDetail.properties.error", "oneOf", {"anyOf": [NULLABLE_ERROR]}),
    ],
)
def test_an_equal_schema_that_is_spelled_differently_passes(
    path: str, gone: str, added: dict[str, Any]
) -> None:
    steps = ("components", "schemas", *path.split("."))

    def respell(schema: dict[str, Any]) -> None:
        for keyword in gone.split():
            del schema[keyword]
        schema.update(added)

    assert report_of_base(changed_base(steps, respell)).differences == []


@pytest.mark.parametrize(
    "spelling", [{"format": "uri"}, {"pattern": "^https?://"}, {"pattern": URL.replace("?:", ":")}]
)
def test_a_url_needs_its_pattern_whatever_its_format(spelling: dict[str, str]) -> None:
    path = ("components", "schemas", "Veo31ExtendRequest", "properties", "video")

    def respell(schema: dict[str, Any]) -> None:
        del schema["pattern"]
        schema.update(spelling)

    found = report_of_base(changed_base(path, respell)).differences
    assert {each.keyword for each in found} & {"pattern"}
    assert {each.field for each in found} == {"video"}


def test_the_pattern_of_an_address_follows_from_the_hosts_that_pages_forbid() -> None:
    internal = ["127.0.0.1", "10.x.x.x", "172.16-31.x.x", "192.168.x.x", "169.254.x.x", "localhost"]
    wide = ["127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.*.*", "169.254.*", "localhost"]
    assert pattern_of(internal) == pattern_of(wide)
    assert pattern_of(internal) == BASE["components"]["schemas"]["CallbackUrl"]["pattern"]
    # What no rule reads is matched as it is written, and makes nothing large.
    assert re.compile(pattern_of(["172.16.x.x-172.31.x.x", "1-99999999999.x", "1.2.3.4.5.6"]))


def test_an_enum_that_loses_its_null_is_found_whatever_the_type_says() -> None:
    """As is what no keyword of facts can name: said with a body, not passed over."""
    path = ("components", "schemas", "Veo31ReferenceToVideoRequest", "properties", "reference_type")
    for change in ({"enum": ["ASSET", "STYLE"]}, {"allOf": [{"not": {"const": "STYLE"}}]}):
        wrong = changed_base(path, lambda schema, change=change: schema.update(change))
        found = [str(each) for each in report_of_base(wrong).differences]
        assert found and all("reference_type" in line for line in found)
        value = "null" if "enum" in change else '"STYLE"'
        assert any(f'"reference_type": {value}}} is refused' in line for line in found), found


def test_a_default_beside_null_alone_is_found() -> None:
    document = copy.deepcopy(DOCUMENT)
    results = document["components"]["schemas"]["TaskDetail"]["properties"]["results"]
    (null,) = [each for each in results["oneOf"] if each == {"type": "null"}]
    null["default"] = "a"
    (difference,) = report_of(document).differences
    assert (difference.field, difference.keyword) == ("results", "default")


def test_a_variant_less_is_found() -> None:
    path = ("paths", "/v1/videos/generations", "post", "requestBody", "content", "application/json")
    document = changed_base((*path, "schema", "oneOf"), lambda variants: variants.pop())
    fields = {(d.field, d.keyword) for d in report_of_base(document).differences}
    assert ("generation_type", "enum") in fields


@pytest.mark.parametrize(
    ("path", "said", "named"),
    [
        (("components", "schemas", "VideoTask"), {"type": ["object", "null"]}, "nullable"),
        (("components", "schemas", "ErrorResponse"), {"type": "string"}, "type"),
        (("components", "schemas", "FileUrlUpload"), {"type": None}, "type"),
        (
            ("components", "schemas", "Veo31FastFramesRequest", "properties", "image_urls"),
            {"items": {"type": ["string", "null"], "format": "uri"}},
            "image_urls nullable items",
        ),
        # Null then fits both branches of the task's error, so that it is refused.
        (("components", "schemas", "TaskError"), {"type": ["object", "null"]}, "error nullable"),
        (
            ("paths", "/v1/videos/generations", "post", "requestBody"),
            {"required": False},
            "required",
        ),
        (("paths", "/v1/files/upload/url", "post", "requestBody"), {"required": False}, "required"),
    ],
)
def test_a_body_that_need_not_be_an_object_or_there_is_found(
    path: Path_, said: dict[str, Any], named: str
) -> None:
    found = report_of_base(changed_base(path, lambda holder: holder.update(said))).differences
    assert any(named in str(difference) for difference in found), found


def test_a_schema_without_a_page_is_found() -> None:
    path = ("components", "schemas", "Veo31ExtendRequest")
    report = report_of_base(changed_base(path, lambda s: s.pop("x-documentation-page")))
    assert any("no page has facts of it" in str(d) for d in report.differences)


def with_fact(page: str, **changes: Any) -> list[facts_files.FactsFile]:
    """The facts of the base, those of one field and keyword changed."""
    file = next(f for f in BASE_FILES if f.page == page)
    key = (changes.pop("field"), changes.pop("keyword"), changes.pop("stated"))
    value = changes.pop("value")
    kept = [f for f in file.facts if (f.field, f.keyword, f.stated) != key]
    location = next(f.location for f in file.facts if f.field == key[0])
    added = Fact(page, location, *key[:2], value, key[2])
    after = dataclasses.replace(file, facts=[*kept, *([] if value is None else [added])])
    return [after if each is file else each for each in BASE_FILES]


def test_a_new_contradiction_is_found() -> None:
    files = with_fact(
        "wan-2.7-image-to-video", field="duration", keyword="maximum", stated="prose", value=10
    )
    found = [str(d) for d in report_of_base(BASE, files).differences]
    assert any("15 (schema) and 10 (prose); no choice is settled" in line for line in found)


def test_a_settled_contradiction_that_is_gone_is_found() -> None:
    files = with_fact(
        "veo-3.1-extend",
        field="model",
        keyword="enum",
        stated="schema",
        value=["veo-3.1-extend", "veo-3.1-extend-fast"],
    )
    found = [str(d) for d in report_of_base(BASE, files).differences]
    assert found == [
        "veo-3.1-extend model enum: conflicts.yaml settles it; this contradiction no longer exists"
    ]


def test_a_contradiction_between_pages_that_is_gone_is_found() -> None:
    files = with_fact(
        "veo-3.1-extend",
        field="type",
        keyword="enum",
        stated="schema",
        value=["text", "image", "audio", "video"],
    )
    found = [str(d) for d in report_of_base(BASE, files).differences]
    assert any("this contradiction no longer exists" in line for line in found)


def test_a_settled_silence_that_ended_is_found() -> None:
    files = with_fact(
        "veo3.1-fast.frames", field="prompt", keyword="required", stated="schema", value=True
    )
    found = [str(d) for d in report_of_base(BASE, files).differences]
    assert found == [
        "veo3.1-fast.frames prompt required: conflicts.yaml settles it; "
        "this silence no longer exists"
    ]


def test_a_path_parameter_that_need_not_be_there_is_found() -> None:
    document = copy.deepcopy(BASE)
    [task_id] = [
        each
        for each in document["paths"]["/v1/tasks/{task_id}"]["get"]["parameters"]
        if each.get("in") == "path"
    ]
    del task_id["required"]
    [difference] = report_of_base(document).differences
    assert "task_id required: the page says true" in str(difference)


def test_a_status_that_no_page_names_is_found() -> None:
    responses = ("paths", "/v1/tasks/{task_id}", "get", "responses")
    document = changed_base(responses, lambda r: r.update({"418": {"description": "A teapot."}}))
    assert "the spec answers 418" in str(report_of_base(document).differences[0])


def test_the_command_says_a_line_a_page_and_each_choice(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check"]) == 0
    out = capsys.readouterr().out
    for file in FILES:
        assert file.path and f"{file.path.stem}: {len(file.facts)} facts, " in out
    settled = [entry for entry in CHOICES.settled if not entry.silence]
    assert out.count("settled contradiction") == len(settled)


def test_the_facts_files_are_as_the_reader_writes_them() -> None:
    for file in FILES:
        if file.sha256 and file.path:
            assert facts_files.dump(file) == file.path.read_text("utf-8")
