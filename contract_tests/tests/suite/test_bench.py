"""What the figures of the benchmarks rest on. The figures themselves are no tests."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import httpx
import pytest

from contract_tests.bench import peers
from contract_tests.bench.fast_server import TASK, BenchServer
from contract_tests.bench.sdks import FOXAPI, HTTPX, PEERS, SDK
from contract_tests.faults.server import FaultServer


def test_the_package_and_raw_httpx_are_measured_with_the_same_body() -> None:
    with FaultServer() as server:
        for sdk in (HTTPX, FOXAPI):
            sdk.call(server.url)()
            asyncio.run(_awaited(sdk, server.url))
    assert server.requests == [f"POST {HTTPX.path}"] * 4
    bodies = [json.loads(body) for body in server.bodies]
    assert bodies == [bodies[0]] * 4


async def _awaited(sdk: SDK, url: str) -> object:
    return await sdk.async_call(url)()


@pytest.mark.parametrize("sdk", [HTTPX, *PEERS], ids=lambda sdk: sdk.name)
def test_the_stub_answers_as_the_server_of(sdk: SDK) -> None:
    with BenchServer() as server, httpx.Client() as client:
        answer = client.post(server.url + sdk.path, json={}).json()
    assert answer == (TASK if sdk.answer is None else sdk.answer)


def test_other_sdks_that_are_not_installed_are_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(peers, "ENVIRONMENT", tmp_path)
    with pytest.raises(SystemExit, match="run make bench-peers"):
        next(peers.measure())
