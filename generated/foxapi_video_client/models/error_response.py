from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ..types import UNSET, Model, Unset

if TYPE_CHECKING:
    from ..models.error_detail import ErrorDetail


@dataclass(kw_only=True, repr=False, slots=True)
class ErrorResponse(Model):
    """The body of every refusal.

    Documentation page: error-codes.

    Attributes:
        error: What was wrong.
        additional_properties: Members that the documentation does not list, as they came.
    """

    error: ErrorDetail | Unset = field(default=UNSET, metadata={"model": "ErrorDetail"})
    additional_properties: dict[str, Any] = field(default_factory=dict)
