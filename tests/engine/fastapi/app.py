"""An app in this process, and the tasks its requests add."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI

from desktop.engine.facade.engine import Engine
from desktop.engine.fastapi import DurableTasks, RequestTasks, install

Add = Callable[[RequestTasks], Any]


class App:
    """One route that adds what the test says; the engine accepts and runs nothing."""

    def __init__(
        self, place: Path | str, monitor: Any = False, data_dir: Path | None = None
    ) -> None:
        self.app = FastAPI()
        kept: Any = {"data_dir": place}
        if isinstance(place, str):
            kept = {"database": place, "data_dir": data_dir}
        self.engine: Engine = install(self.app, **kept, monitor=monitor)
        self.add: Add = lambda tasks: None

        @self.app.post("/")
        async def add(background_tasks: DurableTasks) -> Any:
            return self.add(background_tasks)

    @asynccontextmanager
    async def started(self) -> AsyncIterator[httpx.AsyncClient]:
        """Start the app; gives a client of it."""
        async with self.app.router.lifespan_context(self.app), self.client() as client:
            yield client

    def client(self) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(app=self.app)
        return httpx.AsyncClient(transport=transport, base_url="http://app")
