"""Apply OpenAPI Overlay documents, as the Overlay Specification 1.0 says, but strictly.

The standard lets an action whose target matches nothing succeed, and leaves open what becomes of an
update that does not go with its target. Here both are errors that name the action.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, MutableMapping
from typing import Any

import jsonpath

from overlays.errors import BuildError

PATHS = jsonpath.JSONPathEnvironment(strict=True)


def apply(document: Any, overlay: Any, name: str) -> None:
    """Apply every action in place, each to what the ones before it left.

    A node that is selected twice, or stands in two places by a YAML alias, is changed once.

    Raises:
        BuildError: The overlay is malformed, an action's target matches nothing, or its update
            does not go with its target.
    """
    for number, action in _actions(overlay, name):
        target = action["target"]
        label = f"{name}: action {number} ({action.get('description', 'without a description')})"
        try:
            matches = list(PATHS.finditer(target, document))
        except jsonpath.JSONPathError as error:
            reason = str(error).splitlines()[0]
            raise BuildError(f"{label}: {target} is no JSONPath: {reason}") from None
        if not matches:
            raise BuildError(
                f"{label}: the target {target} matches nothing; mend or drop the action"
            )
        try:
            if action.get("remove"):
                _remove(matches)
            else:
                for node in {id(match.obj): match.obj for match in matches}.values():
                    _update(node, action["update"])
        except ValueError as error:
            raise BuildError(f"{label}: {error}") from None


def _actions(overlay: Any, name: str) -> Iterator[tuple[int, dict[str, Any]]]:
    if not isinstance(overlay, dict) or not isinstance(overlay.get("actions"), list):
        raise BuildError(f"{name}: an overlay is an object with a list of actions")
    for number, action in enumerate(overlay["actions"], 1):
        if not isinstance(action, dict) or not isinstance(action.get("target"), str):
            raise BuildError(f"{name}: action {number} has no target")
        if ("update" in action) == bool(action.get("remove")):
            raise BuildError(f"{name}: action {number} needs either update or remove: true")
        yield number, action


def _remove(matches: list[jsonpath.JSONPathMatch]) -> None:
    places = {}
    for match in matches:
        if match.parent is None:
            raise ValueError("the whole document can't be removed")
        holder: Any = match.parent.obj
        places[id(holder), match.parts[-1]] = holder
    # Last first, so that removing an item leaves the places of the others as they were found.
    for (_, step), holder in reversed(places.items()):
        del holder[step]


def _update(target: Any, update: Any) -> None:
    """Merge an object into an object, or append an entry, whatever it is, to a list."""
    if isinstance(target, list):
        target.append(copy.deepcopy(update))
    elif isinstance(target, MutableMapping) and isinstance(update, dict):
        _merge(target, update)
    else:
        raise ValueError("an update merges objects or appends to a list, and this is neither")


def _merge(target: MutableMapping[str, Any], update: dict[str, Any]) -> None:
    """Objects are merged, lists are joined, and anything else replaces what is like it."""
    for key, value in update.items():
        old = target.get(key)
        if key in target and _kind(old) is not _kind(value):
            raise ValueError(
                f"the update of {key} puts {_NAMES[_kind(value)]} in place of "
                f"{_NAMES[_kind(old)]}; remove that first"
            )
        if isinstance(old, list):
            old.extend(copy.deepcopy(value))
        elif isinstance(old, dict):
            _merge(old, value)
        else:
            target[key] = copy.deepcopy(value)


_NAMES = {dict: "an object", list: "a list", object: "a plain value"}


def _kind(value: Any) -> type:
    return next((kind for kind in (dict, list) if isinstance(value, kind)), object)
