"""What people get wrong about batches is said in a line, before anything is created."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from contract_tests.tests.package.batch.pretended import KEY, Made
from foxapi_video import ConfigurationError, FoxAPI
from foxapi_video.batch import AsyncBatch, Batch


@pytest.fixture
def made(tmp_path: Path) -> Made:
    return Made(tmp_path / "videos")


@pytest.mark.parametrize("kind", [Batch, AsyncBatch])
def test_a_client_that_is_no_asyncfoxapi_is_refused_at_once(kind: Any, made: Made) -> None:
    with FoxAPI(KEY) as blocking:
        for wrong in (blocking, "sk-a-key", {}, object()):
            with pytest.raises(ConfigurationError, match="the client is an AsyncFoxAPI, not "):
                kind(made.folder, client=wrong)
