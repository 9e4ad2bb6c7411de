"""Mutants as mocks: one Prism serves many, each under a path prefix of its own.

Starting Prism takes seconds and there are more than a thousand mutants. So one document holds many
of them: under `/m17` is the call that mutant 17 gets wrong, with everything that it refers to in
its place, so that no mutant can see a schema of another one. Each run compares a sample with a mock
that serves one mutant alone.
"""

from __future__ import annotations

import contextlib
import json
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from contract_tests.mock.mock import Mock
from contract_tests.mock.prism import HOST, MockError, Prism
from contract_tests.mutation.mutant import Document, Mutant
from contract_tests.probes.page_probes import every_probe
from contract_tests.probes.probe import Probe
from contract_tests.referees.spec_mock_client import MockReferee
from overlays.openapi import CREATE, CREATE_PATH, body_schemas, dereferenced, operations

CONNECTIONS = 4
# A field of no page, and none that is required.
TWO_FAULTS = {"undocumented": 1}


def prefix(index: int) -> str:
    """The path prefix of a mutant by its number."""
    return f"/m{index}"


def create_call(document: Document) -> Document:
    """A document whose only path is the create call of another one, without any reference."""
    return _calls(document, "", [CREATE_PATH])


def _calls(document: Document, under: str, paths: Iterable[str]) -> Document:
    served = {}
    for path in paths:
        operation = dereferenced(document, document["paths"][path]["post"])
        operation.pop("callbacks", None)
        operation["operationId"] += under.replace("/", "-")
        served[f"{under}{path}"] = {"post": operation}
    kept = {key: document[key] for key in ("openapi", "jsonSchemaDialect", "info")}
    schemes = document["components"]["securitySchemes"]
    return {
        **kept,
        "servers": [{"url": f"http://{HOST}"}],
        "security": document["security"],
        "paths": served,
        "components": {"securitySchemes": schemes},
    }


@contextlib.contextmanager
def serving(spec: Document, mutants: dict[int, Mutant]) -> Iterator[Mock]:
    """A mock of all these mutants, each under its prefix.

    Raises:
        MockError: Prism accepts what no mutant does, so it could not compile that one's schema.
    """
    paths = {
        index: path_of(operation_of(mutant, spec) or CREATE) for index, mutant in mutants.items()
    }
    whole = create_call(spec)
    for index, mutant in mutants.items():
        served = _calls(mutant.document(spec), prefix(index), [paths[index]])
        whole["paths"] |= served["paths"]
    with tempfile.TemporaryDirectory(prefix="foxapi-mutants-") as directory:
        path_of_all = Path(directory) / "mutants.openapi.json"
        path_of_all.write_text(json.dumps(whole), encoding="utf-8")
        with Mock(path_of_all, compiled=False) as mock:
            _check_judges(mock.prism, [f"{prefix(index)}{path}" for index, path in paths.items()])
            yield mock


def verdicts(prism: Prism, sent: Sequence[tuple[str, Probe]]) -> list[bool]:
    """Whether the mock accepts each probe under its prefix.

    Raises:
        InfrastructureError: An answer is no verdict.
    """
    operations = [probe.variant.operation.split(" ") for _, probe in sent]
    return _accepted(
        prism,
        [
            (f"{method} {under}{path}", probe.body)
            for (under, probe), (method, path) in zip(sent, operations, strict=True)
        ],
    )


def _check_judges(prism: Prism, paths: list[str]) -> None:
    """A body with two faults fits no mutant, which has one: what accepts it checks nothing."""
    accepted = _accepted(prism, [(f"POST {path}", TWO_FAULTS) for path in paths])
    if any(accepted):
        raise MockError(f"the mock does not check the mutant at {paths[accepted.index(True)]}")


def operation_of(mutant: Mutant, spec: Document) -> str:
    """The operation with probes that a mutant gets wrong; empty where it is none of them."""
    if mutant.schema == "CallbackUrl" or mutant.id.startswith(CREATE):
        return CREATE
    for label in {probe.variant.operation: None for probe in every_probe()}:
        if mutant.schema in body_schemas(dict(operations(spec))[label]):
            return label
    return ""


def path_of(operation: str) -> str:
    """The path of an operation's label."""
    return operation.split(" ")[1]


def _accepted(prism: Prism, sent: Sequence[tuple[str, Any]]) -> list[bool]:
    with (
        contextlib.closing(MockReferee(prism)) as referee,
        ThreadPoolExecutor(CONNECTIONS) as threads,
    ):
        return list(threads.map(lambda each: referee.judge(*each).accepted, sent))


def batches(indexes: Iterable[int], size: int) -> Iterator[list[int]]:
    """The indexes in lists of a size."""
    listed = list(indexes)
    for begin in range(0, len(listed), size):
        yield listed[begin : begin + size]
