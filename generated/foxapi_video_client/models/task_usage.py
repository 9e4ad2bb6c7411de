from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ..types import UNSET, Model, Unset


@dataclass(kw_only=True, repr=False, slots=True)
class TaskUsage(Model):
    """What a task costs.

    Documentation page: get-task-detail.

    Attributes:
        credits_reserved: Credits set aside for the task.
        user_group: The price group of the account.
        additional_properties: Members that the documentation does not list, as they came.
    """

    credits_reserved: float | Unset = UNSET
    user_group: str | Unset = UNSET
    additional_properties: dict[str, Any] = field(default_factory=dict)
