"""The examples, each run against the mock as a user would run it."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from shutil import rmtree

import pytest

from contract_tests.faults.behaviours import Behaviour, changed
from contract_tests.faults.server import FaultServer
from contract_tests.mock.mock import Mock
from contract_tests.mock.prism import TOKEN
from contract_tests.referees.samples import SAMPLES, SPEC, field_with
from contract_tests.tests.conftest import run_in
from foxapi_video.testing import VIDEO
from overlays.bundle import ROOT

TASK = "task-unified-1757165031-uyujaw3d"
RESULTS = r"http://127\.0\.0\.1:\d+/results/"
VARIANT, FIELD = field_with(SPEC, lambda _, schema: "pattern" in schema.get("items", {}))
ANIMATED = SAMPLES[VARIANT] | {FIELD: ["IMAGE"]}


def _run(
    example: str, *arguments: str, url: str, directory: Path
) -> subprocess.CompletedProcess[str]:
    environment = {
        "FOXAPI_BASE_URL": url,
        "FOXAPI_API_KEY": TOKEN,
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "generated")]),
    }
    return run_in(directory, str(ROOT / "examples" / f"{example}.py"), *arguments, **environment)


@pytest.fixture(scope="module")
def printed(mock: Mock, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What each example printed. They run at once, since most of their time is waiting."""
    directory = tmp_path_factory.mktemp("examples")
    (directory / "photo.png").write_bytes(b"not really a picture")
    (directory / "noted").write_text(TASK)
    commands = {
        "generate_video": ["out.mp4"],
        "generate_many": [],
        "resume_after_crash": ["new"],
        "resume_after_crash again": ["noted"],
        "receive_callbacks": [],
        "make_a_batch": ["batch"],
        "animate_image": ["photo.png", json.dumps(ANIMATED)],
    }

    def run(name: str) -> str:
        ended = _run(name.split()[0], *commands[name], url=mock.url, directory=directory)
        assert ended.returncode == 0, f"{name}: {ended.stderr}"
        return ended.stdout

    with ThreadPoolExecutor(3) as pool:
        made = dict(zip(commands, pool.map(run, commands), strict=True))
    made["saved"] = repr((directory / "out.mp4").read_bytes())
    (directory / "out.mp4").unlink()
    made["batch"] = " ".join(sorted(path.name for path in (directory / "batch").glob("*.mp4")))
    rmtree(directory / "batch")
    made["left"] = " ".join(sorted(path.name for path in directory.iterdir()))
    return made


def test_a_video_is_generated(printed: dict[str, str]) -> None:
    lines = printed["generate_video"].splitlines()
    assert "status='pending'" in lines[0] and "status='completed'" in lines[1]
    assert re.fullmatch(f"{RESULTS}.+", lines[2]) and lines[3:] == ["saved out.mp4"]
    assert printed["saved"] == repr(VIDEO)


def test_twenty_are_generated_at_once(printed: dict[str, str]) -> None:
    lines = printed["generate_many"].splitlines()
    assert len(set(lines)) == 20 and all(re.search(f"{RESULTS}.+$", line) for line in lines)


def test_a_crash_loses_nothing(printed: dict[str, str]) -> None:
    created, video = printed["resume_after_crash"].splitlines()
    task_id = created.removeprefix("created ")
    assert task_id != created and re.fullmatch(f"{RESULTS}{task_id}.mp4", video)
    waiting, video = printed["resume_after_crash again"].splitlines()
    assert waiting == f"waiting again for {TASK}" and re.fullmatch(f"{RESULTS}{TASK}.mp4", video)
    assert printed["left"] == "photo.png", "the note is gone once the video is there"


def test_a_task_that_failed_is_told_once_and_forgotten(
    serve: Callable[..., FaultServer], tmp_path: Path
) -> None:
    for status in ("failed", "cancelled"):
        (tmp_path / "noted").write_text(TASK)
        url = serve(Behaviour(status, changed(status=status))).url
        ended = _run("resume_after_crash", "noted", url=url, directory=tmp_path)
        assert ended.returncode == 1 and "run this again for another task: " in ended.stderr
        assert TASK in ended.stderr and list(tmp_path.iterdir()) == [], status
    again = _run("resume_after_crash", "noted", url=url, directory=tmp_path)
    assert again.returncode == 0 and again.stdout.startswith("created "), again.stderr


def test_a_callback_is_received_once(printed: dict[str, str]) -> None:
    lines = printed["receive_callbacks"].splitlines()
    assert lines.count("answered 200") == 2
    assert len([line for line in lines if re.fullmatch(f"{TASK} completed {RESULTS}.+", line)]) == 1


def test_an_image_is_uploaded_and_animated(printed: dict[str, str]) -> None:
    lines = printed["animate_image"].splitlines()
    assert lines[0] == "stored as https://example.com/files/start.jpg"
    assert re.fullmatch(f"{RESULTS}.+", lines[-1])


def test_a_batch_is_made(printed: dict[str, str]) -> None:
    lines = printed["make_a_batch"].splitlines()
    assert lines[0].startswith("about to create 2: ") and lines[-1] == "all saved in batch"
    assert printed["batch"] == "lamp.mp4 mug.mp4"


def test_every_example_is_run(printed: dict[str, str]) -> None:
    ours = {
        path.stem
        for path in (ROOT / "examples").glob("*.py")
        if "from foxapi_video import" in path.read_text(encoding="utf-8")
    }
    assert ours == {name.split()[0] for name in printed} - {"batch", "left", "saved"}
