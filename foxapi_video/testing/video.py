"""The video that every completed task leads to: one second of H.264, 128 by 72, about 1 KB."""

from __future__ import annotations

from pathlib import Path

VIDEO = Path(__file__).with_name("video.mp4").read_bytes()


def part_of(content: bytes, wanted: str | None) -> tuple[int, int] | None:
    """Which bytes a Range header asks for: from where and up to where, or None for no such bytes.

    Args:
        content: The file.
        wanted: The header. The whole file is meant where it is None, or asks for several parts or
            in a unit that is not known, as HTTP has it.
    """
    unit, _, span = (wanted or "").partition("=")
    first, dash, last = span.strip().partition("-")
    if unit.strip() != "bytes" or not dash or not (first + last).isdecimal():
        return 0, len(content)
    if not first:  # so many bytes at the end
        return (max(0, len(content) - int(last)), len(content)) if int(last) else None
    begin, end = int(first), min(int(last) + 1 if last else len(content), len(content))
    return (begin, end) if begin < end else None
