"""How a batch stands, and what it is about to create, for people and programs."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from foxapi_video.batch.folder import result_of
from foxapi_video.batch.ledger import Ledger, Noted, State, each
from foxapi_video.json_values import shortened

_SIZES = ("resolution", "size", "aspect_ratio")
_MOST_UNKNOWN = 1000
_MOST_UNSAVED = 20


@dataclass(frozen=True, kw_only=True, slots=True)
class Status:
    """How a batch stands.

    Attributes:
        folder: Its folder.
        counts: How many videos are in each state.
        credits: The credits that the service told of all tasks, or None where it told of none.
        unknown: The videos that may have been accepted, as lines of the results, with `sent_at`;
            the first 1,000.
        unsaved: The first 20 other videos that ended or are complete, and are not saved, as lines
            of the results.
        is_going_on: Whether somebody works on it now, as far as that can be told.
        finished: Videos that came to an end in this run, on whichever machine.
        seconds: How long this run has taken.
        stopped: Why it creates no more videos, or None.
        trouble: What slows it down now, or None.
        lost: What this run found of saved videos whose files are not what they were, in words.
    """

    folder: Path
    counts: dict[State, int]
    credits: float | None = None
    unknown: tuple[dict[str, Any], ...] = field(default=(), repr=False)
    unsaved: tuple[dict[str, Any], ...] = field(default=(), repr=False)
    is_going_on: bool = False
    finished: int = 0
    seconds: float = 0.0
    stopped: str | None = None
    trouble: str | None = None
    lost: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        """All videos."""
        return sum(self.counts.values())

    @property
    def ended(self) -> int:
        """Videos with which nothing more happens by itself."""
        return sum(self.counts[each] for each in ("saved", "failed", "cancelled", "unknown"))

    @property
    def in_flight(self) -> int:
        """Videos that are being made, and perhaps paid for."""
        return sum(self.counts[each] for each in ("sending", "running", "completed"))

    @property
    def is_done(self) -> bool:
        """Whether every video is saved."""
        return self.counts["saved"] == self.total

    @property
    def a_minute(self) -> float:
        """Videos that come to an end in a minute, in this run."""
        return 60 * self.finished / self.seconds if self.seconds > 0 else 0.0

    @property
    def seconds_left(self) -> float | None:
        """Seconds until all have ended, if it goes on like this; None where that can't be told."""
        return 60 * (self.total - self.ended) / self.a_minute if self.a_minute else None

    def in_words(self) -> str:
        """The counts, without those that are 0."""
        told = [f"{count} {state}" for state, count in self.counts.items() if count]
        return ", ".join(reversed(told)) or "no videos"

    def to_dict(self) -> dict[str, Any]:
        """The same as JSON values."""
        return {
            "folder": str(self.folder),
            "total": self.total,
            "counts": self.counts,
            "credits": self.credits,
            "unknown": list(self.unknown),
            "unsaved": list(self.unsaved),
            "is_going_on": self.is_going_on,
            "finished": self.finished,
            "seconds": round(self.seconds, 3),
            "a_minute": round(self.a_minute, 1),
            "seconds_left": None if self.seconds_left is None else round(self.seconds_left),
            "stopped": self.stopped,
            "trouble": self.trouble,
            "lost": list(self.lost),
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class Ordered:
    """What is to be created of one model.

    Attributes:
        videos: How many videos.
        seconds: Seconds of video in those that say how long they are.
        unsaid: How many do not say it, and are as long as the model makes them.
        sizes: How many there are of each resolution, size or aspect ratio.
    """

    videos: int
    seconds: float
    unsaid: int
    sizes: dict[str, int]


@dataclass(frozen=True, kw_only=True, slots=True)
class Order:
    """What a run is about to create, and so to pay for.

    Attributes:
        noted: What the input was found to hold, or None where there was none.
        videos: How many videos.
        models: How many of each model.
        later: How many more are ready, beyond what the limits of this run let it create.
    """

    noted: Noted | None
    videos: int
    models: dict[str, Ordered]
    later: int = 0


async def status_of(ledger: Ledger, folder: Path, **of_run: Any) -> Status:
    """How a batch stands, by its ledger."""
    counts, total = await ledger.counts()
    return Status(folder=folder, counts=counts, credits=total, **of_run)


async def standing_of(ledger: Ledger, folder: Path, **of_run: Any) -> Status:
    """The same with all that is known of what may have been accepted.

    What was being sent by a program that is gone is unknown, also before the next run notes it.
    """
    status = await status_of(ledger, folder, **of_run)
    is_left = await ledger.is_left()
    states: tuple[State, ...] = ("unknown", "sending") if is_left else ("unknown",)
    found = await ledger.page(*states, size=_MOST_UNKNOWN)
    if is_left:
        counts = status.counts
        counts["unknown"], counts["sending"] = counts["unknown"] + counts["sending"], 0
    unknown = [
        result_of(video) | {"status": "unknown", "sent_at": video.sent_at} for video in found
    ]
    others = await ledger.page("failed", "cancelled", "completed", size=_MOST_UNSAVED)
    return replace(
        status,
        unknown=tuple(unknown),
        unsaved=tuple(map(result_of, others)),
        is_going_on=not is_left,
    )


async def order_of(ledger: Ledger, noted: Noted | None, most: int | None) -> Order:
    """What is ready, summed up; so many at most, as these are created first."""
    later = 0
    videos: Counter[str] = Counter()
    seconds: Counter[str] = Counter()
    unsaid: Counter[str] = Counter()
    sizes: dict[str, Counter[str]] = {}
    async for video in each(ledger, "ready", of="input"):
        if most is not None and videos.total() >= most:
            later += 1
            continue
        body = json.loads(video.body)
        model = str(body.get("model"))
        videos[model] += 1
        duration = body.get("duration")
        if isinstance(duration, int | float) and not isinstance(duration, bool):
            seconds[model] += duration  # type: ignore[assignment]  # a Counter takes any number
        else:
            unsaid[model] += 1
        of_model = sizes.setdefault(model, Counter())
        for name in _SIZES:
            if body.get(name) is not None:
                of_model[f"{name} {shortened(body[name])}"] += 1
    models = {
        model: Ordered(
            videos=count,
            seconds=seconds[model],
            unsaid=unsaid[model],
            sizes=dict(sizes[model].most_common()),
        )
        for model, count in videos.items()
    }
    return Order(noted=noted, videos=videos.total(), models=models, later=later)
