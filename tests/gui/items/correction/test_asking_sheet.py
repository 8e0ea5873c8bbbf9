"""Small sheets: an address or a time is asked for by keyboard, checked, and told once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from desktop.client.errors import Refused
from desktop.gui.items.task_questions import AddressSheet, TimeSheet

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop.gui.kit.look.appearance import ThemeSource

LATER = "2036-03-01T09:30:00.000Z"


def test_an_address_is_typed_and_sent_with_enter(
    qtbot: QtBot, host: QWidget, themes: ThemeSource
) -> None:
    sheet = AddressSheet(host)
    answers: list[object] = []
    sheet.answered.connect(lambda: answers.append(sheet.recipient()))
    sheet.ask("The item stays as it is.", [1])
    qtbot.waitUntil(sheet.email.editor.hasFocus)
    qtbot.keyClicks(sheet.email.editor, "bo@example")
    qtbot.keyClick(sheet.email.editor, Qt.Key.Key_Tab)
    assert sheet.name.editor.hasFocus()
    qtbot.keyClicks(sheet.name.editor, "Bo ")
    qtbot.keyClick(sheet.name.editor, Qt.Key.Key_Return)
    assert (answers, bool(sheet.email.error)) == ([], True)
    qtbot.keyClicks(sheet.email.editor, ".org")
    for _ in range(2):
        qtbot.keyClick(sheet.email.editor, Qt.Key.Key_Return)
    assert answers == [{"name": "Bo", "email": "bo@example.org"}]
    errors = [{"path": "to.email", "message": "Not this one."}]
    problem: Any = {"status": 422, "title": "", "detail": "Wrong.", "errors": errors}
    sheet.show_failure(Refused(problem))
    assert sheet.email.error == "Not this one."
    sheet.button.click()
    assert len(answers) == 2
    qtbot.keyClick(sheet.email.editor, Qt.Key.Key_Escape)
    assert sheet.isHidden()
    sheet.ask("Another one.", [2])
    assert (sheet.name.text(), sheet.email.text()) == ("", "")


def test_a_time_must_be_still_to_come(qtbot: QtBot, host: QWidget, themes: ThemeSource) -> None:
    sheet = TimeSheet(host)
    answers: list[str] = []
    sheet.answered.connect(lambda: answers.append(sheet.send_at.moment()))
    sheet.set_time("2020-01-01T09:30:00.000Z")
    sheet.ask("3 tasks", [1, 2, 3])
    qtbot.keyClick(sheet.send_at.editor, Qt.Key.Key_Return)
    assert (answers, sheet.send_at.error) == ([], "This time has passed.")
    sheet.send_at.set_moment(LATER)
    qtbot.keyClick(sheet.send_at.editor, Qt.Key.Key_Return)
    assert answers == [LATER]


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_enter_in_the_calendar_chooses_a_day_and_does_not_answer(
    qtbot: QtBot, host: QWidget, themes: ThemeSource
) -> None:
    sheet = TimeSheet(host)
    answers: list[str] = []
    sheet.answered.connect(lambda: answers.append(sheet.send_at.moment()))
    sheet.set_time(LATER)
    sheet.ask("", [1])
    editor = sheet.send_at.editor
    qtbot.keyClick(editor, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: QApplication.activePopupWidget() is not None)
    day = QApplication.focusWidget() or editor.calendar()
    qtbot.keyClick(day, Qt.Key.Key_Right)
    qtbot.keyClick(day, Qt.Key.Key_Return)
    assert answers == []
    assert sheet.send_at.moment()[:10] == "2036-03-02"
    assert QApplication.activePopupWidget() is None


@pytest.mark.parametrize(
    "pasted",
    ['"Moreau, Fay" <fay@example.org>', "Moreau, Fay <fay@example.org>"],
)
def test_a_contact_that_is_pasted_fills_address_and_name(
    qtbot: QtBot, host: QWidget, themes: ThemeSource, pasted: str
) -> None:
    """It was called *a space in this address*."""
    sheet = AddressSheet(host)
    sheet.ask("The item stays as it is.", [1])
    qtbot.waitUntil(sheet.email.editor.hasFocus)
    QApplication.clipboard().setText(pasted)
    qtbot.keyClick(sheet.email.editor, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert sheet.recipient() == {"name": "Moreau, Fay", "email": "fay@example.org"}
    assert sheet.is_right()


def test_a_link_or_a_row_that_is_pasted_fills_what_there_is(
    qtbot: QtBot, host: QWidget, themes: ThemeSource
) -> None:
    sheet = AddressSheet(host)
    sheet.ask("The item stays as it is.", [1])
    QApplication.clipboard().setText("mailto:fay@example.org?subject=Hello")
    qtbot.keyClick(sheet.email.editor, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert sheet.recipient() == {"email": "fay@example.org"}
    sheet.start_over()
    QApplication.clipboard().setText("7\tFay Moreau\tfay@example.org\tOpera\tRow 3")
    qtbot.keyClick(sheet.email.editor, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert sheet.recipient() == {"name": "Fay Moreau", "email": "fay@example.org"}
