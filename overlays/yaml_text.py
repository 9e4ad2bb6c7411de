"""YAML as JSON-like data: the core schema of YAML 1.2, where `16:9` is text and `on` is a word."""

from __future__ import annotations

import functools
import json
import math
import pickle
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar

import yaml
from yaml.constructor import ConstructorError

if TYPE_CHECKING:
    from yaml import SafeLoader as Base
else:
    Base = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


_TEXT, _SEQUENCE, _MAPPING = (f"tag:yaml.org,2002:{kind}" for kind in ("str", "seq", "map"))


class CoreLoader(Base):
    """The safe loader without the surprises of YAML 1.1: sexagesimals, dates, yes and no.

    What it makes is what JSON can say: names are text, numbers finite; every other tag is an error.
    """

    yaml_constructors: ClassVar[dict[str | None, Any]] = {
        tag: Base.yaml_constructors[tag]
        for tag in (None, *(f"tag:yaml.org,2002:{kind}" for kind in ("null", "str", "seq", "map")))
    }
    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012

    def construct_document(self, node: yaml.Node) -> Any:
        """The whole document at once, in half of the time of a generator for each collection."""
        return self._made(node, {})

    def _made(self, node: yaml.Node, made: dict[yaml.Node, Any]) -> Any:
        """What a node means; an alias means what its anchor does, be it around it."""
        if type(node) is yaml.ScalarNode:
            if node.tag == _TEXT:
                return node.value
        elif node in made:
            return made[node]
        elif type(node) is yaml.MappingNode and node.tag == _MAPPING:
            self.flatten_mapping(node)
            mapping = made[node] = {}
            for name, value in node.value:
                mapping[self._name(node, name, made)] = self._made(value, made)
            return mapping
        elif type(node) is yaml.SequenceNode and node.tag == _SEQUENCE:
            sequence = made[node] = []
            sequence += [self._made(each, made) for each in node.value]
            return sequence
        return self.construct_object(node, deep=True)

    def _name(self, mapping: yaml.Node, node: yaml.Node, made: dict[yaml.Node, Any]) -> str:
        name = self._made(node, made)
        if isinstance(name, list | dict):
            where = "while constructing a mapping", mapping.start_mark
            raise ConstructorError(*where, "found unhashable key", node.start_mark)
        return name if isinstance(name, str) else json.dumps(name)

    def resolve(self, kind: type[yaml.Node], value: Any, implicit: Any) -> str:
        if kind is yaml.ScalarNode:
            return _tag_of(value) if implicit[0] else _TEXT
        return _SEQUENCE if kind is yaml.SequenceNode else _MAPPING


@functools.lru_cache(maxsize=16384)
def _tag_of(plain: str) -> str:
    """The tag of a text without quotes; most stand in many places."""
    for tag, pattern in CoreLoader.yaml_implicit_resolvers.get(plain[:1], ()):
        if pattern.match(plain):
            return tag
    return _TEXT


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
