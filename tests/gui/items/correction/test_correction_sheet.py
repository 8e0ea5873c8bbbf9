"""The correction of an item: what it was is shown, what was changed is saved, all else stays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QPushButton, QWidget

from desktop.gui.items.corrections import CorrectionSheet
from desktop.gui.items.form.item_fields import EMAIL
from desktop.gui.kit.widgets.field import AddressOffer
from desktop.gui.kit.words.states import in_words
from sendoff_tasks.client.errors import Refused
from tests.gui.tasks.table.task_source import task_row

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop.contract.items import ItemDetail
    from desktop.contract.office import OfficeTask
    from desktop.gui.kit.look.appearance import ThemeSource


BODY = {
    "title": "Opera",
    "recipient": {"name": "Ada", "email": "ada@exmaple.org"},
    "fields": {"seats": "4", "count": 3},
    "tasks": ["send_confirmation_email"],
    "priority": 100,
}


def item(**changes: Any) -> ItemDetail:
    return cast(
        "ItemDetail", {"item_id": 7, "item": BODY, "corrected_at": None, "versions": []} | changes
    )


def task(state: str = "failed", **changes: Any) -> OfficeTask:
    made = task_row(17, state, item_id=7, error="550 No such user.")
    return cast("OfficeTask", {**made, "lacks": [], "is_older": False, **changes})


@pytest.fixture
def sheet(host: QWidget, themes: ThemeSource) -> CorrectionSheet:
    host.resize(1280, 760)
    made = CorrectionSheet(host)
    made.show_item(item(), task(), 2, 5)
    made.open()
    return made


def test_the_sheet_follows_its_task_and_what_is_typed_stays(sheet: CorrectionSheet) -> None:
    sheet.show_item(item(), task("scheduled", run_at="2030-01-01T09:00:00.000Z"))
    assert sheet.button.text() == "Save"
    assert "not been sent yet" in sheet.state.words.text()
    sheet.form.fields[EMAIL].set_text("ada@example.org")
    left = task("succeeded", rev=task()["rev"] + 1)
    sheet.follow_task(task("succeeded", rev=left["rev"], id=18))
    assert sheet.button.text() == "Save"
    sheet.follow_task(left)
    assert sheet.sending_word == "Save and send again"
    assert sheet.state.headline.text().startswith("Sent")
    assert "Save and send again sends it once more" in sheet.state.words.text()
    assert sheet.form.fields[EMAIL].text() == "ada@example.org"
    sheet.follow_task(task("scheduled"))  # an event that is told late
    assert sheet.again_button.isVisible()


def test_a_mistyped_domain_is_asked_about_and_corrected_by_one_click(
    sheet: CorrectionSheet, saved: list[dict[str, Any]]
) -> None:
    recipient = {"name": "Ada", "email": "ada@gmial.com"}
    sheet.show_item(item(item={**BODY, "recipient": recipient}), task())
    email = sheet.form.fields[EMAIL]
    (meant,) = email.findChildren(AddressOffer)
    meant.links[0].click()
    assert email.text() == "ada@gmail.com"
    sheet.button.click()
    assert saved[-1]["item"]["recipient"]["email"] == "ada@gmail.com"


def test_what_the_template_asks_for_and_the_item_lacks_can_be_filled_in(
    sheet: CorrectionSheet, saved: list[dict[str, Any]]
) -> None:
    sheet.show_item(item(), task("scheduled", lacks=["fee"]))
    assert sheet.form.fields["fields.fee"].editor.hasFocus()
    assert not sheet.has_changes()
    sheet.form.fields["fields.fee"].set_text("30")
    sheet.button.click()
    assert saved[-1]["item"]["fields"] == {"seats": "4", "count": 3, "fee": "30"}
    sheet.show_item(item(), task("scheduled"))
    assert "fields.fee" not in sheet.form.fields


@pytest.mark.parametrize("state", ["failed", "cancelled", "succeeded"])
def test_a_newer_text_that_saving_and_sending_sends_is_said_before(
    sheet: CorrectionSheet, state: str
) -> None:
    newer = "The template was changed since: what you send now has its new text."
    sheet.show_item(item(), task(state, is_older=True))
    assert sheet.state.words.text().endswith(newer)
    for other in (task(state), task("scheduled", is_older=True)):
        sheet.show_item(item(), other)
        assert newer not in sheet.state.words.text()


def test_enter_leads_to_each_field_that_is_missing_and_then_saves(
    qtbot: QtBot, sheet: CorrectionSheet, saved: list[dict[str, Any]]
) -> None:
    held = task("waiting", reason="held_for_person", lacks=["fee", "place"])
    sheet.show_item(item(), held)
    assert sheet.button.text() == "Save and send"
    assert (
        "The e-mail is sent with your changes when you press Save and send."
        in sheet.state.words.text()
    )
    assert "its template asks for “fee”, “place”" in sheet.state.words.text()
    fee, place = (sheet.form.fields[f"fields.{name}"].editor for name in ("fee", "place"))
    qtbot.keyClicks(fee, "30")
    qtbot.keyClick(fee, Qt.Key.Key_Return)
    assert (place.hasFocus(), saved) == (True, [])
    qtbot.keyClicks(place, "7")
    qtbot.keyClick(place, Qt.Key.Key_Return)
    assert saved[-1]["item"]["fields"] == {"seats": "4", "count": 3, "fee": "30", "place": "7"}
    assert saved[-1]["send"] is True
    sheet.show_item(item(), held)
    for _ in range(2):  # what is left empty on purpose is saved so
        qtbot.keyClick(sheet.form.fields["fields.fee"].editor, Qt.Key.Key_Return)
    assert len(saved) == 2


OWN_FIELDS = {"seats": "4", "count": 3}


@pytest.mark.parametrize(
    ("state", "word"), [("failed", "Save and send"), ("succeeded", "Save and send again")]
)
def test_a_missing_field_is_asked_about_before_it_is_left_empty(
    sheet: CorrectionSheet, saved: list[dict[str, Any]], state: str, word: str
) -> None:
    sheet.show_item(item(), task(state, lacks=["fee"]))
    sends = sheet.button if sheet.sends else sheet.again_button
    sends.click()
    assert saved == []
    assert sheet.trouble.text() == f"Not filled in: Fee. Press “{word}” again to leave this empty."
    assert sheet.form.fields["fields.fee"].editor.hasFocus()
    sends.click()
    assert saved[-1]["send"] is True
    assert saved[-1]["item"]["fields"] == {**OWN_FIELDS, "fee": ""}
    sheet.show_item(item(item_id=8), task(state, lacks=["fee"]))
    sends.click()
    assert len(saved) == 1, "the next item is asked about as well"
    sheet.form.fields["fields.fee"].set_text("30")
    sends.click()
    assert saved[-1]["item"]["fields"] == {**OWN_FIELDS, "fee": "30"}


def test_saved_without_being_sent_a_missing_field_stays_missing(
    sheet: CorrectionSheet, saved: list[dict[str, Any]]
) -> None:
    sheet.show_item(item(), task(lacks=["fee"]))
    sheet.save_button.click()
    assert saved[-1]["item"]["fields"] == OWN_FIELDS


def test_enter_saves_the_address_and_sends_the_message_again(
    qtbot: QtBot, sheet: CorrectionSheet, saved: list[dict[str, Any]]
) -> None:
    assert sheet.accessibleName() == "Correct item 7 · 2 of 5"
    assert sheet.state.words.text().startswith(
        "550 No such user. The e-mail is sent with your changes when you press Save and send."
    )
    email = sheet.form.fields[EMAIL].editor
    assert email.hasFocus()
    qtbot.keyClicks(email, "ada@example.org")
    qtbot.keyClick(email, Qt.Key.Key_Return)
    body = {**BODY, "recipient": {"name": "Ada", "email": "ada@example.org"}}
    assert saved == [{"item_id": 7, "item": body, "send": True}]
    qtbot.keyClick(email, Qt.Key.Key_Return)
    assert len(saved) == 1
    sheet.show_item(item(item_id=8), task())
    qtbot.keyClicks(sheet.form.fields[EMAIL].editor, "b@example.org")
    qtbot.keyClick(sheet.form.fields[EMAIL].editor, Qt.Key.Key_Escape)
    assert sheet.isVisible()
    next(button for button in sheet.question.buttons if button.text() == "Discard").click()
    assert sheet.isHidden()


def test_enter_sends_nothing_to_an_address_that_was_refused_and_is_the_same(
    qtbot: QtBot, sheet: CorrectionSheet, saved: list[dict[str, Any]]
) -> None:
    refused = task(to="Ada <Ada@exmaple.org>", reason="final_answer", reason_data={"code": 550})
    sheet.show_item(item(), refused)
    for _ in range(4):
        focus = sheet.focusWidget()
        assert focus is not None
        qtbot.keyClick(focus, Qt.Key.Key_Return)
    assert saved == []
    assert sheet.form.fields[EMAIL].editor.hasFocus()
    sheet.button.click()
    assert sheet.question.accessibleName() == "The address is the same, and the server refused it."
    anyway, correct = sheet.question.buttons
    apart = correct.x() - (anyway.x() + anyway.width())
    assert apart > sheet.skip_button.width(), "it stood where *Skip* was"
    assert anyway.text() == "Send anyway"
    anyway.click()
    assert saved[-1]["send"] is True
    sheet.show_item(item(), refused)
    sheet.form.fields[EMAIL].replace("ada@example.org")
    sheet.button.click()
    assert (saved[-1]["send"], sheet.question.isHidden()) == (True, True)


def test_a_wrong_address_is_told_and_not_saved(
    qtbot: QtBot, sheet: CorrectionSheet, saved: list[dict[str, Any]]
) -> None:
    sheet.form.fields[EMAIL].set_text("ada")
    sheet.save_button.click()
    assert saved == []
    assert sheet.form.fields[EMAIL].error


def test_own_fields_are_corrected_and_what_is_no_text_stays(
    sheet: CorrectionSheet, saved: list[dict[str, Any]]
) -> None:
    sheet.form.fields["fields.seats"].set_text("5")
    sheet.form.fields["fields.note"].set_text("by the door")
    sheet.save_button.click()
    assert saved[0]["item"]["fields"] == {"seats": "5", "count": 3, "note": "by the door"}
    assert saved[0]["send"] is False


SAVING = [
    ("queued", None, "Save", "The e-mail has not been sent yet"),
    ("waiting", None, "Save", "The next attempt uses your changes"),
    ("waiting", "retry_later", "Save and send", "Save and send tries it at once"),
    ("uncertain", None, "Save", "Say afterwards whether it was sent"),
    ("failed", None, "Save and send", "550 No such user."),
    ("cancelled", None, "Save and send", "550 No such user."),
    ("succeeded", None, "Save", "Save sends nothing; Save and send again sends it once more"),
]


def test_what_saving_does_is_said_for_each_state(
    sheet: CorrectionSheet, saved: list[dict[str, Any]]
) -> None:
    for state, reason, word, said in SAVING:
        sheet.show_item(item(), task(state, reason=reason))
        assert sheet.button.text() == word, state
        assert said in sheet.state.words.text()
        sheet.button.click()
        assert saved[-1]["send"] is (word != "Save"), state
    assert len(saved) == len(SAVING)


def test_in_practice_mode_what_was_kept_is_kept_again(sheet: CorrectionSheet) -> None:
    for is_practice, words in ((False, "Save and send"), (True, "Save and keep")):
        sheet.is_practice = lambda is_so=is_practice: is_so  # type: ignore[misc]
        sheet.show_item(item(), task("succeeded", reason="kept"))
        assert sheet.button.text() == words
    sheet.show_item(item(), task("failed"))
    assert sheet.button.text() == "Save and send"


def test_a_refusal_stands_at_its_field_or_above_the_buttons(sheet: CorrectionSheet) -> None:
    problem: Any = {"type": "", "title": "", "status": 409, "detail": "Task 17 is running."}
    about = {"title": "Letter", "task_id": 17, "state": "running"}
    problem |= {"refusal": "under_way", "data": about}
    sheet.save_button.click()
    sheet.show_failure(in_words(Refused(problem)))
    assert "“Letter” is running" in sheet.trouble.text()
    problem |= {"errors": [{"path": "item.recipient.email", "message": "Not this."}]}
    sheet.show_failure(in_words(Refused(problem)))
    assert sheet.form.fields[EMAIL].error == "Not this."
    assert sheet.trouble.isHidden()


@pytest.mark.parametrize("running", [17, 18], ids=["the e-mail shown", "a later one"])
def test_a_refusal_because_a_message_runs_goes_once_that_has_ended(
    sheet: CorrectionSheet, running: int
) -> None:
    problem: Any = {"type": "", "title": "", "status": 409, "detail": "It is running."}
    about = {"title": "Letter", "task_id": running, "state": "running"}
    problem |= {"refusal": "under_way", "data": about}
    sheet.show_failure(in_words(Refused(problem)))
    sheet.follow_task(task("running", rev=8, id=running))
    sheet.follow_task(task("succeeded", rev=8, id=19))
    assert "“Letter” is running" in sheet.trouble.text()
    sheet.follow_task(task("succeeded", rev=9, id=running))
    assert sheet.trouble.isHidden()


def test_skip_asks_before_typing_is_lost(qtbot: QtBot, sheet: CorrectionSheet) -> None:
    skipped: list[bool] = []
    sheet.next_requested.connect(lambda: skipped.append(True))
    sheet.skip_button.click()
    assert skipped == [True]
    sheet.show_item(item(item_id=8), task())
    sheet.form.fields[EMAIL].replace("ada@example.org")
    sheet.skip_button.click()
    assert skipped == [True]
    assert sheet.question.isVisible()
    (discard,) = [
        button for button in sheet.question.findChildren(QPushButton) if button.text() == "Discard"
    ]
    discard.click()
    assert skipped == [True, True]


def test_a_long_title_shows_its_beginning(sheet: CorrectionSheet) -> None:
    title = "Opera " * 80
    sheet.show_item(item(item={**BODY, "title": title}), task())
    field = sheet.form.fields["title"]
    for _ in range(2):
        assert isinstance(field.editor, QLineEdit)
        assert field.editor.cursorPosition() == 0
        sheet.show_item(item(item={**BODY, "title": title + "again"}), task())


def test_the_address_is_in_sight_in_a_low_window(
    sheet: CorrectionSheet, host: QWidget, qtbot: QtBot
) -> None:
    editor = sheet.form.fields[EMAIL].editor
    host.resize(800, 220)
    sheet.open()
    qtbot.waitUntil(lambda: editor.visibleRegion().boundingRect() == editor.rect())
