"""Fuzz a server with schemathesis: its coverage and fuzzing phases, positive and negative."""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from contract_tests.mock.prism import TOKEN
from contract_tests.referees.some import MOST
from overlays.bundle import ROOT
from overlays.openapi import create_body

CONFIG = Path(__file__).with_name("schemathesis.toml")


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
    """Run schemathesis with the checks of schemathesis.toml and the hooks of hooks.py.

    Of more variants than a dozen a dozen are fuzzed, which the seed chooses: the coverage phase
    makes some two hundred cases of each.

    Args:
        spec: The OpenAPI document that says what to send and to expect.
        base_url: The server.
        seed: Makes the run repeatable.
        examples: How many cases the fuzzing phase makes of an operation; without one there is none.
    """
    with tempfile.TemporaryDirectory(prefix="foxapi-fuzz-") as directory:
        few = Path(directory) / spec.name
        few.write_text(json.dumps(with_a_dozen(json.loads(spec.read_bytes()), seed)), "utf-8")
        return _fuzzed(few, base_url, seed, examples)


def with_a_dozen(document: dict[str, Any], seed: int) -> dict[str, Any]:
    """A document whose create call takes a dozen of its variants, where it takes more."""
    body = create_body(document)
    branches = body["schema"].get("oneOf", [])
    if len(branches) > MOST:
        kept = random.Random(seed).sample(branches, MOST)
        body["schema"]["oneOf"] = kept
        names = {each["$ref"].rpartition("/")[2] for each in kept}
        shown = body.get("examples", {})
        body["examples"] = {name: each for name, each in shown.items() if name in names}
    return document


def _fuzzed(spec: Path, base_url: str, seed: int, examples: int) -> Outcome:
    arguments = ["--config-file", str(CONFIG), "run", str(spec)]
    arguments += ["--phases", "coverage,fuzzing" if examples else "coverage", "--mode", "all"]
    arguments += ["--max-examples", str(examples or 1), "--workers", "2"]
    ended = run_schemathesis(arguments, base_url, seed, cwd=ROOT, timeout=600)
    phases = re.findall(r"(?:Coverage|Fuzzing) \(in ([\d.]+)s\)", ended.stdout)
    seconds = sum(map(float, phases)) or 1.0
    counted = re.search(r"(\d+) generated", ended.stdout)
    cases = int(counted[1]) if counted else 0
    return Outcome(ended.returncode == 0, cases, seconds, ended.stdout + ended.stderr)


def run_schemathesis(
    arguments: list[str], base_url: str, seed: int, *, cwd: Path, timeout: float
) -> subprocess.CompletedProcess[str]:
    """Run schemathesis against a server, repeatably and with the hooks of hooks.py."""
    command = [sys.executable, "-m", "schemathesis.cli", *arguments]
    command += ["--url", base_url, "--header", f"Authorization: Bearer {TOKEN}"]
    command += ["--seed", str(seed), "--request-timeout", "10"]
    command += ["--generation-database", "none", "--no-color"]
    hooks = {"SCHEMATHESIS_HOOKS": "contract_tests.fuzzing.hooks", "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        command,
        cwd=cwd,
        env=os.environ | hooks,
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )
