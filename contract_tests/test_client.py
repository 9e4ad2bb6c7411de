"""The generated client says to the mock what the spec says, and keeps what comes back."""

from __future__ import annotations

import asyncio
import copy
import importlib.resources
import json
import pickle
import subprocess
import sys
from typing import Any

import httpx
import pytest

from contract_tests.mock import TOKEN, Mock
from contract_tests.referees import CREATE
from contract_tests.test_spec import VARIANTS
from foxapi_video_client import UNSET, Client, File, UnexpectedStatus, models
from foxapi_video_client.api.files import upload_file_base_64, upload_file_stream, upload_file_url
from foxapi_video_client.api.tasks import get_task
from foxapi_video_client.api.videos import create_video
from foxapi_video_client.models import (
    ErrorResponse,
    FileBase64Upload,
    FileStreamUpload,
    FileUrlUpload,
    TaskDetail,
    UploadedFile,
    Veo31FastRequest,
    VideoTask,
    Wan27ImageToVideoRequest,
)
from overlays.generate import operations


def sample(spec: dict[str, Any], variant: str) -> dict[str, Any]:
    """The documented sample request of a variant."""
    content = dict(operations(spec))[CREATE]["requestBody"]["content"]["application/json"]
    value: dict[str, Any] = content["examples"][variant]["value"]
    return value


def client_of(mock: Mock, **options: Any) -> Client:
    return Client(base_url=mock.url, token=TOKEN, timeout=10, **options)


def answering(status: int, content: bytes) -> Client:
    """A client whose server always answers the same."""
    transport = httpx.MockTransport(lambda _: httpx.Response(status, content=content))
    return Client(base_url="http://127.0.0.1", token="k", httpx_args={"transport": transport})  # noqa: S106


@pytest.mark.parametrize("variant", VARIANTS)
def test_sample_of_every_variant_creates_a_task(
    mock: Mock, spec: dict[str, Any], variant: str
) -> None:
    body = sample(spec, variant)
    request = getattr(models, variant).from_dict(body)
    assert request.to_dict() == body
    with client_of(mock) as client:
        answer = create_video.sync_detailed(client=client, body=request)
    assert answer.status_code == 200
    assert isinstance(answer.parsed, VideoTask)
    assert answer.parsed.status == "pending"


@pytest.mark.parametrize("variant", VARIANTS)
def test_sample_of_every_variant_creates_a_task_asynchronously(
    mock: Mock, spec: dict[str, Any], variant: str
) -> None:
    async def create() -> object:
        request = getattr(models, variant).from_dict(sample(spec, variant))
        async with client_of(mock) as client:
            return await create_video.asyncio(client=client, body=request)

    assert isinstance(asyncio.run(create()), VideoTask)


def test_every_other_operation_answers(mock: Mock) -> None:
    with client_of(mock) as client:
        task = get_task.sync("task-1", client=client, sync_upstream=True)
        stored = [
            upload_file_stream.sync(
                client=client,
                body=FileStreamUpload(
                    file=File(payload=b"\xff\xd8", file_name="a.jpg", mime_type="image/jpeg"),
                    auto_cleanup=False,
                ),
            ),
            upload_file_base_64.sync(client=client, body=FileBase64Upload(file_data="AA==")),
            upload_file_url.sync(client=client, body=FileUrlUpload(file_url="https://a.b/c")),
        ]
    assert isinstance(task, TaskDetail)
    assert isinstance(task.results, list) and task.results[0].url
    assert all(isinstance(file, UploadedFile) for file in stored)


def test_refusal_is_an_error_response(mock: Mock) -> None:
    with client_of(mock) as client:
        answer = create_video.sync_detailed(client=client, body=Veo31FastRequest(prompt="x" * 2001))
    assert answer.status_code == 422
    assert isinstance(answer.parsed, ErrorResponse)


def test_what_the_caller_omits_is_not_sent_but_the_model() -> None:
    request = Wan27ImageToVideoRequest(image_urls=["https://a.b"])
    assert request.duration is UNSET
    assert request.to_dict() == {"model": "wan-2.7-image-to-video", "image_urls": ["https://a.b"]}


def test_null_is_sent_as_null() -> None:
    request = Wan27ImageToVideoRequest(image_urls=["https://a.b"], seed=None)
    assert request.to_dict()["seed"] is None


@pytest.mark.parametrize("variant", VARIANTS)
def test_model_is_filled_in_with_what_the_page_defaults_to(
    spec: dict[str, Any], variant: str
) -> None:
    schema = spec["components"]["schemas"][variant]["properties"]["model"]
    required = {name: value for name, value in sample(spec, variant).items() if name != "model"}
    request = getattr(models, variant)(**required)
    assert request.model == schema.get("default", schema.get("const"))


def test_unknown_status_type_and_members_survive_a_round_trip() -> None:
    body = {
        "id": "t",
        "status": "paused",
        "type": "hologram",
        "object": "hologram.generation.task",
        "queue": {"place": 3},
        "results": [{"url": "https://a.b", "fps": 24}, "text"],
        "error": None,
        "task_info": {"mood": "good"},
        "created": "yesterday",
    }
    task = TaskDetail.from_dict(body)
    assert task.status == "paused"
    assert task.type_ == "hologram"
    assert task.additional_properties == {"queue": {"place": 3}}
    assert task.to_dict() == body


def test_request_from_json_refuses_a_field_that_it_has_not() -> None:
    with pytest.raises(TypeError, match="Veo31FastRequest has no field 'promt'"):
        Veo31FastRequest.from_dict({"model": "veo3.1-fast", "prompt": "x", "promt": "y"})


@pytest.mark.parametrize("status", [200, 299, 422, 500, 520, 599])
@pytest.mark.parametrize("content", [b"", b"<html>", b"[1]", b"null", b"\xff\xfe", b'{"id": 1'])
def test_any_status_with_any_body_is_an_answer(status: int, content: bytes) -> None:
    with answering(status, content) as client:
        answer = get_task.sync_detailed("t", client=client)
    assert (answer.status_code, answer.content, answer.parsed) == (status, content, None)


def test_undocumented_status_raises_when_asked_to() -> None:
    client = answering(520, b"")
    client.raise_on_unexpected_status = True
    with client, pytest.raises(UnexpectedStatus, match="status 520 is not documented"):
        get_task.sync("t", client=client)


def test_task_id_can_not_leave_its_path() -> None:
    assert get_task.get_kwargs("../files?x=1#y")["url"] == "/v1/tasks/..%2Ffiles%3Fx%3D1%23y"


def test_token_shows_in_no_repr() -> None:
    client = Client(base_url="https://a.b", token="sk-secret", headers={"X": "sk-secret"})  # noqa: S106
    assert "sk-secret" not in repr(client)


def test_unset_stays_itself_in_copies_and_pickles() -> None:
    request = Veo31FastRequest(prompt="x")
    for again in (copy.deepcopy(request), pickle.loads(pickle.dumps(request))):  # noqa: S301
        assert again == request
        assert again.size is UNSET


def test_repr_shows_what_is_set() -> None:
    assert repr(Veo31FastRequest(prompt="x")) == "Veo31FastRequest(model='veo3.1-fast', prompt='x')"


def test_importing_one_variant_imports_no_other() -> None:
    code = (
        "import sys; from foxapi_video_client.models import Veo31ExtendRequest;"
        "print(sorted(name for name in sys.modules if name.endswith('_request')))"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert ended.stdout.strip() == "['foxapi_video_client.models.veo_31_extend_request']"


def test_models_lists_every_name_and_has_no_other() -> None:
    assert set(VARIANTS) <= set(dir(models))
    for name in models.__all__:
        assert getattr(models, name) is not None
    with pytest.raises(AttributeError, match="has no attribute 'Veo9'"):
        models.__getattr__("Veo9")


@pytest.mark.parametrize("variant", VARIANTS)
def test_shipped_schema_is_the_specs_own(spec: dict[str, Any], variant: str) -> None:
    files = importlib.resources.files("foxapi_video_client") / "schemas"
    shipped = json.loads((files / f"{variant}.json").read_bytes())
    source = spec["components"]["schemas"][variant]
    assert shipped["$schema"] == spec["jsonSchemaDialect"]
    assert shipped["required"] == source["required"]
    assert list(shipped["properties"]) == list(source["properties"])
    assert shipped.get("anyOf") == source.get("anyOf")


def test_index_of_schemas_names_the_variants_of_every_model_id() -> None:
    files = importlib.resources.files("foxapi_video_client") / "schemas"
    index = json.loads((files / "index.json").read_bytes())
    assert sorted({name for names in index.values() for name in names}) == sorted(VARIANTS)
    assert index["veo3.1-fast"] == ["Veo31FastRequest", "Veo31FastFramesRequest"]
