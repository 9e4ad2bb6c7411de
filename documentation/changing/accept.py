"""Bring the repository in line with a page: facts, spec, client, names; all of it or nothing."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from documentation import facts_files
from documentation.changing import claims
from documentation.changing.drift import changes, effects
from documentation.changing.proposal import Proposal, propose
from documentation.changing.splice import rewritten
from documentation.conflicts import Conflicts, fingerprint, load_conflicts
from documentation.fact import PageError, Reading, show
from documentation.facts_files import FactsFile
from documentation.page_names import is_address, page_name
from documentation.reading.confined import read_confined
from documentation.reading.sources import read_source
from documentation.reading.unfit import unfit
from documentation.settled import settle
from overlays import yaml_text
from overlays.bundle import ROOT

# What make prints on the way to a failure: its own lines, pages that agree, choices that hold.
_IN_ORDER = re.compile(r"^make|^npm warn|, 0 differences$|^settled ")
# The names that users may import, a line each, as `make exported` writes them.
EXPORTED = Path("contract_tests") / "exported.txt"
Make = Callable[[Path, list[str]], None]
# What ends the command; none of them may leave it half done.
ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass(slots=True)
class Review:
    """A page as it reads now, beside what is committed."""

    reading: Reading
    file: FactsFile
    known: FactsFile | None
    proposal: Proposal
    open: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    effects: list[str] = field(default_factory=list)

    def changes(self) -> list[str]:
        """What changed since the committed facts; a page never read is new as a whole."""
        if self.known is None:
            model = [f.value for f in self.file.facts if f.keyword == "enum" and f.field == "model"]
            return [f"new page, model {show(model[-1] if model else [])}"]
        return changes(self.known, self.file)

    @property
    def is_news(self) -> bool:
        """Whether there is anything to tell of the page."""
        proposal = self.proposal
        found = (self.refused, self.open, proposal.differences, proposal.left, self.changes())
        return any(found)


def review(source: str, page: str, root: Path = ROOT, edition_of: str = "") -> Review:
    """Read a page and compare it with the facts, the spec and the choices of a checkout.

    Args:
        source: A file, `-` or an address.
        page: The page's name, if not that of its source.
        root: The checkout.
        edition_of: The known page that people say this is a new edition of.

    Raises:
        PageError: It can't be read, or no such page is known.
    """
    address = source if is_address(source) else ""
    name = edition_of or page_name(page or source)
    result = review_text(read_source(source), name, address, root, confirmed=bool(edition_of))
    if source == "-" and not (page or edition_of):
        result.refused.insert(0, "standard input has no name: give the page's with --page")
    return result


def review_text(
    text: str, name: str, address: str, root: Path = ROOT, *, confirmed: bool = False
) -> Review:
    """The same for a text that is already here."""
    folder = root / "documentation" / "facts"
    known = facts_files.load(name, folder)
    if confirmed and (known is None or known.page != name):
        pages = ", ".join(file.page for file in facts_files.load_all(folder))
        raise PageError(f"no page {name} is known, choose one of {pages}")
    reading = read_confined(text, name, known.names if known else None)
    file = facts_files.of_reading(reading, text, known, address)
    path = facts_files.path_of(name, folder)
    file = dataclasses.replace(file, path=path)
    others = [f for f in facts_files.load_all(folder) if f.page != name]
    conflicts = load_conflicts(root / "documentation" / "conflicts.yaml")
    data = yaml_text.load((root / "openapi.yaml").read_text("utf-8"))
    result = Review(reading, file, known, propose(file, others, data, conflicts))
    result.effects = effects(known, file, conflicts) if known else []
    result.open = _open(result, conflicts)
    result.refused = unfit(name, file.facts) + claims.alike(name, others)
    if known is not None and not confirmed:
        result.refused += claims.replaces(file, known)
    result.refused += claims.claims(name, data, result.proposal.after)
    return result


def _open(result: Review, conflicts: Conflicts) -> list[str]:
    """The questions that people have to answer first, in conflicts.yaml."""
    reading = result.reading
    lines = [
        f"unread sentence {fingerprint(note)}: {note.location} {note.field}: {note.sentence}"
        for note in reading.unread
        if fingerprint(note) not in conflicts.unread
    ]
    for said in settle(result.file, conflicts).unsettled:
        stated = " and ".join(f"{show(f.value)} ({f.stated})" for f in said)
        where = f"{said[0].location} {said[0].field} {said[0].keyword}"
        lines.append(f"contradiction: {where}: {stated}")
    return lines + [f"name wanted: {location} {name}" for location, name, _ in reading.unnamed]


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
        raise PageError(f"make {' '.join(arguments)} failed: {''.join(why[:1])[:300]}")


def accept(result: Review, root: Path = ROOT, make: Make = run_make) -> None:
    """Apply a review; a refusal or a failure leaves every file as it was."""
    if result.refused:
        raise PageError(result.refused[0])
    if result.open:
        raise PageError(f"settle this in conflicts.yaml first: {result.open[0]}")
    if result.proposal.left:
        raise PageError(f"the overlay can't settle this: {result.proposal.left[0]}")
    path = result.file.path
    if path is None:
        raise PageError("the page has no facts file")
    spec = root / "openapi.yaml"
    # What make generate writes comes back too: the table of the README lists the variants.
    with _kept([path, spec, root / EXPORTED, root / "README.md"], root / "generated"):
        if result.proposal.overlay["actions"]:
            spec.write_text(rewritten(spec.read_text("utf-8"), result.proposal.overlay), "utf-8")
        path.write_text(facts_files.dump(result.file), "utf-8")
        make(root, ["docs-check"])
        make(root, ["generate"])
        make(root, ["exported"])
        make(root, ["probes", f"PAGE={result.reading.page}"])


@contextlib.contextmanager
def _kept(files: list[Path], folder: Path) -> Iterator[None]:
    """Files and a folder that come back as they were when something fails."""
    before = {path: path.read_bytes() if path.exists() else None for path in files}
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as directory:
        kept = Path(directory) / "folder"
        if folder.is_dir():
            shutil.copytree(folder, kept, symlinks=True)
        try:
            yield
        except BaseException:
            with _undisturbed():
                _restore(before, folder, kept)
            raise


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
