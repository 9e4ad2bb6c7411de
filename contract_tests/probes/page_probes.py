"""The facts of every page of the create call and the uploads, settled, as variants and probes."""

from __future__ import annotations

import functools
from collections.abc import Collection
from dataclasses import replace
from typing import Any

from contract_tests.probes.page_variants import PageVariant, page_variants_of
from contract_tests.probes.probe import Maker, Probe
from contract_tests.probes.variant_probes import probes_of
from contract_tests.referees.some import some
from documentation import facts_files
from documentation.conflicts import load_conflicts
from documentation.fact import Fact
from documentation.facts_files import FactsFile
from documentation.settled import settle

UPLOADS, MULTIPART = "POST /v1/files/upload/", "POST /v1/files/upload/stream"


@functools.cache
def pages() -> dict[str, FactsFile]:
    """Each page that documents a request of the create call."""
    return {
        file.page: file
        for file in facts_files.load_all()
        if any((fact.location, fact.field) == ("request", "model") for fact in file.facts)
    }


def settled(file: FactsFile) -> list[Fact]:
    """The facts of a page as conflicts.yaml settles them."""
    return settle(file, load_conflicts()).facts


@functools.cache
def all_page_variants() -> tuple[PageVariant, ...]:
    """The variants of every page."""
    return tuple(
        variant
        for page, file in pages().items()
        for variant in page_variants_of(page, settled(file))
    )


@functools.cache
def all_probes() -> tuple[Probe, ...]:
    """The probes of every variant of every page, in page order."""
    return tuple(
        probe
        for variant in all_page_variants()
        for probe in probes_of(variant, all_page_variants())
    )


@functools.cache
def upload_pages() -> dict[str, FactsFile]:
    """Each page about an upload that takes JSON.

    A multipart form is left out: all of it is text, and Prism looks at its documented parts alone.
    """
    return {
        file.path.stem: file
        for file in facts_files.load_all()
        if file.path and file.operation.startswith(UPLOADS) and file.operation != MULTIPART
    }


@functools.cache
def upload_probes() -> tuple[Probe, ...]:
    """The probes of every upload that takes JSON."""
    variants = [upload_variant(page, file) for page, file in upload_pages().items()]
    return tuple(probe for variant in variants for probe in probes_of(variant, variants))


def every_probe(only: Collection[str] = ()) -> tuple[Probe, ...]:
    """The probes of the create call and of the uploads; of some pages alone where they are given.

    Those of one page cost the same whatever number of other pages there is.
    """
    if not only:
        return (*all_probes(), *upload_probes())
    variants = all_page_variants()
    mine = (variant for variant in variants if variant.page in only)
    found = (probe for variant in mine for probe in probes_of(variant, variants))
    return (*found, *(probe for probe in upload_probes() if probe.variant.page in only))


def probes_of_some(*also: str) -> tuple[Probe, ...]:
    """The probes of some pages, and of those that are named."""
    return every_probe({*some([*pages(), *upload_pages()]), *also})


def upload_variant(page: str, file: FactsFile) -> PageVariant:
    """The one variant of an upload: no model, no modes, and a sample of what is required."""
    fields: dict[str, dict[str, Any]] = {}
    for fact in settled(file):
        if fact.location == "request" and fact.field:
            fields.setdefault(fact.field, {})[fact.keyword] = fact.value
    bare = PageVariant(page, "", (), fields, {}, operation=file.operation)
    needed = [name for name, keywords in fields.items() if keywords.get("required")]
    sample = {name: Maker(bare, name, []).example for name in needed}
    return replace(bare, sample=sample)
