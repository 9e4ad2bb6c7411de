"""What the reader prints, for people and for programs."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from documentation import facts_files
from documentation.conflicts import load_conflicts
from documentation.fact import PageError, Reading, Remark, fault, show
from documentation.page_names import page_name
from documentation.reading.confined import read_confined
from documentation.reading.sources import read_source
from overlays import yaml_text
from overlays.bundle import ROOT

if TYPE_CHECKING:
    from documentation.changing.review import Review


def read_command(source: str, page: str, *, as_json: bool) -> int:
    """Print the facts of a page; what became no fact is told beside them, never instead."""
    name = page_name(page or source)
    known = facts_files.load(name)
    reading = read_confined(read_source(source), name, known.names if known else None)
    load_conflicts().known(reading)
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
    asked = [f"open: {line}" for line in report.open]
    for line in [*report.pages, *report.settled, *asked, *map(str, report.differences)]:
        print(clean(line))
    total, count = len(report.differences), len(asked)
    left = f", {count} open" if count else ""
    print(f"{len(report.pages)} pages, {len(report.settled)} settled{left}, {total} differences")
    return 1 if total else 0


def diff_command(source: str, page: str, edition_of: str) -> int:
    """What changed on a page, what the spec has to change, what people have to settle."""
    result = _review(source, page, edition_of)
    for line in told(result, ROOT):
        print(line)
    return 1 if result.stands else 0


def _review(
    source: str, page: str, edition_of: str, take: list[str] | None = None, reason: str = ""
) -> Review:
    from documentation.changing.questions import parse_taken
    from documentation.changing.review import review

    taken = parse_taken(take or [])
    try:
        return review(source, page, ROOT, edition_of, taken, reason)
    except PageError:
        raise
    except Exception as error:
        raise PageError(f"can't be compared with the spec: {fault(error)}") from error


def told(result: Review, root: Path) -> list[str]:
    """A review in words, once the overlay that it proposes is written."""
    from documentation.changing.accept import write_proposed

    if not result.is_news:
        open_questions = asked_lines(result)
        return [f"{result.reading.page}: nothing changed", *open_questions]
    lines = review_lines(result)
    if result.proposal.overlay["actions"]:
        lines.append(f"proposed: {write_proposed(result, root).relative_to(root)}")
    return lines


def review_lines(result: Review) -> list[str]:
    """A review in words."""
    lines = [f"found: {line}" for line in result.notes]
    lines += [f"refused: {line}" for line in result.refused]
    lines += [f"changed: {line}" for line in result.changes()]
    lines += [f"for users: {line}" for line in result.effects]
    lines += [f"read: {line}" for line in prose_lines(result)]
    lines += [f"spec: {difference}" for difference in result.proposal.differences]
    lines += [f"settled: {line}" for line in result.ended]
    lines += asked_lines(result)
    lines += [f"by hand: {line}" for line in result.by_hand]
    return [clean(line) for line in lines]


def prose_lines(result: Review) -> list[str]:
    """The facts that a page newly says in words, each with the sentence it was read from."""
    return [f"{fact} <- {sentence}" for fact, sentence in result.read()]


def asked_lines(result: Review) -> list[str]:
    """Everything that a page leaves open, with the choices."""
    asked = result.questions
    if not asked:
        return []
    count = f"{len(asked)} question{'' if len(asked) == 1 else 's'}"
    how = 'PAGE=... TAKE="1=choice 2=choice" REASON="why"'
    lines = [f"{count} to settle, with make docs-accept {how}:"]
    lines += [line for number, each in enumerate(asked, 1) for line in each.lines(number)]
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


def accept_command(
    source: str, page: str, edition_of: str, take: list[str] | None = None, reason: str = ""
) -> int:
    """Apply what `diff` proposes; whatever is open is said at once."""
    from documentation.changing.accept import accept, exported_names
    from documentation.changing.programs import outdated, patch_of

    result = _review(source, page, edition_of, take, reason)
    name = result.reading.page
    for line in [*result.notes, *result.ended]:
        print(clean(f"{name}: {line}"))
    if result.stands:
        print(*asked_lines(result), *map(clean, result.stands), sep="\n")
    elif result.known is None:
        print(*(clean(f"read: {line}") for line in prose_lines(result)), sep="\n")
        for each in result.questions:
            if each.kind == "class":  # an answer is of no use once the class is there
                print(clean(f"{name}: {each.says}; {each.means}"))
    before = exported_names(ROOT)
    accept(result)
    after = exported_names(ROOT)
    names = [f"new name: {name}" for name in sorted(after - before)]
    names += [f"name gone: {name}" for name in sorted(before - after)]
    count = len(result.proposal.overlay["actions"])
    facts = len(result.file.facts)
    print(f"{name}: accepted, {facts} facts, {count} changes of the spec")
    document = yaml_text.load((ROOT / "openapi.yaml").read_text("utf-8"))
    for line in outdated(ROOT, document):
        print(clean(f"change by hand: {line}"))
    if patch := patch_of(ROOT, document, name, result.renamed):
        path = ROOT / "build" / "proposed" / f"{page_name(name)}.programs.patch"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(patch, "utf-8")
        print(f"proposed for README.md and examples/: git apply {path.relative_to(ROOT)}")
    for line in [*result.effects, *names]:
        print(clean(f"{name}: for CHANGELOG.md: {line}"))
    print(*asked_lines(result), sep="\n")
    return 0


def nightly_command(*, push: bool) -> int:
    """Accept what needs no decision, report all; an exit of 1 where somebody has to look."""
    from documentation.watching.nightly import BRANCH, REPORT, nightly

    night = nightly(ROOT, push=push)
    told = night.told
    for page, line in told.unread.items():
        print(clean(f"{page}: {line}"))
    for page, lines in told.left_out.items():
        print(clean(f"{page}: left out: {lines[0]}"))
    for target, why in told.results.items():
        print(clean(f"make {target}: {why or 'green'}"))
    where = f" on branch {BRANCH}" if night.accepted else ""
    print(f"{len(night.accepted)} pages accepted{where}, told in {REPORT}")
    return 0 if night.is_quiet else 1


def retire_command(named: str) -> int:
    """Deprecate a page whose model is gone, or remove it."""
    from documentation.changing.programs import outdated
    from documentation.changing.retire import retire

    print(clean(retire(named, ROOT)))
    for line in outdated(ROOT, yaml_text.load((ROOT / "openapi.yaml").read_text("utf-8"))):
        print(clean(f"change by hand: {line}"))
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
