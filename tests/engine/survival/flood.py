"""A flood, in a process of its own: more is offered than a stalled disk takes.

``python -m tests.engine.survival.flood FOLDER BACKLOG SUBMISSIONS CHARACTERS`` prints as JSON how
many were accepted and refused, how many of the accepted are on disk, and by how many MiB the
process grew at most. ``BACKLOG`` is how many may wait for the disk.
"""

from __future__ import annotations

import json
import resource
import sqlite3
import sys
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, Literal
from unittest.mock import patch

from sendoff_tasks import sqlite
from sendoff_tasks.errors import Busy
from sendoff_tasks.facade.engine import Engine
from sendoff_tasks.facade.running_engine import EngineConfig
from sendoff_tasks.functions.registry import Registry, task
from sendoff_tasks.store.database import open_store
from sendoff_tasks.submission import NewTask, Submission, SubmissionAnswer
from sendoff_tasks.writer import writer
from tests import WITHIN

CALLERS = 4


@task
def work(text: str) -> None: ...


class StalledCursor:
    """A cursor whose COMMIT waits until the disk ``takes`` writes."""

    def __init__(self, cursor: sqlite3.Cursor, takes: threading.Event) -> None:
        self._cursor, self._takes = cursor, takes

    def execute(self, statement: str, parameters: Any = ()) -> sqlite3.Cursor:
        if statement == "COMMIT":
            self._takes.wait(WITHIN)
        return self._cursor.execute(statement, parameters)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cursor, name)


class StalledConnection:
    """A connection to a disk that takes no write for a while."""

    def __init__(self, path: Path, takes: threading.Event) -> None:
        self._connection, self._takes = open_store(path), takes

    def cursor(self) -> StalledCursor:
        return StalledCursor(self._connection.cursor(), self._takes)

    def __enter__(self) -> sqlite3.Connection:
        return self._connection.__enter__()

    def __exit__(self, *error: Any) -> Literal[False]:
        return self._connection.__exit__(*error)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)


def main(folder: Path, backlog: int, submissions: int, characters: int) -> None:
    takes = threading.Event()
    stalled = patch.object(
        sqlite, "open_store", lambda path, tables: StalledConnection(path, takes)
    )
    with patch.object(writer, "BACKLOG", backlog), stalled:
        found = flood(folder, takes, submissions, characters)
    print(json.dumps(found))


def flood(
    folder: Path, takes: threading.Event, submissions: int, characters: int
) -> dict[str, int]:
    """Offer so many tasks to a disk that takes none, then let it; returns what came of them."""
    takes.set()
    registry = Registry()
    registry.add(work)
    engine = Engine(EngineConfig(folder / "store.db", registry, lanes=False))
    engine.start()
    takes.clear()
    before = grown()
    with ThreadPoolExecutor(CALLERS) as callers:
        offered = [
            callers.submit(offer, engine, submissions // CALLERS, characters)
            for _ in range(CALLERS)
        ]
        told = [each.result() for each in offered]
    peak = grown() - before
    takes.set()
    waiting = [future for accepted, _ in told for future in accepted]
    accepted = [future.result(WITHIN).task_ids[0] for future in waiting]
    engine.stop()
    connection = sqlite3.connect(folder / "store.db")
    kept = {number for (number,) in connection.execute("SELECT id FROM tasks")}
    connection.close()
    found = {"accepted": len(accepted), "kept": len(kept & set(accepted)), "rows": len(kept)}
    return {**found, "refused": sum(refused for _, refused in told), "grown": round(peak)}


def offer(
    engine: Engine, count: int, characters: int
) -> tuple[list[Future[SubmissionAnswer]], int]:
    """Submit without waiting for the answers; returns what was accepted, and how many were not."""
    waiting, refused = [], 0
    for number in range(count):
        text = f"{number:0{characters}}"
        try:
            waiting.append(engine.submit(Submission(tasks=[NewTask("work", [text])])))
        except Busy:
            refused += 1
    return waiting, refused


def grown() -> float:
    """Tell the most memory the process ever had, MiB."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / (1 << 20)


if __name__ == "__main__":
    main(Path(sys.argv[1]), *map(int, sys.argv[2:]))
