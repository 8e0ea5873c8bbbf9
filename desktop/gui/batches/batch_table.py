"""The table of batches: one line each, with a bar for how much of it is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from desktop.gui.batches.batch_model import SHARE, BatchModel, Column
from desktop.gui.parts.keys import HERE, give_key

if TYPE_CHECKING:
    from desktop.contract.batches import Batch
    from desktop.gui.look.appearance import ThemeSource
    from desktop.gui.look.theme import Theme

    Index = QModelIndex | QPersistentModelIndex

WIDTHS = {
    Column.STATE: 120,
    Column.NAME: 210,
    Column.IMPORTED: 110,
    Column.SENT: 220,
    Column.TROUBLE: 190,
}
BAR = 96
"""Units of the grid a whole bar is wide."""


class ShareDelegate(QStyledItemDelegate):
    """Paints a bar before the words of a cell that has a share."""

    def __init__(self, themes: ThemeSource, table: QTableView) -> None:
        super().__init__(table)
        self._themes = themes

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint the ground, the bar, then the words."""
        share = index.data(SHARE)
        if share is None:
            super().paint(painter, option, index)
            return
        theme = self._themes.theme
        width, height = theme.px(BAR), theme.px(6)
        words = QStyleOptionViewItem(option)
        left = option.rect.left() + theme.px(12)
        top = option.rect.center().y() - height / 2 + 1
        words.rect = option.rect.adjusted(width + theme.px(8), 0, 0, 0)
        painter.save()
        if option.state & option.state.State_Selected:
            painter.fillRect(option.rect, theme.color("selection"))
        super().paint(painter, words, index)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        for part, token in ((1.0, "line"), (share, "succeeded" if share >= 1 else "running")):
            painter.setBrush(theme.color(token))
            painter.drawRoundedRect(QRectF(left, top, width * part, height), height / 2, height / 2)
        painter.restore()


class BatchTable(QTableView):
    """Shows a :class:`BatchModel`.

    ``chosen`` says that another batch is the current one, ``activated_batch`` carries the number of
    the one whose rows are wanted.
    """

    chosen = Signal()
    activated_batch = Signal(int)

    def __init__(self, model: BatchModel, themes: ThemeSource) -> None:
        super().__init__()
        self._batches = model
        self._number: int | None = None
        self.setModel(model)
        self.setItemDelegate(ShareDelegate(themes, self))
        self.setAccessibleName(self.tr("Batches"))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        header = self.horizontalHeader()
        header.setStretchLastSection(True)
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.selectionModel().currentRowChanged.connect(self._on_current)
        self.doubleClicked.connect(lambda _: self._activate())
        give_key(
            self, ("Return", "Enter"), self.tr("Show the rows of the batch"), self._activate, HERE
        )
        model.shown.connect(self._on_shown)
        model.rowsInserted.connect(self._on_shown)
        themes.changed.connect(self.dress)
        self.dress(themes.theme)

    def current(self) -> Batch | None:
        """Return the current batch."""
        return self._batches.batch(self.currentIndex().row())

    def choose(self, number: int) -> None:
        """Make a batch the current one, as soon as it is read."""
        self._number = number
        self._on_shown()

    def dress(self, theme: Theme) -> None:
        """Take the sizes and colours of a theme."""
        px = theme.px
        self.verticalHeader().setDefaultSectionSize(px(32))
        header = self.horizontalHeader()
        header.setStyleSheet(
            f"QHeaderView::section {{ background: {theme.color('background').name()};"
            f" color: {theme.ink('soft text').name()}; border: none; padding: {px(4)}px {px(12)}px;"
            f" border-bottom: 1px solid {theme.color('line').name()}; }}"
        )
        header.setFixedHeight(px(30))
        for column, width in WIDTHS.items():
            header.resizeSection(column, px(width))

    def _activate(self) -> None:
        batch = self.current()
        if batch is not None:
            self.activated_batch.emit(batch["batch_id"])

    def _on_shown(self) -> None:
        place = None if self._number is None else self._batches.position_of(self._number)
        if self._batches.rowCount():
            self.setCurrentIndex(self._batches.index(place or 0, Column.NAME))

    def _on_current(self, now: QModelIndex, _before: QModelIndex) -> None:
        batch = self._batches.batch(now.row())
        if batch is not None:
            self._number = batch["batch_id"]
        self.chosen.emit()
