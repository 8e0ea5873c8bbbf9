"""The monitor comes and goes with its engine, and its failures do not affect the app."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from typing import TYPE_CHECKING

import httpx
import pytest
from fastapi import FastAPI

from desktop.backend.monitor import Monitor
from desktop.backend.serving.listening import listen
from desktop.engine.facade.engine import Engine
from desktop.engine.fastapi import install
from desktop.engine.functions.registry import Registry
from desktop.settings.backend_file import read_backend
from desktop.settings.lock_file import LockFile
from desktop.settings.paths import DataFolder
from tests import WITHIN
from tests.looking import backend_of, eventually

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("app_alone")


@pytest.fixture
def data(tmp_path: Path) -> DataFolder:
    return DataFolder(tmp_path / "data")


def test_what_keeps_it_from_being_found_is_logged_and_tried_again(
    data: DataFolder, caplog: pytest.LogCaptureFixture
) -> None:
    data.create()
    data.backend_file.mkdir()  # so it cannot be written
    engine = Engine(data.db, Registry())
    engine.start()
    with Monitor(data, engine, Registry()):
        eventually(lambda: f"The tasks in {data.root} cannot be watched yet" in caplog.text)
        assert engine.stats()["counts"]["queued"] == 0
        data.backend_file.rmdir()
        backend = eventually(lambda: read_backend(data.backend_file))
        assert httpx.get(f"{backend.url}/health").status_code == 200
    assert caplog.text.count("cannot be watched") == 1
    engine.stop()


def test_an_app_that_ends_at_once_leaves_nothing_behind(data: DataFolder) -> None:
    data.create()
    engine = Engine(data.db, Registry())
    engine.start()
    with Monitor(data, engine, Registry()) as monitor:
        pass
    assert not monitor.thread.is_alive()
    assert not data.backend_file.exists()
    engine.stop()


def test_it_waits_for_an_address_that_is_taken_and_asks_for_the_token_it_was_given(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A process that still stops has it, perhaps; Prometheus is told the same one for ever."""
    taken = listen("127.0.0.1", 0)
    port = taken.getsockname()[1]
    app = FastAPI()
    monitor, token = f"127.0.0.1:{port}", "a token for monitors"
    with pytest.raises(ValueError, match="token: it cannot have a space"):
        install(app, data_dir=tmp_path, monitor=monitor, token=token)
    token = token.replace(" ", "-")
    install(app, data_dir=tmp_path, monitor=monitor, token=token, io_slots=2, grace=1)

    async def scrape() -> httpx.Response:
        async with app.router.lifespan_context(app):
            await asyncio.to_thread(eventually, lambda: f"Port {port} is taken" in caplog.text)
            taken.close()
            backend = await asyncio.to_thread(backend_of, DataFolder(tmp_path))
            headers = {"Authorization": f"Bearer {token}"}
            async with httpx.AsyncClient(base_url=backend.url, headers=headers) as client:
                return await client.get(f"http://{monitor}/metrics")

    answer = asyncio.run(scrape())
    assert answer.status_code == 200
    assert 'sendoff_lane_slots{lane="io"} 2' in answer.text.splitlines()


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
