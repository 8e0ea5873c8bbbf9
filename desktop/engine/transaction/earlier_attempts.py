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
    """Give the reason of a cancel, also whether an earlier attempt may have sent the message."""
    return because(reason, text=text, may_have_arrived=may_have_arrived(group, record))


def may_have_arrived(group: Group, record: TaskRecord) -> bool | None:
    """Tell whether an earlier attempt may have sent a task's message; ``None`` where none did.

    An attempt that runs is not an earlier one; those of a cancelled task that it repeats are.
    """
    if record.reference is None:
        return None
    if record.attempt > (record.state == State.RUNNING):
        if record.state != State.RUNNING:  # else they were written before it began
            group.flush()
        (was_uncertain,) = group.cursor.execute(WAS_UNCERTAIN, (record.id,)).fetchone()
        if was_uncertain:
            return True
    if record.resend_of is None or record.is_copy:
        return None
    repeated = group.find(record.resend_of)
    return None if repeated is None or not repeated.may_have_arrived else True
