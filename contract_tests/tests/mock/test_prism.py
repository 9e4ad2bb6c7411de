"""Prism checks what it serves, stays on loopback, is started again, and is always ended."""

from __future__ import annotations

import contextlib
import copy
import json
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from contract_tests.mock.checks import check_refuses, refusals
from contract_tests.mock.mock import Mock
from contract_tests.mock.prism import (
    COMPILE,
    DOES_NOT_COMPILE,
    HOST,
    InfrastructureError,
    MockError,
    Prism,
)
from contract_tests.referees.samples import BODY, SAMPLES, VARIANTS
from contract_tests.referees.spec_mock_client import MockReferee, violations
from contract_tests.tests.mock.processes import is_running, kill, wait_until
from overlays.bundle import ROOT
from overlays.openapi import CREATE, CREATE_PATH, create_operation, operations


def test_every_schema_that_does_not_compile_is_named(spec: dict[str, Any], tmp_path: Path) -> None:
    broken = {
        VARIANTS[0]: ({"type": "string", "pattern": "(?i)^a"}, "Invalid group"),
        "FileBase64Upload": ({"type": "string", "pattern": r"^\-?a"}, "Invalid escape"),
        "FileUrlUpload": ({"type": "bool"}, "schema is invalid: "),
    }
    document = copy.deepcopy(spec)
    for name, (schema, _) in broken.items():
        document["components"]["schemas"][name]["properties"]["odd"] = schema
    path = tmp_path / "broken.openapi.json"
    path.write_text(json.dumps(document))
    ended = subprocess.run(
        ["node", COMPILE, path], capture_output=True, text=True, timeout=60, check=False
    )
    assert ended.returncode == DOES_NOT_COMPILE, ended.stderr
    for line, (_, why) in zip(ended.stdout.splitlines(), broken.values(), strict=True):
        assert re.match(rf"POST /v1/\S+ request body: .*{why}", line), line


@pytest.mark.parametrize(
    ("dialect", "why"),
    [
        ("https://spec.openapis.org/oas/3.1/dialect/base", "no schema with key or ref"),
        ("http://json-schema.org/draft-07/schema#", "its dialect is"),
    ],
)
def test_other_dialect_is_found(
    spec: dict[str, Any], tmp_path: Path, dialect: str, why: str
) -> None:
    """One that Prism does not know, and one that it does, which judges otherwise."""
    uploads = {path: item for path, item in spec["paths"].items() if "upload" in path}
    path = tmp_path / "other.openapi.json"
    path.write_text(json.dumps(spec | {"jsonSchemaDialect": dialect, "paths": uploads}))
    refused = rf"^Prism can't compile a schema: (GET|POST) /v1/.* {why}.* \(and \d+ more\)$"
    with pytest.raises(MockError, match=refused), Prism(path):
        pass


def test_every_request_schema_refuses_a_body(mock: Mock, spec: dict[str, Any]) -> None:
    labels = [label for label, *_ in refusals(spec)]
    assert check_refuses(mock.prism) == len(labels)
    assert set(VARIANTS) < set(labels)
    posted = {label for label, operation in operations(spec) if "requestBody" in operation}
    assert set(labels) - set(VARIANTS) == posted - {CREATE}


# What no header can carry, and Prism puts into one.
OPTIONS = ["标准", "a\u0001b", "del\x7f", "\u2028", "𝄞"]


@pytest.fixture(scope="module")
def odd(spec: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prism]:
    """A Prism with these options in a variant, and a schema of an upload that does not compile."""
    document = copy.deepcopy(spec)
    create_operation(document).pop("callbacks")
    schemas = document["components"]["schemas"]
    schemas[VARIANTS[0]]["properties"]["odd"] = {"enum": OPTIONS}
    schemas["FileBase64Upload"]["properties"]["odd"] = {"type": "string", "pattern": "(?i)^a"}
    path = tmp_path_factory.mktemp("odd") / "spec.json"
    path.write_text(json.dumps(document))
    with Prism(path, compiled=False) as prism:
        yield prism


def test_mock_that_checks_nothing_is_not_handed_out(odd: Prism) -> None:
    # Prism accepts everything in the place of a schema that it can't compile.
    with pytest.raises(MockError, match="the mock does not check POST /v1/files/upload/base64"):
        check_refuses(odd)


def test_mock_survives_names_and_options_that_no_header_can_carry(odd: Prism) -> None:
    with httpx.Client(headers={"Authorization": "Bearer x"}) as client:

        def sent(body: dict[str, str]) -> httpx.Response:
            return odd.request(client, "POST", CREATE_PATH, json=BODY | body)

        assert all(sent({"odd": option}).status_code == 200 for option in OPTIONS)
        assert ("odd", "enum") in violations(sent({"odd": "x"}))
        assert ("标", "additionalProperties") in violations(sent({"标": "x"}))
        assert odd.faults == []


def test_mock_listens_on_loopback_only(mock: Mock) -> None:
    assert mock.url.startswith("http://127.0.0.1:")
    for port in (mock.port, mock.prism.port):
        listening = [
            line.split()[1]
            for table in ("/proc/net/tcp", "/proc/net/tcp6")
            if Path(table).exists()
            for line in Path(table).read_text().splitlines()[1:]
            if line.split()[3] == "0A" and line.split()[1].endswith(f":{port:04X}")
        ]
        if not listening:
            pytest.skip("this system has no /proc/net/tcp to read listening sockets from")
        assert listening == [f"0100007F:{port:04X}"]


def test_port_in_use_is_said(built: dict[str, Path]) -> None:
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        with (
            pytest.raises(MockError, match=f"port {port} is in use"),
            Mock(built["mock.openapi.json"], port),
        ):
            pass


def ask_all(ask: Callable[[int], str]) -> set[str]:
    """What eight threads are told that ask at once."""
    with ThreadPoolExecutor(8) as threads:
        return set(threads.map(ask, range(8)))


def test_dead_or_hanging_mock_is_restarted_once_whoever_finds_it_and_reported(
    built: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    with httpx.Client() as client:
        with (
            Prism(built["mock.openapi.json"]) as prism,
            contextlib.closing(MockReferee(prism)) as referee,
        ):
            first = prism.pid
            ready = threading.Barrier(8)

            def ask(_: int) -> str:
                ready.wait(60)
                try:
                    return str(referee.judge(CREATE, BODY))
                except InfrastructureError:
                    return "no verdict"

            assert ask_all(ask) == {"accepted"}
            kill(prism)
            assert {"no verdict"} <= ask_all(ask) <= {"accepted", "no verdict"}
            assert len(prism.faults) == 1 and prism.faults[0].startswith(f"{CREATE}: ")
            assert prism.starts == 2 and not is_running(first) and is_running(prism.pid)
            assert prism.request(client, "GET", "/v1/tasks/x").status_code == 401
            with monkeypatch.context() as patch:
                patch.setattr("contract_tests.mock.prism.CALL_SECONDS", 1.0)
                with pytest.raises(InfrastructureError, match="ReadTimeout"):
                    # Prism waits for ever on malformed JSON.
                    headers = {"Content-Type": "application/json", "Authorization": "Bearer x"}
                    prism.request(client, "POST", CREATE_PATH, content=b"{", headers=headers)
            assert len(prism.faults) == 2
            assert prism.request(client, "GET", "/v1/tasks/x").status_code == 401
        with pytest.raises(InfrastructureError, match="the mock was ended"):
            prism.request(client, "GET", "/v1/tasks/x")
        assert not is_running(prism.pid)


def test_a_connection_that_ends_as_it_is_used_again_is_no_fault(
    mock: Mock, monkeypatch: pytest.MonkeyPatch
) -> None:
    with contextlib.closing(MockReferee(mock.prism)) as referee:
        assert referee.judge(CREATE, BODY).accepted
        monkeypatch.setattr("select.select", lambda *_: ([], [], []))  # it ends a moment later
        referee._idle[0].sock.shutdown(socket.SHUT_RDWR)
        assert referee.judge(CREATE, BODY).accepted
    assert mock.prism.faults == []


def listed(prism: Prism, body: dict[str, Any]) -> list[dict[str, Any]]:
    """What Prism finds wrong with a body, as it says it."""
    with httpx.Client(headers={"Authorization": "Bearer x"}) as client:
        answer = prism.request(client, "POST", CREATE_PATH, json=body)
    said: list[dict[str, Any]] = json.loads(answer.headers["sl-violations"])
    return said


@pytest.mark.parametrize("sample", SAMPLES.values(), ids=SAMPLES)
def test_what_the_variants_of_its_model_find_wrong_is_said_once_and_nothing_of_others(
    mock: Mock, sample: dict[str, Any]
) -> None:
    said = listed(mock.prism, sample | {"undocumented": "x"})
    assert len(said) == len({json.dumps(each) for each in said})
    assert "undocumented" in json.dumps(said)
    assert not [each for each in said if each["location"][-1:] == ["model"]]


def test_of_an_unknown_model_is_said_which_there_are(mock: Mock, spec: dict[str, Any]) -> None:
    [said] = listed(mock.prism, BODY | {"undocumented": "x", "model": "y"})
    told = said["message"].partition("allowed values: ")[2].split(", ")
    branches = [spec["components"]["schemas"][name]["properties"]["model"] for name in VARIANTS]
    assert set(told) == {value for each in branches for value in each.get("enum", [])}


OWNER = """
import sys, time
from pathlib import Path
from contract_tests.mock.prism import Prism
with Prism(Path(sys.argv[1]), compiled=False) as prism:
    print(prism.pid, flush=True)
    time.sleep(600)
"""


def test_nothing_stays_behind_when_whoever_started_the_mock_is_killed(
    built: dict[str, Path],
) -> None:
    command = [sys.executable, "-c", OWNER, str(built["mock.openapi.json"])]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as owner:
        assert owner.stdout is not None
        prism = int(owner.stdout.readline())
        assert is_running(prism)
        owner.kill()
    wait_until(lambda: not is_running(prism), "Prism is gone")
