"""A request's tasks begin once its response was sent, or there is nobody who would get it."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import Response
from fastapi.responses import FileResponse, StreamingResponse
from starlette.background import BackgroundTask

from sendoff_tasks.facade.engine import Engine
from sendoff_tasks.fastapi import AppRegistry, DurableTasks
from sendoff_tasks.writer.writer import GROUP_WEIGHT
from tests import WITHIN
from tests.engine.fastapi.app import App
from tests.engine.lanes.tasks import returns
from tests.engine.processes.looking import later

pytestmark = pytest.mark.anyio


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> App:
    monkeypatch.setattr(AppRegistry, "add_described", lambda _: None)  # other tests' modules
    return App(tmp_path / "data")


async def begins(engine: Engine, number: int = 1) -> None:
    await later(lambda: engine.task(number)["state"] == "succeeded")


async def waits(engine: Engine, number: int = 1) -> bool:
    """Tell whether a task waits for its response after all that was asked so far is done."""
    await asyncio.to_thread(engine.settled)
    row = engine.task(number)
    return (row["state"], row["reason"]) == ("queued", "after_response")


async def test_a_file_is_there_until_the_last_part_of_it_was_taken(
    app: App, tmp_path: Path
) -> None:
    file = tmp_path / "report"
    file.write_bytes(b"x" * 100_000)

    @app.app.get("/report")
    async def report(tasks: DurableTasks) -> FileResponse:
        tasks.add_task(os.remove, str(file))
        return FileResponse(file)

    async with app.started(), app.asked("/report") as client:
        is_last = False
        while not is_last:
            part = await client.part()
            is_last = part.get("more_body") is False
            assert await waits(app.engine)
            assert file.exists()
            client.take()
        await begins(app.engine)
        assert not file.exists()


async def test_a_stream_counts_at_its_end_and_a_result_asked_for_in_it_at_once(app: App) -> None:
    goes_on = asyncio.Event()

    @app.app.get("/stream")
    async def stream(tasks: DurableTasks) -> StreamingResponse:
        tasks.add_task(returns, 1)
        asked = tasks.add_task(returns, "asked")

        async def parts() -> AsyncIterator[str]:
            yield "first"
            await goes_on.wait()
            yield await asked.result()

        return StreamingResponse(parts())

    async with app.started(), app.asked("/stream") as client:
        for _ in range(2):
            await client.part()
            client.take()
        assert await waits(app.engine)
        goes_on.set()
        assert (await client.part())["body"] == b"asked"


async def test_tasks_begin_when_the_client_has_gone(app: App) -> None:
    @app.app.get("/stream")
    async def stream(tasks: DurableTasks) -> StreamingResponse:
        tasks.add_task(returns, 1)

        async def parts() -> AsyncIterator[str]:
            while True:
                yield "more"

        return StreamingResponse(parts())

    async with app.started(), app.asked("/stream") as client:
        for _ in range(3):
            await client.part()
            client.take()
        assert await waits(app.engine)
        client.leave()
        await begins(app.engine)


async def test_a_result_in_the_route_is_waited_for_before_the_response(app: App) -> None:
    @app.app.get("/")
    async def ask(tasks: DurableTasks) -> list[int]:
        before = [tasks.add_task(returns, n) for n in (1, 2)]
        found = [await ref.result() for ref in before]
        tasks.add_task(returns, 3)
        return [*found, await before[0].result()]

    async with app.started(), app.asked("/") as client:
        await client.part()
        client.take()
        assert (await client.part())["body"] == b"[1,2,1]"
        assert await waits(app.engine, 3)
        client.take()
        await begins(app.engine, 3)


async def test_a_background_task_given_by_hand_keeps_its_meaning(app: App) -> None:
    is_over = asyncio.Event()

    @app.app.get("/")
    async def ask(tasks: DurableTasks) -> Response:
        tasks.add_task(returns, 1)
        return Response(background=BackgroundTask(is_over.wait))

    @app.app.get("/both")
    async def ask_both(tasks: DurableTasks) -> Response:
        tasks.add_task(returns, 2)
        return Response(background=tasks)

    async with app.started():
        for number, path in enumerate(("/", "/both"), 1):
            async with app.asked(path) as client:
                await client.part()
                client.take()
                await client.part()
                assert await waits(app.engine, number)
                client.take()
                await begins(app.engine, number)  # beside the other one
        is_over.set()


async def test_an_answer_in_place_of_the_route_s_is_a_response_as_well(app: App) -> None:
    @app.app.middleware("http")
    async def refuse(request: Any, go_on: Any) -> Response:
        await go_on(request)
        return Response(status_code=418)

    @app.app.get("/")
    async def ask(tasks: DurableTasks) -> None:
        tasks.add_task(returns, 1)

    async with app.started(), app.client() as client:
        assert (await client.get("/")).status_code == 418
        await begins(app.engine)


async def test_a_request_that_is_cut_off_while_it_commits_keeps_no_task_waiting(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    commits = asyncio.Event()
    accept = Engine.accept

    def accepts(engine: Engine, submission: Any) -> Any:
        commits.set()
        return accept(engine, submission)

    monkeypatch.setattr(Engine, "accept", accepts)

    @app.app.get("/")
    async def ask(tasks: DurableTasks) -> None:
        tasks.add_task(returns, 1)

    begun, goes_on = threading.Event(), threading.Event()

    def block(_: object) -> None:
        begun.set()
        goes_on.wait(WITHIN)

    async with app.started(), app.client() as client:
        app.engine.do(block)
        await asyncio.to_thread(begun.wait)
        app.engine.do(lambda _: None, GROUP_WEIGHT)  # a group of its own, before that of the task
        asking = asyncio.create_task(client.get("/"))
        await commits.wait()
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
        goes_on.set()
        await later(lambda: app.engine.stats()["counts"]["succeeded"] == 1)


async def test_a_mounted_app_s_tasks_wait_for_the_response(app: App, tmp_path: Path) -> None:
    outer = App(tmp_path / "outer")
    outer.app.mount("/inner", app.app)

    @app.app.get("/")
    async def ask(tasks: DurableTasks) -> None:
        tasks.add_task(returns, 1)

    async with outer.started(), outer.asked("/inner/") as client:
        await client.part()
        client.take()
        await client.part()
        assert await waits(outer.engine)
        client.take()
        await begins(outer.engine)
