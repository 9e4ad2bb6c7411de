"""Runs with real processes: clients that are forked, and commands that a signal ends.

python -m contract_tests.faults.processes KIND SEED is the program of a run that forks.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from contract_tests.faults.lasting import LastingServer
from contract_tests.referees.samples import WORDED, arguments_of, saying
from foxapi_video import AsyncFoxAPI, FoxAPI
from foxapi_video.cli.endings import SIGNALS
from foxapi_video_client import Client, models
from foxapi_video_client.api.videos import create_video
from foxapi_video_client.models import VideoTask
from overlays.bundle import ROOT

KINDS = ("sync", "async", "generated", "generated async")
_PATIENCE = 30.0
# Of what a command makes the server do: the create call, three queries, and parts of the video.
_MOMENTS = 12
Create = Callable[[list[str]], list[str]]


@dataclass(frozen=True)
class Ended:
    """What came of a run.

    Attributes:
        name: Its row of the table.
        result: How the program ended.
        accepted: The most creates accepted for one call.
        lost: Tasks that were created, of which the program said neither the id nor that a call may
            have been accepted.
        mixed: Answers that named another call's task, and connections of more than one process.
        seconds: How long it took.
        wrong: What else is wrong with it, or None.
    """

    name: str
    result: str
    accepted: int
    lost: int
    mixed: int
    seconds: float
    wrong: str | None = None

    @property
    def complaint(self) -> str | None:
        """What is wrong with it, or None."""
        if self.accepted > 1 or self.lost or self.mixed:
            return f"accepted {self.accepted}, lost {self.lost}, mixed up {self.mixed}"
        return self.wrong


def run_all(count: int, seed: int, workers: int = 4) -> list[Ended]:
    """Carry out so many runs, as many that fork as are ended by a signal."""
    draw = random.Random(seed)
    runs: list[Callable[[], Ended]] = []
    for number in range(count):
        chances = random.Random(draw.random())
        if number % 2:
            runs.append(partial(run_signal, SIGNALS[number // 2 % len(SIGNALS)], chances))
        else:
            runs.append(partial(run_fork, KINDS[number // 2 % len(KINDS)], chances))
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(lambda run: run(), runs))


def run_fork(kind: str, draw: random.Random) -> Ended:
    """Use a client, fork while it is in use, and go on in every process."""
    began = time.monotonic()
    # Answers take their time, so that those of several processes are under way at once.
    with LastingServer(pace=lambda what: time.sleep(draw.random() / 200)) as server:
        arguments = ["-m", "contract_tests.faults.processes", kind, str(draw.randrange(2**32))]
        process = _start(server.url, *arguments)
        try:
            printed, said = process.communicate(timeout=_PATIENCE)
        except subprocess.TimeoutExpired:  # two read what only one gets
            _end(process)
            printed, said = process.communicate()[0], f"no end after {_PATIENCE:.0f} s"
        finally:
            _end(process)
    pairs = [line.split() for line in printed.splitlines()]
    used = {
        (connection, task_id.partition("-child-")[2].partition("-")[0])  # empty for the parent
        for connection, task_id in zip(server.created_on, server.accepted, strict=True)
    }
    shared = len(used) - len({connection for connection, _ in used})
    wrong = None if process.returncode == 0 else f"exit code {process.returncode}: {said}"
    return Ended(
        name=f"fork, {kind}",
        result="each its own tasks" if wrong is None else "an error",
        accepted=max(Counter(server.accepted).values(), default=0),
        lost=len(set(server.accepted) - {got for _, got in pairs}),
        mixed=sum(got != f"task-{prompt}" for prompt, got in pairs) + shared,
        seconds=time.monotonic() - began,
        wrong=wrong,
    )


def run_signal(number: signal.Signals, draw: random.Random) -> Ended:
    """End `foxapi-video generate` at a moment of chance: after something came, and a bit later."""
    began = time.monotonic()
    moment, later = draw.randrange(_MOMENTS), draw.random() / 50
    script = draw.random() < 0.5
    met = Counter[str]()
    reached = threading.Event()

    def pace(what: str) -> None:
        met["all"] += 1
        if met["all"] >= moment:
            reached.set()
        time.sleep(0.002)

    with LastingServer(polls=2, pace=pace) as server, tempfile.TemporaryDirectory() as directory:
        arguments = ["-m", "foxapi_video.cli", "generate", *arguments_of(saying("signal"))]
        arguments += ["--poll", "0.01", "--download", str(Path(directory) / "out.mp4")]
        process = _start(server.url, *arguments, *(["--output", "json"] if script else []))
        try:
            if moment == 0:  # before anything is sent, or not long after
                later = draw.random()
            elif not reached.wait(_PATIENCE):
                raise RuntimeError("the command does not come so far")
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(later)
            process.send_signal(number)
            printed, said = process.communicate(timeout=_PATIENCE)
        finally:
            _end(process)
        left = [path.name for path in Path(directory).iterdir() if path.name != "out.mp4"]
    perhaps = "may have been accepted" in said
    lost = [task for task in server.accepted if task not in printed + said and not perhaps]
    return Ended(
        name=number.name,
        result=f"exit code {process.returncode}",
        accepted=max(Counter(server.accepted).values(), default=0),
        lost=len(lost),
        mixed=0,
        seconds=time.monotonic() - began,
        wrong=_wrong(number, process.returncode, said, left, script, bool(server.accepted)),
    )


def _wrong(
    number: int, code: int, said: str, left: list[str], script: bool, created: bool
) -> str | None:
    if left:
        return f"left behind: {left}"
    if not created:  # the program may not even have been loaded
        return None
    if code not in (0, 128 + number, -number):  # the last: after all was said and done
        return f"exit code {code}: {said}"
    if code == 128 + number and "go on with: foxapi-video wait task-signal" not in said:
        return None if "may have been accepted" in said else f"it does not say how to go on: {said}"
    if script:
        try:
            for line in said.splitlines():
                json.loads(line)
        except ValueError:
            return f"not JSON: {said}"
    return None


def rows(ended: list[Ended]) -> str:
    """The runs as rows of the table."""
    lines: list[str] = []
    for name in dict.fromkeys(each.name for each in ended):
        runs = [each for each in ended if each.name == name]
        ways = Counter(each.result for each in runs).most_common()
        most, longest = max(each.accepted for each in runs), max(each.seconds for each in runs)
        how = ", ".join(f"{way} {count}" for way, count in ways)
        lines.append(f"{name:<28}{len(runs):>5}  {most:>13}  {longest:>7.2f}s  {how}")
    return "\n".join(lines)


def _start(url: str, *arguments: str) -> subprocess.Popen[str]:
    paths = os.pathsep.join([str(ROOT), str(ROOT / "generated")])
    variables = {"FOXAPI_API_KEY": "placeholder", "FOXAPI_BASE_URL": url, "PYTHONPATH": paths}
    return subprocess.Popen(
        [sys.executable, *arguments],
        env=os.environ | variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def _end(process: subprocess.Popen[str]) -> None:
    """End a process, and the children it may have left."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _client(kind: str) -> Create:
    """What creates a task for each prompt, and gives the id that each got."""

    def named(answer: Any) -> str:
        assert isinstance(answer, VideoTask), answer
        return str(answer.id)

    async def each(create: Callable[[str], Any], prompts: list[str]) -> list[Any]:
        return await asyncio.gather(*map(create, prompts))

    if kind == "sync":
        fox = FoxAPI()
        return lambda prompts: [fox.videos.create(saying(prompt)).id for prompt in prompts]
    if kind == "async":
        async_fox = AsyncFoxAPI()

        async def task(prompt: str) -> str:
            return (await async_fox.videos.create(saying(prompt))).id

        return lambda prompts: asyncio.run(each(task, prompts))

    def model(prompt: str) -> Any:
        return getattr(models, WORDED).from_dict(saying(prompt))

    client = Client(base_url=os.environ["FOXAPI_BASE_URL"], token="placeholder")  # noqa: S106
    if kind == "generated":
        return lambda prompts: [
            named(create_video.sync(client=client, body=model(prompt))) for prompt in prompts
        ]
    loop, process = asyncio.new_event_loop(), os.getpid()

    async def asked(prompt: str) -> str:
        return named(await create_video.asyncio(client=client, body=model(prompt)))

    def in_loop(prompts: list[str]) -> list[str]:
        # A loop is its process's own; a client of this kind is for one loop in each.
        nonlocal loop, process
        if process != os.getpid():
            loop, process = asyncio.new_event_loop(), os.getpid()
        return loop.run_until_complete(each(asked, prompts))

    return in_loop


def main(kind: str, seed: int) -> None:
    """Print each prompt and the id that it got, from every process."""
    draw = random.Random(seed)
    create = _client(kind)

    def go_on(who: str) -> None:
        for turn in range(draw.randrange(1, 4)):
            prompts = [f"{who}-{turn}-{number}" for number in range(3)]
            lines = map(" ".join, zip(prompts, create(prompts), strict=True))
            os.write(1, "".join(f"{line}\n" for line in lines).encode())

    go_on("before")
    beside = threading.Thread(target=go_on, args=("beside",))
    # Of those that threads may share. Without it the children find the connection idle.
    if kind in ("sync", "async") and draw.random() < 0.5:
        beside.start()
    children: list[int] = []
    for number in range(draw.randrange(1, 4)):
        time.sleep(draw.random() / 100)  # it forks at any moment of what goes on beside
        child = os.fork()
        if not child:
            try:
                go_on(f"child-{number}")
            except BaseException:
                traceback.print_exc()
                os._exit(1)
            os._exit(0)
        children.append(child)
    go_on("after")
    if beside.ident is not None:
        beside.join()
    sys.exit(any(os.waitpid(child, 0)[1] for child in children))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
