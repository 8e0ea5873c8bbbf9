"""A server that plays the event stream by a script, and an ear that writes down what it hears."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from sendoff_tasks.client.stream import EventStream
from sendoff_tasks.folder.backend_addresses import Backend
from tests import WITHIN
from tests.client.conftest import TOKEN, health_of

SSE = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"


def answer_of(body: str) -> str:
    """Write a whole answer of JSON."""
    head = f"Content-Type: application/json\r\nContent-Length: {len(body)}"
    return f"HTTP/1.1 200 OK\r\n{head}\r\n\r\n{body}"


PRESENT = answer_of('{"as_of":"7"}')


class Ear:
    """Writes down what it hears, and wakes who waits for it."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, Any]] = []
        self.is_broken = False
        self._changed = asyncio.Event()

    def on_event(self, kind: str, data: Any) -> None:
        if self.is_broken:
            raise ZeroDivisionError
        self.heard.append((kind, data))
        self._changed.set()

    def ids(self) -> list[int]:
        return [row["id"] for what, event in self.heard if what == "tasks" for row in event["rows"]]

    def count(self, what: str) -> int:
        return [each for each, _ in self.heard].count(what)

    def _newest(self, key: str) -> dict[int, Any]:
        """What each task is now, as far as was heard: the highest revision wins."""
        rows = [row for what, event in self.heard if what == "tasks" for row in event["rows"]]
        return {row["id"]: row[key] for row in sorted(rows, key=lambda row: row["rev"])}

    def states(self) -> dict[int, str]:
        return self._newest("state")

    def revisions(self) -> dict[int, int]:
        return self._newest("rev")

    async def until(self, met: Callable[[], bool]) -> None:
        async with asyncio.timeout(WITHIN):
            while not met():
                self._changed.clear()
                await self._changed.wait()


class Script:
    """A server that answers the present and then each ``/events`` with the next act of a play."""

    def __init__(self, acts: Iterable[str]) -> None:
        self._acts = iter(acts)
        self.resumed_from: list[str] = []
        self._done = asyncio.Event()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = (await reader.readuntil(b"\r\n\r\n")).decode()
        if request.startswith("GET /health"):
            assert "authorization" not in request.lower()
            writer.write(answer_of(health_of(request.split()[1]).decode()).encode())
        elif request.startswith("GET /tasks"):
            writer.write(PRESENT.encode())
        else:
            lines = dict(line.split(": ", 1) for line in request.splitlines()[1:] if ": " in line)
            headers = {name.lower(): value for name, value in lines.items()}
            self.resumed_from.append(headers["last-event-id"])
            writer.write((act := next(self._acts)).encode())
            await writer.drain()
            if "hold" in act:
                await self._done.wait()
        writer.close()

    async def play(self, scene: Callable[[EventStream, Ear], Awaitable[None]]) -> Ear:
        serving: list[asyncio.Task[None]] = []
        server = await asyncio.start_server(
            lambda *ends: serving.append(asyncio.create_task(self.serve(*ends))), "127.0.0.1", 0
        )
        port = server.sockets[0].getsockname()[1]
        ear = Ear()
        stream = EventStream(ear.on_event)
        running = asyncio.create_task(stream.run(Backend(f"http://127.0.0.1:{port}", TOKEN, 1)))
        try:
            await scene(stream, ear)
        finally:
            running.cancel()
            await asyncio.wait({running})
            self._done.set()
            await asyncio.wait(serving)
            server.close()
        return ear


def frame(number: int) -> str:
    data = json.dumps({"rows": [{"id": number}], "gone": []})
    return f"event: tasks\nid: {number}\ndata: {data}\n\n"
