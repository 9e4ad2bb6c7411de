"""A batch of videos in a folder, for asyncio. The blocking one runs it."""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import tempfile
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from foxapi_video.async_client import AsyncFoxAPI
from foxapi_video.batch import lines
from foxapi_video.batch.database import PACKAGES, Database
from foxapi_video.batch.folder import (
    make_folder,
    missing_again,
    see_folder,
    sweep,
    working_in,
    write_results,
)
from foxapi_video.batch.ledger import Ledger, Noted, State, Video
from foxapi_video.batch.pace import Limits
from foxapi_video.batch.run import Run, Told
from foxapi_video.batch.sqlite_ledger import SQLiteLedger
from foxapi_video.batch.status import Order, Status, order_of, standing_of, status_of
from foxapi_video.errors import (
    ConfigurationError,
    FoxAPIError,
    InvalidBatch,
    LedgerError,
    NotFoundError,
)
from foxapi_video.json_values import is_id
from foxapi_video.options import check_async_client
from foxapi_video.tasks import Task
from foxapi_video.violations import Violation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from foxapi_video.batch.postgres_ledger import PostgresLedger
    from foxapi_video_client.types import Model

Confirm: TypeAlias = Callable[[Order], bool]
OnStatus: TypeAlias = Callable[[Status], "object | Awaitable[object]"]
# Lines are noted so many at once, and as many violations are told.
_AT_ONCE = 500
_MOST_TOLD = 1000
_TICK = 1.0


class AsyncBatch:
    """Videos that are made from many requests into a folder, each paid for at most once.

    The folder holds the ledger, which is the only truth, a file for each video, and
    `results.jsonl`. After a crash at any moment the same call goes on where it stopped.

    Attributes:
        folder: The folder.
        limits: How much is done at once, and where it stops.
    """

    def __init__(
        self,
        into: str | Path,
        *,
        client: AsyncFoxAPI | None = None,
        limits: Limits | None = None,
        check: bool = True,
        callbacks: bool = False,
        on_status: OnStatus | None = None,
        database: Database | str | None = None,
    ) -> None:
        """Set it up. Nothing is read, written or sent.

        Args:
            into: The folder; it is made where there is none.
            client: What the service is asked with; one with the key of the environment where it
                is left out.
            limits: How much is done at once, and where it stops.
            check: Whether requests are held to the documentation.
            callbacks: Whether `ended` is told of videos whose requests have a callback_url, as
                `callbacks.asgi(batch.ended)` does: they are asked for seldom then.
            on_status: Called every second with how the batch stands; may be a coroutine function.
            database: Where several machines that work on the batch note it down, instead of in
                the folder: a Database, or the address of a Postgres. The folder is then one that
                they share, or holds what this machine has saved.

        Raises:
            ConfigurationError: The client is no AsyncFoxAPI.
        """
        check_async_client(client)
        self.folder = Path(into)
        self.limits = limits or Limits()
        self._client = client
        self._check = check
        self._on_status = on_status
        self._database = Database(url=database) if isinstance(database, str) else database
        self._told = Told() if callbacks else None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._run: Run | None = None

    async def check(self, requests: Iterable[Any], *, unique: bool = False) -> Order:
        """Check requests as `run` does, and say what it would create. Nothing is kept or sent.

        Args:
            requests: As of run.
            unique: As of run.

        Raises:
            InvalidBatch: Some of them can't be sent.
            LedgerError: The ledger can't be used.
        """
        return await self.check_lines(lines.numbered(requests), unique=unique)

    async def run(
        self,
        requests: Iterable[Mapping[str, Any] | Model] | None = None,
        *,
        unique: bool = False,
        confirm: Confirm | None = None,
    ) -> Status:
        """Make all videos, or go on where the last run stopped.

        Args:
            requests: Request variants, bodies as mappings, or mappings with `custom_id` and `body`.
                All are checked before one is sent. Those that the ledger has are not made again;
                what it has and they don't is not created. Without them, the latest input counts.
            unique: Whether a request that is equal to an earlier one is left out; else both are
                made.
            confirm: Called with what is about to be created, before the first create call; where
                it gives False, nothing is.

        Returns:
            How it stands. What failed or is unknown is counted there, and stands in
            `results.jsonl`.

        Raises:
            ConfigurationError: The requests are no iterable of them.
            InvalidBatch: Some requests can't be sent. Nothing was sent or noted down.
            LedgerError: The ledger can't be used, or written any more.
            FoxAPIError: What keeps all create calls from being accepted, such as
                InsufficientQuotaError. What ran was waited for; run it again to go on.
        """
        given = None if requests is None else lines.numbered(requests)
        return await self.run_lines(given, unique=unique, confirm=confirm)

    async def check_lines(self, given: Iterable[tuple[int, object]], *, unique: bool) -> Order:
        """The same for values with the numbers of their lines, as `lines.read_json` gives them."""
        see_folder(self.folder)
        if self._database is not None or SQLiteLedger.is_in(self.folder):
            async with self._open(makes=True) as ledger:
                return await self._checked(ledger, given, unique)
        with tempfile.TemporaryDirectory() as beside:
            ledger = SQLiteLedger(self.folder, at=Path(beside))
            try:
                return await self._checked(ledger, given, unique)
            finally:
                await ledger.close()

    async def run_lines(
        self,
        given: Iterable[tuple[int, object]] | None,
        *,
        unique: bool = False,
        confirm: Confirm | None = None,
    ) -> Status:
        """The same for values with the numbers of their lines, as `lines.read_json` gives them."""
        async with self._open(makes=given is not None) as ledger:
            make_folder(self.folder)
            await asyncio.to_thread(sweep, self.folder, older_than=self._spares)
            await ledger.abandoned()
            noted: Noted | None = None
            if given is not None:
                await ledger.begin_input()
                is_whole = False
                try:
                    await self._note(ledger, given, unique)
                    is_whole = True
                finally:
                    noted = await ledger.end_input(keep=is_whole)
            has_all = self._database is None
            lost = await missing_again(ledger, self.folder, has_all=has_all)
            order = await order_of(ledger, noted, self.limits.most)
            if order.videos and confirm is not None and not confirm(order):
                return await status_of(
                    ledger, self.folder, stopped="it was not confirmed", lost=lost
                )
            try:
                ended = await self._carry_out(ledger, lost)
            except BaseException:
                with contextlib.suppress(LedgerError):  # why it ended is worth more
                    await write_results(ledger, self.folder)
                raise
            await write_results(ledger, self.folder)
            return ended

    async def status(self) -> Status:
        """How it stands, also while another program runs it.

        Raises:
            LedgerError: There is no batch, or its ledger can't be used.
        """
        async with self._open(writes=False) as ledger:
            return await standing_of(ledger, self.folder)

    async def retry(self, *, failed: bool = False, unknown: bool = False) -> int:
        """Make ready to be created once more; `run` does it.

        Args:
            failed: What the service says failed or was cancelled, or has refused.
            unknown: What may have been accepted: each may be paid for a second time.

        Returns:
            How many these are.
        """
        states: tuple[State, ...] = ("failed", "cancelled") if failed else ()
        if unknown:
            states = (*states, "unknown")
        if not states:
            raise ConfigurationError("say what to create again: failed, unknown, or both")
        async with self._open() as ledger:
            await ledger.abandoned()
            return await ledger.again(*states)

    async def settle(
        self, custom_id: str, *, task_id: str | None = None, not_created: bool = False
    ) -> Task | None:
        """Say what became of an unknown video, once somebody has looked it up.

        What was said can be corrected until the video is saved. The service is asked for the task,
        if there is a key and it answers.

        Args:
            custom_id: The video.
            task_id: Its task, which `run` then waits for.
            not_created: That there is none: `run` then creates it.

        Returns:
            The task as the service tells of it, or None where it was not asked or did not answer.

        Raises:
            LedgerError: There is no such video, its outcome is known, or the service knows no such
                task. Nothing was noted.
        """
        if (task_id is not None) == not_created:
            raise ConfigurationError("a video has a task, or was not created: say one of the two")
        if task_id is not None and not is_id(task_id):
            raise ConfigurationError(f"{task_id!r} is not the id of a task")
        async with self._open() as ledger:
            await ledger.abandoned()
            video = await ledger.find(custom_id)
            if video is None:
                raise LedgerError(f"{self.folder} has no video {custom_id!r}")
            if not _is_open(video):
                raise LedgerError(f"{custom_id!r} is {video.state!r}: there is nothing to settle")
            task = None if task_id is None else await self._looked_up(task_id)
            anew: dict[str, Any] = dict.fromkeys(("ended_at", "url", "size", "credits", "error"))
            anew |= {"task_id": task_id, "settled": True}
            if task_id is None:
                await ledger.move(video, "ready", sent_at=None, **anew)
            else:
                await ledger.move(video, "running", **anew)
            await write_results(ledger, self.folder)
        return task

    async def _looked_up(self, task_id: str) -> Task | None:
        """A task that people name, or None where the service can't be asked.

        Raises:
            LedgerError: The service says that there is none.
        """
        async with contextlib.AsyncExitStack() as stack:
            client = self._client
            try:
                if client is None:
                    client = await stack.enter_async_context(AsyncFoxAPI())
                return await client.with_options(retries=0).tasks.get(task_id)
            except NotFoundError:
                raise LedgerError(
                    f"the service knows no task {task_id!r}: look again, nothing was noted"
                ) from None
            except FoxAPIError:  # no key, or no answer
                return None

    async def ended(self, task: Task) -> None:
        """Take what a callback says, for `callbacks.asgi(batch.ended)`: its task is asked for."""
        if self._told is None:
            raise ConfigurationError("this batch is not told of tasks: AsyncBatch(callbacks=True)")
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._told.ended, task.id)

    def stop(self) -> bool:
        """End the run soon: no more create calls, those on their way are noted, the rest is left.

        It is to be called in the event loop of the run.

        Returns:
            Whether there is a run that creates videos.
        """
        if self._run is None:
            return False
        self._run.no_more("it was told to stop", waits=False)
        return True

    @property
    def _spares(self) -> float | None:
        """How young the part of a file is that another machine may be writing."""
        return None if self._database is None else 3600.0

    @contextlib.asynccontextmanager
    async def _open(self, *, makes: bool = False, writes: bool = True) -> AsyncGenerator[Ledger]:
        """The ledger, while it is used.

        Args:
            makes: Whether one is made where there is none.
            writes: Whether it is written; else others may write it meanwhile.
        """
        if self._database is not None:
            with _needing_extra():
                from foxapi_video.batch.postgres_ledger import opened
            async with opened(self._database, self.folder, makes=makes) as shared:
                yield shared
            return
        if writes and not makes and not SQLiteLedger.is_in(self.folder):
            raise LedgerError(f"{self.folder} has no batch")
        with contextlib.ExitStack() as stack:
            if writes:
                stack.enter_context(working_in(self.folder))
            ledger = SQLiteLedger(self.folder, writes=writes)
            try:
                yield ledger
            finally:
                await ledger.close()

    async def _checked(
        self, ledger: Ledger, given: Iterable[tuple[int, object]], unique: bool
    ) -> Order:
        await ledger.begin_input()
        try:
            await self._note(ledger, given, unique)
            order = await order_of(ledger, None, self.limits.most)
        finally:
            noted = await ledger.end_input(keep=False)
        return replace(order, noted=noted)

    async def _note(
        self, ledger: Ledger, given: Iterable[tuple[int, object]], unique: bool
    ) -> None:
        """Note all lines.

        Raises:
            InvalidBatch: Some can't be sent.
        """
        wrong: list[Violation] = []
        count = more = 0
        chunk: list[lines.Line] = []

        def tell(found: list[Violation]) -> None:
            nonlocal more
            room = max(0, _MOST_TOLD - len(wrong))
            wrong.extend(found[:room])
            more += len(found[room:])

        for read in lines.read(given, check=self._check):
            count += 1
            if isinstance(read, list):
                tell(read)
            else:
                chunk.append(read)
            if len(chunk) == _AT_ONCE:
                tell(await ledger.note(chunk, unique=unique))
                chunk = []
        tell(await ledger.note(chunk, unique=unique))
        if wrong:
            raise InvalidBatch(wrong, count, more)
        if not count:
            raise InvalidBatch([Violation("", "a request", "nothing", None, "no line has one")], 0)

    async def _carry_out(self, ledger: Ledger, lost: tuple[str, ...]) -> Status:
        client = self._client or AsyncFoxAPI()
        began = time.monotonic()
        before = await status_of(ledger, self.folder)
        self._loop = asyncio.get_running_loop()
        run = self._run = Run(
            ledger, client, self.folder, self.limits, told=self._told, check=self._check
        )

        def so_far() -> dict[str, Any]:
            return {
                "seconds": time.monotonic() - began,
                "stopped": run.stopped,
                "trouble": run.trouble,
                "lost": lost,
            }

        def counted(stands: Status) -> Status:
            # On several machines, by all of them.
            finished = run.finished if self._database is None else stands.ended - before.ended
            return replace(stands, finished=finished)

        async def status() -> Status:
            return counted(await status_of(ledger, self.folder, **so_far()))

        telling = asyncio.create_task(self._tell(status))
        try:
            await self._worked(ledger, run)
        finally:
            telling.cancel()
            self._run = None
            if self._client is None:
                await client.aclose()
        ended = counted(await standing_of(ledger, self.folder, **so_far()))
        if self._database is None:  # it was this run that is over
            ended = replace(ended, is_going_on=False)
        await self._tell_once(ended)
        if run.reason is not None:
            run.reason.add_words(f"The batch: {ended.in_words()}. Run it again to go on.")
            raise run.reason
        return ended

    async def _worked(self, ledger: Ledger, run: Run) -> None:
        """Make what is to be made, on this machine or together with others."""
        limits = self.limits
        if self._database is not None:
            from foxapi_video.batch.postgres_jobs import carried_out

            after = self._database.stalled_after
            shared = cast("PostgresLedger", ledger)
            await carried_out(shared, run, concurrency=limits.concurrency, stalled_after=after)
            return
        counts, _ = await ledger.counts()
        to_do = sum(counts[state] for state in ("ready", "running", "completed", "unknown"))
        workers = [asyncio.create_task(run.work()) for _ in range(min(limits.concurrency, to_do))]
        await _all_of(workers, run)
        for worker in workers:
            worker.result()  # a mistake of this module

    async def _tell(self, status: Callable[[], Awaitable[Status]]) -> None:
        while self._on_status is not None:
            await self._tell_once(await status())
            await asyncio.sleep(_TICK)

    async def _tell_once(self, status: Status) -> None:
        if self._on_status is not None:
            told = self._on_status(status)
            if inspect.isawaitable(told):
                await told


async def _all_of(workers: list[asyncio.Task[None]], run: Run) -> None:
    """Wait for the workers. Cancelled once, they end soon; twice, at once."""
    if not workers:
        return
    try:
        await asyncio.wait(workers)
    except asyncio.CancelledError:
        try:
            if not run.is_ending:
                run.no_more("it was cancelled", waits=False)
                await asyncio.wait(workers)
        finally:
            for worker in workers:
                worker.cancel()
            await asyncio.wait(workers)  # what was sent and has no answer is noted as unknown
        raise


@contextlib.contextmanager
def _needing_extra() -> Generator[None]:
    try:
        yield
    except ImportError as error:
        raise ConfigurationError(
            f"a batch of several machines needs two more packages: pip install {PACKAGES} ({error})"
        ) from None


def _is_open(video: Video) -> bool:
    """Whether people have to say what became of a video."""
    if video.state in ("unknown", "sending", "saved"):
        return video.state == "unknown"
    of = None if video.error is None else video.error.get("type")
    return video.settled or (video.task_id is not None and of in ("NotFoundError", "LinkExpired"))
