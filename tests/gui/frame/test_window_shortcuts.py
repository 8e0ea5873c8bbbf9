"""Shortcuts of the whole window: where F6 leads, the menu key, the views."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from desktop.gui.frame.views import VIEWS
from desktop.gui.kit.look.focus_ring import FocusRing
from tests.gui.tasks.table.table_bench import model_of
from tests.gui.tasks.table.task_source import TaskSource, task_row

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from desktop.gui.assembly import AppWindow
    from desktop.gui.kit.look.appearance import ThemeSource

CONTROL = Qt.KeyboardModifier.ControlModifier


def test_f6_goes_round_what_can_have_the_keyboard_and_an_empty_list_shows_that_it_has(
    qtbot: QtBot, themes: ThemeSource, window_over: Callable[[object], AppWindow]
) -> None:
    window = window_over(source := TaskSource([]))
    model = model_of(window.page.table)
    table, form, detail = window.page.table, window.form, window.page.detail

    def part() -> str:
        qtbot.keyClick(window, Qt.Key.Key_F6)
        here = QApplication.focusWidget()
        assert here is not None
        found = {"form": form, "table": table, "detail": detail}
        return next(name for name, each in found.items() if here is each or each.isAncestorOf(here))

    ring = window.findChild(FocusRing)
    assert ring is not None
    assert [part() for _ in range(3)] == ["table", "form", "table"]
    width = themes.theme.px(3)  # the height follows a layout that is still under way
    qtbot.waitUntil(lambda: ring.isVisible() and ring.size() == QSize(width, table.height()))
    QTest.mouseClick(window, Qt.MouseButton.LeftButton, pos=QPoint(2, 2))
    qtbot.waitUntil(ring.isHidden)  # a frame of all the view came with each click on its name
    qtbot.keyClick(window, Qt.Key.Key_F24)
    qtbot.waitUntil(ring.isVisible)
    model.apply(source.change(1, "failed"))
    qtbot.waitUntil(lambda: model.rowCount() == 1 and table.empty.isHidden())
    qtbot.waitUntil(ring.isHidden)
    table.selectRow(0)
    qtbot.waitUntil(detail.tabs.isVisible)
    assert [part() for _ in range(3)] == ["detail", "form", "table"]
    for key, view in ((Qt.Key.Key_2, window.items), (Qt.Key.Key_3, window.batches)):
        qtbot.keyClick(window, key, CONTROL)
        assert view.table.hasFocus()
        for expected in (form.fields["recipient.name"].editor, view.table):
            qtbot.keyClick(window, Qt.Key.Key_F6)
            assert expected.hasFocus()


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_shift_f10_opens_the_menu_of_what_has_the_keyboard(
    qtbot: QtBot, window_over: Callable[[object], AppWindow]
) -> None:
    """X11 has the menu key alone; a keyboard may lack it."""
    window = window_over(TaskSource([task_row(1, "queued")]))
    form = window.form.fields
    window.page.table.selectRow(0)
    for place, words in (
        (window.page.table, "Cancel"),
        (form["recipient.name"].editor, "Select All"),
        (form["fields.note"].editor, "Select All"),
    ):
        window.activateWindow()  # a menu was open
        qtbot.waitUntil(window.isActiveWindow)
        place.setFocus()
        qtbot.keyClick(window, Qt.Key.Key_F10, Qt.KeyboardModifier.ShiftModifier)
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        assert words in {each.text().replace("&", "").partition("\t")[0] for each in menu.actions()}
        menu.close()


def test_the_switch_tells_the_keys_of_its_views(window: AppWindow) -> None:
    for number, view in enumerate(VIEWS, 1):
        assert window.switch.choice.button(view).toolTip().endswith(f"(Ctrl+{number})")
