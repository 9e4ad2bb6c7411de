"""The ledger of one machine: a SQLite database in the folder of the batch."""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from foxapi_video.batch.folder import RESULTS, is_left, sync_folder
from foxapi_video.batch.group_commits import GroupCommits, in_words
from foxapi_video.batch.ledger import (
    INTERRUPTED,
    STATES,
    Known,
    MovedError,
    Noted,
    Part,
    State,
    TaskTakenError,
    Video,
    before_of,
    id_of,
    is_to_note,
    name_of,
)
from foxapi_video.batch.lines import Line, of_line
from foxapi_video.errors import LedgerError
from foxapi_video.violations import Violation

NAME = "ledger.sqlite3"
VERSION = 1
_APPLICATION = 0x466F7861  # "Foxa", so that no other program's database is taken for a ledger
_SCHEMA = f"""
CREATE TABLE videos (
    number INTEGER PRIMARY KEY,
    custom_id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL UNIQUE,
    named INTEGER NOT NULL,
    digest TEXT NOT NULL,
    body TEXT NOT NULL,
    state TEXT NOT NULL,
    input INTEGER NOT NULL,
    position INTEGER NOT NULL,
    task_id TEXT UNIQUE,
    sent_at REAL,
    ended_at REAL,
    url TEXT,
    path TEXT,
    size INTEGER,
    settled INTEGER NOT NULL DEFAULT 0,
    credits REAL,
    credits_before REAL NOT NULL DEFAULT 0,
    error TEXT,
    earlier TEXT
);
CREATE INDEX by_state ON videos (state, number);
CREATE INDEX by_position ON videos (input, position);
CREATE INDEX by_digest ON videos (digest, input);
CREATE TABLE inputs (latest INTEGER NOT NULL);
INSERT INTO inputs VALUES (0);
PRAGMA application_id = {_APPLICATION};
PRAGMA user_version = {VERSION};
"""
_COLUMNS = (
    "number, custom_id, body, state, input, position, "
    "task_id, sent_at, ended_at, url, path, size, settled, credits, error"
)
_LATEST = "(SELECT latest FROM inputs)"
_PARTS: dict[Part, str] = {
    "all": "",
    "input": f"input = {_LATEST} AND",
    "gone": f"input < {_LATEST} AND",
}


class SQLiteLedger:
    """See Ledger."""

    def __init__(self, folder: Path, *, at: Path | None = None, writes: bool = True) -> None:
        """Open the ledger of a folder; one is made where there is none.

        Args:
            folder: The folder.
            at: Where the ledger is, if not there.
            writes: Whether it is to be written; else it must be there.

        Raises:
            LedgerError: It is no ledger, damaged, made by a newer version, or can't be opened.
        """
        self._folder = folder
        self._path = (at or folder) / NAME
        self._noted = Noted()
        try:
            if writes and not self._path.exists():
                if (folder / RESULTS).exists():
                    raise LedgerError(
                        f"{folder} has the {RESULTS} of a batch, but not its {NAME}: without it "
                        "videos would be paid for again. Bring it back, or take another folder"
                    )
                _make(self._path)
            connection = _open(self._path, writes)
        except OSError as error:
            raise LedgerError(f"{self._path} can't be used: {error.strerror}") from None
        self._commits = GroupCommits(connection, str(self._path), self._sync)
        self._has_new_files = False

    @staticmethod
    def is_in(folder: Path) -> bool:
        """Whether a folder has a ledger, be it damaged."""
        return (folder / NAME).exists()

    async def begin_input(self) -> None:
        self._noted = Noted()

        def begin(db: sqlite3.Connection) -> None:
            db.execute("BEGIN IMMEDIATE")
            db.execute("UPDATE inputs SET latest = latest + 1")

        await self._commits.do(begin, alone=True)

    async def note(self, lines: Sequence[Line], *, unique: bool) -> list[Violation]:
        def note(db: sqlite3.Connection) -> list[Violation]:
            (latest,) = db.execute("SELECT latest FROM inputs").fetchone()
            found = ((line, self._note(db, line, latest, unique)) for line in lines)
            return [of_line(line.number, wrong) for line, wrong in found if wrong]

        return await self._commits.do(note, alone=True)

    async def end_input(self, *, keep: bool) -> Noted:
        noted = self._noted

        def end(db: sqlite3.Connection) -> Noted:
            gone = f"FROM videos WHERE input < {_LATEST}"
            (noted.gone,) = db.execute(f"SELECT count(*) {gone}").fetchone()
            first = db.execute(f"SELECT custom_id {gone} ORDER BY number LIMIT 20")
            noted.gone_ids = tuple(custom_id for (custom_id,) in first)
            db.execute("COMMIT" if keep else "ROLLBACK")
            return noted

        return await self._commits.do(end, alone=True)

    async def abandoned(self) -> int:
        return await self._commits.do(
            lambda db: (
                db.execute(
                    "UPDATE videos SET state = 'unknown', error = ? WHERE state = 'sending'",
                    (json.dumps(INTERRUPTED),),
                ).rowcount
            )
        )

    async def is_left(self) -> bool:
        return is_left(self._folder)

    async def page(
        self, *states: State, after: int = 0, of: Part = "all", size: int = 200
    ) -> list[Video]:
        key = "position" if of == "input" else "number"
        query = (
            f"SELECT {_COLUMNS} FROM videos WHERE {_PARTS[of]} {key} > ? "
            f"AND state IN ({_marks(states)}) ORDER BY {key} LIMIT ?"
        )
        return await self._read(query, (after, *states, size))

    async def find(self, custom_id: str) -> Video | None:
        found = await self._read(f"SELECT {_COLUMNS} FROM videos WHERE custom_id = ?", (custom_id,))
        return found[0] if found else None

    async def move(self, video: Video, to: State, **facts: Any) -> Video:
        come_from = before_of(to, facts)
        columns = ["state", *facts]
        written = [json.dumps(v) if isinstance(v, dict) else v for v in (to, *facts.values())]
        query = (
            f"UPDATE videos SET {', '.join(f'{name} = ?' for name in columns)} "
            f"WHERE number = ? AND state IN ({_marks(come_from)})"
        )

        def move(db: sqlite3.Connection) -> Video:
            if (task_id := facts.get("task_id")) is not None:
                _refuse_taken(db, video, task_id)
            self._has_new_files |= to == "saved"
            if not db.execute(query, (*written, video.number, *come_from)).rowcount:
                raise MovedError(f"{video.custom_id!r} can't become {to!r} from where it stands")
            return replace(video, state=to, **facts)

        return await self._commits.do(move)

    async def again(self, *states: State) -> int:
        # What its task was is kept: it may have been paid for.
        query = (
            "UPDATE videos SET state = 'ready', earlier = coalesce(earlier || ', ', '') || "
            "json_object('task_id', task_id, 'state', state, 'sent_at', sent_at, 'error', "
            "json(error)), credits_before = credits_before + coalesce(credits, 0), "
            "credits = NULL, task_id = NULL, sent_at = NULL, "
            "ended_at = NULL, url = NULL, settled = 0, "
            f"error = NULL WHERE state IN ({_marks(states)}) "
            f"AND input = {_LATEST}"
        )
        return await self._commits.do(lambda db: db.execute(query, states).rowcount)

    async def counts(self) -> tuple[dict[State, int], float | None]:
        def count(db: sqlite3.Connection) -> tuple[dict[State, int], float | None]:
            found = dict(db.execute("SELECT state, count(*) FROM videos GROUP BY state"))
            (total,) = db.execute(
                "SELECT sum(coalesce(credits, 0) + credits_before) FROM videos "
                "WHERE credits IS NOT NULL OR credits_before"
            ).fetchone()
            return {state: found.get(state, 0) for state in STATES}, total

        return await self._commits.do(count, alone=True)

    async def close(self) -> None:
        self._commits.close()

    def _sync(self) -> None:
        """See that files are there after a power cut too, before they are noted as saved."""
        if self._has_new_files:
            self._has_new_files = False
            sync_folder(self._folder)

    async def _read(self, query: str, values: Sequence[Any]) -> list[Video]:
        return await self._commits.do(
            lambda db: [_video(row) for row in db.execute(query, values)], alone=True
        )

    def _note(
        self, db: sqlite3.Connection, line: Line, latest: int, unique: bool
    ) -> Violation | None:
        before = 0
        if line.custom_id is None and not unique:
            (before,) = db.execute(
                "SELECT count(*) FROM videos WHERE digest = ? AND input = ? AND NOT named",
                (line.digest, latest),
            ).fetchone()
        custom_id = id_of(line, before)
        name = name_of(custom_id)
        row = db.execute(
            "SELECT number, custom_id, digest, state, position, task_id, input = ? FROM videos "
            "WHERE name = ?",
            (latest, name),
        ).fetchone()
        known = Known(*row) if row else None
        found = is_to_note(line, custom_id, known, self._folder, unique=unique, noted=self._noted)
        if isinstance(found, Violation):
            return found
        of_input = (latest, line.number, line.custom_id is not None, line.digest, line.body)
        if found and known is None:
            db.execute(
                "INSERT INTO videos (custom_id, name, state, input, position, named, digest, body) "
                "VALUES (?, ?, 'ready', ?, ?, ?, ?, ?)",
                (custom_id, name, *of_input),
            )
        elif found and known is not None:
            db.execute(
                "UPDATE videos SET input = ?, position = ?, named = ?, digest = ?, body = ? "
                "WHERE number = ?",
                (*of_input, known.number),
            )
        return None


def _refuse_taken(db: sqlite3.Connection, video: Video, task_id: str) -> None:
    """See that a task is no other video's.

    Raises:
        LedgerError: It is.
    """
    other = db.execute(
        "SELECT custom_id FROM videos WHERE task_id = ? AND number != ?", (task_id, video.number)
    ).fetchone()
    if other:
        raise TaskTakenError(f"task {task_id} is that of {other[0]!r} already")


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))


def _video(row: sqlite3.Row) -> Video:
    facts = dict(row)
    facts["settled"] = bool(facts["settled"])
    facts["error"] = json.loads(facts["error"]) if facts["error"] else None
    return Video(**facts)


def _make(path: Path) -> None:
    """Make an empty ledger, which is there as a whole or not at all."""
    made = path.with_name(f".{path.name}.new")
    for each in (made, *(made.with_name(made.name + ending) for ending in ("-wal", "-shm"))):
        each.unlink(missing_ok=True)
    try:
        with contextlib.closing(sqlite3.connect(made, isolation_level=None)) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.executescript(_SCHEMA)
    except sqlite3.Error as error:
        raise in_words(error, str(path)) from None
    os.replace(made, path)
    sync_folder(path.parent)


def _open(path: Path, writes: bool) -> sqlite3.Connection:
    """A connection to a ledger that can be used.

    Raises:
        LedgerError: There is none.
    """
    if not path.exists():
        raise LedgerError(f"{path.parent} has no batch: there is no {path.name} in it")
    if not path.stat().st_size:
        raise LedgerError(f"{path} is damaged (it is empty); it was left as it is")
    try:
        return _connected(path, "rw" if writes else "ro")
    except sqlite3.OperationalError as error:
        # On a disk that can't be written, SQLite reads what nobody writes.
        if writes or "unable to open" not in str(error) or path.with_name(f"{NAME}-wal").exists():
            raise in_words(error, str(path)) from None
        return _connected(path, "ro&immutable=1")
    except sqlite3.Error as error:
        raise in_words(error, str(path)) from None


def _connected(path: Path, mode: str) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}",
        uri=True,
        isolation_level=None,
        check_same_thread=False,  # it is handed over to the thread that works on it
        timeout=30,
    )
    try:
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA synchronous = FULL")
        (application,) = connection.execute("PRAGMA application_id").fetchone()
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if application != _APPLICATION:
            raise LedgerError(f"{path} is no ledger of a batch, but another program's database")
        if version > VERSION:
            raise LedgerError(
                f"{path} was made by a newer foxapi-video (ledger {version}, this one knows "
                f"{VERSION}): install that one, nothing was changed"
            )
        (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
        if found != "ok":
            raise sqlite3.DatabaseError(f"malformed: {found}")
    except BaseException:
        connection.close()
        raise
    return connection
