"""The limit of the engine: the least an embedded, durable queue on SQLite can do.

Not a product: the caller inserts and commits, one thread runs the task and deletes its row, a group
of finished ones in one commit. No states, no history, no claims; a crash repeats what was running.
"""

from __future__ import annotations

import queue
import sqlite3
import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

GROUP = 100


def tasks_a_second(database: Path, tasks: int, submitters: int) -> float:
    """Hand in that many tasks from that many threads; until every one was run and deleted."""
    connection = _open(database)
    connection.execute("CREATE TABLE task (id INTEGER PRIMARY KEY, name TEXT, arguments TEXT)")
    lock = threading.Lock()
    accepted: queue.SimpleQueue[int] = queue.SimpleQueue()

    def submit() -> None:
        for _ in range(tasks // submitters):
            with lock:
                insert = "INSERT INTO task (name, arguments) VALUES ('nothing', '[1]')"
                number = connection.execute(insert).lastrowid
            assert number is not None
            accepted.put(number)

    def run() -> None:
        own = _open(database)
        left = tasks // submitters * submitters
        while left:
            group = [(accepted.get(),)]
            while len(group) < GROUP and not accepted.empty():
                group.append((accepted.get(),))
            with lock:
                own.execute("BEGIN IMMEDIATE")
                own.executemany("DELETE FROM task WHERE id = ?", group)
                own.execute("COMMIT")
            left -= len(group)
        own.close()

    threads = [threading.Thread(target=submit) for _ in range(submitters)]
    threads.append(threading.Thread(target=run))
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - began
    connection.close()
    return tasks / took


def _open(database: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(database, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    return connection
