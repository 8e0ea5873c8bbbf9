"""Pause and resume: whether the rows of a started batch may go on."""

from __future__ import annotations

from typing import Final

from desktop.contract.states import State
from desktop.engine.batches.rows import read_started, state_of, write_batch
from desktop.engine.queues.batch_limits import hold_in_batch
from desktop.engine.store.tables import batch_statements as statements
from desktop.engine.store.tables.batches import BatchRecord
from desktop.engine.transaction.group import Group

STEP: Final = 500
"""Tasks touched in one group."""


def pause(group: Group, number: int) -> BatchRecord:
    """Let nothing more of a batch start; what is on its way arrives. Again is harmless."""
    batch = read_started(group, number)
    if batch.paused_at is None and batch.open:
        batch.paused_at = group.now
        batch.state = state_of(batch)
        write_batch(group, batch)
        queued = group.select(statements.TASKS_IN_BATCH, number, State.QUEUED, STEP)
        for record in queued:  # no more than what could start
            hold_in_batch(group, record)
        group.all_changed()
    return batch


def resume(group: Group, number: int) -> BatchRecord:
    """Let a paused batch go on; again is harmless."""
    batch = read_started(group, number)
    if batch.paused_at is not None:
        batch.paused_at = None
        batch.state = state_of(batch)
        write_batch(group, batch)
        group.all_changed()
    return batch
