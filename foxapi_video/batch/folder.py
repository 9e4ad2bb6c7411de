"""The folder of a batch: who works in it, what a crash left there, and the results as a file."""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
import stat
import sys
import time
from collections.abc import Generator
from pathlib import Path
from typing import Any

from foxapi_video.batch.ledger import STATES, Ledger, MovedError, Video, each, file_of
from foxapi_video.errors import LedgerError

RESULTS = "results.jsonl"
_LOCK = "ledger.lock"
# What a download is called until it is complete; see downloads.
_PART = re.compile(r"\..*\.[0-9a-f]{8}\.part")


def see_folder(folder: Path) -> None:
    """See that nothing else is where a folder is to be.

    Raises:
        LedgerError: A file is.
    """
    if os.path.lexists(folder) and not folder.is_dir():
        raise LedgerError(f"{folder} is no folder: a batch needs one of its own, or makes it")


def make_folder(folder: Path) -> None:
    """Have a folder be there.

    Raises:
        LedgerError: It can't be made.
    """
    see_folder(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise LedgerError(f"{folder} can't be written: {error.strerror}") from None


@contextlib.contextmanager
def working_in(folder: Path) -> Generator[None]:
    """Be the only one that works in a folder; one is made where there is none.

    The lock is the system's: it ends with the process, however that ends.

    Raises:
        LedgerError: Another program does, or the folder can't be written.
    """
    make_folder(folder)
    try:
        lock = (folder / _LOCK).open("a+")
    except OSError as error:
        raise LedgerError(f"{folder} can't be written: {error.strerror}") from None
    with lock:
        try:
            _take(lock.fileno())
        except OSError:
            lock.seek(0)
            who = lock.read().strip() or "another program"
            raise LedgerError(f"{folder} is in use by {who}: wait for it, or end it") from None
        with contextlib.suppress(OSError):  # a full disk: the lock is taken all the same
            lock.seek(0)
            lock.truncate()
            lock.write(f"process {os.getpid()}")
            lock.flush()
        try:
            yield
        finally:
            with contextlib.suppress(OSError):
                lock.truncate(0)


def is_left(folder: Path) -> bool:
    """Whether whoever worked in a folder last is gone, as far as the lock tells without taking it.

    To take it for a moment would turn away a run that begins just then.
    """
    try:
        number = (folder / _LOCK).read_text().removeprefix("process ")
        if sys.platform != "win32":  # where this would end it
            os.kill(int(number or "0") or os.getpid(), 0)
    except ProcessLookupError:
        return True
    except (OSError, ValueError):
        return False
    return not number


if sys.platform == "win32":

    def _take(file: int) -> None:
        import msvcrt

        # Beyond what is written there, so that others can read who has it.
        os.lseek(file, 1000, os.SEEK_SET)
        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)

else:

    def _take(file: int) -> None:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def sync_folder(folder: Path) -> None:
    """Have the names in a folder survive a power cut, where the system can."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def sweep(folder: Path, *, older_than: float | None = None) -> None:
    """Remove the parts of files that a program which was killed left behind.

    Args:
        folder: The folder.
        older_than: Leave what was written in so many last seconds: others work there too.
    """
    for entry in list(os.scandir(folder)):
        if _PART.fullmatch(entry.name):
            with contextlib.suppress(OSError):
                if older_than is None or entry.stat().st_mtime < time.time() - older_than:
                    Path(entry).unlink()


async def missing_again(ledger: Ledger, folder: Path, *, has_all: bool) -> tuple[str, ...]:
    """Have the videos be saved once more whose files are not what they were; what to say of them.

    What stands there instead and is no file is left as it is.

    Args:
        ledger: The ledger.
        folder: The folder.
        has_all: Whether what is saved must be there: other machines may have it.
    """
    said: list[str] = []
    async for video in each(ledger, "saved", "completed"):
        path = folder / file_of(video.custom_id)
        found = None
        with contextlib.suppress(OSError):
            found = path.lstat()
        if video.state == "completed":
            if found is not None and stat.S_ISREG(found.st_mode) and found.st_size == video.size:
                with contextlib.suppress(MovedError):  # another machine has it
                    await ledger.move(video, "saved", path=path.name, error=None)  # it was put back
        elif found is None:
            if has_all:
                said.append(await _again(ledger, video, path, "is gone"))
        elif not stat.S_ISREG(found.st_mode):
            kind = "a symbolic link" if path.is_symlink() else "a folder"
            said.append(f"{path} is {kind} now, not the video: move it away, and run it again")
        elif found.st_size != video.size:
            problem = f"has {found.st_size} bytes, and had {video.size}"
            said.append(await _again(ledger, video, path, problem))
    return tuple(said)


async def _again(ledger: Ledger, video: Video, path: Path, problem: str) -> str:
    """Have a video be saved once more; what to say of it."""
    error = {"type": "FileLost", "message": f"{path.name} {problem}"}
    with contextlib.suppress(MovedError):  # another machine has found it too
        await ledger.move(video, "completed", path=None, error=error)
    return f"{path} {problem}: its video is fetched again"


async def write_results(ledger: Ledger, folder: Path) -> Path:
    """Write what became of each video, in the order of the input; what that has no more is last.

    Raises:
        LedgerError: It can't be written; what was there stays.
    """
    make_folder(folder)
    target = folder / RESULTS
    # A name of its own, which is swept up: other machines may write theirs now.
    made = folder / f".{RESULTS}.{secrets.token_hex(4)}.part"
    try:
        with made.open("w", encoding="utf-8") as file:
            for part in ("input", "gone"):
                async for video in each(ledger, *STATES, of=part):
                    print(json.dumps(result_of(video), ensure_ascii=False), file=file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(made, target)
    except OSError as error:
        with contextlib.suppress(OSError):
            made.unlink(missing_ok=True)
        raise LedgerError(f"{target} can't be written: {error.strerror}") from None
    return target


def result_of(video: Video) -> dict[str, Any]:
    """A video as a line of the results."""
    seconds = None
    if video.sent_at is not None and video.ended_at is not None:
        # The clock of the machine may have been set meanwhile.
        seconds = round(max(0.0, video.ended_at - video.sent_at), 3)
    return {
        "custom_id": video.custom_id,
        "request": json.loads(video.body),
        "task_id": video.task_id,
        "status": video.state,
        "url": video.url,
        "path": video.path,
        "seconds": seconds,
        "error": video.error,
    }
