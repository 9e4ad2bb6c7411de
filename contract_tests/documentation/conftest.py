"""What the tests of the reader share: a project to accept pages in."""

from __future__ import annotations

from pathlib import Path

import pytest

from contract_tests.documentation.base import take_base_to


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """What accepting changes, as it is in the base."""
    take_base_to(tmp_path)
    (tmp_path / "generated").mkdir()
    (tmp_path / "generated" / "client.py").write_text("old = True\n")
    return tmp_path
