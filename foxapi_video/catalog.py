"""Which models there are: their variants, with the fields, limits and defaults of each.

It is read from the schemas that the generated client ships, when it is asked for.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from foxapi_video import checking
from foxapi_video.json_values import is_list
from foxapi_video.violations import page_of, takes_address


@dataclass(frozen=True, kw_only=True, slots=True)
class FieldInfo:
    """A field of one variant.

    Attributes:
        name: Its name in a body.
        types: Its JSON types: string, integer, number, boolean, array, object, null.
        required: Whether it has to be given.
        options: The values it may have, or None where it is not a choice of some.
        minimum: The least number, or None.
        maximum: The greatest number, or None.
        min_length: The least number of characters, or None.
        max_length: The greatest number of characters, or None.
        min_items: The least number of items, or None.
        max_items: The greatest number of items, or None.
        is_address: Whether it takes addresses.
        is_text: Whether it takes any text.
        default: What the service takes when it is left out, or None where none is documented.
        description: What it is for.
        limits: What it may be, in words.
    """

    name: str
    types: tuple[str, ...]
    required: bool
    options: tuple[Any, ...] | None
    minimum: float | None
    maximum: float | None
    min_length: int | None
    max_length: int | None
    min_items: int | None
    max_items: int | None
    is_address: bool
    is_text: bool
    default: Any
    description: str
    limits: str


@dataclass(frozen=True, kw_only=True, slots=True)
class VariantInfo:
    """A request variant of a model.

    Attributes:
        name: Its name, which is that of its class.
        description: What it makes.
        page: The name of its documentation page.
        address: The address of that page, or None where it is not known.
        deprecated: Whether the documentation no longer has it.
        fields: Its fields but the model.
    """

    name: str
    description: str
    page: str
    address: str | None
    deprecated: bool
    fields: tuple[FieldInfo, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class ModelInfo:
    """A model of the service.

    Attributes:
        id: Its id, the `model` of a request.
        variants: The request variants that name it: the fields of a body decide which it is.
    """

    id: str
    variants: tuple[VariantInfo, ...]

    @property
    def family(self) -> str:
        """The name that its id begins with: `veo` of `veo3.1-fast`."""
        return family(self.id)


def models(search: str = "") -> list[ModelInfo]:
    """The models that this version of the package knows, with the fields and limits of each.

    Args:
        search: Words. Only variants are given that have each of them in their model's id, their
            name, their description, or the names, limits and descriptions of their fields;
            `veo-3.1` is found in `veo3.1-fast` too.
    """
    words = search.lower().split()
    found = (
        (model, tuple(each for each in map(variant, names) if _has(model, each, words)))
        for model, names in checking.index().items()
    )
    return [ModelInfo(id=model, variants=variants) for model, variants in found if variants]


def family(model: str) -> str:
    """The name that a model id begins with."""
    letters = re.match(r"[^\W\d_]+", model)
    return letters[0].lower() if letters else model


def variant(name: str) -> VariantInfo:
    """The variant of that name.

    Raises:
        KeyError: There is none.
    """
    schema = checking.schema(name)
    required = schema.get("required", [])
    return VariantInfo(
        name=name,
        description=schema.get("description", ""),
        page=page_of(schema) or "",
        address=schema.get("x-documentation-address"),
        deprecated=schema.get("deprecated") is True,
        fields=tuple(
            _field(field, value, field in required)
            for field, value in schema["properties"].items()
            if field != "model"
        ),
    )


def described(found: VariantInfo) -> str:
    """What a variant makes, in words for people."""
    return f"Deprecated. {found.description}" if found.deprecated else found.description


def _has(model: str, found: VariantInfo, words: list[str]) -> bool:
    """Whether each word is somewhere in what a variant is called, makes and takes."""
    said = [model, found.name, found.description]
    said += [f"{f.name} {f.limits} {f.description}" for f in found.fields]
    text, bare = " ".join(said).lower(), _bare(model)
    return all(word in text or (_bare(word) and _bare(word) in bare) for word in words)


def _bare(text: str) -> str:
    return re.sub(r"[\W_]", "", text.lower())


def _field(name: str, value: dict[str, Any], required: bool) -> FieldInfo:
    kind = value.get("type", "null" if "const" in value else "object")
    options = value.get("enum", [value["const"]] if value.get("const") is not None else None)
    return FieldInfo(
        name=name,
        types=tuple(kind) if is_list(kind) else (kind,),
        required=required,
        options=None if options is None else tuple(options),
        minimum=value.get("minimum"),
        maximum=value.get("maximum"),
        min_length=value.get("minLength"),
        max_length=value.get("maxLength"),
        min_items=value.get("minItems"),
        max_items=value.get("maxItems"),
        is_address=takes_address(value),
        is_text="string" in kind and options is None and not {"pattern", "format"} & value.keys(),
        default=value.get("default"),
        description=value.get("description", ""),
        limits=_limits(value, kind, options),
    )


def _limits(value: dict[str, Any], types: str | list[str], options: list[Any] | None) -> str:
    limits: list[str] = []
    if options is not None:
        limits.append(", ".join(map(_said, options)))
    elif "null" in types:
        limits.append("null only" if types == "null" else "null allowed")
    limits += value.get("x-limits", [])
    if takes_address(value):
        limits.append("an http or https address")
    if "default" in value:
        limits.append(f"the service takes {_said(value['default'])} when it is left out")
    return "; ".join(limits)


def _said(value: Any) -> str:
    """A value as JSON has it, text without its quotes."""
    return (
        str(value).lower() if isinstance(value, bool) else "null" if value is None else str(value)
    )
