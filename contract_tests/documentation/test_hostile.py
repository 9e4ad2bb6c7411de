"""Pages that no one wrote to be read: each gets one line, in bounded time and memory."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

import pytest

from documentation.fact import PageError
from documentation.page import read_page
from documentation.text import Deadline, decode

ROOT = Path(__file__).parents[2]
FIELD = "Body\n\nprompt\nstring\nrequired\n\n"


def markdown(yaml: str) -> str:
    return f"# Page\n\n````yaml POST /v1/videos/generations\n{yaml}\n````\n"


BOMB = "openapi: 3.1.0\na: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join([f'*{chr(97 + n)}'] * 9)}]\n" for n in range(9)
)

HOSTILE: dict[str, bytes] = {
    "empty": b"",
    "blank": b" \n\t\n",
    "binary": bytes(range(256)) * 4,
    "nul": b"Body\0prompt",
    "control characters": b"\x01\x02\x03\x04" * 50,
    "latin-1": "Body\nprompt\nstring\nDéjà".encode("latin-1"),
    "fifty megabytes": b"prompt\nstring\n" * 3_600_000,
    "a million lines": b"\n" * 1_000_001,
    "carriage returns": b"\r" * 20_000,
    "html": b"<!DOCTYPE html><html><body>prompt</body></html>",
    "xml": b"<?xml version='1.0'?><a/>",
    "prose alone": b"Nothing here is a field.\n",
    "yaml bomb": markdown(BOMB).encode(),
    "yaml that contains itself": markdown("openapi: &a {paths: *a}").encode(),
    "deep yaml": markdown("openapi: " + "[" * 5000).encode(),
    "deeper yaml": markdown("openapi: 3\npaths: " + "{a: " * 900 + "}" * 900).encode(),
    "broken yaml": markdown("openapi: [1, 2\npaths: }").encode(),
    "yaml tags": markdown("openapi: !!python/object/apply:os.system ['true']\npaths: {}").encode(),
    "no operation": markdown("openapi: 3.1.0\npaths: {}").encode(),
    "a circle of references": markdown(
        "openapi: 3.1.0\npaths: {/a: {post: {requestBody: {$ref: '#/x'}}}}\nx: {$ref: '#/x'}"
    ).encode(),
    "another document": markdown(
        "openapi: 3.1.0\npaths: {/a: {post: {requestBody: {$ref: 'file:///etc/passwd'}}}}"
    ).encode(),
    "too many fields": "".join(f"f{n}\nstring\n\n" for n in range(3000)).encode(),
}


@pytest.mark.parametrize("raw", HOSTILE.values(), ids=HOSTILE)
def test_it_is_refused_in_one_line(raw: bytes) -> None:
    start = time.perf_counter()
    with pytest.raises(PageError) as refusal:
        read_page(decode(b"Body\n\n" + raw if raw[:3] == b"f0\n" else raw), "page")
    assert "\n" not in str(refusal.value)
    assert time.perf_counter() - start < 2


SLOW = {
    "one long line": FIELD + "at most " * 20_000,
    "long numbers": FIELD + "at most " + "1" * 200_000 + " characters",
    "many commas": FIELD + "Options: " + "a, " * 60_000,
    "many sentences": FIELD + "Supports 3 to 15 seconds for x, y or z only when needed. " * 15_000,
    "many brackets": FIELD + "(" * 200_000,
    "nested sample": "--data '" + '{"a":' * 50_000 + "\n" + FIELD,
    "endless example": FIELD + "Example:\n\n[\n" + "1,\n" * 5_000,
    "many bullets": FIELD + "Options:\n" + "  • 16:9 — Wide\n" * 9_000,
    "spaces": FIELD + "only" + " " * 300_000 + "one",
}


@pytest.mark.parametrize("text", SLOW.values(), ids=SLOW)
def test_the_time_is_bounded(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("documentation.page.Deadline", lambda: Deadline(1))
    start = time.perf_counter()
    try:
        read_page(decode(text.encode()), "page")
    except PageError as refusal:
        assert "\n" not in str(refusal)
    assert time.perf_counter() - start < 4


def run(*arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "documentation", *arguments],
        input=stdin,
        capture_output=True,
        cwd=ROOT,
        timeout=60,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30)),
    )


@pytest.mark.parametrize("name", ["fifty megabytes", "yaml bomb", "binary", "html", "empty"])
def test_the_command_says_one_line_and_fails(name: str, tmp_path: Path) -> None:
    page = tmp_path / "page.txt"
    page.write_bytes(HOSTILE[name])
    for result in (
        run("read", str(page), "--json"),
        run("read", "-", "--json", stdin=HOSTILE[name]),
    ):
        assert result.returncode == 2
        assert result.stdout == b""
        assert result.stderr.count(b"\n") == 1


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    for source in (tmp_path, fifo, tmp_path / "absent", "/dev/zero", "a\x1b[2J", "x" * 5000):
        result = run("read", str(source))
        assert result.returncode == 2
        assert result.stderr.count(b"\n") == 1
        assert b"\x1b" not in result.stderr


def test_a_page_can_not_command_the_terminal() -> None:
    text = FIELD + "Red \x1b[31m must be at most seven things\u202e\n"
    result = run("read", "-", stdin=text.encode())
    assert result.returncode == 0
    assert b"\x1b" not in result.stdout
    assert "\u202e".encode() not in result.stdout


def test_json_prints_facts_and_nothing_else() -> None:
    result = run("read", "-", "--json", "--page", "mine", stdin=(FIELD + "Must rhyme.").encode())
    assert [sorted(row) for row in json.loads(result.stdout)] == [
        ["field", "in", "keyword", "page", "stated", "value"]
    ] * 2
    assert b"unread: request prompt: Must rhyme" in result.stderr
