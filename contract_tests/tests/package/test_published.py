"""What is published: the names, the sdist, and what README, metadata and workflows say of them."""

from __future__ import annotations

import json
import re
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest

from contract_tests import exported
from contract_tests.tests.conftest import distribution
from overlays.bundle import ROOT, read_yaml

PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
README = (ROOT / "README.md").read_text("utf-8")
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


def test_exported_names_are_those_of_the_list() -> None:
    listed = set(exported.LIST.read_text("utf-8").splitlines())
    names = set(exported.exported())
    assert names == listed, (
        f"new: {sorted(names - listed)}, gone: {sorted(listed - names)}: "
        "run make exported, and say in CHANGELOG.md what it means for users"
    )


def test_exported_names_are_found_by_an_import() -> None:
    assert "foxapi_video.FoxAPI" in exported.exported()
    for name in exported.exported():
        module, _, attribute = name.rpartition(".")
        assert hasattr(sys.modules[module], attribute), name


def test_sdist_builds_the_same_wheel_and_holds_little_else(tmp_path: Path) -> None:
    with tarfile.open(distribution(ROOT, "sdist", tmp_path / "sdist")) as sdist:
        files = [member.name.split("/", 1)[1] for member in sdist.getmembers() if member.isfile()]
        sdist.extractall(tmp_path / "source", filter="data")
    packages = ("foxapi_video/", "generated/foxapi_video_client/")
    assert sorted(file for file in files if not file.startswith(packages)) == [
        *(".gitignore", "CHANGELOG.md", "LICENSE", "PKG-INFO", "README.md", "pyproject.toml"),
    ]
    (source,) = (tmp_path / "source").iterdir()
    contents = []
    for project, name in ((source, "from-sdist"), (ROOT, "from-project")):
        with zipfile.ZipFile(distribution(project, "wheel", tmp_path / name)) as wheel:
            contents.append({entry.filename: entry.CRC for entry in wheel.infolist()})
    assert contents[0] == contents[1]
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in contents[0])


def test_links_of_the_readme_work_on_a_package_index() -> None:
    links = re.findall(r"\]\(([^)]+)\)", README)
    assert links and [link for link in links if not link.startswith("https://")] == []


def test_readme_and_tools_ask_for_the_same_node() -> None:
    engines = json.loads((ROOT / "package.json").read_text("utf-8"))["engines"]["node"]
    asked = r"Node 24 or newer.*\(.*: 22\.13, 20\.19\)"
    assert re.search(asked, README) and engines == "^20.19 || ^22.13 || >=24"


def test_every_python_that_is_promised_is_tested() -> None:
    known = "Programming Language :: Python :: 3."
    promised = [each.rpartition(" ")[2] for each in PROJECT["classifiers"] if known in each]
    matrix = read_yaml(ROOT / ".github/workflows/contract.yml")["jobs"]["test"]["strategy"][
        "matrix"
    ]
    assert matrix["python"] == promised
    assert PROJECT["requires-python"] == f">={promised[0]}"


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_keeps_no_credentials(path: Path) -> None:
    jobs = read_yaml(path)["jobs"].values()
    steps = [step for job in jobs for step in job["steps"]]
    checkouts = [step for step in steps if step.get("uses", "").startswith("actions/checkout@")]
    assert checkouts
    assert all(step["with"]["persist-credentials"] is False for step in checkouts)


def test_a_release_is_started_by_hand_alone() -> None:
    release = (ROOT / ".github/workflows/release.yml").read_text("utf-8")
    (events,) = re.findall(r"^on:\n((?:  .*\n)+)", release, re.MULTILINE)
    assert events == "  workflow_dispatch:\n"
    (publish,) = [
        job
        for job in read_yaml(ROOT / ".github/workflows/release.yml")["jobs"].values()
        if "needs" in job
    ]
    assert publish["permissions"] == {"id-token": "write"}
    assert publish["steps"][-1]["with"] == {"attestations": True}
