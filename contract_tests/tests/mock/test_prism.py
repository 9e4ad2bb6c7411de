"""Prism checks what it serves, stays on loopback, is started again, and is always ended."""

from __future__ import annotations

import copy
import json
import re
import socket
import subprocess
import sys
import threading
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
from contract_tests.referees.samples import BODY, VARIANTS
from contract_tests.referees.spec_mock_client import MockReferee, violations
from contract_tests.tests.mock.processes import is_running, kill, wait_until
from overlays.bundle import ROOT
from overlays.openapi import CREATE, operations


def edited(built: dict[str, Path], directory: Path, old: str, new: str) -> Path:
    """The mock's spec with a text replaced."""
    text = built["mock.openapi.json"].read_text()
    assert old in text
    path = directory / "edited.openapi.json"
    path.write_text(text.replace(old, new))
    return path


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


def test_dialect_that_prism_does_not_know_is_found(built: dict[str, Path], tmp_path: Path) -> None:
    known = "https://json-schema.org/draft/2020-12/schema"
    spec = edited(built, tmp_path, known, "https://spec.openapis.org/oas/3.1/dialect/base")
    refused = r"^Prism can't compile a schema: (GET|POST) /v1/.* \(and \d+ more\)$"
    with pytest.raises(MockError, match=refused), Prism(spec):
        pass


def test_every_request_schema_refuses_a_body(mock: Mock, spec: dict[str, Any]) -> None:
    labels = [label for label, *_ in refusals(spec)]
    assert check_refuses(mock.prism) == len(labels)
    assert set(VARIANTS) < set(labels)
    posted = {label for label, operation in operations(spec) if "requestBody" in operation}
    assert set(labels) - set(VARIANTS) == posted - {CREATE}


def test_mock_that_checks_nothing_is_not_handed_out(built: dict[str, Path], tmp_path: Path) -> None:
    # Prism accepts everything in the place of a schema that it can't compile.
    spec = edited(built, tmp_path, '"^[Hh]', '"(?i)^[Hh]')
    accepting = pytest.raises(MockError, match=f"the mock does not check {VARIANTS[0]}")
    with Prism(spec, compiled=False) as prism, accepting:
        check_refuses(prism)


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


def test_dead_or_hanging_mock_is_restarted_once_whoever_finds_it_and_reported(
    built: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    with httpx.Client() as client:
        with Prism(built["mock.openapi.json"]) as prism:
            first = prism.pid
            ready = threading.Barrier(8)

            def ask(_: int) -> str:
                ready.wait(60)
                try:
                    return str(prism.request(client, "GET", "/v1/tasks/x").status_code)
                except InfrastructureError:
                    return "no verdict"

            kill(prism)
            with ThreadPoolExecutor(8) as threads:
                said = list(threads.map(ask, range(8)))
            assert {"no verdict"} <= set(said) <= {"401", "no verdict"}
            assert len(prism.faults) == 1 and prism.faults[0].startswith("GET /v1/tasks/x: ")
            assert prism.starts == 2 and not is_running(first) and is_running(prism.pid)
            assert prism.request(client, "GET", "/v1/tasks/x").status_code == 401
            with monkeypatch.context() as patch:
                patch.setattr("contract_tests.mock.prism.CALL_SECONDS", 1.0)
                with pytest.raises(InfrastructureError, match="ReadTimeout"):
                    # Prism waits for ever on malformed JSON.
                    headers = {"Content-Type": "application/json", "Authorization": "Bearer x"}
                    path = "/v1/videos/generations"
                    prism.request(client, "POST", path, content=b"{", headers=headers)
            assert len(prism.faults) == 2
            assert prism.request(client, "GET", "/v1/tasks/x").status_code == 401
        with pytest.raises(InfrastructureError, match="the mock was ended"):
            prism.request(client, "GET", "/v1/tasks/x")
        assert not is_running(prism.pid)


def test_mock_that_can_not_be_restarted_says_so_and_is_not_tried_again(
    built: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("contract_tests.mock.prism.MOST_TRIES", 2)
    spec = tmp_path / "spec.json"
    spec.write_bytes(built["mock.openapi.json"].read_bytes())
    with Prism(spec) as prism, httpx.Client() as client:
        spec.unlink()
        kill(prism)
        for _ in range(2):
            with pytest.raises(MockError, match=r"^the mock can't be restarted: Prism ended"):
                prism.request(client, "GET", "/v1/tasks/x")
        assert len(prism.faults) == 1
        assert not is_running(prism.pid)


OWNER = """
import sys, time
from pathlib import Path
from contract_tests.mock.prism import Prism
with Prism(Path(sys.argv[1])) as prism:
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


def test_mock_survives_names_and_options_that_no_header_can_carry(
    built: dict[str, Path], tmp_path: Path
) -> None:
    options = ["标准", "a\u0001b", "del\x7f", "\u2028", "𝄞"]
    text = built["mock.openapi.json"].read_text()
    document = json.loads(text)
    document["components"]["schemas"][VARIANTS[0]]["properties"]["odd"] = {"enum": options}
    path = tmp_path / "spec.json"
    path.write_text(json.dumps(document))
    with Prism(path) as prism, httpx.Client(headers={"Authorization": "Bearer x"}) as client:

        def sent(body: dict[str, str]) -> httpx.Response:
            return prism.request(client, "POST", "/v1/videos/generations", json=BODY | body)

        assert all(sent({"odd": option}).status_code == 200 for option in options)
        assert ("odd", "enum") in violations(sent({"odd": "x"}).headers["sl-violations"])
        assert ("标", "additionalProperties") in violations(
            sent({"标": "x"}).headers["sl-violations"]
        )
        assert prism.faults == []


def test_a_connection_that_was_closed_while_idle_is_opened_again(
    built: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that is closed by a Prism that is gone is a fault, and no verdict."""
    with Prism(built["mock.openapi.json"]) as prism:
        referee = MockReferee(prism)
        assert referee.judge(CREATE, BODY).accepted
        opened = referee._connection()
        assert opened is referee._connection()
        opened.sock.shutdown(socket.SHUT_RDWR)  # as one sees the end of the other side
        assert referee.judge(CREATE, BODY).accepted
        with monkeypatch.context() as patch:
            patch.setattr("select.select", lambda *_: ([], [], []))  # it ends a moment later
            referee._connection().sock.shutdown(socket.SHUT_RDWR)
            assert referee.judge(CREATE, BODY).accepted
        assert prism.faults == []
        kill(prism)
        with pytest.raises(InfrastructureError, match=r"POST .*: Connection"):
            referee.judge(CREATE, BODY)
        assert referee.judge(CREATE, BODY).accepted and len(prism.faults) == 1
        referee.close()
