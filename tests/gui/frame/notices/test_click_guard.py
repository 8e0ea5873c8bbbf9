"""A bar that comes or goes moves the table: a click meant for what was there does nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from desktop.gui.frame.notices import click_guard
from desktop.gui.frame.notices.notice_bar import BarText

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop.gui.frame.main_window import MainWindow

LEFT = Qt.MouseButton.LeftButton


def test_a_click_on_what_a_bar_has_just_moved_does_nothing(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(click_guard, "SETTLES_MS", 600_000)
    choice, before = window.switch.choice, window.views.y()
    items, causes = choice.button("items"), choice.button("causes")
    QTest.mousePress(causes, LEFT)
    window.notices.say("one", BarText("warning", "The mail server does not answer.", (("x", "X"),)))
    QTest.mouseRelease(causes, LEFT)
    assert choice.value() == "causes"  # it began before the move
    qtbot.waitUntil(lambda: window.views.y() > before)
    chosen: list[str] = []
    window.notices.action_chosen.connect(lambda _, action: chosen.append(action))
    QTest.mouseClick(items, LEFT)
    QTest.mouseDClick(items, LEFT)
    way_out = window.notices.findChildren(QPushButton)[0]
    QTest.mouseClick(way_out, LEFT)
    assert (choice.value(), chosen) == ("causes", [])
    QTest.mousePress(items, LEFT)
    window.click_guard.end()
    QTest.mouseRelease(items, LEFT)
    assert choice.value() == "causes"
    QTest.mouseClick(items, LEFT)
    assert choice.value() == "items"
    window.notices.take_back("one")
    qtbot.waitUntil(lambda: window.views.y() == before)
    QTest.mouseClick(causes, LEFT)
    assert choice.value() == "items"
