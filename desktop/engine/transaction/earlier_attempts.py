"""Whether the effect of a task may have happened in an earlier attempt."""

from __future__ import annotations

from desktop.contract.reasons import Reason
from desktop.contract.states import State
from desktop.engine.reason_data import Because, because
from desktop.engine.store.tables.records import TaskRecord
from desktop.engine.store.tables.statements import WAS_UNCERTAIN
from desktop.engine.transaction.group import Group


def because_cancelled(
    group: Group, record: TaskRecord, reason: Reason, text: str | None = None
) -> Because:
    """Return the reason of a cancel, including whether the message may have arrived before."""
    return because(reason, text=text, may_have_arrived=may_have_arrived(group, record))


def may_have_arrived(group: Group, record: TaskRecord) -> bool | None:
    """Return whether an earlier attempt may have sent the message; ``None`` if none did.

    A running attempt is not an earlier one. The attempts of a cancelled task that this task
    repeats are.
    """
    if record.reference is None:
        return None
    if _was_uncertain(group, record):
        return True
    if record.resend_of is None or record.is_copy:
        return None
    repeated = group.find(record.resend_of)
    return None if repeated is None or not repeated.may_have_arrived else True


def has_crossed(group: Group, record: TaskRecord) -> bool:
    """Return whether an earlier attempt passed its point of no return, or ended uncertain."""
    return record.handover is not None or _was_uncertain(group, record)


def _was_uncertain(group: Group, record: TaskRecord) -> bool:
    if record.attempt <= (record.state == State.RUNNING):
        return False
    if record.state != State.RUNNING:  # a running task's were written before it began
        group.flush()
    return bool(group.cursor.execute(WAS_UNCERTAIN, (record.id,)).fetchone()[0])
