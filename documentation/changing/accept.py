"""Bring the repository in line with a page: facts, spec, client, names; all of it or nothing."""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from documentation import facts_files
from documentation.changing.changelog import told_in
from documentation.changing.questions import questions_of
from documentation.changing.review import CHOICES, Review
from documentation.conflicts import parsed
from documentation.editing.splice import rewritten
from documentation.fact import PageError
from documentation.page_names import page_name
from overlays.bundle import ROOT

# What make prints on the way to a failure: its own lines, pages that agree, choices that hold.
_IN_ORDER = re.compile(r"^make|^npm warn|, 0 differences$|^settled |^open: |^generated ")
# The names that users may import, a line each, as `make exported` writes them.
EXPORTED = Path("contract_tests") / "exported.txt"
Make = Callable[[Path, list[str]], None]
# What ends the command; none of them may leave it half done.
ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def write_proposed(result: Review, root: Path = ROOT) -> Path:
    """Write the overlay to `build/proposed/`, and say where."""
    import yaml

    path = root / "build" / "proposed" / f"{page_name(result.reading.page)}.overlay.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    text = yaml.safe_dump(result.proposal.overlay, sort_keys=False, allow_unicode=True, width=120)
    path.write_text(text, "utf-8")
    return path


def run_make(root: Path, arguments: list[str]) -> None:
    """`make` in a checkout; what it printed last is the error."""
    # What an outer make was told, the page as it was named there among it, is not for this one.
    make_variables = {"MAKEFLAGS", "MAKELEVEL", "MFLAGS", "PAGE", "EDITION_OF"}
    make_variables |= {"TAKE", "REASON", "PUSH"}
    with subprocess.Popen(
        ["make", *arguments],
        cwd=root,
        env={name: value for name, value in os.environ.items() if name not in make_variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            out, errors = process.communicate()
        except BaseException:
            # Nothing of it may write on while the files are put back.
            process.kill()
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            raise
    if process.returncode:
        said = [line for line in f"{out}\n{errors}".splitlines() if line.strip()]
        why = [line for line in said if not _IN_ORDER.search(line)]
        failed = [line for line in said if line.startswith(("FAILED ", "ERROR "))]
        first = "; ".join(failed[:3]) or "".join(why[:1])
        raise PageError(f"make {' '.join(arguments)} failed: {first[:300]}")


def accept(result: Review, root: Path = ROOT, make: Make = run_make) -> None:
    """Apply a review; a refusal or a failure leaves every file as it was.

    What stays open is asked again, with the lines where it stands now. What people decided is kept
    in `conflicts.yaml` where the page has to wait for what else they have to decide.
    """
    choices = root / CHOICES
    if result.stands:
        waits = result.open and not (result.refused or result.by_hand)
        if waits and choices.read_text("utf-8") != result.decided:
            choices.write_text(result.decided, "utf-8")
        raise PageError(_refusal(result))
    changelog = root / "CHANGELOG.md"
    with kept_on_failure(written_by(result, root), root / "generated"):
        write(result, root)
        names = exported_names(root)
        make(root, ["docs-check"])
        make(root, ["generate"])
        make(root, ["exported"])
        if changelog.exists():
            gone = sorted(names - exported_names(root))
            changelog.write_text(told_in(changelog.read_text("utf-8"), result, gone), "utf-8")
        make(root, ["probes", f"PAGE={result.reading.page}"])
    settled = parsed(result.choices)
    result.questions = questions_of(result.reading, result.file, settled, settled)


def written_by(result: Review, root: Path) -> list[Path]:
    """The files that accepting a page writes, besides the folder of the client.

    What make generate writes is among them: the table of the README lists the variants.
    """
    path = result.file.path
    if path is None:
        raise PageError("the page has no facts file")
    names = ("openapi.yaml", CHOICES, "CHANGELOG.md", EXPORTED, "README.md")
    return [path, *(root / name for name in names)]


def write(result: Review, root: Path) -> None:
    """Write what a page changes by itself: the spec, the choices, its facts."""
    path, spec, choices = result.file.path, root / "openapi.yaml", root / CHOICES
    if result.proposal.overlay["actions"]:
        spec.write_text(rewritten(spec.read_text("utf-8"), result.proposal.overlay), "utf-8")
    if choices.read_text("utf-8") != result.choices:
        choices.write_text(result.choices, "utf-8")
    if path:
        path.write_text(facts_files.dump(result.file), "utf-8")


def _refusal(result: Review) -> str:
    if result.refused:
        return result.refused[0]
    if result.open:
        return f"settle this first, in conflicts.yaml or with --take: {result.open[0]}"
    return f"the overlay can't settle this: {result.by_hand[0]}"


def exported_names(root: Path) -> set[str]:
    """The names that users of a checkout may import."""
    path = root / EXPORTED
    return set(path.read_text("utf-8").splitlines()) if path.exists() else set()


@contextlib.contextmanager
def kept_on_failure(files: list[Path], folder: Path) -> Iterator[None]:
    """Files and a folder that come back as they were when something fails.

    Raises:
        PageError: Another command changes them at this moment.
    """
    before = {path: path.read_bytes() if path.exists() else None for path in files}
    with (
        _alone(folder.parent),
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as directory,
    ):
        kept = Path(directory) / "folder"
        if folder.is_dir():
            shutil.copytree(folder, kept, symlinks=True)
        try:
            yield
        except BaseException:
            with _undisturbed():
                _restore(before, folder, kept)
            raise


@contextlib.contextmanager
def _alone(root: Path) -> Iterator[None]:
    """Keep other commands from changing a checkout meanwhile; the lock ends with its process."""
    lock = root / "build" / ".changing.lock"
    lock.parent.mkdir(exist_ok=True)
    with lock.open("w") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise PageError("another command changes this checkout, wait until it ends") from None
        yield


def _restore(before: dict[Path, bytes | None], folder: Path, kept: Path) -> None:
    for path, content in before.items():
        if content is None:
            path.unlink(missing_ok=True)
        else:
            path.write_bytes(content)
    if kept.is_dir():
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(kept, folder, symlinks=True)


@contextlib.contextmanager
def _undisturbed() -> Iterator[None]:
    """Whatever ends the command has to wait."""
    handlers = {each: signal.signal(each, signal.SIG_IGN) for each in ENDINGS}
    try:
        yield
    finally:
        for each, handler in handlers.items():
            signal.signal(each, handler)
