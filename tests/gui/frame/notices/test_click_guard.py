"""A bar that comes or goes moves the table: a click meant for what was there does nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from desktop.gui.frame.notices import click_guard
from desktop.gui.frame.notices.bar import DISMISS, BarText
from desktop.gui.frame.notices.passing import READ_S
from desktop.gui.frame.notices.pointer import Pointer

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.frame.notices.bar import Level

LEFT = Qt.MouseButton.LeftButton


def moved(x: float = 5, y: float = 5) -> QMouseEvent:
    to, none = QPointF(x, y), Qt.MouseButton.NoButton
    return QMouseEvent(QEvent.Type.MouseMove, to, to, none, none, Qt.KeyboardModifier.NoModifier)


def test_a_bar_comes_and_goes_once_the_pointer_rests(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(click_guard, "SETTLES_MS", 0)
    notices, before = window.notices, window.views.y()
    (pointer,) = window.findChildren(Pointer)
    for timer in pointer.findChildren(QTimer):
        timer.setInterval(600_000)
    pointer.eventFilter(window.windowHandle(), moved())
    notices.say("one", BarText("warning", "The mail server does not answer.", (("x", "X"),)))
    assert (notices.names(), notices.isVisible()) == (["one"], False)
    pointer.stop()
    qtbot.waitUntil(lambda: window.views.y() > before)
    pointer.move()
    notices.take_back("one")
    assert (notices.names(), notices.isVisible()) == ([], True)
    pointer.stop()
    qtbot.waitUntil(lambda: window.views.y() == before)
    notices.say("two", BarText("info", "Read me.", (("x", "X"),)))
    notices.action_chosen.connect(lambda name, _: notices.take_back(name))
    pointer.move()
    notices.findChildren(QPushButton)[0].click()  # it goes by the person's own click
    assert not notices.isVisible()
    pointer.stop()


def test_who_moves_the_pointer_or_types_has_the_time_to_read_a_result(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.notices.say("one", BarText("info", "1,204 tasks are retried", passes=True))
    (pointer,) = window.findChildren(Pointer)
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_Shift)
    window.parts.form.submit_button.setFocus()
    qtbot.waitUntil(window.isActiveWindow)
    pointer.stop()
    with qtbot.waitSignal(window.notices.action_chosen) as chosen:
        for _ in range(READ_S):
            window.notices.passing.count_down()
    assert chosen.args == ["one", DISMISS]
    window.notices.say("one", BarText("info", "2 more", passes=True))
    with qtbot.waitSignal(pointer.used):
        pointer.eventFilter(window.windowHandle(), moved())


def test_a_click_on_what_a_bar_has_just_moved_does_nothing(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(click_guard, "SETTLES_MS", 600_000)
    chips, before = window.parts.chips, window.views.y()
    items, causes = chips.chips[1], chips.chips[4]
    QTest.mousePress(causes, LEFT)
    window.notices.say("one", BarText("warning", "The mail server does not answer.", (("x", "X"),)))
    QTest.mouseRelease(causes, LEFT)
    assert chips.chosen.title == "Failed"  # it began before the move
    qtbot.waitUntil(lambda: window.views.y() > before)
    chosen: list[str] = []
    window.notices.action_chosen.connect(lambda _, action: chosen.append(action))
    QTest.mouseClick(items, LEFT)
    QTest.mouseDClick(items, LEFT)
    way_out = window.notices.findChildren(QPushButton)[0]
    QTest.mouseClick(way_out, LEFT)
    assert (chips.chosen.title, chosen) == ("Failed", [])
    QTest.mousePress(items, LEFT)
    window.click_guard.end()
    QTest.mouseRelease(items, LEFT)
    assert chips.chosen.title == "Failed"
    QTest.mouseClick(items, LEFT)
    assert chips.chosen.title == "Active"
    window.notices.take_back("one")
    qtbot.waitUntil(lambda: window.views.y() == before)
    QTest.mouseClick(causes, LEFT)
    assert chips.chosen.title == "Active"


def test_a_click_counts_where_the_pointer_has_gone_to_what_is_there_now(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """*Stop* did nothing within the first moments of an action on many tasks."""
    monkeypatch.setattr(click_guard, "SETTLES_MS", 600_000)
    before = window.views.y()
    (pointer,) = window.findChildren(Pointer)
    pointer.eventFilter(window.windowHandle(), moved())
    pointer.stop()
    window.notices.say("many", BarText("info", "Removing…", (("stop", "Stop"),)))
    qtbot.waitUntil(lambda: window.views.y() > before)
    chosen: list[str] = []
    window.notices.action_chosen.connect(lambda _, action: chosen.append(action))
    (stop,) = (each for each in window.notices.findChildren(QPushButton) if each.text())
    QTest.mouseClick(stop, LEFT)
    assert chosen == ["stop"]
    window.notices.say("below", BarText("info", "Read me.", (("read", "Read"),)))
    there = stop.mapToGlobal(QPoint(5, 5))
    pointer.eventFilter(window.windowHandle(), moved(there.x(), there.y()))
    QTest.mouseClick(stop, LEFT)  # it has not moved
    assert chosen == ["stop", "stop"]


def test_a_second_bar_moves_what_the_pointer_has_gone_to_since_the_first(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A click counted on what the second bar had put under the pointer."""
    monkeypatch.setattr(click_guard, "SETTLES_MS", 600_000)
    chosen: list[str] = []
    window.notices.action_chosen.connect(lambda name, _: chosen.append(name))
    (pointer,) = window.findChildren(Pointer)
    pointer.eventFilter(window.windowHandle(), moved())
    pointer.stop()

    def say(level: Level, word: str) -> QPushButton:
        before = window.views.y()
        window.notices.say(word, BarText(level, "Read me.", ((word, word),)))
        qtbot.waitUntil(lambda: window.views.y() > before)
        (way_out,) = (b for b in window.notices.findChildren(QPushButton) if b.text() == word)
        return way_out

    first = say("info", "First")
    there = first.mapToGlobal(QPoint(5, 5))
    pointer.eventFilter(window.windowHandle(), moved(there.x(), there.y()))
    pointer.stop()
    second = say("error", "Second")  # above the other one
    QTest.mouseClick(second, LEFT, pos=second.mapFromGlobal(there))
    assert chosen == []
