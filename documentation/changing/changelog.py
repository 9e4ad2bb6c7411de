"""What an accepted page means to those who use the package, as lines of CHANGELOG.md."""

from __future__ import annotations

import re
import textwrap

from documentation.changing.review import Review

_WIDTH = 140


def told_in(text: str, result: Review, gone: list[str]) -> str:
    """The changelog with a line for what a page adds, or for what it breaks.

    Args:
        text: CHANGELOG.md.
        result: The page that is accepted.
        gone: The names that users can no longer import.
    """
    page = result.reading.page
    if result.known is None:
        models = [f.value for f in result.file.facts if (f.field, f.keyword) == ("model", "enum")]
        ids = ", ".join(f"`{each}`" for each in (models[-1] if models else []))
        line = f"New page `{page}`" + (f", with {ids}." if ids else ".")
        return with_line(text, "### Added", line)
    breaking = breaks(result, gone)
    line = f"Breaking, page `{page}`: {breaking}."
    return with_line(text, "### Changed", line) if breaking else text


def breaks(result: Review, gone: list[str]) -> str:
    """What of a page's change ends programs that were right; nothing where none of it does."""
    narrower = [line for line in result.effects if _NARROWS.search(line)]
    changed = [_SURENESS.sub("", line) for line in result.changes()]
    lines = [line for line in changed if narrower and not line.startswith("new ")]
    names = [f"{name} is gone" for name in gone]
    return "; ".join([*lines, *names])


_SURENESS = re.compile(r" \((?:almost surely|probably|perhaps): [^()]*\)$")
_NARROWS = re.compile(r"^(?:request|path|query) .*narrower|^response .*wider:")


def with_line(text: str, heading: str, line: str) -> str:
    """A line at the end of a section of the first version."""
    at = text.find(f"\n{heading}\n")
    if at < 0:
        return text
    start = at + len(heading) + 2
    following = re.search(r"\n##", text[start:])
    end = start + following.start() if following else len(text)
    body = text[start:end].rstrip("\n")
    entry = textwrap.fill(
        line,
        _WIDTH,
        initial_indent="- ",
        subsequent_indent="  ",
        break_long_words=False,
        break_on_hyphens=False,
    )
    if entry in body:
        return text
    return f"{text[:start]}{body}\n{entry}\n{text[end:]}"
