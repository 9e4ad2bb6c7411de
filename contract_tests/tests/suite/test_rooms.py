"""The rooms of the project: who may import whom, and how much a folder holds."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from overlays.bundle import ROOT

# A room is a folder without the folders in it, or one module. Each may import the rooms above it.
ROOMS = [
    "foxapi_video_client",
    "foxapi_video",
    "foxapi_video.batch",
    "foxapi_video.testing",
    "foxapi_video.cli",
    "foxapi_video.__main__",
    "overlays",
    "documentation",
    "documentation.reading.layouts.text",
    "documentation.reading.layouts.tabular",
    "documentation.reading.layouts",
    "documentation.reading.prose",
    "documentation.reading",
    "documentation.checking",
    "documentation.editing",
    "documentation.changing",
    "documentation.watching",
    "documentation.commands",
    "documentation.__main__",
    "contract_tests",
    "contract_tests.mock",
    "contract_tests.referees",
    "contract_tests.probes",
    "contract_tests.agreement",
    "contract_tests.fuzzing",
    "contract_tests.mutation",
    "contract_tests.accepting",
    "contract_tests.faults",
    "contract_tests.faults.proxies",
    "contract_tests.bench",
    "contract_tests.agreement.readers",
    "contract_tests.report",
    "contract_tests.example",
    "contract_tests.exported",
    "contract_tests.tests",
]
PACKAGES = ["overlays", "documentation", "contract_tests", "foxapi_video"]
MOST_LEVELS, MOST_MODULES = 8, 14


def _modules() -> dict[str, Path]:
    files = [file for package in PACKAGES for file in sorted((ROOT / package).rglob("*.py"))]
    names = [".".join(file.relative_to(ROOT).with_suffix("").parts) for file in files]
    return {name.removesuffix(".__init__"): file for name, file in zip(names, files, strict=True)}


MODULES = _modules()


@cache
def imports_of(module: str) -> frozenset[str]:
    """The project's modules that one imports when it runs, wherever in it the import stands."""
    found = set()
    for node in _statements(ast.parse(MODULES[module].read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            inside = {f"{node.module}.{name.name}" for name in node.names}
            found |= inside & MODULES.keys() or {node.module}
            if inside - MODULES.keys():
                found.add(node.module)
    return frozenset(found & MODULES.keys() - {module})


def _statements(node: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        is_for_types = isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING"
        if not is_for_types:
            yield child
            yield from _statements(child)


def room_of(module: str) -> str:
    """The room that a module is in: the longest name that it stands under."""
    return max((r for r in ROOMS if f"{module}.".startswith(f"{r}.")), key=len)


def _levels(modules: frozenset[str]) -> dict[str, int]:
    """How deep each module stands on others of the same folder.

    Raises:
        AssertionError: They import each other in a circle.
    """
    levels: dict[str, int] = {}

    def level(module: str, path: tuple[str, ...]) -> int:
        assert module not in path, " imports ".join([*path[path.index(module) :], module])
        if module not in levels:
            below = imports_of(module) & modules
            levels[module] = 1 + max((level(each, (*path, module)) for each in below), default=0)
        return levels[module]

    for module in sorted(modules):
        level(module, ())
    return levels


def test_no_module_imports_itself_through_others() -> None:
    _levels(frozenset(MODULES))


def test_a_module_imports_from_its_own_room_and_those_below() -> None:
    rooms = {module: ROOMS.index(room_of(module)) for module in MODULES}
    wrong = [
        f"{module} imports {each}, and {ROOMS[rooms[module]]} stands below {ROOMS[rooms[each]]}"
        for module in MODULES
        for each in imports_of(module)
        if rooms[each] > rooms[module]
    ]
    assert wrong == []


FOLDERS = sorted({module.rpartition(".")[0] for module in MODULES} - {""})


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_folder_can_be_seen_at_once(folder: str) -> None:
    inside = frozenset(name for name in MODULES if name.rpartition(".")[0] == folder)
    assert max(_levels(inside).values(), default=0) <= MOST_LEVELS
    # The package keeps its modules where public classes live: pickles carry their names.
    assert folder == "foxapi_video" or len(inside) <= MOST_MODULES, sorted(inside)


def test_tests_are_apart_and_none_imports_another() -> None:
    tests = {name for name in MODULES if name.rpartition(".")[2].startswith("test_")}
    assert {room_of(name) for name in tests} == {"contract_tests.tests"}
    assert {name: imports_of(name) & tests for name in tests if imports_of(name) & tests} == {}
