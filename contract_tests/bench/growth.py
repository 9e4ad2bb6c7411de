"""How generating and importing the client grow with the number of variants.

The variants beyond the real ones are copies of them under other model ids. The figures stay in
build/growth.json, from which the report draws its plot.
"""

from __future__ import annotations

import json
import platform
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from contract_tests.bench.figures import Figure, ratio
from contract_tests.bench.imports import client_with
from contract_tests.bench.sites import make_site, seconds_of
from contract_tests.referees.samples import VARIANTS
from overlays.bundle import BUILD

COUNTS = tuple(sorted({len(VARIANTS), 25, 50, 100}))
GENERATIONS = 3
IMPORTS = 21
IMPORT = f"from foxapi_video import FoxAPI, {VARIANTS[0]}"
KEPT = BUILD / "growth.json"


def measure() -> Iterator[Figure]:
    """Each number of variants against the real ones, and the figures kept for the report."""
    generations: dict[int, list[float]] = {count: [] for count in COUNTS}
    imports: dict[int, list[float]] = {count: [] for count in COUNTS}
    with tempfile.TemporaryDirectory() as directory:
        sites = {count: Path(directory, f"site{count}") for count in COUNTS}
        # In turns, so that what else the machine does falls on all of them.
        for number in range(GENERATIONS):
            for count, site in sites.items():
                began = time.perf_counter()
                client = client_with(count, Path(directory, f"generated{count}-{number}"))
                generations[count].append(time.perf_counter() - began)
                if number == 0:
                    make_site(site, client)
                    seconds_of(site, IMPORT)  # compile everything once
        for _ in range(IMPORTS):
            for count, site in sites.items():
                imports[count].append(seconds_of(site, IMPORT))
    series = {"generate the client": generations, "import a variant": imports}
    _keep(series)
    least = COUNTS[0]
    for name, values in series.items():
        for count in COUNTS[1:]:
            title = f"{name}: {count} variants / {least}"
            yield ratio(title, values[count], values[least])


def _keep(series: dict[str, dict[int, list[float]]]) -> None:
    medians = {
        name: [round(statistics.median(values[count]), 4) for count in COUNTS]
        for name, values in series.items()
    }
    kept = {"variants": COUNTS, "seconds": medians, "machine": machine()}
    BUILD.mkdir(exist_ok=True)
    KEPT.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")


def machine() -> str:
    """The machine that figures come from, for people."""
    model = platform.processor() or platform.machine()
    information = Path("/proc/cpuinfo")
    if information.exists():
        names = [
            line.split(":", 1)[1].strip()
            for line in information.read_text().splitlines()
            if line.startswith("model name")
        ]
        if names:
            model = f"{len(names)} cores of {names[0]}"
    return f"{model}, Python {platform.python_version()}"
