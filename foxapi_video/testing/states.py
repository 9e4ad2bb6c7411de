"""The states that a pretended task passes through, and what the API says of it in each.

Nothing here knows of HTTP, so a server can be built on it as well as a transport.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from foxapi_video.errors import ConfigurationError
from foxapi_video.tasks import FINAL, KNOWN

STATES = ("pending", "processing", "completed")
CREATED = 1757165031


class PretendTask:
    """A task that moves on to its next state each time it is asked for, and stays in its last.

    Attributes:
        id: Its id.
        request: The body of the create call.
        states: The states it is in, one after the other; the first is told by the create call.
        url: Where its video is, once it completed.
        error: What is told of why it failed, once it failed.
    """

    def __init__(
        self,
        task_id: str,
        request: dict[str, Any],
        states: Sequence[str] = STATES,
        *,
        url: str,
        error: dict[str, Any] | None = None,
    ) -> None:
        """Set it up in its first state.

        Raises:
            ConfigurationError: The states can't be those of a task.
        """
        self.id = task_id
        self.request = request
        self.states = checked(states)
        self.url = url
        self.error = error or {
            "code": "generation_failed",
            "message": "The model could not make this video.",
        }
        self._at = 0

    @property
    def status(self) -> str:
        """The state it is in."""
        return self.states[self._at]

    def move_on(self) -> None:
        """Go on to the next state, if there is one."""
        self._at = min(self._at + 1, len(self.states) - 1)

    def move_to(self, *states: str) -> None:
        """Be in the first of these states now, and in the others after it.

        Raises:
            ConfigurationError: They can't be those of a task.
        """
        self.states, self._at = checked(states), 0

    @property
    def progress(self) -> int:
        """Percent done: 100 once it completed, else the part of its states that is behind it."""
        return 100 if self.status == "completed" else 100 * self._at // len(self.states)

    def to_json(self) -> dict[str, Any]:
        """What the API says of it now."""
        said: dict[str, Any] = {
            "id": self.id,
            "object": "video.generation.task",
            "type": "video",
            "model": self.request.get("model"),
            "status": self.status,
            "progress": self.progress,
            "created": CREATED,
            "results": [{"url": self.url}] if self.status == "completed" else None,
            "error": self.error if self.status == "failed" else None,
        }
        if self.status not in FINAL:
            # No time is left, so that no wait is stretched to it.
            said["task_info"] = {"can_cancel": self.status == "pending", "estimated_time": 0}
        return said

    def __repr__(self) -> str:
        return f"PretendTask(id={self.id!r}, status={self.status!r})"


def checked(states: Sequence[str]) -> tuple[str, ...]:
    """The states.

    Raises:
        ConfigurationError: There is none, one is not documented, or one follows an end.
    """
    if not states or isinstance(states, str):
        raise ConfigurationError(f"states are a list such as {STATES}, not {states!r}")
    for state in states:
        if state not in KNOWN:
            allowed = ", ".join(sorted(KNOWN))
            raise ConfigurationError(f"{state!r} is no state of a task; they are {allowed}")
    for state in states[:-1]:
        if state in FINAL:
            raise ConfigurationError(f"a task stays {state!r}: no state follows it")
    return tuple(states)
