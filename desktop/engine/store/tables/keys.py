"""The statement behind unique keys."""

from __future__ import annotations

from typing import Final

from sqlalchemy import literal_column, select

from desktop.engine.store.tables.compiled import GIVEN, sql
from desktop.engine.store.tables.schema import IS_OPEN, tasks

OPEN_KEYS: Final = sql(
    select(tasks.c.key, tasks.c.function, tasks.c.id).where(
        tasks.c.key.in_(GIVEN), tasks.c.key.is_not(None), literal_column(IS_OPEN)
    )
)
"""The open tasks with some keys, given as one JSON array."""
