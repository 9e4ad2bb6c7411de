"""How an API, or what stands before it, can treat a request: by name, and what it answers then.

A behaviour is described once, here, as the answer that it gives and how that ends. The pretend API
shows it through a transport; this project's own server of `make faults` shows it on a connection,
with others of its own that only a connection can show.
"""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Callable
from difflib import get_close_matches
from email.utils import formatdate
from functools import cache, cached_property
from typing import Any, Literal, NamedTuple, TypeAlias

from foxapi_video.errors import ConfigurationError


class Reply(NamedTuple):
    """An answer, as far as it comes.

    Attributes:
        status: The HTTP status; 0 where nothing is answered at all.
        body: The bytes of the body that are sent.
        headers: The headers, beside those of every answer.
        missing: How many bytes more than these Content-Length promises; below 0 for fewer.
        ending: "whole" where it ends as it should. Else it breaks after what is here: "refused" is
            no connection at all, "reset" and "closed" end it, "silence" goes on until the client
            has waited long enough.
    """

    status: int
    body: bytes = b""
    headers: dict[str, str] = {}  # noqa: RUF012 -- nobody adds to it
    missing: int = 0
    ending: Literal["whole", "refused", "reset", "closed", "silence"] = "whole"


class Asked:
    """A request to treat.

    Attributes:
        path: Its path.
    """

    def __init__(self, path: str, make_good: Callable[[], Reply]) -> None:
        self.path = path
        self._make_good = make_good

    @cached_property
    def good(self) -> Reply:
        """What a well-behaved API answers it with."""
        return self._make_good()


Answering: TypeAlias = Callable[[Asked], Reply]


class Behaviour(NamedTuple):
    """One way to treat a request.

    Attributes:
        name: What it is called.
        answer: What it answers.
        refuses: Whether a create call is certainly not accepted by it. Any other counts as
            accepted: the worst case.
        names: Whether its answer to a create call tells the id of the task, in JSON that is whole.
    """

    name: str
    answer: Answering
    refuses: bool = False
    names: bool = False


def good(asked: Asked) -> Reply:
    return asked.good


def breaks(ending: Literal["refused", "reset", "closed", "silence"]) -> Answering:
    """Nothing is answered."""
    return lambda asked: Reply(0, ending=ending)


def truncated_body(asked: Asked) -> Reply:
    body = asked.good.body
    half = len(body) // 2
    return Reply(200, body[:half], missing=len(body) - half, ending="closed")


def length_too_small(asked: Asked) -> Reply:
    return Reply(200, asked.good.body, missing=-min(7, len(asked.good.body)))


def length_too_large(asked: Asked) -> Reply:
    return Reply(200, asked.good.body, missing=7, ending="closed")


def names_and_hangs(asked: Asked) -> Reply:
    """All of an answer but its end."""
    return Reply(200, asked.good.body, missing=1, ending="silence")


def compressed(pack: Callable[[bytes], bytes], layers: str = "gzip") -> Answering:
    """The good body as it is packed, and said to be compressed."""
    return lambda asked: Reply(200, pack(asked.good.body), {"Content-Encoding": layers})


def nested(levels: int) -> Answering:
    """The good answer with lists in lists as a last member."""

    def answer(asked: Asked) -> Reply:
        lists = b"[" * levels + b"]" * levels
        return Reply(200, asked.good.body[:-1] + b', "more": ' + lists + b"}")

    return answer


def redirect_loop(status: int) -> Answering:
    return lambda asked: Reply(status, b"", {"Location": asked.path})


def task_with_status(status: int) -> Answering:
    """What a success would say, with another status."""
    return lambda asked: Reply(status, asked.good.body)


def nothing_with_status(status: int) -> Answering:
    return lambda asked: Reply(status)


def refusal(
    status: int, kind: str | None = None, headers: dict[str, str] | None = None
) -> Answering:
    """An error in the API's own words."""
    error = {"message": f"refused with {status}", "type": kind}
    return lambda asked: Reply(status, json.dumps({"error": error}).encode(), headers or {})


def retry_date(asked: Asked) -> Reply:
    when = formatdate(time.time(), usegmt=True)
    return refusal(429, "rate_limit_error", {"Retry-After": when})(asked)


def page(status: int, **headers: str) -> Answering:
    """A page of a proxy. The names of headers are given with _ for -."""
    body = b"<html><body><h1>Something</h1></body></html>"
    named = {name.replace("_", "-"): content for name, content in headers.items()}
    return lambda asked: Reply(status, body, {"Content-Type": "text/html", **named})


def gateway(status: int, **headers: str) -> Answering:
    """JSON that is not an error as the API documents it."""
    named = {name.replace("_", "-"): content for name, content in headers.items()}
    return lambda asked: Reply(status, b'{"message": "API rate limit exceeded"}', named)


def text(body: bytes) -> Answering:
    return lambda asked: Reply(200, body)


def value(body: Any) -> Answering:
    return text(json.dumps(body).encode())


def changed(**members: Any) -> Answering:
    """The good answer with members changed, and those that are "-" left out."""

    def answer(asked: Asked) -> Reply:
        try:
            body = json.loads(asked.good.body or b"{}") | members
        except ValueError:  # a video
            return asked.good
        return Reply(200, json.dumps({k: v for k, v in body.items() if v != "-"}).encode())

    return answer


@cache
def zeros_in_gzip() -> bytes:
    """64 KiB on the wire, and 64 MiB without its layer."""
    return gzip.compress(bytes(64 * 2**20), 9)


GOOD = Behaviour("answers well", good)
REFUSED = Behaviour("refused connection", breaks("refused"), refuses=True)
BREAKS = [
    Behaviour("reset after the request", breaks("reset")),
    Behaviour("closed without an answer", breaks("closed")),
    Behaviour("silence", breaks("silence")),
    Behaviour("truncated body", truncated_body),
    Behaviour("Content-Length too small", length_too_small),
    Behaviour("Content-Length too large", length_too_large, names=True),
    Behaviour("silence before the end", names_and_hangs, names=True),
    Behaviour("gzip garbage", compressed(lambda _: b"\x1f\x8b not gzip at all")),
    Behaviour("gzip bomb", compressed(lambda _: zeros_in_gzip())),
    Behaviour("gzip, twice", compressed(lambda _: gzip.compress(zeros_in_gzip(), 9), "gzip, gzip")),
    Behaviour("gzip, once", compressed(gzip.compress), names=True),
    Behaviour("gzip without an end", compressed(lambda body: gzip.compress(body)[:-8]), names=True),
    Behaviour("gzip in name only", compressed(lambda body: body), names=True),
]
STATUSES = [
    *(Behaviour(f"{s} loop", redirect_loop(s)) for s in (301, 302, 303, 307, 308)),
    Behaviour("302 to no name", refusal(302, None, {"Location": "http://xn--/"})),
    Behaviour("429, a task", task_with_status(429)),
    Behaviour("401", refusal(401, "authentication_error"), refuses=True),
    Behaviour("402", refusal(402, "insufficient_quota"), refuses=True),
    Behaviour("403", refusal(403), refuses=True),
    Behaviour("404", refusal(404, "not_found"), refuses=True),
    Behaviour("408", refusal(408)),
    Behaviour("422", refusal(422, "invalid_request_error"), refuses=True),
    Behaviour("429", refusal(429, "rate_limit_error"), refuses=True),
    Behaviour("429, Retry-After: 0", refusal(429, None, {"Retry-After": "0"}), refuses=True),
    Behaviour("429, Retry-After: date", retry_date, refuses=True),
    *(Behaviour(str(status), refusal(status, "server_error")) for status in range(500, 505)),
    Behaviour("503, Retry-After: 0", refusal(503, None, {"Retry-After": "0"}), refuses=True),
    Behaviour("503, Retry-After: soon", refusal(503, None, {"Retry-After": "soon"})),
    Behaviour("520", refusal(520)),
    Behaviour("299", refusal(299)),
    Behaviour("204", nothing_with_status(204)),
]
BODIES = [
    Behaviour("HTML, 200", page(200)),
    # A proxy answers so also when the API has accepted, unless it can't have read the request.
    *(Behaviour(f"HTML, {s}", page(s)) for s in (400, 402, 403, 404, 405, 408, 418, 422, 429)),
    *(Behaviour(f"HTML, {s}", page(s), refuses=True) for s in (401, 407, 413, 414, 431)),
    *(Behaviour(f"HTML, {s}", page(s)) for s in (302, 303, 500, 502, 503, 504)),
    Behaviour("HTML, 302, Location", page(302, Location="/sorry")),
    Behaviour("HTML, 429, Retry-After: 0", page(429, Retry_After="0")),
    Behaviour("HTML, 503, Retry-After: 0", page(503, Retry_After="0")),
    Behaviour("gateway, 429", gateway(429), refuses=True),
    Behaviour("gateway, 503, Retry-After: 0", gateway(503, Retry_After="0")),
    Behaviour("empty, 200", text(b"")),
    Behaviour("half of UTF-8", text(b'{"id": "\xff\xfe"}')),
    Behaviour("nested too deeply", text(b"[" * 100_000)),
    Behaviour("nested in 700 levels", nested(700), names=True),
    Behaviour("nested in 100,000 levels", nested(100_000), names=True),
    Behaviour("a list", value([])),
    Behaviour("null", value(None)),
    Behaviour("a task without id", changed(id="-", url="-")),
    Behaviour("an id of dots", changed(id="..", url="..")),
    Behaviour("an id that is a number", changed(id=5, url=5)),
    Behaviour("all of the wrong type", value({"id": {}, "status": 1, "results": "", "url": []})),
    Behaviour("no status", changed(status="-"), names=True),
    Behaviour("status unknown", changed(status="dreaming")),
    Behaviour("status an object", changed(status={"is": "fine"})),
    Behaviour("progress 101", changed(progress=101)),
    Behaviour("progress NaN", changed(progress=float("nan"), task_info={"estimated_time": 1e999})),
    Behaviour("results null", changed(results=None)),
    Behaviour("results without url", changed(results=[{"width": 5}, 7, None])),
    Behaviour("error as text", changed(error="it failed", status="failed")),
    Behaviour("failed", changed(status="failed", error={"code": 7, "message": "no"})),
    Behaviour("cancelled", changed(status="cancelled")),
]
_BY_NAME = {each.name: each for each in (GOOD, REFUSED, *BREAKS, *STATUSES, *BODIES)}
NAMES = tuple(_BY_NAME)


def named(name: str) -> Behaviour:
    """The behaviour of that name.

    Raises:
        ConfigurationError: There is none.
    """
    if name in _BY_NAME:
        return _BY_NAME[name]
    meant = get_close_matches(name, NAMES, 1)
    hint = f"did you mean {meant[0]!r}?" if meant else "foxapi_video.testing.NAMES lists all"
    raise ConfigurationError(f"no behaviour is named {name!r}; {hint}")
