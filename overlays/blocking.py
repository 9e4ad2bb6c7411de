"""Make the package's blocking modules from those for asyncio, which are written by hand.

The two differ in words only. What each world does in its own way is in event_loops.py and in
threads.py, under the same names.
"""

from __future__ import annotations

import re
import subprocess
import sys

from overlays.bundle import ROOT
from overlays.errors import BuildError

PACKAGE = ROOT / "foxapi_video"
MODULES = {
    "async_client.py": "client.py",
    "async_resources.py": "resources.py",
    "async_runner.py": "sync_runner.py",
}
# Regular expressions and what comes in the place of each match, one after the other.
WORDS = (
    # Sentences of docstrings that are true of one of the two only.
    (r" for asyncio\.\n\n +It can .*", ". It may be used from several threads at once."),
    (
        r"closed\.\n( +)It serves the event loop .*",
        r"closed,\n\1and limits the parts of an answer rather than the whole. It serves the "
        r"process that\n\1uses it first, and no child of a fork.",
    ),
    (r"\n\n +Those of other event loops .*\n +", ""),
    (r"; may\s+be a coroutine\s+function", ""),
    (r" Cancelling the wait .*", ""),
    # Words of Python, of httpx and of the package.
    (r"\basync_runner\b", "sync_runner"),
    (r"\basync_resources\b", "resources"),
    (r"\bevent_loops\b", "threads"),
    (r"\ban Async", "a "),
    (r"\bAsync(?=[A-Z])", ""),
    (r"\bCoroutine\[Any, Any, (\w+)\]", r"\1"),
    (r"\b(async|await) ", ""),
    (r"\b(__)?a(?=close|enter|exit|iter_(?:raw|bytes)|next|trace)", r"\1"),
    (r'\A""".*', '"""Generated from {source}, do not edit: see overlays/blocking.py."""'),
)


def blocking(source: str) -> str:
    """The blocking module that is made from a module for asyncio."""
    text = (PACKAGE / source).read_text(encoding="utf-8")
    for words, others in WORDS:
        text = re.sub(words, others.replace("{source}", source), text)
    shown = f"--stdin-filename={PACKAGE / MODULES[source]}"
    for command in (["check", "--quiet", "--select=F401,I", "--fix"], ["format"]):
        ended = subprocess.run(
            [sys.executable, "-m", "ruff", *command, shown, "-"],
            input=text,
            capture_output=True,
            text=True,
            check=False,
        )
        if ended.returncode:
            raise BuildError(f"{source}: no blocking module comes of it: {ended.stderr.strip()}")
        text = ended.stdout
    return text


def main() -> int:
    try:
        made = {PACKAGE / target: blocking(source) for source, target in MODULES.items()}
    except BuildError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    for path, text in made.items():
        path.write_text(text, encoding="utf-8")
        print("generated", path.relative_to(ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main())
