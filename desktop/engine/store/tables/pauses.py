"""The statements behind pauses."""

from __future__ import annotations

import sqlite3
from typing import Final

from sqlalchemy import delete, select

from desktop.engine.store.tables.compiled import p, sql
from desktop.engine.store.tables.schema import pauses


def read_pauses(connection: sqlite3.Connection) -> dict[str, int]:
    """Read what is paused, and since when in epoch ms."""
    return dict(connection.execute(PAUSES).fetchall())


PAUSES: Final = sql(select(pauses))
INSERT_PAUSE: Final = sql(pauses.insert().values(queue=p("queue"), since=p("since")))
DELETE_PAUSE: Final = sql(delete(pauses).where(pauses.c.queue == p("queue")))
