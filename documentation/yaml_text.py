"""YAML as JSON-like data: the core schema of YAML 1.2, where `16:9` is text and `on` is a word."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from yaml import SafeLoader as Base
else:
    Base = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class CoreLoader(Base):
    """The safe loader without the surprises of YAML 1.1: sexagesimals, dates, yes and no."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012


for _tag, _pattern, _first in (
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("int", r"[-+]?[0-9]+", "-+0123456789"),
    ("float", r"[-+]?(?:[0-9]+\.[0-9]*|\.[0-9]+|[0-9]+)(?:[eE][-+]?[0-9]+)?", "-+.0123456789"),
    ("null", r"~|null|Null|NULL|", "~nN"),
    ("merge", r"<<", "<"),
):
    _compiled = re.compile(rf"(?:{_pattern})$")
    for _char in [*_first, *([""] if _tag == "null" else [])]:
        CoreLoader.yaml_implicit_resolvers.setdefault(_char, []).append(
            (f"tag:yaml.org,2002:{_tag}", _compiled)
        )


def _whole(loader: Any, node: yaml.ScalarNode) -> int:
    return int(loader.construct_scalar(node))


CoreLoader.add_constructor("tag:yaml.org,2002:int", _whole)


def load(text: str) -> Any:
    """Plain data; raises `yaml.YAMLError`, `RecursionError` or `ValueError`."""
    return yaml.load(text, Loader=CoreLoader)  # noqa: S506 - a safe loader
