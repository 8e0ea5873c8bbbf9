"""What a scan of all tasks says, beside what is kept of it: causes, and words to search for."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Any

from desktop.items.item_records import texts_in
from desktop.items.reads.batches import BATCHES
from desktop.items.tables.item_statements import TOLD
from sendoff_tasks.model.causes import CASES, ON_THE_WAY
from sendoff_tasks.model.filters import TaskFilter
from sendoff_tasks.store.reads.causes import PausedBatch, read_causes
from sendoff_tasks.store.reads.pages import read_page
from sendoff_tasks.store.reads.query import TaskQuery
from sendoff_tasks.store.reads.rows import read_rows, task_row
from sendoff_tasks.store.reads.waits import NONE_AT_LIMIT, Waits
from sendoff_tasks.store.tables.causes import CAUSES
from sendoff_tasks.store.tables.records import TaskRecord
from sendoff_tasks.transaction.searching import words_of

DIFFERENT = f"""
SELECT id, informed, {TOLD} FROM items
WHERE {TOLD} IS NOT NULL AND {TOLD} IS NOT informed AND informed IS NOT 'yes'
"""  # noqa: S608
"""Items whose stored value differs from the computed one; none are expected."""
STATES = ("scheduled", "queued", "running", "waiting", "failed", "uncertain")
COUNTED = (*STATES, "failed_seen", "uncertain_seen")
KEPT = f"SELECT id, {', '.join(COUNTED)} FROM causes"  # noqa: S608 - of our own words
SEEN = "SELECT *, state || '_seen' AS state_seen FROM tasks WHERE seen = 1"
SCAN = f"""
SELECT cause, state, count(*) FROM tasks WHERE cause IS NOT NULL GROUP BY 1, 2 UNION ALL
SELECT cause, state_seen, count(*) FROM ({SEEN}) AS s WHERE cause IS NOT NULL GROUP BY 1, 2
"""  # noqa: S608
OF_BATCHES = f"""
SELECT batch_id, cause, state, count(*) FROM tasks
WHERE cause IS NOT NULL AND batch_id IS NOT NULL GROUP BY 1, 2, 3 UNION ALL
SELECT batch_id, cause, state_seen, count(*) FROM ({SEEN}) AS s
WHERE cause IS NOT NULL AND batch_id IS NOT NULL GROUP BY 1, 2, 3
"""  # noqa: S608
SCHEDULED = """
SELECT batch_id, function, coalesce(cause, ''), CAST(held = 'aside' AS INTEGER),
    CAST(error IS NOT NULL AS INTEGER), count(*)
FROM tasks WHERE state = 'scheduled' AND batch_id IS NOT NULL GROUP BY 1, 2, 3, 4, 5
"""
IN_BATCHES = "SELECT * FROM scheduled_in_batches"
WITHOUT = """
SELECT id, state, cause FROM tasks WHERE reason IS NOT NULL AND CASE
WHEN state IN ('failed', 'waiting', 'uncertain') THEN cause IS NULL
WHEN state IN ('succeeded', 'cancelled') THEN cause IS NOT NULL END
OR state = 'succeeded' AND error IS NOT NULL
"""
NEWEST = "SELECT {} FROM corrections WHERE item_id = i.id ORDER BY number DESC LIMIT 1"
WITH_BODIES = f"""
SELECT t.*, coalesce(({NEWEST.format("body")}), i.body), ({NEWEST.format("recipient")})
FROM tasks AS t LEFT JOIN items AS i ON i.id = t.item_id
"""  # noqa: S608 - of our own words
PAUSED = "SELECT id, name, paused_at, 0 FROM batches WHERE state = 'paused'"
DEEP = "SELECT coalesce(sum(CAST(value AS INTEGER)), 0) FROM meta WHERE key = 'searched_to'"
Counts = dict[tuple[Any, ...], int]


def check_causes(connection: sqlite3.Connection) -> None:
    """Assert that each cause is counted as its tasks are, in all and by batch, and listed so."""
    assert miscounted(connection) == []
    check_listed(connection)


def check_listed(connection: Any) -> None:
    """Assert that a cause has the number of tasks that it lists, and those say so themselves."""
    numbers = [number for (number,) in connection.execute("SELECT id FROM tasks").fetchall()]
    waits = Waits(NONE_AT_LIMIT, BATCHES, connection=connection)
    tasks = [task_row(*each, waits) for each in read_rows(connection, numbers)]
    told: dict[str, list[int]] = {}
    for each in sorted(tasks, key=lambda each: each["id"]):
        if each["cause"] is not None and not each["seen"]:
            told.setdefault(each["cause"], []).append(each["id"])
    paused = [PausedBatch(*row) for row in connection.execute(PAUSED).fetchall()]
    causes = read_causes(connection, CASES | ON_THE_WAY, paused=paused, known=BATCHES)
    assert {each["cause"]: each["count"] for each in causes} == {c: len(n) for c, n in told.items()}
    for cause, listed in told.items():
        wanted = TaskQuery(TaskFilter(cause=cause, seen=False), sort="id")
        page = read_page(connection, wanted, "store", known=BATCHES)
        assert [each["id"] for each in page["tasks"]] == listed[:100]
        assert page["total"] == len(listed)


def miscounted(connection: Any) -> list[object]:
    """List what is counted otherwise than a scan counts it, and tasks without their cause.

    A task that has succeeded has no error: a search relies on that.
    """
    execute = connection.execute
    kept = _told(execute(KEPT).fetchall())
    scanned: Counts = {(cause, state): n for cause, state, n in execute(SCAN).fetchall()}
    wrong = sorted({*kept.items()} ^ {*scanned.items()})
    idle = {(cause,) for cause, _ in kept} ^ {(row[0],) for row in execute(CAUSES).fetchall()}
    wrong += sorted({*execute(SCHEDULED).fetchall()} ^ {*execute(IN_BATCHES).fetchall()})
    kept = _told(execute("SELECT * FROM batch_causes").fetchall())
    scanned = {(batch, cause, state): n for batch, cause, state, n in execute(OF_BATCHES)}
    wrong += sorted({*kept.items()} ^ {*scanned.items()})
    return [*wrong, *sorted(idle), *execute(WITHOUT).fetchall()]


def _told(rows: Iterable[tuple[object, ...]]) -> Counts:
    width = len(COUNTED)
    return {
        (*row[:-width], state): n
        for row in rows
        for state, n in zip(COUNTED, row[-width:], strict=True)
        if isinstance(n, int) and n
    }


def searched_by(connection: Any) -> set[tuple[int, str]]:
    """Tell which words each task is to be found by: those up to a number by all there are."""
    (deep,) = connection.execute(DEEP).fetchone()
    told = []
    for *row, body, recipient in connection.execute(WITH_BODIES).fetchall():
        task = TaskRecord(*row)
        item = None if body is None else texts_in(body, recipient)
        told.append((task.id, words_of(task, item, deep=task.id <= deep)))
    return {(number, word) for number, text in told for word in text.split()}
