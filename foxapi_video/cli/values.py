"""What is given to the option of a field: text, a file to read it from, or one to upload."""

from __future__ import annotations

import errno
import re
import sys
from pathlib import Path

import typer

# Any scheme: which of them the service takes is the checker's to say. One letter is a drive.
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://|data:", re.IGNORECASE)


def text_of(flag: str, given: str) -> str:
    """The text of an option: @FILE reads it from a file, - from standard input, @@ begins with @.

    Raises:
        BadParameter: It can't be read.
    """
    if given.startswith("@@"):
        return given[1:]
    if given != "-" and not given.startswith("@"):
        return given
    source = "standard input" if given == "-" else given[1:]
    try:
        content = read_standard_input() if given == "-" else Path(given[1:]).read_bytes()
        if text := content.decode("utf-8-sig").rstrip("\r\n"):
            return text
        reason = "it is empty"  # as after a command that failed
    except UnicodeDecodeError:
        reason = "it is no text in UTF-8"
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
    hint = "" if given == "-" else "; text that begins with @ is given with a second @ before it"
    raise typer.BadParameter(f"{flag}: {source} can't be read: {reason}{hint}")


def read_standard_input() -> bytes:
    """All of standard input.

    Raises:
        OSError: It is closed, or can't be read.
    """
    if sys.stdin is None:  # pyright: ignore[reportUnnecessaryComparison]
        raise OSError(errno.EBADF, "it is closed")
    return sys.stdin.buffer.read()


def address_of(flag: str, given: str) -> str | Path:
    """An address, or else a file of this machine, which is uploaded before the request is sent.

    Raises:
        BadParameter: It is neither.
    """
    if not given or _ADDRESS.match(given):
        return given
    try:
        Path(given).stat()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise typer.BadParameter(
            f"{flag}: {given} is no address, which begins with http:// or https://, "
            f"and no file that can be read: {reason}"
        ) from None
    return Path(given)
