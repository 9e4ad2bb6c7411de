"""Carry out a plan in no time: answers come from a list, and sleeping only moves a clock."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import httpx

from foxapi_video.options import RetryPolicy
from foxapi_video.settings import Key, Settings
from foxapi_video.steps import Answer, Blocking, Failure, Outcome, Plan, Report, Send, Sleep

T = TypeVar("T")
TASK_ID = "task-unified-1757165031-virtual"


class World:
    """A clock, and the outcomes that sends get in turn; the last one again and again.

    Attributes:
        now: Seconds that went by.
        sends: When each send began.
        sleeps: How long each sleep was.
        limits: The timeout of each send.
    """

    def __init__(self, *outcomes: Outcome, takes: float = 0.0) -> None:
        self.now = 0.0
        self.sends: list[float] = []
        self.sleeps: list[float] = []
        self.limits: list[float | None] = []
        self._takes = takes
        self._outcomes: Iterator[Outcome] = self._forever(outcomes)

    def settings(
        self,
        draw: Callable[[], float] = lambda: 0.5,
        deadline: float | None = None,
        **policy: Any,
    ) -> Settings:
        """Settings that live by this clock."""
        return Settings(
            key=Key("sk-virtual-12345678"),
            base_url="http://127.0.0.1:9",
            timeout=10,
            retry_policy=RetryPolicy(**policy),
            deadline=deadline,
            clock=lambda: self.now,
            draw=draw,
        )

    def run(self, plan: Plan[T]) -> T:
        """Carry the plan out."""
        try:
            step = next(plan)
            while True:
                step = plan.send(self._perform(step))
        except StopIteration as end:
            value: T = end.value
            return value

    def _perform(self, step: object) -> Any:
        match step:
            case Send():
                self.sends.append(self.now)
                self.limits.append(step.timeout)
                self.now += self._takes
                return next(self._outcomes)
            case Sleep():
                assert step.seconds >= 0
                self.sleeps.append(step.seconds)
                self.now += step.seconds
            case Report():
                step.callback(step.task)
            case Blocking():
                return step.run()
        return None

    @staticmethod
    def _forever(outcomes: tuple[Outcome, ...]) -> Iterator[Outcome]:
        yield from outcomes
        while True:
            yield outcomes[-1]


def answer(status: int, body: Any = None, **headers: str) -> Answer:
    """An answer; its body is JSON, or bytes as they are."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status=status, headers=httpx.Headers(named), body=content)


def task(status: str, **members: Any) -> Answer:
    """The answer of a task query."""
    return answer(200, {"id": TASK_ID, "status": status, "progress": 0, **members})


def broken() -> Failure:
    """A connection that broke once the request was out."""
    return Failure(kind="broken", error=httpx.ReadError("reset"))


def unsent() -> Failure:
    """A connection that was never made."""
    return Failure(kind="unsent", error=httpx.ConnectError("refused"))


def late() -> Failure:
    """An answer that did not come in time."""
    return Failure(kind="timeout", error=httpx.ReadTimeout("late"))
