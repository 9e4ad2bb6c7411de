"""OpenAPI Overlay documents: made of plain actions, and applied to a tree that keeps comments."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import MutableMapping
from typing import Any

from documentation.fact import PageError

Step = str | int
_STEP = re.compile(r"\['((?:[^'\\]|\\.)*)'\]|\[(\d+)\]")


def target_of(*steps: Step) -> str:
    """A place of the document as a normalized JSONPath."""
    shown = [
        f"[{step}]" if isinstance(step, int) else "['{}']".format(step.replace("'", r"\'"))
        for step in steps
    ]
    return "$" + "".join(shown)


def steps_of(target: str) -> list[Step]:
    """Back from `target_of`; other paths are not made here, so they are refused."""
    found = list(_STEP.finditer(target))
    if target != "$" + "".join(match[0] for match in found):
        raise PageError(f"the overlay has a target that is not a plain path: {target[:80]}")
    return [m[1].replace(r"\'", "'") if m[2] is None else int(m[2]) for m in found]


def update(value: Any, *steps: Step) -> dict[str, Any]:
    return {"target": target_of(*steps), "update": value}


def remove(*steps: Step) -> dict[str, Any]:
    return {"target": target_of(*steps), "remove": True}


def document_of(title: str, actions: list[dict[str, Any]]) -> dict[str, Any]:
    """The whole overlay."""
    return {"overlay": "1.0.0", "info": {"title": title, "version": "1.0.0"}, "actions": actions}


Seen = set[tuple[int, int]]


def between(
    old: dict[str, Any], new: dict[str, Any], *steps: Step, seen: Seen | None = None
) -> list[dict[str, Any]]:
    """The actions that make one object of another, and touch nothing that is the same.

    What stands in several places by a YAML alias is changed once, and with it everywhere.
    """
    seen = set() if seen is None else seen
    if (id(old), id(new)) in seen:
        return []
    seen.add((id(old), id(new)))
    actions = [remove(*steps, key) for key in old if key not in new]
    put: dict[str, Any] = {}
    for key, value in new.items():
        if key in old and json.dumps(old[key]) == json.dumps(value):
            continue
        inner = _inside(old[key], value, (*steps, key), seen) if key in old else None
        if inner is not None:
            actions += inner
            continue
        if isinstance(old.get(key), dict | list):
            actions.append(remove(*steps, key))
        put[key] = value
    return [*actions, update(put, *steps)] if put else actions


def _inside(old: Any, new: Any, steps: tuple[Step, ...], seen: Seen) -> list[dict[str, Any]] | None:
    """The actions inside a value that stays; None where it has to be set anew."""
    if isinstance(old, dict) and isinstance(new, dict):
        return between(old, new, *steps, seen=seen)
    if not isinstance(old, list) or not isinstance(new, list):
        return None
    if len(old) == len(new) and all(isinstance(entry, dict) for entry in [*old, *new]):
        pairs = enumerate(zip(old, new, strict=True))
        return [a for i, (one, other) in pairs for a in between(one, other, *steps, i, seen=seen)]
    kept = [entry for entry in old if entry in new]
    if not kept or kept != new[: len(kept)] or any(isinstance(entry, list) for entry in new):
        return None
    gone = [index for index, entry in enumerate(old) if entry not in new]
    return [
        *(remove(*steps, index) for index in reversed(gone)),
        *(update(entry, *steps) for entry in new[len(kept) :]),
    ]


def apply(document: Any, overlay: dict[str, Any]) -> None:
    """Apply every action in place; a target that matches nothing is an error here.

    As the standard has it, what updates a list is one more entry of it.
    """
    for action in overlay["actions"]:
        steps = steps_of(action["target"])
        parent = _at(document, steps[:-1], action["target"])
        last = steps[-1]
        if not _has(parent, last):
            raise PageError(f"the overlay's target is not there: {action['target']}")
        if action.get("remove"):
            del parent[last]
        elif isinstance(parent[last], list):
            parent[last].append(copy.deepcopy(action["update"]))
        else:
            parent[last] = _merged(parent[last], copy.deepcopy(action["update"]))


def _has(parent: Any, step: Step) -> bool:
    if isinstance(parent, MutableMapping):
        return step in parent
    return isinstance(parent, list) and isinstance(step, int) and step < len(parent)


def _at(document: Any, steps: list[Step], target: str) -> Any:
    for step in steps:
        if not _has(document, step):
            raise PageError(f"the overlay's target is not there: {target}")
        document = document[step]
    return document


def _merged(old: Any, new: Any) -> Any:
    """Objects are merged, lists inside them are joined, everything else is replaced."""
    if isinstance(old, MutableMapping) and isinstance(new, dict):
        for key, value in new.items():
            old[key] = _merged(old[key], value) if key in old else value
        return old
    if isinstance(old, list):
        old.extend(new if isinstance(new, list) else [new])
        return old
    return new
