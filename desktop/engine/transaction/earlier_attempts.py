"""What the earlier attempts of a task leave open: its message may have arrived."""

from __future__ import annotations

from desktop.contract.reasons import Reason
from desktop.contract.states import State
from desktop.engine.reasons import Because, because
from desktop.engine.store.tables.records import TaskRecord
from desktop.engine.store.tables.statements import WAS_UNCERTAIN
from desktop.engine.transaction.group import Group


def because_cancelled(
    group: Group, record: TaskRecord, reason: Reason, text: str | None = None
) -> Because:
    """Give the reason of a cancel, also whether an earlier attempt may have sent the message.

    An attempt that runs is not an earlier one.
    """
    was_uncertain = False
    if record.reference is not None and record.attempt > (record.state == State.RUNNING):
        group.flush()
        (was_uncertain,) = group.cursor.execute(WAS_UNCERTAIN, (record.id,)).fetchone()
    return because(reason, text=text, may_have_arrived=True if was_uncertain else None)
