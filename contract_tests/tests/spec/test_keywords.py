"""The stub of the keywords: what it makes of schemas, also of such as are meant to break it."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest

from overlays.keywords import can_be_keyword, write_keywords

NOT_BY_KEYWORD = ["check", "timeout", "self", "model", "class", "1st", "a b", "str", "__x"]


def _stub(tmp_path: Path, index: dict[str, list[str]], **schemas: dict[str, Any]) -> str:
    for schema in schemas.values():
        schema.setdefault("x-documentation-page", "a-page")
        schema.setdefault("required", [])
    write_keywords(index, schemas, tmp_path / "keywords.pyi")
    text = (tmp_path / "keywords.pyi").read_text("utf-8")
    compile(text, "keywords.pyi", "exec")
    return text


def _fields(text: str) -> dict[str, dict[str, str]]:
    """The type of each field of each class."""
    return {
        node.name: {
            ast.unparse(field.target): ast.unparse(field.annotation)
            for field in node.body
            if isinstance(field, ast.AnnAssign)
        }
        for node in ast.parse(text).body
        if isinstance(node, ast.ClassDef) and node.name != "TypedCalls"
    }


def test_variants_of_one_id_are_joined(tmp_path: Path) -> None:
    one = {"prompt": {"type": "string"}, "seed": {"type": "integer"}, "size": {"enum": ["a", 1]}}
    two = {
        "prompt": {"type": ["string", "null"]},
        "size": {"enum": ["b", None]},
        "urls": {"type": "array", "items": {"type": "string"}},
        "no_input": {"const": None, "description": "Not an input."},
    }
    text = _stub(
        tmp_path,
        {"a-1": ["One", "Two"], "a-2": ["One", "Two"], "b": ["Two"]},
        One={"properties": one, "required": ["prompt", "seed"]},
        Two={"properties": two, "required": ["prompt"]},
    )
    assert _fields(text) == {
        "A1Keywords": {
            "prompt": "str | None",
            "seed": "NotRequired[int]",
            "size": "NotRequired[Literal['a', 1, 'b'] | None]",
            "urls": "NotRequired[list[str]]",
            "no_input": "NotRequired[None]",
        },
        "BKeywords": {
            "prompt": "str | None",
            "size": "NotRequired[Literal['b'] | None]",
            "urls": "NotRequired[list[str]]",
            "no_input": "NotRequired[None]",
        },
    }
    assert text.count('model: Literal["a-1", "a-2"]') == text.count('model: Literal["b"]') == 2
    assert "Not an input" not in text


@pytest.mark.parametrize(
    ("schema", "kind"),
    [
        ({}, "Any"),
        ({"type": "number"}, "float"),
        ({"enum": [0.5, 1], "type": "number"}, "float"),
        ({"const": 8}, "Literal[8]"),
        ({"type": "object", "properties": {}}, "dict[str, Any]"),
        ({"type": "array"}, "list[Any]"),
        ({"type": "array", "items": {"enum": ["a", "b"]}}, "list[Literal['a', 'b']]"),
        ({"anyOf": [{"type": "string"}, {"type": "boolean"}]}, "str | bool"),
        ({"anyOf": [{"type": "string"}, {}]}, "Any"),
    ],
    ids=str,
)
def test_each_schema_has_its_type(tmp_path: Path, schema: dict[str, Any], kind: str) -> None:
    text = _stub(tmp_path, {"m": ["V"]}, V={"properties": {"field": schema}, "required": ["field"]})
    assert _fields(text) == {"MKeywords": {"field": kind}}


def test_what_is_hostile_is_text_or_left_to_the_body(tmp_path: Path) -> None:
    hostile = 'ends """here\n\x00 \\N{DASH} \\'
    names = [*NOT_BY_KEYWORD, "prompt"]
    variant = {
        "description": hostile,
        "x-documentation-page": ["a", hostile],
        "properties": {name: {"type": "string", "description": hostile} for name in names},
    }
    ids = ["a.b", "a-b", "9", "\u6a21", '"] = 1 #']
    text = _stub(
        tmp_path,
        {name: [f"V{number}"] for number, name in enumerate(ids)},
        **{f"V{number}": dict(variant) for number in range(len(ids))},
    )
    assert [can_be_keyword(name) for name in names] == [False] * len(NOT_BY_KEYWORD) + [True]
    found = _fields(text)
    assert list(found.values()) == [{"prompt": "NotRequired[str]"}] * len(ids)
    assert len(found) == len(ids) and all(name.endswith(("Keywords", "_")) for name in found)
