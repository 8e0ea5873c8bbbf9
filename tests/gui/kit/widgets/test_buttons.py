"""Buttons answer to mouse and keys, have room for what they say, and show their state."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QWidget

from desktop.gui.kit.widgets.buttons import CheckBox, give_key, keys_in_words

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop.gui.kit.look.appearance import ThemeSource


@pytest.fixture
def box(qtbot: QtBot, themes: ThemeSource) -> CheckBox:
    made = CheckBox("Confirmation e-mail")
    qtbot.addWidget(made)
    made.show()
    return made


def test_square_and_words_answer_to_a_click_and_to_space(box: CheckBox, qtbot: QtBot) -> None:
    middle = box.height() // 2
    for x, checked in ((8, True), (60, False)):
        qtbot.mouseClick(box, Qt.MouseButton.LeftButton, pos=QPoint(x, middle))
        assert box.isChecked() is checked
    qtbot.keyClick(box, Qt.Key.Key_Space)
    assert box.isChecked()


def test_keys_are_written_as_on_the_keyboard() -> None:
    words = keys_in_words(QKeySequence("Ctrl+Return"))
    assert words.endswith("⏎")
    assert "+" not in words


def test_keys_that_are_held_down_act_once(qtbot: QtBot) -> None:
    place = QWidget()
    qtbot.addWidget(place)
    assert not give_key(place, "Ctrl+Shift+P", "Pause or resume sending", print).autoRepeat()
