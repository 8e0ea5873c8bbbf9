"""Tables that select whole rows: their keys, their signals, and their place while rows move."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any, Final, cast

from PySide6.QtCore import (
    QCoreApplication,
    QItemSelection,
    QItemSelectionModel,
    QItemSelectionRange,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QKeySequence, QPainter
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from desktop.gui.kit.look import icons
from desktop.gui.kit.look.appearance import LOOK
from desktop.gui.kit.look.theme import tabular
from desktop.gui.kit.widgets.buttons import ENTER, HERE, give_key
from desktop.gui.kit.widgets.surfaces import fill_ground, give_viewport
from desktop.gui.kit.words.ages import whole_moment
from sendoff_tasks.model.text import defused

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from PySide6.QtGui import QFocusEvent, QKeyEvent, QPaintEvent
    from PySide6.QtWidgets import QMenu

    from desktop.gui.kit.lists.live_rows import Cell
    from desktop.gui.kit.look.theme import Theme


_ONWARD: Final = (Qt.Key.Key_Down, Qt.Key.Key_Up)
"""Keys that choose a row that is only marked, and then lead on."""
_HELD: Final = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


def copied(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> QMimeData:
    """Return rows as tab-separated text and as an HTML table; no cell is read as a formula."""
    data = QMimeData()
    data.setText("\n".join("\t".join(map(defused, row)) for row in rows))
    data.setHtml(_html(headings, rows))
    return data


def _html(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return rows as an HTML table."""
    head = "".join(f"<th>{escape(heading)}</th>" for heading in headings)
    lines = "".join(f"<tr>{''.join(map(_html_cell, row))}</tr>" for row in rows)
    return f"<table><tr>{head}</tr>{lines}</table>"


def _html_cell(text: str) -> str:
    return f"<td>{escape(defused(text))}</td>"


def rows_in_sight(table: QTableView) -> tuple[int, int]:
    """Return the first and the last visible row, inclusive; last < first means none."""
    first = max(table.rowAt(0), 0)
    last = table.rowAt(table.viewport().height() - 1)
    return first, table.model().rowCount() - 1 if last < 0 else last


class RowTable(QTableView):
    """A table in which one row is selected at a time.

    ``row_activated`` carries the row of Enter or a double click. ``picked`` is emitted when a
    person chooses rows by click or key, ``row_chosen`` when another row becomes the current one.
    ``menu_wanted`` carries the place on the screen for the menu of the current row.
    ``left_upwards`` is emitted when ↑ goes on from the first row.

    A selection by the program replaces the old one, even if a key is held. Qt takes held modifiers
    into account there, too: a batch added by Ctrl+Enter would be selected in addition to the one
    before, and both would be acted upon.
    """

    HEIGHT = 34, 24
    """The least height of a row in units of the grid, and in a low window."""
    row_activated = Signal(int)
    picked = Signal()
    row_chosen = Signal()
    menu_wanted = Signal(QPoint)
    left_upwards = Signal()

    def __init__(self, model: Any, name: str, header: QHeaderView) -> None:
        """``model`` has ``cell(row, column)``, the content of a cell."""
        super().__init__()
        self._rows = model
        self._stand_in: QWidget | None = None  # has the focus in place of the empty table
        self._set_look()
        self.setHorizontalHeader(header)
        self.setAccessibleName(name)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.begin(model)
        self.place = ReadingPlace(self)
        self.clicked.connect(lambda _: self.picked.emit())
        self.doubleClicked.connect(lambda index: self.row_activated.emit(index.row()))
        words = QCoreApplication.translate("lists", "Copy the selected rows")
        give_key(self, QKeySequence.StandardKey.Copy, words, self.copy_rows, HERE)

    def begin(self, model: Any) -> None:
        """Show the model."""
        self.setModel(model)
        self.selectionModel().currentRowChanged.connect(lambda *_: self.row_chosen.emit())

    def cell(self, row: int, column: int) -> Cell:
        """Return the content of a cell."""
        return cast("Cell", self._rows.cell(row, column))

    def copy_rows(self) -> None:
        """Copy the selected rows as a table and as text, with full times."""
        columns = self.columns_to_copy()
        words = [
            [each.words if each.moment is None else whole_moment(each.moment) for each in row]
            for row in self.cells_to_copy(columns)
        ]
        if words:
            titles = [
                str(self.model().headerData(column, Qt.Orientation.Horizontal))
                for column in columns
            ]
            QGuiApplication.clipboard().setMimeData(copied(titles, words))

    def add_copy(self, menu: QMenu) -> None:
        """Add *Copy as text* with its shortcut to the menu of a row."""
        menu.addSeparator()
        entry = menu.addAction(QCoreApplication.translate("menu", "Copy as text"), self.copy_rows)
        icons.give(entry, "copy")
        entry.setShortcut(QKeySequence.StandardKey.Copy)

    def current(self) -> Any:
        """Return the model's current row, or ``None``."""
        return self._rows.row_at(self.currentIndex().row())

    def columns_to_copy(self) -> list[int]:
        """Return all columns."""
        return [int(column) for column in self._rows.titles]

    def cells_to_copy(self, columns: Sequence[int]) -> list[list[Cell]]:
        """Return the cells of the selected rows."""
        return [[self.cell(row, each) for each in columns] for row in self.chosen()]

    def chosen(self) -> list[int]:
        """Return the selected rows from top to bottom."""
        return sorted(self.chosen_between(0, self.model().rowCount() - 1))

    def chosen_between(self, first: int, last: int) -> set[int]:
        """Return the selected rows from ``first`` to ``last``, inclusive."""
        return {
            row
            for top, bottom in self.chosen_ranges()
            for row in range(max(top, first), min(bottom, last) + 1)
        }

    def chosen_ranges(self) -> list[tuple[int, int]]:
        """Return the first and the last row of each selected range, from top to bottom."""
        selection = self.selectionModel().selection()
        ranges = (selection.at(number) for number in range(selection.count()))
        return sorted({(each.top(), each.bottom()) for each in ranges})

    def choose_ranges(
        self, ranges: Iterable[tuple[int, int]], how: QItemSelectionModel.SelectionFlag
    ) -> None:
        """Select or deselect ranges of rows, each from its first to its last row."""
        selection, index = QItemSelection(), self.model().index
        for first, last in ranges:
            selection.append(QItemSelectionRange(index(first, 0), index(last, 0)))
        self.selectionModel().select(selection, how | QItemSelectionModel.SelectionFlag.Rows)

    def selectRow(self, row: int) -> None:  # noqa: N802 - its name
        """Select a single row."""
        super().selectRow(row)
        self._choose_alone()

    def setCurrentIndex(self, index: QModelIndex | QPersistentModelIndex) -> None:  # noqa: N802
        """Select the row of a cell, and no other."""
        super().setCurrentIndex(index)
        self._choose_alone()

    def _choose_alone(self) -> None:
        if QGuiApplication.keyboardModifiers() & _HELD:
            self.choose_current()

    def choose_current(self) -> None:
        """Select only the current row, even if modifier keys are held."""
        flag = QItemSelectionModel.SelectionFlag
        self.selectionModel().select(self.currentIndex(), flag.ClearAndSelect | flag.Rows)

    def show_chosen(self) -> None:
        """Scroll to the first selected row, unless the rows would move under the pointer."""
        for first, _ in self.chosen_ranges()[:1]:
            if not self.viewport().underMouse():
                self.scrollTo(self.model().index(first, 0))

    def moveCursor(
        self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier
    ) -> QModelIndex:
        """Let Home and End lead to the first and the last row, not to a column."""
        ends = QAbstractItemView.CursorAction.MoveHome, QAbstractItemView.CursorAction.MoveEnd
        if action not in ends or not self.model().rowCount():
            return super().moveCursor(action, modifiers)
        row = 0 if action is ends[0] else self.model().rowCount() - 1
        return self.model().index(row, max(0, self.currentIndex().column()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Enter activate the current row."""
        if event.key() in ENTER and (current := self.currentIndex()).isValid():
            self.row_activated.emit(current.row())
            return
        if event.key() == Qt.Key.Key_Up and not event.modifiers() and not self.currentIndex().row():
            self.left_upwards.emit()
            return
        is_only_marked = self.currentIndex().isValid() and not self.selectionModel().hasSelection()
        if is_only_marked and event.key() in _ONWARD and not event.modifiers():
            self.selectRow(self.currentIndex().row())
            self.picked.emit()
            return
        super().keyPressEvent(event)
        if event.isAccepted() and self.selectionModel().hasSelection():
            self.picked.emit()

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

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows, and the frame of the one that has the keyboard."""
        super().paintEvent(event)
        current = self.currentIndex().row()
        if self.hasFocus() and 0 <= current < self.model().rowCount():
            painter = QPainter(self.viewport())
            self.paint_focus(painter, self.rowViewportPosition(current))
            painter.end()

    def paint_focus(self, painter: QPainter, top: int) -> None:
        """Frame the row at ``top``, which has the keyboard."""
        accent, width = LOOK.theme.color("accent"), self.viewport().width()
        painter.setPen(accent)
        painter.drawRect(0, top, width - 1, self.row_height - 2)
        painter.fillRect(0, top, LOOK.theme.px(3), self.row_height - 1, accent)

    @property
    def row_height(self) -> int:
        """The height of a row, in logical pixels."""
        return self.verticalHeader().defaultSectionSize()

    def lend_focus(self, to: QWidget | None) -> None:
        """Let another widget have the focus in place of the empty table, or end that.

        Tab meets that widget only: a focus proxy would lead back to it from the table.
        """
        self._stand_in = to
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus if to else Qt.FocusPolicy.StrongFocus)
        if to is not None and self.hasFocus():
            to.setFocus()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Hand the focus on, or show it."""
        if self._stand_in is not None:
            self._stand_in.setFocus(event.reason())
            return
        super().focusInEvent(event)
        self.choose_at_focus()
        self.viewport().update()

    def mark_first(self) -> None:
        """Let the first visible row show the focus if there is no current one."""
        if not self.currentIndex().isValid() and self.model().rowCount():
            flag = QItemSelectionModel.SelectionFlag.NoUpdate
            first = self.model().index(rows_in_sight(self)[0], 0)
            self.selectionModel().setCurrentIndex(first, flag)

    def choose_at_focus(self) -> None:
        """Select the first visible row if there is no current one."""
        if not self.currentIndex().isValid() and self.model().rowCount():
            self.selectRow(rows_in_sight(self)[0])

    def focusOutEvent(self, event: Any) -> None:
        """Show that the focus is elsewhere."""
        super().focusOutEvent(event)
        self.viewport().update()

    def apply_theme(self, theme: Theme) -> None:
        """Take the sizes of a theme; at least one row stays visible."""
        head, (usual, low) = theme.height(30, low=24), self.HEIGHT
        self.horizontalHeader().setFixedHeight(head)
        self.setIconSize(QSize(theme.px(16), theme.px(16)))
        least = self.fontMetrics().height() + theme.height(8, low=4)
        height = max(theme.height(usual, low=low), least)
        self.setMinimumHeight(head + height)
        self.verticalHeader().setMinimumSectionSize(height)
        self.verticalHeader().setDefaultSectionSize(height)
        self.verticalScrollBar().setSingleStep(height)
        for end in self.scrollBarWidgets(Qt.AlignmentFlag.AlignTop):
            end.setFixedHeight(head)
        self.viewport().update()

    def resizeEvent(self, event: Any) -> None:
        """Follow the rows in sight; if less height hides the current row, bring it back."""
        super().resizeEvent(event)
        self.fit_columns()
        self.place.follow()
        end = self.visualRect(self.currentIndex()).bottom()
        if event.size().height() <= end < event.oldSize().height():
            self.show_chosen()

    def fit_columns(self) -> None:
        """Share the room among the columns."""

    def _set_look(self) -> None:
        """Show whole rows without a grid."""
        give_viewport(self)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFont(tabular(self.font()))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        end = QWidget()  # continues the header above the scroll bar
        end.setProperty("area", "header")
        end.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.addScrollBarWidget(end, Qt.AlignmentFlag.AlignTop)
        fill_ground(cast("QWidget", self.verticalScrollBar().parentWidget()))


class ReadingPlace(QObject):
    """Scrolls a table along with its rows: those on screen stay while others come or go above.

    A table that is at its very top shows what comes. ``followed`` is emitted when other rows may be
    on screen.
    """

    followed = Signal()

    def __init__(self, table: RowTable) -> None:
        super().__init__(table)
        self._table = table
        self._top = QPersistentModelIndex()
        model = table.model()
        for change in (model.rowsInserted, model.rowsRemoved, model.layoutChanged):
            change.connect(self._on_changed)
        model.rowsMoved.connect(self.follow)
        table.verticalScrollBar().valueChanged.connect(self.follow)

    @property
    def on_screen(self) -> tuple[int, int]:
        """The first and the last position on screen; the list may have fewer rows."""
        top, height = self._table.verticalScrollBar().value(), self._table.row_height
        return top // height, (top + self._table.viewport().height()) // height

    def follow(self) -> None:
        """Remember the top row, and tell that other rows may be on screen."""
        self._top = QPersistentModelIndex(self._table.model().index(self.on_screen[0], 0))
        self.followed.emit()

    def _on_changed(self) -> None:
        """Scroll by as many rows as the top row was moved.

        All rows are painted again: Qt would move the picture of the old rows first.
        """
        bar = self._table.verticalScrollBar()
        rows = self._top.row() - self.on_screen[0] if self._top.isValid() else 0
        if not rows or not bar.value() or bar.isSliderDown():
            self.follow()
            return
        self._table.viewport().update()
        pixels = rows * self._table.row_height
        bar.setMaximum(bar.maximum() + pixels)
        bar.setValue(bar.value() + pixels)
