"""The front of the mock keeps Prism alive, and answers as the pages document it."""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock

import httpx
import pytest

from contract_tests.mock import __main__ as command
from contract_tests.mock import exchange
from contract_tests.mock.mock import Mock
from contract_tests.mock.prism import HOST, MockError
from contract_tests.probes.page_probes import all_probes
from contract_tests.referees.samples import BODY
from contract_tests.tests.mock.processes import is_running, kill, wait_until
from contract_tests.tests.spec.answers import conforms
from overlays.bundle import ROOT
from overlays.openapi import CREATE_PATH

UPLOAD_PATH = "/v1/files/upload/stream"


def form(head: str) -> dict[str, Any]:
    """A form whose only part has this head."""
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    return {"content": f"--x\r\n{head}\r\n\r\n1\r\n--x--\r\n".encode(), "headers": headers}


def body(content: bytes, media_type: str = "application/json") -> dict[str, Any]:
    return {"content": content, "headers": {"Content-Type": media_type}}


FILE = 'Content-Disposition: form-data; name="file"; filename="a;b"'
# What ends Prism, or what it never answers, and what is answered instead.
FATAL: dict[str, tuple[str, str, dict[str, Any], int]] = {
    "malformed JSON": ("POST", CREATE_PATH, body(b"{bad"), 400),
    "NaN": ("POST", CREATE_PATH, body(b'{"a": NaN}'), 400),
    "JSON that is no UTF-8": ("POST", CREATE_PATH, body(b'{"a": "\xff"}'), 400),
    "JSON without an end": ("POST", CREATE_PATH, body(b"[" * 100_000), 400),
    "no media type": ("POST", CREATE_PATH, body(b"{}", "?"), 400),
    "unknown charset": ("POST", CREATE_PATH, body(b"{}", "application/json; charset=x"), 422),
    "names for no header": ("POST", CREATE_PATH, {"json": BODY | {"a\x7f标": 1}}, 422),
    "a name of %": ("GET", "/v1/tasks/%", {}, 200),
    "a path that is no UTF-8": ("GET", "/v1/tasks/%ff", {}, 400),
    "a name of dots": ("GET", "/v1/tasks/%2e%2e", {}, 200),
    "a query that is no UTF-8": ("GET", "/v1/tasks/a?sync_upstream=%ff", {}, 400),
    "a scheme in small letters": (
        "GET",
        "/v1/tasks/a",
        {"headers": {"Authorization": "bearer x"}},
        200,
    ),
    "garbage is accepted": ("GET", "/v1/tasks/a", {"headers": {"Accept": "garbage"}}, 200),
    "text is accepted": ("GET", "/v1/tasks/a", {"headers": {"Accept": "text/plain"}}, 200),
    "two slashes": ("GET", "//", {}, 404),
    "a file without a type": ("POST", UPLOAD_PATH, form(FILE), 200),
    "no file": ("POST", UPLOAD_PATH, form(FILE.replace("file", "x", 1)), 422),
    "a part named %": ("POST", UPLOAD_PATH, form('Content-Disposition: a; name="%"'), 422),
    "a part without a name": ("POST", UPLOAD_PATH, form("Content-Disposition: a"), 400),
    "a part without a head": ("POST", UPLOAD_PATH, form("X: y"), 400),
    "half a form": ("POST", UPLOAD_PATH, form(FILE) | {"content": b"--x\r\nCont"}, 400),
}


@pytest.mark.parametrize("name", FATAL)
def test_what_prism_does_not_survive_is_answered_as_documented(
    mock: Mock, http: httpx.Client, spec: dict[str, Any], name: str
) -> None:
    method, path, arguments, status = FATAL[name]
    answer = http.request(method, path, **arguments)
    assert answer.status_code == status, answer.text
    assert mock.faults == []
    operation_id = {CREATE_PATH: "createVideo", UPLOAD_PATH: "uploadFileStream"}.get(path)
    if status != 404:
        conforms(spec, operation_id or "getTask", answer)


def test_file_and_texts_of_a_form_arrive_at_prism_as_they_are(http: httpx.Client) -> None:
    """Prism reads %74 as t, and a line of dashes as the end of a part."""
    file = {"file": ("a", b"--x\r\n\xff%zz")}
    for value, status in (("true", 200), ("%74rue", 422), ("标", 422), ("--x", 422)):
        answer = http.post(UPLOAD_PATH, files=file, data={"auto_cleanup": value})
        assert answer.status_code == status, value


@pytest.mark.parametrize("method", ["DELETE", "QUERY", "CONNECT"])
def test_method_of_no_page_is_answered_with_those_that_there_are(
    http: httpx.Client, method: str
) -> None:
    answer = http.request(method, "/v1/tasks/a")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET")


def test_front_gives_the_verdicts_of_prism(mock: Mock, http: httpx.Client, seed: int) -> None:
    """So the probes may ask Prism itself, which takes half the time."""
    judged: set[bool] = set()
    with httpx.Client(headers=http.headers) as direct:
        for probe in random.Random(seed).sample(all_probes(), 100):
            content = json.dumps(probe.body).encode()
            headers = {"Content-Type": "application/json"}
            front = http.post(CREATE_PATH, content=content, headers=headers)
            behind = mock.prism.request(
                direct, "POST", CREATE_PATH, content=content, headers=headers
            )
            assert front.status_code == behind.status_code, probe.id
            assert front.headers.get("sl-violations") == behind.headers.get("sl-violations")
            judged.add(front.status_code == 200)
    assert judged == {True, False}


def sent(mock: Mock, content: bytes) -> bytes:
    """All that is answered until the connection is closed."""
    with socket.create_connection((HOST, mock.port), timeout=60) as connection:
        connection.sendall(content)
        return b"".join(iter(lambda: connection.recv(65536), b""))


HEAD = f"POST {CREATE_PATH} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer x\r\n".encode()


@pytest.mark.parametrize(
    "content",
    [b"\x00\x01\x02\r\n\r\n", b"GET / HTTP/1.1\r\nX: " + b"x" * 20_000, b"GET / HTTP/1.1\r\n\r\n"],
    ids=["no HTTP", "a long head", "no host"],
)
def test_what_is_no_request_is_refused(mock: Mock, content: bytes) -> None:
    answer = sent(mock, content)
    assert answer.startswith(b"HTTP/1.1 400 ") and b"bytearray" not in answer


@pytest.mark.parametrize("path", ["/v1/tasks/%ff", "/results/a.mp4", "/v1/tasks/a"])
def test_page_of_another_site_may_read_the_answer(http: httpx.Client, path: str) -> None:
    answer = http.get(path, headers={"Origin": "http://localhost:3000"})
    allowed = answer.headers["access-control-allow-origin"]
    assert allowed in ("*", "http://localhost:3000")


def test_large_body_is_refused(mock: Mock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange, "MOST_BYTES", 1000)
    answer = sent(mock, HEAD + b"Content-Length: 5000\r\nConnection: close\r\n\r\n" + b" " * 5000)
    assert answer.startswith(b"HTTP/1.1 400 ") and b"The body is larger than" in answer


@pytest.mark.parametrize(
    ("limit", "content"),
    [
        ("IDLE_SECONDS", b""),
        ("IDLE_SECONDS", HEAD),
        ("READ_SECONDS", HEAD + b"Content-Length: 2\r\n\r\n{"),
    ],
    ids=["nothing", "half a head", "half a body"],
)
def test_who_sends_no_whole_request_in_time_is_left(
    mock: Mock, monkeypatch: pytest.MonkeyPatch, limit: str, content: bytes
) -> None:
    monkeypatch.setattr(exchange, limit, 0.05)
    assert sent(mock, content) == b""


def test_large_upload_that_waits_for_leave_gets_it(mock: Mock) -> None:
    head = HEAD + b"Content-Length: 4\r\nExpect: 100-continue\r\n\r\n"
    with socket.create_connection((HOST, mock.port), timeout=60) as connection:
        connection.sendall(head)
        assert connection.recv(65536).startswith(b"HTTP/1.1 100 ")
        connection.sendall(b"null")
        assert b"HTTP/1.1 422 " in connection.recv(65536)


def test_dead_or_hanging_prism_is_started_again_and_the_end_is_told(
    built: dict[str, Path], spec: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "spec.json"
    path.write_bytes(built["mock.openapi.json"].read_bytes())
    lines: list[str] = []
    headers = {"Authorization": "Bearer x"}
    with Mock(path, say=lines.append) as mock, httpx.Client(headers=headers, timeout=60) as client:

        def ask() -> httpx.Response:
            return client.get(f"{mock.url}/v1/tasks/x")

        assert ask().status_code == 200
        kill(mock.prism)
        assert ask().status_code == 200
        kill(mock.prism)
        wait_until(lambda: len(lines) == 2, "it is started again though nobody asks")
        assert all(line.startswith("Prism was started again: ") for line in lines)
        monkeypatch.setattr("contract_tests.mock.mock.CALL_SECONDS", 0.5)
        os.kill(mock.prism.pid, signal.SIGSTOP)
        answer = ask()
        assert answer.status_code == 503
        conforms(spec, "getTask", answer)
        assert lines[2:] == [f"Prism was started again: {mock.faults[2]}"]
        assert "did not answer" in mock.faults[2]
        monkeypatch.undo()
        assert ask().status_code == 200
        monkeypatch.setattr("contract_tests.mock.prism.MOST_TRIES", 2)
        path.unlink()
        kill(mock.prism)
        given_up = r"^the mock can't be restarted: Prism ended before"
        with pytest.raises(MockError, match=given_up):
            mock.wait()
        assert ask().status_code == 503 and len(lines) == 3
        with pytest.raises(MockError, match=given_up):
            mock.prism.request(client, "GET", "/v1/tasks/x")
        assert len(mock.faults) == 4  # it was not tried again
        assert not is_running(mock.prism.pid)


def test_served_mock_ends_with_its_command() -> None:
    command = [sys.executable, "-m", "contract_tests.mock", "--port", "0", "--pace", "2"]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as served:
        assert served.stdout is not None
        url = served.stdout.readline().split()[4].rstrip(";")
        headers = {"Authorization": "Bearer x"}
        with httpx.Client(headers=headers) as client:  # whose connection is open when it ends
            told = [client.get(f"{url}/v1/tasks/x").json()["status"] for _ in range(3)]
            assert told == ["processing", "completed", "completed"]
            served.send_signal(signal.SIGINT)
            _, wrong = served.communicate(timeout=60)
    assert (served.returncode, wrong) == (0, "")
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{url}/v1/tasks/x")


@pytest.fixture
def running(monkeypatch: pytest.MonkeyPatch) -> Iterator[MagicMock]:
    """What the command runs in the place of the mock."""
    before = signal.signal(signal.SIGTERM, lambda *_: None)
    mocked = MagicMock()
    monkeypatch.setattr(command, "running_mock", mocked)
    monkeypatch.setattr(sys, "argv", ["mock"])
    yield mocked.return_value
    signal.signal(signal.SIGTERM, before)


def test_plain_kill_ends_the_mock_as_ctrl_c_does(running: MagicMock) -> None:
    def wait() -> None:
        signal.raise_signal(signal.SIGTERM)
        pytest.fail("it goes on")

    running.__enter__.return_value.wait.side_effect = wait
    assert command.main() == 0
    running.__exit__.assert_called_once()


def test_command_ends_with_an_error_when_prism_can_not_be_started_again(
    running: MagicMock, capsys: pytest.CaptureFixture[str]
) -> None:
    why = "the mock can't be restarted: it said nothing"
    running.__enter__.return_value.wait.side_effect = MockError(why)
    assert command.main() == 1
    assert capsys.readouterr().err == f"error: {why}\n"


@pytest.mark.usefixtures("running")
@pytest.mark.parametrize(
    ("argument", "error"),
    [
        ("--port=-1", "PORT= is a number up to 65535, not -1"),
        ("--port=65536", "PORT= is a number up to 65535, not 65536"),
        ("--port=99999999999", "PORT= is a number up to 65535, not 99999999999"),
        ("--pace=0", "PACE= is a number of queries from 1 to 1000, not 0"),
    ],
)
def test_no_port_and_no_pace_are_said(
    argument: str, error: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["mock", argument])
    assert command.main() == 1
    assert capsys.readouterr().err == f"error: {error}\n"
