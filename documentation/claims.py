"""What a page asks for itself, held to the pages that are known: nothing of theirs silently."""

from __future__ import annotations

from typing import Any

import jsonschema_rs
from jsonschema_rs.canonical import Satisfiability

from documentation.fact import show
from documentation.facts_files import FactsFile
from documentation.spec import PAGE_KEY
from overlays.openapi import create_body, create_variants

_TYPE = "if it is, accept it with EDITION_OF={0}"
_LISTING = ("enum", "const", "example", "default")


def claims(page: str, before: Any, after: Any) -> list[str]:
    """The questions about bodies that another page's variants accept too.

    Args:
        page: The page.
        before: The parsed spec as it is.
        after: The same once the page is accepted.
    """
    known = {n: s for n, s in create_variants(before).items() if page not in _pages(s)}
    mine = {n: s for n, s in create_variants(after).items() if page in _pages(s)}
    asked: dict[str, str] = {}
    for own, schema in mine.items():
        for name, other in known.items():
            if _disjoint(schema, other):
                continue
            both = set(_ids(schema)) & set(_ids(other))
            ids = ", ".join(sorted(map(show, both))) or "a body"
            body = _example(schema, other, [_sample(after, own), _sample(before, name)])
            said = f"; both accept {show(body)}" if body else ""
            for theirs in _pages(other):
                asked.setdefault(
                    theirs,
                    f"it claims {ids} of page {theirs}{said}; is it a new edition of that page? "
                    + _TYPE.format(theirs),
                )
    return list(asked.values())


def replaces(file: FactsFile, known: FactsFile) -> list[str]:
    """The question about a page that has a known page's name and none of its model ids."""
    new, old = _listed(file), _listed(known)
    if not new or not old or new & old:
        return []
    return [
        f"it has the name of page {known.page}, whose {', '.join(sorted(old))} it does not list; "
        f"is it a new edition of that page? {_TYPE.format(known.page)}; else give it another name"
    ]


def alike(page: str, others: list[FactsFile]) -> list[str]:
    """The question about a page whose name differs from a known one by letter case alone."""
    return [
        f"page {file.page} is called so but for its letter case; is it a new edition of that page? "
        f"{_TYPE.format(file.page)}; else give it another name"
        for file in others
        if file.page != page and file.page.casefold() == page.casefold()
    ]


def _listed(file: FactsFile) -> set[str]:
    """The model ids that a page names anywhere."""
    rows = [f for f in file.facts if (f.place, f.field) == ("request", "model")]
    named = [f.value for f in rows if f.keyword in _LISTING]
    return {str(i) for value in named for i in (value if isinstance(value, list) else [value])}


def _pages(schema: dict[str, Any]) -> list[str]:
    pages = schema.get(PAGE_KEY) or []
    return [pages] if isinstance(pages, str) else list(pages)


def _ids(schema: dict[str, Any]) -> list[Any]:
    model = schema.get("properties", {}).get("model", {})
    return [model["const"]] if "const" in model else list(model.get("enum", []))


def _disjoint(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether it is shown that no body is of both; what can't be shown is asked about."""
    try:
        both = jsonschema_rs.canonicalize(one).intersect(jsonschema_rs.canonicalize(other))
    except (ValueError, jsonschema_rs.ValidationError):
        return False
    return both.satisfiability() is Satisfiability.NO


def _sample(document: Any, name: str) -> dict[str, Any]:
    value = create_body(document).get("examples", {}).get(name, {}).get("value", {})
    return dict(value) if isinstance(value, dict) else {}


def _example(
    one: dict[str, Any], other: dict[str, Any], samples: list[dict[str, Any]]
) -> dict[str, Any] | None:
    """A body that both accept, made of the samples; None where none of these is one."""
    fields = {name: value for sample in samples for name, value in sample.items()}
    needed = {*one.get("required", []), *other.get("required", []), "model"}
    shared = {name: value for name, value in fields.items() if name in needed}
    ids = [value for value in _ids(one) if value in _ids(other)]
    bodies = [{**body, "model": model} for body in (shared, *samples) for model in ids]
    judges = [jsonschema_rs.validator_for(schema) for schema in (one, other)]
    return next((b for b in bodies if all(judge.is_valid(b) for judge in judges)), None)
