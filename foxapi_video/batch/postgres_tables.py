"""The tables of a batch in a Postgres, and connections to it."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import AsyncGenerator, Generator
from typing import TYPE_CHECKING, LiteralString, TypeAlias

import psycopg
from procrastinate.schema import SchemaManager
from psycopg import AsyncConnection, conninfo
from psycopg_pool import AsyncConnectionPool

from foxapi_video.batch.database import FORM, Database
from foxapi_video.errors import LedgerError

if TYPE_CHECKING:
    from psycopg.rows import TupleRow

Connection: TypeAlias = "AsyncConnection[TupleRow]"
Pool: TypeAlias = "AsyncConnectionPool[Connection]"

VERSION = 1
# What procrastinate keeps is in a schema beside it: without it nothing is lost but who is at work.
SCHEMA, JOBS = "foxapi_video", "foxapi_video_jobs"
_OPENING = 0x466F7861  # the advisory lock of whoever makes these
_CONNECTIONS = 8
_CONNECT_SECONDS = 10
_TABLES: LiteralString = """
CREATE SCHEMA IF NOT EXISTS foxapi_video;
CREATE TABLE foxapi_video.ledger (version integer NOT NULL, jobs text NOT NULL);
CREATE TABLE foxapi_video.batches (
    id integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    name text NOT NULL UNIQUE,
    latest integer NOT NULL DEFAULT 0
);
CREATE TABLE foxapi_video.videos (
    number bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    batch integer NOT NULL REFERENCES foxapi_video.batches (id),
    custom_id text NOT NULL,
    name text NOT NULL,
    named boolean NOT NULL,
    digest text NOT NULL,
    body text NOT NULL,
    state text NOT NULL,
    input integer NOT NULL,
    position integer NOT NULL,
    task_id text,
    sent_at double precision,
    ended_at double precision,
    url text,
    path text,
    size bigint,
    settled boolean NOT NULL DEFAULT false,
    credits double precision,
    credits_before double precision NOT NULL DEFAULT 0,
    error text,
    earlier text,
    UNIQUE (batch, custom_id),
    UNIQUE (batch, name),
    CONSTRAINT one_video_a_task UNIQUE (batch, task_id)
) WITH (fillfactor = 70);
CREATE INDEX by_state ON foxapi_video.videos (batch, state, number);
CREATE INDEX by_position ON foxapi_video.videos (batch, input, position);
"""


@contextlib.asynccontextmanager
async def connected(
    database: Database, name: str, *, makes: bool
) -> AsyncGenerator[tuple[Pool, int]]:
    """Connections to a database, and the number of a batch there, while they are used.

    Each statement of these connections is a transaction of its own.

    Args:
        database: The database.
        name: The name of the batch.
        makes: Whether tables and batch are made where there are none.

    Raises:
        LedgerError: The database can't be used, was made by a newer version, or has no such batch.
    """
    info = _conninfo(database)

    async def configure(connection: Connection) -> None:
        await connection.set_autocommit(True)

    with in_words(database):
        async with await AsyncConnection.connect(info, autocommit=True) as connection:
            await _prepare(connection, database, makes)
            batch = await _batch(connection, database, name, makes)
        pool: Pool = AsyncConnectionPool(
            info,
            min_size=1,
            max_size=_CONNECTIONS,
            timeout=_CONNECT_SECONDS,
            open=False,
            configure=configure,
        )
        await pool.open(wait=True)
    try:
        yield pool, batch
    finally:
        await pool.close()


def _conninfo(database: Database) -> str:
    try:
        given = conninfo.conninfo_to_dict(database.url)
    except psycopg.Error:  # whose message may have the password
        raise LedgerError(f"the address of the database can't be read: {FORM}") from None
    options = f"{given.get('options') or ''} -c search_path={SCHEMA},{JOBS}"
    given["options"] = f"{options} -c synchronous_commit=on".strip()
    given.setdefault("connect_timeout", _CONNECT_SECONDS)
    given.setdefault("application_name", "foxapi-video")
    return conninfo.make_conninfo("", **given)


async def _prepare(connection: Connection, database: Database, makes: bool) -> None:
    """Make the tables where there are none, and see that they are those that are known here.

    Raises:
        LedgerError: They are not.
    """
    jobs = SchemaManager.get_schema()
    digest = hashlib.sha256(jobs.encode()).hexdigest()[:20]
    async with connection.transaction():
        await connection.execute("SELECT pg_advisory_xact_lock(%s)", (_OPENING,))
        found = await connection.execute("SELECT to_regclass('foxapi_video.ledger')::text")
        if await found.fetchall() == [(None,)]:
            if not makes:
                raise LedgerError(f"{database.shown} has no batch")
            await connection.execute(_TABLES)
            await _make_jobs(connection, jobs)
            await connection.execute("INSERT INTO ledger VALUES (%s, %s)", (VERSION, digest))
            return
        found = await connection.execute("SELECT version, jobs FROM foxapi_video.ledger")
        ((version, made_by),) = await found.fetchall()
        if version > VERSION:
            raise LedgerError(
                f"{database.shown} was made by a newer foxapi-video (ledger {version}, this one "
                f"knows {VERSION}): install that one, nothing was changed"
            )
        if made_by != digest and makes:
            alive = await connection.execute(
                "SELECT 1 FROM procrastinate_workers "
                "WHERE last_heartbeat > now() - make_interval(secs => %s)",
                (database.stalled_after,),
            )
            if await alive.fetchall():
                raise LedgerError(
                    f"a machine with another version of procrastinate is at work in "
                    f"{database.shown}: install the same on each, or wait for it"
                )
            await connection.execute("DROP SCHEMA foxapi_video_jobs CASCADE")
            await _make_jobs(connection, jobs)
            await connection.execute("UPDATE ledger SET jobs = %s", (digest,))


async def _make_jobs(connection: Connection, jobs: LiteralString) -> None:
    await connection.execute("CREATE SCHEMA foxapi_video_jobs")
    await connection.execute("SET LOCAL search_path = foxapi_video_jobs")
    await connection.execute(jobs)
    await connection.execute("SET LOCAL search_path = foxapi_video, foxapi_video_jobs")


async def _batch(connection: Connection, database: Database, name: str, makes: bool) -> int:
    if makes:
        await connection.execute(
            "INSERT INTO batches (name) VALUES (%s) ON CONFLICT DO NOTHING", (name,)
        )
    found = await connection.execute("SELECT name, id FROM batches ORDER BY id DESC LIMIT 1000")
    batches: dict[str, int] = dict(await found.fetchall())
    if name not in batches:
        has = ", ".join(map(repr, list(batches)[:20])) or "none"
        raise LedgerError(f"{database.shown} has no batch {name!r}; it has {has}")
    return batches[name]


@contextlib.contextmanager
def in_words(database: Database) -> Generator[None]:
    """Say what an error of the database means to people.

    Raises:
        LedgerError: There was one.
    """
    try:
        yield
    except psycopg.Error as error:
        said = " ".join(str(error).split()) or type(error).__name__
        secret = conninfo.conninfo_to_dict(database.url).get("password")
        if secret:
            said = said.replace(str(secret), "***")
        what = (
            "can't be reached" if isinstance(error, psycopg.OperationalError) else "can't be used"
        )
        raise LedgerError(f"{database.shown} {what}: {said}") from error
