"""A table of rows that belong together: how it looks, and the keys it hears."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import (
    QCoreApplication,
    QItemSelectionModel,
    QModelIndex,
    QPoint,
    Qt,
    Signal,
)
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from desktop.gui.look import icons
from desktop.gui.look.theme import tabular
from desktop.gui.widgets.keys import HERE, give_key
from desktop.gui.widgets.lists.list_delegate import ListDelegate
from desktop.gui.widgets.lists.list_widths import PAD, ListWidths, rows_in_sight
from desktop.gui.widgets.surfaces import give_viewport
from desktop.gui.words.ages import whole_moment
from desktop.gui.words.clipboard import copied

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from PySide6.QtCore import QPersistentModelIndex
    from PySide6.QtGui import QKeyEvent
    from PySide6.QtWidgets import QMenu

    from desktop.gui.look.appearance import ThemeSource
    from desktop.gui.look.theme import Theme
    from desktop.gui.widgets.lists.live_rows import LiveRows

LAST: Final = 90
"""Units of the grid that the last column has at least."""
_ENTER: Final = {Qt.Key.Key_Return, Qt.Key.Key_Enter}


def show_rows(table: QTableView) -> None:
    """Have a table show whole rows, as quiet lines without a grid."""
    give_viewport(table)
    table.setFont(tabular(table.font()))
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    table.setShowGrid(False)
    table.setTabKeyNavigation(False)
    table.setFrameShape(QTableView.Shape.NoFrame)
    table.setWordWrap(False)
    table.verticalHeader().hide()
    table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    end = QWidget()  # the header goes on above the scroll bar
    end.setProperty("area", "header")
    end.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    table.addScrollBarWidget(end, Qt.AlignmentFlag.AlignTop)


def fit_rows(table: QTableView, theme: Theme) -> None:
    """Give the rows of a table the height that a theme and its font need; one is in sight."""
    head = theme.height(30, low=24)
    height = max(head, table.fontMetrics().height() + theme.height(8, low=4))
    table.setMinimumHeight(head + height)
    table.verticalHeader().setMinimumSectionSize(height)
    table.verticalHeader().setDefaultSectionSize(height)
    table.verticalScrollBar().setSingleStep(height)
    for end in table.scrollBarWidgets(Qt.AlignmentFlag.AlignTop):
        end.setFixedHeight(head)


class RowTable(QTableView):
    """What the program chooses takes the place of what was chosen, whichever keys are held.

    Qt looks at the keyboard there, too: a batch that came by Ctrl+Enter was chosen beside the one
    before, and both were acted upon.
    """

    def selectRow(self, row: int) -> None:  # noqa: N802 - its name
        """Choose a row alone."""
        super().selectRow(row)
        self._choose_alone()

    def setCurrentIndex(self, index: QModelIndex | QPersistentModelIndex) -> None:  # noqa: N802
        """Choose the row of a cell alone."""
        super().setCurrentIndex(index)
        self._choose_alone()

    def _choose_alone(self) -> None:
        held = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
        if QGuiApplication.keyboardModifiers() & held:
            flag = QItemSelectionModel.SelectionFlag
            self.selectionModel().select(self.currentIndex(), flag.ClearAndSelect | flag.Rows)


class ListTable(RowTable):
    """One row is chosen at a time.

    ``activated_row`` carries the one that Enter or a double click is for; ``row_chosen`` says that
    another one is the current row; ``menu_wanted`` carries where on the screen the menu of the
    current row is to open.
    """

    activated_row = Signal(int)
    row_chosen = Signal()
    menu_wanted = Signal(QPoint)

    def __init__(
        self,
        model: LiveRows,
        name: str,
        widths: Mapping[Any, int],
        themes: ThemeSource,
        least: Mapping[Any, int] | None = None,
        last: int = LAST,
        fitted: Collection[Any] = (),
        leaves: Sequence[Any] = (),
        last_to_leave: Sequence[Any] = (),
    ) -> None:
        """``widths`` are those of the columns, in units of the grid; the last one has the rest.

        Where room is short, those in ``least`` give way down to these widths; ``last`` is what
        the last one keeps. Columns that are ``fitted`` grow with the words in sight. Those in
        ``leaves`` leave the table, one after the other, before it is wider than its room; those in
        ``last_to_leave`` only where words are cut, too.
        """
        super().__init__()
        show_rows(self)
        self.viewport().setMouseTracking(True)
        self._rows = model
        self._themes = themes
        self.setModel(model)
        self.setAccessibleName(name)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        header = self.horizontalHeader()
        header.setAccessibleName(QCoreApplication.translate("lists", "Columns"))
        header.setStretchLastSection(True)
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.selectionModel().currentRowChanged.connect(self._on_current)
        self.doubleClicked.connect(lambda index: self.activated_row.emit(index.row()))
        self.widths = ListWidths(
            *(self, widths, least or {}, last, fitted, self.width_needed, leaves, last_to_leave)
        )
        words = QCoreApplication.translate("lists", "Copy the selected rows")
        give_key(self, QKeySequence.StandardKey.Copy, words, self.copy_rows, HERE)
        themes.changed.connect(self.dress)
        self.dress(themes.theme)

    def copy_rows(self) -> None:
        """Copy what is chosen as a table and as text: all its columns, and whole times."""
        titles = self._rows.titles
        cells = [[self._rows.cell(row, each) for each in titles] for row in self.rows_to_copy()]
        words = [
            [each.words if each.moment is None else whole_moment(each.moment) for each in row]
            for row in cells
        ]
        if words:
            QGuiApplication.clipboard().setMimeData(copied(list(titles.values()), words))

    def add_copy(self, menu: QMenu) -> None:
        """Offer in the menu of a row what the key does."""
        theme = self._themes.theme
        menu.addSeparator()
        entry = menu.addAction(QCoreApplication.translate("menu", "Copy as text"), self.copy_rows)
        entry.setIcon(icons.qicon("copy", theme.color("soft text"), theme))
        entry.setShortcut(QKeySequence.StandardKey.Copy)

    def rows_to_copy(self) -> list[int]:
        """Return the current row, if there is one."""
        row = self.currentIndex().row()
        return [row] if 0 <= row < self._rows.rowCount() else []

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens a cell that can be typed in, else it is for the current row."""
        if event.key() in _ENTER and (current := self.currentIndex()).isValid():
            if not self.edit(current, self.EditTrigger.EditKeyPressed, event):
                self.activated_row.emit(current.row())
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Want the menu of the row under the pointer, or of the current row below it."""
        at, row = event.globalPos(), self.indexAt(event.pos())
        if event.reason() is QContextMenuEvent.Reason.Keyboard:
            row = self.currentIndex()
            self.scrollTo(row)
            at = self.viewport().mapToGlobal(self.visualRect(row).bottomLeft())
        if row.isValid():
            self.choose_for_menu(row)
            self.menu_wanted.emit(at)

    def choose_for_menu(self, row: QModelIndex) -> None:
        """Choose the row that a menu is wanted for."""
        self.selectRow(row.row())

    def mouseMoveEvent(self, event: Any) -> None:
        """Light up the row under the pointer."""
        super().mouseMoveEvent(event)
        self._hover(self.rowAt(event.position().toPoint().y()))

    def leaveEvent(self, event: Any) -> None:
        """Light up none."""
        super().leaveEvent(event)
        self._hover(-1)

    def focusInEvent(self, event: Any) -> None:
        """Give the keyboard a row to begin at, and show where it is."""
        super().focusInEvent(event)
        if not self.currentIndex().isValid() and self.model().rowCount():
            self.selectRow(rows_in_sight(self)[0])
        self.viewport().update()

    def focusOutEvent(self, event: Any) -> None:
        """Show that the keyboard is elsewhere."""
        super().focusOutEvent(event)
        self.viewport().update()

    def dress(self, theme: Theme) -> None:
        """Take the sizes and colours of a theme."""
        px = theme.px
        fit_rows(self, theme)
        header = self.horizontalHeader()
        header.setStyleSheet(
            f"QHeaderView::section {{ background: {theme.color('background').name()};"
            f" color: {theme.ink('soft text').name()}; border: none;"
            f" padding: {theme.height(4, low=1)}px {px(PAD)}px; font-weight: 500;"
            f" border-bottom: 1px solid {theme.color('line').name()}; }}"
        )
        header.setFixedHeight(theme.height(30, low=24))
        self.widths.dress(theme)
        self.viewport().update()

    def resizeEvent(self, event: Any) -> None:
        """Have columns give way to those that must be seen, and to rows that come into sight."""
        super().resizeEvent(event)
        self.widths.share_out(self._themes.theme)
        self.widths.measure_soon()

    def to_spare(self, column: int) -> int:
        """Return how much wider a column is than what is in sight there needs."""
        return max(0, self.columnWidth(column) - self.widths.needed(column))

    def width_needed(self, row: int, column: int) -> int:
        """Return the width in which a cell is not cut, in logical pixels."""
        delegate = self.itemDelegate()
        if not isinstance(delegate, ListDelegate):
            return 0
        return delegate.width_needed(self._rows.cell(row, column), self.font())

    def _hover(self, row: int) -> None:
        delegate = self.itemDelegate()
        if isinstance(delegate, ListDelegate) and row != delegate.hovered:
            delegate.hovered = row
            self.viewport().update()

    def _on_current(self, _now: QModelIndex, _before: QModelIndex) -> None:
        self.row_chosen.emit()
