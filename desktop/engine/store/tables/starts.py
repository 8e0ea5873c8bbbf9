"""The statements behind rates: how many attempts of a queue began when."""

from __future__ import annotations

from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.dialects import sqlite

from desktop.engine.store.tables.compiled import p, sql
from desktop.engine.store.tables.schema import starts

STARTS: Final = sql(select(starts).order_by(starts.c.queue, starts.c.at))
_begun = sqlite.insert(starts).values(queue=p("queue"), at=p("at"), n=p("n"))
COUNT_STARTS: Final = sql(
    _begun.on_conflict_do_update(
        index_elements=[starts.c.queue, starts.c.at], set_={"n": starts.c.n + _begun.excluded.n}
    )
)
DELETE_STARTS: Final = sql(
    delete(starts).where(starts.c.queue == p("queue"), starts.c.at <= p("before"))
)
DROP_STARTS: Final = sql(delete(starts).where(starts.c.queue == p("queue")))
DELETE_OLD_STARTS: Final = sql(delete(starts).where(starts.c.at <= p("before")))
