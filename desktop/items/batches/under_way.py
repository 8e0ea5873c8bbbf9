"""The batches under way, as the writer remembers them, and what a group changes in any batch."""

from __future__ import annotations

from desktop.contract.states import OPEN, State
from desktop.engine.store.tables.cursor import Source
from desktop.engine.store.tables.records import BriefRecord, TaskRecord
from desktop.engine.transaction.group import Group
from desktop.engine.transaction.parts import Watcher
from desktop.items.tables.batch_records import BatchRecord
from desktop.items.tables.batch_statements import UNDER_WAY, WRITE_BATCH


class BatchesUnderWay(Watcher):
    """The batches that were started and have open rows, and what a group changes in any batch."""

    def __init__(self) -> None:
        self.records: dict[int, BatchRecord] = {}
        # By batch: the last row fed, and the tasks of the next row, which found no room.
        self.stuck: dict[int, tuple[int, list[str]]] = {}
        self.busy_tried: dict[int, int] = {}  # by batch: the last busy row that was retried
        self.is_put_off = False  # the last group left the feeding to the next one
        self.tasks: dict[int, TaskRecord] = {}  # that came, opened or ended
        self.touched: set[int] = set()  # batches that changed otherwise

    @property
    def has_waiting(self) -> bool:
        """Whether rows wait that are no tasks yet."""
        return bool(self.records)

    def load(self, source: Source) -> None:
        """Read the batches under way."""
        self.records = {row[0]: BatchRecord(*row) for row in source.execute(UNDER_WAY)}
        self.stuck = {}
        self.busy_tried = {}
        self.is_put_off = False

    def begin(self, group: Group) -> None:
        """Forget what a failed group changed."""
        self.tasks.clear()
        self.touched.clear()

    def shift(self, group: Group, ms: int) -> None:
        """Keep what is left of the time in which a batch can be undone; a past one stays past."""
        for batch in list(self.records.values()):
            is_to_come = batch.grace_until > group.now - ms
            until = batch.grace_until + ms if is_to_come else min(batch.grace_until, group.now)
            if until != batch.grace_until:
                batch.grace_until = until
                write_batch(group, batch)

    def added(self, record: TaskRecord) -> None:
        """Note a new task of a batch."""
        if record.batch_id is not None:
            self.tasks[record.id] = record

    def moved(self, record: TaskRecord, before: str) -> None:
        """Note a task that opens or ends, or that waits: its batch shows for what."""
        if record.batch_id is not None:
            if before not in OPEN or record.state not in OPEN:
                self.tasks[record.id] = record
            if State.WAITING in {before, record.state}:
                self.touched.add(record.batch_id)

    def changed(self, record: TaskRecord) -> None:
        """Note a task of which a batch shows something else now."""
        if record.batch_id is not None:
            self.touched.add(record.batch_id)

    def forgotten(self, record: TaskRecord | BriefRecord) -> None:
        """Note that there is one less to retry."""
        if record.batch_id is not None and record.state == State.FAILED:
            self.touched.add(record.batch_id)


def write_batch(group: Group, batch: BatchRecord) -> None:
    """Write a batch, with an event; memory keeps it while it is under way."""
    batch.rev = group.batch_event(batch.id)
    group.cursor.execute(WRITE_BATCH, batch.values())
    under_way = group.part(BatchesUnderWay)
    if batch.is_under_way:
        under_way.records[batch.id] = batch
    else:
        under_way.records.pop(batch.id, None)
        under_way.stuck.pop(batch.id, None)
        under_way.busy_tried.pop(batch.id, None)
    under_way.touched.discard(batch.id)
