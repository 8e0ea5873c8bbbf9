"""Keeps the same rows in place on screen while the list changes above them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from PySide6.QtCore import QModelIndex
    from PySide6.QtWidgets import QTableView

    from desktop.gui.tasks.task_model import TaskModel


class ReadingPlace(QObject):
    """Scrolls ``view`` along with its list, and tells the model which rows are on screen.

    ``followed`` is emitted when other rows may be on screen. Create it after the view has its
    model.
    """

    followed = Signal()

    def __init__(self, model: TaskModel, view: QTableView) -> None:
        super().__init__(view)
        self._model = model
        self._view = view
        self._anchor: int | None = None
        model.rowsInserted.connect(self._on_inserted)
        model.rowsRemoved.connect(self._on_removed)
        model.shown.connect(self._on_shown)
        model.reordered.connect(self._on_reordered)
        view.verticalScrollBar().valueChanged.connect(self.follow)

    @property
    def on_screen(self) -> tuple[int, int]:
        """The first and the last position on screen; the list may have fewer rows."""
        top, height = self._view.verticalScrollBar().value(), self._row_height
        return top // height, (top + self._view.viewport().height()) // height

    def follow(self) -> None:
        """Tell the model which rows are on screen, and remember the top row."""
        first, last = self.on_screen
        self._model.watch(first, last)
        rows = self._model.rows_between(first, first)
        self._anchor = rows[0].id if rows else None
        self.followed.emit()

    @property
    def _row_height(self) -> int:
        return self._view.verticalHeader().defaultSectionSize()

    def _on_inserted(self, _: QModelIndex, first: int, last: int) -> None:
        bar = self._view.verticalScrollBar()
        if bar.value() > 0 and first * self._row_height <= bar.value():
            self._shift(last - first + 1)
        else:
            self.follow()

    def _on_removed(self, _: QModelIndex, first: int, last: int) -> None:
        if (last + 1) * self._row_height <= self._view.verticalScrollBar().value():
            self._shift(first - last - 1)
        else:
            self.follow()

    def _shift(self, rows: int) -> None:
        """Scroll by the rows that were inserted above, or removed if ``rows`` is negative.

        All rows are painted again: Qt would move the picture of the old rows first.
        """
        bar = self._view.verticalScrollBar()
        if bar.isSliderDown():
            return
        self._view.viewport().update()
        pixels = rows * self._row_height
        bar.setMaximum(bar.maximum() + pixels)
        bar.setValue(bar.value() + pixels)

    def _on_shown(self) -> None:
        self._view.scrollToTop()
        self.follow()

    def _on_reordered(self) -> None:
        """Scroll the former top row back to the top, if it is still in the list."""
        bar = self._view.verticalScrollBar()
        at = None if self._anchor is None else self._model.position_of(self._anchor)
        if at is not None and bar.value() > 0:
            self._shift(at - bar.value() // self._row_height)
        self.follow()
