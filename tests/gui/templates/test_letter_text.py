"""A letter in the editor: its kinds and keys, what is pasted, and the fields at a brace."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QGuiApplication

from desktop.gui.templates.field_chips import FieldNames, pasted_lines
from desktop.gui.templates.field_text import FieldText
from desktop.gui.templates.letter_lines import LetterLine, lines_of, markdown_of
from desktop.gui.templates.letter_tools import LetterTools
from desktop.mail.templates.source import parts_of
from desktop.settings.resources import resources
from tests.gui.templates.conftest import template
from tests.gui.templates.test_letter_lines import lines
from tests.property_based import examples

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget
    from pytestqt.qtbot import QtBot

    from desktop.gui.kit.look.appearance import ThemeSource
    from desktop.gui.templates.letters_place import LettersPlace

CONTROL = Qt.KeyboardModifier.ControlModifier
LETTER = "# Your seats\n\nDear {{ first_name }}, **row {{ Row }}**\n- Doors at 19:00\n- [Plan](https://a.example)"


@pytest.fixture
def text(qtbot: QtBot, host: QWidget, themes: ThemeSource) -> FieldText:
    fields = FieldNames()
    fields.set_own(["Row"])
    made = FieldText("Text", fields)
    made.is_letter = True
    made.setParent(host)
    host.show()
    made.show()
    made.setFocus()
    return made


@settings(max_examples=examples(60), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(made=st.lists(lines, min_size=1, max_size=5))
def test_a_letter_comes_out_as_it_went_in(text: FieldText, made: list[LetterLine]) -> None:
    source = markdown_of(lines_of(markdown_of(made)))
    text.set_source(source)
    assert text.source() == source
    if text.toPlainText():
        text.selectAll()
        text.copy()
        text.set_source("")
        text.paste()
    assert text.source() == source


def test_what_is_copied_is_its_text_elsewhere(text: FieldText) -> None:
    text.set_source(LETTER)
    text.selectAll()
    text.copy()
    said = "Your seats\n\nDear {{ first_name }}, row {{ Row }}\nDoors at 19:00\nPlan"
    assert QGuiApplication.clipboard().text() == said


def test_each_tool_makes_its_kind_and_takes_it_back(qtbot: QtBot, text: FieldText) -> None:
    tools = LetterTools(text)
    text.set_source("Doors")
    text.selectAll()
    for button, key, made in (
        (tools.bold, (Qt.Key.Key_B, CONTROL), "**Doors**"),
        (tools.heading, (Qt.Key.Key_H, CONTROL | Qt.KeyboardModifier.ShiftModifier), "# Doors"),
        (tools.list, (Qt.Key.Key_L, CONTROL), "- Doors"),
    ):
        qtbot.keyClick(text, *key)
        assert (text.source(), button.isChecked()) == (made, True)
        button.click()
        assert (text.source(), button.isChecked()) == ("Doors", False)
    for _ in range(6):
        text.undo()
    assert text.source() == "Doors"


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_a_link_is_asked_for_at_the_text(qtbot: QtBot, text: FieldText) -> None:
    tools = LetterTools(text)
    text.set_source("the plan")
    text.selectAll()
    qtbot.keyClick(text, Qt.Key.Key_K, CONTROL)
    editor = tools.target.field.editor
    qtbot.keyClicks(editor, "no address")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert "is neither a web address" in tools.target.field.error
    qtbot.keyClick(editor, Qt.Key.Key_Escape)
    assert tools.target.isHidden()
    tools.target.ask()
    tools.target.field.set_text("a.example/plan")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert text.source() == "[the plan](https://a.example/plan)"
    text.moveCursor(text.textCursor().MoveOperation.End)
    qtbot.keyClicks(text, "!")
    assert text.source() == "[the plan](https://a.example/plan)!"
    cursor = text.textCursor()
    cursor.setPosition(3)
    text.setTextCursor(cursor)
    qtbot.keyClick(text, Qt.Key.Key_K, CONTROL)
    assert tools.target.field.text() == "https://a.example/plan"
    tools.target.field.set_text("")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert text.source() == "the plan!"


def test_enter_ends_a_heading_and_an_empty_item(qtbot: QtBot, text: FieldText) -> None:
    text.set_source("# Seats")
    text.moveCursor(text.textCursor().MoveOperation.End)
    qtbot.keyClick(text, Qt.Key.Key_Return)
    text.toggle_list()
    for key in ("a", "b", ""):
        qtbot.keyClicks(text, key)
        qtbot.keyClick(text, Qt.Key.Key_Return)
    qtbot.keyClicks(text, "c")
    assert text.source() == "# Seats\n- a\n- b\n\nc"
    text.set_source("- a")
    qtbot.keyClick(text, Qt.Key.Key_Backspace)
    assert text.source() == "a"


def test_enter_before_a_heading_moves_it_down(qtbot: QtBot, text: FieldText) -> None:
    text.set_source("# Seats")
    qtbot.keyClick(text, Qt.Key.Key_Return)
    assert text.source() == "\n# Seats"
    text.undo()
    assert text.source() == "# Seats"


def test_what_is_typed_as_a_sign_stays_one(qtbot: QtBot, text: FieldText) -> None:
    text.set_source("")
    qtbot.keyClicks(text, "# 1. **May** [x](https://a.example)")
    typed = text.toPlainText()
    text.set_source(text.source())
    assert text.toPlainText() == typed == "# 1. **May** [x](https://a.example)"


WORD = """<html><head><style>p.MsoNormal {margin:0cm}</style></head><body>
<p class=MsoNormal><b><span style='font-size:20pt;color:red'>Welcome</span></b> to
<a href="https://a.example">us</a> and <a href="javascript:x()">them</a></p>
<p class=MsoNormal>Second line</p>
<p class=MsoListParagraph><span>·<span>&nbsp;&nbsp; </span></span>Doors</p>
<table><tr><td>A cell</td></tr></table><img src="file:///etc/passwd"></body></html>"""
PAGE = "<h2>Title</h2><p>One<br>two</p><p>Three</p><ul><li>a</li><li>b</li></ul><p>After</p>"


def test_of_what_is_pasted_a_letter_keeps_what_it_knows(text: FieldText) -> None:
    said = markdown_of(pasted_lines(WORD))
    assert said.splitlines()[:4] == [
        "**Welcome** to [us](https://a.example) and them",
        "Second line",
        "- Doors",
        "",
    ]
    assert "A cell" in said
    text.set_source("")
    data = QMimeData()
    data.setHtml(PAGE)
    data.setText("…")
    text.insertFromMimeData(data)
    assert text.source() == "## Title\nOne\ntwo\n\nThree\n- a\n- b\n\nAfter"


def test_a_brace_offers_the_fields_with_the_values_of_the_person_shown(
    qtbot: QtBot, letters: LettersPlace
) -> None:
    shown = {"from": "a", "to": "b", "subject_html": "s", "text": "t", "html": ""}
    letters.show_fields(["Seats"])
    letters.show_message(
        {**shown, "unknown": [], "values": {"Seats": "Row 7", "first_name": "Ines"}}
    )
    text = letters.form.texts["text"]
    text.setFocus()
    qtbot.keyClicks(text, "{")
    rows = [text.offer.topLevelItem(at) for at in range(text.offer.topLevelItemCount())]
    assert ("Seats", "Row 7") in [(each.text(0), each.text(1)) for each in rows if each]
    qtbot.keyClicks(text, "na")
    assert text.offer.names() == ["name", "first_name", "last_name", "na"]
    qtbot.keyClick(text, Qt.Key.Key_Down)
    qtbot.keyClick(text, Qt.Key.Key_Return)
    assert letters.form.parts()["text"] == "{{ first_name }}Dear {{ name }}"
    assert not text.offer.isVisible()
    qtbot.keyClicks(text, "{?")
    assert not text.offer.isVisible()
    qtbot.keyClicks(text, " {")
    assert text.offer.names().index("number") == text.offer.currentIndex().row()
    qtbot.keyClick(text, Qt.Key.Key_Escape)
    assert (text.offer.isVisible(), letters.isVisible()) == (False, True)
    qtbot.keyClick(text, Qt.Key.Key_Backspace)
    for _ in range(4):
        qtbot.keyClick(text, Qt.Key.Key_Backspace)
    assert letters.form.parts()["text"] == "Dear {{ name }}"


def test_a_name_behind_a_brace_is_offered_as_a_new_field(
    qtbot: QtBot, letters: LettersPlace
) -> None:
    text = letters.form.texts["text"]
    text.setFocus()
    qtbot.keyClicks(text, "{Boat")
    assert text.offer.names() == ["Boat"]
    qtbot.keyClick(text, Qt.Key.Key_Return)
    assert letters.form.parts()["text"] == "{{ Boat }}Dear {{ name }}"
    qtbot.keyClicks(text, "{boa")
    assert text.offer.names() == ["Boat", "boa"]


def test_an_old_text_becomes_a_letter_in_which_it_reads_as_before(
    qtbot: QtBot, letters: LettersPlace
) -> None:
    typed = "# 1\n{{ name }} *now*"
    letters.show_template(template(parts={**template()["parts"], "text": typed}))
    tools, text = letters.form.tools, letters.form.texts["text"]
    assert not tools.bold.isVisible()
    text.selectAll()
    qtbot.keyClick(text, Qt.Key.Key_B, CONTROL)
    assert not text.currentCharFormat().font().bold()
    tools.become.click()
    assert text.toPlainText() == "# 1\n\ufffc *now*"
    parts = letters.form.parts()
    assert (parts["format"], parts["text"]) == ("markdown", "\\# 1\n{{ name }} *now*")
    assert (tools.bold.isVisible(), tools.become.isVisible()) == (True, False)
    assert letters.has_changes()


def test_a_letter_with_conditions_is_text_and_says_so(letters: LettersPlace) -> None:
    parts = {**template()["parts"], "format": "markdown"}
    source = "{% if Row %}**Row {{ Row|upper }}**{% endif %}"
    letters.show_template(template(parts={**parts, "text": source}))
    form = letters.form
    assert form.parts()["text"] == form.texts["text"].source() == source
    assert form.conditions.isVisible()
    assert not form.tools.bold.isEnabled()
    letters.show_template(template(parts={**parts, "text": LETTER}))
    assert not form.conditions.isVisible()
    assert form.tools.bold.isEnabled()
    assert form.parts()["text"] == LETTER


WRITTEN: Final = (
    '# Seats\n\nDear {{ name or "all" }},\n\n- one\n- **two**\n\n[a]({{ Plan }})',
    "{% for label, value in all_fields %}{{ label }}: {{ value }}\n{% endfor %}",
    "{{ Title }} is a column, {{ title }} is not; {{ all fields }} {{ first_name }}",
    "a\u00a0no-break blank and\n\n\nthree lines {{ Größe }}",
)


@pytest.mark.parametrize("format_", ["", "markdown"])
@pytest.mark.parametrize("text", WRITTEN)
def test_each_stored_letter_comes_out_of_the_editor_as_it_went_in(
    letters: LettersPlace, text: str, format_: str
) -> None:
    parts = {**template()["parts"], "subject": "Für {{ Name }}", "text": text, "format": format_}
    letters.show_template(template(parts=parts))
    assert letters.form.parts() == parts


def test_each_built_in_letter_comes_out_of_the_editor_as_it_went_in(letters: LettersPlace) -> None:
    files = sorted((resources() / "templates").glob("*/*.jinja"))
    assert files
    for file in files:
        made = asdict(parts_of(file.read_text(encoding="utf-8")))
        parts = {name: made[name] or template()["parts"][name] for name in template()["parts"]}
        letters.show_template(template(parts=parts))
        assert letters.form.parts() == parts, file
