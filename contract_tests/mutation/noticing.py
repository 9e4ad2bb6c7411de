"""Which layer notices a mutant: docs-check, the probes in process, the probes against its mock."""

from __future__ import annotations

import functools
import json
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from contract_tests.mutation.every import all_mutants
from contract_tests.mutation.mutant import Document, Mutant
from contract_tests.mutation.serving import operation_of, prefix, serving, verdicts
from contract_tests.probes.page_probes import every_probe
from contract_tests.probes.probe import Probe
from contract_tests.referees.spec_mock_client import validator_of
from documentation import facts_files
from documentation.checking.check import compare
from documentation.checking.spec import read_spec
from documentation.conflicts import load_conflicts
from overlays.bundle import BUILD, PLAIN
from overlays.openapi import body_schemas, operations, self_contained

# Of the probes that notice a mutant in process, how many its mock is asked about; and of a mutant
# that no probe notices there, how many probes its mock is asked about all the same.
ASKED_IF_NOTICED, ASKED_IF_NOT = 3, 60


@dataclass
class Noticed:
    """Who noticed a mutant.

    Attributes:
        mutant: The mutant.
        docs: What docs-check says first, if anything.
        probes: The probes that differ in process.
        sampled: The probes that its mock was sent.
        mock: The first probe that differs there.
    """

    mutant: Mutant
    docs: str = ""
    probes: list[Probe] = field(default_factory=list)
    sampled: list[Probe] = field(default_factory=list)
    mock: str = ""


@functools.cache
def right_spec() -> Document:
    """The bundled openapi.yaml, which no caller changes."""
    document: Document = json.loads((BUILD / PLAIN).read_bytes())
    return document


@functools.cache
def mutants() -> tuple[Mutant, ...]:
    """Every mutant; their order is always the same, so that a number names one."""
    return tuple(all_mutants(right_spec()))


class Probing:
    """All probes, judged in process by any spec, with what did not change judged once."""

    def __init__(self) -> None:
        self.probes: dict[str, list[Probe]] = {}
        for probe in every_probe():
            self.probes.setdefault(probe.variant.operation, []).append(probe)
        self._known: dict[str, list[bool]] = {}

    def differing(self, document: Document) -> list[Probe]:
        """The probes that a spec gives another verdict than the page."""
        found = []
        for label, operation in operations(document):
            probes = self.probes.get(label, [])
            columns = [
                self._column(document, name, probes) for name in body_schemas(operation) if probes
            ]
            found += [
                probe
                for probe, *fits in zip(probes, *columns, strict=True)
                if (sum(fits) == 1) != probe.accepted
            ]
        return found

    def _column(self, document: Document, name: str, probes: list[Probe]) -> list[bool]:
        schema = self_contained(document, name)
        key = json.dumps(schema, sort_keys=True)
        right = self_contained(right_spec(), name)
        if key in self._known:
            return self._known[key]
        validator = validator_of(schema)
        column = [validator.is_valid(probe.body) for probe in probes]
        if schema == right:
            self._known[key] = column
        return column


def check_docs(document: Document) -> str:
    """The first difference that docs-check finds in a spec, or nothing."""
    report = compare(facts_files.load_all(), read_spec(document), load_conflicts())
    return str(report.differences[0]) if report.differences else ""


def notice_in_process(indexes: Iterable[int], seed: int) -> list[Noticed]:
    """What docs-check and the probes in process notice, and what to ask the mocks."""
    probing = Probing()
    assert not probing.differing(right_spec()), "a probe differs on the right spec already"
    found = []
    for index in indexes:
        mutant = mutants()[index]
        document = mutant.document(right_spec())
        noticed = Noticed(mutant, check_docs(document))
        if mutant.location == "request":
            noticed.probes = probing.differing(document)
            noticed.sampled = _probes_to_send(noticed, random.Random(f"{seed} {mutant.id}"))
        found.append(noticed)
    return found


def notice_by_mocks(found: dict[int, Noticed]) -> None:
    """Ask one mock of all these mutants, and note the first probe that differs on each."""
    to_send = {index: noticed for index, noticed in found.items() if noticed.sampled}
    if not to_send:
        return
    with serving(right_spec(), {index: each.mutant for index, each in to_send.items()}) as mock:
        sent = [(index, probe) for index, each in to_send.items() for probe in each.sampled]
        answers = verdicts(mock.prism, [(prefix(index), probe) for index, probe in sent])
    for (index, probe), accepted in zip(sent, answers, strict=True):
        if accepted != probe.accepted and not to_send[index].mock:
            to_send[index].mock = probe.id


def _probes_to_send(noticed: Noticed, source: random.Random) -> list[Probe]:
    mutant = noticed.mutant
    operation = operation_of(mutant, right_spec())
    probes = [
        probe
        for probe in every_probe()
        if probe.variant.operation == operation and probe.is_of_json_schema
    ]
    if not probes:
        return []
    if noticed.probes:
        # Prism takes a body of null for none at all, and refuses it for that.
        seen = [p for p in noticed.probes if p.body is not None and p.is_of_json_schema]
        return _sample(seen, ASKED_IF_NOTICED, source)
    # What the spec takes for equal the mock may not: its validator is another one.
    own = [probe for probe in probes if mutant.about and probe.field == mutant.about]
    if mutant.kind == "default":
        return own[:ASKED_IF_NOT]
    return own or _sample(probes, ASKED_IF_NOT, source)


def _sample(probes: Sequence[Probe], count: int, source: random.Random) -> list[Probe]:
    return source.sample(list(probes), min(count, len(probes)))
