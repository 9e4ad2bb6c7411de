"""What the suite itself costs: reading and checking pages, and probes beside the mock's ceiling.

The ceiling is what a bare loop reaches: the same bodies, written beforehand, over as many open
connections, with the answers read and thrown away.
"""

from __future__ import annotations

import http.client
import json
import subprocess
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from contract_tests.bench.figures import Figure, of, ratio
from contract_tests.mock.mock import running_mock
from contract_tests.mock.prism import HOST, TOKEN, Prism
from contract_tests.probes.page_probes import all_probes
from contract_tests.probes.run import CONNECTIONS, run_probes
from contract_tests.referees.spec_mock_client import ClientReferee, spec_referee
from documentation import facts_files
from documentation.checking.check import check
from documentation.reading.page import read_page
from overlays.bundle import ROOT
from overlays.openapi import CREATE_PATH

ROUNDS = 5
MOST_TEST_SECONDS = 90.0  # on two cores that do nothing else
PAGES = ROOT / "contract_tests" / "pages"
HEADERS = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}


def measure() -> Iterator[Figure]:
    """Milliseconds of reading and of checking, and probes a second beside the ceiling."""
    pages = [path for path in sorted(PAGES.rglob("*")) if path.suffix in (".txt", ".md")]
    readings = [_timed_readings(pages) for _ in range(ROUNDS)]
    title = f"read a page (the mean of {len(pages)})"
    yield of(title, [1000 * sum(each) / len(pages) for each in readings], unit=" ms")
    yield of("read the slowest page", [1000 * max(each) for each in readings], 50, " ms")
    facts = sum(len(file.facts) for file in facts_files.load_all())
    title = f"load and check all pages ({facts} facts)"
    yield of(title, [1000 * _timed_check() for _ in range(ROUNDS)], 2000, " ms")
    bodies = [json.dumps(probe.body).encode() for probe in all_probes()]
    ours, bare = [], []
    with running_mock() as mock:
        referee, client = spec_referee(), ClientReferee()
        _bare(mock.prism, bodies[:200])
        for _ in range(ROUNDS):
            bare.append(len(bodies) / _bare(mock.prism, bodies))
            ours.append(run_probes(all_probes(), referee, mock.prism, client).speed)
    yield of("probes a second, all referees", ours, unit="/s")
    yield of("bodies a second, a bare loop against the mock", bare, unit="/s")
    yield ratio("bare loop / probes", bare, ours)


def measure_tests() -> Iterator[Figure]:
    """Seconds of one `make test`, as it stands."""
    began = time.perf_counter()
    if subprocess.run(["make", "test"], cwd=ROOT, stdout=subprocess.DEVNULL).returncode:
        raise SystemExit("error: make test fails, and what fails has no time")
    seconds = round(time.perf_counter() - began)
    yield Figure("make test", seconds, seconds, seconds, MOST_TEST_SECONDS, " s")


def _timed_readings(pages: Sequence[Path]) -> list[float]:
    """The seconds that each page took."""
    seconds = []
    for path in pages:
        text = path.read_text(encoding="utf-8")
        began = time.perf_counter()
        assert read_page(text, path.stem).facts
        seconds.append(time.perf_counter() - began)
    return seconds


def _timed_check() -> float:
    began = time.perf_counter()
    report = check()
    assert not report.differences
    return time.perf_counter() - began


def _bare(prism: Prism, bodies: Sequence[bytes]) -> float:
    """Seconds to send all bodies over as many connections as the probes have."""

    def send(mine: Sequence[bytes]) -> None:
        connection = http.client.HTTPConnection(HOST, prism.port, timeout=30)
        for body in mine:
            connection.request("POST", CREATE_PATH, body, HEADERS)
            connection.getresponse().read()
        connection.close()

    parts = [bodies[number::CONNECTIONS] for number in range(CONNECTIONS)]
    began = time.perf_counter()
    with ThreadPoolExecutor(CONNECTIONS) as threads:
        list(threads.map(send, parts))
    return time.perf_counter() - began
