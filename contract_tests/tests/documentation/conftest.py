"""What the tests of the reader share: a project to accept pages in."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from contract_tests.tests.documentation.base import take_base_to
from documentation.changing import review
from documentation.fact import PageError, Reading
from documentation.reading import confined
from documentation.reading.fetching import LOOPBACK_SWITCH


@pytest.fixture(autouse=True)
def _no_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """A site on this machine that the tests are run for is none of theirs."""
    monkeypatch.delenv(LOOPBACK_SWITCH, raising=False)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """What accepting changes, as it is in the base."""
    take_base_to(tmp_path)
    (tmp_path / "generated").mkdir()
    (tmp_path / "generated" / "client.py").write_text("old = True\n")
    return tmp_path


@pytest.fixture
def read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages are read without a process of their own: all that goes in and out is the same."""

    def read(text: str, page: str, names: dict[str, list[str]] | None = None) -> Reading:
        asked = json.dumps({"text": text, "page": page, "names": names})
        answer = json.loads(json.dumps(confined.answer(json.loads(asked))))
        if "refused" in answer:
            raise PageError(answer["refused"])
        return Reading.from_data(answer)

    monkeypatch.setattr(review, "read_confined", read)
