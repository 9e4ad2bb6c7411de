"""Run schemathesis as it comes, with all its checks, against `make mock`.

python -m contract_tests.fuzzing.stock [--minutes 10]

The mock has to live through it, answer every request and find no other fault than the known ones.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx

from contract_tests.mock.prism import HOST, TOKEN, free_port
from contract_tests.mock.process_group import ProcessGroup
from contract_tests.seed import seed_of_run
from overlays.bundle import BUILD, PLAIN, ROOT

SUMMARY = BUILD / "stock.json"
START_SECONDS = 60
HANG_SECONDS = 20  # no answer of the mock takes as long, on a busy machine too
# What it finds against a mock that does all it should.
KNOWN = {
    "API accepts invalid authentication": "the mock takes any key",
    "Schema-violating request accepted": (
        "an empty value of a query is a missing one to Prism, and an empty list in a form sends "
        "nothing; of a form Prism looks at the documented parts only"
    ),
}


def main() -> int:
    parser = argparse.ArgumentParser(description="Run schemathesis as it comes against make mock.")
    parser.add_argument("--minutes", type=float, default=10)
    minutes = parser.parse_args().minutes
    found = stock_run(minutes * 60, seed_of_run())
    SUMMARY.write_text(json.dumps(found), encoding="utf-8")
    print(f"{found['cases']} cases in {found['seconds']:.0f} s, seed {found['seed']}")
    for title, count in found["failures"].items():
        print(f"{count} operations: {title} ({KNOWN.get(title, 'unknown: a fault')})")
    for line in (*found["restarts"], *found["errors"]):
        print(f"error: {line}", file=sys.stderr)
    if not found["alive"]:
        print("error: the mock does not answer any more", file=sys.stderr)
    return 0 if found["passed"] else 1


def stock_run(seconds: float, seed: int) -> dict[str, Any]:
    """Start the mock, fuzz it for so long, and say how it did."""
    port = free_port()
    with tempfile.TemporaryDirectory() as directory, ProcessGroup() as group:
        log, report = Path(directory, "mock.log"), Path(directory, "report.json")
        group.start(["make", "mock", f"PORT={port}"], log, cwd=ROOT)
        _wait_for("The mock listens on", log)
        url = f"http://{HOST}:{port}"
        _schemathesis(url, seconds, seed, report)
        told = log.read_text("utf-8").splitlines()[1:]
        alive = _answers(url)
        run = json.loads(report.read_bytes())
    return {"seed": seed, **judged(run, told, alive=alive)}


def judged(run: dict[str, Any], told: list[str], *, alive: bool) -> dict[str, Any]:
    """How the mock did, from the report of schemathesis and what the mock told of restarts."""
    failures = {each["title"]: each["count"] for each in run["failures"]}
    errors = [str(each) for each in run["errors"]]
    return {
        "seconds": run["running_time"],
        "cases": run["test_cases"]["generated"],
        "failures": failures,
        "restarts": told,
        "errors": errors,
        "alive": alive,
        "passed": alive and not told and not errors and failures.keys() <= KNOWN.keys(),
    }


def _schemathesis(url: str, seconds: float, seed: int, report: Path) -> None:
    command = [sys.executable, "-m", "schemathesis.cli", "run", str(BUILD / PLAIN), "--url", url]
    command += ["--header", f"Authorization: Bearer {TOKEN}", "--checks", "all"]
    command += ["--max-time", str(max(1, round(seconds))), "--continue-on-failure"]
    command += ["--request-timeout", str(HANG_SECONDS), "--seed", str(seed)]
    command += ["--generation-database", "none", "--no-color"]
    command += ["--report", "json", "--report-json-path", str(report)]
    # Where it is started, there is no configuration of ours to find.
    subprocess.run(command, cwd=report.parent, stdout=subprocess.DEVNULL, check=False)


def _wait_for(words: str, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while words not in (log.read_text("utf-8") if log.exists() else ""):
        if time.monotonic() > deadline:
            raise SystemExit(f"error: the mock did not start in {START_SECONDS} s")
        time.sleep(0.1)


def _answers(url: str) -> bool:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    try:
        answer = httpx.get(f"{url}/v1/tasks/any", headers=headers, timeout=HANG_SECONDS)
    except httpx.HTTPError:
        return False
    return answer.status_code == 200


if __name__ == "__main__":
    sys.exit(main())
