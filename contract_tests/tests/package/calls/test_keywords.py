"""Create and generate with keywords, and tasks where an id is wanted, on both clients."""

from __future__ import annotations

import asyncio
import functools
import json
import pickle
from collections.abc import Callable
from typing import Any

import pytest

from contract_tests.faults.behaviours import Behaviour, changed
from contract_tests.faults.exchange import VIDEO
from contract_tests.faults.server import FaultServer
from contract_tests.referees.samples import BODY, REQUEST, SAMPLES, SOME, VARIANTS
from contract_tests.tests.package.conftest import KEY, POLLING, QUICK
from foxapi_video import (
    AsyncFoxAPI,
    ConfigurationError,
    DownloadError,
    FoxAPI,
    InvalidRequest,
    StoredFile,
    Task,
    catalog,
    check,
    checking,
    models,
)
from foxapi_video_client import models as requests

Serve = Callable[..., FaultServer]
Connect = Callable[..., FoxAPI]


@pytest.mark.parametrize("variant", SOME)
def test_keywords_send_what_a_body_sends(variant: str, serve: Serve, connect: Connect) -> None:
    server = serve()
    videos: Any = connect(server.url).videos
    videos.create(**SAMPLES[variant])
    videos.generate(polling=POLLING, **SAMPLES[variant])

    async def create() -> None:
        async with AsyncFoxAPI(KEY, base_url=server.url, retries=QUICK) as fox:
            videos: Any = fox.videos
            await videos.create(**SAMPLES[variant])

    asyncio.run(create())
    assert [json.loads(body) for body in server.bodies if body] == [SAMPLES[variant]] * 3


def test_keywords_are_checked_and_can_t_be_beside_a_body(serve: Serve, connect: Connect) -> None:
    server = serve()
    videos: Any = connect(server.url).videos
    with pytest.raises(InvalidRequest, match="undocumented: no such field"):
        videos.create(**BODY, undocumented=1)
    with pytest.raises(InvalidRequest, match="the body: is not given: pass a body, or all"):
        videos.create()
    for call in (videos.create, videos.generate):
        with pytest.raises(InvalidRequest, match="is given beside seed: pass a body, or all"):
            call(BODY, seed=1)
    assert server.requests == []


def test_check_takes_a_variant_and_judges_it_by_its_own_schema() -> None:
    assert check(REQUEST) == []
    for name in VARIANTS:
        bare = getattr(requests, name).from_dict({**SAMPLES[name], "model": "no-model"})
        (wrong,) = check(bare)
        assert wrong.field == "model" and wrong.page == catalog.variant(name).page


def test_a_task_does_where_an_id_is_wanted(serve: Serve, connect: Connect) -> None:
    server = serve()
    fox = connect(server.url)
    task = Task.from_dict({"id": "t/1", "status": "pending"})
    assert fox.tasks.get(task).id == fox.tasks.wait(task).id == "t/1"

    async def wait() -> str:
        async with AsyncFoxAPI(KEY, base_url=server.url, retries=QUICK) as fox:
            return (await fox.tasks.wait(task, polling=POLLING)).id

    assert asyncio.run(wait()) == "t/1"
    assert server.requests == ["GET /v1/tasks/t%2F1"] * 3


def test_a_task_can_be_hashed_stored_and_pickled(serve: Serve, connect: Connect) -> None:
    server = serve()
    task = connect(server.url).tasks.get("t")
    stored = Task.from_dict(json.loads(json.dumps(task.to_dict())))
    copy = pickle.loads(pickle.dumps(task))  # noqa: S301 -- our own
    assert stored == copy == task and {stored, copy, task} == {task}
    assert copy.headers == task.headers and task.headers
    task.to_dict()["status"] = "changed"
    assert task.raw["status"] == task.status == "completed"
    file = StoredFile.from_dict({"url": "https://example.com/a"})
    assert {file, StoredFile.from_dict(file.raw)} == {file}


def test_results_of_tasks_go_to_a_folder(serve: Serve, connect: Connect, tmp_path: Any) -> None:
    files = serve()
    links = [{"url": f"{files.url}/video.mp4"}, {"url": f"{files.url}/still.jpg?x=/video.mp4"}]
    both = Task.from_dict({"id": "../a b", "status": "completed", "results": links})
    same = Task.from_dict({"id": "..\\a b", "status": "completed", "results": links[:1]})
    folder = tmp_path / "new" / "folder"
    videos = connect(files.url).videos
    saved = videos.download([both, same, both], folder)
    names = ["a_b-0.mp4", "a_b-1.jpg", "a_b.mp4"]
    assert saved == [folder / name for name in names]
    assert sorted(path.name for path in folder.iterdir()) == sorted(names)
    assert {path.read_bytes() for path in saved} == {VIDEO}
    with pytest.raises(DownloadError, match="is there already") as caught:
        videos.download([both], folder)
    assert caught.value.task_id == both.id

    async def again() -> list[Any]:
        async with AsyncFoxAPI(KEY, base_url=files.url, retries=QUICK) as fox:
            return await fox.videos.download([both], folder, overwrite=True)

    assert asyncio.run(again()) == saved[:2]
    told = connect(serve(Behaviour("links", changed(results=links[:1]))).url)
    assert [path.name for path in told.videos.download(["by-id"], folder)] == ["by-id.mp4"]
    with pytest.raises(DownloadError, match="5 is no task and no id of one"):
        videos.download([5], folder)  # type: ignore[list-item]


def test_the_same_call_again_saves_what_is_missing(
    serve: Serve, connect: Connect, tmp_path: Any
) -> None:
    files = serve()
    links = [{"url": f"{files.url}/video.mp4"}, {"url": f"{files.url}/other?x=/video.mp4"}]
    task = Task.from_dict({"id": "task-1", "status": "completed", "results": links})
    videos = connect(files.url).videos
    first, second = videos.download([task], tmp_path)
    first.unlink()
    second.write_bytes(b"saved before")
    assert videos.download([task], tmp_path) == [first, second]
    assert (first.read_bytes(), second.read_bytes()) == (VIDEO, b"saved before")
    videos.download([task], tmp_path, overwrite=True)
    assert second.read_bytes() == VIDEO


def test_tasks_whose_names_would_be_one_get_two(
    serve: Serve, connect: Connect, tmp_path: Any
) -> None:
    files = serve()
    links = [{"url": f"{files.url}/video?x=/video.mp4"}]
    tasks = [
        Task.from_dict({"id": each, "status": "completed", "results": links})
        for each in ("a/b", "a?b", "...?")
    ]
    saved = connect(files.url).videos.download(tasks, tmp_path)
    assert [path.name for path in saved] == ["a_b.mp4", "a_b_.mp4", "task.mp4"]


def test_an_id_is_downloaded_by_what_its_task_says(
    serve: Serve, connect: Connect, tmp_path: Any
) -> None:
    files = serve()
    links = [{"url": f"{files.url}/video.mp4"}]
    done = serve(Behaviour("done", changed(results=links)), endless=True)
    videos = connect(done.url).videos
    assert videos.download("t", tmp_path / "a.mp4").read_bytes() == VIDEO
    with pytest.raises(DownloadError, match="task t has result 0 only, and no result 9") as caught:
        videos.download("t", tmp_path / "b.mp4", result=9)
    assert caught.value.task_id == "t" and files.requests == ["GET /video.mp4"]


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ({"status": "pending"}, "is 'pending': wait for it first, with tasks.wait('t')"),
        ({"status": "failed", "error": {"message": "bad words"}}, "nothing to save: bad words"),
        ({"status": "completed", "results": []}, "has no result with a link; query it again"),
    ],
)
@pytest.mark.parametrize("in_folder", [False, True])
def test_a_task_without_a_result_says_what_to_do(
    members: dict[str, Any], said: str, in_folder: bool, connect: Connect, tmp_path: Any
) -> None:
    task = Task.from_dict({"id": "t", **members})
    videos = connect("http://127.0.0.1:9").videos
    with pytest.raises(DownloadError) as caught:
        if in_folder:
            videos.download([task], tmp_path / "folder")
        else:
            videos.download(task, tmp_path / "out.mp4")
    assert said in str(caught.value) and caught.value.task_id == "t"
    assert list(tmp_path.iterdir()) == []


class _Object:
    async def __call__(self, task: Task) -> None:
        """What would never run."""


async def _coroutine(task: Task) -> None:
    """What would never run."""


@pytest.mark.parametrize("callback", [_coroutine, _Object(), functools.partial(_coroutine)])
def test_a_coroutine_function_is_refused_by_the_blocking_client(
    callback: Any, serve: Serve, connect: Connect
) -> None:
    """Before anything is paid for."""
    server = serve()
    fox = connect(server.url)
    calls: list[Any] = [fox.videos.generate, fox.tasks.wait]
    for call in calls:
        with pytest.raises(ConfigurationError, match="only AsyncFoxAPI awaits"):
            call(BODY, on_progress=callback)
    assert server.requests == []


def test_no_limit_is_told_from_what_is_left_out(connect: Connect) -> None:
    fox = connect("http://127.0.0.1:9", timeout=7.0)
    limits = [fox.with_options(), fox.with_options(timeout=None), fox.with_options(timeout=3)]
    assert [each._runner.settings.timeout for each in limits] == [7.0, None, 3]


def test_models_tell_what_the_schemas_say() -> None:
    found = models()
    assert {model.id: [v.name for v in model.variants] for model in found} == checking.index()
    for variant in [variant for model in found for variant in model.variants]:
        schema = checking.schema(variant.name)
        assert variant.address == schema.get("x-documentation-address")
        assert [field.name for field in variant.fields] == [*schema["properties"]][1:]
        for field in variant.fields:
            told = schema["properties"][field.name]
            keywords = ("minimum", "maximum", "maxLength", "maxItems", "default", "description")
            known = (
                field.minimum,
                field.maximum,
                field.max_length,
                field.max_items,
                field.default,
                field.description,
            )
            assert known == tuple(told.get(each) for each in keywords)
            assert field.required == (field.name in schema["required"])
            assert list(field.options or ()) == told.get("enum", [])
    assert len(set(found)) == len(found)
