"""Redocly's reading of an overlay, which the engine of the project is held to."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from overlays.bundle import ROOT

# It asks nobody for a newer version of itself, and tells nobody that it ran.
QUIET = {"REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true", "CI": "true"}


class RefusedError(Exception):
    """What redocly says of a document or an overlay that it does not take."""


def bundle_by_redocly(spec: Path, overlay: Any) -> Any:
    """The document that redocly makes of a spec and an overlay.

    Raises:
        RefusedError: It does not take them.
    """
    with tempfile.TemporaryDirectory() as directory:
        output, path = Path(directory, "bundled.json"), Path(directory, "overlay.json")
        path.write_text(json.dumps(overlay), "utf-8")
        ended = _redocly("bundle", spec, "--overlay", path, "--output", output)
        if ended.returncode:
            raise RefusedError(ended.stderr)
        return json.loads(output.read_bytes())


def lint_by_redocly(spec: Path) -> str:
    """What `make lint` has redocly say of a document; nothing when it finds no fault."""
    ended = _redocly("lint", "--config", ROOT / "overlays" / "redocly.yaml", spec)
    return ended.stdout + ended.stderr if ended.returncode else ""


def _redocly(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    # V8 takes longer to optimise it than that spares.
    return subprocess.run(
        ["node", "--no-opt", ROOT / "node_modules" / ".bin" / "redocly", *arguments],
        env=os.environ | QUIET,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
