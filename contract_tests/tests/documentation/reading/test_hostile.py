"""Pages that no one wrote to be read: each is read, or gets one line that says why not.

Each is read in a process of its own, with the limits that it has for the commands; yet it is the
limits of the reader that refuse it, not those of the process, which would say so.
"""

from __future__ import annotations

import io
import json
import os
import re
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from contract_tests.tests.conftest import some
from contract_tests.tests.documentation.reading.expectation import PAGES
from documentation.__main__ import main
from documentation.fact import PageError, Reading
from documentation.reading import confined
from documentation.reading.confined import read_confined
from documentation.reading.layouts.draft import Draft
from documentation.reading.layouts.text import decode
from documentation.reading.page import read_page
from documentation.reading.prose.clause import Said
from documentation.reading.prose.sentences import READERS_FAULT, ProseReader
from overlays.bundle import ROOT

FIELD = "Body\n\nprompt\nstring\nrequired\n\n"
# One process that has read a page, and then a copy of it for each page, with limits: what the rules
# are made of is made once.
READ_EACH = """import json, os, sys
from documentation.reading import confined, page
from documentation.reading.layouts import markdown
from documentation.reading.layouts.own import nameless
first, *texts = json.load(sys.stdin)
page.read_page(first, "page")
for text in texts:
    if child := os.fork():
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        if status:
            print(json.dumps({"refused": confined._ended(status)}), flush=True)
        continue
    confined.limit()
    print(json.dumps(confined.answer({"text": text, "page": "page", "names": None})), flush=True)
    os._exit(0)
"""


def read_each(texts: list[str]) -> list[dict[str, Any]]:
    """What the reader answers to each text."""
    asked = json.dumps([(PAGES / "sora-2.txt").read_text("utf-8"), *texts]).encode()
    command = [sys.executable, "-c", READ_EACH]
    done = subprocess.run(command, input=asked, capture_output=True, cwd=ROOT, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def markdown(yaml: str) -> str:
    return f"# Page\n\n````yaml POST /v1/videos/generations\n{yaml}\n````\n"


BOMB = "openapi: 3.1.0\na: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join([f'*{chr(97 + n)}'] * 9)}]\n" for n in range(9)
)

BOMB_OF_REFERENCES = """openapi: 3.1.0
paths: {/a: {post: {requestBody: {content: {a/json: {schema: {$ref: '#/x'}}}}}}}
x: {allOf: [{$ref: '#/x'}, {$ref: '#/x'}, {$ref: '#/x'}, {$ref: '#/x'}, {$ref: '#/x'}]}
"""
BOMB_OF_MERGES = "openapi: 3.1.0\na: &a {x: 1}\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} {{<<: [{', '.join([f'*{chr(97 + n)}'] * 9)}]}}\n"
    for n in range(9)
)
TOWER_OF_ALIASES = "openapi: 3.1.0\na0: &a0 [x]\n" + "".join(
    f"a{n + 1}: &a{n + 1} [*a{n}]\n" for n in range(3000)
)


def described(text: str) -> str:
    """A page whose one field has a description, in escapes that YAML undoes."""
    return of_body(f'{{properties: {{prompt: {{type: string, description: "{text}"}}}}}}')


def of_body(schema: str) -> str:
    return markdown(
        "openapi: 3.1.0\npaths: {/a: {post: {requestBody: {content: {application/json: {schema: "
        f"{schema}" + "}}}}}}"
    )


NOT_TEXT = "the page is binary, not text"
DEEP = "the yaml of the page is nested too deeply"
BROKEN = "the yaml of the page can't be parsed (line 2 of the block)"
ALIASES = "the yaml of the page is too large once its aliases are written out"
REFERENCES = "the page is too large once its references are written out"
LINE = "the page has a line of more than 20000 characters"
DIGITS = "the page has a number of more than 100 digits"
LARGE = "the page has a number that is too large"
NO_FIELD = "no field of a request or a response found on the page"

HOSTILE: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "the page is empty"),
    "blank": (b" \n\t\n", "the page is empty"),
    "binary": (bytes(range(256)) * 4, NOT_TEXT),
    "nul": (b"Body\0prompt", NOT_TEXT),
    "control characters": (b"\x01\x02\x03\x04" * 50, NOT_TEXT),
    "latin-1": ("Body\nprompt\nstring\nDéjà".encode("latin-1"), "the page is not UTF-8 text"),
    "half a surrogate pair": (b"Body\nprompt\nstring\n\xed\xa0\x80", "the page is not UTF-8 text"),
    "fifty megabytes": (b"prompt\nstring\n" * 3_600_000, "the page is larger than 1024 KiB"),
    "a million lines": (b"\n" * 1_000_001 + b"x", "the page has more than 10000 lines"),
    "carriage returns": (b"\r" * 20_000 + b"x", "the page has more than 10000 lines"),
    "html": (
        b"<!DOCTYPE html><html><body>prompt</body></html>",
        "the page is HTML or XML; save its text, or give the address of its .md",
    ),
    "xml": (
        b"<?xml version='1.0'?><a/>",
        "the page is HTML or XML; save its text, or give the address of its .md",
    ),
    "prose alone": (b"Nothing here is a field.\n", NO_FIELD),
    "one long line": (f"{FIELD}{'at most ' * 20_000}".encode(), LINE),
    "a line that grows when it is spelled out": (f"{FIELD}{chr(0xFDFA) * 9_000}".encode(), LINE),
    "a line of semicolons": (f"{FIELD}{';' * 100_000}".encode(), LINE),
    "a long line in a description": (described("x" * 30_000).encode(), LINE),
    "many digits": (f"{FIELD}at most {'1' * 5_000} characters".encode(), DIGITS),
    "many digits in escapes": (described("at most " + "\\x31" * 1_000).encode(), DIGITS),
    "many digits around marks": (f"{FIELD}at most {'1`' * 5_000} characters".encode(), DIGITS),
    "many digits around commas": (f"{FIELD}at most 1{',111' * 60} characters".encode(), DIGITS),
    "a default of many digits": (f"Body\n\nn\ninteger\ndefault:{'1' * 5_000}\n".encode(), DIGITS),
    "an example of many digits": (f"{FIELD}Example:\n\n[{'1' * 5_000}]\n".encode(), DIGITS),
    "a keyword of many digits": (
        of_body(f"{{properties: {{a: {{maxLength: {'4' * 4_000}}}}}}}").encode(),
        DIGITS,
    ),
    "an endless default": (b"Body\n\nn\nnumber\ndefault:1e999\n", LARGE),
    "an endless example": (f"{FIELD}Example:\n\n[1e999]\n".encode(), LARGE),
    "yaml bomb": (markdown(BOMB).encode(), ALIASES),
    "yaml bomb of text": (
        markdown(f"openapi: 3\na: &a '{'x ' * 9_000}'\nb: [{'*a, ' * 4_000}]").encode(),
        ALIASES,
    ),
    "yaml bomb of merges": (markdown(BOMB_OF_MERGES).encode(), ALIASES),
    "yaml that contains itself": (
        markdown("openapi: &a {paths: *a}").encode(),
        "the yaml of the page contains itself",
    ),
    "yaml that merges itself": (
        markdown("openapi: &a {<<: *a}").encode(),
        "the yaml of the page contains itself",
    ),
    "a tower of aliases": (markdown(TOWER_OF_ALIASES).encode(), DEEP),
    "deep yaml": (markdown("openapi: " + "[" * 30_000).encode(), LINE),
    "deep lists": (markdown("openapi:\n" + " [[[\n" * 9_000).encode(), DEEP),
    "deep bullets": (markdown("openapi:\n  " + "- " * 9_000).encode(), DEEP),
    "deep mappings": (markdown("openapi: " + "{a: " * 900 + "}" * 900).encode(), DEEP),
    "deep lines of mappings": (markdown("openapi:\n" + " {a:\n" * 9_000).encode(), DEEP),
    "deep keys": (markdown("openapi:\n  " + "? " * 9_000).encode(), DEEP),
    "a table of too many cells": (
        described("|a" * 1_000 + "\\n" + "|-" * 1_000 + "\\na" * 1_000).encode(),
        "a description of the page has tables of more than 20000 cells",
    ),
    "broken yaml": (
        markdown("openapi: [1, 2\npaths: }").encode(),
        BROKEN,
    ),
    "yaml tags": (
        markdown("openapi: 3\npaths: !!python/object/apply:os.system ['true']").encode(),
        BROKEN,
    ),
    "a yaml set": (markdown("openapi: 3\npaths: !!set {a, b}").encode(), BROKEN),
    "yaml bytes": (markdown("openapi: 3\npaths: !!binary aGk=").encode(), BROKEN),
    "a yaml date": (markdown("openapi: 3\npaths: !!timestamp 2026-01-01").encode(), BROKEN),
    "a yaml number that is none": (markdown("openapi: 3\npaths: !!int x").encode(), BROKEN),
    "a yaml truth that is none": (markdown("openapi: 3\npaths: !!bool maybe").encode(), BROKEN),
    "endless yaml": (markdown("openapi: 3\npaths: 1e999").encode(), BROKEN),
    "a surrogate in yaml": (markdown('openapi: 3\npaths: "\\ud800"').encode(), BROKEN),
    "no operation": (
        markdown("openapi: 3.1.0\npaths: {}").encode(),
        "the yaml block of the page has no operation",
    ),
    "a circle of references": (
        markdown(
            "openapi: 3.1.0\npaths: {/a: {post: {requestBody: {$ref: '#/x'}}}}\nx: {$ref: '#/x'}"
        ).encode(),
        "the page has references that lead in a circle",
    ),
    "a bomb of references": (markdown(BOMB_OF_REFERENCES).encode(), REFERENCES),
    "another document": (
        markdown(
            "openapi: 3.1.0\npaths: {/a: {post: {requestBody: {$ref: 'file:///etc/passwd'}}}}"
        ).encode(),
        "the page refers to another document",
    ),
    "options that are objects": (
        of_body("{properties: {a: {enum: [{b: 1}]}}}").encode(),
        "the page has an option that is a list or an object",
    ),
    "items that are objects": (
        of_body("{properties: {a: {items: {enum: [[1]]}}}}").encode(),
        "the page has an option that is a list or an object",
    ),
    "too many fields": (
        b"Body\n\n" + "".join(f"f{n}\nstring\n\n" for n in range(3000)).encode(),
        "the page has more than 1000 fields",
    ),
    "too many options": (
        f"Body\n\na\nstring\n\nAvailable options: {', '.join(map(str, range(2000)))}\n".encode(),
        "a field of the page has more than 1000 options or examples",
    ),
    "too many models": (
        f"Body\n\nmodel\nstring\n\n{', '.join(f'nova-{n}' for n in range(900))}\n"
        'Example:\n\n"nova-1"\n'.encode(),
        "the page names more than 200 model ids",
    ),
    "a name of many names": (
        b"Body\n\n" + b"abcdefghij\nobject\n\nHide child attributes\n\n" * 900,
        "the page has a field that is nested too deeply",
    ),
}


def test_it_is_refused_in_one_line_that_says_why() -> None:
    said, texts = {}, {}
    for name, (raw, _) in HOSTILE.items():
        try:
            texts[name] = decode(raw)
        except PageError as refusal:
            said[name] = str(refusal)
    answers = zip(texts, read_each([*texts.values()]), strict=True)
    said |= {name: answer.get("refused", "it is read") for name, answer in answers}
    assert said == {name: reason for name, (_, reason) in HOSTILE.items()}


HARMLESS = {
    "long sentences": FIELD + "at most " * 2_000,
    "many commas": FIELD + "Options: " + "a, " * 6_000,
    "many sentences": FIELD + "Supports 3 to 15 seconds for x, y or z only if needed. " * 300,
    "many semicolons": FIELD + (";" * 9_000 + ")\n") * 20,
    "many brackets": FIELD + ("(" * 19_000 + "\n") * 20,
    "links without an end": described("[" * 9_000 + "[](" * 3_000),
    "emphasis without an end": described("**a " * 3_000 + "__b " * 1_000),
    "a wide table": described("|a" * 100 + "\\n" + "|-" * 100 + "\\na" * 190),
    "fences without an end": FIELD + "```\n~~~\n> ```yaml\n" * 3_000,
    "tags without an end": described("<br " * 4_000),
    "a nested sample": "--data '" + '{"a":\n' * 5_000 + "\n" + FIELD,
    "a deep example": FIELD + "Example:\n\n" + "[" * 900 + "]" * 900,
    "half a surrogate pair in an example": FIELD + 'Example:\n\n["\\ud800"]\n',
    "an example without an end": FIELD + "Example:\n\n[\n" + "1,\n" * 5_000,
    "examples without an end": FIELD + "Example:\n\n[\n{\n}\n,\n" * 200,
    "an example that is no number": FIELD + "Example:\n\n[NaN]\n",
    "many bullets": FIELD + "Options:\n" + "  • 16:9 — Wide\n" * 900,
    "spaces": FIELD + "only" + " " * 19_000 + "one",
    "an object in a long line": FIELD + "\nsettings\nobject\n\n" + "a " * 9_900 + "\n",
    "names that go on": FIELD + "a.\n" * 9_000,
    "a length of commas": FIELD + "Maximum string length: ,\n",
    "types under oneOf": of_body("{properties: {prompt: {oneOf: [{type: [string]}, {type: 3}]}}}"),
    "odd keywords": of_body(
        "{properties: {prompt: {type: string, enum: 3, maxLength: x, minLength: -1, format: [1],"
        " minimum: {}, examples: 1, default: {1: a, b: c}}}}"
    ),
    "odd places": of_body("{properties: {prompt: {type: string}}, required: 5, oneOf: 3}"),
    "branches far down": of_body(
        "{properties: {prompt: {type: string}}, allOf: ["
        + "{allOf: [" * 20
        + "{oneOf: [a], anyOf: 3}"
        + "]}" * 20
        + "]}"
    ),
}


def test_it_is_read_for_all_that() -> None:
    """These are some of the pages."""
    names = some(HARMLESS, 4)
    texts = [decode(HARMLESS[name].encode()) for name in names]
    for name, answer in zip(names, read_each(texts), strict=True):
        assert "refused" not in answer, f"{name}: {answer}"
        facts = Reading.from_data(answer).facts
        found = {(f.field, f.keyword, str(f.value)) for f in facts}
        assert ("prompt", "type", "string") in found, name


def test_a_sentence_longer_than_rules_are_run_on_is_a_question() -> None:
    long = "only " * 300
    page = f"{long}\n\n{FIELD}{long}\n\nOptions:\n- first: {long}\n- second: x\n"
    reading = read_page(page, "page")
    assert [(note.field, note.reason) for note in reading.unread] == [
        ("prompt", "too long"),
        ("prompt", "too long"),
        ("", "too long"),
    ]


def test_what_a_process_reads_is_what_is_read_here() -> None:
    for page in (PAGES / "sora-2.txt", PAGES / "wan-2.6-video-edit.md"):
        text = page.read_text("utf-8")
        assert read_confined(text, page.stem) == read_page(text, page.stem)
    nameless = 'Body\nWords\n800"An otter"\nResponse\nOK\nWhen\n1757165031\n'
    names = {"request": ["prompt"]}
    assert read_confined(nameless, "otter", names) == read_page(nameless, "otter", names)


@pytest.mark.parametrize(
    ("does", "reason"),
    [
        ("while True: pass", "the page takes too long to read"),
        ("'a' * (1 << 40)", "the page takes too much memory to read"),
        ("{}['a']", "the reader has a fault that this page shows: KeyError at <string>:2"),
        ("raise PageError('it rhymes')", "it rhymes"),
        ("os.kill(os.getpid(), signal.SIGSEGV)", "the page ends its reader (signal 11)"),
        ("os.kill(os.getpid(), signal.SIGKILL)", "the page takes too long or too much memory"),
        ("sys.exit(3)", "the page ends its reader (status 3)"),
    ],
)
def test_what_a_page_does_to_its_reader_is_one_line(
    does: str, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = f"""def read_page(*_):
    {does}
import json, os, signal, sys, types
from documentation.reading import confined
from documentation.fact import PageError
sys.modules["documentation.reading.page"] = types.SimpleNamespace(read_page=read_page)
confined.MOST_SECONDS = 1
confined.limit()
print(json.dumps(confined.answer(json.load(sys.stdin))))
"""
    monkeypatch.setattr(confined, "_READER", [sys.executable, "-c", program])
    with pytest.raises(PageError, match=re.escape(reason)) as refusal:
        read_confined("text", "page")
    assert "\n" not in str(refusal.value)


def test_a_reader_that_sleeps_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(confined, "MOST_WAIT", 0.1)
    monkeypatch.setattr(confined, "_READER", ["sleep", "600"])
    with pytest.raises(PageError, match="takes too long"):
        read_confined("text", "page")


def run(*arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "documentation", *arguments],
        input=stdin,
        capture_output=True,
        cwd=ROOT,
        check=False,
        preexec_fn=_bounded,
    )


def _bounded() -> None:
    """A command that goes on for ever ends by the processor's time, not by the clock's."""
    resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
    resource.setrlimit(resource.RLIMIT_CPU, (30, 30))


def run_here(*arguments: str, stdin: bytes = b"") -> int:
    """The status of a command that needs no bounds of its own: what it says is captured."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        return main([*arguments])


@pytest.mark.parametrize("name", ["fifty megabytes", "yaml bomb", "binary", "html", "empty"])
def test_the_command_says_one_line_and_fails(
    name: str, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    page = tmp_path / "page.txt"
    raw, reason = HOSTILE[name]
    page.write_bytes(raw)
    for source, stdin in ((str(page), b""), ("-", raw)):
        if name == "fifty megabytes":
            result = run("read", source, "--json", stdin=stdin)
            status, said = result.returncode, (result.stdout, result.stderr)
        else:
            status, said = run_here("read", source, "--json", stdin=stdin), capfdbinary.readouterr()
        assert status == 2
        assert said[0] == b""
        assert said[1].decode().partition(": ")[2] == f"{reason}\n"


def test_what_is_no_file_is_refused(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    for source, reason in (
        *((special, "not a regular file") for special in (tmp_path, fifo, "/dev/zero")),
        *((absent, "No such file or directory") for absent in (tmp_path / "a", "a\x1b[2J")),
        ("x" * 5000, "File name too long"),
    ):
        assert run_here("read", str(source)) == 2
        said = capfd.readouterr().err
        assert said.rpartition(": ")[2] == f"{reason}\n"
        assert said.count("\n") == 1
        assert "\x1b" not in said


@pytest.mark.parametrize("command", ["diff", "accept"])
def test_a_fault_that_a_page_shows_when_it_is_compared_is_one_line(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def review(*_: object) -> None:
        raise KeyError("a word\nof the page")

    monkeypatch.setattr("documentation.changing.review.review", review)
    assert main([command, "page.txt"]) == 2
    said = capsys.readouterr().err
    assert said.startswith("page.txt: can't be compared with the spec: KeyError at test_hostile")
    assert said.count("\n") == 1


def test_a_page_can_not_command_the_terminal(capfd: pytest.CaptureFixture[str]) -> None:
    text = FIELD + "Red \x1b[31m must be at most seven things\u202e\n"
    assert run_here("read", "-", stdin=text.encode()) == 0
    said = capfd.readouterr().out
    assert said and not {"\x1b", "\u202e"} & {*said}


def test_json_can_not_command_the_terminal_either(capfd: pytest.CaptureFixture[str]) -> None:
    text = FIELD + 'Example:\n\n["\\u009b31m\\u202e\\u001b"]\n'
    assert run_here("read", "-", "--json", stdin=text.encode()) == 0
    said = capfd.readouterr().out
    assert "\\u009b31m\\u202e\\u001b" in said
    assert json.loads(said)[-1]["value"] == ["\x9b31m\u202e\x1b"]


def test_json_prints_facts_and_nothing_else() -> None:
    result = run("read", "-", "--json", "--page", "mine", stdin=(FIELD + "Must rhyme.").encode())
    assert [sorted(row) for row in json.loads(result.stdout)] == [
        ["field", "in", "keyword", "page", "stated", "value"]
    ] * 2
    assert b"unread: request prompt: Must rhyme" in result.stderr


def test_a_fault_in_one_sentence_is_a_question_and_not_the_end_of_the_page(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plain = ProseReader._in_plain_words

    def in_plain_words(self: ProseReader, draft: Draft, sentence: str, said: Said) -> None:
        if "moon" in sentence:
            raise KeyError(sentence)
        plain(self, draft, sentence, said)

    monkeypatch.setattr(ProseReader, "_in_plain_words", in_plain_words)
    reading = read_page(f"{FIELD}At most 9 characters. At most 3 moons.\n", "page")
    assert ("prompt", "maxLength", 9) in {(f.field, f.keyword, f.value) for f in reading.facts}
    [note] = reading.unread
    assert note.reason.startswith(f"{READERS_FAULT}: KeyError at test_hostile.py:")
    assert "moon" in note.sentence and "moon" not in note.reason
