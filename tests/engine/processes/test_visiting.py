"""A script that only submits, beside the app's processes and without any."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest
from fastapi import FastAPI

from desktop.engine.errors import Closed, NotWritable
from desktop.engine.fastapi import AppRegistry, submitting
from desktop.engine.fastapi.installing import NEW
from desktop.engine.processes import sharing
from desktop.engine.store.errors import StoreError
from desktop.engine.store.reads.query import Query
from tests import WITHIN
from tests.engine.fastapi.app import App
from tests.engine.lanes.tasks import returns
from tests.engine.survival.shop_process import open_shop

SCRIPT = """
from desktop.engine import task
from desktop.engine.fastapi import submitting
from tests.engine.survival.shop import app, greet, send_receipt

@task
def own() -> None: ...

with submitting(app) as engine:
    print(engine.add_task(send_receipt, 1), engine.options(priority=1).add_task(greet, "ada"))
    try:
        engine.add_task(own)
    except TypeError as error:
        print(error)
"""


def run_script(folder: Path, warns: str = "") -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        env={**os.environ, "SHOP_FOLDER": str(folder)},
        capture_output=True,
        text=True,
        timeout=WITHIN,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, warns)
    return done.stdout.splitlines()


def test_a_script_hands_its_tasks_to_the_app_and_runs_none(tmp_path: Path) -> None:
    alone = run_script(tmp_path, f"{NEW % (tmp_path / 'data')}\n")  # no process has served the app
    alone_again = run_script(tmp_path)
    with open_shop(tmp_path) as shop:
        beside = run_script(tmp_path)
        said = [shop.said() for _ in range(6)]
    assert (alone[0], alone_again[0], beside[0]) == ("1 2", "3 4", "5 6")
    assert "own cannot be a task: it is defined in the program itself (__main__)" in beside[1]
    assert sorted(said) == ["hello ada"] * 3 + ["receipt 1"] * 3


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> App:
    monkeypatch.setattr(AppRegistry, "add_described", lambda _: None)  # other tests' modules
    return App(tmp_path / "data")


def test_many_are_put_on_disk_while_the_app_starts_and_stops(app: App, tmp_path: Path) -> None:
    web = App(tmp_path / "data")

    async def act() -> list[int]:
        with submitting(app.app) as engine:
            adding = [asyncio.to_thread(engine.add_task, returns, n) for n in range(40)]
            first = [await task for task in adding[:20]]
            async with web.started():
                rest = await asyncio.gather(*adding[20:])
            last = await engine.add_task_async(returns, 40)
            rows = engine.rows(Query(limit=100))["tasks"]
            assert sorted(row["id"] for row in rows) == sorted([*first, *rest, last])
        return [*first, *rest, last]

    assert sorted(asyncio.run(act())) == list(range(1, 42))
    with pytest.raises(Closed):
        app.engine.add_task(returns, 1)


def test_what_cannot_be_put_on_disk_is_told(app: App, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "sendoff.db").write_text("no database")
    with submitting(app.app) as engine, pytest.raises(StoreError, match="is not a database"):
        engine.add_task(returns, 1)
    (tmp_path / "data" / "backend.lock").unlink()
    (tmp_path / "data" / "backend.lock").mkdir()
    with submitting(app.app) as engine, pytest.raises(NotWritable, match=r"backend\.lock"):
        engine.add_task(returns, 1)
    with pytest.raises(RuntimeError, match="has not been called"), submitting(FastAPI()):
        pass


def test_an_error_in_its_thread_is_no_wait_without_end(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    def connected(_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(sharing, "connected", connected)
    with submitting(app.app) as engine:
        for _ in range(2):
            with pytest.raises(Closed):
                asyncio.run(asyncio.wait_for(engine.add_task_async(returns, 1), WITHIN))
