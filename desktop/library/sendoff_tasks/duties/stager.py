"""Stages what is due: pending actions are done, due tasks queued, those past a deadline failed."""

from __future__ import annotations

from typing import Final

from sendoff_tasks.dispatch.after_attempt import expire
from sendoff_tasks.model.states import State
from sendoff_tasks.store.tables import statements
from sendoff_tasks.store.tables.pending import PendingRecord
from sendoff_tasks.transaction.group import Group
from sendoff_tasks.transaction.memory import NEVER
from sendoff_tasks.transaction.pending import PendingRecords
from sendoff_tasks.verbs.pending import carry_out

STEP: Final = 500
"""Tasks moved in one group, which keeps the group short."""


def stage(group: Group) -> None:
    """Do what is due by now, some of it if that is much, and record when the next is due."""
    if group.memory.next_group <= group.now:
        group.memory.next_group = NEVER  # this is that group
    if group.memory.next_due > group.now:
        return
    pending = group.part(PendingRecords)
    pending.end_undo(group)
    if (due_action := pending.next_due(group.now)) is not None:
        group.flush()  # what came before it is not its fault
        pending.under_way = due_action
        _carry_out(group, due_action)
        group.flush()  # what cannot be written is the action's fault, too
        pending.under_way = None
    expired = group.select(statements.EXPIRED, group.now, STEP)
    for record in expired:
        expire(group, record)
    due = group.select(statements.DUE, group.now, STEP)
    for record in due:
        group.move(record, State.QUEUED, run_at=None)
    if len(expired) == STEP or len(due) == STEP:
        group.more = True
        return
    group.memory.next_due = NEVER
    for statement, parameters in (
        (statements.NEXT_DUE, (group.now,)),
        (statements.NEXT_DEADLINE, (group.now,)),
    ):
        moment = group.cursor.execute(statement, parameters).fetchone()[0]
        if moment is not None:
            group.due(moment)
    for waiting in pending:
        group.due(waiting.due_at)


def _carry_out(group: Group, record: PendingRecord) -> None:
    if record.asked.batch_id is None:
        carry_out(group, record)
        return
    for feature in group.memory.features:
        feature.carry_out(group, record)
