"""The window: everything by keyboard, remembered between starts, and closed without surprises."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from desktop.gui.frame.views import ITEMS, TASKS, VIEWS
from tests.gui.tasks.table.task_source import stats

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop.gui.assembly import AppWindow

CONTROL = Qt.KeyboardModifier.ControlModifier
NAME = "recipient.name"


def press(qtbot: QtBot, key: Qt.Key, modifier: Any = Qt.KeyboardModifier.NoModifier) -> None:
    qtbot.keyClick(focus(), key, modifier)


def focus() -> QWidget:
    found = QApplication.focusWidget()
    assert found is not None
    return found


def name_editor(window: AppWindow) -> QWidget:
    return window.form.fields[NAME].editor


def test_it_opens_in_the_name_keys_lead_away_and_escape_back_and_closes_what_is_open(
    window: AppWindow, qtbot: QtBot
) -> None:
    assert window.windowTitle().startswith("Sendoff")
    assert focus() is name_editor(window)
    for number, view in enumerate(VIEWS, 1):
        assert window.switch.choice.button(view).toolTip().endswith(f"(Ctrl+{number})")
    press(qtbot, Qt.Key.Key_F, CONTROL)
    assert focus() is window.page.search
    press(qtbot, Qt.Key.Key_N, CONTROL)
    assert focus() is name_editor(window)
    press(qtbot, Qt.Key.Key_Comma, CONTROL)
    assert window.mail.sheet.isVisible()
    assert window.mail.sheet.isAncestorOf(focus())
    press(qtbot, Qt.Key.Key_Escape)
    assert window.mail.sheet.isHidden()
    assert focus() is name_editor(window)
    window.toasts.show("Item 7 is registered")
    window.mail.sheet.open()
    name_editor(window).setFocus()
    press(qtbot, Qt.Key.Key_Escape)
    assert window.mail.sheet.isHidden()
    assert len(window.toasts.shown) == 1
    press(qtbot, Qt.Key.Key_Escape)
    assert window.toasts.shown == []


def test_tab_walks_from_the_top_over_form_and_chips_to_the_rows(
    window: AppWindow, qtbot: QtBot
) -> None:
    window.page.chips.set_stats(stats(failed=1))
    for view, shown in ((TASKS, window.page), (ITEMS, window.items)):
        window.switch.choose(view)
        window.items.empty.hide()  # it has the keyboard while there are no rows
        window.items.table.show()
        window.top_bar.new_item.setFocus()
        areas: list[QWidget] = []
        for _ in range(40):
            press(qtbot, Qt.Key.Key_Tab)
            here = focus()
            places = (window.form, shown.chips, shown.table, window.top_bar)
            area = next((part for part in places if part is here or part.isAncestorOf(here)), None)
            if area is not None and (not areas or areas[-1] is not area):
                areas.append(area)
        first = areas.index(window.form)
        assert areas[first : first + 3] == [window.form, shown.chips, shown.table]


@pytest.mark.qt_log_ignore("This plugin does not support raise", extend=True)
def test_closing_with_open_tasks_asks_and_what_is_kept_on_ends_when_idle(
    window: AppWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    window.show_stats(stats(running=2))
    window.close()
    assert window.isVisible()
    assert window.closing.sheet.words.text() == "2 tasks are not done yet."
    window.closing.sheet.keep.click()
    assert window.isHidden() or window.isMinimized()
    window.come_forward()
    assert window.isVisible()
    assert not window.isMinimized()
    with qtbot.assertNotEmitted(window.quit_requested):
        window.show_stats(stats(succeeded=2))
    with monkeypatch.context() as patch:
        patch.setattr(window.tray, "is_available", lambda: False)
        window.show_stats(stats(running=2))
        window.close()
        window.closing.sheet.keep.click()
        assert window.isMinimized()
        window.showNormal()  # from the task bar
    with qtbot.assertNotEmitted(window.quit_requested):
        window.show_stats(stats(succeeded=2))
    window.show_stats(stats(running=2))
    window.close()
    window.closing.sheet.keep.click()
    with qtbot.waitSignal(window.quit_requested):
        window.show_stats(stats(succeeded=2))


@pytest.mark.qt_log_ignore("This plugin does not support raise", extend=True)
def test_the_question_gets_the_keyboard_and_control_q_is_as_the_cross(
    window: AppWindow, qtbot: QtBot
) -> None:
    for key in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
        window.show_stats(stats(running=2))
        window.mail.sheet.open()
        press(qtbot, Qt.Key.Key_Q, CONTROL)
        here = QApplication.focusWidget()
        assert isinstance(here, QPushButton)
        assert here.text() == "Close, keep sending"
        assert window.mail.sheet.isHidden()
        press(qtbot, key)
        assert window.isHidden() or window.isMinimized()
        window.come_forward()
        qtbot.waitUntil(window.isActiveWindow)
    window.show_stats(stats(succeeded=2))
    with qtbot.waitSignal(window.quit_requested):
        qtbot.keyClick(window, Qt.Key.Key_Q, CONTROL)
    assert window.isHidden()


def test_failed_and_uncertain_stand_in_the_title(window: AppWindow) -> None:
    window.show_stats(stats(succeeded=9))
    assert window.windowTitle() == "Sendoff"
    window.show_stats(stats(failed=17, uncertain=1))
    assert window.windowTitle() == "Sendoff · 17 failed · 1 uncertain"
