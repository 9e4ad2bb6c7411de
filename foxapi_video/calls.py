"""The calls that there are: what each sends, and what it makes of the answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from foxapi_video import checking
from foxapi_video.answers import interrupts, note_task
from foxapi_video.errors import (
    REPORT,
    APIStatusError,
    ConfigurationError,
    FoxAPIError,
    InvalidRequest,
    UnprocessableError,
    known_documentation,
)
from foxapi_video.exchange import exchange, make_call, read, unknown
from foxapi_video.json_values import is_id, is_object, is_text, readable
from foxapi_video.settings import is_token
from foxapi_video.steps import Answer, Call, Plan
from foxapi_video.tasks import Task
from foxapi_video.violations import Violation
from foxapi_video_client.api.tasks import get_task
from foxapi_video_client.api.videos import create_video
from foxapi_video_client.types import UNSET

if TYPE_CHECKING:
    from foxapi_video.settings import Settings
    from foxapi_video_client.types import Model


def one_body(
    body: Model | Mapping[str, Any] | None, fields: dict[str, Any]
) -> Model | Mapping[str, Any]:
    """The body of a create call, which is given as one or by keywords.

    Raises:
        InvalidRequest: It is given as both, or not at all.
    """
    if body is None and fields:
        return fields
    if body is None or fields:
        problem = f"is given beside {', '.join(fields)}" if fields else "is not given"
        problem += ": pass a body, or all fields by keyword"
        given = "both" if fields else "neither"
        raise InvalidRequest([Violation("", "a body or keywords", given, None, problem)])
    return body


def id_of(task: Task | str) -> str:
    """The id of a task that is given as itself or by its id."""
    return task.id if isinstance(task, Task) else task


def create(
    settings: Settings,
    body: Model | Mapping[str, Any],
    extra_body: Mapping[str, Any] | None = None,
) -> Plan[Task]:
    """Check a body, send it, and read the task. See Videos.create."""
    values, content = checking.encode(body, extra_body, checks=settings.check)
    checking.note_deprecated(values)
    is_checked = settings.check and not extra_body
    call = create_call(settings, values, content)
    answer: Answer | None = None
    try:
        answer = yield from exchange(settings, call)
        task = read(settings, call, answer, Task.from_dict)
        if not is_checked:
            checking.note_accepted(values)
        return task
    except FoxAPIError as error:
        if is_checked and isinstance(error, UnprocessableError):
            known = known_documentation(checking.pages_of(values["model"]))
            error.add_words(
                f"By {known} the request is allowed. If the refusal is about a field or the model, "
                f"the two differ: {REPORT}."
            )
        if answer is None or not isinstance(error, APIStatusError):
            raise
        raise unknown(settings, call, answer, error) from error
    except BaseException as error:
        if call.sent.at is not None:
            interrupts(
                error,
                "A create call was interrupted: it may have been accepted, and so be paid for. "
                f"Sent: {call.sent}.",
            )
        elif not isinstance(error, Exception):
            error.add_note("No create call was under way: nothing is paid for.")
        if answer is not None:
            note_task(error, settings.key, answer.body)
        raise


def get(settings: Settings, task_id: str, *, sync_upstream: bool | None = None) -> Plan[Task]:
    """Query a task. See Tasks.get."""
    call = get_call(settings, task_id, sync_upstream=sync_upstream)
    try:
        answer = yield from exchange(settings, call)
        return read_task(settings, call, answer, task_id)
    except FoxAPIError as error:
        error.concerns(task_id)
        raise


def raw(settings: Settings, call: Call) -> Plan[Answer]:
    """Any call, and its answer whatever it holds. See FoxAPI.request."""
    return (yield from exchange(settings, call, range(200, 300)))


def create_call(settings: Settings, values: dict[str, Any], content: bytes) -> Call:
    """The call that starts a generation."""
    kwargs = create_video.get_kwargs(body=_Encoded(values))  # type: ignore[arg-type]
    return make_call(
        settings,
        kwargs["method"],
        kwargs["url"],
        content=content,
        body=values,
        headers={"content-type": "application/json"},
        paid=True,
    )


def get_call(settings: Settings, task_id: str, *, sync_upstream: bool | None = None) -> Call:
    """The call that queries a task.

    Raises:
        InvalidRequest: The id can't be one.
    """
    if not is_id(task_id):
        problem = f"{task_id!r} is not the id of a task"
        raise InvalidRequest(
            [Violation("task_id", "an id", repr(task_id), "get-task-detail", problem)]
        )
    upstream = UNSET if sync_upstream is None else sync_upstream
    kwargs = get_task.get_kwargs(task_id, sync_upstream=upstream)
    arguments = {"params": kwargs["params"]} if kwargs["params"] else {}
    return make_call(settings, kwargs["method"], kwargs["url"], arguments=arguments)


def raw_call(
    settings: Settings,
    method: str,
    path: str,
    *,
    json: Any,
    params: Mapping[str, Any] | None,
) -> Call:
    """A call that a user makes up. Only a GET certainly costs nothing.

    Raises:
        ConfigurationError: The path is not one of the API, or has a query beside params.
    """
    if not is_text(path) or not path.startswith("/") or not path.isprintable():
        raise ConfigurationError(f"a path starts with a slash, as in /v1/tasks/ID, not {path!r}")
    arguments: dict[str, Any] = {} if json is None else {"json": json}
    if not isinstance(params, Mapping | None):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise ConfigurationError(f"params are a mapping of names to values, not {params!r}")
    if params and "?" in path:
        raise ConfigurationError(f"the path {path!r} has a query: give all of it as params")
    if params:
        arguments["params"] = dict(params)
    if not is_token(method):
        raise ConfigurationError(f"a method is a word such as GET, not {method!r}")
    method = method.upper()
    body = json if is_object(json) else None
    paid = method not in ("GET", "HEAD")
    return make_call(settings, method, path, arguments=arguments, body=body, paid=paid)


def read_task(settings: Settings, call: Call, answer: Answer, task_id: str) -> Task:
    """The task that was asked for.

    Raises:
        UnreadableAnswerError: The answer is no task, or another one: a cache or a proxy mixed up
            who asked for what.
    """

    def matching(data: object, headers: Mapping[str, str]) -> Task:
        task = Task.from_dict(data, headers)
        if task.id != task_id:
            other = readable(task.id, 100)
            raise ValueError(f"the answer is about the task {other!r}, not about {task_id!r}")
        return task

    return read(settings, call, answer, matching)


class _Encoded:
    """A body that is JSON values already, where the generated operation wants a model."""

    def __init__(self, values: dict[str, Any]) -> None:
        self._values = values

    def to_dict(self) -> dict[str, Any]:
        return self._values
