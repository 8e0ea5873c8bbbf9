"""A field stands between its label and its error, and tells typing from filling in."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QWidget

from desktop.gui.kit.widgets.buttons import Link
from desktop.gui.kit.widgets.field import Field
from desktop.gui.kit.words.typed import address_problem_words

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@pytest.fixture
def field(qtbot: QtBot) -> Field:
    made = Field("E-mail", address_problem_words, placeholder="you@example.org")
    qtbot.addWidget(made)
    made.show()
    return made


def leave(field: Field, other: QWidget | None) -> None:
    """Let the focus go elsewhere; to nowhere, if that is another program."""
    app = cast("QApplication", QApplication.instance())
    app.focusChanged.emit(field.editor, other)


def test_a_look_at_another_window_is_no_leaving(field: Field) -> None:
    field.set_text("ada")
    for other in (None, QWidget(field, Qt.WindowType.Popup), QWidget(field.message)):
        leave(field, other)
        assert field.error == ""
    leave(field, field)
    assert field.error


def test_a_field_that_was_emptied_after_an_error_is_checked_again(field: Field) -> None:
    field.set_text("ada")
    field.check()
    field.editor.blockSignals(True)
    field.editor.clear()
    leave(field, field)
    assert field.error == "Enter an e-mail address."


def test_an_error_may_come_with_a_way_out(field: Field, qtbot: QtBot) -> None:
    field.show_error("This one is taken.", "Use 7")
    link = field.findChild(Link)
    assert link is not None
    assert link.isVisible()
    with qtbot.waitSignal(field.help_chosen):
        qtbot.mouseClick(link, Qt.MouseButton.LeftButton)
    field.show_error("Still not.")
    assert not link.isVisible()


def test_a_wrong_field_is_marked_for_eyes_and_ears(field: Field) -> None:
    field.show_error("There is no @ in this address.")
    assert field.editor.property("wrong") is True
    assert field.editor.accessibleDescription() == "There is no @ in this address."
    field.clear_error()
    assert field.editor.property("wrong") is False
    assert field.editor.accessibleDescription() == ""


def test_a_text_without_spaces_that_would_freeze_the_window_is_not_pasted(qtbot: QtBot) -> None:
    field = Field("Note", lambda _text: None, multiline=True)
    qtbot.addWidget(field)
    assert isinstance(field.editor, QPlainTextEdit)
    data = QMimeData()
    data.setText("The link: " + "x" * 1_000_000)
    field.editor.insertFromMimeData(data)
    said = "This text is not pasted: it has over 50,000 characters without a space."
    assert (field.text(), field.error) == ("", said)
    data.setText("Some words. " * 80_000)
    field.editor.insertFromMimeData(data)
    assert (len(field.text()), field.error) == (960_000, "")
