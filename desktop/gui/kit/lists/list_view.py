"""A view of rows: the table, and below it the card of the current row, or of several."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLabel, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from desktop.gui.kit.lists.empty_state import EmptyState
from desktop.gui.kit.look.follow import px
from desktop.gui.kit.widgets.card import ROOM, Card, RowsFirst, Scrolled

if TYPE_CHECKING:
    from PySide6.QtGui import QShowEvent

    from desktop.gui.kit.lists.list_table import ManyTable
    from desktop.gui.kit.lists.live_rows import LiveRows
    from desktop.gui.kit.widgets.action_row import ActionRow


class SeveralRows(Card):
    """Takes the place of the card while several rows are selected: what they are, and buttons."""

    def __init__(self, row: ActionRow) -> None:
        super().__init__()
        self.title = QLabel()
        self.title.setProperty("role", "title")
        self.row = row
        self.top.addWidget(self.title)
        self.top.addLayout(row, 1)


class ListView(QWidget):
    """A table over the scrollable card of its current row; ``several`` replaces it for more rows.

    The card has the height ``ROOM`` at first, but at most a third of the window's. ``empty`` says
    why there are no rows.
    """

    def __init__(self, model: LiveRows, table: ManyTable, card: Any, several: Any) -> None:
        super().__init__()
        model.setParent(self)
        self.model: Any = model
        self.table: Any = table
        self.card, self.several = card, several
        self.empty = EmptyState(table)
        self._height: int | None = px(ROOM)
        self._both = QSplitter(Qt.Orientation.Vertical, childrenCollapsible=False)
        self._below = QStackedWidget()
        for each in (card, several):
            self._below.addWidget(Scrolled(each))
        self._both.addWidget(table)
        self._both.addWidget(self._below)
        self._both.setStretchFactor(0, 1)
        self._both.setHandleWidth(1)
        self._both.handle(1).setAccessibleName(self.tr("Height of the details"))
        self._rows_first = RowsFirst(self._both, table)
        for each in (card, several):
            self._rows_first.offer(each.enlarge)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self._both, 1)
        self.setFocusProxy(table)
        table.menu_wanted.connect(self._on_menu_wanted)
        self.model.failed.connect(self._on_failed)

    def showEvent(self, event: QShowEvent) -> None:
        """Give the card its height when the view is first shown."""
        if self._height is not None:
            whole = self.window().height()
            height, self._height = min(self._height, whole // 3), None
            self._both.setSizes([whole - height, height])
            self._rows_first.fit()
        super().showEvent(event)

    @property
    def row(self) -> ActionRow:
        """The buttons for the selection."""
        shown = self.several if self._below.currentIndex() else self.card
        row: ActionRow = shown.row
        return row

    def show_card(self, *, there: bool) -> None:
        """Show the card, or hide it if the table has no row."""
        self._below.setVisible(there)
        if there:
            self.empty.hide()

    def show_several(self, *, are_chosen: bool) -> None:
        """Show the pane for several selected rows, or the card."""
        self._below.setCurrentIndex(1 if are_chosen else 0)

    def several_rows(self) -> list[Any]:
        """Return the selected rows and show their pane, or the card if there is at most one."""
        places = self.table.chosen()
        found = [row for each in places if (row := self.model.row_at(each)) is not None]
        self.show_several(are_chosen=len(found) > 1)
        return found if len(found) > 1 else []

    def put_below(self, line: QWidget) -> None:
        """Add a line below the table and the card."""
        self._column.addWidget(line)

    def _on_menu_wanted(self, at: QPoint) -> None:
        self.row.open_menu(at, self.table.add_copy)

    def _on_failed(self, sentence: str) -> None:
        """Say that the rows could not be read; the model tries again by itself."""
        if sentence and not self.model.rows:
            self.empty.show_failure(sentence)
