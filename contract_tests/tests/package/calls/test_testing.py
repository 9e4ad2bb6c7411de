"""The kit for the tests of those who use the package."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import create_autospec

import httpx
import pytest

from contract_tests.faults.behaviours import FAULTS
from contract_tests.faults.server import FaultServer
from contract_tests.probes.page_probes import probes_of_some
from contract_tests.referees.samples import REQUEST as BODY
from contract_tests.tests.conftest import run_in
from contract_tests.tests.package.conftest import KEY
from contract_tests.tests.package.conftest import QUICK as RETRIES
from contract_tests.tests.spec.answers import conforms, validator
from foxapi_video import (
    APIConnectionError,
    AsyncFoxAPI,
    ConfigurationError,
    FoxAPI,
    FoxAPIError,
    NotFoundError,
    OutcomeUnknown,
    Polling,
    TaskCancelled,
    TaskFailed,
    TaskTimeout,
    UnprocessableError,
    waiting,
)
from foxapi_video.steps import Sleep
from foxapi_video.testing import NAMES, QUICK, VIDEO, PretendAPI
from foxapi_video.testing import pretend_api as pretend_api
from foxapi_video.testing.behaviours import named
from foxapi_video.testing.states import STATES
from foxapi_video.testing.video import part_of
from overlays.bundle import ROOT
from overlays.openapi import CREATE, operations


@pytest.fixture
def fox(pretend_api: PretendAPI) -> FoxAPI:
    return FoxAPI(KEY, transport=pretend_api, polling=QUICK, retries=RETRIES)


def test_a_task_passes_through_its_states(fox: FoxAPI, pretend_api: PretendAPI) -> None:
    seen: list[tuple[str, int | None]] = []
    task = fox.videos.generate(BODY, on_progress=lambda t: seen.append((t.status, t.progress)))
    assert [status for status, _ in seen] == list(STATES)
    assert sorted(seen, key=lambda each: each[1] or 0) == seen and seen[-1][1] == 100
    assert list(pretend_api.tasks) == [task.id] and task.url
    assert fox.tasks.get(task.id).status == "completed", "it stays in its last state"


def test_both_clients_share_one(pretend_api: PretendAPI) -> None:
    async def both() -> list[str]:
        async with AsyncFoxAPI(KEY, transport=pretend_api, polling=QUICK) as fox:
            made = await asyncio.gather(*(fox.videos.generate(BODY) for _ in range(3)))
        return [task.id for task in made]

    ids = asyncio.run(both()) + asyncio.run(both())
    with FoxAPI(KEY, transport=pretend_api) as fox:
        ids.append(fox.videos.create(BODY).id)
    assert len(set(ids)) == 7 and set(ids) == set(pretend_api.tasks)


def test_a_task_fails_and_is_cancelled_as_told(fox: FoxAPI, pretend_api: PretendAPI) -> None:
    pretend_api.next_task("pending", "failed", message="too dark", code=7)
    pretend_api.next_task("pending", "processing", "cancelled")
    with pytest.raises(TaskFailed, match="too dark") as failed:
        fox.videos.generate(BODY)
    assert failed.value.task.error_code == 7
    with pytest.raises(TaskCancelled):
        fox.videos.generate(BODY)
    assert fox.videos.generate(BODY).status == "completed"


def test_a_task_that_never_ends_is_waited_for_in_vain(fox: FoxAPI, pretend_api: PretendAPI) -> None:
    pretend_api.next_task("processing")
    with pytest.raises(TaskTimeout):
        fox.videos.generate(BODY, timeout=0.05)
    (task,) = pretend_api.tasks.values()
    task.move_to("completed")
    assert fox.tasks.wait(task.id).url == task.url


@pytest.mark.parametrize(
    ("states", "words"),
    [
        ([], "are a list"),
        ("pending", "are a list"),
        (["dreaming"], "'dreaming' is no state"),
        (["failed", "pending"], "stays 'failed'"),
    ],
)
def test_states_that_no_task_has_are_refused(states: Any, words: str) -> None:
    with pytest.raises(ConfigurationError, match=words):
        PretendAPI(states)


def test_a_body_that_is_not_allowed_is_refused_as_the_service_would(
    pretend_api: PretendAPI,
) -> None:
    """The package does not let one out by itself, so it is sent by hand."""
    with FoxAPI(KEY, transport=pretend_api) as fox, pytest.raises(UnprocessableError) as refused:
        fox.request("POST", "/v1/videos/generations", json={**BODY.to_dict(), "camera": "dolly"})
    assert "camera: no such field" in str(refused.value)
    assert pretend_api.tasks == {}
    open_minded = PretendAPI(check=False)
    with FoxAPI(KEY, transport=open_minded) as fox:
        answer = fox.request("POST", "/v1/videos/generations", json={"model": "of-tomorrow"})
    assert json.loads(answer.body)["id"] in open_minded.tasks


def test_a_task_that_was_never_made_is_not_found(fox: FoxAPI) -> None:
    with pytest.raises(NotFoundError):
        fox.tasks.get("task-of-somebody-else")


def test_the_video_is_downloaded_whole_and_after_a_break(
    fox: FoxAPI, pretend_api: PretendAPI, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def look_up(*_: object) -> None:
        raise AssertionError("a name was looked up")

    monkeypatch.setattr("socket.getaddrinfo", look_up)
    task = fox.videos.generate(BODY)
    pretend_api.next_answers("reset after the request", "truncated body", call="download")
    assert fox.videos.download(task, target).read_bytes() == VIDEO
    asked = [each for each in pretend_api.received if each.call == "download"]
    assert len(asked) == 3


def test_a_part_is_answered_as_http_has_it(pretend_api: PretendAPI, fox: FoxAPI) -> None:
    url = fox.videos.generate(BODY).url
    assert url is not None
    with httpx.Client(transport=pretend_api) as http:
        part = http.get(url, headers={"Range": "bytes=100-199"})
        outside = http.get(url, headers={"Range": f"bytes={len(VIDEO)}-"})
        other = http.get(url, headers={"Range": "bytes=1-", "If-Range": '"older"'})
    assert (part.status_code, part.content) == (206, VIDEO[100:200])
    assert part.headers["content-range"] == f"bytes 100-199/{len(VIDEO)}"
    assert outside.status_code == 416
    assert (other.status_code, other.content) == (200, VIDEO)


@pytest.mark.parametrize(
    ("wanted", "span"),
    [
        (None, (0, 10)),
        ("bytes=0-", (0, 10)),
        ("bytes=4-", (4, 10)),
        ("bytes=4-5", (4, 6)),
        ("bytes=4-99", (4, 10)),
        ("bytes=-3", (7, 10)),
        ("bytes=-99", (0, 10)),
        ("bytes=-0", None),
        ("bytes=10-", None),
        ("bytes=5-4", None),
        ("bytes=0-1,4-5", (0, 10)),
        ("lines=1-2", (0, 10)),
        ("bytes=-", (0, 10)),
    ],
)
def test_a_range_is_read(wanted: str | None, span: tuple[int, int] | None) -> None:
    assert part_of(bytes(10), wanted) == span


def test_the_video_is_an_mp4_with_a_picture_and_its_index_first() -> None:
    boxes, at = [], 0
    while at < len(VIDEO):
        size = int.from_bytes(VIDEO[at : at + 4])
        boxes.append(VIDEO[at + 4 : at + 8].decode())
        at += size
    assert boxes[0] == "ftyp" and boxes.index("moov") < boxes.index("mdat")
    assert at == len(VIDEO) < 4096 and b"avc1" in VIDEO and b"vide" in VIDEO


def test_what_was_sent_is_kept_without_the_key(fox: FoxAPI, pretend_api: PretendAPI) -> None:
    fox.videos.create(BODY)
    (sent,) = pretend_api.received
    assert (sent.call, sent.method, sent.json) == ("create", "POST", BODY.to_dict())
    assert sent.headers["content-type"] == "application/json" and sent.signed
    assert KEY not in repr(vars(sent))


def test_files_are_taken(fox: FoxAPI) -> None:
    content = b"\x89PNG\r\n\r\n\x00\xff\r"
    stored = fox.files.upload(content, file_name="an image.png")
    assert (stored.filename, stored.size) == ("an image.png", len(content))
    others = fox.files.upload_base64("AA=="), fox.files.upload_url("https://example.com/a.png")
    assert len({stored.url, *(other.url for other in others)}) == 3


def outcome_of(fox: FoxAPI) -> str:
    """What a create call ends in."""
    try:
        fox.videos.create(BODY)
    except FoxAPIError as error:
        return type(error).__name__
    return "a task"


WIRE = {each.name: each for each in FAULTS}


@pytest.mark.parametrize("name", [name for name in NAMES if name in WIRE])
def test_a_create_is_told_as_the_real_client_tells_it(
    name: str, serve: Callable[..., FaultServer], connect: Callable[..., FoxAPI]
) -> None:
    """The same behaviour on a connection and through the kit: one end, and as often paid."""
    server = serve(WIRE[name], endless=True)
    api = PretendAPI()
    api.next_answers(*[name] * (RETRIES.retries + 1))
    real = connect(server.url, timeout=1.0 if name.startswith("silence") else 30.0)
    pretended = connect(server.url, transport=api)
    assert outcome_of(pretended) == outcome_of(real)
    assert (len(api.received), len(api.tasks)) == (len(server.requests), server.accepted)


def test_every_behaviour_but_those_of_connections_is_known_by_name() -> None:
    assert {"answers well", "refused connection"} == set(NAMES) - set(WIRE)


@pytest.mark.parametrize("is_async", [False, True])
def test_no_connection_is_unsent_and_a_broken_one_is_unknown(is_async: bool) -> None:
    def create(*names: str) -> tuple[str, int, int]:
        api = PretendAPI()
        api.next_answers(*names)
        retries = 1

        async def run() -> str:
            async with AsyncFoxAPI(KEY, transport=api, retries=retries) as fox:
                return (await fox.videos.create(BODY)).id

        try:
            if is_async:
                told = asyncio.run(run())
            else:
                told = FoxAPI(KEY, transport=api, retries=retries).videos.create(BODY).id
        except FoxAPIError as error:
            told = type(error).__name__
        return told, len(api.received), len(api.tasks)

    assert create("refused connection") == ("task-pretend-1", 1, 1)
    assert create(*["refused connection"] * 2) == (APIConnectionError.__name__, 0, 0)
    assert create("reset after the request") == (OutcomeUnknown.__name__, 1, 1)


def test_who_inherits_from_it_is_not_believed() -> None:
    class Twice(PretendAPI):
        pass

    api = Twice()
    api.next_answers("refused connection")
    with FoxAPI(KEY, transport=api) as fox, pytest.raises(OutcomeUnknown):
        fox.videos.create(BODY)


def test_behaviours_are_meant_for_one_kind_of_call(fox: FoxAPI, pretend_api: PretendAPI) -> None:
    pretend_api.next_answers("503", "HTML, 502", call="get")
    assert fox.videos.generate(BODY).status == "completed"
    assert [each.call for each in pretend_api.received] == ["create", *["get"] * 4]


def test_a_misspelt_behaviour_is_told() -> None:
    with pytest.raises(ConfigurationError, match="did you mean 'silence'"):
        PretendAPI().next_answers("silense")
    with pytest.raises(ConfigurationError, match="NAMES"):
        named("something else entirely")
    misspelt: Any = "creates"
    with pytest.raises(ConfigurationError, match="one of create, get"):
        PretendAPI().next_answers("silence", call=misspelt)


# Its answers are held to the spec by the project's own probes.


def test_it_judges_probes_of_some_as_the_pages_do(spec: dict[str, Any]) -> None:
    api = PretendAPI()
    names = {label: operation["operationId"] for label, operation in operations(spec)}
    judges = {
        (label, status): validator(spec, name, status)
        for label, name in names.items()
        for status in (200, 422)
    }
    wrong, accepted = [], 0
    with httpx.Client(transport=api, headers={"Authorization": f"Bearer {KEY}"}) as http:
        for probe in probes_of_some():
            operation = probe.variant.operation
            method, _, path = operation.partition(" ")
            answer = http.request(
                method,
                f"https://api.example.com{path}",
                content=json.dumps(probe.body),
                headers={"Content-Type": "application/json"},
            )
            if operation != CREATE and path.endswith("/stream"):
                continue  # a form, which is tried below
            judges[operation, answer.status_code].validate(answer.json())
            accepted += answer.status_code == 200
            if answer.status_code != (200 if probe.accepted else 422):
                wrong.append(f"{probe.id}: {answer.status_code}")
    assert wrong == [] and accepted > 10
    assert len(api.tasks) <= accepted


def test_its_other_answers_are_as_documented(spec: dict[str, Any]) -> None:
    api = PretendAPI()
    for last in ("completed", "failed", "cancelled"):
        api.next_task("pending", "processing", last)
    url = "https://api.example.com/v1"
    with httpx.Client(transport=api, headers={"Authorization": f"Bearer {KEY}"}) as http:
        for _ in range(3):
            answer = http.post(f"{url}/videos/generations", json=BODY.to_dict())
            conforms(spec, "createVideo", answer)
            for _ in range(2):
                conforms(spec, "getTask", http.get(f"{url}/tasks/{answer.json()['id']}"))
        for files, status in (({"file": ("a", b"\xff")}, 200), ({"file_name": (None, "a")}, 422)):
            answer = http.post(f"{url}/files/upload/stream", files=files)
            conforms(spec, "uploadFileStream", answer)
            assert answer.status_code == status
        refusals = [
            ("createVideo", http.post(f"{url}/videos/generations", content=b"{"), 400),
            (
                "createVideo",
                http.post(
                    f"{url}/videos/generations",
                    content=b"{",
                    headers={"Content-Type": "application/json"},
                ),
                400,
            ),
            ("createVideo", http.post(f"{url}/videos/generations", json=[]), 422),
            ("uploadFileStream", http.post(f"{url}/files/upload/stream", json={}), 400),
            ("getTask", http.get(f"{url}/tasks/other"), 404),
            ("getTask", http.get(f"{url}/tasks/other", params={"sync_upstream": "x"}), 422),
        ]
    with httpx.Client(transport=api) as nobody:
        refusals.append(("getTask", nobody.get(f"{url}/tasks/x"), 401))
    for operation, answer, status in refusals:
        conforms(spec, operation, answer)
        assert (operation, answer.status_code) == (operation, status)


# Polling and mocks.


def test_polling_is_set_on_the_client(monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []

    def shortened(seconds: float) -> Sleep:
        pauses.append(seconds)
        return Sleep(0)

    monkeypatch.setattr(waiting, "Sleep", shortened)
    exact = Polling(shortest=0.5, longest=0.5, jitter=0)
    api = PretendAPI()
    with FoxAPI(KEY, transport=api, polling=exact) as fox:
        fox.videos.generate(BODY)
        fox.with_options(timeout=3).videos.generate(BODY)
        assert pauses == [0.5] * 4
        fox.with_options(polling=Polling(shortest=7, longest=7, jitter=0)).videos.generate(BODY)
        fox.videos.generate(BODY, polling=Polling(shortest=9, longest=9, jitter=0))
        assert pauses[4:] == [7, 7, 9, 9]
    pauses.clear()
    with FoxAPI(KEY, transport=api) as fox:
        fox.videos.generate(BODY)
    assert pauses[0] > 1, "the usual pace"


@pytest.mark.parametrize("kind", [FoxAPI, AsyncFoxAPI])
def test_polling_of_another_type_is_refused(kind: Any) -> None:
    with pytest.raises(ConfigurationError, match="polling is a Polling or None, not 5"):
        kind(KEY, polling=5)
    with pytest.raises(ConfigurationError, match="polling is a Polling or None, not 5"):
        kind(KEY).with_options(polling=5)


CALLS = [
    ("videos", "generate", (BODY,)),
    ("tasks", "wait", ("task-1",)),
    ("files", "upload", (b"",)),
    ("callbacks", "confirm", (b"",)),
]


@pytest.mark.parametrize(("group", "call", "arguments"), CALLS)
def test_the_clients_can_be_autospecced(
    group: str, call: str, arguments: tuple[object, ...]
) -> None:
    fox = create_autospec(FoxAPI, instance=True)
    method = getattr(getattr(fox, group), call)
    method.return_value = "made"
    assert method(*arguments) == "made"
    with pytest.raises(TypeError):
        method(*arguments, *arguments, 1)
    with pytest.raises(AttributeError):
        getattr(fox, group).no_such_call()
    made = create_autospec(AsyncFoxAPI)("key")
    awaited = getattr(getattr(made, group), call)
    awaited.return_value = "made"
    assert asyncio.run(awaited(*arguments)) == "made"


def test_the_states_and_the_video_need_no_http_library() -> None:
    """A server can be built on them."""
    code = (
        "import sys; from foxapi_video.testing.states import PretendTask; "
        "from foxapi_video.testing.video import VIDEO; from foxapi_video.testing import behaviours;"
        "assert 'httpx' not in sys.modules and 'pytest' not in sys.modules, sorted(sys.modules)"
    )
    ended = run_in(ROOT, "-c", code)
    assert ended.returncode == 0, ended.stderr
