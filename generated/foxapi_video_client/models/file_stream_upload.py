from __future__ import annotations

from dataclasses import dataclass

from ..types import UNSET, File, Model, Unset


@dataclass(kw_only=True, repr=False, slots=True)
class FileStreamUpload(Model):
    """A file, as a form sends it.

    Documentation page: file-upload.

    Attributes:
        file: The bytes of the file.
        file_name: The name to store it under.
        auto_cleanup: Whether older files may be deleted to make room. The service takes True
            when it is left out.
    """

    file: File
    file_name: str | Unset = UNSET
    auto_cleanup: bool | Unset = UNSET
