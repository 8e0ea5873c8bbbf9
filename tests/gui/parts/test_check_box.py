"""The check box answers to mouse and keys, and shows its state in the theme's colours."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt

from desktop.gui.parts.check_box import CheckBox

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop.gui.look.appearance import ThemeSource


@pytest.fixture
def box(qtbot: QtBot, themes: ThemeSource) -> CheckBox:
    made = CheckBox("Confirmation e-mail", themes)
    qtbot.addWidget(made)
    made.show()
    return made


def test_square_and_words_answer_to_a_click(box: CheckBox, qtbot: QtBot) -> None:
    middle = box.height() // 2
    for x, checked in ((8, True), (60, False)):
        qtbot.mouseClick(box, Qt.MouseButton.LeftButton, pos=QPoint(x, middle))
        assert box.isChecked() is checked


def test_space_ticks_it(box: CheckBox, qtbot: QtBot) -> None:
    qtbot.keyClick(box, Qt.Key.Key_Space)
    assert box.isChecked()


def test_a_tick_is_seen(box: CheckBox, themes: ThemeSource) -> None:
    def corner() -> str:
        return box.grab().toImage().pixelColor(4, box.height() // 2 - 4).name()

    empty = corner()
    box.setChecked(True)
    assert corner() == themes.theme.color("accent").name()
    assert empty != corner()


def test_its_words_fit(box: CheckBox) -> None:
    words = box.fontMetrics().horizontalAdvance(box.text())
    assert box.sizeHint().width() > words + 16
