"""The table of acts, and their statements."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Column, Integer, Table, Text

from sendoff_tasks.store.tables.schema import metadata

acts = Table(
    # What people asked for: see model/acts.py. ``at`` is epoch ms, ``tasks`` JSON.
    "acts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Integer, nullable=False, index=True),
    Column("who", Text, nullable=False),
    Column("verb", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("tasks", Text, nullable=False),
    Column("count", Integer, nullable=False),
    sqlite_strict=True,
)

LAST_ACT: Final = "SELECT max(id) FROM acts"
READ_ACT: Final = "SELECT tasks, count FROM acts WHERE id = ?"
SET_ACT: Final = "UPDATE acts SET tasks = ?, count = ? WHERE id = ?"
SET_NUMBERS: Final = "UPDATE acts SET tasks = ? WHERE id = ?"
WITH_NUMBERS: Final = "SELECT id, tasks FROM acts WHERE tasks <> '[]'"
DELETE_ACTS: Final = "DELETE FROM acts WHERE at < ?"
NEWEST_ACTS: Final = (
    "SELECT id, at, who, verb, kind, name, tasks, count FROM acts"
    " WHERE id < ? AND at >= ? AND at < ? ORDER BY id DESC LIMIT ?"
)
