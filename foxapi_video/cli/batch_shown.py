"""What the commands of a batch show: what is about to be created, the progress, the end."""

from __future__ import annotations

import shlex
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from foxapi_video.batch import Database, Noted, Order, Ordered, Status
from foxapi_video.batch.database import options_of
from foxapi_video.batch.folder import RESULTS
from foxapi_video.cli.endings import Output, as_json
from foxapi_video.json_values import counted, member, readable, shortened

_MOST_SHOWN = 20
_LINE_SECONDS = 10.0


@contextmanager
def shown(output: Output, database: Database | None = None) -> Generator[Shown]:
    """What shows a batch: a bar where standard error is a terminal, lines or JSON elsewhere."""
    console = Console(stderr=True)
    if not console.is_terminal or output is Output.JSON:
        yield Shown(output, None, database)
        return
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%"),
        TimeElapsedColumn(),
    )
    bar = Progress(*columns, console=console, transient=True)
    try:
        yield Shown(output, bar, database)
    finally:
        bar.stop()


class Shown:
    """Shows one command."""

    def __init__(self, output: Output, bar: Progress | None, database: Database | None) -> None:
        self._output = output
        self._bar = bar
        self._database = database
        self._bar_task: TaskID | None = None
        self._line = ""
        self._said_at = 0.0

    def said(self, words: str) -> None:
        """Say something on the way."""
        line = as_json({"said": words}) if self._output is Output.JSON else words
        if self._bar is not None:
            self._bar.console.print(line, markup=False, highlight=False)
        else:
            print(line, file=sys.stderr, flush=True)

    def order(self, order: Order) -> None:
        """Say what is about to be created."""
        if self._output is Output.JSON:
            print(as_json({"order": _plain_order(order)}), file=sys.stderr, flush=True)
            return
        for line in _order_in_words(order):
            self.said(line)

    def dry(self, order: Order) -> None:
        """Print what would be created, on standard output."""
        is_json = self._output is Output.JSON
        print(as_json(_plain_order(order)) if is_json else "\n".join(_order_in_words(order)))

    def status(self, status: Status) -> None:
        """Show how it stands now."""
        if self._bar is not None:
            if self._bar_task is None:
                self._bar.start()  # not before, as people may be asked
                self._bar_task = self._bar.add_task("", total=status.total)
            self._bar.update(
                self._bar_task,
                description=_progress(status),
                total=status.total,
                completed=status.ended,
            )
            return
        line = _progress(status)
        now = time.monotonic()
        if line != self._line and now - self._said_at >= _LINE_SECONDS:
            self._line, self._said_at = line, now
            is_json = self._output is Output.JSON
            said = as_json({"progress": status.to_dict()}) if is_json else line
            print(said, file=sys.stderr, flush=True)

    def ended(self, status: Status) -> None:
        """Print how it stands at the end, on standard output."""
        if self._output is Output.JSON:
            print(as_json(status.to_dict()))
            return
        told = "" if status.credits is None else f"; the service told of {status.credits:g} credits"
        print(f"{counted(status.total, 'video')}: {status.in_words()}{told}")
        for line in [*status.lost[:_MOST_SHOWN], *["..."] * (len(status.lost) > _MOST_SHOWN)]:
            print(readable(line, 400))
        if status.stopped:
            ready = f"; still ready: {count}" if (count := status.counts["ready"]) else ""
            print(f"no more were created: {readable(status.stopped)}{ready}; the next run goes on")
        self._unsaved(status)
        self.unknown(status)

    def _unsaved(self, status: Status) -> None:
        """Print why videos are not saved, and what helps."""
        for each in status.unsaved:
            task = f"task {each['task_id']}, " if each["task_id"] else ""
            why = readable(member(each["error"], "message"), 300) or "it is to be saved"
            print(f"  {each['custom_id']}  {task}{each['status']}: {why}")
        counts = status.counts
        ended = counts["failed"] + counts["cancelled"]
        if ended + counts["completed"]:
            more = ended + counts["completed"] - len(status.unsaved)
            and_more = f"  and {more} more\n" if more > 0 else ""
            print(f"{and_more}What became of each is in {status.folder / RESULTS}.")
        database = options_of(self._database)
        if ended:
            again = ["batch", "retry", str(status.folder), "--failed", *database]
            print(f"To create again what failed: foxapi-video {shlex.join(again)}")
        waiting = counts["running"] + counts["completed"]
        if waiting and not status.is_going_on:
            again = ["batch", "run", "--into", str(status.folder), *database]
            print(
                f"Nobody waits for the {waiting} that {'are' if waiting > 1 else 'is'} running or "
                f"complete; the next run does: foxapi-video {shlex.join(again)}"
            )

    def unknown(self, status: Status) -> None:
        """Print all that is known of what may have been accepted."""
        if self._output is Output.JSON or not status.unknown:
            return
        print("Unknown: these may have been accepted, and so be paid for; none is sent again.")
        for each in status.unknown[:_MOST_SHOWN]:
            sent = each["sent_at"]
            at = f"{datetime.fromtimestamp(sent, UTC):%Y-%m-%d %H:%M:%S} UTC" if sent else "?"
            request = each["request"]
            about = ", ".join(
                f"{name} {shortened(request[name])}"
                for name in ("model", "prompt")
                if name in request
            )
            why = readable(member(each["error"], "message"), 200) or "the program ended"
            task = f"task {each['task_id']}, " if each["task_id"] else ""
            print(f"  {each['custom_id']}  {task}sent {at}, {about}: {why}")
        if len(status.unknown) > _MOST_SHOWN:
            print(f"  and {len(status.unknown) - _MOST_SHOWN} more: --output json has all")
        where = shlex.join(["--into", str(status.folder), *options_of(self._database)])
        print(
            "Look for each in your account on the service's site, by model and time, and then:\n"
            f"  foxapi-video batch settle ID --task-id TASK {where}\n"
            f"  foxapi-video batch settle ID --not-created {where}"
        )


def _progress(status: Status) -> str:
    counts = status.counts
    failed = counts["failed"] + counts["cancelled"]
    parts = [
        f"{counts['saved']} of {status.total} done",
        f"{status.in_flight} running",
        f"{failed} failed",
        f"{counts['unknown']} unknown",
        f"{status.a_minute:.0f} a minute",
    ]
    if status.seconds_left is not None:
        parts.append(f"{_time(status.seconds_left)} left")
    if status.stopped or status.trouble:
        parts.append(readable(status.stopped or status.trouble, 100) or "")
    return ", ".join(parts)


def _time(seconds: float) -> str:
    minutes = round(seconds / 60)
    return f"{seconds:.0f} s" if seconds < 90 else f"{minutes // 60} h {minutes % 60:02} min"


def _order_in_words(order: Order) -> Generator[str]:
    if order.noted is not None:
        yield from _noted_in_words(order.noted)
    later = f" now, and {order.later} in later runs" if order.later else ""
    yield f"{counted(order.videos, 'video')} to create{later}{':' * bool(order.videos)}"
    for name, model in order.models.items():
        yield f"  {readable(name, 100)}: {_in_words(model)}"


def _noted_in_words(noted: Noted) -> Generator[str]:
    known = noted.lines - noted.new - noted.duplicates
    yield f"{counted(noted.lines, 'line')}: {noted.new} new, {known} known"
    if noted.duplicates:
        yield f"left out, since they are equal to an earlier line: {noted.duplicates}"
    if noted.gone:
        named = ", ".join(noted.gone_ids) + ", ..." * (noted.gone > len(noted.gone_ids))
        yield f"gone from the input, and not created if they were not yet: {noted.gone} ({named})"


def _in_words(model: Ordered) -> str:
    parts = [counted(model.videos, "video")]
    if model.seconds:
        parts.append(f"{model.seconds:g} seconds of video")
    if model.unsaid:
        parts.append(f"{model.unsaid} of the model's own length")
    parts += [f"{size}: {count}" for size, count in list(model.sizes.items())[:_MOST_SHOWN]]
    return ", ".join(parts)


def _plain_order(order: Order) -> dict[str, Any]:
    noted = order.noted
    return {
        "videos": order.videos,
        "later": order.later,
        "models": {
            name: {
                "videos": each.videos,
                "seconds": each.seconds,
                "unsaid": each.unsaid,
                "sizes": each.sizes,
            }
            for name, each in order.models.items()
        },
        "input": noted
        and {
            "lines": noted.lines,
            "new": noted.new,
            "duplicates": noted.duplicates,
            "gone": noted.gone,
            "gone_ids": list(noted.gone_ids),
        },
    }
