"""The plan of waiting for a task: when to ask, what to survive, and when it is over."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from foxapi_video import calls
from foxapi_video.answers import note_id, said
from foxapi_video.errors import (
    ConfigurationError,
    FoxAPIError,
    TaskCancelled,
    TaskFailed,
    TaskTimeout,
    UnreadableAnswerError,
)
from foxapi_video.exchange import error_of, least, log_outcome
from foxapi_video.http import httpx
from foxapi_video.options import check_number
from foxapi_video.retries import may_pass, may_resend, retry_after
from foxapi_video.settings import FIRST_POLL, checked_limit
from foxapi_video.steps import Answer, Call, Failure, Outcome, Plan, Report, Send, Sleep
from foxapi_video.tasks import KNOWN, Task

if TYPE_CHECKING:
    from foxapi_video.settings import Settings

log = logging.getLogger("foxapi_video")
# So many answers in a row that can't be read, or errors of no network, are no accident any more.
_MOST_UNREADABLE = 5


@dataclass(frozen=True, slots=True)
class Polling:
    """How often a task is asked for while it is waited for.

    A new task is asked for soon, since what is refused is refused early, and one that was created
    before is asked for at once, since it may have ended. The waits between questions then grow, and
    stretch to a part of the time that the server says is left.

    Attributes:
        shortest: Seconds from a create call to the first question, give or take the jitter.
        longest: Seconds that no wait exceeds, but for the jitter.
        growth: How many times longer each wait is than the one before.
        share: The part of the estimated time left that a wait is stretched to.
        jitter: The part by which a wait is made longer or shorter by chance, so that many tasks
            are not asked for at once.
    """

    shortest: float = FIRST_POLL
    longest: float = 20.0
    growth: float = 1.5
    share: float = 0.25
    jitter: float = 0.2

    def __post_init__(self) -> None:
        check_number(self, "shortest", "above 0", lambda n: n > 0)
        check_number(self, "longest", "above 0", lambda n: n > 0)
        check_number(self, "growth", "from 1", lambda n: n >= 1)
        check_number(self, "share", "from 0 to 1", lambda n: 0 <= n <= 1)
        check_number(self, "jitter", "from 0 and below 1", lambda n: 0 <= n < 1)
        if self.shortest > self.longest:
            raise ConfigurationError(
                f"shortest of Polling is {self.shortest:g} and longest {self.longest:g}: give both"
            )

    def interval(
        self, number: int, left: float | None, draw: Callable[[], float] = random.random
    ) -> float:
        """Seconds to wait before a question.

        Args:
            number: How many questions there were.
            left: Seconds that the task is estimated to still take, or None.
            draw: A number from 0 to 1, by chance.
        """
        grown = self.shortest * self.growth ** min(number, 100)
        stretched = (left or 0.0) * self.share if number else 0.0
        interval = min(self.longest, max(grown, stretched))
        return interval * (1 + self.jitter * (2 * draw() - 1))


@dataclass(slots=True)
class _Watch:
    """What is known of a task while it is waited for."""

    task_id: str
    task: Task | None = None
    questions: int = 0
    troubles: int = 0
    unreadable: int = 0
    ends_at: float | None = None
    strange: str | None = None

    def saw(self, task: Task, now: float) -> None:
        estimate = task.estimated_time
        if estimate is not None and (self.task is None or self.task.estimated_time != estimate):
            self.ends_at = now + estimate
        self.task = task
        self.troubles = self.unreadable = 0
        if task.status not in KNOWN and task.status != self.strange:
            self.strange = task.status
            log.warning(
                "task %s has a status that is not documented: %r", self.task_id, task.status
            )


def generate(
    settings: Settings,
    creating: Plan[Task],
    *,
    timeout: float | None,
    polling: Polling | None,
    on_progress: Callable[[Task], object] | None,
) -> Plan[Task]:
    """Create a task and wait for it. See Videos.generate."""
    _check(timeout, polling, on_progress)  # before it is paid for
    task = yield from creating
    log.info("created task %s", task.id)
    return (
        yield from wait(
            settings,
            task.id,
            timeout=timeout,
            polling=polling,
            on_progress=on_progress,
            task=task,
        )
    )


def wait(
    settings: Settings,
    task_id: str,
    *,
    timeout: float | None,
    polling: Polling | None,
    on_progress: Callable[[Task], object] | None,
    task: Task | None = None,
) -> Plan[Task]:
    """Ask for a task until it ends. See Tasks.wait."""
    _check(timeout, polling, on_progress)
    try:
        return (
            yield from _wait(
                settings,
                task_id,
                timeout,
                polling or settings.polling or Polling(),
                on_progress,
                task,
            )
        )
    except FoxAPIError as error:
        error.concerns(task_id)
        raise
    except BaseException as error:
        note_id(error, task_id, f"Task {task_id} goes on; tasks.wait({task_id!r}) waits for it.")
        raise


def _check(timeout: object, polling: object, on_progress: object) -> None:
    """See that what a wait is told can be used.

    Raises:
        ConfigurationError: It can't.
    """
    checked_limit(timeout)
    check_polling(polling)
    if on_progress is not None and not callable(on_progress):
        raise ConfigurationError(f"on_progress is a function or None, not {on_progress!r}")


def check_polling(polling: object) -> None:
    """See that it is a Polling, or None for the usual one.

    Raises:
        ConfigurationError: It is something else.
    """
    if polling is not None and not isinstance(polling, Polling):
        raise ConfigurationError(f"polling is a Polling or None, not {polling!r}")


def _wait(
    settings: Settings,
    task_id: str,
    timeout: float | None,
    polling: Polling,
    on_progress: Callable[[Task], object] | None,
    task: Task | None,
) -> Plan[Task]:
    call = calls.get_call(settings, task_id)
    began = settings.clock()
    watch = _Watch(task_id)
    trouble: Exception | None = None
    pause = 0.0
    while True:
        if task is not None:
            watch.saw(task, settings.clock())
            if on_progress is not None:
                yield Report(on_progress, task)
            if task.is_final:
                return _ended(task)
            left = None if watch.ends_at is None else max(0.0, watch.ends_at - settings.clock())
            pause = polling.interval(watch.questions, left, settings.draw)
        remaining = _remaining(timeout, began, settings.clock())
        if pause:
            yield Sleep(pause if remaining is None else max(0.0, min(pause, remaining)))
            remaining = _remaining(timeout, began, settings.clock())
        if remaining is not None and remaining <= 0:
            late = TaskTimeout(task_id, task=watch.task, waited=settings.clock() - began)
            raise late from trouble
        outcome: Outcome = yield Send(call, least(settings.timeout, remaining))
        log_outcome(call, outcome)
        watch.questions += 1
        try:
            task = _read(settings, call, outcome, task_id)
            trouble = None
        except FoxAPIError as error:
            if not _passes(outcome, error, watch):
                raise
            task, trouble = None, error
            retry_in = retry_after(outcome.headers) if isinstance(outcome, Answer) else None
            backoff = settings.retry_policy.delay(watch.troubles, retry_in, settings.draw)
            pause = max(polling.shortest, backoff)
            watch.troubles += 1


def _read(settings: Settings, call: Call, outcome: Outcome, task_id: str) -> Task:
    if isinstance(outcome, Answer) and outcome.status == 200:
        return calls.read_task(settings, call, outcome, task_id)
    raise error_of(settings, call, outcome)


def _passes(outcome: Outcome, error: FoxAPIError, watch: _Watch) -> bool:
    """Whether it is worth asking again after an error."""
    # A transport or a hook of the user's may have a mistake, which does not pass.
    is_strange = isinstance(outcome, Failure) and type(outcome.error) is httpx.TransportError
    if is_strange or isinstance(error, UnreadableAnswerError):
        watch.unreadable += 1
        return watch.unreadable < _MOST_UNREADABLE
    if isinstance(outcome, Failure):
        return outcome.kind != "unusable"
    passes = may_pass(outcome.status, said(outcome))
    if passes and not may_resend(outcome.status) and not watch.troubles:
        log.warning("task %s: %s, with a page; is the base URL right?", watch.task_id, error)
    return passes


def _ended(task: Task) -> Task:
    if task.status == "failed":
        raise TaskFailed(task)
    if task.status == "cancelled":
        raise TaskCancelled(task)
    return task


def _remaining(timeout: float | None, began: float, now: float) -> float | None:
    return None if timeout is None else began + timeout - now
