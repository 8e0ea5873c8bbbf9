"""The empty detail pane is closed; one that lacks room can be enlarged."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QByteArray, QSettings, Qt
from PySide6.QtWidgets import QApplication

from desktop.gui.kit.words.task_row import row_of
from desktop.gui.tasks.acting.task_actions import Selected
from desktop.gui.tasks.detail.task_detail import DetailRoom
from tests.gui.tasks.table.task_source import task_row

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop.gui.assembly import AppWindow
    from desktop.gui.kit.look.appearance import ThemeSource


def heights(window: AppWindow) -> tuple[int, int]:
    QApplication.processEvents()
    rows, pane = window.page.sizes()
    return rows, pane


def test_the_empty_pane_stays_closed_until_something_is_chosen(window: AppWindow) -> None:
    detail = window.page.detail
    for height in (800, 420):
        window.resize(1280, height)
        assert heights(window)[1] == 0
        detail.show_selected(Selected([row_of(task_row(n)) for n in (1, 2)], 2))
        assert heights(window)[1] > 100
        detail.show_task(None)
        assert heights(window)[1] == 0
    window.remember()  # its height when it is open
    assert heights(window)[1] > 100


def test_a_height_that_there_is_no_room_for_is_remembered_as_it_was(
    window: AppWindow, themes: ThemeSource
) -> None:
    room = DetailRoom(window.page, window.page.detail, window.page.table, themes)
    window.resize(1280, 420)
    QApplication.processEvents()
    room.restoreState(QByteArray(b"6.000000"))
    QApplication.processEvents()
    assert heights(window)[1] < 420
    assert room.saveState() == QByteArray(b"6.000000")


@pytest.fixture
def low(window: AppWindow, themes: ThemeSource, qtbot: QtBot) -> AppWindow:
    """Give a window that is low for the size of its text, with a filled pane."""
    chosen = Selected([row_of(task_row(n)) for n in (1, 2)], 2)
    window.resize(1280, 800)
    window.page.detail.show_selected(chosen)
    QApplication.processEvents()
    assert window.page.detail.enlarge.isHidden()
    window.resize(1280, themes.theme.px(320))
    qtbot.waitUntil(window.page.detail.enlarge.isVisible)
    return window


def rows_in_sight(window: AppWindow) -> float:
    QApplication.processEvents()
    table = window.page.table
    return table.viewport().height() / table.verticalHeader().defaultSectionSize()


def test_in_a_low_window_rows_take_half_and_the_pane_can_have_all_but_one(
    low: AppWindow, qtbot: QtBot, settings: QSettings
) -> None:
    low.remember()
    before = settings.value("window/low")
    pane, enlarge = low.page.detail, low.page.detail.enlarge
    line = pane.fontMetrics().height()
    content = pane.height() - pane._bar.height()
    assert 2.9 < rows_in_sight(low) < 4
    assert content > 2.5 * line
    assert enlarge.accessibleName() == "Enlarge the details"
    qtbot.mouseClick(enlarge, Qt.MouseButton.LeftButton)
    assert 0.9 < rows_in_sight(low) < 1.3
    assert pane.height() - pane._bar.height() > 1.8 * content
    assert enlarge.accessibleName() == "Show more rows"
    low.remember()
    assert settings.value("window/low") == before  # its usual height
    enlarge.setFocus()
    qtbot.keyClick(enlarge, Qt.Key.Key_Escape)
    assert rows_in_sight(low) > 2.9
    assert enlarge.hasFocus()
    enlarge.click()
    assert rows_in_sight(low) < 1.3
    low.resize(1280, 800)
    qtbot.waitUntil(enlarge.isHidden)
    assert rows_in_sight(low) > 4
