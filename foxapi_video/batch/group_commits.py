"""A SQLite database that many coroutines write: a thread commits what came meanwhile, at once.

Each commit waits for the disk. So the work that comes while one waits is done in the next, all of
it in one transaction: a thousand notes take as many waits as the disk has time for.
"""

from __future__ import annotations

import asyncio
import queue
import sqlite3
import threading
from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

from foxapi_video.errors import FoxAPIError, LedgerError
from foxapi_video.json_values import readable

T = TypeVar("T")
Work = Callable[[sqlite3.Connection], Any]
_MOST_AT_ONCE = 1000


class _Asked(NamedTuple):
    work: Work
    alone: bool
    loop: asyncio.AbstractEventLoop
    answer: asyncio.Future[Any]


class GroupCommits:
    """Does work on a connection of its own, in a thread of its own, in the order it was asked for.

    What one piece of work raises as a FoxAPIError is its own; an error of the database undoes the
    whole transaction, and everybody in it is told.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        name: str,
        before_commit: Callable[[], None] = lambda: None,
    ) -> None:
        """Set it up.

        Args:
            connection: What it works on, and closes in the end.
            name: What errors call the database.
            before_commit: Called before each commit of what is not done alone.
        """
        self._before_commit = before_commit
        self._connection = connection
        self._name = name
        self._asked: queue.SimpleQueue[_Asked | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._serve, name="foxapi-ledger", daemon=True)
        self._thread.start()

    async def do(self, work: Callable[[sqlite3.Connection], T], *, alone: bool = False) -> T:
        """What the work gives, once it is durable.

        Args:
            work: What to do.
            alone: Whether it begins and ends transactions itself.

        Raises:
            LedgerError: The database does not do it; nothing of it was done.
        """
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[T] = loop.create_future()
        self._asked.put(_Asked(work, alone, loop, answer))
        return await answer

    def close(self) -> None:
        """Do what was asked for, and close the connection."""
        self._asked.put(None)
        self._thread.join()

    def _serve(self) -> None:
        is_over = False
        while not is_over:
            group: list[_Asked] = []
            asked = self._asked.get()
            while asked is not None:
                group.append(asked)
                if asked.alone or len(group) == _MOST_AT_ONCE or self._asked.empty():
                    break
                asked = self._asked.get()
            is_over = asked is None
            if group and group[-1].alone:
                self._carry_out(group[:-1])
                self._tell([(group[-1], *self._tried(group[-1].work))])
            else:
                self._carry_out(group)
        self._connection.close()

    def _carry_out(self, group: list[_Asked]) -> None:
        """Do some work in one transaction."""
        if not group:
            return
        done: list[tuple[_Asked, Any, Exception | None]]
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            done = [(asked, *self._tried_here(asked.work)) for asked in group]
            self._before_commit()
            self._connection.execute("COMMIT")
        except sqlite3.Error as error:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            done = [(asked, None, in_words(error, self._name)) for asked in group]
        self._tell(done)

    def _tried(self, work: Work) -> tuple[Any, Exception | None]:
        try:
            return work(self._connection), None
        except sqlite3.Error as error:
            return None, in_words(error, self._name)
        except Exception as error:
            return None, error

    def _tried_here(self, work: Work) -> tuple[Any, Exception | None]:
        """The same within a transaction, which an error of the database ends."""
        try:
            return work(self._connection), None
        except FoxAPIError as error:
            return None, error

    def _tell(self, done: list[tuple[_Asked, Any, Exception | None]]) -> None:
        def tell() -> None:
            for asked, value, error in done:
                if asked.answer.done():  # who asked was cancelled
                    continue
                if error is None:
                    asked.answer.set_result(value)
                else:
                    asked.answer.set_exception(error)

        if done and not done[0][0].loop.is_closed():
            done[0][0].loop.call_soon_threadsafe(tell)


def in_words(error: sqlite3.Error, name: str) -> LedgerError:
    """What an error of the database means to people."""
    said = readable(str(error)) or type(error).__name__
    if "malformed" in said or "not a database" in said:
        return LedgerError(
            f"{name} is damaged ({said}); it was left as it is. Take it from a backup, or what can "
            f"be read of it by: sqlite3 {name} .recover"
        )
    if "full" in said:
        return LedgerError(f"{name} can't be written: the disk is full")
    if "readonly" in said or "unable to open" in said:
        return LedgerError(f"{name} can't be written: {said}")
    return LedgerError(f"{name} can't be used: {said}")
