"""Statements on items: their numbers, corrections, whether people were informed, what is kept.

Whether a recipient was informed follows from the item's tasks and is stored with the item.
"""

from __future__ import annotations

from typing import Final

from desktop.contract.items import Informed
from desktop.contract.office import OfficeReason
from desktop.items.tables.schema import ERASED, corrections
from sendoff_tasks.model.reasons import Reason
from sendoff_tasks.model.states import OPEN, State
from sendoff_tasks.store.tables.cursor import insert_rows

TASKS_OF_ITEM: Final = "SELECT * FROM tasks WHERE item_id = ? ORDER BY id"
ITEM: Final = "SELECT body, first_task, task_count, joined FROM items WHERE id = ?"

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

HIGHEST_ITEM: Final = "SELECT max(id) FROM items"

INSERT_CORRECTION: Final = insert_rows(corrections)

CORRECTION: Final = (
    "SELECT number, body, recipient, at FROM corrections WHERE item_id = ? "
    "ORDER BY number DESC LIMIT 1"
)
"""An item's last correction."""

_AMONG_GIVEN: Final = "id IN (SELECT value FROM json_each(?))"
_OF_GIVEN: Final = "item_id IN (SELECT value FROM json_each(?))"
DELETE_CORRECTIONS: Final = f"""
DELETE FROM corrections WHERE {_OF_GIVEN}
AND NOT EXISTS (SELECT 1 FROM items WHERE items.id = corrections.item_id)
"""  # noqa: S608
"""Deletes the corrections of those of some items that no longer exist."""


_NEWEST: Final = (
    "(SELECT c.{} FROM corrections AS c WHERE c.item_id = items.id ORDER BY c.number DESC LIMIT 1)"
)
BODY: Final = f"coalesce({_NEWEST.format('body')}, items.body)"
"""An item's current body."""

PRESENT: Final = f"SELECT id, {BODY}, {_NEWEST.format('recipient')} FROM items WHERE {_AMONG_GIVEN}"  # noqa: S608
"""The current bodies of some items, and their corrected recipients."""

DELETE_ITEM: Final = "DELETE FROM items WHERE id = ?"

NO_TASK: Final = "NOT EXISTS (SELECT 1 FROM tasks WHERE tasks.item_id = items.id)"
DELETE_EMPTY_ITEMS: Final = f"DELETE FROM items WHERE {_AMONG_GIVEN} AND {NO_TASK}"  # noqa: S608


_RANK: Final = {
    value: rank
    for rank, value in enumerate(
        (Informed.NO, Informed.KEPT, Informed.NOT_YET, Informed.UNCERTAIN, Informed.YES)
    )
}
"""The possible values; among an item's tasks the highest rank decides."""
_OVER: Final = ", ".join(f"'{each}'" for each in (Informed.NO, Informed.KEPT, Informed.UNCERTAIN))
"""The values that hold once all messages have ended, but for *yes*, which holds for ever."""
_OPEN: Final = ", ".join(f"'{state}'" for state in sorted(OPEN))
_HIGHEST: Final = f"""(SELECT max(CASE
    WHEN tasks.state = '{State.UNCERTAIN}' THEN {_RANK[Informed.UNCERTAIN]}
    WHEN tasks.state = '{State.CANCELLED}'
        AND json_extract(tasks.reason_data, '$.may_have_arrived') IS NOT NULL
        THEN {_RANK[Informed.UNCERTAIN]}
    WHEN tasks.state IN ({_OPEN}) THEN {_RANK[Informed.NOT_YET]}
    WHEN tasks.state <> '{State.SUCCEEDED}' THEN {_RANK[Informed.NO]}
    WHEN tasks.reason = '{OfficeReason.CAME_BACK}' THEN {_RANK[Informed.NO]}
    WHEN tasks.reason = '{Reason.KEPT}' THEN {_RANK[Informed.KEPT]}
    ELSE {_RANK[Informed.YES]} END)
FROM tasks WHERE tasks.item_id = items.id AND tasks.reference IS NOT NULL
AND tasks.copy_for IS NULL)"""  # noqa: S608
_PAST: Final = " ".join(f"WHEN '{each}' THEN {rank}" for each, rank in _RANK.items())
_BY_TASKS: Final = " ".join(f"WHEN {rank} THEN '{each}'" for each, rank in _RANK.items())
TOLD: Final = (
    f"CASE WHEN items.past IS NOT NULL AND CASE items.past {_PAST} END > coalesce({_HIGHEST}, -1) "
    f"THEN items.past ELSE CASE {_HIGHEST} {_BY_TASKS} END END"
)
"""The value that follows from an item's tasks, those that were deleted included.

A task with a reference is a message.
"""
_UNLESS_YES: Final = f"{_AMONG_GIVEN} AND items.informed IS NOT '{Informed.YES}'"
RECOUNT: Final = (
    f"UPDATE items SET informed_at = ?, informed = {TOLD} "  # noqa: S608
    f"WHERE {_UNLESS_YES} AND items.informed IS NOT {TOLD}"
)
"""Recomputes the value of some items; *yes* never changes."""
RECOUNT_ALL: Final = f"UPDATE items SET informed_at = ?, informed = {TOLD} WHERE {_AMONG_GIVEN}"  # noqa: S608
"""The same also where it was *yes*: a message came back."""
SET_YES: Final = (
    f"UPDATE items SET informed_at = ?, informed = '{Informed.YES}' WHERE {_UNLESS_YES}"  # noqa: S608
)
STORE_PAST: Final = (
    f"UPDATE items SET past = informed WHERE {_AMONG_GIVEN} AND informed IN ({_OVER})"  # noqa: S608
)
"""Keeps the value of some items, of which tasks that had ended were deleted."""


INFORMED: Final = "SELECT informed FROM items WHERE id = ?"
_OLD: Final = "items.created_at < ? AND coalesce(items.informed_at, 0) < ?"
_NOT_CORRECTED: Final = (
    "NOT EXISTS (SELECT 1 FROM corrections WHERE corrections.item_id = items.id{})"
)
LONE_WORDS: Final = f"""
SELECT items.id, items.words, CASE WHEN {NO_TASK} THEN {BODY} END
FROM items WHERE {_AMONG_GIVEN}
"""  # noqa: S608
"""The words of some items, and of those that have no task their current bodies."""
SET_LONE_WORDS: Final = "UPDATE items SET words = ? WHERE id = ?"
TO_ERASE: Final = f"""
SELECT items.id FROM items WHERE items.words IS NOT NULL AND {_OLD} AND {NO_TASK}
AND {_NOT_CORRECTED.format(" AND corrections.at >= ?")} ORDER BY items.created_at LIMIT ?
"""  # noqa: S608
"""Items of which nothing has happened since a time, which is given three times."""
ERASE: Final = f"UPDATE items SET body = '{ERASED}', words = NULL WHERE {_AMONG_GIVEN}"  # noqa: S608
ERASE_CORRECTIONS: Final = f"DELETE FROM corrections WHERE {_OF_GIVEN}"  # noqa: S608
TO_DELETE: Final = f"""
SELECT items.id FROM items WHERE items.body = '{ERASED}' AND items.words IS NULL AND {_OLD}
AND {NO_TASK} AND {_NOT_CORRECTED.format("")} ORDER BY items.created_at LIMIT ?
"""  # noqa: S608
"""Erased items of which nothing has happened since a time, which is given twice."""
DELETE_ITEMS: Final = f"DELETE FROM items WHERE {_AMONG_GIVEN}"  # noqa: S608
BLANK_EVENTS: Final = "UPDATE events SET why = '' WHERE task_id IN (SELECT value FROM json_each(?))"
RETAIN_NEWEST: Final = f"""
UPDATE items SET body = {_NEWEST.format("body")}
WHERE {_AMONG_GIVEN} AND EXISTS (SELECT 1 FROM corrections AS c WHERE c.item_id = items.id)
"""  # noqa: S608
"""Replaces the first body of some items by the current one."""
DELETE_FORMER: Final = f"""
DELETE FROM corrections WHERE {_OF_GIVEN}
AND number < (SELECT max(number) FROM corrections AS c WHERE c.item_id = corrections.item_id)
"""  # noqa: S608
"""Deletes all but the newest corrections of some items."""
