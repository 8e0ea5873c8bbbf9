"""``on_event``: an app hears of its tasks' changes."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from queue import SimpleQueue

import pytest
from fastapi import FastAPI

from sendoff_tasks import task
from sendoff_tasks.fastapi import install
from sendoff_tasks.model.tasks import TaskRow
from tests import WITHIN

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("app_alone")]


@task
def greet(name: str) -> str:
    return f"hello {name}"


@pytest.mark.parametrize("is_awaited", [False, True])
async def test_on_event_hears_how_each_task_ends_also_after_an_error_of_its_own(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, is_awaited: bool
) -> None:
    heard: SimpleQueue[TaskRow] = SimpleQueue()

    def on_event(row: TaskRow) -> None:
        heard.put(row)
        if row["title"] == "Greet: ada":
            raise OSError("the chat is away")

    async def on_event_later(row: TaskRow) -> None:
        await asyncio.sleep(0)
        on_event(row)

    tell = on_event_later if is_awaited else on_event
    app = FastAPI()
    engine = install(app, data_dir=tmp_path / "data", monitor=False, on_event=tell)
    async with app.router.lifespan_context(app):
        for name in ("ada", "bo"):
            await engine.add_task_async(greet, name)
        ended: set[str] = set()
        while ended != {"Greet: ada", "Greet: bo"}:
            row = heard.get(timeout=WITHIN)
            if row["state"] == "succeeded":
                ended.add(row["title"])
    failed = [each for each in caplog.records if each.levelno == logging.ERROR]
    assert failed
    assert "on_event failed for task 1" in failed[0].getMessage()
