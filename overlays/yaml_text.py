"""YAML as JSON-like data: the core schema of YAML 1.2, where `16:9` is text and `on` is a word."""

from __future__ import annotations

import functools
import json
import math
import pickle
import re
from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING, Any, ClassVar

import yaml
from yaml.constructor import ConstructorError

if TYPE_CHECKING:
    from yaml import SafeLoader as Base
else:
    Base = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class CoreLoader(Base):
    """The safe loader without the surprises of YAML 1.1: sexagesimals, dates, yes and no.

    What it makes is what JSON can say: names are text, numbers finite; every other tag is an error.
    """

    yaml_constructors: ClassVar[dict[str | None, Any]] = {
        tag: Base.yaml_constructors[tag]
        for tag in (None, *(f"tag:yaml.org,2002:{kind}" for kind in ("null", "str", "seq", "map")))
    }
    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        mapping = super().construct_mapping(node, deep=deep)
        return {k if isinstance(k, str) else json.dumps(k): v for k, v in mapping.items()}


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


def _scalar(read: Callable[[str], Any]) -> Callable[[Any, yaml.Node], Any]:
    def construct(loader: Any, node: yaml.Node) -> Any:
        try:
            return read(loader.construct_scalar(node))
        except ValueError:
            raise ConstructorError(problem="not of its tag", problem_mark=node.start_mark) from None

    return construct


def _truth(text: str) -> bool:
    return ("false", "true").index(text.lower()) == 1


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError
    return value


for _kind, _read in (("int", int), ("float", _finite), ("bool", _truth)):
    CoreLoader.add_constructor(f"tag:yaml.org,2002:{_kind}", _scalar(_read))


def load(text: str) -> Any:
    """Plain data; raises `yaml.YAMLError`, or `RecursionError` where no one bounded its depth.

    A long text is parsed once: each who asks for it gets a copy, in a twentieth of the time.
    """
    if len(text) < 1000:
        return yaml.load(text, Loader=CoreLoader)  # noqa: S506 - a safe loader
    return pickle.loads(_parsed(text))  # noqa: S301 - made here


@functools.lru_cache(maxsize=64)
def _parsed(text: str) -> bytes:
    return pickle.dumps(yaml.load(text, Loader=CoreLoader))  # noqa: S506 - a safe loader
