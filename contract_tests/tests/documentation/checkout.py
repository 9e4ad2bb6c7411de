"""Pages to accept in a project of the tests, and what accepting one does to it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema_rs

from contract_tests.tests.documentation.reading.expectation import PAGES
from documentation.changing.accept import EXPORTED
from documentation.checking.check import check
from documentation.fact import PageError
from overlays import yaml_text

LATER = PAGES / "later" / "veo-3.1-extend.txt"
HORSE = PAGES / "happyhorse-1.0-text-to-video.txt"
HORSE_MARKDOWN = PAGES / "markdown" / "happyhorse-1.0-text-to-video.md"
WAN = PAGES / "wan-2.5-image-to-video.txt"


class Made:
    """Stands for make: checks for real, and keeps what it was asked."""

    def __init__(self, fail_at: str = "") -> None:
        self.targets: list[str] = []
        self.fail_at = fail_at

    def __call__(self, root: Path, arguments: list[str]) -> None:
        self.targets.append(" ".join(arguments))
        if arguments[0] == "docs-check":
            folder = root / "documentation"
            report = check(folder / "facts", root / "openapi.yaml", folder / "conflicts.yaml")
            assert report.differences == []
        if arguments[0] == "generate":
            (root / "generated" / "client.py").write_text("new = True\n")
        if arguments[0] == "exported":
            (root / EXPORTED).parent.mkdir(exist_ok=True)
            (root / EXPORTED).write_text("package.New\n")
        if arguments[0] == self.fail_at:
            raise PageError(f"make {arguments[0]} failed")


def snapshot(root: Path) -> dict[str, bytes]:
    return {
        str(p.relative_to(root)): p.read_bytes()
        for p in root.rglob("*")
        if p.is_file() and "build" not in p.parts
    }


def spec_of(root: Path) -> dict[str, Any]:
    data: dict[str, Any] = yaml_text.load((root / "openapi.yaml").read_text("utf-8"))
    return data


def valid(root: Path, body: dict[str, Any]) -> bool:
    document = spec_of(root)
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "components": document["components"],
        **document["paths"]["/v1/videos/generations"]["post"]["requestBody"]["content"][
            "application/json"
        ]["schema"],
    }
    return bool(jsonschema_rs.is_valid(schema, body))


def edition(tmp_path: Path, *changes: tuple[str, str]) -> str:
    """The first test page, some of its lines changed."""
    text = HORSE.read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    page = tmp_path / HORSE.name
    page.write_text(text, "utf-8")
    return str(page)
