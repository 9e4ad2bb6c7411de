"""The fields of the variants, read from the schemas that the generated client ships."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from foxapi_video import checking
from foxapi_video.json_values import is_list
from foxapi_video.violations import WEB_ADDRESS, page_of


@dataclass(frozen=True, slots=True)
class Field:
    """A field of one variant.

    Attributes:
        name: Its name on the wire.
        types: Its JSON types.
        required: Whether it has to be given.
        limits: What it may be, in words.
        description: What it is for.
    """

    name: str
    types: tuple[str, ...]
    required: bool
    limits: str
    description: str


@dataclass(frozen=True, slots=True)
class VariantDescription:
    """A variant in words.

    Attributes:
        name: Its name, which is that of its class.
        page: Its documentation page.
        description: What it makes.
        fields: Its fields but the model.
    """

    name: str
    page: str
    description: str
    fields: tuple[Field, ...]


def models() -> dict[str, list[str]]:
    """The names of the variants of each model id."""
    return checking.index()


def describe(name: str) -> VariantDescription:
    """The variant of that name."""
    schema = checking.schema(name)
    required = schema.get("required", [])
    fields = tuple(
        _field(field, value, field in required)
        for field, value in schema["properties"].items()
        if field != "model"
    )
    return VariantDescription(name, page_of(schema) or "", schema.get("description", ""), fields)


def fields_of(model: str) -> dict[str, list[Field]]:
    """The fields of all variants of a model id, by name: one for each variant that uses it."""
    found: dict[str, list[Field]] = {}
    for name in models()[model]:
        for field in describe(name).fields:
            if field.types != ("null",):
                found.setdefault(field.name, []).append(field)
    return found


def _field(name: str, value: dict[str, Any], required: bool) -> Field:
    kind = value.get("type", "null" if "const" in value else "object")
    types: tuple[str, ...] = tuple(kind) if is_list(kind) else (kind,)
    return Field(name, types, required, _limits(value, types), value.get("description", ""))


def _limits(value: dict[str, Any], types: tuple[str, ...]) -> str:
    limits: list[str] = []
    if "enum" in value:
        limits.append(", ".join("null" if each is None else str(each) for each in value["enum"]))
    elif "const" in value:
        limits.append(str(value["const"]))
    elif "null" in types:
        limits.append("null allowed" if len(types) > 1 else "null only")
    limits += value.get("x-limits", [])
    items = value.get("items", {})
    if any(each.get("pattern", "").startswith(WEB_ADDRESS) for each in (value, items)):
        limits.append("an http or https address")
    if "default" in value:
        limits.append(f"the service takes {value['default']} when it is left out")
    return "; ".join(limits)
