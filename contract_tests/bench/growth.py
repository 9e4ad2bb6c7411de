"""How all that grows with the number of variants does.

Of generating and importing the client, the variants beyond the real ones are copies of them under
other model ids; the figures stay in build/growth.json, from which the report draws its plot. All
else is measured in a copy of the project that has accepted the pages of 92 more variants.
"""

from __future__ import annotations

import json
import os
import platform
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from contract_tests.accepting.many import SAVED, project_with
from contract_tests.accepting.project_copy import copy_project, paths_of
from contract_tests.bench.figures import Figure, of, ratio
from contract_tests.bench.imports import client_with
from contract_tests.bench.sites import make_site, seconds_of
from contract_tests.referees.samples import BODY, VARIANTS
from overlays.bundle import BUILD
from overlays.openapi import CREATE_PATH

COUNTS = tuple(sorted({len(VARIANTS), 25, 50, 100}))
GENERATIONS = 3
IMPORTS = 21
IMPORT = f"from foxapi_video import FoxAPI, {VARIANTS[0]}"
KEPT = BUILD / "growth.json"
MANY = 100
ROUNDS = 5
# What is measured in both projects: a target of make, and how many times as long it may take.
_GROWING: dict[str, tuple[list[str], float]] = {
    "check a body": ([], 1.05),
    "an answer of the mock": ([], 1.1),
    "import and use a variant": ([], 1.15),
    "generation": (["generate"], 1.3),
    "lint": (["lint"], 1.6),
    "docs-check": (["docs-check"], 2.9),
}
_TIMED = {
    "check a body": f"""
from time import perf_counter as now
from foxapi_video import check
check({BODY!r})
began = now()
for _ in range(3000): check({BODY!r})
print(now() - began)
""",
    "an answer of the mock": f"""
from time import perf_counter as now
import httpx
from contract_tests.mock.mock import running_mock
key = {{"Authorization": "Bearer key"}}
with running_mock() as mock, httpx.Client(base_url=mock.url, headers=key) as client:
    times = []
    for _ in range(3000):
        began = now()
        client.post({CREATE_PATH!r}, json={BODY!r})
        times.append(now() - began)
print(sorted(times)[1000])
""",
    "import and use a variant": f"""
from time import process_time as now
began = now()
{IMPORT}
print(now() - began)
""",
}


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


def measure_pages() -> Iterator[Figure]:
    """What is asked of a project with 100 variants, beside what there is: about ten minutes."""
    with tempfile.TemporaryDirectory(prefix="foxapi-growth-") as directory:
        few, many = Path(directory, "few"), Path(directory, "many")
        copy_project(few)
        seconds = round(project_with(MANY - len(VARIANTS), many))
        title = f"accept the pages of {MANY - len(VARIANTS)} variants and probe all"
        yield Figure(title, seconds, seconds, seconds, 300, " s")
        yield from measure_project(few, many)


def measure_project(few: Path, many: Path) -> Iterator[Figure]:
    """The same of two projects that are there already, one of them with 100 variants."""
    page = sorted((many / SAVED).glob("*.txt"))[0]
    seconds: dict[str, list[tuple[float, float]]] = {name: [] for name in _GROWING}
    # In turns: what deletes hundreds of files makes it dear to create others for a minute (ext4).
    for _ in range(ROUNDS):
        for name, (command, _most) in _GROWING.items():
            words = ["make", *command] if command else [sys.executable, "-c", _TIMED[name]]
            seconds[name].append((_seconds_in(few, words), _seconds_in(many, words)))
    for name, (_command, most) in _GROWING.items():
        low, high = zip(*seconds[name], strict=True)
        yield ratio(
            f"{name}, {min(high):.4g} s: {MANY} variants / {len(VARIANTS)}", high, low, most
        )
    changed = [_accepting(many, page) for _ in range(ROUNDS)]
    yield of(f"docs-accept of a changed page, {MANY} variants", changed, 8, " s")
    report = [_seconds_in(many, ["make", "report"], wall=True) for _ in range(ROUNDS)]
    yield of(f"make report, {MANY} variants", report, 40, " s")


def _seconds_in(project: Path, command: list[str], *, wall: bool = False) -> float:
    """Seconds of the processor that a command takes in a project, or those that it prints itself.

    What else the machine does counts less for them than for those of the clock.
    """
    began, used = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    environment = os.environ | paths_of(project)
    ended = subprocess.run(
        command, cwd=project, env=environment, capture_output=True, text=True, check=True
    )
    if command[0] != "make":
        return float(ended.stdout)
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = spent.ru_utime - used.ru_utime + spent.ru_stime - used.ru_stime
    return time.perf_counter() - began if wall else cpu


def _accepting(project: Path, page: Path) -> float:
    """Seconds to accept a page with another limit of its prompt."""
    text = page.read_text("utf-8")
    limit = int(re.findall(r"Maximum string length: (\d+)", text)[0])
    page.write_text(text.replace(f"length: {limit}", f"length: {limit + 1}", 1), "utf-8")
    return _seconds_in(project, ["make", "docs-accept", f"PAGE={page}"], wall=True)


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
