"""A dialog: Enter presses its default button, and what is typed is not lost by closing it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QWidget

from desktop.gui.kit.widgets.dialog import Dialog
from tests.gui.hands import answer, asked

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from desktop.gui.kit.look.appearance import ThemeSource


class Typed(Dialog):
    """A dialog with a line to type into; ``said`` has what was done with it."""

    def __init__(self, host: QWidget) -> None:
        super().__init__("Days", 300, host)
        self.said: list[str] = []
        self.line, self.other = QLineEdit(), QPushButton("Other")
        self.more = QLabel("It takes many lines. " * 60, wordWrap=True)
        self.more.hide()
        self.other.clicked.connect(partial(self.said.append, "other"))
        self.add_scrolled(self.other, self.line, self.more)
        self.button = self.add_default("Save", partial(self.said.append, "default"))

    def focus_first(self) -> None:
        self.line.setFocus()

    def has_changes(self) -> bool:
        return bool(self.line.text())

    def save(self) -> None:
        self.said.append("save")

    def discard(self) -> None:
        self.line.clear()


@pytest.fixture
def dialog(host: QWidget, themes: ThemeSource) -> Typed:
    made = Typed(host)
    made.open()
    return made


def test_enter_presses_the_default_button_or_the_one_that_has_the_focus(dialog: Typed) -> None:
    assert dialog.windowModality() is Qt.WindowModality.WindowModal
    assert dialog.line.hasFocus()
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
        QTest.keyClick(dialog.line, key)
    dialog.other.setFocus()
    QTest.keyClick(dialog.other, Qt.Key.Key_Return)
    assert dialog.said == ["default", "default", "other"]


def test_each_way_to_close_it_asks_about_what_is_typed(dialog: Typed, qtbot: QtBot) -> None:
    ways: list[Callable[[], object]] = [
        partial(QTest.keyClick, dialog.line, Qt.Key.Key_Escape),
        dialog.close,
        dialog.close_button.click,
    ]
    for close in ways:
        close()
        assert dialog.isHidden()
        dialog.open()
        dialog.line.setText("30")
        close()
        assert dialog.isVisible()
        answer("Keep editing")
        assert (dialog.isVisible(), dialog.line.text()) == (True, "30")
        close()
        answer("Save")
        assert dialog.said.pop() == "save"
        close()
        with qtbot.waitSignal(dialog.closed):
            answer("Discard")
        assert asked() is None
        dialog.open()
    assert dialog.said == []
