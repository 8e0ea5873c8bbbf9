"""A list of rows lights up the one under the pointer, and asks for the menu of one in sight."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QMouseEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QAbstractSlider, QApplication

from desktop.gui.widgets.lists.list_table import ListDelegate, ListTable
from desktop.gui.widgets.lists.list_widths import rows_in_sight

if TYPE_CHECKING:
    from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint
    from PySide6.QtGui import QColor, QFont
    from pytestqt.qtbot import QtBot

    from desktop.gui.look.appearance import ThemeSource
    from desktop.gui.look.theme import Theme

    Index = QModelIndex | QPersistentModelIndex


def test_the_row_under_the_pointer_lights_up(qtbot: QtBot, themes: ThemeSource) -> None:
    model = QStandardItemModel()
    for name in ("Ada", "Bo", "Cy"):
        model.appendRow([QStandardItem(name), QStandardItem("")])
    table = ListTable(model, "People", {0: 100}, themes)
    qtbot.addWidget(table)
    table.setItemDelegate(ListDelegate(themes, table))
    table.resize(400, 300)
    table.show()
    table.selectRow(0)

    def ground(row: int) -> QColor:
        place = table.visualRect(model.index(row, 1)).center()
        return table.viewport().grab().toImage().pixelColor(place)

    def move_to(row: int) -> None:
        place = QPointF(table.visualRect(model.index(row, 1)).center())
        none, no_keys = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
        moved = QMouseEvent(QEvent.Type.MouseMove, place, place, none, none, no_keys)
        QApplication.sendEvent(table.viewport(), moved)

    theme = themes.theme
    shades = [theme.color(token) for token in ("selection", "hover", "surface")]
    move_to(1)
    assert [ground(row) for row in range(3)] == shades
    move_to(0)
    assert [ground(row) for row in range(3)] == [shades[0], shades[2], shades[2]]
    move_to(2)
    QApplication.sendEvent(table, QEvent(QEvent.Type.Leave))
    assert [ground(row) for row in range(3)] == [shades[0], shades[2], shades[2]]


def test_a_cell_is_measured_once_until_it_changes(qtbot: QtBot, themes: ThemeSource) -> None:
    measured = []

    class Measuring(ListDelegate):
        def width_needed(self, index: Index, font: QFont, theme: Theme) -> int:
            measured.append((index.row(), index.column()))
            return super().width_needed(index, font, theme)

    model = QStandardItemModel()
    for number in range(100):
        model.appendRow([QStandardItem(str(number)), QStandardItem("")])
    table = ListTable(model, "Numbers", {0: 100}, themes)
    qtbot.addWidget(table)
    table.setItemDelegate(Measuring(themes, table))
    table.resize(400, 300)
    table.show()
    qtbot.wait_until(lambda: (0, 0) in measured)
    before = seen_rows(table)
    assert sorted(measured) == [(row, column) for row in sorted(before) for column in (0, 1)]
    measured.clear()
    table.verticalScrollBar().triggerAction(QAbstractSlider.SliderAction.SliderPageStepAdd)
    qtbot.wait_until(lambda: bool(measured))
    now = seen_rows(table)
    assert {row for row, _ in measured} == now - before
    measured.clear()
    changed, removed, *_ = sorted(now)
    model.item(changed, 1).setText("changed")
    qtbot.wait_until(lambda: bool(measured))
    assert measured == [(changed, 1)]
    measured.clear()
    model.removeRow(removed)
    qtbot.wait_until(lambda: bool(measured))
    assert {row for row, _ in measured} == seen_rows(table)


def test_by_keys_the_current_row_comes_into_sight_before_its_menu(
    qtbot: QtBot, themes: ThemeSource
) -> None:
    model = QStandardItemModel()
    for number in range(100):
        model.appendRow([QStandardItem(str(number)), QStandardItem("")])
    table = ListTable(model, "Numbers", {0: 100}, themes)
    qtbot.addWidget(table)
    table.resize(400, 300)
    table.show()
    qtbot.waitUntil(table.isActiveWindow)
    table.selectRow(99)
    wanted: list[QPoint] = []
    table.menu_wanted.connect(wanted.append)
    table.scrollToTop()
    keyboard = QContextMenuEvent.Reason.Keyboard
    at = table.rect().center()
    QApplication.sendEvent(table, QContextMenuEvent(keyboard, at, table.mapToGlobal(at)))
    assert 99 in seen_rows(table)
    shown = table.visualRect(table.currentIndex())
    assert wanted == [table.viewport().mapToGlobal(shown.bottomLeft())]


def seen_rows(table: ListTable) -> set[int]:
    """Return the rows that can be seen."""
    first, last = rows_in_sight(table)
    return set(range(first, last + 1))
