"""Statements on items: their numbers, corrections, whether people were informed, what is kept.

Whether a recipient was informed follows from the item's tasks and is stored with the item.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    case,
    delete,
    exists,
    func,
    insert,
    literal_column,
    select,
    update,
)

from desktop.contract.items import Informed
from desktop.contract.reasons import Reason
from desktop.contract.states import OPEN, State
from desktop.engine.store.tables.cursor import GIVEN, NO_OFFSET, p, sql
from desktop.engine.store.tables.records import IS_OWN
from desktop.engine.store.tables.schema import tasks
from desktop.items.tables.schema import ERASED, corrections, items

ITEM: Final = sql(
    select(items.c.body, items.c.first_task, items.c.task_count, items.c.joined).where(
        items.c.id == p("id")
    )
)

ITEMS_FLOOR: Final = "items_floor"
"""The key in ``meta`` of the lowest base for item numbers, if the store once had higher ones."""

COUNTED_BELOW: Final = 10**15 - 1
"""New items are counted on from the highest number below this one, which is fifteen nines.

That is a placeholder, and a longer number is a code, such as that of a card: items bring them.
"""
LAST_ITEM: Final = f"""
SELECT coalesce(max(n), 0) FROM (SELECT max(id) AS n FROM items WHERE id < {COUNTED_BELOW}
UNION ALL SELECT CAST(value AS bigint) FROM meta WHERE key = '{ITEMS_FLOOR}') AS known
WHERE n < {COUNTED_BELOW}
"""  # noqa: S608
"""The number from which new items are counted."""

HIGHEST_ITEM: Final = sql(select(func.max(items.c.id)))

INSERT_CORRECTION: Final = sql(insert(corrections).values(dict.fromkeys(corrections.c.keys())))

CORRECTION: Final = sql(
    select(corrections.c.number, corrections.c.body, corrections.c.recipient, corrections.c.at)
    .where(corrections.c.item_id == p("item"))
    .order_by(corrections.c.number.desc())
    .limit(literal_column("1"))
    .offset(NO_OFFSET)
)
"""An item's last correction."""

DELETE_CORRECTIONS: Final = sql(
    delete(corrections).where(
        corrections.c.item_id.in_(GIVEN),
        ~exists().where(items.c.id == corrections.c.item_id).correlate(corrections),
    )
)
"""Deletes the corrections of those of some items that no longer exist."""


def _newest(column: ColumnElement[Any]) -> Any:
    found = select(column).where(corrections.c.item_id == items.c.id)
    newest = found.order_by(corrections.c.number.desc()).limit(literal_column("1"))
    return newest.offset(NO_OFFSET).correlate(items).scalar_subquery()


BODY: Final = func.coalesce(_newest(corrections.c.body), items.c.body)
"""An item's current body."""

PRESENT: Final = sql(
    select(items.c.id, BODY, _newest(corrections.c.recipient)).where(items.c.id.in_(GIVEN))
)
"""The current bodies of some items, and their corrected recipients."""

DELETE_ITEM: Final = sql(delete(items).where(items.c.id == p("id")))

DELETE_EMPTY_ITEMS: Final = sql(
    delete(items).where(
        items.c.id.in_(GIVEN), ~exists().where(tasks.c.item_id == items.c.id).correlate(items)
    )
)


RANKS: Final = (Informed.NO, Informed.KEPT, Informed.NOT_YET, Informed.NOT_SURE, Informed.YES)
"""The possible values, lowest rank first; among an item's tasks the highest rank decides."""


def _word(value: str) -> ColumnElement[Any]:
    return literal_column(f"'{value}'")


def _rank(value: Informed) -> ColumnElement[Any]:
    return literal_column(str(RANKS.index(value)))


_OVER: Final = {Informed.NO, Informed.KEPT, Informed.NOT_SURE}
"""The values that hold once all messages have ended, but for *yes*, which holds for ever."""
_open = tasks.c.state.in_([_word(state) for state in sorted(OPEN)])
_flag = func.json_extract(tasks.c.reason_data, literal_column("'$.may_have_arrived'"))
_said = case(
    (tasks.c.state == _word(State.UNCERTAIN), _rank(Informed.NOT_SURE)),
    ((tasks.c.state == _word(State.CANCELLED)) & _flag.is_not(None), _rank(Informed.NOT_SURE)),
    (_open, _rank(Informed.NOT_YET)),
    (tasks.c.state != _word(State.SUCCEEDED), _rank(Informed.NO)),
    (tasks.c.reason == _word(Reason.KEPT), _rank(Informed.KEPT)),
    else_=_rank(Informed.YES),
)
_highest = (
    select(func.max(_said))
    .where(tasks.c.item_id == items.c.id, tasks.c.reference.is_not(None), IS_OWN)
    .correlate(items)
    .scalar_subquery()
)
_past: Final = case(*((_word(each), _rank(each)) for each in RANKS), value=items.c.past)
_by_tasks: Final = case(*((_rank(each), _word(each)) for each in RANKS), value=_highest)
TOLD: Final = case(
    (
        items.c.past.is_not(None) & (_past > func.coalesce(_highest, literal_column("-1"))),
        items.c.past,
    ),
    else_=_by_tasks,
)
"""The value that follows from an item's tasks, those that were deleted included.

A task with a reference is a message.
"""
_some = items.c.id.in_(GIVEN)
_not_yes = items.c.informed.is_distinct_from(_word(Informed.YES))
RECOUNT: Final = sql(
    update(items)
    .ordered_values((items.c.informed_at, p("now")), (items.c.informed, TOLD))
    .where(_some, _not_yes, items.c.informed.is_distinct_from(TOLD))
)
"""Recomputes the value of some items; *yes* never changes."""
SET_YES: Final = sql(
    update(items)
    .ordered_values((items.c.informed_at, p("now")), (items.c.informed, _word(Informed.YES)))
    .where(_some, _not_yes)
)
KEEP_PAST: Final = sql(
    update(items)
    .values(past=items.c.informed)
    .where(_some, items.c.informed.in_([_word(each) for each in RANKS if each in _OVER]))
)
"""Keeps the value of some items, of which tasks that had ended were deleted."""


INFORMED: Final = "SELECT informed FROM items WHERE id = ?"
_NO_TASK: Final = "NOT EXISTS (SELECT 1 FROM tasks WHERE tasks.item_id = items.id)"
_OLD: Final = "items.created_at < ? AND coalesce(items.informed_at, 0) < ?"
_NOT_CORRECTED: Final = (
    "NOT EXISTS (SELECT 1 FROM corrections WHERE corrections.item_id = items.id{})"
)
LONE_WORDS: Final = f"""
SELECT items.id, items.words, CASE WHEN {_NO_TASK} THEN
coalesce((SELECT c.body FROM corrections AS c WHERE c.item_id = items.id
ORDER BY c.number DESC LIMIT 1), items.body) END FROM items
WHERE items.id IN (SELECT value FROM json_each(?))
"""  # noqa: S608
"""The words of some items, and of those that have no task their current bodies."""
SET_LONE_WORDS: Final = "UPDATE items SET words = ? WHERE id = ?"
TO_ERASE: Final = f"""
SELECT items.id FROM items WHERE items.words IS NOT NULL AND {_OLD} AND {_NO_TASK}
AND {_NOT_CORRECTED.format(" AND corrections.at >= ?")} ORDER BY items.created_at LIMIT ?
"""  # noqa: S608
"""Items of which nothing has happened since a time, which is given three times."""
ERASE: Final = f"""
UPDATE items SET body = '{ERASED}', words = NULL
WHERE id IN (SELECT value FROM json_each(?))
"""  # noqa: S608
ERASE_CORRECTIONS: Final = (
    "DELETE FROM corrections WHERE item_id IN (SELECT value FROM json_each(?))"
)
TO_DELETE: Final = f"""
SELECT items.id FROM items WHERE items.body = '{ERASED}' AND items.words IS NULL AND {_OLD}
AND {_NO_TASK} AND {_NOT_CORRECTED.format("")} ORDER BY items.created_at LIMIT ?
"""  # noqa: S608
"""Erased items of which nothing has happened since a time, which is given twice."""
DELETE_ITEMS: Final = "DELETE FROM items WHERE id IN (SELECT value FROM json_each(?))"
_AMONG_GIVEN: Final = "id IN (SELECT value FROM json_each(?))"
GIVE_UP: Final = f"UPDATE items SET past = 'no' WHERE informed = 'not_yet' AND {_AMONG_GIVEN}"  # noqa: S608
"""Sets items whose waiting messages are deleted to *not informed*, for good."""
BLANK_EVENTS: Final = "UPDATE events SET why = '' WHERE task_id IN (SELECT value FROM json_each(?))"
KEEP_NEWEST: Final = f"""
UPDATE items SET body = (SELECT c.body FROM corrections AS c WHERE c.item_id = items.id
ORDER BY c.number DESC LIMIT 1)
WHERE {_AMONG_GIVEN} AND EXISTS (SELECT 1 FROM corrections AS c WHERE c.item_id = items.id)
"""  # noqa: S608
"""Replaces the first body of some items by the current one."""
DELETE_FORMER: Final = """
DELETE FROM corrections WHERE item_id IN (SELECT value FROM json_each(?))
AND number < (SELECT max(number) FROM corrections AS c WHERE c.item_id = corrections.item_id)
"""
"""Deletes all but the newest corrections of some items."""
