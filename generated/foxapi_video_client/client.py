"""The connection that every operation takes."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

import httpx


@dataclass(kw_only=True, slots=True)
class Client:
    """Where the API is and who asks.

    A child of a fork has httpx clients of its own; a transport in httpx_args is yours to make anew.

    Attributes:
        base_url: The address of the API.
        token: The API key, sent as a bearer token. It shows in no repr.
        timeout: Seconds to wait to connect, and then for each part of the answer.
        headers: Further headers of every request.
        httpx_args: Further arguments of httpx.Client and httpx.AsyncClient, such as transport or verify.
        raise_on_unexpected_status: Whether a status that is not documented raises UnexpectedStatus.
    """

    base_url: str
    token: str | None = field(default=None, repr=False)
    timeout: float | httpx.Timeout = 60.0
    headers: dict[str, str] = field(default_factory=dict, repr=False)
    httpx_args: dict[str, Any] = field(default_factory=dict, repr=False)
    raise_on_unexpected_status: bool = False
    _httpx: dict[int, httpx.Client] = field(default_factory=dict, init=False, repr=False)
    _async_httpx: dict[int, httpx.AsyncClient] = field(default_factory=dict, init=False, repr=False)

    def get_httpx_client(self) -> httpx.Client:
        """The httpx client of this connection and process, made on first use."""
        process = os.getpid()
        if process not in self._httpx:
            self._httpx[process] = httpx.Client(**self._arguments())
        return self._httpx[process]

    def get_async_httpx_client(self) -> httpx.AsyncClient:
        """The asynchronous httpx client of this connection and process, made on first use."""
        process = os.getpid()
        if process not in self._async_httpx:
            self._async_httpx[process] = httpx.AsyncClient(**self._arguments())
        return self._async_httpx[process]

    def _arguments(self) -> dict[str, Any]:
        headers = dict(self.headers)
        if self.token is not None:
            headers["Authorization"] = f"Bearer {self.token}"
        return {
            "base_url": self.base_url,
            "timeout": self.timeout,
            "headers": headers,
            **self.httpx_args,
        }

    def __enter__(self) -> Self:
        self.get_httpx_client().__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.get_httpx_client().__exit__(kind, error, traceback)
        del self._httpx[os.getpid()]

    async def __aenter__(self) -> Self:
        await self.get_async_httpx_client().__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.get_async_httpx_client().__aexit__(kind, error, traceback)
        del self._async_httpx[os.getpid()]
