"""The command line, `foxapi-video`. It needs typer and rich, which the extra `cli` brings."""

from __future__ import annotations

import gc
import sys

from foxapi_video.cli.streams import StandardOutputError, guard


def main() -> None:
    """Run the command line, and exit with a code that says how it ended."""
    guard()
    gc.disable()
    try:
        from foxapi_video.cli.app import app
    except ModuleNotFoundError as missing:
        if (missing.name or "").partition(".")[0] not in ("typer", "rich"):
            raise
        sys.exit("error: the command line needs two more packages: pip install typer rich")
    if hasattr(gc, "freeze"):  # or a quarter of a short command is a search for garbage in modules
        gc.freeze()
    gc.enable()
    try:
        try:
            app()
        finally:
            sys.stdout.flush()
    except StandardOutputError as error:  # of a help, say: commands tell their own
        print(f"error: {error}", file=sys.stderr)
        sys.exit(1)


__all__ = ["main"]
