"""Pending actions on batches: a cancel, a retry or a deletion waits in the store, to be undone."""

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
from desktop.engine.store.tables.batches import BatchRecord
from desktop.engine.store.tables.causes import TO_RETRY
from desktop.engine.store.tables.pending import Asked, PackedIds, PendingRecord
from desktop.engine.submission import Idempotency
from desktop.engine.transaction.group import Group
from desktop.engine.transaction.pending import PendingRecords
from desktop.engine.verbs.submit.idempotency import recall, remember
from desktop.items.batches.retrying import RetrySoFar, retry_step
from desktop.items.batches.rows import read_batch, read_draft, read_started
from desktop.items.batches.stopping import ENDED, CancelSoFar, cancel_step
from desktop.items.batches.undoing import delete

BatchAction = Literal["cancel", "retry", "delete"]
BATCH_ACTIONS: Final = frozenset(get_args(BatchAction))
NO_ROWS: Final = PackedIds(())


@dataclass(frozen=True, slots=True)
class LaterOnBatch:
    """A batch and the action that waits for it, if there is anything to do."""

    batch: BatchRecord
    pending: Pending | None
    replayed: bool = False


def act_on_batch_later(
    action: BatchAction, number: int, delay: float, key: Idempotency | None = None
) -> Callable[[Group], LaterOnBatch]:
    """Return a verb that has an action done to a batch after ``delay`` s, unless it is undone.

    Until its *cancel* is done, no message of the batch starts. A later action on the batch takes
    the place of an earlier one.
    """
    return partial(_act_later, action, number, delay, key)


def _act_later(
    action: BatchAction, number: int, delay: float, key: Idempotency | None, group: Group
) -> LaterOnBatch:
    known = recall(group, key)
    if known is not None:
        return LaterOnBatch(read_batch(group, number), known["pending"], replayed=True)
    batch, rows = _meant(group, action, number)
    pending = None
    if rows or action == "delete":
        due_at = group.now + to_ms(delay)
        asked = Asked(batch_id=number)
        waiting = group.part(PendingRecords)
        waits = waiting.add(group, action, NO_ROWS, due_at, is_exact=True, asked=asked, count=rows)
        pending = Pending(id=waits, due_at=wire_time(due_at), tasks=[])
    remember(group, key, {"pending": pending})
    return LaterOnBatch(batch, pending)


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
    if not batch.open:
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
