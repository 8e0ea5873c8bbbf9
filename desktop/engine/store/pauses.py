"""The statements behind pauses."""

from __future__ import annotations

from typing import Final

from sqlalchemy import delete, select

from desktop.engine.store.compiled import p, sql
from desktop.engine.store.schema import pauses

PAUSES: Final = sql(select(pauses))
INSERT_PAUSE: Final = sql(pauses.insert().values(queue=p("queue"), since=p("since")))
DELETE_PAUSE: Final = sql(delete(pauses).where(pauses.c.queue == p("queue")))
