from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ..types import UNSET, Model, Unset


@dataclass(kw_only=True, repr=False, slots=True)
class UploadedFile(Model):
    """A stored file.

    Documentation page: file-upload.

    Attributes:
        id: The id of the file.
        filename: The name it is stored under.
        url: The public address that a request can name.
        size: Bytes.
        created: When it was stored, in Unix seconds.
        additional_properties: Members that the documentation does not list, as they came.
    """

    id: str | Unset = UNSET
    filename: str | Unset = UNSET
    url: str | Unset = UNSET
    size: int | Unset = UNSET
    created: int | Unset = UNSET
    additional_properties: dict[str, Any] = field(default_factory=dict)
