"""Files of this machine in a request: uploaded first, once each, and never a text taken for one."""

from __future__ import annotations

import asyncio
import io
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from contract_tests.faults.behaviours import Behaviour, refusal
from contract_tests.faults.exchange import TASK_ID
from contract_tests.faults.server import FaultServer
from contract_tests.referees.samples import SAMPLES, SPEC, WORDED, WORDS, field_with, saying
from contract_tests.tests.package.conftest import KEY, POLLING, QUICK
from foxapi_video import (
    AsyncFoxAPI,
    FoxAPI,
    FoxAPIError,
    InvalidRequest,
    OutcomeUnknown,
    Task,
    check,
)
from foxapi_video.violations import takes_address
from foxapi_video_client import models
from overlays.openapi import CREATE_PATH

MANY, LIST = field_with(SPEC, lambda _, schema: "items" in schema and takes_address(schema))
ONE, SINGLE = field_with(SPEC, lambda _, schema: "pattern" in schema and takes_address(schema))
STORED = "https://example.com/files/a.png"
Create = Callable[..., Task]


@pytest.fixture(params=["create", "generate"])
def call(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=["sync", "async"])
def make(request: pytest.FixtureRequest, connect: Callable[..., FoxAPI]) -> Create:
    """Start a video with one client and the other."""

    def both(url: str, body: Any, call: str = "create") -> Task:
        options = {"polling": POLLING} if call == "generate" else {}
        if request.param == "sync":
            task: Task = getattr(connect(url).videos, call)(body, **options)
            return task

        async def run() -> Task:
            async with AsyncFoxAPI(KEY, base_url=url, retries=QUICK) as fox:
                task: Task = await getattr(fox.videos, call)(body, **options)
                return task

        return asyncio.run(run())

    return both


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "photo.png"
    path.write_bytes(b"the picture")
    return path


def with_files(variant: str, field: str, value: Any) -> dict[str, Any]:
    """The variant's sample with a value in place of an address."""
    return SAMPLES[variant] | {field: value}


def uploads(server: FaultServer) -> list[bytes]:
    """The bodies of the uploads that a server was sent."""
    pairs = zip(server.requests, server.bodies, strict=True)
    return [body for request, body in pairs if "/files/upload" in request]


@pytest.mark.parametrize("kind", ["mapping", "variant"])
@pytest.mark.parametrize("opened", [False, True], ids=["path", "open"])
def test_a_file_is_uploaded_and_its_address_is_sent(
    kind: str,
    opened: bool,
    call: str,
    make: Create,
    serve: Callable[..., FaultServer],
    photo: Path,
) -> None:
    server = serve()
    with photo.open("rb") as stream:
        body: Any = with_files(MANY, LIST, [stream if opened else photo])
        if kind == "variant":
            body = getattr(models, MANY).from_dict(body)
        assert make(server.url, body, call).id == TASK_ID
        assert not stream.closed, "it is the caller's"
    upload, create = server.bodies[:2]
    assert server.requests[1] == f"POST {CREATE_PATH}"
    assert b"the picture" in upload and b'filename="photo.png"' in upload
    assert b'name="auto_cleanup"\r\n\r\nfalse' in upload, "no input goes under a running task"
    assert json.loads(create) == with_files(MANY, LIST, [STORED])


def test_a_field_with_one_address_takes_a_file(
    make: Create, serve: Callable[..., FaultServer], photo: Path
) -> None:
    server = serve()
    make(server.url, with_files(ONE, SINGLE, photo))
    assert json.loads(server.bodies[1])[SINGLE] == STORED and len(uploads(server)) == 1


def test_each_file_is_uploaded_once_and_addresses_stay(
    make: Create, serve: Callable[..., FaultServer], photo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    variant, field = field_with(
        SPEC, lambda _, s: "items" in s and takes_address(s) and s.get("maxItems", 9) > 1
    )
    server = serve()
    monkeypatch.chdir(photo.parent)
    make(server.url, with_files(variant, field, [photo, Path(photo.name)]))
    assert len(uploads(server)) == 1
    assert json.loads(server.bodies[-1])[field] == [STORED, STORED]
    address = "https://example.com/other.png"
    make(server.url, with_files(variant, field, [address, photo]))
    assert len(uploads(server)) == 2
    assert json.loads(server.bodies[-1])[field] == [address, STORED]


def test_a_stream_that_can_be_read_once_is_read_once(
    make: Create, serve: Callable[..., FaultServer]
) -> None:
    class Once(io.BytesIO):
        name = "once.png"

        def seekable(self) -> bool:
            return False

    server = serve()
    make(server.url, with_files(MANY, LIST, [Once(b"the picture")]))
    (upload,) = uploads(server)
    assert b"the picture" in upload and b"once.png" in upload


def test_nothing_is_uploaded_for_a_request_that_is_not_valid(
    make: Create, serve: Callable[..., FaultServer], photo: Path
) -> None:
    server = serve()
    valid = with_files(MANY, LIST, [photo])
    with pytest.raises(InvalidRequest, match="no_such_field: no such field"):
        make(server.url, valid | {"no_such_field": 1})
    with pytest.raises(InvalidRequest, match="model: 'unknown' is not one of"):
        make(server.url, valid | {"model": "unknown"})
    missing = photo.with_name("missing.png")
    variant, field = field_with(
        SPEC, lambda _, s: "items" in s and takes_address(s) and s.get("maxItems", 9) > 1
    )
    with pytest.raises(InvalidRequest) as caught:
        make(server.url, with_files(variant, field, [photo, missing]))
    assert f"{field}[1]: {missing} can't be read: No such file" in str(caught.value)
    with pytest.raises(InvalidRequest, match="open it with mode 'rb'"), photo.open() as text:
        make(server.url, with_files(MANY, LIST, [text]))
    assert server.requests == []


def test_what_is_not_known_here_takes_files_too(
    connect: Callable[..., FoxAPI], serve: Callable[..., FaultServer], photo: Path
) -> None:
    """A model and a field that are newer than the documentation of this package."""
    server = serve()
    videos = connect(server.url).videos
    videos.create({"model": "new", "look": [photo]}, check=False)
    assert json.loads(server.bodies[-1]) == {"model": "new", "look": [STORED]}
    videos.create(with_files(ONE, SINGLE, photo), extra_body={"look": photo})
    assert json.loads(server.bodies[-1]) == with_files(ONE, SINGLE, STORED) | {"look": STORED}
    assert len(uploads(server)) == 2, "the same file is uploaded once for a call"


def test_a_file_in_another_field_is_refused_with_the_fields_that_take_one(
    make: Create, serve: Callable[..., FaultServer], photo: Path
) -> None:
    server = serve()
    with pytest.raises(InvalidRequest) as caught:
        make(server.url, saying("") | {WORDS: photo})
    assert f"{WORDS}: takes no file; of this model, " in str(caught.value)
    assert server.requests == [] and str(photo) not in str(caught.value)


@pytest.mark.parametrize("text", ["{photo}", "file://{photo}", "photo.png"])
def test_text_is_never_opened_as_a_file(
    text: str,
    make: Create,
    serve: Callable[..., FaultServer],
    photo: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    server = serve()
    monkeypatch.chdir(photo.parent)
    given = text.format(photo=photo)
    with pytest.raises(InvalidRequest, match=r"pass a pathlib\.Path"):
        make(server.url, with_files(MANY, LIST, [given]))
    with pytest.raises(InvalidRequest, match=r"pass a pathlib\.Path"):
        make(server.url, with_files(ONE, SINGLE, given))
    assert server.requests == []
    make(server.url, saying(str(photo)))
    assert json.loads(server.bodies[0])[WORDS] == str(photo), WORDED


def test_what_is_wrong_with_a_file_is_said_by_its_name(
    make: Create, serve: Callable[..., FaultServer], photo: Path
) -> None:
    server = serve()
    with pytest.raises(InvalidRequest, match=rf"{LIST}: the file photo\.png is not a list"):
        make(server.url, with_files(MANY, LIST, photo))
    with pytest.raises(InvalidRequest, match="the file that was opened is not a list"):
        make(server.url, with_files(MANY, LIST, io.BytesIO()))
    assert server.requests == []


def test_check_takes_a_file_for_the_address_that_it_will_have(photo: Path) -> None:
    """Also one that is not there: to judge a request nothing is opened."""
    body = with_files(MANY, LIST, [photo.with_name("missing.png")])
    for each in (body, getattr(models, MANY).from_dict(body)):
        assert check(each) == []
    (wrong,) = check(with_files(MANY, LIST, photo))
    assert (wrong.field, wrong.given) == (LIST, "the file photo.png")
    (elsewhere,) = check(saying("") | {WORDS: photo})
    assert elsewhere.field == WORDS and "takes no file" in elsewhere.problem
    (unknown,) = check({"model": "fox-9", "look": photo})
    assert unknown.field == "model"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_a_pipe_or_a_device_is_refused_at_once(
    make: Create, serve: Callable[..., FaultServer], tmp_path: Path
) -> None:
    server = serve()
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path in (pipe, Path("/dev/zero")):
        with pytest.raises(InvalidRequest, match=r"\[0\]: .* no regular file; open it yourself"):
            make(server.url, with_files(MANY, LIST, [path]))
        with pytest.raises(InvalidRequest, match="no regular file"):
            FoxAPI(KEY).files.upload(path)
    assert server.requests == []


def test_an_empty_file_is_refused(
    make: Create, serve: Callable[..., FaultServer], tmp_path: Path
) -> None:
    server, empty = serve(), tmp_path / "empty.png"
    empty.touch()
    with pytest.raises(InvalidRequest, match="it is empty"):
        make(server.url, with_files(MANY, LIST, [empty]))
    with pytest.raises(InvalidRequest, match="it is empty"):
        FoxAPI(KEY).files.upload(empty)
    assert server.requests == []


def test_an_error_after_an_upload_tells_what_was_uploaded(
    make: Create, serve: Callable[..., FaultServer], photo: Path
) -> None:
    server = serve(Behaviour("stored", lambda e: e.answer(200, stored())), refusing())
    with pytest.raises(FoxAPIError) as caught:
        make(server.url, with_files(MANY, LIST, [photo]))
    assert not isinstance(caught.value, OutcomeUnknown)
    assert str(caught.value).endswith(f"\nUploaded before: photo.png as {STORED}.")


def stored() -> bytes:
    """The answer to an upload."""
    return json.dumps({"url": STORED}).encode()


def refusing() -> Behaviour:
    """A create call that is refused."""
    return Behaviour("402", refusal(402, "insufficient_quota"))


def test_an_upload_that_fails_sends_no_create_call(
    make: Create, serve: Callable[..., FaultServer], photo: Path
) -> None:
    server = serve(Behaviour("403", refusal(403)), endless=True)
    with pytest.raises(FoxAPIError):
        make(server.url, with_files(MANY, LIST, [photo]))
    assert len(server.requests) == len(uploads(server)) == 1
