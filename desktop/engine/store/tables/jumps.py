"""The statements that follow a jump of the clock."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import literal_column, update

from desktop.engine.store.tables.compiled import p, sql
from desktop.engine.store.tables.records import DEADLINE_COUNTS, START_COUNTS
from desktop.engine.store.tables.schema import idempotency, tasks


def _counts(flag: int) -> Any:
    return tasks.c.delayed.bitwise_and(literal_column(str(flag))) != literal_column("0")


MOVE_DELAYS: Final = sql(
    update(tasks)
    .values(run_at=tasks.c.run_at + p("ms"))
    .where(tasks.c.run_at.is_not(None), _counts(START_COUNTS))
)
MOVE_DEADLINES: Final = sql(
    update(tasks)
    .values(deadline=tasks.c.deadline + p("ms"))
    .where(tasks.c.deadline.is_not(None), _counts(DEADLINE_COUNTS))
)
MOVE_ANSWERS: Final = sql(
    update(idempotency)
    .values(created_at=idempotency.c.created_at + p("ms"))
    .where(idempotency.c.created_at.between(p("first"), p("last")))
)
