"""Many tasks in one call over HTTP, against a raw loop that inserts and commits one at a time."""

from __future__ import annotations

import sqlite3
import time
from typing import TYPE_CHECKING

from tests.benchmarks.backend.servers import sendoff
from tests.benchmarks.figures import Figure, against

if TYPE_CHECKING:
    from pathlib import Path

    from tests.benchmarks.backend.servers import Server
    from tests.benchmarks.plan import Plan

A_CALL = 10_000
RAW_A_SECOND = 2_000
TIMES_THE_LOOP = 2.0


def run(plan: Plan) -> list[Figure]:
    """Measure until the answer, which says that all are on disk, and until the last was run."""
    tasks = min(A_CALL, plan.rows)
    answered, ran, raw = [], [], []
    with sendoff(plan.place("bulk")) as server:
        _call(server, tasks)
        for _ in range(plan.reps):
            to_answer, to_end = _call(server, tasks)
            answered.append(tasks / to_answer)
            ran.append(tasks / to_end)
            raw.append(_raw_loop(plan.place("raw") / "raw.db", plan.times(RAW_A_SECOND)))
    what = f"{tasks:,} tasks in one call over HTTP"
    beside = "raw SQLite, insert and commit"
    return [
        against(f"{what}: accepted", "tasks/s", answered, raw, beside=beside),
        against(
            f"{what}: every one run", "tasks/s", ran, raw, beside=beside, at_least=TIMES_THE_LOOP
        ),
    ]


def _call(server: Server, tasks: int) -> tuple[float, float]:
    """Make the call; s until its answer and until all its tasks have ended."""
    before = server.counts().get("succeeded", 0)
    calls = [{"task": "nothing", "args": [number]} for number in range(tasks)]
    began = time.monotonic()
    server.call("POST", "/tasks", calls)
    answered = time.monotonic()
    return answered - began, server.wait_done(before + tasks) - began


def _raw_loop(database: Path, tasks: int) -> float:
    """Insert and commit one row after the other, on disk before the next; rows/s."""
    connection = sqlite3.connect(database, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("CREATE TABLE task (id INTEGER PRIMARY KEY, name TEXT, arguments TEXT)")
    began = time.monotonic()
    for number in range(tasks):
        row = ("nothing", f"[[{number}],{{}}]")
        connection.execute("INSERT INTO task (name, arguments) VALUES (?, ?)", row)
    took = time.monotonic() - began
    connection.close()
    return tasks / took
