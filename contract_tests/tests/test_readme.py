"""Every command in the README is run: here, by another test, or by make."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest

from contract_tests.accepting.project_copy import paths_of
from contract_tests.example import run_example
from contract_tests.mock.mock import Mock
from contract_tests.referees.samples import BODY
from contract_tests.tests.conftest import distribution, run_in
from contract_tests.tests.documentation.base import take_base_to
from contract_tests.tests.package.batch.pretended import Made
from contract_tests.tests.suite.make import make
from documentation import facts_files
from documentation.changing.accept import EXPORTED, accept
from documentation.changing.programs import outdated
from documentation.changing.review import review
from foxapi_video import checking
from foxapi_video.testing import VIDEO
from overlays.bundle import ROOT, read_yaml
from overlays.openapi import create_variants
from overlays.readme_table import BEGINS, ENDS, table, write_table

README = (ROOT / "README.md").read_text()
BLOCKS = re.findall(r"^[ ]*```(\w+)\n(.*?)^[ ]*```", README, re.MULTILINE | re.DOTALL)
PYTHON = [text for language, text in BLOCKS if language == "python"]
TESTS = [text for text in PYTHON if "foxapi_video.testing" in text]
PROGRAMS = [text for text in PYTHON if text not in TESTS]
COMMANDS = [
    line.strip() for language, text in BLOCKS if language == "sh" for line in text.splitlines()
]
# What runs each command.
RUN_BY = {
    "make": "continuous integration, as the main job",
    "make test": "this run",
    "make mock": "test_front.py, on a free port",
    "make generate": "test_generated.py, in a copy of the project",
    "make exported": "make docs-accept",
    "git diff generated": "test_generated.py, which proves it empty",
    "make docs-diff PAGE=saved/veo-3.1-extend.txt": "test_accepted_page_changes_the_client",
    "make docs-accept PAGE=saved/veo-3.1-extend.txt": "test_accepted_page_changes_the_client",
    "make docs-accept PAGE=saved/extend-in-may.txt EDITION_OF=veo-3.1-extend": (
        "test_untrusted.py; test_commands.py, that it arrives as it is set"
    ),
    'make docs-accept PAGE=saved/veo-3.1-extend.txt TAKE="1=prose 2=nothing" REASON="The '
    'sentence is newer."': "test_questions.py; test_commands.py, that it arrives as it is set",
    "make docs-retire PAGE=veo-3.1-extend": "test_retire.py",
    "make docs-check": "make docs-accept",
    "make probes": "make docs-accept, for its page",
    "make check": "test_make_check_is_clean",
    "make mutation": "test_mutation.py, on a sample",
    "make unseen": "test_unseen.py, with some of the pages; by the workflow of the readers",
    "make agreement": "test_agreement.py, with fewer bodies",
    "make report": "test_report.py",
    "make faults": "package/test_faults.py, with fewer runs",
    "make faults-proxies": "package/test_proxies.py, with fewer runs",
    "make faults-batch": "package/batch/test_commands.py, with fewer kills",
    "make faults-accept": "test_accepted_page_changes_the_client, its fast part",
    "make bench": "by people: a figure is not a test",
    "make bench-pages": "by people: it takes a quarter of an hour",
    "make bench-peers": "by people: it installs other SDKs",
    "make readers": "by a workflow of its own: it installs other tools",
    "make fuzz-mock": "by the workflow of the readers: it takes minutes",
    "make docs": "test_reference_is_written",
    "make contract": "test_contract.py",
    "make contract BASE_URL=https://api.foxapi.cc FOXAPI_API_KEY=...": "test_contract.py",
    "make contract BASE_URL=https://api.foxapi.cc FOXAPI_API_KEY=... SPEND=1": "test_contract.py",
    "pip install dist/*.whl": "the fixture installed",
    'pip install "$(ls dist/*.whl)[cli]"': "the fixture installed; the extra is there already",
    "export FOXAPI_BASE_URL=http://127.0.0.1:4010 FOXAPI_API_KEY=placeholder": "run_example",
}


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built and installed outside of the project; what it needs is there already."""
    wheels, target = tmp_path_factory.mktemp("dist"), tmp_path_factory.mktemp("site")
    wheel = distribution(ROOT, "wheel", wheels)
    install = ("-m", "pip", "install", "--no-deps", "--no-index", "--target", str(target))
    ended = run_in(ROOT, *install, str(wheel))
    assert ended.returncode == 0, ended.stderr
    return target


def test_table_of_variants_is_that_of_the_spec(tmp_path: Path) -> None:
    schemas = create_variants(read_yaml(ROOT / "openapi.yaml"))
    shown = README.partition(BEGINS)[2].partition(ENDS)[0]
    assert shown == table(checking.index(), schemas), "run make generate"
    stale = tmp_path / "README.md"
    stale.write_text(README.replace(shown, "| old |\n"))
    write_table(checking.index(), schemas, stale)
    assert stale.read_text() == README
    stale.write_text("no table")
    write_table(checking.index(), schemas, stale)
    assert stale.read_text() == "no table"


def test_every_command_is_run_somewhere() -> None:
    ours = [command for command in COMMANDS if not command.startswith("foxapi-video ")]
    assert ours and set(ours) == set(RUN_BY)


@pytest.mark.parametrize(
    "command", [command for command in COMMANDS if command.startswith("foxapi-video ")]
)
def test_command_line_does_what_it_shows(mock: Mock, tmp_path: Path, command: str) -> None:
    (tmp_path / "body.json").write_text(json.dumps(BODY))
    (tmp_path / "start.png").write_bytes(b"PNG")
    (tmp_path / "requests.jsonl").write_text(json.dumps(BODY) + "\n")
    words = shlex.split(command.replace("TASK_ID", "task-unified-1"))[1:]
    if words[:2] in (["batch", "status"], ["batch", "retry"]):  # of what was begun before
        Made(tmp_path / "videos").run([BODY])
    environment = {"FOXAPI_BASE_URL": mock.url, "FOXAPI_API_KEY": "placeholder"}
    ended = run_in(tmp_path, "-m", "foxapi_video.cli", *words, **environment)
    assert ended.returncode == 0, ended.stderr
    if "--download" in words:
        assert (tmp_path / words[words.index("--download") + 1]).read_bytes() == VIDEO


# What stands before a fragment in a program: a client of the pretend API, and a task.
BEFORE = """
import django.conf, httpx, foxapi_video
from pathlib import Path
from foxapi_video import *
from foxapi_video import callbacks
from foxapi_video.batch import async_batch
from foxapi_video.testing import QUICK, PretendAPI

django.conf.settings.configure(ROOT_URLCONF="none")
Path("photo.png").write_bytes(b"PNG")
fox = FoxAPI(transport=PretendAPI(check=False), polling=QUICK)
task = fox.videos.generate(model="veo3.1-fast", prompt="The fox runs on")
task_id, handler, prompts = task.id, print, ["The fox runs on"]
async_batch.AsyncFoxAPI = lambda: AsyncFoxAPI(transport=PretendAPI(), polling=QUICK)
"""


def test_fragments_run_on_the_installed_wheel(
    installed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One after the other, with an answer to each call and no server."""
    monkeypatch.setenv("PYTHONPATH", str(installed))
    monkeypatch.setenv("FOXAPI_API_KEY", "placeholder")
    fragments = [text for language, text in BLOCKS if language == "py"]
    own = f"import foxapi_video as c\nassert c.__file__.startswith({str(installed)!r}), c\n"
    told = [f"print('--- {number}')\n{text}" for number, text in enumerate(fragments)]
    (tmp_path / "program.py").write_text("\n".join([own, BEFORE, *told]))
    ended = run_in(tmp_path, "-W", "ignore", "program.py")
    assert ended.returncode == 0, ended.stdout[-200:] + ended.stderr
    assert ended.stdout.count("--- ") == len(fragments) > 10


@pytest.mark.parametrize("number", range(len(PROGRAMS)))
def test_program_runs_on_the_installed_wheel(
    installed: Path, mock: Mock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(installed))
    program = tmp_path / "program.py"
    program.write_text(
        f"import foxapi_video as c\nassert c.__file__.startswith({str(installed)!r}), c\n"
        + PROGRAMS[number]
    )
    ended = run_example(program, mock.url, tmp_path)
    assert ended.returncode == 0, ended.stderr
    assert "task-unified-" in ended.stdout
    saved = [path.read_bytes() for path in tmp_path.iterdir() if path != program]
    assert saved == [VIDEO] * PROGRAMS[number].count("videos.download(")


def test_tests_of_users_pass_on_the_installed_wheel(
    installed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are shown without a server, so there is none."""
    monkeypatch.setenv("PYTHONPATH", str(installed))
    assert TESTS
    for number, text in enumerate(TESTS):
        own = f"import foxapi_video as c\nassert c.__file__.startswith({str(installed)!r}), c\n"
        (tmp_path / f"test_{number}.py").write_text(own + text)
    (tmp_path / "pytest.ini").touch()
    alone = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}  # no plugin helps them, or takes its time
    ended = run_in(tmp_path, "-m", "pytest", "-q", ".", **alone)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert f"{sum(text.count('def test_') for text in TESTS)} passed" in ended.stdout


def test_wheel_holds_the_package_and_nothing_else(installed: Path) -> None:
    packages = {path.name for path in installed.iterdir() if not path.name.endswith(".dist-info")}
    assert packages <= {"foxapi_video", "foxapi_video_client", "bin"}
    assert (installed / "foxapi_video_client" / "py.typed").exists()
    assert (installed / "foxapi_video_client" / "schemas" / "index.json").exists()


@pytest.mark.parametrize("example", sorted(path.name for path in ROOT.glob("examples/create_*.py")))
def test_example_of_the_generated_client_runs(mock: Mock, example: str) -> None:
    ended = run_example(ROOT / "examples" / example, mock.url)
    assert ended.returncode == 0, ended.stderr
    assert "VideoTask(" in ended.stdout


def test_make_check_is_clean() -> None:
    ended = make(ROOT, "check")
    assert ended.returncode == 0, ended.stdout + ended.stderr


# A page, what is said of it, the model whose module it changes, and what is there afterwards.
ACCEPTED = [
    (
        "markdown/happyhorse-1.0-text-to-video.md",
        "new page, model",
        "happyhorse_10_text_to_video_request",
        'model: Literal["happyhorse-1.0-text-to-video"]',
    ),
    ("sora-2.txt", "new page, model", "sora_2_pro_request", 'model: Literal["sora-2-pro"]'),
    (
        "later/veo-3.1-extend.txt",
        "request field renamed: video is now video_url",
        "veo_31_extend_request",
        "video_url: Address",
    ),
]


def test_accepted_page_changes_the_client(copy_of_project: Callable[..., Path]) -> None:
    """A new model as markdown, two models of a page, then by make a field renamed."""
    project = copy_of_project()
    take_base_to(project)
    # README may name what came with a page that was accepted, and is not of the base.
    told = outdated(project, read_yaml(project / "openapi.yaml"))
    (project / "examples" / "extend.py").write_text('Veo31ExtendRequest(prompt="p", video="v")\n')
    added = ("Happyhorse10TextToVideoRequest", "Sora2ProRequest")
    exported = project / EXPORTED  # it may list them already, where their pages were accepted
    names = exported.read_text("utf-8").splitlines(keepends=True)
    exported.write_text("".join(each for each in names if not each.rstrip().endswith(added)))
    *new, (renamed, renaming, _, _) = ACCEPTED
    for page, change, _, _ in new:
        result = review(str(project / "contract_tests" / "pages" / page), "", project)
        assert any(change in line for line in result.changes()), result.changes()
        # The facts and the spec; what is made of them is made and checked with the last page.
        accept(result, project, lambda *_: None)
    assert outdated(project, read_yaml(project / "openapi.yaml")) == told
    given = f"PAGE=contract_tests/pages/{renamed}"
    shown = make(project, "docs-diff", given)
    assert renaming in shown.stdout, shown.stdout + shown.stderr
    # It holds the spec to every page, and ends with the probes of this one, which must be green.
    accepted = make(project, "docs-accept", given)
    assert accepted.returncode == 0, accepted.stdout + accepted.stderr
    for model in added:
        name = f"foxapi_video.{model}"
        assert f": for CHANGELOG.md: new name: {name}\n" in accepted.stdout, accepted.stdout
        assert name in exported.read_text("utf-8").splitlines()
    by_hand = "change by hand: examples/extend.py: Veo31ExtendRequest has no video"
    assert by_hand in accepted.stdout
    pages = [f"--page={Path(page).stem}" for page, *_ in new]
    probed = run_in(project, "-m", "contract_tests.probes.run", *pages, **paths_of(project))
    assert probed.returncode == 0, probed.stdout + probed.stderr
    assert all(f"{Path(page).stem}: " in probed.stdout for page, *_ in new), probed.stdout
    read = facts_files.load("veo-3.1-extend", project / "documentation" / "facts")
    days = (project / "generated" / "foxapi_video_client" / "pages.py").read_text("utf-8")
    assert read is not None and f'    "veo-3.1-extend": "{read.read}",\n' in days
    readme = (project / "README.md").read_text()
    assert "| `happyhorse-1.0-text-to-video` |" in readme and "| `sora-2-pro` |" in readme
    for _, _, model, field in ACCEPTED:
        module = project / "generated" / "foxapi_video_client" / "models" / f"{model}.py"
        assert field in module.read_text()
    # The linters find no fault but the one made here, which redocly does not know.
    spec = project / "openapi.yaml"
    spec.write_text(spec.read_text("utf-8").replace("  - name: tasks\n", "  - name: task\n"))
    linted = make(project, "lint")
    assert linted.returncode != 0 and "  operation-tag-defined  " in linted.stdout, linted.stderr
    assert "1 problem (" in linted.stdout, linted.stdout


def test_reference_is_written(copy_of_project: Callable[..., Path]) -> None:
    project = copy_of_project()
    ended = make(project, "docs")
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "createVideo" in (project / "build" / "docs" / "index.html").read_text()


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_every_file_that_a_page_names_exists(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    named = set(re.findall(r"\]\((?!http)([^)]+)\)", text))
    rows = re.findall(r"^\|.*\|$", text, re.MULTILINE)
    named |= {path for row in rows for path in re.findall(r"`(\w+/[\w./-]*)`", row)}
    assert len(named) > 10
    assert [path for path in sorted(named) if not (ROOT / path).exists()] == []
