"""Tables that select whole rows: their look, their keys, their signals."""

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
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QHeaderView, QTableView, QWidget

from desktop.gui.kit.lists.list_delegate import PAD, ListDelegate, ListWidths, rows_in_sight
from desktop.gui.kit.look import icons
from desktop.gui.kit.look.follow import sized
from desktop.gui.kit.look.theme import tabular
from desktop.gui.kit.widgets.buttons import HERE, Link, give_key
from desktop.gui.kit.widgets.surfaces import give_viewport
from desktop.gui.kit.widgets.texts import ElidedLabel
from desktop.gui.kit.words.ages import whole_moment
from desktop.gui.kit.words.clipboard import copied

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from PySide6.QtCore import QModelIndex, QPersistentModelIndex
    from PySide6.QtGui import QKeyEvent
    from PySide6.QtWidgets import QMenu

    from desktop.gui.kit.lists.live_rows import LiveRows
    from desktop.gui.kit.look.appearance import ThemeSource
    from desktop.gui.kit.look.theme import Theme


LAST: Final = 90
"""Minimum width of the last column, in units of the grid."""
_ENTER: Final = {Qt.Key.Key_Return, Qt.Key.Key_Enter}


def show_rows(table: QTableView) -> None:
    """Let a table show and select whole rows, without a grid."""
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
    end = QWidget()  # continues the header above the scroll bar
    end.setProperty("area", "header")
    end.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    table.addScrollBarWidget(end, Qt.AlignmentFlag.AlignTop)


def fit_rows(table: QTableView, theme: Theme) -> None:
    """Set the row height that the theme and the font need; at least one row stays visible."""
    head = theme.height(30, low=24)
    height = max(head, table.fontMetrics().height() + theme.height(8, low=4))
    table.setMinimumHeight(head + height)
    table.verticalHeader().setMinimumSectionSize(height)
    table.verticalHeader().setDefaultSectionSize(height)
    table.verticalScrollBar().setSingleStep(height)
    for end in table.scrollBarWidgets(Qt.AlignmentFlag.AlignTop):
        end.setFixedHeight(head)


class RowTable(QTableView):
    """A table in which a selection by the program replaces the old one, even if a key is held.

    Qt takes held modifiers into account there, too: a batch added by Ctrl+Enter would be selected
    in addition to the one before, and both would be acted upon.
    """

    def selectRow(self, row: int) -> None:  # noqa: N802 - its name
        """Select a single row."""
        super().selectRow(row)
        self._choose_alone()

    def setCurrentIndex(self, index: QModelIndex | QPersistentModelIndex) -> None:  # noqa: N802
        """Select the row of a cell, and no other."""
        super().setCurrentIndex(index)
        self._choose_alone()

    def _choose_alone(self) -> None:
        held = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
        if QGuiApplication.keyboardModifiers() & held:
            flag = QItemSelectionModel.SelectionFlag
            self.selectionModel().select(self.currentIndex(), flag.ClearAndSelect | flag.Rows)


class ListTable(RowTable):
    """A table in which one row is selected at a time.

    ``row_activated`` carries the row of Enter or a double click. ``row_chosen`` is emitted when
    another row becomes the current one. ``menu_wanted`` carries the place on the screen for the
    menu of the current row.
    """

    row_activated = Signal(int)
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
        """``widths`` are those of the columns, in units of the grid; the last one takes the rest.

        If room is short, columns in ``least`` shrink to these widths; the last one keeps ``last``.
        Columns in ``fitted`` grow with the visible words. Columns in ``leaves`` are hidden, one
        after the other, before the table is wider than its room; those in ``last_to_leave`` only if
        words would be cut, too.
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
        self.doubleClicked.connect(lambda index: self.row_activated.emit(index.row()))
        self.widths = ListWidths(
            *(self, widths, least or {}, last, fitted, self.width_needed, leaves, last_to_leave)
        )
        words = QCoreApplication.translate("lists", "Copy the selected rows")
        give_key(self, QKeySequence.StandardKey.Copy, words, self.copy_rows, HERE)
        themes.changed.connect(self.dress)
        self.dress(themes.theme)

    def copy_rows(self) -> None:
        """Copy the selected rows as a table and as text, with all columns and full times."""
        titles = self._rows.titles
        cells = [[self._rows.cell(row, each) for each in titles] for row in self.rows_to_copy()]
        words = [
            [each.words if each.moment is None else whole_moment(each.moment) for each in row]
            for row in cells
        ]
        if words:
            QGuiApplication.clipboard().setMimeData(copied(list(titles.values()), words))

    def add_copy(self, menu: QMenu) -> None:
        """Add *Copy as text* with its shortcut to the menu of a row."""
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
        """Let Enter edit an editable cell, or else activate the current row."""
        if event.key() in _ENTER and (current := self.currentIndex()).isValid():
            if not self.edit(current, self.EditTrigger.EditKeyPressed, event):
                self.row_activated.emit(current.row())
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for the menu of the row under the pointer, or by keyboard of the current row."""
        at, row = event.globalPos(), self.indexAt(event.pos())
        if event.reason() is QContextMenuEvent.Reason.Keyboard:
            row = self.currentIndex()
            self.scrollTo(row)
            at = self.viewport().mapToGlobal(self.visualRect(row).bottomLeft())
        if row.isValid():
            self.choose_for_menu(row)
            self.menu_wanted.emit(at)

    def choose_for_menu(self, row: QModelIndex) -> None:
        """Select the row for which a menu opens."""
        self.selectRow(row.row())

    def mouseMoveEvent(self, event: Any) -> None:
        """Highlight the row under the pointer."""
        super().mouseMoveEvent(event)
        self._hover(self.rowAt(event.position().toPoint().y()))

    def leaveEvent(self, event: Any) -> None:
        """Highlight no row."""
        super().leaveEvent(event)
        self._hover(-1)

    def focusInEvent(self, event: Any) -> None:
        """Select the first visible row if there is no current one, and show the focus."""
        super().focusInEvent(event)
        if not self.currentIndex().isValid() and self.model().rowCount():
            self.selectRow(rows_in_sight(self)[0])
        self.viewport().update()

    def focusOutEvent(self, event: Any) -> None:
        """Show that the focus is elsewhere."""
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
        """Share the new width among the columns, and measure rows that came into sight."""
        super().resizeEvent(event)
        self.widths.share_out(self._themes.theme)
        self.widths.measure_soon()

    def to_spare(self, column: int) -> int:
        """Return by how much a column is wider than its visible words need."""
        return max(0, self.columnWidth(column) - self.widths.needed(column))

    def width_needed(self, row: int, column: int) -> int:
        """Return the width, in logical pixels, at which a cell is not cut."""
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


class ManyTable(ListTable):
    """Shift and Ctrl select more rows, Ctrl+A all of them, and Escape only the current one.

    A table that is not empty always has a selected row. ``chosen_changed`` is emitted when the
    selection may have changed.
    """

    chosen_changed = Signal()

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.selectionModel().selectionChanged.connect(self.chosen_changed)
        self.model().rowsRemoved.connect(self._on_removed)

    def chosen(self) -> list[int]:
        """Return the selected rows from top to bottom."""
        selection = self.selectionModel().selection()
        ranges = (selection.at(number) for number in range(selection.count()))
        return sorted({row for each in ranges for row in range(each.top(), each.bottom() + 1)})

    def give_up_selection(self) -> bool:
        """On Escape, select only the current row; return whether that changed the selection."""
        gives_up = self.hasFocus() and len(self.chosen()) > 1
        if gives_up:
            self._choose_current()
        return gives_up

    def rows_to_copy(self) -> list[int]:
        """Return the selected rows."""
        return self.chosen()

    def choose_for_menu(self, row: QModelIndex) -> None:
        """Select the row for which a menu opens, unless it is selected already."""
        if not self.selectionModel().isRowSelected(row.row()):
            super().choose_for_menu(row)

    def _on_removed(self) -> None:
        """If no selected row is left, select the row that took its place."""
        if self.currentIndex().isValid() and not self.selectionModel().hasSelection():
            self._choose_current()

    def _choose_current(self) -> None:
        """Select only the current row, even if modifier keys are held."""
        flag = QItemSelectionModel.SelectionFlag
        self.selectionModel().select(self.currentIndex(), flag.ClearAndSelect | flag.Rows)


class LineBelow(QWidget):
    """A text and a ``link`` after it, which subclasses fill; hidden at first.

    The text is cut if room is short: it must not widen the window.
    """

    def __init__(self) -> None:
        super().__init__()
        self.words = ElidedLabel()
        self.words.setProperty("role", "soft")
        self.link = Link("")
        self._row = sized(QHBoxLayout(self), margins=(12, (4, 0), 12, (4, 0)), spacing=8)
        self._row.addWidget(self.words)
        self._row.addWidget(self.link)
        self._row.addStretch(1)
        self.hide()
