"""Tell held tasks: update what tasks on hold for a person wait for."""

from __future__ import annotations

from collections.abc import Mapping

from sendoff_tasks.causes import NO_ANSWER, because, cause_of_answer
from sendoff_tasks.model.reasons import Reason
from sendoff_tasks.model.states import State
from sendoff_tasks.store.tables.records import Hold
from sendoff_tasks.transaction.group import Group


def update_hold_text(group: Group, told: Mapping[int, str | None], cure: str) -> None:
    """Set the explanation and the cure of tasks that are held alone; ``None``: it is fixed.

    Tasks that are no longer held, or no longer exist, are skipped.
    """
    for number, why in told.items():
        record = group.find(number)
        fixed = True if why is None else None
        reason = because(Reason.HELD_FOR_PERSON, error=why, text=why, fixed=fixed)
        if record is None or record.held != Hold.PERSON or not record.reason_columns(reason):
            continue
        if why is not None:
            task = group.memory.functions[record.function].name
            group.causes.meet(record, cause_of_answer(task, NO_ANSWER, why, cure))
        cause = group.causes.move(record, State.WAITING, reason)
        group.explain(record, reason, error=why, **cause)
