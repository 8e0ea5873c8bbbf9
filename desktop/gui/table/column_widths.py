"""Measures the widths that the columns of the task table need.

Widths are measured in the table's own font over the rows on screen. While the program runs they
only grow, in steps, so columns stand still while rows change. A width that the person chose
stays.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication

from desktop.gui.tasks.columns import COLUMNS, PROGRESS, STATE

if TYPE_CHECKING:
    from desktop.gui.table.table_header import TableHeader
    from desktop.gui.table.task_delegate import TaskDelegate
    from desktop.gui.tasks.task_model import TaskModel


SETTLE_MS: Final = 500
"""Milliseconds between two measurements of rows that keep changing."""
MOST: Final = 2.0
"""Largest width of a column, as a multiple of its usual one, unless the person widens it."""
_KEPT_TEXTS: Final = 4096


class ColumnWidths(QObject):
    """Sets the header's widths and measures again when the model reports changed rows."""

    def __init__(self, model: TaskModel, header: TableHeader, delegate: TaskDelegate) -> None:
        super().__init__(header)
        self._model = model
        self._header = header
        self._delegate = delegate
        self._needed: dict[int, int] = {}
        self._measured: set[tuple[int, str]] = set()
        self._timer = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._timer.timeout.connect(self.measure)
        model.shown.connect(self.measure)
        model.rows_read.connect(self.measure_soon)
        model.dataChanged.connect(self.measure_soon)

    def forget(self) -> None:
        """Forget all measurements and start again: the font or the sizes changed."""
        self._needed = {STATE: self._in_steps(self._delegate.widest_state())}
        self._measured.clear()
        self._header.set_widths(self._usual(), self._least())
        self.measure()

    def measure_soon(self) -> None:
        """Measure within ``SETTLE_MS``: other rows may be on screen."""
        if not self._timer.isActive():
            self._timer.start()

    def measure(self) -> None:
        """Widen the columns whose visible cells need more room."""
        if QGuiApplication.mouseButtons() != Qt.MouseButton.NoButton:
            self.measure_soon()  # not while the person may be dragging an edge
            return
        before = dict(self._needed)
        if len(self._measured) > _KEPT_TEXTS:
            self._measured.clear()
        for row in self._model.rows_between(*self._model.window):
            for number, text in enumerate(self._model.cells(row)):
                # The same progress text needs more room in rows with a bar: measure it each time.
                if number == PROGRESS or (number, text) not in self._measured:
                    self._measured.add((number, text))
                    needed = self._delegate.width_needed(number, row, text)
                    if needed > self._needed.get(number, 0):
                        self._needed[number] = self._in_steps(needed)
        if self._needed != before:
            self._header.set_widths(self._wanted(), self._least())

    def _in_steps(self, width: int) -> int:
        step = 2 * self._digit
        return -(-width // step) * step

    @property
    def _digit(self) -> int:
        return max(1, self._header.fontMetrics().horizontalAdvance("0"))

    def _usual(self) -> list[int]:
        """Return the widths used before any row was measured."""
        return [
            max(round(self._digit * column.width), self._header.title_width(number))
            for number, column in enumerate(COLUMNS)
        ]

    def _wanted(self) -> list[int]:
        return [
            max(min(self._needed.get(number, 0), round(usual * MOST)), least)
            for number, (usual, least) in enumerate(zip(self._usual(), self._least(), strict=True))
        ]

    def _least(self) -> list[int]:
        least = [
            max(round(self._digit * column.width * column.keeps), self._header.title_width(number))
            for number, column in enumerate(COLUMNS)
        ]
        least[PROGRESS] = max(least[PROGRESS], self._delegate.brush.least_progress)
        return least
