"""What a test page says, written down by people before the reader saw the page."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any

from documentation.checking.expected import expected_of, variants_of
from documentation.checking.variant_schema import addressed, schema_of
from documentation.fact import Reading
from documentation.page_names import page_name
from documentation.reading.page import read_page

PAGES = Path(__file__).parents[3] / "pages"


def page_file(expected: Path) -> Path:
    """The page that an `.expected` file is about; it stands beside it."""
    stem = expected.name.removesuffix(".expected")
    return next(
        f for f in (expected.parent / f"{stem}{end}" for end in (".txt", ".md")) if f.exists()
    )


def expected_facts(expected: Path) -> set[str]:
    """Lines `in field keyword value stated`, the value as JSON, in one spelling."""
    facts = set()
    for line in expected.read_text("utf-8").splitlines():
        location, field, keyword, rest = line.split(" ", 3)
        value, stated = rest.rsplit(" ", 1)
        facts.add(" ".join((location, field, keyword, _spelled(json.loads(value)), stated)))
    return facts


def stated_facts(reading: Reading) -> set[str]:
    """The same lines for what was read; examples are left out, they state no constraint."""
    return {
        " ".join((fact.location, fact.field, fact.keyword, _spelled(fact.value), fact.stated))
        for fact in reading.facts
        if fact.keyword != "example"
    }


@functools.cache
def read_file(path: Path) -> Reading:
    """What the reader makes of a test page, which nobody changes."""
    return read_page(path.read_text("utf-8"), page_name(path.name))


def _spelled(value: object) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


def schemas_of(page: str) -> list[dict[str, Any]]:
    """The schema of each variant of the model lyra-1 that a page describes."""
    expected = expected_of(read_page(page, "lyra-1").facts, "request", [])
    return [schema_of(addressed(expected, each.fields)) for each in variants_of(expected)]
