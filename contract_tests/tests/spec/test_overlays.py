"""The overlays do what they say, and an action that matches nothing stops the build."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from contract_tests.tests.conftest import run_in
from contract_tests.tests.spec.redocly import RefusedError, bundle_by_redocly
from overlays import engine, yaml_text
from overlays.bundle import OVERLAYS, SPEC, bundle, read_yaml
from overlays.errors import BuildError

# Types that RFC 9535 finds, and redocly's engine does not: it reads `[1]` in a filter otherwise.
NULLABLE = "$.properties[?@.enum && @.type[1] == 'null'].type"


def overlay(*actions: dict[str, Any]) -> dict[str, Any]:
    return {"overlay": "1.0.0", "info": {"title": "t", "version": "1"}, "actions": list(actions)}


def applied(document: Any, overlay: Any) -> Any:
    """A copy of a document with an overlay applied."""
    result = copy.deepcopy(document)
    engine.apply(result, overlay, "x.overlay.yaml")
    return result


@pytest.mark.parametrize("name", OVERLAYS)
def test_every_action_says_why(name: str) -> None:
    assert all(action["description"] for action in read_yaml(OVERLAYS[name])["actions"])


@pytest.mark.parametrize("name", OVERLAYS)
def test_redocly_makes_the_same_document(name: str, built: dict[str, Path]) -> None:
    assert bundle_by_redocly(SPEC, read_yaml(OVERLAYS[name])) == json.loads(
        built[name].read_bytes()
    )


def test_what_did_not_change_is_not_written_again(built: dict[str, Path]) -> None:
    """Prism watches the file that it serves, and drops every connection when it is written."""
    before = {path: path.stat().st_ino for path in built.values()}
    assert {path: path.stat().st_ino for path in bundle().values()} == before


def test_mock_has_no_callbacks(built: dict[str, Path]) -> None:
    assert "callbacks" in built["openapi.json"].read_text()
    assert "callbacks" not in built["mock.openapi.json"].read_text()


def test_target_is_read_as_rfc_9535_says() -> None:
    field = {"enum": ["a", None], "type": ["string", "null"]}
    document = {"properties": {"a": field, "b": {"enum": ["a"], "type": ["string"]}}}
    result = applied(document, overlay({"target": NULLABLE, "remove": True}))
    assert result["properties"] == document["properties"] | {"a": {"enum": ["a", None]}}


def test_unquoted_ratio_in_an_overlay_is_text(copy_of_project: Callable[..., Path]) -> None:
    project = copy_of_project()
    path = project / "overlays" / "mock.overlay.yaml"
    update = "{x-ratio: 16:9, x-since: 2026-11-20, x-on: on}"
    action = f"{{target: $.info, description: Say more., update: {update}}}"
    path.write_text(f"{path.read_text()}  - {action}\n")
    ended = run_in(project, "-m", "overlays.bundle")
    assert ended.returncode == 0, ended.stderr
    document = json.loads((project / "build" / "mock.openapi.json").read_bytes())
    info = document["info"]
    assert (info["x-ratio"], info["x-since"], info["x-on"]) == ("16:9", "2026-11-20", "on")
    assert bundle_by_redocly(SPEC, read_yaml(path)) == document


def test_target_that_matches_nothing_is_named() -> None:
    gone = overlay({"target": "$.paths['/gone']", "description": "Drop it.", "remove": True})
    with pytest.raises(BuildError) as caught:
        applied({"paths": {}}, gone)
    assert str(caught.value) == (
        "x.overlay.yaml: action 1 (Drop it.): the target $.paths['/gone'] matches nothing; "
        "mend or drop the action"
    )


def test_action_sees_what_the_one_before_it_did() -> None:
    twice = overlay(
        {"target": "$.a", "update": {"b": 1}},
        {"target": "$.a.b", "remove": True},
        {"target": "$.a.b", "remove": True},
    )
    with pytest.raises(BuildError, match="action 3"):
        applied({"a": {}}, twice)


# Updates of ANY or of a member of it: what they make of it, or why they are none.
ANY = {"kept": 1, "list": [1], "object": {"x": 1}, "null": None}
UPDATES: dict[str, tuple[str, Any, Any]] = {
    "objects are merged": ("", {"object": {"y": 2}}, {"object": {"x": 1, "y": 2}}),
    "lists inside them are joined": ("", {"list": [2, [3]]}, {"list": [1, 2, [3]]}),
    "plain values are replaced": ("", {"kept": "two"}, {"kept": "two"}),
    "null is a plain value": ("", {"null": 2, "kept": None}, {"null": 2, "kept": None}),
    "what is new is added": ("", {"new": [{"x": 1}]}, {"new": [{"x": 1}]}),
    "a list gets a plain value": (".list", 2, {"list": [1, 2]}),
    "a list gets an object": (".list", {"x": 1}, {"list": [1, {"x": 1}]}),
    "no value for a list": ("", {"list": 2}, "a plain value in place of a list"),
    "no null for a list": ("", {"list": None}, "a plain value in place of a list"),
    "no list for a value": ("", {"kept": [2]}, "a list in place of a plain value"),
    "no list for null": ("", {"null": [2]}, "a list in place of a plain value"),
    "no object for a list": ("", {"list": {"x": 1}}, "an object in place of a list"),
    "no value for an object": ("", {"object": 2}, "a plain value in place of an object"),
    "no list for the target": ("", [2], "an update merges objects or appends to a list"),
}
MADE = [(member, update) for member, update, result in UPDATES.values() if isinstance(result, dict)]
REFUSED = [(member, update) for member, update, result in UPDATES.values() if str(result) == result]


@pytest.mark.parametrize(("member", "update", "result"), UPDATES.values(), ids=UPDATES)
def test_update_is_what_the_specification_says(member: str, update: Any, result: Any) -> None:
    change = overlay({"target": f"$.a{member}", "update": update})
    if isinstance(result, str):
        with pytest.raises(BuildError, match=result):
            applied({"a": ANY}, change)
    else:
        assert applied({"a": ANY}, change) == {"a": ANY | result}


def test_update_is_what_redocly_says(tmp_path: Path) -> None:
    head = {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {}}
    spec = tmp_path / "openapi.json"
    document = {**head, "components": {}, "x-any": [ANY] * len(UPDATES)}
    spec.write_text(json.dumps(document))

    def all_of(updates: list[tuple[str, Any]]) -> dict[str, Any]:
        return overlay(
            *(
                {"target": f"$['x-any'][{index}]{member}", "update": update}
                for index, (member, update) in enumerate(updates)
            )
        )

    # Read again, so that no two of them are one.
    expected = applied(json.loads(spec.read_bytes()), all_of(MADE))
    assert bundle_by_redocly(spec, all_of(MADE)) == expected
    with pytest.raises(RefusedError) as caught:
        bundle_by_redocly(spec, all_of(REFUSED))
    assert str(caught.value).count("Cannot apply") == len(REFUSED)


def test_list_is_one_more_entry_of_a_list() -> None:
    # "An entry to append to the array", says the specification; redocly would join the two.
    change = overlay({"target": "$.list", "update": [2, 3]})
    assert applied({"list": [1]}, change) == {"list": [1, [2, 3]]}


def test_remove_takes_out_every_match_once() -> None:
    document = {"list": [1, 2, 3, 2]}
    assert applied(document, overlay({"target": "$.list[?@ == 2]", "remove": True})) == {
        "list": [1, 3]
    }
    assert applied(document, overlay({"target": "$.list[0, 0]", "remove": True})) == {
        "list": [2, 3, 2]
    }


def test_what_stands_in_two_places_by_an_alias_is_changed_once() -> None:
    document = yaml_text.load("{a: &one {list: [1], gone: 1}, b: *one}")
    change = overlay({"target": "$[*].list", "update": 2}, {"target": "$[*].gone", "remove": True})
    assert applied(document, change) == {"a": {"list": [1, 2]}, "b": {"list": [1, 2]}}


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        ([], "an overlay is an object with a list of actions"),
        (overlay({"remove": True}), "action 1 has no target"),
        (overlay({"target": "$.a"}), "action 1 needs either update or remove: true"),
        (overlay({"target": "$.a", "update": {}, "remove": True}), "action 1 needs either"),
        (overlay({"target": "$.a[", "remove": True}), "is no JSONPath"),
        (overlay({"target": "a", "remove": True}), "is no JSONPath"),
        (overlay({"target": "$", "remove": True}), "the whole document can't be removed"),
        (overlay({"target": "$.a", "update": {"b": 1}}), "an update merges objects or appends"),
    ],
)
def test_malformed_overlay_is_refused(broken: Any, reason: str) -> None:
    with pytest.raises(BuildError, match=reason):
        applied({"a": 1}, broken)
