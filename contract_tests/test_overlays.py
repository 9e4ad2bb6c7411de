"""The overlays do what they say, and an action that matches nothing stops the build."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from contract_tests.conftest import run_in
from overlays.bundle import OVERLAYS, BuildError, apply_overlay, read_yaml


def overlay(*actions: dict[str, Any]) -> dict[str, Any]:
    return {"overlay": "1.0.0", "info": {"title": "t", "version": "1"}, "actions": list(actions)}


def bundled_with(action: str, project: Path) -> subprocess.CompletedProcess[str]:
    """Bundle a project whose mock overlay has one more action."""
    path = project / "overlays" / "mock.overlay.yaml"
    path.write_text(f"{path.read_text()}  - {action}\n")
    return run_in(project, "-m", "overlays.bundle")


@pytest.mark.parametrize("name", OVERLAYS)
def test_every_action_says_why(name: str) -> None:
    assert all(action["description"] for action in read_yaml(OVERLAYS[name])["actions"])


def test_mock_has_no_callbacks(built: dict[str, Path]) -> None:
    assert "callbacks" in built["openapi.json"].read_text()
    assert "callbacks" not in built["mock.openapi.json"].read_text()


def test_target_that_redocly_reads_otherwise_stops_the_build(
    copy_of_project: Callable[..., Path],
) -> None:
    project = copy_of_project()
    # RFC 9535 finds these types; redocly's engine finds none, and succeeds.
    target = "$.components.schemas[*].properties[?@.enum && @.type[1] == 'null'].type"
    action = f'{{target: "{target}", description: Drop them., remove: true}}'
    ended = bundled_with(action, project)
    assert ended.returncode == 1
    assert ended.stderr.startswith(
        "error: overlays/mock.overlay.yaml: redocly reads a target otherwise, see $.components"
    )


def test_unquoted_ratio_in_an_overlay_is_text_as_it_is_for_redocly(
    copy_of_project: Callable[..., Path],
) -> None:
    project = copy_of_project()
    update = "{x-ratio: 16:9, x-since: 2026-11-20, x-on: on}"
    action = f"{{target: $.info, description: Say more., update: {update}}}"
    ended = bundled_with(action, project)
    assert ended.returncode == 0, ended.stderr
    info = json.loads((project / "build" / "mock.openapi.json").read_bytes())["info"]
    assert (info["x-ratio"], info["x-since"], info["x-on"]) == ("16:9", "2026-11-20", "on")


def test_target_that_matches_nothing_is_named() -> None:
    gone = overlay({"target": "$.paths['/gone']", "description": "Drop it.", "remove": True})
    with pytest.raises(BuildError) as caught:
        apply_overlay({"paths": {}}, gone, "x.overlay.yaml")
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
        apply_overlay({"a": {}}, twice, "x")


def test_update_merges_objects_and_appends_to_lists() -> None:
    document = {"a": {"kept": 1, "list": [1]}}
    update = overlay({"target": "$.a", "update": {"list": [2], "new": {"x": 1}}})
    result = apply_overlay(document, update, "x")
    assert result == {"a": {"kept": 1, "list": [1, 2], "new": {"x": 1}}}
    assert document == {"a": {"kept": 1, "list": [1]}}


def test_remove_takes_out_every_match() -> None:
    document = {"list": [1, 2, 3, 2]}
    remove = overlay({"target": "$.list[?@ == 2]", "remove": True})
    assert apply_overlay(document, remove, "x") == {"list": [1, 3]}


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        ([], "an overlay is an object with a list of actions"),
        (overlay({"remove": True}), "action 1 has no target"),
        (overlay({"target": "$.a"}), "action 1 needs either update or remove: true"),
        (overlay({"target": "$.a", "update": {}, "remove": True}), "action 1 needs either"),
        (overlay({"target": "$.a[", "remove": True}), "is no JSONPath"),
        (overlay({"target": "$", "remove": True}), "the whole document can't be removed"),
        (overlay({"target": "$.a", "update": {"b": 1}}), "an update merges objects or appends"),
    ],
)
def test_malformed_overlay_is_refused(broken: Any, reason: str) -> None:
    with pytest.raises(BuildError, match=reason):
        apply_overlay({"a": 1}, broken, "x.overlay.yaml")
