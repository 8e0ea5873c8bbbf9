"""The height of the detail pane: an empty one leaves its room to the rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QByteArray, QEvent, QObject, QTimer

from desktop.gui.widgets.below_table import RowsFirst

if TYPE_CHECKING:
    from PySide6.QtWidgets import QSplitter

    from desktop.gui.detail.task_detail import DetailPane
    from desktop.gui.look.appearance import ThemeSource
    from desktop.gui.table.task_table import TaskTable


ENOUGH: Final = 8
"""Number of visible rows with which the detail pane keeps its height though it is empty."""
_ANY_HEIGHT: Final = 16_777_215


class DetailRoom(QObject):
    """Shrinks ``pane``, the lower one of ``splitter``, to a line if it is empty and rows need room.

    It also shrinks while the table is empty. The rows have priority (see ``RowsFirst``), and in a
    low window the theme makes bars and rows less high.
    """

    def __init__(
        self, splitter: QSplitter, pane: DetailPane, table: TaskTable, themes: ThemeSource
    ) -> None:
        super().__init__(splitter)
        self._splitter = splitter
        self._pane = pane
        self._table = table
        self._themes = themes
        self._filled = False
        self._height: int | None = None
        splitter.setHandleWidth(1)
        self._rows_first = RowsFirst(splitter, table)
        self._rows_first.offer(pane.enlarge)
        pane.filled.connect(self.set_filled)
        table.task_activated.connect(lambda _: self._rows_first.enlarge())
        self._window = splitter.window()
        self._window.installEventFilter(self)
        self._later = QTimer(self, singleShot=True, interval=0)
        self._later.timeout.connect(self._fit)
        splitter.installEventFilter(self)
        table.empty.installEventFilter(self)
        themes.changed.connect(self._on_theme)

    def set_filled(self, filled: bool) -> None:
        """Set whether the pane shows something, and give it its height or shrink it."""
        self._filled = filled
        self._fit()

    def open(self) -> None:
        """Give the pane its former height."""
        height, self._height = self._height, None
        if height is None:
            return
        self._set(height, most=_ANY_HEIGHT)
        self._rows_first.want(height)
        self._rows_first.fit()
        self._table.scrollTo(self._table.currentIndex())

    def saveState(self) -> QByteArray:  # noqa: N802
        """Return the height the pane has where there is room for it, in sizes of the text."""
        height = self._rows_first.wanted or self._splitter.sizes()[1]
        return QByteArray(b"%f" % (height / self._themes.theme.px(100)))

    def restoreState(self, state: QByteArray | bytes | bytearray | memoryview) -> bool:  # noqa: N802
        """Bring back what ``saveState`` gave, in a window of any height."""
        known = bytes(state.data() if isinstance(state, QByteArray) else state)
        if is_told := known.replace(b".", b"", 1).isdigit():
            height = round(float(known) * self._themes.theme.px(100))
            self._splitter.setSizes([max(sum(self._splitter.sizes()) - height, height), height])
            self._rows_first.want(height)
        return is_told

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the height of the window, and whether the table is empty."""
        if watched is self._window:
            if event.type() == QEvent.Type.Resize:
                self._themes.follow_height(self._window.height())
        elif watched is self._splitter and event.type() == QEvent.Type.Resize:
            self._fit()
        elif event.type() in {QEvent.Type.ShowToParent, QEvent.Type.HideToParent}:
            self._later.start()  # not during the splitter's own layout
        return super().eventFilter(watched, event)

    def _set(self, height: int, *, most: int) -> None:
        self._pane.setMaximumHeight(most)
        self._splitter.setSizes([self._splitter.height() - height, height])

    def _fit(self) -> None:
        rows, pane = self._splitter.sizes()
        if self._filled or not pane:
            self.open()
            return
        above = rows - self._table.viewport().height()
        room = self._splitter.height() - (self._height or pane) - above
        is_choice = self._table.empty.isHidden()
        if is_choice and room >= ENOUGH * self._table.verticalHeader().defaultSectionSize():
            self.open()
        elif self._height is None:
            self._height = self._rows_first.release() or pane
            self._narrow()

    def _narrow(self) -> None:
        self._set(line := self._themes.theme.px(56), most=line)

    def _on_theme(self) -> None:
        """Keep the shrunk pane at the height of a line in the new text size."""
        if self._height is not None:
            self._narrow()
