"""The template of an item, a line for each field that it asks for, and what is done afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt

from desktop.contract.items import CONFIRMATION
from desktop.gui.items.form.item_fields import NOTE
from desktop.gui.items.form.item_form import ItemForm
from tests.gui.hands import pick
from tests.gui.items.form.test_item_form import fill

if TYPE_CHECKING:
    from PySide6.QtCore import QSettings
    from pytestqt.qtbot import QtBot

    from desktop.contract.office import OfficeFunction


TEMPLATES = [
    {"name": "confirmation", "fields": [], "standard": ["name", "note"]},
    {"name": "Renewal", "fields": ["No. of seats", "year"], "standard": ["note"]},
    {"name": "Fees", "fields": ["year"], "standard": []},
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
    assert seen.args is not None
    form.restore(seen.args[2])
    body: dict[str, object] = seen.args[1]
    return body


def test_a_note_that_the_template_lacks_is_asked_about(form: ItemForm, qtbot: QtBot) -> None:
    form.fields[NOTE].set_text("Bring water")
    submitted(form, qtbot)
    choose(form, "Fees")
    form.message.fields["fields.year"].set_text("2027")
    with qtbot.assertNotEmitted(form.submitted):
        form.submit()
    assert form.trouble.text().startswith("The e-mail goes without the note")
    assert submitted(form, qtbot)["fields"] == {"year": "2027", "note": "Bring water"}


def test_a_draft_comes_back_before_the_templates_are_known(
    form: ItemForm, qtbot: QtBot, settings: QSettings
) -> None:
    choose(form, "Renewal")
    form.message.fields["fields.year"].set_text("2027")
    typed = form.snapshot()
    later = ItemForm(settings)
    qtbot.addWidget(later)
    assert later.message.value() == "Renewal"  # the one chosen last
    later.restore(typed)
    assert later.snapshot() == typed
    later.message.show_templates(TEMPLATES)
    assert later.snapshot() == typed
    later.clear()
    assert later.message.value() == "Renewal"
    assert later.is_empty()
    later.message.show_templates(TEMPLATES[:1])
    assert later.message.value() == "confirmation"


def test_a_double_click_does_not_pass_what_was_pointed_out(form: ItemForm, qtbot: QtBot) -> None:
    choose(form, "Fees")
    with qtbot.assertNotEmitted(form.submitted):
        qtbot.mouseClick(form.submit_button, Qt.MouseButton.LeftButton)
        qtbot.mouseDClick(form.submit_button, Qt.MouseButton.LeftButton)
        form.fields["recipient.email"].editor.clear()
        qtbot.keyClicks(form.fields["recipient.email"].editor, "bo@example.org")
        form.submit()
    assert not form.trouble.isHidden()
    submitted(form, qtbot)


def test_what_is_empty_is_sent_only_while_the_question_is_there(
    form: ItemForm, qtbot: QtBot
) -> None:
    choose(form, "Fees")
    form.submit()
    form.fields["title"].editor.setFocus()
    assert not form.trouble.isHidden()
    with qtbot.assertNotEmitted(form.submitted):
        qtbot.keyClicks(form.fields["title"].editor, "Opera")
        assert form.trouble.isHidden()
        form.submit()
    submitted(form, qtbot)


def function(name: str, *, takes_item: bool = True) -> OfficeFunction:
    return {
        "name": name,
        "title": name.title(),
        "doc": "What it does.\nMore.",
        "lane": "io",
        "queue": name,
        "takes_item": takes_item,
        "parameters": {},
    }


KNOWN = [function(CONFIRMATION), function("receipt"), function("report", takes_item=False)]


def test_own_tasks_are_offered_and_those_checked_last_stay_for_the_next_item(
    form: ItemForm, qtbot: QtBot, settings: QSettings
) -> None:
    form.afterwards.show_functions(KNOWN)
    form.more.menu().aboutToShow.emit()
    shown = [each for each in form.more.menu().actions() if not each.isSeparator()]
    assert [each.text() for each in shown] == ["Confirmation e-mail", "Receipt", "Clear the form"]
    receipt = form.afterwards.entries["receipt"]
    assert "What it does." in receipt.toolTip()
    fill(form)
    assert form.snapshot()["tasks"] == [CONFIRMATION]
    receipt.trigger()
    with qtbot.waitSignal(form.submitted) as submitted:
        form.submit()
    assert submitted.args[1]["tasks"] == [CONFIRMATION, "receipt"]
    form.afterwards.entries[CONFIRMATION].trigger()
    form.clear()
    assert form.snapshot()["tasks"] == [CONFIRMATION, "receipt"]
    later = ItemForm(settings)
    qtbot.addWidget(later)
    assert later.snapshot()["tasks"] == [CONFIRMATION, "receipt"]  # while that is not known yet
    later.afterwards.show_functions(KNOWN[:1])
    assert later.snapshot()["tasks"] == [CONFIRMATION]
    later.afterwards.show_functions(KNOWN)
    assert later.snapshot()["tasks"] == [CONFIRMATION]


def test_a_draft_brings_its_tasks_back_before_they_are_known(form: ItemForm) -> None:
    form.restore({"number": "", "values": {}, "tasks": ["receipt"]})
    assert form.snapshot()["tasks"] == ["receipt"]
    form.afterwards.show_functions(KNOWN)
    assert form.afterwards.entries["receipt"].isChecked()
    assert form.snapshot()["tasks"] == ["receipt"]
