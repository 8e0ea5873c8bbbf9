"""An app that keeps its tasks in a database."""

from __future__ import annotations

import asyncio
from threading import Event

import httpx
import pytest
from fastapi import FastAPI

from desktop.engine.fastapi import DurableTasks, install
from tests import WITHIN

told: list[tuple[int, str]] = []
done = Event()


def tell(number: int, text: str) -> None:
    told.append((number, text))
    if number == 2:
        done.set()


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.mark.anyio
@pytest.mark.usefixtures("app_alone")
async def test_an_app_keeps_its_tasks_in_a_database(url: str) -> None:
    app = FastAPI()
    engine = install(app, database=url)

    @app.post("/orders/{number}")
    async def order(number: int, background_tasks: DurableTasks) -> dict[str, int]:
        background_tasks.add_task(tell, number, "ordered")
        return {"number": number}

    for number in (1, 2):
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://app") as client,
        ):
            assert (await client.post(f"/orders/{number}")).status_code == 200
            if number == 2:
                assert await asyncio.to_thread(done.wait, WITHIN)
    assert sorted(told) == [(1, "ordered"), (2, "ordered")]
    engine.start()
    try:
        assert engine.stats()["counts"]["succeeded"] == 2
        assert engine.task(1)["args"] == [1, "ordered"]
        assert engine.measures().store_bytes > 0
    finally:
        engine.stop()
