"""Every error this package raises, in one tree under FoxAPIError.

An error keeps what is needed to act on it: the request without its headers (so never the key), the
server's words, and the id of a task that was paid for. All of them can be pickled.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from foxapi_video.json_values import counted, readable, request_id_of, shortened
from foxapi_video.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from foxapi_video.tasks import Task
    from foxapi_video.violations import Violation

__all__ = [
    "APIConnectionError",
    "APIStatusError",
    "APITimeoutError",
    "AddressRefused",
    "AuthenticationError",
    "BadRequestError",
    "ConfigurationError",
    "DownloadError",
    "FoxAPIError",
    "InsufficientQuotaError",
    "InvalidBatch",
    "InvalidCallback",
    "InvalidData",
    "InvalidRequest",
    "LedgerError",
    "LinkExpired",
    "NotFoundError",
    "OutcomeUnknown",
    "RateLimitError",
    "RedirectError",
    "SentRequest",
    "ServerError",
    "ServiceUnavailableError",
    "StorageFullError",
    "TaskCancelled",
    "TaskFailed",
    "TaskTimeout",
    "UnprocessableError",
    "UnreadableAnswerError",
    "task_id_of",
]
# The form of that name is in .github/ISSUE_TEMPLATE.
REPORT = (
    "look for a newer version, or report it as an issue, 'The documentation says something else'"
)


def known_documentation(pages: Iterable[str | None] = ()) -> str:
    """What the package knows of the API, for messages: its version, and when pages were read.

    Args:
        pages: The pages that count; all of them where none is named.
    """
    from foxapi_video_client.pages import READ

    days = sorted(READ[page] for page in pages if page in READ) or sorted(READ.values())
    known = f"the documentation known to foxapi-video {__version__}"
    if not days:
        return known
    return f"{known} (read {' to '.join(dict.fromkeys((days[0], days[-1])))})"


@dataclass(slots=True)
class SentRequest:
    """A request as an error keeps it: without headers, so without the key.

    Attributes:
        method: The HTTP method.
        url: The address, without user-info and query.
        body: The JSON body, or None where the request has none (a GET, a file).
        at: When it was sent last, in Unix seconds; None where it never was, or was not accepted
            for certain.
    """

    method: str
    url: str
    body: dict[str, Any] | None = field(default=None, repr=False)
    at: float | None = field(default=None, repr=False, compare=False)

    def __str__(self) -> str:
        """What was sent and when, to find it again: the model and the first words of the prompt."""
        told = f"{self.method} {self.url}"
        named = {name: (self.body or {}).get(name) for name in ("model", "prompt")}
        if any(named.values()):
            told += "".join(f", {name} {shortened(each)}" for name, each in named.items() if each)
        if self.at is None:
            return told
        from datetime import UTC, datetime

        return f"{told}, at {datetime.fromtimestamp(self.at, UTC):%Y-%m-%d %H:%M:%S} UTC"


class FoxAPIError(Exception):
    """The root of the tree.

    Attributes:
        task_id: The task the call was about, where it is known: nothing paid for is lost.
    """

    _task_id: str | None = None

    @property
    def task_id(self) -> str | None:
        return self._task_id

    def concerns(self, task_id: str) -> None:
        """Note which task the call was about."""
        self._task_id = task_id

    def add_words(self, words: str) -> None:
        """Say more in the message."""
        self.args = (f"{self}\n{words}",)

    def __reduce__(self) -> tuple[Any, ...]:
        # __cause__ stays behind: an error of httpx refers to a request, and that holds the key.
        return _restore, (type(self), self.args, dict(self.__dict__))


class ConfigurationError(FoxAPIError, ValueError):
    """The client can't work as it is set up: no key, a key or an address that can't be one."""


# Options that are looked for on a call.
_OF_CLIENT = ("timeout", "retries", "headers", "polling")


class InvalidRequest(FoxAPIError, ValueError):
    """The request is not one that the documentation allows. Nothing was sent.

    Attributes:
        violations: Everything that is wrong with it.
    """

    def __init__(self, violations: Sequence[Violation]) -> None:
        self.violations: tuple[Violation, ...] = tuple(violations)
        lines = ["the request is not valid:", *map(str, self.violations), *self._ways_out()]
        super().__init__("\n".join(lines))

    def _ways_out(self) -> Iterator[str]:
        """How to send what may be newer than this package: a field, a model."""
        for each in self.violations:
            # What belongs to another form of the model is documented, and allowed there.
            if each.keyword == "additionalProperties" and each.allowed == "nothing":
                name = each.field
                if name in _OF_CLIENT:
                    yield f"{name} is an option of the client: with_options({name}=...)."
                    continue
                known = known_documentation([each.page])
                yield (
                    f"A field that is newer than {known} is sent unchecked with "
                    f"extra_body={{{name!r}: ...}}, or --extra {name}=JSON."
                )
                break
        if any(each.field == "model" and each.keyword == "enum" for each in self.violations):
            yield (
                f"A model that is newer than {known_documentation()} is sent unchecked with "
                "check=False, or --json FILE --unchecked."
            )


class InvalidBatch(InvalidRequest):
    """Lines of a batch are not what they must be. Nothing was sent, and nothing noted down.

    Attributes:
        violations: What is wrong, with the number of its line before each field; the first 1,000.
    """

    def __init__(self, violations: Sequence[Violation], lines: int, more: int = 0) -> None:
        super().__init__(violations)
        said = [f"of {counted(lines, 'line')}, not all can be sent; nothing was:"]
        said += [*map(str, self.violations), *self._ways_out()]
        if more:
            said.append(f"and {more} more")
        if not lines:
            said = ["the input has no line with a request: nothing is to be made"]
        self.args = ("\n".join(said),)

    def _ways_out(self) -> Iterator[str]:
        if any(each.keyword in ("additionalProperties", "enum") for each in self.violations):
            known = known_documentation()
            yield f"What is newer than {known} is sent with check=False, or --unchecked."


class LedgerError(FoxAPIError):
    """The ledger of a batch can't be used: in use, damaged, newer than this, on a full disk."""


class APIConnectionError(FoxAPIError):
    """No answer came: the connection was never made, or it broke.

    Attributes:
        request: What was asked.
    """

    def __init__(self, message: str, *, request: SentRequest) -> None:
        self.request = request
        super().__init__(message)


class APITimeoutError(APIConnectionError, TimeoutError):
    """No answer came in time."""


class OutcomeUnknown(FoxAPIError):
    """A call that costs money may have been accepted; nothing here can tell.

    It was not sent again. No page documents a list of tasks, nor how to cancel one: look for it in
    your account on the service's site before you send it again. The reason is in `__cause__`, where
    that is an error of this tree.

    Attributes:
        request: What was asked and when, with its body, to compare or to send again.
        status: The HTTP status of the answer, or None where none came.
        task_id: The task, where the answer named one all the same.
        headers: The headers of the answer, their names in lower case; none where none came.
    """

    def __init__(
        self,
        reason: str,
        *,
        request: SentRequest,
        status: int | None = None,
        task_id: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.request = request
        self.status = status
        self.headers = dict(headers or {})
        self._task_id = task_id
        end = "" if reason.endswith(("?", ".")) else "."
        next_step = (
            f"It names the task {task_id}: tasks.wait({task_id!r}) waits for it."
            if task_id
            else "Before you send it again, look for it in your account on the service's site, by "
            "model and time: no page documents a list of tasks."
        )
        super().__init__(
            "the call may have been accepted, and so be paid for; it was not sent again. "
            f"The reason: {reason}{end} Sent: {request}. {next_step}"
        )

    @property
    def request_id(self) -> str | None:
        """The id that the server gave the request, for its support, or None."""
        return request_id_of(self.headers)


class APIStatusError(FoxAPIError):
    """The server answered, but not with what was asked for. Documentation page: error-codes.

    Attributes:
        status: The HTTP status; any number.
        type: The kind of error in the server's words, or None.
        code: What went wrong for programs, of any JSON type, or None.
        message: What went wrong for people.
        body: The JSON body, or its text where it is not JSON; the key is redacted.
        request: What was asked.
        retry_after: Seconds the server wants to be left alone, or None.
        headers: The HTTP headers of the answer, their names in lower case.
    """

    _advice: ClassVar[str] = ""

    def __init__(
        self,
        message: str,
        *,
        status: int,
        request: SentRequest,
        type: str | None = None,  # noqa: A002 -- the server's own word for it
        code: Any = None,
        body: Any = None,
        retry_after: float | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.status = status
        self.type = type
        self.code = code
        self.message = message
        self.body = body
        self.request = request
        self.retry_after = retry_after
        self.headers = dict(headers or {})
        number = f", request {self.request_id}" if self.request_id else ""
        asked = f"status {status}, {request.method} {request.url}{number}"
        super().__init__(f"{message} ({asked}){self._advice and f'; {self._advice}'}")

    @property
    def request_id(self) -> str | None:
        """The id that the server gave the request, for its support, or None."""
        return request_id_of(self.headers)


class BadRequestError(APIStatusError):
    """400: the body is not JSON, or its content type is wrong."""


class AuthenticationError(APIStatusError):
    """401: the key is missing or wrong."""

    _advice = "check the API key"


class InsufficientQuotaError(APIStatusError):
    """402: the account has too few credits."""

    _advice = "add credits to the account"


class StorageFullError(APIStatusError):
    """403: storage is full and auto_cleanup is false."""


class NotFoundError(APIStatusError):
    """404: there is no such task."""


class UnprocessableError(APIStatusError):
    """422: a field is missing or has a bad value, or the model is unknown."""


class RateLimitError(APIStatusError):
    """429: too many requests."""

    _advice = "ask less often, or later"


class ServerError(APIStatusError):
    """500 and every other status above it."""

    _advice = "the service has trouble: try again later"


class ServiceUnavailableError(ServerError):
    """503: no channel is free, or the model's provider failed."""


class RedirectError(APIStatusError):
    """3xx: the address of the API has moved. It is not followed, since the key would go along."""


class UnreadableAnswerError(APIStatusError):
    """A 2xx whose body is not what is documented: no JSON, another shape, no id, another task's."""


class TaskFailed(FoxAPIError):
    """The task ended without a video.

    Attributes:
        task: The task as the server last told it.
        code: What went wrong for programs, of any JSON type, or None.
        message: What went wrong for people.
    """

    def __init__(self, task: Task) -> None:
        self.task = task
        self._task_id = task.id
        self.code: Any = task.error_code
        self.message: str = task.error_message or "the server gives no reason"
        code = "" if self.code is None else f" ({readable(str(self.code), 100)})"
        super().__init__(f"task {task.id} {task.status}: {self.message}{code}")


class TaskCancelled(TaskFailed):
    """The task was cancelled."""


class TaskTimeout(FoxAPIError, TimeoutError):
    """The task did not end in the time it was waited for. It goes on: wait for its id again.

    Attributes:
        task_id: The task.
        task: The task as the server last told it, or None where it never did.
        waited: Seconds it was waited for.
    """

    def __init__(self, task_id: str, *, task: Task | None, waited: float) -> None:
        self._waited_for = task_id
        self.task = task
        self.waited = waited
        state = "was never seen" if task is None else f"is {task.status!r}"
        super().__init__(
            f"task {task_id} {state} after {waited:.0f} s; it goes on, and "
            f"tasks.wait({task_id!r}) waits for it again"
        )

    @property
    def task_id(self) -> str:
        return self._waited_for


class DownloadError(FoxAPIError):
    """A result could not be saved. Nothing is left at the target."""


class LinkExpired(DownloadError):
    """The link to a result no longer works: they are valid for 24 hours."""


class AddressRefused(DownloadError):
    """A link or a redirect leads to an address that is not public, or is no web address."""


class InvalidCallback(FoxAPIError, ValueError):
    """A body that claims to be a callback is too large, or is not a task."""


class InvalidData(FoxAPIError, ValueError):
    """JSON values that are said to be a task or a stored file are none."""


def task_id_of(error: BaseException | None) -> str | None:
    """The id of the task that an error is about, or None where it names none.

    It is found in an error of this package, in what it was raised from, and in the errors of a
    group. So the TimeoutError of asyncio.timeout, whose cause is a call that was cancelled, leads
    to the task of that call.

    Args:
        error: Any error, also one that is not of this package.
    """
    looked_at: set[int] = set()
    to_look_at = [error]
    for each in to_look_at:
        if each is None or id(each) in looked_at:
            continue
        looked_at.add(id(each))
        # Those of this package have it, and what interrupted a call got it with a note.
        if isinstance(each, FoxAPIError) or hasattr(each, "__notes__"):
            task_id = getattr(each, "task_id", None)
            if isinstance(task_id, str):
                return task_id
        to_look_at.append(each.__cause__)
        if isinstance(each, BaseExceptionGroup):
            to_look_at += each.exceptions
    return None


STATUS_ERRORS: dict[int, type[APIStatusError]] = {
    400: BadRequestError,
    401: AuthenticationError,
    402: InsufficientQuotaError,
    403: StorageFullError,
    404: NotFoundError,
    422: UnprocessableError,
    429: RateLimitError,
    503: ServiceUnavailableError,
}


def status_error(status: int) -> type[APIStatusError]:
    """The class for a status that is not the documented success."""
    if status in STATUS_ERRORS:
        return STATUS_ERRORS[status]
    if status >= 500:
        return ServerError
    return RedirectError if 300 <= status < 400 else APIStatusError


def _restore(
    kind: type[FoxAPIError], arguments: tuple[Any, ...], state: dict[str, Any]
) -> FoxAPIError:
    error = kind.__new__(kind)
    error.args = arguments
    error.__dict__.update(state)
    return error
