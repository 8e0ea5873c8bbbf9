"""Fixtures for the engine's core."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.engine.stepped import Make, Stepped, registry


@pytest.fixture
def anyio_backend() -> str:
    """Run the tests that are coroutines on asyncio alone."""
    return "asyncio"


@pytest.fixture
def in_file(request: pytest.FixtureRequest) -> None:
    """Skip a test that asks SQLite itself, or its file, where tests run on a server's store."""
    if request.config.getoption("--store") == "postgres":
        pytest.skip("it asks SQLite itself")


@pytest.fixture
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Make]:
    """Make stepped engines on one database file; each is closed at the end."""
    made: list[Stepped] = []

    place: Any = tmp_path / "store.db"
    kind: type[Stepped] = Stepped
    if request.config.getoption("--store") == "postgres":
        place = request.getfixturevalue("server").database()
        from tests.engine.postgres.stepped import PostgresStepped

        kind = PostgresStepped

    def make_one(*functions: Callable[..., Any], **options: Any) -> Stepped:
        made.append(kind(place, registry(*functions), **options))
        return made[-1]

    yield make_one
    for each in made:
        each.close()


@pytest.fixture
def stepped(make: Make) -> Iterator[Stepped]:
    """Give one stepped engine, whose store is checked at the end."""
    engine = make()
    yield engine
    engine.check()
