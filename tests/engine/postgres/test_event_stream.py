"""A follower of a database misses none of its changes, in any order of commits."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import Any

import psycopg
import pytest

from sendoff_tasks.errors import Closed, NotWritable
from sendoff_tasks.fastapi import RequestTasks
from sendoff_tasks.processes import server_link
from sendoff_tasks.store.reads.query import read_event_id
from tests import WITHIN
from tests.engine.fastapi.app import App
from tests.engine.lanes.tasks import returns
from tests.engine.processes.looking import later, owns

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("app_alone")]
WRITERS = 6
READERS = 5
"""With more than three, what one of them has read is told to the others."""
ROUNDS = 8
LONG = 4
"""Rounds that the first writer's transaction stays open: it commits after later ones."""


class Reader(threading.Thread):
    """Follows the process that runs the tasks, whichever does, from where it was."""

    def __init__(self, apps: list[App]) -> None:
        super().__init__(daemon=True)
        self.apps = apps
        self.ready, self.over = threading.Event(), threading.Event()
        self.place = ""
        self.frames: list[tuple[str, str, Any]] = []
        self.states: dict[int, str] = {}

    def run(self) -> None:
        while not self.over.is_set():
            for app in self.apps:
                with suppress(Closed, NotWritable):
                    self.follow(app)

    def follow(self, app: App) -> None:
        listening = app.engine.journal.subscribe(self.place or None)
        self.ready.set()
        try:
            while app.engine.is_running and not self.over.is_set():
                if not asyncio.run(listening.changed(0.05)):
                    continue
                frame = listening.next_frame()
                if frame is None:
                    continue
                changed = json.loads(frame.tasks) if frame.tasks else None
                self.frames.append((self.place, frame.id, changed))
                self.place = frame.id
                self.states |= {
                    row["id"]: row["state"] for row in (changed or {"rows": ()})["rows"]
                }
        finally:
            listening.close()


@contextmanager
def reading(apps: list[App]) -> Iterator[list[Reader]]:
    """Have readers follow while the block runs."""
    readers = [Reader(apps) for _ in range(READERS)]
    for reader in readers:
        reader.start()
        assert reader.ready.wait(WITHIN)
    try:
        yield readers
    finally:
        for reader in readers:
            reader.over.set()
            reader.join(WITHIN)


def position(place: str) -> int:
    """Tell which event a place is behind; the numbers are of one store here."""
    return read_event_id(place.partition("-")[0], place) or 0


def write(url: str, app: App, number: int, abreast: threading.Barrier) -> None:
    """Add tasks in transactions that are open together with those of the others, and alone."""
    with psycopg.connect(url) as connection:
        for turn in range(ROUNDS):
            RequestTasks(app.engine).using(connection).add_task(returns, [number, turn])
            abreast.wait(WITHIN)
            if number or turn % LONG == LONG - 1:
                connection.commit()
            if number == 1:
                app.engine.add_task(returns, "a line")


@pytest.mark.long
async def test_six_writers_at_once_and_a_takeover_hide_nothing_from_those_who_follow(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_link, "ORPHANED_S", 0.0)
    apps = [App(url) for _ in range(3)]
    abreast = threading.Barrier(WRITERS)
    added = WRITERS * ROUNDS + ROUNDS

    def events() -> list[tuple[int, int]]:
        with psycopg.connect(url) as connection:
            found = connection.execute("SELECT id, task_id FROM sendoff.events ORDER BY id")
            return found.fetchall()

    def succeeded() -> int:
        with psycopg.connect(url) as connection:
            found = connection.execute(
                "SELECT count(*) FROM sendoff.tasks WHERE state = 'succeeded'"
            )
            return int(found.fetchall()[0][0])

    first = apps[0].started()
    await first.__aenter__()
    async with apps[1].started(), apps[2].started():
        assert owns(apps[0])
        with reading(apps) as readers, ThreadPoolExecutor(WRITERS) as writers:
            writing = [
                writers.submit(write, url, apps[1 + number % 2], number, abreast)
                for number in range(WRITERS)
            ]
            await later(lambda: succeeded() > added // 3)
            await first.__aexit__(None, None, None)
            await later(lambda: all(each.done() for each in writing))
            for each in writing:
                each.result(0)
            await later(lambda: succeeded() == added)
            last = events()[-1][0]
            await later(lambda: all(position(each.place) == last for each in readers))
        readers = readers
    known = events()
    for reader in readers:
        assert set(reader.states.values()) == {"succeeded"}
        assert len(reader.states) == added
        for after, upto, told in reader.frames:
            assert told is not None, "a reset, though the frame has room for all"
            within = {
                task for id_, task in known if position(after) < id_ <= position(upto) and task > 0
            }
            assert within <= {row["id"] for row in told["rows"]}
