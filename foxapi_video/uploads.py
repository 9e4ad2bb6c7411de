"""The plans of the three uploads: a file of this machine, base64 text, a file behind an address."""

from __future__ import annotations

import io
import mimetypes
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from foxapi_video.errors import InvalidRequest
from foxapi_video.exchange import exchange, make_call, read
from foxapi_video.json_values import is_text, shortened
from foxapi_video.steps import Blocking, OnBytes, Plan
from foxapi_video.tasks import StoredFile
from foxapi_video.violations import Violation
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
    on_bytes: OnBytes | None = None,
) -> Plan[StoredFile]:
    """Upload a file of this machine. See Files.upload."""
    given_name = _given_text("file_name", file_name)
    stream, own_name = yield Blocking(opener(file))
    try:
        name = file_name or own_name.encode(errors="replace").decode()
        body = FileStreamUpload(
            file=File(payload=stream, file_name=name, mime_type=_media_type(name)),
            file_name=given_name,
            auto_cleanup=_given(auto_cleanup),
        )
        kwargs = upload_file_stream.get_kwargs(body=body)
        return (yield from _stored(settings, kwargs, "files", on_bytes))
    finally:
        if stream is not file:
            stream.close()


def upload_base64(
    settings: Settings, file_data: str, *, file_name: str | None, auto_cleanup: bool | None
) -> Plan[StoredFile]:
    """Upload base64 text. See Files.upload_base64."""
    body = FileBase64Upload(
        file_data=_text("file_data", file_data),
        file_name=_given_text("file_name", file_name),
        auto_cleanup=_given(auto_cleanup),
    )
    return (yield from _stored(settings, upload_file_base_64.get_kwargs(body=body), "json"))


def upload_url(
    settings: Settings, file_url: str, *, file_name: str | None, auto_cleanup: bool | None
) -> Plan[StoredFile]:
    """Upload a file behind an address. See Files.upload_url."""
    body = FileUrlUpload(
        file_url=_text("file_url", file_url),
        file_name=_given_text("file_name", file_name),
        auto_cleanup=_given(auto_cleanup),
    )
    return (yield from _stored(settings, upload_file_url.get_kwargs(body=body), "json"))


def _stored(
    settings: Settings, kwargs: dict[str, Any], body: str, on_bytes: OnBytes | None = None
) -> Plan[StoredFile]:
    """Send what the generated operation made, and read what was stored."""
    call = make_call(
        settings, kwargs["method"], kwargs["url"], arguments={body: kwargs[body]}, uploads=True
    )
    answer = yield from exchange(settings, call, on_bytes=on_bytes)
    return read(settings, call, answer, StoredFile.from_dict)


def opener(
    file: str | os.PathLike[str] | bytes | IO[bytes],
) -> Callable[[], tuple[IO[bytes], str]]:
    """What opens a file and tells its name; each attempt then reads it from its start."""

    def open_it() -> tuple[IO[bytes], str]:
        if isinstance(file, bytes | bytearray | memoryview):
            return io.BytesIO(file), "file"
        try:
            if isinstance(file, str | os.PathLike):
                path = Path(file)
                # To open a pipe may take for ever, and a device has no end.
                if not stat.S_ISREG(path.stat().st_mode) and not path.is_dir():
                    raise TypeError("it is no regular file; open it yourself, and pass that")
                if path.is_file() and not path.stat().st_size:
                    raise TypeError("it is empty")
                return path.open("rb"), path.name
            if not isinstance(file.read(0), bytes):
                raise TypeError("it is open as text: open it with mode 'rb'")
            if not file.seekable():
                return io.BytesIO(file.read()), _stream_name(file)
            return file, _stream_name(file)
        except (OSError, ValueError, TypeError, AttributeError) as error:
            shown = str(file) if isinstance(file, str | os.PathLike) else type(file).__name__
            reason = getattr(error, "strerror", None) or str(error)
            problem = f"{shown} can't be read: {reason}"
            raise InvalidRequest(
                [Violation("file", "a file that can be read", shown, _PAGE, problem)]
            ) from None

    return open_it


def _stream_name(stream: IO[bytes]) -> str:
    name = getattr(stream, "name", None)
    return Path(name).name if isinstance(name, str) else "file"


def _media_type(name: str) -> str:
    return mimetypes.guess_type(name)[0] or "application/octet-stream"


def _given(value: Any) -> Any | Unset:
    return UNSET if value is None else value


def _given_text(field: str, value: str | None) -> str | Unset:
    return UNSET if value is None else _text(field, value)


def _text(field: str, value: object) -> str:
    if not is_text(value):
        problem = f"{shortened(value)} is not text"
        raise InvalidRequest([Violation(field, "text", shortened(value), _PAGE, problem)])
    return value
