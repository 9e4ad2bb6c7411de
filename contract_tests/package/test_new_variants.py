"""A variant that is generated tomorrow: it is importable, checked and an option without an edit."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from contract_tests.bench.imports import client_with
from foxapi_video.checking import index
from overlays.bundle import ROOT

CODE = """
import json, foxapi_video
from foxapi_video import Veo31FastCopy0Request, check
from typer.testing import CliRunner
from foxapi_video.cli.app import app
print(json.dumps({
    "listed": "Veo31FastCopy0Request" in dir(foxapi_video),
    "made": Veo31FastCopy0Request(prompt="a fox").to_dict(),
    "right": [str(v) for v in check({"model": "copy-0", "prompt": "a fox"})],
    "wrong": [str(v) for v in check({"model": "copy-0", "prompt": "a fox", "size": "7:3"})],
    "models": CliRunner().invoke(app, ["models", "--output", "json"]).output,
    "help": CliRunner().invoke(app, ["create", "copy-0", "--help"]).output,
}))
"""


def test_a_new_variant_needs_no_edit(tmp_path: Path) -> None:
    variants = sum(len(names) for names in set(map(tuple, index().values())))
    package = client_with(variants + 1, tmp_path / "generated")
    ended = subprocess.run(
        [sys.executable, "-c", CODE],
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(package.parent), str(ROOT)])},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    told = json.loads(ended.stdout)
    assert told["listed"] and told["made"] == {"model": "copy-0", "prompt": "a fox"}
    assert told["right"] == [] and told["wrong"][0].startswith("size: '7:3' is not one of auto")
    assert json.loads(told["models"])["copy-0"] == ["Veo31FastCopy0Request"]
    assert "--image-url" in told["help"]
