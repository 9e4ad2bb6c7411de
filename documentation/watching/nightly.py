"""Every morning: what needs no decision is accepted on a branch of its own, and all is reported.

One generation and one run of the probes are for all pages. `build/nightly.md` is the text of the
pull request; words of pages are escaped in it. Nothing is merged by itself.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

from documentation.changing.accept import (
    Make,
    exported_names,
    kept_on_failure,
    run_make,
    write,
    written_by,
)
from documentation.changing.changelog import told_in
from documentation.changing.review import Review
from documentation.editing import overlay as overlays
from documentation.editing.splice import rewritten
from documentation.fact import PageError, fault
from documentation.watching.told import Told, report_of
from documentation.watching.watch import PAGES, Found, fetched, reviewed
from overlays.bundle import ROOT

BRANCH = "docs-nightly"
REPORT = Path("build") / "nightly.md"
# What a page may change; all else stays as the branch has it.
_CHANGED = (
    *("documentation", "openapi.yaml", "generated", "README.md", "CHANGELOG.md"),
    "contract_tests/exported.txt",
)


@dataclass(slots=True)
class Night:
    """What one run did."""

    told: Told = field(default_factory=Told)
    accepted: list[Review] = field(default_factory=list)

    @property
    def is_quiet(self) -> bool:
        """Whether nobody has to look: no page failed, stands still, or made a target red."""
        told = self.told
        return not (told.unread or told.left_out) and all(not why for why in told.results.values())


def nightly(root: Path = ROOT, make: Make = run_make, *, push: bool = True) -> Night:
    """Accept what can be, on a branch of its own, and write the report; push the branch.

    Raises:
        PageError: The checkout has changes of its own, or is none.
    """
    own = ["--untracked-files=no"], ["--", *_CHANGED]
    if any(_git(root, "status", "--porcelain", *arguments) for arguments in own):
        raise PageError("the checkout has changes that are not committed")
    began = _git(root, "rev-parse", "--abbrev-ref", "HEAD")
    if began == BRANCH:
        raise PageError(f"{BRANCH} is made anew each time: switch to another branch first")
    home = began if began != "HEAD" else _git(root, "rev-parse", "HEAD")
    pages = list(fetched(root))
    _git(root, "switch", "--quiet", "--force-create", BRANCH)
    try:
        night = accept_all(root, pages, make)
        failing = _failing(root, night, make)
        if failing:
            _undo(root)
            night = accept_all(root, pages, make, failing)
            _failing(root, night, make)
        if night.accepted:
            night.told.results["test"] = _ran(root, make, "test")
            night.told.spec = _git(root, "diff", "--unified=2", "--", "openapi.yaml")
        _write_report(root, night)
        if night.accepted or night.told.moved:
            _commit(root, night)
            if push:
                _git(root, "push", "--quiet", "--force", "origin", f"{BRANCH}:{BRANCH}")
        return night
    finally:
        _undo(root)
        _git(root, "switch", "--quiet", *([] if began != "HEAD" else ["--detach"]), home)
        if _git(root, "rev-parse", home) == _git(root, "rev-parse", BRANCH):
            _git(root, "branch", "--quiet", "--delete", "--force", BRANCH)


def accept_all(
    root: Path,
    pages: list[tuple[str, Found | Exception]],
    make: Make,
    failing: Collection[str] = (),
) -> Night:
    """Write what each page changes, one on top of the other; then make once what follows.

    Args:
        root: The checkout.
        pages: Each page with its text, or with why there is none.
        make: Runs a target there.
        failing: The pages that are left out, as their probes fail.
    """
    night = Night()
    told, names = night.told, exported_names(root)
    for page, found in pages:
        result = reviewed(page, found, root)
        if isinstance(result, PageError):
            told.unread[page] = str(result)
            continue
        told.ask(page, result)
        if result.stands or page in failing:
            told.left_out[page] = result.stands or ["its probes fail once it is accepted"]
        elif result.is_news:
            try:
                with kept_on_failure(written_by(result, root), root / "generated"):
                    write(result, root)
            except Exception as error:  # the others have their turn
                told.left_out[page] = [f"can't be written: {fault(error)}"]
                continue
            night.accepted.append(result)
            told.add(page, result)
        if isinstance(found, Found) and found.moved and page not in told.left_out:
            _move(root, page, found.address)
            told.moved[page] = found.address
    if night.accepted:
        for target in ("docs-check", "generate", "exported"):
            told.results[target] = _ran(root, make, target)
        gone = sorted(names - exported_names(root))
        changelog = root / "CHANGELOG.md"
        if changelog.exists():
            text = changelog.read_text("utf-8")
            for result in night.accepted:
                text = told_in(text, result, [])
            changelog.write_text(text, "utf-8")
        told.gone = gone
    return night


def _failing(root: Path, night: Night, make: Make) -> set[str]:
    """The accepted pages whose probes fail: all are asked at once, and one by one if that fails."""
    if not night.accepted:
        return set()
    night.told.results["probes"] = _ran(root, make, "probes")
    if not night.told.results["probes"]:
        return set()
    pages = [result.reading.page for result in night.accepted]
    return {page for page in pages if _ran(root, make, "probes", f"PAGE={page}")}


def _ran(root: Path, make: Make, *target: str) -> str:
    """Why a target failed; nothing where it did not."""
    try:
        make(root, list(target))
    except PageError as error:
        return str(error)
    return ""


def _move(root: Path, page: str, address: str) -> None:
    """Watch a page where it is now."""
    path = root / PAGES
    text = path.read_text("utf-8")
    action = overlays.update({page: address}, "pages")
    path.write_text(rewritten(text, overlays.document_of("a page moved", [action])), "utf-8")


def _write_report(root: Path, night: Night) -> None:
    path = root / REPORT
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(report_of(night.told), "utf-8")


def _commit(root: Path, night: Night) -> None:
    changed = [result.reading.page for result in night.accepted]
    pages = ", ".join(dict.fromkeys([*changed, *night.told.moved]))
    _git(root, "add", "--", *(name for name in _CHANGED if (root / name).exists()))
    message = f"Bring the spec in line with what the documentation says now\n\nPages: {pages}"
    _git(root, "commit", "--quiet", "--message", message)


def _undo(root: Path) -> None:
    """Take back what is not committed, new facts files among it."""
    _git(root, "reset", "--quiet", "--hard")
    _git(root, "clean", "--quiet", "--force", "-d", "--", "documentation/facts", "generated")


def _git(root: Path, *arguments: str) -> str:
    """What a git command says.

    Raises:
        PageError: It failed.
    """
    environment = {key: value for key, value in os.environ.items() if not key.startswith("GIT_DIR")}
    try:
        done = subprocess.run(
            ["git", *arguments],
            cwd=root,
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError) as error:
        said = (getattr(error, "stderr", "") or str(error)).strip().splitlines()
        raise PageError(f"git {arguments[0]} failed: {said[-1][:200]}") from None
    return done.stdout.strip()
