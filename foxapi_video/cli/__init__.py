"""The command line, `foxapi-video`. It comes with the extra: pip install 'foxapi-video[cli]'."""

from __future__ import annotations

import io
import sys


def main() -> None:
    """Run the command line, and exit with a code that says how it ended."""
    try:
        from foxapi_video.cli.app import app
    except ModuleNotFoundError as missing:
        if (missing.name or "").partition(".")[0] not in ("typer", "rich"):
            raise
        sys.exit("error: the command line needs its extra: pip install 'foxapi-video[cli]'")
    for stream in (sys.stdout, sys.stderr):
        # What a terminal can't write is no reason to lose the id of a paid task.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    app()


__all__ = ["main"]
