"""One run of a batch: the coroutine that takes a video from ready to saved, and what stops it."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import json
import logging
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Generator
from dataclasses import replace
from pathlib import Path
from typing import Any

from foxapi_video import waiting
from foxapi_video.answers import notes_down
from foxapi_video.async_client import AsyncFoxAPI
from foxapi_video.batch.ledger import (
    Ledger,
    MovedError,
    State,
    TaskTakenError,
    Video,
    each,
    file_of,
    more_of,
)
from foxapi_video.batch.pace import SAVING, Limits, Pace, polling_of
from foxapi_video.errors import (
    APIConnectionError,
    APIStatusError,
    AuthenticationError,
    FoxAPIError,
    InvalidRequest,
    LedgerError,
    LinkExpired,
    NotFoundError,
    OutcomeUnknown,
    RateLimitError,
    ServiceUnavailableError,
    TaskCancelled,
    TaskFailed,
    TaskTimeout,
    task_id_of,
)
from foxapi_video.json_values import member, readable
from foxapi_video.options import is_number
from foxapi_video.tasks import Task
from foxapi_video.waiting import Polling

log = logging.getLogger("foxapi_video")
# Statuses that are about this one request; any other refusal would meet all of them.
_OF_ITS_OWN = frozenset({400, 413, 422})
_MOST_UNREACHED = 12
_MOST_TROUBLES = 5
_NOTING_AGAIN = (0.1, 1.0, 5.0)
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.EACCES})
_MOST_EARLY = 10_000
_LINK_SECONDS = 86400.0


class StoppedError(Exception):
    """The run is to end, and the ledger has all that there is to know."""


class Told:
    """What callbacks have told: which tasks have ended, perhaps."""

    def __init__(self) -> None:
        self._waiting: dict[str, asyncio.Event] = {}
        self._early: OrderedDict[str, None] = OrderedDict()

    def ended(self, task_id: str) -> None:
        """A callback says so."""
        if task_id in self._waiting:
            self._waiting[task_id].set()
            return
        self._early[task_id] = None  # its create call may not have been answered yet
        while len(self._early) > _MOST_EARLY:
            self._early.popitem(last=False)

    @contextlib.contextmanager
    def of(self, task_id: str) -> Generator[asyncio.Event]:
        """What is set once a callback tells of that task."""
        event = self._waiting[task_id] = asyncio.Event()
        if task_id in self._early:
            del self._early[task_id]
            event.set()
        try:
            yield event
        finally:
            del self._waiting[task_id]


class Run:
    """What the coroutines of one run share.

    Attributes:
        stopped: Why no more is created, in words, or None while it is.
        reason: The error that stopped it, or None.
        trouble: What slows it down now, or None.
        finished: Videos of this run that came to an end.
    """

    def __init__(
        self,
        ledger: Ledger,
        client: AsyncFoxAPI,
        folder: Path,
        limits: Limits,
        *,
        told: Told | None,
        check: bool,
    ) -> None:
        self.stopped: str | None = None
        self.reason: FoxAPIError | None = None
        self.trouble: str | None = None
        self.finished = 0
        self._ledger = ledger
        self._client = client
        self._runner = client._runner  # pyright: ignore[reportPrivateUsage]
        policy = self._runner.settings.retry_policy
        # Whether it is sent again is for the whole batch to say, and noted down each time.
        self._creating = client.with_options(retries=replace(policy, retries=0), check=check)
        self._folder = folder
        self._limits = limits
        self._told = told
        self._slots = asyncio.Semaphore(min(limits.creating, limits.concurrency))
        self._saving = asyncio.Semaphore(SAVING)
        self._pace = Pace(limits.rate, policy, asyncio.get_running_loop().time)
        self._begun = 0
        self._failures = 0
        self._in_flight = 0
        self._waits = True
        self._at_rest: set[asyncio.Task[Any]] = set()
        self._feed = self._videos()
        self._feeding = asyncio.Lock()

    def no_more(self, why: str, reason: FoxAPIError | None = None, *, waits: bool = True) -> None:
        """Create nothing any more.

        Args:
            why: The reason, in words.
            reason: The error that it is.
            waits: Whether what runs is waited for; else it is left as the ledger has it.
        """
        if self.stopped is None or (reason is not None and self.reason is None):
            self.stopped, self.reason = why, reason
            level = logging.INFO if reason is None else logging.WARNING
            log.log(level, "the batch creates no more videos: %s", why)
        if not waits and self._waits:  # once: to be cancelled twice is to be by somebody else
            self._waits = False
            for resting in list(self._at_rest):
                resting.cancel()

    @property
    def is_ending(self) -> bool:
        """Whether nothing is waited for any more but create calls that are on their way."""
        return not self._waits

    async def work(self) -> None:
        """Take one video after the other from where it stands to its end."""
        with contextlib.suppress(StoppedError):
            while (video := await self._next()) is not None:
                try:
                    await self.make(video)
                except MovedError as error:  # which nobody else works with
                    self.no_more(str(error), error, waits=False)

    async def make(self, video: Video) -> Video:
        """Take a video from where it stands to its end, or as far as this run does.

        Raises:
            MovedError: It is not where it was: somebody else has it.
            StoppedError: The run was to end before.
        """
        notes_down.set(True)  # in the ledger: what is cancelled needs no line of the log each
        try:
            return await self._make(video)
        except (MovedError, StoppedError):
            raise
        except LedgerError as error:
            self.no_more(str(error), error, waits=False)
        except (Exception, asyncio.CancelledError) as error:
            if isinstance(error, asyncio.CancelledError) and _is_cancelled():
                raise
            # A mistake here, or in a transport of the user's.
            broken = FoxAPIError(f"{type(error).__name__}: {error}")
            broken.__cause__ = error
            self.no_more(str(broken), broken, waits=False)
        return video

    async def _next(self) -> Video | None:
        with self._interruptible():
            async with self._feeding:
                return await anext(self._feed, None)

    async def _videos(self) -> AsyncIterator[Video]:
        """What is paid for comes first."""
        async for video in each(self._ledger, "running", "completed", "unknown"):
            if video.state != "unknown" or video.task_id is not None:
                yield video
        async for video in each(self._ledger, "ready", of="input"):
            if self.stopped is not None:
                return
            yield video

    async def _make(self, video: Video) -> Video:
        self._in_flight += 1
        try:
            task = None
            if video.state == "ready":
                video, task = await self._created(video)
            elif video.state == "unknown" and video.task_id is not None:
                video = await self._ledger.move(video, "running")  # the service may know it now
            if video.state in ("running", "completed"):
                with self._interruptible():
                    video, task = await self._ended(video, task)
                    if task is not None:
                        async with self._saving:
                            video = await self._saved(video, task)
            return video
        finally:
            self._in_flight -= 1
            self.finished += video.state in ("saved", "failed", "cancelled", "unknown")

    @contextlib.contextmanager
    def _interruptible(self) -> Generator[None]:
        """What is done here may end at any moment: the ledger has all that is paid for.

        Raises:
            StoppedError: Nothing more is to be done.
        """
        mine: asyncio.Task[Any] = asyncio.current_task()  # type: ignore[assignment]
        if not self._waits:
            raise StoppedError
        self._at_rest.add(mine)
        try:
            yield
        except asyncio.CancelledError:
            if self._waits or mine.uncancel():  # by somebody else
                raise
            raise StoppedError from None
        finally:
            self._at_rest.discard(mine)

    async def _created(self, video: Video) -> tuple[Video, Task | None]:
        """Create a task for a video, as soon as one may."""
        body = json.loads(video.body)
        while True:
            with self._interruptible():
                await self._slots.acquire()
            try:
                with self._interruptible():
                    left_at = await self._pace.turn()
                if not self._may_create():
                    return video, None
                self._begun += 1
                video, task = await self._sent(await self._sending(video), body, left_at)
            finally:
                self._slots.release()
            if video.state != "ready":
                return video, task
            self._begun -= 1

    async def _sending(self, video: Video) -> Video:
        """Note that it is about to be sent."""
        now = time.time()
        try:
            return await self._ledger.move(video, "sending", sent_at=now, settled=False, error=None)
        except asyncio.CancelledError:  # that was noted, perhaps, and nothing was sent
            with contextlib.suppress(LedgerError):
                await self._ledger.move(replace(video, sent_at=now), "ready", sent_at=None)
            raise

    def _may_create(self) -> bool:
        most = self._limits.most
        if self.stopped is None and most is not None and self._begun >= most:
            self.no_more(f"stopped after {most}, as many as this run may create")
        return self.stopped is None

    async def _sent(
        self, video: Video, body: dict[str, Any], left_at: float
    ) -> tuple[Video, Task | None]:
        """Send the create call, and note what came of it before anything else happens."""
        try:
            task = await self._creating.videos.create(body)
        except (RateLimitError, ServiceUnavailableError, APIConnectionError) as error:
            self._slow(error, left_at)
            return await self._noted(video, "ready"), None
        except OutcomeUnknown as error:
            if error.task_id is not None:
                return await self._running(video, error.task_id, error=_error(error)), None
            return await self._noted(video, "unknown", error=_error(error)), None
        except InvalidRequest as error:  # other rules than when it was noted down
            return await self._failed(video, error), None
        except FoxAPIError as error:
            if isinstance(error, APIStatusError) and error.status in _OF_ITS_OWN:
                return await self._failed(video, error), None
            self.no_more(str(error), error)
            return await self._noted(video, "ready", error=_error(error)), None
        except BaseException as error:
            task_id = task_id_of(error)
            if task_id is not None:
                await self._running(video, task_id)
            else:
                await self._noted(video, "unknown", error=_error(error))
            raise
        self._pace.went_well()
        self.trouble = None
        video = await self._running(video, task.id)
        return video, task if video.state == "running" else None

    def _slow(self, error: FoxAPIError, left_at: float) -> None:
        """Have all create calls wait: none of them would fare better."""
        wanted = error.retry_after if isinstance(error, APIStatusError) else None
        self._pace.slow(left_at, wanted)
        self.trouble = readable(str(error), 200)
        if isinstance(error, APIConnectionError) and self._pace.refused >= _MOST_UNREACHED:
            self.no_more(str(error), error)

    async def _running(self, video: Video, task_id: str, **facts: Any) -> Video:
        try:
            return await self._noted(video, "running", task_id=task_id, **facts)
        except TaskTakenError as error:  # whoever answers mixes up who asked for what
            return await self._noted(video, "unknown", error=_error(error))

    async def _noted(self, video: Video, to: State, **facts: Any) -> Video:
        """Note what can't be found out again: where there is no room, there may be some soon."""
        for pause in (*_NOTING_AGAIN, None):
            try:
                return await self._ledger.move(video, to, **facts)
            except MovedError:
                task_id = facts.get("task_id", video.task_id)
                log.warning("%s went on elsewhere as %s, task %s", video.custom_id, to, task_id)
                raise
            except TaskTakenError:
                raise
            except LedgerError as error:
                if pause is None:
                    if to == "running":
                        error.add_words(
                            f"{video.custom_id!r} is task {facts['task_id']}, which could not be "
                            "noted down. Once the ledger can be written: foxapi-video batch "
                            f"settle {video.custom_id} --task-id {facts['task_id']} "
                            f"--into {self._folder}"
                        )
                    raise
                await asyncio.sleep(pause)
        raise AssertionError

    async def _failed(
        self, video: Video, error: FoxAPIError, to: State = "failed", **facts: Any
    ) -> Video:
        self._failures += 1
        most = self._limits.max_failures
        if most is not None and self._failures >= most:
            self.no_more(f"{self._failures} failed, as many as may")
        return await self._ledger.move(
            video, to, error=_error(error), ended_at=time.time(), **facts
        )

    async def _ended(self, video: Video, task: Task | None) -> tuple[Video, Task | None]:
        """Wait until a task ends; the completed one, or None."""
        troubles = 0
        while True:
            try:
                task = await self._wait(video, task)
            except TaskFailed as error:
                to: State = "cancelled" if isinstance(error, TaskCancelled) else "failed"
                facts = {"credits": _credits(error.task)}
                return await self._failed(video, error, to, **facts), None
            except TaskTimeout as error:
                return await self._ledger.move(video, video.state, error=_error(error)), None
            except (APIStatusError, APIConnectionError) as error:
                if isinstance(error, AuthenticationError):
                    self.no_more(str(error), error)
                troubles += 1
                if isinstance(error, NotFoundError) and troubles >= _MOST_TROUBLES:
                    return await self._gone(video, error), None
                if self.reason is not None or troubles >= _MOST_TROUBLES:
                    return await self._ledger.move(video, video.state, error=_error(error)), None
                task = None
                settings = self._runner.settings
                await asyncio.sleep(settings.retry_policy.delay(troubles, None, settings.draw))
            else:
                video = await self._ledger.move(
                    video,
                    "completed",
                    ended_at=video.ended_at or time.time(),
                    url=task.url,
                    credits=_credits(task),
                    error=None,
                )
                return video, task

    async def _gone(self, video: Video, error: NotFoundError) -> Video:
        """Note that the service does not know a task: what ran, it may know by another id."""
        if video.state == "completed":
            return await self._lost(video, error)
        return await self._ledger.move(video, "unknown", error=_error(error))

    async def _lost(self, video: Video, error: FoxAPIError) -> Video:
        """Note that the result of a task can't be had any more.

        What was saved once is no failure: who has moved it away does not want it paid for again.
        """
        if video.size is None:
            return await self._failed(video, error)
        lost = _error(error)
        lost["message"] += "; its file was saved once: put it back, or settle it as not created"
        return await self._ledger.move(video, "completed", error=lost)

    async def _wait(self, video: Video, task: Task | None) -> Task:
        settings = self._runner.settings
        task_id = str(video.task_id)
        is_told = self._told is not None and "callback_url" in json.loads(video.body)
        polling: Polling = polling_of(settings.polling, self._in_flight, is_told)

        def wait(task: Task | None) -> Any:
            return self._runner.run(
                waiting.wait(
                    settings,
                    task_id,
                    timeout=self._limits.timeout,
                    polling=polling,
                    on_progress=None,
                    task=task,
                )
            )

        if self._told is None or not is_told:
            ended: Task = await wait(task)
            return ended
        with self._told.of(task_id) as told:
            asking = asyncio.ensure_future(wait(task))
            telling = asyncio.ensure_future(told.wait())
            try:
                await asyncio.wait({asking, telling}, return_when=asyncio.FIRST_COMPLETED)
                if asking.done():
                    ended = asking.result()
                    return ended
            finally:
                asking.cancel()
                telling.cancel()
        # No signature is documented: what a callback says is a reason to ask, and no answer.
        ended = await wait(None)
        return ended

    async def _saved(self, video: Video, task: Task) -> Video:
        """Save what a task made."""
        target = self._folder / file_of(video.custom_id)
        try:
            try:
                await self._save(video, task, target)
            except LinkExpired:
                await self._save(video, await self._wait(video, None), target)
        except FoxAPIError as error:
            # Told anew, a link may be expired for a moment; a day after the create call, for good.
            sent_at = video.sent_at or video.ended_at or 0.0
            if isinstance(error, LinkExpired) and time.time() - sent_at > _LINK_SECONDS:
                return await self._lost(video, error)
            cause = error.__context__
            if isinstance(cause, OSError) and cause.errno in _FULL:
                self.no_more(str(error), error)
            return await self._ledger.move(video, "completed", error=_error(error))
        size = await asyncio.to_thread(lambda: target.stat().st_size)
        return await self._ledger.move(video, "saved", path=target.name, size=size, error=None)

    async def _save(self, video: Video, task: Task, target: Path) -> None:
        save = self._client.videos.download
        await save(task, target, overwrite=True)
        for number in range(1, len(task.urls)):
            more = more_of(self._folder, video.custom_id, number + 1)
            await asyncio.to_thread(more.parent.mkdir, exist_ok=True)
            await save(task, more, result=number, overwrite=True)


def _is_cancelled() -> bool:
    """Whether somebody has cancelled what runs here, rather than that it says so by itself."""
    mine = asyncio.current_task()
    return mine is not None and mine.cancelling() > 0


def _error(error: BaseException) -> dict[str, Any]:
    """An error as the ledger keeps it."""
    said: dict[str, Any] = {"type": type(error).__name__, "message": str(error) or "interrupted"}
    if isinstance(error, TaskFailed):
        said |= {"message": error.message, "code": error.code}
    return said


def _credits(task: Task) -> float | None:
    """The credits that the service tells of a task."""
    told = member(task.raw.get("usage"), "credits_reserved")
    return float(told) if is_number(told) else None
