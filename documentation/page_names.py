"""What a page is called, by the file or the address that it comes from."""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePosixPath

MOST_LENGTH = 100  # bytes
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)


def is_address(source: str) -> bool:
    """Whether a source names a page on the web."""
    return re.match(r"[a-z][a-z0-9+.-]*://", source, re.IGNORECASE) is not None


def page_name(source: str) -> str:
    """The name of a page, from the file or the address it comes from.

    It is the name of a file too, on any system: of few characters, and never hidden or an option.
    """
    if source == "-":
        return "stdin"
    path = re.sub(r"[?#].*", "", source) if is_address(source) else source
    last = PurePosixPath(path.rstrip("/")).name
    bare = unicodedata.normalize("NFC", re.sub(r"\.(?:txt|md|mdx|markdown)$", "", last))
    plain = re.sub(r"[^\w.-]", "_", bare).lstrip(".-")
    name = plain.encode()[:MOST_LENGTH].decode(errors="ignore").rstrip(".")
    return f"page-{name}" if _DEVICE.fullmatch(name) else name or "page"
