from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ..types import UNSET, Model, Unset

if TYPE_CHECKING:
    from ..models.error_detail_type import ErrorDetailType


@dataclass(kw_only=True, repr=False, slots=True)
class ErrorDetail(Model):
    """What was wrong.

    Documentation page: error-codes.

    Attributes:
        message: What was wrong, for people.
        type_: The kind of error. Each status has one.
        code: What was wrong, for programs, on some refusals. The page gives no type.
        additional_properties: Members that the documentation does not list, as they came.
    """

    message: str | Unset = UNSET
    type_: ErrorDetailType | str | Unset = field(default=UNSET, metadata={"name": "type"})
    code: Any | Unset = UNSET
    additional_properties: dict[str, Any] = field(default_factory=dict)
