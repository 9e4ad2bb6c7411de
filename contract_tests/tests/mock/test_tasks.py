"""The tasks of the mock are good enough to develop a program against."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from contract_tests.mock import tasks
from contract_tests.mock.mock import Mock
from contract_tests.mock.prism import TOKEN
from contract_tests.referees.samples import BODY, SAMPLES
from contract_tests.tests.spec.answers import conforms
from foxapi_video import FoxAPI, Polling, Task, TaskCancelled, TaskFailed
from foxapi_video.testing import VIDEO
from overlays.openapi import CREATE_PATH

POLLING = Polling(shortest=0.01, longest=0.02)


@pytest.fixture
def paced(mock: Mock, spec: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> Mock:
    """The mock with tasks of its own, which are completed by the third query."""
    monkeypatch.setattr(mock, "_tasks", tasks.Tasks(spec, mock.url, 3))
    return mock


def test_task_passes_through_its_states_and_its_video_can_be_saved(
    paced: Mock, tmp_path: Path
) -> None:
    seen: list[Task] = []
    with FoxAPI(TOKEN, base_url=paced.url) as fox:
        task = fox.videos.generate(BODY, polling=POLLING, on_progress=seen.append)
        saved = fox.videos.download(task, tmp_path / "out.mp4")
    assert [each.status for each in seen] == ["pending", "pending", "processing", "completed"]
    assert {each.id for each in seen} == {task.id}
    assert saved.read_bytes() == VIDEO


@pytest.mark.parametrize("status", ["failed", "cancelled"])
def test_task_fails_or_is_cancelled_when_it_is_preferred(mock: Mock, status: str) -> None:
    headers = {"Prefer": f"example={status}"}
    with FoxAPI(TOKEN, base_url=mock.url, headers=headers) as fox:
        created = fox.videos.create(BODY)
        with pytest.raises(TaskCancelled if status == "cancelled" else TaskFailed) as ended:
            fox.tasks.wait(created.id, polling=POLLING)
    assert created.status == "pending" and ended.value.task_id == created.id


def test_example_of_no_call_is_said(http: httpx.Client) -> None:
    answer = http.post(CREATE_PATH, json=BODY, headers={"Prefer": "example=falled"})
    assert answer.status_code == 404


def test_every_create_gets_an_id_of_its_own_and_its_model_is_remembered(
    http: httpx.Client, spec: dict[str, Any]
) -> None:
    created = {}
    for body in SAMPLES.values():
        answer = http.post(CREATE_PATH, json=body)
        conforms(spec, "createVideo", answer)
        created[answer.json()["id"]] = body["model"]
    assert len(created) == len(SAMPLES)
    for task_id, model in created.items():
        answer = http.get(f"/v1/tasks/{task_id}")
        conforms(spec, "getTask", answer)
        told = answer.json()
        assert (told["id"], told["model"], told["status"]) == (task_id, model, "completed")


@pytest.mark.parametrize("task_id", ["task-of-yesterday", "a/b", "%", "标 准", "."])
def test_query_answers_for_the_id_that_was_asked(
    http: httpx.Client, spec: dict[str, Any], task_id: str
) -> None:
    path = "/v1/tasks/" + "".join(f"%{byte:02x}" for byte in task_id.encode())
    answer = http.get(path)
    conforms(spec, "getTask", answer)
    assert answer.json()["id"] == task_id
    video = httpx.get(answer.json()["results"][0]["url"])
    assert (video.content, video.headers["Content-Type"]) == (VIDEO, "video/mp4")


def test_what_is_refused_or_preferred_moves_no_task_on(paced: Mock) -> None:
    url = f"{paced.url}/v1/tasks/{test_what_is_refused_or_preferred_moves_no_task_on.__name__}"
    with httpx.Client(headers={"Authorization": "Bearer x"}) as client:
        assert httpx.get(url).status_code == 401
        assert client.get(url, params={"sync_upstream": "perhaps"}).status_code == 422
        for name in ("completed", "pending"):
            preferred = client.get(url, headers={"Prefer": f"example={name}"})
            assert preferred.json()["status"] == name
            assert client.get(url, params={"__example": name}).json()["status"] == name
        told = [client.get(url).json()["status"] for _ in range(4)]
    assert told == ["pending", "processing", "completed", "completed"]


def test_oldest_task_is_forgotten(paced: Mock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "MOST_TASKS", 2)
    with httpx.Client(headers={"Authorization": "Bearer x"}) as client:
        asked = ["old", "old", "new", "newer", "old", "newer"]
        told = [client.get(f"{paced.url}/v1/tasks/{name}").json()["status"] for name in asked]
    assert told == ["pending", "processing", "pending", "pending", "pending", "processing"]


def test_states_of_every_pace_end_with_a_video() -> None:
    document: dict[str, Any] = {"paths": {}}
    queried = {pace: tasks.Tasks(document, "http://x", pace).states for pace in (1, 2, 3, 5)}
    assert queried == {
        1: ("completed",),
        2: ("processing", "completed"),
        3: ("pending", "processing", "completed"),
        5: ("pending", "processing", "processing", "processing", "completed"),
    }
