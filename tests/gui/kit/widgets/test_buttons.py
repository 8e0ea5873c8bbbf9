"""Keys of buttons are written as on the keyboard, and act once while they are held down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QWidget

from desktop.gui.kit.widgets.buttons import give_key, keys_in_words

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def test_keys_are_written_as_on_the_keyboard() -> None:
    words = keys_in_words(QKeySequence("Ctrl+Return"))
    assert words.endswith("⏎")
    assert "+" not in words


def test_keys_that_are_held_down_act_once(qtbot: QtBot) -> None:
    place = QWidget()
    qtbot.addWidget(place)
    assert not give_key(place, "Ctrl+Shift+P", "Pause or resume sending", print).autoRepeat()
