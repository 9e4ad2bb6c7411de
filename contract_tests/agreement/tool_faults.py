"""What a referee can't judge, whatever the spec says: such bodies are counted apart.

Each is a fault or a choice of one tool, described narrowly enough that nothing else hides
behind it. A body within one never counts as agreement, and the referees that it does
not concern still have to agree on it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from foxapi_video.totals import broken

_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True)
class ToolFault:
    """Why a referee has no say in a body.

    Attributes:
        name: What the count is called.
        silent: Who has no say.
        reason: Why not, for people.
        refused: Whether those who do have a say must reject the body.
    """

    name: str
    silent: frozenset[str]
    reason: str
    refused: bool = False


SURROGATES = ToolFault(
    "halves of characters",
    frozenset({"spec", "mock"}),
    "a lone surrogate is no text: jsonschema-rs can't read it, and the client must not send it",
    refused=True,
)


TOTALS = ToolFault(
    "counts and sums over several fields",
    frozenset({"mock"}),
    "x-rule is no keyword of JSON Schema: Prism does not judge it",
)


def tool_fault_of(body: Any, rules: Iterable[dict[str, Any]] = ()) -> ToolFault | None:
    """The limit that the body of a create call is within, if any.

    Args:
        body: The body.
        rules: All that the variants of the spec have under `x-rule`.
    """
    if _has_surrogate(body):
        return SURROGATES
    return TOTALS if any(broken(rule, body) for rule in rules) else None


def _has_surrogate(value: Any) -> bool:
    if isinstance(value, str):
        return _SURROGATE.search(value) is not None
    if isinstance(value, dict):
        return any(map(_has_surrogate, value)) or any(map(_has_surrogate, value.values()))
    return isinstance(value, list) and any(map(_has_surrogate, value))
