"""Pasting into the form by keyboard: the fields fill at once, and undo brings the text back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from desktop.gui.form.item_form import ItemForm
from desktop.gui.form.item_kind import item
from desktop.gui.form.pasted import EMAIL, NAME, TITLE

if TYPE_CHECKING:
    from PySide6.QtCore import QSettings
    from pytestqt.qtbot import QtBot

    from desktop.gui.look.appearance import ThemeSource
    from desktop.gui.parts.field import Field

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def form(qtbot: QtBot, themes: ThemeSource, settings: QSettings) -> ItemForm:
    made = ItemForm(item(), themes, settings)
    qtbot.addWidget(made)
    made.show()
    made.propose(1211)
    return made


def paste(qtbot: QtBot, field: Field, text: str) -> None:
    QApplication.clipboard().setText(text)
    field.editor.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(field.editor, Qt.Key.Key_V, CONTROL)


def test_a_pasted_row_fills_the_form_and_is_what_is_submitted(form: ItemForm, qtbot: QtBot) -> None:
    paste(qtbot, form.fields[NAME], "1300\tFay Moreau\tfay@example.org\tSpring concert\tvegan\r\n")
    with qtbot.waitSignal(form.submitted) as submitted:
        form.submit()
    number, body = submitted.args
    assert number == 1300
    assert body["recipient"] == {"name": "Fay Moreau", "email": "fay@example.org"}
    assert body["title"] == "Spring concert"
    assert body["fields"] == {"note": "vegan"}


def test_a_contact_typed_by_hand_is_split_too(form: ItemForm, qtbot: QtBot) -> None:
    qtbot.keyClicks(form.fields[EMAIL].editor, '"Moreau, Fay" <fay@example.org>')
    values = form.snapshot()["values"]
    assert (values[NAME], values[EMAIL]) == ("Moreau, Fay", "fay@example.org")


def test_undo_brings_the_pasted_text_back_and_leaves_it(form: ItemForm, qtbot: QtBot) -> None:
    name = form.fields[NAME]
    paste(qtbot, name, "Fay\tfay@example.org")
    assert name.text() == "Fay"
    name.editor.undo()
    assert name.text() == "Fay\tfay@example.org"
    name.editor.undo()
    assert name.text() == ""


def test_an_excel_cell_is_no_error(form: ItemForm, qtbot: QtBot) -> None:
    for field, text in ((form.number, "1300"), (form.fields[TITLE], "Spring")):
        paste(qtbot, field, f"{text}\r\n")
        assert field.text() == text


@pytest.mark.parametrize("text", ["fay@example.org  ", " fay@example.org", "fay@example.org\u200b"])
def test_what_cannot_be_seen_at_the_ends_makes_no_error(
    form: ItemForm, qtbot: QtBot, text: str
) -> None:
    paste(qtbot, form.fields[EMAIL], text)
    with qtbot.waitSignal(form.submitted) as submitted:
        form.submit()
    assert submitted.args[1]["recipient"]["email"] == "fay@example.org"
    assert form.snapshot()["values"][EMAIL] == "fay@example.org"


@pytest.mark.parametrize(
    "text", ["fay@example.org, ada@example.org", "Fay <fay@example.org>; Ada <ada@example.org>"]
)
def test_two_addresses_have_a_sentence_of_their_own(
    form: ItemForm, qtbot: QtBot, text: str
) -> None:
    paste(qtbot, form.fields[EMAIL], text)
    form.submit()
    assert form.fields[EMAIL].error == "There is more than one address here. Enter one."
