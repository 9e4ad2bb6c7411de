"""The text of the morning's pull request: Markdown in which words of pages are only words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from documentation.changing.review import Review

MOST_CHARACTERS = 60_000  # a pull request takes 65,536
_JOINER = "&#8288;"
_LINKED = re.compile(r"&#(?:35|64);|\b(?:https?|www|gh)\b", re.IGNORECASE)
_PLAIN = re.compile(r"[^\w .,;?/'\"%=+-]|_")


@dataclass(slots=True)
class Told:
    """What is to be told, by page: what changed, what is asked, what was left out and why."""

    changed: dict[str, list[str]] = field(default_factory=dict)
    read: dict[str, list[str]] = field(default_factory=dict)
    asked: dict[str, list[str]] = field(default_factory=dict)
    left_out: dict[str, list[str]] = field(default_factory=dict)
    unread: dict[str, str] = field(default_factory=dict)
    results: dict[str, str] = field(default_factory=dict)
    moved: dict[str, str] = field(default_factory=dict)
    gone: list[str] = field(default_factory=list)
    spec: str = ""

    def add(self, page: str, result: Review) -> None:
        """Tell of a page that is accepted."""
        self.changed[page] = [*result.notes, *result.changes(), *result.effects, *result.ended]
        self.read[page] = [f"{fact}, from: {sentence}" for fact, sentence in result.read()]

    def ask(self, page: str, result: Review) -> None:
        """Tell what a page leaves open, be it accepted or not."""
        asked = [
            f"{each.kind}: {each.where}: {each.says} ({each.means}); "
            + " or ".join(f"{label}: {meaning}" for label, meaning in each.choices.items())
            for each in result.questions
        ]
        if asked:
            self.asked[page] = asked


def plain(text: str) -> str:
    """Words of a page as words: no markup, no link, no mention of anybody or of an issue.

    Mentions and links are looked for once the references of characters are resolved; an invisible
    joiner, where no line may be broken, stands in what would be one.
    """
    shown = "".join(char if char.isprintable() else " " for char in text)
    escaped = _PLAIN.sub(lambda found: f"&#{ord(found[0])};", shown)
    return _LINKED.sub(rf"\g<0>{_JOINER}", escaped)


def report_of(told: Told) -> str:
    """The report as Markdown, what matters most first."""
    text = "\n".join(_lines(told))
    if len(text) > MOST_CHARACTERS:
        text = text[:MOST_CHARACTERS].rpartition("\n")[0] + "\n\n(cut short here)"
    return text + "\n"


def _lines(told: Told) -> Iterator[str]:
    counts = f"{len(told.changed)} accepted, {len(told.left_out)} left out"
    yield f"# What the documentation says now\n\n{counts}, {len(told.unread)} could not be read."
    yield "Nothing of this is merged by itself."
    if told.results:
        yield "\n## Results\n\n| make | result |\n|---|---|"
        for target, fault in told.results.items():
            yield f"| {target} | {'failed: ' + plain(fault) if fault else 'green'} |"
    if told.changed:
        yield "\n## Accepted"
    for page, lines in told.changed.items():
        yield f"\n### {plain(page)}\n"
        yield from (f"- {plain(line)}" for line in lines)
        if told.read[page]:
            count = len(told.read[page])
            facts = f"{count} fact{'' if count == 1 else 's'} read from sentences"
            yield f"\n<details><summary>{facts}</summary>\n"
            yield from (f"- {plain(line)}" for line in told.read[page])
            yield "\n</details>"
    if told.gone:
        yield "\nNames that are gone:\n"
        yield from (f"- {plain(name)}" for name in told.gone)
    if told.asked:
        yield "\n## Open questions\n"
        for page, lines in told.asked.items():
            yield from (f"- [ ] {plain(page)}: {plain(line)}" for line in lines)
    unread = {page: [why] for page, why in told.unread.items()}
    moved = {page: [address] for page, address in told.moved.items()}
    sections = {"Left out": told.left_out, "Could not be read": unread, "Moved": moved}
    for heading, pages in sections.items():
        if pages:
            yield f"\n## {heading}\n"
        for page, why in pages.items():
            yield from (f"- {plain(page)}: {plain(line)}" for line in why)
    if told.spec:
        yield "\n## The spec\n\n<details><summary>openapi.yaml</summary>\n"
        runs = [len(run) for run in re.findall("`+", told.spec)]
        fence = "`" * max([3, *(length + 1 for length in runs)])
        yield f"{fence}diff\n{told.spec}\n{fence}\n\n</details>"
