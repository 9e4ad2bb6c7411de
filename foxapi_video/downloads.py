"""The plan of a download: to a temporary file beside the target, renamed when it is complete."""

from __future__ import annotations

import codecs
import contextlib
import logging
import os
import re
import secrets
from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, TypeVar

from foxapi_video.addresses import admit, is_internal
from foxapi_video.errors import DownloadError, FoxAPIError, LinkExpired, NotFoundError
from foxapi_video.http import httpx
from foxapi_video.retries import may_resend, retry_after
from foxapi_video.settings import checked_limit
from foxapi_video.steps import (
    Answer,
    Blocking,
    Close,
    Failure,
    Open,
    Outcome,
    Plan,
    Read,
    Sleep,
    parsed,
)
from foxapi_video.steps import OnBytes as OnBytes
from foxapi_video.tasks import Task, readable

if TYPE_CHECKING:
    from foxapi_video.settings import Settings

log = logging.getLogger("foxapi_video")
T = TypeVar("T")
_MOST_REDIRECTS = 5
_GONE = frozenset({401, 403, 404, 410})
# A name as long as the file system allows has no room for what is put around it.
_MOST_OF_NAME = 40
_MOST_OF_STEM = 120
_NO_NAME = re.compile(r"[^A-Za-z0-9._-]+")
_ENDING = re.compile(r"\.[A-Za-z0-9]{1,5}\Z")
_CONTENT_RANGE = re.compile(r"bytes (\d{1,18})-(\d{1,18})/(\d{1,18})", re.ASCII)
# Other ETags, and dates, may stay the same when the file does not.
_STRONG_ETAG = re.compile(r'"[!#-~]+"')
_PAGE_TYPE = re.compile(
    r"text/.*|application/(json|xml|yaml|javascript)|.*\+(json|xml)|.*mpegurl", re.DOTALL
)
# How HTML, XML and JSON begin; no format of videos or images does.
_PAGE = re.compile(
    rb'(\xef\xbb\xbf)?\s*(<[!?a-z]|[{[]\s*["{}\]\d-]|(null|true|false|"[^"]*")\s*\Z|\Z)',
    re.IGNORECASE,
)
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_HEAD = 1024


@dataclass(slots=True)
class _Part:
    """What there is of the file so far.

    Attributes:
        path: The target.
        file: Where it is written to.
        have: Bytes written.
        total: Bytes of the whole, or None where the server does not say.
        mark: The strong ETag of this version of the file, or None: then it can't be gone on with.
        deadline: When it has to be over, on the settings' clock, or None.
    """

    path: Path
    file: IO[bytes]
    have: int = 0
    total: int | None = None
    mark: str | None = None
    deadline: float | None = None


def download(
    settings: Settings,
    source: Task | str | Iterable[Task | str],
    target: str | Path,
    *,
    result: int,
    overwrite: bool,
    allow_internal: bool,
    timeout: float | None,
    on_bytes: OnBytes | None,
) -> Plan[Path | list[Path]]:
    """Save a result, or all results of tasks. See Videos.download."""
    access = _Access(settings, allow_internal)
    checked_limit(timeout)

    def save(url: str, path: Path, task_id: str | None) -> Plan[Path]:
        try:
            return (yield from _save(settings, url, path, access, overwrite, timeout, on_bytes))
        except FoxAPIError as error:
            if task_id is not None:
                error.concerns(task_id)
            raise

    if isinstance(source, str) and "://" in source:
        return (yield from save(source, _path(target), None))
    if isinstance(source, str):
        from foxapi_video import calls

        source = yield from calls.get(settings, source)
    if isinstance(source, Task):
        urls = _links(source)
        if result not in range(len(urls)):
            has = "result 0 only" if len(urls) == 1 else f"results 0 to {len(urls) - 1}"
            raise _of(source, f"has {has}, and no result {result!r}")
        return (yield from save(urls[result], _path(target), source.id))
    folder = _path(target)
    # What one task lacks does not keep the others from being saved: links end after a day.
    problems: list[FoxAPIError] = []
    wanted = _names((yield from _linked(settings, source, problems)))
    if wanted or not problems:
        yield from _on_disk(folder, lambda: folder.mkdir(parents=True, exist_ok=True))
    saved: list[Path] = []
    for name, (task_id, url) in wanted.items():
        path = folder / name
        # A file has its name only when it is complete, so it was saved by an earlier call: unless
        # the name stands for another id too.
        may_be_there = not overwrite and name.startswith(task_id)
        there = may_be_there and (yield from _on_disk(path, path.is_file))
        try:
            saved.append(path if there else (yield from save(url, path, task_id)))
        except DownloadError as problem:
            problems.append(problem)
    if problems:
        raise _first(problems, len(saved), folder)
    return saved


def _first(problems: list[FoxAPIError], saved: int, folder: Path) -> FoxAPIError:
    """The first of some problems, which tells of the others and of what was saved."""
    first, *others = problems
    for other in others:
        first.add_words(f"Also: {other}")
    if saved:
        first.add_words(f"The other results, {saved}, are in {folder}.")
    return first


def _linked(
    settings: Settings, source: object, problems: list[FoxAPIError]
) -> Plan[list[tuple[Task, list[str]]]]:
    """The tasks that are given, also by their ids, with their links; each task once."""
    from foxapi_video import calls

    given: list[Task | str] = []
    for each in source if isinstance(source, Iterable) else [source]:
        if not isinstance(each, Task) and not (isinstance(each, str) and "://" not in each):
            raise DownloadError(f"{each!r} is no task and no id of one")
        given.append(each)
    tasks: dict[str, tuple[Task, list[str]]] = {}
    for one in given:
        if calls.id_of(one) in tasks:
            continue
        try:
            task = one if isinstance(one, Task) else (yield from calls.get(settings, one))
            tasks[task.id] = task, _links(task)
        except (DownloadError, NotFoundError) as problem:
            problems.append(problem)
    return list(tasks.values())


def _names(found: list[tuple[Task, list[str]]]) -> dict[str, tuple[str, str]]:
    """The id of the task and the link of each file, by the name that it is to have."""
    names: dict[str, tuple[str, str]] = {}
    for task, urls in found:
        stem = _NO_NAME.sub("_", task.id).strip("._")[:_MOST_OF_STEM] or "task"
        for number, url in enumerate(urls):
            ending = _ENDING.search(url.partition("?")[0].partition("#")[0])
            numbered = stem if len(urls) == 1 else f"{stem}-{number}"
            while (name := numbered + (ending[0] if ending else ".mp4")) in names:
                if names[name] == (task.id, url):  # the same task is there twice
                    break
                numbered += "_"
            names[name] = (task.id, url)
    return names


def _path(target: str | Path) -> Path:
    try:
        return Path(target)
    except TypeError:
        raise DownloadError(f"{target!r} is no path to save to") from None


def _save(
    settings: Settings,
    url: str,
    path: Path,
    access: _Access,
    overwrite: bool,
    timeout: float | None,
    on_bytes: OnBytes | None,
) -> Plan[Path]:
    with _as_download_error(path):
        _refuse(path, overwrite)
    beside = path.with_name(f".{path.name[:_MOST_OF_NAME]}.{secrets.token_hex(4)}.part")
    try:
        # Here, not as a step: async would open it in a thread, which outlives a cancellation and
        # would leave the file behind.
        with _as_download_error(path):
            file = beside.open("x+b")
        try:
            part = _Part(path, file)
            if timeout is not None:
                part.deadline = settings.clock() + timeout
            yield from _fill(settings, part, url, access, on_bytes)
            yield from _on_disk(path, lambda: _finish(file))
        finally:
            with contextlib.suppress(OSError):  # a full disk says so again
                file.close()
        yield from _on_disk(path, lambda: _place(beside, path, overwrite))
    finally:
        with contextlib.suppress(OSError, ValueError):
            beside.unlink(missing_ok=True)
    return path


def _on_disk(path: Path, run: Callable[[], T]) -> Plan[T]:
    """What a function that uses the disk gives.

    Raises:
        DownloadError: The disk does not do it.
    """
    with _as_download_error(path):
        done: T = yield Blocking(run)
    return done


@contextlib.contextmanager
def _as_download_error(path: Path) -> Generator[None]:
    try:
        yield
    except (OSError, ValueError) as error:  # ValueError: a path that can't be one
        reason = getattr(error, "strerror", None) or str(error)
        raise DownloadError(f"{path} can't be written: {reason}") from None


def _refuse(path: Path, overwrite: bool) -> None:
    """Say that there is no place for the file before anything is asked for.

    Raises:
        DownloadError: Something is there that is not to be replaced, or can't be.
    """
    if path.is_dir():
        raise DownloadError(f"{path} is a folder; name the file to save to")
    if path.exists() and not path.is_file():
        raise DownloadError(f"{path} is a device or a pipe; name a file to save to")
    if path.exists() and not overwrite:
        raise DownloadError(f"{path} is there already; overwrite=True replaces it")


class _Access:
    """Which addresses this download may go to.

    Who has the API on a machine of their own has its files there too, so a link to an internal host
    passes then; a redirect to one never does by itself.
    """

    def __init__(self, settings: Settings, allow_internal: bool) -> None:
        self.redirects = allow_internal
        self.first = allow_internal or is_internal(parsed(settings.base_url).host)


def _links(task: Task) -> list[str]:
    """The links of a task.

    Raises:
        DownloadError: It has none.
    """
    if task.urls:
        return task.urls
    if not task.is_final:
        raise _of(task, f"is {task.status!r}: wait for it first, with tasks.wait({task.id!r})")
    if task.status != "completed":
        raise _of(task, f"{task.status}, so there is nothing to save: {task.error_message}")
    raise _of(task, "is 'completed' and has no result with a link; query it again")


def _of(task: Task, problem: str) -> DownloadError:
    error = DownloadError(f"task {task.id} {problem}")
    error.concerns(task.id)
    return error


def _fill(
    settings: Settings, part: _Part, url: str, access: _Access, on_bytes: OnBytes | None
) -> Plan[None]:
    """Get the whole file, going on after each break where it stopped."""
    policy = settings.retry_policy
    attempt = 0
    furthest = 0
    while True:
        trouble = yield from _attempt(settings, part, url, access, on_bytes)
        if trouble is None:
            return
        # A break after some progress is not held against the server. What it sends again, since it
        # began anew, is no progress: that could go on for ever.
        attempt = 0 if part.have > furthest else attempt + 1
        furthest = max(furthest, part.have)
        if attempt > policy.retries:
            raise DownloadError(f"the download broke off {attempt} times: {trouble.reason}")
        delay = policy.delay(attempt, trouble.retry_after, settings.draw)
        log.info("going on with the download at byte %d in %.1f s", part.have, delay)
        left = _left(settings, part)
        yield Sleep(delay if left is None else min(delay, left))


@dataclass(slots=True)
class _Trouble:
    """Why an attempt ended early, where it is worth another."""

    reason: str
    retry_after: float | None = None


def _attempt(
    settings: Settings, part: _Part, url: str, access: _Access, on_bytes: OnBytes | None
) -> Plan[_Trouble | None]:
    try:
        outcome = yield from _open(settings, part, url, access)
        if isinstance(outcome, Failure):
            if outcome.kind == "unusable":
                raise DownloadError(f"the link can't be used: {readable(str(outcome.error))}")
            return _Trouble(readable(str(outcome.error)) or type(outcome.error).__name__)
        if may_resend(outcome.status):
            return _Trouble(f"status {outcome.status}", retry_after(outcome.headers))
        if not (yield from _start(part, outcome)):
            return _Trouble("the server has another part of the file, or another file, now")
        return (yield from _copy(settings, part, on_bytes))
    finally:
        yield Close()


def _open(settings: Settings, part: _Part, url: str, access: _Access) -> Plan[Outcome]:
    """Open the link, following redirects to addresses that may be gone to."""
    headers = {"Accept": "*/*", "Accept-Encoding": "identity"}
    if part.have and part.mark:
        headers["Range"] = f"bytes={part.have}-"
        headers["If-Range"] = part.mark
    allowed = access.first
    for _ in range(_MOST_REDIRECTS + 1):
        check_peer = yield from admit(url, allow_internal=allowed)
        outcome: Outcome = yield Open(url, headers, _timeout(settings, part), check_peer)
        location = outcome.headers.get("location") if isinstance(outcome, Answer) else None
        if not isinstance(outcome, Answer) or not 300 <= outcome.status < 400 or not location:
            return outcome
        yield Close()
        allowed = access.redirects
        try:
            url = str(httpx.URL(url).join(location))
        except (httpx.InvalidURL, ValueError):
            raise DownloadError("the server redirects to what is not an address") from None
    raise DownloadError(f"the link redirects more than {_MOST_REDIRECTS} times")


def _start(part: _Part, answer: Answer) -> Plan[bool]:
    """Get ready to write what an answer brings; whether it is what was asked for.

    Raises:
        DownloadError: The link does not work, and will not.
    """
    headers = answer.headers
    if answer.status in _GONE:
        raise LinkExpired(
            f"the link no longer works (status {answer.status}): links are valid for 24 hours "
            "after the task completed; query the task again in case it has a new one"
        )
    if answer.status not in (200, 206, 416) or (answer.status != 200 and not part.have):
        raise DownloadError(f"the link answers with status {answer.status}")
    if headers.get("content-encoding", "identity").lower() not in ("identity", ""):
        raise DownloadError("the server compresses the file, though it was asked not to")
    if answer.status == 206:
        found = _CONTENT_RANGE.fullmatch(headers.get("content-range", ""))
        total = int(found[3]) if found else None
        fits = found is not None and int(found[1]) == part.have and part.total in (None, total)
        # Not every server heeds If-Range.
        if fits and part.mark and headers.get("etag") == part.mark:
            part.total = total
            return True
    # The whole again, or another file: from the start.
    if part.have:
        yield from _on_disk(part.path, lambda: _empty(part.file))
    part.have = 0
    part.total = part.mark = None
    if answer.status != 200:
        return False
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if _PAGE_TYPE.fullmatch(kind):
        raise DownloadError(f"the link leads to a page ({readable(kind, 80)}), not to a result")
    length = headers.get("content-length", "")
    if length.isascii() and length.isdigit() and "transfer-encoding" not in headers:
        part.total = int(length[:18])
    etag = headers.get("etag", "")
    part.mark = etag if _STRONG_ETAG.fullmatch(etag) else None
    return True


def _copy(settings: Settings, part: _Part, on_bytes: OnBytes | None) -> Plan[_Trouble | None]:
    while True:
        data: bytes | Failure = yield Read(_timeout(settings, part))
        if isinstance(data, Failure):
            return _Trouble(readable(str(data.error)) or type(data.error).__name__)
        if not data:
            break
        yield from _on_disk(part.path, partial(part.file.write, data))
        part.have += len(data)
        if part.total is not None and part.have > part.total:
            raise DownloadError(f"the server sends more than the {part.total} bytes of the file")
        if on_bytes is not None:
            on_bytes(part.have, part.total)
    if part.total is not None and part.have < part.total:
        return _Trouble(f"it ended at byte {part.have} of {part.total}")
    return None


def _left(settings: Settings, part: _Part) -> float | None:
    """Seconds left for the download as a whole, or None for no limit.

    Raises:
        DownloadError: There are none.
    """
    if part.deadline is None:
        return None
    left = part.deadline - settings.clock()
    if left <= 0:
        raise DownloadError(f"the download was not complete in time; it had {part.have} bytes")
    return left


def _timeout(settings: Settings, part: _Part) -> float | None:
    limits = [limit for limit in (settings.timeout, _left(settings, part)) if limit is not None]
    return min(limits, default=None)


def _empty(file: IO[bytes]) -> None:
    file.seek(0)
    file.truncate()


def _finish(file: IO[bytes]) -> None:
    """See that what came can be a result, whatever type it was said to be, and have it on the disk.

    Raises:
        DownloadError: It is empty, or a page.
    """
    file.seek(0)
    head = file.read(_HEAD)
    if not head:
        raise DownloadError("the link leads to an empty file")
    if head.startswith(_UTF_16):
        head = head.decode("utf-16", "replace").encode()
    if _PAGE.match(head):
        raise DownloadError("the link leads to a page or to an error in JSON, not to a result")
    file.flush()
    os.fsync(file.fileno())
    file.close()


def _place(made: Path, target: Path, overwrite: bool) -> None:
    """Give the complete file its name, in one step.

    Raises:
        DownloadError: A file of that name has come up meanwhile, and is not to be replaced.
    """
    if overwrite:
        os.replace(made, target)
        return
    try:
        os.link(made, target)
    except FileExistsError:
        raise DownloadError(f"{target} is there already; overwrite=True replaces it") from None
    except OSError:  # a file system without links
        if target.exists():
            raise DownloadError(f"{target} is there already; overwrite=True replaces it") from None
        os.replace(made, target)
