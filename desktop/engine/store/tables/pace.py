"""The table of minutes and hours: what ended in them, and how long it waited and ran."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from sqlalchemy import Column, Integer, Table, Text
from sqlalchemy.dialects import sqlite

from desktop.engine.store.tables.compiled import sql
from desktop.engine.store.tables.schema import metadata

MINUTE: Final = 60_000
HOUR: Final = 3_600_000
"""The spans there are rows of, ms."""

pace = Table(
    # One row for each function of which something began or ended in a minute, and in an hour.
    # ``at`` is when that begins, epoch ms; ``waits`` and ``runs`` are histograms: JSON objects of
    # counts by the number of a class (see ``tally``).
    "pace",
    metadata,
    Column("span", Integer, primary_key=True),
    Column("at", Integer, primary_key=True),
    Column("function", Integer, primary_key=True),
    Column("done", Integer, nullable=False),
    Column("failed", Integer, nullable=False),
    Column("again", Integer, nullable=False),
    Column("longest", Integer, nullable=False),  # of those that ran, ms
    Column("waits", Text, nullable=False),
    Column("runs", Text, nullable=False),
    sqlite_with_rowid=False,
    sqlite_strict=True,
)

PACE_OF: Final = (
    "SELECT done, failed, again, longest, waits, runs FROM pace"
    " WHERE span = ? AND at = ? AND function = ?"
)
PACE_SINCE: Final = (
    "SELECT at, function, done, failed, again, longest, waits, runs FROM pace"
    " WHERE span = ? AND at >= ? AND at <= ?"
)
DELETE_PACE: Final = "DELETE FROM pace WHERE span = ? AND at < ?"


@lru_cache(maxsize=16)
def put_pace(rows: int) -> str:
    """Return the statement that writes so many rows, in the table's order."""
    given = sqlite.insert(pace).values([dict.fromkeys(pace.c.keys(), 0)] * rows)
    told = ("done", "failed", "again", "longest", "waits", "runs")
    key = [pace.c.span, pace.c.at, pace.c.function]
    return sql(
        given.on_conflict_do_update(
            index_elements=key, set_={name: given.excluded[name] for name in told}
        )
    )
