"""The command line as tests run it: in a process of its own, with a stream that may be broken."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence

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
# Loads the command line once, which takes most of a command's time, and forks for each command.
_EACH = """
import gc, json, os, sys
sys.modules["httpx._main"] = sys.modules["trio"] = None  # as main has it
from foxapi_video import deadline_network
from foxapi_video.cli import app, main
stream, commands, prepared = sys.argv[1:]
exec(prepared)
gc.freeze()
for words in json.loads(commands):
    child = os.fork()
    if not child:
        sys.argv[1:] = words
        sys.exit(main())
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    os.write(int(stream), f"\\0{code}\\0".encode())
"""


def run_each(
    url: str, commands: Sequence[list[str]], broken: str, prepared: str = ""
) -> list[tuple[int, str]]:
    """Run commands, each to its end: their codes, and what they wrote where it is not broken.

    Code that is run before them may change what they find.
    """
    whole = "2" if broken.startswith("1") else "1"
    program = [sys.executable, "-c", _EACH]
    words = [whole, json.dumps(commands), prepared]
    with start(url, *words, broken=broken, program=program) as process:
        told = process.communicate(timeout=60)[int(whole) - 1].split("\0")
    assert len(told) == 2 * len(commands) + 1, told
    return list(zip(map(int, told[1::2]), told[::2], strict=False))


def start(
    url: str,
    *arguments: str,
    broken: str = "",
    program: Sequence[str] = CLI,
    **environment: str,
) -> subprocess.Popen[str]:
    """Start a command; `broken` is a redirection, such as 2>/dev/full, 1>&- or 1>gone."""
    paths = os.pathsep.join([str(ROOT), str(ROOT / "generated")])
    environment |= {"FOXAPI_API_KEY": "placeholder", "FOXAPI_BASE_URL": url, "PYTHONPATH": paths}
    is_gone = broken.endswith(GONE)
    reader, writer = os.pipe()
    os.close(reader)
    try:
        return subprocess.Popen(
            ["sh", "-c", f'exec "$@" {"" if is_gone else broken}', "sh", *program, *arguments],
            env=os.environ | environment,
            stdout=writer if is_gone and broken[0] == "1" else subprocess.PIPE,
            stderr=writer if is_gone and broken[0] == "2" else subprocess.PIPE,
            text=True,
        )
    finally:
        os.close(writer)
