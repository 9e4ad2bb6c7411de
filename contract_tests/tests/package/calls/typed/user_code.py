"""What a user may write. mypy and pyright check it strictly; it is never run."""

import asyncio
from pathlib import Path
from typing import assert_type

import httpx

import foxapi_video
from foxapi_video import (
    Answer,
    APIStatusError,
    AsyncFoxAPI,
    FoxAPI,
    InvalidRequest,
    ModelInfo,
    OutcomeUnknown,
    Polling,
    RetryPolicy,
    StoredFile,
    Task,
    TaskFailed,
    TaskTimeout,
    Violation,
    callbacks,
    check,
    models,
)


def show(task: Task) -> None:
    print(task.id, task.status, task.progress)


async def note(task: Task) -> None:
    await asyncio.sleep(0)


def sync_use() -> None:
    retries = RetryPolicy(retries=2, first_delay=0.1)
    with FoxAPI("key", timeout=5, retries=retries, transport=httpx.HTTPTransport()) as fox:
        stored = fox.files.upload(Path("a.png"))
        assert_type(stored, StoredFile)
        request = {"model": "a-model", "image_urls": [stored.url], "duration": 5, "prompt": None}
        try:
            task = fox.videos.generate(request, on_progress=show, polling=Polling(longest=5))
        except InvalidRequest as error:
            assert_type(error.violations, tuple[Violation, ...])
        except TaskTimeout as error:
            assert_type(error.task_id, str)
            assert_type(fox.tasks.wait(error.task_id), Task)
        except TaskFailed as error:
            print(error.code, error.message, error.task.raw)
        except OutcomeUnknown as error:
            print(error.request.body, error.request.at, error.task_id, error.request_id)
        except APIStatusError as error:
            print(error.status, error.type, error.retry_after, error.headers["server"])
        else:
            assert_type(fox.videos.download(task, "out.mp4"), Path)
            assert_type(fox.videos.download(task.id, "out.mp4"), Path)
            assert_type(fox.videos.download([task], "folder"), list[Path])
            assert_type({task: task.request_id}, dict[Task, str | None])
            assert_type(Task.from_dict(task.to_dict()), Task)
            assert_type(fox.tasks.wait(task), Task)
        assert_type(fox.with_options(timeout=1).tasks.get("id"), Task)
        assert_type(fox.with_options(timeout=None).tasks.get("id"), Task)
        assert_type(fox.request("GET", "/v1/tasks/x"), Answer)
    assert_type(check({"model": "x"}), list[Violation])
    assert_type(models(), list[ModelInfo])
    for variant in models()[0].variants:
        print(variant.page, variant.address, [field.maximum for field in variant.fields])
    print(foxapi_video.__version__)


async def async_use() -> None:
    async with AsyncFoxAPI() as fox:
        request = {"model": "a-model", "prompt": "on"}
        task = await fox.videos.generate(request, on_progress=note)
        assert_type(task, Task)
        await fox.videos.generate(request, on_progress=show)
        assert_type(await fox.callbacks.confirm(b"{}"), Task)
        callbacks.asgi(note, client=fox)
    callbacks.asgi(show)
