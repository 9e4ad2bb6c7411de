"""Every single change of what a page states: what is said of it, and what is proposed."""

from __future__ import annotations

import copy
import dataclasses
import re
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest

from contract_tests.tests.conftest import some
from contract_tests.tests.documentation.base import CONFLICTS, base_files, base_spec
from documentation.changing.drift import changes
from documentation.changing.proposal import propose
from documentation.checking.check import compare
from documentation.checking.spec import read_spec
from documentation.conflicts import load_conflicts
from documentation.editing import overlay as overlays
from documentation.fact import BOUNDS, Fact, Location
from documentation.facts_files import FactsFile

DOCUMENT: dict[str, Any] = base_spec()
FILES = base_files()


def named(page: str) -> FactsFile:
    return next(file for file in FILES if file.page == page)


@dataclasses.dataclass(frozen=True)
class Change:
    """One change of one statement of a page, wherever the page states it."""

    file: FactsFile
    location: Location
    field: str
    keyword: str
    what: str
    after: FactsFile

    def __str__(self) -> str:
        name = self.file.path.stem if self.file.path else self.file.page
        return f"{name} {self.location} {self.field} {self.keyword} {self.what}"


def with_value(file: FactsFile, old: Fact, value: Any) -> FactsFile:
    """The page with one fact's value changed, wherever the page states it."""
    return dataclasses.replace(
        file,
        facts=[
            dataclasses.replace(fact, value=value)
            if dataclasses.replace(fact, stated=old.stated) == old
            else fact
            for fact in file.facts
        ],
    )


def flipped(file: FactsFile, location: Location, field: str, keyword: str) -> FactsFile:
    """The page with a mark more, or less."""
    key = (location, field, keyword)
    rest = [f for f in file.facts if (f.location, f.field, f.keyword) != key]
    added = [Fact(file.page, *key, True, "schema")] if len(rest) == len(file.facts) else []
    return dataclasses.replace(file, facts=[*rest, *added])


def renamed(file: FactsFile, location: Location, field: str) -> FactsFile:
    """The page with a field under another name, also where other statements name it."""

    def new(name: str) -> str:
        head = name == field or name.startswith(f"{field}.")
        return f"{field}_2{name.removeprefix(field)}" if head else name

    def value(fact: Fact) -> Any:
        if fact.keyword == "excludes":
            return new(fact.value)
        if fact.keyword == "mode":
            needs = {new(name): limits for name, limits in fact.value["needs"].items()}
            return fact.value | {"needs": needs}
        return fact.value

    facts = [
        dataclasses.replace(fact, field=new(fact.field), value=value(fact))
        if fact.location == location
        else fact
        for fact in file.facts
    ]
    names = file.mentioned.get(location, [])
    mentioned = file.mentioned | ({location: [new(name) for name in names]} if names else {})
    return dataclasses.replace(file, facts=facts, mentioned=mentioned)


def values(file: FactsFile, fact: Fact) -> Iterator[tuple[str, Any]]:
    """What one step makes of the value of a fact."""
    value = fact.value
    if fact.keyword in BOUNDS:
        yield "one more", value + 1
        if value:
            yield "one less", value - 1
    elif fact.keyword == "const":
        yield "another", value + 1
    elif fact.keyword == "enum":
        yield "option more", [*value, "another"]
        default = [f.value for f in file.facts if (f.field, f.keyword) == (fact.field, "default")]
        spare = [option for option in value if option not in default]
        if spare and len(value) > 1:
            yield "option less", [option for option in value if option != spare[-1]]
    elif fact.keyword == "default" and isinstance(value, bool):
        yield "other", not value
    elif fact.keyword == "default" and isinstance(value, int):
        yield "one more", value + 1
    elif fact.keyword == "default":
        key = (fact.location, fact.field, "enum")
        options = [f.value for f in file.facts if (f.location, f.field, f.keyword) == key]
        yield from (("other", o) for o in (options or [["other"]])[-1] if o != value)


def changes_of(file: FactsFile) -> Iterator[Change]:
    """Every single change of a page."""
    seen = set()
    for fact in file.facts:
        for what, value in values(file, fact):
            key = (fact.location, fact.field, fact.keyword, what, str(value))
            if key not in seen:
                seen.add(key)
                yield Change(file, *key[:4], with_value(file, fact, value))
    causes = {fact.field for fact in file.facts if fact.keyword == "status"}
    fields = [(f.location, f.field) for f in file.facts if f.field not in causes]
    fields += [(location, name) for location, names in file.mentioned.items() for name in names]
    for location, field in dict.fromkeys(fields):
        for keyword in ("required", "nullable"):
            after = flipped(file, location, field, keyword)
            yield Change(file, location, field, keyword, "flipped", after)
        yield Change(file, location, field, "field", "renamed", renamed(file, location, field))


SETTLED = load_conflicts(CONFLICTS)
GONE = object()


def differing_paths(old: Any, new: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The path of every value that two documents differ in; a list of plain values is one."""
    one, other = members(old), members(new)
    if old != new and not (one and other):
        yield path
    elif old != new:
        for key in {**one, **other}:
            yield from differing_paths(one.get(key, GONE), other.get(key, GONE), (*path, key))


def members(value: Any) -> dict[str, Any]:
    """What a value holds by name, an entry of a list by its own; nothing of a plain value."""
    if isinstance(value, dict):
        return {str(key): entry for key, entry in value.items()}
    if isinstance(value, list) and any(isinstance(entry, dict) for entry in value):
        named = ((entry.get("name", entry.get("$ref", n)), entry) for n, entry in enumerate(value))
        return {str(name): entry for name, entry in named}
    return {}


def keywords_of(document: Any) -> dict[tuple[str, str, str], Any]:
    """What a document says of each field of each schema."""
    return {
        (f"{spec_schema.operations[0]} {spec_schema.name}", name, keyword): value
        for spec_schema in read_spec(document).schemas
        for name, keywords in spec_schema.fields.items()
        for keyword, value in ({"field": True} | keywords).items()
    }


def differing(old: dict[Any, Any], new: dict[Any, Any]) -> set[Any]:
    return {key for key in {**old, **new} if old.get(key, GONE) != new.get(key, GONE)}


DOCUMENT_KEYWORDS = keywords_of(DOCUMENT)


def question(change: Change) -> str:
    """Why a change can't be accepted as it is, and the empty text where it can."""
    renaming = change.keyword == "field"
    for entry in SETTLED.settled:
        about = change.file.page in entry.pages and entry.location == change.location
        names = [n for n in entry.fields if f"{n}.".startswith(f"{change.field}.")]
        if about and names and (renaming or entry.keyword == folded_keyword(change)):
            return "no longer exists|no choice is settled"
    if (change.location, change.field, renaming) == ("request", "model", True) and (
        change.file.page != "file-upload"
    ):
        return "it tells variants apart"
    # Without the model nothing tells the variants of two models apart.
    two_models = any(fact.keyword == "onlyFor" for fact in change.file.facts)
    model = (change.location, change.field) == ("request", "model")
    if two_models and model and change.keyword in ("required", "nullable"):
        return "both accept {"
    if (change.location, renaming) == ("path", True):
        return "the page lists it"
    shared = change.location == "response" and change.keyword in {
        *BOUNDS,
        "enum",
        "const",
        "default",
    }
    if shared and any(
        fact.field == "model" for fact in change.file.facts if fact.location == "request"
    ):
        return "no choice is settled"
    return ""


def folded_keyword(change: Change) -> str:
    return "enum" if change.keyword == "const" else change.keyword


def check_change(change: Change) -> None:
    """Hold one change to what is promised of all."""
    names = (change.field, f"{change.field}_2")
    lines = changes(change.file, change.after)
    facts = [
        f for f in change.file.facts if (f.location, f.field) == (change.location, change.field)
    ]
    shown = bool(facts) and all(fact.keyword == "example" for fact in facts)
    assert len(lines) == 1 or (change.keyword == "field" and (lines or shown)), lines
    for line in lines:
        assert any(re.search(rf"[ \"]{re.escape(name)}([ .:(\"]|$)", line) for name in names), line
    others = [file for file in FILES if file is not change.file]
    proposal = propose(change.after, others, DOCUMENT, SETTLED)
    why = question(change)
    if why:
        assert any(re.search(why, str(each)) for each in proposal.left), proposal.left
        return
    assert proposal.left == []
    after = proposal.after
    assert wrong_samples(after) == []
    whole = set(DOCUMENT["components"]["schemas"]) ^ set(after["components"]["schemas"])
    assert not whole or change.keyword == "enum", "an option may make a variant, or end one"
    # A part of a schema that another page refers to is written out where this page has it.
    parts = {part for name in names for part in name.split(".")}
    for path in differing_paths(DOCUMENT, after):
        assert {*parts, *whole, "required", "examples", "oneOf"} & set(path), path
    for schema, name, keyword in differing(DOCUMENT_KEYWORDS, keywords_of(after)):
        if schema.split()[-1] not in whole:
            own = any(f"{name}.".startswith(f"{each}.") for each in names)
            assert own or (keyword in ("not", "anyOf") and not name), (name, keyword)
            # An input that may no longer be null is not a field of the modes that do not use it.
            allowed = {folded_keyword(change), *(["field"] if change.keyword == "nullable" else [])}
            assert change.keyword == "field" or keyword in allowed


def wrong_samples(document: Any) -> list[str]:
    """The samples of requests and answers that their own schemas refuse, all asked at once."""
    sampled = {".".join(path): media for path, media in contents(document) if "examples" in media}
    samples = {
        where: {name: each["value"] for name, each in media["examples"].items()}
        for where, media in sampled.items()
    }
    properties = {
        where: {"additionalProperties": media["schema"]} for where, media in sampled.items()
    }
    whole = {"components": document["components"], "properties": properties}
    errors = jsonschema_rs.validator_for(whole).iter_errors(samples)
    return [f"{error.instance_path}: {error.message}" for error in errors]


def contents(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every body that a document describes, with its path."""
    if isinstance(value, dict):
        for key, entry in value.items():
            if key == "content":
                yield from (((*path, kind), media) for kind, media in entry.items())
            else:
                yield from contents(entry, (*path, str(key)))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.path.stem)
def test_every_single_change_of_a_page_is_named_and_proposed_and_nothing_else(
    file: FactsFile,
) -> None:
    """Each is brought into the spec whole, or has a question that says what is to be chosen.

    These are some of the changes.
    """
    for change in some(changes_of(file), 4):
        try:
            check_change(change)
        except Exception as error:
            raise AssertionError(f"{change}: {error}") from error


def test_a_page_whose_silences_are_settled_can_change_and_be_accepted() -> None:
    file = named("veo3.1-fast.frames")
    [limit] = [f for f in file.facts if (f.field, f.keyword) == ("prompt", "maxLength")]
    changed = with_value(file, limit, 999)
    others = [each for each in FILES if each is not file]
    proposal = propose(changed, others, DOCUMENT, SETTLED)
    prompt = ("components", "schemas", "Veo31FastFramesRequest", "properties", "prompt")
    assert proposal.overlay["actions"] == [overlays.update({"maxLength": 999}, *prompt)]
    after = copy.deepcopy(DOCUMENT)
    overlays.apply(after, proposal.overlay)
    # With choices that nobody has used yet.
    assert compare([*others, changed], read_spec(after), SETTLED).differences == []
