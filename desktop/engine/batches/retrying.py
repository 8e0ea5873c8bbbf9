"""Retrying: the rows whose newest task failed, except those marked as seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from desktop.contract.batches import RowOutcome
from desktop.contract.states import State
from desktop.engine.batches.counting import count_batches
from desktop.engine.batches.rows import read_batch, read_rows, read_started, write_batch
from desktop.engine.clock import to_ms
from desktop.engine.errors import Conflict, UnknownId
from desktop.engine.queues.batch_limits import hold_in_batch
from desktop.engine.store.tables import batch_statements as statements
from desktop.engine.store.tables.batches import BatchRecord
from desktop.engine.submission import Idempotency
from desktop.engine.transaction.group import Group
from desktop.engine.transaction.replies import More
from desktop.engine.verbs.retry import RETRIED, check_retry, start_afresh
from desktop.engine.verbs.submit.idempotency import recall, remember

STEP: Final = 500
"""Rows retried in one group."""


@dataclass(frozen=True, slots=True)
class Retried:
    """How many rows are retried, and the batch afterwards."""

    batch: BatchRecord
    touched: int
    replayed: bool = False


def retry_batch(
    group: Group, number: int, delay: float = 0, key: Idempotency | None = None
) -> Retried | More:
    """Retry the failed rows under the batch's rate; uncertain and seen rows are left alone.

    Rows whose message another task is sending, or has sent since, stay as they are.
    """
    known = recall(group, key)
    if known is not None:
        return Retried(read_batch(group, number), known, replayed=True)
    batch = read_started(group, number)
    if delay:
        batch.grace_until = group.now + to_ms(delay)
        write_batch(group, batch)
    return _step(group, number, key, _Progress())


@dataclass(frozen=True, slots=True)
class _Progress:
    """The progress of a retry; each cause counts as retried once."""

    beyond: int = 0
    touched: int = 0
    causes: frozenset[str] = frozenset()


def _step(
    group: Group, number: int, key: Idempotency | None, progress: _Progress
) -> Retried | More:
    group.causes.retried.update(progress.causes)
    touched, beyond = progress.touched, progress.beyond
    rows = read_rows(group, statements.ROWS_WITH, number, RowOutcome.FAILED, beyond, STEP)
    for row in rows:
        touched += _retry(group, row.task_id)
    count_batches(group)
    if len(rows) == STEP:
        so_far = _Progress(rows[-1].row, touched, frozenset(group.causes.retried))
        return More(lambda later: _step(later, number, key, so_far))
    remember(group, key, touched)
    return Retried(read_batch(group, number), touched)


def _retry(group: Group, task_id: int | None) -> bool:
    """Retry a row, unless its task is gone or seen, was sent since, or has no function."""
    try:
        record = group.read(task_id or 0)
        if record.state != State.FAILED or (record.seen and record.noted_repeat is None):
            return False
        check_retry(group, record)
        start_afresh(group, record, RETRIED)
    except (Conflict, UnknownId):
        return False
    hold_in_batch(group, record)
    return True
