"""What people get wrong about batches is said in a line, before anything is created."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from contract_tests.referees.samples import BODY, SAMPLES, SPEC, callback_field
from contract_tests.tests.package.batch.pretended import KEY, Made
from contract_tests.tests.package.conftest import Run
from foxapi_video import ConfigurationError, FoxAPI, InvalidBatch
from foxapi_video.batch import AsyncBatch, Batch


@pytest.fixture
def made(tmp_path: Path) -> Made:
    return Made(tmp_path / "videos")


@pytest.mark.parametrize("kind", [Batch, AsyncBatch])
def test_a_client_that_is_no_asyncfoxapi_is_refused_at_once(kind: Any, made: Made) -> None:
    with FoxAPI(KEY) as blocking:
        for wrong in (blocking, "sk-a-key", {}, object()):
            with pytest.raises(ConfigurationError, match="the client is an AsyncFoxAPI, not "):
                kind(made.folder, client=wrong)


def test_a_batch_takes_addresses_and_no_files_of_this_machine(made: Made) -> None:
    name, field, body = next(
        (name, field, body)
        for name, body in SAMPLES.items()
        for field, value in body.items()
        if isinstance(value, str) and value.startswith("http") and field != callback_field(SPEC)
    )
    for given in (Path("cat.png"), "cat.png"):
        for requests in ([body | {field: given}], [{"body": body | {field: given}}]):
            with pytest.raises(InvalidBatch) as caught:
                made.run(requests)
            (wrong,) = caught.value.violations
            assert wrong.field == f"line 1, {field}" and "upload it first" in wrong.problem, name
            assert "foxapi-video upload" in str(caught.value) and "pathlib" not in str(caught.value)


def test_what_is_no_iterable_of_requests_is_said_in_a_line(made: Made, tmp_path: Path) -> None:
    file = tmp_path / "requests.jsonl"
    file.write_text("{}")
    wrong: dict[str, Any] = {
        "not the name of a file": str(file),
        "not the name of a file: ": file,
        r"not one: \[request\]": dict(BODY),
        "not 7": 7,
    }
    with file.open() as opened:
        for words, given in (wrong | {"not a file: ": opened}).items():
            for call in (Batch(made.folder).run, Batch(made.folder).check):
                with pytest.raises(ConfigurationError, match=f"an iterable of requests, {words}"):
                    call(given)
    assert not made.folder.exists()


def test_a_file_is_no_folder_of_a_batch_and_no_rate_is_infinite(
    run: Run, made: Made, tmp_path: Path
) -> None:
    file = tmp_path / "requests.jsonl"
    file.write_text(json.dumps(BODY))
    for more in ([], ["--dry-run"]):
        wrong = run("batch", "run", str(file), "--into", str(file), *more)
        assert wrong.exit_code == 1 and f"error: {file} is no folder: " in wrong.stderr
    for rate in ("inf", "nan"):
        wrong = run("batch", "run", str(file), "--into", str(made.folder), "--rate", rate)
        assert wrong.exit_code == 2 and "rate of Limits is a number above 0" in wrong.stderr
    assert not made.folder.exists()
