"""Reads and writes `facts/<page>.yaml`: what a page said when it was last read."""

from __future__ import annotations

import functools
import hashlib
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from documentation.conflicts import fingerprint
from documentation.fact import Fact, Location, PageError, Reading
from documentation.page_names import page_name
from overlays import yaml_text

HERE = Path(__file__).parent
FACTS = HERE / "facts"


@dataclass(frozen=True, slots=True)
class Ignored:
    """A statement that no request can show: where it stands and why, without its words."""

    location: Location
    field: str
    reason: str


@dataclass(frozen=True, slots=True)
class Open:
    """A sentence that nobody has settled: its digest and where it stands, without its words."""

    sentence: str
    location: Location
    field: str


@dataclass(frozen=True, eq=False, slots=True)
class FactsFile:
    """A page as the repository remembers it; `sha256` is empty where people read it by hand.

    `read` is the day on which these facts were taken off the page, which people see in messages.

    It stays as it is made, so that what follows from it is worked out once.
    """

    page: str
    facts: list[Fact]
    address: str = ""
    sha256: str = ""
    operation: str = ""
    names: dict[str, list[str]] = field(default_factory=dict)
    note: str = ""
    mentioned: dict[Location, list[str]] = field(default_factory=dict)
    ignored: list[Ignored] = field(default_factory=list)
    path: Path | None = None
    read: str = ""
    open: list[Open] = field(default_factory=list)


def path_of(page: str, folder: Path = FACTS) -> Path:
    """Where a page's facts are kept; a page's name never leads out of the folder."""
    return folder / f"{page_name(page)}.yaml"


def load(page: str, folder: Path = FACTS) -> FactsFile | None:
    """The facts of a page, None if it was never read."""
    path = path_of(page, folder)
    return load_file(path) if path.is_file() else None


def load_file(path: Path) -> FactsFile:
    return _parsed(path.read_text("utf-8"), path)


@functools.lru_cache(maxsize=256)
def _parsed(text: str, path: Path) -> FactsFile:
    try:
        data = yaml_text.load(text)
        page = data["page"]
        return FactsFile(
            page,
            [Fact.from_row(row, page) for row in data["facts"]],
            data.get("address") or "",
            data.get("sha256") or "",
            data.get("operation") or "",
            data.get("names") or {},
            data.get("note") or "",
            data.get("mentioned") or {},
            [Ignored(r["in"], r["field"], r["reason"]) for r in data.get("ignored") or []],
            path,
            data.get("read") or "",
            [Open(str(r["sentence"]), r["in"], r["field"]) for r in data.get("open") or []],
        )
    except (yaml.YAMLError, KeyError, TypeError, AttributeError):
        raise PageError(f"{path.name} is not a facts file") from None


def load_all(folder: Path = FACTS) -> list[FactsFile]:
    """Every facts file, by name."""
    return [load_file(path) for path in sorted(folder.glob("*.yaml"))]


def of_reading(reading: Reading, text: str, known: FactsFile | None, address: str) -> FactsFile:
    """A facts file from a fresh reading; the names that people gave are kept."""
    operation = f"{reading.method} {reading.path}".strip()
    return FactsFile(
        reading.page,
        reading.facts,
        address or (known.address if known else ""),
        hashlib.sha256(text.encode()).hexdigest(),
        operation or (known.operation if known else ""),
        known.names if known else {},
        mentioned=reading.mentioned,
        ignored=ignored_of(reading),
        read=f"{datetime.now(UTC):%Y-%m-%d}",
        open=open_of(reading),
    )


def ignored_of(reading: Reading) -> list[Ignored]:
    """What a reading ignores, in page order, each reason once for a field."""
    rows = (Ignored(note.location, note.field, note.reason) for note in reading.ignored)
    return list(dict.fromkeys(rows))


def open_of(reading: Reading) -> list[Open]:
    """The sentences that a reading did not understand, in page order."""
    rows = (Open(fingerprint(note), note.location, note.field) for note in reading.unread)
    return list(dict.fromkeys(rows))


def ignored_statements(folder: Path = FACTS) -> dict[str, list[Ignored]]:
    """Of every page, what it states that no request can show."""
    return {file.page: file.ignored for file in load_all(folder)}


def dump(file: FactsFile) -> str:
    """The file's text: one fact a line, values as JSON, so that a diff is one line a change."""
    head: dict[str, Any] = {
        "page": file.page,
        "address": file.address,
        "operation": file.operation,
        "sha256": file.sha256,
        "read": file.read,
        "note": file.note,
    }
    lines = [f"{key}: {_json(value)}" for key, value in head.items() if value]
    if file.names:
        lines.append("# Given by people: the layout of this page lost them.")
        lines.append(f"names: {_json(file.names)}")
    if file.mentioned:
        lines.append("# Fields that the page names and states nothing of.")
        lines.append(f"mentioned: {_json(file.mentioned)}")
    lines.append("facts:")
    for fact in file.facts:
        row = fact.as_row()
        del row["page"]
        lines.append(_line(row))
    if file.ignored:
        lines.append("# Stated too, but no request can show it.")
        lines.append("ignored:")
        for note in file.ignored:
            lines.append(_line({"in": note.location, "field": note.field, "reason": note.reason}))
    if file.open:
        lines.append(
            "# Sentences that no rule understands and nobody has settled, by their digests."
        )
        lines.append("open:")
        for each in file.open:
            where = {"in": each.location, "field": each.field}
            lines.append(_line({"sentence": each.sentence, **where}))
    return "\n".join(lines) + "\n"


def _line(row: dict[str, Any]) -> str:
    return "  - {" + ", ".join(f"{k}: {_json(v)}" for k, v in row.items()) + "}"


def _json(value: Any) -> str:
    plain = isinstance(value, str) and value.isascii() and value.replace("_", "a").isalpha()
    if plain and value.lower() not in ("true", "false", "null"):
        return str(value)
    return json.dumps(value, ensure_ascii=False)
