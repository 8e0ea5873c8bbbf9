"""Tab goes round the window: it meets every control once and comes back, by Shift and Tab too."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QTableView, QWidget

from desktop.gui.frame.views import BATCHES, ITEMS
from tests.gui.tasks.table.task_source import stats

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from desktop.gui.assembly import AppWindow
    from tests.gui.live_store import LiveStore
    from tests.gui.play import Perform, Play

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def controls(window: QWidget) -> set[QWidget]:
    """Return the controls in sight that Tab should meet, each group of chips or tabs as one."""
    return {
        each
        for each in window.findChildren(QWidget)
        if each.focusPolicy() & Qt.FocusPolicy.TabFocus
        and each.focusProxy() is None
        and each.isVisible()
        and each.isEnabled()
    }


def walk(window: QWidget, key: Qt.Key) -> list[QWidget]:
    """Press a key until it leads to where it has been, and return the way."""
    way: list[QWidget] = []
    while (here := QApplication.focusWidget()) is not None and here not in way:
        way.append(here)
        QTest.keyClick(here, key)
    assert here is way[0], f"from {names(way)} it leads back to {names([here] if here else [])}"
    return way


def names(way: list[QWidget]) -> list[str]:
    return [f"{type(each).__name__} {each.accessibleName()}".strip() for each in way]


def goes_round(window: AppWindow) -> None:
    """Walk from the gear, and back."""
    window.activateWindow()
    window.top_bar.gear.setFocus()
    QApplication.processEvents()
    way, back = walk(window, Qt.Key.Key_Tab), walk(window, Qt.Key.Key_Backtab)
    missed = controls(window) - {*way}
    assert names([*missed]) == []
    assert names(back) == names([way[0], *way[:0:-1]])


def test_at_the_first_start(perform: Perform) -> None:
    async def look(play: Play) -> None:
        await play.until(play.window.page.table.empty.choose.isVisible)
        goes_round(play.window)
        for view in (ITEMS, BATCHES):
            play.window.switch.choose(view)
            goes_round(play.window)

    perform(look)


def has_rows(table: QTableView) -> bool:
    return table.model().rowCount() > 1


@pytest.mark.parametrize("size", [(1500, 900), (1024, 640), (700, 640)])
def test_in_each_view_with_and_without_a_row(
    store: LiveStore,
    window_over: Callable[[object], AppWindow],
    qtbot: QtBot,
    size: tuple[int, int],
) -> None:
    window = window_over(store)
    window.resize(*size)
    table, detail = window.page.table, window.page.detail
    qtbot.waitUntil(lambda: table.model().rowCount() > 0)
    goes_round(window)
    for row in range(table.model().rowCount()):
        table.selectRow(row)
        qtbot.waitUntil(lambda: detail.row is not None and detail.ticket is None)
        for tab in range(detail.tabs.count()):
            detail.tabs.setCurrentIndex(tab)
            goes_round(window)
    table.selectAll()
    goes_round(window)
    window.page.show_part("Item 1", item_id=1)
    window.page.chips.set_stats(stats(failed=2, running=1))
    goes_round(window)
    window.batches.model.load()
    for view, shown in ((ITEMS, window.items.table), (BATCHES, window.batches.table)):
        window.switch.choose(view)
        qtbot.waitUntil(partial(has_rows, shown))
        for choose in (shown.clearSelection, partial(shown.selectRow, 1), shown.selectAll):
            choose()
            QApplication.processEvents()
            goes_round(window)
