"""What a page changes in `conflicts.yaml` by itself: entries that end, and readings left open.

An entry that no longer applies goes, with the change that made it so. Of a new contradiction about
bounds, options, required or null the wider reading holds until somebody chooses, marked as open.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from documentation.changing.drift import changes, renamed
from documentation.checking.section import sections_of
from documentation.checking.spec import Spec
from documentation.conflicts import Conflicts, Settled, parsed, spell
from documentation.conflicts_form import OPEN
from documentation.editing.entries import Entries
from documentation.fact import Fact
from documentation.facts_files import FactsFile
from documentation.settled import folded, settle, wider

NOT_CHOSEN = (
    "Nobody has chosen yet: the reading that admits more holds, so that no valid request is"
    " refused."
)


@dataclass(slots=True)
class Settling:
    """`conflicts.yaml` as a page leaves it, and what was done to it in words."""

    text: str
    ended: list[str] = field(default_factory=list)

    @property
    def conflicts(self) -> Conflicts:
        return parsed(self.text)


def by_itself(
    text: str, file: FactsFile, known: FactsFile | None, others: list[FactsFile]
) -> Settling:
    """What is settled once a page says what it says, without anybody's choice.

    Args:
        text: `conflicts.yaml`.
        file: The page as it reads now.
        known: The same as it is committed.
        others: All other pages.
    """
    result = Settling(text)
    if known is not None:
        _follow(result, file, known)
    entries = Entries(result.text)
    _end(entries, file, known, others, result)
    result.text = entries.rewritten()
    entries = Entries(result.text)
    for said in settle(file, result.conflicts).unsettled:
        statements = [{"stated": fact.stated, "value": fact.value} for fact in said]
        if row := open_row(said[0], statements):
            entries.add("contradictions", {"page": file.page} | row)
    result.text = entries.rewritten()
    return result


def open_row(fact: Fact, statements: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The entry of a contradiction that nobody has settled; None where no reading is the wider."""
    choice = wider(fact.keyword, [statement["value"] for statement in statements])
    if choice is None:
        return None
    where = {} if fact.location == "request" else {"in": fact.location}
    about = {"field": fact.field, "keyword": fact.keyword, "statements": statements}
    return {**where, **about, "choice": choice, "open": OPEN, "reason": NOT_CHOSEN}


def between_pages(text: str, file: FactsFile, files: list[FactsFile], spec: Spec) -> str:
    """The same for what a page says of an answer that other pages describe otherwise."""
    conflicts, entries = parsed(text), Entries(text)
    sections = sections_of(files, spec, conflicts)
    mine = [s for s in sections if s.file is file and s.location == "response"]
    seen = set()
    for section, spec_schema in ((s, each) for s in mine for each in s.schemas):
        for name, keyword, value in (
            (name, keyword, value)
            for name, keywords in section.wanted(spec_schema).items()
            for keyword, value in keywords.items()
        ):
            if (name, keyword) in seen or not section.against(spec_schema, name, keyword, value):
                continue
            seen.add((name, keyword))
            said = [
                fact
                for peer in section.sharing[spec_schema]
                for fact in map(folded, peer.file.facts)
                if (fact.location, fact.field, fact.keyword) == ("response", name, keyword)
            ]
            known = next((e for e in conflicts.settled if _is_about(e, name, keyword)), None)
            _open_between(entries, said, known)
    return entries.rewritten()


def _is_about(entry: Settled, name: str, keyword: str) -> bool:
    about = (entry.location, entry.fields, entry.keyword) == ("response", [name], keyword)
    return about and not entry.silence and len(entry.pages) > 1


def _open_between(entries: Entries, said: list[Fact], known: Settled | None) -> None:
    statements = {
        (fact.page, spell(fact.value)): {"page": fact.page, "value": fact.value} for fact in said
    }
    kept = list(known.statements) if known else []
    listed = {(each["page"], spell(each["value"])) for each in kept}
    kept += [each for key, each in statements.items() if key not in listed]
    row = open_row(said[0], kept)
    if row is None:
        return
    if known is None:
        entries.add("contradictions", row)
        return
    choice = wider(known.keyword, [known.choice, row["choice"]])
    change = {"statements": kept, "choice": choice, "open": OPEN, "reason": NOT_CHOSEN}
    if spell(choice) == spell(known.choice):
        change = {"statements": kept}
    entries.change(known.section, known.index, change)


def _follow(result: Settling, file: FactsFile, known: FactsFile) -> None:
    """Entries of a field that has another name now are about that name."""
    entries, followed = Entries(result.text), []
    for entry in result.conflicts.settled:
        twins = renamed(known, file, entry.location)
        names = [twins[name][0] if name in twins else name for name in entry.fields]
        if entry.pages != [file.page] or names == entry.fields:
            continue
        row = {"fields": names} if len(names) > 1 else {"field": names[0]}
        entries.change(entry.section, entry.index, row)
        followed.append((entry, ", ".join(names)))
    result.text = entries.rewritten()
    result.ended += [
        f"conflicts.yaml line {entry.line} ({entry}) follows the field to its new name: {names}"
        for entry, names in followed
    ]


def _end(
    entries: Entries,
    file: FactsFile,
    known: FactsFile | None,
    others: list[FactsFile],
    result: Settling,
) -> None:
    """Take out what a page no longer says, or is no longer silent about."""
    conflicts, ended = result.conflicts, result.ended
    namesakes = [file, *(other for other in others if other.page == file.page)]
    filled = {pair for each in namesakes for pair in settle(each, conflicts).used}
    stated = [folded(fact) for each in [file, *others] for fact in each.facts]
    lines = changes(known, file) if known else []
    for entry in conflicts.settled:
        gone = entry.stale(stated, filled) if file.page in entry.pages else []
        if not gone:
            continue
        why = "; ".join(_causes(entry, gone, lines, file)) or "the page says so no longer"
        standing = entry.standing(stated)
        rest = [name for name in entry.fields if name not in gone]
        if not entry.silence and len({spell(s["value"]) for s in standing}) > 1:
            entries.change(entry.section, entry.index, {"statements": standing})
            what = f"no longer names page {file.page}"
        elif rest:
            entries.change(entry.section, entry.index, {"fields": rest})
            what = f"is no longer about {', '.join(gone)}"
        else:
            entries.remove(entry.section, entry.index)
            what = "is taken out"
        ended.append(f"conflicts.yaml line {entry.line} ({entry}) {what}: {why}")


def without_void_answers(
    result: Settling, file: FactsFile, known: FactsFile | None, others: list[FactsFile]
) -> None:
    """Take out the answers to sentences that a page no longer has, once all it asks is known."""
    conflicts, entries = result.conflicts, Entries(result.text)
    for index in void_answers(conflicts, known, [file, *others]) if known else ():
        digest, reason = list(conflicts.unread.items())[index]
        entries.remove("unread", index)
        result.ended.append(
            f"conflicts.yaml, sentence {digest} ({reason}) is taken out: it is gone"
        )
    result.text = entries.rewritten()


def void_answers(conflicts: Conflicts, gone: FactsFile, standing: list[FactsFile]) -> list[int]:
    """Which answers to unread sentences are about a page that is gone, and about no other."""
    left = {each.sentence for file in standing for each in file.open}
    digests = {each.sentence for each in gone.open} - left
    return [index for index, digest in enumerate(conflicts.unread) if digest in digests]


def _causes(entry: Settled, gone: list[str], lines: list[str], file: FactsFile) -> Iterator[str]:
    """The changes that made an entry void: those of its field, or what the page states."""
    found = [line for line in lines if any(f" {name}" in f" {line}" for name in gone if name)]
    if found:
        yield from found
        return
    for fact in file.facts:
        if fact.field in gone and folded(fact).keyword == entry.keyword:
            yield f"the page states {fact} ({fact.stated})"
    named = {f.field for f in file.facts} | {n for each in file.mentioned.values() for n in each}
    yield from (f"the page has no field {name}" for name in gone if name and name not in named)
