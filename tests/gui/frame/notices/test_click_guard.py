"""A bar takes the place of another one: a click meant for what was there does nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from desktop.gui.frame import input as window_input
from desktop.gui.frame.input import Pointer
from desktop.gui.frame.notices.bars import BarText

if TYPE_CHECKING:
    from desktop.gui.assembly import AppWindow
    from desktop.gui.frame.notices.bars import Level

LEFT = Qt.MouseButton.LeftButton


def moved(x: float = 5, y: float = 5) -> QMouseEvent:
    to, none = QPointF(x, y), Qt.MouseButton.NoButton
    return QMouseEvent(QEvent.Type.MouseMove, to, to, none, none, Qt.KeyboardModifier.NoModifier)


def say(window: AppWindow, word: str, level: Level = "info") -> QPushButton:
    """Say something with one way out, which is returned."""
    window.notices.say(word, BarText(level, "Read me.", ((word, word),)))
    (way_out,) = (
        b for b in window.notices.bars[word].findChildren(QPushButton) if b.text() == word
    )
    return way_out


def chosen(window: AppWindow) -> list[str]:
    """Return the names of bars whose way out is taken from now on."""
    names: list[str] = []
    window.notices.action_chosen.connect(lambda name, _: names.append(name))
    return names


def rest(window: AppWindow, at: QPointF) -> None:
    """Have the pointer go somewhere on the screen and rest there."""
    (pointer,) = window.findChildren(Pointer)
    pointer.eventFilter(window.windowHandle(), moved(at.x(), at.y()))
    pointer.stop()


@pytest.fixture
def _long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(window_input, "SETTLES_MS", 600_000)


@pytest.mark.usefixtures("_long")
def test_a_click_meant_for_the_bar_before_does_nothing(window: AppWindow) -> None:
    names = chosen(window)
    first = say(window, "first")
    there = QPointF(first.mapToGlobal(first.rect().center()))
    window.click_guard.end()
    rest(window, there)
    QTest.mousePress(first, LEFT)
    second = say(window, "second", "error")  # in its place
    assert (first.isVisible(), second.isVisible()) == (False, True)
    QTest.mouseRelease(second, LEFT)
    QTest.mouseClick(second, LEFT, pos=second.mapFromGlobal(there.toPoint()))
    QTest.mouseDClick(second, LEFT, pos=second.mapFromGlobal(there.toPoint()))
    assert names == []
    window.click_guard.end()
    QTest.mouseClick(second, LEFT)
    assert names == ["second"]


@pytest.mark.usefixtures("_long")
def test_a_click_counts_where_the_pointer_has_gone_to_what_is_there_now(
    window: AppWindow,
) -> None:
    names = chosen(window)
    rest(window, QPointF(5, 5))
    stop = say(window, "stop", "warning")
    QTest.mouseClick(stop, LEFT)
    assert names == ["stop"]
    rest(window, QPointF(stop.mapToGlobal(stop.rect().center())))
    say(window, "behind")
    QTest.mouseClick(stop, LEFT)  # it has not moved
    assert names == ["stop", "stop"]


@pytest.mark.usefixtures("_long")
def test_a_second_bar_takes_what_the_pointer_has_gone_to_since_the_first(
    window: AppWindow,
) -> None:
    names = chosen(window)
    rest(window, QPointF(5, 5))
    first = say(window, "first")
    there = QPointF(first.mapToGlobal(first.rect().center()))
    rest(window, there)
    second = say(window, "second", "error")
    QTest.mouseClick(second, LEFT, pos=second.mapFromGlobal(there.toPoint()))
    assert names == []
