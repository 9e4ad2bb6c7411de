"""Where a page's text comes from: a file, standard input or an address, each within bounds."""

from __future__ import annotations

import stat
import sys
from pathlib import Path

from documentation.fact import PageError
from documentation.page_names import is_address
from documentation.reading.layouts.text import MOST_BYTES, decode


def read_source(source: str) -> str:
    """The text of a page; `-` is standard input."""
    if source == "-":
        return decode(sys.stdin.buffer.read(MOST_BYTES + 1))
    if is_address(source):
        from documentation.reading.fetching import fetch

        return decode(fetch(source).content)
    path = Path(source)
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise PageError("not a regular file")
        with path.open("rb") as file:
            return decode(file.read(MOST_BYTES + 1))
    except OSError as error:
        raise PageError(error.strerror or "can't be read") from None
    except ValueError:
        raise PageError("not a file name") from None
