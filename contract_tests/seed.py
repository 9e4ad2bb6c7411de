"""The seed of what a run draws by chance."""

from __future__ import annotations

import os
import random


def seed_of_run() -> int:
    """FOXAPI_SEED where it is set, else one by chance that what this process starts shares.

    Raises:
        SystemExit: FOXAPI_SEED is no whole number.
    """
    seed = os.environ.get("FOXAPI_SEED") or str(random.randrange(2**32))
    os.environ["FOXAPI_SEED"] = seed
    if not seed.isdecimal():
        raise SystemExit(f"error: FOXAPI_SEED is a whole number, not {seed!a}")
    return int(seed)
