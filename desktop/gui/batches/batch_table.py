"""The table of batches: one line each, with a bar for how much of it is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, Qt
from PySide6.QtGui import QPainter

from desktop.gui.batches.batch_model import LOOK, SHARE, BatchModel, Column
from desktop.gui.parts.lists.list_table import ListDelegate, ListTable

if TYPE_CHECKING:
    from desktop.contract.batches import Batch
    from desktop.gui.look.appearance import ThemeSource
    from desktop.gui.look.theme import Theme

    Index = QModelIndex | QPersistentModelIndex

WIDTHS: Final = {
    Column.STATE: 120,
    Column.NAME: 200,
    Column.IMPORTED: 100,
    Column.SENT: 200,
    Column.TROUBLE: 170,
}
LEAST: Final = {
    Column.STATE: 104,
    Column.NAME: 96,
    Column.IMPORTED: 70,
    Column.SENT: 190,
    Column.TROUBLE: 120,
}
"""Down to these widths columns give way where room is short."""
NEXT: Final = 190
"""What the last column keeps: *last one* with its day and time."""
BAR: Final = 96
"""Units of the grid a whole bar is wide."""


class BatchTable(ListTable):
    """Shows a :class:`BatchModel`; the batch that is current stays so when others come."""

    def __init__(self, model: BatchModel, themes: ThemeSource) -> None:
        super().__init__(model, "", WIDTHS, themes, LEAST, NEXT)
        self._batches = model
        self._number: int | None = None
        self.setAccessibleName(self.tr("Batches"))
        self.setItemDelegate(BatchDelegate(themes, self))
        self.row_chosen.connect(self._on_chosen)
        model.shown.connect(self._on_shown)
        model.rowsInserted.connect(self._on_shown)

    def current(self) -> Batch | None:
        """Return the current batch."""
        return self._batches.batch(self.currentIndex().row())

    def choose(self, number: int) -> None:
        """Make a batch the current one, as soon as it is read."""
        self._number = number
        self._on_shown()

    def _on_shown(self) -> None:
        place = None if self._number is None else self._batches.position_of(self._number)
        if self._batches.rowCount():
            self.setCurrentIndex(self._batches.index(place or 0, Column.NAME))

    def _on_chosen(self) -> None:
        batch = self.current()
        if batch is not None:
            self._number = batch["batch_id"]


class BatchDelegate(ListDelegate):
    """Paints an icon or a bar before the words of a cell that has one."""

    def paint_cell(self, painter: QPainter, room: QRect, index: Index, theme: Theme) -> None:
        """Paint one cell."""
        look, share = index.data(LOOK), index.data(SHARE)
        if look is not None:
            room = self.mark(painter, room, look.icon, theme.color(look.token))
        if share is not None:
            self._paint_bar(painter, room, share, theme)
            room = room.adjusted(theme.px(BAR + 8), 0, 0, 0)
        super().paint_cell(painter, room, index, theme)

    def _paint_bar(self, painter: QPainter, room: QRect, share: float, theme: Theme) -> None:
        width, height = theme.px(BAR), theme.px(6)
        top = room.center().y() - height / 2 + 1
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        for part, token in ((1.0, "line"), (share, "succeeded" if share >= 1 else "running")):
            painter.setBrush(theme.color(token))
            bar = QRectF(room.left(), top, width * part, height)
            painter.drawRoundedRect(bar, height / 2, height / 2)
