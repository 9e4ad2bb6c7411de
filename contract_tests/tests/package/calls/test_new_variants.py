"""A variant that is generated tomorrow: it is importable, checked and an option without an edit."""

from __future__ import annotations

import json
import os
from pathlib import Path

from contract_tests.bench.imports import client_with
from contract_tests.referees.samples import BODY, VARIANTS
from contract_tests.tests.conftest import run_in
from overlays.bundle import ROOT

NAME = VARIANTS[0].replace("Request", "Copy0Request")
COPY = BODY | {"model": "copy-0"}
CODE = f"""
import json, foxapi_video
from foxapi_video import {NAME}, check
from typer.testing import CliRunner
from foxapi_video.cli.app import app
print(json.dumps({{
    "listed": "{NAME}" in dir(foxapi_video),
    "made": {NAME}.from_dict({COPY}).to_dict(),
    "right": [str(v) for v in check({COPY})],
    "wrong": [str(v) for v in check({COPY} | {{"undocumented": 1}})],
    "models": CliRunner().invoke(app, ["models", "--output", "json"]).output,
    "help": CliRunner().invoke(app, ["create", "copy-0", "--help"]).output,
}}))
"""


def test_a_new_variant_needs_no_edit(tmp_path: Path) -> None:
    package = client_with(len(VARIANTS) + 1, tmp_path / "generated")
    paths = os.pathsep.join([str(package.parent), str(ROOT)])
    ended = run_in(tmp_path, "-c", CODE, PYTHONPATH=paths)
    assert ended.returncode == 0, ended.stderr
    printed = json.loads(ended.stdout)
    assert printed["listed"] and printed["made"] == COPY
    assert printed["right"] == [] and printed["wrong"][0].startswith("undocumented: no such field")
    assert json.loads(printed["models"])["copy-0"] == [NAME]
    for field in COPY.keys() - {"model"}:
        assert f"--{field.replace('_', '-')}" in printed["help"]
