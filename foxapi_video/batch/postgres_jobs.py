"""A batch of several machines: procrastinate hands each video to one of them at a time.

Each video that is to be made has a job. A worker that dies leaves its jobs behind: once it has
given no sign of life for a while, the others take them over. What such a video's row says then
tells what to do: "sending" means that nobody knows what came of it, "running" that its task is
waited for again.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Coroutine
from typing import Any, LiteralString

import procrastinate
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job

from foxapi_video.batch.ledger import INTERRUPTED, MovedError, Video
from foxapi_video.batch.postgres_ledger import PostgresLedger
from foxapi_video.batch.run import Run, StoppedError
from foxapi_video.errors import FoxAPIError, LedgerError

log = logging.getLogger("foxapi_video")
_TASK = "make a video"
_AT_ONCE = 1000
# How often it is looked whether all is done; and, of the time after which a machine counts as dead,
# the part after which each gives a sign of life, and looks for such that don't.
_TICK, _PART = 0.25, 0.2
_LONGEST_POLL = 2.0
# However long it takes until this machine counts others as dead: they may count it sooner.
_LONGEST_SILENCE = 1.0
# What they say of a lost connection is said by us; who wants theirs too gets it.
for _name in ("procrastinate", "psycopg.pool"):
    logging.getLogger(_name).addHandler(logging.NullHandler())


class _PutBackError(Exception):
    """A job is to be done by somebody else, or once more."""


class _Again(procrastinate.BaseRetryStrategy):
    def get_retry_decision(
        self, *, exception: BaseException, job: Job
    ) -> procrastinate.RetryDecision | None:
        return procrastinate.RetryDecision()


class Jobs:
    """The jobs of a batch, and this machine's worker."""

    def __init__(
        self, ledger: PostgresLedger, run: Run, *, concurrency: int, stalled_after: float
    ) -> None:
        self._ledger = ledger
        self._run = run
        self._concurrency = concurrency
        self._stalled_after = stalled_after
        self._queue = f"videos {ledger.batch}"
        self._app = procrastinate.App(connector=procrastinate.PsycopgConnector())
        self._app.task(name=_TASK, queue=self._queue, retry=_Again())(self._make)
        self._making: set[asyncio.Task[Any]] = set()
        self._worker: asyncio.Task[None] | None = None
        self._is_stopping = False

    async def carry_out(self) -> None:
        """Make videos until none is left to be made by anybody, or the run is to stop.

        Cancelled once, it ends soon; twice, at once.

        Raises:
            LedgerError: The database does not answer any more.
        """
        async with self._app.open_async(self._ledger.pool):
            await self._defer()
            worker = self._worker = asyncio.create_task(
                self._app.run_worker_async(
                    queues=[self._queue],
                    concurrency=self._concurrency,
                    install_signal_handlers=False,
                    delete_jobs="always",
                    fetch_job_polling_interval=min(_LONGEST_POLL, _PART * self._stalled_after),
                    update_heartbeat_interval=min(_LONGEST_SILENCE, _PART * self._stalled_after),
                    stalled_worker_timeout=self._stalled_after,
                )
            )
            watching = asyncio.create_task(self._watch())
            try:
                await self._end_of(worker)
            finally:
                watching.cancel()
                await asyncio.wait([watching])
        if not worker.cancelled() and (error := worker.exception()) is not None:
            raise _in_words(error) from None
        if not self._is_stopping:
            raise LedgerError("the connection to the database was lost: run it again to go on")

    async def _end_of(self, worker: asyncio.Task[None]) -> None:
        try:
            await asyncio.wait([worker])
        except asyncio.CancelledError:
            try:
                if not self._run.is_ending:
                    self._run.no_more("it was cancelled", waits=False)
                    self._stop()
                    await asyncio.wait([worker])
            finally:
                self._stop()
                for making in self._making:
                    making.cancel()
                await asyncio.wait([worker])  # what was sent and has no answer is noted as unknown
            raise

    def _stop(self) -> None:
        """Have the worker end once its jobs have."""
        if not self._is_stopping and self._worker is not None:
            self._is_stopping = True
            self._worker.cancel()

    async def _make(self, number: int) -> None:
        """Do the job of a video."""
        mine: asyncio.Task[Any] = asyncio.current_task()  # type: ignore[assignment]
        self._making.add(mine)
        mine.add_done_callback(_hear)
        try:
            video = await self._ledger.to_make(number)
            if video is not None and not await self._is_made(video):
                raise _PutBackError
        except (StoppedError, MovedError):
            raise _PutBackError from None
        except LedgerError as error:
            self._run.no_more(str(error), error, waits=False)
            raise _PutBackError from None
        finally:
            self._making.discard(mine)
            if self._run.stopped is not None:
                self._stop()

    async def _is_made(self, video: Video) -> bool:
        """Make it; whether that is all that is to be done now."""
        if video.state == "sending":  # by a worker that is dead
            await self._ledger.move(video, "unknown", error=INTERRUPTED)
            return True
        if self._run.stopped is None:
            video = await self._run.make(video)
        return self._run.stopped is None or video.state not in ("ready", "running", "completed")

    async def _defer(self) -> None:
        """Give each video that is to be made a job, if it has none: what is paid for comes first.

        Raises:
            LedgerError: It can't be noted.
        """
        query: LiteralString = (
            "SELECT number, state <> 'ready' FROM videos WHERE batch = %(batch)s "
            "AND (state IN ('sending', 'running', 'completed') "
            "OR state = 'unknown' AND task_id IS NOT NULL OR state = 'ready' "
            "AND input = (SELECT latest FROM batches WHERE id = %(batch)s)) AND NOT EXISTS ("
            "SELECT 1 FROM procrastinate_jobs AS job WHERE job.status IN ('todo', 'doing') "
            "AND job.queueing_lock = videos.number::text) ORDER BY position, number"
        )
        of = {"batch": self._ledger.batch}
        manager = self._app.job_manager
        with self._ledger.in_words():
            async with self._ledger.pool.connection() as connection, connection.transaction():
                lock: LiteralString = "SELECT 1 FROM batches WHERE id = %(batch)s FOR UPDATE"
                await connection.execute(lock, of)
                async with connection.cursor(name="to_defer") as found:
                    await found.execute(query, of)
                    while rows := await found.fetchmany(_AT_ONCE):
                        jobs = [self._job(number, is_paid) for number, is_paid in rows]
                        await manager.batch_defer_jobs_async(jobs, connection)

    def _job(self, number: int, is_paid: bool) -> Job:
        return Job(
            id=None,
            queue=self._queue,
            lock=None,
            queueing_lock=str(number),
            task_name=_TASK,
            task_kwargs={"number": number},
            priority=int(is_paid),
        )

    async def _watch(self) -> None:
        """Stop the worker when there is nothing more to do, and take over from dead ones."""
        looked = -self._stalled_after
        try:
            while not self._is_stopping:
                if time.monotonic() - looked >= _PART * self._stalled_after:
                    looked = time.monotonic()
                    await self._take_over()
                if self._run.stopped is not None or not await self._is_any_left():
                    self._stop()
                await asyncio.sleep(_TICK)
        except (FoxAPIError, ConnectorException) as error:
            lost = _in_words(error)
            self._run.no_more(str(lost), lost, waits=False)
            self._stop()

    async def _is_any_left(self) -> bool:
        query: LiteralString = (
            "SELECT EXISTS (SELECT 1 FROM procrastinate_jobs "
            "WHERE queue_name = %s AND status IN ('todo', 'doing'))"
        )
        with self._ledger.in_words():
            async with self._ledger.pool.connection() as connection:
                found = await connection.execute(query, (self._queue,))
                return await found.fetchall() == [(True,)]

    async def _take_over(self) -> None:
        """Put back the jobs of workers that are dead."""
        manager = self._app.job_manager
        with self._ledger.in_words():
            async with self._ledger.pool.connection() as connection, connection.transaction():
                # One machine at a time: a job that another one has put back may be at work again.
                found = await connection.execute(
                    "SELECT pg_try_advisory_xact_lock(hashtext('foxapi_video'), %s)",
                    (self._ledger.batch,),
                )
                if await found.fetchall() != [(True,)]:
                    return
                stalled = await manager.get_stalled_jobs(
                    queue=self._queue, seconds_since_heartbeat=self._stalled_after
                )
                for job in stalled:
                    await manager.retry_job(job)


def _hear(making: asyncio.Task[Any]) -> None:
    """Have nobody told of a job that could not be ended, as another machine has taken it over."""
    if not making.cancelled() and (error := making.exception()) is not None:
        log.info("a job was not ended: %s", error.__cause__ or error)


def _in_words(error: BaseException) -> FoxAPIError:
    """What an error of procrastinate means to people."""
    if isinstance(error, FoxAPIError):
        return error
    cause = error.__cause__ or error
    return LedgerError(f"the database can't be used any more ({cause}): run it again to go on")


def carried_out(
    ledger: PostgresLedger, run: Run, *, concurrency: int, stalled_after: float
) -> Coroutine[Any, Any, None]:
    """Make the videos of a batch with other machines."""
    jobs = Jobs(ledger, run, concurrency=concurrency, stalled_after=stalled_after)
    return jobs.carry_out()
