"""The requests that a page shows as JSON, held to what is read of the page.

What a page shows as a request must be accepted, and what it shows as an error refused: else it is
asked. What prose says that would refuse what its own page shows is taken for misread, and binds
nothing until somebody says so. Of a sample that was put together from all fields this holds for
limits of one field only: no rule between fields was looked at where it was made.
"""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Iterator
from typing import Any

from documentation.checking.expected import expected_of, variants_of
from documentation.checking.spec import PAGE_KEY
from documentation.checking.variant_schema import addressed, schema_of, valid
from documentation.conflicts import Conflicts
from documentation.fact import BOUNDS, Fact, Reading, Remark
from documentation.facts_files import FactsFile
from documentation.reading.layouts.draft import as_json, is_placeholder, json_at
from documentation.reading.prose.rules import sign
from documentation.settled import folded, settle
from overlays.openapi import body_schemas, create_operation

MOST_SHOWN = 50
SHOWN = "shown as"  # begins what is asked of a sample
_OPENING = re.compile(r'\{(?=\s{0,80}")')
_BEFORE = 3
_ERROR = sign("shown-as-an-error")
_LIMITS = {
    *BOUNDS,
    "exclusiveMinimum",
    "exclusiveMaximum",
    "required",
    "enum",
    "pattern",
    "multipleOf",
    "onlyFor",
}
# Not what excludes what: a sample that has both fields was put together from several.
_RULES = {"mode", "together", "oneNeeded", "total"}
# A sample that has so large a part of the fields was put together from them.
_NEARLY_ALL = 0.7
# What only an answer has.
_OF_ANSWERS = {"id", "object", "created", "error"}


def misjudged(text: str, page: str, spec: dict[str, Any]) -> list[Remark]:
    """A remark for each request of a page that the spec judges otherwise than the page does."""
    schemas = spec["components"]["schemas"]
    every = [schemas[name] for name in body_schemas(create_operation(spec))]
    requests = [schema for schema in every if page in _listed(schema.get(PAGE_KEY))]
    ids = {each for schema in requests for each in _ids_of(schema)}

    def accepts(body: dict[str, Any]) -> bool:
        return any(valid(body, schema, schemas) for schema in requests)

    remarks = []
    for body, is_error in _shown(text):
        if body["model"] not in ids or accepts(body) != is_error:
            continue
        words = json.dumps(body, ensure_ascii=False)
        if is_error:
            remarks.append(Remark("request", "", f"{SHOWN} an error: {words}", "it is accepted"))
            continue
        properties = [s["properties"] for s in requests if body["model"] in _ids_of(s)]
        lists = (
            [n for n in body if n not in p or not valid(body[n], p[n], schemas)] for p in properties
        )
        fewest = min(lists, key=len)
        field = fewest[0] if len(fewest) == 1 else ""
        remarks.append(Remark("request", field, f"{SHOWN} a request: {words}", "it is refused"))
    return remarks


def without_misread(
    text: str, reading: Reading, conflicts: Conflicts, file: FactsFile
) -> FactsFile:
    """The facts of a page without those of sentences that refuse what the page itself shows.

    The reading gets a question about each.
    """
    wrong = _doubted(text, file, conflicts)
    if not wrong:
        return file
    for fact in (f for f in file.facts if folded(f) in wrong):
        told = reading.told.get(fact.identity, str(fact))
        reading.unread.append(
            Remark("request", fact.field, told, "its own sample is refused by it")
        )
    kept = [fact for fact in file.facts if folded(fact) not in wrong]
    # Of two limits of one field the wider comes to light once the other is gone.
    return without_misread(text, reading, conflicts, dataclasses.replace(file, facts=kept))


def _doubted(text: str, file: FactsFile, conflicts: Conflicts) -> list[Fact]:
    """The facts of prose without which a request that the page shows would be accepted."""
    facts = settle(file, conflicts).facts
    ids: list[object] = next(
        (f.value for f in facts if (f.field, f.keyword) == ("model", "enum")), []
    )
    found: list[Fact] = []
    for body, is_error in _shown(text):
        left = [fact for fact in facts if fact not in found]
        if is_error or body["model"] not in ids or _allow(left, body):
            continue
        keywords = _LIMITS if _put_together(body, left) else _LIMITS | _RULES
        prose = [f for f in left if f.stated == "prose" and f.keyword in keywords]
        single = ([f] for f in prose if _allow([x for x in left if x != f], body))
        found += next(single, []) or _refusing(left, prose, body)
    return found


def _refusing(facts: list[Fact], doubtful: list[Fact], body: dict[str, Any]) -> list[Fact]:
    """The doubtful facts that a body can't go with, nor with those before them; none if none do."""
    kept = [fact for fact in facts if fact not in doubtful]
    if not _allow(kept, body):
        return []
    wrong = []
    for fact in doubtful:
        if _allow([*kept, fact], body):
            kept.append(fact)
        else:
            wrong.append(fact)
    return wrong


def _put_together(body: dict[str, Any], facts: list[Fact]) -> bool:
    """Whether a sample has nearly all fields of its page."""
    fields = {f.field for f in facts if f.location == "request" and "." not in f.field}
    return len(body) > len(fields) * _NEARLY_ALL


def _allow(facts: list[Fact], body: dict[str, Any]) -> bool:
    """Whether a variant that facts describe takes a body."""
    expected = expected_of(facts, "request", [])
    schemas = (schema_of(addressed(expected, each.fields)) for each in variants_of(expected))
    return any(valid(body, schema, {}) for schema in schemas)


def _shown(text: str) -> Iterator[tuple[dict[str, Any], bool]]:
    """Each request that a page shows, and whether it shows it as an error."""
    text = as_json(text)
    end, count = 0, 0
    for opening in _OPENING.finditer(text):
        if opening.start() < end or count == MOST_SHOWN:
            continue
        try:
            body, stop = json_at(text, opening.start())
        except ValueError:
            count += 1
            continue
        if isinstance(body, dict) and isinstance(body.get("model"), str) and len(body) > 1:
            lines = [line for line in text[end : opening.start()].splitlines() if line.strip()]
            if not _OF_ANSWERS & body.keys():
                count += 1
                body = {name: value for name, value in body.items() if not _is_unsaid(value)}
                yield body, _ERROR.search("\n".join(lines[-_BEFORE:])) is not None
        end = stop


def _is_unsaid(value: object) -> bool:
    """Whether a sample shows a placeholder, such as `<string>`, or an object that holds one."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    return is_placeholder(value) or any(map(_is_unsaid, inner))


def _listed(pages: object) -> list[object]:
    return pages if isinstance(pages, list) else [pages]


def _ids_of(schema: dict[str, Any]) -> list[object]:
    """The model ids of a variant."""
    model = schema["properties"]["model"]
    return [*model.get("enum", []), *([model["const"]] if "const" in model else [])]
