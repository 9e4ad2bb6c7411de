"""Write what type checkers read of create and generate: the keywords of each model id.

The schemas say which fields a variant has. The variants of one id become one TypedDict, since a
call by keywords names the id only: which of the fields belong together is checked when it runs.
"""

from __future__ import annotations

import keyword
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jinja2

from overlays.errors import BuildError

TEMPLATES = Path(__file__).parent / "templates"
# What create and generate take themselves, and types of the stub: such a field is given in a body.
_OPTIONS = {
    "self",
    "body",
    "model",
    "extra_body",
    "check",
    "deadline",
    "timeout",
    "polling",
    "on_progress",
}
_TAKEN = _OPTIONS | {"str", "int", "float", "bool", "list", "dict", "Any", "Literal", "NotRequired"}
_TYPES = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}


@dataclass
class _Field:
    """A field of a model id, joined from the variants that have it."""

    name: str
    required: bool
    types: list[str] = field(default_factory=list)
    description: str = ""


@dataclass
class _Keywords:
    """The fields that may be given by keyword with certain model ids."""

    name: str
    ids: list[str]
    descriptions: list[str]
    pages: list[str]
    fields: list[_Field]


def write_keywords(index: dict[str, list[str]], schemas: dict[str, Any], path: Path) -> None:
    """Write the stub.

    Args:
        index: The names of the variants of each model id.
        schemas: The schema of each variant.
        path: Where to write it.

    Raises:
        BuildError: What the template makes is no Python.
    """
    ids_of: dict[tuple[str, ...], list[str]] = {}
    for model, names in index.items():
        ids_of.setdefault(tuple(names), []).append(model)
    taken: set[str] = set()
    groups = [
        _keywords(_class_name(ids[0], taken), ids, [schemas[name] for name in names])
        for names, ids in ids_of.items()
    ]
    environment = jinja2.Environment(  # noqa: S701 -- it is Python that is written
        loader=jinja2.FileSystemLoader(TEMPLATES), trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["docstring"] = _docstring
    text = environment.get_template("keywords.pyi.jinja").render(groups=groups)
    command = [sys.executable, "-m", "ruff", "format", "--isolated", "--no-cache", "--quiet"]
    command += ["--line-length=100", f"--stdin-filename={path.name}", "-"]
    ended = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    if ended.returncode:
        raise BuildError(f"{path.name}: the template wrote no Python: {ended.stderr.strip()}")
    path.write_text(ended.stdout, encoding="utf-8")


def can_be_keyword(field: str) -> bool:
    """Whether a field can be given by keyword, beside what create and generate take themselves."""
    is_name = field.isidentifier() and not keyword.iskeyword(field) and not field.startswith("__")
    return is_name and field not in _TAKEN


def _keywords(name: str, ids: list[str], variants: list[dict[str, Any]]) -> _Keywords:
    fields: dict[str, _Field] = {}
    for variant in variants:
        for each, schema in variant["properties"].items():
            if not can_be_keyword(each):
                continue
            required = all(each in other.get("required", ()) for other in variants)
            found = fields.setdefault(each, _Field(each, required))
            found.types += _types(schema)
            if schema.get("const", "") is not None:  # which says that it is no input of the variant
                found.description = found.description or schema.get("description", "")
    pages = [
        page for variant in variants for page in _listed(variant.get("x-documentation-page", []))
    ]
    descriptions = [variant.get("description", "") for variant in variants]
    return _Keywords(
        name, ids, _once(descriptions), _once(pages), [_joined(each) for each in fields.values()]
    )


def _joined(found: _Field) -> _Field:
    """The field with each of its types once, and one Literal for all of its values."""
    types = _once(found.types)
    values = [each for each in types if each.startswith("Literal[")]
    plain = [each for each in types if each not in values]
    if values:
        inside = ", ".join(each.removeprefix("Literal[").removesuffix("]") for each in values)
        plain.insert(0, f"Literal[{inside}]")
    plain.sort(key=lambda each: each == "None")
    found.types = ["Any"] if "Any" in plain else plain
    return found


def _types(schema: dict[str, Any]) -> Iterator[str]:
    """The Python types of the values that a schema allows."""
    if schema.get("x-takes-file"):
        yield "Addresses" if "array" in schema["type"] else "Address"
        yield from ["None"] * ("null" in schema["type"])
        return
    values = schema.get("enum", [schema["const"]] if "const" in schema else None)
    if values is not None and not any(isinstance(value, float | list | dict) for value in values):
        yield from ("None" if value is None else f"Literal[{value!r}]" for value in values)
        return
    branches = schema.get("anyOf") or schema.get("oneOf")
    if branches and "type" not in schema:
        for branch in branches:
            yield from _types(branch)
        return
    for kind in _listed(schema.get("type", "any")):
        if kind == "array":
            items = _joined(_Field("", False, list(_types(schema.get("items", {})))))
            yield f"list[{' | '.join(items.types)}]"
        elif kind == "object":
            yield "dict[str, Any]"
        else:
            yield _TYPES.get(kind, "Any")


def _class_name(model: str, taken: set[str]) -> str:
    """A name for the keywords of a model id that no other has."""
    words = re.findall(r"[A-Za-z0-9]+", model)
    name = "".join(word[0].upper() + word[1:] for word in words)
    name = f"{name if name[:1].isalpha() else f'Model{name}'}Keywords"
    while name in taken:
        name += "_"
    taken.add(name)
    return name


def _docstring(text: str) -> str:
    """A text as the inside of a docstring, on one line."""
    if not text.isprintable():
        text = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(text.split()).replace("\\", "\\\\").replace('"', '\\"')


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _once(values: list[str]) -> list[str]:
    return list(dict.fromkeys(value for value in values if value))
