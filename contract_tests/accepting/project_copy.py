"""Copies of the project that may be broken or changed, with the set-up of the original."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from overlays.bundle import ROOT

_LEFT_OUT = {".git", ".venv", "node_modules", "build", "dist", ".hypothesis", ".schemathesis"}


def copy_project(target: Path) -> Path:
    """Copy the project into a new directory."""
    target.mkdir()
    caches = shutil.ignore_patterns("__pycache__")
    for source in ROOT.iterdir():
        if source.is_dir():
            if source.name not in _LEFT_OUT and not source.name.endswith("_cache"):
                # Compiled modules come along, which saves their time; generated/ is compared.
                ignore = caches if source.name == "generated" else None
                shutil.copytree(source, target / source.name, ignore=ignore)
        elif source.is_file() and source.name not in _LEFT_OUT:  # .git of a worktree is a file
            shutil.copy(source, target)
    for name, lock in (
        (".venv", "requirements.lock"),
        ("node_modules", "package-lock.json"),
    ):
        (target / name).symlink_to(ROOT / name)
        # Older than any set-up: made anew in a copy, it would be the original's that is cleared.
        os.utime(target / lock, (0, 0))
    return target


def paths_of(project: Path) -> dict[str, str]:
    """The variable by which the .venv of the original imports the code of a copy."""
    return {"PYTHONPATH": os.pathsep.join(map(str, (project, project / "generated")))}
