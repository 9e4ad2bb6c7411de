"""What a page leaves for people to decide: where it stands, what it may mean, and the choices.

Each question is asked once: what settles it is an entry of `conflicts.yaml`, ready to be pasted,
or written by `--take` with the reason.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from documentation.changing.samples import SHOWN
from documentation.conflicts import Conflicts, Settled, fingerprint
from documentation.editing.entries import GONE, Entries, Row, as_yaml
from documentation.fact import BOUNDS, Fact, PageError, Reading, Remark, show
from documentation.facts_files import FactsFile
from documentation.open_questions import untyped
from documentation.settled import settle, wider
from overlays import yaml_text

WHY = "why it is so"
NOTHING = "nothing"
TYPES = ("string", "integer", "number", "boolean", "array", "object")
ANY_VALUE = "<value>"
_TAKEN = re.compile(r"(\d+)=(.+)", re.DOTALL)
_NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?![\w.]*[A-Za-z_])")
_LEAST = re.compile(
    r"at least|minimum|\bmin\b|no (?:less|fewer)|more than|greater|至少|最少|不少于|不低于", re.I
)

Settles = Callable[[Entries, str, str], None]


@dataclass(frozen=True, slots=True)
class Question:
    """One thing that a page leaves open.

    Attributes:
        kind: What it is called.
        where: The section, the field, the keyword.
        says: What the page says.
        means: What that may mean for the spec.
        choices: What may be taken, each with what then holds.
        entry: Lines to paste into `conflicts.yaml`, behind their section's; none where it is
            settled elsewhere.
        line: Where the entry stands that they replace; 0 where none does.
        stops: Whether the page can't be accepted before.
        settles: Writes an entry for what was taken, given the reason; raises what is wrong with it.
    """

    kind: str
    where: str
    says: str
    means: str
    choices: dict[str, str] = field(default_factory=dict)
    entry: tuple[str, ...] = ()
    stops: bool = False
    settles: Settles | None = None
    line: int = 0

    def lines(self, number: int) -> Iterator[str]:
        """The question in words."""
        stands = (
            "the page can't be accepted before" if self.stops else "the page is taken all the same"
        )
        yield f"{number}. {self.kind}: {self.where} ({stands})"
        yield f"   the page says: {self.says}"
        yield f"   for the spec: {self.means}"
        for label, meaning in self.choices.items():
            yield f"   TAKE={number}={label}: {meaning}"
        if self.entry:
            section, *lines = self.entry
            there = f"in place of what stands at line {self.line}" if self.line else "as it is"
            yield f"   or paste {there}, under {section} of documentation/conflicts.yaml:"
            yield from lines


def questions_of(
    reading: Reading, file: FactsFile, conflicts: Conflicts, disk: Conflicts
) -> list[Question]:
    """Everything that a page leaves open, that which stops it first.

    Args:
        reading: The page as it reads now.
        file: Its facts.
        conflicts: What is settled once the page is accepted, open readings among it.
        disk: What is settled by the file as it stands.
    """
    found = [*_names(reading)]
    found += [_contradiction(file, said, None, ()) for said in settle(file, conflicts).unsettled]
    for entry in conflicts.settled:
        if entry.is_open and file.page in entry.pages:
            known = next((e for e in disk.settled if e.is_open and _alike(e, entry)), None)
            said = _said(file, entry)
            found.append(_contradiction(file, said, entry, (known,) if known else ()))
    notes = {(note.location, note.field, fingerprint(note)): note for note in reading.unread}
    found += [
        _unread(file, note)
        for place, note in notes.items()
        if not conflicts.answered(file.page, *place)
    ]
    found += _silences(file, conflicts)
    return sorted(found, key=lambda question: not question.stops)


def parse_taken(texts: list[str]) -> dict[int, str]:
    """`3=prose`, several apart by blanks, as what is taken of which question."""
    taken: dict[int, str] = {}
    for text in (part for each in texts for part in re.split(r"\s+(?=\d+=)", each.strip())):
        match = _TAKEN.fullmatch(text)
        if match is None:
            raise PageError(f"--take {text[:40]!r}: expected: a question's number, = and a choice")
        if int(match[1]) in taken:
            raise PageError(
                f"--take {text[:40]!r}: question {match[1]} has another answer before it"
            )
        taken[int(match[1])] = match[2].strip()
    return taken


def settled_by(text: str, questions: list[Question], taken: dict[int, str], reason: str) -> str:
    """`conflicts.yaml` with the entries of what was taken."""
    entries = Entries(text)
    for number, label in taken.items():
        if not 0 < number <= len(questions):
            raise PageError(f"there is no question {number}; there are {len(questions)}")
        question = questions[number - 1]
        if question.settles is None:
            raise PageError(f"question {number} can't be taken: {question.means}")
        if not reason.strip():
            raise PageError("say why, with --reason (REASON= of make)")
        question.settles(entries, label, reason.strip())
    return entries.rewritten()


def _place(location: str, name: str, *keyword: str) -> str:
    return " ".join(part for part in (location, name or "(the page as a whole)", *keyword) if part)


def _alike(one: Settled, other: Settled) -> bool:
    return (one.pages[0], one.location, one.fields, one.keyword) == (
        *(other.pages[0], other.location, other.fields),
        other.keyword,
    )


def _said(file: FactsFile, entry: Settled) -> list[Fact]:
    return [
        Fact(
            statement.get("page", entry.pages[0]),
            entry.location,
            entry.fields[0],
            entry.keyword,
            statement["value"],
            statement.get("stated", "schema"),
        )
        for statement in entry.statements
    ]


def _contradiction(
    file: FactsFile, said: list[Fact], entry: Settled | None, disk: tuple[Settled, ...]
) -> Question:
    """Statements that differ; `entry` is what holds of them until somebody chooses."""
    first, pages = said[0], len({fact.page for fact in said}) > 1
    labels: dict[str, Any] = {}
    for fact in said:
        label = fact.page if pages else fact.stated
        labels[label if label not in labels else f"{label}{len(labels) + 1}"] = fact.value
    most = wider(first.keyword, [fact.value for fact in said])
    if most is not None:
        labels["wider"] = most
    where = {} if first.location == "request" else {"in": first.location}
    statements = [
        {"page": f.page, "value": f.value} if pages else {"stated": f.stated, "value": f.value}
        for f in said
    ]
    about = {"field": first.field, "keyword": first.keyword, "statements": statements}
    head = ({} if pages else {"page": file.page}) | where

    def settles(entries: Entries, label: str, reason: str) -> None:
        choice = labels[label] if label in labels else _value(label, labels)
        row = {"choice": choice, "open": GONE, "reason": reason}
        if disk:
            entries.change(disk[0].section, disk[0].index, row)
            return
        del row["open"]
        entries.add("contradictions", head | about | row)

    holds = (
        f"until somebody chooses, {show(entry.choice)} holds, which admits more" if entry else ""
    )
    likely = most if most is not None else said[-1].value
    meanings = {label: f"{show(value)} holds" for label, value in labels.items()}
    return Question(
        "contradiction",
        _place(first.location, first.field, first.keyword),
        " and ".join(f"{show(f.value)} ({f.page if pages else f.stated})" for f in said),
        holds or _MEANS.get(first.keyword, "{0} has one value only").format(first.field),
        {**meanings, ANY_VALUE: "another value, as JSON"},
        tuple(as_yaml("contradictions", head | about | {"choice": likely, "reason": WHY})),
        stops=entry is None,
        settles=settles,
        line=disk[0].line if disk else 0,
    )


_MEANS = {
    "default": "what a request gets that leaves {0} out",
    "type": "what kind of value {0} takes",
    "items": "what kind of values {0} is a list of",
    "format": "how the text of {0} has to look",
}


def _value(label: str, labels: dict[str, Any]) -> Any:
    """A value that people give themselves."""
    try:
        value = json.loads(label)
    except ValueError:
        value = label
    kinds = {type(known) for known in labels.values()}
    kinds |= {int, float} if kinds & {int, float} else set()
    if type(value) not in kinds:
        raise PageError(f"{label[:40]} is none of {', '.join(labels)}, and no value as they are")
    return value


def _unread(file: FactsFile, note: Remark) -> Question:
    digest = fingerprint(note)
    guess = _guess(file, note)
    row = {"sentence": digest, "reason": WHY}
    may_limit = note.field and not note.sentence.startswith(SHOWN)

    def settles(entries: Entries, label: str, reason: str) -> None:
        if label == NOTHING:  # as on every other page that has the sentence
            entries.add("unread", row | {"reason": reason})
            return
        keyword, mark, text = label.partition(":")
        if not mark or not may_limit:
            or_limit = f", or a keyword and its value, as {_EXAMPLE}" if may_limit else ""
            raise PageError(f"expected: {NOTHING}{or_limit}")
        value = yaml_text.load(text)
        if wrong := _unfit(file, note, keyword, value):
            raise PageError(wrong)
        stated = [f for f in file.facts if (f.location, f.field, f.keyword) == _key(note, keyword)]
        if stated:
            raise PageError(f"the page states it already: {stated[0]} ({stated[0].stated})")
        place = note.location, note.field, keyword
        entries.add("silences", _silence(file, *place, value, reason, digest))

    choices = {NOTHING: "it binds no request"}
    if may_limit:
        choices[guess.replace(" ", ":") if guess else _EXAMPLE] = (
            "the sentence asks for it" if guess else "what the sentence asks for, if it does"
        )
    means = f"perhaps {guess}, perhaps nothing" if guess else "perhaps a limit, perhaps nothing"
    return Question(
        f"unread sentence {digest}",
        _place(note.location, note.field),
        note.sentence,
        f"{note.reason}; {means}" if note.reason else means,
        choices,
        tuple(as_yaml("unread", row)),
        settles=settles,
    )


_EXAMPLE = "maximum:10"
# What people may say of a sentence that was not read, each with a value for it.
_SAYABLE = {
    **dict.fromkeys((*BOUNDS, "exclusiveMinimum", "exclusiveMaximum", "multipleOf"), "10"),
    **dict.fromkeys(("required", "nullable", "uniqueItems", "https"), "true"),
    **dict.fromkeys(("enum", "onlyFor"), "[a, b]"),
    **dict.fromkeys(("pattern", "format", "excludes"), "text"),
    **dict.fromkeys(("together", "oneNeeded", "forbiddenHosts"), "[a, b]"),
    **dict.fromkeys(("mode", "total"), "{name: a, needs: {b: {required: true}}}"),
    **dict.fromkeys(("default", "const", "type", "items"), ""),
}
_OF_FIELDS = ("excludes", "together", "oneNeeded")


def _unfit(file: FactsFile, note: Remark, keyword: str, value: Any) -> str:
    """What is wrong with a keyword and its value; empty where they may be taken."""
    if keyword not in _SAYABLE:
        return f"{keyword[:40]} is no keyword; expected: one of {', '.join(_SAYABLE)}"
    like = yaml_text.load(_SAYABLE[keyword]) if _SAYABLE[keyword] else value
    kinds: tuple[type, ...] = (int, float) if type(like) is int else (type(like),)
    if type(value) not in kinds:
        return (
            f"{keyword} {show(value)[:40]} does not fit; expected: as {keyword}:{_SAYABLE[keyword]}"
        )
    known = {fact.field for fact in file.facts if fact.location == note.location}
    named = value if isinstance(value, list) else [value]
    lacking = [str(each) for each in named if each not in known] if keyword in _OF_FIELDS else []
    return f"{keyword}: there is no field {lacking[0][:40]}" if lacking else ""


def _key(note: Remark, keyword: str) -> tuple[str, str, str]:
    return note.location, note.field, keyword


def _guess(file: FactsFile, note: Remark) -> str:
    """The bound that a sentence may be about: its one number, by the type of the field."""
    numbers = _NUMBER.findall(note.sentence)
    kinds = [f.value for f in file.facts if _key(note, "type") == (f.location, f.field, f.keyword)]
    kind = kinds[-1] if kinds else ""
    names = {"string": "Length", "array": "Items", "integer": "imum", "number": "imum"}
    if len(numbers) != 1 or kind not in names:
        return ""
    end, least = names[kind], _LEAST.search(note.sentence)
    keyword = f"{'min' if least else 'max'}{end}"
    stated = any(_key(note, keyword) == (f.location, f.field, f.keyword) for f in file.facts)
    return f"{keyword} {numbers[0]}" if keyword in BOUNDS and not stated else ""


def _silence(
    file: FactsFile,
    location: str,
    name: str,
    keyword: str,
    value: Any,
    reason: str,
    sentence: str = "",
) -> Row:
    where = {} if location == "request" else {"in": location}
    about = {"page": file.page, **where, "field": name, "keyword": keyword, "spec": value}
    return about | ({"sentence": sentence} if sentence else {}) | {"reason": reason}


def _silences(file: FactsFile, conflicts: Conflicts) -> Iterator[Question]:
    """The fields of a request of which nothing says what type they have."""
    shown = {
        f.field: f.value for f in file.facts if (f.location, f.keyword) == ("request", "example")
    }
    for name in untyped(file, conflicts):
        likely = _type_of(shown[name]) if name in shown else "string"

        def settles(entries: Entries, label: str, reason: str, name: str = name) -> None:
            if label not in TYPES:
                raise PageError(f"{label[:40]} is no type; expected: one of {', '.join(TYPES)}")
            entries.add("silences", _silence(file, "request", name, "type", label, reason))

        seen = f", and its example is {show(shown[name])[:60]}" if name in shown else ""
        yield Question(
            "silence",
            _place("request", name, "type"),
            f"no type{seen}",
            "without one the field takes any value",
            {each: f"it is of type {each}" for each in sorted(TYPES, key=lambda t: t != likely)},
            tuple(as_yaml("silences", _silence(file, "request", name, "type", likely, WHY))),
            settles=settles,
        )


def _type_of(value: Any) -> str:
    kinds = {bool: "boolean", int: "integer", float: "number", list: "array", dict: "object"}
    return kinds.get(type(value), "string")


def _names(reading: Reading) -> Iterator[Question]:
    """The fields of a layout that lost their names, a question for each section."""
    for location in ("request", "response"):
        missing = [each for each in reading.unnamed if each[0] == location]
        if missing:
            said = "; ".join(f"{name} {first[:50]!r}" for _, name, first in missing)
            yield Question(
                "names",
                f"{location}, {len(missing)} fields",
                said,
                "the layout of the page lost what its fields are called",
                {"a,b,c": f"their {len(missing)} names, in order"},
                stops=True,
            )
