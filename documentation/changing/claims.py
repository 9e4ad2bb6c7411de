"""What a page asks for itself, held to the pages that are known: nothing of theirs silently."""

from __future__ import annotations

from typing import Any

from documentation.changing.drift import likeness
from documentation.checking import algebra
from documentation.checking.spec import SpecSchema, read_spec
from documentation.fact import show
from documentation.facts_files import FactsFile
from overlays.openapi import CREATE

_TYPE = "if it is, accept it with EDITION_OF={0}"
MOST_ALIKE = 0.7  # of the fields, for a page under another name to be an edition
FAR_MORE = 0.2  # of the fields, for one of several pages to be it
_LISTING = ("enum", "const", "example", "default")


def claims(page: str, before: Any, after: Any) -> list[str]:
    """The questions about bodies that another page's variants accept too.

    Args:
        page: The page.
        before: The parsed spec as it is.
        after: The same once the page is accepted.
    """
    questions: dict[str, str] = {}
    all_known = _variants(before)
    for mine in _variants(after):
        for known in all_known:
            if page not in mine.pages or page in known.pages:
                continue
            if algebra.apart(mine.schema, known.schema):
                continue
            ids = ", ".join(sorted(map(show, {*_ids(mine)} & {*_ids(known)}))) or "a body"
            try:
                body = algebra.in_both(mine.schema, known.schema)
                said = f"; both accept {algebra.shown(body)}"
            except algebra.NoValueError:
                said = ""
            for theirs in known.pages:
                questions.setdefault(
                    theirs,
                    f"it claims {ids} of page {theirs}{said}; is it a new edition of that page? "
                    + _TYPE.format(theirs),
                )
    return list(questions.values())


def edition_of(file: FactsFile, files: list[FactsFile]) -> FactsFile | None:
    """The known page that lists the same models, most of whose fields a page still has.

    A page is found by its models whatever its file is called. Of several pages of one model it is
    the one that is far more like it than the others; where none is, nobody but people can say.
    """
    mine = models_of(file)
    known = [each for each in files if mine and models_of(each) == mine]
    alike = sorted(((likeness(each, file), n) for n, each in enumerate(known)), reverse=True)
    if not alike or alike[0][0] < MOST_ALIKE:
        return None
    is_clear = len(alike) == 1 or alike[0][0] - alike[1][0] >= FAR_MORE
    return known[alike[0][1]] if is_clear else None


def replaces(file: FactsFile, known: FactsFile) -> list[str]:
    """The question about a page that has a known page's name and none of its model ids."""
    new, old = models_of(file), models_of(known)
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


def models_of(file: FactsFile) -> set[str]:
    """The model ids that a page names anywhere."""
    rows = [f for f in file.facts if (f.location, f.field) == ("request", "model")]
    named = [f.value for f in rows if f.keyword in _LISTING]
    return {str(i) for value in named for i in (value if isinstance(value, list) else [value])}


def _variants(document: Any) -> list[SpecSchema]:
    """The request variants of the create call."""
    schemas = read_spec(document).schemas
    return [s for s in schemas if s.location == "request" and CREATE in s.operations]


def _ids(variant: SpecSchema) -> list[Any]:
    return list(variant.fields.get("model", {}).get("enum", []))
