"""The keyboard goes to the rows when what had it is gone, and stays where a person types."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QVBoxLayout, QWidget

from desktop.gui.frame.window_keys import KeyboardKeeper

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@pytest.mark.parametrize("inside", [False, True])
def test_the_rows_get_the_keyboard_of_what_is_gone_unless_the_place_is_for_typing(
    qapp: QApplication, qtbot: QtBot, inside: bool
) -> None:
    window, form = QWidget(), QWidget()
    qtbot.addWidget(window)
    table, removed, following = QLineEdit(), QPushButton(), QPushButton()
    column, fields = QVBoxLayout(window), QVBoxLayout(form)
    column.addWidget(table)
    column.addWidget(form)
    for button in (removed, following):
        fields.addWidget(button)
    KeyboardKeeper(qapp, window, lambda: [form] if inside else [], lambda: table)
    window.show()
    qtbot.waitUntil(window.isActiveWindow)
    removed.setFocus()
    removed.hide()
    expected = following if inside else table
    qtbot.waitUntil(expected.hasFocus)
    qapp.processEvents()
    assert expected.hasFocus()
