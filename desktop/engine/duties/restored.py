"""The first opening of a store that was taken back to a backup: nothing of it runs unasked."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from desktop.contract.events import Notice
from desktop.engine.duties.pruner import drop_events
from desktop.engine.events.notices import RESTORED as RESTORED_NOTICE
from desktop.engine.store.tables import item_statements, statements
from desktop.engine.store.tables.item_statements import ITEMS_FLOOR
from desktop.engine.transaction.group import Group
from desktop.engine.verbs.pause_queue import pause
from desktop.settings.backups import RESTORED, Backup

ITEMS: Final = 10_000
TASKS: Final = 10_000_000
EVENTS: Final = 1_000_000_000
"""More numbers than were given out since any backup; none of those is given out again."""


def settle_restored(group: Group) -> Notice | None:
    """Pause everything, for what waits may have been done since; returns what to tell people.

    Numbers go on far beyond those of the store that was lost: a window reads all again, and no new
    item has the number, nor a new task the idempotency key, of one that has left traces outside.
    """
    row = group.cursor.execute(statements.META, (RESTORED,)).fetchone()
    if row is None:
        return None
    memory = group.memory
    memory.last_task += TASKS
    (last_item,) = group.cursor.execute(item_statements.LAST_ITEM).fetchone()
    group.cursor.execute(statements.DELETE_META, (ITEMS_FLOOR,))
    group.cursor.execute(statements.INSERT_META, (ITEMS_FLOOR, str(last_item + ITEMS)))
    group.cursor.execute(statements.FORGET_LAST_TASK)
    group.cursor.execute(statements.SET_LAST_TASK, (memory.last_task,))
    group.flush()
    drop_events(group, memory.last_event + EVENTS)
    memory.last_event = memory.events_floor
    pause(group, None)
    group.cursor.execute(statements.DELETE_META, (RESTORED,))
    when = Backup(Path(), datetime.fromtimestamp(int(row[0]) / 1000, UTC), 0).when
    return Notice(
        id=RESTORED_NOTICE,
        level="warning",
        text=f"This is the backup of {when}: what was accepted or done since is not in it. "
        "What waits may have been done since; look through it, then resume.",
        action=None,
        active=True,
    )
