"""The commands of `foxapi-video batch`.

Each imports what it runs on by itself: all other commands load this module too.
"""

from __future__ import annotations

import contextlib
import signal
import sys
from collections.abc import Awaitable, Callable, Generator
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from foxapi_video.cli.endings import (
    FAILED,
    HELP,
    LATE,
    OTHER,
    SIGNALS,
    UNKNOWN,
    Interrupted,
    Output,
    ending,
)
from foxapi_video.errors import ConfigurationError
from foxapi_video.json_values import readable

if TYPE_CHECKING:
    from foxapi_video.batch import AsyncBatch, Database, Limits, Order, Status

T = TypeVar("T")
app = typer.Typer(
    help="Make many videos into a folder, each paid for at most once, whatever crashes.",
    epilog=HELP,
    no_args_is_help=True,
)

FolderArgument = Annotated[Path, typer.Argument(help="The folder of the batch.")]
IntoOption = Annotated[
    Path, typer.Option("--into", help="The folder for the videos, the ledger and the results.")
]
OutputOption = Annotated[Output, typer.Option("--output", help="Words for people, or JSON.")]
ConcurrencyOption = Annotated[int, typer.Option("--concurrency", help="Tasks in flight.", min=1)]
RateOption = Annotated[
    float | None, typer.Option("--rate", help="Create calls a minute, at most.", min=0.001)
]
MaxOption = Annotated[
    int | None, typer.Option("--max", help="Create calls of this run, at most.", min=1)
]
MaxFailuresOption = Annotated[
    int | None,
    typer.Option("--max-failures", help="Create no more once so many have failed.", min=1),
]
TimeoutOption = Annotated[
    float, typer.Option("--timeout", help="Seconds to wait for each video.", min=0.001)
]
DatabaseOption = Annotated[
    str | None,
    typer.Option(
        "--database",
        help="A Postgres that several machines share the batch by: postgresql://...",
        envvar="FOXAPI_BATCH_DATABASE",
        show_default=False,
    ),
]
NameOption = Annotated[
    str | None,
    typer.Option(
        "--name", help="What the batch is called in the database; else, the folder's name."
    ),
]
StalledOption = Annotated[
    float,
    typer.Option(
        "--stalled-after",
        help="Seconds without a sign of life after which the others take over from a machine.",
        min=1,
    ),
]
YesOption = Annotated[bool, typer.Option("--yes", help="Create without asking.")]
UncheckedOption = Annotated[
    bool, typer.Option("--unchecked", help="Send it whatever the documentation says.")
]


@app.command()
def run(
    into: IntoOption,
    file: Annotated[
        str | None,
        typer.Argument(
            help='A file with a request a line, {"model": ...} or {"custom_id": ..., "body": '
            "{...}}; or - for standard input. Without it, what the folder has is gone on with."
        ),
    ] = None,
    unique: Annotated[
        bool, typer.Option("--unique", help="Make one video of lines that are equal.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Check, and say what would be created.")
    ] = False,
    yes: YesOption = False,
    concurrency: ConcurrencyOption = 20,
    rate: RateOption = None,
    most: MaxOption = None,
    max_failures: MaxFailuresOption = None,
    timeout: TimeoutOption = 86400.0,
    unchecked: UncheckedOption = False,
    database: DatabaseOption = None,
    name: NameOption = None,
    stalled_after: StalledOption = 60.0,
    output: OutputOption = Output.TEXT,
) -> None:
    """Make a video of each line, or go on where the last run of it stopped.

    All lines are checked before anything is sent. A second run of the same command makes nothing
    twice: what is new in the file is added.
    """
    import asyncio

    from foxapi_video.batch import AsyncBatch, lines

    with ending(output) as watched:
        limits = _limits(concurrency, rate, most, max_failures, timeout)
        shared = _database(database, name, stalled_after)
        with _reading(file) as opened, _shown(output, shared) as shown:
            given = None if opened is None else lines.read_json(opened)
            again = ["foxapi-video", "batch", "run", *_own_words()]

            def begun(found: Status) -> None:
                watched.go_on = _going_on(into, shared) if file == "-" else again
                shown.status(found)

            batch = AsyncBatch(
                into, limits=limits, check=not unchecked, on_status=begun, database=shared
            )
            if dry_run:
                if given is None:
                    raise typer.BadParameter("--dry-run checks a file: name one")
                shown.dry(asyncio.run(batch.check_lines(given, unique=unique)))
                return
            ended = _carried_out(
                batch,
                lambda confirm: batch.run_lines(given, unique=unique, confirm=confirm),
                shown,
                yes,
            )
        shown.ended(ended)
    raise typer.Exit(_code(ended))


@app.command()
def status(
    folder: FolderArgument = Path(),
    database: DatabaseOption = None,
    name: NameOption = None,
    output: OutputOption = Output.TEXT,
) -> None:
    """Print how a batch stands, and all that is known of what may have been accepted."""
    import asyncio

    from foxapi_video.batch import AsyncBatch

    with ending(output):
        shared = _database(database, name)
        with _shown(output, shared) as shown:
            found = asyncio.run(AsyncBatch(folder, database=shared).status())
        shown.ended(found)


@app.command()
def retry(
    folder: FolderArgument = Path(),
    failed: Annotated[
        bool, typer.Option("--failed", help="What the service says failed, or has refused.")
    ] = False,
    unknown: Annotated[
        bool,
        typer.Option("--unknown", help="What may have been accepted: it may be paid for twice."),
    ] = False,
    yes: YesOption = False,
    concurrency: ConcurrencyOption = 20,
    rate: RateOption = None,
    most: MaxOption = None,
    max_failures: MaxFailuresOption = None,
    timeout: TimeoutOption = 86400.0,
    unchecked: UncheckedOption = False,
    database: DatabaseOption = None,
    name: NameOption = None,
    stalled_after: StalledOption = 60.0,
    output: OutputOption = Output.TEXT,
) -> None:
    """Create once more what failed, or with --unknown what may have been accepted."""
    import asyncio

    from foxapi_video.batch import AsyncBatch

    if not failed and not unknown:
        raise typer.BadParameter("say what to create again: --failed, --unknown, or both")
    with ending(output) as watched:
        limits = _limits(concurrency, rate, most, max_failures, timeout)
        shared = _database(database, name, stalled_after)
        with _shown(output, shared) as shown:
            batch = AsyncBatch(
                folder,
                limits=limits,
                check=not unchecked,
                on_status=shown.status,
                database=shared,
            )
            if unknown and not yes:
                found = asyncio.run(batch.status())
                shown.unknown(found)
                count = found.counts["unknown"]
                if count and not _asked(f"{count} may be paid for a second time. Create them?"):
                    raise typer.Exit(OTHER)
            watched.go_on = _going_on(folder, shared)  # a retry of this would pay once more
            again = asyncio.run(batch.retry(failed=failed, unknown=unknown))
            shown.said(f"{again} to be created again")
            ended = _carried_out(
                batch, lambda confirm: batch.run_lines(None, confirm=confirm), shown, yes
            )
        shown.ended(ended)
    raise typer.Exit(_code(ended))


@app.command()
def settle(
    custom_id: Annotated[str, typer.Argument(help="What the video is called.", metavar="ID")],
    into: IntoOption = Path(),
    task_id: Annotated[
        str | None, typer.Option("--task-id", help="Its task, as your account shows it.")
    ] = None,
    not_created: Annotated[
        bool, typer.Option("--not-created", help="Your account shows none: create it again.")
    ] = False,
    database: DatabaseOption = None,
    name: NameOption = None,
    output: OutputOption = Output.TEXT,
) -> None:
    """Say what became of a video that may have been accepted, once you have looked it up."""
    import asyncio

    from foxapi_video.batch import AsyncBatch

    if (task_id is not None) == not_created:
        raise typer.BadParameter("say either --task-id TASK or --not-created")
    with ending(output):
        shared = _database(database, name)
        with _shown(output, shared) as shown:
            batch = AsyncBatch(into, database=shared)
            task = asyncio.run(batch.settle(custom_id, task_id=task_id, not_created=not_created))
            asked = readable(task.status, 40) if task else "the service could not be asked for it"
            what = f"is task {task_id} ({asked})" if task_id else "was not created"
            shown.said(f"{custom_id} {what}: the next run goes on with it")


def _limits(
    concurrency: int,
    rate: float | None,
    most: int | None,
    max_failures: int | None,
    timeout: float,
) -> Limits:
    from foxapi_video.batch import Limits

    try:
        return Limits(
            concurrency=concurrency,
            rate=rate,
            most=most,
            max_failures=max_failures,
            timeout=timeout,
        )
    except ConfigurationError as error:
        raise typer.BadParameter(str(error)) from None


def _database(url: str | None, name: str | None, stalled_after: float = 60.0) -> Database | None:
    """Where several machines note the batch down, if there are.

    Raises:
        ConfigurationError: It is no address of a Postgres.
    """
    from foxapi_video.batch import Database

    if url is None and name is not None:
        raise typer.BadParameter("--name is of a batch in a --database")
    return Database(url=url, name=name, stalled_after=stalled_after) if url else None


def _shown(output: Output, database: Database | None) -> Any:
    from foxapi_video.cli.batch_shown import shown

    return shown(output, database)


@contextlib.contextmanager
def _reading(file: str | None) -> Generator[IO[bytes] | None]:
    try:
        with contextlib.ExitStack() as stack:
            if file is None:
                yield None
            elif file != "-":
                yield stack.enter_context(Path(file).open("rb"))
            elif sys.stdin is None:  # pyright: ignore[reportUnnecessaryComparison]
                raise OSError(9, "it is closed")
            else:
                yield sys.stdin.buffer
    except OSError as error:
        raise typer.BadParameter(f"{file} can't be read: {error.strerror}") from None


def _going_on(folder: Path, database: Database | None) -> list[str]:
    """The command that goes on with what a folder has, and makes nothing a second time."""
    from foxapi_video.batch.database import options_of

    return ["foxapi-video", "batch", "run", "--into", str(folder), *options_of(database)]


def _own_words() -> list[str]:
    """What this command was called with, after its name."""
    from foxapi_video.batch.database import without_secrets

    words = [without_secrets(word) for word in sys.argv[1:]]
    return words[2:] if words[:1] == ["batch"] else words


def _carried_out(
    batch: AsyncBatch,
    run: Callable[[Callable[[Order], bool]], Awaitable[Status]],
    shown: Any,
    yes: bool,
) -> Status:
    """Run a batch. The first signal has it stop soon, the second one at once.

    Raises:
        Interrupted: A signal came before its end.
    """
    import asyncio

    async def work() -> Status:
        heard = _Heard(batch, shown)

        def confirm(order: Order) -> bool:
            shown.order(order)
            if yes:
                return True
            with heard.none():
                return _asked(f"Create {order.videos}?")

        with heard.all():
            try:
                ended = await run(confirm)
            except asyncio.CancelledError:
                heard.raise_()
                raise
        if not ended.is_done:
            heard.raise_()
        return ended

    return asyncio.run(work())


class _Heard:
    """The signals that came while a batch ran."""

    def __init__(self, batch: AsyncBatch, shown: Any) -> None:
        self._batch = batch
        self._shown = shown
        import asyncio

        self._came: list[int] = []
        self._loop = asyncio.get_running_loop()
        self._main = asyncio.current_task()

    @contextlib.contextmanager
    def all(self) -> Generator[None]:
        heard: list[int] = []
        # What is ignored stays ignored; elsewhere than in the main thread no signal is heard.
        for number in SIGNALS:
            with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):
                if signal.getsignal(number) not in (signal.SIG_IGN, None):
                    self._loop.add_signal_handler(number, self._hear, number)
                    heard.append(number)
        try:
            yield
        finally:
            for number in heard:
                self._loop.remove_signal_handler(number)

    @contextlib.contextmanager
    def none(self) -> Generator[None]:
        """Have signals end what waits for an answer of people."""
        for number in SIGNALS:
            with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):
                self._loop.remove_signal_handler(number)
        try:
            yield
        except KeyboardInterrupt:
            raise Interrupted(signal.SIGINT) from None
        with contextlib.ExitStack() as stack:
            stack.enter_context(self.all())
            stack.pop_all()

    def raise_(self) -> None:
        """End as the first signal says, if one came.

        Raises:
            Interrupted: One did.
        """
        if self._came:
            raise Interrupted(self._came[0])

    def _hear(self, number: int) -> None:
        self._came.append(number)
        if len(self._came) == 1 and self._batch.stop():
            self._shown.said("stopping: what is on its way is noted; once more ends at once")
        elif self._main is not None:
            self._main.cancel()


def _asked(question: str) -> bool:
    """Ask people on standard error, and read what they say."""
    print(f"{question} [y/N] ", end="", file=sys.stderr, flush=True)
    said = sys.stdin.readline() if sys.stdin is not None else ""
    if not said:
        print("\nnobody answers: --yes creates without asking", file=sys.stderr)
    return said.strip().lower() in ("y", "yes")


def _code(status: Status) -> int:
    """What a command exits with."""
    counts = status.counts
    if counts["unknown"]:  # what may be paid for comes first
        return UNKNOWN
    if status.stopped == "it was not confirmed" or counts["completed"]:
        return OTHER
    if counts["running"]:
        return LATE
    return FAILED if counts["failed"] or counts["cancelled"] else 0
