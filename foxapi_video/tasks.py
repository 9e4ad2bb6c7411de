"""What the server tells: a task and a stored file, read from answers that nobody vouches for.

The generated models say what an answer should be; these say what can be relied on. A member of
another JSON type than the documented one reads as None, and everything survives in `raw`.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from foxapi_video.errors import InvalidData
from foxapi_video.json_values import is_id, is_list, is_name, is_object, member, request_id_of
from foxapi_video.json_values import readable as readable

if TYPE_CHECKING:
    from foxapi_video_client.models import TaskDetail

FINAL = frozenset({"completed", "failed", "cancelled"})
KNOWN = FINAL | {"pending", "processing"}
UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True, slots=True)
class Task:
    """The generation of a video. Documentation page: get-task-detail.

    It can be pickled, stored as `to_dict` gives it, and used in sets: its hash is that of its id.

    Attributes:
        id: The id to query it with.
        status: pending, processing, completed, failed, cancelled, or whatever else the server says;
            "unknown" where it says none.
        progress: Percent done, as the server counts it, or None.
        model: The model, or None.
        created: When it was created, in Unix seconds, or None.
        estimated_time: Seconds it will take, or None.
        results: What it made: objects as they came, most with `url`.
        error_code: Why it failed, for programs, of any JSON type, or None.
        error_message: Why it failed, for people, or None.
        raw: The whole answer as it came, but for the API key, should the server have echoed it.
        headers: The HTTP headers that it came with, their names in lower case; none once it was
            stored by to_dict.
    """

    id: str
    status: str
    progress: int | None = None
    model: str | None = field(default=None, repr=False)
    created: int | None = field(default=None, repr=False)
    estimated_time: float | None = field(default=None, repr=False)
    results: tuple[dict[str, Any], ...] = field(default=(), repr=False)
    error_code: Any = field(default=None, repr=False)
    error_message: str | None = field(default=None, repr=False)
    raw: dict[str, Any] = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict[str, str], repr=False, compare=False)

    def __hash__(self) -> int:
        return hash(self.id)

    @property
    def request_id(self) -> str | None:
        """The id that the server gave the request, for its support, or None."""
        return request_id_of(self.headers)

    @property
    def is_final(self) -> bool:
        """Whether it ended: completed, failed or cancelled."""
        return self.status in FINAL

    @property
    def urls(self) -> list[str]:
        """The address of each result that has one, valid for 24 hours."""
        return [result["url"] for result in self.results if isinstance(result.get("url"), str)]

    @property
    def url(self) -> str | None:
        """The address of the first result, valid for 24 hours, or None."""
        return next(iter(self.urls), None)

    def to_dict(self) -> dict[str, Any]:
        """The whole answer as it came, as JSON values to store; from_dict reads it again."""
        return copy.deepcopy(self.raw)

    def to_model(self) -> TaskDetail:
        """The answer as the generated model, which does not judge its members."""
        from foxapi_video_client.models import TaskDetail

        return TaskDetail.from_dict(self.raw)

    @classmethod
    def from_dict(cls, data: object, headers: Mapping[str, str] | None = None) -> Task:
        """Read a task from JSON values.

        Args:
            data: The JSON values, as an answer has them or as to_dict gave them.
            headers: The headers that they came with.

        Raises:
            InvalidData: It is no object, or has no id.
        """
        raw = _object(data, "a task")
        identifier = _required_text(raw, "id", "a task")
        if not is_id(identifier):
            raise InvalidData(f"a task whose id can't be one: {identifier!r}")
        error = raw.get("error")
        results = raw.get("results")
        return cls(
            id=identifier,
            status=_text(raw.get("status")) or UNKNOWN,
            progress=_whole(raw.get("progress")),
            model=_text(raw.get("model")),
            created=_whole(raw.get("created")),
            estimated_time=_seconds(member(raw.get("task_info"), "estimated_time")),
            results=tuple(filter(is_object, results if is_list(results) else ())),
            error_code=member(error, "code"),
            error_message=readable(_text(member(error, "message") if is_object(error) else error)),
            raw=raw,
            headers=headers or {},
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredFile:
    """An uploaded file. Documentation page: file-upload.

    Attributes:
        url: The public address that a request can name.
        id: Its id, or None.
        filename: The name it is stored under, or None.
        size: Bytes, or None.
        created: When it was stored, in Unix seconds, or None.
        raw: The whole answer as it came, but for the API key, should the server have echoed it.
        headers: The HTTP headers that it came with, their names in lower case.
    """

    url: str
    id: str | None = None
    filename: str | None = None
    size: int | None = None
    created: int | None = None
    raw: dict[str, Any] = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict[str, str], repr=False, compare=False)

    def __hash__(self) -> int:
        return hash(self.url)

    @property
    def request_id(self) -> str | None:
        """The id that the server gave the request, for its support, or None."""
        return request_id_of(self.headers)

    @classmethod
    def from_dict(cls, data: object, headers: Mapping[str, str] | None = None) -> StoredFile:
        """Read a stored file from JSON values. The arguments are as of Task.from_dict.

        Raises:
            InvalidData: It is no object, or has no url.
        """
        raw = _object(data, "a stored file")
        return cls(
            url=_required_text(raw, "url", "a stored file"),
            id=_text(raw.get("id")),
            filename=_text(raw.get("filename")),
            size=_whole(raw.get("size")),
            created=_whole(raw.get("created")),
            raw=raw,
            headers=headers or {},
        )


def _object(data: object, what: str) -> dict[str, Any]:
    if not is_object(data):
        raise InvalidData(f"not {what}")
    return data


def _required_text(raw: dict[str, Any], name: str, what: str) -> str:
    value = _text(raw.get(name))
    if not value:
        raise InvalidData(f"{what} that has no {name}")
    if not is_name(value):
        raise InvalidData(f"{what} whose {name} can't be one")
    return value


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _whole(value: object) -> int | None:
    if isinstance(value, float):
        return int(value) if math.isfinite(value) else None
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _seconds(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        seconds = float(value)
    except OverflowError:
        return None
    return seconds if math.isfinite(seconds) and seconds >= 0 else None
