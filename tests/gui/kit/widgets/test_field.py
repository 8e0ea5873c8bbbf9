"""A wrong field is marked for eyes and ears, and takes no text that would freeze the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QMimeData
from PySide6.QtWidgets import QPlainTextEdit

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
