"""Whether the effect of a task may have happened in an earlier attempt."""

from __future__ import annotations

from desktop.contract.reasons import Reason
from desktop.contract.states import State
from desktop.engine.reason_data import Because, because
from desktop.engine.store.tables.records import TaskRecord
from desktop.engine.store.tables.statements import ASKED_AGAIN, WAS_UNCERTAIN
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
    if _ask(group, record, WAS_UNCERTAIN):
        return True
    if record.resend_of is None or record.is_copy:
        return None
    repeated = group.find(record.resend_of)
    return None if repeated is None or not repeated.may_have_arrived else True


def is_asked_again(group: Group, record: TaskRecord) -> bool:
    """Return whether a person had it run again after it was uncertain.

    A crash since ends that: the store may have lost how far that attempt came.
    """
    return _ask(group, record, ASKED_AGAIN)


def _ask(group: Group, record: TaskRecord, statement: str) -> bool:
    if record.attempt <= (record.state == State.RUNNING):
        return False
    if record.state != State.RUNNING:  # a running task's were written before it began
        group.flush()
    return bool(group.cursor.execute(statement, (record.id,)).fetchone()[0])
