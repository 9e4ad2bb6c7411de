from __future__ import annotations

from dataclasses import dataclass

from ..types import UNSET, Model, Unset


@dataclass(kw_only=True, repr=False, slots=True)
class FileBase64Upload(Model):
    """A file as base64 text.

    Documentation page: file-upload.

    Attributes:
        file_data: The bytes of the file in base64.
        file_name: The name to store it under.
        auto_cleanup: Whether older files may be deleted to make room. The service takes True
            when it is left out.
    """

    file_data: str
    file_name: str | Unset = UNSET
    auto_cleanup: bool | Unset = UNSET
