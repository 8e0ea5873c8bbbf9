"""Undoing and deleting: a batch becomes a draft again; drafts and old batches are deleted."""

from __future__ import annotations

import json
from typing import Final

from desktop.contract.batches import BatchState
from desktop.contract.states import State
from desktop.engine.clock import DAY_MS
from desktop.engine.errors import Conflict
from desktop.engine.transaction.group import Group
from desktop.engine.transaction.pending import PendingRecords
from desktop.engine.transaction.replies import More
from desktop.engine.verbs.remove import forget
from desktop.items.batches.drafting import check_drafts_again, uncheck
from desktop.items.batches.rows import read_batch
from desktop.items.batches.under_way import BatchesUnderWay, write_batch
from desktop.items.tables import batch_statements as statements
from desktop.items.tables.batch_records import DELETING, UNDOING, BatchRecord
from desktop.items.tables.item_statements import DELETE_CORRECTIONS, DELETE_EMPTY_ITEMS

STEP: Final = 500
"""Rows or tasks deleted, or rows cleared, in one group."""
TRIED: Final = "Messages of the batch were tried already; cancel the rest instead."


def delete(group: Group, number: int) -> More | None:
    """Delete a draft, or turn a started batch into a draft; ``Conflict`` if a row was tried."""
    batch = read_batch(group, number)
    if batch.is_draft:
        batch.state = DELETING
    elif _was_tried(group, batch):
        raise Conflict(TRIED)
    else:
        batch.state = UNDOING
    group.part(PendingRecords).take_out_batch(group, number)
    write_batch(group, batch)
    return undo_or_delete(group, batch)


def _was_tried(group: Group, batch: BatchRecord) -> bool:
    """Return whether any message was tried; its task may have been removed since."""
    if batch.sent or batch.kept or batch.uncertain:
        return True
    return bool(group.cursor.execute(statements.WAS_TRIED, (batch.id,)).fetchone()[0])


def undo_or_delete(group: Group, batch: BatchRecord) -> More | None:
    """Do the next step of an undo or a deletion."""
    done = _delete_rows(group, batch) if batch.state == DELETING else _undo(group, batch)
    if done:
        return None
    return More(lambda later: _continue(later, batch.id))


def _continue(group: Group, number: int) -> More | None:
    batch = group.part(BatchesUnderWay).records.get(number)
    if batch is None or batch.state not in {UNDOING, DELETING}:
        return None
    return undo_or_delete(group, batch)


def _delete_rows(group: Group, batch: BatchRecord) -> bool:
    deleted = group.cursor.execute(statements.DELETE_ROWS, (batch.id, STEP)).rowcount
    if deleted == STEP:
        return False
    under_way = group.part(BatchesUnderWay)
    under_way.records.pop(batch.id, None)
    under_way.touched.discard(batch.id)
    for other in under_way.records.values():  # else its next write would name the deleted one
        if other.continues == batch.id:
            other.continues = batch.continues
    group.cursor.execute(statements.CONTINUE_FROM, (batch.continues, batch.id))
    group.cursor.execute(statements.DELETE_BATCH, (batch.id,))
    group.batch_event(batch.id)
    return True


def _undo(group: Group, batch: BatchRecord) -> bool:
    """Delete the batch's tasks, and items without any; at the end it is a draft."""
    for state in (State.QUEUED, State.SCHEDULED, State.WAITING, State.CANCELLED, State.FAILED):
        tasks = group.select(statements.TASKS_IN_BATCH, batch.id, state, STEP)
        if tasks:
            forget(group, tasks)
            items = json.dumps([*{task.item_id for task in tasks if task.item_id is not None}])
            group.cursor.execute(DELETE_EMPTY_ITEMS, (items,))
            group.cursor.execute(DELETE_CORRECTIONS, (items,))
            return False
    if group.cursor.execute(statements.CLEAR_ROWS, (batch.id, batch.id, STEP)).rowcount == STEP:
        return False
    batch.state = BatchState.DRAFT
    batch.started_at = batch.finished_at = batch.paused_at = batch.stopped_at = None
    batch.open = batch.left_out = batch.failed = batch.cancelled = 0
    batch.fed_to = batch.grace_until = 0
    uncheck(batch)  # what was sent before may have changed
    write_batch(group, batch)
    check_drafts_again(group, but=batch.id)
    return True


def continue_undoing(group: Group) -> None:
    """Do a step of an undo that a restart interrupted; a standing duty."""
    for batch in list(group.part(BatchesUnderWay).records.values()):
        if batch.state in {UNDOING, DELETING}:
            group.more = True
            undo_or_delete(group, batch)


DRAFT_MS: Final = 30 * DAY_MS
"""How long a draft is kept after its last change."""


def forget_batches(group: Group, kept: int) -> bool:
    """Start deleting one old batch; return whether there was one.

    A batch without open rows is kept as long as the contents of items, ``kept`` ms.
    """
    if group.memory.is_clock_doubted(group.now):
        return False
    ages = group.now - DRAFT_MS, group.now - kept
    found = group.cursor.execute(statements.OLD_BATCH, ages).fetchone()
    if found is None:
        return False
    batch = read_batch(group, found[0])
    batch.state = DELETING
    write_batch(group, batch)
    group.more = True
    return True
