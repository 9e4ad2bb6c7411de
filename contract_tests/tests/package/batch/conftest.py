"""What the tests of batches share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from contract_tests.faults import postgres_server


@pytest.fixture(scope="session")
def postgres() -> Iterator[postgres_server.Running]:
    """A Postgres of its own on loopback."""
    if missing := postgres_server.missing():
        pytest.skip(missing)
    with postgres_server.running_postgres() as running:
        yield running
