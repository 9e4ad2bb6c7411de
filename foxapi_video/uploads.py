"""The plans of the three uploads: a file of this machine, base64 text, a file behind an address."""

from __future__ import annotations

import io
import mimetypes
from collections.abc import Callable
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from foxapi_video import calls
from foxapi_video.errors import InvalidRequest
from foxapi_video.steps import Blocking, Call, Plan
from foxapi_video.tasks import StoredFile
from foxapi_video.violations import Violation, shortened
from foxapi_video_client.api.files import (
    upload_file_base_64,
    upload_file_stream,
    upload_file_url,
)
from foxapi_video_client.models import FileBase64Upload, FileStreamUpload, FileUrlUpload
from foxapi_video_client.types import UNSET, File, Unset

if TYPE_CHECKING:
    from foxapi_video.settings import Settings

_PAGE = "file-upload"


def upload(
    settings: Settings,
    file: str | Path | bytes | IO[bytes],
    *,
    file_name: str | None,
    auto_cleanup: bool | None,
) -> Plan[StoredFile]:
    """Upload a file of this machine. See Files.upload."""
    stream, own_name = yield Blocking(_opener(file))
    try:
        name = file_name or own_name
        body = FileStreamUpload(
            file=File(payload=stream, file_name=name, mime_type=_media_type(name)),
            file_name=_given(file_name),
            auto_cleanup=_given(auto_cleanup),
        )
        kwargs = upload_file_stream.get_kwargs(body=body)
        call = calls.make_call(
            settings, kwargs["method"], kwargs["url"], arguments={"files": kwargs["files"]}
        )
        return (yield from _stored(settings, call))
    finally:
        if stream is not file:
            stream.close()


def upload_base64(
    settings: Settings, file_data: str, *, file_name: str | None, auto_cleanup: bool | None
) -> Plan[StoredFile]:
    """Upload base64 text. See Files.upload_base64."""
    body = FileBase64Upload(
        file_data=_text("file_data", file_data),
        file_name=_given(file_name),
        auto_cleanup=_given(auto_cleanup),
    )
    return (yield from _json(settings, upload_file_base_64.get_kwargs(body=body)))


def upload_url(
    settings: Settings, file_url: str, *, file_name: str | None, auto_cleanup: bool | None
) -> Plan[StoredFile]:
    """Upload a file behind an address. See Files.upload_url."""
    body = FileUrlUpload(
        file_url=_text("file_url", file_url),
        file_name=_given(file_name),
        auto_cleanup=_given(auto_cleanup),
    )
    return (yield from _json(settings, upload_file_url.get_kwargs(body=body)))


def _json(settings: Settings, kwargs: dict[str, Any]) -> Plan[StoredFile]:
    arguments = {"json": kwargs["json"]}
    call = calls.make_call(settings, kwargs["method"], kwargs["url"], arguments=arguments)
    return (yield from _stored(settings, call))


def _stored(settings: Settings, call: Call) -> Plan[StoredFile]:
    answer = yield from calls.exchange(settings, call)
    return calls.read(settings, call, answer, StoredFile.from_dict)


def _opener(file: str | Path | bytes | IO[bytes]) -> Callable[[], tuple[IO[bytes], str]]:
    """What opens a file and tells its name; each attempt then reads it from its start."""

    def open_it() -> tuple[IO[bytes], str]:
        if isinstance(file, str | Path):
            path = Path(file)
            try:
                return path.open("rb"), path.name
            except OSError as error:
                problem = f"{path} can't be read: {error.strerror}"
                raise InvalidRequest(
                    [Violation("file", "a file that can be read", str(path), _PAGE, problem)]
                ) from None
        if isinstance(file, bytes):
            return io.BytesIO(file), "file"
        if not file.seekable():
            return io.BytesIO(file.read()), _stream_name(file)
        return file, _stream_name(file)

    return open_it


def _stream_name(stream: IO[bytes]) -> str:
    name = getattr(stream, "name", None)
    return Path(name).name if isinstance(name, str) else "file"


def _media_type(name: str) -> str:
    return mimetypes.guess_type(name)[0] or "application/octet-stream"


def _given(value: Any) -> Any | Unset:
    return UNSET if value is None else value


def _text(field: str, value: object) -> str:
    if not isinstance(value, str):
        problem = f"{shortened(value)} is not text"
        raise InvalidRequest([Violation(field, "text", shortened(value), _PAGE, problem)])
    return value
