"""The template of an item, and a line for each field that it asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel

from desktop.gui.items.form.item_form import ItemForm, TypedPerson
from tests.gui.hands import pick
from tests.gui.items.form.test_item_form import problem

if TYPE_CHECKING:
    from PySide6.QtCore import QSettings
    from pytestqt.qtbot import QtBot


TEMPLATES = [
    {"name": "confirmation", "fields": []},
    {"name": "Renewal", "fields": ["No. of seats", "year"]},
    {"name": "Fees", "fields": ["year"]},
]


@pytest.fixture
def form(form: ItemForm) -> ItemForm:
    form.message.show_templates(TEMPLATES)
    form.fields["recipient.email"].set_text("ada@example.org")
    return form


def choose(form: ItemForm, name: str) -> None:
    choice = form.message.choice
    pick(choice, name)


def submitted(form: ItemForm, qtbot: QtBot) -> dict[str, object]:
    with qtbot.waitSignal(form.submitted) as seen:
        form.submit()
    form.allow_submit()
    assert seen.args is not None
    body: dict[str, object] = seen.args[1]
    return body


def test_a_template_asks_for_its_fields_even_where_they_stay_empty(
    form: ItemForm, qtbot: QtBot
) -> None:
    assert "template" not in submitted(form, qtbot)
    choose(form, "Renewal")
    form.message.fields["fields.year"].set_text("2027")
    with qtbot.assertNotEmitted(form.submitted):
        form.submit()
    assert form.message.fields["fields.No. of seats"].error.startswith("This is empty.")
    assert not form.message.fields["fields.year"].error
    body = submitted(form, qtbot)
    assert body["template"] == "Renewal"
    assert body["fields"] == {"No. of seats": "", "year": "2027"}
    choose(form, "Fees")
    assert submitted(form, qtbot)["fields"] == {"year": "2027"}


def test_a_draft_comes_back_before_the_templates_are_known(
    form: ItemForm, qtbot: QtBot, settings: QSettings
) -> None:
    choose(form, "Renewal")
    form.message.fields["fields.year"].set_text("2027")
    typed = form.snapshot()
    later = ItemForm(settings)
    qtbot.addWidget(later)
    later.restore(typed)
    assert later.snapshot() == typed
    later.message.show_templates(TEMPLATES)
    assert later.snapshot() == typed
    later.clear()
    assert later.message.value() == "Renewal"
    assert later.is_empty()
    later.message.show_templates(TEMPLATES[:1])
    assert later.message.value() == "confirmation"


def test_an_error_of_a_templates_field_stands_there(form: ItemForm) -> None:
    choose(form, "Renewal")
    form.show_problem(problem(422, **{"fields.No. of seats": "Not like this."}))
    assert form.message.fields["fields.No. of seats"].error == "Not like this."


def test_an_item_can_have_a_time_that_is_still_to_come(form: ItemForm, qtbot: QtBot) -> None:
    form.send_at.begin.click()
    at = form.send_at.moment()
    assert submitted(form, qtbot)["run_at"] == at
    form.send_at.set_moment("2020-01-01T09:00:00.000Z")
    form.submit()
    assert "passed" in form.send_at.error
    form.send_at.none.click()
    assert "run_at" not in submitted(form, qtbot)


def test_an_item_of_the_same_title_is_pointed_out(form: ItemForm, qtbot: QtBot) -> None:
    with qtbot.waitSignal(form.same.asked) as asked:
        qtbot.keyClicks(form.fields["title"].editor, "Opera")
    typed = TypedPerson("ada@example.org", "Opera", "")
    assert asked.args == [typed]
    height = form.fields["title"].sizeHint().height()
    form.same.show_found(typed, 7, "Opera")
    assert form.fields["title"].sizeHint().height() == height
    assert form.same.text() == "Already there: item 7"
    picture, words = form.same.findChildren(QLabel)
    assert not picture.pixmap().isNull()
    assert words.property("role") == "waiting", "it was as quiet as a label"
    qtbot.keyClicks(form.fields["title"].editor, "s")
    assert form.same.isHidden()
    form.same.show_found(typed, 7, "Opera")
    assert form.same.isHidden()


def test_the_same_person_is_pointed_out_before_there_is_a_title(
    form: ItemForm, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(form.same.asked) as asked:
        qtbot.keyClicks(form.fields["recipient.name"].editor, "Ada")
    (typed,) = asked.args
    assert typed == TypedPerson("ada@example.org", "", "Ada")
    form.same.show_found(typed, 7, "Opera")
    assert form.same.text() == "Same person: item 7"


def test_a_double_click_does_not_pass_what_was_pointed_out(form: ItemForm, qtbot: QtBot) -> None:
    choose(form, "Fees")
    with qtbot.assertNotEmitted(form.submitted):
        qtbot.mouseClick(form.submit_button, Qt.MouseButton.LeftButton)
        qtbot.mouseDClick(form.submit_button, Qt.MouseButton.LeftButton)
        form.fields["recipient.email"].editor.clear()
        qtbot.keyClicks(form.fields["recipient.email"].editor, "bo@example.org")
        form.submit()
    assert form.message.fields["fields.year"].error.startswith("This is empty.")
    submitted(form, qtbot)


def test_the_template_chosen_last_is_there_at_the_next_start(
    form: ItemForm, qtbot: QtBot, settings: QSettings
) -> None:
    choose(form, "Renewal")
    following = ItemForm(settings)
    qtbot.addWidget(following)
    assert following.message.value() == "Renewal"
    following.message.show_templates(TEMPLATES, {"Renewal": "Fees"})
    assert (following.message.value(), [*following.message.fields]) == ("Fees", ["fields.year"])
    later = ItemForm(settings)
    qtbot.addWidget(later)
    later.message.show_templates(TEMPLATES[:1])
    assert later.message.value() == "confirmation"


def test_tab_leads_from_the_title_to_the_fields_of_the_template(
    form: ItemForm, qtbot: QtBot
) -> None:
    choose(form, "Renewal")
    qtbot.waitUntil(lambda: all(each.isVisible() for each in form.message.fields.values()))
    form.fields["title"].editor.setFocus()
    note = form.fields["fields.note"]
    for field in (*form.message.fields.values(), note):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        assert QApplication.focusWidget() is field.editor
    form.submit_button.setFocus()
    for _ in ("Clear", "Item"):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is form.number.editor
