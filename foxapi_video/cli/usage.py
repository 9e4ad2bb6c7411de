"""Wrong usage, which is told in JSON too where that is asked for."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from typer.core import TyperGroup

from foxapi_video.cli.endings import Output, say_wrong_usage


class Commands(TyperGroup):
    """The commands. With `--output json` what is wrong with the words themselves is JSON."""

    def main(self, args: Sequence[str] | None = None, *more: Any, **options: Any) -> Any:
        """Run the command that the words name."""
        words = sys.argv[1:] if args is None else list(args)
        if not _asks_for_json(words) or not options.get("standalone_mode", True):
            return super().main(args, *more, **options)
        try:
            code = super().main(args, *more, **options | {"standalone_mode": False})
        except Exception as error:
            # typer keeps the classes of such errors where no import finds them in every version.
            tell = getattr(error, "format_message", None)
            if tell is None:
                raise
            say_wrong_usage(type(error).__name__, tell())
            sys.exit(getattr(error, "exit_code", 2))
        sys.exit(code or 0)


def _asks_for_json(words: list[str]) -> bool:
    """Whether `--output json` is among the words, which may be wrong in any other way."""
    end = words.index("--") if "--" in words else len(words)
    options = words[:end]
    as_two = ("--output", Output.JSON.value) in pairwise(options)
    return as_two or f"--output={Output.JSON}" in options
