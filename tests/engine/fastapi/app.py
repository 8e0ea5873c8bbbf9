"""An app in this process, and the tasks its requests add."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, MutableMapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI, WebSocketDisconnect

from sendoff_tasks.facade.engine import Engine
from sendoff_tasks.fastapi import DurableTasks, RequestTasks, install

Add = Callable[[RequestTasks], Any]


class WebSocketClient:
    """The messages to and from a WebSocket's route."""

    def __init__(self) -> None:
        self.sent: asyncio.Queue[MutableMapping[str, Any]] = asyncio.Queue()
        self.came: asyncio.Queue[MutableMapping[str, Any]] = asyncio.Queue()

    async def ask(self, text: str) -> MutableMapping[str, Any]:
        """Send a text; returns the message that answers it."""
        await self.sent.put({"type": "websocket.receive", "text": text})
        return await self.came.get()


class HttpClient:
    """A client of one request that takes the parts of its response one by one."""

    def __init__(self) -> None:
        self.serving: asyncio.Task[None] | None = None
        self._came: asyncio.Queue[MutableMapping[str, Any]] = asyncio.Queue()
        self._taken = asyncio.Semaphore(0)
        self._left = asyncio.Event()

    async def receive(self) -> MutableMapping[str, Any]:
        await self._left.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: MutableMapping[str, Any]) -> None:
        await self._came.put(message)
        await self._taken.acquire()

    async def part(self) -> MutableMapping[str, Any]:
        """Wait for the next part; the app waits until it is taken."""
        return await self._came.get()

    def take(self) -> None:
        self._taken.release()

    def leave(self) -> None:
        self._left.set()

    async def over(self) -> None:
        """Wait until the app is done with the request; raises what it raises."""
        assert self.serving is not None
        await self.serving


class App:
    """One route that adds what the test says; the engine accepts and runs nothing."""

    def __init__(
        self,
        place: Path | str,
        monitor: Any = False,
        data_dir: Path | None = None,
        app: FastAPI | None = None,
    ) -> None:
        self.app = app or FastAPI()
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

    @asynccontextmanager
    async def connected(self, path: str) -> AsyncIterator[WebSocketClient]:
        """Open a WebSocket of the started app; gives its client once it is accepted."""
        client = WebSocketClient()
        scope: Any = {"type": "websocket", "path": path, "headers": [], "query_string": b""}
        serving = asyncio.create_task(self.app(scope, client.sent.get, client.came.put))
        await client.sent.put({"type": "websocket.connect"})
        assert (await client.came.get())["type"] == "websocket.accept"
        try:
            yield client
        finally:
            await client.sent.put({"type": "websocket.disconnect", "code": 1001})
            with suppress(WebSocketDisconnect):
                await serving

    @asynccontextmanager
    async def asked(self, path: str) -> AsyncIterator[HttpClient]:
        """Send a request to the started app; gives its client, which leaves at the end."""
        client = HttpClient()
        scope: Any = {"type": "http", "method": "GET", "path": path, "headers": []}
        scope |= {"query_string": b"", "http_version": "1.1", "client": ("127.0.0.1", 1)}
        client.serving = serving = asyncio.create_task(self.app(scope, client.receive, client.send))
        try:
            yield client
        finally:
            client.leave()
            client.take()
            serving.cancel()
            await asyncio.gather(serving, return_exceptions=True)

    def client(self) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(app=self.app)
        return httpx.AsyncClient(transport=transport, base_url="http://app")
