"""Fuzz a server with schemathesis: its coverage and fuzzing phases, positive and negative."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from contract_tests.mock import TOKEN
from overlays.bundle import ROOT

# Prism exits on a file part without a content type, and schemathesis sends no other.
EXCLUDED = "uploadFileStream"


@dataclass(frozen=True)
class Outcome:
    """What a run of schemathesis found.

    Attributes:
        passed: Whether every case passed every check.
        cases: How many were sent.
        seconds: How long its phases took, without schemathesis' own start.
        output: What it printed: each failure with a command that reproduces it.
    """

    passed: bool
    cases: int
    seconds: float
    output: str


def fuzz(spec: Path, base_url: str, *, seed: int, examples: int) -> Outcome:
    """Run schemathesis with the checks of schemathesis.toml and the hooks of fuzz_hooks.py.

    Args:
        spec: The OpenAPI document that says what to send and to expect.
        base_url: The server.
        seed: Makes the run repeatable.
        examples: How many cases the fuzzing phase makes of an operation.
    """
    command = [sys.executable, "-m", "schemathesis.cli"]
    command += ["--config-file", "contract_tests/schemathesis.toml", "run", str(spec)]
    command += ["--url", base_url, "--header", f"Authorization: Bearer {TOKEN}"]
    command += ["--phases", "coverage,fuzzing", "--mode", "all", "--exclude-operation-id", EXCLUDED]
    command += ["--seed", str(seed), "--max-examples", str(examples), "--workers", "2"]
    command += ["--request-timeout", "10", "--generation-database", "none", "--no-color"]
    environment = {"SCHEMATHESIS_HOOKS": "contract_tests.fuzz_hooks", "PYTHONPATH": str(ROOT)}
    ended = subprocess.run(
        command,
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    phases = re.findall(r"(?:Coverage|Fuzzing) \(in ([\d.]+)s\)", ended.stdout)
    seconds = sum(map(float, phases)) or 1.0
    counted = re.search(r"(\d+) generated", ended.stdout)
    cases = int(counted[1]) if counted else 0
    return Outcome(ended.returncode == 0, cases, seconds, ended.stdout + ended.stderr)
