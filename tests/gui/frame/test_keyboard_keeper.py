"""The keyboard goes to the rows when what had it is gone, and stays where a person types."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QPushButton, QVBoxLayout, QWidget

from desktop.gui.frame.input import KeyboardKeeper

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


def test_what_has_the_keyboard_after_a_dialog_keeps_it(qapp: QApplication, qtbot: QtBot) -> None:
    """A sheet that opened after the dialog for a file lost it to the rows below."""
    window = QWidget()
    qtbot.addWidget(window)
    table, opened, dialog = QLineEdit(), QLineEdit(), QDialog(window)
    column, asked = QVBoxLayout(window), QVBoxLayout(dialog)
    for each in (table, opened):
        column.addWidget(each)
    asked.addWidget(name := QLineEdit())
    KeyboardKeeper(qapp, window, list, lambda: table)
    window.show()
    dialog.show()
    dialog.activateWindow()
    name.setFocus()
    qtbot.waitUntil(name.hasFocus)
    name.hide()
    window.activateWindow()
    opened.setFocus()
    qtbot.waitUntil(opened.hasFocus)
    qapp.processEvents()
    assert opened.hasFocus()
