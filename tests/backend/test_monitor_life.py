"""The monitor comes and goes with its engine, and its failures do not affect the app."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from desktop.backend.monitor import Monitor
from desktop.engine.engine import Engine
from desktop.engine.functions.registry import Registry
from desktop.settings.lock_file import LockFile
from desktop.settings.paths import DataFolder

if TYPE_CHECKING:
    from pathlib import Path

WITHIN = 30.0
"""Seconds."""


@pytest.fixture
def data(tmp_path: Path) -> DataFolder:
    return DataFolder(tmp_path / "data")


def test_what_keeps_it_from_listening_is_logged_and_stops_nothing(
    data: DataFolder, caplog: pytest.LogCaptureFixture
) -> None:
    data.create()
    data.backend_file.mkdir()  # so it cannot be written
    engine = Engine(data.db, Registry())
    engine.start()
    with Monitor(data, engine, Registry()) as monitor:
        monitor._thread.join(WITHIN)
    assert f"The tasks in {data.root} cannot be watched" in caplog.text
    assert engine.stats()["counts"]["queued"] == 0
    engine.stop()


def test_an_app_that_ends_at_once_leaves_nothing_behind(data: DataFolder) -> None:
    data.create()
    engine = Engine(data.db, Registry())
    engine.start()
    with Monitor(data, engine, Registry()) as monitor:
        pass
    assert not monitor._thread.is_alive()
    assert not data.backend_file.exists()
    engine.stop()


TWICE = """
import asyncio, sys
from fastapi import FastAPI
from desktop.engine.fastapi import install

async def live(app):
    async with app.router.lifespan_context(app):
        pass

app = FastAPI()
install(app, data_dir=sys.argv[1], monitor=False)
asyncio.run(live(app))
asyncio.run(live(app))
"""


def test_an_app_may_be_started_again_and_without_a_monitor(data: DataFolder) -> None:
    subprocess.run([sys.executable, "-c", TWICE, str(data.root)], check=True, timeout=WITHIN)
    assert not data.backend_file.exists()
    lock = LockFile(data.backend_lock)
    assert lock.take()
    lock.release()
