"""Files of this machine in a request, where an address is wanted: uploaded first, then named."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import replace
from typing import IO, TYPE_CHECKING, Any

from foxapi_video import calls, checking
from foxapi_video.errors import APITimeoutError, FoxAPIError, InvalidRequest
from foxapi_video.given_files import (
    LocalFile,
    fields_with_files,
    files_of,
    stand_ins,
    with_addresses,
)
from foxapi_video.json_values import readable
from foxapi_video.settings import changed
from foxapi_video.steps import Blocking, Call, Plan
from foxapi_video.tasks import Task
from foxapi_video.violations import saying

if TYPE_CHECKING:
    from foxapi_video.settings import Settings
    from foxapi_video_client.types import Model


def create(
    settings: Settings,
    body: Model | Mapping[str, Any],
    extra_body: Mapping[str, Any] | None = None,
) -> Plan[Task]:
    """Upload the files that a request holds, and start the generation. See Videos.create."""
    found, extra = fields_with_files(body), fields_with_files(extra_body)
    if not found and not extra:
        return (yield from calls.create(settings, body, extra_body))
    elsewhere = checking.files_elsewhere(body, found) if settings.check else []
    if elsewhere:
        raise InvalidRequest(elsewhere)
    files = dict([*files_of(found), *files_of(extra)])

    def named(addresses: dict[Hashable, str]) -> tuple[Any, Any]:
        return (
            with_addresses(body, found, addresses),
            with_addresses(extra_body, extra, addresses),
        )

    # All that can be wrong is found before anything is uploaded.
    addresses, shown = stand_ins(files)
    try:
        encoded = checking.encode(*named(addresses), checks=settings.check)
    except InvalidRequest as error:
        raise InvalidRequest([saying(each, shown) for each in error.violations]) from None
    call = calls.create_call(settings, *encoded)
    from foxapi_video import uploads  # most requests hold no file

    ends_at = None if settings.deadline is None else settings.clock() + settings.deadline
    opened = yield Blocking(lambda: _open(files))
    addresses = {}
    try:
        for key, (stream, name) in opened.items():
            # A stream that can be read only once was read by now, and has lost its name.
            file_name = None if getattr(stream, "name", None) else name
            stored = yield from uploads.upload(
                _in_time(settings, ends_at, call), stream, file_name=file_name, auto_cleanup=False
            )
            addresses[key] = stored.url
        return (yield from calls.create(_in_time(settings, ends_at, call), *named(addresses)))
    except BaseException as error:
        if addresses:
            tell = error.add_words if isinstance(error, FoxAPIError) else error.add_note
            tell(_in_words(opened, addresses))
        raise
    finally:
        for key, (stream, _) in opened.items():
            if stream is not files[key][1]:
                stream.close()


def _in_time(settings: Settings, ends_at: float | None, call: Call) -> Settings:
    """The settings for what is left of a deadline that uploads and the create call share.

    Raises:
        APITimeoutError: Nothing is left of it.
    """
    if ends_at is None:
        return settings
    left = ends_at - settings.clock()
    if left <= 0:
        raise APITimeoutError(
            f"deadline={settings.deadline:g} was over before the create call was sent: the uploads "
            "took as long",
            request=call.sent,
        )
    return changed(settings, deadline=left)


def _open(
    files: dict[Hashable, tuple[str, LocalFile]],
) -> dict[Hashable, tuple[IO[bytes], str]]:
    """Open the files, or none of them.

    Raises:
        InvalidRequest: One can't be read.
    """
    from foxapi_video import uploads

    opened: dict[Hashable, tuple[IO[bytes], str]] = {}
    try:
        for key, (place, file) in files.items():
            try:
                opened[key] = uploads.opener(file)()
            except InvalidRequest as error:
                named = [replace(violation, field=place) for violation in error.violations]
                raise InvalidRequest(named) from None
    except InvalidRequest:
        for key, (stream, _) in opened.items():
            if stream is not files[key][1]:
                stream.close()
        raise
    return opened


def _in_words(opened: dict[Hashable, tuple[IO[bytes], str]], addresses: dict[Hashable, str]) -> str:
    shown = [
        f"{readable(opened[key][1])} as {readable(url, 4096)}" for key, url in addresses.items()
    ]
    return f"Uploaded before: {', '.join(shown)}."
