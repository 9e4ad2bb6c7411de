"""The job of every morning, with a real git remote in a folder and a site on loopback."""

from __future__ import annotations

import html
import re
import subprocess
from pathlib import Path

import pytest

from contract_tests.tests.documentation.checkout import HORSE, LATER, Made
from contract_tests.tests.documentation.reading.expectation import PAGES
from documentation.fact import PageError
from documentation.watching import nightly as morning
from documentation.watching.nightly import BRANCH, REPORT, nightly
from documentation.watching.told import plain
from documentation.watching.watch import Found

pytestmark = pytest.mark.usefixtures("read_here")

HOSTILE = "Sharpness for @everyone [here](https://evil.test) <img src=x>, exactly 3 moons #1 `x`"
SORA = (PAGES / "sora-2.txt").read_text("utf-8")
TEXTS: dict[str, str | Exception] = {
    "veo-3.1-extend": LATER.read_text("utf-8"),
    HORSE.stem: HORSE.read_text("utf-8").replace("Sharpness of the picture", HOSTILE),
    "sora-2": SORA,
    "pony-1.0": HORSE.read_text("utf-8")
    .replace(HORSE.stem, "pony-1.0")
    .replace("Clip length in seconds", "Clip length in seconds. Defaults to 7"),
    "absent": PageError("the address answers 404"),
    "veo3.1-fast": (PAGES / "standins" / "veo3.1-fast.txt").read_text("utf-8"),
}


class Probed(Made):
    """Stands for make too: the probes fail while a page is among those that are accepted."""

    def __init__(self, failing: str = "") -> None:
        super().__init__()
        self.failing = failing

    def __call__(self, root: Path, arguments: list[str]) -> None:
        super().__call__(root, arguments)
        page = (arguments[1:] or [f"PAGE={self.failing}"])[0].removeprefix("PAGE=")
        known = root / "documentation" / "facts" / f"{self.failing}.yaml"
        if arguments[0] == "probes" and page == self.failing and known.exists():
            raise PageError("make probes failed: a probe")


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", *arguments], cwd=folder, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


@pytest.fixture
def project(checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout that is committed, with a remote in a folder."""
    for name in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{name}_NAME", "Somebody")
        monkeypatch.setenv(f"GIT_{name}_EMAIL", "somebody@example.com")
    remote = tmp_path / "remote.git"
    git(checkout, "init", "--quiet", "--bare", str(remote))
    (checkout / ".gitignore").write_text("build/\nremote.git/\n", "utf-8")
    (checkout / "CHANGELOG.md").write_text("# C\n\n### Added\n\n- a\n\n### Changed\n\n- b\n")
    git(checkout, "init", "--quiet", "--initial-branch=main")
    git(checkout, "add", "--all")
    git(checkout, "commit", "--quiet", "--message", "The base")
    git(checkout, "remote", "add", "origin", str(remote))
    git(checkout, "push", "--quiet", "origin", "main")

    def fetched(root: Path) -> list[tuple[str, Found | Exception]]:
        return [
            (page, text if isinstance(text, Exception) else Found(text, f"https://a.test/{page}"))
            for page, text in TEXTS.items()
        ]

    monkeypatch.setattr(morning, "fetched", fetched)
    return checkout


def only(monkeypatch: pytest.MonkeyPatch, *pages: str) -> None:
    """A site of these pages."""
    found = [(page, Found(str(TEXTS[page]), f"https://a.test/{page}")) for page in pages]
    monkeypatch.setattr(morning, "fetched", lambda root: found)


def test_what_needs_no_decision_is_pushed_on_a_branch_and_the_rest_is_told(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = Probed()
    night = nightly(project, made)
    assert [each.reading.page for each in night.accepted] == [
        "veo-3.1-extend",
        HORSE.stem,
        "sora-2",
    ]
    assert made.targets == ["docs-check", "generate", "exported", "probes", "test"]
    assert git(project, "rev-parse", "--abbrev-ref", "HEAD") == "main"
    assert git(project, "status", "--porcelain") == ""
    remote = project / "remote.git"
    assert git(remote, "rev-parse", "main") == git(project, "rev-parse", "main")
    assert git(remote, "rev-list", "--count", f"main..{BRANCH}") == "1"
    changed = set(git(remote, "diff", "--name-only", "main", BRANCH).splitlines())
    facts = {f"documentation/facts/{page}.yaml" for page in ("sora-2", HORSE.stem)}
    assert changed >= {*facts, "openapi.yaml", "CHANGELOG.md"} and "build/nightly.md" not in changed
    told = (project / REPORT).read_text("utf-8")
    assert "| make | result |" in told and "| test | green |" in told
    assert "renamed&#58; video is now video&#95;url" in told
    assert re.search(r"^- \[ \] happyhorse-1\.0.* moons", told, re.MULTILINE)
    assert re.search(r"## Left out\n\n- pony-1\.0.* duration default", told)
    assert re.search(r"## Could not be read\n\n- absent.* answers 404", told)
    assert not night.is_quiet
    only(monkeypatch, HORSE.stem)
    assert len(nightly(project, Probed()).accepted) == 1
    assert git(remote, "rev-list", "--count", f"main..{BRANCH}") == "1", "made anew"


def test_words_of_a_page_are_only_words_in_the_report(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    only(monkeypatch, HORSE.stem)
    nightly(project, Probed(), push=False)
    assert git(project / "remote.git", "branch", "--list", BRANCH) == ""
    told = (project / REPORT).read_text("utf-8").partition("## The spec")[0]
    for markup in ("@everyone", "](http", "<img", "https://evil", "#1 ", "`x`"):
        assert markup not in told, markup
    assert "moons" in told
    mentions = html.unescape(plain("me@you #12 GH-12 www.evil.test https://evil.test @all"))
    assert not re.search(r"[@#]\w|\bgh-|www\.|https?:", mentions, re.IGNORECASE)
    assert mentions.replace("\u2060", "") == "me@you #12 GH-12 www.evil.test https://evil.test @all"
    assert plain("a_b *c* \x1b[31m | x") == "a&#95;b &#42;c&#42;  &#91;31m &#124; x"


def test_a_page_whose_probes_fail_is_left_out_and_the_others_go_on(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    only(monkeypatch, HORSE.stem, "sora-2")
    made = Probed("sora-2")
    night = nightly(project, made)
    assert [each.reading.page for each in night.accepted] == [HORSE.stem]
    assert night.told.left_out["sora-2"] == ["its probes fail once it is accepted"]
    assert night.told.results["probes"] == ""
    listed = git(project / "remote.git", "ls-tree", "-r", "--name-only", BRANCH)
    assert "facts/sora-2.yaml" not in listed and f"facts/{HORSE.stem}.yaml" in listed


def test_a_morning_without_news_pushes_nothing_and_is_quiet(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    only(monkeypatch, "veo3.1-fast")
    night = nightly(project, Made())
    assert night.is_quiet and not night.accepted
    assert git(project / "remote.git", "branch", "--list", BRANCH) == ""
    assert git(project, "branch", "--list", BRANCH) == ""


def test_a_page_that_moved_is_watched_where_it_is(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = project / "documentation" / "pages.yaml"
    pages.write_text("pages:\n  veo3.1-fast: https://a.test/old\n", "utf-8")
    git(project, "add", "--all")
    git(project, "commit", "--quiet", "--message", "Pages")
    found = Found(str(TEXTS["veo3.1-fast"]), "https://a.test/new", moved=True)
    monkeypatch.setattr(morning, "fetched", lambda root: [("veo3.1-fast", found)])
    nightly(project, Made())
    shown = git(project / "remote.git", "show", f"{BRANCH}:documentation/pages.yaml")
    assert shown.endswith("veo3.1-fast: https://a.test/new")


def test_work_of_people_is_not_touched(project: Path) -> None:
    note = project / "documentation" / "facts" / "mine.yaml"
    note.write_text("mine\n", "utf-8")
    with pytest.raises(PageError, match="not committed"):
        nightly(project, Made())
    assert note.read_text("utf-8") == "mine\n"
    note.unlink()
    git(project, "switch", "--quiet", "--create", BRANCH)
    with pytest.raises(PageError, match="switch to another branch"):
        nightly(project, Made())


def test_a_red_suite_is_told_and_pushed_all_the_same(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    only(monkeypatch, HORSE.stem)
    night = nightly(project, Made(fail_at="test"))
    assert not night.is_quiet
    assert "| test | failed" in (project / REPORT).read_text("utf-8")
    assert git(project / "remote.git", "branch", "--list", BRANCH)
