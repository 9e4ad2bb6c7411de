"""The facts of every page of the create call and the uploads, settled, as forms and probes."""

from __future__ import annotations

import functools
from dataclasses import replace
from typing import Any

from contract_tests.forms import Form, forms_of
from contract_tests.probe import Maker, Probe
from contract_tests.probes import probes_of
from documentation import facts_files
from documentation.conflicts import Conflicts, Settled, load_conflicts

UPLOADS, MULTIPART = "POST /v1/files/upload/", "POST /v1/files/upload/stream"
TYPES = {
    bool: "boolean",
    int: "integer",
    float: "number",
    str: "string",
    list: "array",
    dict: "object",
}
Row = dict[str, Any]


@functools.cache
def facts() -> dict[str, list[Row]]:
    """The facts of each page that documents a request of the create call, as it states them."""
    pages = {file.page: [fact.as_row() for fact in file.facts] for file in facts_files.load_all()}
    return {
        page: rows
        for page, rows in pages.items()
        if any(row["in"] == "request" and row["field"] == "model" for row in rows)
    }


@functools.cache
def all_forms() -> tuple[Form, ...]:
    """The forms of every page."""
    conflicts = load_conflicts()
    return tuple(
        form
        for page, rows in facts().items()
        for form in forms_of(page, settled(page, rows, conflicts))
    )


@functools.cache
def all_probes() -> tuple[Probe, ...]:
    """The probes of every form of every page, in page order."""
    return tuple(probe for form in all_forms() for probe in probes_of(form, all_forms()))


@functools.cache
def upload_facts() -> dict[str, tuple[str, list[Row]]]:
    """The operation and the facts of each page about an upload that takes JSON.

    A multipart form is left out: all of it is text, and Prism looks at its documented parts alone.
    """
    return {
        file.path.stem: (file.operation, [fact.as_row() for fact in file.facts])
        for file in facts_files.load_all()
        if file.path and file.operation.startswith(UPLOADS) and file.operation != MULTIPART
    }


@functools.cache
def upload_probes() -> tuple[Probe, ...]:
    """The probes of every upload that takes JSON."""
    forms = [upload_form(page, *found) for page, found in upload_facts().items()]
    return tuple(probe for form in forms for probe in probes_of(form, forms))


def every_probe() -> tuple[Probe, ...]:
    """The probes of the create call and of the uploads."""
    return (*all_probes(), *upload_probes())


def upload_form(page: str, operation: str, rows: list[Row]) -> Form:
    """The one form of an upload: no model, no modes, and a sample of what is required."""
    fields: dict[str, dict[str, Any]] = {}
    for row in rows:
        if row["in"] == "request":
            fields.setdefault(row["field"], {})[row["keyword"]] = row["value"]
    bare = Form(page, "", (), fields, {}, operation=operation)
    needed = [name for name, words in fields.items() if words.get("required")]
    sample = {name: Maker(bare, name, []).example for name in needed}
    return replace(bare, sample=sample)


def settled(page: str, rows: list[Row], conflicts: Conflicts) -> list[Row]:
    """The facts of a page as conflicts.yaml settles them.

    Of statements that contradict each other the choice is kept, and what a page is silent about
    is added.
    """
    requests = [row for row in rows if row["in"] == "request"]
    for entry in conflicts.settled:
        if (entry.pages, entry.place) == ([page], "request"):
            for field in filter(None, entry.fields):
                requests = _with(requests, field, entry)
    return requests


def _with(rows: list[Row], field: str, entry: Settled) -> list[Row]:
    """The facts with what was settled of one field; a list that ends in "etc." goes on."""
    place = field, entry.keyword
    stated = [row["value"] for row in rows if (row["field"], row["keyword"]) == place]
    others = [row for row in rows if (row["field"], row["keyword"]) != place]
    value = _unsaid(entry, field, rows) if entry.silence else entry.choice
    if entry.silence and isinstance(value, list) and stated:
        value = [*stated[0], *value]
    return [*others, _row(*place, value)]


def _unsaid(entry: Settled, field: str, rows: list[Row]) -> Any:
    """The value of a silence: as given, or that of the field's example."""
    if entry.choice is not None:
        return entry.choice
    if entry.keyword == "required":
        return True
    example = next(
        row["value"] for row in rows if (row["field"], row["keyword"]) == (field, "example")
    )
    return TYPES[type(example)]


def _row(field: str, keyword: str, value: Any) -> Row:
    return {"in": "request", "field": field, "keyword": keyword, "value": value, "stated": "choice"}
