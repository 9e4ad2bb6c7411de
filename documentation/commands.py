"""What the reader prints, for people and for programs."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from documentation import facts_files
from documentation.fact import PageError, Reading, Remark, show
from documentation.page_names import page_name
from documentation.reading.confined import fault, read_confined
from documentation.reading.sources import read_source
from overlays import yaml_text
from overlays.bundle import ROOT

if TYPE_CHECKING:
    from documentation.changing.accept import Review


def read_command(source: str, page: str, *, as_json: bool) -> int:
    """Print the facts of a page; what became no fact is told beside them, never instead."""
    name = page_name(page or source)
    known = facts_files.load(name)
    reading = read_confined(read_source(source), name, known.names if known else None)
    if as_json:
        rows = [json.dumps(fact.as_row(), ensure_ascii=False) for fact in reading.facts]
        print("[\n" + ",\n".join(map(_escaped, rows)) + "\n]")
        tell(reading, sys.stderr)
        return 0
    for fact in reading.facts:
        where = f"{fact.location} {fact.field}"
        print(f"{where:40} {fact.keyword:14} {clean(show(fact.value))}  ({fact.stated})")
    print(f"{reading.page}: {len(reading.facts)} facts, {len(reading.unread)} unread sentences")
    tell(reading, sys.stdout)
    return 0


def check_command() -> int:
    """Print a line a page, a line a choice, a line a difference."""
    from documentation.checking.check import check

    report = check()
    for line in [*report.pages, *report.settled, *map(str, report.differences)]:
        print(clean(line))
    total = len(report.differences)
    print(f"{len(report.pages)} pages, {len(report.settled)} settled, {total} differences")
    return 1 if total else 0


def diff_command(source: str, page: str, edition_of: str) -> int:
    """What changed on a page, what the spec has to change, what people have to settle."""
    for line in told(_review(source, page, edition_of), ROOT):
        print(line)
    return 0


def _review(source: str, page: str, edition_of: str) -> Review:
    from documentation.changing.accept import review

    try:
        return review(source, page, ROOT, edition_of)
    except PageError:
        raise
    except Exception as error:
        raise PageError(f"can't be compared with the spec: {fault(error)}") from error


def told(result: Review, root: Path) -> list[str]:
    """A review in words, once the overlay that it proposes is written."""
    from documentation.changing.accept import write_proposed

    if not result.is_news:
        return [f"{result.reading.page}: nothing changed"]
    lines = review_lines(result)
    if result.proposal.overlay["actions"]:
        lines.append(f"proposed: {write_proposed(result, root).relative_to(root)}")
    return lines


def review_lines(result: Review) -> list[str]:
    """A review in words."""
    lines = [f"refused: {line}" for line in result.refused]
    lines += [f"changed: {line}" for line in result.changes()]
    lines += [f"for users: {line}" for line in result.effects]
    lines += [f"spec: {difference}" for difference in result.proposal.differences]
    lines += [f"to settle: {line}" for line in result.open]
    lines += [f"by hand: {difference}" for difference in result.proposal.left]
    return [clean(line) for line in lines]


def watch_command() -> int:
    """Read every watched page; drift or trouble is an exit of 1, so that a schedule tells it."""
    from documentation.watching.watch import watch

    is_news = False
    for page, result in watch(ROOT):
        is_news = is_news or isinstance(result, PageError) or result.is_news
        for line in [clean(str(result))] if isinstance(result, PageError) else told(result, ROOT):
            print(line if line.startswith(f"{page}: ") else f"{page}: {line}")
    return 1 if is_news else 0


def accept_command(source: str, page: str, edition_of: str) -> int:
    """Apply what `diff` proposes."""
    from documentation.changing.accept import EXPORTED, accept
    from documentation.changing.programs import outdated

    result = _review(source, page, edition_of)
    before = set((ROOT / EXPORTED).read_text("utf-8").splitlines())
    accept(result)
    after = set((ROOT / EXPORTED).read_text("utf-8").splitlines())
    names = [f"new name: {name}" for name in sorted(after - before)]
    names += [f"name gone: {name}" for name in sorted(before - after)]
    count = len(result.proposal.overlay["actions"])
    facts = len(result.file.facts)
    print(f"{result.reading.page}: accepted, {facts} facts, {count} changes of the spec")
    for line in outdated(ROOT, yaml_text.load((ROOT / "openapi.yaml").read_text("utf-8"))):
        print(clean(f"change by hand: {line}"))
    for line in [*result.effects, *names]:
        print(clean(f"{result.reading.page}: for CHANGELOG.md: {line}"))
    return 0


def tell(reading: Reading, out: TextIO) -> None:
    """Name what became no fact: questions first, then what is ignored and why."""
    for note in reading.unread:
        why = f" ({note.reason})" if note.reason else ""
        print(f"unread{why}: {_where(note)}: {clean(note.sentence)}", file=out)
    for note in reading.ignored:
        print(f"no fact ({note.reason}): {_where(note)}: {clean(note.sentence)}", file=out)
    for location in ("request", "response"):
        missing = [u for u in reading.unnamed if u[0] == location]
        if missing:
            words = "; ".join(f"{name} {clean(first)[:50]!r}" for _, name, first in missing)
            print(f"names wanted for {location} fields of {reading.page}: {words}", file=out)
    if reading.unnamed:
        file = facts_files.path_of(reading.page).name
        print(
            f"give them in documentation/facts/{file}, in order:"
            ' names: {"request": [...], "response": [...]}',
            file=out,
        )


def clean(text: str) -> str:
    """Text of a page, fit for a terminal: one line, nothing that a terminal would obey."""
    return "".join(char if char.isprintable() else " " for char in text)


def _escaped(row: str) -> str:
    """The same JSON, with escapes for what a terminal would obey."""
    return "".join(char if char.isprintable() else json.dumps(char)[1:-1] for char in row)


def _where(note: Remark) -> str:
    return f"{note.location} {note.field}".strip()
