"""Reads a page: takes its layout apart, reads its prose, and bounds what comes of it."""

from __future__ import annotations

from documentation.fact import OF_A_VALUE, Fact, PageError, Reading, Remark, unique
from documentation.reading.about import about
from documentation.reading.at_odds import without_impossible
from documentation.reading.consequences import with_consequences
from documentation.reading.layouts.draft import mixed, sample_facts, schema_facts
from documentation.reading.layouts.members import with_members
from documentation.reading.layouts.rendered import Layout, read_rendered
from documentation.reading.layouts.text import lines_of, without_entities
from documentation.reading.prose.clause import Said
from documentation.reading.prose.context import Context
from documentation.reading.prose.sentences import ProseReader

MOST_FIELDS = 1000
MOST_OPTIONS = 1000
NO_RULE = "no rule knows this keyword"
MOST_SAID = 4 << 20
# Samples and probes are made of these sizes.
MOST_SIZE = {"minLength": 2**22, "maxLength": 2**22, "minItems": 10**4, "maxItems": 10**4}


def read_page(text: str, page: str, names: dict[str, list[str]] | None = None) -> Reading:
    """Read the facts off a page's text; `names` are those given to fields of a nameless layout."""
    text = without_entities(text)
    lines = lines_of(text)
    layout = _markdown(text) if "```" in text or "~~~" in text else None
    if layout is None:
        layout = read_rendered(lines)
        if not any(draft.location != "response" for draft in layout.drafts):
            layout = _unlabelled(text, lines, names or {}) or layout
    layout.drafts = with_members(layout.drafts, layout.samples)
    if not layout.drafts:
        raise PageError("no field of a request or a response found on the page")
    if len(layout.drafts) > MOST_FIELDS:
        raise PageError(f"the page has more than {MOST_FIELDS} fields")
    if any(len(draft.options()) + len(draft.examples) > MOST_OPTIONS for draft in layout.drafts):
        raise PageError(f"a field of the page has more than {MOST_OPTIONS} options or examples")
    return _read(layout, page)


def _markdown(text: str) -> Layout | None:
    """What the OpenAPI block of a markdown page says; None where there is none."""
    from documentation.reading.layouts.markdown import openapi_block, read_openapi

    block = openapi_block(text)
    return read_openapi(*block) if block else None


def _unlabelled(text: str, lines: list[str], names: dict[str, list[str]]) -> Layout | None:
    """What a page says in a layout of its own, or one that lost the names of its fields."""
    from documentation.reading.layouts.own.blocks import blocks_of
    from documentation.reading.layouts.own.copied import copied_blocks
    from documentation.reading.layouts.own.handwritten import read_handwritten
    from documentation.reading.layouts.own.nameless import read_nameless

    return (
        read_handwritten(blocks_of(text))
        or read_handwritten(copied_blocks(text))
        or read_nameless(lines, names)
    )


def _read(layout: Layout, page: str) -> Reading:
    sample = layout.samples.get("request")
    model = sample.get("model") if isinstance(sample, dict) else None
    context = Context(layout.drafts, model, [*layout.intro, *layout.notes])
    reader = ProseReader(page, context)
    reader.prepare(layout.drafts)
    reading = Reading(page, method=layout.method, path=layout.path)
    facts: list[Fact] = []
    for location in ("request", "response"):
        facts += sample_facts(page, location, layout.samples.get(location))
    for draft in layout.drafts:
        facts += schema_facts(page, draft)
        prose = reader.read(draft)
        if draft.location == "request" and mixed(draft):  # of which of its types is a limit?
            prose.facts = [f for f in prose.facts if f.keyword not in OF_A_VALUE]
        facts += prose.facts
        for fact in prose.facts:
            if text := prose.text_of(fact):
                reading.told.setdefault(fact.identity, text)
        reading.about |= about(draft)
        reading.unread += prose.unread
        if draft.location == "request" and mixed(draft):
            kinds = " or ".join(value for key, value in draft.schema if key == "type")
            reading.unread.append(Remark("request", draft.name, kinds, NO_RULE))
        if draft.location == "request":
            reading.unread += [Remark("request", draft.name, t, NO_RULE) for t in draft.unknown]
        reading.ignored += prose.ignored
        facts += [
            Fact(page, draft.location, draft.name, "example", value, "schema")
            for value in draft.examples
        ]
        if draft.name.startswith("?"):
            first = next((line for line in draft.prose if line), "")
            reading.unnamed.append((draft.location, draft.name, first))
    said = 0
    for fact in without_impossible(reading, [*unique(with_consequences(facts))]):
        said += len(fact.identity)
        if said > MOST_SAID:
            raise PageError(f"the facts of the page are larger than {MOST_SAID >> 20} MiB")
        most = MOST_SIZE.get(fact.keyword)
        if most is not None and fact.value > most:
            raise PageError(f"{fact.field} {fact.keyword} {fact.value} is more than {most}")
        reading.facts.append(fact)
    stated = {(fact.location, fact.field) for fact in reading.facts}
    for draft in layout.drafts:
        if (draft.location, draft.name) not in stated:
            reading.mentioned.setdefault(draft.location, []).append(draft.name)
    loose = Said()
    for line in (*layout.intro, *layout.notes):
        reader.noted(line, loose)
    for fact in unique(loose.facts):
        reading.facts += [fact] if fact not in reading.facts else []
        reading.told.setdefault(fact.identity, loose.text_of(fact))
    reading.unread += loose.unread
    reading.ignored += loose.ignored
    return reading
