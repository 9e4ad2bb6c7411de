"""What every model and operation shares: the value of a field left out, and the way to JSON and back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from os import PathLike
from typing import IO, TYPE_CHECKING, Any, Final, Generic, Literal, Self, TypeAlias, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Protocol

    import httpx

    Item = TypeVar("Item", covariant=True)

    class Listed(Protocol[Item]):
        """A list or a tuple of any kinds of items, and no text: a text holds only texts."""

        def __contains__(self, item: object, /) -> bool: ...
        def __getitem__(self, index: int, /) -> Item: ...
        def __iter__(self) -> Iterator[Item]: ...
        def __len__(self) -> int: ...


T = TypeVar("T")
_OPEN = "additional_properties"
# An address, or a file of this machine: whoever sends the request uploads it first.
Address: TypeAlias = "str | PathLike[str] | IO[bytes]"
Addresses: TypeAlias = "Listed[Address]"


class Unset:
    """The type of UNSET, the value of a field that is left out."""

    __slots__ = ()

    def __bool__(self) -> Literal[False]:
        return False

    def __repr__(self) -> str:
        return "UNSET"

    def __reduce__(self) -> str:
        return "UNSET"


UNSET: Final = Unset()


@dataclass(slots=True)
class File:
    """A file to upload.

    Attributes:
        payload: Its bytes, or a binary file to read them from.
        file_name: The name that the form gives it.
        mime_type: Its media type.
    """

    payload: IO[bytes] | bytes = field(repr=False)
    file_name: str | None = None
    mime_type: str | None = None


@dataclass(repr=False, eq=False, slots=True)
class Model:
    """A JSON object with named fields. What was left out stays out, and what came unasked stays in."""

    def to_dict(self) -> dict[str, Any]:
        """The object as JSON values: fields that are set, under their names on the wire."""
        return {name: _to_json(value) for name, value in self._members()}

    def to_multipart(self) -> list[tuple[str, tuple[str | None, Any, str | None]]]:
        """The object as the parts of a form, as httpx takes them."""
        return [(name, _to_part(value)) for name, value in self._members()]

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Make the object from JSON values, without judging them.

        Raises:
            TypeError: A required field is missing, or the object is closed and has no such field.
        """
        from . import models

        known: dict[str, Any] = {}
        rest = dict(data)
        is_open = False
        for each in fields(cls):
            name = each.metadata.get("name", each.name)
            is_open = is_open or each.name == _OPEN
            if each.name == _OPEN or name not in rest:
                continue
            value = rest.pop(name)
            if "model" in each.metadata:
                value = _from_json(value, getattr(models, each.metadata["model"]))
            known[each.name] = value
        if rest and not is_open:
            raise TypeError(f"{cls.__name__} has no field {', '.join(map(repr, rest))}")
        if rest:
            known[_OPEN] = rest
        return cls(**known)

    def _members(self) -> list[tuple[str, Any]]:
        members: dict[str, Any] = {}
        for each in fields(type(self)):
            value = getattr(self, each.name)
            if each.name == _OPEN:
                members |= value
            elif value is not UNSET:
                members[each.metadata.get("name", each.name)] = value
        return list(members.items())

    def __repr__(self) -> str:
        values = ((each.name, getattr(self, each.name)) for each in fields(type(self)))
        shown = (
            f"{name}={value!r}"
            for name, value in values
            if value is not UNSET and (name != _OPEN or value)
        )
        return f"{type(self).__name__}({', '.join(shown)})"


@dataclass(slots=True)
class Response(Generic[T]):
    """An answer.

    Attributes:
        status_code: The HTTP status; any number, also one that is in no register.
        content: The body as it came.
        headers: The HTTP headers.
        parsed: The body as a model; None where the status is not documented or the body is no JSON object.
    """

    status_code: int
    content: bytes
    headers: httpx.Headers
    parsed: T | None


def parse(response: httpx.Response, models: Mapping[int, type[Model]]) -> Any:
    """The body of an answer as the model of its status, or None."""
    model = models.get(response.status_code)
    try:
        body = response.json()
    except (json.JSONDecodeError, UnicodeDecodeError):
        return None
    return model.from_dict(body) if model and isinstance(body, dict) else None


def _to_json(value: Any) -> Any:
    if isinstance(value, Model):
        return value.to_dict()
    if isinstance(value, list | tuple):
        return [_to_json(item) for item in value]
    return value


def _from_json(value: Any, model: type[Model]) -> Any:
    if isinstance(value, dict):
        return model.from_dict(value)
    if isinstance(value, list):
        return [_from_json(item, model) for item in value]
    return value


def _to_part(value: Any) -> tuple[str | None, Any, str | None]:
    if isinstance(value, File):
        return value.file_name, value.payload, value.mime_type
    if isinstance(value, str):
        return None, value.encode(), None
    return None, json.dumps(_to_json(value)).encode(), None


__all__ = ["UNSET", "File", "Model", "Response", "Unset", "parse"]
