"""Starting: how many tasks of a bulk call their batches would keep from starting at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final

from desktop.contract.reasons import Reason
from desktop.contract.tasks import BulkAction
from desktop.engine.queues.batch_limits import batch_room
from desktop.engine.store.tables.batch_statements import BATCH
from desktop.engine.store.tables.batches import BatchRecord
from desktop.engine.store.tables.records import TaskRecord
from desktop.engine.transaction.group import Group

STARTS: Final[frozenset[BulkAction]] = frozenset({"retry", "again", "resend", "run_now"})
"""The actions that queue tasks, or new tasks that do the same."""
Aside = dict[str, dict[str, int]]
"""How many tasks would be put aside, by reason and queue."""


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
            rooms[number] = 1 << 30 if batch is None else batch_room(group, batch)
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
    known = group.memory.batches.get(number)
    row = None if known else group.cursor.execute(BATCH, (number,)).fetchone()
    return known if row is None else BatchRecord(*row)
