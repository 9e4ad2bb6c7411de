"""What the figures of the benchmarks rest on. The figures themselves are no tests."""

from __future__ import annotations

import asyncio
import json
import random
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from contract_tests.accepting.pretend_pages import pretend_pages
from contract_tests.bench import lasting, peers
from contract_tests.bench.fast_server import TASK, BenchServer
from contract_tests.bench.sdks import FOXAPI, HTTPX, PEERS, SDK
from contract_tests.bench.sites import make_site
from contract_tests.faults.server import FaultServer
from contract_tests.tests.documentation.base import BASE
from documentation.changing.review import review_text
from overlays.bundle import ROOT


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


def test_many_calls_leave_no_file_open_and_keep_no_memory() -> None:
    """A short one: what each of 900 calls kept would show, as 4 MB are 4 KB a call."""
    with BenchServer() as server:
        grown = lasting.growth(server.url, 1000)
    assert grown["files"] <= 0 and grown["megabytes"] < lasting.MEGABYTES


def test_a_client_and_a_variant_load_no_more_than_they_need(tmp_path: Path) -> None:
    """What is not needed before a first call is imported later: every start would pay for it."""
    make_site(tmp_path / "site", ROOT / "generated" / "foxapi_video_client")
    code = (
        f"import sys; sys.path.insert(0, {str(tmp_path / 'site')!r}); {FOXAPI.importing}; "
        "later = {'attr', 'html', 'jsonschema_rs', 'asyncio', 'httpcore', 'difflib', "
        "'foxapi_video_client.client', 'foxapi_video.async_client', 'foxapi_video.calls', "
        "'foxapi_video.exchange', "
        "'foxapi_video.waiting', 'foxapi_video.testing'}; print(sorted(later & set(sys.modules)))"
    )
    command = [sys.executable, "-I", "-S", "-c", code]
    ended = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert ended.stdout == "[]\n"


def test_pages_of_models_that_nobody_has_leave_nothing_open(seed: int) -> None:
    pages = pretend_pages(92, seed)
    assert len(pages) == len(set(pages.values())) == 92
    for name in random.Random(seed).sample([*pages], 3):
        found = review_text(pages[name], name, "", BASE)
        assert found.known is None and len(found.file.facts) > 25
        assert (found.stands, found.questions) == ([], [])


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
