"""A process of its own runs the tasks of an app's folder, and those that serve it only add some."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from sendoff_tasks.fastapi import AppRegistry, DurableTasks
from sendoff_tasks.fastapi.installing import WORKER
from sendoff_tasks.folder.paths import DataFolder
from sendoff_tasks.shell import doctor
from sendoff_tasks.shell.session import why_away
from tests import WITHIN, forked
from tests.engine.fastapi.app import App
from tests.engine.lanes.tasks import returns
from tests.engine.processes.looking import later, owns
from tests.looking import eventually

pytestmark = pytest.mark.anyio
SHOP = """
from pathlib import Path

from fastapi import FastAPI

from sendoff_tasks import install

app = FastAPI()
install(app, data_dir="data", monitor=False)


def note(path: str) -> None:
    Path(path).touch()
"""
ADD = """
import asyncio
from shop import app, note

async def add():
    async with app.router.lifespan_context(app):
        await app.state.sendoff_engine.add_task_async(note, {!r})

asyncio.run(add())
"""


@pytest.fixture
def apps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[App]:
    monkeypatch.setattr(AppRegistry, "add_described", lambda _: None)  # other tests' modules
    return [App(tmp_path / "data") for _ in range(2)]


async def test_what_serves_an_app_only_adds_once_a_worker_has_run_its_tasks(
    apps: list[App], tmp_path: Path
) -> None:
    worker, web = apps
    setattr(worker.app.state, WORKER, True)

    @web.app.get("/")
    async def ask(tasks: DurableTasks) -> None:
        tasks.add_task(returns, 1)

    async with worker.started():
        assert owns(worker)
    async with web.started() as client:
        assert not owns(web)
        await client.get("/")  # with no worker there
        assert web.engine.task(1)["state"] == "queued"
        async with worker.started():
            await later(lambda: web.engine.task(1)["state"] == "succeeded")
            await client.get("/")
            await later(lambda: web.engine.task(2)["state"] == "succeeded")
        await client.get("/")
        assert web.engine.task(3)["state"] == "queued"
    DataFolder(tmp_path / "data").worker_mark.unlink()
    async with web.started():
        assert owns(web)
        await later(lambda: web.engine.task(3)["state"] == "succeeded")


async def test_what_only_adds_says_that_its_tasks_wait_for_a_worker(
    apps: list[App],
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    worker, web = apps
    setattr(worker.app.state, WORKER, True)
    folder = DataFolder(tmp_path / "data")

    async def warned() -> int:
        caplog.clear()
        async with web.started():
            await web.engine.add_task_async(returns, 1)
        return sum(record.getMessage() == folder.worker_away for record in caplog.records)

    async with worker.started():
        assert await warned() == 0
    assert str(folder.worker_mark) in folder.worker_away
    assert await warned() == 1
    assert why_away(folder).startswith(folder.worker_away)
    doctor.run(str(folder.root), restores=False)
    assert folder.worker_away in capsys.readouterr().out
    folder.worker_mark.unlink()
    assert await warned() == 0


def test_the_command_runs_an_app_s_tasks_until_a_signal(tmp_path: Path) -> None:
    (tmp_path / "shop.py").write_text(SHOP)
    first = f"import os; os.chdir({str(tmp_path)!r})\n"
    done = tmp_path / "done"
    with forked.running(["worker", "--app", "shop:app"], b"has started", first) as process:
        adding = f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n{ADD.format(str(done))}"
        added = forked.run([], f"{first}{adding}raise SystemExit")
        assert (added.returncode, added.stderr) == (0, "")
        eventually(done.exists)
        process.send_signal(signal.SIGTERM)
        assert process.wait(WITHIN) == 0


def test_an_app_whose_tasks_are_in_a_database_is_told_how(tmp_path: Path) -> None:
    (tmp_path / "shop.py").write_text(
        SHOP.replace('data_dir="data"', 'database="postgresql://h/d"')
    )
    first = f"import os; os.chdir({str(tmp_path)!r})\n"
    refused = forked.run(["worker", "--app", "shop:app"], first)
    assert (refused.returncode, "--database" in refused.stderr) == (1, True)
