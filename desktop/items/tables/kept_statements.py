"""Statements on items that have outlived their tasks."""

from __future__ import annotations

from typing import Final

from desktop.engine.store.tables.schema import ERASED

INFORMED: Final = "SELECT informed FROM items WHERE id = ?"
_NO_TASK: Final = "NOT EXISTS (SELECT 1 FROM tasks WHERE tasks.item_id = items.id)"
_OLD: Final = "items.created_at < ? AND coalesce(items.informed_at, 0) < ?"
_NOT_CORRECTED: Final = (
    "NOT EXISTS (SELECT 1 FROM corrections WHERE corrections.item_id = items.id{})"
)
WORDS: Final = f"""
SELECT items.id, items.words, CASE WHEN {_NO_TASK} THEN
coalesce((SELECT c.body FROM corrections AS c WHERE c.item_id = items.id
ORDER BY c.number DESC LIMIT 1), items.body) END FROM items
WHERE items.id IN (SELECT value FROM json_each(?))
"""  # noqa: S608
"""The words of some items, and of those that have no task their current bodies."""
SET_WORDS: Final = "UPDATE items SET words = ? WHERE id = ?"
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
DELETE: Final = "DELETE FROM items WHERE id IN (SELECT value FROM json_each(?))"
_GIVEN: Final = "id IN (SELECT value FROM json_each(?))"
GIVE_UP: Final = f"UPDATE items SET past = 'no' WHERE informed = 'not_yet' AND {_GIVEN}"  # noqa: S608
"""Records of items whose messages are deleted before they were sent that nobody was informed."""
BLANK_EVENTS: Final = "UPDATE events SET why = '' WHERE task_id IN (SELECT value FROM json_each(?))"
KEEP_NEWEST: Final = f"""
UPDATE items SET body = (SELECT c.body FROM corrections AS c WHERE c.item_id = items.id
ORDER BY c.number DESC LIMIT 1)
WHERE {_GIVEN} AND EXISTS (SELECT 1 FROM corrections AS c WHERE c.item_id = items.id)
"""  # noqa: S608
"""Replaces the first body of some items by the current one."""
DELETE_FORMER: Final = """
DELETE FROM corrections WHERE item_id IN (SELECT value FROM json_each(?))
AND number < (SELECT max(number) FROM corrections AS c WHERE c.item_id = corrections.item_id)
"""
"""Deletes all but the newest corrections of some items."""
