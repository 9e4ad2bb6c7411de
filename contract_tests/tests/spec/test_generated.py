"""generated/ is what openapi.yaml and the templates make, whole or not at all."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from contract_tests.accepting.project_copy import copy_project
from contract_tests.tests.conftest import run_in
from contract_tests.tests.documentation.base import take_base_to
from overlays.bundle import ROOT
from overlays.generate import PACKAGE


def tree(directory: Path) -> dict[str, bytes]:
    """The content of every file below a directory."""
    return {
        str(path.relative_to(directory)): path.read_bytes()
        for path in sorted(directory.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }


@pytest.fixture(scope="module")
def base_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project with the base in it, and bundled; each test leaves it as it was."""
    project = copy_project(tmp_path_factory.mktemp("base") / "project")
    take_base_to(project)  # whose words the cases change
    assert run_in(project, "-m", "overlays.bundle").returncode == 0
    return project


# What `python -m overlays.generate` does, for each line that it reads: to load it takes longest.
AGAIN = """
import contextlib, io, json, sys, traceback
from overlays.generate import main
for _ in sys.stdin:
    said, code = io.StringIO(), None
    with contextlib.redirect_stderr(said), contextlib.redirect_stdout(None):
        try:
            code = main()
        except Exception:
            traceback.print_exc()
    print(json.dumps([code, said.getvalue()]), flush=True)
"""


@pytest.fixture(scope="module")
def generate_again(base_project: Path) -> Iterator[Callable[[], tuple[int | None, str]]]:
    """Generate in the copy, in one process; the exit code and what it says of an error."""
    pipe = subprocess.PIPE
    with subprocess.Popen(
        [sys.executable, "-c", AGAIN], cwd=base_project, stdin=pipe, stdout=pipe, text=True
    ) as process:
        given, told = process.stdin, process.stdout
        assert given and told

        def again() -> tuple[int | None, str]:
            print(file=given, flush=True)
            code, said = json.loads(told.readline())
            return code, said

        yield again
        given.close()


def test_committed_package_is_what_the_generator_makes_and_nothing_stale_stays(
    copy_of_project: Callable[..., Path], record_property: Callable[[str, object], None]
) -> None:
    project = copy_of_project()
    package = project / "generated" / PACKAGE
    (package / "models" / "stale.py").touch()
    with (package / "types.py").open("a") as changed:
        changed.write("by = 'hand'\n")
    client = (package / "client.py").stat()
    began = time.monotonic()
    ended = run_in(project, "-m", "overlays.generate", PATH="")  # without Node
    assert ended.returncode == 0, ended.stderr
    record_property("make generate", f"{time.monotonic() - began:.1f} s")
    assert tree(project / "generated") == tree(ROOT / "generated")
    same = (package / "client.py").stat()
    assert (same.st_ino, same.st_mtime) == (client.st_ino, client.st_mtime), "it did not change"


def test_portable_spec_has_no_keyword_of_our_own_which_strict_tools_refuse() -> None:
    text = (ROOT / "generated" / "portable.openapi.json").read_text("utf-8")
    assert re.findall(r'"(x-[\w-]+)": ', text) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        pytest.param(
            "openapi.yaml",
            "openapi: 3.1.1\n",
            "openapi: 3.1.1\nservers: [\n",
            "error: openapi.yaml:",
            id="broken-yaml-in-the-spec",
        ),
        pytest.param(
            "overlays/client.overlay.yaml",
            "actions:\n",
            "actions: ]\n",
            "error: overlays/client.overlay.yaml:",
            id="broken-yaml-in-an-overlay",
        ),
        pytest.param(
            "overlays/mock.overlay.yaml",
            "$.paths[*][*].callbacks",
            "$.paths[*][*].webhooks",
            "error: overlays/mock.overlay.yaml: action 1 (Prism runs callbacks, and would post to "
            "every callback_url that a request names.): the target $.paths[*][*].webhooks matches "
            "nothing; mend or drop the action",
            id="overlay-target-that-is-gone",
        ),
        pytest.param(
            "openapi.yaml",
            "      if: {properties: {aspect_ratio: true}, required: [aspect_ratio]}\n",
            "      anyOf: [{required: [prompt]}]\n",
            "error: the generator dropped the schema Veo31FastFramesRequest: fit it in overlays/",
            id="schema-that-the-generator-drops-without-a-word",
        ),
        pytest.param(
            "openapi.yaml",
            "        image_url:\n          type: string\n",
            "        image_url:\n          type: [string, integer]\n          enum: [a, 1]\n",
            "error: openapi-python-client: ",
            id="property-that-the-generator-can-not-express",
        ),
        pytest.param(
            "openapi.yaml",
            'enum: ["16:9", "9:16"]\n          examples: ["16:9"]',
            'enum: ["16:9", "9:16", null]\n          examples: ["16:9"]',
            "error: veo_31_fast_frames_request_aspect_ratio_type_1: give the schema a title",
            id="class-without-a-name-of-its-own",
        ),
        pytest.param(
            "openapi.yaml",
            "#/components/schemas/TaskInfo",
            "#/components/schemas/TaskInfos",
            "error: openapi.yaml: it has a reference that leads nowhere: #/components/schemas/Task",
            id="reference-to-nothing",
        ),
    ],
)
def test_bad_input_is_said_in_one_line_and_changes_nothing(
    base_project: Path,
    generate_again: Callable[[], tuple[int | None, str]],
    file: str,
    old: str,
    new: str,
    message: str,
) -> None:
    path, generated, build = (base_project / each for each in (file, "generated", "build"))
    before, text = (tree(generated), tree(build)), path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    code, said = generate_again()
    path.write_text(text)
    assert code == 1, said
    assert said.startswith(message), said
    assert said.count("\n") == 1
    assert tree(generated) == before[0]
    built = tree(build)
    assert set(built) == set(before[1])
