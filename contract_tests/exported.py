"""The names that users may import, as a list: what is promised of them stands in README.md.

    python -m contract_tests.exported

writes it, as `make exported` does. A test compares it with the packages, so that no name comes,
goes or changes unseen.
"""

from __future__ import annotations

import inspect
import pkgutil
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType

import foxapi_video
import foxapi_video_client

LIST = Path(__file__).with_suffix(".txt")


def exported() -> list[str]:
    """Each name of a module's `__all__`, and each call of an operation, as `module.name`."""
    return sorted(
        f"{module.__name__}.{name}"
        for package in (foxapi_video, foxapi_video_client)
        for module in _modules(package)
        for name in _names(module)
    )


def _modules(package: ModuleType) -> Iterator[ModuleType]:
    yield package
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        if not found.name.endswith(".__main__"):
            yield import_module(found.name)


def _names(module: ModuleType) -> list[str]:
    if module.__name__.startswith("foxapi_video_client.api."):
        functions = inspect.getmembers(module, inspect.isfunction)
        mine = [name for name, value in functions if value.__module__ == module.__name__]
        return [name for name in mine if not name.startswith("_")]
    return list(getattr(module, "__all__", ()))


if __name__ == "__main__":
    LIST.write_text("".join(f"{name}\n" for name in exported()), "utf-8")
