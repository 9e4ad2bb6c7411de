"""The steps that calls are made of, and what comes back from each.

A call is a plan: a generator that yields steps and is sent what they gave. Plans decide and never
do; the two runners, sync and async, do and never decide. So every rule is written once.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Generator
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias, TypeVar, cast

from foxapi_video.errors import ConfigurationError, SentRequest
from foxapi_video.http import httpx
from foxapi_video.version import __version__

if TYPE_CHECKING:
    from foxapi_video.settings import Key
    from foxapi_video.tasks import Task

T = TypeVar("T")
# What a coroutine function gives is no None, so type checkers refuse one on the blocking client.
OnProgress: TypeAlias = "Callable[[Task], None]"
OnBytes: TypeAlias = Callable[[int, "int | None"], object]
Moved: TypeAlias = Callable[[int, "int | None"], "float | None"]
AsyncOnProgress: TypeAlias = "Callable[[Task], object | Awaitable[object]]"


# Plain classes, since dataclass and NamedTuple generate code that every import would pay for.
class Call:
    """A request of the API, ready to be sent any number of times.

    Attributes:
        method: The HTTP method.
        url: The whole address.
        sent: The request as errors keep it.
        content: The body, where it is made already.
        arguments: What else httpx's build_request takes, such as params or files.
        headers: Headers of this call.
        paid: Whether it costs money when it is accepted.
        uploads: Whether it carries a file: then its timeout is for standing still.
    """

    def __init__(
        self,
        method: str,
        url: str,
        *,
        sent: SentRequest,
        content: bytes | None = None,
        arguments: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
        paid: bool = False,
        uploads: bool = False,
    ) -> None:
        self.method = method
        self.url = url
        self.sent = sent
        self.content = content
        self.arguments = arguments or {}
        self.headers = headers or {}
        self.paid = paid
        self.uploads = uploads


class Answer:
    """An answer as it came.

    Attributes:
        status: The HTTP status; any number.
        headers: The HTTP headers.
        body: The body; empty where it is still to be read.
    """

    def __init__(self, *, status: int, headers: httpx.Headers, body: bytes = b"") -> None:
        self.status = status
        self.headers = headers
        self.body = body

    def __repr__(self) -> str:  # what a server sends is shown nowhere
        return f"Answer(status={self.status})"


class Failure(NamedTuple):
    """That no whole answer came.

    Attributes:
        kind: "unsent" where the request certainly never left, "unusable" where it never will,
            else "timeout" or "broken".
        error: What the transport said.
        heard: What came of an answer before, or None where nothing did.
    """

    kind: Literal["unsent", "unusable", "timeout", "broken"]
    error: Exception
    heard: Answer | None = None


Outcome: TypeAlias = Answer | Failure


class Send:
    """Send a call and read its whole answer. Gives an Outcome.

    Where there is `moved`, it is called with the bytes of the body that were taken so far, and in
    all, each time that some were; what it gives is the timeout from then on.
    """

    def __init__(self, call: Call, timeout: float | None, moved: Moved | None = None) -> None:
        self.call = call
        self.timeout = timeout
        self.moved = moved


class Sleep:
    """Wait that many seconds."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds


class Report:
    """Tell the caller how a task stands; an awaitable that comes back is awaited."""

    def __init__(self, callback: Callable[[Task], object], task: Task) -> None:
        self.callback = callback
        self.task = task


class Open:
    """Send a GET without the key and read the head of its answer. Gives an Outcome.

    Where there is `check_peer`, it is called with the address that a new connection reached before
    anything is sent on it; what it raises ends the step.
    """

    def __init__(
        self,
        url: str,
        headers: dict[str, str],
        timeout: float | None,
        check_peer: Callable[[str], None] | None = None,
    ) -> None:
        self.url = url
        self.headers = headers
        self.timeout = timeout
        self.check_peer = check_peer


class Read:
    """Read the next bytes of what was opened. Gives bytes, none at the end, or a Failure."""

    def __init__(self, timeout: float | None) -> None:
        self.timeout = timeout


class Close:
    """Be done with what was opened."""


class Resolve:
    """Look up a host. Gives its addresses, none where it has none."""

    def __init__(self, host: str) -> None:
        self.host = host


class Blocking:
    """Run a function that waits for a disk: async runs it beside the event loop."""

    def __init__(self, run: Callable[[], Any]) -> None:
        self.run = run


Step: TypeAlias = Send | Sleep | Report | Open | Read | Close | Resolve | Blocking
Plan: TypeAlias = Generator[Step, Any, T]

_HEADERS = {"user-agent": f"foxapi-video/{__version__}", "accept": "application/json"}

Use: TypeAlias = Literal["call", "paid", "download"]
# How many unused connections stay open for the next one, by what they are used for.
KEPT: dict[Use, int] = {"call": 8, "paid": 0, "download": 4}

# Nothing that the API answers comes near; a larger answer is somebody's mistake or attack.
MOST_BYTES = 16 * 2**20


class TooLargeError(Exception):
    """An answer is larger than any that the API gives."""

    def __init__(self) -> None:
        super().__init__(f"the answer is larger than {MOST_BYTES // 2**20} MiB")


# ProxyError: the proxy did not connect to the API. PoolTimeout: the request stayed in the queue.
_UNSENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)
_UNUSABLE = (httpx.UnsupportedProtocol, httpx.InvalidURL)
# UnicodeError: a Location whose host is no name, which httpx reads though it is not to follow it.
_KNOWN: tuple[type[Exception], ...] = (
    httpx.HTTPError,
    httpx.InvalidURL,
    httpx.StreamError,
    TooLargeError,
    UnicodeError,
)


def failure(error: Exception, key: Key | None = None) -> Failure:
    """What an error of the transport means for a request that was signed with the key."""
    # Its frames and its request hold the key, and its words may be the server's, which saw it.
    if isinstance(error, UnicodeError):  # it holds the whole text
        error = UnicodeError(str(error))
    elif isinstance(error, TimeoutError):
        error = TimeoutError(*([str(error)] if error.args else []))
    elif not _is_known(error):  # of a transport or a hook of the user's: it holds anything
        kind = httpx.NetworkError if isinstance(error, OSError) else httpx.TransportError
        error = kind(f"{type(error).__name__}: {error}")
    elif isinstance(error, httpx.ConnectError):  # of asyncio it does not say why
        error.args = (str(_first_cause(error)) or str(error),)
    if key is not None:
        error.args = tuple(key.redact(list(error.args)))
    error.with_traceback(None)
    error.__cause__ = error.__context__ = None
    if isinstance(error, httpx.HTTPError):
        error.request = cast("httpx.Request", None)
    if isinstance(error, httpx.HTTPStatusError):
        del error.response
    if isinstance(error, _UNSENT):
        return Failure(kind="unsent", error=error)
    if isinstance(error, _UNUSABLE):
        return Failure(kind="unusable", error=error)
    if isinstance(error, httpx.TimeoutException | TimeoutError):
        return Failure(kind="timeout", error=error)
    return Failure(kind="broken", error=error)


def _is_known(error: Exception) -> bool:
    """Whether it is of httpx, or of socksio, which httpx lets through for a broken SOCKS proxy."""
    return isinstance(error, _KNOWN) or type(error).__module__ == "socksio.exceptions"


def _first_cause(error: BaseException) -> BaseException:
    """What an error began with, in the words of the system."""
    inner: BaseException | None = error
    while inner is not None:
        error = inner
        if isinstance(error, BaseExceptionGroup):
            inner = error.exceptions[0]
        else:  # what the system's own error came beside is another matter
            inner = error.__cause__ or (None if isinstance(error, OSError) else error.__context__)
    return error


def answer_raised(error: Exception, request: httpx.Request | None) -> Answer | None:
    """The answer to a request that a hook raised as an error, as raise_for_status does, or None."""
    response = error.response if isinstance(error, httpx.HTTPStatusError) else None
    if request is None or response is None or request_of(response) is not request:
        return None
    try:
        body = response.content
    except httpx.ResponseNotRead:  # it is closed by now
        body = b""
    return Answer(status=response.status_code, headers=response.headers, body=body)


def request_of(result: httpx.Response | Exception) -> httpx.Request | None:
    """The request that httpx notes with an answer or an error, or None."""
    try:
        return result.request if isinstance(result, httpx.Response | httpx.HTTPError) else None
    except RuntimeError:  # it has noted none
        return None


@lru_cache(maxsize=256)
def parsed(url: str) -> httpx.URL:
    """The address as httpx takes it; a poll asks for the same one again and again."""
    return httpx.URL(url)


def request_of_call(
    client: httpx.Client | httpx.AsyncClient, call: Call, timeout: float | None, *, is_own: bool
) -> httpx.Request:
    """The request of a call, as the client makes it of its own settings and the call's.

    A client that was made here has none but those of client_arguments: to go without its merging
    takes a twentieth off a call.
    """
    url = parsed(call.url)
    if not is_own or call.arguments:
        return client.build_request(
            call.method,
            url,
            content=call.content,
            headers=call.headers,
            timeout=limits_of(timeout),
            **call.arguments,
        )
    content = call.content or b""
    headers = {"host": url.netloc.decode("ascii"), "connection": "keep-alive", **_HEADERS}
    if call.method in ("POST", "PUT", "PATCH") or content:
        headers["content-length"] = str(len(content))
    request = httpx.Request(
        call.method,
        url,
        headers={**headers, **call.headers},
        stream=httpx.ByteStream(content),
        extensions={"timeout": limits_of(timeout).as_dict()},
    )
    request.read()  # a transport of the user's may want its content
    return request


@lru_cache(maxsize=64)
def limits_of(timeout: float | None) -> httpx.Timeout:
    """What httpx is to limit, so that a connection that is never made shows before the deadline."""
    if timeout is None:
        return httpx.Timeout(None, connect=10.0)
    half = timeout / 2
    return httpx.Timeout(timeout, connect=min(10.0, half), pool=half)


def check_client_options(client: object, transport: object, *, not_a: type) -> None:
    """See that what a user hands in can be sent with, before anything is sent.

    Raises:
        ConfigurationError: There is both, or one of the other kind: that would send a call and
            fail to read its answer.
    """
    if client is not None and transport is not None:
        raise ConfigurationError("http_client has a transport of its own: pass one of the two")
    if isinstance(client, not_a):
        raise ConfigurationError("FoxAPI takes httpx.Client, AsyncFoxAPI takes httpx.AsyncClient")
    handles = "handle_async_request" if not_a is httpx.Client else "handle_request"
    if transport is not None and not hasattr(transport, handles):
        raise ConfigurationError(
            f"a transport of {type(transport).__name__} has no {handles}: FoxAPI takes an "
            "httpx.BaseTransport, AsyncFoxAPI takes an httpx.AsyncBaseTransport"
        )


def client_arguments(transport: Any, kept: int) -> dict[str, Any]:
    """What both kinds of httpx client are made with, to keep that many unused connections open."""
    arguments: dict[str, Any] = {
        "headers": _HEADERS,
        "limits": httpx.Limits(max_connections=None, max_keepalive_connections=kept),
        "follow_redirects": False,
    }
    return arguments if transport is None else {**arguments, "transport": transport}
