"""Actions on batches: a cancel, a retry or a deletion, which may wait in the store to be undone."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from typing import Final, Literal, get_args

from desktop.contract.rules.times import wire_time
from desktop.contract.tasks import BulkAnswer, Pending
from desktop.engine.clock import to_ms
from desktop.engine.errors import Conflict, UnknownId
from desktop.engine.store.tables.pending import Asked, PackedIds, PendingRecord
from desktop.engine.submission import Idempotency
from desktop.engine.transaction.group import Group
from desktop.engine.transaction.pending import PendingRecords
from desktop.engine.transaction.replies import More
from desktop.engine.verbs.submit import recall, remember
from desktop.items.batches.retrying import RetrySoFar, retry_step
from desktop.items.batches.rows import read_batch, read_draft, read_started
from desktop.items.batches.stopping import ENDED, CancelSoFar, cancel_step
from desktop.items.batches.undoing import delete
from desktop.items.reads.batch_causes import TO_RETRY
from desktop.items.tables.batch_records import BatchRecord

BatchAction = Literal["cancel", "retry", "delete"]
BATCH_ACTIONS: Final = frozenset(get_args(BatchAction))
NO_ROWS: Final = PackedIds(())


@dataclass(frozen=True, slots=True)
class ActedOnBatch:
    """A batch, and the action that waits for it if there is anything to do later."""

    batch: BatchRecord
    pending: Pending | None = None
    replayed: bool = False


def act_on_batch(
    action: BatchAction, number: int, delay: float = 0, key: Idempotency | None = None
) -> Callable[[Group], ActedOnBatch | More]:
    """Return a verb that does an action to a batch after ``delay`` s, unless it is undone.

    Until its *cancel* is done, no message of the batch starts. A later action on the batch takes
    the place of an earlier one. Without ``delay`` the answer comes once the action is done.
    """
    return partial(_act, action, number, delay, key)


def _act(
    action: BatchAction, number: int, delay: float, key: Idempotency | None, group: Group
) -> ActedOnBatch | More:
    known = recall(group, key)
    if known is not None:
        return ActedOnBatch(read_batch(group, number), known["pending"], replayed=True)
    batch, rows = _meant(group, action, number)
    if not (rows or action == "delete" or not delay):
        remember(group, key, {"pending": None})
        return ActedOnBatch(batch)
    due_at = group.now + to_ms(delay)
    asked = Asked(batch_id=number)
    waiting = group.part(PendingRecords)
    waits = waiting.add(group, action, NO_ROWS, due_at, is_exact=True, asked=asked, count=rows)
    pending = Pending(id=waits, due_at=wire_time(due_at), tasks=[]) if delay else None
    remember(group, key, {"pending": pending})
    return ActedOnBatch(batch, pending) if delay else _carried_out(waits, number, group)


def _carried_out(waits: int, number: int, group: Group) -> ActedOnBatch | More:
    """Do the next step of an action; return its batch once it is done."""
    waiting = group.part(PendingRecords)
    if (record := waiting.get(waits)) is not None:
        carry_out_on_batch(group, record)
    if waiting.get(waits) is not None:
        return More(partial(_carried_out, waits, number))
    return ActedOnBatch(read_batch(group, number))


def _meant(group: Group, action: BatchAction, number: int) -> tuple[BatchRecord, int]:
    """Return the batch, and of how many rows the action is; raise ``Conflict``, ``UnknownId``."""
    if action == "delete":
        draft = read_draft(group, number)
        return draft, draft.rows
    batch = read_started(group, number)
    if action == "retry":
        group.flush()
        found = group.cursor.execute(TO_RETRY, (json.dumps([number]),)).fetchone()
        return batch, min(found[1], batch.failed) if found else 0
    if not batch.open and batch.stopped_at is None:
        raise Conflict(ENDED)
    return batch, batch.open


def carry_out_on_batch(group: Group, record: PendingRecord) -> None:
    """Do the next step of an action on a batch; one that it does not allow by now does nothing."""
    number, so_far = record.asked.batch_id or 0, record.so_far or {}
    pending = group.part(PendingRecords)
    try:
        if record.action == "delete":
            touched = read_draft(group, number).rows
            pending.finish(group, record, BulkAnswer(touched=touched, skipped=[]))
            delete(group, number)
            group.more = True  # a standing duty deletes the rest
            return
        if record.action == "cancel":
            step: CancelSoFar | RetrySoFar = cancel_step(group, number, CancelSoFar(**so_far))
        else:
            step = retry_step(group, number, RetrySoFar(**so_far))
    except (Conflict, UnknownId):
        pending.finish(group, record, BulkAnswer(touched=0, skipped=[]))
        return
    if step.is_over:
        pending.finish(group, record, step.answer())
    else:
        pending.advance(group, record, asdict(step))
