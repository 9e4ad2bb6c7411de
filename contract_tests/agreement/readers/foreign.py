"""The foreign readers, how each is run, and whose fault it is where one misjudges a probe."""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from contract_tests.probes.probe import Probe
from overlays.bundle import BUILD, PORTABLE, ROOT, read_yaml
from overlays.generate import GENERATED

HERE = Path(__file__).parent
PLACE = BUILD / "readers"
PYTHON = PLACE / "venv" / "bin" / "python"
SPEC = GENERATED / PORTABLE
# By name the script under judges/ that runs it, and what the script is told beside spec and probes.
READERS = {
    "express-openapi-validator": ("express.cjs",),
    "ajv, strict": ("ajv.cjs", "strict"),
    "ajv, filling defaults in": ("ajv.cjs", "useDefaults"),
    "fastjsonschema": ("fastjson.py",),
    "openapi-core": ("core.py",),
    "zod of hey-api, strict objects": ("zod.cjs", "strict"),
    "zod of hey-api": ("zod.cjs",),
    "pydantic of datamodel-code-generator": ("pydantic_models.py",),
    "types of openapi-typescript": ("typescript.cjs",),
    "python client of openapi-generator": ("generated_client.py",),
}
Wrong = tuple[str, str]


class ReaderError(Exception):
    """A reader could not be asked; its text is for people."""


@dataclass
class Tally:
    """What a reader made of the probes.

    Attributes:
        right: How many it judged as the pages do.
        tool: The others that no spelling of the spec can save, by the reason why not.
        ours: The rest, by verdict and keyword, each with one probe that shows it.
    """

    right: int = 0
    tool: Counter[str] = field(default_factory=Counter)
    ours: dict[Wrong, list[str]] = field(default_factory=dict)


def limits() -> dict[str, list[dict[str, Any]]]:
    """What each tool gets wrong whatever the spelling."""
    found: dict[str, list[dict[str, Any]]] = read_yaml(HERE / "limits.yaml")
    return found


def ask(name: str, probes: Sequence[Probe]) -> list[bool]:
    """The verdict of a reader on each probe.

    Raises:
        ReaderError: It is not installed, or it refuses the spec.
    """
    script, *told = READERS[name]
    asked = PLACE / "probes.json"
    rows = [{"operation": probe.variant.operation, "body": probe.body} for probe in probes]
    asked.write_text(json.dumps(rows), encoding="utf-8")
    program = str(PYTHON) if script.endswith(".py") else "node"
    command = [program, str(HERE / "judges" / script), str(SPEC), str(asked), *told]
    try:
        ended = subprocess.run(
            command, cwd=PLACE, capture_output=True, text=True, timeout=900, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ReaderError(f"{name}: {error}") from None
    if ended.returncode:
        raise ReaderError(f"{name}: {ended.stderr.replace(str(ROOT), '.')[-2000:]}")
    verdicts: list[bool] = json.loads(ended.stdout.strip().splitlines()[-1])
    if len(verdicts) != len(probes):
        raise ReaderError(f"{name}: {len(verdicts)} verdicts on {len(probes)} probes")
    return verdicts


def tally(
    probes: Sequence[Probe], verdicts: Sequence[bool], known: Sequence[dict[str, Any]]
) -> Tally:
    """Count right and wrong verdicts; a wrong one is ours unless a limit of the tool covers it."""
    found = Tally()
    for probe, accepted in zip(probes, verdicts, strict=True):
        if accepted == probe.accepted:
            found.right += 1
            continue
        wrong = (
            "accepts" if accepted else "rejects",
            probe.reason[1] if probe.reason else probe.keyword,
        )
        why = next((limit["why"] for limit in known if _covers(limit, wrong)), None)
        if why is None:
            found.ours.setdefault(wrong, []).append(probe.id)
        else:
            found.tool[why] += 1
    return found


def _covers(limit: dict[str, Any], wrong: Wrong) -> bool:
    return limit["verdict"] == wrong[0] and bool({"*", wrong[1]} & set(limit["keywords"]))
