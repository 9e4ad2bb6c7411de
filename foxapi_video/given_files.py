"""Files of this machine in a request: where they are, and addresses in their place."""

from __future__ import annotations

import copy
import os
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import IO, Any, TypeAlias, TypeGuard

from foxapi_video.json_values import readable
from foxapi_video_client.types import Model

LocalFile: TypeAlias = "os.PathLike[str] | IO[bytes]"


def fields_with_files(body: object) -> dict[str, Any]:
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
        and (any(map(is_file, value)) if isinstance(value, list | tuple) else is_file(value))
    }


def is_file(value: object) -> TypeGuard[LocalFile]:
    """Whether it is a path or an open file; a text is neither."""
    return isinstance(value, os.PathLike) or hasattr(value, "read")


def _key(file: LocalFile) -> Hashable:
    """The same for the same file."""
    return Path(os.fsdecode(file)).absolute() if isinstance(file, os.PathLike) else id(file)


def files_of(found: dict[str, Any]) -> Iterator[tuple[Hashable, tuple[str, LocalFile]]]:
    """Each file with its key, and a place in the body where it is."""
    for name, value in found.items():
        if not isinstance(value, list | tuple):
            yield _key(value), (name, value)
            continue
        for number, item in enumerate(value):
            if is_file(item):
                yield _key(item), (f"{name}[{number}]", item)


def with_addresses(
    body: Model | Mapping[str, Any] | None, found: dict[str, Any], addresses: dict[Hashable, str]
) -> Model | Mapping[str, Any] | None:
    """The body with an address in the place of each file."""

    def named(value: Any) -> Any:
        if isinstance(value, list | tuple):
            return [named(item) for item in value]
        return addresses[_key(value)] if is_file(value) else value

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


def stand_ins(
    files: dict[Hashable, tuple[str, LocalFile]],
) -> tuple[dict[Hashable, str], dict[str, str]]:
    """An address for each file, to judge a request by before it is uploaded.

    Returns:
        The address of each file, and of each address what to call it to people.
    """
    addresses = {key: f"https://example.com/a-local-file-{n}" for n, key in enumerate(files)}
    shown = {addresses[key]: f"the file {_name_of(file)}" for key, (_, file) in files.items()}
    return addresses, shown


def _name_of(file: LocalFile) -> str:
    name = file if isinstance(file, os.PathLike) else getattr(file, "name", None)
    if not isinstance(name, str | os.PathLike):
        return "that was opened"
    return readable(Path(os.fsdecode(name)).name, 100) or "that was opened"
