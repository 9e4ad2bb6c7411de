"""Send a call as often as is safe, and read the answer, or raise what it means."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from foxapi_video.answers import first_words, headers_of, named_task, said
from foxapi_video.errors import (
    APIConnectionError,
    APIStatusError,
    APITimeoutError,
    ConfigurationError,
    FoxAPIError,
    InvalidData,
    OutcomeUnknown,
    SentRequest,
    UnreadableAnswerError,
    status_error,
)
from foxapi_video.http import httpx
from foxapi_video.json_values import is_list, is_object, member, parsed, readable
from foxapi_video.retries import (
    certainly_refused,
    is_own_error,
    may_resend,
    may_resend_create,
    retry_after,
)
from foxapi_video.steps import Answer, Call, Failure, OnBytes, Outcome, Plan, Send, Sleep

if TYPE_CHECKING:
    from foxapi_video.settings import Key, Settings

log = logging.getLogger("foxapi_video")
T = TypeVar("T")
E = TypeVar("E", bound=BaseException)
_SUCCESS = range(200, 201)


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
        arguments=arguments,
        headers={**settings.headers, "accept-encoding": "identity", **(headers or {})},
        paid=paid,
        uploads=uploads,
        sent=SentRequest(method, settings.key.redact(url.partition("?")[0]), body),
    )


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
        said = _json(answer.body)
        # To look through all of it takes as long as to read it.
        if settings.key.may_be_in(answer.body):
            said = settings.key.redact(said)
        return parse(said, headers)
    except ValueError as error:
        raise UnreadableAnswerError(
            f"the answer is {error}" if isinstance(error, InvalidData) else str(error),
            status=answer.status,
            request=call.sent,
            body=_shown(settings.key, answer.body),
            headers=headers_of(settings.key, answer),
        ) from None


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
    return _caused(unknown(settings, call, outcome, error), error)


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


def unknown(
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
