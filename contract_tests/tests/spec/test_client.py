"""The generated client says to the mock what the spec says, and keeps what comes back."""

from __future__ import annotations

import asyncio
import copy
import importlib.resources
import json
import pickle
from typing import Any

import httpx
import pytest

from contract_tests.mock.mock import Mock
from contract_tests.mock.prism import TOKEN
from contract_tests.referees.samples import (
    BODY,
    REQUEST,
    SAMPLES,
    SOME,
    VARIANTS,
    field_with,
    least,
)
from contract_tests.tests.conftest import run_in
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
    VideoTask,
)
from overlays.bundle import ROOT
from overlays.limits import say_limits


def omitted(request: Any) -> list[str]:
    """The fields of a request that the caller left out."""
    return [name for name in request.__slots__ if getattr(request, name, None) is UNSET]


def client_of(mock: Mock, **options: Any) -> Client:
    return Client(base_url=mock.url, token=TOKEN, timeout=10, **options)


def answering(status: int, content: bytes) -> Client:
    """A client whose server always answers the same."""
    transport = httpx.MockTransport(lambda _: httpx.Response(status, content=content))
    return Client(base_url="http://127.0.0.1", token="k", httpx_args={"transport": transport})  # noqa: S106


@pytest.mark.parametrize("variant", SOME)
def test_sample_of_every_variant_creates_a_task(mock: Mock, variant: str) -> None:
    body = SAMPLES[variant]
    request = getattr(models, variant).from_dict(body)
    assert request.to_dict() == body
    with client_of(mock) as client:
        answer = create_video.sync_detailed(client=client, body=request)
    assert answer.status_code == 200
    assert isinstance(answer.parsed, VideoTask)
    assert answer.parsed.status == "pending"


@pytest.mark.parametrize("variant", SOME)
def test_sample_of_every_variant_creates_a_task_asynchronously(mock: Mock, variant: str) -> None:
    async def create() -> object:
        request = getattr(models, variant).from_dict(SAMPLES[variant])
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
        wrong = copy.copy(REQUEST)
        wrong.model = "no-such-model"
        answer = create_video.sync_detailed(client=client, body=wrong)
    assert answer.status_code == 422
    assert isinstance(answer.parsed, ErrorResponse)


def test_what_the_caller_omits_is_not_sent_but_the_model() -> None:
    given = {name: value for name, value in BODY.items() if name != "model"}
    request = type(REQUEST)(**given)
    assert omitted(request)
    assert request.to_dict() == {"model": request.model, **given}


def test_null_is_sent_as_null(spec: dict[str, Any]) -> None:
    variant, field = field_with(spec, lambda _, schema: "null" in schema.get("type", ""))
    request = getattr(models, variant).from_dict(least(spec, variant) | {field: None})
    assert request.to_dict()[field] is None


@pytest.mark.parametrize("variant", SOME)
def test_model_is_filled_in_with_what_the_page_defaults_to(
    spec: dict[str, Any], variant: str
) -> None:
    schema = spec["components"]["schemas"][variant]["properties"]["model"]
    required = {name: value for name, value in SAMPLES[variant].items() if name != "model"}
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
    with pytest.raises(TypeError, match=f"{VARIANTS[0]} has no field 'undocumented'"):
        type(REQUEST).from_dict(BODY | {"undocumented": "x"})


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
    for again in (copy.deepcopy(REQUEST), pickle.loads(pickle.dumps(REQUEST))):  # noqa: S301
        assert again == REQUEST
        assert omitted(again) == omitted(REQUEST) != []


def test_repr_shows_what_is_set() -> None:
    shown = ", ".join(f"{name}={value!r}" for name, value in BODY.items())
    assert repr(REQUEST) == f"{VARIANTS[0]}({shown})"


def test_importing_one_variant_imports_no_other() -> None:
    code = (
        f"import sys; from foxapi_video_client.models import {VARIANTS[0]};"
        "print(sorted(name for name in sys.modules if name.endswith('_request')))"
    )
    assert run_in(ROOT, "-c", code).stdout.strip() == f"['{type(REQUEST).__module__}']"


def test_models_lists_every_name_and_has_no_other() -> None:
    assert set(VARIANTS) <= set(dir(models))
    for name in models.__all__:
        assert getattr(models, name) is not None
    with pytest.raises(AttributeError, match="has no attribute 'Veo9'"):
        models.__getattr__("Veo9")


@pytest.mark.parametrize("variant", SOME)
def test_shipped_schema_is_the_specs_own(spec: dict[str, Any], variant: str) -> None:
    files = importlib.resources.files("foxapi_video_client") / "schemas"
    shipped = json.loads((files / f"{variant}.json").read_bytes())
    source = spec["components"]["schemas"][variant]
    assert shipped["$schema"] == spec["jsonSchemaDialect"]
    assert shipped["required"] == source["required"]
    assert list(shipped["properties"]) == list(source["properties"])
    assert [shipped.get(key) for key in ("if", "else")] == [source.get("if"), source.get("else")]


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"minLength": 2, "maxLength": 2}, ["exactly 2 characters"]),
        ({"minimum": 0}, ["at least 0"]),
        ({"minItems": 1, "maxItems": 3}, ["1 to 3 items"]),
        ({"minItems": 1}, ["at least 1 item"]),
        ({"maximum": 15, "maxLength": 9}, ["at most 9 characters", "at most 15"]),
    ],
)
def test_a_limit_in_words_stands_beside_it(schema: dict[str, Any], words: list[str]) -> None:
    whole: dict[str, Any] = {"properties": {"inner": {"items": schema}, "plain": {}}}
    say_limits(whole)
    assert whole["properties"] == {"inner": {"items": schema | {"x-limits": words}}, "plain": {}}


def test_docstring_and_shipped_schema_say_a_limit_alike(spec: dict[str, Any]) -> None:
    variant, field = field_with(spec, lambda _, schema: "maxItems" in schema)
    shipped = importlib.resources.files("foxapi_video_client") / "schemas" / f"{variant}.json"
    [limit] = json.loads(shipped.read_bytes())["properties"][field]["x-limits"]
    documented = " ".join(str(getattr(models, variant).__doc__).split())
    assert f"{limit[0].upper()}{limit[1:]}." in documented


def test_index_of_schemas_names_the_variants_of_every_model_id(spec: dict[str, Any]) -> None:
    files = importlib.resources.files("foxapi_video_client") / "schemas"
    index = json.loads((files / "index.json").read_bytes())
    found: dict[str, list[str]] = {}
    for name in VARIANTS:
        model = spec["components"]["schemas"][name]["properties"]["model"]
        for model_id in model.get("enum") or [model["const"]]:
            found.setdefault(model_id, []).append(name)
    assert index == found
