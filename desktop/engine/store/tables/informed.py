"""Whether an item's recipient was told: how its tasks say so, and the statements that keep it."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import ColumnElement, case, func, literal_column, or_, select, update

from desktop.contract.items import Informed
from desktop.contract.reasons import Reason
from desktop.contract.states import OPEN, State
from desktop.engine.store.tables.compiled import GIVEN, sql
from desktop.engine.store.tables.schema import items, tasks

RANKS: Final = (Informed.NO, Informed.KEPT, Informed.NOT_YET, Informed.NOT_SURE, Informed.YES)
"""What the tasks of an item say, the one that decides last."""


def _word(value: str) -> ColumnElement[Any]:
    return literal_column(f"'{value}'")


def _rank(value: Informed) -> ColumnElement[Any]:
    return literal_column(str(RANKS.index(value)))


_open = tasks.c.state.in_([_word(state) for state in sorted(OPEN)])
_said = case(
    (tasks.c.state == _word(State.UNCERTAIN), _rank(Informed.NOT_SURE)),
    (_open, _rank(Informed.NOT_YET)),
    (tasks.c.state != _word(State.SUCCEEDED), _rank(Informed.NO)),
    (tasks.c.reason == _word(Reason.KEPT), _rank(Informed.KEPT)),
    else_=_rank(Informed.YES),
)
_to_another = or_(
    tasks.c.addressee.is_(None),
    func.json_extract(tasks.c.addressee, literal_column("'$.to_me'")).is_(None),
)
_highest = (
    select(func.max(_said))
    .where(tasks.c.item_id == items.c.id, tasks.c.reference.is_not(None), _to_another)
    .correlate(items)
    .scalar_subquery()
)
TOLD: Final = case(*((_rank(each), _word(each)) for each in RANKS), value=_highest)
"""What an item's tasks say now; a task that has a reference is a message."""
_some = items.c.id.in_(GIVEN)
_not_yes = items.c.informed.is_distinct_from(_word(Informed.YES))
RECOUNT: Final = sql(update(items).values(informed=TOLD).where(_some, _not_yes))
"""Read again what the tasks of some items say: what was told once stays told."""
SET_YES: Final = sql(update(items).values(informed=_word(Informed.YES)).where(_some, _not_yes))
DIFFERENT: Final = sql(
    select(items.c.id, items.c.informed, TOLD).where(
        TOLD.is_not(None), TOLD.is_distinct_from(items.c.informed), _not_yes
    )
)
"""Items of which something else is kept than their tasks say; none are expected."""
