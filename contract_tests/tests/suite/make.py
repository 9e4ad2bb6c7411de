"""Run make as people do, in the project or a copy of it."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

SETTABLE = (
    "PAGE",
    "EDITION_OF",
    "BASE_URL",
    "SPEND",
    "PORT",
    "PACE",
    "N",
    "PYTHON",
    "FOXAPI_API_KEY",
)


def make(
    project: Path,
    *arguments: str,
    path: Path | None = None,
    variables: dict[str, str] | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run make in a project, with a directory of programs before all others."""
    environment = dict(os.environ)
    # What an outer make told this process is not for the inner one.
    for name in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS", *SETTABLE):
        environment.pop(name, None)
    # A copy of the project has the .venv of the original, which would import the original's code.
    environment["PYTHONPATH"] = os.pathsep.join(map(str, (project, project / "generated")))
    if path is not None:
        environment["PATH"] = f"{path}{os.pathsep}{environment['PATH']}"
    environment |= variables or {}
    return subprocess.run(
        ["make", "--no-print-directory", *arguments],
        cwd=project,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
