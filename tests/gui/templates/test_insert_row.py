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


def chips(sheet: TemplateSheet) -> list[str]:
    flow = sheet.form.insert.flow
    widgets = [item.widget() for at in range(flow.count()) if (item := flow.itemAt(at))]
    return [each.text() for each in widgets if isinstance(each, QPushButton)]


def unknown(*fields: str) -> dict[str, Any]:
    return {**SHOWN, "unknown": [{"field": each, "nearest": None} for each in fields]}


def test_a_new_field_is_named_where_it_stands(qtbot: QtBot, sheet: TemplateSheet) -> None:
    row, text = sheet.form.insert, sheet.form.texts["text"]
    row.new.click()
    assert text.hasFocus()
    assert sheet.form.parts()["text"] == "{{ New field }}Dear {{ name }}"
    sheet.show_message(unknown("New field"))  # while its name is typed
    qtbot.keyClicks(text, "Seat  row")
    qtbot.keyClick(text, Qt.Key.Key_Return)
    qtbot.keyClicks(text, ": ")
    assert text.toPlainText() == "\ufffc: Dear \ufffc"
    assert chips(sheet)[-2:] == ["Seat row", "New field…"]
    row.new.click()
    qtbot.keyClicks(text, "titel")  # which is probably a slip
    qtbot.keyClick(text, Qt.Key.Key_Return)
    assert text.toPlainText() == "\ufffc: {{ titel }}Dear \ufffc"
    for _ in range(20):
        text.undo()
    assert text.toPlainText() == "Dear \ufffc"
    sheet.discard()
    assert "Seat row" not in chips(sheet)


def test_a_field_that_is_typed_is_a_chip_at_once(qtbot: QtBot, sheet: TemplateSheet) -> None:
    text = sheet.form.texts["text"]
    qtbot.keyClicks(text, "Row {{seat}}, {{ titel }}")
    assert text.toPlainText().startswith("Row \ufffc, {{ titel }}")  # which is probably a slip
    assert "seat" in chips(sheet)
    text.set_source("{{ Betrag }} {{ titel }}")  # as it is pasted
    sheet.show_message(unknown("Betrag"))
    assert (text.toPlainText(), text.source()) == ("\ufffc {{ titel }}", "{{ Betrag }} {{ titel }}")
    assert "Betrag" in chips(sheet)
    text.undo()
    sheet.show_template(template(fields=["year"]))
    assert chips(sheet)[-2:] == ["year", "New field…"]


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
    assert (text.toPlainText(), "s" in chips(sheet)) == ("{{ s }}", False)
    qtbot.keyClicks(text, "eat")
    sheet.form.texts["subject"].setFocus()
    sheet.show_message(unknown("seat"))
    assert (text.toPlainText(), "seat" in chips(sheet)) == ("\ufffc", True)


def test_tab_leads_through_the_chips_as_they_stand(qtbot: QtBot, sheet: TemplateSheet) -> None:
    sheet.show_fields(["Seat"])
    sheet.form.insert.chosen.emit("Row")
    window, row = sheet.window(), sheet.form.insert
    last = row.findChildren(QPushButton)[-1]
    qtbot.waitUntil(last.isVisible)
    sheet.form.texts["text"].setFocus()
    led = []
    for _ in range(12):
        qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
        here = window.focusWidget()
        led.append(here.text() if isinstance(here, QPushButton) else here.accessibleName())
    assert led[-4:] == ["Seat", "Row", "New field…", "Reply to"]
    assert led[0] == "number"
