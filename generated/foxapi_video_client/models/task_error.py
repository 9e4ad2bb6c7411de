from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ..types import UNSET, Model, Unset


@dataclass(kw_only=True, repr=False, slots=True)
class TaskError(Model):
    """Why a task failed.

    Documentation page: get-task-detail.

    Attributes:
        code: What went wrong, for programs. The page gives no type.
        message: What went wrong, for people.
        additional_properties: Members that the documentation does not list, as they came.
    """

    code: Any | Unset = UNSET
    message: str | Unset = UNSET
    additional_properties: dict[str, Any] = field(default_factory=dict)
