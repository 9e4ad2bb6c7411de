"""schemathesis finds no difference between what openapi.yaml says and what the mock does."""

from __future__ import annotations

import copy
import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx

from contract_tests.fuzzing.run import fuzz, with_a_dozen
from contract_tests.fuzzing.stock import KNOWN, judged
from contract_tests.mock.mock import Mock
from contract_tests.mock.prism import Prism
from contract_tests.referees.samples import SAMPLES, SPEC, VARIANTS, callback_field, field_with
from overlays.openapi import create_body, operations


def test_fuzzed_mock_keeps_the_contract_and_calls_nobody(
    mock: Mock, seed: int, record_property: Callable[[str, object], None]
) -> None:
    # Some 880 cases are of the coverage phase; every example adds one for each operation. `make
    # report` takes many more, and the probes of test_probes.py are the near misses of every fact.
    outcome = fuzz(mock.spec, mock.url, seed=seed, examples=25)
    assert outcome.passed, outcome.output
    assert mock.connections == []
    assert outcome.cases > 900
    record_property(
        "fuzzing", f"{outcome.cases} cases, {outcome.cases / outcome.seconds:.0f} a second"
    )


def test_of_many_variants_a_dozen_are_fuzzed() -> None:
    names = [f"Fox{number}Request" for number in range(100)]
    document = copy.deepcopy(SPEC)
    body = create_body(document)
    body["schema"]["oneOf"] = [{"$ref": f"#/components/schemas/{name}"} for name in names]
    body["examples"] = {name: {"value": {}} for name in names}
    taken = []
    for seed in (1, 1, 2):
        few = create_body(with_a_dozen(copy.deepcopy(document), seed))
        kept = {each["$ref"].rpartition("/")[2] for each in few["schema"]["oneOf"]}
        assert len(kept) == 12 and kept == few["examples"].keys()
        taken.append(kept)
    assert taken[0] == taken[1] != taken[2]
    assert with_a_dozen(copy.deepcopy(SPEC), 1) == SPEC or len(VARIANTS) > 12


def test_mock_that_dies_or_errs_under_stock_schemathesis_fails_the_run() -> None:
    known = [{"title": title, "count": 1} for title in KNOWN]
    run = {"running_time": 1.0, "test_cases": {"generated": 9}, "failures": known, "errors": []}
    assert judged(run, [], alive=True)["passed"]
    assert not judged(run, ["Prism is started again: it ended"], alive=True)["passed"]
    assert not judged(run, [], alive=False)["passed"]
    assert not judged(run | {"errors": [{"title": "Timeout"}]}, [], alive=True)["passed"]
    unknown = [*known, {"title": "Server error", "count": 1}]
    assert not judged(run | {"failures": unknown}, [], alive=True)["passed"]


def test_mock_with_callbacks_would_call_whom_a_request_names(
    built: dict[str, Path], spec: dict[str, Any]
) -> None:
    """Why the overlay removes them, and that the recorder of connections sees a call."""
    variant, field = field_with(spec, lambda name, _: name == callback_field(spec))
    body = SAMPLES[variant] | {field: "https://example.com/hook"}
    headers = {"Authorization": "Bearer x"}
    with Prism(built["openapi.json"], compiled=False) as prism, httpx.Client() as http:
        answer = prism.request(http, "POST", "/v1/videos/generations", json=body, headers=headers)
        assert answer.status_code == 200
        # Prism calls back before it is done with the next request on the same connection.
        prism.request(http, "GET", "/v1/tasks/x", headers=headers)
        assert prism.connections == ["example.com:443"]


def with_one_variant(spec: Path, variant: str, directory: Path, **steps: int) -> Path:
    """A spec whose create call takes one variant, with its required fields and a bound moved."""
    document = json.loads(spec.read_bytes())
    body = create_body(document)
    body["schema"] = {"$ref": f"#/components/schemas/{variant}"}
    body["examples"] = {variant: body["examples"][variant]}
    schema = document["components"]["schemas"][variant]
    # Texts for the patterns of addresses take schemathesis a second each.
    kept = {*schema["required"], *steps}
    schema["properties"] = {name: schema["properties"][name] for name in kept}
    for name, step in steps.items():
        schema["properties"][name]["maximum"] += step
    path = directory / "one.openapi.json"
    path.write_text(json.dumps(document))
    return path


def test_server_that_answers_401_to_everything_fails(
    built: dict[str, Path], spec: dict[str, Any], tmp_path: Path, seed: int
) -> None:
    class Refuse(BaseHTTPRequestHandler):
        def answer(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            content = json.dumps({"error": {"type": "authentication_error"}}).encode()
            self.send_response(401)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = answer  # noqa: N815 - the names that http.server looks for

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Refuse) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}"
        one = with_one_variant(built["mock.openapi.json"], VARIANTS[0], tmp_path)
        outcome = fuzz(one, url, seed=seed, examples=1)
        server.shutdown()
    assert not outcome.passed
    every = len(list(operations(spec)))
    assert f"Schema-valid request rejected: {every}" in outcome.output
    assert "Schema-violating request accepted: " in outcome.output


def test_one_bound_that_the_mock_has_otherwise_fails(mock: Mock, tmp_path: Path, seed: int) -> None:
    variant, field = field_with(SPEC, lambda _, schema: "maximum" in schema)
    wrong = with_one_variant(mock.spec, variant, tmp_path, **{field: -1})
    # The values on both sides of a bound are no chance: the coverage phase has them.
    outcome = fuzz(wrong, mock.url, seed=seed, examples=0)
    assert not outcome.passed
    assert "Schema-violating request accepted: 1" in outcome.output
