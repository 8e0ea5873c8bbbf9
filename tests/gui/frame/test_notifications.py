"""The icon in the tray counts the open tasks, shows the window and quits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QSystemTrayIcon

from desktop.gui.frame.notifications import Tray
from desktop.gui.kit.rights import ALL_RIGHTS

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def test_the_icon_counts_what_is_to_do_shows_the_window_and_quits(qtbot: QtBot) -> None:
    parent = QObject()
    tray = Tray(parent, ALL_RIGHTS, QAction("Pause sending", parent))
    tray.say(12)
    assert "12" in tray.icon.toolTip()
    reasons = QSystemTrayIcon.ActivationReason
    with qtbot.waitSignal(tray.show_chosen):
        tray.icon.activated.emit(reasons.Trigger)
    with qtbot.assertNotEmitted(tray.show_chosen):
        tray.icon.activated.emit(reasons.Context)
    show, _, leave = tray.menu.actions()
    with qtbot.waitSignal(tray.show_chosen):
        show.trigger()
    with qtbot.waitSignal(tray.quit_chosen):
        leave.trigger()
