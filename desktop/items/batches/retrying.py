"""Retrying: the rows whose newest task failed, except those marked as seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from desktop.contract.batches import RowOutcome
from desktop.contract.states import State
from desktop.contract.tasks import BULK_LIMIT, BulkAnswer
from desktop.engine.errors import Conflict, UnknownId
from desktop.engine.store.tables.pending import PackedIds
from desktop.engine.transaction.group import Group
from desktop.engine.verbs.retry import RETRIED, check_retry, start_afresh
from desktop.items.batches.counting import count_batches
from desktop.items.batches.limits import hold_in_batch
from desktop.items.batches.rows import read_rows, read_started
from desktop.items.tables import batch_statements as statements

STEP: Final = 500
"""Rows retried in one group."""


@dataclass(frozen=True, slots=True)
class RetrySoFar:
    """The progress of a retry; each cause counts as retried once."""

    beyond: int = 0
    touched: int = 0
    causes: Sequence[str] = ()
    tasks: Sequence[Sequence[int]] = ()  # retried, as first and last of runs
    judged: int = 0
    is_over: bool = False

    def answer(self) -> BulkAnswer:
        """Return what was done, with the tasks if they are few enough to be named."""
        answer = BulkAnswer(touched=self.touched, skipped=[])
        if self.touched > BULK_LIMIT:
            return answer
        return answer | {"ids": sorted(PackedIds(self.tasks))}


def retry_step(group: Group, number: int, so_far: RetrySoFar) -> RetrySoFar:
    """Retry the next few failed rows under the batch's rate.

    Uncertain and seen rows, and those whose message another task is sending or has sent since,
    stay as they are.
    """
    read_started(group, number)
    group.causes.retried.update(so_far.causes)
    beyond = so_far.beyond
    rows = read_rows(group, statements.ROWS_WITH, number, RowOutcome.FAILED, beyond, STEP)
    tasks = [row.task_id or 0 for row in rows if _retry(group, row.task_id)]
    count_batches(group)
    return RetrySoFar(
        rows[-1].row if rows else beyond,
        so_far.touched + len(tasks),
        sorted(group.causes.retried),
        [*so_far.tasks, *PackedIds.of(sorted(tasks)).runs],
        so_far.judged + len(rows),
        is_over=len(rows) < STEP,
    )


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
