"""OpenAPI Overlay documents: made of plain actions, and applied by the engine of the build."""

from __future__ import annotations

import marshal
from typing import Any

from jsonpath import JSONPath
from jsonpath.selectors import IndexSelector, NameSelector
from jsonpath.serialize import canonical_string

from documentation.fact import PageError
from overlays import engine
from overlays.errors import BuildError

Step = str | int


def target_of(*steps: Step) -> str:
    """A place of the document as a normalized JSONPath."""
    return "$" + "".join(f"[{s if isinstance(s, int) else canonical_string(s)}]" for s in steps)


def steps_of(target: str) -> list[Step]:
    """Back from `target_of`; other paths are not made here, so they are refused."""
    path = engine.PATHS.compile(target)
    segments = path.segments if isinstance(path, JSONPath) else ()
    steps: list[Step] = []
    for selector in (each for segment in segments for each in segment.selectors):
        if isinstance(selector, NameSelector):
            steps.append(selector.name)
        elif isinstance(selector, IndexSelector):
            steps.append(selector.index)
    if target != target_of(*steps):
        raise PageError(f"the overlay has a target that is not a plain path: {target[:80]}")
    return steps


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
        if key in old and _spelled(old[key]) == _spelled(value):
            continue
        inner = _inside(old[key], value, (*steps, key), seen) if key in old else None
        if inner is not None:
            actions += inner
            continue
        if key in old and any(isinstance(each, dict | list) for each in (old[key], value)):
            actions.append(remove(*steps, key))
        put[key] = value
    return [*actions, update(put, *steps)] if put else actions


def _spelled(value: Any) -> bytes:
    """What tells `1`, `1.0` and `true` apart, in a fraction of the time of JSON text."""
    return marshal.dumps(value, 2)


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
    """Apply every action in place; a target that matches nothing is an error here."""
    try:
        engine.apply(document, overlay, overlay["info"]["title"])
    except BuildError as error:
        raise PageError(str(error)) from None
