"""Buttons answer to mouse and keys, have room for what they say, and show their state."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QHelpEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QToolTip, QWidget

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


@pytest.mark.qt_log_ignore(r"does not support (raise|propagateSizeHints)\(\)")
def test_long_words_of_a_check_box_are_cut_and_have_a_tip(
    qtbot: QtBot, themes: ThemeSource
) -> None:
    words = "With the bookings of everyone who ever sat in the front row"
    long, short = CheckBox(words), CheckBox("With those cancelled")
    for box in (long, short):
        qtbot.addWidget(box)
        box.show()
    for box, width in ((short, 0), (long, long.sizeHint().width()), (long, 200)):
        box.resize(width or box.sizeHint().width(), box.height())
        middle = box.rect().center()
        ask = QHelpEvent(QEvent.Type.ToolTip, middle, box.mapToGlobal(middle))
        QApplication.sendEvent(box, ask)
        assert (words in QToolTip.text()) is (width == 200)
    QToolTip.hideText()


def test_keys_that_are_held_down_act_once(qtbot: QtBot) -> None:
    place = QWidget()
    qtbot.addWidget(place)
    assert not give_key(place, "Ctrl+Shift+P", "Pause or resume sending", print).autoRepeat()
