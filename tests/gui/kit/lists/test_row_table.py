"""A table keeps the rows in sight in place, and asks for the menu of one in sight."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtWidgets import QApplication

from desktop.gui.kit.lists.live_rows import Cell, LiveRows, moment_cell
from desktop.gui.kit.lists.row_table import rows_in_sight
from desktop.gui.kit.lists.stock_table import Share, StockTable
from desktop.gui.kit.words.ages import whole_moment

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop.gui.kit.look.appearance import ThemeSource


class People(LiveRows):
    """Names, and a column without words."""

    def __init__(self, *names: str) -> None:
        super().__init__("name")
        self.titles = {0: "Name", 1: "Rest"}
        self.insert(0, [{"name": name} for name in names])

    def cell(self, position: int, column: int) -> Cell:
        return Cell("" if column else self.rows[position]["name"])


SHARES = {1: Share(0.5, 200)}
Listed = Callable[..., StockTable]


@pytest.fixture
def listed(qtbot: QtBot, themes: ThemeSource) -> Listed:
    """Show a list of rows."""

    def show(model: LiveRows) -> StockTable:
        table = StockTable(model, "People", 0, SHARES)
        qtbot.addWidget(table)
        table.resize(400, 300)
        table.show()
        return table

    return show


NOON = 1_790_000_000.0


class Times(People):
    """Names, and when these came."""

    def cell(self, position: int, column: int) -> Cell:
        return moment_cell(NOON) if column else super().cell(position, column)


def test_rows_on_screen_stay_in_place_while_others_come_and_go_above(listed: Listed) -> None:
    model = People(*map(str, range(100)))
    table = listed(model)
    table.verticalScrollBar().setValue(40 * table.row_height + 3)

    def top() -> tuple[str, int]:
        table.executeDelayedItemsLayout()
        row = table.rowAt(0)
        return model.rows[row]["name"], table.rowViewportPosition(row)

    assert top() == ("40", -3)
    model.insert(0, [{"name": "new"}, {"name": "newer"}])
    model.remove(5, 9)
    model.remove(60, 70)
    assert top() == ("40", -3)
    model.replace(0, 60, [{"name": str(number)} for number in range(30, 60)])
    assert top() == ("40", -3)
    table.scrollToTop()
    model.insert(0, [{"name": "newest"}])
    assert top() == ("newest", 0)


def test_by_keys_the_current_row_comes_into_sight_before_its_menu(
    qtbot: QtBot, listed: Listed
) -> None:
    model = People(*map(str, range(100)))
    table = listed(model)
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


def seen_rows(table: StockTable) -> set[int]:
    """Return the rows that can be seen."""
    first, last = rows_in_sight(table)
    return set(range(first, last + 1))


def test_a_row_is_copied_as_a_table(qtbot: QtBot, listed: Listed) -> None:
    table = listed(Times("Ada", "Bo"))
    table.activateWindow()
    table.setFocus()
    qtbot.waitUntil(table.hasFocus)
    table.selectRow(1)
    qtbot.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    copied = QGuiApplication.clipboard().mimeData()
    assert copied.text() == f"Bo\t{whole_moment(NOON)}"
    assert "<th>Name</th><th>Rest</th>" in copied.html()
