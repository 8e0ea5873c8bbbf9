"""Remove: a person has tasks that have ended forgotten before their time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from desktop.contract.refusals import Refusal
from desktop.contract.states import OPEN, TROUBLED
from desktop.engine.errors import Conflict
from desktop.engine.store.tables import order, statements
from desktop.engine.store.tables.records import TaskRecord
from desktop.engine.transaction.forgetting import forget, forget_items
from desktop.engine.transaction.group import Group

LINES: Final = 5_000
"""Lines of log deleted in one group, and attempts."""


def check_removable(group: Group, record: TaskRecord) -> None:
    """Raise ``Conflict`` for a task that is open or waited for, or that a person has yet to see."""
    if record.state in OPEN:
        why = f"It is {record.state}; only tasks that have ended are removed."
        raise Conflict(why, Refusal(record.state))
    if record.state in TROUBLED and not record.seen:
        raise Conflict(f"It is {record.state} and not marked as seen.", Refusal.UNSEEN)
    if group.memory.followers and group.cursor.execute(order.AWAITED, (record.id,)).fetchone():
        raise Conflict("Another task still waits for it.", Refusal.AWAITED)


def remove(group: Group, tasks: Sequence[TaskRecord]) -> bool:
    """Forget tasks that are removable, and items that have none left.

    Their numbers are not given out again. Returns ``False`` where there is so much log that the
    tasks stay for the next group.
    """
    if not forget(group, tasks, LINES):
        return False
    items = {task.item_id for task in tasks if task.item_id is not None}
    (last,) = group.cursor.execute(statements.LAST_ITEM).fetchone()
    if last in items:
        group.cursor.execute(statements.PUT_META, (statements.ITEMS_FLOOR, str(last)))
    forget_items(group, items)
    return True
