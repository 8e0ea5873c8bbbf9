"""Stopping: pauses, resumes, slows or cancels the rows of a started batch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from desktop.contract.batches import RowOutcome
from desktop.contract.states import OPEN, State
from desktop.contract.tasks import BulkAnswer
from desktop.engine.errors import Conflict
from desktop.engine.store.tables.queues import starts_of
from desktop.engine.transaction.group import Group
from desktop.engine.transaction.starts import Starts
from desktop.engine.verbs.cancel import cancel
from desktop.items.batches.counting import count_batches
from desktop.items.batches.drafting import check_drafts_again
from desktop.items.batches.limits import hold_in_batch
from desktop.items.batches.rows import read_rows, read_started, state_of, write_results
from desktop.items.batches.under_way import write_batch
from desktop.items.tables import batch_statements as statements
from desktop.items.tables.batch_records import BatchRecord

ENDED: Final = "Every row of the batch has ended."
STEP: Final = 500
"""Tasks changed in one group."""


def pause(group: Group, number: int) -> BatchRecord:
    """Start nothing more of a batch; running tasks finish. Pausing twice is harmless."""
    batch = read_started(group, number)
    if batch.paused_at is None and batch.open:
        batch.paused_at = group.now
        batch.state = state_of(batch)
        write_batch(group, batch)
        queued = group.select(statements.TASKS_IN_BATCH, number, State.QUEUED, STEP)
        for record in queued:  # at most as many as could start
            hold_in_batch(group, record)
        group.all_changed()
    return batch


def resume(group: Group, number: int) -> BatchRecord:
    """Resume a paused batch. Resuming twice is harmless."""
    batch = read_started(group, number)
    if batch.paused_at is not None:
        batch.paused_at = None
        batch.state = state_of(batch)
        write_batch(group, batch)
        group.all_changed()
    return batch


def limit(group: Group, number: int, rate: str | None) -> BatchRecord:
    """Set how many attempts of a started batch may begin in which time; ``None``: any number.

    Attempts of the last 24 hours count, but none that found its server away or that was too early.
    """
    batch = read_started(group, number)
    if batch.rate != rate:
        batch.rate = rate
        write_batch(group, batch)
        if rate is not None:
            group.part(Starts).look_back(group, starts_of(number), number)
        group.all_changed()
    return batch


@dataclass(frozen=True, slots=True)
class CancelSoFar:
    """The progress of a cancel: the last row handled, if it has begun."""

    beyond: int | None = None
    touched: int = 0
    stopping: int = 0  # of those, rows whose attempt was asked to stop
    judged: int = 0
    is_over: bool = False

    def answer(self) -> BulkAnswer:
        """Return what was done."""
        answer = BulkAnswer(touched=self.touched, skipped=[])
        return answer | {"stopping": self.stopping} if self.stopping else answer


def cancel_step(group: Group, number: int, so_far: CancelSoFar) -> CancelSoFar:
    """Cancel the next few open rows, at first all that are not items yet.

    A task that has begun is asked to stop.
    """
    batch, unfed = read_started(group, number), 0
    if so_far.beyond is None and batch.stopped_at is None:
        if not batch.open:
            raise Conflict(ENDED)
        unfed = _cancel_unfed(group, batch)
    beyond, touched, stopping = so_far.beyond or 0, so_far.touched + unfed, so_far.stopping
    rows = read_rows(group, statements.ROWS_WITH, number, RowOutcome.OPEN, beyond, STEP)
    for row in rows:
        record = group.read(row.task_id or 0)
        if record.state in OPEN and not (record.state == State.RUNNING and record.passed):
            stopping += record.state == State.RUNNING
            touched += 1
            cancel(group, record)
    count_batches(group)
    is_over = len(rows) < STEP
    if is_over:
        check_drafts_again(group)  # a row that a draft counts as sent may not leave now
    last, judged = rows[-1].row if rows else beyond, so_far.judged + unfed + len(rows)
    return CancelSoFar(last, touched, stopping, judged, is_over)


def _cancel_unfed(group: Group, batch: BatchRecord) -> int:
    """Cancel the rows that are not items yet; return how many.

    ``stopped_at`` of the batch marks them.
    """
    (fed,) = group.cursor.execute(statements.FED_AND_OPEN, (batch.id,)).fetchone()
    busy = read_rows(group, statements.BUSY_ROWS, batch.id, 0, batch.rows)
    write_results(group, [row._replace(outcome=RowOutcome.CANCELLED) for row in busy])
    unfed = batch.open - fed + len(busy)
    batch.open -= unfed
    batch.cancelled += unfed
    batch.stopped_at = group.now
    batch.paused_at = None
    batch.state = state_of(batch)
    batch.finished_at = None if batch.open else group.now
    write_batch(group, batch)
    return int(unfed)
