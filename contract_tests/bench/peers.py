"""The package beside other SDKs of the field, which `make bench-peers` installs in build/peers.

All are measured in one run against one stub, which gives each the answer of its own server. What
an SDK does when the answer to a create call is lost is counted too: each of those may be paid.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from contract_tests.bench.fast_server import BenchServer
from contract_tests.bench.figures import Figure, of, ratio
from contract_tests.bench.sdks import FOXAPI, HTTPX, PEERS, SDK, SDKS
from contract_tests.bench.sites import first_task, make_peer_site, make_site, seconds_of, version_of
from contract_tests.bench.turns import Times
from contract_tests.faults.behaviours import Behaviour, close_silently
from contract_tests.faults.server import FaultServer
from overlays.bundle import BUILD, ROOT

ENVIRONMENT = BUILD / "peers"
COMPARED = (FOXAPI, *PEERS)
IMPORTS = 15
ROUNDS = 100
PATIENCE = 300.0
_LOST = Behaviour("closed without an answer", close_silently)


def installed() -> bool:
    """Whether the other SDKs are there."""
    return (ENVIRONMENT / "ready").exists()


def measure() -> Iterator[Figure]:
    """Importing, a first task, further tasks, and what a lost answer leads to, for each SDK."""
    if not installed():
        raise SystemExit("error: the other SDKs are not installed: run make bench-peers")
    with tempfile.TemporaryDirectory() as directory, BenchServer() as server:
        sites = {name: _site(Path(directory, name), sdk) for name, sdk in SDKS.items()}
        imports = {name: sdk.importing for name, sdk in SDKS.items()}
        firsts = {name: first_task(name, server.url) for name in SDKS}
        yield from _against_httpx("import", _cold(sites, imports))
        yield from _against_httpx("import and a first task", _cold(sites, firsts))
        for way, times in _calls(server.url).items():
            yield from _against_httpx(f"a further task, {way}", times)
        yield from _creates_after_a_loss(sites)


def _site(site: Path, sdk: SDK) -> Path:
    if sdk in PEERS:
        make_peer_site(site, sdk.name, ENVIRONMENT)
    else:
        make_site(site, ROOT / "generated" / "foxapi_video_client")
    return site


def _cold(sites: dict[str, Path], statements: dict[str, str]) -> Times:
    """Seconds of the processor that each statement takes in a new process, in turns."""
    for name, statement in statements.items():
        seconds_of(sites[name], statement)  # compile everything once
    times: Times = {name: [] for name in statements}
    for _ in range(IMPORTS):
        for name, statement in statements.items():
            times[name].append(seconds_of(sites[name], statement))
    return times


def _calls(url: str) -> dict[str, Times]:
    """What the calls took in the environment that has all SDKs: see sdks.py."""
    ended = subprocess.run(
        [ENVIRONMENT / "bin" / "python", "-m", "contract_tests.bench.sdks", url, str(ROUNDS)],
        env={
            "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "generated")]),
            "PYTHONWARNINGS": "ignore::DeprecationWarning",  # openai's, of its video calls
        },
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        timeout=PATIENCE,
    )
    times: dict[str, Times] = json.loads(ended.stdout)
    return times


def _against_httpx(what: str, times: Times) -> Iterator[Figure]:
    for sdk in COMPARED:
        yield ratio(f"{what}: {_named(sdk)} / httpx", times[sdk.name], times[HTTPX.name])


def _named(sdk: SDK) -> str:
    environment = ENVIRONMENT if sdk in PEERS else Path(sys.prefix)
    return f"{sdk.name} {version_of(sdk.name, environment)}"


def _creates_after_a_loss(sites: dict[str, Path]) -> Iterator[Figure]:
    """How many creates a server reads for one call when it closes each without an answer."""

    def sent(sdk: SDK) -> int:
        with FaultServer(_LOST, endless=True) as server:
            ended = subprocess.run(
                [
                    sys.executable,
                    "-I",
                    "-S",
                    "-c",
                    _lost_task(sites[sdk.name], sdk.name, server.url),
                ],
                stdout=subprocess.PIPE,
                text=True,
                check=True,
                timeout=PATIENCE,
            )
        assert ended.stdout.strip() == "failed", f"{sdk.name} reports a task that was never made"
        return len(server.requests)

    # They mostly wait: for the pauses between their attempts.
    with ThreadPoolExecutor() as threads:
        for sdk, count in zip(COMPARED, threads.map(sent, COMPARED), strict=True):
            yield of(f"creates sent when answers are lost: {_named(sdk)}", [count, count], unit="")


def _lost_task(site: Path, name: str, url: str) -> str:
    return (
        f"import sys; sys.path.insert(0, {str(site)!r})\n"
        f"try:\n    exec({first_task(name, url)!r})\n"
        "except Exception:\n    print('failed')"
    )
