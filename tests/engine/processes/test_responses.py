"""Tasks of a request of another process begin once its response was sent, or it is gone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from sendoff_tasks.fastapi import DurableTasks
from sendoff_tasks.processes.submitting import Submitter
from sendoff_tasks.transaction import responses
from tests.engine.fastapi.app import App, HttpClient
from tests.engine.lanes.tasks import returns
from tests.engine.processes.looking import later

pytestmark = pytest.mark.anyio


@asynccontextmanager
async def answering(app: App) -> AsyncIterator[HttpClient]:
    """Have a process answer a request that added a task; gives the client before the last part."""

    @app.app.get("/")
    async def ask(tasks: DurableTasks) -> None:
        tasks.add_task(returns, 1)

    async with app.asked("/") as client:
        await client.part()
        client.take()
        await client.part()
        yield client


async def waits(owner: App) -> bool:
    await asyncio.to_thread(owner.engine.settled)
    return owner.engine.task(1)["reason"] == "after_response"


async def begins(owner: App) -> None:
    await later(lambda: owner.engine.task(1)["state"] == "succeeded")


async def test_a_task_of_another_process_waits_for_its_response(apps: list[App]) -> None:
    owner, other, _ = apps
    async with owner.started(), other.started(), answering(other) as client:
        assert await waits(owner)
        client.take()
        await begins(owner)


async def test_a_task_of_a_process_that_ends_begins(apps: list[App]) -> None:
    owner, other, _ = apps
    async with owner.started():
        async with other.started():
            served = answering(other)
            await served.__aenter__()
            assert await waits(owner)
        await begins(owner)
        await served.__aexit__(None, None, None)


async def test_a_task_begins_once_the_owner_has_ended(apps: list[App]) -> None:
    owner, other, _ = apps
    async with other.started():
        pass  # the folder is there
    async with owner.started() as _:
        leaving = other.started()
        await leaving.__aenter__()
        served = answering(other)
        await served.__aenter__()
        assert await waits(owner)
    await begins(other)  # it runs the tasks now, and knows of no response
    await served.__aexit__(None, None, None)
    await leaving.__aexit__(None, None, None)


async def test_a_word_that_is_lost_is_as_good_as_silence(
    apps: list[App], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(responses, "SILENCE_MS", 100)
    monkeypatch.setattr(Submitter, "end_response", lambda *_: None)
    owner, other, _ = apps
    async with owner.started(), other.started(), answering(other) as client:
        client.take()
        await begins(owner)
