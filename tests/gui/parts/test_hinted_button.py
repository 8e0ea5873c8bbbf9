"""A button shows its keys as they stand on the keyboard, and has room for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QPushButton

from desktop.gui.parts.hinted_button import HintedButton, keys_in_words

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop.gui.look.appearance import ThemeSource


def test_keys_are_written_as_on_the_keyboard() -> None:
    words = keys_in_words(QKeySequence("Ctrl+Return"))
    assert words.endswith("⏎")
    assert "+" not in words


def test_it_has_room_for_its_keys_and_is_named_without_them(
    qtbot: QtBot, themes: ThemeSource
) -> None:
    plain = QPushButton("Submit")
    plain.setProperty("role", "primary")
    hinted = HintedButton("Submit", QKeySequence("Ctrl+Return"), themes)
    for button in (plain, hinted):
        qtbot.addWidget(button)
    assert hinted.sizeHint().width() > plain.sizeHint().width() + 20
    assert hinted.text() == "Submit"
    hinted.setEnabled(False)
    assert not hinted.grab().isNull()
