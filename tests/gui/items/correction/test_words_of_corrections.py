"""What is said of a saved correction: whether anything changed, and where its message goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from desktop.gui.items.corrections import EMAIL, CorrectionSheet
from tests.gui.items.correction.test_corrections import is_at, said

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop.gui.assembly import AppWindow


def test_an_item_that_is_saved_as_it_was_is_not_said_to_be_corrected(
    qtbot: QtBot, window: AppWindow, sheet: CorrectionSheet
) -> None:
    sheet.button.click()
    qtbot.waitUntil(lambda: is_at(sheet, 2))
    assert said(window) == "Item 1 will be sent in 5 s"
    assert window.toasts.shown[-1].button.text() == "Undo"
    sheet.save_button.click()
    qtbot.waitUntil(lambda: is_at(sheet, 3))
    assert said(window) == "Item 2 stays as it was"


def test_a_contact_that_is_pasted_as_the_address_is_understood(
    qtbot: QtBot, sheet: CorrectionSheet
) -> None:
    """It was called *a space in this address*."""
    sheet.form.fields[EMAIL].editor.clear()
    QApplication.clipboard().setText("Person One <one@example.org>")
    editor = sheet.form.fields[EMAIL].editor
    qtbot.keyClick(editor, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert sheet.form.fields[EMAIL].text() == "one@example.org"
