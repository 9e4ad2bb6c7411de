from __future__ import annotations

from dataclasses import dataclass

from ..types import UNSET, Model, Unset


@dataclass(kw_only=True, repr=False, slots=True)
class FileUrlUpload(Model):
    """A file that the service fetches.

    Documentation page: file-upload.

    Attributes:
        file_url: Where to fetch the file.
        file_name: The name to store it under.
        auto_cleanup: Whether older files may be deleted to make room. The service takes True
            when it is left out.
    """

    file_url: str
    file_name: str | Unset = UNSET
    auto_cleanup: bool | Unset = UNSET
