"""The documentation as the tests know it: pages, facts, choices and spec of one moment.

`base/` is laid out like the project, so that a page can be read, compared and accepted there; what
is accepted in the project itself changes none of it. `pages/standins/` has a page in words of our
own for each page that the project started from, from which the reader takes the facts of `base/`.
"""

from __future__ import annotations

import functools
import pickle
import shutil
from pathlib import Path
from typing import Any

from documentation import facts_files
from overlays.bundle import read_yaml

BASE = Path(__file__).parent / "base"
FACTS = BASE / "documentation" / "facts"
CONFLICTS = BASE / "documentation" / "conflicts.yaml"
STANDINS = sorted((Path(__file__).parents[2] / "pages" / "standins").glob("*.txt"))


@functools.cache
def _pickled_spec() -> bytes:
    return pickle.dumps(read_yaml(BASE / "openapi.yaml"))


def base_spec() -> dict[str, Any]:
    """The spec of the base, a copy of its own for each who asks."""
    document: dict[str, Any] = pickle.loads(_pickled_spec())  # noqa: S301 - made here
    return document


def base_files() -> list[facts_files.FactsFile]:
    """The facts of every page of the base."""
    return facts_files.load_all(FACTS)


def take_base_to(project: Path) -> None:
    """Put the documentation of the base in the place of a project's own."""
    shutil.rmtree(project / "documentation" / "facts", ignore_errors=True)
    shutil.copytree(BASE, project, dirs_exist_ok=True)
