"""A batch against the pretend API in this process, as the tests run it."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

from contract_tests.referees.samples import WORDS, saying
from foxapi_video import AsyncFoxAPI, RetryPolicy
from foxapi_video.batch import AsyncBatch, Limits, Order, Status
from foxapi_video.testing import QUICK, PretendAPI

KEY = "sk-batch-tests-0815"
SOON = RetryPolicy(retries=1, first_delay=0.001, longest_delay=0.002, longest_retry_after=0.01)


def named(*names: str) -> list[dict[str, Any]]:
    """A line for each name, which is its id and its prompt."""
    return [{"custom_id": name, "body": saying(name)} for name in names]


class Confirm:
    """Says yes or no, and keeps what it was asked.

    Attributes:
        orders: What was about to be created.
    """

    def __init__(self, answer: bool) -> None:
        self.orders: list[Order] = []
        self._answer = answer

    def __call__(self, order: Order) -> bool:
        self.orders.append(order)
        return self._answer


class Made:
    """A folder, and an API that it is made with.

    Attributes:
        api: The API.
        folder: The folder.
    """

    def __init__(self, folder: Path) -> None:
        self.api = PretendAPI()
        self.folder = folder

    def run(
        self,
        requests: Iterable[Any] | None = None,
        *,
        unique: bool = False,
        confirm: Any = None,
        client: dict[str, Any] | None = None,
        callbacks: bool = False,
        **limits: Any,
    ) -> Status:
        """Run it to its end."""

        async def main() -> Status:
            async with self.client(**client or {}) as fox:
                batch = AsyncBatch(
                    self.folder, client=fox, limits=Limits(**limits), callbacks=callbacks
                )
                return await batch.run(requests, unique=unique, confirm=confirm)

        return asyncio.run(main())

    def client(self, **options: Any) -> AsyncFoxAPI:
        """A client of the API."""
        options = {"transport": self.api, "polling": QUICK, "retries": SOON, **options}
        return AsyncFoxAPI(KEY, **options)

    @property
    def created(self) -> Counter[str]:
        """How many tasks there are of each prompt: each is paid for."""
        return Counter(task.request[WORDS] for task in self.api.tasks.values())

    @property
    def results(self) -> list[dict[str, Any]]:
        """The lines of the results."""
        lines = (self.folder / "results.jsonl").read_text("utf-8").splitlines()
        return [json.loads(line) for line in lines]

    @property
    def states(self) -> dict[str, str]:
        """What is in the ledger."""
        return dict(self.query("SELECT custom_id, state FROM videos ORDER BY number"))

    def query(self, text: str) -> list[Any]:
        """What the ledger answers to SQL; a change is kept."""
        with closing(sqlite3.connect(self.folder / "ledger.sqlite3")) as ledger, ledger:
            return list(ledger.execute(text))
