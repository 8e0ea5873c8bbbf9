"""The form: quick by keyboard, clear about errors, and nothing typed is ever lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as run_with
from hypothesis import strategies as st
from PySide6.QtCore import QSettings, Qt

from desktop.contract.items import CONFIRMATION
from desktop.contract.office import OfficeRefusal
from desktop.gui.items.form.form_parts import FormSnapshot
from desktop.gui.items.form.item_fields import EMAIL, NAME
from desktop.gui.items.form.item_form import ItemForm
from desktop.gui.kit.widgets.buttons import Link
from tests.gui.hands import focus
from tests.property_based import examples

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop.gui.assembly import AppWindow
    from sendoff_tasks.model.problems import Problem

pytestmark = pytest.mark.dressed


CONTROL = Qt.KeyboardModifier.ControlModifier


def fill(form: ItemForm, **texts: str) -> None:
    for name, text in {"name": "Ines Duarte", "email": "ines@example.org", **texts}.items():
        path = next(path for path in form.fields if path.endswith(name))
        form.fields[path].set_text(text)


def problem(status: int, detail: str = "", **errors: str) -> Problem:
    made: Problem = {"type": "about:blank", "title": "", "status": status, "detail": detail}
    if errors:
        made["errors"] = [
            {"path": path.replace("__", "."), "message": text} for path, text in errors.items()
        ]
    return made


def test_what_is_rarely_asked_comes_once_it_is_wanted(form: ItemForm, qtbot: QtBot) -> None:
    number, title, pin = form.number, form.fields["title"], form.pins["title"]
    form.propose(212)
    hidden = (number, form.message.choice, pin)
    assert not any(each.isVisible() for each in hidden)
    assert number.link.text() == "no. 212"
    number.link.click()
    assert number.editor.hasFocus()
    assert number.link.isHidden()
    form.clear()
    assert number.isHidden()
    assert number.link.isVisible()
    form.show_problem(problem(422, number="Too large."))
    assert number.isVisible()
    title.editor.setFocus()
    assert pin.isVisible()
    qtbot.keyClicks(title.editor, "Opera")
    form.begin()
    assert pin.isVisible()  # the keyboard reaches it behind the note
    title.set_text("")
    assert pin.isHidden()


def test_a_pinned_title_is_there_for_the_next_item_and_the_next_window(
    form: ItemForm, qtbot: QtBot, settings: QSettings
) -> None:
    title, pin = form.fields["title"], form.pins["title"]
    qtbot.keyClicks(title.editor, "Spring concert")
    form.clear()
    assert title.text() == ""
    qtbot.keyClicks(title.editor, "Spring")
    assert not form.is_empty()
    pin.click()
    assert form.is_empty()
    qtbot.keyClicks(title.editor, " concert")
    fill(form)
    form.restore({**form.snapshot(), "values": {"title": "one of its own"}})
    form.clear()
    assert form.is_empty()
    assert title.text() == "Spring concert"

    again = ItemForm(settings)
    qtbot.addWidget(again)
    assert again.fields["title"].text() == "Spring concert"
    again.pins["title"].click()
    again.clear()
    assert again.fields["title"].text() == ""
    third = ItemForm(settings)
    qtbot.addWidget(third)  # and so ended: each change of style goes through all widgets
    assert not third.pins["title"].isChecked()


def test_who_else_gets_the_e_mail_is_asked_for_behind_a_link(
    form: ItemForm, submitted: list[Any], qtbot: QtBot
) -> None:
    cc, bcc = form.fields["cc"], form.fields["bcc"]
    fill(form)
    assert (cc.isHidden(), bcc.isHidden(), form.copies.isHidden()) == (True, True, False)
    form.copies.click()
    assert (cc.isHidden(), bcc.isHidden(), form.copies.isHidden()) == (False, False, True)
    assert cc.editor.hasFocus()
    qtbot.keyClicks(cc.editor, "bo@example.org, cy")
    form.submit()
    assert (submitted, cc.error) == ([], "There is no @ in this address.")
    qtbot.keyClicks(cc.editor, "@example.org")
    before = form.snapshot()
    form.submit()
    ((_, item),) = submitted
    assert (item["cc"], "bcc" in item) == ("bo@example.org, cy@example.org", False)
    assert cc.isHidden()
    form.restore(before)
    assert (cc.isHidden(), cc.text()) == (False, "bo@example.org, cy@example.org")


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (problem(422, template="There is no such template."), "There is no such template."),
        (problem(500, "The answer makes no sense."), "The answer makes no sense."),
        (problem(409, "settings.toml cannot be read."), "settings.toml cannot be read."),
    ],
)
def test_an_error_without_a_field_stands_above_the_buttons(
    form: ItemForm, told: Problem, words: str
) -> None:
    fill(form)
    form.show_problem(told)
    assert form.trouble.isVisible()
    assert (form.trouble.text(), form.number.error) == (words, "")
    assert form.fields[NAME].text() == "Ines Duarte"


def test_errors_stand_at_their_fields(form: ItemForm, submitted: list[Any]) -> None:
    name, email, note = (form.fields[path] for path in (NAME, EMAIL, "fields.note"))
    fill(form, name="In\x07es", email="")
    form.submit()
    assert focus() is name.editor  # the first
    assert (email.error, name.text()) == ("Enter an e-mail address.", "In\x07es")
    fill(form)
    form.show_problem(problem(422, recipient="A recipient is needed."))
    assert name.error == "A recipient is needed."
    name.set_text("Ines")
    form.show_problem(problem(422, recipient__email="It is taken.", fields__note="Too long."))
    assert (email.error, note.error) == ("It is taken.", "Too long.")
    assert focus() is email.editor
    assert submitted == []
    email.set_text("ada@example.org")
    note.set_text("")
    form.submit()
    assert len(submitted) == 1


def test_a_draft_is_offered_within_a_second_of_typing_on(form: ItemForm, qtbot: QtBot) -> None:
    with qtbot.waitSignal(form.draft_changed) as drafted:
        qtbot.keyClicks(form.fields[NAME].editor, "In")
    assert drafted.args[0]["values"][NAME] == "In"


LINE = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=40)
LINES = st.lists(LINE, max_size=4).map("\n".join)


@run_with(max_examples=examples(60), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    number=st.one_of(st.just(""), st.integers(1, 10**6).map(str), st.just("12a")),
    texts=st.tuples(LINE, LINE, LINE, LINE, LINE, LINES),
    confirm=st.booleans(),
)
def test_all_that_was_typed_comes_back(
    form: ItemForm, number: str, texts: tuple[str, ...], confirm: bool
) -> None:
    typed: FormSnapshot = {
        "number": number,
        "values": dict(zip(form.fields, texts, strict=True)),
        "tasks": [CONFIRMATION] if confirm else [],
        "template": "confirmation",
        "send_at": "2036-03-01T09:30:00.000Z" if confirm else "",
    }
    form.clear()
    form.restore(typed)
    snapshot = form.snapshot()
    form.clear()
    assert form.is_empty()
    form.restore(snapshot)
    assert form.snapshot() == snapshot == typed


def test_a_taken_number_offers_the_next_free_one(
    form: ItemForm, qtbot: QtBot, submitted: list[Any]
) -> None:
    fill(form)
    form.number.editor.selectAll()
    qtbot.keyClicks(form.number.editor, "1207")
    typed = form.snapshot()
    form.submit()
    form.propose(1212)
    form.restore(typed)
    taken = problem(409, "Item 1207 is there with other content.")
    form.show_problem(taken | {"refusal": OfficeRefusal.NUMBER_TAKEN})
    assert form.number.error == "Item 1207 is there with other content."
    link = form.number.message.findChild(Link)
    assert link is not None
    assert link.text() == "Use 1212"
    qtbot.mouseClick(link, Qt.MouseButton.LeftButton)
    assert form.number.text() == "1212"
    assert form.number.error == ""
    form.submit()
    assert [number for number, _ in submitted] == [1207, None]


def test_the_keys_of_submit_work_beside_the_form_and_not_in_the_settings(
    window: AppWindow, qtbot: QtBot
) -> None:
    form, submitted = window.form, list[object]()
    form.submitted.connect(lambda _number, body, _form: submitted.append(body))
    keys = Qt.Key.Key_Return, CONTROL
    window.page.table.setFocus()
    qtbot.keyClick(window.page.table, *keys)
    assert not form.fields[EMAIL].error
    form.restore({"number": "", "values": {EMAIL: "ada@example.org"}, "tasks": []})
    window.mail.dialog.open()
    window.mail.dialog.activateWindow()
    qtbot.waitUntil(window.mail.dialog.isActiveWindow)
    qtbot.keyClick(window.mail.dialog, *keys)
    assert submitted == []
    window.mail.dialog.close()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window.head.importing.setFocus()
    qtbot.keyClick(window.head.importing, *keys)
    assert len(submitted) == 1
