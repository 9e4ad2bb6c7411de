"""Folders that hold one package and what it needs, and what running Python with one costs.

A user's environment has no rich and no click where nothing asks for them. httpx imports both where
they are there, which would flatter every ratio.
"""

from __future__ import annotations

import importlib.metadata
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

from overlays.bundle import ROOT


def site_packages(environment: Path) -> Path:
    """Where a virtual environment of this Python keeps its packages."""
    base = str(environment)
    return Path(sysconfig.get_path("purelib", "venv", {"base": base, "platbase": base}))


def version_of(name: str, environment: Path) -> str:
    """The version of a distribution that a virtual environment has."""
    return _distribution(name, site_packages(environment)).version


def seconds_of(site: Path, statement: str) -> float:
    """Seconds of the processor, for which what else the machine does counts less."""
    code = (
        f"import sys; sys.path.insert(0, {str(site)!r})\n"
        f"from time import process_time as now; began = now()\n{statement}\n"
        "print(now() - began)"
    )
    ended = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return float(ended.stdout)


def first_task(sdk: str, url: str) -> str:
    """What makes a client of an SDK, and one task with it, in a process that has its package."""
    # The project comes last on the path, so that nothing of it stands in for what an SDK lacks.
    return (
        f"sys.path.append({str(ROOT)!r})\n"
        f"from contract_tests.bench import sdks; sdks.create_once({sdk!r}, {url!r})"
    )


def make_site(site: Path, client: Path) -> None:
    """A folder with the package, a generated client and what the wheel needs: nothing else."""
    site.mkdir()
    installed = site_packages(Path(sys.prefix))
    _link(site, _needed("foxapi-video", installed, set()), installed)
    shutil.copytree(ROOT / "foxapi_video", site / "foxapi_video")
    shutil.copytree(client, site / "foxapi_video_client")


def make_peer_site(site: Path, name: str, environment: Path) -> None:
    """A folder with one distribution of an environment and what it needs: nothing else."""
    site.mkdir()
    installed = site_packages(environment)
    _link(site, [name, *_needed(name, installed, set())], installed)


def _link(site: Path, names: list[str], installed: Path) -> None:
    """Link what distributions installed into a folder, their metadata too: some read it."""
    for name in names:
        for path in _distribution(name, installed).files or []:
            top = path.parts[0]
            target = site / top
            if not top.startswith((".", "__pycache__")) and not target.exists():
                target.symlink_to(installed / top)


def _needed(name: str, installed: Path, seen: set[str]) -> list[str]:
    """The distributions that one needs, without extras."""
    found: list[str] = []
    for requirement in _distribution(name, installed).requires or []:
        text, _, condition = requirement.partition(";")
        needed = re.split(r"[^A-Za-z0-9._-]", text.strip(), maxsplit=1)[0]
        if "extra" in condition or needed in seen or not _installed(needed, installed):
            continue
        seen.add(needed)
        found += [needed, *_needed(needed, installed, seen)]
    return found


def _installed(name: str, installed: Path) -> bool:
    try:
        _distribution(name, installed)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True


def _distribution(name: str, installed: Path) -> importlib.metadata.Distribution:
    found = importlib.metadata.Distribution.discover(name=name, path=[str(installed)])
    for each in found:
        return each
    raise importlib.metadata.PackageNotFoundError(name)
