"""A list of rows lights up the one under the pointer, and shows which one is chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QApplication

from desktop.gui.parts.lists.list_table import ListDelegate, ListTable

if TYPE_CHECKING:
    from PySide6.QtGui import QColor
    from pytestqt.qtbot import QtBot

    from desktop.gui.look.appearance import ThemeSource


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
