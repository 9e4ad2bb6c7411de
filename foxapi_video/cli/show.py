"""What commands show: tasks, models, and the progress of a video."""

from __future__ import annotations

import sys
from collections.abc import Generator
from contextlib import contextmanager
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Table
from rich.text import Text

from foxapi_video.catalog import ModelInfo, VariantInfo, described, variant
from foxapi_video.checking import index
from foxapi_video.cli.endings import Output, Watched, as_json
from foxapi_video.tasks import StoredFile, Task, readable

# A terminal of as many columns has room for names that are not broken.
_ROOMY = 60
# No row of a table is as wide.
_WIDEST = 100_000


def task(found: Task, output: Output) -> None:
    """Print a task."""
    if output is Output.JSON:
        print(as_json(found.to_dict()))
        return
    lines = [f"{found.id}  {_words(found)}", *(readable(url, 4096) or "" for url in found.urls)]
    if found.error_message:
        lines.append(f"error: {found.error_message}")
    print(*lines, sep="\n")


def saved(files: list[Path], of: Task, output: Output) -> None:
    """Say where results were saved, and how many there were: JSON on standard error."""
    if not files:
        return
    if output is Output.JSON:
        told = {"saved": [str(file) for file in files], "results": len(of.urls)}
        print(as_json(told), file=sys.stderr)
        return
    print(*(f"saved {file}" for file in files), sep="\n")
    if len(files) < len(of.urls):
        print(f"{len(files)} of {len(of.urls)} results; --download FOLDER saves all")


def stored(file: StoredFile, output: Output) -> None:
    """Print an uploaded file."""
    print(as_json(file.raw) if output is Output.JSON else readable(file.url, 4096))


def model_list(found: list[ModelInfo], output: Output) -> None:
    """Print model ids with their variants, those of one family together."""
    if output is Output.JSON:
        print(as_json({model.id: [each.name for each in model.variants] for model in found}))
        return
    console = _console()
    # For people what belongs together stands below one another: few terminals have room for all.
    is_wide = not console.is_terminal
    headings = ("model", "variant", "what it makes", "needs")
    table = _table(console, *(headings if is_wide else ("model and variant", "what it makes")))
    by_family = attrgetter("family")
    for _, family in groupby(sorted(found, key=by_family), key=by_family):
        for model in family:
            for each in model.variants:
                needs = " ".join(field.name for field in each.fields if field.required)
                cells = (model.id, each.name, described(each), needs)
                makes = f"{described(each)}\nneeds {needs}" if needs else described(each)
                shown = (f"{model.id}\n  {each.name}", makes)
                _add_row(table, *(cells if is_wide else shown))
        table.add_section()
    console.print(table)
    if console.is_terminal:
        console.print("foxapi-video models MODEL lists all fields of one.", highlight=False)


def model(name: str, output: Output) -> None:
    """Print the variants of a model id with their fields and limits."""
    variants = [variant(each) for each in index()[name]]
    if output is Output.JSON:
        print(as_json([_plain(each) for each in variants]))
        return
    console = _console()
    for each in variants:
        title = f"{each.name}: {described(each)} (page {each.page})"
        console.print(escape(title), style="italic", highlight=False)
        table = _table(console, "field", "type", "limits", "what it is")
        for field in each.fields:
            shown = field.name if field.required else f"[{field.name}]"
            kind = " or ".join(field.types)
            _add_row(table, shown, kind, field.limits, field.description)
        console.print(table)
    console.print("[dim]in brackets: may be left out[/dim]", highlight=False)


def _console() -> Console:
    """Standard output; what is not shown on a terminal is for programs, and no line is broken."""
    console = Console()
    if not console.is_terminal:
        console.width = _WIDEST
    return console


def _table(console: Console, *headings: str) -> Table:
    style: dict[str, Any] = {} if console.is_terminal else {"box": None, "pad_edge": False}
    table = Table(*headings, **style)
    for column in table.columns:
        column.overflow = "fold"
    table.columns[0].no_wrap = console.width >= _ROOMY  # the others make room for it
    return table


def _add_row(table: Table, *cells: str) -> None:
    """A row whose names are whole, unless the terminal is narrower than they are."""
    table.add_row(*(Text(cell, no_wrap=False) for cell in cells))


class Bars:
    """The bars of a command: one for the task, and one for its download."""

    def __init__(self, progress: Progress, watched: Watched) -> None:
        self._progress = progress
        self._watched = watched
        self._generation: TaskID | None = None
        self._download: TaskID | None = None

    def generation(self, found: Task) -> None:
        """Show how a task stands."""
        self._watched.saw(found)
        if self._generation is None:
            self._generation = self._progress.add_task(found.id, total=100)
        done = 100 if found.status == "completed" else min(100, max(0, found.progress or 0))
        text = f"{found.id}  {readable(found.status, 40)}"
        self._progress.update(self._generation, completed=done, description=text)

    def download(self, have: int, total: int | None) -> None:
        """Show how far a download is."""
        if self._download is None:
            self._download = self._progress.add_task("download", total=total)
        self._progress.update(self._download, completed=have, total=total)


class Lines:
    """What stands for the bars where standard error is no terminal: a line for each change."""

    def __init__(self, watched: Watched, quiet: bool) -> None:
        self._watched = watched
        self._quiet = quiet
        self._said = ""

    def generation(self, found: Task) -> None:
        """Say how a task stands, where that changed."""
        self._watched.saw(found)
        line = f"{found.id}  {_words(found)}"
        if line != self._said and not self._quiet:
            self._said = line
            print(line, file=sys.stderr, flush=True)

    def download(self, have: int, total: int | None) -> None:
        """Say nothing: a download is short."""


@contextmanager
def progress(watched: Watched, output: Output) -> Generator[Bars | Lines]:
    """Bars on standard error, or lines where that is no terminal; nothing for scripts."""
    console = Console(stderr=True)
    if not console.is_terminal or output is Output.JSON:
        yield Lines(watched, quiet=output is Output.JSON)
        return
    columns = (
        TextColumn("{task.description}", markup=False),  # the server's words
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console) as shown:
        yield Bars(shown, watched)


def _words(found: Task) -> str:
    done = "" if found.progress is None else f" {found.progress}%"
    return f"{readable(found.status, 40)}{done}"


def _plain(found: VariantInfo) -> dict[str, Any]:
    return {
        "variant": found.name,
        "page": found.page,
        "description": found.description,
        "deprecated": found.deprecated,
        "fields": [
            {
                "name": field.name,
                "types": list(field.types),
                "required": field.required,
                "limits": field.limits,
                "description": field.description,
            }
            for field in found.fields
        ],
    }
