"""Batches and rows: the forms in which callers submit them, and how the writer knows them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Event
from typing import Any

from desktop.contract.batches import BatchState, Doubt, OptOut, RowProblem
from desktop.contract.office import OfficeRefusal
from desktop.contract.rules.corrections import Correction, as_it_leaves, corrections_in
from desktop.contract.rules.mailbox import Mailbox
from desktop.items.batches.identity import person_in
from desktop.items.sending import Sending
from desktop.items.tables import batches as statements
from desktop.items.tables.batches import (
    DELETING,
    UNDOING,
    BatchRecord,
    RowRecord,
    item_of,
    opt_out_of,
    plain_of,
)
from sendoff_tasks.errors import Conflict, UnknownId
from sendoff_tasks.model.states import OPEN, State
from sendoff_tasks.store.tables.cursor import Source, batches
from sendoff_tasks.store.tables.records import BriefRecord, TaskRecord
from sendoff_tasks.transaction.group import Group
from sendoff_tasks.transaction.parts import Watcher


@dataclass(frozen=True, slots=True)
class DraftSettings:
    """The settings of a draft; ``run_at`` in epoch ms, ``rate`` as for ``Rate.parse``.

    ``tasks`` are the tasks of rows that name none. ``continues`` is the number of a batch.
    ``reading`` is kept for the caller.
    """

    name: str
    key: Sequence[str]
    tasks: Sequence[str]
    template: str | None = None
    rate: str | None = None
    run_at: int | None = None
    columns: Mapping[str, str | None] = field(default_factory=dict)
    reading: Mapping[str, Any] | None = None
    continues: int | None = None


@dataclass(frozen=True, slots=True)
class CheckedRow:
    """A row as the caller has checked it, now or before it was stored.

    ``item`` has its template, its tasks, its ``item_id`` if it brings one, and the ``corrections``
    that apply. ``to`` is ``Name <address>``, as its tasks show it. ``problem`` is what is wrong
    with it, with ``data``, at ``path``. ``plain`` has the values that the spreadsheet shows in
    another way, by their paths. ``opted_out`` is a cell in which the person refuses e-mail.
    """

    row: int
    item: Mapping[str, Any]
    to: str | None = None
    problem: RowProblem | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    path: str | None = None
    corrections: Sequence[Correction] = ()
    plain: Mapping[str, str] = field(default_factory=dict)
    opted_out: OptOut | None = None
    doubts: Sequence[Doubt] = ()

    @classmethod
    def of(cls, row: RowRecord) -> CheckedRow:
        """Return a stored row."""
        return cls(
            row=row.row,
            item=item_of(row),
            to=row.recipient,
            problem=None if row.problem is None else RowProblem(row.problem),
            data=json.loads(row.data or "{}"),
            path=row.path,
            corrections=corrections_in(row.corrections),
            plain=plain_of(row),
            opted_out=opt_out_of(row),
        )


def read_batch(group: Group, number: int) -> BatchRecord:
    """Return a batch to change; raise ``UnknownId``."""
    batch = group.part(BatchesUnderWay).records.get(number)
    if batch is None:
        row = group.cursor.execute(statements.BATCH, (number,)).fetchone()
        batch = None if row is None else BatchRecord(*row)
    if batch is None or batch.state == DELETING:
        raise UnknownId("batch", number)
    return batch


def read_draft(group: Group, number: int) -> BatchRecord:
    """Return a batch that was not started; raise ``Conflict`` for any other."""
    batch = read_batch(group, number)
    if not batch.is_draft:
        raise Conflict(OfficeRefusal.BATCH_STARTED)
    return batch


def read_started(group: Group, number: int) -> BatchRecord:
    """Return a batch that was started; raise ``Conflict`` for a draft."""
    batch = read_batch(group, number)
    if batch.started_at is None or batch.state == UNDOING:
        raise Conflict(OfficeRefusal.BATCH_IS_DRAFT)
    return batch


def read_rows(group: Group, statement: str, *parameters: Any) -> list[RowRecord]:
    """Return rows, from a statement that selects whole rows."""
    return [RowRecord(*row) for row in group.cursor.execute(statement, parameters)]


def row_of(group: Group, record: TaskRecord) -> RowRecord | None:
    """Return the row from which a task was made; ``None`` once it is gone."""
    place = (record.batch_id, record.batch_row)
    found = group.cursor.execute(statements.ROW, place).fetchone()
    return None if found is None else RowRecord(*found)


def write_results(group: Group, rows: Iterable[RowRecord]) -> None:
    """Write the results of rows."""
    for n, values in batches([statements.result_of(row) for row in rows]):
        group.cursor.execute(statements.update_results(n), values)


def is_sent(batch: BatchRecord, check: str) -> bool:
    """Tell whether a batch was started for rows with this check."""
    return check in batch.sends.split()


def state_of(batch: BatchRecord) -> str:
    """Return the state of a started batch by its counts, unless it is being taken apart."""
    if batch.state in {UNDOING, DELETING}:
        return batch.state
    if not batch.open:
        return BatchState.DONE
    return BatchState.RUNNING if batch.paused_at is None else BatchState.PAUSED


def body_of(row: RowRecord) -> dict[str, Any]:
    """Return the item of a row, without its number."""
    body = item_of(row)
    body.pop("item_id", None)
    return body


def leaving_body(row: RowRecord) -> dict[str, Any]:
    """Return a row's item as it leaves: with those corrections of the item that it keeps."""
    return as_it_leaves(body_of(row), json.loads(row.data or "{}"))


def recipient_of(row: RowRecord, body: Mapping[str, Any]) -> str | None:
    """Return the recipient of a row's message, from the body that leaves, as task rows show it."""
    name, address = person_in(body)
    return str(Mailbox(name, address)) if address else row.recipient


def tasks_of(batch: BatchRecord, body: Mapping[str, Any]) -> list[str]:
    """Return the names of the tasks of a row's item."""
    names: list[str] = body.get("tasks") or json.loads(batch.tasks)
    return names


def number_of(row: RowRecord) -> int | None:
    """Return the number that the item of a row brings."""
    number: int | None = json.loads(row.item).get("item_id")
    return number


class BatchesUnderWay(Watcher):
    """The batches that were started and have open rows, and what a group changes in any batch."""

    of_subjects = True  # so is every task of a batch

    def __init__(self, unchecked: Event, sending: Sending) -> None:
        self._unchecked = unchecked
        self.sending = sending  # in practice mode, kept messages count as sent
        self.is_open = True  # it was within the sending hours, as far as is known
        self._is_unchecked = False  # a group leaves rows of a draft unchecked
        self.records: dict[int, BatchRecord] = {}
        self.busy_tried: dict[int, int] = {}  # by batch: the last busy row that was retried
        self.is_put_off = False  # the last group left the feeding to the next one
        self.tasks: dict[int, TaskRecord] = {}  # that came, opened or ended
        self.touched: set[int] = set()  # batches that changed otherwise
        self.collected = (self.tasks, self.touched)

    def load(self, source: Source) -> None:
        """Read the batches under way."""
        self.records = {row[0]: BatchRecord(*row) for row in source.execute(statements.UNDER_WAY)}
        self.busy_tried = {}
        self.is_put_off = False

    def begin(self, group: Group) -> None:
        """Start afresh."""
        super().begin(group)
        self._is_unchecked = False

    def note_draft(self, batch: BatchRecord) -> None:
        """Note whether rows of a draft that is written have to be checked."""
        self._is_unchecked |= batch.unchecked > 0

    def commit(self, group: Group) -> None:
        """Have the rows checked that are unchecked now."""
        if self._is_unchecked:
            self._unchecked.set()

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
    if not batch.is_under_way:
        batch.grace_until = 0  # it is over, also where the clock is set back before it
    group.cursor.execute(statements.WRITE_BATCH, batch.values())
    under_way = group.part(BatchesUnderWay)
    if batch.is_draft:
        under_way.note_draft(batch)
    if batch.is_under_way:
        under_way.records[batch.id] = batch
    else:
        under_way.records.pop(batch.id, None)
        under_way.busy_tried.pop(batch.id, None)
    under_way.touched.discard(batch.id)
