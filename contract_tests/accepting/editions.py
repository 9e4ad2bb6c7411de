"""Changes of the documentation: what a page says next, and pages that were not there before."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

PAGES = Path(__file__).parents[1] / "pages"
Replaced = tuple[tuple[str, str], ...]


class Change(NamedTuple):
    """One change of a page, on top of those before it.

    Attributes:
        page: The page.
        what: What changes.
        replaced: The words that change, wherever the page has them; none for a new page.
        settled: What people write into conflicts.yaml first, and into the names that they gave.
    """

    page: str
    what: str
    replaced: Replaced = ()
    settled: Replaced = ()

    def text(self, before: str) -> str:
        """The page after the change.

        Raises:
            LookupError: The page before it has no such words.
        """
        return _replaced(before, self.replaced)

    def settle(self, project: Path) -> dict[Path, str]:
        """Do what people have to do in a project before they accept it.

        Returns:
            The files that it changes, as they were.
        """
        if not self.settled:
            return {}
        folder = project / "documentation"
        conflicts, facts = folder / "conflicts.yaml", folder / "facts" / f"{self.page}.yaml"
        before = {path: path.read_text("utf-8") for path in (conflicts, facts)}
        conflicts.write_text(_replaced(conflicts.read_text("utf-8"), self.settled), "utf-8")
        lines = facts.read_text("utf-8").splitlines(keepends=True)
        named = [_replaced(line, self.settled) if line[:6] == "names:" else line for line in lines]
        facts.write_text("".join(named), "utf-8")
        return before


def first_text(page: str) -> str:
    """A page as it is before any change: the stand-in of a known one, or one that is new."""
    known, new = PAGES / "standins" / f"{page}.txt", PAGES / f"{page}.txt"
    return (known if known.exists() else new).read_text("utf-8")


def _replaced(text: str, pairs: Replaced) -> str:
    for old, new in pairs:
        if old not in text:
            raise LookupError(f"not on the page: {old!r}")
        text = text.replace(old, new)
    return text


FAST, FRAMES, EXTEND = "veo3.1-fast", "veo3.1-fast.frames", "veo-3.1-extend"
REFERENCE, WAN = "veo-3.1-reference-to-video", "wan-2.7-image-to-video"
CHANGES = (
    Change(FAST, "digit", (("长度: 2000", "长度: 2400"),)),
    Change(FRAMES, "digit", (('1000"A cat', '1200"A cat'),)),
    Change(REFERENCE, "digit", (("1 to 3 images", "1 to 4 images"), (": 1 - 3\n", ": 1 - 4\n"))),
    Change(EXTEND, "digit", (("9:16: standing", "9:18: standing"),)),
    Change(WAN, "digit", (("from 2 to 15", "from 2 to 18"), ("x <= 15\n", "x <= 18\n"))),
    Change("happyhorse-1.0-text-to-video", "new page"),
    Change(FAST, "option", (("16:9,\n21:9\n", "16:9,\n21:9,\n2:1\n"),)),
    Change(FRAMES, "option", (('16:9, 9:16 "', '16:9, 9:16, 1:1 "'),)),
    Change(REFERENCE, "option", (("  • 4k: finest", "  • 2k: finer\n  • 4k: finest"),)),
    Change(EXTEND, "option", (("9:18: standing", "9:18: standing\n  • 1:1: square"),)),
    Change(
        WAN, "option", (("720p / 1080p", "720p / 1080p / 4k"), ("1080p\n示例", "1080p,\n4k\n示例"))
    ),
    Change("sora-2", "new page, two models"),
    Change(
        FAST,
        "field",
        (('"image_url"', '"start_image_url"'), ("\nimage_url\n", "\nstart_image_url\n")),
    ),
    Change(FRAMES, "field", settled=(("aspect_ratio", "ratio"),)),
    Change(REFERENCE, "field", (("reference_image_urls", "image_urls"),)),
    Change(
        EXTEND, "field", (('"video":', '"video_url":'), ("\nvideo\nstring", "\nvideo_url\nstring"))
    ),
    Change(WAN, "field", (("image_urls", "images"),)),
)
