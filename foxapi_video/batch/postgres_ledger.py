"""The ledger of several machines: a schema of its own in a Postgres that they share.

A machine may be taken for dead while it only slept. So nobody moves a video by what it knew of it
before: each move names the attempt that it is about, by when that was sent, and a video that went
on meanwhile stays where it is.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncGenerator, Generator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, LiteralString

import psycopg
from psycopg.rows import dict_row

from foxapi_video.batch.database import Database
from foxapi_video.batch.folder import sync_folder
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
from foxapi_video.batch.postgres_tables import Connection, Pool, connected, in_words
from foxapi_video.errors import LedgerError
from foxapi_video.violations import Violation

_COLUMNS: LiteralString = (
    "number, custom_id, body, state, input, position, "
    "task_id, sent_at, ended_at, url, path, size, settled, credits, error"
)
_LATEST: LiteralString = "(SELECT latest FROM batches WHERE id = %(batch)s)"
_PARTS: dict[Part, LiteralString] = {
    "all": "",
    "input": f"input = {_LATEST} AND",
    "gone": f"input < {_LATEST} AND",
}
_OF_ATTEMPT: tuple[LiteralString, ...] = ("task_id", "sent_at", "settled")
_OF_RESULT: tuple[LiteralString, ...] = ("ended_at", "url", "path", "size", "credits", "error")
_FACTS: dict[str, LiteralString] = {name: name for name in (*_OF_ATTEMPT, *_OF_RESULT)}


class PostgresLedger:
    """See Ledger.

    Attributes:
        pool: Connections to the database, where each statement is a transaction.
        batch: The number of the batch there.
    """

    def __init__(self, database: Database, folder: Path, pool: Pool, batch: int) -> None:
        self.pool = pool
        self.batch = batch
        self._database = database
        self._folder = folder
        self._noted = Noted()
        self._input: Connection | None = None
        self._is_applied = False
        self._moving: set[asyncio.Task[Video]] = set()

    async def begin_input(self) -> None:
        self._noted = Noted()
        self._is_applied = False
        with self.in_words():
            self._input = await self.pool.getconn()
            await self._input.execute("BEGIN")
            # One input at a time; those that are at work meanwhile need no such lock.
            query: LiteralString = "SELECT latest FROM batches WHERE id = %s FOR UPDATE"
            await self._input.execute(query, (self.batch,))
            await self._input.execute(
                "CREATE TEMPORARY TABLE noted (position integer, custom_id text, "
                "name text PRIMARY KEY, named boolean, digest text, body text) ON COMMIT DROP"
            )
            await self._input.execute("CREATE INDEX noted_digest ON noted (digest)")

    async def note(self, lines: Sequence[Line], *, unique: bool) -> list[Violation]:
        with self.in_words():
            return await self._note(lines, unique)

    async def end_input(self, *, keep: bool) -> Noted:
        connection, self._input = self._input, None
        if connection is None:
            return self._noted
        try:
            with self.in_words():
                if keep:
                    await self._apply(connection)
                gone: LiteralString = f"FROM videos WHERE batch = %(batch)s AND input < {_LATEST}"
                of = {"batch": self.batch}
                found = await connection.execute(f"SELECT count(*) {gone}", of)
                ((self._noted.gone,),) = await found.fetchall()
                found = await connection.execute(
                    f"SELECT custom_id {gone} ORDER BY number LIMIT 20", of
                )
                self._noted.gone_ids = tuple([custom_id for (custom_id,) in await found.fetchall()])
                if keep:
                    await connection.execute("COMMIT")
        finally:
            with contextlib.suppress(psycopg.Error):
                await connection.rollback()
            await self.pool.putconn(connection)
        return self._noted

    async def abandoned(self) -> int:
        # Of those who are at work, each video has a job: see postgres_jobs.
        query: LiteralString = (
            "UPDATE videos SET state = 'unknown', error = %(error)s "
            "WHERE batch = %(batch)s AND state = 'sending' AND NOT EXISTS ("
            "SELECT 1 FROM procrastinate_jobs AS job "
            "JOIN procrastinate_workers AS worker ON worker.id = job.worker_id "
            "WHERE job.status = 'doing' AND job.queueing_lock = videos.number::text AND "
            "worker.last_heartbeat > now() - make_interval(secs => %(stalled)s))"
        )
        stalled = self._database.stalled_after
        return await self._changed(query, error=json.dumps(INTERRUPTED), stalled=stalled)

    async def is_left(self) -> bool:
        query: LiteralString = (
            "SELECT 1 FROM procrastinate_workers "
            "WHERE last_heartbeat > now() - make_interval(secs => %(stalled)s)"
        )
        return not await self._changed(query, stalled=self._database.stalled_after)

    async def page(
        self, *states: State, after: int = 0, of: Part = "all", size: int = 200
    ) -> list[Video]:
        key: LiteralString = "position" if of == "input" else "number"
        query: LiteralString = (
            f"SELECT {_COLUMNS} FROM videos WHERE batch = %(batch)s AND {_PARTS[of]} {key} > "
            f"%(after)s AND state = ANY(%(states)s) ORDER BY {key} LIMIT %(size)s"
        )
        return await self._videos(query, after=after, states=list(states), size=size)

    async def find(self, custom_id: str) -> Video | None:
        query: LiteralString = (
            f"SELECT {_COLUMNS} FROM videos WHERE batch = %(batch)s AND custom_id = %(custom_id)s"
        )
        found = await self._videos(query, custom_id=custom_id)
        return found[0] if found else None

    async def to_make(self, number: int) -> Video | None:
        """The video of that number, unless nothing is to be done about it."""
        query: LiteralString = (
            f"SELECT {_COLUMNS} FROM videos WHERE batch = %(batch)s AND number = %(number)s "
            "AND (state IN ('sending', 'running', 'completed') "
            "OR state = 'unknown' AND task_id IS NOT NULL "
            f"OR state = 'ready' AND input = {_LATEST})"
        )
        found = await self._videos(query, number=number)
        return found[0] if found else None

    async def move(self, video: Video, to: State, **facts: Any) -> Video:
        # Whoever waits for it may be cancelled; what was begun to be noted is noted all the same.
        moving = asyncio.ensure_future(self._move(video, to, facts))
        self._moving.add(moving)
        moving.add_done_callback(self._moving.discard)
        return await asyncio.shield(moving)

    async def again(self, *states: State) -> int:
        # What its task was is kept: it may have been paid for.
        query: LiteralString = (
            "UPDATE videos SET state = 'ready', earlier = coalesce(earlier || ', ', '') || "
            "json_build_object('task_id', task_id, 'state', state, 'sent_at', sent_at, 'error', "
            "error::json)::text, credits_before = credits_before + coalesce(credits, 0), "
            "credits = NULL, task_id = NULL, sent_at = NULL, ended_at = NULL, url = NULL, "
            "settled = false, "
            "error = NULL WHERE batch = %(batch)s AND state = ANY(%(states)s) "
            f"AND input = {_LATEST}"
        )
        return await self._changed(query, states=list(states))

    async def counts(self) -> tuple[dict[State, int], float | None]:
        query: LiteralString = (
            "SELECT state, count(*), sum(coalesce(credits, 0) + credits_before) "
            "FILTER (WHERE credits IS NOT NULL OR credits_before <> 0) "
            "FROM videos WHERE batch = %(batch)s GROUP BY state"
        )
        with self.in_words():
            async with self.pool.connection() as connection:
                found = await connection.execute(query, {"batch": self.batch})
                rows = {state: (count, told) for state, count, told in await found.fetchall()}
        told = [each for _, each in rows.values() if each is not None]
        return {state: rows.get(state, (0,))[0] for state in STATES}, sum(told) if told else None

    async def close(self) -> None:
        if self._moving:
            await asyncio.wait(self._moving)

    @contextlib.contextmanager
    def in_words(self) -> Generator[None]:
        """Say what an error of the database means to people.

        Raises:
            LedgerError: There was one.
        """
        with in_words(self._database):
            yield

    async def _move(self, video: Video, to: State, facts: dict[str, Any]) -> Video:
        of: dict[str, Any] = {
            "to": to,
            "batch": self.batch,
            "number": video.number,
            "before": list(before_of(to, facts)),
            "attempt": video.sent_at,
            "task": video.task_id,
            "request": video.body,
        }
        changes: LiteralString = "state = %(to)s"
        for name, value in facts.items():
            changes += f", {_FACTS[name]} = %(new_{_FACTS[name]})s"
            of[f"new_{name}"] = json.dumps(value) if isinstance(value, dict) else value
        query: LiteralString = (
            f"UPDATE videos SET {changes} WHERE number = %(number)s "
            "AND state = ANY(%(before)s) AND sent_at IS NOT DISTINCT FROM %(attempt)s "
            "AND task_id IS NOT DISTINCT FROM %(task)s::text"
        )
        if to == "sending":  # another machine may have brought another input meanwhile
            query += f" AND body = %(request)s AND input = {_LATEST}"
        if to == "saved":
            await asyncio.to_thread(sync_folder, self._folder)
        try:
            with self.in_words():
                async with self.pool.connection() as connection:
                    moved = (await connection.execute(query, of)).rowcount
        except LedgerError as error:
            if isinstance(error.__context__, psycopg.errors.UniqueViolation):
                raise await self._taken(facts["task_id"]) from None
            raise
        if not moved:
            raise MovedError(f"{video.custom_id!r} can't become {to!r} from where it stands")
        return replace(video, state=to, **facts)

    async def _taken(self, task_id: str) -> TaskTakenError:
        query: LiteralString = (
            f"SELECT {_COLUMNS} FROM videos WHERE batch = %(batch)s AND task_id = %(task_id)s"
        )
        other = [video.custom_id for video in await self._videos(query, task_id=task_id)]
        return TaskTakenError(f"task {task_id} is that of {'/'.join(other)!r} already")

    async def _changed(self, query: LiteralString, **values: Any) -> int:
        with self.in_words():
            async with self.pool.connection() as connection:
                return (await connection.execute(query, values | {"batch": self.batch})).rowcount

    async def _videos(self, query: LiteralString, **values: Any) -> list[Video]:
        with self.in_words():
            async with contextlib.AsyncExitStack() as stack:
                connection = self._input
                if connection is None:
                    connection = await stack.enter_async_context(self.pool.connection())
                else:  # what is noted counts for whoever notes it, before others see it
                    await self._apply(connection)
                cursor = connection.cursor(row_factory=dict_row)
                await cursor.execute(query, values | {"batch": self.batch})
                return [_video(row) for row in await cursor.fetchall()]

    async def _note(self, lines: Sequence[Line], unique: bool) -> list[Violation]:
        if self._input is None:
            raise LedgerError("no input was begun")
        digests = [line.digest for line in lines if line.custom_id is None and not unique]
        found = await self._input.execute(
            "SELECT digest, count(*) FROM noted WHERE NOT named AND digest = ANY(%s) "
            "GROUP BY digest",
            (digests,),
        )
        before: dict[str, int] = dict(await found.fetchall())
        ids: list[str] = []
        for line in lines:
            ids.append(id_of(line, before.get(line.digest, 0)))
            if line.custom_id is None and not unique:
                before[line.digest] = before.get(line.digest, 0) + 1
        names = [name_of(custom_id) for custom_id in ids]
        found = await self._input.execute(
            "SELECT name, number, custom_id, digest, state, position, task_id, false FROM videos "
            "WHERE batch = %(batch)s AND name = ANY(%(names)s) UNION ALL "
            "SELECT name, 0, custom_id, digest, 'ready', position, NULL, true FROM noted "
            "WHERE name = ANY(%(names)s) ORDER BY 8",
            {"batch": self.batch, "names": names},
        )
        known = {name: Known(*facts) for name, *facts in await found.fetchall()}
        wrong: list[Violation] = []
        rows: list[tuple[object, ...]] = []
        for line, custom_id, name in zip(lines, ids, names, strict=True):
            counts = is_to_note(
                line,
                custom_id,
                known.get(name),
                self._folder,
                unique=unique,
                noted=self._noted,
            )
            if isinstance(counts, Violation):
                wrong.append(of_line(line.number, counts))
            elif counts:
                known[name] = Known(0, custom_id, line.digest, "ready", line.number, None, True)
                is_named = line.custom_id is not None
                rows.append((line.number, custom_id, name, is_named, line.digest, line.body))
        async with self._input.cursor() as cursor, cursor.copy("COPY noted FROM STDIN") as copy:
            for row in rows:
                await copy.write_row(row)
        return wrong

    async def _apply(self, connection: Connection) -> None:
        """Have what was noted count, if it is not what the latest input was.

        Raises:
            LedgerError: Another machine has sent one of these with another request meanwhile.
        """
        if self._is_applied:
            return
        self._is_applied = True
        of = {"batch": self.batch}
        await connection.execute("ANALYZE noted")
        found = await connection.execute(
            "SELECT count(*), count(*) FILTER (WHERE videos.digest = noted.digest "
            "AND videos.position = noted.position AND videos.named = noted.named), "
            f"(SELECT count(*) FROM videos WHERE batch = %(batch)s AND input = {_LATEST}) "
            "FROM noted LEFT JOIN videos ON videos.batch = %(batch)s "
            f"AND videos.name = noted.name AND videos.input = {_LATEST}",
            of,
        )
        ((lines, same, latest),) = await found.fetchall()
        if lines == same == latest:
            return  # as each machine but the first finds it
        await connection.execute("UPDATE batches SET latest = latest + 1 WHERE id = %(batch)s", of)
        noted = await connection.execute(
            "INSERT INTO videos "
            "(batch, custom_id, name, named, digest, body, state, input, position) "
            "SELECT %(batch)s, custom_id, name, named, digest, body, 'ready', "
            f"{_LATEST}, position FROM noted ORDER BY position ON CONFLICT (batch, name) "
            "DO UPDATE SET input = EXCLUDED.input, position = EXCLUDED.position, "
            "named = EXCLUDED.named, digest = EXCLUDED.digest, body = EXCLUDED.body "
            "WHERE videos.state = 'ready' OR videos.digest = EXCLUDED.digest",
            of,
        )
        if noted.rowcount != lines:
            raise LedgerError(
                "another machine has sent some of these requests as they were before: run it again"
            )


@contextlib.asynccontextmanager
async def opened(
    database: Database, folder: Path, *, makes: bool = True
) -> AsyncGenerator[PostgresLedger]:
    """The ledger of a batch, while it is used.

    Args:
        database: Where it is, and its name.
        folder: Where the videos of this machine are.
        makes: Whether one is made where there is none.

    Raises:
        LedgerError: The database can't be used, was made by a newer version, or has no such batch.
    """
    name = database.name or folder.absolute().name
    async with connected(database, name, makes=makes) as (pool, batch):
        ledger = PostgresLedger(database, folder, pool, batch)
        try:
            yield ledger
        finally:
            await ledger.close()


def _video(row: dict[str, Any]) -> Video:
    return Video(**row | {"error": json.loads(row["error"]) if row["error"] else None})
