from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ..types import UNSET, Model, Unset


@dataclass(kw_only=True, repr=False, slots=True)
class TaskResult(Model):
    """One thing that a task made. Models add members of their own.

    Documentation page: get-task-detail.

    Attributes:
        url: Where to fetch it. Valid for 24 hours.
        width: The width of the picture.
        height: The height of the picture.
        duration: The length of the video.
        additional_properties: Members that the documentation does not list, as they came.
    """

    url: str | Unset = UNSET
    width: Any | Unset = UNSET
    height: Any | Unset = UNSET
    duration: Any | Unset = UNSET
    additional_properties: dict[str, Any] = field(default_factory=dict)
