"""Change each page by a digit, an option and a field, take new ones, and run everything each time.

    python -m contract_tests.accepting [--only PAGE,...] [--steps lint,check] [--together]

Each change is accepted in one copy of the project, on top of those before it, as a project lives.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from contract_tests.accepting.editions import CHANGES, Change, first_text
from contract_tests.accepting.project_copy import copy_project, paths_of
from overlays.bundle import ROOT

RED = "RED"
STEPS = ("all", "lint", "check", "test")
LOGS = ROOT / "build" / "accepting"
_OWN = ("MAKEFLAGS", "MAKELEVEL", "MFLAGS", "PAGE", "ONLY", "FOXAPI_API_KEY", "FOXAPI_BASE_URL")
_WHOSE = "import documentation, foxapi_video, foxapi_video_client as c; print(c.__file__)"
_WHOSE += "; print(documentation.__file__); print(foxapi_video.__file__)"


def run_make(project: Path, *arguments: str, log: Path) -> str:
    """Run make in a project, and say how it ended: the seconds, or red and where its words are."""
    environment = {name: value for name, value in os.environ.items() if name not in _OWN}
    began = time.monotonic()
    with log.open("w", encoding="utf-8") as out:
        ended = subprocess.run(
            ["make", "--no-print-directory", *arguments],
            cwd=project,
            env=environment | paths_of(project),
            stdout=out,
            stderr=subprocess.STDOUT,
            check=False,
        )
    seconds = f"{time.monotonic() - began:.0f} s"
    return f"{RED}, see {log.relative_to(ROOT)}" if ended.returncode else seconds


def runs_its_own_code(project: Path) -> bool:
    """Whether what a copy runs is the copy: the .venv is the original's."""
    shown = subprocess.run(
        [project / ".venv" / "bin" / "python", "-c", _WHOSE],
        cwd=project,
        env=os.environ | paths_of(project),
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    return all(Path(path).is_relative_to(project) for path in shown)


def follow(project: Path, page: str) -> None:
    """Apply what docs-accept proposes for README.md and the examples, as people do."""
    patch = project / "build" / "proposed" / f"{page}.programs.patch"
    if patch.exists():
        subprocess.run(["git", "apply", str(patch)], cwd=project, check=True)
        patch.unlink()


def accepted(
    project: Path, changes: list[Change], steps: list[str], *, together: bool = False
) -> bool:
    """Accept each change and run the steps after it, printing a row; whether all was green."""
    green, texts = True, {change.page: first_text(change.page) for change in changes}
    print(*("page", "change", "docs-accept", *steps), sep=" | ")
    for number, change in enumerate(changes, 1):
        name = f"{number}-{change.page}-{change.what.split()[0]}"
        texts[change.page] = change.text(texts[change.page])
        page = project / "build" / "saved" / f"{change.page}.txt"
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(texts[change.page], "utf-8")
        before = change.settle(project)
        log = LOGS / f"{name}-docs-accept.log"
        row = [run_make(project, "docs-accept", f"PAGE={page}", log=log)]
        if row[0].startswith(RED):
            for path, text in before.items():
                path.write_text(text, "utf-8")
        else:
            follow(project, change.page)
            if not together or number == len(changes):
                row += [run_make(project, step, log=LOGS / f"{name}-{step}.log") for step in steps]
        print(change.page, change.what, *row, sep=" | ", flush=True)
        green = green and not any(cell.startswith(RED) for cell in row)
    return green


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--only", default="", help="pages, with commas; every page when left out")
    parser.add_argument("--steps", default=",".join(STEPS), help="make targets, with commas")
    parser.add_argument("--together", action="store_true", help="run the steps once, at the end")
    given = parser.parse_args()
    only = set(filter(None, given.only.split(",")))
    changes = [change for change in CHANGES if not only or change.page in only]
    unknown = only - {change.page for change in changes}
    if unknown:
        print(f"error: no such page: {', '.join(sorted(unknown))}", file=sys.stderr)
        return 2
    steps = list(filter(None, given.steps.split(",")))
    LOGS.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="foxapi-accepting-") as directory:
        project = copy_project(Path(directory).resolve() / "project")
        if not runs_its_own_code(project):
            print("error: the copy runs the code of the original", file=sys.stderr)
            return 1
        return 0 if accepted(project, changes, steps, together=given.together) else 1


if __name__ == "__main__":
    sys.exit(main())
