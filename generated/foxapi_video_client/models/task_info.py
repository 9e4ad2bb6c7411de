from __future__ import annotations

from typing import Any

from attrs import define, field

from ..types import UNSET, Model, Unset


@define(kw_only=True, repr=False)
class TaskInfo(Model):
    """What is known of a running task. The pages show its members in their samples only.

    Attributes:
        can_cancel: Whether the task can still be cancelled.
        estimated_time: Seconds it will take.
        additional_properties: Members that the documentation does not list, as they came.
    """

    can_cancel: bool | Unset = UNSET
    estimated_time: int | Unset = UNSET
    additional_properties: dict[str, Any] = field(factory=dict)
