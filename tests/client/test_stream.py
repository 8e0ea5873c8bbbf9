"""The stream hears every change once or again, never not at all."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from desktop.client.api import Api
from desktop.client.supervisor import Supervisor
from desktop.settings.office_folder import OfficeFolder
from sendoff_tasks.client import stream as module
from sendoff_tasks.client.calls import SortedFilter
from sendoff_tasks.client.health import Ready
from sendoff_tasks.client.stream import EventStream
from sendoff_tasks.folder.backend_addresses import Backend
from tests import WITHIN
from tests.client.conftest import health_of
from tests.client.streaming import PRESENT, SSE, Ear, Script, answer_of, frame


def heard_all(*numbers: int) -> Callable[[EventStream, Ear], Awaitable[None]]:
    async def scene(_stream: EventStream, ear: Ear) -> None:
        await ear.until(lambda: ear.ids() == list(numbers))

    return scene


def test_it_begins_at_the_present_and_has_everything_loaded_first() -> None:
    script = Script([SSE + frame(8) + ": hold\n\n"])
    ear = asyncio.run(script.play(heard_all(8)))
    assert script.resumed_from == ["7"]
    assert [what for what, _ in ear.heard[:3]] == ["reset", "connected", "tasks"]


def test_batches_a_search_and_what_is_unknown_are_heard_before_the_frame_they_came_before() -> None:
    batches = 'event: batches\ndata: {"rows":[],"gone":[3]}\n\n'
    more = 'event: search\ndata: {"indexed_to":3}\n\nevent: new\nid: 9\ndata: {}\n\n'
    script = Script([SSE + batches + more + frame(8) + ": hold\n\n"])
    ear = asyncio.run(script.play(heard_all(8)))
    assert [what for what, _ in ear.heard[2:6]] == ["batches", "search", "new", "tasks"]
    assert ear.heard[2][1] == {"rows": [], "gone": [3]}


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


def test_a_stranger_on_the_port_is_not_shown_the_token() -> None:
    class Stranger(Script):
        def __init__(self) -> None:
            super().__init__([])
            self.heard: list[str] = []
            self.came_again = asyncio.Event()

        async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            self.heard.append((await reader.readuntil(b"\r\n\r\n")).decode())
            said = ("<html>", '{"status": "ok"}', '{"status": "ok", "proof": "00"}')
            writer.write(answer_of(said[len(self.heard) % 3]).encode())
            writer.close()
            if len(self.heard) == 4:
                self.came_again.set()

    async def scene(_stream: EventStream, _ear: Ear) -> None:
        async with asyncio.timeout(WITHIN):
            await stranger.came_again.wait()

    stranger = Stranger()
    ear = asyncio.run(stranger.play(scene))
    assert all(request.startswith("GET /health?nonce=") for request in stranger.heard)
    assert not any("authorization" in request.lower() for request in stranger.heard)
    assert ear.heard == []


def test_a_reset_is_heard_and_its_id_is_where_it_goes_on() -> None:
    reset = "event: reset\nid: 50\ndata: {}\n\n"
    script = Script([SSE + reset, SSE + frame(51) + ": hold\n\n"])
    ear = asyncio.run(script.play(heard_all(51)))
    assert script.resumed_from == ["7", "50"]
    assert ear.count("reset") == 2


def test_a_dead_connection_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SILENT_FOR", 1.0)
    script = Script([SSE + frame(8) + ": hold\n\n", SSE + frame(9) + ": hold\n\n"])
    asyncio.run(script.play(heard_all(8, 9)))
    assert script.resumed_from == ["7", "8"]


def test_a_silent_one_that_breathes_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    for silent_for in (0.3, 1.2, 4.8, 19.2):  # a busy machine may be out of breath
        monkeypatch.setattr(module, "SILENT_FOR", silent_for)
        resumed_from, ear = breathing(silent_for / 3)
        if len(resumed_from) == 1:
            break
    assert len(resumed_from) == 1
    assert ear.count("connected") == 1


def breathing(pause: float) -> tuple[list[str], Ear]:
    """Listen to a stream that says nothing but comments for a while, each after a pause."""
    breaths = 8

    class Breathing(Script):
        async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            request = (await reader.readuntil(b"\r\n\r\n")).decode()
            if not request.startswith("GET /events"):
                health = request.startswith("GET /health")
                said = answer_of(health_of(request.split()[1]).decode()) if health else PRESENT
                writer.write(said.encode())
                writer.close()
                return
            self.resumed_from.append("")
            writer.write(SSE.encode())
            done = asyncio.create_task(self._done.wait())
            for _ in range(breaths):
                writer.write(b": still here\n\n")
                await asyncio.wait({done}, timeout=pause)
            writer.write((frame(8)).encode())
            await done
            writer.close()

    script = Breathing([])
    ear = asyncio.run(script.play(heard_all(8)))
    return script.resumed_from, ear


def test_an_error_of_the_listener_ends_the_run_and_is_seen() -> None:
    script = Script([SSE + frame(8) + ": hold\n\n"])

    async def scene(stream: EventStream, ear: Ear) -> None:
        ear.is_broken = True
        running = next(t for t in asyncio.all_tasks() if "EventStream" in repr(t))
        with pytest.raises(ZeroDivisionError):
            await running

    asyncio.run(script.play(scene))


def test_kill_9_of_the_backend_leaves_no_gap(tmp_path: Path) -> None:
    """Submit, kill, submit before listening again: what was heard is what the backend has."""
    data = OfficeFolder(tmp_path)
    data.create()

    async def scenario() -> tuple[dict[int, int], dict[int, int]]:
        ear = Ear()
        stream = EventStream(ear.on_event)
        states: asyncio.Queue[object] = asyncio.Queue()
        supervisor = Supervisor(data, states.put_nowait)
        supervising = asyncio.create_task(supervisor.run())
        for round_ in range(2):
            backend = await _ready(states)
            if round_ > 0:
                await asyncio.to_thread(_submit, backend, [10 * round_ + n for n in range(4)])
            listening = asyncio.create_task(stream.run(backend))
            await ear.until(lambda: ear.count("connected") > ear.count("disconnected"))
            await asyncio.to_thread(_submit, backend, [10 * round_ + n for n in range(4, 9)])
            if round_ == 0:
                supervisor._child.kill()  # type: ignore[union-attr]
                await _gone(states)
                listening.cancel()
                await asyncio.wait({listening})
        api = Api(backend)
        try:
            await ear.until(lambda: sorted(ear.states().values()) == ["succeeded"] * 14)
        except TimeoutError:
            rows = api.page(SortedFilter())["tasks"]
            stuck = [row for row in rows if row["state"] != "succeeded"]
            pytest.fail(f"heard {ear.states()}; {len(rows)} rows, not succeeded: {stuck}")
        rows = api.page(SortedFilter())["tasks"]
        api.close()
        listening.cancel()
        supervising.cancel()
        await supervisor.stop()
        return ear.revisions(), {row["id"]: row["rev"] for row in rows}

    believed, truth = asyncio.run(scenario())
    assert believed == truth
    assert len(truth) == 14


def _submit(backend: Backend, numbers: list[int]) -> None:
    api = Api(backend)
    for number in numbers:
        api.items.submit(number, {"recipient": {"email": f"p{number}@example.org"}}, str(number))
    api.close()


async def _ready(states: asyncio.Queue[object]) -> Backend:
    async with asyncio.timeout(WITHIN):
        while not isinstance(state := await states.get(), Ready):
            pass
    return state.backend


async def _gone(states: asyncio.Queue[object]) -> None:
    async with asyncio.timeout(WITHIN):
        while (await states.get()).__class__.__name__ != "Gone":
            pass
