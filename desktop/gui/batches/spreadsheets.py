"""The place *Spreadsheets*: all batches and drafts, the selected one on the desk, their news."""

from __future__ import annotations

import time
from collections import deque
from enum import IntEnum
from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple, cast

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QKeySequence

from desktop.contract.batch_condition import (
    goes_on_at,
    is_kept_waiting,
    is_limited,
)
from desktop.contract.batches import BatchState
from desktop.gui.batches.batch_card import BatchCard
from desktop.gui.batches.batch_numbers import exceptions, progress
from desktop.gui.batches.batch_words import look_of, sent_words
from desktop.gui.frame.desk import DeskMode
from desktop.gui.frame.notifications import News
from desktop.gui.frame.places import WindowPlace
from desktop.gui.kit.lists.empty_state import EmptyState
from desktop.gui.kit.lists.live_rows import Cell, KeysetModel, Page, moment_cell
from desktop.gui.kit.lists.stock_table import Share, StockTable
from desktop.gui.kit.widgets.buttons import HERE, IconButton, give_key
from desktop.gui.kit.words.table import say
from desktop.gui.tasks.acting.pending_actions import PendingActions
from sendoff_tasks.model.times import epoch

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from PySide6.QtCore import QModelIndex

    from desktop.client.api import Api
    from desktop.contract.batches import Batch, BatchesEvent
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.frame.notifications import Notifier
    from desktop.gui.kit.rights import WindowRights
    from desktop.gui.link.connection import Live
    from desktop.gui.link.jobs import ApiSource


LEAST_S: Final = 20.0
"""Seconds of measuring before a pace is reported: after a start, few are sent at once at first."""
LEAST_SENT: Final = 10
"""Messages before a pace is reported within the first minute: the first may be slow."""
WHOLE_S: Final = 60.0
"""The most seconds measured; also the least if a limit lets messages leave in bursts."""
CLOCK_MS: Final = 10_000
"""Milliseconds between two updates of texts such as *in 5 min*."""
BATCH: Final = "batch"
"""The kind of news of batches."""


class OpenCount(NamedTuple):
    """How many messages of a batch were open at a moment, epoch s."""

    at: float
    open: int


class Paces:
    """Records how each batch's number of open messages falls while nothing stops it."""

    def __init__(self) -> None:
        self._before: dict[int, int] = {}
        self._seen: dict[int, deque[OpenCount]] = {}

    def note(self, batch: Batch, now: float) -> None:
        """Record a batch as it is at ``now``; measuring begins with its first message."""
        number, count = batch["batch_id"], batch["counts"]["open"]
        before = self._before.get(number)
        waits = is_kept_waiting(batch) or goes_on_at(batch, now) is not None
        if batch["state"] != BatchState.RUNNING or waits or (before is not None and count > before):
            self._before.pop(number, None)
            self._seen.pop(number, None)
        if batch["state"] != BatchState.RUNNING or waits:
            return
        self._before[number] = count
        if before is not None and count < before:
            seen = self._seen.setdefault(number, deque())
            seen.append(OpenCount(now, count))
            while len(seen) > 1 and seen[1].at <= now - WHOLE_S:
                seen.popleft()

    def of(self, batch: Batch, now: float) -> float:
        """Return how many of its messages are sent in a second; 0 if that is unknown."""
        seen = self._seen.get(batch["batch_id"])
        if not seen:
            return 0.0
        span = now - seen[0].at
        if span < (WHOLE_S if is_limited(batch, now) else LEAST_S):
            return 0.0
        sent = seen[0].open - seen[-1].open
        return sent / span if sent >= LEAST_SENT or span >= WHOLE_S else 0.0


class BatchColumn(IntEnum):
    """The columns of the table."""

    NAME = 0
    ADDED = 1
    STATUS = 2


SHARES: Final[dict[int, Share]] = {
    BatchColumn.ADDED: Share(0.16, 110),
    BatchColumn.STATUS: Share(0.45, 420),
}


class BatchModel(KeysetModel):
    """All batches, read page by page; ``follow`` applies events."""

    def __init__(self, source: ApiSource) -> None:
        super().__init__(source, "batch_id")
        self._paces = Paces()
        self._cancelling: AbstractSet[int] = frozenset()
        self._gone: set[int] = set()
        self.figures = (BatchColumn.STATUS,)
        self.titles = {
            BatchColumn.NAME: self.tr("Name"),
            BatchColumn.ADDED: self.tr("Added"),
            BatchColumn.STATUS: self.tr("Status"),
        }

    def load(self) -> None:
        """Read the batches from the beginning, as many as are in memory."""
        wanted = len(self.rows)

        def read(api: Api, after: str | None) -> Page:
            page = api.batches.page(after=after)
            rows, following = page["batches"], page["next"]
            while after is None and following is not None and len(rows) < wanted:
                page = api.batches.page(after=following)
                rows, following = [*rows, *page["batches"]], page["next"]
            return Page(rows, following)

        self.show(read)

    def follow(self, event: BatchesEvent) -> None:
        """Apply an event: replace changed batches, insert new ones at the top."""
        self._reader.note(event)
        self._gone.update(event["gone"])
        if self.is_loaded or self.rows:  # rows stay visible while they are read again
            self._apply(event)

    def _apply(self, event: BatchesEvent) -> None:
        for number in event["gone"]:
            place = self.position_of(number)
            if place is not None:
                self.remove(place)
        for batch in event["rows"]:
            place = self.position_of(batch["batch_id"])
            if batch["batch_id"] in self._gone:
                continue  # a repeated event
            if place is not None:
                if batch["rev"] >= self.rows[place]["rev"]:
                    self._paces.note(batch, time.time())
                    self.put(place, batch)
            elif not self.rows or batch["batch_id"] > self.rows[0]["batch_id"]:
                self.insert(0, [batch])

    def pace_of(self, batch: Batch) -> float:
        """Return how many messages of a batch are sent in a second; 0 if that is unknown."""
        return self._paces.of(batch, time.time())

    def show_cancelling(self, numbers: AbstractSet[int]) -> None:
        """Show that the rest of these batches is about to be cancelled."""
        changed, self._cancelling = numbers ^ self._cancelling, numbers
        for place in map(self.position_of, changed):
            if place is not None:
                self._tell_changed(place, place)

    def refresh_times(self) -> None:
        """Update states that change with time; called by a timer."""
        for place, batch in enumerate(self.rows):
            if batch["state"] == BatchState.RUNNING:
                self._tell_changed(place, place)

    def take_first(self, page: Page) -> None:
        """Show the first page, and apply the events that came meanwhile."""
        super().take_first(page)
        self._catch_up()

    def _start_over(self, page: Page) -> None:
        """Replace the rows without a reset, so the view keeps its scroll position."""
        if not self.rows:
            super()._start_over(page)
            return
        self._next = page.next
        self.replace(0, len(self.rows), page.rows)
        self.shown.emit()

    def _on_next(self, page: Page) -> None:
        super()._on_next(page)
        self._catch_up()

    def _catch_up(self) -> None:
        """Apply the events that came while a page was read."""
        for event in self._reader.meanwhile:
            self._apply(event)

    def count_replaced(self, by: int) -> int:
        """Return how many e-mails of the batches that were read another one has replaced."""
        found = (each for batch in self.rows for each in batch["replaced_by"])
        return sum(each["count"] for each in found if each["batch_id"] == by)

    def find(self, number: int) -> Batch | None:
        """Return the batch of a number, if it was read."""
        place = self.position_of(number)
        return None if place is None else self.row_at(place)

    def name_of(self, number: int) -> str:
        """Return the name of a batch, or its number if it was not read."""
        batch = self.find(number)
        return batch["name"] if batch else str(number)

    # QAbstractItemModel

    def cell(self, position: int, column: int) -> Cell:
        """Return a cell."""
        batch, now = cast("Batch", self.row_at(position)), time.time()
        look = look_of(batch, now, cancelling=batch["batch_id"] in self._cancelling)
        match column:
            case BatchColumn.NAME:
                return Cell(batch["name"], "text", icon=(look.icon, look.token))
            case BatchColumn.ADDED:
                return moment_cell(epoch(batch["created_at"]) or now)
        others, ink = exceptions(batch)
        said = filter(None, (look.word, sent_words(batch), others))
        return Cell(" · ".join(said), ink, is_figure=True)


class BatchTable(StockTable):
    """Shows a :class:`BatchModel`; the current batch stays current when others come."""

    def __init__(self, model: BatchModel) -> None:
        super().__init__(model, "", BatchColumn.NAME, SHARES)
        self._batches = model
        self._number: int | None = None
        self.setAccessibleName(self.tr("Spreadsheets"))
        self.row_chosen.connect(self._on_chosen)
        model.shown.connect(self._on_shown)
        model.rowsInserted.connect(self._on_shown)

    def choose(self, number: int) -> None:
        """Make a batch the current one as soon as it is read."""
        self._number = number
        self._on_shown()

    def _on_shown(self) -> None:
        place = None if self._number is None else self._batches.position_of(self._number)
        is_there = self.currentIndex().row() == (place or 0)
        if self._batches.rowCount() and not is_there:
            self.setCurrentIndex(self._batches.index(place or 0, BatchColumn.NAME))

    def _on_chosen(self) -> None:
        batch = self.current()
        if batch is not None:
            self._number = batch["batch_id"]


class Spreadsheets(WindowPlace):
    """Lists the batches; the card of the current one is its page of the desk, also for a pin.

    ``action_chosen`` carries a verb of :class:`BatchCard` and a batch's number. ``seen`` carries
    the number of the batch whose card is visible.
    """

    action_chosen = Signal(str, int)
    seen = Signal(int)
    rows: BatchTable

    def __init__(self, model: BatchModel, rights: WindowRights, pending: PendingActions) -> None:
        super().__init__()
        model.setParent(self)
        self.model, self._pending = model, pending
        self.setAccessibleName(self.tr("Spreadsheets"))
        self.table = self.rows = BatchTable(model)
        self.empty = EmptyState(self.table)
        self.card = BatchCard(rights)
        name = self.tr("Spreadsheet")
        self.mode = DeskMode(self.card, name, self.card.foot, self.card.begin)
        self.export = IconButton(self.tr("Export these batches…"), "file-down")
        self.stand_under(self.accessibleName(), self.table, self.export)
        pending.changed.connect(self._on_pending_changed)
        self.table.row_chosen.connect(self._show_card)
        self.table.menu_wanted.connect(lambda at: self.card.open_menu(at, self.table.add_copy))
        self.card.action_chosen.connect(self.action_chosen)
        words = self.tr("Cancel the rest of the selected batch, or delete the draft")
        give_key(self.table, QKeySequence.StandardKey.Delete, words, self.take_out, HERE)
        for signal in (model.shown, model.rowsInserted, model.rowsRemoved):
            signal.connect(self._show_card)
        model.dataChanged.connect(self._on_changed)
        model.failed.connect(self.empty.show_failure)
        self.clock = QTimer(self, interval=CLOCK_MS)
        self.clock.timeout.connect(model.refresh_times)
        self.clock.start()
        self._show_card()

    def choose(self, number: int) -> None:
        """Make a batch the current one."""
        self.table.choose(number)

    def take_out(self) -> None:
        """Cancel the rest of the current batch, or delete the draft."""
        for each in self.card.shown.actions:
            if each.verb in {"cancel", "delete"}:
                self.action_chosen.emit(each.verb, each.about)

    def note_seen(self) -> None:
        """Emit ``seen`` if the card is visible."""
        batch = self.table.current()
        if batch is not None and self.card.isVisible():
            self.seen.emit(batch["batch_id"])

    def _show_card(self) -> None:
        if self.model.rowCount():
            self.empty.hide()
        elif self.model.is_loaded:
            self.empty.say(say("none", "batches"))
        batch = self.table.current()
        number = batch["batch_id"] if batch else 0
        started, tries = self._pending.of_batch(number), self._pending.tries_of(number)
        pace = self.model.pace_of(batch) if batch else 0.0
        self.card.show_batch(batch, pace, started, tries)
        self.note_seen()

    def _on_pending_changed(self) -> None:
        started = self._pending.batches().items()
        self.model.show_cancelling({batch for batch, each in started if each.worded_as == "cancel"})
        self._show_card()

    def _on_changed(self, top: QModelIndex, bottom: QModelIndex) -> None:
        if top.row() <= self.table.currentIndex().row() <= bottom.row():
            self._show_card()


class BatchNews(QObject):
    """Notifies of each batch that is done since the window was opened.

    The note is about the last of them. It is removed when the card of its batch is visible, and
    when the batch continues or is deleted.
    """

    def __init__(
        self, window: MainWindow, view: Spreadsheets, notifier: Notifier, live: Live
    ) -> None:
        super().__init__(window)
        self._window = window
        self._view = view
        self._notifier = notifier
        self._since = time.time()
        self._done: set[int] = set()
        self._last: int | None = None
        live.batches_changed.connect(self._on_batches)
        view.seen.connect(self._on_seen)
        window.desk.turned.connect(view.note_seen)

    def _on_batches(self, event: BatchesEvent) -> None:
        for number in event["gone"]:
            self._forget(number)
        for batch in event["rows"]:
            number = batch["batch_id"]
            if batch["state"] != BatchState.DONE:
                self._forget(number)
            elif number not in self._done:
                self._done.add(number)
                if (epoch(batch["finished_at"]) or 0) >= self._since:
                    self._tell(batch)

    def _tell(self, batch: Batch) -> None:
        if self._notifier.tell(self._news_of(batch)):
            self._last = batch["batch_id"]

    def _forget(self, number: int) -> None:
        """Drop a batch that continues or was deleted."""
        self._done.discard(number)
        self._take_back(number)

    def _take_back(self, number: int) -> None:
        if self._last == number:
            self._last = None
            self._notifier.take_back(BATCH)

    def _on_seen(self, number: int) -> None:
        """Drop a batch whose card is visible."""
        if not self._window.dialogs.is_one_open():
            self._take_back(number)

    def _news_of(self, batch: Batch) -> News:
        said = f"{batch['name']}: {progress(batch, time.time())}"
        show = partial(self._show, batch["batch_id"])
        return News(BATCH, said, show, _needing(batch) > 0, lambda: self._view.is_open)

    def _show(self, number: int) -> None:
        """Show the card of a batch."""
        self._view.choose(number)
        self._view.open()


def _needing(batch: Batch) -> int:
    """Count the failed and uncertain messages of a batch that need a person."""
    return batch["to_retry"] + batch["counts"]["uncertain"]
