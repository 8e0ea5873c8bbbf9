"""A server that goes back in time takes its workers' attempts with it."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

import pytest

from tests.engine.postgres.past import Past
from tests.engine.processes.looking import later
from tests.engine.worker import tasks
from tests.engine.worker.test_process import Start, deciding, ended, left

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("app_alone")]


async def test_what_a_worker_has_ended_since_is_doubted_and_it_begins_anew(
    url: str, start: Start, tmp_path: Path
) -> None:
    here, there = (Path(tempfile.mkdtemp(dir=tmp_path)) for _ in range(2))
    async with deciding(url) as engine:
        own = await engine.add_task_async(tasks.waits, str(here), "own")
        await later(lambda: left(here, "own 1"))
        worker = start()
        done = await engine.add_task_async(tasks.waits, str(there), "done")
        lasting = await engine.add_task_async(tasks.waits, str(here), "lasting")
        await later(lambda: left(there, "done 1") == left(here, "lasting 1") == worker.pid)
        past = Past(url)
        (there / "end").touch()
        await ended(engine, done)
        past.put_back()
        await ended(engine, done, "uncertain")
        assert engine.task(lasting.number)["state"] == "queued", (
            "what ran there writes nothing any more"
        )
        assert engine.task(own.number)["state"] == "running"
        (here / "end").touch()
        await ended(engine, own)
        await asyncio.wrap_future(engine.resume(None))
        assert (await ended(engine, lasting))["attempt"] == 2
        another = await engine.add_task_async(tasks.waits, str(there), "another")
        await ended(engine, another)
    worker.terminate()
    assert worker.wait() == 0
