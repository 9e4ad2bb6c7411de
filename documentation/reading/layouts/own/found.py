"""The fields that a page of markdown is found to describe, and what it shows of them."""

from __future__ import annotations

import re
from typing import Any

from documentation.fact import Location, PageError
from documentation.reading.layouts.draft import NAME, Draft, dotted, json_value, request_shown
from documentation.reading.layouts.field_tables import bare, name_in, shown_at, type_of_value
from documentation.reading.layouts.own.paragraphs import (
    place_of,
    sends_to,
    singular,
    speaks_of_all,
)
from documentation.reading.layouts.rendered import CURL_DATA, Layout, samples_in
from documentation.reading.layouts.text import normal
from documentation.reading.layouts.written import Written

MEMBER = re.compile(
    r"(?:\*\*)?`?[A-Za-z_][\w.]*(?:-\w[\w.]*)*`?(?:\*\*)?(?: \([^()]{1,40}\))? ?"
    r"[:\u2013\u2014\uff1a-] ?"
    r"(?P<said>.*)"
)
_TYPE_WORD = re.compile(r"\b(string|integer|number|boolean)\b", re.IGNORECASE)


class FieldsFound:
    """The fields of a page as they are found, and the one below which the page goes on.

    Attributes:
        layout: What is found besides: samples, and what is said of no field.
        drafts: The fields by where they are and their names.
        location: Where the fields are that the part of the page is about.
        parent: The object whose members are described.
        open: The fields of which more may be said, each with how far it is indented.
        needed: Whether the heading says that all fields below it are required.
    """

    def __init__(self) -> None:
        self.layout = Layout()
        self.drafts: dict[tuple[str, str], Draft] = {}
        self.location = ""
        self.parent: Draft | None = None
        self.open: list[tuple[int, Draft]] = []
        self.needed = False
        self.shown: list[dict[str, Any]] = []  # the bodies of requests that the page shows

    def known(self, location: str, name: str) -> Draft | None:
        found = [d for (at, full), d in self.drafts.items() if at == location and full == name]
        inner = [
            d
            for (at, full), d in self.drafts.items()
            if at == location and full.endswith(f".{name}")
        ]
        return next(iter([*found, *inner]), None)

    def referred(self, title: str) -> Draft | None:
        """The field whose prose sends readers to a heading, or that has the heading's words."""
        title = bare(title)
        if speaks_of_all(title):
            return None
        slug = "-".join(re.findall(r"\w+", title.lower()))
        sent = [d for d in self.asked() if any(sends_to(slug, title, line) for line in d.prose)]
        words, opens = singular(title), normal(title).lower()
        called = [d for d in self.asked() if words and words == singular(d.name)]
        alike = [d for d in self.asked() if len(words) > 5 and words in singular(d.name).split()]
        called = called or (alike if len(alike) == 1 else [])
        opened = [d for d in sent if normal(d.opening()).lower().startswith(opens)]
        found = called or (sent if len(sent) == 1 else opened)
        return found[0] if len(found) == 1 else None

    def asked(self) -> list[Draft]:
        """The fields of a request that are no members of others."""
        return [d for (at, name), d in self.drafts.items() if at == "request" and "." not in name]

    def begin(self, draft: Draft) -> None:
        """What follows is said of a field; of an object, below which its members stand."""
        self.open = [(-1, draft)]
        self.parent = draft if "object" in (draft.type, draft.items) else None

    def add(self, location: str, name: str, written: Written) -> Draft:
        if not NAME.fullmatch(name) or len(name) > 200:
            raise PageError(f"{name[:40]!a} is no name for a field")
        draft = Draft(place_of(location), dotted(name), written.types, written.items)
        draft.schema = list(written.schema)
        draft.prose = [written.prose] if written.prose else []
        return self.keep(draft)

    def keep(self, draft: Draft) -> Draft:
        """Add a field, or what is said of one that is described again."""
        if self.needed and "." not in draft.name and draft.value_of("required") is None:
            draft.schema.append(("required", True))
        known = self.drafts.setdefault((draft.location, draft.name), draft)
        if known is not draft:
            known.schema += [pair for pair in draft.schema if pair[0] not in dict(known.schema)]
            known.prose += draft.prose
            if known.type == "array" and not known.items and draft.type not in ("", "array"):
                known.items = draft.type
                known.schema.append(("items", draft.type))
        return known

    def alike(self, parent: Draft, rows: list[list[str]]) -> list[str]:
        """The members of an object that rows describe alike: objects, as its sample shows some.

        Others that its prose names are like these but for their number.
        """
        each_shown = [shown_at(parent.name, each) for each in self.shown]
        shown = {k: v for each in each_shown if isinstance(each, dict) for k, v in each.items()}
        inner = list(shown.values())
        names = {name_in(row[0]) for row in rows}
        if not inner or not all(isinstance(each, dict) and {*each} <= names for each in inner):
            return []
        told = re.findall(r"`([A-Za-z_]\w*)`", " ".join(parent.prose))
        told += [n.rpartition(".")[2] for _, n in self.drafts if n.startswith(f"{parent.name}.")]
        stems = {name.rstrip("0123456789") for name in shown}
        return list(dict.fromkeys([*shown, *(n for n in told if n.rstrip("0123456789") in stems)]))

    def chooser(self, value: str) -> Draft | None:
        """The member of the object above that has a value, which a bullet says more of."""
        owner = self.open[-1][1] if self.open else self.parent
        below = f"{owner.name}." if owner else "."
        told = [d for d in self.drafts.values() if d.name.startswith(below)]
        told = [d for d in told if any(f"`{value}`" in line for line in d.prose)]
        return told[0] if owner and len(told) == 1 and told[0].location == owner.location else None

    def member_type(self, name: str, text: str) -> str:
        """The type of a member that a bullet below its object describes without naming a type.

        Empty where the bullet is about something else.
        """
        owner = self.open[-1][1] if self.open else self.parent
        told = MEMBER.match(text)
        if owner is None or told is None or "object" not in (owner.type, owner.items):
            return ""
        if (owner.location, name) in self.drafts or name in ("true", "false", "null"):
            return ""
        sample = self.layout.samples.get(owner.location)
        shown = shown_at(f"{owner.name}.{name}", sample)
        if shown is not None:
            return type_of_value(shown)
        found = _TYPE_WORD.search(told["said"])
        return found[1].lower() if found else "string"


def bodies_in(code: str) -> dict[Location, dict[str, Any]]:
    """The body that a block of code shows: it is the data of curl, or JSON as a whole."""
    found, _ = samples_in(code) if CURL_DATA.search(code) else ({}, None)
    if found:
        return found
    try:
        value = json_value(code)
    except ValueError:
        value = request_shown(code)
    if not isinstance(value, dict):
        return {}
    asked = "model" in value and not {"id", "status", "task_info"} & set(value)
    return {"request" if asked else "response": value}
