"""Tasks as rows that are put into a store without an engine."""

from __future__ import annotations

import sqlite3
from typing import Any

from sendoff_tasks.store.reads.vocabulary import error_words, words
from sendoff_tasks.store.tables import cursor, schema, statements
from sendoff_tasks.store.tables.records import TaskRecord

NAMES = ["send_mail", "make_receipt"]
TITLES = ["Receipt", "confirmation e-mail"]


def record(number: int, state: str, **columns: Any) -> TaskRecord:
    blank: dict[str, Any] = dict.fromkeys(TaskRecord.__dataclass_fields__)
    blank |= dict.fromkeys(
        ("rev", "attempt", "crashes", "passed", "stopping", "priority", "finished_at", "delayed"), 0
    )
    blank |= {"recipient": "", "why": "", "held": "", "arguments": "[[],{}]", "max_attempts": 5}
    return TaskRecord(**(blank | {"id": number, "state": state} | columns))


def fill(connection: sqlite3.Connection, records: list[TaskRecord]) -> None:
    for number, (name, title) in enumerate(zip(NAMES, TITLES, strict=True), 1):
        connection.execute(statements.INSERT_FUNCTION, (number, name, name, "io", title))
    insert = cursor.insert_rows(schema.tasks, cursor.columns(schema.tasks), 1)
    connection.executemany(insert, [each.values() for each in records])
    kept = [(each.id, found_by(each)) for each in records]
    connection.executemany(statements.INSERT_WORDS, [row for row in kept if row[1]])
    counts: dict[tuple[int, str], int] = {}
    for each in records:
        counts[each.function, each.state] = counts.get((each.function, each.state), 0) + 1
    rows = [(*key, n) for key, n in counts.items()]
    connection.executemany(statements.INSERT_COUNT, rows)


def found_by(each: TaskRecord) -> str:
    return f"{words(each.title, each.recipient, each.error)} {error_words(each.error)}".strip()
