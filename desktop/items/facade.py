"""The register: items and batches, as a program submits, reads and corrects them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from functools import partial
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from desktop.contract.batches import Batch, BatchPage, BatchRow, Replaced, RowPage
from desktop.contract.do_not_send import (
    AddedEntries,
    BouncedTask,
    FoundBounce,
    ListedAddress,
    ListedAddresses,
    ListOrigin,
    ListPage,
    NewListEntry,
    ReadBounce,
    RefusedAddresses,
)
from desktop.contract.items import Item, Items
from desktop.items import do_not_send
from desktop.items.accepting import (
    AcceptedItems,
    CorrectionAnswer,
    ItemCorrection,
    ItemSubmission,
    accept_items,
    prepare_items,
)
from desktop.items.batches import acting, drafting
from desktop.items.batches.acting import BatchAction, act_on_batch
from desktop.items.batches.drafting import (
    EditionOf,
    NewBatchAnswer,
    StartOptions,
    check_drafts_again,
)
from desktop.items.batches.limits import leaving
from desktop.items.batches.remembering import KnownCorrections, remembered
from desktop.items.batches.rows import CheckedRow, DraftSettings
from desktop.items.bounces import find_bounced, mark_bounced
from desktop.items.correcting import PreparedCorrection, correct, current_item, prepare_correction
from desktop.items.forgetting import check_forgettable, forget_person, stop_messages
from desktop.items.person import Person, find_person
from desktop.items.reads import batches as reads
from desktop.items.reads.batches import RowFilter, read_row, read_rows
from desktop.items.reads.copies import read_copies
from desktop.items.reads.do_not_send import listed, read_list, read_refused
from desktop.items.reads.items import ItemSearch, read_item, read_items
from desktop.items.sending import Sending
from desktop.items.tables.batches import BatchRecord
from sendoff_tasks.duties.scrubber import scrub_now
from sendoff_tasks.store.tables.cursor import Source
from sendoff_tasks.submission import Idempotency
from sendoff_tasks.transaction.group import Group
from sendoff_tasks.transaction.replies import More
from sendoff_tasks.verbs.bulk import BulkDone

if TYPE_CHECKING:
    from sendoff_tasks.facade.engine import Engine


ALL_ROWS = RowFilter()
P = ParamSpec("P")
T = TypeVar("T")


def _verb(
    verb: Callable[Concatenate[Group, int, P], BatchRecord | More],
) -> Callable[Concatenate[Batches, int, P], Future[Batch]]:
    """Make a verb of one batch a method, which returns the batch as it is afterwards."""

    def method(self: Batches, number: int, /, *args: P.args, **kwargs: P.kwargs) -> Future[Batch]:
        return self._do(lambda group: verb(group, number, *args, **kwargs))

    method.__doc__ = verb.__doc__
    return method


class Batches:
    """The verbs and reads of batches; every method is thread-safe.

    The futures are done after the COMMIT. They raise ``UnknownId`` for an unknown batch, and
    ``Conflict`` if its state does not allow the verb. Reads block for a short time.
    """

    change = _verb(drafting.change)
    keep_sheet = _verb(drafting.keep_sheet)
    correct_row = _verb(drafting.correct_row)
    check_again = _verb(drafting.check_again)
    pause = _verb(acting.pause)
    resume = _verb(acting.resume)
    limit = _verb(acting.limit)
    put_off = _verb(acting.put_off)

    def __init__(
        self,
        engine: Engine,
        letter: reads.LetterOf = reads.no_letter,
        sending: Sending | None = None,
    ) -> None:
        """Take what tells the subject and the sender of messages, and when they leave."""
        self._engine = engine
        self._letter = letter
        self._sending = sending or Sending()

    def create(
        self, wanted: DraftSettings, key: Idempotency | None = None
    ) -> Future[NewBatchAnswer]:
        """Make a draft."""
        return self._engine.do(lambda group: drafting.create(group, wanted, key))

    def put_rows(
        self, batch_id: int, rows: Sequence[CheckedRow], revision: int, *, is_change: bool = True
    ) -> Future[Batch]:
        """Put rows into a draft, replacing earlier ones with the same numbers.

        Rows checked for another ``revision`` than the draft's current one are unchecked. A pending
        deletion is dropped only by a change: not by rows that are checked again.
        """
        put = drafting.change_rows if is_change else drafting.put_rows
        return self._do(lambda group: put(group, batch_id, rows, revision), len(rows))

    def start(
        self,
        batch_id: int,
        options: StartOptions,
        key: Idempotency | None = None,
        edition: EditionOf = lambda _: None,
    ) -> Future[Batch]:
        """Start a draft; ``Conflict`` while rows are unchecked. Blocks for reads.

        Its messages are made of what ``edition`` returns for their templates.
        """
        last = self._engine.read(reads.read_highest_number, batch_id)
        names = self._engine.read(reads.read_templates, batch_id)
        found = {name: named for name in names if (named := edition(name)) is not None}
        return self._do(
            lambda group: drafting.start(
                group, batch_id, options, key, highest=last, editions=found
            )
        )

    def act(
        self, action: BatchAction, batch_id: int, delay: float = 0, key: Idempotency | None = None
    ) -> Future[BulkDone]:
        """Cancel every open row, retry the failed ones, or delete a draft, after ``delay`` s.

        Until then it can be undone. Without ``delay``, the answer comes once it is done.
        """
        return self._engine.do(act_on_batch(action, batch_id, delay, key))

    def delete(self, batch_id: int, key: Idempotency | None = None) -> Future[bool]:
        """Delete a draft, or turn a started batch into a draft if nothing of it has left.

        Tell whether that was done before, for the same key.
        """
        return self._engine.do(lambda group: acting.delete(group, batch_id, key))

    # reads: blocking, but short

    def list(self, after: str | None = None, limit: int = 100) -> BatchPage:
        """Return a page of batches, newest first; raise ``BadQuery``."""
        return self._engine.read(
            lambda source: reads.read_batches(
                source, after, limit, self._leaves(source), self._letter
            )
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

    def unchecked(self, batch_id: int, limit: int, beyond: int) -> tuple[int, Sequence[CheckedRow]]:
        """Return a draft's current revision and some rows that are not checked for it.

        These are the first such rows after row ``beyond``.
        """
        revision, found = self._engine.read(reads.read_unchecked, batch_id, limit, beyond)
        return revision, [CheckedRow.of(each) for each in found]

    def corrections(self, batch_id: int, rows: Sequence[CheckedRow]) -> KnownCorrections:
        """Return what a person corrected in rows of a draft, or in earlier rows read the same.

        ``rows`` are as they are read now.
        """
        return self._engine.read(remembered, batch_id, rows)

    def unchecked_drafts(self) -> Sequence[int]:
        """Return the numbers of drafts with rows to check."""
        return self._engine.read(reads.read_unchecked_drafts)

    def _batch(self, source: Source, batch_id: int) -> Batch:
        record = reads.read_record(source, batch_id)
        batch = reads.batch_of(record, self._leaves(source), source, self._letter)
        is_known = record.is_draft and bool(record.rows) and not record.unchecked
        if is_known and (record.same or record.changed):
            replaced = reads.read_replaced(source, batch_id)
            batch["replaces"] = [each for each in replaced if not self._is_kept_from(source, each)]
        if is_known:
            batch["opted_out"] = reads.read_opted_out(source, batch_id)
            batch["copies"] = read_copies(source, batch_id, self._letter)
        return batch

    def _is_kept_from(self, source: Source, replaced: Replaced) -> bool:
        """Tell whether a draft takes over nothing of a batch, which waits for real sending."""
        started = reads.read_record(source, replaced["batch_id"]).started_at
        return started is not None and self._sending.waits(started)

    def _do(self, verb: Callable[[Group], BatchRecord | More], weight: int = 1) -> Future[Batch]:
        return self._engine.do(lambda group: self._batch_after(group, verb(group)), weight)

    def _batch_after(self, group: Group, result: Any) -> Batch | More:
        """Return the batch that a verb returns after its last step."""
        if isinstance(result, More):
            step = result.verb
            return More(lambda later: self._batch_after(later, step(later)))
        group.flush()
        leaves = self._leaves(group.cursor, group.now)
        return reads.batch_of(result, leaves, group.cursor, self._letter)

    def _leaves(self, source: Source, now: int | None = None) -> reads.Leaves:
        return partial(leaving, self._engine.config, self._sending, source, now)


class DoNotSend:
    """The list *Do not send*; every method is thread-safe. Reads block for a short time.

    The futures are done after the COMMIT. Drafts are checked again after each change.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(
        self, entries: Sequence[NewListEntry], origin: ListOrigin, *, allowed: bool = False
    ) -> Future[AddedEntries]:
        """Put addresses on the list; one that is on it stays as it is.

        With ``allowed`` they may be written to: they are only not offered any more.
        """
        add = partial(do_not_send.add, entries=entries, origin=origin, allowed=allowed)
        return self._do(add, len(entries))

    def allow(self, entries: Sequence[int], *, again: bool = True) -> Future[None]:
        """Take entries from the list, or put them back as they were; ``UnknownId``."""
        return self._do(lambda group: do_not_send.allow(group, entries, again=again))

    def page(self, text: str = "", before: int | None = None, limit: int = 100) -> ListPage:
        """Return a page of entries whose address or domain begins with a text, newest first."""
        return self._engine.read(read_list, text, before, limit)

    def of(self, addresses: Sequence[str]) -> ListedAddresses:
        """Return the entries of addresses."""
        found = self._engine.read(listed, addresses)
        return ListedAddresses(
            addresses=[
                ListedAddress(address=each, entry=found[each].entry if each in found else None)
                for each in addresses
            ]
        )

    def refused(self) -> RefusedAddresses:
        """Return the addresses that may be put on the list."""
        now = round(self._engine.config.clock.now() * 1000)
        return RefusedAddresses(refused=self._engine.read(read_refused, now))

    def find_bounced(self, bounces: Sequence[ReadBounce]) -> list[FoundBounce]:
        """Return which messages bounces are of; takes its time."""
        now = round(self._engine.config.clock.now() * 1000)
        return self._engine.read(find_bounced, bounces, now)

    def mark_bounced(
        self, tasks: Sequence[BouncedTask], *, bounced: bool = True
    ) -> Future[list[int]]:
        """Mark sent messages as bounced, or take the mark away; return the tasks that changed."""
        mark = partial(mark_bounced, tasks=tasks, bounced=bounced)
        return self._engine.do(mark, len(tasks))

    def _do(self, verb: Callable[[Group], T], weight: int = 1) -> Future[T]:
        def step(group: Group) -> T:
            done = verb(group)
            check_drafts_again(group)
            return done

        return self._engine.do(step, weight)


class Register:
    """The items of an engine; every method is thread-safe. Reads block for a short time."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def submit(self, submission: ItemSubmission) -> Future[AcceptedItems]:
        """Submit items; the future is done after the COMMIT.

        Wrong task names and arguments raise at once, before anything is written.
        """
        prepared = prepare_items(submission, self._engine.config.registry)
        return self._engine.do(lambda group: accept_items(group, prepared), prepared.weight)

    def accept(self, submission: ItemSubmission) -> asyncio.Future[AcceptedItems]:
        """Like :meth:`submit`, for a coroutine: ``await`` it in the loop it was called in."""
        prepared = prepare_items(submission, self._engine.config.registry)
        return self._engine.ask(lambda group: accept_items(group, prepared), prepared.weight)

    def item(self, item_id: int) -> Item:
        """Return an item with its tasks; raise ``UnknownId``."""
        with self._engine.reading() as (connection, at_limit):
            return read_item(connection, item_id, at_limit)

    def page(self, query: ItemSearch) -> Items:
        """Return a page of items by number, and how many there are of each kind."""
        with self._engine.reading() as (connection, at_limit):
            return read_items(connection, query, at_limit)

    def person(self, item_id: int) -> Person:
        """Find what the store has of an item's person; raise ``UnknownId``. It takes its time."""
        return self._engine.read(find_person, item_id)

    def check_forgettable(self, person: Person) -> Future[None]:
        """Have the future raise ``Conflict`` while a message to a person may be under way."""
        return self._engine.do(partial(check_forgettable, person=person))

    def stop_messages(self, person: Person) -> Future[None]:
        """Cancel what waits to be sent to a person; raises as :meth:`check_forgettable`."""
        return self._engine.do(partial(stop_messages, person=person), weight=len(person.tasks) + 1)

    def forget(
        self, person: Person, sheets: Mapping[int, str], *, do_not_send: bool = False
    ) -> Future[None]:
        """Leave nothing of a person but the numbers and times of items, and the verdicts.

        ``sheets`` are the names of the kept spreadsheets of the batches that have the person. With
        ``do_not_send`` a fingerprint of the address stays on that list. The
        future is done once the store's files have nothing of the person. It raises ``Conflict``
        while a message to the person may be under way.
        """

        def forget(group: Group) -> More:
            forget_person(group, person, sheets, do_not_send=do_not_send)
            return scrub_now(group)

        return self._engine.do(forget, weight=len(person.tasks) + 1)

    def correct(self, correction: ItemCorrection) -> Future[CorrectionAnswer]:
        """Replace an item's body and keep the old one; with ``send`` add its ended tasks again.

        Drafts are checked again, because their rows may now be older or the same. The future raises
        ``InTheWay`` while a task of the item runs, ``UnknownId`` for an unknown item.
        """
        prepared = prepare_correction(correction, self._engine.config.registry)
        return self._engine.do(partial(_correct, prepared))


def _correct(prepared: PreparedCorrection, group: Group) -> CorrectionAnswer:
    corrected = correct(group, prepared)
    is_new = not corrected.replayed
    if is_new and current_item(group, prepared.item_id).corrected_at == group.now:
        check_drafts_again(group)
    return corrected
