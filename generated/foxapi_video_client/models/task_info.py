from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ..types import UNSET, Model, Unset


@dataclass(kw_only=True, repr=False, slots=True)
class TaskInfo(Model):
    """What is known of a running task. The pages show its members in their samples only.

    Attributes:
        can_cancel: Whether the task can still be cancelled.
        estimated_time: Seconds it will take.
        additional_properties: Members that the documentation does not list, as they came.
    """

    can_cancel: bool | Unset = UNSET
    estimated_time: int | Unset = UNSET
    additional_properties: dict[str, Any] = field(default_factory=dict)
