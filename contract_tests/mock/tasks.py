"""The tasks of the mock. Prism answers with the examples of the spec, which are all of one task."""

from __future__ import annotations

import json
import re
import secrets
import time
from collections import OrderedDict
from typing import Any
from urllib.parse import quote

from contract_tests.mock.exchange import Answer
from contract_tests.mock.sanitized import Sanitized
from foxapi_video.testing import PretendTask
from overlays.openapi import CREATE, operations

QUERY = "GET /v1/tasks/{task_id}"
RESULTS = "results"
MOST_TASKS = 10_000  # the oldest are forgotten, and stand at their beginning again
# What Prism takes as a wish for an answer.
_WISHES = re.compile(rb"\b(code|example|dynamic)\b")
_WISHED_IN_QUERY = {"__code", "__example", "__dynamic"}
_EXAMPLE = re.compile(rb'\bexample\s*=\s*"?([^",;\s]*)')


class Tasks:
    """The tasks of one mock.

    A task is known by its id, also one that this mock did not create: a program that was started
    anew, or whose mock was, goes on waiting for its task.
    """

    def __init__(self, document: dict[str, Any], url: str, pace: int) -> None:
        """Set it up.

        Args:
            document: The spec, whose examples say which states can be shown.
            url: The address of the mock, under which the results are.
            pace: How many queries it takes until a task is completed.
        """
        self._url = url
        queried = ["processing"] * (pace - 1) + ["completed"]
        if pace > 2:
            queried[0] = "pending"
        self.states = tuple(queried)
        self._examples = {label: _examples(op) for label, op in operations(document)}
        self._known: OrderedDict[str, tuple[PretendTask, int]] = OrderedDict()

    def preferred(self, label: str, asked: Sanitized) -> bytes | None:
        """What Prism is to prefer in its answer: what was wished, or the state of the task."""
        wish = self._wish(label, asked)
        if label != QUERY or _is_state_wished(wish, asked):
            return wish or None
        return b"example=" + self._task(asked.segments[-1])[0].status.encode()

    def answered(self, label: str, asked: Sanitized, answer: Answer) -> Answer:
        """An answer of Prism with the task that it is about, which moves on when it was queried."""
        if answer.status != 200 or label not in (CREATE, QUERY):
            return answer
        task_id = asked.segments[-1]
        if label == CREATE:
            task_id = f"task-unified-{int(time.time())}-{secrets.token_hex(4)}"
            self._keep(task_id, asked.value)
        task, created = self._task(task_id)
        body = json.loads(answer.body) | {"id": task_id, "created": created}
        if model := task.request.get("model"):
            body["model"] = model
        if body.get("status") == "completed":
            body["results"] = [{"url": task.url}]
        if label == QUERY and not _is_state_wished(self._wish(label, asked), asked):
            task.move_on()
        return Answer(200, answer.headers, json.dumps(body).encode())

    def _wish(self, label: str, asked: Sanitized) -> bytes:
        """The Prefer header; empty where its example is one of another call only.

        A client sends its headers with each call: what is meant for its queries is no wish of its
        create calls.
        """
        wish = dict(asked.headers).get(b"prefer", b"")
        found = _EXAMPLE.search(wish)
        example = found[1].decode("latin-1") if found else ""
        having = {each for each, names in self._examples.items() if example in names}
        return b"" if having and label not in having else wish

    def _task(self, task_id: str) -> tuple[PretendTask, int]:
        if task_id not in self._known:
            self._keep(task_id, {})
        return self._known[task_id]

    def _keep(self, task_id: str, request: dict[str, Any]) -> None:
        url = f"{self._url}/{RESULTS}/{quote(task_id, safe='')}.mp4"
        task = PretendTask(task_id, request, self.states, url=url)
        self._known[task_id] = (task, int(time.time()))
        if len(self._known) > MOST_TASKS:
            self._known.popitem(last=False)


def _examples(operation: dict[str, Any]) -> set[str]:
    """The names of the examples of an operation's success."""
    content = operation["responses"].get("200", {}).get("content", {})
    return set(content.get("application/json", {}).get("examples", {}))


def _is_state_wished(wish: bytes, asked: Sanitized) -> bool:
    return bool(_WISHES.search(wish) or _WISHED_IN_QUERY & dict(asked.query).keys())
