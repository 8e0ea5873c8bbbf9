"""The view *Batches*: the table, and below it the selected batch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from PySide6.QtCore import QRect, QTimer, Signal
from PySide6.QtGui import QKeySequence, QPainter

from desktop.gui.batches.batch_card import BatchCard, SeveralBatches
from desktop.gui.batches.batch_model import BatchColumn, BatchModel
from desktop.gui.batches.batch_words import BatchLook
from desktop.gui.kit.lists.list_delegate import ListDelegate
from desktop.gui.kit.lists.list_table import ManyTable
from desktop.gui.kit.lists.list_view import ListView
from desktop.gui.kit.lists.list_widths import ColumnFit
from desktop.gui.kit.rights import ALL_RIGHTS
from desktop.gui.kit.widgets.buttons import HERE, give_key
from desktop.gui.tasks.acting.pending_actions import PendingActions

if TYPE_CHECKING:
    from PySide6.QtCore import QModelIndex
    from PySide6.QtGui import QHideEvent, QShowEvent

    from desktop.gui.kit.lists.live_rows import Cell
    from desktop.gui.kit.look.theme import Theme
    from desktop.gui.kit.rights import WindowRights


FITS: Final = {
    BatchColumn.STATE: ColumnFit(120, least=100, whole=True),
    BatchColumn.NUMBER: ColumnFit(56, least=56, leaves=2),
    BatchColumn.NAME: ColumnFit(160, least=110),
    BatchColumn.IMPORTED: ColumnFit(100, least=70, whole=True, leaves=1),
    BatchColumn.SENT: ColumnFit(224, least=110, whole=True, leaves=4, late=True),
    BatchColumn.TROUBLE: ColumnFit(200, least=96, whole=True),
    BatchColumn.NEXT: ColumnFit(232, least=90, whole=True, leaves=3, late=True),
}
"""Half a date or number would be wrong, half a state unreadable; the card has the last two.

*Next* fits *last one* with day and time.
"""
BAR: Final = 72
"""The width of a whole bar, in grid units."""
CLOCK_MS: Final = 10_000
"""Milliseconds between two updates of texts such as *in 5 min*."""
SHORTEST: Final = 24
"""The width of the shortest bar, used if the figures need the room."""


class BatchTable(ManyTable):
    """Shows a :class:`BatchModel`; the current batch stays current when others come."""

    def __init__(self, model: BatchModel) -> None:
        super().__init__(model, "", FITS)
        self._batches = model
        self._number: int | None = None
        self.setAccessibleName(self.tr("Batches"))
        self.setItemDelegate(BatchDelegate(self))
        self.row_chosen.connect(self._on_chosen)
        model.shown.connect(self._on_shown)
        model.rowsInserted.connect(self._on_shown)

    def choose(self, number: int) -> None:
        """Make a batch the current one as soon as it is read."""
        self._number = number
        self._on_shown()

    def _on_shown(self) -> None:
        place = None if self._number is None else self._batches.position_of(self._number)
        is_there = self.currentIndex().row() == (place or 0)  # others may be selected with it
        if self._batches.rowCount() and not is_there:
            self.setCurrentIndex(self._batches.index(place or 0, BatchColumn.NAME))

    def _on_chosen(self) -> None:
        batch = self.current()
        if batch is not None:
            self._number = batch["batch_id"]


class BatchDelegate(ListDelegate):
    """Paints a cell's icon or bar before its text, and coloured parts.

    All bars have the same length, the room left by the longest text, so they can be compared.
    """

    def paint_cell(self, painter: QPainter, room: QRect, cell: Cell, theme: Theme) -> None:
        """Paint one cell."""
        match cell.mark:
            case BatchLook(icon=icon, token=token):
                room = self.mark(painter, room, icon, theme.color(token))
            case float(share):
                to_spare = cast("BatchTable", self.parent()).to_spare(BatchColumn.SENT)
                width = min(theme.px(BAR), theme.px(SHORTEST) + to_spare)
                token = "succeeded" if share >= 1 else "running"
                room = self.bar(painter, room, share, width, token)
            case [*parts]:
                for words, ink in parts:
                    written = self.write(painter, room, words, theme.ink(ink))
                    room = room.adjusted(written, 0, 0, 0)
                return
        super().paint_cell(painter, room, cell, theme)

    def content_width(self, cell: Cell, theme: Theme) -> int:
        """Return the width of the icon or shortest bar, and the text."""
        px = theme.px
        before = {BatchLook: px(16 + 8), float: px(SHORTEST) + px(8)}.get(type(cell.mark), 0)
        return before + super().content_width(cell, theme)


class BatchView(ListView):
    """``action_chosen`` carries a verb of :class:`BatchCard` and a batch's number.

    ``several_chosen`` carries a verb and several numbers, ``seen`` the number of the batch whose
    card is visible.
    """

    action_chosen = Signal(str, int)
    several_chosen = Signal(str, list)
    seen = Signal(int)
    model: BatchModel
    table: BatchTable
    card: BatchCard
    several: SeveralBatches

    def __init__(
        self,
        model: BatchModel,
        rights: WindowRights = ALL_RIGHTS,
        pending: PendingActions | None = None,
    ) -> None:
        super().__init__(model, BatchTable(model), BatchCard(rights), SeveralBatches(rights))
        self._pending = pending or PendingActions(self)
        self._pending.changed.connect(self._on_pending_changed)
        self._rights = rights
        self.table.row_chosen.connect(self._show_card)
        self.table.chosen_changed.connect(self._show_card)
        self.table.row_activated.connect(self._on_activated)
        self.card.action_chosen.connect(self.action_chosen)
        self.several.action_chosen.connect(self.several_chosen)
        words = self.tr("Cancel the rest of the selected batches, or delete drafts")
        give_key(self.table, QKeySequence.StandardKey.Delete, words, self._take_out, HERE)
        for signal in (model.shown, model.rowsInserted, model.rowsRemoved):
            signal.connect(self._show_card)
        model.dataChanged.connect(self._on_changed)
        self.clock = QTimer(self, interval=CLOCK_MS)
        self.clock.timeout.connect(model.refresh_times)
        self._show_card()

    def showEvent(self, event: QShowEvent) -> None:
        """Update times while the view is visible."""
        super().showEvent(event)
        self.model.refresh_times()
        self.clock.start()
        self._show_card()

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop updating times."""
        super().hideEvent(event)
        self.clock.stop()

    def choose(self, number: int) -> None:
        """Make a batch the current one."""
        self.table.choose(number)

    def _show_card(self) -> None:
        there = self.model.rowCount() > 0
        self.show_card(there=there)
        if not there and self.model.is_loaded:
            none = self.tr("No batches yet. Drop a spreadsheet here, or press Import…")
            self.empty.say(none if self._rights.may_change else self.tr("No batches yet."))
        if several := self.several_rows():
            self.several.show_batches(several, self._pending.batches())
            return
        batch = self.table.current()
        number = batch["batch_id"] if batch else 0
        started, tries = self._pending.of_batch(number), self._pending.tries_of(number)
        pace = self.model.pace_of(batch) if batch else 0.0
        self.card.show_batch(batch, pace, started, tries)
        if batch and self.isVisible():
            self.seen.emit(number)

    def _take_out(self) -> None:
        buttons = self.row.buttons
        offered = [buttons[verb] for verb in ("cancel", "delete") if verb in buttons]
        for button in offered[:1]:
            button.click()

    def _on_pending_changed(self) -> None:
        started = self._pending.batches().items()
        self.model.show_cancelling({batch for batch, each in started if each.said == "cancel"})
        self._show_card()

    def _on_changed(self, top: QModelIndex, bottom: QModelIndex) -> None:
        current = self.table.currentIndex().row()
        if any(top.row() <= row <= bottom.row() for row in (current, *self.table.chosen())):
            self._show_card()

    def _on_activated(self, row: int) -> None:
        batch = self.model.row_at(row)
        if batch is not None:
            verb = "open" if batch["state"] == "draft" else "rows"
            if self._rights.allows(verb):
                self.action_chosen.emit(verb, batch["batch_id"])
