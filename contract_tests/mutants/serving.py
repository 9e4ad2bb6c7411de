"""Mutants as mocks: one Prism serves many, each under a path prefix of its own.

Starting Prism takes seconds and there are more than a thousand mutants. So one document holds many
of them: under `/m17` is the create call of mutant 17, with everything that it refers to in its
place, so that no mutant can see a schema of another one. `test_mutation.py` and each run compare a
sample with a mock that serves one mutant alone.
"""

from __future__ import annotations

import contextlib
import json
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx

from contract_tests.mock import HOST, TOKEN, Mock, MockError
from contract_tests.mutants.mutant import Document, Mutant
from contract_tests.probe import Probe

PATH = "/v1/videos/generations"
CONNECTIONS = 4


def prefix(index: int) -> str:
    """The path prefix of a mutant by its number."""
    return f"/m{index}"


def create_call(document: Document, path: str) -> Document:
    """A document whose only path is the create call of another one, without any reference."""
    operation = _inline(document, document["paths"][PATH]["post"])
    operation.pop("callbacks", None)
    kept = {key: document[key] for key in ("openapi", "jsonSchemaDialect", "info")}
    schemes = document["components"]["securitySchemes"]
    return {
        **kept,
        "servers": [{"url": f"http://{HOST}"}],
        "security": document["security"],
        "paths": {path: {"post": operation}},
        "components": {"securitySchemes": schemes},
    }


@contextlib.contextmanager
def serving(spec: Document, mutants: dict[int, Mutant]) -> Iterator[Mock]:
    """A mock of all these mutants, each under its prefix.

    Raises:
        MockError: Prism accepts what no mutant does, so it could not compile that one's schema.
    """
    whole = create_call(spec, PATH)
    for index, mutant in mutants.items():
        path = f"{prefix(index)}{PATH}"
        alone = create_call(mutant.document(spec), path)
        operation = alone["paths"][path]["post"]
        operation["operationId"] = f"createVideo{index}"
        whole["paths"][path] = alone["paths"][path]
    with tempfile.TemporaryDirectory(prefix="foxapi-mutants-") as directory:
        path_of_all = Path(directory) / "mutants.openapi.json"
        path_of_all.write_text(json.dumps(whole), encoding="utf-8")
        with Mock(path_of_all) as mock:
            _check_judges(mock, [prefix(index) for index in mutants])
            yield mock


def verdicts(mock: Mock, sent: Sequence[tuple[str, Probe]]) -> list[bool]:
    """Whether the mock accepts each probe under its prefix.

    Raises:
        MockError: An answer is no verdict.
    """
    return _accepted(mock, [(under, probe.body) for under, probe in sent])


def _check_judges(mock: Mock, prefixes: list[str]) -> None:
    """An empty body fits no mutant: what accepts it checks nothing."""
    accepted = _accepted(mock, [(under, {}) for under in prefixes])
    if any(accepted):
        raise MockError(f"the mock does not check the mutant {prefixes[accepted.index(True)]}")


def _accepted(mock: Mock, sent: Sequence[tuple[str, Any]]) -> list[bool]:
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
    limits = httpx.Limits(max_connections=CONNECTIONS)

    def accepted(pair: tuple[str, Any]) -> bool:
        under, body = pair
        content = json.dumps(body).encode()
        answer = mock.request(client, "POST", f"{under}{PATH}", content=content, headers=headers)
        if answer.status_code not in (200, 422):
            raise MockError(f"the mock answered {answer.status_code} under {under}")
        return answer.status_code == 200

    with httpx.Client(limits=limits) as client, ThreadPoolExecutor(CONNECTIONS) as threads:
        return list(threads.map(accepted, sent))


def batches(indexes: Iterable[int], size: int) -> Iterator[list[int]]:
    """The indexes in lists of a size."""
    listed = list(indexes)
    for begin in range(0, len(listed), size):
        yield listed[begin : begin + size]


def _inline(document: Document, node: Any) -> Any:
    if isinstance(node, list):
        return [_inline(document, item) for item in node]
    if not isinstance(node, dict):
        return node
    if isinstance(node.get("$ref"), str):
        target: Any = document
        for step in node["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        return _inline(document, target)
    return {key: _inline(document, value) for key, value in node.items()}
