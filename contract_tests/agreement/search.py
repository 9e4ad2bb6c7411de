"""Three-way agreement: spec, mock and client say the same of every body: `make agreement N=...`.

    python -m contract_tests.agreement.search --count 100000

Bodies are drawn by Hypothesis and judged by jsonschema-rs on the spec, by Prism over HTTP and by
`foxapi_video.check`. The run is spread over cores with pytest-xdist; with HYPOTHESIS_REDIS_URL set,
machines share what they found. A disagreement is shrunk and saved in disagreements/,
from where a test replays it for ever.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded
from hypothesis.database import ExampleDatabase

from contract_tests.agreement.body_referees import DisagreementError, Panel
from contract_tests.agreement.body_strategies import Bodies, Body
from contract_tests.seed import seed_of_run
from overlays.bundle import BUILD, ROOT

SAVED = Path(__file__).with_name("disagreements")
TALLIES = BUILD / "agreement"
SUMMARY = BUILD / "agreement.json"
# Bodies that one test judges: enough for a worker to be busy, few enough to share evenly.
CHUNK = 2500


@dataclass
class Tally:
    """What became of the bodies of a run.

    Attributes:
        judged: Bodies that every referee judged, by kind and verdict, such as `near rejected`.
        apart: Bodies within a limit of a referee, by the limit's name.
        seconds: How long it took.
    """

    judged: Counter[str] = field(default_factory=Counter)
    apart: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0

    def __add__(self, other: Tally) -> Tally:
        seconds = self.seconds + other.seconds
        return Tally(self.judged + other.judged, self.apart + other.apart, seconds)

    def write(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(vars(self)), encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> Tally:
        kept = json.loads(path.read_bytes())
        return cls(Counter(kept["judged"]), Counter(kept["apart"]), kept["seconds"])


def search(
    bodies: Bodies,
    panel: Panel,
    count: int,
    *,
    seed: int,
    database: ExampleDatabase | None = None,
    saved: Path = SAVED,
) -> Tally:
    """Have a panel judge drawn bodies until so many were judged by all of it.

    Raises:
        DisagreementError: The smallest body found on which referees differ; it is saved too.
    """
    tally = Tally()
    smallest: list[DisagreementError] = []

    def compare(body: Body) -> None:
        try:
            accepted, tool_fault = panel.judge(body)
        except DisagreementError as disagreement:
            smallest[:] = [disagreement]
            raise
        if tool_fault is None:
            tally.judged[f"{body.kind} {'accepted' if accepted else 'rejected'}"] += 1
        else:
            tally.apart[tool_fault.name] += 1

    began = time.monotonic()
    source = random.Random(seed)
    try:
        while (missing := count - tally.judged.total()) > 0:
            _drawn(compare, bodies, missing, source.randrange(2**32), database)()
    except DisagreementError:
        found = smallest[0]
        save(found, saved, seed)
        raise found from None
    tally.seconds = time.monotonic() - began
    return tally


def save(disagreement: DisagreementError, directory: Path, seed: int) -> Path:
    """Keep a body as a regression case, which test_agreement.py replays."""
    directory.mkdir(exist_ok=True)
    content = disagreement.body.content
    path = directory / f"{hashlib.sha256(content).hexdigest()[:12]}.json"
    case = {"content": content.decode(), "found": disagreement.verdicts, "seed": seed}
    path.write_text(json.dumps(case, indent=2) + "\n", encoding="utf-8")
    return path


def saved_bodies(directory: Path = SAVED) -> dict[str, Body]:
    """The regression cases by the name of their file."""
    cases = {path.stem: json.loads(path.read_bytes()) for path in sorted(directory.glob("*.json"))}
    return {
        name: Body("saved", json.loads(case["content"]), case["content"].encode())
        for name, case in cases.items()
    }


def chunks() -> list[int]:
    """How many bodies each test judges: FOXAPI_AGREEMENT_COUNT in all."""
    count = int(os.environ.get("FOXAPI_AGREEMENT_COUNT", "250"))
    return [min(CHUNK, count - begin) for begin in range(0, count, CHUNK)]


def _drawn(
    compare: Callable[[Body], None],
    bodies: Bodies,
    count: int,
    seed: int,
    database: ExampleDatabase | None,
) -> Callable[[], None]:
    test = given(bodies.all())(compare)
    options = settings(
        max_examples=count,
        database=database,
        deadline=None,
        report_multiple_bugs=False,
        phases=(Phase.reuse, Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    # In this order: seeding a test takes away the database that it had.
    test = options(seeded(seed)(test))
    drawn: Callable[[], None] = test
    return drawn


def main() -> int:
    parser = argparse.ArgumentParser(description="Search for a body on which referees differ.")
    parser.add_argument("--count", type=int, default=10_000, help="bodies that all must judge")
    parser.add_argument("--workers", default="auto", help="processes; one per core by default")
    arguments = parser.parse_args()
    seed = seed_of_run()
    TALLIES.mkdir(parents=True, exist_ok=True)
    for old in TALLIES.glob("*.json"):
        old.unlink()
    command = [sys.executable, "-m", "pytest", "contract_tests/tests/suite/test_agreement.py", "-q"]
    command += ["-k", "test_no_body_divides_the_referees", "--no-header"]
    command += ["-n", arguments.workers, "--dist", "worksteal", "--maxfail", "1"]
    known = saved_bodies()
    began = time.monotonic()
    environment = os.environ | {"FOXAPI_AGREEMENT_COUNT": str(arguments.count)}
    code = subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
    seconds = time.monotonic() - began
    total = Tally()
    for path in TALLIES.glob("*.json"):
        total += Tally.read(path)
    found = len(saved_bodies().keys() - known.keys())
    if code and not found:
        print(f"error: the run did not finish, see above; seed {seed}", file=sys.stderr)
        return code
    _report(total, seconds, seed, disagreements=found)
    return code


def _report(total: Tally, seconds: float, seed: int, *, disagreements: int) -> None:
    judged = total.judged.total()
    print(f"{judged:,} bodies judged by all, {disagreements} disagreements")
    for name, count in sorted(total.judged.items()):
        print(f"    {name}: {count:,}")
    for name, count in sorted(total.apart.items()):
        print(f"apart, {name}: {count:,}")
    print(f"{judged / seconds:.0f} a second ({seconds:.0f} s), seed {seed}")
    summary = {
        "judged": dict(total.judged),
        "apart": dict(total.apart),
        "disagreements": disagreements,
        "seconds": round(seconds, 1),
        "seed": seed,
    }
    SUMMARY.write_text(json.dumps(summary, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
