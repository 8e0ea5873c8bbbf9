"""What a batch allows: whether its tasks may start, at what rate, and how many have to wait."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final

from desktop.contract.reasons import Reason
from desktop.contract.rules.times import Rate
from desktop.contract.states import Refusal, State
from desktop.engine.causes import because
from desktop.engine.errors import Conflict
from desktop.engine.store.tables.records import Hold, TaskRecord
from desktop.engine.store.tables.statements import starts_of
from desktop.engine.transaction.features import Aside
from desktop.engine.transaction.group import Group
from desktop.engine.transaction.pending import PendingRecords
from desktop.engine.transaction.starts import Starts
from desktop.items.batches.rows import BatchesUnderWay
from desktop.items.tables.batch_records import BatchRecord
from desktop.items.tables.batch_statements import BATCH

UNLIMITED: Final = 1 << 30
WAITS: Final = "Its batch continues with it later."


def rates_of(batch: BatchRecord) -> tuple[Rate, ...]:
    """Return the rate a person set for the batch, if any."""
    return () if batch.rate is None else (Rate.parse(batch.rate),)


def begins_at(batch: BatchRecord) -> int:
    """Return when the batch's rows may first leave, epoch ms."""
    return max(batch.grace_until, batch.run_at or 0)


def batch_room(group: Group, batch: BatchRecord) -> int:
    """Return how many of the batch's tasks may start now; if none, schedule the next look."""
    if batch.paused_at is not None or group.part(PendingRecords).stops_batch(batch.id):
        return 0
    if begins_at(batch) > group.now:
        group.again_at(begins_at(batch))
        return 0
    rates = rates_of(batch)
    if not rates:
        return UNLIMITED
    name, starts = starts_of(batch.id), group.part(Starts)
    full = starts.full(group, name, rates)
    if full is None:
        return starts.room(group, name, rates)
    group.again_at(full[0])
    return 0


def check_batch(group: Group, record: TaskRecord, *, anyway: bool) -> None:
    """Raise ``Conflict`` for a task that its batch would hold back on start.

    ``anyway`` lets it past the batch's limit and time, but not past a pause.
    """
    batch = group.part(BatchesUnderWay).records.get(record.batch_id or 0)
    if batch is None or batch_room(group, batch) > 0:
        return
    if batch.paused_at is not None:
        why = "Its batch is paused; it starts after the batch is resumed."
        raise Conflict(why, Refusal.BATCH_PAUSED)
    if anyway:
        return
    raise Conflict("Its batch allows no more now; it starts once that does.", Refusal.BATCH_LIMIT)


def hold_back(group: Group, record: TaskRecord) -> bool:
    """Put a queued task aside while its batch has no room; return whether that happened."""
    batch = group.part(BatchesUnderWay).records.get(record.batch_id or 0)
    if batch is None or _lets_start(group, batch, record):
        return False
    hold_in_batch(group, record)
    return True


def _lets_start(group: Group, batch: BatchRecord, record: TaskRecord) -> bool:
    """Return whether a task may start now; one that a person has let past the limit may."""
    is_paused = batch.paused_at is not None or group.part(PendingRecords).stops_batch(batch.id)
    is_let = record.held == Hold.NOT_BY_BATCH and not is_paused
    return is_let or batch_room(group, batch) > 0


def hold_in_batch(group: Group, record: TaskRecord, **changes: object) -> None:
    """Put a task aside until its batch allows more."""
    reason = because(Reason.BATCH_LIMIT, batch_id=record.batch_id)
    held = {"held": Hold.BATCH.value, "run_at": None}
    group.move(record, State.SCHEDULED, WAITS, reason, **held, **changes)


def let_go(group: Group, record: TaskRecord) -> None:
    """Queue a task that waited for its batch."""
    group.move(record, State.QUEUED, held=Hold.NOTHING.value)


def aside(group: Group, records: Iterable[TaskRecord], so_far: Aside) -> Aside:
    """Count the tasks that their batch would put aside, in addition to ``so_far``."""
    found = {reason: Counter(counts) for reason, counts in so_far.items()}
    batches: dict[int, BatchRecord | None] = {}
    rooms: dict[int, int] = {}
    for record in records:
        number = record.batch_id
        if number is None or record.is_copy:
            continue
        if number not in batches:
            batches[number] = batch = _batch(group, number)
            rooms[number] = UNLIMITED if batch is None else batch_room(group, batch)
        rooms[number] -= 1
        batch = batches[number]
        if batch is not None and rooms[number] < 0:
            is_paused = batch.paused_at is not None
            reason = Reason.BATCH_PAUSED if is_paused else Reason.BATCH_LIMIT
            queue = group.memory.functions[record.function].queue
            found.setdefault(reason.value, Counter())[queue] += 1
    return {reason: dict(counts) for reason, counts in found.items()}


def _batch(group: Group, number: int) -> BatchRecord | None:
    """Return a batch; one that is done is read from the store."""
    known = group.part(BatchesUnderWay).records.get(number)
    row = None if known else group.cursor.execute(BATCH, (number,)).fetchone()
    return known if row is None else BatchRecord(*row)
