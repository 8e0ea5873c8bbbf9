"""Engines with threads, on real lanes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sendoff_tasks.facade.engine import Engine
from sendoff_tasks.facade.running_engine import EngineConfig
from sendoff_tasks.functions.registry import Registry
from tests.engine.facade.stage import Stage


@pytest.fixture
def stage() -> Iterator[Stage]:
    stage = Stage()
    yield stage
    stage.go_on.set()


@pytest.fixture
def start(tmp_path: Path, stage: Stage) -> Iterator[Callable[..., Engine]]:
    """Start engines on one database; each is stopped at the end."""
    started: list[Engine] = []

    def start_one(**options: Any) -> Engine:
        known = Registry()
        for function in stage.functions():
            known.add(function)
        engine = Engine(EngineConfig(tmp_path / "store.db", known, **options))
        engine.start()
        started.append(engine)
        return engine

    yield start_one
    stage.go_on.set()
    for engine in started:
        engine.stop(1.0)


@pytest.fixture
def engine(start: Callable[..., Engine]) -> Engine:
    return start()
