"""The window is closed without surprises."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt

from tests.gui.hands import answer, asks, focus
from tests.gui.tasks.table.task_source import stats

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop.gui.assembly import AppWindow

CONTROL = Qt.KeyboardModifier.ControlModifier


def press(qtbot: QtBot, key: Qt.Key, modifier: Any = Qt.KeyboardModifier.NoModifier) -> None:
    qtbot.keyClick(focus(), key, modifier)


@pytest.mark.qt_log_ignore("This plugin does not support raise", extend=True)
def test_closing_with_open_tasks_asks_and_what_is_kept_on_ends_when_idle(
    window: AppWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    window.show_stats(stats(running=2))
    window.close()
    assert window.isVisible()
    assert asks("2 tasks are not done yet.")
    answer("Close, keep sending")
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
        answer("Close, keep sending")
        assert window.isMinimized()
        window.showNormal()  # from the task bar
    with qtbot.assertNotEmitted(window.quit_requested):
        window.show_stats(stats(succeeded=2))
    window.show_stats(stats(running=2))
    window.close()
    answer("Close, keep sending")
    with qtbot.waitSignal(window.quit_requested):
        window.show_stats(stats(succeeded=2))


@pytest.mark.qt_log_ignore("This plugin does not support raise", extend=True)
def test_control_q_asks_as_the_cross_does(window: AppWindow, qtbot: QtBot) -> None:
    window.show_stats(stats(running=2))
    press(qtbot, Qt.Key.Key_Q, CONTROL)
    answer("Do not close")
    window.show_stats(stats(succeeded=2))
    with qtbot.waitSignal(window.quit_requested):
        qtbot.keyClick(window, Qt.Key.Key_Q, CONTROL)
    assert window.isHidden()
