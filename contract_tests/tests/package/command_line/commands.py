"""The command line as tests run it: in a process of its own, with a stream that may be broken."""

from __future__ import annotations

import os
import subprocess
import sys

from contract_tests.faults.behaviours import Behaviour, changed
from contract_tests.referees.samples import BODY, arguments_of
from overlays.bundle import ROOT

ARGUMENTS = arguments_of(BODY)
LINK = "https://example.com/video.mp4"
WORKING = Behaviour("under way", changed(status="processing", progress=40, results=None))
CLI = [sys.executable, "-m", "foxapi_video.cli"]
# What becomes of a stream: no space left, nobody who reads it, and closed from the start.
GONE = ">gone"
BROKEN = [">/dev/full", GONE, ">&-"]


def start(url: str, *arguments: str, broken: str = "", **environment: str) -> subprocess.Popen[str]:
    """Start a command; `broken` is a redirection, such as 2>/dev/full, 1>&- or 1>gone."""
    paths = os.pathsep.join([str(ROOT), str(ROOT / "generated")])
    environment |= {"FOXAPI_API_KEY": "placeholder", "FOXAPI_BASE_URL": url, "PYTHONPATH": paths}
    is_gone = broken.endswith(GONE)
    reader, writer = os.pipe()
    os.close(reader)
    try:
        return subprocess.Popen(
            ["sh", "-c", f'exec "$@" {"" if is_gone else broken}', "sh", *CLI, *arguments],
            env=os.environ | environment,
            stdout=writer if is_gone and broken[0] == "1" else subprocess.PIPE,
            stderr=writer if is_gone and broken[0] == "2" else subprocess.PIPE,
            text=True,
        )
    finally:
        os.close(writer)
