"""The FoxAPI video API, generated from openapi.yaml: a model per request variant and a module per operation."""

from .client import Client
from .errors import UnexpectedStatus
from .types import UNSET, File, Response, Unset

__all__ = ["UNSET", "Client", "File", "Response", "UnexpectedStatus", "Unset"]
