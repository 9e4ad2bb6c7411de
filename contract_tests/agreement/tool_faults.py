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

# Of a URI that is right otherwise, ajv-formats accepts an authority with a port that is no number
# or with a second @, and refuses an empty path after the scheme. RFC 3986 has it the other way.
_PORT_OR_AT = r"//(?!(?:[^/?#@]*@)?[^/?#@:]*(?::[0-9]*)?(?:[/?#]|$))"
_MISREAD = re.compile(rf"[A-Za-z][A-Za-z0-9+.-]*:(?:[?#]|$|{_PORT_OR_AT})")
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


URIS = ToolFault(
    "addresses that the mock misreads",
    frozenset({"mock"}),
    "ajv-formats departs from RFC 3986 on ports, on a second @ and on empty paths",
)
SURROGATES = ToolFault(
    "halves of characters",
    frozenset({"spec", "mock"}),
    "a lone surrogate is no text: jsonschema-rs can't read it, and the client must not send it",
    refused=True,
)


def tool_fault_of(body: Any, uri_fields: frozenset[str]) -> ToolFault | None:
    """The limit that a body is within, if any.

    Args:
        body: The body of a create call.
        uri_fields: The fields that any variant checks by `format: uri` alone.
    """
    if _has_surrogate(body):
        return SURROGATES
    if not isinstance(body, dict):
        return None
    return URIS if any(_is_misread(body.get(field)) for field in uri_fields) else None


def uri_fields(schemas: Iterable[dict[str, Any]]) -> frozenset[str]:
    """The fields that these object schemas check by `format: uri` and no pattern."""
    return frozenset(
        field
        for schema in schemas
        for field, subschema in schema["properties"].items()
        for checked in (subschema, subschema.get("items", {}))
        if checked.get("format") == "uri" and "pattern" not in checked
    )


def _is_misread(value: Any) -> bool:
    if isinstance(value, list):
        return any(_is_misread(item) for item in value)
    return isinstance(value, str) and _MISREAD.match(value) is not None


def _has_surrogate(value: Any) -> bool:
    if isinstance(value, str):
        return _SURROGATE.search(value) is not None
    if isinstance(value, dict):
        return any(map(_has_surrogate, value)) or any(map(_has_surrogate, value.values()))
    return isinstance(value, list) and any(map(_has_surrogate, value))
