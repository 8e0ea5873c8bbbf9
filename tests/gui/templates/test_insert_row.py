"""A field of one's own is made by typing its name into the text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from tests.gui.templates.conftest import template

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop.gui.templates.template_sheet import TemplateSheet

SHOWN: dict[str, Any] = {"from": "a", "to": "b", "subject_html": "s", "text": "t", "html": ""}


def offered(sheet: TemplateSheet) -> list[str]:
    sheet.form.insert.show_fields()
    return [each.text() for each in sheet.form.insert.menu().actions() if each.text()]


def unknown(*fields: str) -> dict[str, Any]:
    return {**SHOWN, "unknown": [{"field": each, "nearest": None} for each in fields]}


def test_a_new_field_is_named_where_it_stands(qtbot: QtBot, sheet: TemplateSheet) -> None:
    form, text = sheet.form, sheet.form.texts["text"]
    form.insert.new_chosen.emit()
    assert text.hasFocus()
    assert sheet.form.parts()["text"] == "{{ New field }}Dear {{ name }}"
    sheet.show_message(unknown("New field"))  # while its name is typed
    qtbot.keyClicks(text, "Seat  row")
    qtbot.keyClick(text, Qt.Key.Key_Return)
    qtbot.keyClicks(text, ": ")
    assert text.toPlainText() == "\ufffc: Dear \ufffc"
    assert offered(sheet)[-2:] == ["Seat row", "New field…"]
    form.insert.new_chosen.emit()
    qtbot.keyClicks(text, "titel")  # which is probably a slip
    qtbot.keyClick(text, Qt.Key.Key_Return)
    assert text.toPlainText() == "\ufffc: {{ titel }}Dear \ufffc"
    for _ in range(20):
        text.undo()
    assert text.toPlainText() == "Dear \ufffc"
    sheet.discard()
    assert "Seat row" not in offered(sheet)


def test_a_field_that_is_typed_is_a_chip_at_once(qtbot: QtBot, sheet: TemplateSheet) -> None:
    text = sheet.form.texts["text"]
    qtbot.keyClicks(text, "Row {{seat}}, {{ titel }}")
    assert text.toPlainText().startswith("Row \ufffc, {{ titel }}")  # which is probably a slip
    assert "seat" in offered(sheet)
    text.set_source("{{ Betrag }} {{ titel }}")  # as it is pasted
    sheet.show_message(unknown("Betrag"))
    assert (text.toPlainText(), text.source()) == ("\ufffc {{ titel }}", "{{ Betrag }} {{ titel }}")
    assert "Betrag" in offered(sheet)
    text.undo()
    sheet.show_template(template(fields=["year"]))
    assert offered(sheet)[-2:] == ["year", "New field…"]


def test_a_field_whose_name_is_being_typed_waits_for_the_rest_of_it(
    qtbot: QtBot, sheet: TemplateSheet
) -> None:
    text = sheet.form.texts["text"]
    text.set_source("{{ s }}")
    text.setFocus()
    cursor = text.textCursor()
    cursor.setPosition(4)
    text.setTextCursor(cursor)
    sheet.show_message(unknown("s"))
    assert (text.toPlainText(), "s" in offered(sheet)) == ("{{ s }}", False)
    qtbot.keyClicks(text, "eat")
    sheet.form.texts["subject"].setFocus()
    sheet.show_message(unknown("seat"))
    assert (text.toPlainText(), "seat" in offered(sheet)) == ("\ufffc", True)


def test_tab_leads_from_the_text_to_the_menu_which_inserts_at_the_cursor(
    qtbot: QtBot, sheet: TemplateSheet
) -> None:
    sheet.show_fields(["Seat"])
    window, text = sheet.window(), sheet.form.texts["text"]
    text.setFocus()
    led = []
    for _ in range(2):
        qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
        here = window.focusWidget()
        led.append(here.text() if isinstance(here, QPushButton) else here.accessibleName())
    assert led == ["Insert field", "Reply to"]
    sheet.form.insert.show_fields()
    next(each for each in sheet.form.insert.menu().actions() if each.text() == "Seat").trigger()
    assert sheet.form.parts()["text"] == "{{ Seat }}Dear {{ name }}"
    assert text.hasFocus()
