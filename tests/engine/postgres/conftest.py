"""Fixtures for the engine on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any

import pytest

from tests.engine.stepped import Stepped, registry

collect_ignore_glob = [] if find_spec("psycopg") else ["test_*.py", "*/test_*.py"]
"""Without the driver there is nothing to test here; ``tests.backend.test_moving`` says so."""


@pytest.fixture
def url(server: Any) -> str:
    """Make a database with the engine's tables; gives its address."""
    return str(server.database())


@pytest.fixture
def stepped(url: str) -> Iterator[Stepped]:
    """Give a stepped engine on a database, whose store is checked at the end."""
    from tests.engine.postgres.stepped import PostgresStepped

    place: Any = url
    engine = PostgresStepped(place, registry())
    yield engine
    engine.check()
    engine.close()
