"""What an option of a field takes: a file to upload, a file to read text from, standard input."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from contract_tests.faults.behaviours import Behaviour, refusal
from contract_tests.faults.exchange import TASK_ID
from contract_tests.faults.server import FaultServer
from contract_tests.referees.samples import SAMPLES, SPEC, WORDS, arguments_of, field_with, saying
from contract_tests.tests.package.conftest import Run
from foxapi_video.catalog import variant as info_of
from foxapi_video.cli import endings
from foxapi_video.cli.values import read_standard_input
from foxapi_video.violations import takes_address

STORED = "https://example.com/files/a.png"
FIELDS = [
    field_with(SPEC, lambda _, schema: "items" in schema and takes_address(schema)),
    field_with(SPEC, lambda _, schema: "pattern" in schema and takes_address(schema)),
]
# A variant with two fields that take any text.
TWO_TEXTS = next(
    (variant, texts)
    for variant in SAMPLES
    if len(texts := [f.name for f in info_of(variant).fields if f.is_text]) > 1
)
TEXT = [*arguments_of(saying("in the end")), "--output", "json"]


@pytest.fixture
def photo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "photo.png"
    path.write_bytes(b"the picture")
    return path


def words_with(variant: str, field: str, given: str) -> list[str]:
    """The words of a variant's sample, with something in the place of an address."""
    return arguments_of(SAMPLES[variant] | {field: given})


@pytest.mark.parametrize(("variant", "field"), FIELDS)
@pytest.mark.parametrize("command", ["create", "generate"])
@pytest.mark.parametrize("given", ["photo.png", "./photo.png", "{photo}"])
@pytest.mark.usefixtures("photo")
def test_an_address_may_be_a_file(
    variant: str,
    field: str,
    command: str,
    given: str,
    serve: Callable[..., FaultServer],
    run: Run,
    photo: Path,
) -> None:
    server = serve()
    words = words_with(variant, field, given.format(photo=photo))
    poll = ["--poll", "0.01"] if command == "generate" else []
    ended = run(command, *words, *poll, url=server.url)
    assert ended.exit_code == 0 and TASK_ID in ended.stderr, ended.stderr
    assert b"the picture" in server.bodies[0] and b"photo.png" in server.bodies[0]
    sent = json.loads(server.bodies[1])[field]
    assert sent in (STORED, [STORED])


@pytest.mark.parametrize(("variant", "field"), FIELDS)
@pytest.mark.parametrize("given", ["missing.png", "file:///photo.png", "data:image/png;base64,AA"])
@pytest.mark.usefixtures("photo")
def test_what_is_no_address_and_no_file_is_refused(
    variant: str, field: str, given: str, serve: Callable[..., FaultServer], run: Run
) -> None:
    server = serve()
    ended = run("create", *words_with(variant, field, given), url=server.url)
    said = " ".join(ended.stderr.replace("│", " ").split())
    assert ended.exit_code == (2 if given == "missing.png" else endings.INVALID)
    assert given in said and "http" in said and "Path" not in said
    assert given != "missing.png" or "No such file" in said
    assert server.requests == []


@pytest.mark.parametrize(("variant", "field"), FIELDS)
def test_text_of_a_json_body_is_never_opened(
    variant: str,
    field: str,
    serve: Callable[..., FaultServer],
    run: Run,
    photo: Path,
) -> None:
    server, body = serve(), SAMPLES[variant]
    given = [photo.name] if isinstance(body.get(field), list) else photo.name
    (photo.parent / "body.json").write_text(json.dumps(body | {field: given}))
    for words in (["check", "body.json"], ["create", "--json", "body.json"]):
        ended = run(*words, url=server.url)
        assert ended.exit_code == endings.INVALID and server.requests == []
        assert "the field's own option takes a file of this machine" in ended.stderr


def test_a_refusal_tells_what_was_uploaded(
    serve: Callable[..., FaultServer], run: Run, photo: Path
) -> None:
    stored = Behaviour("stored", lambda e: e.answer(200, json.dumps({"url": STORED}).encode()))
    server = serve(stored, Behaviour("402", refusal(402, "insufficient_quota")))
    ended = run("create", *words_with(*FIELDS[0], photo.name), url=server.url)
    assert ended.exit_code == endings.REFUSED
    assert f"Uploaded before: photo.png as {STORED}." in ended.stderr


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ("@prompt.txt", "A fox,\nasleep \u6f22"),
        ("-", "from standard input"),
        ("@@prompt.txt", "@prompt.txt"),
        ("a@b.example", "a@b.example"),
    ],
)
def test_text_may_come_from_a_file_or_standard_input(
    given: str, sent: str, serve: Callable[..., FaultServer], run: Run, photo: Path
) -> None:
    photo.with_name("prompt.txt").write_text("A fox,\nasleep \u6f22\n", encoding="utf-8")
    server = serve()
    words = [given if word == "in the end" else word for word in TEXT]
    ended = run("create", *words, url=server.url, stdin="from standard input\n")
    assert ended.exit_code == 0, ended.stderr
    assert json.loads(server.bodies[0])[WORDS] == sent


@pytest.mark.parametrize("given", ["@missing.txt", "@.", "@photo.png", "@" + "n" * 300])
def test_text_that_can_t_be_read_is_wrong_usage(
    given: str, serve: Callable[..., FaultServer], run: Run, photo: Path
) -> None:
    photo.write_bytes(b"\xff\xfe\x00")
    server = serve()
    words = [given if word == "in the end" else word for word in TEXT]
    ended = run("create", *words, url=server.url)
    assert ended.exit_code == 2 and server.requests == []
    message = json.loads(ended.stderr)["error"]["message"]
    assert f"--{WORDS.replace('_', '-')}: {given[1:]} can't be read: " in message


def test_standard_input_is_read_once(serve: Callable[..., FaultServer], run: Run) -> None:
    server = serve()
    variant, texts = TWO_TEXTS
    flags = [f"--{name.replace('_', '-')}" for name in texts[:2]]
    words = [SAMPLES[variant]["model"], flags[0], "-", flags[1], "-"]
    ended = run("create", *words, url=server.url, stdin="x")
    assert ended.exit_code == 2 and "only once" in ended.stderr and server.requests == []


@pytest.mark.parametrize("given", ["-", "@empty.txt"])
def test_an_empty_text_of_a_file_or_of_a_command_that_failed_is_not_paid_for(
    given: str, photo: Path, serve: Callable[..., FaultServer], run: Run
) -> None:
    photo.with_name("empty.txt").write_bytes(b"\n")
    server = serve()
    ended = run("create", *arguments_of(saying(given)), "--output", "json", url=server.url)
    assert ended.exit_code == 2 and "can't be read: it is empty" in ended.stderr
    assert server.requests == []


def test_a_closed_standard_input_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(OSError, match="it is closed"):
        read_standard_input()
