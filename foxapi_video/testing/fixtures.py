"""A fixture of pytest. A test module or a conftest imports it from foxapi_video.testing."""

from __future__ import annotations

import pytest

from foxapi_video.testing.transport import PretendAPI


@pytest.fixture
def pretend_api() -> PretendAPI:
    """A pretend API of each test's own, whose tasks complete at the second query."""
    return PretendAPI()
