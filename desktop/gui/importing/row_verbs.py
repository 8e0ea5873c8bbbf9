"""Carries out what is asked for single rows of the draft in the place *Import*."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

from PySide6.QtCore import QObject, Signal

from desktop.client.items import row_pages
from desktop.contract.batches import SKIP, RowProblem
from desktop.contract.rules.corrections import OF_BATCH, value_at, with_values
from desktop.gui.batches.batch_rows import whole_path
from desktop.gui.importing.draft_file import TYPED
from desktop.gui.importing.row_deeds import RowDeed, RowDeeds
from desktop.gui.kit.words.file_faults import waiting_error
from desktop.gui.kit.words.table import WORDS, say
from desktop.gui.link.jobs import Asker, Job, LatestRequest
from desktop.gui.link.outbox import Wish
from sendoff_tasks.client.errors import TooSlow

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from desktop.client.api import Api
    from desktop.contract.batches import Batch, BatchItem, BatchRow
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.frame.room import RoomServices
    from desktop.gui.importing.draft_file import DraftMemory
    from desktop.gui.importing.import_place import ImportPlace


ROW: Final = "row"
"""What corrections are about, with the numbers of the draft and the row."""


@dataclass(frozen=True, eq=False)
class CorrectionWish(Wish[tuple["BatchRow", "Batch"]]):
    """The last correction of a row: its ``item``, with all that was ``typed`` in it."""

    item: BatchItem = field(kw_only=True)
    typed: Sequence[str] = ()


class RowToCorrect(NamedTuple):
    """A row's item before it is corrected, and the paths of its values that were typed."""

    item: BatchItem
    typed: Collection[str]


def _correct(
    which: tuple[int, int], item: BatchItem, typed: Sequence[str], api: Api, _: str
) -> tuple[BatchRow, Batch]:
    row = api.batches.correct_row(*which, item, typed)
    return row, api.batches.one(which[0])


class RowVerbs(QObject):
    """Carries out actions on the rows of the draft in the place *Import*.

    ``failed`` carries the error if the templates could not be read. ``file_wanted`` is emitted when
    a corrected row names a file that is missing.
    """

    failed = Signal(object)
    file_wanted = Signal()

    def __init__(
        self, place: ImportPlace, window: MainWindow, services: RoomServices, memory: DraftMemory
    ) -> None:
        super().__init__(place)
        self._memory = memory
        self._place = place
        self._notes = window.notes
        self._outbox, source = services.outbox, services.source
        self._ask_backend = Asker(source, self._place.show_failure)
        self._deeds = RowDeeds(memory)
        self._preview = LatestRequest(source, self._on_no_preview)
        self._templates = LatestRequest(source, self.failed.emit)
        place.row_wanted.connect(self._on_row_wanted)
        place.corrected.connect(self._on_corrected)
        place.typing.typed.connect(self._on_typed)
        place.to_me_chosen.connect(self._on_to_me)
        place.undo_row = self._undo
        for request in (self._preview, self._templates):
            place.closed.connect(request.drop)

    def learn_templates(self, followed: Mapping[str, str]) -> None:
        """Read the templates, and the draft again, whose checks depend on them."""
        show = partial(self._place.source.sending.show_templates, followed=followed)
        self._templates.ask(lambda api: Job(api.templates.all).then(show))
        self._ask(lambda api, number: api.batches.one(number), self._on_checked_again)

    def move(self, before: int, number: int) -> None:
        """Give a draft what Ctrl+Z takes back in the one that it replaces."""
        self._deeds.move(before, number)

    def _on_row_wanted(self, row: int) -> None:
        batch = self._place.batch
        if batch is not None:
            wanted = {"batch_id": batch["batch_id"], "row": row}
            show = self._place.card.show_message
            self._preview.ask(lambda api: Job(api.preview, wanted).then(show))

    def _on_no_preview(self, error: Exception) -> None:
        self._place.card.say(waiting_error(error))

    def _on_corrected(self, row: int, item: BatchItem, path: str) -> None:
        known: Any = {"row": row, "item": item, "corrections": []}
        self._correct(self._shown(row) or known, item, whole_path(path))

    def _shown(self, row: int) -> BatchRow | None:
        """Return a row as it is in the list, if it is there."""
        model = self._place.list.model
        place = model.position_of(row)
        return None if place is None else model.rows[place]

    def _correct(self, found: BatchRow, item: BatchItem, path: str) -> None:
        """Correct the value at a path of a row to that of an item."""
        batch = self._place.batch
        if batch is None:
            return
        before = self._before(batch["batch_id"], found)
        old, new = value_at(before.item, path), value_at(item, path)
        deed = RowDeed(found["row"], path, old, new, was_typed=path in before.typed)
        self._deeds.note(batch["batch_id"], deed)
        read = [each["before"] for each in found["corrections"] if each["field"] == path]
        is_taken_back = new in read or (path == SKIP and new is None)
        self._put(batch["batch_id"], found, {path: new}, is_typed=True, stays=is_taken_back)

    def _before(self, number: int, found: BatchRow) -> RowToCorrect:
        """Return a row with its corrections, also those that are not answered yet."""
        typed = [each["field"] for each in found["corrections"]]
        pending = self._outbox.newest((ROW, number, found["row"]))
        if not isinstance(pending, CorrectionWish):
            return RowToCorrect(found["item"], typed)
        return RowToCorrect(pending.item, {*typed, *pending.typed})

    def _put(
        self, number: int, found: BatchRow, value: Mapping[str, Any], *, is_typed: bool, stays: bool
    ) -> None:
        """Put a value into a row, with what was asked for it and is not answered yet."""
        which = number, found["row"]
        pending = self._outbox.newest((ROW, *which))
        typed = {*pending.typed} if isinstance(pending, CorrectionWish) else set()
        typed = typed | value.keys() if is_typed else typed - value.keys()
        wanted = cast("BatchItem", with_values(self._before(number, found).item, value))
        ask = partial(_correct, which, wanted, sorted(typed - OF_BATCH))
        told = partial(self._on_not_corrected, which)
        self._outbox.put(
            CorrectionWish(ask, about=(ROW, *which), item=wanted, typed=sorted(typed)),
            partial(self._on_checked, stays=stays),
            refused=partial(self._on_refused, which),
            away=partial(told, waits=True),
            ended=partial(told, TooSlow()),
        )

    def _undo(self) -> bool:
        """Take back what was last done to a row; tell whether there is anything."""
        batch = self._place.batch
        deed = None if batch is None else self._deeds.newest(batch["batch_id"])
        if batch is None or deed is None:
            return False
        self._deeds.drop_newest(batch["batch_id"])
        if (shown := self._shown(deed.row)) is not None:
            self._take_back(batch["batch_id"], deed, shown)
        else:
            then = partial(self._take_back, batch["batch_id"], deed)
            self._ask(partial(_row_of, row=deed.row), then)
        return True

    def _take_back(self, number: int, deed: RowDeed, found: BatchRow | None) -> None:
        if found is None or not deed.is_as_left(self._before(number, found).item):
            words = say("import", "not_undone", row=WORDS.number(deed.row))
            self._place.said.say_first(words)
            return
        value = {deed.path: deed.before}
        self._put(number, found, value, is_typed=deed.was_typed, stays=True)
        self._place.show_taken_back(deed.row)

    def _on_refused(self, which: tuple[int, int], error: Exception) -> None:
        """Say why a value was not saved; Ctrl+Z has nothing to take back."""
        number, row = which
        newest = self._deeds.newest(number)
        if newest is not None and newest.row == row:
            self._deeds.drop_newest(number)
        self._on_not_corrected(which, error)

    def _on_not_corrected(
        self, which: tuple[int, int], error: Exception, *, waits: bool = False
    ) -> None:
        shown = self._place.batch
        if shown is not None and shown["batch_id"] == which[0]:
            self._place.show_not_corrected(which[1], error, waits=waits)

    def _on_typed(self, typed: dict[str, Any] | None) -> None:
        if self._place.batch is not None:
            self._memory.keep(self._place.batch["batch_id"], TYPED, typed)

    def _on_checked(self, answer: tuple[BatchRow, Batch], *, stays: bool) -> None:
        row, batch = answer
        typed = self._memory.of(batch["batch_id"], TYPED)
        if typed is not None and typed["row"] == row["row"]:
            self._memory.keep(batch["batch_id"], TYPED, None)
        shown = self._place.batch
        if shown is not None and shown["batch_id"] == batch["batch_id"]:
            self._place.show_change(batch)
            self._place.show_corrected(row, stays=stays)
            is_there = not stays or self._shown(row["row"]) is not None
            if shown["rev"] > batch["rev"] or not (self._place.list.model.is_loaded and is_there):
                self.reload()  # the rows may be older than the correction
            if row["problem"] == RowProblem.MISSING_ATTACHMENT:
                self.file_wanted.emit()

    def _on_to_me(self, row: int) -> None:
        if (batch := self._place.batch) is not None:
            number = batch["batch_id"]
            wish = Wish(lambda api, key: api.batches.send_row_to_me(number, row, key))
            self._outbox.put(wish, self._on_mine, self._place.show_failure)

    def _on_mine(self, task: Any) -> None:
        words = say("import", "to_me", *["kept"] * self._notes.starts.keeps, to=task["to"])
        self._notes.show(words, icon="send")

    def _on_checked_again(self, batch: Batch) -> None:
        shown = self._place.batch
        if shown is not None and shown["batch_id"] == batch["batch_id"]:
            self._place.show_change(batch)
            self.reload()  # they may have been checked meanwhile

    def reload(self) -> None:
        """Read the rows again; while they are being checked, that happens by itself."""
        if self._place.is_checked:
            self._place.list.reload()

    def _ask(
        self,
        act: Callable[[Api, int], Any],
        then: Callable[[Any], object],
    ) -> None:
        """Read something of the shown draft on a worker thread."""
        batch = self._place.batch
        if batch is not None:
            number = batch["batch_id"]
            self._ask_backend(lambda api: Job(act, api, number).then(then))


def _row_of(api: Api, number: int, row: int) -> BatchRow | None:
    """Read one row of a draft."""
    rows = chain.from_iterable(row_pages(api.batches, number))
    found = next((each for each in rows if each["row"] >= row), None)
    return found if found is not None and found["row"] == row else None
