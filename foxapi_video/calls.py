"""The plan of one call: make the request, send it as often as is safe, read the answer or raise."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from foxapi_video import checking
from foxapi_video.answers import first_words, headers_of, named_task, note_task, said
from foxapi_video.errors import (
    DOCUMENTATION,
    REPORT,
    APIConnectionError,
    APIStatusError,
    APITimeoutError,
    ConfigurationError,
    FoxAPIError,
    InvalidRequest,
    OutcomeUnknown,
    SentRequest,
    UnprocessableError,
    UnreadableAnswerError,
    status_error,
)
from foxapi_video.http import httpx
from foxapi_video.json_values import is_list, is_object, is_text, member, parsed
from foxapi_video.retries import (
    certainly_refused,
    is_own_error,
    may_resend,
    may_resend_create,
    retry_after,
)
from foxapi_video.steps import Answer, Call, Failure, OnBytes, Outcome, Plan, Send, Sleep
from foxapi_video.tasks import Task, is_id, readable
from foxapi_video.violations import Violation
from foxapi_video_client.api.tasks import get_task
from foxapi_video_client.api.videos import create_video
from foxapi_video_client.types import UNSET

if TYPE_CHECKING:
    from foxapi_video.settings import Key, Settings
    from foxapi_video_client.types import Model

log = logging.getLogger("foxapi_video")
T = TypeVar("T")
E = TypeVar("E", bound=BaseException)
_SUCCESS = range(200, 201)


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
            error.add_words(
                f"{DOCUMENTATION} allows the request. If the refusal is about a field or the "
                f"model, the two differ: {REPORT}."
            )
        if answer is None or not isinstance(error, APIStatusError):
            raise
        raise _unknown(settings, call, answer, error) from error
    except BaseException as error:
        if call.sent.at is not None:
            error.add_note(
                "A create call was interrupted: it may have been accepted, and so be paid for. "
                f"Sent: {call.sent}."
            )
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


def exchange(
    settings: Settings,
    call: Call,
    success: range = _SUCCESS,
    on_bytes: OnBytes | None = None,
) -> Plan[Answer]:
    """Send a call until it succeeds, as often as its kind and the deadline allow.

    Args:
        settings: Whose timeout, retries and deadline count.
        call: What to send.
        success: Which statuses are a success.
        on_bytes: Told how much of an upload was taken, in each attempt anew.

    Returns:
        The answer, whose status is a success.

    Raises:
        FoxAPIError: It did not succeed.
    """
    policy = settings.retry_policy
    ends_at = None if settings.deadline is None else settings.clock() + settings.deadline
    attempt = 0

    def limit() -> float | None:
        left = None if ends_at is None else max(0.0, ends_at - settings.clock())
        return least(settings.timeout, left)

    def moved(taken: int, total: int | None) -> float | None:
        if on_bytes is not None:
            on_bytes(taken, total)
        return limit()

    while True:
        call.sent.at = time.time()
        outcome: Outcome = yield Send(call, limit(), moved if call.uploads else None)
        log_outcome(call, outcome)
        if isinstance(outcome, Answer) and outcome.status in success:
            return outcome
        retry_in = retry_after(outcome.headers) if isinstance(outcome, Answer) else None
        if attempt >= policy.retries or not _may_resend(settings, call, outcome, retry_in):
            error = error_of(settings, call, outcome)
            if isinstance(outcome, Failure) and outcome.kind == "timeout":
                error.add_words(_limit_in_words(settings, call, ends_at))
            raise error
        call.sent.at = None  # what is sent again was not accepted
        delay = policy.delay(attempt, retry_in, settings.draw)
        attempt += 1
        if not (yield from _slept(settings, delay, ends_at)):
            error = error_of(settings, call, outcome)
            error.add_words(
                f"It was not sent again: deadline={settings.deadline:g} leaves no time."
            )
            raise error
        log.info(
            "sending %s %s again after %.1f s (%d)", call.method, call.sent.url, delay, attempt
        )


def least(one: float | None, other: float | None) -> float | None:
    """The shorter of two limits, where None is no limit."""
    return min((limit for limit in (one, other) if limit is not None), default=None)


def _slept(settings: Settings, delay: float, ends_at: float | None) -> Plan[bool]:
    """Wait, unless the deadline comes before that; whether there is time left."""
    if ends_at is not None and settings.clock() + delay >= ends_at:
        return False
    yield Sleep(delay)
    return ends_at is None or settings.clock() < ends_at


def _limit_in_words(settings: Settings, call: Call, ends_at: float | None) -> str:
    """Which limit ended an attempt, and what to raise."""
    if ends_at is not None and settings.clock() >= ends_at:
        return f"It was the deadline: the whole call had deadline={settings.deadline:g} seconds."
    if settings.timeout is None:
        return "There is no timeout but that for connecting."
    what = "An upload may stand still, and its answer take," if call.uploads else "An attempt had"
    return f"{what} timeout={settings.timeout:g} seconds: raise it if that is too short."


def log_outcome(call: Call, outcome: Outcome) -> None:
    """Log what came of a call: no bodies, and nothing of the query."""
    if isinstance(outcome, Answer):
        log.info("%s %s: status %d", call.method, call.sent.url, outcome.status)
    else:
        log.info("%s %s: %s", call.method, call.sent.url, _reason(outcome))


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
    return make_call(
        settings, kwargs["method"], kwargs["url"], arguments={"params": kwargs["params"]}
    )


def make_call(
    settings: Settings,
    method: str,
    path: str,
    *,
    content: bytes | None = None,
    body: dict[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
    arguments: dict[str, Any] | None = None,
    paid: bool = False,
    uploads: bool = False,
) -> Call:
    """A call of the API at a path."""
    url = settings.base_url + path
    return Call(
        method=method,
        url=url,
        content=content,
        arguments=arguments or {},
        headers={**settings.headers, "accept-encoding": "identity", **(headers or {})},
        paid=paid,
        uploads=uploads,
        sent=SentRequest(method, settings.key.redact(url.partition("?")[0]), body),
    )


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
        ConfigurationError: The path is not one of the API.
    """
    if not is_text(path) or not path.startswith("/"):
        raise ConfigurationError(f"a path starts with a slash, as in /v1/tasks/ID, not {path!r}")
    arguments: dict[str, Any] = {} if json is None else {"json": json}
    if params:
        arguments["params"] = dict(params)
    if not is_text(method):
        raise ConfigurationError(f"a method is text such as GET, not {method!r}")
    method = method.upper()
    body = json if is_object(json) else None
    paid = method not in ("GET", "HEAD")
    return make_call(settings, method, path, arguments=arguments, body=body, paid=paid)


def read(
    settings: Settings,
    call: Call,
    answer: Answer,
    parse: Callable[[object, Mapping[str, str]], T],
) -> T:
    """The answer as parse makes it of its JSON and headers, without the key, which may be echoed.

    Raises:
        UnreadableAnswerError: Its body is not JSON, or parse refuses it.
    """
    try:
        headers = headers_of(settings.key, answer)
        return parse(settings.key.redact(_json(answer.body)), headers)
    except ValueError as error:
        raise UnreadableAnswerError(
            str(error),
            status=answer.status,
            request=call.sent,
            body=_shown(settings.key, answer.body),
            headers=headers_of(settings.key, answer),
        ) from None


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


def error_of(settings: Settings, call: Call, outcome: Outcome) -> FoxAPIError:
    """The error that an outcome without success ends in."""
    if isinstance(outcome, Failure):
        return _connection_error(settings.key, call, outcome)
    retry_in = retry_after(outcome.headers)
    error = _status_error(settings.key, call, outcome, retry_in)
    trust = settings.retry_policy.trust_proxy
    if not call.paid or certainly_refused(
        outcome.status, said(outcome), retry_in, trust_proxy=trust
    ):
        return error
    return _caused(_unknown(settings, call, outcome, error), error)


def _may_resend(settings: Settings, call: Call, outcome: Outcome, retry_in: float | None) -> bool:
    if isinstance(outcome, Failure):
        return outcome.kind == "unsent" or (not call.paid and outcome.kind != "unusable")
    if call.paid:
        trust = settings.retry_policy.trust_proxy
        return may_resend_create(outcome.status, said(outcome), retry_in, trust_proxy=trust)
    return may_resend(outcome.status)


def _connection_error(key: Key, call: Call, outcome: Failure) -> FoxAPIError:
    reason = key.redact(_reason(outcome))
    if outcome.kind == "unsent":
        reason += _through(call)
    if outcome.kind == "unusable":
        return ConfigurationError(f"{call.sent.url} can't be asked: {reason}")
    late = isinstance(outcome.error, httpx.TimeoutException | TimeoutError)
    kind = APITimeoutError if late else APIConnectionError
    error = _caused(
        kind(f"{reason} ({call.method} {call.sent.url})", request=call.sent), outcome.error
    )
    if not call.paid or outcome.kind == "unsent":
        return error
    unknown = OutcomeUnknown(
        reason,
        request=call.sent,
        status=outcome.heard.status if outcome.heard else None,
        task_id=named_task(key, outcome.heard.body) if outcome.heard else None,
        headers=headers_of(key, outcome.heard) if outcome.heard else None,
    )
    return _caused(unknown, error)


def _status_error(key: Key, call: Call, answer: Answer, retry_in: float | None) -> APIStatusError:
    body = _shown(key, answer.body)
    api_error = member(body, "error")
    message = _message(body)
    kind = member(api_error, "type")
    location = _location(key, answer)
    if location:
        message = f"the API redirects to {location}; set the base URL to it"
    shown = readable(key.redact(message)) or "the server says no more"
    if _is_doubled(call, answer):
        shown += "; the base URL ends in /v1, which every path begins with: leave it out"
    return status_error(answer.status)(
        shown,
        status=answer.status,
        request=call.sent,
        type=kind if isinstance(kind, str) else None,
        code=member(api_error, "code"),
        body=body,
        retry_after=retry_in,
        headers=headers_of(key, answer),
    )


def _message(body: Any) -> str:
    """What an error says to people: as the API documents it, or as others in front of it do."""
    api_error = member(body, "error")
    detail = member(body, "detail")
    for words in (member(api_error, "message"), api_error, member(body, "message"), detail):
        if isinstance(words, str) and words:
            return words
    # A list of what is wrong, each with where it is, as frameworks of Python give it.
    found = [each for each in detail if is_object(each)] if is_list(detail) else []
    return "; ".join(
        f"{'.'.join(map(str, place))}: {each.get('msg')}"
        for each in found
        if is_list(place := each.get("loc", []))
    )


def _is_doubled(call: Call, answer: Answer) -> bool:
    """Whether nothing is found since the base URL ends in what the path begins with."""
    return answer.status == 404 and "/v1/v1/" in call.sent.url


def _location(key: Key, answer: Answer) -> str | None:
    """Where a redirect leads to."""
    if not 300 <= answer.status < 400:
        return None
    return readable(key.redact(answer.headers.get("location", "")).partition("?")[0])


def _unknown(
    settings: Settings, call: Call, answer: Answer, error: APIStatusError
) -> OutcomeUnknown:
    """That an answer does not show whether a call was accepted, and what the answer looks like."""
    if is_own_error(error.body):
        reason = f"{error.message} (status {answer.status})"
    else:
        problem = (
            error.message if isinstance(error, UnreadableAnswerError) else "no word of the API"
        )
        location = _location(settings.key, answer)
        leads = f", which leads to {location}," if location else ""
        words = first_words(settings.key, error.body)
        reason = (
            f"{problem}: status {answer.status}{leads} and {words}; "
            f"is the base URL {settings.base_url} right{', with /v1' * _is_doubled(call, answer)}?"
        )
    task_id = named_task(settings.key, answer.body)
    return OutcomeUnknown(
        reason,
        request=call.sent,
        status=answer.status,
        task_id=task_id,
        headers=headers_of(settings.key, answer),
    )


def _shown(key: Key, body: bytes) -> Any:
    """A body as errors keep it: its JSON, or the start of its text."""
    try:
        return key.redact(parsed(body))
    except ValueError:
        # Cut afterwards, so that no part of the key is left at the end.
        return key.redact(body.decode(errors="replace"))[:4096]


def _json(body: bytes) -> object:
    try:
        return parsed(body)
    except ValueError as error:
        raise ValueError(f"the answer is {error}") from None


def _reason(outcome: Failure) -> str:
    said = readable(str(outcome.error)) or type(outcome.error).__name__
    problem = {
        "unsent": "the connection was not made",
        "unusable": "no request can be made of it",
        "timeout": "no whole answer came in time",
        "broken": "the connection broke, or the answer can't be read",
    }[outcome.kind]
    return f"{problem}: {said}"


def _through(call: Call) -> str:
    """The proxy that the environment names for a call: it may be what can't be reached."""
    from urllib.request import getproxies, proxy_bypass

    url = httpx.URL(call.sent.url)
    proxies = getproxies()
    proxy = proxies.get(url.scheme) or proxies.get("all")
    if not proxy or proxy_bypass(url.host):
        return ""
    address = proxy.rpartition("@")[2].rpartition("://")[2]
    return f"; the environment names the proxy {readable(address, 100)}: can it be reached?"


def _caused(error: E, cause: Exception) -> E:
    error.__cause__ = cause
    return error


class _Encoded:
    """A body that is JSON values already, where the generated operation wants a model."""

    def __init__(self, values: dict[str, Any]) -> None:
        self._values = values

    def to_dict(self) -> dict[str, Any]:
        return self._values
