"""A copy of the project that has accepted many more pages, as it will have when the site has them.

    python -m contract_tests.accepting.many

Run in a copy, it accepts the pages of build/saved there: one generation and one run of the probes
are for all of them.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from contract_tests.accepting.pretend_pages import pretend_pages
from contract_tests.accepting.project_copy import copy_project, paths_of
from documentation.changing.accept import run_make
from documentation.watching.nightly import accept_all
from documentation.watching.watch import Found
from overlays.bundle import ROOT

SAVED = Path("build") / "saved"


def project_with(more: int, target: Path, seed: int = 1) -> float:
    """Copy the project, and accept pages of so many more variants there; the seconds that it takes.

    Raises:
        subprocess.CalledProcessError: A page was left out, or something is red.
    """
    project = copy_project(target)
    (project / SAVED).mkdir(parents=True)
    for name, text in pretend_pages(more, seed).items():
        (project / SAVED / f"{name}.txt").write_text(text, "utf-8")
    began = time.perf_counter()
    command = [sys.executable, "-m", "contract_tests.accepting.many"]
    subprocess.run(command, cwd=project, env=os.environ | paths_of(project), check=True)
    return time.perf_counter() - began


def main() -> int:
    saved = sorted((ROOT / SAVED).glob("*.txt"))
    pages: list[tuple[str, Found | Exception]] = [
        (path.stem, Found(path.read_text("utf-8"), "")) for path in saved
    ]
    told = accept_all(ROOT, pages, run_make).told
    wrong = [f"{page}: {why[0]}" for page, why in told.left_out.items()]
    wrong += [f"make {target}: {why}" for target, why in told.results.items() if why]
    if not wrong:
        run_make(ROOT, ["probes"])
    print(*wrong, sep="\n", file=sys.stderr)
    return 1 if wrong or len(told.changed) != len(pages) else 0


if __name__ == "__main__":
    sys.exit(main())
