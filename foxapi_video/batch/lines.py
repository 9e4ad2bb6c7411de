"""The input of a batch: one request a line, checked before any of them is sent."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from foxapi_video import checking
from foxapi_video.errors import ConfigurationError, InvalidRequest
from foxapi_video.given_files import fields_with_files, files_of
from foxapi_video.json_values import is_text, parsed, shortened
from foxapi_video.violations import FILE_HINT, Violation
from foxapi_video_client.types import Model

if TYPE_CHECKING:
    from typing import IO

# The one call that makes videos: a line that names another one is of another service.
_CALL = "/v1/videos/generations"
_WRAPPING = {"custom_id", "body", "method", "url"}
# Of the bytes that a name may have on every system, what the ending and a temporary name leave.
_LONGEST_ID = 200
_ADDRESSES = (
    "a batch takes addresses: upload it first (files.upload or foxapi-video upload) and put its "
    "url here"
)
_NOT_JSON = '; each line is a request in JSON, such as {"model": ..., "prompt": ...}'
_NOT_IN_NAMES = frozenset('/\\:*?"<>|')


@dataclass(frozen=True, slots=True)
class Line:
    """A request of the input.

    Attributes:
        number: Its line, from 1.
        custom_id: What its user calls it, or None.
        body: What is sent, as JSON text.
        digest: The same for requests that say the same.
    """

    number: int
    custom_id: str | None
    body: str
    digest: str


def read_json(file: IO[bytes]) -> Iterator[tuple[int, object]]:
    """The JSON value of each line that is not empty, with its number, or what is wrong with it."""
    for number, raw in enumerate(file, 1):
        if not raw.strip():
            continue
        try:
            text = raw.decode("utf-8-sig" if number == 1 else "utf-8")
            yield number, parsed(text, object_pairs_hook=_once)
        except _TwiceError as error:
            said = f"is said twice: {error}"
            yield number, Violation("", "each member once", shortened(str(raw)), None, said)
        except UnicodeDecodeError:
            yield number, Violation("", "JSON in UTF-8", "other bytes", None, "is no UTF-8")
        except ValueError as error:
            said = f"is {error}" + _NOT_JSON * (number == 1)
            yield number, Violation("", "JSON", shortened(str(raw)), None, said)


class _TwiceError(Exception):
    """A member that an object says twice: only one of them would be paid for."""


def _once(members: list[tuple[str, object]]) -> dict[str, object]:
    """An object.

    Raises:
        _TwiceError: It says a member twice.
    """
    found = dict(members)
    if len(found) < len(members):
        names = [name for name, _ in members]
        raise _TwiceError(next(shortened(name) for name in names if names.count(name) > 1))
    return found


def numbered(requests: object) -> Iterable[tuple[int, object]]:
    """Requests with their numbers.

    Raises:
        ConfigurationError: They are no iterable of requests.
    """
    what = None
    if isinstance(requests, str | bytes | os.PathLike):
        what = "the name of a file"
    elif hasattr(requests, "read"):
        what = "a file"
    elif _is_request(requests):
        raise ConfigurationError("a batch takes an iterable of requests, not one: [request]")
    elif not isinstance(requests, Iterable):
        what = repr(requests)
    if what is None:
        return enumerate(requests, 1)  # type: ignore[arg-type]
    raise ConfigurationError(
        f"a batch takes an iterable of requests, not {what:.100}: for lines of JSON, "
        "[json.loads(line) for line in open(...)], or foxapi-video batch run FILE"
    )


def read(given: Iterable[tuple[int, object]], *, check: bool) -> Iterator[Line | list[Violation]]:
    """Each line, or all that is wrong with it.

    Args:
        given: The number of each line, and its JSON value, a request variant, or a violation.
        check: Whether requests are held to the documentation.
    """
    for number, value in given:
        try:
            yield _line(number, value, check)
        except InvalidRequest as error:
            yield [of_line(number, each) for each in error.violations]


def of_line(number: int, violation: Violation) -> Violation:
    """The same, said of a line."""
    where = f"line {number}"
    violation = replace(violation, problem=violation.problem.replace(FILE_HINT, _ADDRESSES))
    return replace(violation, field=f"{where}, {violation.field}" if violation.field else where)


def _line(number: int, value: object, check: bool) -> Line:
    """A line that can be sent.

    Raises:
        InvalidRequest: It can't be.
    """
    if isinstance(value, Violation):
        raise InvalidRequest([value])
    custom_id: str | None = None
    body: Any = value
    if _is_wrapped(body):
        custom_id, body = _unwrapped(body)
    if not _is_request(body):
        raise InvalidRequest(checking.check(body))
    try:
        values, content = checking.encode(body, checks=check)
    except InvalidRequest as error:
        raise InvalidRequest(list(_of_files(body)) or error.violations) from None
    same = json.dumps(values, sort_keys=True, separators=(",", ":")).encode()
    return Line(number, custom_id, content.decode(), hashlib.sha256(same).hexdigest()[:20])


def _of_files(body: object) -> Iterator[Violation]:
    """What is wrong with the files of this machine in a request."""
    for _, (field, file) in files_of(fields_with_files(body)):
        yield Violation(field, "an address", shortened(str(file)), None, f"is a file: {_ADDRESSES}")


def _is_request(value: object) -> bool:
    return isinstance(value, Mapping | Model)


def _is_wrapped(value: Any) -> bool:
    return isinstance(value, Mapping) and ("custom_id" in value or _is_request(value.get("body")))


def _unwrapped(value: Mapping[Any, Any]) -> tuple[str | None, object]:
    """The id and the request of a line as OpenAI's batch files have it.

    Raises:
        InvalidRequest: It has other members, or is of another call.
    """
    wrong: list[Violation] = []

    def complain(name: str, allowed: str, problem: str) -> None:
        wrong.append(Violation(name, allowed, shortened(value.get(name)), None, problem))

    for name in value:
        if name not in _WRAPPING:
            complain(str(name), "custom_id and body", "has no place beside custom_id and body")
    custom_id = value.get("custom_id")
    if custom_id is not None and (problem := wrong_with_id(custom_id)):
        complain("custom_id", "an id that can name a file", problem)
    if not _is_request(value.get("body")):
        complain("body", "a request", 'is no request: {"custom_id": ..., "body": {...}}')
    if value.get("method", "POST") != "POST":
        complain("method", "POST", "is not POST")
    if value.get("url", _CALL) != _CALL:
        complain("url", _CALL, f"is not {_CALL}")
    if wrong:
        raise InvalidRequest(wrong)
    return custom_id, value["body"]


def wrong_with_id(custom_id: object) -> str | None:
    """Why it can't name a video and its file, or None where it can."""
    if not is_text(custom_id):
        return "is no text"
    if not custom_id.strip():
        return "is empty: leave it out, or give an id that can name a file"
    if len(custom_id.encode()) > _LONGEST_ID:
        return f"is longer than {_LONGEST_ID} bytes"
    found = [c for c in custom_id if c in _NOT_IN_NAMES or not c.isprintable()]
    if found:
        return f"has {found[0]!r}, which no name of a file has on every system"
    if custom_id != custom_id.strip() or custom_id.startswith("."):
        return "begins with a dot or a blank, or ends with a blank: it names a file"
    return None
