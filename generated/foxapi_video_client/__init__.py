"""The FoxAPI video API, generated from openapi.yaml: a model per request variant and a module per operation."""

from typing import TYPE_CHECKING, Any

from .types import UNSET, File, Response, Unset

if TYPE_CHECKING:
    from .client import Client
    from .errors import UnexpectedStatus

__all__ = ["UNSET", "Client", "File", "Response", "UnexpectedStatus", "Unset"]


def __getattr__(name: str) -> Any:
    # Only who makes calls with this package by itself needs them.
    if name == "Client":
        from .client import Client

        return Client
    if name == "UnexpectedStatus":
        from .errors import UnexpectedStatus

        return UnexpectedStatus
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
