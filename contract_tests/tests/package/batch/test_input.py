"""What a line may be, what it is called, and that nothing is sent while one is wrong."""

from __future__ import annotations

import asyncio
import io
import json
from pathlib import Path
from typing import Any

import pytest

from contract_tests.referees.samples import BODY, SAMPLES, WORDS, saying
from contract_tests.tests.conftest import of_each
from contract_tests.tests.package.batch.pretended import Confirm, Made, named
from foxapi_video import InvalidBatch
from foxapi_video.batch import AsyncBatch, lines
from foxapi_video_client import models


@pytest.fixture
def made(tmp_path: Path) -> Made:
    return Made(tmp_path / "videos")


WRONG: list[tuple[str, str]] = [
    ("nope", "line 1: is not JSON"),
    ('"text"', "is not an object"),
    ("[" * 70 + "]" * 70, "nested too deeply"),
    ('{"model": "fox-9"}', "line 1, model: 'fox-9' is not one of"),
    ('{"custom_id": "a", "model": "b"}', "line 1, model: has no place beside custom_id and body"),
    ('{"custom_id": "a"}', "line 1, body: is no request"),
    *(
        (json.dumps({"custom_id": name, "body": BODY}), f"line 1, custom_id: {words}")
        for name, words in {
            "../a": "has '/'",
            "a\\b": "has '\\\\'",
            "a\nb": "has '\\n'",
            ".a": "begins with a dot",
            "a ": "begins with a dot or a blank",
            " ": "is empty: leave it out",
            "": "is empty: leave it out",
            "x" * 201: "is longer than 200 bytes",
        }.items()
    ),
    ('{"model": "a", "model": "b"}', "line 1: is said twice: 'model'"),
    ('{"body": {"model": "a", "duration": 4, "duration": 8}}', "is said twice: 'duration'"),
    (json.dumps({"custom_id": 5, "body": BODY}), "line 1, custom_id: is no text"),
    (json.dumps({"custom_id": "a", "body": BODY, "method": "GET"}), "method: is not POST"),
    (json.dumps({"body": BODY, "url": "/v1/images"}), "url: is not /v1/videos/generations"),
]


@of_each(WRONG)
def test_a_wrong_line_is_told(line: str, words: str) -> None:
    found = list(lines.read(lines.read_json(io.BytesIO(line.encode())), check=True))
    told = "\n".join(str(each) for wrong in found if isinstance(wrong, list) for each in wrong)
    assert words in told, told


def test_a_line_is_a_body_or_wrapped_as_in_batch_files_and_says_the_same() -> None:
    wrapped = {"custom_id": "a", "method": "POST", "url": "/v1/videos/generations", "body": BODY}
    text = f"\ufeff{json.dumps(BODY)}\n\n{json.dumps(wrapped)}\n".encode()
    first, second = lines.read(lines.read_json(io.BytesIO(text)), check=True)
    assert isinstance(first, lines.Line) and isinstance(second, lines.Line)
    assert (first.number, first.custom_id, second.number, second.custom_id) == (1, None, 3, "a")
    assert json.loads(first.body) == BODY and first.digest == second.digest


def test_all_that_is_wrong_is_said_and_nothing_is_sent_or_noted(made: Made) -> None:
    requests = [*named("a", "b", "a", "B"), saying("x") | {"sizze": 1}, 7]
    with pytest.raises(InvalidBatch) as caught:
        made.run(requests)
    fields = [each.field for each in caught.value.violations]
    assert sorted(fields) == ["line 3, custom_id", "line 4, custom_id", "line 5, sizze", "line 6"]
    assert "nothing was" in str(caught.value)
    assert not made.api.received and not made.states


def test_no_lines_at_all_are_an_error(made: Made) -> None:
    with pytest.raises(InvalidBatch, match=r"^the input has no line with a request: nothing"):
        made.run([])


def test_equal_lines_are_two_videos_unless_one_is_asked_for(made: Made) -> None:
    requests = [saying("x"), saying("x"), *named("a")]
    first, second, third = [result["custom_id"] for result in _run(made, requests)]
    assert second == f"{first}-2" and third == "a"
    assert made.created == {"x": 2, "a": 1}
    other = Made(made.folder.with_name("unique"))
    assert len(_run(other, [*requests, *named("a")], unique=True)) == 2
    assert other.created == {"x": 1, "a": 1}


def _run(made: Made, requests: list[Any], **options: Any) -> list[dict[str, Any]]:
    assert made.run(requests, **options).is_done
    return made.results


def test_variants_and_dicts_that_say_the_same_are_the_same_video(made: Made) -> None:
    name, body = next((name, body) for name, body in SAMPLES.items() if WORDS in body)
    variant = getattr(models, name).from_dict(body)
    made.run([variant])
    assert made.run([dict(reversed(body.items()))]).total == 1 and len(made.api.tasks) == 1


def test_a_changed_input_adds_what_is_new_and_says_what_is_gone(made: Made) -> None:
    made.run(named("a", "b"), most=1)
    confirm = Confirm(True)
    ended = made.run(named("c", "a"), confirm=confirm)
    (order,) = confirm.orders
    assert order.noted is not None
    assert (order.noted.new, order.noted.gone, order.noted.gone_ids) == (1, 1, ("b",))
    assert order.videos == 1 and made.created == {"a": 1, "c": 1}, "what is gone is not created"
    assert ended.counts["ready"] == 1
    assert [result["custom_id"] for result in made.results] == ["c", "a", "b"]


def test_an_id_keeps_the_request_that_it_was_sent_with(made: Made) -> None:
    made.run(named("a", "b"), most=1)
    other = [{"custom_id": name, "body": saying("other")} for name in "ab"]
    with pytest.raises(InvalidBatch, match=r"line 1, custom_id: 'a' was sent as task .* a new id"):
        made.run(other)
    made.run([*named("a"), other[1]])  # this one was not sent yet
    assert made.created == {"a": 1, "other": 1}


def test_a_file_that_is_there_already_is_not_overwritten(made: Made) -> None:
    made.folder.mkdir()
    (made.folder / "a.mp4").write_bytes(b"mine")
    with pytest.raises(InvalidBatch, match=r"is there already.*: move it away"):
        made.run(named("a"))
    assert (made.folder / "a.mp4").read_bytes() == b"mine"


def test_a_check_keeps_nothing(made: Made, tmp_path: Path) -> None:
    batch = AsyncBatch(made.folder)
    order = asyncio.run(batch.check([saying("a"), saying("b")]))
    assert order.videos == 2 and not list(tmp_path.iterdir())
    made.run(named("a"))
    before = made.query("SELECT * FROM videos")
    assert asyncio.run(batch.check(named("c"))).noted.gone == 1  # type: ignore[union-attr]
    assert made.query("SELECT * FROM videos") == before


def test_what_is_to_be_created_is_summed_up(made: Made) -> None:
    bodies = [saying("x") | {"duration": 8}, saying("y") | {"duration": 4}, saying("z")]
    confirm = Confirm(False)
    made.run(bodies, confirm=confirm)
    (model,) = confirm.orders[0].models.values()
    assert (model.videos, model.seconds, model.unsaid) == (3, 12, 1)
    assert not made.api.received, "nobody said yes"
