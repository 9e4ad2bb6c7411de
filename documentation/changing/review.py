"""A page as it reads now, beside the facts, the spec and the choices of a checkout."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from pathlib import Path

from documentation import facts_files
from documentation.changing import claims, samples, settling
from documentation.changing.described import renamed_words
from documentation.changing.drift import changes, effects, fields_of, renamed
from documentation.changing.naming import CLASS, Alike
from documentation.changing.proposal import NO_MODEL, Proposal, propose
from documentation.changing.questions import Question, questions_of, settled_by
from documentation.checking.rule_words import of_fact
from documentation.checking.spec import read_spec
from documentation.conflicts import Conflicts, parsed
from documentation.fact import PageError, Reading, show
from documentation.facts_files import FactsFile
from documentation.page_names import is_address, page_name
from documentation.reading.confined import read_confined
from documentation.reading.sources import read_source
from documentation.reading.unfit import unfit
from documentation.settled import NO_CHOICE
from overlays import yaml_text
from overlays.bundle import ROOT

OWN = "-"  # says of a page that it is the new edition of none
CHOICES = Path("documentation") / "conflicts.yaml"


@dataclass(frozen=True, slots=True)
class Decided:
    """What people decided of a page: `taken` by the numbers of its questions, and why."""

    taken: dict[int, str] = field(default_factory=dict)
    reason: str = ""
    names: dict[str, list[str]] = field(default_factory=dict)
    classes: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Review:
    """A page as it reads now, beside what is committed.

    Attributes:
        choices: `conflicts.yaml` as it is once the page is accepted.
        decided: The same with what people decided alone, kept whatever becomes of the page.
        ended: Its entries that no longer apply, each with the change that made it so.
        questions: What is open, numbered from 1; the page stands still for some of them.
        notes: What was found out about the page itself.
    """

    reading: Reading
    file: FactsFile
    known: FactsFile | None
    proposal: Proposal
    choices: str = ""
    decided: str = ""
    ended: list[str] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    effects: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def changes(self) -> list[str]:
        """What changed since the committed facts; a page never read is new as a whole."""
        if self.known is None:
            model = [f.value for f in self.file.facts if f.keyword == "enum" and f.field == "model"]
            return [f"new page, model {show(model[-1] if model else [])}"]
        return changes(self.known, self.file)

    def read(self) -> list[tuple[str, str]]:
        """The facts that the page newly says in words, each with the sentence it was read from."""
        known = {fact.identity for fact in self.known.facts} if self.known else set()
        told, fields = self.reading.told, fields_of(self.file, "request")
        return [
            (
                f"{f.location} {of_fact(f.field, f.keyword, f.value, fields) or f}",
                told[f.identity],
            )
            for f in self.file.facts
            if f.identity not in known and f.identity in told
        ]

    @property
    def renamed(self) -> dict[str, str]:
        """The fields of the request that have another name now, with that name."""
        twins = renamed(self.known, self.file, "request") if self.known else {}
        return {name: new for name, (new, _) in twins.items() if "." not in name + new}

    @property
    def open(self) -> list[str]:
        """What has to be settled before the page can be accepted."""
        return [f"{each.kind}: {each.where}: {each.says}" for each in self.questions if each.stops]

    @property
    def is_news(self) -> bool:
        """Whether there is anything to tell of the page that is not committed."""
        proposal = self.proposal
        found = (self.refused, self.open, proposal.differences, proposal.left, self.changes())
        asked = self.known is None or self.file.open != self.known.open
        return any(found) or asked or bool(self.ended)

    @property
    def stands(self) -> list[str]:
        """Why the page can't be accepted as it is, all of it."""
        return [*self.refused, *self.open, *(f"by hand: {line}" for line in self.by_hand)]

    @property
    def by_hand(self) -> list[str]:
        """What the overlay can't settle, and no question asks."""
        asked = {each.where for each in self.questions if each.stops}
        return [
            str(each)
            for each in self.proposal.left
            if each.spec != NO_CHOICE
            or not any(where.endswith(f" {each.field} {each.keyword}") for where in asked)
        ]


def review(
    source: str,
    page: str,
    root: Path = ROOT,
    edition_of: str = "",
    taken: dict[int, str] | None = None,
    reason: str = "",
) -> Review:
    """Read a page and compare it with the facts, the spec and the choices of a checkout.

    Args:
        source: A file, `-` or an address.
        page: The page's name, if not that of its source.
        root: The checkout.
        edition_of: The known page that people say this is a new edition of; `-` for none.
        taken: What people choose, by the number of the question.
        reason: Why.

    Raises:
        PageError: It can't be read, no such page is known, or what is taken is no choice.
    """
    address = source if is_address(source) else ""
    confirmed = edition_of not in ("", OWN)
    name = edition_of if confirmed else page_name(page or source)
    result = review_text(
        *(read_source(source), name, address, root),
        confirmed=confirmed,
        own=edition_of == OWN or bool(page),
        decided=Decided(taken or {}, reason),
    )
    if source == "-" and result.reading.page == "stdin" and not (page or edition_of):
        result.refused.insert(0, "standard input has no name: give the page's with --page")
    return result


def review_text(
    text: str,
    name: str,
    address: str,
    root: Path = ROOT,
    *,
    confirmed: bool = False,
    own: bool = False,
    decided: Decided | None = None,
) -> Review:
    """The same for a text that is already here.

    Args:
        text: What the page says.
        name: Its name.
        address: Where it is from.
        root: The checkout.
        confirmed: Whether people said that it is a new edition of the page of that name.
        own: Whether people said that it is a page of its own.
        decided: What people decided.
    """
    decided = decided or Decided()
    result = _reviewed(text, name, address, root, confirmed, own, Decided())
    if not decided.taken:
        return result
    asked = result.questions
    names, classes, rest = dict(decided.names), dict(decided.classes), dict(decided.taken)
    for number, label in decided.taken.items():
        question = asked[number - 1] if 0 < number <= len(asked) else None
        if question and question.kind == "names":
            del rest[number]
            location = question.where.partition(",")[0]
            names[location] = [each.strip() for each in label.split(",")]
        elif question and question.kind == "class":
            del rest[number]
            if not CLASS.fullmatch(label):
                raise PageError(f"{label[:40]} is no name of a class; expected: like Veo31Request")
            classes[next(iter(question.choices))] = label
    text_of_choices = (root / CHOICES).read_text("utf-8")
    choices = settled_by(text_of_choices, asked, rest, decided.reason)
    return _reviewed(
        text, name, address, root, confirmed, own, Decided({}, "", names, classes), choices
    )


def _reviewed(
    text: str,
    name: str,
    address: str,
    root: Path,
    confirmed: bool,
    own: bool,
    decided: Decided,
    choices: str | None = None,
) -> Review:
    folder = root / "documentation" / "facts"
    files = facts_files.load_all(folder)
    known = facts_files.load(name, folder)
    if confirmed and (known is None or known.page != name):
        pages = ", ".join(file.page for file in files)
        raise PageError(f"no page {name} is known, choose one of {pages}")
    disk = (root / CHOICES).read_text("utf-8")
    reading, file = _read(text, name, address, known, decided, folder, parsed(disk))
    notes: list[str] = []
    if known is None and not own and (edition := claims.edition_of(file, files)):
        notes.append(
            f"taken as a new edition of page {edition.page}, whose models it lists; "
            f"if it is a page of its own, accept it with EDITION_OF={OWN}"
        )
        known, name, confirmed = edition, edition.path.stem if edition.path else "", True
        reading, file = _read(text, name, address, known, decided, folder, parsed(disk))
    file = samples.without_misread(text, reading, parsed(disk), file)
    file = dataclasses.replace(file, open=facts_files.open_of(reading))
    others = [f for f in files if f.path != file.path]
    decision = disk if choices is None else choices
    settled = settling.by_itself(decision, file, known, others)
    data = yaml_text.load((root / "openapi.yaml").read_text("utf-8"))

    twins = renamed(known, file, "request") if known else {}
    about = renamed_words(data, name, twins) | reading.about

    def proposed() -> Proposal:
        return propose(*(file, others, data, settled.conflicts), about=about, names=decided.classes)

    proposal = proposed()
    if any(NO_CHOICE in each.spec for each in proposal.left):
        before = settled.text
        settled.text = settling.between_pages(
            before, file, [*others, file], read_spec(proposal.after)
        )
        proposal = proposed() if settled.text != before else proposal
    reading.unread += samples.misjudged(text, file.page, proposal.after)
    file = dataclasses.replace(file, open=facts_files.open_of(reading))
    settling.without_void_answers(settled, file, known, others)
    result = Review(reading, file, known, proposal, settled.text, decision, settled.ended)
    conflicts = settled.conflicts
    result.notes = notes
    result.effects = effects(known, file, conflicts) if known else []
    result.questions = questions_of(reading, file, conflicts, parsed(decision))
    result.questions += [
        _class_question(each) for each in proposal.alike if each.name not in decided.classes
    ]
    result.refused = unfit(name, file.facts)
    if not confirmed:
        result.refused += claims.alike(name, others)
        result.refused += claims.replaces(file, known) if known else []
    result.refused += claims.claims(name, data, result.proposal.after)
    said_of = {(fact.location, fact.field) for fact in file.facts}
    if known is None and result.by_hand and ("request", "model") not in said_of:
        result.refused.insert(0, NO_MODEL)
    return result


def _read(
    text: str,
    name: str,
    address: str,
    known: FactsFile | None,
    decided: Decided,
    folder: Path,
    conflicts: Conflicts,
) -> tuple[Reading, FactsFile]:
    """The page's reading and its facts, by the names that people gave to its fields."""
    names = (known.names if known else {}) | decided.names
    reading = read_confined(text, name, names or None)
    conflicts.known(reading)
    file = facts_files.of_reading(reading, text, known, address)
    return reading, dataclasses.replace(file, names=names, path=facts_files.path_of(name, folder))


def _class_question(alike: Alike) -> Question:
    """The question about an id that reads like a known one."""
    return Question(
        "class",
        f"request model {alike.model}",
        f"{alike.model}, which reads like {alike.known} of page {alike.page}",
        f"its class is {alike.name}, so that neither is taken for the other; is it another model?",
        {alike.name: "so it is called", "<NameRequest>": "another name"},
    )
