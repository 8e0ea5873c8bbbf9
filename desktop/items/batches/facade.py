"""The façade's verbs and reads of batches."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from functools import partial
from typing import TYPE_CHECKING, Any

from desktop.contract.batches import Batch, BatchPage, BatchRow, RowPage
from desktop.engine.store.tables.cursor import Source
from desktop.engine.submission import Idempotency
from desktop.engine.transaction.group import Group
from desktop.engine.transaction.replies import More
from desktop.items.batches import drafting, filling, starting, stopping, undoing
from desktop.items.batches.acting import ActedOnBatch, BatchAction, act_on_batch
from desktop.items.batches.drafting import Created
from desktop.items.batches.leaving_times import leaving
from desktop.items.batches.remembering import Remembered, remembered
from desktop.items.batches.rows import (
    CheckedRow,
    NewBatchRow,
    StoredRow,
)
from desktop.items.batches.starting import StartOptions
from desktop.items.reads import batches as reads
from desktop.items.reads.batch_rows import RowFilter, read_row, read_rows
from desktop.items.tables.batch_records import BatchRecord

if TYPE_CHECKING:
    from desktop.engine.facade.engine import Engine

ALL_ROWS = RowFilter()


class Batches:
    """The verbs and reads of batches; every method is thread-safe.

    The futures are done after the COMMIT. They raise ``UnknownId`` for an unknown batch, and
    ``Conflict`` if its state does not allow the verb. Reads block for a short time.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def create(self, wanted: NewBatchRow, key: Idempotency | None = None) -> Future[Created]:
        """Make a draft."""
        return self._engine.do(lambda group: drafting.create(group, wanted, key))

    def change(self, batch_id: int, wanted: NewBatchRow) -> Future[Batch]:
        """Change a draft's settings; its rows become unchecked if that may matter to them."""
        return self._do(lambda group: drafting.change(group, batch_id, wanted))

    def put_rows(self, batch_id: int, rows: Sequence[CheckedRow], revision: int) -> Future[Batch]:
        """Put rows into a draft, replacing earlier ones with the same numbers.

        Rows checked for another ``revision`` than the draft's current one are unchecked.
        """
        return self._do(lambda group: filling.put_rows(group, batch_id, rows, revision), len(rows))

    def correct_row(
        self, batch_id: int, row: CheckedRow, revision: int, typed: Sequence[str] = ()
    ) -> Future[Batch]:
        """Put a row of a draft as a person corrected it, and keep what was read from the file.

        The row's values at the paths ``typed`` are sent even where its item was corrected.
        """
        return self._do(lambda group: filling.correct_row(group, batch_id, row, revision, typed))

    def keep_sheet(self, batch_id: int, name: str | None) -> Future[Batch]:
        """Store the name of the spreadsheet kept with a draft."""
        return self._do(lambda group: drafting.keep_sheet(group, batch_id, name))

    def check_again(self, batch_id: int) -> Future[Batch]:
        """Have a draft's rows checked again, because what checks depend on has changed."""
        return self._do(lambda group: drafting.check_again(group, batch_id))

    def start(
        self, batch_id: int, options: StartOptions, key: Idempotency | None = None
    ) -> Future[Batch]:
        """Start a draft; ``Conflict`` while rows are unchecked. Blocks for a read."""
        last = self._engine.read(reads.read_highest_number, batch_id)
        return self._do(lambda group: starting.start(group, batch_id, options, key, highest=last))

    def pause(self, batch_id: int) -> Future[Batch]:
        """Start nothing more of a batch. Pausing twice is harmless."""
        return self._do(lambda group: stopping.pause(group, batch_id))

    def resume(self, batch_id: int) -> Future[Batch]:
        """Resume a paused batch. Resuming twice is harmless."""
        return self._do(lambda group: stopping.resume(group, batch_id))

    def limit(self, batch_id: int, rate: str | None) -> Future[Batch]:
        """Set how many attempts of a started batch may begin in which time, as ``500/day``."""
        return self._do(lambda group: stopping.limit(group, batch_id, rate))

    def act(
        self, action: BatchAction, batch_id: int, delay: float = 0, key: Idempotency | None = None
    ) -> Future[ActedOnBatch]:
        """Cancel every open row, retry the failed ones, or delete a draft, after ``delay`` s.

        Until then it can be undone. Without ``delay``, the answer comes once it is done.
        """
        return self._engine.do(act_on_batch(action, batch_id, delay, key))

    def delete(self, batch_id: int) -> Future[None]:
        """Delete a draft, or turn a started batch into a draft if nothing of it has left."""
        return self._engine.do(lambda group: undoing.delete(group, batch_id))

    # reads: blocking, but short

    def list(self, after: str | None = None, limit: int = 100) -> BatchPage:
        """Return a page of batches, newest first; raise ``BadQuery``."""
        return self._engine.read(
            lambda source: reads.read_batches(source, after, limit, self._leaves(source))
        )

    def get(self, batch_id: int) -> Batch:
        """Return a batch; raise ``UnknownId``."""
        return self._engine.read(self._batch, batch_id)

    def revision(self, batch_id: int) -> int:
        """Return the current revision of a draft's settings; raise ``UnknownId``."""
        return self._engine.read(reads.read_record, batch_id).revision

    def rows(
        self,
        batch_id: int,
        wanted: RowFilter = ALL_ROWS,
        after: str | None = None,
        limit: int = 100,
    ) -> RowPage:
        """Return a page of rows; raise ``UnknownId``, ``BadQuery``. Their ``message`` is empty."""
        return self._engine.read(read_rows, batch_id, wanted, after, limit)

    def row(self, batch_id: int, row: int) -> BatchRow:
        """Return one row; raise ``UnknownId``. Its ``message`` is empty."""
        return self._engine.read(read_row, batch_id, row)

    def unchecked(
        self, batch_id: int, limit: int, beyond: int = 0
    ) -> tuple[int, Sequence[StoredRow]]:
        """Return a draft's current revision and some rows that are not checked for it.

        These are the first such rows after row ``beyond``.
        """
        revision, found = self._engine.read(reads.read_unchecked, batch_id, limit, beyond)
        return revision, [StoredRow.of(each) for each in found]

    def corrections(self, batch_id: int, rows: Sequence[CheckedRow]) -> Remembered:
        """Return what a person corrected in rows of a draft, or in earlier rows read the same.

        ``rows`` are as they are read now.
        """
        return self._engine.read(remembered, batch_id, rows)

    def unchecked_drafts(self) -> Sequence[int]:
        """Return the numbers of drafts with rows to check."""
        return self._engine.read(reads.read_unchecked_drafts)

    def _batch(self, source: Source, batch_id: int) -> Batch:
        record = reads.read_record(source, batch_id)
        return reads.batch_of(record, self._leaves(source), source)

    def _do(self, verb: Callable[[Group], BatchRecord | More], weight: int = 1) -> Future[Batch]:
        return self._engine.do(lambda group: self._batch_after(group, verb(group)), weight)

    def _batch_after(self, group: Group, result: Any) -> Batch | More:
        """Return the batch that a verb returns after its last step."""
        if isinstance(result, More):
            step = result.verb
            return More(lambda later: self._batch_after(later, step(later)))
        group.flush()
        leaves = self._leaves(group.cursor, group.now)
        return reads.batch_of(result, leaves, group.cursor)

    def _leaves(self, source: Source, now: int | None = None) -> reads.Leaves:
        return partial(leaving, self._engine.config, source, now)
