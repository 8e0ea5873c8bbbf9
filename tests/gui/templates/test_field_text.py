"""A text with fields as chips: what is typed is the template's source, or makes a new field."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from desktop.gui.templates.field_chips import FieldNames
from desktop.gui.templates.field_offer import NEW
from desktop.gui.templates.field_text import FieldText
from tests.gui.templates.conftest import template
from tests.property_based import examples

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop.gui.kit.look.appearance import ThemeSource
    from desktop.gui.templates.letters_place import LettersPlace

PLACEHOLDERS = [
    "\U0001f600",
    "{{ first_name }}",
    "{{ Seat }}",
    "{{ title|upper }}",
    '{{ title or "Your booking" }}',
    "{{ no }}",
    "{% if x %}",
]
words = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp", "Co", "Cn"]), max_size=8)
sources = st.lists(st.sampled_from([*PLACEHOLDERS, "\n"]) | words, max_size=8).map("".join)


@pytest.fixture
def text(qtbot: QtBot, themes: ThemeSource) -> FieldText:
    fields = FieldNames()
    fields.set_own(["Seat"])
    made = FieldText("Text", fields)
    qtbot.addWidget(made)
    made.show()
    return made


@settings(max_examples=examples(60), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(source=sources.filter(lambda source: source and "\ufffc" not in source))
def test_the_source_comes_out_as_it_went_in(text: FieldText, source: str) -> None:
    text.set_source(source)
    assert text.source() == source
    text.selectAll()
    text.copy()
    text.set_source("")
    text.paste()
    assert text.source() == source


def test_a_field_with_words_in_its_place_is_one_chip(text: FieldText) -> None:
    source = '{{ title or "Your booking" }}: confirmed (no. {{ number }})'
    text.set_source(source)
    assert text.toPlainText() == "\ufffc: confirmed (no. \ufffc)"
    assert text.source() == source
    names = FieldNames()
    assert names.label(names.find('title or "Your booking"') or "") == "title or “Your booking”"
    assert names.find('titel or "Your booking"') is None
    text.set_source('{{ title or "{}" or number }}')
    assert "{{" in text.toPlainText()


def test_beside_words_a_name_stays_as_it_was_written(qtbot: QtBot, themes: ThemeSource) -> None:
    fields = FieldNames()
    fields.set_own(["Seat row"])  # between "or" and braces only a name of one word can be read
    text = FieldText("Text", fields)
    qtbot.addWidget(text)
    source = '{{ seat_row or "–" }} {{ Title or "x" }}'
    text.set_source(source)
    assert text.toPlainText() == "\ufffc \ufffc"
    assert text.source() == source
    assert fields.label('seat_row or "–"') == "Seat row or “–”"


def test_a_slip_is_a_chip_too_and_is_replaced_everywhere(text: FieldText) -> None:
    text.set_source("{{ titel }} and {{ Titel }}, {{ new }}")
    text.mark_unknown(["titel"])
    assert text.toPlainText() == "\ufffc and \ufffc, \ufffc"
    text.replace_field("titel", "title")
    assert text.source() == "{{ title }} and {{ title }}, {{ new }}"


def test_a_subject_stays_on_one_line(qtbot: QtBot, themes: ThemeSource) -> None:
    subject = FieldText("Subject", FieldNames(), lines=1)
    qtbot.addWidget(subject)
    qtbot.keyClick(subject, Qt.Key.Key_Return)
    QGuiApplication.clipboard().setText("two\nlines {{ title }}")
    subject.paste()
    assert subject.source() == "two lines {{ title }}"


def test_a_field_typed_behind_an_emoji_stays(qtbot: QtBot, text: FieldText) -> None:
    text.set_source("\U0001f389 ")
    text.moveCursor(text.textCursor().MoveOperation.End)
    qtbot.keyClicks(text, "Dear {{first NAME}}")
    text.insert_field("Seat")
    assert text.source() == "\U0001f389 Dear {{ first_name }}{{ Seat }}"


SHOWN: dict[str, Any] = {"from": "a", "to": "b", "subject_html": "s", "text": "t", "html": ""}


def offered(letters: LettersPlace) -> list[str]:
    text = letters.form.texts["text"]
    text.offer_fields()
    names = text.offer.names()
    text.offer.hide()
    return names


def unknown(*fields: str) -> dict[str, Any]:
    return {**SHOWN, "unknown": [{"field": each, "nearest": None} for each in fields]}


def test_a_new_field_is_named_where_it_stands(qtbot: QtBot, letters: LettersPlace) -> None:
    form, text = letters.form, letters.form.texts["text"]
    form.texts["text"].begin_field()
    assert text.hasFocus()
    assert letters.form.parts()["text"] == "{{ New field }}Dear {{ name }}"
    letters.show_message(unknown("New field"))  # while its name is typed
    qtbot.keyClicks(text, "Seat  row")
    qtbot.keyClick(text, Qt.Key.Key_Return)
    qtbot.keyClicks(text, ": ")
    assert text.toPlainText() == "\ufffc: Dear \ufffc"
    assert offered(letters)[-2:] == ["Seat row", NEW]
    form.texts["text"].begin_field()
    qtbot.keyClicks(text, "titel")  # which is probably a slip
    qtbot.keyClick(text, Qt.Key.Key_Return)
    assert text.toPlainText() == "\ufffc: \ufffcDear \ufffc"
    assert "titel" not in offered(letters)
    for _ in range(20):
        text.undo()
    assert text.toPlainText() == "Dear \ufffc"
    letters.discard()
    assert "Seat row" not in offered(letters)


def test_a_field_that_is_typed_is_a_chip_at_once(qtbot: QtBot, letters: LettersPlace) -> None:
    text = letters.form.texts["text"]
    qtbot.keyClicks(text, "Row {{seat}}, {{ titel }}")
    assert text.toPlainText().startswith("Row \ufffc, \ufffc")
    assert ("seat" in offered(letters), "titel" in offered(letters)) == (True, False)  # a slip
    text.set_source("{{ Betrag }} {{ titel }}")  # as it is pasted
    letters.show_message(unknown("Betrag"))
    assert (text.toPlainText(), text.source()) == ("\ufffc \ufffc", "{{ Betrag }} {{ titel }}")
    assert "Betrag" in offered(letters)
    text.undo()
    letters.show_template(template(fields=["year"]))
    assert offered(letters)[-2:] == ["year", NEW]


def test_a_field_whose_name_is_being_typed_waits_for_the_rest_of_it(
    qtbot: QtBot, letters: LettersPlace
) -> None:
    text = letters.form.texts["text"]
    text.set_source("")
    text.setFocus()
    qtbot.keyClicks(text, "{{  }}")
    for _ in range(3):
        qtbot.keyClick(text, Qt.Key.Key_Left)
    qtbot.keyClicks(text, "s")
    letters.show_message(unknown("s"))
    assert (text.toPlainText(), "s" in offered(letters)) == ("{{ s }}", False)
    qtbot.keyClicks(text, "eat")
    letters.form.texts["subject"].setFocus()
    letters.show_message(unknown("seat"))
    assert (text.toPlainText(), "seat" in offered(letters)) == ("\ufffc", True)


def test_tab_leads_from_the_text_to_the_menu_which_inserts_at_the_cursor(
    qtbot: QtBot, letters: LettersPlace
) -> None:
    letters.show_fields(["Seat"])
    window, text = letters.window(), letters.form.texts["text"]
    text.setFocus()
    led = []
    for _ in range(3):
        qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
        here = window.focusWidget()
        led.append(here.accessibleName() or here.property("text"))
    assert led == ["Make it a letter", "Insert field", "Whose values the letter shows"]
    text.setFocus()
    letters.form.tools.field.click()
    assert text.hasFocus()
    qtbot.keyClicks(text, "sea")
    qtbot.keyClick(text, Qt.Key.Key_Tab)
    assert letters.form.parts()["text"] == "{{ Seat }}Dear {{ name }}"
    assert text.hasFocus()
