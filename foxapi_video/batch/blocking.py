"""The same batch for programs without asyncio: each call runs an event loop of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from foxapi_video.async_client import AsyncFoxAPI
from foxapi_video.batch.async_batch import AsyncBatch, Confirm
from foxapi_video.batch.database import Database
from foxapi_video.batch.pace import Limits
from foxapi_video.batch.status import Order, Status
from foxapi_video.errors import ConfigurationError
from foxapi_video.tasks import Task

if TYPE_CHECKING:
    from foxapi_video_client.types import Model

T = TypeVar("T")


class Batch:
    """As AsyncBatch, blocking. Ctrl-C ends a run once what is on its way is noted."""

    def __init__(
        self,
        into: str | Path,
        *,
        client: AsyncFoxAPI | None = None,
        limits: Limits | None = None,
        check: bool = True,
        on_status: Callable[[Status], object] | None = None,
        database: Database | str | None = None,
    ) -> None:
        """Set it up. The arguments are as of AsyncBatch: many videos are made at once by asyncio,
        so the client is an AsyncFoxAPI here too."""
        self._batch = AsyncBatch(
            into,
            client=client,
            limits=limits,
            check=check,
            on_status=on_status,
            database=database,
        )

    @property
    def folder(self) -> Path:
        """The folder."""
        return self._batch.folder

    def check(self, requests: Iterable[Any], *, unique: bool = False) -> Order:
        """As AsyncBatch.check."""
        return _finished(self._batch.check(requests, unique=unique))

    def run(
        self,
        requests: Iterable[Mapping[str, Any] | Model] | None = None,
        *,
        unique: bool = False,
        confirm: Confirm | None = None,
    ) -> Status:
        """As AsyncBatch.run."""
        return _finished(self._batch.run(requests, unique=unique, confirm=confirm))

    def status(self) -> Status:
        """As AsyncBatch.status."""
        return _finished(self._batch.status())

    def retry(self, *, failed: bool = False, unknown: bool = False) -> int:
        """As AsyncBatch.retry."""
        return _finished(self._batch.retry(failed=failed, unknown=unknown))

    def settle(
        self, custom_id: str, *, task_id: str | None = None, not_created: bool = False
    ) -> Task | None:
        """As AsyncBatch.settle."""
        return _finished(self._batch.settle(custom_id, task_id=task_id, not_created=not_created))


def _finished(work: Coroutine[Any, Any, T]) -> T:
    """What it gives.

    Raises:
        ConfigurationError: An event loop runs here already.
    """
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(work)
    work.close()
    raise ConfigurationError("an event loop runs here: await the calls of AsyncBatch instead")
