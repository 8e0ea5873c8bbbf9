"""The limit: the least an embedded, durable queue on SQLite can do.

Not a product: the caller inserts and commits, one thread runs the task and deletes its row, a group
of finished ones in one commit. No states, no history, no claims; a crash repeats what was running.
"""

from __future__ import annotations

import queue
import sqlite3
import threading
from typing import TYPE_CHECKING, cast

from tests.benchmarks.peers import body

if TYPE_CHECKING:
    from tests.benchmarks.peers.body import Kind

GROUP = 100

_accepted: queue.SimpleQueue[tuple[int, str, int, int]] = queue.SimpleQueue()
_lock = threading.Lock()


def _open() -> sqlite3.Connection:
    connection = sqlite3.connect(
        body.folder() / "raw.db", isolation_level=None, check_same_thread=False
    )
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute(
        "CREATE TABLE IF NOT EXISTS task (id INTEGER PRIMARY KEY, kind, number INT, asked INT)"
    )
    return connection


_connection = _open()


def start() -> None:
    for row in _connection.execute("SELECT id, kind, number, asked FROM task ORDER BY id"):
        _accepted.put(row)
    threading.Thread(target=_run, daemon=True).start()


def enqueue(kind: Kind, number: int, asked: int) -> None:
    with _lock:
        insert = "INSERT INTO task (kind, number, asked) VALUES (?, ?, ?)"
        row = _connection.execute(insert, (kind, number, asked)).lastrowid
    assert row is not None
    _accepted.put((row, kind, number, asked))


def _run() -> None:
    own = _open()
    while True:
        group = [_accepted.get()]
        while len(group) < GROUP and not _accepted.empty():
            group.append(_accepted.get())
        for _, kind, number, asked in group:
            body.run(cast("Kind", kind), number, asked)
        with _lock:
            own.execute("BEGIN IMMEDIATE")
            own.executemany("DELETE FROM task WHERE id = ?", [(row,) for row, *_ in group])
            own.execute("COMMIT")
