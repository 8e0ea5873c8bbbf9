"""Acting on a started batch: pause, resume, limit, cancel, retry, and undo or delete.

A cancel, a retry or a deletion may wait in the store for a while, in which it can be undone.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Final, Literal

from desktop.contract.batches import BatchState, RowOutcome
from desktop.contract.office import OfficeRefusal
from desktop.items.batches.counting import count_batches
from desktop.items.batches.drafting import check_drafts_again, uncheck
from desktop.items.batches.limits import hold_in_batch
from desktop.items.batches.rows import (
    BatchesUnderWay,
    read_batch,
    read_draft,
    read_rows,
    read_started,
    state_of,
    write_batch,
    write_results,
)
from desktop.items.reads.batches import TO_RETRY
from desktop.items.tables import batches as statements
from desktop.items.tables.batches import DELETING, UNDOING, BatchRecord
from desktop.items.tables.item_statements import DELETE_CORRECTIONS, DELETE_EMPTY_ITEMS
from sendoff_tasks.clock import to_ms
from sendoff_tasks.errors import Conflict, UnknownId
from sendoff_tasks.model.states import OPEN, State
from sendoff_tasks.model.tasks import BULK_LIMIT, BulkAnswer, Deed
from sendoff_tasks.model.times import DAY_MS
from sendoff_tasks.store.reads.catalogue import read_pending
from sendoff_tasks.store.tables.pending import ActionOptions, PackedIds, PendingRecord
from sendoff_tasks.store.tables.statements import starts_of
from sendoff_tasks.submission import Idempotency
from sendoff_tasks.transaction.acts import Acts
from sendoff_tasks.transaction.group import Group
from sendoff_tasks.transaction.pending import PendingRecords
from sendoff_tasks.transaction.rate_windows import Starts
from sendoff_tasks.transaction.replies import More
from sendoff_tasks.verbs.bulk import BulkDone, BulkSoFar, StepDone
from sendoff_tasks.verbs.cancel import cancel
from sendoff_tasks.verbs.pending import store_step
from sendoff_tasks.verbs.remove import delete_tasks
from sendoff_tasks.verbs.retry import check_retry, start_afresh
from sendoff_tasks.verbs.submit import amend, recall, remember

STEP: Final = 500
"""Rows or tasks changed in one group."""

Meant = Callable[[int], bool]
"""Whether an action on a batch means a task: none that a later action means."""


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


def put_off(group: Group, number: int, run_at: int | None) -> BatchRecord:
    """Set another time for a planned batch, epoch ms; ``None``: now.

    Raises ``Conflict`` once its time has come.
    """
    batch = read_started(group, number)
    if (batch.run_at or 0) <= group.now:
        raise Conflict(OfficeRefusal.BATCH_BEGUN)
    batch.run_at = run_at
    write_batch(group, batch)
    group.all_changed()
    return batch


def cancel_step(group: Group, number: int, so_far: BulkSoFar, meant: Meant) -> StepDone:
    """Cancel the next few open rows that are ``meant``, at first all that are not items yet.

    A task that has begun is asked to stop.
    """
    batch, unfed, stopping = read_started(group, number), 0, so_far.stopping
    if not so_far.beyond and batch.stopped_at is None:
        if not batch.open:
            raise Conflict(OfficeRefusal.BATCH_ENDED)
        unfed = _cancel_unfed(group, batch)
    touched = list[int]()
    rows = read_rows(group, statements.ROWS_WITH, number, RowOutcome.OPEN, so_far.beyond, STEP)
    for row in rows:
        record = group.read(row.task_id or 0)
        has_passed = record.state == State.RUNNING and record.passed
        if record.state in OPEN and not has_passed and meant(record.id):
            stopping += record.state == State.RUNNING
            touched.append(record.id)
            cancel(group, record)
    count_batches(group)
    is_over = len(rows) < STEP
    progress = replace(
        so_far,
        beyond=rows[-1].row if rows else so_far.beyond,
        judged=so_far.judged + unfed + len(rows),
        touched=so_far.touched + unfed + len(touched),
        stopping=stopping,
    )
    return StepDone(progress, sorted(touched), is_over)


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
    if not batch.open:  # else a row that was retried since stays paused
        batch.paused_at, batch.finished_at = None, group.now
    batch.state = state_of(batch)
    write_batch(group, batch)
    check_drafts_again(group)  # a row that a draft counts as sent may leave now
    return int(unfed)


def delete(group: Group, number: int, key: Idempotency | None = None) -> More | bool:
    """Delete a draft, or turn a started batch into a draft; ``Conflict`` if a row was tried.

    True if it was done before, for the same key.
    """
    if recall(group, key) is not None:
        return True
    batch = read_batch(group, number)
    if batch.is_draft:
        group.part(Acts).write_none()
        batch.state = DELETING
        step = _begin(group, batch)
    else:
        step = undo_start(group, number)
    remember(group, key, {})
    return step


def undo_start(group: Group, number: int) -> More | bool:
    """Turn a started batch into a draft; ``Conflict`` if a row was tried."""
    batch = read_batch(group, number)
    if _was_tried(group, batch):
        raise Conflict(OfficeRefusal.BATCH_TRIED)
    batch.state = UNDOING
    return _begin(group, batch)


def _begin(group: Group, batch: BatchRecord) -> More | bool:
    pending = group.part(PendingRecords)
    for action in (None, "start"):
        pending.take_out_batch(group, batch.id, action)  # else it meets the next start
    write_batch(group, batch)
    return undo_or_delete(group, batch)


def _was_tried(group: Group, batch: BatchRecord) -> bool:
    """Tell whether any message was tried; its task may have been removed since."""
    if batch.sent or batch.kept or batch.uncertain:
        return True
    return bool(group.cursor.execute(statements.WAS_TRIED, (batch.id,)).fetchone()[0])


def undo_or_delete(group: Group, batch: BatchRecord) -> More | bool:
    """Do the next step of an undo or a deletion."""
    done = _delete_rows(group, batch) if batch.state == DELETING else _undo(group, batch)
    if done:
        return False
    return More(lambda later: _continue(later, batch.id))


def _continue(group: Group, number: int) -> More | bool:
    batch = group.part(BatchesUnderWay).records.get(number)
    if batch is None or batch.state not in {UNDOING, DELETING}:
        return False
    if batch.state == DELETING:
        group.part(Acts).write_none()
    return undo_or_delete(group, batch)


def _delete_rows(group: Group, batch: BatchRecord) -> bool:
    deleted = group.cursor.execute(statements.DELETE_ROWS, (batch.id, batch.id, STEP)).rowcount
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
    group.search.unscrub()
    group.batch_event(batch.id)
    return True


def _undo(group: Group, batch: BatchRecord) -> bool:
    """Delete the batch's tasks, and items without any; at the end it is a draft."""
    for state in (State.QUEUED, State.SCHEDULED, State.WAITING, State.CANCELLED, State.FAILED):
        tasks = group.select(statements.TASKS_IN_BATCH, batch.id, state, STEP)
        if tasks:
            delete_tasks(group, tasks)
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
    """Start deleting one old batch; tell whether there was one.

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


def retry_step(group: Group, number: int, so_far: BulkSoFar, meant: Meant) -> StepDone:
    """Retry the next few failed rows that are ``meant``, under the batch's rate.

    Uncertain and seen rows, and those whose message another task is sending or has sent since,
    stay as they are.
    """
    read_started(group, number)
    group.causes.retried.update(so_far.retried)
    rows = read_rows(group, statements.ROWS_WITH, number, RowOutcome.FAILED, so_far.beyond, STEP)
    failed = (row.task_id for row in rows if row.task_id is not None)
    tasks = sorted(task for task in failed if meant(task) and _retry(group, task))
    count_batches(group)
    touched = so_far.touched + len(tasks)
    named = [*so_far.added, *PackedIds.of(tasks).runs]
    progress = replace(
        so_far,
        beyond=rows[-1].row if rows else so_far.beyond,
        judged=so_far.judged + len(rows),
        touched=touched,
        retried=sorted(group.causes.retried),
        added=named if touched <= BULK_LIMIT else [],
    )
    return StepDone(progress, tasks, len(rows) < STEP)


def _retry(group: Group, task_id: int) -> bool:
    """Retry a row, unless its task is gone or seen, was sent since, or has no function."""
    try:
        record = group.read(task_id)
        if record.state != State.FAILED or (record.seen and record.noted_repeat is None):
            return False
        check_retry(group, record)
        start_afresh(group, record, Deed.RETRIED)
    except (Conflict, UnknownId):
        return False
    hold_in_batch(group, record)
    return True


BatchAction = Literal["cancel", "retry", "delete"]
NO_ROWS: Final = PackedIds(())


def act_on_batch(
    action: BatchAction, number: int, delay: float = 0, key: Idempotency | None = None
) -> Callable[[Group], BulkDone | More]:
    """Return a verb that does an action to a batch after ``delay`` s, unless it is undone.

    Until its *cancel* is done, no message of the batch starts. Actions on a batch are done in their
    order; one that is asked for again takes the place of the one that waits, and a *cancel* that of
    all. If nothing is to be waited for, the answer comes once the action is done.
    """

    def act(group: Group) -> BulkDone | More:
        known = recall(group, key)
        if known is not None:
            return BulkDone(known, replayed=True)
        rows = _meant(group, action, number)
        answer = BulkAnswer(touched=rows, skipped=[])
        if not (rows or action == "delete" or not delay):
            remember(group, key, answer)
            return BulkDone(answer)
        due_at = group.now + to_ms(delay)
        asked = ActionOptions(key=key.key if key else "", batch_id=number)
        waiting = group.part(PendingRecords)
        record = waiting.add(group, action, NO_ROWS, due_at, asked=asked, count=rows)
        is_due = record.due_at <= group.now
        if not is_due:
            (answer["pending"],) = read_pending(group.cursor, group.now, [record.id])
        remember(group, key, answer)
        return More(partial(_wait_for, record.id, key)) if is_due else BulkDone(answer)

    return act


def _wait_for(number: int, key: Idempotency | None, group: Group) -> BulkDone | More:
    """Answer what a standing duty did: nothing, if the action was undone or replaced meanwhile."""
    answer: BulkAnswer | None = BulkAnswer(touched=0, skipped=[])
    for row in read_pending(group.cursor, group.now, [number]):
        answer = row["answer"]
    if answer is None:
        return More(partial(_wait_for, number, key))
    if key is not None:
        amend(group, key, answer)
    return BulkDone(answer)


def _meant(group: Group, action: BatchAction, number: int) -> int:
    """Return of how many rows the action is; raise ``Conflict``, ``UnknownId``."""
    if action == "delete":
        return read_draft(group, number).rows
    batch = read_started(group, number)
    if action == "retry":
        group.flush()
        found = group.cursor.execute(TO_RETRY, (json.dumps([number]),)).fetchone()
        return min(found[1], batch.failed) if found else 0
    if not batch.open and batch.stopped_at is None:
        raise Conflict(OfficeRefusal.BATCH_ENDED)
    return batch.open


def carry_out_on_batch(group: Group, record: PendingRecord) -> None:
    """Do the next step of an action on a batch; one that it does not allow by now does nothing.

    As with actions on tasks, a task is meant by the last of them only.
    """
    number, pending = record.asked.batch_id or 0, group.part(PendingRecords)
    so_far = BulkSoFar(**record.so_far) if record.so_far else BulkSoFar(0, record.action)
    try:
        if record.action == "delete":
            touched = read_draft(group, number).rows
            answer = BulkAnswer(touched=touched, skipped=[])
            pending.finish(group, record, answer)
            delete(group, number)
            group.more = True  # a standing duty deletes the rest
            return
        step = cancel_step if record.action == "cancel" else retry_step
        left = PackedIds(record.asked.left)
        done = step(group, number, so_far, lambda task: task not in left)
    except (Conflict, UnknownId):
        done = StepDone(so_far, [], is_over=True)
    store_step(group, record, done)
