"""Kill a batch again and again, in every state, and count what was paid twice, lost or broken.

python -m contract_tests.faults.batches [--kills 500] [--shared-kills 60] [--seed N]

Each batch is run by a process that is killed by SIGKILL at a moment of chance, then by another one,
until so many were killed; then to its end. The server misbehaves in a tenth of the calls all the
while. What is unknown then is settled by what the server accepted, as a person would. The batches
of several machines, on Postgres, are those of shared_batches.
"""

from __future__ import annotations

import argparse
import contextlib
import logging
import os
import random
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from contract_tests.faults import postgres_server, shared_batches
from contract_tests.faults.batch_runs import (
    MOST_RUNS,
    SHARE,
    VIDEOS,
    Ended,
    Kept,
    Nursery,
    Server,
    judged,
)
from contract_tests.faults.pretend_server import PretendServer
from contract_tests.seed import seed_of_run
from foxapi_video.batch.ledger import STATES
from foxapi_video.testing import behaviours

KILLS, SHARED_KILLS = 500, 60
# Seconds that no run takes.
_PATIENCE = 60.0


def run_batch(kills: int, draw: random.Random, videos: int = VIDEOS) -> Ended:
    """Kill one batch so many times, and see what came of it."""
    server = Server(draw)
    ended = Ended(videos=videos)
    with (
        PretendServer(server.pretending) as served,
        tempfile.TemporaryDirectory() as directory,
        Nursery() as nursery,
    ):
        kept = Kept(url=served.url, folder=Path(directory) / "videos", videos=videos)
        on_their_way: set[str] = set()
        while ended.kills < kills and ended.runs < MOST_RUNS:
            ended.runs += 1
            if _killed(nursery, server, kept, draw):
                ended.kills += 1
                states = kept.column()
                ended.found.update({*states.values()} or {"no ledger"})
                on_their_way |= {name for name, state in states.items() if state == "sending"}
            elif set(kept.column().values()) <= {"saved", "unknown", "failed"}:
                break
        judged(nursery, server, kept, ended, on_their_way)
    return ended


def _killed(nursery: Nursery, server: Server, kept: Kept, draw: random.Random) -> bool:
    """Run it, and kill it at a moment of chance; whether it had not ended by then."""
    # After some calls and a bit later, or before any call: while the ledger is made, say.
    moment = server.after(draw.randrange(1, 3 * kept.videos))
    process = nursery.start(kept)
    over = threading.Event()
    codes: list[str] = []

    def wait() -> None:
        codes.append(nursery.end())
        over.set()

    thread = threading.Thread(target=wait)
    thread.start()
    if draw.random() < 0.1:
        over.wait(draw.random() / 10)
    else:
        ends = time.monotonic() + _PATIENCE
        while not moment.wait(0.02) and not over.is_set() and time.monotonic() < ends:
            pass
        over.wait(draw.random() / 20)
    with contextlib.suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)
    thread.join()
    return codes == [str(-signal.SIGKILL)]


def run_all(kills: int, seed: int, workers: int = 2) -> Iterator[Ended]:
    """Batches until so many processes were killed."""
    draw = random.Random(seed)
    with ThreadPoolExecutor(workers) as pool:
        left = kills
        while left > 0:
            shares = [draw.randrange(3, 9) for _ in range(workers)]
            runs = [
                pool.submit(run_batch, min(share, max(1, left)), random.Random(draw.random()))
                for share in shares
            ]
            for run in runs:
                ended = run.result()
                left -= ended.kills
                yield ended


def table(ended: list[Ended]) -> str:
    """What came of all."""
    found: Counter[str] = Counter()
    for each in ended:
        found += each.found
    where = ", ".join(f"{state} {found[state]}" for state in (*STATES, "no ledger"))
    rows = {
        "kills": sum(each.kills for each in ended),
        "runs": sum(each.runs for each in ended),
        "videos": sum(each.videos for each in ended),
        "accepted twice": sum(each.twice for each in ended),
        "lost": sum(each.lost for each in ended),
        "files that are not whole": sum(each.broken for each in ended),
        "unknown before they were settled": sum(each.unknown for each in ended),
        "unknown without a create call on its way": sum(each.unfounded for each in ended),
    }
    told = "\n".join(f"{name:<44}{count:>7}" for name, count in rows.items())
    return f"{told}\nkills that found a video in the state: {where}"


def _of_several_machines(kills: int, seed: int) -> list[Ended]:
    """The same for three workers on Postgres, of which one is killed."""
    if missing := postgres_server.missing():
        print(f"several machines: {missing}")
        return []
    ended = list(shared_batches.run_all(kills, seed))
    if ended:
        print(f"\none of {shared_batches.WORKERS} workers on Postgres\n{table(ended)}")
        print(shared_batches.taken_over(ended))
    return ended


def main() -> int:
    parser = argparse.ArgumentParser(description="Kill batches at any moment.")
    parser.add_argument("--kills", type=int, default=KILLS)
    parser.add_argument("--shared-kills", type=int, default=SHARED_KILLS)
    parser.add_argument("--seed", type=int, default=seed_of_run())
    arguments = parser.parse_args()
    logging.getLogger("foxapi_video").setLevel(logging.CRITICAL)
    began = time.monotonic()
    ended = list(run_all(arguments.kills, arguments.seed))
    if ended:
        print(table(ended))
    ended += _of_several_machines(arguments.shared_kills, arguments.seed)
    print(
        f"with a server that misbehaves in {SHARE:.0%} of the calls, in "
        f"{len(behaviours.NAMES)} ways; {time.monotonic() - began:.0f} s, seed {arguments.seed}"
    )
    complaints = [each for each in ended if each.complaint]
    for each in complaints[:10]:
        print(f"\nWRONG: {each.complaint}\n{each}", file=sys.stderr)
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
