"""Where Hypothesis keeps the examples that failed: on this machine, or shared by several.

HYPOTHESIS_REDIS_URL names a Redis server, such as redis://127.0.0.1:6379/0. Every machine that runs
with it first replays what any other one found.
"""

from __future__ import annotations

import os

from hypothesis.database import DirectoryBasedExampleDatabase, ExampleDatabase

from overlays.bundle import ROOT


def database() -> ExampleDatabase:
    """The database that the environment asks for."""
    url = os.environ.get("HYPOTHESIS_REDIS_URL")
    if url is None:
        return DirectoryBasedExampleDatabase(ROOT / ".hypothesis" / "examples")
    from hypothesis.extra.redis import RedisExampleDatabase
    from redis import Redis

    # Written at once: a process that ends on what it found must have told the others.
    return RedisExampleDatabase(Redis.from_url(url))
