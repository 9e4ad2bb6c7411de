"""Files of this machine in a request, where an address is wanted: uploaded first, then named."""

from __future__ import annotations

import copy
import os
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, TypeAlias, TypeGuard

from foxapi_video import calls, checking
from foxapi_video.errors import APITimeoutError, FoxAPIError, InvalidRequest
from foxapi_video.json_values import shortened
from foxapi_video.settings import changed
from foxapi_video.steps import Blocking, Call, Plan
from foxapi_video.tasks import Task, readable
from foxapi_video.violations import Violation, takes_address
from foxapi_video_client.types import Model

if TYPE_CHECKING:
    from foxapi_video.settings import Settings

LocalFile: TypeAlias = "os.PathLike[str] | IO[bytes]"


def create(
    settings: Settings,
    body: Model | Mapping[str, Any],
    extra_body: Mapping[str, Any] | None = None,
) -> Plan[Task]:
    """Upload the files that a request holds, and start the generation. See Videos.create."""
    found, extra = _fields_with_files(body), _fields_with_files(extra_body)
    if not found and not extra:
        return (yield from calls.create(settings, body, extra_body))
    if settings.check:
        _check_fields(found, body)
    files = dict([*_files(found), *_files(extra)])

    def named(addresses: dict[Hashable, str]) -> tuple[Any, Any]:
        return _named(body, found, addresses), _named(extra_body, extra, addresses)

    # All that can be wrong is found before anything is uploaded.
    stand_ins = {key: f"https://example.com/{number}" for number, key in enumerate(files)}
    call = calls.create_call(settings, *checking.encode(*named(stand_ins), checks=settings.check))
    from foxapi_video import uploads  # most requests hold no file

    ends_at = None if settings.deadline is None else settings.clock() + settings.deadline
    opened = yield Blocking(lambda: _open(files))
    addresses: dict[Hashable, str] = {}
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


def _fields_with_files(body: object) -> dict[str, Any]:
    """The fields of a body that hold files, with their values."""
    if isinstance(body, Model):
        values = body.to_dict()
    elif isinstance(body, Mapping):
        values = dict(body)
    else:
        return {}
    return {
        name: value
        for name, value in values.items()
        if not isinstance(value, str)
        and (any(map(_is_file, value)) if isinstance(value, list | tuple) else _is_file(value))
    }


def _check_fields(found: dict[str, Any], body: object) -> None:
    """See that the files are where an address is wanted.

    Raises:
        InvalidRequest: One is in another field.
    """
    model = body.get("model") if isinstance(body, Mapping) else getattr(body, "model", None)
    variants = checking.index().get(model, []) if isinstance(model, str) else []
    schemas = [checking.schema(variant)["properties"] for variant in variants]
    addresses = {
        name for schema in schemas for name, field in schema.items() if takes_address(field)
    }
    # Which fields are addresses of a model that is not known here can't be told.
    wrong = set(found) - addresses if schemas else set()
    allowed = ", ".join(sorted(addresses)) or "no field"
    problem = f"takes no file; of this model, {allowed} can be a file of this machine"
    if wrong:
        raise InvalidRequest(
            [
                Violation(name, "no file", shortened(found[name]), None, problem)
                for name in found
                if name in wrong
            ]
        )


def _is_file(value: object) -> TypeGuard[LocalFile]:
    return isinstance(value, os.PathLike) or hasattr(value, "read")


def _key(file: LocalFile) -> Hashable:
    """The same for the same file."""
    return Path(os.fsdecode(file)).absolute() if isinstance(file, os.PathLike) else id(file)


def _files(found: dict[str, Any]) -> Iterator[tuple[Hashable, tuple[str, LocalFile]]]:
    """Each file with its key, and a place in the body where it is."""
    for name, value in found.items():
        if not isinstance(value, list | tuple):
            yield _key(value), (name, value)
            continue
        for number, item in enumerate(value):
            if _is_file(item):
                yield _key(item), (f"{name}[{number}]", item)


def _named(
    body: Model | Mapping[str, Any] | None, found: dict[str, Any], addresses: dict[Hashable, str]
) -> Model | Mapping[str, Any] | None:
    """The body with an address in the place of each file."""

    def named(value: Any) -> Any:
        if isinstance(value, list | tuple):
            return [named(item) for item in value]
        return addresses[_key(value)] if _is_file(value) else value

    changed = {name: named(value) for name, value in found.items()}
    if body is None or not changed:
        return body
    if isinstance(body, Mapping):
        return {**body, **changed}
    made = copy.copy(body)  # of its own class, which says the variant
    for field in fields(type(body)):
        name = field.metadata.get("name", field.name)
        if name in changed:
            setattr(made, field.name, changed[name])
    return made


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
