"""Tell the shapes of JSON values apart, for people and for type checkers."""

from __future__ import annotations

from typing import Any, TypeGuard


def is_object(value: object) -> TypeGuard[dict[str, Any]]:
    """Whether it is a JSON object."""
    return isinstance(value, dict)


def is_list(value: object) -> TypeGuard[list[Any]]:
    """Whether it is a JSON array."""
    return isinstance(value, list)


def member(value: object, name: str) -> Any:
    """A member of an object, or None where it is no object or has no such member."""
    return value.get(name) if is_object(value) else None
