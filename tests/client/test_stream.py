"""The stream hears every change once or again, never not at all."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest

from desktop.client import stream as module
from desktop.client.api import Api, TaskQuery
from desktop.client.backend_state import Ready
from desktop.client.stream import EventStream
from desktop.client.supervisor import Supervisor
from desktop.settings.backend_file import Backend
from desktop.settings.paths import DataFolder

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable
    from pathlib import Path

    from desktop.contract.events import Notice, Stats, TasksEvent

SSE = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"
PRESENT = (
    'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 13\r\n\r\n{"as_of":"7"}'
)


class Ear:
    """A listener that writes down what it hears and wakes who waits for it."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, Any]] = []
        self._changed = asyncio.Event()

    def _note(self, what: str, data: Any = None) -> None:
        self.heard.append((what, data))
        self._changed.set()

    def connected(self) -> None:
        self._note("connected")

    def disconnected(self) -> None:
        self._note("disconnected")

    def reset(self) -> None:
        self._note("reset")

    def tasks(self, event: TasksEvent) -> None:
        self._note("tasks", event)

    def stats(self, stats: Stats) -> None:
        self._note("stats", stats)

    def notice(self, notice: Notice) -> None:
        self._note("notice", notice)

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
        async with asyncio.timeout(20):
            while not met():
                self._changed.clear()
                await self._changed.wait()


class Script:
    """A server that answers the present and then each ``/events`` with the next act of a play."""

    def __init__(self, acts: Iterable[str], *, then_hold: bool = True) -> None:
        self._acts = iter(acts)
        self._then_hold = then_hold
        self.resumed_from: list[str] = []
        self._done = asyncio.Event()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = (await reader.readuntil(b"\r\n\r\n")).decode()
        if request.startswith("GET /tasks"):
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
        stream = EventStream(ear)
        running = asyncio.create_task(stream.run(Backend(f"http://127.0.0.1:{port}", "t", 1)))
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


def heard_all(*numbers: int) -> Callable[[EventStream, Ear], Awaitable[None]]:
    async def scene(_stream: EventStream, ear: Ear) -> None:
        await ear.until(lambda: ear.ids() == list(numbers))

    return scene


def test_it_begins_at_the_present_and_has_everything_loaded_first() -> None:
    script = Script([SSE + frame(8) + ": hold\n\n"])
    ear = asyncio.run(script.play(heard_all(8)))
    assert script.resumed_from == ["7"]
    assert [what for what, _ in ear.heard[:3]] == ["reset", "connected", "tasks"]


def test_a_cut_connection_resumes_behind_the_last_frame_heard_whole() -> None:
    half = frame(10)[:-9]
    script = Script([SSE + frame(8) + frame(9) + half, SSE, SSE + frame(10) + ": hold\n\n"])
    ear = asyncio.run(script.play(heard_all(8, 9, 10)))
    assert script.resumed_from == ["7", "9", "9"]
    assert ear.count("reset") == 1


def test_a_frame_that_is_no_json_is_asked_for_again() -> None:
    broken = "event: tasks\nid: 9\ndata: {half\n\n"
    script = Script([SSE + frame(8) + broken, SSE + frame(9) + ": hold\n\n"])
    asyncio.run(script.play(heard_all(8, 9)))
    assert script.resumed_from == ["7", "8"]


def test_an_answer_that_is_no_stream_is_tried_again() -> None:
    busy = "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n"
    page = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 0\r\n\r\n"
    script = Script([busy, page, "no http at all", SSE + frame(8) + ": hold\n\n"])
    asyncio.run(script.play(heard_all(8)))
    assert script.resumed_from == ["7"] * 4


def test_a_reset_is_heard_and_its_id_is_where_it_goes_on() -> None:
    reset = "event: reset\nid: 50\ndata: {}\n\n"
    script = Script([SSE + reset, SSE + frame(51) + ": hold\n\n"])
    ear = asyncio.run(script.play(heard_all(51)))
    assert script.resumed_from == ["7", "50"]
    assert ear.count("reset") == 2


def test_a_dead_connection_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SILENT_FOR", 0.2)
    script = Script([SSE + frame(8) + ": hold\n\n", SSE + frame(9) + ": hold\n\n"])
    asyncio.run(script.play(heard_all(8, 9)))
    assert script.resumed_from == ["7", "8"]


def test_a_silent_one_that_breathes_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SILENT_FOR", 0.3)
    breaths = 8

    class Breathing(Script):
        async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            request = (await reader.readuntil(b"\r\n\r\n")).decode()
            if request.startswith("GET /tasks"):
                writer.write(PRESENT.encode())
                writer.close()
                return
            self.resumed_from.append("")
            writer.write(SSE.encode())
            done = asyncio.create_task(self._done.wait())
            for _ in range(breaths):
                writer.write(b": still here\n\n")
                await asyncio.wait({done}, timeout=0.1)
            writer.write((frame(8)).encode())
            await done
            writer.close()

    script = Breathing([])
    ear = asyncio.run(script.play(heard_all(8)))
    assert len(script.resumed_from) == 1
    assert ear.count("connected") == 1


def test_an_error_of_the_listener_ends_the_run_and_is_seen() -> None:
    script = Script([SSE + frame(8) + ": hold\n\n"])

    async def scene(stream: EventStream, ear: Ear) -> None:
        def defect(_: object) -> None:
            raise ZeroDivisionError

        ear.tasks = defect  # type: ignore[assignment,method-assign]
        running = next(t for t in asyncio.all_tasks() if "EventStream" in repr(t))
        with pytest.raises(ZeroDivisionError):
            await running

    asyncio.run(script.play(scene))


def test_kill_9_of_the_backend_leaves_no_gap(tmp_path: Path) -> None:
    """Submit, kill, submit before listening again: what was heard is what the backend has."""
    data = DataFolder(tmp_path)
    data.create()

    async def scenario() -> tuple[dict[int, int], dict[int, int]]:
        ear = Ear()
        stream = EventStream(ear)
        states: asyncio.Queue[object] = asyncio.Queue()
        supervisor = Supervisor(data, states.put_nowait)
        supervising = asyncio.create_task(supervisor.run())
        for round_ in range(3):
            backend = await _ready(states)
            if round_ > 0:
                await asyncio.to_thread(_submit, backend, [10 * round_ + n for n in range(4)])
            listening = asyncio.create_task(stream.run(backend))
            await ear.until(lambda: ear.count("connected") > ear.count("disconnected"))
            await asyncio.to_thread(_submit, backend, [10 * round_ + n for n in range(4, 9)])
            if round_ < 2:
                supervisor._child.kill()  # type: ignore[union-attr]
                await _gone(states)
                listening.cancel()
                await asyncio.wait({listening})
        await ear.until(lambda: sorted(ear.states().values()) == ["succeeded"] * 23)
        api = Api(backend)
        rows = api.page(TaskQuery())["tasks"]
        api.close()
        listening.cancel()
        supervising.cancel()
        await supervisor.stop()
        return ear.revisions(), {row["id"]: row["rev"] for row in rows}

    believed, truth = asyncio.run(scenario())
    assert believed == truth
    assert len(truth) == 23


def _submit(backend: Backend, numbers: list[int]) -> None:
    api = Api(backend)
    for number in numbers:
        api.submit(number, {"recipient": {"email": f"p{number}@example.org"}}, str(number))
    api.close()


async def _ready(states: asyncio.Queue[object]) -> Backend:
    async with asyncio.timeout(20):
        while not isinstance(state := await states.get(), Ready):
            pass
    return state.backend


async def _gone(states: asyncio.Queue[object]) -> None:
    async with asyncio.timeout(20):
        while (await states.get()).__class__.__name__ != "Gone":
            pass
