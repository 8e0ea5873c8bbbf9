"""The correction of an item: what it was is shown, what was changed is saved, all else stays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from desktop.gui.correction.correction_sheet import EMAIL, CorrectionSheet

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop.contract.items import ItemDetail
    from desktop.contract.tasks import TaskDetail
    from desktop.gui.look.appearance import ThemeSource

BODY = {
    "title": "Opera",
    "recipient": {"name": "Ada", "email": "ada@exmaple.org"},
    "fields": {"seats": "4", "count": 3},
    "tasks": ["send_confirmation_email"],
    "priority": 100,
}


def item(**changes: Any) -> ItemDetail:
    return cast("ItemDetail", {"item_id": 7, "item": BODY, "versions": [], **changes})


def task(state: str = "failed", **changes: Any) -> TaskDetail:
    made = {"id": 17, "item_id": 7, "state": state, "error": "550 No such user.", "run_at": None}
    return cast("TaskDetail", {**made, **changes})


@pytest.fixture
def sheet(qtbot: QtBot, themes: ThemeSource) -> CorrectionSheet:
    host = QWidget()
    qtbot.addWidget(host)
    host.resize(1280, 760)
    made = CorrectionSheet(host, themes)
    host.show()
    qtbot.waitUntil(host.isActiveWindow)
    made.show_item(item(), task(), 2, 5)
    made.open()
    return made


@pytest.fixture
def saved(sheet: CorrectionSheet) -> list[dict[str, Any]]:
    seen: list[dict[str, Any]] = []
    sheet.save_requested.connect(seen.append)
    return seen


def test_enter_saves_the_address_and_sends_the_message_again(
    qtbot: QtBot, sheet: CorrectionSheet, saved: list[dict[str, Any]]
) -> None:
    assert (sheet.place.text(), sheet.why.text()) == ("2 of 5", "550 No such user.")
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


def test_what_it_was_is_shown(sheet: CorrectionSheet) -> None:
    earlier = {**BODY, "title": "Opra", "recipient": {"email": "a@example.org"}}
    versions = [{"at": "2026-11-20T10:00:00.000Z", "item": earlier}]
    sheet.show_item(item(versions=versions), task())
    assert sheet.before.text().splitlines()[0] == "Before this"
    assert sheet.before.text().endswith("Opra, a@example.org")


def test_the_time_of_a_scheduled_message_can_be_changed(
    sheet: CorrectionSheet, saved: list[dict[str, Any]]
) -> None:
    at = "2036-03-01T09:30:20.000Z"
    sheet.show_item(item(), task("scheduled", error=None, run_at=at))
    assert sheet.send_button.isHidden()
    sheet.save_button.click()
    assert "run_at" not in saved[-1]
    sheet.show_item(item(), task("scheduled", error=None, run_at=at))
    sheet.send_at.editor.setDateTime(sheet.send_at.editor.dateTime().addDays(1))
    sheet.save_button.click()
    assert (saved[-1]["task_id"], saved[-1]["run_at"][:10]) == (17, "2036-03-02")


def test_a_refusal_stands_at_its_field_or_above_the_buttons(sheet: CorrectionSheet) -> None:
    problem: Any = {"type": "", "title": "", "status": 409, "detail": "Task 17 is running."}
    sheet.save_button.click()
    sheet.show_problem(problem)
    assert sheet.trouble.text() == "Task 17 is running."
    problem |= {"errors": [{"path": "item.recipient.email", "message": "Not this."}]}
    sheet.show_problem(problem)
    assert sheet.form.fields[EMAIL].error == "Not this."
    assert sheet.trouble.isHidden()
