"""`make contract` holds a server to the documentation, and spends only what it is told to."""

from __future__ import annotations

import dataclasses
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from contract_tests.mock.mock import Mock
from contract_tests.probes.contract import Call, calls, main
from contract_tests.probes.page_probes import every_probe
from contract_tests.referees.samples import VARIANTS
from contract_tests.referees.spec_mock_client import SpecReferee
from contract_tests.tests.suite.make import make
from overlays.bundle import ROOT
from overlays.openapi import CREATE

KEY = "sk-secret"
REFUSAL = {"error": {"message": "No.", "type": "invalid_request_error"}}
TASK = {"id": "task-1", "status": "pending", "progress": 0}
Answer = Callable[[Any], tuple[int, Any]]
Contract = Callable[..., tuple[int, str, str]]


@contextmanager
def serving(answer: Answer, retry_after: str = "0") -> Iterator[tuple[str, list[Any]]]:
    """A server on loopback that answers as told, and the bodies that it got."""
    got: list[Any] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # one write an answer: two would wait for each other's acknowledgement

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            got.append(body)
            status, content = answer(body)
            if self.headers["Authorization"] != f"Bearer {KEY}":
                status, content = 401, REFUSAL
            encoded = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(encoded)))
            if status == 429:
                self.send_header("Retry-After", retry_after)
            self.end_headers()
            self.wfile.write(encoded)

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        # Half a second is how long it looks away otherwise before it sees that it is to end.
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", got
        finally:
            server.shutdown()


@pytest.fixture
def contract(
    built: dict[str, Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Contract:
    """Runs the command, and gives its exit code, what it printed and its errors."""
    monkeypatch.setattr("contract_tests.probes.contract.bundle", lambda: built)

    def run(*arguments: str, key: str = KEY) -> tuple[int, str, str]:
        monkeypatch.setenv("FOXAPI_API_KEY", key)
        code = main(list(arguments))
        printed = capsys.readouterr()
        assert KEY not in printed.out + printed.err
        return code, printed.out, printed.err

    return run


def lawful(spec: dict[str, Any]) -> Answer:
    """A server that does what the documentation says."""
    referee = SpecReferee(spec)
    return lambda body: (200, TASK) if referee.judge(CREATE, body).accepted else (422, REFUSAL)


@pytest.mark.parametrize(("spend", "paid"), [(False, 0), (True, len(VARIANTS))])
def test_only_what_must_be_refused_is_sent_and_to_spend_one_valid_request_per_variant(
    spend: bool,
    paid: int,
    contract: Contract,
    spec: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It is a part of what must be refused: `make contract` sends all of it."""
    referee = SpecReferee(spec)
    refused: list[Call] = []
    valid: list[Call] = []
    for call in calls(spec, spend=spend):
        (valid if referee.judge(CREATE, call.body).accepted else refused).append(call)
    assert len(refused) > 500 and len(valid) == paid
    part = {spend: refused[::10] + valid}
    monkeypatch.setattr(
        "contract_tests.probes.contract.calls", lambda *_, spend, of_mock: part[spend]
    )
    with serving(lawful(spec)) as (url, got):
        code, out, _ = contract("--base-url", url, *["--spend"] * spend)
    assert code == 0, out
    assert got == [call.body for call in part[spend]]
    kind = "requests" if spend else "requests that must be refused"
    assert f"{len(got)} {kind}, {len(got)} kept the contract, 0" in out


def test_first_request_that_is_accepted_all_the_same_ends_the_run(contract: Contract) -> None:
    with serving(lambda _: (200, TASK)) as (url, got):
        code, out, _ = contract("--base-url", url)
    assert code == 1
    assert len(got) == 1
    assert "answered 200, must be 400 or 422" in out
    assert f"curl -X POST {url}/v1/videos/generations" in out
    assert "Stopped: the server accepted what it must refuse" in out


@pytest.fixture
def few(spec: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> list[Call]:
    """The first calls, and no others, where it does not matter how many there are."""
    first = list(islice(calls(spec, spend=False), 2))
    monkeypatch.setattr("contract_tests.probes.contract.calls", lambda *_, **__: first)
    return first


@pytest.mark.usefixtures("few")
def test_refusal_with_an_undocumented_body_is_named(contract: Contract) -> None:
    with serving(lambda _: (422, {"error": {"type": "no_such_type"}})) as (url, _):
        code, out, _ = contract("--base-url", url)
    assert code == 1
    assert "the body of its 422 breaks the spec" in out


def test_wrong_key_is_said_at_once(contract: Contract) -> None:
    with serving(lambda _: (422, REFUSAL)) as (url, got):
        code, _, err = contract("--base-url", url, key="wrong")
    assert (code, len(got)) == (1, 1)
    assert err == "error: the server does not take this key: check FOXAPI_API_KEY\n"


def test_without_a_key_nothing_is_sent(contract: Contract) -> None:
    with serving(lambda _: (422, REFUSAL)) as (url, got):
        code, _, err = contract("--base-url", url, key="")
    assert (code, got) == (1, [])
    assert err == "error: FOXAPI_API_KEY is not set: a real server needs a key\n"


@pytest.mark.parametrize("url", ["http://127.0.0.1:1", "no address", "http://127.0.0.1:99999"])
def test_server_out_of_reach_is_said_in_one_line(contract: Contract, url: str) -> None:
    code, _, err = contract("--base-url", url)
    assert code == 1
    assert err.startswith("error: no answer from ") and err.count("\n") == 1


@pytest.mark.parametrize(
    ("retry_after", "pause"),
    [
        ("7", 7),
        ("3600", 30),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 0),
        ("Wed, 21 Oct 2111 07:28:00 GMT", 30),
        ("soon", 1),
        ("-1", 1),
    ],
)
def test_429_is_waited_for_and_not_counted(
    retry_after: str,
    pause: float,
    contract: Contract,
    few: list[Call],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen: list[Any] = []
    paused: list[float] = []
    monkeypatch.setattr("contract_tests.probes.contract.time.sleep", paused.append)

    def busy_at_first(body: Any) -> tuple[int, Any]:
        seen.append(body)
        return (429, REFUSAL) if len(seen) == 1 else (422, REFUSAL)

    with serving(busy_at_first, retry_after) as (url, got):
        code, _, _ = contract("--base-url", url)
    assert code == 0
    assert paused == [pause]
    assert got == [few[0].body, few[0].body, few[1].body]


def test_the_mock_is_not_asked_about_rules_without_a_keyword(
    spec: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = [probe for probe in every_probe() if not probe.accepted][:2]
    probes = (dataclasses.replace(one, keyword="total"), other)
    monkeypatch.setattr("contract_tests.probes.contract.all_probes", lambda: probes)
    asked = {mock: [*calls(spec, spend=False, of_mock=mock)] for mock in (True, False)}
    assert [call.name for call in asked[True]] == [other.id]
    assert [call.name for call in asked[False]] == [one.id, other.id]


def test_without_an_address_it_is_the_mock_that_is_held(
    contract: Contract, spec: dict[str, Any], mock: Mock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By a part of the calls, and all that are paid: test_probes.py asks the mock all of them."""
    whole = list(calls(spec, spend=True, of_mock=True))
    part = [call for n, call in enumerate(whole) if n % 25 == 0 or call.statuses == (200,)]
    monkeypatch.setattr(
        "contract_tests.probes.contract.calls",
        lambda *_, spend, of_mock: part * (spend and of_mock),
    )
    monkeypatch.setattr("contract_tests.probes.contract.running_mock", lambda: nullcontext(mock))
    code, out, _ = contract(key="")
    assert code == 0, out
    assert f"{len(part)} requests, {len(part)} kept the contract, 0 did not" in out
    assert len(part) > 50 + len(VARIANTS)


def test_make_hands_over_the_server_and_the_key() -> None:
    with serving(lambda _: (200, TASK)) as (url, got):
        ended = make(ROOT, "contract", f"BASE_URL={url}", f"FOXAPI_API_KEY={KEY}")
    assert ended.returncode != 0 and "Stopped: the server accepted what it must" in ended.stdout
    assert len(got) == 1
    assert KEY not in ended.stdout + ended.stderr
